/*
 * test_control_config.c - words of neighbours, endpoints, lines of a file.
 */
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#include "host/neighbor.h"
#include "host/socket.h"

#define TEN 0x0a

static struct neighbor_list
listed(const char *text, bool client)
{
	struct neighbor_list list = { 0 };
	const char *why = client ? neighbor_client(&list, text)
				 : neighbor_peer(&list, text);

	if (why != NULL)
		fail_msg("\"%s\": %s", text, why);
	return list;
}

static void
test_words(void **state)
{
	struct neighbor_list list = listed(
	    "10.0.0.1,as=65001,port=1179,"
	    "passive,gtsm,hold=30,limit=1000,own-as=2,no-ipv6,next-hop=self,"
	    "policy=accept,name=upstream,bind=10.0.0.9,"
	    "next-hop6=2001:db8::9",
	    false);
	const struct neighbor_config *c = &list.items[0];

	(void)state;
	assert_int_equal(list.count, 1);
	assert_false(c->range || c->client || c->no_ipv4);
	assert_true(c->passive && c->no_ipv6 &&
		    c->next_hop == BGP_NEXT_HOP_SELF && c->accept);
	assert_int_equal(c->match.bits, 32);
	assert_int_equal(c->as, 65001);
	assert_int_equal(c->port, 1179);
	assert_int_equal(c->gtsm_hops, 1);
	assert_int_equal(c->hold_time_s, 30);
	assert_int_equal(c->prefix_limit, 1000);
	assert_int_equal(c->own_as_allowed, 2);
	assert_string_equal(c->name, "upstream");
	assert_int_equal(c->bind.octets[3], 9);
	assert_int_equal(c->own_ipv4.len, 0);
	assert_int_equal(c->own_ipv6.len, 16);
	neighbor_list_free(&list);
	assert_int_equal(list.count, 0);
}

static void
test_options(void **state)
{
	struct neighbor_list list = listed("10.0.0.0/8", true);
	struct bgp_addr addr = { .len = 4, .octets = { TEN, 2, 3, 4 } };
	struct bgp_peer_options o;

	(void)state;
	neighbor_options(&list.items[0], &addr, 64512, 90, "n", &o);
	assert_true(o.client && o.passive);
	assert_int_equal(o.peer_as, 64512);
	assert_int_equal(o.hold_time_s, 90);
	assert_int_equal(o.family_count, 2);
	assert_true(o.ext_message);
	assert_false(o.no_next_hop_check);
	assert_null(o.import_policy);
	neighbor_list_free(&list);

	list = listed("10.2.3.4,as=65001,no-ipv4,hold=0,policy=accept,"
		      "no-ext-message,any-next-hop",
		      false);
	neighbor_options(&list.items[0], &addr, 64512, 90, "n", &o);
	assert_false(o.client || o.passive);
	assert_int_equal(o.peer_as, 65001);
	assert_int_equal(o.hold_time_s, 0);
	assert_false(o.ext_message);
	assert_true(o.no_next_hop_check);
	assert_int_equal(o.family_count, 1);
	assert_int_equal(o.families[0].family, BGP_IPV6_UNICAST);
	assert_true(o.import_policy == bgp_policy_accept);
	assert_true(o.export_policy == bgp_policy_accept);
	neighbor_list_free(&list);
}

