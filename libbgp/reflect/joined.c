/*
 * joined.c - a peer of the RIB enters and leaves the groups of its families.
 */
#include <string.h>

#include "libbgp/base/hash.h"
#include "libbgp/reflect/joined.h"

/* -------------------------------------------------------------------- wake */

static void
run_wake(struct bgp__later *later)
{
	struct bgp__joined *j = (struct bgp__joined *)((uint8_t *)later -
						       offsetof(
							   struct bgp__joined,
							   wake));
	struct bgp_reflect *reflect = j->reflect;

	bgp__guard_raise_begin(reflect->rib->guard);
	reflect->events.wake(reflect->events.ctx, j->peer);
	bgp__guard_raise_end(reflect->rib->guard);
}

/* At the end of the call: lists of members may be walked now. */
static void
on_wake(void *ctx)
{
	struct bgp__joined *j = ctx;

	if (j->reflect->events.wake != NULL)
		bgp__guard_later(j->reflect->rib->guard, &j->wake);
}

/* --------------------------------------------------------------------- key */

struct bgp__group_key
bgp__joined_key(const struct bgp__joined *j, const struct bgp__table *table)
{
	const struct bgp_family_codec *agreed = bgp_codec_family(&j->codec,
								 table->family);
	struct bgp__group_key key = {
		.kind = j->peer->kind,
		.as4 = j->codec.as4,
		.ext_next_hop = agreed->ext_next_hop,
		.add_path = agreed->add_path_out,
		.labels = agreed->labels_out,
		.next_hop = table->hop_bound ? BGP_NEXT_HOP_AUTO
					     : j->options.next_hop,
		.local_as = j->options.local_as,
		.local_as_replace = j->options.local_as_replace,
		.message_max = j->codec.message_out_max,
		.own_ipv4 = j->options.own_ipv4,
		.own_ipv6 = j->options.own_ipv6,
		.export_policy = j->options.export_policy,
		.export_ctx = j->options.export_ctx,
	};

	key.own_ipv4.scope = key.own_ipv6.scope = 0;
	return key;
}

/* -------------------------------------------------------------- by address */

static uint64_t
address_hash(const struct bgp_rib *rib, const struct bgp_addr *addr)
{
	return bgp__hash(rib->seed, addr->octets, addr->len);
}

static const struct bgp__joined *
joined_at(const struct bgp_rib *rib, uint32_t number)
{
	return rib->sources[number]->joined;
}

static uint64_t
number_hash(const void *ctx, uint32_t number)
{
	return address_hash(ctx, &joined_at(ctx, number)->address);
}

static const void *
number_at(const void *ctx, uint32_t number)
{
	return joined_at(ctx, number);
}

const struct bgp__index_hooks bgp__joined_hooks = { number_hash, number_at };

/* Of two with one address, either. */
static uint16_t
owner(void *ctx, const struct bgp_addr *addr)
{
	const struct bgp_reflect *reflect = ctx;
	const struct bgp_rib *rib = reflect->rib;
	struct bgp__index_iter it;

	for (it = bgp__index_first(&reflect->by_address,
				   address_hash(rib, addr));
	     it.record != 0; bgp__index_again(&reflect->by_address, &it))
		if (bgp_addr_compare(addr,
				     &joined_at(rib, it.record)->address) == 0)
			return (uint16_t)it.record;
	return 0;
}

/* -------------------------------------------------------------------- join */

/* All members are alike. */
static void
on_too_long(void *ctx, const struct bgp__group *group,
	    const struct bgp__dest *dest)
{
	struct bgp_reflect *reflect = ctx;
	const struct bgp__table *table = group->groups->table;
	const struct bgp__member *m = group->in_stream != NULL
	    ? group->in_stream
	    : group->behind;
	struct bgp_nlri nlri;

	if (reflect->events.too_long == NULL || m == NULL)
		return;
	nlri = bgp__nlri_of(table, dest, bgp__best_name(table, dest));
	bgp__guard_callback_begin(reflect->rib->guard);
	reflect->events.too_long(reflect->events.ctx,
				 ((struct bgp__joined *)m->ctx)->peer,
				 group->member_count, &nlri);
	bgp__guard_callback_end(reflect->rib->guard);
}

