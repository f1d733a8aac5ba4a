#!/bin/bash
# openbgpd.sh: OpenBGPD as a client of the reflector.  Verbs: see common.sh.
#
# It must be started as root (its processes then give that up) and wants a
# configuration that nobody else can read.  `bgpctl network` sets everything
# but the AS_PATH.  The portable version has no view of the kernel's routes and
# takes every next hop as valid.
. "$(dirname "$0")/common.sh"
needs='bgpctl jq' needs_root=yes limits=as_path
bgpd=/usr/sbin/bgpd

ask() {
	bgpctl -s "$DIR/ctl" "$@"
}

begin() {
	( umask 077 && cat > "$DIR/bgpd.conf" ) <<-END
	AS $AS
	router-id $ROUTER_ID
	listen on $ADDRESS port $DUT_PORT
	socket "$DIR/ctl"
	fib-update no
	holdtime $HOLD_TIME
	connect-retry 1
	neighbor $DUT_ADDRESS {
		remote-as $AS
		port $DUT_PORT
		local-address $ADDRESS
		${PASSWORD:+tcp md5sig password $PASSWORD}
		announce IPv4 unicast
		announce IPv6 unicast
	}
	allow from any
	allow to any
	END
	# Its processes chroot there; the service's start would make it.
	mkdir -p "$(getent passwd _openbgpd _bgpd | head -n 1 | cut -d: -f6)"
	spawn $bgpd -d -f "$DIR/bgpd.conf"
}

ready() {
	ask show
}

announce() {
	local words=("$1" nexthop "$2")
	[ "$4" = - ] || words+=(med "$4")
	[ "$5" = - ] || words+=(localpref "$5")
	for c in $(spaced "$6"); do
		[ "$c" != 65535:65281 ] || c=NO_EXPORT
		words+=(community "$c")
	done
	for c in $(spaced "$7"); do words+=(large-community "$c"); done
	ask network add "${words[@]}" | grep -q 'request sent'
}

withdraw() {
	ask network delete "$1" | grep -q 'request sent'
}

routes() {
	ask -j show rib detail neighbor "$DUT_ADDRESS" |
	    jq -r -f "$(dirname "$0")/openbgpd.jq"
}

main "$@"
