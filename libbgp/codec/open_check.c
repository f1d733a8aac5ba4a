/*
 * open_check.c - is this the peer that was configured?
 *
 * One order for all faults, so that an OPEN with several of them is always
 * refused for the same one:
 *
 *   version -> AS -> hold time -> identifier -> parameters -> role
 *
 * The decoder has judged the message in itself; where it found something that
 * comes later in this order, the AS and the identifier are asked first.
 *                      RFC 4271 6.2, RFC 6286 2.2, RFC 6793, RFC 7607, RFC 9234
 */
#include "libbgp/codec/fault.h"

/* whole: the AS4 capability was read as well.  AS_TRANS stands for a number
 * that only the capability can tell. */
static bool
as_is_wrong(const struct bgp_open_wanted *wanted, const struct bgp_open *open,
	    bool whole)
{
	uint32_t as = whole ? open->as : open->my_as;

	if (as == 0) /* of a whole OPEN neither is: bgp_open_decode */
		return true;
	if (!whole && as == BGP_AS_TRANS)
		return false;
	if (as == BGP_AS_TRANS)
		return true;
	return wanted->peer_as != 0 && as != wanted->peer_as;
}

/* Which AS it was is worth a line in both logs: its octets in the message, of
 * the capability where there is one.  The RFC asks for no data here, daemons
 * send it. */
static int
refuse_as(struct bgp_fault *fault, const uint8_t *msg,
	  const struct bgp_open *open, bool whole)
{
	bgp__reset_data(fault, BGP__ERR_OPEN, BGP__OPEN_AS,
			"AS is not the one expected", msg + 20, 2);
	for (size_t i = 0; whole && i < open->capability_count; i++) {
		const struct bgp_capability *cap = &open->capabilities[i];

		if (cap->code == BGP_CAP_AS4) {
			fault->data = cap->value;
			fault->data_len = 4;
		}
	}
	return BGP_ERR_MALFORMED;
}

/* Equal identifiers are for different AS only.               RFC 6286 2.2 */
static bool
id_is_wrong(const struct bgp_open_wanted *wanted, const struct bgp_open *open)
{
	return open->router_id == 0 ||
	    (open->router_id == wanted->router_id &&
	     open->as == wanted->local_as);
}

/* -------------------------------------------------------------------- role */

/* What the other side has to be, by our role.              RFC 9234 4.2 */
static const uint8_t role_partner[] = {
	3, /* provider      - customer */
	2, /* route server  - its client */
	1, /* its client    - route server */
	0, /* customer      - provider */
	4  /* peer          - peer */
};

static bool
role_is_wrong(const struct bgp_open_wanted *wanted, const struct bgp_open *open)
{
	if (!wanted->has_role || wanted->role >= sizeof role_partner ||
	    open->as == wanted->local_as)
		return false;
	for (size_t i = 0; i < open->capability_count; i++)
		if (open->capabilities[i].code == BGP_CAP_ROLE &&
		    open->capabilities[i].value[0] !=
			role_partner[wanted->role])
			return true;
	return false;
}

int
bgp_open_check(const struct bgp_open_wanted *wanted, const uint8_t *msg,
	       size_t len, struct bgp_open *out, struct bgp_fault *fault)
{
	int err = bgp_open_decode(msg, len, out, fault);

	if (len < BGP__OPEN_LEN ||
	    (err < 0 && fault->subcode == BGP__OPEN_VERSION))
		return err;
	if (as_is_wrong(wanted, out, err == BGP_OK))
		return refuse_as(fault, msg, out, err == BGP_OK);
	if (err < 0 && fault->subcode == BGP__OPEN_HOLD_TIME)
		return err;
	if (id_is_wrong(wanted, out))
		return bgp__reset_data(fault, BGP__ERR_OPEN, BGP__OPEN_ID,
				       "router id 0, or our own", msg + 24, 4);
	if (err < 0)
		return err;
	if (role_is_wrong(wanted, out))
		return bgp__reset(fault, BGP__ERR_OPEN, BGP__OPEN_ROLE,
				  "role mismatch");
	return BGP_OK;
}
