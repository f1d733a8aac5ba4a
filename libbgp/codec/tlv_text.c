/*
 * tlv_text.c - TLVs as text, by tables of what each type is called and holds.
 *
 *   +------+--------+------------------+------------------------- - -
 *   | type | length | head: flags, …   | value
 *   +------+--------+------------------+------------------------- - -
 *      |               |                  |
 *      name            /0x80              by the row's function, else hex
 *
 * The depth of "{…}" is that of the tables, which are finite.
 */
#include "libbgp/codec/tlv_text.h"
#include "libbgp/codec/text.h"

struct tlv {
	unsigned type;
	struct bgp__reader value;
};

/* The next TLV; r turns bad where it does not fit. */
static struct tlv
read_tlv(struct bgp__reader *r, enum bgp__tlv_layout layout)
{
	struct tlv tlv;
	bool short_len;

	tlv.type = layout == BGP__TLV_16_16 ? bgp__read16(r) : bgp__read8(r);
	short_len = layout == BGP__TLV_8_8_16 && tlv.type < 128;
	tlv.value = bgp__read_sub(r,
				  short_len ? bgp__read8(r) : bgp__read16(r));
	return tlv;
}

static const struct bgp__tlv_row *
find_row(const struct bgp__tlv_set *set, unsigned type)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->rows[i].type == type)
			return set->rows + i;
	return NULL;
}

/* "/0x80" for what is shown of the octets in front. */
static void
text_head(struct bgp__text *t, const struct bgp__tlv_row *row,
	  const uint8_t *head)
{
	unsigned any = 0;

	for (size_t i = 0; i < row->head; i++)
		if ((row->shown >> i & 1) != 0)
			any |= head[i];
	if (any == 0)
		return;
	bgp__text_str(t, "/0x");
	for (size_t i = 0; i < row->head; i++)
		if ((row->shown >> i & 1) != 0)
			bgp__text_hex(t, head + i, 1);
}

static void
text_hex_value(struct bgp__text *t, struct bgp__reader value)
{
	if (bgp__left(&value) == 0)
		return;
	bgp__text_char(t, ' ');
	bgp__text_hex(t, value.at, bgp__left(&value));
}

/* Head and value by the row; false and nothing: they are not as it says. */
static bool
text_by_row(struct bgp__text *t, const struct bgp__tlv_row *row,
	    struct bgp__reader value)
{
	const uint8_t *head = bgp__read(&value, row->head);
	size_t mark = t->len;

	if (head == NULL || row->text == NULL)
		return false;
	text_head(t, row, head);
	bgp__text_char(t, ' ');
	if (row->text(t, value, row->inner))
		return true;
	t->len = mark;
	return false;
}

static void
text_tlv(struct bgp__text *t, const struct tlv *tlv,
	 const struct bgp__tlv_set *set)
{
	const struct bgp__tlv_row *row = find_row(set, tlv->type);

	if (row != NULL) {
		bgp__text_str(t, row->name);
	} else {
		bgp__text_str(t, "tlv-");
		bgp__text_u32(t, tlv->type);
	}
	if (row == NULL || !text_by_row(t, row, tlv->value))
		text_hex_value(t, tlv->value);
}

bool
bgp__text_tlvs(struct bgp__text *t, struct bgp__reader r,
	       const struct bgp__tlv_set *set)
{
	const uint8_t *from = r.at;
	size_t mark = t->len;

	while (bgp__left(&r) > 0) {
		bool first = r.at == from;
		struct tlv tlv = read_tlv(&r, set->layout);

		if (r.bad) {
			t->len = mark;
			return false;
		}
		if (!first)
			bgp__text_char(t, ' ');
		text_tlv(t, &tlv, set);
	}
	return true;
}

/* ------------------------------------------------------------------- values */

static uint64_t
read_number(struct bgp__reader *r, size_t len)
{
	uint64_t v = 0;

	for (; len > 0; len--)
		v = v << 8 | bgp__read8(r);
	return v;
}

bool
bgp__tlv_number(struct bgp__text *t, struct bgp__reader value,
		const struct bgp__tlv_set *inner)
{
	size_t len = bgp__left(&value);

	(void)inner;
	if (len == 0 || len > 8)
		return false;
	bgp__text_u64(t, read_number(&value, len));
	return true;
}

bool
bgp__tlv_list(struct bgp__text *t, struct bgp__reader value,
	      bgp__tlv_item *item)
{
	const uint8_t *from = value.at;

	while (bgp__left(&value) > 0) {
		if (value.at != from)
			bgp__text_char(t, ',');
		if (!item(t, &value) || value.bad)
			return false;
	}
	return value.at != from;
}

bool
bgp__tlv_labels(struct bgp__text *t, struct bgp__reader first,
		struct bgp__reader size)
{
	if (!bgp__tlv_number(t, first, NULL))
		return false;
	bgp__text_char(t, '/');
	return bgp__tlv_number(t, size, NULL);
}

#define NUMBERS(bits)                                                 \
	static bool text_number##bits(struct bgp__text *t,            \
				      struct bgp__reader *r)          \
	{                                                             \
		bgp__text_u64(t, read_number(r, bits / 8));           \
		return true;                                          \
	}                                                             \
                                                                      \
	bool bgp__tlv_numbers##bits(struct bgp__text *t,              \
				    struct bgp__reader value,         \
				    const struct bgp__tlv_set *inner) \
	{                                                             \
		(void)inner;                                          \
		return bgp__tlv_list(t, value, text_number##bits);    \
	}

NUMBERS(8)
NUMBERS(16)
NUMBERS(32)
NUMBERS(64)

bool
bgp__tlv_addr(struct bgp__text *t, struct bgp__reader value,
	      const struct bgp__tlv_set *inner)
{
	size_t len = bgp__left(&value);

	(void)inner;
	if (len != 0 && len != 4 && len != 16)
		return false;
	if (len == 0)
		bgp__text_str(t, "none");
	else
		bgp__text_addr(t, value.at, len);
	return true;
}

bool
bgp__tlv_quoted(struct bgp__text *t, struct bgp__reader value,
		const struct bgp__tlv_set *inner)
{
	(void)inner;
	bgp__text_quoted(t, (struct bgp_span){ value.at, bgp__left(&value) });
	return true;
}

bool
bgp__tlv_tlvs(struct bgp__text *t, struct bgp__reader value,
	      const struct bgp__tlv_set *inner)
{
	bgp__text_char(t, '{');
	if (!bgp__text_tlvs(t, value, inner))
		return false;
	bgp__text_char(t, '}');
	return true;
}
