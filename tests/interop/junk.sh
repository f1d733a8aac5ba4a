#!/bin/bash
# junk.sh: strangers at the reflector's port while two sessions stay up.
#
# Each kind of nonsense gets the NOTIFICATION that RFC 4271 section 6 has for
# it, or a closed connection; then a flood of noise comes from many connections
# at once, also from the address of a client whose session is up.  In the end
# both sessions are the same as before and still carry routes.
. "$(dirname "$0")/tap.sh"
need birdc bird xxd
setup
[ -x "${THROW:-}" ] || skip_all 'THROW does not name the program of throw.c'
daemon_left=bird daemon_right=bird

mark=ffffffffffffffffffffffffffffffff

# open VERSION AS HOLD_TIME ID: an OPEN in hex without capabilities.
open() {
	printf '%s001d01%02x%04x%04x%s00' $mark "$1" "$2" "$3" "$4"
}

good_open=$(open 4 "$AS" 90 0a09090a)

keepalive=${mark}001304

# answers: the types of the messages in a hex answer, and for a NOTIFICATION
# its code and subcode: "1 3:1.2".
answers() {
	local hex=$1 len list=
	while [ ${#hex} -ge 38 ]; do
		len=$((16#${hex:32:4}))
		list+=" $((16#${hex:36:2}))"
		[ "${hex:36:2}" != 03 ] ||
		    list+=":$((16#${hex:38:2})).$((16#${hex:40:2}))"
		hex=${hex:$((len * 2))}
	done
	echo "$list"
}

# throw SOURCE WAIT_MS HEX: the answer in hex; true when it was closed.
throw() {
	xxd -r -p <<< "$3" |
	    "$THROW" "$1" "$DUT_ADDRESS" "$DUT_PORT" "$2" > "$tmp/answer"
	local status=${PIPESTATUS[1]}
	xxd -p -c 0 "$tmp/answer"
	return "$status"
}

# refuses WANTED HEX: the connection is closed, last word `3:WANTED`, where
# WANTED is a pattern of code.subcode.  Each time from another address, for who
# misbehaved may have to wait before he is let in again.
refuses() {
	local hex list status
	hex=$(throw "127.0.0.$((60 + count))" 8000 "$2")
	status=$?
	list=$(answers "$hex")
	# shellcheck disable=SC2053
	[ $status -eq 0 ] && [[ $list == *" 3:"$1 ]] && return
	echo "status $status, answer $hex =$list"
	return 1
}

# strict: what the RFC asks for and BIRD lets pass.
strict() {
	if [ "$dut" = bird ]; then skip "$1" 'BIRD lets it pass'
	else check "$@"; fi
}

flood() {
	local thrower jobs=()
	for i in $(seq 60); do
		case $((i % 3)) in
		0) head -c 65536 /dev/urandom ;;
		1) xxd -r -p <<< "$good_open"; head -c 4096 /dev/urandom ;;
		2) xxd -r -p <<< "${mark}ffff02"; head -c 70000 /dev/zero ;;
		esac | "$THROW" "127.0.0.$((100 + i))" "$DUT_ADDRESS" \
		    "$DUT_PORT" 8000 > /dev/null 2>&1 &
		jobs+=($!)
	done
	for thrower in "${jobs[@]}"; do wait "$thrower"; done
	return 0
}

must "$dut starts as the reflector" start_dut
must 'left starts' at left start
must 'right starts' at right start
must 'both sessions are established' until_true 30 established 2
check 'left announces' at left announce \
    198.51.100.0/24 10.99.0.1 64500 10 100 64500:1 -
heard="198.51.100.0/24 10.99.0.1 64500 10 100 64500:1 - $(router_id left)"
check 'right hears it' until_true 20 eval \
    '[ "$(at right routes)" = "$heard $CLUSTER_ID" ]'
sleep 1
was=$(sessions)

check 'a marker that is none: 1.1' refuses 1.1 "00${good_open:2}"
check 'a length below 19: 1.2' refuses 1.2 "${mark}001201"
check 'a length beyond 4096: 1.2' refuses 1.2 "${mark}ffff01"
check 'a type that is none: 1.3' refuses 1.3 "${mark}001309"
strict 'a KEEPALIVE too long: 1.2' refuses 1.2 "$good_open${mark}00140400"
check 'BGP version 3: 2.1' refuses 2.1 "$(open 3 "$AS" 90 0a09090a)"
check 'a foreign AS: 2.2' refuses 2.2 "$(open 4 64999 90 0a09090a)"
check 'identifier 0.0.0.0: 2.3' refuses 2.3 "$(open 4 "$AS" 90 00000000)"
check 'a hold time of one second: 2.6' refuses 2.6 \
    "$(open 4 "$AS" 1 0a09090a)"
strict 'an UPDATE before its time: 5.*' refuses '5.*' \
    "$good_open${mark}00170200000000"
check 'an UPDATE whose lengths lie: 3.1' refuses 3.1 \
    "$good_open$keepalive${mark}001b02ffff00000000ffff"
check 'half an OPEN and then nothing does no harm' eval \
    'throw 127.0.0.91 1500 "${good_open:0:40}"; true'
check 'a NOTIFICATION as the first word closes' \
    throw 127.0.0.92 8000 "${mark}00150306020000"
check 'sixty connections of noise at once' flood

check 'noise from the address of a client whose session is up' eval \
    'for i in 1 2 3 4 5; do throw 127.0.0.18 1000 \
    "$(head -c 300 /dev/urandom | xxd -p -c 0)"; done; true'
sleep "$HOLD_TIME"
check 'both sessions are the same as before' stays "$was"
check 'left announces more' at left announce \
    2001:db8:1::/48 2001:db8:99::1 64500 10 100 - -
check 'and right hears both' until_true 20 eval \
    '[ "$(at right routes | wc -l)" -eq 2 ]'
check 'the reflector ends with exit status 0' stop_dut
done_testing
