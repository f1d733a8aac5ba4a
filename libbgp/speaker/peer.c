/*
 * peer.c - the life of a peer: added, enabled, connected, removed.
 */
#include <string.h>

#include "libbgp/base/hash.h"
#include "libbgp/base/range.h"
#include "libbgp/base/sized.h"
#include "libbgp/speaker/inside.h"

#define CEASE             6 /* RFC 4486 */
#define PEER_DECONFIGURED 3

/* ---------------------------------------------------------------- options */

/* Those of the session of a peer, but that each has a seed of its own. */
static struct bgp_session_options
session_options(const struct bgp_speaker *speaker,
		const struct bgp_peer_options *o)
{
	const struct bgp_speaker_options *s = &speaker->options;
	struct bgp_session_options out = BGP_SESSION_OPTIONS_INIT;

	out.alloc = s->alloc;
	out.seed = s->seed;
	out.local_as = bgp__peer_local_as(speaker, o);
	out.peer_as = o->client && o->peer_as == 0 ? out.local_as : o->peer_as;
	out.router_id = s->router_id;
	out.hold_time_s = o->hold_time_s;
	out.keepalive_s = o->keepalive_s;
	out.connect_retry_s = o->connect_retry_s;
	out.delay_open_s = o->delay_open_s;
	out.idle_hold_s = o->idle_hold_s;
	out.send_hold_s = o->send_hold_s;
	out.passive = o->passive || speaker->events.connect == NULL;
	out.ext_message = o->ext_message;
	out.no_refresh = o->no_refresh;
	out.family_count = o->family_count;
	memcpy(out.families, o->families, sizeof out.families);
	return out;
}

/* What is offered has to be done: paths are sent without ids, and of the labels
 * of others one is kept. */
static bool
offers_are_kept(const void *any)
{
	const struct bgp_peer_options *o = any;

	for (unsigned i = 0; i < o->family_count; i++)
		if (o->families[i].add_path_send || o->families[i].labels != 0)
			return false;
	return true;
}

static bool
name_is_sound(const void *any)
{
	const char *name = ((const struct bgp_peer_options *)any)->name;

	return name == NULL ||
	    (name[0] != '\0' && strlen(name) < BGP_PEER_NAME_MAX);
}

static bool
is_address(const struct bgp_addr *addr)
{
	return addr->len == 4 || addr->len == 16;
}

static bool
address_is_sound(const void *any)
{
	return is_address(&((const struct bgp_peer_options *)any)->address);
}

static bool
own_ipv4_is_sound(const void *any)
{
	uint8_t len = ((const struct bgp_peer_options *)any)->own_ipv4.len;

	return len == 0 || len == 4;
}

static bool
own_ipv6_is_sound(const void *any)
{
	uint8_t len = ((const struct bgp_peer_options *)any)->own_ipv6.len;

	return len == 0 || len == 16;
}

#define RANGE(field, min, max, words) \
	BGP__RANGE(bgp_peer_options, field, false, min, max, words)

static const struct bgp__range ranges[] = {
	BGP__RULE("address", address_is_sound, "IPv4 or IPv6"),
	BGP__RULE("own_ipv4", own_ipv4_is_sound, "IPv4 or none"),
	BGP__RULE("own_ipv6", own_ipv6_is_sound, "IPv6 or none"),
	BGP__RULE("name", name_is_sound,
		  "neither empty nor BGP_PEER_NAME_MAX octets long"),
	RANGE(next_hop, 0, BGP_NEXT_HOP_KEEP, "one of its enum"),
	RANGE(family_count, 1, BGP_SESSION_FAMILIES_MAX,
	      "1 to BGP_SESSION_FAMILIES_MAX"),
	BGP__RULE("families", offers_are_kept,
		  "neither add_path_send nor labels are done yet"),
	BGP__RANGE_END,
};

