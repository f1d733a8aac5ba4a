/*
 * link.c - where a session meets RIB and reflection.
 *
 * Comes in: what a session says of its peer.  Goes out: calls of bgp/rib.h and
 * bgp/reflect.h for it, and the host's own callbacks.
 */
#include <string.h>

#include "libbgp/speaker/inside.h"

#define CEASE            6
#define OUT_OF_RESOURCES 8 /* RFC 4486 */

/* Raises a callback of the host, if it has one, with nothing half done: octets
 * may be lent at once.  A session does so at the end of its call. */
#define RAISE(speaker, name, ...)                                       \
	do {                                                            \
		struct bgp_speaker *to_ = (speaker);                    \
		if (to_->events.name != NULL) {                         \
			bgp__guard_raise_begin(&to_->guard);            \
			to_->events.name(to_->events.ctx, __VA_ARGS__); \
			bgp__guard_raise_end(&to_->guard);              \
		}                                                       \
	} while (0)

/* Runs one in the middle of things. */
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
		RAISE(link->speaker, connect, link->peer);
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

	RAISE(link->speaker, output, conn);
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

static size_t
stream_lend(void *ctx, struct bgp_span *spans, size_t max)
{
	struct bgp_peer *peer = ctx;

	return bgp_reflect_lend(peer->rib, spans, max);
}

static void
stream_taken(void *ctx, size_t len)
{
	struct bgp_peer *peer = ctx;

	(void)bgp_reflect_taken(peer->rib, len);
}

static struct bgp_span
stream_rest(void *ctx)
{
	struct bgp_peer *peer = ctx;

	return bgp_reflect_rest(peer->rib);
}

static int
stream_settle(void *ctx)
{
	struct bgp_peer *peer = ctx;

	return bgp_rib_settle(peer->rib);
}

void
bgp__link_wake(void *ctx, struct bgp_rib_peer *rib_peer)
{
	struct bgp_peer *peer = bgp_rib_peer_user(rib_peer);

	(void)ctx;
	if (peer != NULL && peer->session != NULL)
		bgp__session_wake(peer->session);
}

/* -------------------------------------------------------------- up, down */

struct bgp_addr
bgp__peer_local(const struct bgp_peer *peer)
{
	const struct bgp_conn *conn = bgp__session_conn(peer->session);
	struct bgp_addr none = { .len = 0 };

	for (unsigned i = 0; i < BGP__CONNS_MAX; i++)
		if (conn != NULL && peer->conns[i].conn == conn)
			return peer->conns[i].local;
	return none;
}

struct bgp_reflect_peer_options
bgp__peer_reflect_options(const struct bgp_peer *peer)
{
	struct bgp_reflect_peer_options out = BGP_REFLECT_PEER_OPTIONS_INIT;
	struct bgp_addr local = bgp__peer_local(peer);

	out.own_ipv4 = local.len == 4 ? local : peer->options.own_ipv4;
	out.own_ipv6 = local.len == 16 ? local : peer->options.own_ipv6;
	out.next_hop = peer->options.next_hop;
	out.local_as = bgp__peer_other_as(peer);
	out.local_as_replace = out.local_as != 0 &&
	    peer->options.local_as_replace;
	out.export_policy = peer->options.export_policy;
	out.export_ctx = peer->options.export_ctx;
	return out;
}

/* What an eBGP or iBGP peer is until OPEN says more. */
static enum bgp_kind
configured_kind(const struct bgp_peer *peer)
{
	const struct bgp_peer_options *o = &peer->options;

	if (o->client)
		return BGP_KIND_CLIENT;
	return o->peer_as == bgp__peer_local_as(peer->speaker, o)
	    ? BGP_KIND_NON_CLIENT
	    : BGP_KIND_EBGP;
}

struct bgp_rib_peer_options
bgp__peer_rib_options(const struct bgp_peer *peer)
{
	struct bgp_rib_peer_options out = BGP_RIB_PEER_OPTIONS_INIT;

	out.user = (void *)peer;
	out.address = peer->options.address;
	out.scope = peer->options.address.scope;
	out.kind = configured_kind(peer);
	if (peer->rib != NULL) {
		out.kind = bgp_rib_peer_kind(peer->rib);
		out.router_id = bgp_rib_peer_router_id(peer->rib);
		if (out.scope == 0)
			out.scope = bgp__peer_local(peer).scope;
	}
	out.prefix_limit = peer->options.prefix_limit;
	out.path_id_limit = peer->options.path_id_limit;
	out.own_as_allowed = peer->options.own_as_allowed;
	out.local_as = bgp__peer_other_as(peer);
	out.prepend_local_as = out.local_as != 0 &&
	    !peer->options.local_as_no_prepend;
	out.import_policy = peer->options.import_policy;
	out.import_ctx = peer->options.import_ctx;
	return out;
}

