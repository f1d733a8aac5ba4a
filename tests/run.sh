#!/bin/sh
# run.sh: the one test command.  Builds libbgp and runs every test of it.
#
# In:   Debian 12 or its like.  What is missing is installed when this is root
#       or may use sudo; otherwise it is named, and tests that need a daemon
#       that is not there are skipped.
# Out:  meson's own report, then `N passed, N failed` (and `, N skipped`), where
#       each case of each program counts.  Exit status 1 when any failed, none
#       passed, or nothing could be built.
#
# Environment: BUILD (directory, build-test), CC, MESON_ARGS (for meson setup),
# TEST_ARGS (for meson test), SUITES (only these), SKIP_SUITES (not these),
# INSTALL=no (do not touch the system's packages).
set -u
cd "$(dirname "$0")/.." || exit 1
: "${BUILD:=build-test}" "${MESON_ARGS:=}" "${TEST_ARGS:=}" "${CC:=}"

give_up() {
	echo "run.sh: $1" >&2
	echo '0 passed, 1 failed'
	exit 1
}

# The first five are needed to build, the others are what interop talks to.
packages='meson ninja-build pkg-config libcmocka-dev python3
    bird2 frr gobgpd openbgpd exabgp tshark jq xxd'
command -v "${CC:-cc}" >/dev/null || packages="gcc libc6-dev $packages"
if [ "${INSTALL:-yes}" != no ]; then
	# shellcheck disable=SC2086
	sh tests/need.sh $packages
fi
for tool in "${CC:-cc}" meson ninja pkg-config python3; do
	command -v "$tool" >/dev/null || give_up "$tool is missing"
done
pkg-config --exists cmocka || give_up 'cmocka (libcmocka-dev) is missing'

# A changed compiler or argument needs a fresh directory; the stamp tells.
stamp="$CC|$MESON_ARGS"
if [ -f "$BUILD/build.ninja" ] &&
    [ "$(cat "$BUILD/run-stamp" 2>/dev/null)" = "$stamp" ]; then
	:
else
	[ ! -e "$BUILD/build.ninja" ] || rm -r "$BUILD"
	# shellcheck disable=SC2086
	if [ -n "$CC" ]; then
		CC=$CC meson setup "$BUILD" $MESON_ARGS
	else
		meson setup "$BUILD" $MESON_ARGS
	fi || give_up 'meson setup failed'
	printf '%s\n' "$stamp" > "$BUILD/run-stamp"
fi
ninja -C "$BUILD" || give_up 'the build failed'

log=$BUILD/meson-logs/testlog.json
rm -f "$log"
set --
for suite in ${SUITES:-}; do set -- "$@" --suite "$suite"; done
for suite in ${SKIP_SUITES:-}; do set -- "$@" --no-suite "$suite"; done
# shellcheck disable=SC2086
meson test -C "$BUILD" --no-rebuild --print-errorlogs "$@" $TEST_ARGS
status=$?
[ -s "$log" ] || give_up 'no test was run'
python3 tests/count.py "$log" || exit 1
exit $status
