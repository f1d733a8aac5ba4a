#!/bin/bash
# frr.sh: FRR's bgpd alone as a client of the reflector.  Verbs: see common.sh.
#
# Without zebra (-Z) nothing is installed and every next hop counts as valid; -S
# keeps the user that started it; the vty's socket is in our own directory.  A
# route is a `network` with a route-map of its own, which says what the route
# carries and, for the next hop, must say it once more on the way out.
. "$(dirname "$0")/common.sh"
needs='bgpd vtysh jq'
bgpd=/usr/lib/frr/bgpd

missing() {
	[ -x $bgpd ] || printf 'frr '
	command -v vtysh >/dev/null || printf 'vtysh '
	command -v jq >/dev/null || printf 'jq '
}

# ask LINE...: each line as one command.
ask() {
	local commands=()
	for line in "$@"; do commands+=(-c "$line"); done
	vtysh --vty_socket "$DIR" -H /dev/null "${commands[@]}"
}

# Configuration commands; vtysh says nothing when all is well.
tell() {
	local said
	said=$(ask 'configure terminal' "$@" 2>&1)
	[ -z "$said" ] || { echo "$said"; return 1; }
}

begin() {
	cat > "$DIR/bgpd.conf" <<-END
	router bgp $AS
	 bgp router-id $ROUTER_ID
	 no bgp default ipv4-unicast
	 bgp graceful-restart-disable
	 no bgp network import-check
	 neighbor $DUT_ADDRESS remote-as $AS
	 neighbor $DUT_ADDRESS port $DUT_PORT
	 neighbor $DUT_ADDRESS update-source $ADDRESS
	 neighbor $DUT_ADDRESS timers $((HOLD_TIME / 3)) $HOLD_TIME
	 neighbor $DUT_ADDRESS timers connect 1
	 ${PASSWORD:+neighbor $DUT_ADDRESS password $PASSWORD}
	 ${GTSM:+neighbor $DUT_ADDRESS ttl-security hops 1}
	 address-family ipv4 unicast
	  neighbor $DUT_ADDRESS activate
	 exit-address-family
	 address-family ipv6 unicast
	  neighbor $DUT_ADDRESS activate
	 exit-address-family
	END
	spawn $bgpd -Z -n -S -f "$DIR/bgpd.conf" -i "$DIR/bgpd.pid" \
	    --vty_socket "$DIR" -P 0 -p "$DUT_PORT" -l "$ADDRESS" \
	    --log stdout --log-level errors
}

ready() {
	ask 'show bgp summary'
}

# A route's name as route-map, and its family.
name_of() {
	echo "of-$1" | tr '/:.' '---'
}

family_of() {
	if is_v6 "$1"; then echo ipv6; else echo ipv4; fi
}

announce() {
	local map family hop
	map=$(name_of "$1") family=$(family_of "$1")
	hop="set ip next-hop $2"
	! is_v6 "$1" || hop="set ipv6 next-hop global $2"
	local lines=("route-map $map permit 10" "$hop")
	[ "$3" = - ] || lines+=("set as-path prepend ${3//,/ }")
	[ "$4" = - ] || lines+=("set metric $4")
	[ "$5" = - ] || lines+=("set local-preference $5")
	[ "$6" = - ] || lines+=("set community ${6//,/ }")
	[ "$7" = - ] || lines+=("set large-community ${7//,/ }")
	# A `network` in place keeps the attributes that it was made with.
	withdraw "$1" > /dev/null
	ask 'configure terminal' "no route-map $map" > /dev/null 2>&1
	tell "${lines[@]}" exit "router bgp $AS" "address-family $family unicast" \
	    "network $1 route-map $map"
}

withdraw() {
	tell "router bgp $AS" "address-family $(family_of "$1") unicast" \
	    "no network $1"
}

routes() {
	for family in ipv4 ipv6; do
		ask "show bgp $family unicast json detail" |
		    jq -r --arg from "$DUT_ADDRESS" -f "$(dirname "$0")/frr.jq"
	done
}

main "$@"
