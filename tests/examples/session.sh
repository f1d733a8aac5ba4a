#!/bin/sh
# session.sh: the session beside the reflector, both as their defaults say, and
# what each of them logs when things go wrong.
#
# In the environment: REFLECTOR, SESSION (the programs).  Each process has
# addresses of loopback of its own, so that no other run can be in the way.
set -u
net=127.$(($$ >> 8 & 127)).$(($$ & 255))
tmp=$(mktemp -d) || exit 1
reflector=
session=
clean_up() {
	for pid in $reflector $session; do kill -KILL "$pid" 2>/dev/null; done
	rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 1' HUP INT PIPE TERM
. "$(dirname "$0")/tap.sh"

# reflect OPTION...: with nothing but its address and socket.
reflect() {
	: > "$tmp/log"
	"$REFLECTOR" --listen "$net.1:1790" --control "$tmp/ctl" "$@" \
	    2> "$tmp/log" &
	reflector=$!
	until_true grep -q listening "$tmp/log"
}

speak() {
	: > "$tmp/said"
	"$SESSION" "$@" "$net.1:1790" > "$tmp/routes" 2> "$tmp/said" &
	session=$!
}

logs() {
	until_true grep -q "$1" "$tmp/log" && return
	cat "$tmp/log"
	return 1
}

says() {
	until_true grep -q "$1" "$tmp/said" && return
	cat "$tmp/said"
	return 1
}

# hangs_up STATUS: SIGTERM ends the session, and this is its answer.
hangs_up() {
	kill -TERM "$session"
	wait "$session"
	status=$?
	session=
	[ $status -eq "$1" ] || { echo "exit status $status"; return 1; }
}

stop() {
	kill -TERM "$reflector"
	wait "$reflector"
	reflector=
}

reflect
speak --announce 192.0.2.0/24
check 'the session comes up with nothing but defaults' says 'session is up'
check 'and shows its states' says 'state: OpenConfirm -> Established'
stop
check 'it says that it is down, and why' says \
    'is down.*Received: Cease/Administrative Shutdown'
check 'that nobody listens, and when it tries again' says \
    'connect: Connection refused; again in [0-9.]* s'
check 'it came up once: exit status 0' hangs_up 0
speak
check 'nobody listens' says 'Connection refused'
check 'it never came up: exit status 1' hangs_up 1

reflect
speak --router-id 127.0.0.1
check 'two of one router id: the session says so' says \
    'did not come up: .*Bad BGP Identifier'
check 'and the reflector' logs 'did not come up: .*Bad BGP Identifier'
hangs_up 1
speak --as 65001
check 'Bad Peer AS: the session says so' says \
    'Received: .*Bad Peer AS: for it we are AS 65001'
check 'the reflector names both numbers' logs \
    'Bad Peer AS: it is AS 65001, AS 64512 is expected'
hangs_up 1
stop

reflect --client 192.0.2.0/24 --peer "$net.9,port=1791"
check 'a dial that fails is logged, and when it is tried again' logs \
    'connect: Connection refused.* again within 5 s'
speak
check 'a stranger is logged' logs \
    "info: connection from .* refused: not a neighbour"
check 'the session says that it was closed' says \
    'did not come up: Socket: Connection'
hangs_up 1
for i in 1 2 3 4 5 6 7 8; do
	speak
	says 'did not come up' || break
	hangs_up 1
done
check 'strangers are a line a second at most' test "$(
    grep -c 'not a neighbour' "$tmp/log")" -lt 8
stop
done_testing
