/*
 * test_differential.c - the fast decoder and the plain one agree.
 *
 * Messages are the seeds of the fuzz corpus, mutated a little over and over:
 * octets, lengths, flags, pieces moved or doubled.  Both decoders must come to
 * the same remedy, the same routes in the same order and the same attributes.
 *
 *   test_differential [MESSAGES [SEED]]         CORPUS names the directory
 */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "reference.h"

#include "bgp/codec.h"

enum { SEEDS_MAX = 1000, SEED_LEN = 700 };

static struct seed {
	size_t len;
	uint8_t octets[SEED_LEN];
} seeds[SEEDS_MAX];
static size_t seed_count;

static unsigned long message_count = 300000;
static uint64_t random_state = 88172645463325252u;
static unsigned long outcomes[4];

static uint32_t
any(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)(random_state >> 32) % below;
}

/* -------------------------------------------------------------------- seeds */

static void
read_seeds(void)
{
	const char *path = getenv("CORPUS");
	DIR *dir = opendir(path != NULL ? path : "fuzz/corpus/update");
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL && seed_count < SEEDS_MAX) {
		struct seed *seed = &seeds[seed_count];
		char name[4096];
		FILE *f;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		f = fopen(name, "rb");
		assert_non_null(f);
		seed->len = fread(seed->octets, 1, SEED_LEN, f);
		fclose(f);
		seed_count += seed->len > 5;
	}
	closedir(dir);
	assert_int_not_equal(seed_count, 0);
}

/* ----------------------------------------------------------------- mutation */

/* The body of a message, after its header; lengths are put right now and then,
 * so that what lies deep is reached. */
static size_t
repair(uint8_t *body, size_t len)
{
	size_t withdrawn = (size_t)(body[0] << 8 | body[1]);

	if (withdrawn + 4 > len) {
		body[0] = body[1] = 0;
		withdrawn = 0;
	}
	if (any(4) != 0 && len > withdrawn + 4) {
		size_t at = 2 + withdrawn;
		size_t attrs = (size_t)(body[at] << 8 | body[at + 1]);

		if (at + 2 + attrs > len) {
			attrs = len - at - 2;
			body[at] = (uint8_t)(attrs >> 8);
			body[at + 1] = (uint8_t)attrs;
		}
	}
	return len;
}

static size_t
mutate_once(uint8_t *body, size_t len)
{
	static const uint8_t telling[] = { 0, 1, 2, 3, 4, 5, 8, 14, 15, 16, 17,
		18, 22, 23, 25, 26, 29, 32, 33, 35, 36, 40, 0x40, 0x50, 0x80,
		0x90, 128, 129, 0xc0, 0xd0, 0xff };
	size_t at = any((uint32_t)len), n = 1 + any(8);

	switch (any(7)) {
	case 0:
		body[at] ^= (uint8_t)(1u << any(8));
		break;
	case 1:
		body[at] = (uint8_t)any(256);
		break;
	case 2:
	case 3:
		body[at] = telling[any(sizeof telling)];
		break;
	case 4:
		body[at] = (uint8_t)(body[at] + any(5) - 2);
		break;
	case 5: /* octets go */
		if (len > n + 8 && at + n <= len) {
			memmove(body + at, body + at + n, len - at - n);
			len -= n;
		}
		break;
	default: /* octets come twice */
		if (at + n <= len && len + n < SEED_LEN) {
			memmove(body + at + n, body + at, len - at);
			len += n;
		}
	}
	return len;
}

static size_t
make_message(uint8_t *msg, uint8_t *flags)
{
	const struct seed *seed = &seeds[any((uint32_t)seed_count)];
	size_t len = seed->len - 1;
	uint8_t *body = msg + 19;

	*flags = (uint8_t)(any(2) != 0 ? seed->octets[0] : any(32));
	memset(msg, 0xff, 19);
	memcpy(body, seed->octets + 1, len);
	for (uint32_t n = any(6); n > 0; n--)
		len = mutate_once(body, len);
	if (any(8) != 0)
		repair(body, len);
	return 19 + len;
}

