#!/bin/bash
# families.sh: VPN, EVPN, flowspec and labeled routes among GoBGP, FRR and BIRD.
#
# Each is a client of the reflector and offers what it can.  What one announces
# the others' own tools must show with the same label, route target and next hop,
# stamped with ORIGINATOR_ID and CLUSTER_LIST; a changed label must arrive; what
# is withdrawn, or whose daemon is killed, must go, and come again.
. "$(dirname "$0")/tap.sh"
need birdc jq setsid gobgpd gobgp bird vtysh
[ -x /usr/lib/frr/bgpd ] || skip_all 'frr is not installed'

setup
[ "$dut" = reflector ] || skip_all 'only the reflector speaks these families'
words=vpnv4+vpnv6+l2vpn-evpn+ipv4-flowspec+ipv6-flowspec
words+=+ipv4-labeled+ipv6-labeled+link-state
export DUT_OPTIONS="--client 127.0.0.0/8,families=$words"
mkdir "$tmp/gobgp" "$tmp/frr" "$tmp/bird"

# ---------------------------------------------------------------- the daemons

spawn() { # NAME COMMAND...
	local name=$1
	shift
	setsid "$@" >> "$tmp/$name/log" 2>&1 < /dev/null &
	echo $! > "$tmp/$name/pid"
}

end() { # NAME
	kill -KILL -- "-$(cat "$tmp/$1/pid")" && rm "$tmp/$1/pid"
}

go() {
	gobgp --target "unix://$tmp/gobgp/api" "$@"
}

start_gobgp() {
	local name
	{
		cat <<-END
		[global.config]
		  as = $AS
		  router-id = "10.255.0.2"
		  port = -1
		[[neighbors]]
		  [neighbors.config]
		    neighbor-address = "$DUT_ADDRESS"
		    peer-as = $AS
		  [neighbors.timers.config]
		    hold-time = $HOLD_TIME
		    connect-retry = 1
		    idle-hold-time-after-reset = 1
		  [neighbors.transport.config]
		    local-address = "127.0.0.2"
		    remote-port = $DUT_PORT
		END
		for name in l3vpn-ipv4-unicast l3vpn-ipv6-unicast l2vpn-evpn \
		    ipv4-flowspec ipv6-flowspec ipv4-labelled-unicast \
		    ipv6-labelled-unicast; do
			echo "[[neighbors.afi-safis]]"
			echo "[neighbors.afi-safis.config]"
			echo "afi-safi-name = \"$name\""
		done
	} > "$tmp/gobgp/conf"
	rm -f "$tmp/gobgp/api"
	spawn gobgp gobgpd -f "$tmp/gobgp/conf" -l info --pprof-disable \
	    --api-hosts "unix://$tmp/gobgp/api"
	until_true 20 go neighbor "$DUT_ADDRESS"
}

fr() {
	vtysh --vty_socket "$tmp/frr" -H /dev/null -c "$1"
}

start_frr() {
	local family n="neighbor $DUT_ADDRESS"
	{
		cat <<-END
		router bgp $AS
		 bgp router-id 10.255.0.3
		 no bgp default ipv4-unicast
		 bgp graceful-restart-disable
		 $n remote-as $AS
		 $n port $DUT_PORT
		 $n update-source 127.0.0.3
		 $n timers $((HOLD_TIME / 3)) $HOLD_TIME
		 $n timers connect 1
		 address-family ipv4 vpn
		  network 10.77.0.0/16 rd 64512:7 label 777
		 exit-address-family
		END
		for family in 'ipv4 vpn' 'ipv6 vpn' 'l2vpn evpn' \
		    'ipv4 flowspec' 'ipv4 labeled-unicast' \
		    'ipv6 labeled-unicast'; do
			echo " address-family $family"
			echo "  $n activate"
			echo " exit-address-family"
		done
	} > "$tmp/frr/conf"
	spawn frr /usr/lib/frr/bgpd -Z -n -S -f "$tmp/frr/conf" \
	    -i "$tmp/frr/bgpd.pid" --vty_socket "$tmp/frr" -P 0 \
	    -p "$DUT_PORT" -l 127.0.0.3 --log stdout --log-level errors
	until_true 20 fr 'show bgp summary'
}

bi() {
	birdc -r -s "$tmp/bird/ctl" "$@"
}

start_bird() {
	cat > "$tmp/bird/conf" <<-END
	router id 10.255.0.4;
	log stderr all;
	vpn4 table vpntab4;
	vpn6 table vpntab6;
	flow4 table flowtab4;
	flow6 table flowtab6;
	ipv4 table igp4;
	ipv6 table igp6;
	protocol static { ipv4 { table igp4; }; route 10.99.0.0/16 blackhole; }
	protocol static { ipv6 { table igp6; };
		route 2001:db8:99::/48 blackhole; }
	protocol static { flow4; route flow4
		{ dst 10.4.0.0/16; proto = 17; dport > 24 && < 30; }; }
	protocol static { flow6; route flow6
		{ dst 2001:db8:4::/48; next header 17; }; }
	protocol bgp reflector {
		local 127.0.0.4 port $DUT_PORT as $AS;
		strict bind yes;
		neighbor $DUT_ADDRESS port $DUT_PORT as $AS;
		multihop;
		hold time $HOLD_TIME;
		connect delay time 1;
		connect retry time 1;
		error wait time 1, 2;
		vpn4 mpls { import all; export all; igp table igp4; };
		vpn6 mpls { import all; export all; igp table igp6; };
		flow4 { import all; export all; };
		flow6 { import all; export all; };
	}
	END
	spawn bird bird -f -c "$tmp/bird/conf" -s "$tmp/bird/ctl" \
	    -P "$tmp/bird/bird.pid"
	until_true 20 bi show status
}

