/*
 * peer.c - doors: a peer of the RIB is sent routes: join, lend, taken, leave.
 */
#include <string.h>

#include "libbgp/base/sized.h"
#include "libbgp/reflect/joined.h"

static bool
is_refused(const struct bgp_rib_peer *peer)
{
	return bgp__rib_refuses(peer->rib) || peer->joined == NULL;
}

/* ------------------------------------------------------------ join, leave */

/* Our own next hops are of their kind, or there are none. */
static bool
hops_are_sound(const struct bgp_reflect_peer_options *o)
{
	return (o->own_ipv4.len == 0 || o->own_ipv4.len == 4) &&
	    (o->own_ipv6.len == 0 || o->own_ipv6.len == 16);
}

int
bgp_reflect_join(struct bgp_reflect *reflect, struct bgp_rib_peer *peer,
		 const struct bgp_codec *codec,
		 const struct bgp_reflect_peer_options *options)
{
	struct bgp_reflect_peer_options o = BGP_REFLECT_PEER_OPTIONS_INIT;
	struct bgp__guard *guard = peer->rib->guard;
	int err;

	if (bgp__rib_refuses(peer->rib))
		return BGP_ERR_STATE;
	err = bgp__sized_take(&o, sizeof o, options);
	if (err != BGP_OK)
		return err;
	if (peer->kind == BGP_KIND_LOCAL || peer->rib != reflect->rib ||
	    !hops_are_sound(&o))
		return BGP_ERR_INVALID;
	if (peer->joined != NULL)
		return BGP_ERR_EXIST;
	bgp__guard_begin(guard);
	err = bgp__joined_new(reflect, peer, codec, &o);
	bgp__guard_end(guard);
	return err;
}

int
bgp_reflect_configure(struct bgp_rib_peer *peer,
		      const struct bgp_reflect_peer_options *options)
{
	struct bgp_reflect_peer_options o = BGP_REFLECT_PEER_OPTIONS_INIT;
	struct bgp__guard *guard = peer->rib->guard;
	struct bgp__joined *j = peer->joined;
	int err;

	if (is_refused(peer))
		return BGP_ERR_STATE;
	err = bgp__sized_take(&o, sizeof o, options);
	if (err == BGP_OK && !hops_are_sound(&o))
		err = BGP_ERR_INVALID;
	if (err != BGP_OK)
		return err;
	bgp__guard_begin(guard);
	j->options = o;
	err = bgp__joined_move(j);
	bgp__guard_end(guard);
	return err;
}

int
bgp_reflect_leave(struct bgp_rib_peer *peer)
{
	if (is_refused(peer))
		return BGP_ERR_STATE;
	bgp__joined_del(peer->joined);
	return BGP_OK;
}

/* ----------------------------------------------------------------- octets */

/* One family at a time, from where it stands to the end of what it has. */
static size_t
lend(struct bgp__joined *j, struct bgp_span *spans, size_t max)
{
	size_t count;

	for (uint32_t i = 0; i < j->count; i++) {
		count = bgp__member_lend(&j->members[j->current], spans, max);
		if (count > 0)
			return count;
		j->current = (j->current + 1) % j->count;
	}
	return 0;
}

/* In the middle of things nothing is encoded: what was lent is lent again, and
 * where there is none, it is asked for at the end of the call. */
static size_t
lend_in_the_middle(struct bgp__joined *j, struct bgp_span *spans, size_t max)
{
	size_t count = bgp__member_peek(&j->members[j->current], spans, max);

	if (count == 0 && j->reflect->events.wake != NULL)
		bgp__guard_later(j->reflect->rib->guard, &j->wake);
	return count;
}

size_t
bgp_reflect_lend(struct bgp_rib_peer *peer, struct bgp_span *spans, size_t max)
{
	struct bgp__guard *guard = peer->rib->guard;
	struct bgp__joined *j = peer->joined;
	size_t count;

	if (j == NULL)
		return 0;
	bgp__guard_begin(guard);
	count = bgp__guard_middle(guard) ? lend_in_the_middle(j, spans, max)
					 : lend(j, spans, max);
	j->lent = 0;
	for (size_t i = 0; i < count; i++)
		j->lent += spans[i].len;
	bgp__guard_end(guard);
	return count;
}

int
bgp_reflect_taken(struct bgp_rib_peer *peer, size_t len)
{
	struct bgp__joined *j = peer->joined;

	if (j == NULL || len > j->lent)
		return BGP_ERR_INVALID;
	j->lent -= len;
	bgp__member_taken(&j->members[j->current], len);
	return BGP_OK;
}

struct bgp_span
bgp_reflect_rest(struct bgp_rib_peer *peer)
{
	struct bgp__joined *j = peer->joined;
	struct bgp_span none = { NULL, 0 };

	return j != NULL && j->count > 0
	    ? bgp__member_rest(&j->members[j->current])
	    : none;
}

/* ---------------------------------------------------------------- refresh */

static int
refresh(struct bgp__joined *j, bgp_family family)
{
	int err = family == 0 ? BGP_OK : BGP_ERR_NOENT, one;

	for (uint32_t i = 0; i < j->count; i++) {
		struct bgp__member *m = &j->members[i];

		if (family != 0 && m->group->groups->table->family != family)
			continue;
		one = bgp__member_refresh(m);
		err = err != BGP_ERR_NOMEM ? one : err;
	}
	return err;
}

int
bgp_reflect_refresh(struct bgp_rib_peer *peer, bgp_family family)
{
	struct bgp__guard *guard = peer->rib->guard;
	int err;

	if (is_refused(peer))
		return BGP_ERR_STATE;
	bgp__guard_begin(guard);
	err = refresh(peer->joined, family);
	bgp__guard_end(guard);
	return err;
}

/* -------------------------------------------------------------- questions */

static struct bgp__member *
find(const struct bgp_rib_peer *peer, bgp_family family)
{
	return peer->joined != NULL ? bgp__joined_find(peer->joined, family)
				    : NULL;
}

int
bgp_reflect_stamp(struct bgp_rib_peer *peer, const struct bgp_route *route,
		  struct bgp_update_parts *out)
{
	const struct bgp__member *m = find(peer, route->nlri.family);
	struct bgp__batch *batch;

	if (m == NULL)
		return BGP_ERR_NOENT;
	batch = m->group->groups->batch;
	memset(out, 0, sizeof *out);
	batch->nlri[0] = route->nlri;
	out->family = route->nlri.family;
	out->nlri = batch->nlri;
	out->nlri_count = 1;
	out->attrs = batch->attrs;
	out->attr_count = bgp__stamp(
	    m->group, route->attrs, route->peer->number, batch, &out->next_hop);
	return BGP_OK;
}

int
bgp_reflect_peer_info(const struct bgp_rib_peer *peer, bgp_family family,
		      struct bgp_reflect_peer_info *out)
{
	struct bgp_reflect_peer_info info = BGP_REFLECT_PEER_INFO_INIT;
	const struct bgp__member *m = find(peer, family);

	if (m == NULL)
		return BGP_ERR_NOENT;
	info.too_long = m->group->too_long.count;
	info.routes = m->group->out_count - m->group->own_outs[m->source];
	info.eor = m->eor_sent;
	info.behind = m->behind;
	info.octets = bgp__member_octets(m);
	return bgp__sized_give(out, &info, sizeof info);
}