static bool
is_loopback(const struct bgp_addr *addr)
{
	static const uint8_t one[16] = { [15] = 1 }; /* ::1 */

	return addr->len == 4
	    ? addr->octets[0] == 127
	    : addr->len == 16 && memcmp(addr->octets, one, 16) == 0;
}

/* Next hops that are no host's, or are our address of the
 * connection.  A session on a loopback may have such next hops too. RFC
 * 4271 6.3 */
static void
check_next_hops(struct bgp_peer *peer)
{
	const struct bgp_peer_options *o = &peer->options;
	struct bgp_addr local = bgp__peer_local(peer);
	struct bgp_addr own[BGP_LOCAL_ADDRS_MAX] = { local };

	bgp__session_next_hops(peer->session, !o->no_next_hop_check,
			       is_loopback(&o->address) || is_loopback(&local),
			       own);
}

/* What OPEN told of it, to the RIB. */
static void
learn(struct bgp_peer *peer, const struct bgp_codec *codec)
{
	const struct bgp_open *open = bgp_session_remote_open(peer->session);
	struct bgp_rib_peer_options o = bgp__peer_rib_options(peer);
	struct bgp_codec recalling = *codec;

	o.router_id = open->router_id;
	if (codec->ebgp)
		o.kind = BGP_KIND_EBGP;
	else
		o.kind = peer->options.client ? BGP_KIND_CLIENT
					      : BGP_KIND_NON_CLIENT;
	(void)bgp_rib_peer_configure(peer->rib, &o);
	check_next_hops(peer);
	bgp_rib_recall(peer->rib, &recalling);
	if (recalling.recall != NULL)
		bgp__session_recall(peer->session, recalling.recall,
				    recalling.recall_ctx);
}

static void
give_up(struct bgp_peer *peer)
{
	struct bgp_notification why = { .code = CEASE,
					.subcode = OUT_OF_RESOURCES };

	bgp_session_reset(peer->session, &why, peer->speaker->now_ms);
}

static void
come_up(struct bgp_peer *peer, const struct bgp_codec *codec)
{
	const struct bgp__stream stream = { peer, stream_lend, stream_taken,
					    stream_rest, stream_settle };
	struct bgp_reflect_peer_options o;

	learn(peer, codec);
	bgp__session_stream(peer->session, &stream);
	o = bgp__peer_reflect_options(peer);
	if (bgp_reflect_join(peer->speaker->reflect, peer->rib, codec, &o) !=
	    BGP_OK)
		give_up(peer);
}

static void
on_established(void *ctx, struct bgp_session *session)
{
	struct bgp__link *link = ctx;

	if (link->peer == NULL)
		return;
	come_up(link->peer, bgp_session_codec(session));
}

static void
on_down(void *ctx, struct bgp_session *session, const struct bgp_down *why)
{
	struct bgp__link *link = ctx;
	struct bgp_peer *peer = link->peer;

	(void)session;
	if (peer == NULL)
		return;
	(void)bgp_reflect_leave(peer->rib);
	(void)bgp_rib_end(peer->rib);
	TELL(peer->speaker, peer_down, peer, why);
}

static void
on_attempt_failed(void *ctx, struct bgp_session *session,
		  const struct bgp_down *why)
{
	struct bgp__link *link = ctx;

	(void)session;
	if (link->peer != NULL)
		TELL(link->speaker, peer_attempt_failed, link->peer, why);
}

/* ----------------------------------------------------------------- UPDATE */

/* What came before an End-of-RIB is filed before the host hears of it. */
static int
on_update(void *ctx, struct bgp_session *session,
	  const struct bgp_update *update, const struct bgp_fault *fault,
	  struct bgp_span msg)
{
	struct bgp__link *link = ctx;
	struct bgp_peer *peer = link->peer;
	int err;

	if (peer == NULL)
		return BGP_OK;
	if (fault->remedy != BGP_REMEDY_NONE)
		TELL(peer->speaker, peer_fault, peer, fault, msg);
	err = bgp_rib_update(peer->rib, bgp_session_codec(session), update,
			     fault, peer->speaker->now_ms);
	if (update->eor != 0 && err == BGP_OK)
		TELL(peer->speaker, peer_eor, peer, update->eor);
	return err;
}

/* RFC 2918 4: only a request asks for routes; RFC 7313 marks are not one. */
static void
on_refresh(void *ctx, struct bgp_session *session,
	   const struct bgp_refresh *refresh)
{
	struct bgp__link *link = ctx;
	int err;

	(void)session;
	if (link->peer == NULL || refresh->subtype != 0)
		return;
	err = bgp_reflect_refresh(link->peer->rib, refresh->family);
	if (err == BGP_ERR_NOMEM)
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
	.attempt_failed = on_attempt_failed,
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
