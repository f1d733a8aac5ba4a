# common.sh: what the drivers of the daemons share; sourced, bash.
#
# A driver is called as `daemon/NAME.sh VERB [ARGUMENT...]` with
#   DIR ADDRESS ROUTER_ID   scratch directory, own address, own identifier
#   AS HOLD_TIME            for both sides
#   DUT_ADDRESS DUT_PORT    where the reflector listens
#   PASSWORD GTSM PASSIVE   optional: a TCP-MD5 password; `yes`; `yes` (BIRD)
# in its environment, and keeps its state in DIR.
#
# A route is one line of nine words, `-` where there is nothing and commas
# inside a word:
#   prefix next_hop as_path med local_pref communities large_communities \
#       originator_id cluster_list
#
# Verbs: missing (prints the programs that are not there), limits (prints the
# words that this daemon cannot set on its own routes), start, announce ROUTE
# (its first seven words), withdraw PREFIX, routes (what it heard), kill, stop.
# A driver defines needs, limits, begin, ready, announce, withdraw, routes.
set -u
export PATH=$PATH:/usr/sbin:/sbin:/usr/lib/frr

limits=

# until_true SECONDS COMMAND...: polls; true as soon as the command is.
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@" > /dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.2
	done
}

# spawn COMMAND...: starts it as the leader of its own process group.
spawn() {
	setsid "$@" >> "$DIR/log" 2>&1 < /dev/null &
	echo $! > "$DIR/pid"
}

gone() {
	! kill -0 -- "-$1"
}

# finish SIGNAL: ends the group, by force when the signal is not obeyed.
finish() {
	local pid
	[ -f "$DIR/pid" ] || return 0
	pid=$(cat "$DIR/pid")
	rm "$DIR/pid"
	if [ "$1" = KILL ]; then
		kill -KILL -- "-$pid"
	else
		kill -"$1" "$pid"
	fi 2>/dev/null
	until_true 15 gone "$pid" || { kill -KILL -- "-$pid" 2>/dev/null; false; }
}

missing() {
	for program in $needs; do
		command -v "$program" >/dev/null || printf '%s ' "$program"
	done
	if [ "${needs_root:-no}" = yes ] && [ "$(id -u)" -ne 0 ]; then
		printf 'root '
	fi
}

is_v6() {
	[[ $1 == *:* ]]
}

# spaced WORD: "1,2" becomes "1 2", "-" becomes "".
spaced() {
	[ "$1" = - ] || echo "${1//,/ }"
}

main() {
	local verb=$1
	shift
	case $verb in
	start)
		mkdir -p "$DIR"
		begin
		until_true 20 ready || { tail -n 20 "$DIR/log" >&2; return 1; }
		;;
	missing|announce|withdraw|routes|bulk) "$verb" "$@" ;;
	limits) echo "$limits" ;;
	kill) finish KILL ;;
	stop) finish TERM ;;
	*) echo "common.sh: no such verb: $verb" >&2; return 2 ;;
	esac
}
