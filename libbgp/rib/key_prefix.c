/*
 * key_prefix.c - destinations of plain prefixes hold the prefix themselves.
 */
#include <string.h>

#include "libbgp/base/hash.h"
#include "libbgp/base/octets.h"
#include "libbgp/rib/rib.h"

static uint64_t
key_hash(const struct bgp__table *table, const uint8_t *octets, unsigned bits)
{
	const struct bgp__secret *secret = &table->rib->secret;

	if (table->key_len == 16)
		return bgp__hash_words(secret, bgp__load64le(octets),
				       bgp__load64le(octets + 8), bits);
	return bgp__hash_word(secret,
			      (uint64_t)bits << 32 | bgp__load32(octets));
}

void
bgp__prefix_key(const struct bgp__table *table, const uint8_t *octets,
		unsigned bits, struct bgp__key *out)
{
	unsigned len = (bits + 7) / 8;

	memset(out->octets, 0, sizeof out->octets);
	memcpy(out->octets, octets, len);
	if (bits % 8 != 0)
		out->octets[len - 1] &= (uint8_t)(0xff00 >> bits % 8);
	out->bits = (uint8_t)bits;
	out->hash = key_hash(table, out->octets, bits);
	bgp__index_prefetch(&table->index, out->hash);
}
static uint64_t
dest_hash(const void *ctx, uint32_t record)
{
	const struct bgp__table *table = ctx;
	const struct bgp__dest *dest = bgp__dest_at(table, record);

	return key_hash(table, dest->key, dest->bits);
}

static const void *
dest_at(const void *ctx, uint32_t record)
{
	return bgp__dest_at(ctx, record);
}

static bool
takes(const struct bgp__table *table, const struct bgp_nlri *nlri)
{
	return nlri->bits <= table->address_len * 8u &&
	    nlri->len >= (nlri->bits + 7) / 8;
}

static void
make(const struct bgp__table *table, const struct bgp_nlri *nlri,
     struct bgp__key *out)
{
	bgp__prefix_key(table, nlri->octets, nlri->bits, out);
}

static uint32_t
find(const struct bgp__table *table, const struct bgp__key *key)
{
	struct bgp__index_iter it;
	const struct bgp__dest *dest;

	for (it = bgp__index_first(&table->index, key->hash); it.record != 0;
	     bgp__index_again(&table->index, &it)) {
		dest = bgp__dest_at(table, it.record);
		if (dest->bits == key->bits &&
		    memcmp(dest->key, key->octets, table->key_len) == 0)
			break;
	}
	return it.record;
}

static int
set(struct bgp__table *table, struct bgp__dest *dest,
    const struct bgp__key *key)
{
	dest->bits = key->bits;
	memcpy(dest->key, key->octets, table->key_len);
	return BGP_OK;
}

static void
drop(struct bgp__table *table, struct bgp__dest *dest)
{
	(void)table;
	(void)dest;
}

static struct bgp_nlri
nlri_of(const struct bgp__table *table, const struct bgp__dest *dest)
{
	struct bgp_nlri nlri = {
		.family = table->family,
		.bits = dest->bits,
		.len = (uint16_t)((dest->bits + 7) / 8),
		.octets = dest->key,
	};

	return nlri;
}

/* A prefix has but one form: rename and unname have nothing to do. */
const struct bgp__key_kind bgp__key_prefix = {
	.hooks = { dest_hash, dest_at },
	.takes = takes,
	.make = make,
	.find = find,
	.set = set,
	.drop = drop,
	.nlri = nlri_of,
};
