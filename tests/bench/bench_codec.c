/*
 * bench_codec.c - what the codec costs per prefix, attribute block and octet.
 *
 *   bench_codec [--compare FILE] [MRT-FILE]
 *
 * Messages are made here (or, with a file of BGP4MP records, taken from it) and
 * decoded over and over from a warm cache; each line is the best of some
 * rounds, since everything but the code itself only adds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "bgp/mrt.h"

enum { ROUNDS = 15, PREFIXES = 500, BUDGET_NS = 2000000 };

static struct bgp_codec codec = { .as4 = true,
				  .ebgp = true,
				  .local_as = 65001,
				  .peer_as = 65002,
				  .message_in_max = BGP_MESSAGE_MAX,
				  .message_out_max = BGP_MESSAGE_MAX,
				  .family_count = 2,
				  .families = {
				      { .family = BGP_IPV4_UNICAST },
				      { .family = BGP_IPV6_UNICAST } } };

static struct bgp_update update;
static struct bgp_fault fault;
static volatile uint64_t sink;

/* A set of messages in one piece of memory. */
struct messages {
	uint8_t *octets;
	size_t len;
	size_t count;
};

/* Nanoseconds of so many calls. */
static double
time_calls(void (*call)(const void *), const void *arg, unsigned calls)
{
	double from = bench_now_ns();

	for (unsigned i = 0; i < calls; i++)
		call(arg);
	return bench_now_ns() - from;
}

/* Nanoseconds of one call, the best of the rounds. */
static double
best(void (*call)(const void *), const void *arg)
{
	double least = time_calls(call, arg, 1);
	unsigned calls = least > BUDGET_NS
	    ? 1
	    : (unsigned)(BUDGET_NS / (least + 1)) + 1;

	for (int round = 0; round < ROUNDS; round++) {
		double took = time_calls(call, arg, calls) / calls;

		if (took < least)
			least = took;
	}
	return least;
}

/* ------------------------------------------------------------------- decode */

static void
decode_all(const void *arg)
{
	const struct messages *m = arg;
	const uint8_t *p = m->octets;

	for (size_t i = 0; i < m->count; i++) {
		size_t len = (size_t)(p[16] << 8 | p[17]);

		if (bgp_update_decode(&codec, p, len, &update, &fault) ==
		    BGP_OK)
			sink += update.attr_count;
		p += len;
	}
}

static void
decode_and_walk(const void *arg)
{
	const struct messages *m = arg;
	struct bgp_nlri nlri;
	uint64_t sum = 0;

	decode_all(arg);
	while (bgp_nlri_next(&update.reach[0], &nlri))
		sum += nlri.bits;
	sink += sum + m->count;
}

static void
walk(const void *arg)
{
	struct bgp_nlri_list list = *(const struct bgp_nlri_list *)arg;
	struct bgp_nlri nlri;
	uint64_t sum = 0;

	while (bgp_nlri_next(&list, &nlri))
		sum += nlri.bits;
	sink += sum;
}

/* ------------------------------------------------------------------- encode */

static const uint8_t origin[] = { 0 };
static const uint8_t path[] = { 2,    4, 0, 0,    0xfd, 0xea, 0, 1,    0x11,
				0x70, 0, 0, 0x0d, 0x1c, 0,    0, 0x1b, 0x1b };
static const uint8_t med[] = { 0, 0, 0, 10 };
static const uint8_t communities[] = { 0xfd, 0xea, 0,    1,    0xfd, 0xea,
				       0,    2,    0xfd, 0xea, 0,    3 };
static const uint8_t large[] = { 0, 0, 0xfd, 0xea, 0, 0, 0, 1, 0, 0, 0, 2 };
static const uint8_t hop[] = { 192, 0, 2, 1 };

/* With NEXT_HOP, six typical ones. */
static const struct bgp_attr attrs[] = {
	{ 0x40, BGP_ATTR_ORIGIN, sizeof origin, origin },
	{ 0x40, BGP_ATTR_AS_PATH, sizeof path, path },
	{ 0x80, BGP_ATTR_MED, sizeof med, med },
	{ 0xc0, BGP_ATTR_COMMUNITIES, sizeof communities, communities },
	{ 0xc0, BGP_ATTR_LARGE_COMMUNITIES, sizeof large, large },
};

static uint8_t octets[PREFIXES][4];
static struct bgp_nlri nlri[PREFIXES];
static struct bgp_update_parts parts = {
	BGP_IPV4_UNICAST, false, { hop, sizeof hop }, attrs, 5, nlri, PREFIXES
};
static uint8_t message[BGP_MESSAGE_MAX];
static size_t taken;

/* Lengths as full tables have them: mostly /24, some of 16 to 23. */
static void
make_prefixes(void)
{
	for (unsigned i = 0; i < PREFIXES; i++) {
		uint16_t bits = i % 5 < 3 ? 24 : (uint16_t)(16 + i % 8);

		octets[i][0] = (uint8_t)(1 + i % 200);
		octets[i][1] = (uint8_t)(i * 7);
		octets[i][2] = (uint8_t)(bits > 16
					     ? (i * 13) & (0xffu << (24 - bits))
					     : 0);
		nlri[i] = (struct bgp_nlri){
			BGP_IPV4_UNICAST,           0, bits,
			(uint16_t)((bits + 7) / 8), 0, octets[i]
		};
	}
}

