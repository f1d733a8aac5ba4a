#!/bin/sh
# abi.sh: hosts of other versions run with this shared library, and it offers
# all that the last release did.
#
# In the environment: SOURCE (the project), LIBRARY (libbgp.so).  The state of
# the last release, written by refresh.sh: libbgp.abi, headers/.
set -u
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT PIPE TERM
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../examples/tap.sh"
. "$here/may_change.sh"

runs() { # HEADERS [OPTION]...
	headers=$1
	shift
	gcc -std=c11 -Wall -Wextra -Werror -I "$headers" "$@" -o "$tmp/host" \
	    "$here/host.c" "$LIBRARY" &&
	    LD_LIBRARY_PATH=$(dirname "$LIBRARY") "$tmp/host"
}

named() {
	readelf -d "$LIBRARY" | grep SONAME
	readelf -d "$LIBRARY" | grep -q 'SONAME.*\[libbgp\.so\.0\]'
}

# Symbols more, and fields more at the end of structs with a size, are no harm.
offers_all() {
	may_change "$SOURCE/include" > "$tmp/may_change.ini"
	abidiff --no-added-syms --suppressions "$tmp/may_change.ini" "$1" "$2"
}

# A library of one struct with these fields, and its dump.
make() { # NAME FIELDS
	printf 'struct bgp_peer_options { unsigned long size; %s };
	    int bgp_f(struct bgp_peer_options *o);
	    int bgp_f(struct bgp_peer_options *o) { return o != 0; }' "$2" |
	    gcc -g -shared -fPIC -x c -o "$tmp/$1.so" - &&
	    abidw --out-file "$tmp/$1.abi" "$tmp/$1.so"
}

# What the check lets through and what not, on a struct of one field.
knows_harm() {
	make old 'int a;' && make grown 'int a, b; long c;' &&
	    make moved 'int b, a;' && make gone '' &&
	    offers_all "$tmp/old.abi" "$tmp/old.so" &&
	    offers_all "$tmp/old.abi" "$tmp/grown.so" &&
	    ! offers_all "$tmp/old.abi" "$tmp/moved.so" &&
	    ! offers_all "$tmp/old.abi" "$tmp/gone.so"
}

check 'the soname is that of this ABI' named
check 'a host of this version' runs "$SOURCE/include"
check 'an older host, with shorter structs' \
    runs "$SOURCE/include" -DOLDER=8
check 'a newer host, with longer structs' runs "$SOURCE/include" -DNEWER=64
check 'a newer host that sets what is not known is refused' \
    runs "$SOURCE/include" -DNEWER=64 -DSTRANGE=1
if [ -d "$here/headers" ]; then
	check 'a host built against the last release' runs "$here/headers"
else
	skip 'a host built against the last release' 'there is none yet'
fi
if command -v abidiff > /dev/null; then
	check 'abidiff knows growth from harm' knows_harm
else
	skip 'abidiff knows growth from harm' 'no abidiff'
fi
if [ ! -f "$here/libbgp.abi" ]; then
	skip 'abidiff' 'there is no release yet'
elif ! command -v abidiff > /dev/null; then
	skip 'abidiff' 'no abidiff'
elif ! readelf -S "$LIBRARY" | grep -q debug_info; then
	skip 'abidiff' 'built without -g'
elif readelf -p .comment "$LIBRARY" | grep -q clang; then
	skip 'abidiff' 'the dump is of gcc'
else
	check 'abidiff: nothing is gone or moved' \
	    offers_all "$here/libbgp.abi" "$LIBRARY"
fi
done_testing