/* Of our size; then what the session it would have says. */
static const char *
broken(const struct bgp_speaker *speaker, const struct bgp_peer_options *o)
{
	const char *why = bgp__range_broken(ranges, o);
	struct bgp_session_options session;

	if (why != NULL)
		return why;
	if (o->client && o->peer_as != 0 &&
	    o->peer_as != bgp__peer_local_as(speaker, o))
		return "client: only where peer_as is our own";
	session = session_options(speaker, o);
	return bgp__session_broken(&session);
}

int
bgp__peer_check(const struct bgp_speaker *speaker,
		const struct bgp_peer_options *o)
{
	return broken(speaker, o) == NULL ? BGP_OK : BGP_ERR_INVALID;
}

const char *
bgp_peer_options_invalid(const struct bgp_speaker *speaker,
			 const struct bgp_peer_options *given)
{
	struct bgp_peer_options options = BGP_PEER_OPTIONS_INIT;
	const char *why = bgp__sized_invalid(sizeof options, given);

	if (why != NULL)
		return why;
	bgp__sized_take(&options, sizeof options, given);
	return broken(speaker, &options);
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
}

struct bgp_session_options
bgp__peer_session_options(const struct bgp_peer *peer)
{
	struct bgp_session_options out = session_options(peer->speaker,
							 &peer->options);

	out.seed = bgp__fold(out.seed ^ peer->slot,
			     UINT64_C(0x9e3779b97f4a7c15));
	return out;
}

/* ------------------------------------------------------------- by address */

static uint64_t
address_hash(const struct bgp_speaker *speaker, const struct bgp_addr *addr)
{
	return bgp__hash_addr(speaker->options.seed, addr);
}

static struct bgp_peer *
of_slot(const struct bgp_speaker *speaker, uint32_t slot)
{
	return speaker->slots[slot];
}

static uint64_t
slot_hash(const void *ctx, uint32_t slot)
{
	return address_hash(ctx, &of_slot(ctx, slot)->options.address);
}

static const void *
slot_at(const void *ctx, uint32_t slot)
{
	return of_slot(ctx, slot);
}

const struct bgp__index_hooks bgp__peer_hooks = { slot_hash, slot_at };

struct bgp_peer *
bgp_peer_find(const struct bgp_speaker *speaker, const struct bgp_addr *address)
{
	struct bgp__index_iter it;

	if (!is_address(address))
		return NULL;
	for (it = bgp__index_first(&speaker->by_address,
				   address_hash(speaker, address));
	     it.record != 0; bgp__index_again(&speaker->by_address, &it))
		if (bgp_addr_compare(
			address,
			&of_slot(speaker, it.record)->options.address) == 0)
			return of_slot(speaker, it.record);
	return NULL;
}

/* -------------------------------------------------------------------- add */

void
bgp__peer_free(struct bgp_peer *peer)
{
	bgp__mem_put(&peer->speaker->mem, peer, sizeof *peer);
}

int
bgp__peer_keep_families(struct bgp_speaker *speaker,
			const struct bgp_peer_options *options)
{
	int err = BGP_OK;

	for (uint32_t i = 0; i < options->family_count && err == BGP_OK; i++) {
		const struct bgp_family_codec family = {
			.family = options->families[i].family,
			.form = options->families[i].form,
		};

		err = bgp_rib_add_family(speaker->rib, &family);
	}
	return err;
}

