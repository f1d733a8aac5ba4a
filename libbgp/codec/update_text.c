/*
 * update_text.c - a whole UPDATE in one line.
 *
 *   withdraw FAMILY NLRI …; announce FAMILY NLRI … via HOP; ATTRIBUTE VALUE; …
 */
#include "libbgp/base/octets.h"
#include "libbgp/codec/attr.h"
#include "libbgp/codec/text.h"

static void
text_separator(struct bgp__text *t)
{
	if (t->len > 0)
		bgp__text_str(t, "; ");
}

/* One address or two, each behind a distinguisher of zeros in VPN families.
 *                                         RFC 2545 3, 4364 4.3.2, 4659 3.2.1 */
static void
text_next_hop(struct bgp__text *t, const uint8_t *octets, size_t len)
{
	size_t step = len == 48 ? 24 : len == 32 ? 16 : len;
	size_t rd = step == 12 || step == 24 ? 8 : 0;

	for (size_t at = 0; at < len; at += step) {
		if (at > 0)
			bgp__text_char(t, ' ');
		bgp__text_addr(t, octets + at + rd, step - rd);
	}
}

static void
text_list(struct bgp__text *t, const char *verb, struct bgp_nlri_list list,
	  bool reach)
{
	struct bgp_nlri nlri;

	text_separator(t);
	bgp__text_str(t, verb);
	bgp__text_family(t, list.family);
	while (bgp_nlri_next(&list, &nlri)) {
		bgp__text_char(t, ' ');
		bgp__text_nlri(t, &nlri);
		if (list.add_path) {
			bgp__text_str(t, " path ");
			bgp__text_u32(t, nlri.path_id);
		}
	}
	if (reach && list.next_hop.len > 0) {
		bgp__text_str(t, " via ");
		text_next_hop(t, list.next_hop.octets, list.next_hop.len);
	}
}

static void
text_name(struct bgp__text *t, uint8_t code)
{
	if (bgp__attr_rules[code].name != NULL) {
		bgp__text_str(t, bgp__attr_rules[code].name);
	} else {
		bgp__text_str(t, "attribute-");
		bgp__text_u32(t, code);
	}
}

static void
text_attr(struct bgp__text *t, const struct bgp_codec *codec,
	  const struct bgp_attr *attr)
{
	text_separator(t);
	text_name(t, attr->code);
	if (attr->len == 0)
		return;
	bgp__text_char(t, ' ');
	if (attr->code == BGP_ATTR_AS_PATH && !codec->as4)
		bgp__text_path(t, attr->value, attr->len, 2);
	else
		bgp__text_attr(t, attr);
}

size_t
bgp_update_text(const struct bgp_codec *codec, const struct bgp_update *update,
		char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);

	if (update->eor != 0) {
		bgp__text_str(&t, "end-of-rib ");
		bgp__text_family(&t, update->eor);
	}
	for (uint8_t i = 0; i < update->unreach_count; i++)
		text_list(&t, "withdraw ", update->unreach[i], false);
	for (uint8_t i = 0; i < update->reach_count; i++)
		text_list(&t, "announce ", update->reach[i], true);
	for (uint16_t i = 0; i < update->attr_count; i++)
		text_attr(&t, codec, &update->attrs[i]);
	return bgp__text_end(&t);
}

size_t
bgp_attr_name_text(uint8_t code, char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);

	text_name(&t, code);
	return bgp__text_end(&t);
}
