#!/bin/sh
# bird.sh: BIRD in the reflector's place, which proves the tests themselves.
#
# The environment is that of reflector.sh; DUT_OPTIONS is understood where it is
# `--client ADDRESS,...` with the words passive, password-file=F and gtsm.
cat > "$DIR/bird.conf" <<END
router id $DUT_ID;
log stderr { warning, error, fatal, bug, trace };
ipv4 table igp4;
ipv6 table igp6;
protocol static { ipv4 { table igp4; }; route 10.99.0.0/16 blackhole; }
protocol static { ipv6 { table igp6; }; route 2001:db8:99::/48 blackhole; }
template bgp common {
	local $DUT_ADDRESS port $DUT_PORT as $AS;
	strict bind yes;
	passive yes;
	rr client;
	rr cluster id $CLUSTER_ID;
	multihop;
	hold time $HOLD_TIME;
	error wait time 1, 2;
	ipv4 { import all; export all; igp table igp4; };
	ipv6 { import all; export all; igp table igp6; };
}
END
case ${DUT_OPTIONS:-} in
--client*)
	words=$(echo "${DUT_OPTIONS#--client }" | tr , ' ')
	lines=
	for word in $words; do
		case $word in
		password-file=*) lines="$lines password \"$(cat "${word#*=}")\";" ;;
		gtsm) lines="$lines ttl security yes;" ;;
		esac
	done
	echo "protocol bgp one from common { neighbor ${words%% *} as $AS; $lines }"
	;;
*)
	echo 'protocol bgp any from common {
		neighbor range 127.0.0.0/8 internal; dynamic name "peer"; }'
	;;
esac >> "$DIR/bird.conf"
exec bird -f -c "$DIR/bird.conf" -s "$DIR/ctl" -P "$DIR/bird.pid"
