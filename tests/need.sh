#!/bin/sh
# need.sh PACKAGE...: sees to it that Debian packages are there.
#
# Installs what is missing when this user is root or may become it by sudo
# without being asked; daemons are kept from starting as services.  Exit status
# 1 and one line with the names when something is still missing.
set -u

absent() {
	for p in "$@"; do
		dpkg-query -W -f '${db:Status-Status}\n' "$p" 2>/dev/null |
		    grep -qx installed || printf '%s ' "$p"
	done
}

if ! command -v dpkg-query >/dev/null; then
	echo "need.sh: not a Debian system; these packages are wanted: $*" >&2
	exit 1
fi
missing=$(absent "$@")
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
	sudo=
elif sudo -n true 2>/dev/null; then
	sudo='sudo -n'
else
	echo "need.sh: missing, and not root to install: apt-get install" \
	    "$missing" >&2
	exit 1
fi

echo "need.sh: installing $missing" >&2
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	trap '$sudo rm -f $policy' EXIT
	trap 'exit 1' HUP INT TERM
	printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null
	$sudo chmod 755 $policy
fi
# One name that the archive lacks must not keep the others away.
export DEBIAN_FRONTEND=noninteractive
apt="$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y"
apt="$apt -o Dpkg::Use-Pty=0 --no-install-recommends"
$apt update >&2 </dev/null
# shellcheck disable=SC2086
$apt install $missing >&2 </dev/null || for p in $missing; do
	$apt install "$p" >&2 </dev/null
done

missing=$(absent "$@")
if [ -n "$missing" ]; then
	echo "need.sh: could not be installed: $missing" >&2
	exit 1
fi
