#!/bin/sh
# foreign.sh: the programs in other languages, with the shared library.
#
# In the environment: SOURCE (the project), LIBRARY (libbgp.so), and, where the
# headers that were installed are to be used, INCLUDE.
set -u
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT PIPE TERM
. "$(dirname "$0")/../examples/tap.sh"

marker=ffffffffffffffffffffffffffffffff
update=${marker}003002 # 48 octets, UPDATE
update=${update}0000001540010100400200400304c00002014005040000006418c00002
broken=${marker}00170200000005 # attributes beyond its end

said() { # WANTED COMMAND...
	wanted=$1
	shift
	"$@" > "$tmp/said" 2>&1
	cat "$tmp/said"
	grep -qF -- "$wanted" "$tmp/said"
}

decode() {
	LIBBGP=$LIBRARY python3 -B "$SOURCE/examples/decode.py" "$@"
}

peers() {
	LD_LIBRARY_PATH=$(dirname "$LIBRARY") "$tmp/peers" "$@"
}

short_enough() {
	wc -l "$SOURCE/examples/decode.py" "$SOURCE/examples/peers.cpp"
	[ "$(wc -l < "$SOURCE/examples/decode.py")" -le 60 ] &&
	    [ "$(wc -l < "$SOURCE/examples/peers.cpp")" -le 60 ]
}

check 'at most 60 lines each' short_enough
if command -v python3 > /dev/null; then
	check 'decode.py says what an UPDATE says' \
	    said 'announce ipv4-unicast 192.0.2.0/24 via 192.0.2.1; origin igp' \
	    decode "$update"
	check 'decode.py says what is wrong' said '3/1: ' decode "$broken"
else
	skip 'decode.py' 'no python3'
fi
if command -v g++ > /dev/null; then
	check 'peers.cpp compiles' g++ -std=c++17 -Wall -Wextra -Wpedantic \
	    -Werror -I "${INCLUDE:-$SOURCE/include}" -o "$tmp/peers" \
	    "$SOURCE/examples/peers.cpp" "$LIBRARY"
	check 'peers.cpp has peers' said 2001:db8::1 peers 10.0.0.1 64512 \
	    192.0.2.1 64512 2001:db8::1 65001
	check 'one address on two interfaces' said 'fe80::1%3' \
	    peers 10.0.0.1 64512 fe80::1%2 65001 fe80::1%3 65001
	check 'but only once on one' said 'fe80::1%2: exists already' \
	    peers 10.0.0.1 64512 fe80::1%2 65001 fe80::1%2 65001
	check 'and no AS 0' said argument peers 10.0.0.1 0
else
	skip 'peers.cpp' 'no g++'
fi
done_testing
