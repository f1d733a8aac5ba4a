#!/bin/sh
# refresh.sh LIBRARY: keep this state of the ABI as that of the last release.
#
# Only when a version is released, or, before 1.0, when the ABI was broken on
# purpose: then the soname goes up too.  LIBRARY is a libbgp.so built with -g.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)

. "$here/may_change.sh"
suppressed=$(mktemp)
trap 'rm -f "$suppressed"' EXIT

may_change "$source/include" > "$suppressed"
abidw --no-show-locs --no-comp-dir-path --no-corpus-path \
    --drop-undefined-syms --type-id-style hash --suppressions "$suppressed" \
    --out-file "$here/libbgp.abi" "$1"
rm -rf "$here/headers"
mkdir -p "$here/headers/bgp"
cp "$source"/include/bgp/*.h "$here/headers/bgp"
