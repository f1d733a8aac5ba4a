#!/bin/bash
# gobgp.sh: GoBGP as a client of the reflector.  Verbs: see common.sh.
#
# Its API listens on a socket in our own directory; it takes every next hop as
# valid as long as there is no zebra.
. "$(dirname "$0")/common.sh"
needs='gobgpd gobgp jq'

ask() {
	gobgp --target "unix://$DIR/api" "$@"
}

begin() {
	cat > "$DIR/gobgpd.toml" <<-END
	[global.config]
	  as = $AS
	  router-id = "$ROUTER_ID"
	  port = -1
	[[neighbors]]
	  [neighbors.config]
	    neighbor-address = "$DUT_ADDRESS"
	    peer-as = $AS
	    auth-password = "${PASSWORD:-}"
	  [neighbors.timers.config]
	    hold-time = $HOLD_TIME
	    keepalive-interval = $((HOLD_TIME / 3))
	    connect-retry = 1
	    idle-hold-time-after-reset = 1
	  [neighbors.transport.config]
	    local-address = "$ADDRESS"
	    remote-port = $DUT_PORT
	  ${GTSM:+[neighbors.ttl-security.config]
	    enabled = true
	    ttl-min = 255}
	  [[neighbors.afi-safis]]
	    [neighbors.afi-safis.config]
	      afi-safi-name = "ipv4-unicast"
	  [[neighbors.afi-safis]]
	    [neighbors.afi-safis.config]
	      afi-safi-name = "ipv6-unicast"
	END
	rm -f "$DIR/api"
	spawn gobgpd -f "$DIR/gobgpd.toml" -l info --pprof-disable \
	    --api-hosts "unix://$DIR/api"
}

ready() {
	ask neighbor "$DUT_ADDRESS"
}

family_of() {
	if is_v6 "$1"; then echo ipv6; else echo ipv4; fi
}

announce() {
	local words=("$1" origin igp nexthop "$2")
	[ "$3" = - ] || words+=(aspath "$3")
	[ "$4" = - ] || words+=(med "$4")
	[ "$5" = - ] || words+=(local-pref "$5")
	[ "$6" = - ] || words+=(community "$6")
	[ "$7" = - ] || words+=(large-community "$7")
	ask global rib -a "$(family_of "$1")" add "${words[@]}"
}

withdraw() {
	ask global rib -a "$(family_of "$1")" del "$1"
}

# While the session is down there is no Adj-RIB-In, and no list.
routes() {
	for family in ipv4 ipv6; do
		ask -j neighbor "$DUT_ADDRESS" adj-in -a $family |
		    jq -r -f "$(dirname "$0")/gobgp.jq"
	done
}

main "$@"