/* A free slot, from 1 on. */
static int
get_slot(struct bgp_peer *peer)
{
	struct bgp_speaker *speaker = peer->speaker;
	uint32_t slot = 1, room = speaker->slot_room;
	struct bgp_peer **slots;

	while (slot < room && speaker->slots[slot] != NULL)
		slot++;
	if (slot >= room) {
		room = room != 0 ? room * 2 : 16;
		slots = bgp__mem_grow(&speaker->mem, speaker->slots,
				      speaker->slot_room, room, sizeof *slots);
		if (slots == NULL)
			return BGP_ERR_NOMEM;
		speaker->slots = slots;
		speaker->slot_room = room;
	}
	speaker->slots[slot] = peer;
	peer->slot = slot;
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

static void
drop_link(struct bgp_speaker *speaker, struct bgp__link *link)
{
	bgp__session_alarm(link->session, 0, NULL);
	bgp__alarms_remove(&speaker->alarms, link);
	bgp__session_free(link->session);
	bgp__mem_put(&speaker->mem, link, sizeof *link);
}

/* Slot and RIB peer are there; the rest of it. */
static int
make_rest(struct bgp_peer *peer)
{
	struct bgp_speaker *speaker = peer->speaker;
	int err = make_session(peer);

	if (err != BGP_OK)
		return err;
	err = bgp__index_add(&speaker->by_address,
			     address_hash(speaker, &peer->options.address),
			     peer->slot);
	if (err != BGP_OK)
		drop_link(speaker, peer->link);
	return err;
}

static int
make(struct bgp_peer *peer, const struct bgp_peer_options *options)
{
	struct bgp_speaker *speaker = peer->speaker;
	struct bgp_rib_peer_options rib;
	int err = bgp__peer_keep_families(speaker, options);

	if (err == BGP_OK)
		err = get_slot(peer);
	if (err != BGP_OK)
		return err;
	bgp__peer_set_options(peer, options);
	rib = bgp__peer_rib_options(peer);
	err = bgp_rib_peer_add(speaker->rib, &rib, &peer->rib);
	if (err == BGP_OK) {
		err = make_rest(peer);
		if (err != BGP_OK)
			(void)bgp_rib_peer_remove(peer->rib);
	}
	if (err != BGP_OK)
		speaker->slots[peer->slot] = NULL;
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
	bgp__guard_begin(&speaker->guard);
	err = make(peer, &options);
	bgp__guard_leave(&speaker->guard);
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

static void
remove_peer(struct bgp_peer *peer)
{
	struct bgp_speaker *speaker = peer->speaker;

	retire_session(peer, speaker->now_ms);
	bgp__index_remove(&speaker->by_address,
			  address_hash(speaker, &peer->options.address),
			  peer->slot);
	unlink_peer(speaker, peer);
	speaker->slots[peer->slot] = NULL;
	(void)bgp_rib_peer_remove(peer->rib);
	bgp__peer_free(peer);
}

/* Nothing is half done any more. */
static void
run_later(struct bgp__later *later)
{
	remove_peer((void *)((char *)later - offsetof(struct bgp_peer, later)));
}

int
bgp_peer_remove(struct bgp_peer *peer, uint64_t now_ms)
{
	struct bgp__guard *guard = &peer->speaker->guard;

	if (peer->leaving)
		return BGP_ERR_STATE;
	peer->leaving = true;
	peer->later.run = run_later;
	bgp__guard_begin(guard);
	bgp__speaker_set_now(peer->speaker, now_ms);
	bgp__guard_later(guard, &peer->later);
	bgp__guard_end(guard);
	return BGP_OK;
}

/* ------------------------------------------------------- enable, restart */

int
bgp_peer_enable(struct bgp_peer *peer, uint64_t now_ms)
{
	if (peer->leaving)
		return BGP_ERR_STATE;
	bgp__speaker_set_now(peer->speaker, now_ms);
	return bgp_session_start(peer->session, now_ms);
}

int
bgp_peer_disable(struct bgp_peer *peer, const char *text, uint64_t now_ms)
{
	if (peer->leaving)
		return BGP_ERR_STATE;
	bgp__speaker_set_now(peer->speaker, now_ms);
	return bgp_session_stop(peer->session, text, now_ms);
}

int
bgp_peer_restart(struct bgp_peer *peer, const char *text, uint64_t now_ms)
{
	if (peer->leaving)
		return BGP_ERR_STATE;
	bgp__speaker_set_now(peer->speaker, now_ms);
	return bgp_session_restart(peer->session, text, now_ms);
}

int
bgp_peer_reload_in(struct bgp_peer *peer)
{
	return bgp__peer_refuses(peer) ? BGP_ERR_STATE
				       : bgp_rib_reload(peer->rib);
}

int
bgp_peer_reload_out(struct bgp_peer *peer)
{
	int err;

	if (bgp__peer_refuses(peer))
		return BGP_ERR_STATE;
	bgp__guard_begin(&peer->speaker->guard);
	err = bgp_reflect_refresh(peer->rib, 0);
	bgp__guard_end(&peer->speaker->guard);
	return err;
}

/* ------------------------------------------------------------ connections */

static void
note_conn(struct bgp_peer *peer, const struct bgp_conn *conn,
	  const struct bgp_addr *local)
{
	unsigned i = 0;

	/* In the place of one that does not live any more, or that had the same
	 * address in memory: of the live ones, two, each keeps its own. */
	while (i + 1 < BGP__CONNS_MAX && peer->conns[i].conn != conn &&
	       bgp__session_has(peer->session, peer->conns[i].conn))
		i++;
	for (unsigned j = 0; j < BGP__CONNS_MAX; j++)
		if (peer->conns[j].conn == conn)
			peer->conns[j].conn = NULL;
	peer->conns[i].conn = conn;
	memset(&peer->conns[i].local, 0, sizeof peer->conns[i].local);
	if (local != NULL)
		peer->conns[i].local = *local;
}

/* What callbacks asked for within these two waits for the next call: it may be
 * the end of the peer, or of the connection that is handed out. */
int
bgp_peer_accept(struct bgp_peer *peer, const struct bgp_addr *local, void *user,
		uint64_t now_ms, struct bgp_conn **out)
{
	int err;

	*out = NULL;
	if (bgp__peer_refuses(peer))
		return BGP_ERR_STATE;
	if (local != NULL && local->len != 0 && !is_address(local))
		return BGP_ERR_INVALID;
	bgp__speaker_set_now(peer->speaker, now_ms);
	bgp__guard_begin(&peer->speaker->guard);
	err = bgp_session_accept(peer->session, user, now_ms, out);
	if (err == BGP_OK)
		note_conn(peer, *out, local);
	bgp__guard_leave(&peer->speaker->guard);
	return err;
}

int
bgp_peer_connected(struct bgp_peer *peer, const struct bgp_addr *local,
		   void *user, uint64_t now_ms, struct bgp_conn **out)
{
	int err;

	*out = NULL;
	if (bgp__peer_refuses(peer))
		return BGP_ERR_STATE;
	if (local != NULL && local->len != 0 && !is_address(local))
		return BGP_ERR_INVALID;
	bgp__speaker_set_now(peer->speaker, now_ms);
	bgp__guard_begin(&peer->speaker->guard);
	err = bgp_session_connected(peer->session, user, now_ms, out);
	if (err == BGP_OK)
		note_conn(peer, *out, local);
	bgp__guard_leave(&peer->speaker->guard);
	return err;
}

int
bgp_peer_connect_failed(struct bgp_peer *peer, uint64_t now_ms)
{
	if (peer->leaving)
		return BGP_ERR_STATE;
	bgp__speaker_set_now(peer->speaker, now_ms);
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

const struct bgp_session *
bgp_peer_session(const struct bgp_peer *peer)
{
	return peer->session;
}

const char *
bgp_peer_name(const struct bgp_peer *peer)
{
	return peer->name;
}

struct bgp_rib_peer *
bgp_peer_rib(const struct bgp_peer *peer)
{
	return peer != NULL ? peer->rib : NULL;
}

struct bgp_peer *
bgp_peer_of(const struct bgp_rib_peer *peer)
{
	return peer != NULL ? bgp_rib_peer_user(peer) : NULL;
}
