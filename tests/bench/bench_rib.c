/*
 * bench_rib.c - what a route costs on its way through RIB and update group.
 *
 *   bench_rib [--compare FILE] [PREFIXES [MEMBERS]]
 *
 * Encodes a table first (about six prefixes per attribute set, as full tables
 * have), then times each stage over all of it and prints nanoseconds and octets
 * of memory per prefix.  In-process: no sessions, no sockets.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "libbgp/base/octets.h"
#include "libbgp/reflect/group.h"

enum { MEMBERS_MAX = 64, READ_LEN = 65536 };

static struct bgp__mem mem;
static struct bgp_rib rib;
static struct bgp__table *table;
static struct bgp__groups *groups;
static struct bgp__batch *batch;
static struct bgp_rib_peer sources[MEMBERS_MAX + 1];
static struct bgp__member members[MEMBERS_MAX];

/* A table as a peer says it. */
struct feed {
	uint8_t *octets;
	size_t len, messages;
};

static uint32_t block_count;
static unsigned prefix_count = 1000000, member_count = 3;

/* Nanoseconds of the longest call of a kind. */
static struct {
	double input, turn, output, leave;
} longest;

static const struct bgp_codec plain_codec = {
	.as4 = true,
	.message_in_max = BGP_MESSAGE_MAX,
	.message_out_max = BGP_MESSAGE_MAX,
	.family_count = 1,
	.families = { { .family = BGP_IPV4_UNICAST } },
};

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

/* Every prefix once, some six to a message, with attributes nobody had. */
static void
make_feed(struct feed *feed)
{
	struct bgp__writer w;
	uint8_t block[512], *start;
	size_t len, size = (size_t)prefix_count * 64 + 4096;
	unsigned run;

	feed->octets = malloc(size);
	if (feed->octets == NULL)
		bench_fail("malloc");
	w = bgp__writer(feed->octets, size);
	for (uint32_t number = 0; number < prefix_count;) {
		start = w.at;
		len = write_block(block, block_count++);
		feed->messages++;
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
		bench_fail("feed");
	feed->len = bgp__written(&w);
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
			  (struct bgp__hop_from){ 0 }, &attrs) != BGP_OK)
		bench_fail("intern");
	if (bgp__filings_push(table, &sources[0], list, attrs) != BGP_OK)
		bench_fail("add");
	bgp__attrs_unref(&rib.attrs, attrs);
}

static void
file_message(const uint8_t *msg, size_t len, bool store)
{
	struct bgp_update update;
	struct bgp_fault fault;

	if (bgp_update_decode(&codec, msg, len, &update, &fault) != BGP_OK)
		bench_fail("decode");
	if (store)
		file_list(&update, &fault);
}

/* One call of input: whole messages, READ_LEN octets or little more. */
static size_t
input(const struct feed *feed, size_t at, bool store)
{
	size_t end = at + READ_LEN < feed->len ? at + READ_LEN : feed->len;
	size_t len;

	for (; at < end; at += len) {
		len = bgp__load16(feed->octets + at + 16);
		file_message(feed->octets + at, len, store);
	}
	if (bgp__filings_settle(&rib) != BGP_OK)
		bench_fail("settle");
	return at;
}

static double
decode(const struct feed *feed, bool store)
{
	double start = bench_cpu_ns(), before = start, now;

	for (size_t at = 0; at < feed->len;) {
		at = input(feed, at, store);
		now = bench_cpu_ns();
		if (now - before > longest.input)
			longest.input = now - before;
		before = now;
	}
	return before - start;
}

/* true: there was something. */
static bool
read_member(struct bgp__member *m, size_t *octets)
{
	double start = bench_cpu_ns(), took;
	struct bgp_span spans[64];
	size_t count = bgp__member_lend(m, spans, 64), len = 0;

	for (size_t i = 0; i < count; i++)
		len += spans[i].len;
	bgp__member_taken(m, len);
	*octets += len;
	took = bench_cpu_ns() - start;
	longest.output = took > longest.output ? took : longest.output;
	return count > 0;
}

static double
read_all(size_t *octets)
{
	double start = bench_cpu_ns();
	bool more = true;

	while (more) {
		more = false;
		for (unsigned m = 0; m < member_count; m++)
			more = read_member(&members[m], octets) || more;
	}
	return bench_cpu_ns() - start;
}

struct times {
	double decide, flush, read;
	size_t octets;
};

