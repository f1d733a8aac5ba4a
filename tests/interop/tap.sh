# tap.sh: checks as TAP, waiting with a bound, and an end for all that was
# started; sourced, bash.
#
# A test sources it, calls setup, then ok/check, and ends with done_testing.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
count=0 failures=0
export PATH=$PATH:/usr/sbin:/sbin:/usr/lib/frr

note() {
	sed 's/^/# /' <<< "$*"
}

# check NAME COMMAND...: one line of TAP; the command's output when it fails.
check() {
	local name=$1 output
	shift
	count=$((count + 1))
	if output=$("$@" 2>&1); then
		echo "ok $count - $name"
	else
		failures=$((failures + 1))
		echo "not ok $count - $name"
		note "$output"
		return 1
	fi
}

# must NAME COMMAND...: a check without which the rest says nothing.
must() {
	check "$@" || { echo 'Bail out!'; exit 1; }
}

skip() { # NAME REASON
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

done_testing() {
	echo "1..$count"
	exit $((failures > 0))
}

# until_true SECONDS COMMAND...: polls; true as soon as the command is, else
# shows what it said last.
until_true() {
	local end=$((SECONDS + $1)) said
	shift
	until said=$("$@" 2>&1); do
		[ $SECONDS -lt $end ] || { echo "$said"; return 1; }
		sleep 0.3
	done
}

# within SECONDS NAME COMMAND...: a check with that much time.
within() {
	local seconds=$1 name=$2
	shift 2
	check "$name" until_true "$seconds" "$@"
}

port_is_free() {
	! grep -qi ":$(printf %04x "$1") " /proc/net/tcp /proc/net/tcp6
}

# setup: a scratch directory, a free port, and an end for everything.
setup() {
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/libbgp-interop.XXXXXX") || exit 1
	# Daemons that give up their rights must reach their own files.
	chmod 755 "$tmp"
	pids=()
	trap cleanup EXIT
	trap 'exit 1' HUP INT TERM
	export AS=64512 HOLD_TIME=9 DUT_ADDRESS=127.0.0.1 DUT_ID=10.255.0.1
	export CLUSTER_ID=10.255.255.1
	DUT_PORT=$((20000 + RANDOM % 10000))
	until port_is_free "$DUT_PORT"; do DUT_PORT=$((DUT_PORT + 1)); done
	export DUT_PORT
	dut=${INTEROP_DUT:-reflector}
	if [ "$dut" = reflector ] && [ ! -x "${REFLECTOR:-}" ]; then
		skip_all "REFLECTOR does not name the example's program"
	fi
}

cleanup() {
	local pid file
	for file in "$tmp"/*/pid; do
		[ -f "$file" ] || continue
		pid=$(cat "$file")
		kill -CONT -- "-$pid" 2>/dev/null
		kill -KILL -- "-$pid" 2>/dev/null
	done
	for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
	wait
	if [ $failures -gt 0 ] && [ -n "${INTEROP_KEEP:-}" ]; then
		note "kept: $tmp"
	else
		rm -rf "$tmp"
	fi
}

need() {
	for program in "$@"; do
		command -v "$program" >/dev/null ||
		    skip_all "$program is not installed"
	done
}

start_dut() {
	mkdir -p "$tmp/dut"
	rm -f "$tmp/dut/status"
	(
		DIR=$tmp/dut setsid "$here/dut/$dut.sh" < /dev/null &
		echo $! > "$tmp/dut/pid"
		wait $!
		echo $? > "$tmp/dut/status"
	) >> "$tmp/dut/log" 2>&1 &
	until_true 30 ask_dut show status
}

# Ends the reflector as an operator would; its exit status is ours.
stop_dut() {
	local pid
	pid=$(cat "$tmp/dut/pid")
	kill -TERM "$pid" || return 1
	until_true 30 test -s "$tmp/dut/status" || return 1
	rm "$tmp/dut/pid"
	[ "$(cat "$tmp/dut/status")" = 0 ] || {
		echo "exit status $(cat "$tmp/dut/status")"
		tail -n 20 "$tmp/dut/log"
		return 1
	}
}

ask_dut() {
	birdc -s "$tmp/dut/ctl" "$@"
}

dut_routes() {
	ask_dut show route all | awk -f "$here/daemon/bird.awk" | sort
}

# The number of sessions that the reflector calls established.
established() {
	[ "$(ask_dut show protocols | grep -cw Established)" -eq "$1" ]
}

# sessions: `name seconds`, the moment of the day since when each is up.
sessions() {
	ask_dut show protocols | awk '/Established/ { split($5, t, ":")
	    print $1, t[1] * 3600 + t[2] * 60 + t[3] }' | sort
}

# stays WAS [NAME]: every session in WAS (what sessions once said), or that one,
# is up since then, give or take what the rounding of clocks does.
stays() {
	local now
	now=$(sessions)
	awk -v name="${2:-}" 'NR == FNR { since[$1] = $2; next }
	    (name == "" || $1 == name) && NF { n++; d = since[$1] - $2
	        if (!($1 in since) || d > 0.1 || d < -0.1) bad = 1 }
	    END { exit bad || !n }' <(echo "$now") <(echo "$1") ||
	    { printf 'was\n%s\nis\n%s\n' "$1" "$now"; false; }
}

# at SIDE VERB [ARGUMENT...]: speaks to the daemon on that side.  `daemon_SIDE`
# is its driver, and the side's address ends in the number of its first letter.
at() {
	local side=$1 name=daemon_$1 last
	last=$(($(printf %d "'$side") - 90))
	shift
	DIR=$tmp/$side ADDRESS=127.0.0.$last ROUTER_ID=10.255.0.$last \
	    "$here/daemon/${!name}.sh" "$@"
}

router_id() {
	echo "10.255.0.$(($(printf %d "'$1") - 90))"
}

# capture: records what passes the reflector's port, when that is allowed.
capture() {
	captured=
	command -v dumpcap >/dev/null && command -v tshark >/dev/null || return 0
	dumpcap -q -i lo -f "tcp port $DUT_PORT" -w "$tmp/capture" \
	    > "$tmp/dumpcap" 2>&1 &
	local pid=$!
	pids+=("$pid")
	if until_true 10 grep -q File: "$tmp/dumpcap" && kill -0 "$pid"; then
		captured=$pid
	fi
}

# frames FILTER FIELD...: of what was captured, those fields.
frames() {
	local filter=$1 fields=()
	shift
	for field in "$@"; do fields+=(-e "$field"); done
	tshark -r "$tmp/capture" -d "tcp.port==$DUT_PORT,bgp" -Y "$filter" \
	    -o tcp.analyze_sequence_numbers:TRUE -T fields "${fields[@]}" \
	    2>/dev/null
}

no_frames() {
	local found
	found=$(frames "$1" frame.number _ws.col.Info _ws.expert.message)
	[ -z "$found" ] || { echo "$found"; false; }
}

some_frames() {
	[ -n "$(frames "$1" frame.number)" ]
}

# No dissector's complaint about any octet.  Nobody here negotiates ADD-PATH:
# where the dissector believes it sees it, it has guessed (it takes `::/0,
# 2001:db8:21::/48` for a path identifier).
complaint='bgp and (_ws.malformed or _ws.expert.severity >= 0x00800000)'
complaint="($complaint) and not bgp.nlri_path_id"

check_capture() {
	if [ -z "$captured" ]; then
		skip 'every octet on the way decodes' 'capturing is not possible'
		return
	fi
	sleep 1
	kill -INT "$captured"
	wait "$captured"
	check 'every octet on the way decodes' no_frames "$complaint"
	check 'UPDATEs were captured' some_frames 'bgp.type == 2'
}
