/*
 * link.c - where a session meets the RIB.
 *
 * Comes in: what a session tells of its peer.  Goes out: paths filed and
 * removed, groups joined and left, and the host's own callbacks.
 */
#include <string.h>

#include "libbgp/speaker/inside.h"

#define CEASE            6
#define OUT_OF_RESOURCES 8 /* RFC 4486 */

/* Runs a callback of the host if it has one. */
#define TELL(speaker, name, ...)                                        \
	do {                                                            \
		struct bgp_speaker *to_ = (speaker);                    \
		if (to_->events.name != NULL) {                         \
			bgp__guard_callback_begin(&to_->guard);         \
			to_->events.name(to_->events.ctx, __VA_ARGS__); \
			bgp__guard_callback_end(&to_->guard);           \
		}                                                       \
	} while (0)

/* ------------------------------------------------------- passed on as it is */

static void
on_connect(void *ctx, struct bgp_session *session)
{
	struct bgp__link *link = ctx;

	(void)session;
	if (link->peer != NULL)
		TELL(link->speaker, connect, link->peer);
}

static void
on_cancel(void *ctx, struct bgp_session *session)
{
	struct bgp__link *link = ctx;

	(void)session;
	if (link->peer != NULL)
		TELL(link->speaker, cancel, link->peer);
}

static void
on_close(void *ctx, struct bgp_conn *conn)
{
	struct bgp__link *link = ctx;

	TELL(link->speaker, close, conn);
}

static void
on_output(void *ctx, struct bgp_conn *conn)
{
	struct bgp__link *link = ctx;

	TELL(link->speaker, output, conn);
}

static void
on_state(void *ctx, struct bgp_session *session, enum bgp_state from,
	 enum bgp_state to)
{
	struct bgp__link *link = ctx;

	(void)session;
	if (link->peer != NULL)
		TELL(link->speaker, peer_state, link->peer, from, to);
}

/* ----------------------------------------------------------------- stream */

/* One family at a time, from where it stands to the end of what it has. */
static size_t
stream_lend(void *ctx, struct bgp_span *spans, size_t max)
{
	struct bgp_peer *peer = ctx;
	size_t count;

	for (uint32_t i = 0; i < peer->family_count; i++) {
		count = bgp__member_lend(&peer->families[peer->current]->member,
					 spans, max);
		if (count > 0)
			return count;
		peer->current = (peer->current + 1) % peer->family_count;
	}
	return 0;
}

static void
stream_taken(void *ctx, size_t len)
{
	struct bgp_peer *peer = ctx;

	bgp__member_taken(&peer->families[peer->current]->member, len);
}

static struct bgp_span
stream_rest(void *ctx)
{
	struct bgp_peer *peer = ctx;

	return bgp__member_rest(&peer->families[peer->current]->member);
}

static int
stream_settle(void *ctx)
{
	struct bgp_peer *peer = ctx;

	return bgp__filings_settle(&peer->speaker->rib);
}

static void
wake(void *ctx)
{
	struct bgp_peer *peer = ctx;

	if (peer->session != NULL)
		bgp__session_wake(peer->session);
}

/* -------------------------------------------------------------- up, down */

static struct bgp_addr
local_address(const struct bgp_peer *peer)
{
	const struct bgp_conn *conn = bgp__session_conn(peer->session);
	struct bgp_addr none = { .len = 0 };

	for (unsigned i = 0; i < BGP__CONNS_MAX; i++)
		if (conn != NULL && peer->conns[i].conn == conn)
			return peer->conns[i].local;
	return none;
}

