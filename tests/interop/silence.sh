#!/bin/bash
# silence.sh: who stops talking, and how one says good-bye.
#
# A client that is stopped (SIGSTOP) keeps its TCP connection; its routes must
# be gone once the hold time passed, and it may return.  SIGTERM makes the
# reflector end every session with Cease.
. "$(dirname "$0")/tap.sh"
need birdc bird
setup
daemon_left=bird daemon_right=bird

freeze() {
	kill -"$2" -- "-$(cat "$tmp/$1/pid")"
}

right_hears() {
	[ "$(at right routes | wc -l)" -eq "$1" ]
}

# What BIRD says of the reflector's last word; it tells Cease by its subcode.
told_cease() {
	birdc -r -s "$tmp/$1/ctl" show protocols all reflector > "$tmp/told"
	grep -iE 'Received: (.*shutdown|.*deconfigured|.*cease)' "$tmp/told" ||
	    { cat "$tmp/told"; false; }
}

capture
must "$dut starts as the reflector" start_dut
must 'left starts' at left start
must 'right starts' at right start
must 'both sessions are established' until_true 30 established 2
at left announce 198.51.100.0/24 10.99.0.1 64500 10 100 64500:1 -
at left announce 2001:db8:1::/48 2001:db8:99::1 64500 10 100 64500:1 -
within 20 'right hears left' right_hears 2

check 'left falls silent' freeze left STOP
sleep $((HOLD_TIME / 3))
check 'its routes stay while the hold time runs' right_hears 2
within $((HOLD_TIME + 3)) 'and are gone when it has run out' right_hears 0
check 'the reflector sees one session' until_true 10 established 1
check 'left wakes up' freeze left CONT
within 30 'and its routes are back' right_hears 2

check 'the reflector ends on SIGTERM with exit status 0' stop_dut
within 5 'left was told Cease' told_cease left
within 5 'right was told Cease' told_cease right
if [ -n "$captured" ]; then
	sleep 1
	check_capture
	check 'Hold Timer Expired was sent' some_frames 'bgp.notify.major_error == 4'
	check 'Cease was sent' some_frames 'bgp.notify.major_error == 6'
fi
must 'the reflector starts again' start_dut
within 30 'and both return' established 2
within 20 'with all they have' right_hears 2
done_testing
