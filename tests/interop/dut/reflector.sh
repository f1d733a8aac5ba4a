#!/bin/sh
# reflector.sh: libbgp's example reflector as the reflector under test.
#
# In the environment: REFLECTOR (the program), DIR, AS, DUT_ADDRESS, DUT_PORT,
# DUT_ID, CLUSTER_ID, HOLD_TIME and, for single peers, DUT_OPTIONS.  Stays in
# the foreground; its control socket is DIR/ctl.
# shellcheck disable=SC2086
exec "$REFLECTOR" --as "$AS" --router-id "$DUT_ID" --cluster-id "$CLUSTER_ID" \
	--listen "$DUT_ADDRESS:$DUT_PORT" --hold-time "$HOLD_TIME" \
	--control "$DIR/ctl" --log info \
	${DUT_OPTIONS:---client 127.0.0.0/8}