/* As the speaker does it: portions of a budget, readers in between. */
static void
publish(struct times *t)
{
	double start, took;

	memset(t, 0, sizeof *t);
	while (table->changed.count > 0 || bgp__groups_busy(groups)) {
		start = bench_cpu_ns();
		bgp__loc_rib_run(table, 2048);
		took = bench_cpu_ns();
		t->decide += took - start;
		bgp__groups_run(groups, 2048);
		t->flush += bench_cpu_ns() - took;
		took = bench_cpu_ns() - start;
		longest.turn = took > longest.turn ? took : longest.turn;
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
	struct bgp__group_key key = { .kind = BGP_KIND_CLIENT,
				      .as4 = true,
				      .message_max = BGP_MESSAGE_MAX };

	bgp__mem_init(&mem, NULL);
	if (bgp__rib_init(&rib, &mem, 7) != BGP_OK ||
	    bgp__rib_table(&rib, BGP_IPV4_UNICAST, &table) != BGP_OK)
		bench_fail("rib");
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
		if (bgp__member_join(groups, &members[m], &key))
			bench_fail("join");
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

	bench_figure("memory, in all", (double)mem.octets / n, "octets");
	bench_figure("  destinations",
		     (double)bgp__slab_octets(&table->dests) / n, "octets");
	bench_figure("  index", (double)bgp__index_octets(&table->index) / n,
		     "octets");
	bench_figure("  paths", (double)bgp__slab_octets(&table->paths) / n,
		     "octets");
	bench_figure("  adj-out", (double)bgp__slab_octets(&groups->outs) / n,
		     "octets");
	bench_figure("  attribute sets",
		     (double)bgp__attrs_octets(&rib.attrs) / n, "octets");
}

static void
report_stages(const char *const names[3], const struct times *t)
{
	double n = prefix_count;

	bench_report(names[0], t->decide, n, "prefix", 0);
	bench_report(names[1], t->flush, n, "prefix", 0);
	if (names[2] != NULL)
		bench_report(names[2], t->read, (double)member_count * n,
			     "prefix", 0);
}

/* A table that was not there, and the same once more. */
static void
load(const struct feed *feed)
{
	double n = prefix_count;
	struct times t;

	bench_report("decode alone", decode(feed, false),
		     (double)feed->messages, "message", (double)feed->len);
	bench_report("decode, intern, insert", decode(feed, true), n, "prefix",
		     0);
	publish(&t);
	report_stages(
	    (const char *[]){ "decide", "group encode", "lend, taken" }, &t);
	report_memory();
	bench_report("the same again (recalled)", decode(feed, true), n,
		     "prefix", 0);
}

/* Every prefix with other attributes. */
static void
churn(const struct feed *feed)
{
	struct times t;

	bench_report("churn: decode, intern, replace", decode(feed, true),
		     prefix_count, "prefix", 0);
	publish(&t);
	report_stages(
	    (const char *[]){ "churn: decide", "churn: group encode", NULL },
	    &t);
}

/* One member is told all again; another goes before it was. */
static void
refresh(void)
{
	double start = bench_cpu_ns();
	size_t octets = 0;
	struct times t;

	if (bgp__member_refresh(&members[0]) != BGP_OK)
		bench_fail("refresh");
	while (members[0].behind) {
		while (read_member(&members[0], &octets))
			;
		publish(&t);
	}
	bench_report("refresh of one member", bench_cpu_ns() - start,
		     prefix_count, "prefix", (double)octets);
	if (bgp__member_refresh(&members[0]) != BGP_OK)
		bench_fail("refresh");
	start = bench_cpu_ns();
	bgp__member_leave(&members[0]);
	longest.leave = bench_cpu_ns() - start;
}

static void
lose(void)
{
	double start = bench_cpu_ns();
	struct times t;

	bgp__adj_in_end(table, &sources[0]);
	while (!bgp__adj_in_sweep(table, &sources[0], 32768))
		;
	bench_report("sweep", bench_cpu_ns() - start, prefix_count, "prefix",
		     0);
	publish(&t);
	report_stages((const char *[]){ "decide (gone)",
					"group encode (withdraw)", NULL },
		      &t);
}

static void
report_longest(void)
{
	bench_figure("longest input of 64 KiB", longest.input / 1e6, "ms");
	bench_figure("longest turn of a tick", longest.turn / 1e6, "ms");
	bench_figure("longest lend and taken", longest.output / 1e6, "ms");
	bench_figure("leaving with all to be told", longest.leave / 1e6, "ms");
}

static int
tear_down(void)
{
	for (unsigned m = 0; m < member_count; m++)
		bgp__member_leave(&members[m]);
	bgp__groups_del(groups);
	bgp__mem_put(&mem, batch, sizeof *batch);
	bgp__rib_fini(&rib);
	return mem.octets != 0;
}

int
main(int argc, char **argv)
{
	struct feed first = { 0 }, second = { 0 };
	size_t none = 0;

	argc = bench_begin(argc, argv);
	if (argc > 1)
		prefix_count = (unsigned)strtoul(argv[1], NULL, 10);
	if (argc > 2)
		member_count = (unsigned)strtoul(argv[2], NULL, 10);
	if (member_count < 2 || member_count > MEMBERS_MAX || prefix_count < 1)
		bench_fail("arguments");
	make_feed(&first);
	make_feed(&second);
	set_up();
	read_all(&none);
	printf("%u prefixes, %zu messages, %.1f MB, %u members of one group\n",
	       prefix_count, first.messages, (double)first.len / 1e6,
	       member_count);
	load(&first);
	churn(&second);
	refresh();
	lose();
	report_longest();
	free(first.octets);
	free(second.octets);
	return tear_down();
}
