#!/bin/bash
# beside.sh LEFT RIGHT: two daemons as clients of the reflector.
#
# Left and right announce what routes.txt says, hear each other through the
# reflector with ORIGINATOR_ID and CLUSTER_LIST added and nothing else touched,
# change and withdraw routes, are killed, and come back.  The same for every
# pair; what differs between daemons is in daemon/NAME.sh.
. "$(dirname "$0")/tap.sh"
need birdc jq setsid
daemon_left=$1 daemon_right=$2

# own SIDE: the side's routes, without what its daemon cannot set.
own() {
	local side=$1 limits
	limits=$(at "$side" limits)
	awk -v side="$side" -v limits="$limits" '
	    BEGIN { n = split("prefix next_hop as_path med local_pref " \
	        "communities large_communities", names)
	        for (i = 1; i <= n; i++) column[names[i]] = i + 1
	        m = split(limits, cannot) }
	    $1 == side { for (i = 1; i <= m; i++) $column[cannot[i]] = "-"
	        sub(/^[a-z]+ /, ""); print }' "$here/routes.txt"
}

# heard_of SIDE: how another client sees the side's routes ($tmp/own.SIDE).
heard_of() {
	sed "s/\$/ $(router_id "$1") $CLUSTER_ID/" "$tmp/own.$1" | sort
}

# hears SIDE OTHER: true when it holds exactly the other's routes.
hears() {
	diff <(heard_of "$2") <(at "$1" routes | sort) 2>&1
}

announce_all() {
	own "$1" > "$tmp/own.$1"
	while read -r line; do
		# shellcheck disable=SC2086
		at "$1" announce $line || return 1
	done < "$tmp/own.$1"
}

# The first IPv4 and the first IPv6 route of a side.
some_prefixes() {
	own "$1" | awk '/:.*\// && $1 ~ /:/ && !six++ || $1 !~ /:/ && !four++ {
	    print $1 }'
}

withdraw_some() {
	for prefix in $(some_prefixes "$1"); do
		at "$1" withdraw "$prefix" || return 1
		grep -v "^$prefix " "$tmp/own.$1" > "$tmp/own.new"
		mv "$tmp/own.new" "$tmp/own.$1"
	done
}

# Announces the last route of a side again, with other attributes.
change_one() {
	local line
	line=$(tail -n 1 "$tmp/own.$1" | awk '{ $4 = 77; $5 = 88; print }')
	sed -i '$d' "$tmp/own.$1"
	echo "$line" >> "$tmp/own.$1"
	# shellcheck disable=SC2086
	at "$1" announce $line
}

setup
for side in left right; do
	missing=$(at $side missing)
	[ -z "$missing" ] || skip_all "not available: $missing"
done

touch "$tmp/own.left" "$tmp/own.right"
capture
must "$dut starts as the reflector" start_dut
must "$daemon_left starts" at left start
must "$daemon_right starts" at right start
within 30 'both sessions are established' established 2
check "$daemon_left announces" announce_all left
within 20 "$daemon_right hears $daemon_left, stamped and else untouched" \
    hears right left
check "$daemon_right announces" announce_all right
within 20 "$daemon_left hears $daemon_right, stamped and else untouched" \
    hears left right
check "$daemon_left withdraws an IPv4 and an IPv6 route" withdraw_some left
within 20 "$daemon_right loses these and only these" hears right left
check "$daemon_left changes the attributes of one" change_one left
within 20 "$daemon_right hears the change" hears right left

check "$daemon_left is killed" at left kill
cp "$tmp/own.left" "$tmp/own.before"
: > "$tmp/own.left"
within 15 "$daemon_right loses all of $daemon_left" hears right left
check "$daemon_left returns" at left start
within 30 "$daemon_left hears all again" hears left right
check "$daemon_left announces again" announce_all left
within 20 "$daemon_right hears $daemon_left again" hears right left

check "$daemon_right is killed" at right kill
: > "$tmp/own.right"
within 15 "$daemon_left loses all of $daemon_right" hears left right
check "$daemon_right returns" at right start
within 30 "$daemon_right hears all again" hears right left

check "$daemon_left ends in good order" at left stop
: > "$tmp/own.left"
within 15 "$daemon_right loses all of $daemon_left again" hears right left
check 'the reflector ends with exit status 0' stop_dut
check_capture
[ -z "$captured" ] || check 'both families were spoken' eval \
    'some_frames "bgp.type == 2 and bgp.nlri_prefix" &&
    some_frames "bgp.update.path_attribute.type_code == 14"'
done_testing