static struct bgp__groups *
groups_of(struct bgp_reflect *reflect, struct bgp__table *table)
{
	struct bgp__groups *groups = table->groups;

	if (groups != NULL)
		return groups;
	groups = bgp__groups_new(table, reflect->batch);
	if (groups == NULL)
		return NULL;
	groups->router_id = reflect->rib->router_id;
	groups->cluster_id = reflect->rib->cluster_id;
	groups->local_as = reflect->rib->local_as;
	groups->queue_max = reflect->options.queue_max;
	groups->client_to_client = !reflect->options.no_client_to_client;
	groups->owner = owner;
	groups->owner_ctx = reflect;
	groups->too_long = on_too_long;
	groups->too_long_ctx = reflect;
	return groups;
}

static int
enter(struct bgp__joined *j, const struct bgp_family_codec *family)
{
	struct bgp__member *m = &j->members[j->count];
	struct bgp__groups *groups;
	struct bgp__group_key key;
	struct bgp__table *table;
	int err = bgp__rib_table_of(j->reflect->rib, family, &table);

	if (err != BGP_OK)
		return err;
	groups = groups_of(j->reflect, table);
	if (groups == NULL)
		return BGP_ERR_NOMEM;
	key = bgp__joined_key(j, table);
	m->peer = j->peer;
	m->source = j->peer->number;
	m->address = j->address;
	m->wake = on_wake;
	m->ctx = j;
	err = bgp__member_join(groups, m, &key);
	if (err == BGP_OK)
		j->count++;
	return err;
}

static size_t
joined_len(const struct bgp_codec *codec)
{
	return sizeof(struct bgp__joined) +
	    codec->family_count * sizeof(struct bgp__member);
}

size_t
bgp__joined_octets(const struct bgp__joined *j)
{
	return joined_len(&j->codec);
}

static void
link_joined(struct bgp_reflect *reflect, struct bgp__joined *j)
{
	j->next = reflect->joined;
	if (j->next != NULL)
		j->next->prev = j;
	reflect->joined = j;
	reflect->joined_count++;
	reflect->joined_octets += joined_len(&j->codec);
	j->peer->joined = j;
}

static void
unlink_joined(struct bgp_reflect *reflect, struct bgp__joined *j)
{
	if (j->prev != NULL)
		j->prev->next = j->next;
	else
		reflect->joined = j->next;
	if (j->next != NULL)
		j->next->prev = j->prev;
	reflect->joined_count--;
	reflect->joined_octets -= joined_len(&j->codec);
	j->peer->joined = NULL;
}

int
bgp__joined_new(struct bgp_reflect *reflect, struct bgp_rib_peer *peer,
		const struct bgp_codec *codec,
		const struct bgp_reflect_peer_options *options)
{
	struct bgp__joined *j = bgp__mem_get(reflect->rib->mem,
					     joined_len(codec));
	int err = BGP_OK;

	if (j == NULL)
		return BGP_ERR_NOMEM;
	j->reflect = reflect;
	j->peer = peer;
	j->codec = *codec;
	j->codec.recall = NULL;
	j->options = *options;
	j->address = peer->address;
	j->address.scope = 0;
	j->wake.run = run_wake;
	link_joined(reflect, j);
	err = bgp__index_add(&reflect->by_address,
			     address_hash(reflect->rib, &j->address),
			     peer->number);
	for (uint8_t i = 0; i < codec->family_count && err == BGP_OK; i++)
		err = enter(j, &codec->families[i]);
	if (err != BGP_OK)
		bgp__joined_del(j);
	return err;
}

void
bgp__joined_del(struct bgp__joined *j)
{
	struct bgp_rib *rib = j->reflect->rib;

	for (uint32_t i = 0; i < j->count; i++)
		bgp__member_leave(&j->members[i]);
	bgp__guard_forget(rib->guard, &j->wake);
	bgp__index_remove(&j->reflect->by_address,
			  address_hash(rib, &j->address), j->peer->number);
	unlink_joined(j->reflect, j);
	bgp__mem_put(rib->mem, j, joined_len(&j->codec));
}

int
bgp__joined_move(struct bgp__joined *j)
{
	struct bgp__group_key key;
	int err = BGP_OK;

	for (uint32_t i = 0; i < j->count && err == BGP_OK; i++) {
		struct bgp__member *m = &j->members[i];

		key = bgp__joined_key(j, m->group->groups->table);
		err = bgp__member_move(m, &key);
	}
	return err;
}

struct bgp__member *
bgp__joined_find(struct bgp__joined *j, bgp_family family)
{
	for (uint32_t i = 0; i < j->count; i++)
		if (j->members[i].group->groups->table->family == family)
			return &j->members[i];
	return NULL;
}
