#!/bin/bash
# control.sh: the control socket, as Debian's birdc sees it.
#
# Looking glasses and exporters read these texts, so it is the form that is
# checked: the table of `show protocols` and its six columns, the blocks of
# `show route`, the codes underneath.  Then each verb must do what it says.
. "$(dirname "$0")/tap.sh"
need birdc bird
setup
[ -x "${THROW:-}" ] || skip_all 'THROW does not name the program of throw.c'
daemon_left=bird daemon_right=bird

# says COMMAND PATTERN...: every pattern (ERE) matches some line of the answer.
says() {
	local answer pattern
	# shellcheck disable=SC2086
	answer=$(ask_dut $1) || { echo "$answer"; return 1; }
	for pattern in "${@:2}"; do
		grep -qE -- "$pattern" <<< "$answer" ||
		    { echo "no line matches: $pattern"; echo "$answer"; return 1; }
	done
}

# The name that the reflector gave to the peer at an address.
name_of() {
	ask_dut show protocols all | awk -v address="$1" '
	    /^[^ \t]/ { name = $1 }
	    /Neighbor address:/ && $3 == address { print name }'
}

columns() {
	ask_dut show protocols | awk -v proto=BGP '
	    /^BIRD/ || /^Access/ { next }
	    !head++ { if (tolower($0) !~ /^name +proto +table +state +since +info/) {
	        print "header: " $0; exit 1 } next }
	    $2 == "BGP" && $6 == "Established" {
	        n++; if ($3 != "---" || $4 != "up" || NF < 6) { print; exit 1 } }
	    END { exit n != 2 }'
}

count_is() { # WORDS NUMBER
	# shellcheck disable=SC2086
	ask_dut show route $1 count > "$tmp/count"
	cat "$tmp/count"
	awk -v wanted="$2" '/ of / { sum += $1 } END { exit sum != wanted }' \
	    "$tmp/count"
}

# The socket without birdc.
raw() {
	printf '%s\n' "$@" | "$THROW" "$tmp/dut/ctl" 1000
}

right_hears() {
	[ "$(at right routes | wc -l)" -eq "$1" ]
}

must "$dut starts as the reflector" start_dut
must 'left starts' at left start
must 'right starts' at right start
must 'both sessions are established' until_true 30 established 2
at left announce 198.51.100.0/24 10.99.0.1 64500,4200000001 10 200 64500:1 64500:1:2
at left announce 203.0.113.0/24 10.99.0.1 64501 20 100 - -
at left announce 2001:db8:1::/48 2001:db8:99::1 64500 30 100 64500:3 -
within 20 'right hears left' right_hears 3
left=$(name_of 127.0.0.18)
right=$(name_of 127.0.0.24)
check 'each peer has a name' test -n "$left" -a -n "$right" -a "$left" != "$right"

check 'show status' says 'show status' '^BIRD .*ready\.' \
    'Router ID is 10\.255\.0\.1' 'Daemon is up and running'
check 'show protocols: its columns, both sessions' columns
check 'show protocols all' says 'show protocols all' \
    "^$left +BGP +--- +up" 'BGP state: +Established' \
    'Neighbor address: 127\.0\.0\.18' "Neighbor AS: +$AS" \
    'Neighbor ID: +10\.255\.0\.18' 'Channel ipv4' 'Channel ipv6' \
    'Routes: +2 imported,.* 0 exported, 2 preferred' \
    'Routes: +1 imported,.* 0 exported, 1 preferred' \
    'Routes: +0 imported,.* 2 exported, 0 preferred'
check 'show protocols all NAME shows that one' eval \
    'says "show protocols all $left" "^$left " &&
    ! says "show protocols all $left" "^$right " > /dev/null'
check 'show route' says 'show route' \
    '^198\.51\.100\.0/24 .*\[.* 10\.255\.0\.18|^198\.51\.100\.0/24 .*\[' \
    '^203\.0\.113\.0/24 ' '^2001:db8:1::/48 '
check 'show route all, read as lines' eval 'diff <(dut_routes) - <<END
198.51.100.0/24 10.99.0.1 64500,4200000001 10 200 64500:1 64500:1:2 - -
2001:db8:1::/48 2001:db8:99::1 64500 30 100 64500:3 - - -
203.0.113.0/24 10.99.0.1 64501 20 100 - - - -
END'
check 'show route for an address' eval \
    'says "show route for 198.51.100.7" "^198\.51\.100\.0/24 " &&
    ! says "show route for 198.51.100.7" "^203" > /dev/null'
check 'show route for a prefix' says 'show route for 203.0.113.0/24 all' \
    '^203\.0\.113\.0/24 ' 'BGP\.as_path: 64501'
check 'show route protocol NAME' eval \
    'says "show route protocol $left" "^203\.0\.113\.0/24 " &&
    ! says "show route protocol $right" "^203" > /dev/null'
check 'show route count' count_is '' 3
check 'show route protocol NAME count' count_is "protocol $right" 0
check 'show memory' says 'show memory' '[0-9]+(\.[0-9])? ?[kMG]?B'
check 'an unknown name is refused' eval \
    'raw "disable nobody" > "$tmp/raw"; cat "$tmp/raw"
    grep -qE "^[89][0-9]{3} " "$tmp/raw"'
check 'greeting 0001, then 2002, 1002 and the end 0000' eval \
    'raw "show protocols" > "$tmp/raw"; cat "$tmp/raw"
    grep -q "^0001 BIRD " "$tmp/raw" && grep -q "^2002-" "$tmp/raw" &&
    grep -q "^1002-" "$tmp/raw" && grep -q "^0000" "$tmp/raw"'
check 'a wrong command is 9xxx and the connection lives on' eval \
    'raw nonsense "show status" > "$tmp/raw"; cat "$tmp/raw"
    grep -q "^9[0-9][0-9][0-9] " "$tmp/raw" && grep -q "^0013 " "$tmp/raw"'
check 'noise on the socket does no harm' eval \
    'for i in 1 2 3; do head -c 20000 /dev/urandom |
    "$THROW" "$tmp/dut/ctl" 1000 > /dev/null; done
    ask_dut show status | grep -q ready'

before=$(sessions)
check 'disable NAME ends that session' eval \
    'ask_dut disable $left && until_true 10 established 1'
check 'and says that it is down, as BIRD does' says "show protocols $left" \
    "^$left +BGP +--- +down +[0-9:.]+ *\$"
within 10 'its routes are gone' right_hears 0
check 'enable NAME lets it come back' eval \
    'ask_dut enable $left && until_true 30 established 2'
within 20 'with its routes' right_hears 3
left=$(name_of 127.0.0.18)
sleep 1.1
was=$(sessions)
check 'reload in NAME asks again and resets nothing' eval \
    'ask_dut reload in $left && sleep 2 && right_hears 3 &&
    stays "$was"'
check 'reload out NAME tells again and resets nothing' eval \
    'ask_dut reload out $right && sleep 2 && right_hears 3 &&
    stays "$was"'
check 'configure resets nothing' eval \
    'ask_dut configure && sleep 2 && stays "$was"'
check 'restart NAME starts that session anew' eval \
    'ask_dut restart $left && sleep 1.5 && until_true 30 established 2 &&
    left=$(name_of 127.0.0.18) && ! stays "$was" "$left" > /dev/null'
check 'the other session never moved' stays "$before" "$right"
within 20 'and all routes are there' right_hears 3

check 'down ends the reflector' eval \
    'ask_dut down; until_true 10 test -s "$tmp/dut/status"'
check 'with exit status 0' grep -qx 0 "$tmp/dut/status"
rm -f "$tmp/dut/pid"
done_testing
