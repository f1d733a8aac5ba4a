/*
 * test_edit.c - a policy's edits keep a set canonical, and refuse what is not.
 */
#include <stdbool.h>
#include <string.h>

#include "check.h"

#include "libbgp/base/mem.h"
#include "libbgp/rib/edit.h"
#include "libbgp/rib/rib.h"

static struct bgp__mem mem;
static struct bgp_rib rib;
static struct bgp_attrs *from;
static struct bgp_edit edit;

/* ORIGIN, AS_PATH 64500, MED 7, COMMUNITIES one. */
static const uint8_t block[] = {
	0x40, 1, 1, 0, 0x40, 2, 6,    2, 1, 0,    0, 0xfb, 0xf4, 0x80,
	4,    4, 0, 0, 0,    7, 0xc0, 8, 4, 0xfc, 0, 0,    1,
};
static const uint8_t hop[] = { 192, 0, 2, 1 };

static int
set_up(void **state)
{
	(void)state;
	bgp__mem_init(&mem, NULL);
	memset(&rib, 0, sizeof rib);
	assert_int_equal(bgp__rib_init(&rib, &mem, 1), BGP_OK);
	from = bgp__attrs_intern(&rib.attrs, block, sizeof block, hop, 4,
				 (struct bgp__hop_from){ 0 });
	assert_non_null(from);
	memset(&edit, 0, sizeof edit);
	edit.from = from;
	edit.octets = rib.edit;
	edit.path = rib.attrs.scratch;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	bgp__attrs_unref(&rib.attrs, from);
	bgp__rib_fini(&rib);
	assert_int_equal(mem.octets, 0);
	return 0;
}

/* The attribute as it stands in the edited block; NULL: absent. */
static const struct bgp_attr *
find(uint8_t code)
{
	static struct bgp_attr a;
	unsigned last = 0;

	for (size_t at = 0; at < edit.len;) {
		at += bgp__attr_split(edit.octets + at, &a);
		assert_true(a.code > last);
		last = a.code;
		if (a.code == code)
			return &a;
	}
	return NULL;
}

static void
test_untouched_until_edited(void **state)
{
	(void)state;
	assert_int_equal(bgp_edit_prepend(&edit, 64999, 0), BGP_OK);
	assert_false(edit.touched);
	assert_int_equal(bgp_edit_remove(&edit, BGP_ATTR_MED), BGP_OK);
	assert_true(edit.touched);
	assert_int_equal(edit.len, sizeof block - 7);
	assert_null(find(BGP_ATTR_MED));
	assert_non_null(find(BGP_ATTR_COMMUNITIES));
	assert_int_equal(bgp_edit_remove(&edit, BGP_ATTR_MED), BGP_OK);
}

static void
test_numbers(void **state)
{
	static const uint8_t want[] = { 0, 1, 0, 2 };

	(void)state;
	assert_int_equal(bgp_edit_u32(&edit, BGP_ATTR_MED, 65538), BGP_OK);
	assert_memory_equal(find(BGP_ATTR_MED)->value, want, 4);
	assert_int_equal(bgp_edit_u32(&edit, BGP_ATTR_LOCAL_PREF, 65538),
			 BGP_OK);
	assert_memory_equal(find(BGP_ATTR_LOCAL_PREF)->value, want, 4);
	assert_int_equal(bgp_edit_u32(&edit, BGP_ATTR_OTC, 65538), BGP_OK);
	assert_int_equal(find(BGP_ATTR_OTC)->flags, 0xc0);
	assert_int_equal(bgp_edit_u32(&edit, BGP_ATTR_ORIGIN, 1),
			 BGP_ERR_INVALID);
}

static void
test_prepend(void **state)
{
	const struct bgp_attr *path;
	uint8_t longer[4 * 300];

	(void)state;
	assert_int_equal(bgp_edit_prepend(&edit, 64999, 2), BGP_OK);
	path = find(BGP_ATTR_AS_PATH);
	assert_int_equal(path->len, 14);
	assert_int_equal(path->value[1], 3);
	assert_int_equal(path->value[5], 64999 & 255);
	assert_int_equal(path->value[13], 64500 & 255);
	/* Over 255 in one segment begins another. */
	assert_int_equal(bgp_edit_prepend(&edit, 64999, 253), BGP_OK);
	path = find(BGP_ATTR_AS_PATH);
	assert_int_equal(path->value[1], 253);
	assert_int_equal(path->len, 2 + 4 * 253 + 14);
	assert_int_equal(path->flags, 0x50);
	assert_int_equal(bgp_edit_prepend(&edit, 0, 1), BGP_ERR_INVALID);
	assert_int_equal(bgp_edit_prepend(&edit, 1, 256), BGP_ERR_INVALID);
	memset(longer, 1, sizeof longer);
	assert_int_equal(bgp_edit_set(&edit, 0xc0, BGP_ATTR_COMMUNITIES, longer,
				      sizeof longer),
			 BGP_OK);
	assert_int_equal(find(BGP_ATTR_COMMUNITIES)->flags, 0xd0);
	assert_int_equal(find(BGP_ATTR_COMMUNITIES)->len, sizeof longer);
}

