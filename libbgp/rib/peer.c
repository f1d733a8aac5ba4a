/*
 * peer.c - doors: the peers of a RIB, added, configured, ended, removed.
 */
#include <string.h>

#include "libbgp/base/range.h"
#include "libbgp/base/sized.h"
#include "libbgp/rib/rib.h"

/* ---------------------------------------------------------------- options */

static bool
is_address(const void *any)
{
	const struct bgp_addr
	    *addr = &((const struct bgp_rib_peer_options *)any)->address;

	return addr->len == 0 || addr->len == 4 || addr->len == 16;
}

static const struct bgp__range ranges[] = {
	BGP__RANGE(bgp_rib_peer_options, kind, false, BGP_KIND_EBGP,
		   BGP_KIND_NON_CLIENT, "BGP_KIND_EBGP, CLIENT or NON_CLIENT"),
	BGP__RULE("address", is_address, "IPv4, IPv6 or none"),
	BGP__RANGE_END,
};

static int
take(struct bgp_rib_peer_options *o, const struct bgp_rib_peer_options *options)
{
	int err = bgp__sized_take(o, sizeof *o, options);

	if (err == BGP_OK && bgp__range_broken(ranges, o) != NULL)
		err = BGP_ERR_INVALID;
	return err;
}

const char *
bgp_rib_peer_options_invalid(const struct bgp_rib_peer_options *given)
{
	struct bgp_rib_peer_options options = BGP_RIB_PEER_OPTIONS_INIT;
	const char *why = bgp__sized_invalid(sizeof options, given);

	if (why != NULL)
		return why;
	bgp__sized_take(&options, sizeof options, given);
	return bgp__range_broken(ranges, &options);
}

/* Do its routes rank or pass otherwise than before? */
static bool
is_other(const struct bgp_rib_peer *p, const struct bgp_rib_peer_options *o)
{
	return p->kind != o->kind || p->router_id != o->router_id ||
	    bgp_addr_compare(&p->address, &o->address) != 0 ||
	    p->own_as_allowed != o->own_as_allowed ||
	    p->local_as != o->local_as ||
	    p->prepend_local_as != o->prepend_local_as ||
	    p->import_policy != o->import_policy ||
	    p->import_ctx != o->import_ctx;
}

static void
set_options(struct bgp_rib_peer *peer, const struct bgp_rib_peer_options *o)
{
	peer->user = o->user;
	peer->address = o->address;
	peer->router_id = o->router_id;
	peer->kind = o->kind;
	peer->own_as_allowed = o->own_as_allowed;
	peer->local_as = o->local_as;
	peer->prepend_local_as = o->prepend_local_as && o->local_as != 0;
	peer->path_id_limit = o->path_id_limit;
	peer->import_policy = o->import_policy;
	peer->import_ctx = o->import_ctx;
	peer->recall.scope = o->scope != 0 ? o->scope : o->address.scope;
	for (uint32_t i = 0; i < BGP__TABLES_MAX; i++)
		peer->in[i].limit = o->prefix_limit;
}

static void
reload(struct bgp_rib_peer *peer)
{
	for (uint32_t i = 0; i < peer->rib->table_count; i++)
		if (peer->in[i].paths + peer->in[i].stale > 0)
			peer->in[i].reload = 1;
	peer->rib->chores = true;
}

/* ------------------------------------------------------------ add, remove */

static void
link_peer(struct bgp_rib *rib, struct bgp_rib_peer *peer)
{
	peer->prev = rib->last;
	if (peer->prev != NULL)
		peer->prev->next = peer;
	else
		rib->first = peer;
	rib->last = peer;
	rib->peer_count++;
}

static void
unlink_peer(struct bgp_rib *rib, struct bgp_rib_peer *peer)
{
	if (peer->prev != NULL)
		peer->prev->next = peer->next;
	else
		rib->first = peer->next;
	if (peer->next != NULL)
		peer->next->prev = peer->prev;
	else
		rib->last = peer->prev;
	rib->peer_count--;
}

int
bgp_rib_peer_add(struct bgp_rib *rib,
		 const struct bgp_rib_peer_options *options,
		 struct bgp_rib_peer **out)
{
	struct bgp_rib_peer_options o = BGP_RIB_PEER_OPTIONS_INIT;
	struct bgp_rib_peer *peer;
	int err;

	if (bgp__rib_refuses(rib))
		return BGP_ERR_STATE;
	err = take(&o, options);
	if (err != BGP_OK)
		return err;
	peer = bgp__mem_get(rib->mem, sizeof *peer);
	if (peer == NULL)
		return BGP_ERR_NOMEM;
	err = bgp__rib_add_source(rib, peer);
	if (err != BGP_OK) {
		bgp__mem_put(rib->mem, peer, sizeof *peer);
		return err;
	}
	peer->rib = rib;
	peer->recall.store = &rib->attrs;
	set_options(peer, &o);
	link_peer(rib, peer);
	*out = peer;
	return BGP_OK;
}

