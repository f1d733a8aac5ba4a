/*
 * test_hash.c - the keyed hash against the text of SipHash, and against octets
 * that were chosen so that the hash before it ignored its seed.
 */
#include <string.h>

#include "check.h"

#include "libbgp/base/hash.h"

/* SipHash-c-d by the letter of its paper: octet by octet, key in two words. */
static uint64_t
turned(uint64_t word, unsigned left)
{
	return word << left | word >> (64 - left);
}

static void
rounds(uint64_t v[4], unsigned count)
{
	while (count-- > 0) {
		v[0] += v[1];
		v[1] = turned(v[1], 13) ^ v[0];
		v[0] = turned(v[0], 32);
		v[2] += v[3];
		v[3] = turned(v[3], 16) ^ v[2];
		v[0] += v[3];
		v[3] = turned(v[3], 21) ^ v[0];
		v[2] += v[1];
		v[1] = turned(v[1], 17) ^ v[2];
		v[2] = turned(v[2], 32);
	}
}

static uint64_t
siphash(unsigned c, unsigned d, uint64_t k0, uint64_t k1, const uint8_t *octets,
	size_t len)
{
	uint64_t v[4] = { k0 ^ UINT64_C(0x736f6d6570736575),
			  k1 ^ UINT64_C(0x646f72616e646f6d),
			  k0 ^ UINT64_C(0x6c7967656e657261),
			  k1 ^ UINT64_C(0x7465646279746573) };

	for (size_t word = 0; word <= len / 8; word++) {
		uint64_t m = word == len / 8 ? (uint64_t)len << 56 : 0;

		for (size_t i = 0; i < 8 && word * 8 + i < len; i++)
			m |= (uint64_t)octets[word * 8 + i] << 8 * i;
		v[3] ^= m;
		rounds(v, c);
		v[0] ^= m;
	}
	v[2] ^= 0xff;
	rounds(v, d);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The vector of the paper's appendix A holds the oracle itself. */
static void
test_oracle(void **state)
{
	uint8_t octets[15];

	(void)state;
	for (unsigned i = 0; i < sizeof octets; i++)
		octets[i] = (uint8_t)i;
	assert_true(siphash(2, 4, UINT64_C(0x0706050403020100),
			    UINT64_C(0x0f0e0d0c0b0a0908), octets,
			    sizeof octets) == UINT64_C(0xa129ca6149be45e5));
}

static void
test_against_oracle(void **state)
{
	uint8_t octets[70];
	uint64_t seed = UINT64_C(0x0123456789abcdef);
	uint64_t other;

	(void)state;
	for (unsigned i = 0; i < sizeof octets; i++)
		octets[i] = (uint8_t)(i * 37 + 11);
	for (size_t len = 0; len <= sizeof octets; len++) {
		seed = bgp__fold(seed + 1, UINT64_C(0x9e3779b97f4a7c15));
		other = turned(seed, 32) ^ UINT64_C(0x9fb21c651e98df25);
		assert_true(bgp__hash(seed, octets, len) ==
			    siphash(1, 3, seed, other, octets, len));
	}
}

/*
 * Words that were constants of the multiplication before made the product 0,
 * whatever the seed and whatever stood in the word beside: all such octets
 * met in one place.  Here they spread like any others.
 */
static void
test_chosen_octets(void **state)
{
	enum { COUNT = 4096, PLACES = 1024, MOST = 24 };
	static const uint8_t k1[8] = { 0x25, 0xdf, 0x98, 0x1e,
				       0x65, 0x1c, 0xb2, 0x9f };
	static uint16_t places[PLACES];
	uint8_t octets[16];

	(void)state;
	memset(places, 0, sizeof places);
	memcpy(octets + 8, k1, 8);
	for (uint32_t i = 0; i < COUNT; i++) {
		memset(octets, 0, 8);
		memcpy(octets, &i, sizeof i);
		places[bgp__hash(1, octets, 16) % PLACES]++;
	}
	for (unsigned i = 0; i < PLACES; i++)
		assert_true(places[i] <= MOST);
}

/* Every bit of the key and of the seed has a part in every bit of the answer.
 */
static void
test_words(void **state)
{
	struct bgp__secret secret = bgp__secret_of(99), other;
	uint64_t all = 0, plain = bgp__hash_word(&secret, 5);

	(void)state;
	for (unsigned bit = 0; bit < 64; bit++) {
		uint64_t by_word = plain ^
		    bgp__hash_word(&secret, 5 ^ 1ull << bit);
		uint64_t by_seed;

		other = bgp__secret_of(99 ^ 1ull << bit);
		by_seed = plain ^ bgp__hash_word(&other, 5);
		assert_in_range(__builtin_popcountll(by_word), 12, 52);
		assert_in_range(__builtin_popcountll(by_seed), 12, 52);
		all |= by_word;
	}
	assert_true(all == UINT64_MAX);
	assert_true(bgp__hash_words(&secret, 1, 2, 3) !=
		    bgp__hash_words(&secret, 2, 1, 3));
	assert_true(bgp__hash_words(&secret, 1, 2, 3) !=
		    bgp__hash_words(&other, 1, 2, 3));
}

/* Prefixes that follow one another, and those whose words are the constants of
 * the hash before, spread like any others. */
static void
test_prefixes_spread(void **state)
{
	enum { COUNT = 4096, PLACES = 1024, MOST = 24 };
	static uint16_t places[3][PLACES];
	struct bgp__secret secret = bgp__secret_of(7);
	const uint64_t k1 = UINT64_C(0x9fb21c651e98df25);

	(void)state;
	memset(places, 0, sizeof places);
	for (uint64_t i = 0; i < COUNT; i++) {
		places[0][bgp__hash_word(&secret, 24ull << 32 | i << 8) %
			  PLACES]++;
		places[1][bgp__hash_words(&secret, i, k1, 64) % PLACES]++;
		places[2][bgp__hash_words(&secret, i << 48, 0, 48) % PLACES]++;
	}
	for (unsigned k = 0; k < 3; k++)
		for (unsigned i = 0; i < PLACES; i++)
			assert_true(places[k][i] <= MOST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_oracle),
		cmocka_unit_test(test_against_oracle),
		cmocka_unit_test(test_chosen_octets),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_prefixes_spread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
