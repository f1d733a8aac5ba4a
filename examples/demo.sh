#!/bin/sh
# demo.sh: a small cluster on loopback, with a route reflector in its midst.
#
#              127.0.0.2  …  127.0.0.6      five speakers (session)
#                     \    |    /
#                      127.0.0.1            the reflector
#
# Installs what is missing (as root or with sudo; else it is named), builds into
# BUILD (build), starts everything, waits until all sessions are up and every
# speaker has heard the others, prints the table of peers and the routes that
# each speaker has learned, and ends what it started.  Exit status 0 when all
# this came about.  Scratch files go into a directory of their own.
set -u
cd "$(dirname "$0")/.." || exit 1
: "${BUILD:=build}"
PATH=$PATH:/usr/sbin:/sbin # birdc is there
speakers='2 3 4 5 6'
pids=
scratch=

give_up() {
	echo "demo.sh: $1" >&2
	[ -z "$scratch" ] || tail -n 20 "$scratch"/*.log >&2
	exit 1
}

# True when none is left.  Again and again: a process that is about to become
# another program may lose a signal.
all_ended() {
	left=
	for pid in $pids; do kill "$pid" 2>/dev/null && left=yes; done
	[ -z "$left" ]
}

# Ends what was started, by its process id, the speakers first.
clean_up() {
	trap '' HUP INT PIPE TERM
	until_true 10 all_ended ||
	    for pid in $pids; do kill -KILL "$pid" 2>/dev/null; done
	[ -z "$scratch" ] || rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 1' HUP INT PIPE TERM

# until_true SECONDS COMMAND...: polls ten times a second.
until_true() {
	tries=$(($1 * 10))
	shift
	while ! "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

# ------------------------------------------------------------------- build

build() {
	packages='meson ninja-build pkg-config bird2'
	command -v cc >/dev/null || packages="gcc libc6-dev $packages"
	for tool in cc meson ninja pkg-config birdc; do
		command -v $tool >/dev/null && continue
		# shellcheck disable=SC2086
		sh tests/need.sh $packages || give_up "$tool is missing"
		break
	done
	[ -f "$BUILD/build.ninja" ] || meson setup "$BUILD" >&2 ||
	    give_up 'meson setup failed'
	ninja -C "$BUILD" examples/reflector examples/session >&2 ||
	    give_up 'the build failed'
}

# ------------------------------------------------------------------- cluster

listens() {
	grep -q 'listening on' "$scratch/reflector.log" ||
	    ! kill -0 "$reflector" 2>/dev/null
}

# On port 1790, or the next one that is free.
start_reflector() {
	for port in 1790 1791 1792 1793 1794 1795 1796 1797 1798 1799; do
		: > "$scratch/reflector.log"
		"$BUILD/examples/reflector" --listen "127.0.0.1:$port" \
		    --control "$scratch/ctl" 2> "$scratch/reflector.log" &
		reflector=$!
		pids=$reflector
		until_true 30 listens
		kill -0 $reflector 2>/dev/null && return
		wait $reflector
	done
	give_up 'the reflector does not start'
}

start() {
	start_reflector
	for n in $speakers; do
		"$BUILD/examples/session" --bind "127.0.0.$n" \
		    --router-id "127.0.0.$n" \
		    --announce "10.0.$n.0/24" --announce "2001:db8:$n::/48" \
		    "127.0.0.1:$port" \
		    > "$scratch/routes.$n" 2> "$scratch/session.$n.log" &
		pids="$! $pids"
	done
}

ask() {
	birdc -s "$scratch/ctl" "$@"
}

all_up() {
	[ "$(ask show protocols | grep -cw Established)" -eq 5 ]
}

# Four speakers tell two routes each to the fifth.
all_heard() {
	for n in $speakers; do
		[ "$(grep -c '^+' "$scratch/routes.$n")" -eq 8 ] || return 1
	done
}

# name proto table state since info, of a client named Node_127_0_0_2.
peers() {
	row='%-16s %-16s %-8s %-14s %s\n'
	# shellcheck disable=SC2059
	printf "$row" 'PEER ADDRESS' 'PEER TYPE' STATE SINCE INFO
	ask show protocols | grep '^Node_' | sort |
	    while read -r name _ _ state since info; do
		address=$(echo "${name#Node_}" | tr _ .)
		# shellcheck disable=SC2059
		printf "$row" "$address" 'node specific' "$state" "$since" \
		    "$info"
	    done
}

build
scratch=$(mktemp -d) || exit 1
start
until_true 60 all_up || give_up 'not every session came up'
until_true 60 all_heard || give_up 'not every route was heard'

echo
peers
for n in $speakers; do
	printf '\n127.0.0.%s has learned\n' "$n"
	sort -V "$scratch/routes.$n"
done
for pid in $pids; do
	kill "$pid" && wait "$pid" ||
	    give_up "process $pid did not end with status 0"
done
pids=
