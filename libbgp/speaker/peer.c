/*
 * peer.c - the life of a peer: added, enabled, connected, removed.
 */
#include <string.h>

#include "libbgp/base/hash.h"
#include "libbgp/base/sized.h"
#include "libbgp/speaker/inside.h"

#define CEASE             6 /* RFC 4486 */
#define PEER_DECONFIGURED 3
#define ADMIN_RESET       4

/* ---------------------------------------------------------------- options */

/* What is offered has to be done: paths are sent without ids, and of the labels
 * of others one is kept. */
static bool
offers_are_kept(const struct bgp_peer_options *o)
{
	for (unsigned i = 0; i < o->family_count; i++)
		if (o->families[i].add_path_send || o->families[i].labels != 0)
			return false;
	return true;
}

int
bgp__peer_check(const struct bgp_speaker *speaker,
		const struct bgp_peer_options *o)
{
	if ((o->address.len != 4 && o->address.len != 16) ||
	    o->family_count == 0 || o->family_count > BGP_SESSION_FAMILIES_MAX)
		return BGP_ERR_INVALID;
	if (!offers_are_kept(o))
		return BGP_ERR_INVALID;
	if (o->client && o->peer_as != 0 &&
	    o->peer_as != speaker->options.local_as)
		return BGP_ERR_INVALID;
	if (o->name != NULL &&
	    (o->name[0] == '\0' || strlen(o->name) >= BGP_PEER_NAME_MAX))
		return BGP_ERR_INVALID;
	return BGP_OK;
}

void
bgp__peer_set_options(struct bgp_peer *peer,
		      const struct bgp_peer_options *options)
{
	char name[BGP_PEER_NAME_MAX];

	if (options->name != NULL)
		memcpy(name, options->name, strlen(options->name) + 1);
	else
		bgp_addr_text(&options->address, name, sizeof name);
	memcpy(peer->name, name, sizeof name);
	peer->options = *options;
	peer->options.name = peer->name;
	peer->source.address = options->address;
	peer->source.own_as_allowed = options->own_as_allowed;
	peer->source.import_policy = options->import_policy;
	peer->source.import_ctx = options->import_ctx;
	for (uint32_t i = 0; i < peer->family_count; i++)
		peer->source.in[peer->families[i]->table->number]
		    .limit = options->prefix_limit;
}

struct bgp_session_options
bgp__peer_session_options(const struct bgp_peer *peer)
{
	const struct bgp_speaker_options *s = &peer->speaker->options;
	const struct bgp_peer_options *o = &peer->options;
	struct bgp_session_options out = BGP_SESSION_OPTIONS_INIT;

	out.alloc = s->alloc;
	out.seed = bgp__fold(s->seed ^ peer->source.number,
			     UINT64_C(0x9e3779b97f4a7c15));
	out.local_as = s->local_as;
	out.peer_as = o->client && o->peer_as == 0 ? s->local_as : o->peer_as;
	out.router_id = s->router_id;
	out.hold_time_s = o->hold_time_s;
	out.connect_retry_s = o->connect_retry_s;
	out.delay_open_s = o->delay_open_s;
	out.idle_hold_s = o->idle_hold_s;
	out.send_hold_s = o->send_hold_s;
	out.passive = o->passive || peer->speaker->events.connect == NULL;
	out.ext_message = o->ext_message;
	out.no_refresh = o->no_refresh;
	out.family_count = o->family_count;
	memcpy(out.families, o->families, sizeof out.families);
	return out;
}

/* ------------------------------------------------------------- by address */

static uint64_t
address_hash(const struct bgp_speaker *speaker, const struct bgp_addr *addr)
{
	return bgp__hash_addr(speaker->options.seed, addr);
}

/* The peer record around a source. */
static const struct bgp_peer *
peer_at(const struct bgp_speaker *speaker, uint32_t number)
{
	return speaker->rib.sources[number]->peer;
}

static uint64_t
number_hash(const void *ctx, uint32_t number)
{
	return address_hash(ctx, &peer_at(ctx, number)->options.address);
}

static const void *
number_at(const void *ctx, uint32_t number)
{
	return peer_at(ctx, number);
}

const struct bgp__index_hooks bgp__peer_hooks = { number_hash, number_at };