static void
test_refuses_what_is_unsound(void **state)
{
	static const uint8_t bad_path[] = { 2, 2, 0, 0, 0, 1 };

	(void)state;
	assert_int_equal(bgp_edit_set(&edit, 0x40, BGP_ATTR_ORIGIN, hop, 4),
			 BGP_ERR_INVALID);
	assert_int_equal(bgp_edit_set(&edit, 0x80, BGP_ATTR_MED, hop, 3),
			 BGP_ERR_INVALID);
	assert_int_equal(bgp_edit_set(&edit, 0x40, BGP_ATTR_NEXT_HOP, hop, 4),
			 BGP_ERR_INVALID);
	assert_int_equal(bgp_edit_set(&edit, 0x80, BGP_ATTR_MP_REACH, hop, 4),
			 BGP_ERR_INVALID);
	assert_int_equal(bgp_edit_set(&edit, 0x40, BGP_ATTR_AS_PATH, bad_path,
				      sizeof bad_path),
			 BGP_ERR_INVALID);
	assert_int_equal(
	    bgp_edit_set(&edit, 0x40, BGP_ATTR_COMMUNITIES, hop, 4),
	    BGP_ERR_INVALID);
	assert_int_equal(bgp_edit_remove(&edit, BGP_ATTR_ORIGIN),
			 BGP_ERR_INVALID);
	assert_int_equal(bgp_edit_next_hop(&edit, &(struct bgp_addr){ 0 }),
			 BGP_ERR_INVALID);
	assert_false(edit.touched);
}

static void
test_space(void **state)
{
	static uint8_t value[65532];

	(void)state;
	memset(value, 1, sizeof value);
	assert_int_equal(bgp_edit_set(&edit, 0xc0, 99, value, 60000), BGP_OK);
	assert_int_equal(bgp_edit_set(&edit, 0xc0, 100, value, 6000),
			 BGP_ERR_SPACE);
	assert_int_equal(find(99)->len, 60000);
	assert_null(find(100));
	assert_int_equal(bgp_edit_set(&edit, 0xc0, 100, value, 65536),
			 BGP_ERR_INVALID);
}

static enum bgp_verdict
edit_all(void *ctx, const struct bgp_rib_peer *peer,
	 const struct bgp_nlri *nlri, const struct bgp_attrs *attrs,
	 struct bgp_edit *e)
{
	const struct bgp_addr addr = { .len = 4, .octets = { 192, 0, 2, 9 } };

	(void)peer;
	(void)nlri;
	assert_ptr_equal(attrs, from);
	bgp_edit_next_hop(e, &addr);
	bgp_edit_u32(e, BGP_ATTR_LOCAL_PREF, 200);
	return *(bool *)ctx ? BGP_ACCEPT : BGP_REJECT;
}

/* What comes out is a set of its own; equal edits give the same one. */
static void
test_policy_runs(void **state)
{
	struct bgp_nlri nlri = { .family = BGP_IPV4_UNICAST };
	struct bgp_attrs *one, *two;
	struct bgp_attrs_facts facts;
	bool accept = true;

	(void)state;
	assert_int_equal(bgp__policy_run(&rib, edit_all, &accept, NULL, &nlri,
					 from, 0, false, BGP_ATTR_MED, &one),
			 BGP_OK);
	assert_int_equal(bgp__policy_run(&rib, edit_all, &accept, NULL, &nlri,
					 from, 0, false, BGP_ATTR_MED, &two),
			 BGP_OK);
	assert_ptr_equal(one, two);
	assert_ptr_not_equal(one, from);
	bgp_attrs_facts(one, &facts);
	assert_int_equal(facts.local_pref, 200);
	assert_int_equal(facts.med, 0);
	assert_int_equal(bgp_attrs_next_hop(one).octets[3], 9);
	bgp_attrs_facts(from, &facts);
	assert_int_equal(facts.med, 7);
	bgp__attrs_unref(&rib.attrs, one);
	bgp__attrs_unref(&rib.attrs, two);
	accept = false;
	assert_int_equal(bgp__policy_run(&rib, edit_all, &accept, NULL, &nlri,
					 from, 0, false, 0, &one),
			 BGP_OK);
	assert_null(one);
	assert_int_equal(bgp__policy_run(&rib, NULL, NULL, NULL, &nlri, from, 0,
					 false, 0, &one),
			 BGP_OK);
	assert_null(one);
	assert_int_equal(rib.attrs.count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_untouched_until_edited),
		TEST(test_numbers),
		TEST(test_prepend),
		TEST(test_refuses_what_is_unsound),
		TEST(test_space),
		TEST(test_policy_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
