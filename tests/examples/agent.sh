#!/bin/sh
# agent.sh: the node agent beside the reflector and a session.
#
# In the environment: SOURCE (the project), AGENT, REFLECTOR, SESSION.
set -u
tmp=$(mktemp -d) || exit 1
pids=
clean_up() {
	for pid in $pids; do kill "$pid" 2>/dev/null; done
	rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 1' HUP INT PIPE TERM
. "$(dirname "$0")/tap.sh"

# A port of this run, below those the system gives away.
port=$((10000 + $$ % 20000))

has() { # FILE TEXT
	grep -qF -- "$2" "$tmp/$1"
}

comes() { # FILE TEXT
	until_true has "$1" "$2" && return
	cat "$tmp"/*
	return 1
}

how_often() { # FILE TEXT
	grep -cF -- "$2" "$tmp/$1"
}

short_enough() {
	[ "$(wc -l < "$SOURCE/examples/agent.c")" -le 200 ] &&
	    ! grep -q 'host/' "$SOURCE/examples/agent.c"
}


check 'at most 200 lines, without host/' short_enough
"$REFLECTOR" --listen "127.0.0.1:$port" --client 127.0.0.0/8 2> "$tmp/rr" &
pids="$pids $!"
check 'the reflector listens' comes rr 'listening on'
"$SESSION" --bind 127.0.0.11 --router-id 127.0.0.11 \
    --announce 192.0.2.0/24 "127.0.0.1:$port" > "$tmp/session" 2> "$tmp/log" &
pids="$pids $!"
"$AGENT" 127.0.0.1 "$port" 127.0.0.9 64512 10.8.0.0/24 10.9.0.0/24 \
    2> "$tmp/agent" &
agent=$!
pids="$pids $agent"
check 'a route is installed' comes agent '+ 192.0.2.0/24 127.0.0.11'
check 'both prefixes are announced' comes session '+ 10.8.0.0/24'
check 'with our next hop' comes session '+ 10.9.0.0/24 next_hop=127.0.0.9'
check 'and a community' has session communities=64512:1
kill -HUP $agent
kill -USR1 $agent
check 'SIGUSR1 drains' comes session communities=graceful-shutdown
check 'SIGHUP has reset nothing' test "$(how_often rr '127_0_0_1: up')" = 1
kill -TERM $agent
check 'SIGTERM ends with a text' comes rr '"the node goes down"'
check 'the routes are withdrawn' comes session '- 10.9.0.0/24'
wait $agent
check 'with status 0' test $? = 0
done_testing
