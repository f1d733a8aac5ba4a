#!/bin/sh
# options.sh: what the reflector and the session say to a wrong option or file,
# and that the reflector starts and ends as it promises.
#
# In the environment: REFLECTOR, SESSION (the programs).  Each process has an
# address of loopback of its own, so that no other run can be in the way.
set -u
address=127.$(($$ >> 16 & 255)).$(($$ >> 8 & 255)).$(($$ & 255))
tmp=$(mktemp -d) || exit 1
pid=
clean_up() {
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 1' HUP INT PIPE TERM
. "$(dirname "$0")/tap.sh"

# refuses PATTERN COMMAND...: exit status 2, and one line that has the pattern.
refuses() {
	pattern=$1
	shift
	timeout 60 "$@" > "$tmp/said" 2>&1
	status=$?
	cat "$tmp/said"
	[ $status -eq 2 ] && [ "$(wc -l < "$tmp/said")" -eq 1 ] &&
	    grep -q -e "$pattern" "$tmp/said"
}

helps() {
	"$1" --help > "$tmp/said" || return 1
	cat "$tmp/said"
	for word in $2; do
		grep -q -e "--$word " "$tmp/said" || return 1
	done
}

file() {
	printf '%s\n' "$@" > "$tmp/conf"
}

gone() {
	! kill -0 "$pid" 2>/dev/null
}

started() {
	grep -q 'listening on' "$tmp/log"
}

# ends SIGNAL: with exit status 0 and no socket file left.
ends() {
	kill "-$1" "$pid"
	until_true gone || return 1
	wait "$pid" && pid= && [ ! -e "$tmp/ctl" ]
}

start() {
	: > "$tmp/log"
	"$REFLECTOR" --listen "$address:1790" --control "$tmp/ctl" \
	    --config "$tmp/conf" 2> "$tmp/log" &
	pid=$!
}

check 'the reflector tells its options' helps "$REFLECTOR" \
    'config as router-id cluster-id listen client peer hold-time control user log'
check 'the session tells its options' helps "$SESSION" \
    'as router-id bind announce'
versions() {
	"$1" --version > "$tmp/said" && grep -q "^$2, libbgp [0-9]" "$tmp/said"
}
helps_briefly() {
	"$1" -h > "$tmp/brief" && "$1" --help | cmp -s - "$tmp/brief"
}
check 'the reflector tells its version' versions "$REFLECTOR" reflector
check 'the session tells its version' versions "$SESSION" session
check '-h is --help' helps_briefly "$REFLECTOR"
check 'an unknown option' refuses '--bogus' "$REFLECTOR" --bogus
check 'an AS of 0' refuses '--as "0"' "$REFLECTOR" --as 0
check 'a hold time of 2' refuses '--hold-time "2"' "$REFLECTOR" --hold-time=2
check 'a stray word' refuses 'argument "word"' "$REFLECTOR" word
check 'an option without its value' refuses '--listen: needs' \
    "$REFLECTOR" --listen
check 'a neighbour with a bad word' refuses 'hold: ' "$REFLECTOR" \
    --peer 192.0.2.1,hold=1
check 'bits behind a prefix' refuses 'maybe 10.0.0.0/8 is meant' "$REFLECTOR" \
    --client 10.0.0.1/8
check 'an option twice' refuses '--as "2": it is given twice' "$REFLECTOR" \
    --as 1 --as 2
check 'a word twice' refuses 'hold: it is given twice' "$REFLECTOR" \
    --peer 192.0.2.1,hold=3,hold=4
check 'a client of another AS' refuses 'in our AS' "$REFLECTOR" \
    --client 192.0.2.1,as=65001
check 'a file that is not there' refuses "$tmp/none: " "$REFLECTOR" \
    --config "$tmp/none"
file 'as 65000' '' '# a comment' 'bogus 1'
check 'a bad line of a file' refuses "$tmp/conf:4: bogus: " "$REFLECTOR" \
    --config "$tmp/conf"
file 'as 65000' 'config other'
check 'a file within a file' refuses "$tmp/conf:2: config: not within a file" \
    "$REFLECTOR" --config "$tmp/conf"
check 'a file that is a directory' refuses "^$tmp: Is a directory" \
    "$REFLECTOR" --config "$tmp"
file 'client 10.0.0.1,name=one' '' 'client 10.0.0.2,name=one'
check 'two neighbours of one name' refuses \
    "$tmp/conf:3: 10.0.0.2/32: another one has this name" "$REFLECTOR" \
    --config "$tmp/conf"
file '' 'client 10.0.0.1,as=64513'
check 'a client of another AS, in a file' refuses "$tmp/conf:2: 10.0.0.1/32: " \
    "$REFLECTOR" --config "$tmp/conf"
file 'client 10.0.0.1' 'peer 10.0.0.1,passive'
check 'a neighbour twice' refuses "$tmp/conf:2: peer: it is listed already" \
    "$REFLECTOR" --config "$tmp/conf"
file 'client 10.0.0.1,bind=2001:db8::1'
check 'an own address of the other family' refuses "$tmp/conf:1: .*family" \
    "$REFLECTOR" --config "$tmp/conf"
file "client 10.0.0.1,password-file=$tmp/none"
check 'a password that is not there' refuses \
    "$tmp/conf:1: client: password-file: No such" "$REFLECTOR" \
    --config "$tmp/conf"
check 'a prefix the session cannot announce' refuses 'announce "10.0.0.0/33"' \
    "$SESSION" --announce 10.0.0.0/33 127.0.0.1

# fails PATTERN OPTION...: exit status 1, and a line that has the pattern.
fails() {
	pattern=$1
	shift
	timeout 60 "$REFLECTOR" --listen "$address:1791" "$@" \
	    > "$tmp/said" 2>&1
	status=$?
	cat "$tmp/said"
	[ $status -eq 1 ] && grep -q -e "$pattern" "$tmp/said"
}

echo precious > "$tmp/file"
check 'a control socket where a file is' fails 'no socket' \
    --control "$tmp/file"
check 'and the file stays' grep -q precious "$tmp/file"
check 'a control socket in no directory' fails 'No such file' \
    --control "$tmp/none/ctl"

file 'as 65000' 'client 127.0.0.0/8'
start
check 'the reflector starts' until_true started
check 'SIGTERM ends it' ends TERM
start
check 'it starts again' until_true started
file 'as 65000' 'bogus'
kill -HUP "$pid"
check 'SIGHUP with a bad file is said' until_true grep -q "conf:2: bogus" \
    "$tmp/log"
stamped() {
	! grep -qv '^[0-9-]* [0-9:.]* [a-z]*: ' "$tmp/log"
}
check 'with the time, as every line' stamped
file 'as 65000' 'client 127.0.0.0/16'
kill -HUP "$pid"
check 'SIGHUP with a good one is taken' until_true grep -q 'configured again' \
    "$tmp/log"
file 'as 65001' 'client 127.0.0.9,as=65001'
kill -HUP "$pid"
check 'SIGHUP with another AS is told when that changes' until_true grep -q \
    "conf:2: 127.0.0.9/32: a client must be in our AS" "$tmp/log"
file 'as 65000' 'client 127.0.0.0/16' 'listen 203.0.113.1:1790'
kill -HUP "$pid"
check 'SIGHUP with an address that is not ours is said' until_true \
    grep -q 'listen on 203.0.113.1:1790: ' "$tmp/log"
file 'as 65000' 'client 127.0.0.0/16'
check 'SIGINT ends it' ends INT
"$REFLECTOR" --listen "$address:1790" --control "$tmp/ctl" \
    <&- >&- 2>&- &
pid=$!
until_true [ -S "$tmp/ctl" ]
check 'without a stderr it has no socket in its place' \
    [ "$(readlink "/proc/$pid/fd/2")" = /dev/null ]
check 'and ends as ever' ends TERM
start
until_true started
kill -KILL "$pid"
wait "$pid" 2>/dev/null
start
check 'it starts over the socket of one that was killed' until_true started
check 'but not over that of one that runs' fails 'another program listens' \
    --control "$tmp/ctl"
check 'nor on its port' fails 'in use' --listen "$address:1790" \
    --control "$tmp/ctl2"
check 'and leaves no socket then' [ ! -e "$tmp/ctl2" ]
check 'SIGTERM ends the first' ends TERM
start
until_true started
rm "$tmp/ctl"
echo precious > "$tmp/ctl"
kill -TERM "$pid"
until_true gone
check 'what stands there in the place of its socket stays' \
    grep -q precious "$tmp/ctl"
done_testing
