#!/bin/sh
# decode.sh: what decode says to files and lines that are not what it reads, and
# that nothing of it goes unsaid: no output is lost quietly, no input makes it
# grow without a bound, and no message waits for the next.
#
# In the environment: DECODE, the program.
set -u
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT PIPE TERM
. "$(dirname "$0")/../examples/tap.sh"

keepalive=ffffffffffffffffffffffffffffffff001304

# refuses STATUS PATTERN OPTION...: one line on stderr that has the pattern.
refuses() {
	wanted=$1
	pattern=$2
	shift 2
	timeout 60 "$DECODE" "$@" 2> "$tmp/said" > "$tmp/printed"
	status=$?
	cat "$tmp/said"
	[ $status -eq "$wanted" ] && [ "$(wc -l < "$tmp/said")" -eq 1 ] &&
	    grep -q -e "$pattern" "$tmp/said"
}

# prints PATTERN OPTION...: exit status 0, and a line that has the pattern.
prints() {
	pattern=$1
	shift
	timeout 60 "$DECODE" "$@" > "$tmp/printed" 2>&1
	status=$?
	cat "$tmp/printed"
	[ $status -eq 0 ] && grep -q -e "$pattern" "$tmp/printed"
}

to_full() {
	echo $keepalive | "$DECODE" 2> "$tmp/said" > /dev/full
	status=$?
	cat "$tmp/said"
	[ $status -eq 1 ] && grep -q 'standard output: No space' "$tmp/said"
}

octets() { # OCTAL...
	for octal in "$@"; do
		printf "\\$octal"
	done
}

# record TYPE SUBTYPE LENGTH: the head of an MRT record, length below 256.
record() {
	octets 0 0 0 1 0 "$1" 0 "$2" 0 0 0 "$(printf %o "$3")"
}

# Peer 192.0.2.1 of AS 65000; its path 7 to 10.0.0.0/8 by 192.0.2.9, IGP.
table() {
	record 15 1 21
	octets 0 0 0 1 0 0 0 1 2 300 0 2 1 300 0 2 1 0 0 375 350
	record 15 10 31
	octets 0 0 0 0 10 12 0 1
	octets 0 0 0 0 0 1 0 0 0 7 0 13
	octets 100 1 1 "${1:-0}" 100 3 4 300 0 2 11
}

# line_at_a_time: the first line is out before the second is in.
line_at_a_time() {
	mkfifo "$tmp/in" || return 1
	script -qfec "$DECODE --text $tmp/in" "$tmp/seen" < /dev/null \
	    > /dev/null 2>&1 &
	exec 4> "$tmp/in"
	echo $keepalive >&4
	until_true grep -q KEEPALIVE "$tmp/seen"
	status=$?
	exec 4>&-
	wait
	return $status
}

# progress SECONDS: what a terminal shows of work that lasts so long.
progress() {
	rm -f "$tmp/in"
	mkfifo "$tmp/in" || return 1
	script -qfec "$DECODE --mrt $tmp/in > $tmp/printed" "$tmp/seen" \
	    < /dev/null > /dev/null 2>&1 &
	{ table; sleep "$1"; table; sleep 0.1; table; } > "$tmp/in"
	wait
	cat "$tmp/seen"
	[ "$(wc -l < "$tmp/printed")" -eq 3 ] && grep -q ' records' "$tmp/seen"
}

no_progress() {
	! progress 0
}

check 'a file that is a directory' refuses 2 "^decode: $tmp: Is a dir" "$tmp"
check 'an MRT file that is a directory' refuses 2 "^decode: $tmp: Is a dir" \
    --mrt "$tmp"
check 'a file that is not there' refuses 2 "$tmp/none: No such" "$tmp/none"
if [ -w /dev/full ]; then
	check 'a disk that is full' to_full
else
	skip 'a disk that is full' 'no /dev/full'
fi
{ echo $keepalive; octets 0 0 0; } > "$tmp/zeros"
check 'octets of zero are no hex' refuses 2 "^$tmp/zeros:2: not a hex" \
    "$tmp/zeros"
