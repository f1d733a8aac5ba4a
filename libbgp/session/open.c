/*
 * open.c - what our own OPEN says.       RFC 4271 4.2, RFC 5492, 4760 8, 6793
 *
 * Built from the options whenever it is needed, to be sent or to be negotiated
 * with; it is not kept.  Capabilities in this order:
 *
 *   MP per family | refresh | IPv6 next hops | extended message | labels |
 *   AS4 | ADD-PATH | those of the host
 */
#include "libbgp/base/octets.h"
#include "libbgp/session/session.h"

/* Capabilities whose values lie one behind the other at w. */
struct build {
	struct bgp_open *open;
	struct bgp__writer w;
	const uint8_t *from; /* begin of the value being written */
	bool full;
};

static void
add(struct build *b, uint8_t code, const uint8_t *value, size_t len)
{
	struct bgp_open *open = b->open;

	if (open->capability_count == BGP_CAPABILITIES_MAX) {
		b->full = true;
		return;
	}
	open->capabilities[open->capability_count++] = (struct bgp_capability){
		code, (uint8_t)len, value
	};
}

static void
end_value(struct build *b, uint8_t code)
{
	add(b, code, b->from, (size_t)(b->w.at - b->from));
	b->from = b->w.at;
}

static void
add_mp(struct build *b, const struct bgp_session_options *options)
{
	for (size_t i = 0; i < options->family_count; i++) {
		bgp__write16(&b->w, BGP_AFI(options->families[i].family));
		bgp__write16(&b->w, BGP_SAFI(options->families[i].family));
		end_value(b, BGP_CAP_MP);
	}
}

/* RFC 8950 4 */
static void
add_ext_next_hop(struct build *b, const struct bgp_session_options *options)
{
	for (size_t i = 0; i < options->family_count; i++) {
		if (!options->families[i].ext_next_hop)
			continue;
		bgp__write16(&b->w, BGP_AFI(options->families[i].family));
		bgp__write16(&b->w, BGP_SAFI(options->families[i].family));
		bgp__write16(&b->w, 2);
	}
	if (b->w.at != b->from)
		end_value(b, BGP_CAP_EXT_NEXT_HOP);
}

/* RFC 8277 2.1 */
static void
add_labels(struct build *b, const struct bgp_session_options *options)
{
	for (size_t i = 0; i < options->family_count; i++) {
		if (options->families[i].labels == 0)
			continue;
		bgp__write16(&b->w, BGP_AFI(options->families[i].family));
		bgp__write8(&b->w, BGP_SAFI(options->families[i].family));
		bgp__write8(&b->w, options->families[i].labels);
	}
	if (b->w.at != b->from)
		end_value(b, BGP_CAP_MULTIPLE_LABELS);
}

/* RFC 7911 4 */
static void
add_add_path(struct build *b, const struct bgp_session_options *options)
{
	for (size_t i = 0; i < options->family_count; i++) {
		const struct bgp_family_offer *f = options->families + i;

		if (!f->add_path_receive && !f->add_path_send)
			continue;
		bgp__write16(&b->w, BGP_AFI(f->family));
		bgp__write8(&b->w, BGP_SAFI(f->family));
		bgp__write8(&b->w,
			    (f->add_path_receive ? 1u : 0u) |
				(f->add_path_send ? 2u : 0u));
	}
	if (b->w.at != b->from)
		end_value(b, BGP_CAP_ADD_PATH);
}

int
bgp__open_build(const struct bgp_session_options *options,
		struct bgp__local_open *out)
{
	struct bgp_open *open = &out->open;
	struct build b = { .open = open };

	b.w = bgp__writer(out->values, sizeof out->values);
	b.from = out->values;
	open->version = 4;
	open->as = options->local_as;
	open->my_as = (uint16_t)(open->as > 65535 ? BGP_AS_TRANS : open->as);
	open->as4 = true;
	open->hold_time_s = options->hold_time_s;
	open->router_id = options->router_id;
	open->capability_count = 0;
	add_mp(&b, options);
	if (!options->no_refresh)
		add(&b, BGP_CAP_REFRESH, NULL, 0);
	add_ext_next_hop(&b, options);
	if (options->ext_message)
		add(&b, BGP_CAP_EXT_MESSAGE, NULL, 0);
	add_labels(&b, options);
	bgp__write32(&b.w, options->local_as);
	end_value(&b, BGP_CAP_AS4);
	add_add_path(&b, options);
	for (size_t i = 0; i < options->capability_count; i++)
		add(&b, options->capabilities[i].code,
		    options->capabilities[i].value,
		    options->capabilities[i].len);
	return b.full ? BGP_ERR_LIMIT : BGP_OK;
}

struct bgp_open_wanted
bgp__open_wanted(const struct bgp_session_options *options)
{
	struct bgp_open_wanted wanted = { .peer_as = options->peer_as,
					  .local_as = options->local_as,
					  .router_id = options->router_id };

	for (size_t i = 0; i < options->capability_count; i++) {
		const struct bgp_capability *cap = &options->capabilities[i];

		if (cap->code != BGP_CAP_ROLE || cap->len != 1)
			continue;
		wanted.has_role = true;
		wanted.role = cap->value[0];
	}
	return wanted;
}