static void
test_bad_words(void **state)
{
	static const char *const bad[] = {
		"",
		"a",
		"10.0.0.1,",
		"10.0.0.1,bogus",
		"10.0.0.1,as",
		"10.0.0.1,as=",
		"10.0.0.1,as=0",
		"10.0.0.1,as=4294967296",
		"10.0.0.1,as=1x",
		"10.0.0.1,passive=yes",
		"10.0.0.1,hold=2",
		"10.0.0.1,port=0",
		"10.0.0.1,port=65536",
		"10.0.0.1,gtsm=1",
		"10.0.0.1,no-ipv4,no-ipv6",
		"10.0.0.0/8,name=a",
		"10.0.0.1,name=a-b",
		"10.0.0.1,name=1",
		"10.0.0.0/33",
		"10.0.0.1,next-hop6=10.0.0.1",
		"10.0.0.1,next-hop4=::1",
		"10.0.0.1,policy=all",
		"10.0.0.1,password-file=/nonexistent",
		"10.0.0.1,password-file=/dev/null",
		"10.0.0.1,password-file=/",
		"10.0.0.1,bind=::1",
		"2001:db8::1,bind=10.0.0.1",
		"10.0.0.1/8",
		"2001:db8::1/64",
		"10.0.0.1,passive,passive",
		"10.0.0.1,as=1,port=2,as=1",
		"10.0.0.1,gtsm,gtsm-hops=2",
	};
	struct neighbor_list list = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (neighbor_peer(&list, bad[i]) == NULL)
			fail_msg("\"%s\" is understood", bad[i]);
	assert_int_equal(list.count, 0);
	assert_null(neighbor_peer(&list, "10.0.0.1"));
	assert_non_null(neighbor_client(&list, "10.0.0.1"));
	neighbor_list_free(&list);
}

static void
test_match(void **state)
{
	struct neighbor_list list = { 0 };
	struct bgp_addr addr = { .len = 4, .octets = { TEN, 1, 2, 3 } };

	(void)state;
	assert_null(neighbor_match(&list, &addr));
	assert_null(neighbor_client(&list, "0.0.0.0/0"));
	assert_null(neighbor_client(&list, "10.1.0.0/17"));
	assert_null(neighbor_client(&list, "10.1.0.0/16"));
	assert_null(neighbor_peer(&list, "10.1.2.4"));
	assert_null(neighbor_client(&list, "2001:db8::/32"));
	assert_ptr_equal(neighbor_match(&list, &addr), &list.items[1]);
	addr.octets[2] = 0x80;
	assert_ptr_equal(neighbor_match(&list, &addr), &list.items[2]);
	addr.octets[1] = 2;
	assert_ptr_equal(neighbor_match(&list, &addr), &list.items[0]);
	addr = (struct bgp_addr){ .len = 4, .octets = { TEN, 1, 2, 4 } };
	assert_ptr_equal(neighbor_match(&list, &addr), &list.items[3]);
	assert_int_equal(bgp_addr_parse(&addr, "2001:db8:ff::1"), BGP_OK);
	assert_ptr_equal(neighbor_match(&list, &addr), &list.items[4]);
	assert_int_equal(bgp_addr_parse(&addr, "2001:db9::1"), BGP_OK);
	assert_null(neighbor_match(&list, &addr));
	neighbor_list_free(&list);
}

/* One address on two interfaces is two neighbours; a range is of any. */
static void
test_match_link_local(void **state)
{
	struct neighbor_list list = { 0 };
	struct bgp_addr addr;
	char name[BGP_PEER_NAME_MAX];

	(void)state;
	assert_null(neighbor_peer(&list, "fe80::1%lo,as=65001"));
	assert_null(neighbor_peer(&list, "fe80::1%4000000000,as=65002"));
	assert_null(neighbor_client(&list, "fe80::/10"));
	assert_non_null(neighbor_peer(&list, "fe80::1%4000000000"));
	assert_non_null(neighbor_peer(&list, "fe80::1%no-such-link"));
	assert_non_null(neighbor_peer(&list, "fe80::1%"));
	assert_non_null(neighbor_peer(&list, "192.0.2.1%lo"));
	assert_int_equal(bgp_addr_parse(&addr, "fe80::1"), BGP_OK);
	assert_ptr_equal(neighbor_match(&list, &addr), &list.items[2]);
	addr.scope = if_nametoindex("lo");
	assert_ptr_equal(neighbor_match(&list, &addr), &list.items[0]);
	addr.scope = 4000000000;
	assert_ptr_equal(neighbor_match(&list, &addr), &list.items[1]);
	neighbor_name(&list.items[1], &addr, name);
	assert_string_equal(name, "Global_fe80__1_4000000000");
	neighbor_list_free(&list);
}

