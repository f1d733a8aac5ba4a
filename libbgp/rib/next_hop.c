/*
 * next_hop.c - the next hops in use, and what the host says of them.
 */
#include <string.h>

#include "libbgp/base/hash.h"
#include "libbgp/rib/next_hop.h"

static uint64_t
addr_hash(const struct bgp__next_hops *hops, const struct bgp_addr *addr)
{
	return bgp__hash_addr(hops->seed, addr);
}

static uint64_t
record_hash(const void *ctx, uint32_t record)
{
	const struct bgp__next_hops *hops = ctx;

	return addr_hash(hops, &bgp__next_hop_at(hops, record)->addr);
}

static const void *
record_at(const void *ctx, uint32_t record)
{
	return bgp__next_hop_at(ctx, record);
}

static const struct bgp__index_hooks index_hooks = { record_hash, record_at };

void
bgp__next_hops_init(struct bgp__next_hops *hops, struct bgp__mem *mem,
		    uint64_t seed)
{
	memset(hops, 0, sizeof *hops);
	hops->seed = seed;
	bgp__slab_init(&hops->slab, mem, sizeof(struct bgp__next_hop));
	bgp__index_init(&hops->index, mem, &index_hooks, hops);
}

void
bgp__next_hops_fini(struct bgp__next_hops *hops)
{
	bgp__index_fini(&hops->index);
	bgp__slab_fini(&hops->slab);
}

static uint32_t
find(const struct bgp__next_hops *hops, const struct bgp_addr *addr)
{
	struct bgp__index_iter it;

	for (it = bgp__index_first(&hops->index, addr_hash(hops, addr));
	     it.record != 0; bgp__index_again(&hops->index, &it))
		if (bgp_addr_compare(
			addr, &bgp__next_hop_at(hops, it.record)->addr) == 0)
			break;
	return it.record;
}

static uint32_t
add(struct bgp__next_hops *hops, const struct bgp_addr *addr)
{
	uint32_t record = bgp__slab_get(&hops->slab);
	struct bgp__next_hop *hop;

	if (record == 0)
		return 0;
	hop = bgp__next_hop_at(hops, record);
	hop->addr = *addr;
	hop->refs = 1;
	hop->reachable = hops->watch == NULL;
	if (bgp__index_add(&hops->index, addr_hash(hops, addr), record) !=
	    BGP_OK) {
		bgp__slab_put(&hops->slab, record);
		return 0;
	}
	if (hops->watch != NULL)
		hops->watch(hops->ctx, addr);
	return record;
}

static bool
is_link_local(const uint8_t *octets)
{
	return octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80;
}

/* Where the next hop is two addresses, the second is that of the link: it is
 * used where the link is known, else the first.                  RFC 2545 3 */
bool
bgp__next_hop_address(const uint8_t *octets, size_t len, uint32_t scope,
		      struct bgp_addr *out)
{
	size_t second = len == 16 + 16 ? 16 : len == 2 * (8 + 16) ? 8 + 16 : 0;

	memset(out, 0, sizeof *out);
	switch (len) {
	case 8 + 4:
	case 8 + 16:
	case 8 + 16 + 8 + 16:
		octets += 8;
		out->len = len == 8 + 4 ? 4 : 16;
		break;
	case 4:
	case 16:
	case 16 + 16:
		out->len = len == 4 ? 4 : 16;
		break;
	default:
		return false;
	}
	if (scope != 0 && second != 0 && is_link_local(octets + second))
		octets += second;
	memcpy(out->octets, octets, out->len);
	if (out->len == 16 && is_link_local(octets))
		out->scope = scope;
	return true;
}

uint32_t
bgp__next_hop_ref(struct bgp__next_hops *hops, const struct bgp_addr *addr)
{
	uint32_t record = find(hops, addr);

	if (record == 0)
		return add(hops, addr);
	bgp__next_hop_at(hops, record)->refs++;
	return record;
}

void
bgp__next_hop_unref(struct bgp__next_hops *hops, uint32_t record)
{
	struct bgp__next_hop *hop;
	struct bgp_addr addr;

	if (record == 0)
		return;
	hop = bgp__next_hop_at(hops, record);
	if (--hop->refs > 0)
		return;
	addr = hop->addr;
	bgp__index_remove(&hops->index, addr_hash(hops, &addr), record);
	bgp__slab_put(&hops->slab, record);
	if (hops->unwatch != NULL)
		hops->unwatch(hops->ctx, &addr);
}

int
bgp__next_hop_set(struct bgp__next_hops *hops, const struct bgp_addr *addr,
		  bool reachable, uint32_t igp_cost)
{
	uint32_t record = find(hops, addr);
	struct bgp__next_hop *hop;

	if (record == 0)
		return BGP_ERR_NOENT;
	hop = bgp__next_hop_at(hops, record);
	if (hop->reachable == reachable && hop->igp_cost == igp_cost)
		return BGP_OK;
	hop->reachable = reachable;
	hop->igp_cost = igp_cost;
	hop->changed = hops->changed = hops->marked = true;
	return BGP_OK;
}

void
bgp__next_hops_settle(struct bgp__next_hops *hops)
{
	if (!hops->marked)
		return;
	hops->marked = false;
	for (uint32_t i = 1; i <= hops->slab.used; i++)
		bgp__next_hop_at(hops, i)->changed = false;
}
