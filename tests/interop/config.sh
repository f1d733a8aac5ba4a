#!/bin/bash
# config.sh: the reflector's configuration, read again while it runs.
#
# Clients that are named one by one, by a file: who connects to whom, and what
# SIGHUP does.  It must reset the session whose configuration changed, end the
# one that is gone from the file, and leave every other alone.  A file with a
# mistake changes nothing.
. "$(dirname "$0")/tap.sh"
need birdc bird
setup
[ "$dut" = reflector ] || skip_all 'about the reflector alone'
daemon_left=bird daemon_right=bird daemon_mid=bird
left=127.0.0.18 right=127.0.0.24 mid=127.0.0.19
l=Node_127_0_0_18 r=Node_127_0_0_24 m=Node_127_0_0_19
config=$tmp/config
export DUT_OPTIONS="--config $config"

configure() {
	printf '%s\n' "$@" > "$config"
}

# What the log says of configurations, taken or refused.
verdicts() {
	grep -cE 'configured again|config:[0-9]+: ' "$tmp/dut/log"
}

# Has the file read again; it is judged when this returns.
hang_up() {
	local before
	before=$(verdicts)
	kill -HUP "$(cat "$tmp/dut/pid")"
	until_true 20 eval "[ \$(verdicts) -gt $before ]"
}

# moved WAS NAME: that session is up, and not since then.
moved() {
	sessions | grep -q "^$2 " && ! stays "$1" "$2" > /dev/null
}

refused() { # PATTERN COMMAND...
	local said status
	said=$(timeout 5 "${@:2}" 2>&1)
	status=$?
	echo "status $status: $said"
	[ $status -eq 2 ] && [ "$(wc -l <<< "$said")" -eq 1 ] &&
	    grep -qE "$1" <<< "$said"
}

check 'a wrong option: one line, exit status 2' refused 'nonsense' \
    "$REFLECTOR" --nonsense
check 'a wrong value' refused '(as|2\^32|4294967296)' \
    "$REFLECTOR" --as 4294967296
check 'a file that is not there' refused 'no-such-file' \
    "$REFLECTOR" --config "$tmp/no-such-file"
configure '# all is well here' 'log info' 'client 10.0.0.0/33'
check 'a mistake in the file, with its line' refused 'config:3: ' \
    "$REFLECTOR" --config "$config"

# Left waits, right connects, mid and the reflector both do.
capture
configure '# three clients' "client $left,port=$DUT_PORT,bind=$DUT_ADDRESS" \
    "client $right,passive" "client $mid,port=$DUT_PORT,bind=$DUT_ADDRESS"
must 'the reflector starts with a file' start_dut
PASSIVE=yes must 'left starts, and waits' at left start
must 'right starts, and connects' at right start
must 'mid starts, and connects while it is connected to' at mid start
within 40 'three sessions are established' established 3
at left announce 198.51.100.0/24 10.99.0.1 64500 10 100 64500:1 -
within 20 'right hears left' eval '[ "$(at right routes | wc -l)" -eq 1 ]'
within 20 'mid hears left' eval '[ "$(at mid routes | wc -l)" -eq 1 ]'
was=$(sessions)
sleep 3
check 'the collision is settled for good' stays "$was"

hang_up
check 'SIGHUP with the same file resets nothing' stays "$was"

configure 'client 10.0.0.0/33'
hang_up
check 'SIGHUP with a mistake in the file resets nothing' stays "$was"
check 'the log says where it is' grep -q 'config:1: ' "$tmp/dut/log"

configure "client $left,port=$DUT_PORT,bind=$DUT_ADDRESS" \
    "client $right,passive,own-as=1,hold=30" \
    "client $mid,port=$DUT_PORT,bind=$DUT_ADDRESS"
hang_up
within 30 'another hold time: that session starts anew' moved "$was" $r
check 'left stays' stays "$was" $l
check 'mid stays' stays "$was" $m
within 20 'right hears left again' eval \
    '[ "$(at right routes | wc -l)" -eq 1 ]'

was=$(sessions)
configure "client $left,port=$DUT_PORT,bind=$DUT_ADDRESS" \
    "client $right,passive,own-as=1,hold=30"
hang_up
within 10 'a client that is gone from the file is gone' eval \
    '! ask_dut show protocols | grep -q $m'
check 'left stays' stays "$was" $l
check 'right stays' stays "$was" $r
check 'a stranger is not let in' eval 'sleep 4; ! [ "$(at mid routes)" ]'

configure 'client 127.0.0.0/8' \
    "client $left,port=$DUT_PORT,bind=$DUT_ADDRESS" \
    "client $right,passive,own-as=1,hold=30"
hang_up
within 20 'a range lets it in' eval '[ "$(at mid routes | wc -l)" -eq 1 ]'
check 'left stays' stays "$was" $l
check 'right stays' stays "$was" $r
check 'the reflector ends with exit status 0' stop_dut
if [ -n "$captured" ]; then
	check_capture
	check 'Cease, Other Configuration Change was sent' some_frames \
	    'bgp.notify.minor_error_cease == 6'
	check 'Cease, Peer De-configured was sent' some_frames \
	    'bgp.notify.minor_error_cease == 3'
fi
done_testing
