/*
 * negotiate.c - two OPENs in, one codec out.
 *
 *   local OPEN  ---+
 *                  +--->  AS size, message limits, families with ADD-PATH,
 *   remote OPEN ---+      IPv6 next hops and stacks of labels
 *
 *                  RFC 5492, 4760 8, 6793 3, 7911 4, 8277 2.1, 8654 4, 8950 4
 */
#include "bgp/codec.h"
#include "libbgp/base/octets.h"
#include "libbgp/codec/capability.h"
#include "libbgp/codec/family.h"

enum { ADD_PATH_RECEIVE = 1, ADD_PATH_SEND = 2 };

static bool
has_capability(const struct bgp_open *open, uint8_t code)
{
	size_t from = 0;

	return bgp__capability_find(open, code, &from) != NULL;
}

static bgp_family
family_of(const struct bgp_capability *cap)
{
	return BGP_FAMILY(bgp__load16(cap->value), cap->value[3]);
}

static bool
cap_is_family(const struct bgp_capability *cap, bgp_family family)
{
	return cap->len == 4 && family_of(cap) == family;
}

/* Without any MP capability a side speaks IPv4 unicast.       RFC 4760 8 */
static bool
speaks(const struct bgp_open *open, bgp_family family)
{
	const struct bgp_capability *cap;
	bool any = false;
	size_t from = 0;

	while ((cap = bgp__capability_find(open, BGP_CAP_MP, &from)) != NULL) {
		if (cap_is_family(cap, family))
			return true;
		any = true;
	}
	return !any && family == BGP_IPV4_UNICAST;
}

/* What a side says of ADD-PATH in a family: the first tuple counts, and only
 * values 1 to 3.                                               RFC 7911 4 */
static uint8_t
add_path(const struct bgp_open *open, bgp_family family)
{
	const struct bgp_capability *cap;
	size_t from = 0;

	while ((cap = bgp__capability_find(open, BGP_CAP_ADD_PATH, &from)) !=
	       NULL) {
		for (size_t i = 0; i + 4 <= cap->len; i += 4) {
			const uint8_t *t = cap->value + i;

			if (BGP_FAMILY(bgp__load16(t), t[2]) == family)
				return t[3] <= 3 ? t[3] : 0;
		}
	}
	return 0;
}

/* Whether a side takes IPv6 next hops in an IPv4 family.       RFC 8950 4 */
static bool
ext_next_hop(const struct bgp_open *open, bgp_family family)
{
	const struct bgp_capability *cap;
	size_t from = 0;

	while ((cap = bgp__capability_find(open, BGP_CAP_EXT_NEXT_HOP,
					   &from)) != NULL) {
		for (size_t i = 0; i + 6 <= cap->len; i += 6) {
			const uint8_t *t = cap->value + i;

			if (bgp__load16(t) == BGP_AFI(family) &&
			    bgp__load16(t + 2) == BGP_SAFI(family) &&
			    bgp__load16(t + 4) == 2)
				return true;
		}
	}
	return false;
}

/* Most labels that a side takes in a family; 0: it did not say so.  The first
 * capability and its first tuple count, 0 and 1 do not.     RFC 8277 2.1 */
static uint8_t
labels(const struct bgp_open *open, bgp_family family)
{
	size_t from = 0;
	const struct bgp_capability *cap = bgp__capability_find(
	    open, BGP_CAP_MULTIPLE_LABELS, &from);

	if (cap == NULL || !bgp__family_has_labels(family))
		return 0;
	for (size_t i = 0; i + 4 <= cap->len; i += 4) {
		const uint8_t *t = cap->value + i;

		if (BGP_FAMILY(bgp__load16(t), t[2]) == family)
			return t[3] > 1 ? t[3] : 0;
	}
	return 0;
}

static void
add_family(const struct bgp_open *local, const struct bgp_open *remote,
	   bgp_family family, struct bgp_codec *out)
{
	struct bgp_family_codec *f = out->families + out->family_count;
	uint8_t ours = add_path(local, family);
	uint8_t theirs = add_path(remote, family);

	if (out->family_count == BGP_FAMILIES_MAX ||
	    bgp_codec_family(out, family) != NULL || !speaks(remote, family))
		return;
	f->family = family;
	f->add_path_in = (ours & ADD_PATH_RECEIVE) != 0 &&
	    (theirs & ADD_PATH_SEND) != 0;
	f->add_path_out = (ours & ADD_PATH_SEND) != 0 &&
	    (theirs & ADD_PATH_RECEIVE) != 0;
	f->ext_next_hop = ext_next_hop(local, family) &&
	    ext_next_hop(remote, family);
	if (labels(local, family) != 0 && labels(remote, family) != 0) {
		f->labels_in = labels(local, family);
		f->labels_out = labels(remote, family);
	}
	out->family_count++;
}

static void
add_families(const struct bgp_open *local, const struct bgp_open *remote,
	     struct bgp_codec *out)
{
	const struct bgp_capability *cap;
	size_t from = 0;

	if (speaks(local, BGP_IPV4_UNICAST) &&
	    !has_capability(local, BGP_CAP_MP))
		add_family(local, remote, BGP_IPV4_UNICAST, out);
	while ((cap = bgp__capability_find(local, BGP_CAP_MP, &from)) != NULL)
		if (cap->len == 4)
			add_family(local, remote, family_of(cap), out);
}

/* Long messages are taken as soon as we said that we take them, and sent only
 * where both sides said so: a peer that announces the capability but heard none
 * may still hold us to 4096 octets, as FRR does.              RFC 8654 4 */
void
bgp_codec_negotiate(const struct bgp_open *local, const struct bgp_open *remote,
		    struct bgp_codec *out)
{
	*out = (struct bgp_codec){
		.as4 = has_capability(local, BGP_CAP_AS4) &&
		    has_capability(remote, BGP_CAP_AS4),
		.ebgp = local->as != remote->as,
		.local_as = local->as,
		.peer_as = remote->as,
		.message_in_max = has_capability(local, BGP_CAP_EXT_MESSAGE)
		    ? BGP_MESSAGE_EXT_MAX
		    : BGP_MESSAGE_MAX,
		.message_out_max = has_capability(local, BGP_CAP_EXT_MESSAGE) &&
			has_capability(remote, BGP_CAP_EXT_MESSAGE)
		    ? BGP_MESSAGE_EXT_MAX
		    : BGP_MESSAGE_MAX,
	};
	add_families(local, remote, out);
}

const struct bgp_family_codec *
bgp_codec_family(const struct bgp_codec *codec, bgp_family family)
{
	for (size_t i = 0; i < codec->family_count; i++)
		if (codec->families[i].family == family)
			return codec->families + i;
	return NULL;
}