struct bgp_peer *
bgp_peer_find(const struct bgp_speaker *speaker, const struct bgp_addr *address)
{
	struct bgp__index_iter it;

	for (it = bgp__index_first(&speaker->by_address,
				   address_hash(speaker, address));
	     it.record != 0; bgp__index_again(&speaker->by_address, &it))
		if (bgp_addr_compare(
			address,
			&peer_at(speaker, it.record)->options.address) == 0)
			return speaker->rib.sources[it.record]->peer;
	return NULL;
}

/* -------------------------------------------------------------------- add */

int
bgp__peer_add_family(struct bgp_peer *peer, struct bgp__table *table)
{
	struct bgp__family *family = bgp__mem_get(&peer->speaker->mem,
						  sizeof *family);

	if (family == NULL)
		return BGP_ERR_NOMEM;
	family->table = table;
	peer->families[peer->family_count++] = family;
	return BGP_OK;
}

void
bgp__peer_free(struct bgp_peer *peer)
{
	struct bgp__mem *mem = &peer->speaker->mem;

	for (uint32_t i = 0; i < peer->family_count; i++)
		bgp__mem_put(mem, peer->families[i], sizeof *peer->families[i]);
	bgp__mem_put(mem, peer, sizeof *peer);
}

int
bgp__peer_table_of(struct bgp__rib *rib, const struct bgp_family_offer *offer,
		   struct bgp__table **out)
{
	const struct bgp_family_codec family = { .family = offer->family,
						 .form = offer->form };

	return bgp__rib_table_of(rib, &family, out);
}

static int
make_families(struct bgp_peer *peer, const struct bgp_peer_options *options)
{
	struct bgp__rib *rib = &peer->speaker->rib;
	int err;

	for (uint32_t i = 0; i < options->family_count; i++) {
		struct bgp__table *table;

		err = bgp__peer_table_of(rib, &options->families[i], &table);
		if (err != BGP_OK)
			return err;
		if (bgp__peer_family(peer, table->family) != NULL)
			return BGP_ERR_INVALID;
		err = bgp__peer_add_family(peer, table);
		if (err != BGP_OK)
			return err;
	}
	return BGP_OK;
}

static int
make_session(struct bgp_peer *peer)
{
	struct bgp_speaker *speaker = peer->speaker;
	struct bgp_session_events events = bgp__link_events;
	struct bgp_session_options options = bgp__peer_session_options(peer);
	struct bgp__link *link = bgp__mem_get(&speaker->mem, sizeof *link);
	int err;

	if (link == NULL)
		return BGP_ERR_NOMEM;
	link->speaker = speaker;
	link->peer = peer;
	events.ctx = link;
	err = bgp__alarms_add(&speaker->alarms, &speaker->mem, link);
	if (err == BGP_OK) {
		err = bgp_session_new(&link->session, &options, &events);
		if (err != BGP_OK)
			bgp__alarms_remove(&speaker->alarms, link);
	}
	if (err != BGP_OK) {
		bgp__mem_put(&speaker->mem, link, sizeof *link);
		return err;
	}
	bgp__session_lend_guard(link->session, &speaker->guard);
	bgp__session_alarm(link->session, UINT64_MAX, bgp__link_alarm);
	peer->link = link;
	peer->session = link->session;
	return BGP_OK;
}

/* What an eBGP or iBGP peer is until OPEN says more. */
static enum bgp_kind
configured_kind(const struct bgp_peer *peer)
{
	const struct bgp_peer_options *o = &peer->options;

	if (o->client)
		return BGP_KIND_CLIENT;
	return o->peer_as == peer->speaker->options.local_as
	    ? BGP_KIND_NON_CLIENT
	    : BGP_KIND_EBGP;
}

static int
make(struct bgp_peer *peer, const struct bgp_peer_options *options)
{
	struct bgp__rib *rib = &peer->speaker->rib;
	int err = make_families(peer, options);

	if (err != BGP_OK)
		return err;
	peer->source.peer = peer;
	bgp__peer_set_options(peer, options);
	peer->source.kind = configured_kind(peer);
	err = bgp__rib_add_source(rib, &peer->source);
	if (err != BGP_OK)
		return err;
	err = make_session(peer);
	if (err == BGP_OK)
		err = bgp__index_add(
		    &peer->speaker->by_address,
		    address_hash(peer->speaker, &options->address),
		    peer->source.number);
	if (err == BGP_OK)
		return BGP_OK;
	if (peer->link != NULL) {
		bgp__session_alarm(peer->session, 0, NULL);
		bgp__alarms_remove(&peer->speaker->alarms, peer->link);
		bgp__session_free(peer->session);
		bgp__mem_put(&peer->speaker->mem, peer->link,
			     sizeof *peer->link);
	}
	bgp__rib_remove_source(rib, &peer->source);
	return err;
}

