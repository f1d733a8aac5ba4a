/*
 * bench_rib.c - what a route costs on its way through RIB and update group.
 *
 *   bench_rib [PREFIXES [MEMBERS]]
 *
 * Encodes a table first (about six prefixes per attribute set, as full tables
 * have), then times each stage over all of it and prints nanoseconds and octets
 * of memory per prefix.  In-process: no sessions, no sockets.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "libbgp/base/octets.h"
#include "libbgp/reflect/group.h"

enum { MEMBERS_MAX = 64 };

static struct bgp__mem mem;
static struct bgp__rib rib;
static struct bgp__table *table;
static struct bgp__groups *groups;
static struct bgp__batch *batch;
static struct bgp__source sources[MEMBERS_MAX + 1];
static struct bgp__member members[MEMBERS_MAX];

static uint8_t *feed;
static size_t feed_len, message_count;
static unsigned prefix_count = 1000000, member_count = 3;

static const struct bgp_codec plain_codec = {
	.as4 = true,
	.message_in_max = BGP_MESSAGE_MAX,
	.message_out_max = BGP_MESSAGE_MAX,
	.family_count = 1,
	.families = { { .family = BGP_IPV4_UNICAST } },
};

static double
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void
report(const char *stage, double ns, double items, const char *unit)
{
	printf("%-28s %9.1f ns/%s %10.3f ms\n", stage, ns / items, unit,
	    ns / 1e6);
}

static void
fail(const char *what)
{
	fprintf(stderr, "bench_rib: %s failed\n", what);
	exit(1);
}

/* ------------------------------------------------------------- the table */

static uint64_t state = 42;

static uint32_t
chance(uint32_t below)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((state >> 33) % below);
}

static size_t
write_block(uint8_t *to, uint32_t id)
{
	struct bgp__writer w = bgp__writer(to, 512);
	unsigned hops = 2 + chance(6), communities = chance(5);

	bgp__write(&w, "\x40\x01\x01\x00\x40\x02", 6);
	bgp__write8(&w, 2 + 4 * hops);
	bgp__write8(&w, 2);
	bgp__write8(&w, hops);
	bgp__write32(&w, 200 + id);
	for (unsigned i = 1; i < hops; i++)
		bgp__write32(&w, 200 + chance(70000));
	bgp__write(&w, "\x40\x03\x04\x0a\x63\x00\x01", 7);
	bgp__write(&w, "\x40\x05\x04\x00\x00\x00\x64", 7);
	if (communities > 0) {
		bgp__write(&w, "\xc0\x08", 2);
		bgp__write8(&w, 4 * communities);
	}
	for (unsigned i = 0; i < communities; i++)
		bgp__write32(&w, chance(1u << 30));
	return bgp__written(&w);
}

static void
write_prefix(struct bgp__writer *w, uint32_t number)
{
	uint32_t address = (1u << 24) + number * 256 * 3;

	bgp__write8(w, 24);
	bgp__write8(w, address >> 24);
	bgp__write8(w, address >> 16 & 255);
	bgp__write8(w, address >> 8 & 255);
}

static void
make_feed(void)
{
	struct bgp__writer w;
	uint8_t block[512], *start;
	size_t len, size = (size_t)prefix_count * 64 + 4096;
	unsigned run;

	feed = malloc(size);
	if (feed == NULL)
		fail("malloc");
	w = bgp__writer(feed, size);
	for (uint32_t number = 0; number < prefix_count;) {
		start = w.at;
		len = write_block(block, (uint32_t)message_count++);
		memset(bgp__write_room(&w, 16), 0xff, 16);
		bgp__write(&w, "\0\0\2\0\0", 5);
		bgp__write16(&w, (unsigned)len);
		bgp__write(&w, block, len);
		for (run = 1 + chance(11); run > 0 && number < prefix_count;
		     run--)
			write_prefix(&w, number++);
		bgp__store16(start + 16, (unsigned)(w.at - start));
	}
	if (w.bad)
		fail("feed");
	feed_len = bgp__written(&w);
}

/* --------------------------------------------------------------- stages */

static struct bgp_codec codec;
static struct bgp__recall recall;

static void
file_list(const struct bgp_update *update, const struct bgp_fault *fault)
{
	struct bgp_nlri_list list = update->reach[0];
	struct bgp_attrs *attrs;

	if (bgp__attrs_of(&rib.attrs, &codec, update, fault, list.next_hop,
	    &attrs) != BGP_OK)
		fail("intern");
	if (bgp__filings_push(table, &sources[0], list, attrs) != BGP_OK)
		fail("add");
	bgp__attrs_unref(&rib.attrs, attrs);
}

static void
file_message(const uint8_t *msg, size_t len, bool store)
{
	struct bgp_update update;
	struct bgp_fault fault;

	if (bgp_update_decode(&codec, msg, len, &update, &fault) != BGP_OK)
		fail("decode");
	if (store)
		file_list(&update, &fault);
}

static double
decode(bool store)
{
	double start = now_ns();
	size_t at = 0, len;

	for (; at < feed_len; at += len) {
		len = bgp__load16(feed + at + 16);
		file_message(feed + at, len, store);
	}
	if (bgp__filings_settle(&rib) != BGP_OK)
		fail("settle");
	return now_ns() - start;
}