/* Node status tools read the address back out of the name. */
static void
test_names(void **state)
{
	struct neighbor_list list = { 0 };
	struct bgp_addr addr = { .len = 4, .octets = { TEN, 192, 0, 3 } };
	char name[BGP_PEER_NAME_MAX];

	(void)state;
	assert_null(neighbor_client(&list, "10.0.0.0/8"));
	assert_null(neighbor_peer(&list, "10.192.0.3"));
	assert_null(neighbor_peer(&list, "10.192.0.4,name=x"));
	neighbor_name(&list.items[0], &addr, name);
	assert_string_equal(name, "Node_10_192_0_3");
	neighbor_name(&list.items[1], &addr, name);
	assert_string_equal(name, "Global_10_192_0_3");
	neighbor_name(&list.items[2], &addr, name);
	assert_string_equal(name, "x");
	assert_int_equal(bgp_addr_parse(&addr, "2001:db8::1"), BGP_OK);
	neighbor_name(&list.items[0], &addr, name);
	assert_string_equal(name, "Node_2001_db8__1");
	neighbor_list_free(&list);
}

static void
test_check(void **state)
{
	struct neighbor_list list = { 0 };
	const char *why;

	(void)state;
	assert_null(neighbor_list_check(&list, 64512, &why));
	assert_null(neighbor_client(&list, "10.0.0.1,name=c"));
	assert_null(neighbor_client(&list, "10.0.0.2,as=65000"));
	assert_null(neighbor_peer(&list, "10.0.0.3,as=65001,name=b"));
	assert_null(neighbor_peer(&list, "10.0.0.4,name=a"));
	assert_null(neighbor_peer(&list, "10.0.0.5"));
	assert_null(neighbor_peer(&list, "10.0.0.6"));
	assert_ptr_equal(neighbor_list_check(&list, 64512, &why),
			 &list.items[1]);
	assert_string_equal(why, "a client must be in our AS");
	assert_null(neighbor_list_check(&list, 65000, &why));
	assert_null(neighbor_peer(&list, "10.0.0.7,name=b"));
	assert_ptr_equal(neighbor_list_check(&list, 65000, &why),
			 &list.items[6]);
	assert_string_equal(why, "another one has this name");
	neighbor_list_free(&list);
}

/* As test_match, over thousands: the answer is the longest that covers. */
static const struct neighbor_config *
match_slowly(const struct neighbor_list *list, const struct bgp_addr *addr)
{
	const struct neighbor_config *best = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct neighbor_config *c = &list->items[i];
		struct bgp_prefix cut = { 4, c->match.bits, { 0 } };

		for (unsigned bit = 0; bit < c->match.bits; bit++)
			cut.octets[bit / 8] |= (uint8_t)(addr->octets[bit / 8] &
							 0x80 >> bit % 8);
		if (bgp_prefix_compare(&cut, &c->match) != 0)
			continue;
		if (!c->range)
			return c;
		if (best == NULL || c->match.bits > best->match.bits)
			best = c;
	}
	return best;
}

static void
test_many(void **state)
{
	struct neighbor_list list = { 0 };
	uint32_t random = 1, found = 0;
	char text[64];

	(void)state;
	for (int i = 0; i < 6000; i++) {
		unsigned bits = 8 + (random >> 8) % 25;
		uint32_t mask, addr;

		random = random * 1664525 + 1013904223;
		mask = bits > 24 ? UINT32_MAX : UINT32_MAX << (32 - bits);
		addr = mask &
		    (0x0a000000 | random >> 30 << 16 | (random >> 20 & 3) << 8 |
		     (random >> 10 & 255));
		snprintf(text, sizeof text, "%u.%u.%u.%u%s%.0u", addr >> 24,
			 addr >> 16 & 255, addr >> 8 & 255, addr & 255,
			 bits > 24 ? "" : "/", bits > 24 ? 0 : bits);
		(void)neighbor_peer(&list, text); /* some stand there already */
	}
	assert_in_range(list.count, 1000, 6000);
	for (int i = 0; i < 2000; i++) {
		struct bgp_addr addr = { .len = 4, .octets = { TEN } };

		random = random * 1664525 + 1013904223;
		addr.octets[1] = (uint8_t)(random >> 29); /* half are outside */
		addr.octets[2] = (uint8_t)(random >> 20 & 3);
		addr.octets[3] = (uint8_t)(random >> 10);
		assert_ptr_equal(neighbor_match(&list, &addr),
				 match_slowly(&list, &addr));
		found += neighbor_match(&list, &addr) != NULL;
	}
	assert_in_range(found, 500, 2000);
	neighbor_list_free(&list);
}

