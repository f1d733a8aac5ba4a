#!/bin/sh
# rib.sh: what the RIB without a session says of three streams.
#
# In the environment: RIB (the program).
set -u
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT PIPE TERM
. "$(dirname "$0")/tap.sh"

marker=ffffffffffffffffffffffffffffffff

# update ATTRIBUTES NLRI: one message in hex.
update() {
	attrs=$1 nlri=$2
	printf '%s%04x020000%04x%s%s' $marker \
	    $((23 + (${#attrs} + ${#nlri}) / 2)) $((${#attrs} / 2)) \
	    "$attrs" "$nlri"
}

# octets HEX: the octets themselves.
octets() {
	printf '%b' "$(printf '%s' "$1" | awk '{
		for (i = 1; i < length($0); i += 2)
			printf "\\0%o", 16 * digit(substr($0, i, 1)) + \
			    digit(substr($0, i + 1, 1))
	}
	function digit(c) { return index("0123456789abcdef", c) - 1 }')"
}

igp=40010100
# 203.0.113.0/24 and 198.51.100.0/24 by way of AS 64500, LOCAL_PREF 100.
first=$(update ${igp}40020602010000fbf4400304c000020140050400000064 \
    18cb007118c63364)
# 203.0.113.0/24 by way of 64500 and 64501, LOCAL_PREF 200.
second=$(update ${igp}40020a02020000fbf40000fbf5400304c0000202400504000000c8 \
    18cb0071)
# 192.0.2.0/24 of AS 65001, from an eBGP peer, 10.1.1.1, in MRT.
third=$(update ${igp}40020602010000fde9400304c0000203 18c00002)
head=00000000001000040000$(printf '%04x' $((20 + ${#third} / 2)))
mrt=${head}0000fde90000fc00000000010a0101010a010102$third

{ echo '# two routes'; echo "$first"; } > "$tmp/a.hex"
echo "$second" | sed 's/..../& /g' > "$tmp/b.hex"
octets "$mrt" > "$tmp/c.mrt"

all() {
	"$RIB" --hex "$tmp/a.hex" --hex "$tmp/b.hex" --mrt "$tmp/c.mrt" \
	    --client 10.0.0.9 > "$tmp/said" || return 1
	cat "$tmp/said"
}

says() {
	all && grep -q -x -e "$1" "$tmp/said"
}

says_nothing_of() {
	all && ! grep -q -e "$1" "$tmp/said"
}

refuses() {
	"$RIB" "$@" > "$tmp/said" 2>&1
	[ $? -eq 2 ] && cat "$tmp/said" && [ "$(wc -l < "$tmp/said")" -eq 1 ]
}

check "the step that decided" \
    says 'best 203.0.113.0/24 from 192.0.2.2: local-pref'
check "a route of one peer" says 'best 198.51.100.0/24 from 192.0.2.1: only'
check "a route of an eBGP peer, from MRT" \
    says 'best 192.0.2.0/24 from 10.1.1.1: only'
check "what a client is sent, stamped" says 'announce ipv4-unicast 203.0.113.0/24 via 192.0.2.2; origin igp; as_path 64500 64501; local_pref 200; originator_id 192.0.2.2; cluster_list 127.0.0.3'
check "an eBGP route is not stamped" says 'announce ipv4-unicast 192.0.2.0/24 via 192.0.2.3; origin igp; as_path 65001; local_pref 100'
check "the end of it" says 'end-of-rib ipv4-unicast'
check "one of two ways only" says_nothing_of '203.0.113.0/24 via 192.0.2.1'

echo "${first}0" > "$tmp/odd.hex"
octets "${mrt%????}" > "$tmp/cut.mrt"
check "half an octet" refuses --hex "$tmp/odd.hex"
check "a record cut short" refuses --mrt "$tmp/cut.mrt"
check "no such file" refuses --hex "$tmp/none"
check "no such option" refuses --nothing
done_testing