static double
read_all(size_t *octets)
{
	double start = now_ns();
	struct bgp_span spans[64];
	size_t count, len;
	bool more = true;

	while (more) {
		more = false;
		for (unsigned m = 0; m < member_count; m++) {
			count = bgp__member_lend(&members[m], spans, 64);
			len = 0;
			for (size_t i = 0; i < count; i++)
				len += spans[i].len;
			bgp__member_taken(&members[m], len);
			*octets += len;
			more = more || count > 0;
		}
	}
	return now_ns() - start;
}

struct times {
	double decide, flush, read, longest;
	size_t octets;
};

/* As the speaker does it: portions of a budget, readers in between. */
static void
publish(struct times *t)
{
	double start, took;

	while (table->changed.count > 0 || bgp__groups_busy(groups)) {
		start = now_ns();
		bgp__loc_rib_run(table, 2048);
		took = now_ns();
		t->decide += took - start;
		bgp__groups_run(groups, 2048);
		t->flush += now_ns() - took;
		took = now_ns() - start;
		t->longest = took > t->longest ? took : t->longest;
		t->read += read_all(&t->octets);
	}
}

static void
on_wake(void *ctx)
{
	(void)ctx;
}

static void
set_up(void)
{
	struct bgp__group_key key = { .kind = BGP_KIND_CLIENT, .as4 = true,
				      .message_max = BGP_MESSAGE_MAX };

	bgp__mem_init(&mem, NULL);
	if (bgp__rib_init(&rib, &mem, 7) != BGP_OK ||
	    bgp__rib_table(&rib, BGP_IPV4_UNICAST, &table) != BGP_OK)
		fail("rib");
	rib.equal_paths = 1;
	rib.attrs.router_id = rib.attrs.cluster_id = 1;
	batch = bgp__mem_get(&mem, sizeof *batch);
	groups = bgp__groups_new(table, batch);
	groups->cluster_id = 1;
	groups->client_to_client = true;
	groups->queue_max = 1u << 20;
	for (unsigned m = 0; m < member_count; m++) {
		sources[m].kind = BGP_KIND_CLIENT;
		sources[m].router_id = 100 + m;
		sources[m].import_policy = bgp_policy_accept;
		bgp__rib_add_source(&rib, &sources[m]);
		members[m].source = sources[m].number;
		members[m].wake = on_wake;
		if (bgp__member_join(groups, &members[m], &key, &plain_codec))
			fail("join");
	}
	codec = plain_codec;
	recall.store = &rib.attrs;
	codec.recall = bgp__attrs_recall;
	codec.recall_ctx = &recall;
}

static void
report_memory(void)
{
	double n = prefix_count;

	printf("memory, octets a prefix: %.1f in all; destinations %.1f, "
	    "index %.1f, paths %.1f, adj-out %.1f, attribute sets %.1f "
	    "(%u sets)\n",
	    (double)mem.octets / n,
	    (double)bgp__slab_octets(&table->dests) / n,
	    (double)bgp__index_octets(&table->index) / n,
	    (double)bgp__slab_octets(&table->paths) / n,
	    (double)bgp__slab_octets(&groups->outs) / n,
	    (double)bgp__attrs_octets(&rib.attrs) / n, rib.attrs.count);
}

int
main(int argc, char **argv)
{
	struct times up = { 0 }, down = { 0 };
	double n, took;
	size_t none = 0;

	if (argc > 1)
		prefix_count = (unsigned)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		member_count = (unsigned)strtoul(argv[2], NULL, 10);
	if (member_count < 1 || member_count > MEMBERS_MAX ||
	    prefix_count < 1)
		fail("arguments");
	n = prefix_count;
	make_feed();
	set_up();
	read_all(&none);
	printf("%u prefixes, %zu messages, %.1f MB, %u members of one group\n",
	    prefix_count, message_count, (double)feed_len / 1e6,
	    member_count);
	report("decode alone", decode(false), (double)message_count, "msg");
	report("decode, intern, insert", decode(true), n, "prefix");
	publish(&up);
	report("decide", up.decide, n, "prefix");
	report("group encode", up.flush, n, "prefix");
	report("lend, taken", up.read, (double)member_count, "member");
	printf("%-28s %9.3f ms\n", "longest turn of a tick",
	    up.longest / 1e6);
	report_memory();
	report("the same again (recalled)", decode(true), n, "prefix");
	took = now_ns();
	bgp__adj_in_end(table, &sources[0]);
	while (!bgp__adj_in_sweep(table, &sources[0], 32768))
		;
	report("sweep", now_ns() - took, n, "prefix");
	publish(&down);
	report("decide (gone)", down.decide, n, "prefix");
	report("group encode (withdraw)", down.flush, n, "prefix");
	for (unsigned m = 0; m < member_count; m++)
		bgp__member_leave(&members[m]);
	bgp__groups_del(groups);
	bgp__mem_put(&mem, batch, sizeof *batch);
	bgp__rib_fini(&rib);
	free(feed);
	return mem.octets != 0;
}