/* --------------------------------------------------------------- comparison */

static void
compare_routes(const struct ref_result *ref, size_t *at,
	       struct bgp_nlri_list list, bool is_reach)
{
	struct bgp_nlri nlri;

	while (bgp_nlri_next(&list, &nlri)) {
		const struct ref_route *route = &ref->routes[(*at)++];
		size_t head = nlri.family == BGP_FAMILY(25, 70) ? 0 : 1;

		assert_true(*at <= ref->route_count);
		assert_int_equal(route->reach, is_reach);
		assert_int_equal(route->family, nlri.family);
		assert_int_equal(route->path_id, nlri.path_id);
		assert_int_equal(route->len, nlri.len + head);
		assert_memory_equal(route->octets + head, nlri.octets,
		    nlri.len);
		if (head != 0)
			assert_int_equal(route->octets[0], nlri.bits);
	}
}

static void
compare(const struct ref_result *ref, const struct bgp_update *update,
	const struct bgp_fault *fault, const uint8_t *msg)
{
	size_t at = 0;

	assert_int_equal(fault->remedy, ref->remedy);
	assert_int_equal(update->eor, ref->eor);
	for (size_t i = 0; i < update->unreach_count; i++)
		compare_routes(ref, &at, update->unreach[i], false);
	for (size_t i = 0; i < update->reach_count; i++)
		compare_routes(ref, &at, update->reach[i], true);
	assert_int_equal(at, ref->route_count);
	assert_int_equal(update->attr_count, ref->attr_count);
	for (size_t i = 0; i < ref->attr_count; i++) {
		assert_int_equal(update->attrs[i].code, ref->attrs[i].code);
		assert_int_equal(update->attrs[i].len, ref->attrs[i].len);
		assert_ptr_equal(update->attrs[i].value,
		    msg + ref->attrs[i].at);
	}
}

static void
run_one(void)
{
	static struct ref_result ref;
	static struct bgp_update update;
	uint8_t msg[19 + SEED_LEN], flags;
	size_t len = make_message(msg, &flags);
	struct ref_session session = { .as4 = (flags & 1) != 0,
		.ebgp = (flags & 2) != 0, .add_path = (flags & 4) != 0,
		.ext_next_hop = (flags & 8) != 0,
		.first_as = (flags & 16) != 0 ? 65002 : 0 };
	struct bgp_codec codec = { .as4 = session.as4, .ebgp = session.ebgp,
		.first_as_check = session.first_as != 0, .peer_as = 65002,
		.family_count = 4,
		.families = { { .family = BGP_IPV4_UNICAST },
		    { .family = BGP_IPV6_UNICAST },
		    { .family = BGP_FAMILY(1, 128) },
		    { .family = BGP_FAMILY(25, 70) } } };
	struct bgp_fault fault;

	for (size_t i = 0; i < 4; i++) {
		codec.families[i].add_path_in = session.add_path;
		codec.families[i].ext_next_hop = session.ext_next_hop;
	}
	ref_decode(&session, msg, len, &ref);
	bgp_update_decode(&codec, msg, len, &update, &fault);
	outcomes[fault.remedy]++;
	compare(&ref, &update, &fault, msg);
}

static void
test_agreement(void **state)
{
	(void)state;
	read_seeds();
	for (unsigned long i = 0; i < message_count; i++)
		run_one();
	print_message("# %lu messages: none %lu, discard %lu, withdraw %lu, "
	    "reset %lu\n", message_count, outcomes[0], outcomes[1],
	    outcomes[2], outcomes[3]);
	for (int i = 0; i < 4; i++)
		assert_int_not_equal(outcomes[i], 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreement),
	};

	if (argc > 1)
		message_count = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		random_state ^= strtoul(argv[2], NULL, 10) << 7;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
