/*
 * open.c - the OPEN message, read and written.
 *
 *    19  20    22    24       28
 *   +---+-----+-----+--------+---+--------------------- - -
 *   |ver|my AS|hold | id     |len| parameters
 *   +---+-----+-----+--------+---+--------------------- - -
 *                            |255|255|len16| parameters      RFC 9072
 *
 * A parameter is type, length (two octets in the form of RFC 9072), value; the
 * only type still in use holds capabilities: code, length, value.
 *                                        RFC 4271 4.2, 6.2, RFC 5492, RFC 9072
 */
#include "bgp/codec.h"
#include "libbgp/codec/capability.h"
#include "libbgp/codec/fault.h"
#include "libbgp/codec/frame.h"

enum {
	PARAM_CAPABILITIES = 2, /* RFC 5492 4 */
	PARAM_EXTENDED = 255    /* RFC 9072 2 */
};

static int
malformed(struct bgp_fault *fault, const char *reason)
{
	return bgp__reset(fault, BGP__ERR_OPEN, BGP__OPEN_UNSPECIFIC, reason);
}

/* ------------------------------------------------------------------ decode */

static int
take_capability(struct bgp__reader *r, struct bgp_open *out,
		struct bgp_fault *fault)
{
	struct bgp_capability cap;

	cap.code = bgp__read8(r);
	cap.len = bgp__read8(r);
	cap.value = bgp__read(r, cap.len);
	if (r->bad)
		return malformed(fault, "capability overruns its parameter");
	if (!bgp__capability_is_sound(&cap))
		return malformed(fault, "capability of a wrong length");
	if (out->capability_count == BGP_CAPABILITIES_MAX)
		return malformed(fault, "too many capabilities");
	out->capabilities[out->capability_count++] = cap;
	if (cap.code == BGP_CAP_AS4) {
		out->as4 = true;
		out->as = bgp__load32(cap.value);
	}
	return BGP_OK;
}

static int
take_parameter(struct bgp__reader *r, bool extended, struct bgp_open *out,
	       struct bgp_fault *fault)
{
	uint8_t type = bgp__read8(r);
	size_t len = extended ? bgp__read16(r) : bgp__read8(r);
	struct bgp__reader body = bgp__read_sub(r, len);
	int err = BGP_OK;

	if (r->bad)
		return malformed(fault, "parameter overruns the OPEN");
	if (type != PARAM_CAPABILITIES)
		return bgp__reset(fault, BGP__ERR_OPEN, BGP__OPEN_PARAMETER,
				  "unsupported optional parameter");
	while (err == BGP_OK && bgp__left(&body) > 0)
		err = take_capability(&body, out, fault);
	return err;
}

static int
take_parameters(const uint8_t *msg, size_t len, struct bgp_open *out,
		struct bgp_fault *fault)
{
	struct bgp__reader r = bgp__reader(msg + 28, len - 28);
	size_t params_len = bgp__read8(&r);
	bool extended = params_len > 0 && bgp__left(&r) > 0 &&
	    r.at[0] == PARAM_EXTENDED;
	int err = BGP_OK;

	if (extended) {
		bgp__read8(&r);
		params_len = bgp__read16(&r);
	}
	if (r.bad || params_len != bgp__left(&r))
		return malformed(fault, "parameters do not fill the OPEN");
	while (err == BGP_OK && bgp__left(&r) > 0)
		err = take_parameter(&r, extended, out, fault);
	return err;
}

static int
judge_fields(const struct bgp_open *open, const uint8_t *msg,
	     struct bgp_fault *fault)
{
	static const uint8_t version[] = { 0, 4 };

	if (open->version != 4)
		return bgp__reset_data(fault, BGP__ERR_OPEN, BGP__OPEN_VERSION,
				       "unsupported version", version,
				       sizeof version);
	if (open->hold_time_s == 1 || open->hold_time_s == 2)
		return bgp__reset_data(fault, BGP__ERR_OPEN,
				       BGP__OPEN_HOLD_TIME,
				       "unacceptable hold time", msg + 22, 2);
	if (open->router_id == 0)
		return bgp__reset_data(fault, BGP__ERR_OPEN, BGP__OPEN_ID,
				       "router id 0", msg + 24, 4);
	return BGP_OK;
}

int
bgp_open_decode(const uint8_t *msg, size_t len, struct bgp_open *out,
		struct bgp_fault *fault)
{
	*fault = (struct bgp_fault){ .remedy = BGP_REMEDY_NONE };
	out->as4 = false;
	out->capability_count = 0;
	if (len < BGP__OPEN_LEN)
		return malformed(fault, "OPEN of less than 29 octets");
	out->version = msg[19];
	out->my_as = bgp__load16(msg + 20);
	out->hold_time_s = bgp__load16(msg + 22);
	out->router_id = bgp__load32(msg + 24);
	out->as = out->my_as;
	if (judge_fields(out, msg, fault) < 0 ||
	    take_parameters(msg, len, out, fault) < 0)
		return BGP_ERR_MALFORMED;
	if (out->my_as == 0 || out->as == 0)
		return bgp__reset(fault, BGP__ERR_OPEN, BGP__OPEN_AS,
				  "AS 0"); /* RFC 7607 2 */
	return BGP_OK;
}

/* ------------------------------------------------------------------ encode */

/* Octets of all capabilities with their headers. */
static size_t
capabilities_len(const struct bgp_open *open)
{
	size_t len = 0;

	for (size_t i = 0; i < open->capability_count; i++)
		len += 2 + (size_t)open->capabilities[i].len;
	return len;
}

/* One parameter for all; with two octets of length where one is too few. */
static void
write_parameters(struct bgp__writer *w, const struct bgp_open *open)
{
	size_t len = capabilities_len(open);

	if (len == 0) {
		bgp__write8(w, 0);
	} else if (len + 2 <= 255) {
		bgp__write8(w, (unsigned)len + 2);
		bgp__write8(w, PARAM_CAPABILITIES);
		bgp__write8(w, (unsigned)len);
	} else {
		bgp__write8(w, 255);
		bgp__write8(w, PARAM_EXTENDED);
		bgp__write16(w, (unsigned)len + 3);
		bgp__write8(w, PARAM_CAPABILITIES);
		bgp__write16(w, (unsigned)len);
	}
	for (size_t i = 0; i < open->capability_count; i++) {
		const struct bgp_capability *cap = open->capabilities + i;

		bgp__write8(w, cap->code);
		bgp__write8(w, cap->len);
		bgp__write(w, cap->value, cap->len);
	}
}

int
bgp_open_encode(const struct bgp_open *open, uint8_t *buf, size_t size)
{
	struct bgp__writer w = bgp__writer(
	    buf, size < BGP_MESSAGE_MAX ? size : BGP_MESSAGE_MAX);

	if (open->capability_count > BGP_CAPABILITIES_MAX)
		return BGP_ERR_INVALID;
	bgp__frame_begin(&w, BGP_OPEN);
	bgp__write8(&w, open->version);
	bgp__write16(&w, open->as > 65535 ? BGP_AS_TRANS : open->as);
	bgp__write16(&w, open->hold_time_s);
	bgp__write32(&w, open->router_id);
	write_parameters(&w, open);
	return bgp__frame_end(&w);
}
