#!/bin/bash
# guard.sh DAEMON: a session that is guarded by TCP-MD5, and one by GTSM.
#
# The reflector waits passively for one peer.  With the right password the
# session comes up and carries a route; with another, or with none, it does not.
# GTSM (RFC 5082) is tried with the daemons that know it.
. "$(dirname "$0")/tap.sh"
need birdc
setup
daemon_left=$1
missing=$(at left missing)
[ -z "$missing" ] || skip_all "not available: $missing"
peer=127.0.0.18

# A session must stay away that long before we believe it.
never() {
	! until_true "$1" "${@:2}" > /dev/null
}

# carries: a route of left's came through.
carries() {
	at left announce 198.51.100.0/24 10.99.0.1 - 10 100 64500:1 - &&
	    until_true 20 eval 'dut_routes | grep -q "^198.51.100.0/24 "'
}

no_md5() {
	grep -qiE 'md5.*(not (supported|available)|no such)|protocol not available' \
	    "$tmp/dut/log" "$tmp/left/log" 2>/dev/null
}

with_password() {
	printf '%s\n' 'well-kept' > "$tmp/password"
	chmod 600 "$tmp/password"
	DUT_OPTIONS="--client $peer,passive,password-file=$tmp/password"
	export DUT_OPTIONS
	must "$dut starts, with a password for $1" start_dut
		PASSWORD='well-kept' at left start
	if no_md5; then
		skip 'TCP-MD5' 'the kernel does not have it'
	else
		within 30 'the password lets the session in' established 1
		check 'the session carries a route' carries
		check "$1 stops" at left stop
		PASSWORD='ill-kept' at left start
		check 'a wrong password does not' never 8 established 1
		at left kill
		at left start
		check 'none does not' never 8 established 1
		at left kill
	fi
	check 'the reflector ends with exit status 0' stop_dut
}

with_gtsm() {
	export DUT_OPTIONS="--client $peer,passive,gtsm"
	must "$dut starts, with GTSM for $1" start_dut
		GTSM=yes at left start
	within 30 'a TTL of 255 lets the session in' established 1
	check 'the session carries a route' carries
	at left kill
	if [ "$1" = frr ]; then
		skip 'a lower TTL does not' "FRR's is always 255 towards iBGP"
	else
		at left start
		check 'a lower TTL does not' never 8 established 1
		at left kill
	fi
	check 'the reflector ends with exit status 0' stop_dut
}

with_password "$1"
case $1 in
openbgpd|exabgp) skip GTSM "$1 does not have it for iBGP" ;;
*) with_gtsm "$1" ;;
esac
done_testing
