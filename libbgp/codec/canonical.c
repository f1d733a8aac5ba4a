/*
 * canonical.c - the attributes of an UPDATE in the one form that is compared.
 *
 *   in    attrs[] of a decoded UPDATE, any order, 2- or 4-octet AS numbers
 *   out   ascending codes, 4-octet AS numbers, least header, no AS4_ ones
 *
 * Two UPDATEs that say the same of a route give the same octets.
 *                                           RFC 4271 5, RFC 6793 4.2.3, 7606 D7
 */
#include "libbgp/codec/as_path.h"
#include "libbgp/codec/attr.h"
#include "libbgp/codec/attr_write.h"

/* The attributes by ascending code; they rarely come otherwise. */
static void
sort(const struct bgp_update *update, const struct bgp_attr **sorted)
{
	for (size_t i = 0; i < update->attr_count; i++) {
		const struct bgp_attr *attr = update->attrs + i;
		size_t at = i;

		for (; at > 0 && sorted[at - 1]->code > attr->code; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = attr;
	}
}

/* Partial stays on what is optional transitive, and is set where we could not
 * look inside.                                        RFC 4271 4.3, 5 */
static uint8_t
canonical_flags(const struct bgp_attr *attr)
{
	const struct bgp__attr_rule *rule = &bgp__attr_rules[attr->code];
	uint8_t flags = attr->flags & (BGP_ATTR_OPTIONAL | BGP_ATTR_TRANSITIVE);

	if (flags == (BGP_ATTR_OPTIONAL | BGP_ATTR_TRANSITIVE))
		flags |= rule->name == NULL ? BGP_ATTR_PARTIAL
					    : attr->flags & BGP_ATTR_PARTIAL;
	return flags;
}

/* What the AS4_ attributes of a 2-octet session say, if they are to be heard:
 * an AGGREGATOR that is not AS_TRANS tells that an old speaker aggregated since
 * they were written.                                        RFC 6793 4.2.3 */
struct as4 {
	const struct bgp_attr *path;
	const struct bgp_attr *aggregator;
};

static struct as4
find_as4(const struct bgp_update *update)
{
	const struct bgp_attr *aggregator = bgp_attr_find(
	    update->attrs, update->attr_count, BGP_ATTR_AGGREGATOR);
	struct as4 as4 = { bgp_attr_find(update->attrs, update->attr_count,
					 BGP_ATTR_AS4_PATH),
			   bgp_attr_find(update->attrs, update->attr_count,
					 BGP_ATTR_AS4_AGGREGATOR) };

	if (aggregator == NULL)
		as4.aggregator = NULL;
	else if (as4.aggregator != NULL &&
		 bgp__load16(aggregator->value) != BGP_AS_TRANS)
		as4 = (struct as4){ NULL, NULL };
	return as4;
}

static void
write_aggregator(struct bgp__writer *w, const struct bgp_attr *attr,
		 const struct as4 *as4)
{
	uint8_t value[8];

	if (as4->aggregator != NULL) {
		memcpy(value, as4->aggregator->value, 8);
	} else {
		bgp__store32(value, bgp__load16(attr->value));
		memcpy(value + 4, attr->value + 2, 4);
	}
	bgp__attr_write(w, canonical_flags(attr), attr->code, value,
			sizeof value);
}

static void
write_from_as2(struct bgp__writer *w, const struct bgp_attr *attr,
	       const struct as4 *as4)
{
	uint8_t *begun;

	switch (attr->code) {
	case BGP_ATTR_AS_PATH:
		begun = bgp__attr_begin(w);
		bgp__as_path_widen(w, attr, as4->path);
		bgp__attr_end(w, begun, canonical_flags(attr), attr->code);
		break;
	case BGP_ATTR_AGGREGATOR:
		write_aggregator(w, attr, as4);
		break;
	case BGP_ATTR_AS4_PATH:
	case BGP_ATTR_AS4_AGGREGATOR:
		break;
	default:
		bgp__attr_write(w, canonical_flags(attr), attr->code,
				attr->value, attr->len);
	}
}

int
bgp_attrs_canonical(const struct bgp_codec *codec,
		    const struct bgp_update *update, uint8_t *buf, size_t size)
{
	const struct bgp_attr *sorted[BGP_UPDATE_ATTRS_MAX];
	struct bgp__writer w = bgp__writer(buf, size);
	struct as4 as4 = { NULL, NULL };

	sort(update, sorted);
	if (!codec->as4)
		as4 = find_as4(update);
	for (size_t i = 0; i < update->attr_count; i++) {
		const struct bgp_attr *attr = sorted[i];

		if (!codec->as4)
			write_from_as2(&w, attr, &as4);
		else
			bgp__attr_write(&w, canonical_flags(attr), attr->code,
					attr->value, attr->len);
	}
	return w.bad ? BGP_ERR_SPACE : (int)bgp__written(&w);
}