int
bgp_rib_peer_configure(struct bgp_rib_peer *peer,
		       const struct bgp_rib_peer_options *options)
{
	struct bgp_rib_peer_options o = BGP_RIB_PEER_OPTIONS_INIT;
	bool other;
	int err;

	if (bgp__rib_refuses(peer->rib))
		return BGP_ERR_STATE;
	err = take(&o, options);
	if (err != BGP_OK)
		return err;
	if (peer->kind == BGP_KIND_LOCAL ||
	    (peer->joined != NULL && peer->kind != o.kind))
		return BGP_ERR_STATE;
	other = is_other(peer, &o);
	set_options(peer, &o);
	if (other)
		reload(peer);
	return BGP_OK;
}

int
bgp_rib_peer_remove(struct bgp_rib_peer *peer)
{
	struct bgp_rib *rib = peer->rib;

	if (bgp__rib_refuses(rib) || peer->joined != NULL ||
	    peer->kind == BGP_KIND_LOCAL)
		return BGP_ERR_STATE;
	bgp__filings_drop(rib, peer);
	for (uint32_t i = 0; i < rib->table_count; i++)
		bgp__adj_in_end(rib->tables[i], peer);
	unlink_peer(rib, peer);
	peer->user = NULL;
	peer->import_policy = NULL;
	peer->next = rib->removed;
	rib->removed = peer;
	rib->chores = true;
	bgp__rib_reap(rib);
	return BGP_OK;
}

int
bgp_rib_reload(struct bgp_rib_peer *peer)
{
	if (bgp__guard_refuses(peer->rib->guard))
		return BGP_ERR_STATE;
	reload(peer);
	return BGP_OK;
}

/* ----------------------------------------------------- end of its session */

int
bgp_rib_stale(struct bgp_rib_peer *peer, bgp_family family)
{
	struct bgp_rib *rib = peer->rib;

	if (bgp__rib_refuses(rib))
		return BGP_ERR_STATE;
	bgp__filings_drop(rib, peer);
	for (uint32_t i = 0; i < rib->table_count; i++)
		if (family == 0 || rib->tables[i]->family == family)
			bgp__adj_in_stale(rib->tables[i], peer);
	return BGP_OK;
}

int
bgp_rib_sweep(struct bgp_rib_peer *peer, bgp_family family)
{
	struct bgp_rib *rib = peer->rib;

	if (bgp__rib_refuses(rib))
		return BGP_ERR_STATE;
	for (uint32_t i = 0; i < rib->table_count; i++)
		if ((family == 0 || rib->tables[i]->family == family) &&
		    peer->in[i].stale > 0)
			peer->in[i].sweep = 1;
	rib->chores = true;
	return BGP_OK;
}

int
bgp_rib_end(struct bgp_rib_peer *peer)
{
	struct bgp_rib *rib = peer->rib;

	if (bgp__rib_refuses(rib))
		return BGP_ERR_STATE;
	bgp__filings_drop(rib, peer);
	for (uint32_t i = 0; i < rib->table_count; i++)
		bgp__adj_in_end(rib->tables[i], peer);
	rib->chores = true;
	return BGP_OK;
}

/* -------------------------------------------------------------- questions */

struct bgp_rib_peer *
bgp_rib_local(struct bgp_rib *rib)
{
	return &rib->local;
}

struct bgp_rib_peer *
bgp_rib_peer_next(const struct bgp_rib *rib, const struct bgp_rib_peer *after)
{
	return after != NULL ? after->next : rib->first;
}

void *
bgp_rib_peer_user(const struct bgp_rib_peer *peer)
{
	return peer->user;
}

enum bgp_kind
bgp_rib_peer_kind(const struct bgp_rib_peer *peer)
{
	return peer->kind;
}

const struct bgp_addr *
bgp_rib_peer_address(const struct bgp_rib_peer *peer)
{
	return &peer->address;
}

uint32_t
bgp_rib_peer_router_id(const struct bgp_rib_peer *peer)
{
	return peer->router_id;
}

int
bgp_rib_peer_info(const struct bgp_rib_peer *peer, bgp_family family,
		  struct bgp_rib_peer_info *out)
{
	const struct bgp__table *table = bgp__rib_find_table(peer->rib, family);
	struct bgp_rib_peer_info info = BGP_RIB_PEER_INFO_INIT;
	const struct bgp__adj_in *in;

	if (table == NULL)
		return BGP_ERR_NOENT;
	in = &peer->in[table->number];
	info.paths = in->paths;
	info.accepted = in->accepted;
	info.best = in->best;
	info.stale = in->stale;
	info.eor = in->eor;
	info.updated_ms = peer->updated_ms;
	info.dropped = in->dropped;
	info.octets = sizeof *peer;
	return bgp__sized_give(out, &info, sizeof info);
}