static const struct at {
	const char *in, *out; /* out NULL: refused */
} endpoints[] = {
	{ "192.0.2.1", "192.0.2.1:7" },
	{ "192.0.2.1:179", "192.0.2.1:179" },
	{ "2001:db8::1", "[2001:db8::1]:7" },
	{ "[2001:db8::1]", "[2001:db8::1]:7" },
	{ "[2001:db8::1]:179", "[2001:db8::1]:179" },
	{ "[::]:179", "[::]:179" },
	{ ":179", ":179" },
	{ "", NULL },
	{ ":", NULL },
	{ ":0", NULL },
	{ "192.0.2.1:", NULL },
	{ "192.0.2.1:65536", NULL },
	{ "[2001:db8::1", NULL },
	{ "[2001:db8::1]179", NULL },
	{ "host:179", NULL },
};

static void
test_endpoints(void **state)
{
	char buf[ENDPOINT_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++) {
		struct endpoint e = { .port = 7 };
		const char *why = endpoint_parse(&e, endpoints[i].in);

		endpoint_text(&e, buf, sizeof buf);
		if ((why == NULL) != (endpoints[i].out != NULL) ||
		    (why == NULL && strcmp(buf, endpoints[i].out) != 0))
			fail_msg("\"%s\" -> \"%s\"", endpoints[i].in, buf);
	}
}

/* ------------------------------------------------------------------- tables */

struct settings {
	uint32_t as;
	bool loud;
	struct option_prefixes prefixes;
};

static const struct option_row rows[] = {
	{ "as", "N", "", option_as, offsetof(struct settings, as), 0 },
	{ "loud", NULL, "", option_flag, offsetof(struct settings, loud),
	  OPTION_ARGS_ONLY },
	{ "", "PREFIX", "", option_prefixes,
	  offsetof(struct settings, prefixes), OPTION_AGAIN },
	{ .name = NULL },
};

static int
read_file(struct settings *s, const char *content)
{
	char path[] = "/tmp/libbgp-config.XXXXXX";
	int fd = mkstemp(path), status;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), strlen(content));
	close(fd);
	memset(s, 0, sizeof *s);
	status = option_file(rows, s, path);
	unlink(path);
	return status;
}

static void
test_file(void **state)
{
	struct settings s;
	char line[2 * OPTION_LINE_MAX];

	(void)state;
	assert_int_equal(
	    read_file(&s, "# a comment\n\n  as\t65000  # ours\r\n"), 0);
	assert_int_equal(s.as, 65000);
	assert_int_equal(read_file(&s, "as 1"), 0);
	assert_int_equal(read_file(&s, "as\n"), 2);
	assert_int_equal(read_file(&s, "as 0\n"), 2);
	assert_int_equal(read_file(&s, "loud yes\n"), 2);
	assert_int_equal(read_file(&s, "bogus\n"), 2);
	assert_int_equal(read_file(&s, "loud\n"), 2);
	assert_non_null(strstr(option_complaint(), ":1: loud: not within"));
	assert_int_equal(read_file(&s, "as 1\nas 2\n"), 2);
	assert_non_null(
	    strstr(option_complaint(), ":2: as: it is given twice"));
	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	assert_int_equal(read_file(&s, line), 2);
	assert_int_equal(option_file(rows, &s, "/nonexistent"), 2);
}

static int
read_args(struct settings *s, const char *a, const char *b)
{
	char one[64], two[64], program[] = "test";
	char *argv[] = { program, one, two, NULL };

	snprintf(one, sizeof one, "%s", a);
	snprintf(two, sizeof two, "%s", b ? b : "");
	memset(s, 0, sizeof *s);
	return option_args(rows, s, "test", b ? 3 : 2, argv);
}

