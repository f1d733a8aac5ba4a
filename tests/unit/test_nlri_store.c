/*
 * test_nlri_store.c - NLRI of every length are held, found and given back, also
 * when there is no memory.
 */
#include <string.h>

#include "check.h"
#include "chance.h"

#include "libbgp/rib/nlri_store.h"

enum { NAMES = 400 };

static uint8_t octets[UINT16_MAX + 1];

static struct bgp_nlri
nlri_of(uint16_t len, uint16_t bits)
{
	struct bgp_nlri nlri = { .family = BGP_FAMILY(1, 133),
				 .bits = bits,
				 .len = len,
				 .octets = octets };

	return nlri;
}

static void
test_every_length(void **state)
{
	struct bgp__mem mem;
	struct bgp__nlri_store store;
	const uint16_t lens[] = { 0,   1,   8,   9,   15,   16,
				  17,  40,  56,  57,  120,  184,
				  185, 255, 256, 257, 4095, UINT16_MAX };
	uint32_t names[sizeof lens / sizeof *lens];

	(void)state;
	for (size_t i = 0; i < sizeof octets; i++)
		octets[i] = (uint8_t)(i * 7 + i / 251);
	bgp__mem_init(&mem, NULL);
	bgp__nlri_store_init(&store, &mem);
	for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
		struct bgp_nlri nlri = nlri_of(lens[i], (uint16_t)i);

		names[i] = bgp__nlri_hold(&store, &nlri);
		assert_int_not_equal(names[i], 0);
	}
	for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
		struct bgp_nlri nlri = nlri_of(lens[i], (uint16_t)i);

		assert_true(bgp__nlri_is(&store, names[i], &nlri));
		nlri.bits++;
		assert_false(bgp__nlri_is(&store, names[i], &nlri));
		nlri.bits--;
		nlri.octets++;
		assert_int_equal(bgp__nlri_is(&store, names[i], &nlri),
				 lens[i] == 0);
	}
	assert_int_equal(bgp__nlri_store_octets(&store), mem.octets);
	for (size_t i = 0; i < sizeof lens / sizeof *lens; i++)
		bgp__nlri_unref(&store, names[i]);
	bgp__nlri_unref(&store, 0);
	assert_int_equal(store.count, 0);
	assert_int_equal(mem.octets, 0);
}

static void
test_counted(void **state)
{
	struct bgp__mem mem;
	struct bgp__nlri_store store;
	struct bgp_nlri small = nlri_of(15, 0), large = nlri_of(3000, 0);
	uint32_t a, b, c;

	(void)state;
	bgp__mem_init(&mem, NULL);
	bgp__nlri_store_init(&store, &mem);
	a = bgp__nlri_hold(&store, &small);
	b = bgp__nlri_hold(&store, &small);
	c = bgp__nlri_hold(&store, &large);
	assert_int_not_equal(a, b);
	bgp__nlri_ref(&store, a);
	bgp__nlri_unref(&store, a);
	assert_true(bgp__nlri_is(&store, a, &small));
	bgp__nlri_unref(&store, a);
	/* A free record is used again first. */
	assert_int_equal(bgp__nlri_hold(&store, &small), a);
	assert_int_equal(store.count, 3);
	assert_true(bgp__nlri_is(&store, c, &large));
	/* What is held at the end goes with the store. */
	bgp__nlri_store_fini(&store);
	assert_int_equal(mem.octets, 0);
}

/* Names come and go at random while allocations fail; a shadow knows all. */
static void
test_random(void **state)
{
	struct stingy stingy = { .left = SIZE_MAX };
	struct bgp_allocator host = { stingy_resize, &stingy };
	struct bgp__mem mem;
	struct bgp__nlri_store store;
	uint32_t names[NAMES] = { 0 };
	uint16_t lens[NAMES];
	unsigned refused = 0;

	(void)state;
	bgp__mem_init(&mem, &host);
	bgp__nlri_store_init(&store, &mem);
	for (unsigned turn = 0; turn < 200000; turn++) {
		unsigned i = chance(NAMES);
		uint16_t len = (uint16_t)chance(chance(8) == 0 ? 2000 : 60);
		struct bgp_nlri nlri = nlri_of(len, 0);

		stingy.left = chance(4) == 0 ? 0 : SIZE_MAX;
		if (names[i] != 0) {
			nlri = nlri_of(lens[i], 0);
			assert_true(bgp__nlri_is(&store, names[i], &nlri));
			bgp__nlri_unref(&store, names[i]);
			names[i] = 0;
			continue;
		}
		names[i] = bgp__nlri_hold(&store, &nlri);
		lens[i] = len;
		refused += names[i] == 0;
	}
	assert_true(refused > 100);
	for (unsigned i = 0; i < NAMES; i++)
		bgp__nlri_unref(&store, names[i]);
	assert_int_equal(store.count, 0);
	assert_int_equal(stingy.octets, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_counted),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