static void
link_peer(struct bgp_speaker *speaker, struct bgp_peer *peer)
{
	peer->prev = speaker->last;
	if (peer->prev != NULL)
		peer->prev->next = peer;
	else
		speaker->first = peer;
	speaker->last = peer;
	speaker->peer_count++;
}

static void
unlink_peer(struct bgp_speaker *speaker, struct bgp_peer *peer)
{
	if (peer->prev != NULL)
		peer->prev->next = peer->next;
	else
		speaker->first = peer->next;
	if (peer->next != NULL)
		peer->next->prev = peer->prev;
	else
		speaker->last = peer->prev;
	speaker->peer_count--;
}

int
bgp_peer_add(struct bgp_speaker *speaker, const struct bgp_peer_options *given,
	     struct bgp_peer **out)
{
	struct bgp_peer_options options = BGP_PEER_OPTIONS_INIT;
	struct bgp_peer *peer;
	int err;

	if (bgp__speaker_in_callback(speaker))
		return BGP_ERR_STATE;
	err = bgp__sized_take(&options, sizeof options, given);
	if (err == BGP_OK)
		err = bgp__peer_check(speaker, &options);
	if (err != BGP_OK)
		return err;
	if (bgp_peer_find(speaker, &options.address) != NULL)
		return BGP_ERR_EXIST;
	peer = bgp__mem_get(&speaker->mem, sizeof *peer);
	if (peer == NULL)
		return BGP_ERR_NOMEM;
	peer->speaker = speaker;
	err = make(peer, &options);
	if (err != BGP_OK) {
		bgp__peer_free(peer);
		return err;
	}
	link_peer(speaker, peer);
	*out = peer;
	return BGP_OK;
}

/* ----------------------------------------------------------------- remove */

/* The session says its last word without its peer. */
static void
retire_session(struct bgp_peer *peer, uint64_t now_ms)
{
	struct bgp_speaker *speaker = peer->speaker;
	struct bgp__link *link = peer->link;
	struct bgp_notification why = { .code = CEASE,
					.subcode = PEER_DECONFIGURED };

	bgp_session_reset(link->session, &why, now_ms);
	bgp_session_stop(link->session, NULL, now_ms);
	link->peer = NULL;
	link->next = speaker->retired;
	speaker->retired = link;
	peer->link = NULL;
	peer->session = NULL;
}

void
bgp_peer_remove(struct bgp_peer *peer, uint64_t now_ms)
{
	struct bgp_speaker *speaker = peer->speaker;

	if (bgp__speaker_in_callback(speaker))
		return;
	speaker->now_ms = now_ms;
	retire_session(peer, now_ms);
	bgp__index_remove(&speaker->by_address,
			  address_hash(speaker, &peer->options.address),
			  peer->source.number);
	unlink_peer(speaker, peer);
	peer->removed = true;
	peer->source.peer = NULL;
	peer->source.import_policy = NULL;
	peer->next = speaker->removed;
	speaker->removed = peer;
	bgp__speaker_chore(speaker);
}

void
bgp__peer_reap(struct bgp_speaker *speaker)
{
	struct bgp_peer **place = &speaker->removed, *peer;

	while ((peer = *place) != NULL) {
		if (peer->source.refs > 0) {
			place = &peer->next;
			continue;
		}
		*place = peer->next;
		bgp__rib_remove_source(&speaker->rib, &peer->source);
		bgp__peer_free(peer);
	}
}

/* ------------------------------------------------------- enable, restart */

int
bgp_peer_enable(struct bgp_peer *peer, uint64_t now_ms)
{
	if (bgp__speaker_in_callback(peer->speaker))
		return BGP_ERR_STATE;
	peer->speaker->now_ms = now_ms;
	return bgp_session_start(peer->session, now_ms);
}

