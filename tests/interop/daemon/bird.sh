#!/bin/bash
# bird.sh: BIRD 2 as a client of the reflector.  Verbs: see common.sh.
#
# One verb more than others: bulk.
#
# BIRD's routes live in its configuration: announce and withdraw edit one file
# and have it read again.  What is said of a route is set in the export filter.
# Next hops are looked up in tables of their own, so that all are valid and
# nothing needs the kernel.
. "$(dirname "$0")/common.sh"
needs='bird birdc'

ask() {
	birdc -r -s "$DIR/ctl" "$@"
}

# One word per line of $DIR/own -> static routes and the filter's statements.
write_own() {
	local filter=
	: > "$DIR/static4"
	: > "$DIR/static6"
	while read -r prefix next_hop path med pref comms larges; do
		local kind=4 set="bgp_next_hop = $next_hop;"
		! is_v6 "$prefix" || kind=6
		echo "route $prefix blackhole;" >> "$DIR/static$kind"
		for as in $(spaced "$path" | tr ' ' '\n' | tac); do
			set+=" bgp_path.prepend($as);"
		done
		[ "$med" = - ] || set+=" bgp_med = $med;"
		[ "$pref" = - ] || set+=" bgp_local_pref = $pref;"
		for c in $(spaced "$comms"); do
			set+=" bgp_community.add((${c/:/,}));"
		done
		for c in $(spaced "$larges"); do
			set+=" bgp_large_community.add((${c//:/,}));"
		done
		filter+="if net = $prefix then { $set accept; }"$'\n'
	done < "$DIR/own"
	filter+='if net ~ [ 11.0.0.0/8+ ] then { bgp_next_hop = 10.99.0.1; accept; }'
	echo "filter own { if source != RTS_STATIC then reject;
	    $filter reject; }" > "$DIR/filter"
}

quote='"'

begin() {
	: > "$DIR/own"
	: > "$DIR/bulk4"
	write_own
	cat > "$DIR/bird.conf" <<-END
	router id $ROUTER_ID;
	log stderr { warning, error, fatal, bug, trace };
	ipv4 table igp4;
	ipv6 table igp6;
	protocol static { ipv4 { table igp4; }; route 10.99.0.0/16 blackhole; }
	protocol static { ipv6 { table igp6; };
		route 2001:db8:99::/48 blackhole; }
	include "$DIR/filter";
	protocol static {
		ipv4;
		include "$DIR/static4";
		include "$DIR/bulk4";
	}
	protocol static {
		ipv6;
		include "$DIR/static6";
	}
	protocol bgp reflector {
		local $ADDRESS port $DUT_PORT as $AS;
		strict bind yes;
		neighbor $DUT_ADDRESS port $DUT_PORT as $AS;
		multihop;
		${PASSWORD:+password ${quote}$PASSWORD$quote;}
		${GTSM:+ttl security yes;}
		${PASSIVE:+passive yes;}
		hold time $HOLD_TIME;
		connect delay time 1;
		connect retry time 1;
		error wait time 1, 2;
		ipv4 { import all; export filter own; igp table igp4; };
		ipv6 { import all; export filter own; igp table igp6;
			next hop address 2001:db8:99::ffff; };
	}
	END
	spawn bird -f -c "$DIR/bird.conf" -s "$DIR/ctl" -P "$DIR/bird.pid"
}

ready() {
	ask show status
}

reread() {
	write_own
	birdc -s "$DIR/ctl" configure | grep -q Reconfig
}

announce() {
	grep -v "^$1 " "$DIR/own" > "$DIR/own.new"
	echo "$@" >> "$DIR/own.new"
	mv "$DIR/own.new" "$DIR/own"
	reread
}

# bulk COUNT FIRST_MED: that many routes below 11.0.0.0/8, no two alike.
bulk() {
	awk -v count="$1" -v med="$2" 'BEGIN { for (i = 0; i < count; i++)
	    printf "route 11.%d.%d.0/24 blackhole { bgp_med = %d; };\n",
	        i / 256, i % 256, med + i }' > "$DIR/bulk4"
	reread
}

withdraw() {
	grep -v "^$1 " "$DIR/own" > "$DIR/own.new"
	mv "$DIR/own.new" "$DIR/own"
	reread
}

routes() {
	ask show route all protocol reflector |
	    awk -f "$(dirname "$0")/bird.awk"
}

main "$@"
