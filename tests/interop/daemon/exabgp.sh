#!/bin/bash
# exabgp.sh: ExaBGP as a client of the reflector.  Verbs: see common.sh.
#
# It has no table.  A process of its own API passes on the commands that come
# through a FIFO, and writes down what it hears as JSON; the table is what
# remains of that when every announcement and withdrawal was played.
. "$(dirname "$0")/common.sh"
needs='exabgp jq mkfifo'

begin() {
	rm -f "$DIR/commands" "$DIR/heard"
	mkfifo "$DIR/commands"
	# When ExaBGP is gone its pipe ends, and then both readers must.
	cat > "$DIR/api" <<-END
	#!/bin/bash
	cat <> "$DIR/commands" &
	cat > "$DIR/heard"
	kill \$!
	END
	chmod 755 "$DIR/api"
	cat > "$DIR/exabgp.conf" <<-END
	process api {
		run /bin/bash $DIR/api;
		encoder json;
	}
	neighbor $DUT_ADDRESS {
		router-id $ROUTER_ID;
		local-address $ADDRESS;
		local-as $AS;
		peer-as $AS;
		hold-time $HOLD_TIME;
		connect $DUT_PORT;
		${PASSWORD:+md5-password $PASSWORD; md5-base64 false;}
		family { ipv4 unicast; ipv6 unicast; }
		api {
			processes [ api ];
			neighbor-changes;
			receive { parsed; update; }
		}
	}
	END
	spawn env exabgp.api.cli=false exabgp.api.ack=false \
	    exabgp.daemon.user="$(id -un)" exabgp.daemon.drop=false \
	    exabgp "$DIR/exabgp.conf"
}

ready() {
	[ -e "$DIR/heard" ]
}

announce() {
	local line="announce route $1 next-hop $2 origin igp"
	[ "$3" = - ] || line+=" as-path [ ${3//,/ } ]"
	[ "$4" = - ] || line+=" med $4"
	[ "$5" = - ] || line+=" local-preference $5"
	[ "$6" = - ] || line+=" community [ ${6//,/ } ]"
	[ "$7" = - ] || line+=" large-community [ ${7//,/ } ]"
	echo "$2" > "$DIR/hop-${1//[:\/]/-}"
	echo "$line" > "$DIR/commands"
}

withdraw() {
	echo "withdraw route $1 next-hop $(cat "$DIR/hop-${1//[:\/]/-}")" \
	    > "$DIR/commands"
}

routes() {
	jq -rR -n -f "$(dirname "$0")/exabgp.jq" "$DIR/heard"
}

main "$@"