# ------------------------------------------------------------------ the routes

# rib add|del: each line of the input, as GoBGP has it.
rib() {
	local line
	while read -r line; do
		# shellcheck disable=SC2086
		go global rib "$1" -a $line || return 1
	done
}

# What GoBGP announces, with labels that are changed later.
announce_all() {
	local vpn='rd 64512:100 rt 64512:100' hop='nexthop 10.99.0.2'
	local ev="rd 64512:100 rt 64512:200 encap vxlan $hop"
	rib add <<-END
	vpnv4 10.1.0.0/16 label $1 $vpn $hop
	vpnv4 10.2.0.0/16 label 102 $vpn $hop
	vpnv6 2001:db8:1::/48 label $1 $vpn nexthop 2001:db8:99::2
	evpn macadv aa:bb:cc:dd:ee:01 10.1.1.1 etag 100 label $(($1 + 1000)) $ev
	evpn multicast 10.99.0.2 etag 100 $ev
	evpn prefix 10.5.0.0/16 etag 0 label $(($1 + 5000)) $ev
	ipv4-flowspec match destination 10.3.0.0/24 source 20.0.0.0/24 protocol tcp then discard
	ipv4-mpls 10.8.0.0/16 $(($1 + 8000)) $hop
	END
}

withdraw_all() {
	rib del <<-END
	vpnv4 10.1.0.0/16 label 1 rd 64512:100
	evpn macadv aa:bb:cc:dd:ee:01 10.1.1.1 etag 100 label 9 rd 64512:100
	evpn prefix 10.5.0.0/16 etag 0 rd 64512:100
	ipv4-flowspec match destination 10.3.0.0/24 source 20.0.0.0/24 protocol tcp then discard
	ipv4-mpls 10.8.0.0/16 1
	END
}

# has TEXT WORD...: all of them stand in it.
has() {
	local text=$1 word
	shift
	for word in "$@"; do
		grep -qF -- "$word" <<< "$text" ||
		    { echo "no \"$word\" in"; echo "$text"; return 1; }
	done
}

stamp='Originator: 10.255.0.2, Cluster list: 10.255.255.1'

frr_vpn() { # LABEL
	has "$(fr 'show bgp ipv4 vpn 10.1.0.0/16')" "$stamp" \
	    '10.99.0.2 from 127.0.0.1' 'RT:64512:100' "Remote label: $1" &&
	has "$(fr 'show bgp ipv6 vpn 2001:db8:1::/48')" "$stamp" \
	    '2001:db8:99::2 from 127.0.0.1' 'RT:64512:100' "Remote label: $1"
}

frr_evpn() { # LABEL
	local said
	said=$(fr 'show bgp l2vpn evpn route detail')
	has "$said" "$stamp" '10.99.0.2 from 127.0.0.1' 'RT:64512:200 ET:8' \
	    "[2]:[100]:[48]:[aa:bb:cc:dd:ee:01]:[32]:[10.1.1.1] VNI $(($1 + 1000))" \
	    'Route [3]:[100]:[32]:[10.99.0.2]' \
	    "Route [5]:[0]:[16]:[10.5.0.0] VNI $(($1 + 5000))" &&
	has "$said" 'Displayed 3 prefixes (3 paths)'
}

frr_flow() {
	has "$(fr 'show bgp ipv4 flowspec detail')" 'Address 10.3.0.0/24' \
	    'Source Address 20.0.0.0/24' 'IP Protocol = 6' 'FS:rate 0.0' \
	    'Address 10.4.0.0/16' 'Destination Port > 24 , < 30' \
	    'Displayed  2 flowspec entries'
}

frr_labeled() { # LABEL
	has "$(fr 'show bgp ipv4 labeled-unicast 10.8.0.0/16')" "$stamp" \
	    '10.99.0.2 from 127.0.0.1' "Remote label: $(($1 + 8000))"
}

bird_vpn() { # LABEL
	local want
	want=$(printf '\t%s\n' 'BGP.next_hop: 10.99.0.2' 'BGP.local_pref: 100' \
	    'BGP.originator_id: 10.255.0.2' 'BGP.cluster_list: 10.255.255.1' \
	    'BGP.ext_community: (rt, 64512, 100)' "BGP.mpls_label_stack: $1")
	has "$(bi show route all table vpntab4 | tr '\n' '~')" \
	    '64512:100 10.1.0.0/16 ' "$(tr '\n' '~' <<< "$want")" \
	    '64512:7 10.77.0.0/16 ' &&
	has "$(bi show route all table vpntab6)" \
	    '64512:100 2001:db8:1::/48 ' 'BGP.next_hop: 2001:db8:99::2' \
	    "BGP.mpls_label_stack: $1"
}