struct bgp__group_key
bgp__peer_key(const struct bgp_peer *peer, const struct bgp__family *family)
{
	const struct bgp_codec *codec = bgp_session_codec(peer->session);
	const struct bgp_family_codec *agreed = bgp_codec_family(
	    codec, family->table->family);
	struct bgp__group_key key = {
		.kind = peer->source.kind,
		.as4 = codec->as4,
		.ext_next_hop = agreed->ext_next_hop,
		.add_path = agreed->add_path_out,
		.labels = agreed->labels_out,
		.next_hop = family->table->hop_bound ? BGP_NEXT_HOP_AUTO
						     : peer->options.next_hop,
		.message_max = codec->message_out_max,
		.own_ipv4 = peer->options.own_ipv4,
		.own_ipv6 = peer->options.own_ipv6,
		.export_policy = peer->options.export_policy,
		.export_ctx = peer->options.export_ctx,
	};
	struct bgp_addr local = local_address(peer);

	local.scope = key.own_ipv4.scope = key.own_ipv6.scope = 0;
	if (local.len == 4)
		key.own_ipv4 = local;
	else if (local.len == 16)
		key.own_ipv6 = local;
	return key;
}

static int
join(struct bgp_peer *peer, struct bgp__family *family)
{
	struct bgp__groups *groups = bgp__speaker_groups(peer->speaker,
							 family->table);
	struct bgp__group_key key = bgp__peer_key(peer, family);

	if (groups == NULL)
		return BGP_ERR_NOMEM;
	family->member.peer = peer;
	family->member.source = peer->source.number;
	family->member.wake = wake;
	family->member.ctx = peer;
	return bgp__member_join(groups, &family->member, &key);
}

static void
learn(struct bgp_peer *peer, const struct bgp_codec *codec)
{
	const struct bgp_open *open = bgp_session_remote_open(peer->session);

	peer->source.router_id = open->router_id;
	if (codec->ebgp)
		peer->source.kind = BGP_KIND_EBGP;
	else
		peer->source.kind = peer->options.client ? BGP_KIND_CLIENT
							 : BGP_KIND_NON_CLIENT;
	peer->recall.store = &peer->speaker->rib.attrs;
	peer->recall.ebgp = codec->ebgp;
	peer->recall.first_as_check = codec->first_as_check;
	peer->recall.peer_as = codec->peer_as;
	peer->recall.scope = peer->options.address.scope != 0
	    ? peer->options.address.scope
	    : local_address(peer).scope;
	if (codec->as4 && !peer->speaker->rib.no_shortcuts)
		bgp__session_recall(peer->session, bgp__attrs_recall,
				    &peer->recall);
}

static void
give_up(struct bgp_peer *peer)
{
	struct bgp_notification why = { .code = CEASE,
					.subcode = OUT_OF_RESOURCES };

	bgp_session_reset(peer->session, &why, peer->speaker->now_ms);
}

static void
on_established(void *ctx, struct bgp_session *session)
{
	struct bgp__link *link = ctx;
	struct bgp_peer *peer = link->peer;
	struct bgp__stream stream = { peer, stream_lend, stream_taken,
				      stream_rest, stream_settle };
	const struct bgp_codec *codec = bgp_session_codec(session);

	if (peer == NULL)
		return;
	learn(peer, codec);
	bgp__session_stream(session, &stream);
	for (uint32_t i = 0; i < peer->family_count; i++) {
		struct bgp__family *f = peer->families[i];

		f->negotiated = bgp_codec_family(codec, f->table->family) !=
		    NULL;
		f->eor_in = false;
		if (f->negotiated && join(peer, f) != BGP_OK) {
			give_up(peer);
			return;
		}
	}
}

static void
on_down(void *ctx, struct bgp_session *session, const struct bgp_down *why)
{
	struct bgp__link *link = ctx;
	struct bgp_peer *peer = link->peer;

	(void)session;
	if (peer == NULL)
		return;
	bgp__filings_drop(&peer->speaker->rib, &peer->source);
	for (uint32_t i = 0; i < peer->family_count; i++) {
		struct bgp__family *f = peer->families[i];

		bgp__member_leave(&f->member);
		bgp__adj_in_end(f->table, &peer->source);
		f->negotiated = false;
	}
	bgp__speaker_chore(peer->speaker);
	TELL(peer->speaker, peer_down, peer, why);
}

