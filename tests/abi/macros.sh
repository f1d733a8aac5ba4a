#!/bin/sh
# macros.sh: every macro of the public headers, used, compiles without a warning
# as C11 and as C++17, and gives in both what the functions give.
#
# The program is made from the headers: a macro that is added is used from then
# on.  In the environment: SOURCE (the project), LIBRARY (libbgp.so).
set -u
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT PIPE TERM
. "$(dirname "$0")/../examples/tap.sh"

# One line for each use: an initialiser has a function of its name; 1 stands for
# any argument.
awk '
FNR == NR || FILENAME != last { last = FILENAME }
{ text = text $0 "\n" }
/^#define BGP_[A-Z0-9_]+_H$/ || /^#define BGP_INIT_OF/ { next }
/^#define BGP_/ {
	name = $2
	args = ""
	if (match($0, /^#define BGP_[A-Z0-9_]+\([^)]*\)/)) {
		args = substr($0, RSTART, RLENGTH)
		sub(/\(.*/, "", name)
		gsub(/[^,]/, "", args)
		gsub(/,/, ", 1", args)
		args = "(1" args ")"
	}
	if (!(name in seen)) {
		seen[name] = 1
		uses[++n] = name args
	}
}
END {
	print "#include <bgp/bgp.h>\n#include <bgp/mrt.h>"
	print "#include <stdio.h>\n#include <string.h>\n"
	print "static int failed;\n"
	print "static void\ndiffer(const char *name)\n{"
	print "\tprintf(\"%s is not what its function gives\\n\", name);"
	print "\tfailed = 1;\n}\n"
	print "int\nmain(void)\n{"
	for (i = 1; i <= n; i++) {
		type = tolower(uses[i])
		sub(/_init$/, "", type)
		if (uses[i] ~ /_INIT$/ && index(text, "void " type "_init(")) {
			print "\t{\n\t\tstruct " type " a = " uses[i] ", b;"
			print "\t\tmemset(&b, 0, sizeof b);"
			print "\t\t" type "_init(&b, sizeof b);"
			print "\t\tif (memcmp(&a, &b, sizeof a) != 0)"
			print "\t\t\tdiffer(\"" uses[i] "\");\n\t}"
		} else {
			print "\t(void)(" uses[i] ");"
		}
	}
	print "\tif (BGP_FAMILY(25, 70) != bgp_family_of(25, 70) ||"
	print "\t    bgp_family_afi(BGP_IPV6_UNICAST) != 2 ||"
	print "\t    bgp_family_safi(BGP_IPV6_UNICAST) != 1)"
	print "\t\tdiffer(\"BGP_FAMILY\");"
	print "\treturn failed;\n}"
}' "$SOURCE"/include/bgp/*.h > "$tmp/use.c"
cp "$tmp/use.c" "$tmp/use.cpp"

uses() { # COMPILER STANDARD FILE
	"$1" -std="$2" -Wall -Wextra -Wpedantic -Wconversion -Werror \
	    -I "$SOURCE/include" -o "$tmp/use" "$3" "$LIBRARY" &&
	    LD_LIBRARY_PATH=$(dirname "$LIBRARY") "$tmp/use"
}

there_are_enough() {
	grep -c '^	(void)' "$tmp/use.c"
	[ "$(grep -c '_init(&b' "$tmp/use.c")" -ge 9 ] &&
	    [ "$(grep -c '^	(void)' "$tmp/use.c")" -ge 50 ]
}

try() { # COMPILER STANDARD FILE
	if command -v "$1" > /dev/null; then
		check "every macro, $1, $2" uses "$@"
	else
		skip "every macro, $1, $2" "no $1"
	fi
}

check 'the headers have initialisers and numbers' there_are_enough
try gcc c11 "$tmp/use.c"
try clang c11 "$tmp/use.c"
try g++ c++17 "$tmp/use.cpp"
try clang++ c++17 "$tmp/use.cpp"
done_testing