bird_flow() {
	has "$(bi show route all table flowtab4 protocol reflector)" \
	    'flow4 { dst 10.3.0.0/24; src 20.0.0.0/24; proto 6; }' \
	    'BGP.originator_id: 10.255.0.2' \
	    'BGP.ext_community: (generic, 0x80060000, 0x0)'
}

go_hears() {
	go -j global rib -a vpnv4 | jq -e '."64512:7:10.77.0.0/16"[0] |
	    .nlri.labels == [777] and (.attrs | any(.value == "10.255.0.3") and
	    any(.value == ["10.255.255.1"]) and any(.nexthop == "127.0.0.3"))' &&
	go -j global rib -a ipv4-flowspec |
	    jq -e '[.[][] | select(."source-id")][0].attrs |
	    any(.value == "10.255.0.4")' &&
	go -j global rib -a ipv6-flowspec | jq -e 'length == 1'
}

# What is left when GoBGP has withdrawn all that withdraw_all says.
frr_lost() {
	local vpn
	vpn=$(fr 'show bgp ipv4 vpn')
	has "$vpn" '10.2.0.0/16' 'Displayed  2 routes' &&
	has "$(fr 'show bgp l2vpn evpn')" 'Displayed 1 out of 1' &&
	has "$(fr 'show bgp ipv4 flowspec detail')" 'Displayed  1 flowspec' &&
	! fr 'show bgp ipv4 labeled-unicast' | grep -F 10.8.0.0
}

bird_counts() { # VPNV4 FLOW4
	has "$(bi show route count table vpntab4)" "$1 of $1 routes" &&
	has "$(bi show route count protocol reflector table flowtab4)" \
	    "$2 of "
}

dut_counts() { # ROUTES
	has "$(ask_dut show route count)" "Total: $1 of $1 routes"
}

# ------------------------------------------------------------------- the test

capture
must 'the reflector starts' start_dut
must 'GoBGP starts' start_gobgp
must 'FRR starts' start_frr
must 'BIRD starts' start_bird
within 40 'three sessions are established' established 3
check 'GoBGP announces VPNv4, VPNv6, EVPN, flowspec, labeled' announce_all 100
within 20 'FRR shows the VPN routes as announced' frr_vpn 100
within 20 'FRR shows EVPN types 2, 3 and 5' frr_evpn 100
within 20 'FRR shows the flow specifications of GoBGP and BIRD' frr_flow
within 20 'FRR shows the labeled route' frr_labeled 100
within 20 'BIRD shows the VPN routes of GoBGP and FRR' bird_vpn 100
within 20 'BIRD shows the flow specification' bird_flow
within 20 'GoBGP hears FRR and BIRD' go_hears
within 20 'the reflector counts what it holds' dut_counts 11
check 'it shows them by name' has "$(ask_dut show route all)" \
    'Table l2vpn-evpn:' '[3]:[64512:100]:[100]:[10.99.0.2]' \
    '64512:100:10.1.0.0/16 label 100' 'dst 10.3.0.0/24 src 20.0.0.0/24' \
    '10.8.0.0/16 label 8100' 'BGP.next_hop: 2001:db8:99::2'
check 'it shows a channel for each family' has \
    "$(ask_dut show protocols all Node_127_0_0_3)" 'Channel vpnv4' \
    'Channel l2vpn-evpn' 'Routes:         1 imported, 0 filtered, 2 exported'

check 'GoBGP changes all labels' announce_all 200
within 20 'FRR shows the new labels of the VPN routes' frr_vpn 200
within 20 'FRR shows the new labels of EVPN' frr_evpn 200
within 20 'FRR shows the new label' frr_labeled 200
within 20 'BIRD shows the new labels' bird_vpn 200

check 'GoBGP withdraws, with labels of no meaning' withdraw_all
within 20 'FRR loses these and only these' frr_lost
within 20 'BIRD loses these and only these' bird_counts 2 0
check 'GoBGP announces all again' announce_all 300
within 20 'FRR hears them again' frr_vpn 300
check 'GoBGP is killed' end gobgp
within 20 'BIRD loses all of GoBGP' bird_counts 1 0
within 20 'the reflector holds the rest' dut_counts 3
must 'GoBGP returns' start_gobgp
within 40 'GoBGP hears all again' go_hears
check 'and announces' announce_all 400
within 20 'BIRD hears it' bird_vpn 400
check 'the reflector ends with exit status 0' stop_dut
check_capture
[ -z "$captured" ] || check 'all families were spoken' eval \
    'for safi in 4 128 133 70; do
    some_frames "bgp.update.path_attribute.mp_reach_nlri.safi == $safi" ||
    exit 1; done'
done_testing