check 'what was whole before them is out' grep -q keepalive "$tmp/printed"
if [ -r /dev/zero ]; then
	check 'a line without an end' refuses 2 '^/dev/zero:1: ' /dev/zero
fi
printf '# %s\n  %s:\t%s # both\r\n%s' x ${keepalive%1304} 1304 $keepalive \
    > "$tmp/lines"
check 'comments, blanks, colons, and no newline at the end' prints KEEPALIVE \
    --text "$tmp/lines"
check 'two messages' [ "$(wc -l < "$tmp/printed")" -eq 2 ]
echo "$keepalive 0" > "$tmp/half"
check 'half an octet' refuses 2 "^$tmp/half:1: half" "$tmp/half"

table > "$tmp/table"
check 'a table' prints '"path_id":7,"ok":true,.*"next_hop":"192.0.2.9"' \
    --mrt "$tmp/table"
check 'a table as text' prints \
    '^1.000000 192.0.2.1 as 65000 10.0.0.0/8 path 7 via 192.0.2.9: origin igp$' \
    --text --mrt "$tmp/table"
table 3 > "$tmp/bad"
check 'what is wrong with an entry, as text' prints \
    'via 192.0.2.9: (withdraw: attribute value is malformed)' \
    --text --mrt "$tmp/bad"
head -c 70 "$tmp/table" > "$tmp/cut"
check 'a table that is cut' refuses 2 "$tmp/cut: ends in the middle" \
    --mrt "$tmp/cut"
octets 102 132 150 71 61 101 131 46 123 131 300 72 1 2 3 > "$tmp/packed"
check 'a file that is no MRT' refuses 2 "$tmp/packed: record of [0-9]* octets" \
    --mrt "$tmp/packed"

refresh=ffffffffffffffffffffffffffffffff001705
echo ${refresh}00010101 > "$tmp/refresh"
check 'a refresh marker as text' prints \
    '^ROUTE-REFRESH ipv4-unicast begin$' --text "$tmp/refresh"
echo ${refresh}00020201 > "$tmp/refresh"
check 'the other marker' prints \
    '^ROUTE-REFRESH ipv6-unicast end$' --text "$tmp/refresh"
echo ffffffffffffffffffffffffffffffff001905000100010140 > "$tmp/refresh"
check 'a refresh with filters as text' prints \
    '^ROUTE-REFRESH ipv4-unicast orf 0140$' --text "$tmp/refresh"

# An OPEN of AS 65002, 192.0.2.1.
open=ffffffffffffffffffffffffffffffff001d0104fdea005ac000020100
echo $open > "$tmp/open"
check 'an OPEN that is expected' prints '"ok":true,.*"as":65002' \
    --peer-as 65002 --local-as 65001 --local-id 192.0.2.1 "$tmp/open"
check 'an OPEN of another AS' prints '"notification":\[2,2\]' \
    --peer-as 65003 "$tmp/open"
check 'our own identifier in our own AS' prints '"notification":\[2,3\]' \
    --local-as 65002 --local-id 192.0.2.1 "$tmp/open"
check 'the same as text' prints 'OPEN (reset: router id 0, or our own)' \
    --text --local-as 65002 --local-id 192.0.2.1 "$tmp/open"

# Cease/2 with "Grüße \"" and a control character, and one that is no UTF-8.
cease=ffffffffffffffffffffffffffffffff
echo ${cease}0020030602''0a''4772c3bcc39f65202207 > "$tmp/cease"
check 'the words of a shutdown' prints '"text":"Grüße \\u0022\\u0007"' \
    "$tmp/cease"
echo ${cease}001a03060204''61ff''c341 > "$tmp/cease"
check 'words that are no UTF-8' prints '"text":"a\\ufffd\\ufffdA"' "$tmp/cease"

if script --version 2> /dev/null | grep -q util-linux; then
	check 'a line is answered on a terminal at once' line_at_a_time
	check 'long work shows how far it is' progress 2.5
	check 'short work does not' no_progress
else
	skip 'on a terminal' 'no script of util-linux'
fi
done_testing
