/*
 * family.h - the address families that the library knows, one row each.
 */
#ifndef BGP_CODEC_FAMILY_H
#define BGP_CODEC_FAMILY_H

#include "bgp/codec.h"
#include "libbgp/base/text.h"

/*
 * What is found of one NLRI that lies whole in its list; of a list the worst
 * counts, and what follows from it is in nlri.h.
 */
enum bgp__nlri_verdict {
	BGP__NLRI_SOUND,
	BGP__NLRI_UNKNOWN,  /* of a type that is not known   RFC 7606 5.4 */
	BGP__NLRI_ODD,      /* malformed, and left out alone RFC 9552 8.2.2 */
	BGP__NLRI_UNUSABLE, /* a value that it cannot have   RFC 7606 2 */
	BGP__NLRI_MALFORMED /* a length that it cannot have  RFC 7606 5.3 */
};

/* A checker gets one NLRI with its header, without its path id; all its len
 * octets are there. */
typedef enum bgp__nlri_verdict bgp__nlri_check(const struct bgp_nlri_list *list,
					       const uint8_t *nlri, size_t len);

struct bgp__family {
	bgp_family family;
	const char *name;
	uint8_t form;           /* enum bgp_nlri_form */
	uint16_t bits_min;      /* BGP_NLRI_BITS: least length in bits */
	uint16_t bits_max;      /* BGP_NLRI_BITS: greatest length in bits */
	uint16_t next_hops;     /* bit n: a next hop of 4 * n octets is sound */
	uint16_t ext_next_hops; /* the same, where RFC 8950 was negotiated */
	bgp__nlri_check *check; /* NULL: the lengths of bits say it all */
	/* false and nothing written: hex */
	bool (*text)(struct bgp__text *t, const struct bgp_nlri *nlri);
};

/* The row, or NULL where the family is not known by name. */
const struct bgp__family *bgp__family_find(bgp_family family);

/* Whether its NLRI begin with labels, RFC 8277 2. */
bool bgp__family_has_labels(bgp_family family);

/* Text of the NLRI of the family in the name; false where it is not to be
 * had, and then nothing is written. */
bool bgp__text_nlri_prefix(struct bgp__text *t, const struct bgp_nlri *nlri);
bool bgp__text_nlri_labeled(struct bgp__text *t, const struct bgp_nlri *nlri);
bool bgp__text_nlri_vpn(struct bgp__text *t, const struct bgp_nlri *nlri);
bool bgp__text_nlri_vpn_plain(struct bgp__text *t, const struct bgp_nlri *nlri);
bool bgp__text_nlri_rtc(struct bgp__text *t, const struct bgp_nlri *nlri);
bool bgp__text_nlri_vpls(struct bgp__text *t, const struct bgp_nlri *nlri);
bool bgp__text_nlri_sr_policy(struct bgp__text *t, const struct bgp_nlri *nlri);
bool bgp__text_nlri_flow(struct bgp__text *t, const struct bgp_nlri *nlri);
bool bgp__text_nlri_evpn(struct bgp__text *t, const struct bgp_nlri *nlri);
bool bgp__text_nlri_mvpn(struct bgp__text *t, const struct bgp_nlri *nlri);
bool bgp__text_nlri_mup(struct bgp__text *t, const struct bgp_nlri *nlri);
bool bgp__text_nlri_link_state(struct bgp__text *t,
			       const struct bgp_nlri *nlri);

/* ------------------------------------------------- checkers of NLRI, by row */

bgp__nlri_check bgp__check_nlri_labeled, bgp__check_nlri_vpls;
bgp__nlri_check bgp__check_nlri_link_state, bgp__check_nlri_evpn;
bgp__nlri_check bgp__check_nlri_flow, bgp__check_nlri_mvpn;
bgp__nlri_check bgp__check_nlri_mup;

/* One EVPN route with its type and length; types that are not known are
 * sound.                                            RFC 7432 7, 9136 3 */
bool bgp__evpn_is_sound(const uint8_t *nlri, size_t len);

#endif
