/*
 * attr.h - one row per path attribute, and the questions asked of a value.
 */
#ifndef BGP_CODEC_ATTR_H
#define BGP_CODEC_ATTR_H

#include "bgp/codec.h"
#include "libbgp/base/octets.h"
#include "libbgp/base/text.h"

/* What is wrong with an attribute; remedy NONE: nothing. */
struct bgp__verdict {
	enum bgp_remedy remedy;
	uint8_t subcode; /* of an UPDATE Message Error */
	const char *reason;
};

/*
 * One attribute type.  A length is sound when it is min, min + unit, … up to
 * 65535; unit 0: min alone.  check looks at a value of sound length.
 */
struct bgp__attr_rule {
	const char *name; /* NULL: the type is not recognised */
	uint8_t flags;    /* Optional and Transitive, as the type is defined */
	uint8_t flags_remedy; /* where they differ */
	uint8_t min;
	uint8_t unit;
	uint8_t remedy;  /* where the length is wrong */
	uint8_t subcode; /* where check finds fault */
	bool ibgp_only;  /* from another AS it is discarded */
	enum bgp_remedy (*check)(const struct bgp_codec *codec,
				 const struct bgp_attr *attr);
	void (*text)(struct bgp__text *t, const struct bgp_attr *attr);
};

extern const struct bgp__attr_rule bgp__attr_rules[256];

/* Judges flags, length and value by the row of the type. */
struct bgp__verdict bgp__attr_judge(const struct bgp_codec *codec,
				    const struct bgp_attr *attr);

/*
 * Takes the next attribute off a block.  false: no whole attribute is left; the
 * block was sound when r->at == r->end.
 */
static inline bool
bgp__attr_next(struct bgp__reader *r, struct bgp_attr *out)
{
	size_t left = bgp__left(r), head = 3;

	if (left < 3)
		return false;
	out->flags = r->at[0];
	out->code = r->at[1];
	out->len = r->at[2];
	if ((out->flags & BGP_ATTR_EXTENDED) != 0) {
		if (left < 4)
			return false;
		out->len = bgp__load16(r->at + 2);
		head = 4;
	}
	if (left - head < out->len)
		return false;
	out->value = r->at + head;
	r->at += head + out->len;
	return true;
}

/* ------------------------------------------------- checks of one value each */

typedef enum bgp_remedy bgp__attr_check(const struct bgp_codec *codec,
					const struct bgp_attr *attr);

bgp__attr_check bgp__check_as_path, bgp__check_as4_path;
bgp__attr_check bgp__check_origin, bgp__check_aggregator;
bgp__attr_check bgp__check_as4_aggregator, bgp__check_pmsi_tunnel;
bgp__attr_check bgp__check_tunnel_encap, bgp__check_aigp;
bgp__attr_check bgp__check_pe_labels, bgp__check_bgp_ls;
bgp__attr_check bgp__check_d_path, bgp__check_prefix_sid, bgp__check_set;

#endif