/* ----------------------------------------------------------------- UPDATE */

struct bgp__family *
bgp__peer_family(struct bgp_peer *peer, bgp_family family)
{
	for (uint32_t i = 0; i < peer->family_count; i++)
		if (peer->families[i]->table->family == family)
			return peer->families[i];
	return NULL;
}

/* attrs NULL: withdrawn. */
static int
queue_list(struct bgp_peer *peer, const struct bgp_nlri_list *list,
	   struct bgp_attrs *attrs)
{
	struct bgp__family *f = bgp__peer_family(peer, list->family);

	return f != NULL
	    ? bgp__filings_push(f->table, &peer->source, *list, attrs)
	    : BGP_OK;
}

/* Attributes too long in their canonical form count as withdrawn. */
static int
file_list(struct bgp_peer *peer, const struct bgp_update *update,
	  const struct bgp_fault *fault, const struct bgp_nlri_list *list)
{
	struct bgp__attrs_store *store = &peer->speaker->rib.attrs;
	struct bgp_attrs *attrs;
	struct bgp__hop_from from = { peer->recall.scope, false };
	int err = bgp__attrs_of(store, bgp_session_codec(peer->session), update,
				fault, list->next_hop, from, &attrs);

	if (err == BGP_ERR_SPACE)
		return queue_list(peer, list, NULL);
	if (err != BGP_OK)
		return err;
	err = queue_list(peer, list, attrs);
	bgp__attrs_unref(store, attrs);
	return err;
}

/* What came before it is filed before the host hears of it. */
static int
note_eor(struct bgp_peer *peer, bgp_family family)
{
	struct bgp__family *f = bgp__peer_family(peer, family);
	int err = bgp__filings_settle(&peer->speaker->rib);

	if (f == NULL || err != BGP_OK)
		return err;
	f->eor_in = true;
	TELL(peer->speaker, peer_eor, peer, family);
	return BGP_OK;
}

static int
on_update(void *ctx, struct bgp_session *session,
	  const struct bgp_update *update, const struct bgp_fault *fault,
	  struct bgp_span msg)
{
	struct bgp__link *link = ctx;
	struct bgp_peer *peer = link->peer;
	int err = BGP_OK;

	(void)session;
	if (peer == NULL)
		return BGP_OK;
	if (fault->remedy != BGP_REMEDY_NONE)
		TELL(peer->speaker, peer_fault, peer, fault, msg);
	for (unsigned i = 0; i < update->unreach_count && err == BGP_OK; i++)
		err = queue_list(peer, &update->unreach[i], NULL);
	for (unsigned i = 0; i < update->reach_count && err == BGP_OK; i++)
		err = file_list(peer, update, fault, &update->reach[i]);
	if (update->eor != 0 && err == BGP_OK)
		err = note_eor(peer, update->eor);
	return err;
}

/* RFC 2918 4: only a request asks for routes; RFC 7313 marks are not one. */
static void
on_refresh(void *ctx, struct bgp_session *session,
	   const struct bgp_refresh *refresh)
{
	struct bgp__link *link = ctx;
	struct bgp__family *f;

	(void)session;
	if (link->peer == NULL || refresh->subtype != 0)
		return;
	f = bgp__peer_family(link->peer, refresh->family);
	if (f != NULL && f->negotiated &&
	    bgp__member_refresh(&f->member) == BGP_ERR_NOMEM)
		give_up(link->peer);
}

void
bgp__link_alarm(void *ctx, uint64_t at_ms)
{
	struct bgp__link *link = ctx;

	bgp__alarms_set(&link->speaker->alarms, link, at_ms);
}

const struct bgp_session_events bgp__link_events = {
	.size = sizeof(struct bgp_session_events),
	.connect = on_connect,
	.cancel = on_cancel,
	.close = on_close,
	.output = on_output,
	.state = on_state,
	.established = on_established,
	.down = on_down,
	.update = on_update,
	.refresh = on_refresh,
};