static void
test_args(void **state)
{
	struct settings s;

	(void)state;
	assert_int_equal(read_args(&s, "--as", "7"), 0);
	assert_int_equal(s.as, 7);
	assert_int_equal(read_args(&s, "--as=7", "10.0.0.0/8"), 0);
	assert_int_equal(s.prefixes.count, 1);
	assert_int_equal(read_args(&s, "--loud", "10.0.0.0/8"), 0);
	assert_true(s.loud && s.prefixes.count == 1);
	assert_int_equal(read_args(&s, "--loud=yes", NULL), 2);
	assert_int_equal(read_args(&s, "--as", NULL), 2);
	assert_int_equal(read_args(&s, "--", NULL), 2);
	assert_int_equal(read_args(&s, "--bogus", NULL), 2);
	assert_int_equal(read_args(&s, "10.0.0.0/33", NULL), 2);
	assert_int_equal(read_args(&s, "10.0.0.0/8", "10.0.0.0/9"), 0);
	assert_int_equal(read_args(&s, "--as=1", "--as=1"), 2);
	assert_int_equal(read_args(&s, "10.0.0.1/8", NULL), 2);
	assert_non_null(
	    strstr(option_complaint(), "maybe 10.0.0.0/8 is meant"));
}

/* --help names every family that the library knows by name; those of IPv6
 * beside their IPv4 twin. */
static void
test_family_names(void **state)
{
	static const uint16_t afis[] = { 1, 2, 25, 16388 };
	unsigned known = 0;
	char name[BGP_FAMILY_TEXT_MAX], *six;

	(void)state;
	for (size_t i = 0; i < sizeof afis / sizeof afis[0]; i++) {
		for (unsigned safi = 0; safi < 256; safi++) {
			bgp_family_text(BGP_FAMILY(afis[i], safi), name,
					sizeof name);
			if (strncmp(name, "afi-", 4) == 0)
				continue;
			known++;
			six = afis[i] == 2 ? strchr(name, '6') : NULL;
			if (six != NULL)
				*six = '4';
			if (strstr(NEIGHBOR_WORDS, name) == NULL)
				fail_msg("--help does not name %s", name);
		}
	}
	assert_in_range(known, 25, 100);
}

static void
test_families(void **state)
{
	static const char *const bad[] = {
		"families=",
		"families=vpnv4+",
		"families=nonsense",
		"families=vpnv4:len8",
		"families=16397/241",
		"families=16397/241:len9",
		"families=16397/240:len16",
		"no-ipv4,no-ipv6",
		"families=ipv4-unicast,no-ipv4",
	};
	struct neighbor_list list = listed(
	    "10.2.3.4,families=evpn+"
	    "ipv4-unicast+16397/240:type8-len8+ipv6-unicast,no-ipv6",
	    true);
	struct bgp_addr addr = { .len = 4, .octets = { TEN, 2, 3, 4 } };
	struct bgp_peer_options o;
	bgp_family family = 0;
	char text[64];

	(void)state;
	neighbor_options(&list.items[0], &addr, 64512, 90, "n", &o);
	assert_int_equal(o.family_count, 3);
	assert_int_equal(o.families[0].family, BGP_IPV4_UNICAST);
	assert_int_equal(o.families[1].family, BGP_FAMILY(25, 70));
	assert_int_equal(o.families[1].form, 0);
	assert_int_equal(o.families[2].family, BGP_FAMILY(16397, 240));
	assert_int_equal(o.families[2].form, BGP_NLRI_TYPE8_LEN8);
	neighbor_list_free(&list);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		snprintf(text, sizeof text, "10.2.3.4,%s", bad[i]);
		if (neighbor_client(&list, text) == NULL)
			fail_msg("taken: %s", text);
	}
	neighbor_list_free(&list);
	assert_string_equal(families_table(BGP_IPV6_UNICAST), "master6");
	assert_true(families_find_table("l2vpn-evpn", &family));
	assert_int_equal(family, BGP_FAMILY(25, 70));
	assert_true(families_find_table("afi-16397-safi-240", &family));
	assert_false(families_find_table("vpls", &family));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_family_names),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_bad_words),
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_match_link_local),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_endpoints),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_args),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