int
bgp_peer_disable(struct bgp_peer *peer, const char *text, uint64_t now_ms)
{
	if (bgp__speaker_in_callback(peer->speaker))
		return BGP_ERR_STATE;
	peer->speaker->now_ms = now_ms;
	return bgp_session_stop(peer->session, text, now_ms);
}

int
bgp_peer_restart(struct bgp_peer *peer, uint64_t now_ms)
{
	struct bgp_notification why = { .code = CEASE, .subcode = ADMIN_RESET };

	if (bgp__speaker_in_callback(peer->speaker))
		return BGP_ERR_STATE;
	peer->speaker->now_ms = now_ms;
	return bgp_session_reset(peer->session, &why, now_ms);
}

void
bgp__peer_reload(struct bgp_peer *peer)
{
	for (uint32_t i = 0; i < peer->family_count; i++) {
		struct bgp__table *table = peer->families[i]->table;
		struct bgp__adj_in *in = &peer->source.in[table->number];

		if (in->paths + in->stale > 0)
			in->reload = 1;
	}
	bgp__speaker_chore(peer->speaker);
}

int
bgp_peer_reload_in(struct bgp_peer *peer)
{
	if (bgp__speaker_in_callback(peer->speaker))
		return BGP_ERR_STATE;
	bgp__peer_reload(peer);
	return BGP_OK;
}

int
bgp_peer_reload_out(struct bgp_peer *peer)
{
	int err = BGP_OK, one;

	if (bgp__speaker_in_callback(peer->speaker))
		return BGP_ERR_STATE;
	if (bgp_session_state(peer->session) != BGP_ESTABLISHED)
		return BGP_ERR_STATE;
	for (uint32_t i = 0; i < peer->family_count; i++) {
		if (!peer->families[i]->negotiated)
			continue;
		one = bgp__member_refresh(&peer->families[i]->member);
		err = one != BGP_OK ? one : err;
	}
	return err;
}

/* ------------------------------------------------------------ connections */

static void
note_conn(struct bgp_peer *peer, const struct bgp_conn *conn,
	  const struct bgp_addr *local)
{
	/* The older of two makes room: the session has dropped it. */
	peer->conns[1] = peer->conns[0];
	peer->conns[0].conn = conn;
	memset(&peer->conns[0].local, 0, sizeof peer->conns[0].local);
	if (local != NULL)
		peer->conns[0].local = *local;
}

int
bgp_peer_accept(struct bgp_peer *peer, const struct bgp_addr *local, void *user,
		uint64_t now_ms, struct bgp_conn **out)
{
	int err;

	*out = NULL;
	if (bgp__speaker_in_callback(peer->speaker))
		return BGP_ERR_STATE;
	peer->speaker->now_ms = now_ms;
	err = bgp_session_accept(peer->session, user, now_ms, out);
	if (err == BGP_OK)
		note_conn(peer, *out, local);
	return err;
}

int
bgp_peer_connected(struct bgp_peer *peer, const struct bgp_addr *local,
		   void *user, uint64_t now_ms, struct bgp_conn **out)
{
	int err;

	*out = NULL;
	if (bgp__speaker_in_callback(peer->speaker))
		return BGP_ERR_STATE;
	peer->speaker->now_ms = now_ms;
	err = bgp_session_connected(peer->session, user, now_ms, out);
	if (err == BGP_OK)
		note_conn(peer, *out, local);
	return err;
}

int
bgp_peer_connect_failed(struct bgp_peer *peer, uint64_t now_ms)
{
	if (bgp__speaker_in_callback(peer->speaker))
		return BGP_ERR_STATE;
	peer->speaker->now_ms = now_ms;
	return bgp_session_connect_failed(peer->session, now_ms);
}

struct bgp_peer *
bgp_conn_peer(const struct bgp_conn *conn)
{
	const struct bgp__link *link = bgp__session_ctx(bgp_conn_session(conn));

	return link->peer;
}

/* -------------------------------------------------------------- questions */

struct bgp_peer *
bgp_peer_next(const struct bgp_speaker *speaker, const struct bgp_peer *after)
{
	return after != NULL ? after->next : speaker->first;
}

void *
bgp_peer_user(const struct bgp_peer *peer)
{
	return peer->options.user;
}

const char *
bgp_peer_name(const struct bgp_peer *peer)
{
	return peer->name;
}