static void
encode(const void *arg)
{
	(void)arg;
	sink += (uint64_t)bgp_update_encode(&codec, &parts, message,
					    sizeof message, &taken);
}

static void
canonical(const void *arg)
{
	static uint8_t block[4096];

	(void)arg;
	sink += (uint64_t)bgp_attrs_canonical(&codec, &update, block,
					      sizeof block);
}

/* As many messages of so many prefixes as fill 2 MB. */
static struct messages
make_messages(size_t prefixes)
{
	struct messages m = { malloc(1 << 21), 0, 0 };

	if (m.octets == NULL)
		exit(1);
	parts.nlri_count = prefixes;
	for (;;) {
		int len;

		parts.nlri = nlri +
		    m.count * prefixes % (PREFIXES - prefixes + 1);
		if (m.len + BGP_MESSAGE_MAX > 1 << 21 || m.count == 2000)
			break;
		len = bgp_update_encode(&codec, &parts, m.octets + m.len,
					BGP_MESSAGE_MAX, &taken);
		if (len < 0)
			exit(1);
		m.len += (size_t)len;
		m.count++;
	}
	parts.nlri = nlri;
	return m;
}

/* -------------------------------------------------------------- a real file */

static struct messages
read_mrt(const char *name)
{
	struct messages m = { malloc(64 << 20), 0, 0 };
	uint8_t *file = malloc(64 << 20);
	FILE *f = fopen(name, "rb");
	struct bgp_mrt_record record;
	struct bgp_span rest = { file, 0 };

	if (f == NULL || file == NULL || m.octets == NULL) {
		fprintf(stderr, "bench_codec: %s cannot be read\n", name);
		exit(2);
	}
	rest.len = fread(file, 1, 64 << 20, f);
	fclose(f);
	while (bgp_mrt_next(&rest, &record) == BGP_OK) {
		struct bgp_mrt_message message_in;

		if (bgp_mrt_message_decode(&record, &message_in) != BGP_OK ||
		    message_in.msg.len < 23 || !message_in.as4 ||
		    message_in.msg.octets[18] != BGP_UPDATE)
			continue;
		memcpy(m.octets + m.len, message_in.msg.octets,
		       message_in.msg.len);
		m.len += message_in.msg.len;
		m.count++;
	}
	free(file);
	return m;
}

static void
report_decode(const char *what, const struct messages *m)
{
	double ns = best(decode_all, m);

	bench_report(what, ns, (double)m->count, "message", (double)m->len);
}

int
main(int argc, char **argv)
{
	struct messages one, few, full, single;
	struct bgp_nlri_list list;
	double with, without;

	argc = bench_begin(argc, argv);
	make_prefixes();
	one = make_messages(1);
	few = make_messages(6);
	full = make_messages(PREFIXES);
	single = full;
	single.count = 1;
	single.len = (size_t)(full.octets[16] << 8 | full.octets[17]);
	report_decode("decode, 1 prefix a message", &one);
	report_decode("decode, 6 prefixes a message", &few);
	report_decode("decode, 500 prefixes a message", &full);
	if (argc > 1) {
		struct messages real = read_mrt(argv[1]);

		report_decode("decode, real UPDATEs", &real);
		free(real.octets);
	}
	with = best(decode_and_walk, &single);
	bench_report("decode and walk, 500 prefixes", with, PREFIXES, "prefix",
		     (double)single.len);
	decode_all(&single);
	list = update.reach[0];
	bench_report("walk alone", best(walk, &list), PREFIXES, "prefix", 0);
	without = best(decode_all, &single);
	bench_report("split and check, 500 prefixes", without, PREFIXES,
		     "prefix", (double)single.len);
	with = best(decode_all, &one) / (double)one.count;
	parts.unreach = true;
	single = make_messages(1);
	parts.unreach = false;
	without = best(decode_all, &single) / (double)single.count;
	bench_report("six attributes", with - without, 1, "block", 0);
	free(single.octets);
	single = one;
	single.count = 1;
	decode_all(&single);
	bench_report("canonical form of six", best(canonical, NULL), 1, "block",
		     0);
	parts.nlri_count = PREFIXES;
	encode(NULL);
	bench_report("encode, 500 prefixes", best(encode, NULL), PREFIXES,
		     "prefix", (double)(message[16] << 8 | message[17]));
	parts.nlri_count = 1;
	bench_report("encode, 1 prefix", best(encode, NULL), 1, "message", 0);
	printf("sizes: codec %zu, update %zu, open %zu octets\n", sizeof codec,
	       sizeof update, sizeof(struct bgp_open));
	free(one.octets);
	free(few.octets);
	free(full.octets);
	return 0;
}
