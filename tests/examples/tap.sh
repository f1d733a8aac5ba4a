# tap.sh: what the tests in sh of this folder share; sourced, where $tmp is a
# directory for the test alone.
count=0

# check NAME COMMAND...: one line of TAP; what the command said when it fails.
check() {
	count=$((count + 1))
	name=$1
	shift
	if "$@" > "$tmp/out" 2>&1; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		sed 's/^/# /' "$tmp/out"
	fi
}

skip() { # NAME REASON
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

done_testing() {
	echo "1..$count"
}

# until_true COMMAND...: polls, half a minute at most.
until_true() {
	tries=300
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}
