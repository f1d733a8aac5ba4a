/*
 * info.c - questions about a session; nothing changes here.
 */
#include "libbgp/session/session.h"

enum bgp_state
bgp_session_state(const struct bgp_session *session)
{
	return session->state;
}

const struct bgp_codec *
bgp_session_codec(const struct bgp_session *session)
{
	const struct bgp_conn *conn = bgp__session_conn(session);

	return conn != NULL ? &conn->agreed->codec : NULL;
}

void
bgp__session_recall(struct bgp_session *session,
		    const void *(*recall)(void *ctx,
					  const struct bgp_update *update),
		    void *ctx)
{
	struct bgp_conn *conn = bgp__session_conn(session);

	if (conn == NULL)
		return;
	conn->agreed->codec.recall = recall;
	conn->agreed->codec.recall_ctx = ctx;
}

void
bgp__session_next_hops(struct bgp_session *session, bool check, bool loopback,
		       const struct bgp_addr local[BGP_LOCAL_ADDRS_MAX])
{
	struct bgp_conn *conn = bgp__session_conn(session);
	struct bgp_codec *codec;

	if (conn == NULL)
		return;
	codec = &conn->agreed->codec;
	codec->next_hop_check = check;
	codec->next_hop_loopback = loopback;
	for (size_t i = 0; i < BGP_LOCAL_ADDRS_MAX; i++)
		codec->local_addrs[i] = local[i];
}

/* Of two connections, that of the one which is further. */
const struct bgp_open *
bgp_session_remote_open(const struct bgp_session *session)
{
	const struct bgp_conn *best = NULL;

	for (const struct bgp_conn *conn = session->conns; conn != NULL;
	     conn = conn->next)
		if (conn->live && conn->state >= BGP_OPENCONFIRM &&
		    (best == NULL || conn->state > best->state))
			best = conn;
	if (best != NULL)
		return &best->agreed->open;
	return session->last_agreed != NULL && session->last_agreed->sound
	    ? &session->last_agreed->open
	    : NULL;
}

const struct bgp_session_options *
bgp_session_options_get(const struct bgp_session *session)
{
	return &session->options;
}

void
bgp_session_info(const struct bgp_session *session,
		 struct bgp_session_info *out)
{
	const struct bgp_conn *conn = bgp__session_conn(session);

	*out = (struct bgp_session_info){
		.state = session->state,
		.enabled = session->enabled,
		.since_ms = session->since_ms,
		.peer_as = session->peer_as,
		.peer_router_id = session->peer_router_id,
		.hold_time_s = conn != NULL ? conn->hold_time_s : 0,
		.established_count = session->established_count,
		.octets_in = session->octets_in,
		.octets_out = session->octets_out,
		.last = session->last,
		.failed_count = session->failed_count,
		.change_count = session->change_count,
		.damped_count = session->damped_count,
		.refused_count = session->refused_count,
		.damped = session->damped
	};
	for (int i = 0; i < 6; i++) {
		out->messages_in[i] = session->messages_in[i];
		out->messages_out[i] = session->messages_out[i];
	}
	for (int i = 0; i < 4; i++)
		out->faults[i] = session->faults[i];
}
