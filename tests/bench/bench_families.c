/*
 * bench_families.c - what a route of other families costs beside an IPv4 one.
 *
 *   bench_families [--compare FILE] [ROUTES]
 *
 * The same number of routes of each family, six to an attribute set, go through
 * RIB and one update group of three members; then all labels change, and all
 * routes go.  Prints nanoseconds and octets of memory a route.  In-process: no
 * sessions, no sockets; lists are filed as decoded, attribute sets interned
 * before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "libbgp/base/octets.h"
#include "libbgp/reflect/group.h"

enum { MEMBERS = 3, RUN = 6, NLRI_MAX = 64 };

static uint32_t route_count = 300000;

/* -------------------------------------------------------------- the routes */

/* Each writes one NLRI on the wire; its octets. */
static size_t
write_ipv4(uint8_t *to, uint32_t number, unsigned label)
{
	(void)label;
	to[0] = 24;
	to[1] = (uint8_t)(1 + (number >> 16));
	bgp__store16(to + 2, number & 0xffff);
	return 4;
}

static size_t
write_vpn(uint8_t *to, uint32_t number, unsigned label)
{
	uint8_t prefix[4];

	write_ipv4(prefix, number, 0);
	memcpy(to, "\x70\0\0\1\0\0\xfc\0\0\0\0\1", 12);
	to[2] = (uint8_t)label;
	to[11] = (uint8_t)(number % 50); /* fifty VRFs */
	memcpy(to + 12, prefix + 1, 3);
	return 15;
}

/* A MAC and its IPv4 address. */
static size_t
write_evpn(uint8_t *to, uint32_t number, unsigned label)
{
	memset(to, 0, 39);
	memcpy(to, "\x02\x25\0\0\xfc\0\0\0\0\1", 10);
	to[24] = 48;
	bgp__store32(to + 27, number);
	to[31] = 32;
	bgp__store32(to + 32, number);
	to[37] = (uint8_t)label;
	return 39;
}

static size_t
write_flow(uint8_t *to, uint32_t number, unsigned label)
{
	(void)label;
	memcpy(to, "\x09\x01\x18", 3);
	to[3] = (uint8_t)(1 + (number >> 16));
	bgp__store16(to + 4, number & 0xffff);
	memcpy(to + 6, "\x03\x81\x06\x00", 4);
	return 10;
}

static const struct shape {
	const char *name;
	bgp_family family;
	size_t hop_len;
	size_t (*write)(uint8_t *to, uint32_t number, unsigned label);
} shapes[] = {
	{ "ipv4", BGP_IPV4_UNICAST, 4, write_ipv4 },
	{ "vpnv4", BGP_FAMILY(1, 128), 12, write_vpn },
	{ "evpn", BGP_FAMILY(25, 70), 4, write_evpn },
	{ "flowspec", BGP_FAMILY(1, 133), 0, write_flow },
};

/* --------------------------------------------------------------- the bench */

static struct bgp__mem mem;
static struct bgp_rib rib;
static struct bgp__table *table;
static struct bgp__groups *groups;
static struct bgp__batch *batch;
static struct bgp_rib_peer sources[MEMBERS];
static struct bgp__member members[MEMBERS];
static struct bgp_attrs **sets;

static void
on_wake(void *ctx)
{
	(void)ctx;
}

static void
join(unsigned m)
{
	const struct bgp__group_key key = { .kind = BGP_KIND_CLIENT,
					    .as4 = true,
					    .message_max = BGP_MESSAGE_MAX };

	sources[m].kind = BGP_KIND_CLIENT;
	sources[m].router_id = 100 + m;
	sources[m].import_policy = bgp_policy_accept;
	bgp__rib_add_source(&rib, &sources[m]);
	members[m].source = sources[m].number;
	members[m].wake = on_wake;
	if (bgp__member_join(groups, &members[m], &key) != BGP_OK)
		bench_fail("join");
}

static void
make_sets(const struct shape *shape)
{
	uint8_t block[64], hop[16] = { 0 };
	size_t len;

	hop[shape->hop_len == 12 ? 8 : 0] = 10;
	for (uint32_t i = 0; i * RUN < route_count; i++) {
		struct bgp__writer w = bgp__writer(block, sizeof block);

		bgp__write(&w, "\x40\1\1\0\x40\2\6\2\1", 9);
		bgp__write32(&w, i + 1);
		bgp__write(
		    &w, "\x40\5\4\0\0\0\x64\xc0\x10\x08\0\2\xfc\0\0\0\0\1", 18);
		len = bgp__written(&w);
		sets[i] = bgp__attrs_intern(&rib.attrs, block, len, hop,
					    shape->hop_len,
					    (struct bgp__hop_from){ 0 });
		if (sets[i] == NULL)
			bench_fail("intern");
	}
}

