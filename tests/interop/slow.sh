#!/bin/bash
# slow.sh: one client that does not read, and two that must not notice.
#
# Right is stopped (SIGSTOP) while left announces 60,000 routes, no two with the
# same attributes, and then changes every one of them.  Mid hears all of it at
# its own speed; the reflector grows by no more than the table and one peer's
# queue; and right, once it reads again, has only the newest, on the session
# that it had before.
. "$(dirname "$0")/tap.sh"
need birdc bird
setup
# Long enough that nobody's patience ends, two changes and a pause.
HOLD_TIME=60
count=0 routes=60000
daemon_left=bird daemon_right=bird daemon_mid=bird

freeze() {
	kill -"$2" -- "-$(cat "$tmp/$1/pid")"
}

holds() { # SIDE MED
	local found
	found=$(birdc -r -s "$tmp/$1/ctl" show route protocol reflector count |
	    awk '/ of / { sum += $1 } END { print sum }')
	echo "$1 has $found routes"
	[ "$found" -eq $routes ] &&
	    birdc -r -s "$tmp/$1/ctl" show route 11.234.95.0/24 all |
	    grep "BGP.med: $2\$"
}

table_of() {
	at "$1" routes | sort | md5sum
}

# Resident memory of the reflector in MiB; less than that much.
slim() {
	local mib
	mib=$(awk '/VmHWM/ { print int($2 / 1024) }' \
	    "/proc/$(cat "$tmp/dut/pid")/status")
	echo "$mib MiB at most"
	[ "$mib" -lt "$1" ]
}

must "$dut starts as the reflector" start_dut
for side in left right mid; do must "$side starts" at $side start; done
must 'all sessions are established' until_true 60 established 3
sleep 1
was=$(sessions)
check 'right stops reading' freeze right STOP
check "left announces $routes routes" at left bulk $routes 1000
within 90 'mid has them all' holds mid $((1000 + routes - 1))
check 'left changes them all' at left bulk $routes 200000
within 90 'mid has all changes' holds mid $((200000 + routes - 1))
check 'and changes them again' at left bulk $routes 300000
within 90 'mid has all changes' holds mid $((300000 + routes - 1))
check 'no session went down' stays "$was"
check 'right reads again' freeze right CONT
within 90 'right has the newest' holds right $((300000 + routes - 1))
check 'right and mid have the same table' eval \
    '[ "$(table_of right)" = "$(table_of mid)" ]'
check 'no session went down' stays "$was"
if [ "$dut" = reflector ]; then
	check 'the reflector stayed below 256 MiB' slim 256
fi
check 'left withdraws them all' at left bulk 0 0
within 90 'mid has none' eval '[ -z "$(at mid routes)" ]'
within 90 'right has none' eval '[ -z "$(at right routes)" ]'
check 'the reflector ends with exit status 0' stop_dut
done_testing
