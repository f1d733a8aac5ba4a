#!/bin/sh
# run.sh: Frama-C Eva over the octet reader and the decoders of frame, OPEN and
# UPDATE, each from a message whose octets and length are unknown.
#
# Out:  a line for each, "NAME: N alarms"; what they are is in README.md.
#       Exit status 1 when there are more than README.md explains.
# Environment: PRECISION (of Eva, 0), LOGS (directory for what Eva says).
cd "$(dirname "$0")/../.." || exit 1
if ! command -v frama-c >/dev/null; then
	echo '1..0 # SKIP frama-c is not installed'
	exit 0
fi
logs=${LOGS:-$(mktemp -d)}
bad=0

# analyse NAME ALARMS FILE…: at most so many alarms are known.
analyse() {
	name=$1
	known=$2
	shift 2
	frama-c -eva -eva-precision "${PRECISION:-0}" -eva-no-results \
	    -eva-unroll-recursive-calls 2 -machdep gcc_x86_64 \
	    -cpp-extra-args="-std=c11 -Iinclude -I. -DNDEBUG -DDRIVE_$name" \
	    tests/eva/drive.c "$@" > "$logs/$name" 2>&1
	alarms=$(sed -n 's/^ *\([0-9]*\) alarms\{0,1\} generated.*/\1/p' \
	    "$logs/$name")
	echo "$name: ${alarms:-no} alarms, $known known"
	[ "${alarms:-999}" -le "$known" ] || bad=1
}

c=libbgp/codec
analyse READER 6 $c/frame.c
analyse FRAME 0 $c/frame.c
analyse OPEN 8 $c/open.c $c/capability.c $c/frame.c $c/family.c $c/quote.c \
    $c/addr.c libbgp/base/text.c
analyse UPDATE 135 $c/update.c $c/attr_table.c $c/attr_check.c $c/as_path.c \
    $c/nlri.c $c/evpn.c $c/family.c $c/hop.c $c/negotiate.c $c/capability.c
exit $bad