static void
set_up(const struct shape *shape)
{
	memset(sources, 0, sizeof sources);
	memset(members, 0, sizeof members);
	bgp__mem_init(&mem, NULL);
	memset(&rib, 0, sizeof rib);
	if (bgp__rib_init(&rib, &mem, 7) != BGP_OK ||
	    bgp__rib_table(&rib, shape->family, &table) != BGP_OK)
		bench_fail("rib");
	rib.equal_paths = 1;
	rib.attrs.router_id = rib.attrs.cluster_id = 1;
	batch = bgp__mem_get(&mem, sizeof *batch);
	groups = bgp__groups_new(table, batch);
	groups->cluster_id = 1;
	groups->client_to_client = true;
	groups->queue_max = 1u << 20;
	for (unsigned m = 0; m < MEMBERS; m++)
		join(m);
	make_sets(shape);
}

static double
file_all(const struct shape *shape, unsigned label)
{
	uint8_t octets[RUN * NLRI_MAX];
	double start = bench_now_ns();

	for (uint32_t number = 0; number < route_count;) {
		struct bgp_attrs *set = sets[number / RUN];
		struct bgp_nlri_list list = { .family = shape->family,
					      .octets = octets };

		for (unsigned i = 0; i < RUN; i++)
			list.len = (uint16_t)(list.len +
					      shape->write(octets + list.len,
							   number++, label));
		if (bgp__filings_push(table, &sources[0], list, set) != BGP_OK)
			bench_fail("file");
	}
	if (bgp__filings_settle(&rib) != BGP_OK)
		bench_fail("file");
	return bench_now_ns() - start;
}

/* Decides and tells all that changed; its nanoseconds. */
static double
publish(size_t *octets)
{
	double start = bench_now_ns();
	struct bgp_span spans[64];
	size_t count, len;

	for (bool more = true; more;) {
		bgp__loc_rib_run(table, 2048);
		bgp__groups_run(groups, 2048);
		more = table->changed.count > 0 || bgp__groups_busy(groups);
		for (unsigned m = 0; m < MEMBERS; m++) {
			count = bgp__member_lend(&members[m], spans, 64);
			len = 0;
			for (size_t i = 0; i < count; i++)
				len += spans[i].len;
			bgp__member_taken(&members[m], len);
			*octets += len;
			more = more || count > 0;
		}
	}
	return bench_now_ns() - start;
}

static double
forget_all(void)
{
	double start = bench_now_ns();

	bgp__adj_in_end(table, &sources[0]);
	while (!bgp__adj_in_sweep(table, &sources[0], 32768))
		;
	return bench_now_ns() - start;
}

static size_t
route_octets(void)
{
	return bgp__slab_octets(&table->dests) +
	    bgp__index_octets(&table->index) +
	    bgp__nlri_store_octets(&rib.nlri) +
	    bgp__slab_octets(&table->paths) + bgp__slab_octets(&table->exts) +
	    bgp__slab_octets(&groups->outs);
}

static void
tear_down(void)
{
	for (uint32_t i = 0; i * RUN < route_count; i++)
		bgp__attrs_unref(&rib.attrs, sets[i]);
	for (unsigned m = 0; m < MEMBERS; m++)
		bgp__member_leave(&members[m]);
	bgp__groups_del(groups);
	bgp__mem_put(&mem, batch, sizeof *batch);
	bgp__rib_fini(&rib);
	if (mem.octets != 0)
		bench_fail("giving all back");
}

static void
report(const struct shape *shape, const char *what, double ns)
{
	char name[64];

	snprintf(name, sizeof name, "%s: %s", shape->name, what);
	bench_report(name, ns, route_count, "route", 0);
}

static void
report_octets(const struct shape *shape, const char *what)
{
	char name[64];

	snprintf(name, sizeof name, "%s: %s", shape->name, what);
	bench_figure(name, (double)route_octets() / route_count,
		     "octets a route");
}

static void
run(const struct shape *shape)
{
	size_t octets = 0;

	set_up(shape);
	publish(&octets);
	report(shape, "file", file_all(shape, 1));
	report(shape, "decide and tell", publish(&octets));
	report_octets(shape, "memory");
	report(shape, "file the same", file_all(shape, 1));
	report(shape, "file with other labels", file_all(shape, 2));
	report(shape, "decide and tell again", publish(&octets));
	report_octets(shape, "memory, relabelled");
	report(shape, "forget and tell", forget_all() + publish(&octets));
	tear_down();
}

int
main(int argc, char **argv)
{
	argc = bench_begin(argc, argv);
	if (argc > 1)
		route_count = (uint32_t)strtoul(argv[1], NULL, 10);
	route_count -= route_count % RUN;
	sets = calloc(route_count / RUN + 1, sizeof *sets);
	if (route_count == 0 || sets == NULL)
		bench_fail("arguments");
	printf("%u routes\n", route_count);
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		run(&shapes[i]);
	free(sets);
	return 0;
}
