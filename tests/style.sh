#!/bin/sh
# style.sh: what the tree promises of its form, one line of TAP each.
#
# In the environment: SOURCE (the project), ARCHIVE (libbgp.a).
set -u
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT PIPE TERM
. "$(dirname "$0")/examples/tap.sh"
cd "$SOURCE" || exit 1

find include libbgp examples tests fuzz -name '*.[ch]' > "$tmp/all"
grep -E '^(include|libbgp)/' "$tmp/all" > "$tmp/library"

none() { # what is listed in $tmp/found is wrong
	cat "$tmp/found"
	[ ! -s "$tmp/found" ]
}

formatted() {
	xargs clang-format --dry-run --style=file < "$tmp/all" \
	    > "$tmp/found" 2>&1
	none
}

# Tabs count eight, a character of UTF-8 one.
narrow() {
	while read -r file; do
		LC_ALL=C sed 's/[\x80-\xbf]//g' "$file" | expand |
		    awk -v file="$file" 'length($0) > 80 {
			print file ":" NR ": " length($0) " columns"
		    }'
	done < "$tmp/all" > "$tmp/found"
	none
}

# Those of tests/unit hold whole tables of cases.
short() {
	grep -v '^tests/unit/' "$tmp/all" | xargs awk 'FNR == 1 { from = 0 } /^{/ { from = FNR }
	    /^}/ {
		if (from && FNR - from - 1 > 70)
			print FILENAME ":" from ": " FNR - from - 1 " lines"
		from = 0
	    }' > "$tmp/found"
	none
}

# A room includes rooms of its own floor and below, each the headers it is
# built on; session/ and rib/ do not know each other, plan/ knows base/ alone.
floors() {
	grep -n '#include "libbgp/' $(cat "$tmp/library") /dev/null | awk -F'[:"]' '
	BEGIN {
		floor["base"] = 0; floor["codec"] = 1; floor["session"] = 2
		floor["rib"] = 2; floor["reflect"] = 3; floor["speaker"] = 4
	}
	{
		split($1, from, "/")
		split($4, to, "/")
		a = from[2]
		b = to[2]
		if (a == b)
			next
		if (from[1] != "libbgp" || b == "plan" ||
		    (a == "plan" && b != "base" && b != "codec") ||
		    (a != "plan" && floor[b] >= floor[a]))
			print $0
	}' > "$tmp/found"
	none
}

# As the headers stand to each other: those of a floor include lower ones.
headers() {
	grep -n '#include "bgp/' include/bgp/*.h | awk -F'[:"]' '
	BEGIN {
		floor["error"] = 0; floor["types"] = 1; floor["codec"] = 2
		floor["fsm"] = 2; floor["plan"] = 2; floor["mrt"] = 3
		floor["session"] = 3; floor["rib"] = 3; floor["reflect"] = 4
		floor["speaker"] = 5; floor["bgp"] = 6
	}
	function name(path) {
		sub(/.*\//, "", path)
		sub(/\.h$/, "", path)
		return path
	}
	!(name($1) in floor) { print $1 " has no floor in tests/style.sh" }
	floor[name($4)] >= floor[name($1)] { print $0 }' > "$tmp/found"
	grep -n '#include "libbgp/' include/bgp/*.h >> "$tmp/found"
	none
}

strangers() { # ROOM OTHER
	grep -nE "#include \"(libbgp/$2/|bgp/$2\.h)" libbgp/"$1"/*.[ch] \
	    include/bgp/"$1".h > "$tmp/found"
	none
}

# All that crosses files: bgp_ in the headers, bgp__ behind them.
prefixed() {
	nm -g --defined-only "$ARCHIVE" | awk 'NF == 3 { print $3 }' |
	    grep -vE '^(__asan|__odr|__start|__stop)' > "$tmp/names"
	grep -vE '^bgp__?[a-z]' "$tmp/names" > "$tmp/found"
	[ "$(grep -c '^bgp__' "$tmp/names")" -gt 100 ] ||
	    echo 'nm finds no names' >> "$tmp/found"
	none
}

# One name, one meaning: a tag is defined once in the whole library.
tags() {
	xargs grep -hoE '^(struct|enum|union) [a-z_0-9]+ \{' < "$tmp/library" |
	    sort | uniq -d | grep -E ' bgp_' > "$tmp/found"
	none
}

# No socket, file, clock, thread, output or end of the process.
silent() {
	grep -nE '#include <(errno|fcntl|pthread|signal|stdio|stdlib|time|unistd|sys/|net|arpa)' \
	    $(cat "$tmp/library") | grep -v 'libbgp/base/mem.c' > "$tmp/found"
	grep -nwE '(printf|fopen|socket|clock_gettime|getenv|abort|exit|if_nametoindex) *\(' \
	    $(grep '\.c$' "$tmp/library") >> "$tmp/found"
	none
}

captioned() {
	for file in $(cat "$tmp/all"); do
		head -n 2 "$file" | tail -n 1 |
		    grep -qF " * ${file##*/} - " ||
		    head -n 2 "$file" | tail -n 1 |
			grep -qF " * bgp/${file##*/} - " || echo "$file"
	done > "$tmp/found"
	none
}

if command -v clang-format > /dev/null; then
	check 'clang-format has nothing to say' formatted
else
	skip 'clang-format' 'no clang-format'
fi
check 'at most 80 columns' narrow
check 'functions of at most 70 lines' short
check 'a room includes only lower floors' floors
check 'a header includes only lower ones' headers
check 'session/ does not know rib/' strangers session rib
check 'rib/ does not know session/' strangers rib session
check 'what crosses files has one prefix' prefixed
check 'a tag is defined once' tags
check 'no input, output or clock' silent
check 'every file begins with its caption' captioned
done_testing
