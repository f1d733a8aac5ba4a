/*
 * session.c - a session begins, is started, stopped, reset, and ends.
 *                                      RFC 4271 8.1.2, RFC 4486, RFC 9003
 *
 * What the host handed in is copied; nothing points into its memory.
 */
#include <string.h>

#include "libbgp/base/range.h"
#include "libbgp/base/sized.h"
#include "libbgp/codec/family.h"
#include "libbgp/session/inside.h"
#include "libbgp/session/session.h"

/* ----------------------------------------------------------------- options */

/* A field is set only where it means something: RFC 8950 4, RFC 8277 2.1. */
static bool
offer_is_sound(const struct bgp_family_offer *offer)
{
	static const uint8_t none[sizeof offer->reserved];
	const struct bgp__family *known = bgp__family_find(offer->family);
	bool form_wanted = known == NULL;

	return offer->family >> 24 == 0 &&
	    (offer->form != BGP_NLRI_KNOWN) == form_wanted &&
	    offer->form <= BGP_NLRI_FLOW &&
	    (!offer->ext_next_hop ||
	     (known != NULL && known->ext_next_hops != 0)) &&
	    (offer->labels == 0 ||
	     (offer->labels > 1 && bgp__family_has_labels(offer->family))) &&
	    memcmp(offer->reserved, none, sizeof none) == 0;
}

static bool
offers_are_sound(const void *any)
{
	const struct bgp_session_options *options = any;

	for (size_t i = 0; i < options->family_count; i++)
		if (!offer_is_sound(&options->families[i]))
			return false;
	return true;
}

static bool
families_differ(const void *any)
{
	const struct bgp_session_options *options = any;

	for (size_t i = 0; i < options->family_count; i++)
		for (size_t j = 0; j < i; j++)
			if (options->families[i].family ==
			    options->families[j].family)
				return false;
	return true;
}

/* RFC 9687 6 */
static bool
send_hold_is_sound(const void *any)
{
	const struct bgp_session_options *options = any;

	return options->send_hold_s == 0 ||
	    options->send_hold_s > options->hold_time_s;
}

/* RFC 4271 4.4 */
static bool
keepalive_is_sound(const void *any)
{
	const struct bgp_session_options *options = any;

	return options->keepalive_s == 0 || options->hold_time_s == 0 ||
	    options->keepalive_s < options->hold_time_s;
}

/* All that we want to say has to fit into one OPEN. */
static bool
open_is_sound(const void *options)
{
	struct bgp__local_open local;
	uint8_t msg[BGP_MESSAGE_MAX];

	return bgp__open_build(options, &local) == BGP_OK &&
	    bgp_open_encode(&local.open, msg, sizeof msg) > 0;
}

#define RANGE(field, zero, min, max, words) \
	BGP__RANGE(bgp_session_options, field, zero, min, max, words)

static const struct bgp__range ranges[] = {
	RANGE(local_as, false, 1, UINT32_MAX, "not 0"),
	RANGE(router_id, false, 1, UINT32_MAX, "not 0"),
	RANGE(hold_time_s, true, 3, UINT16_MAX, "0, or 3 and more"),
	BGP__RULE("send_hold_s", send_hold_is_sound,
		  "0, or more than hold_time_s"),
	BGP__RULE("keepalive_s", keepalive_is_sound,
		  "0, or less than hold_time_s"),
	RANGE(family_count, true, 1, BGP_SESSION_FAMILIES_MAX,
	      "at most BGP_SESSION_FAMILIES_MAX"),
	BGP__RULE("families", offers_are_sound,
		  "a field is set that means nothing for its family"),
	BGP__RULE("families", families_differ, "one stands there twice"),
	BGP__RULE("capabilities", open_is_sound, "more than an OPEN can carry"),
	BGP__RANGE_END,
};

const char *
bgp__session_broken(const struct bgp_session_options *options)
{
	return bgp__range_broken(ranges, options);
}

const char *
bgp_session_options_invalid(const struct bgp_session_options *given)
{
	struct bgp_session_options options = BGP_SESSION_OPTIONS_INIT;
	const char *why = bgp__sized_invalid(sizeof options, given);

	if (why != NULL)
		return why;
	bgp__sized_take(&options, sizeof options, given);
	return bgp__session_broken(&options);
}

/* One block: the capabilities, then their values. */
static int
copy_capabilities(struct bgp_session *session)
{
	struct bgp_session_options *options = &session->options;
	const struct bgp_capability *from = options->capabilities;
	size_t len = options->capability_count * sizeof *from;
	struct bgp_capability *to;
	uint8_t *values;

	if (options->capability_count == 0)
		return BGP_OK;
	for (size_t i = 0; i < options->capability_count; i++)
		len += from[i].len;
	to = bgp__mem_get(&session->mem, len);
	if (to == NULL)
		return BGP_ERR_NOMEM;
	values = (uint8_t *)(to + options->capability_count);
	for (size_t i = 0; i < options->capability_count; i++) {
		to[i] = from[i];
		to[i].value = values;
		if (from[i].len > 0)
			memcpy(values, from[i].value, from[i].len);
		values += from[i].len;
	}
	options->capabilities = to;
	session->capabilities = to;
	session->capabilities_len = len;
	return BGP_OK;
}

/* --------------------------------------------------------------- lifecycle */

/* A timer of 0 would run out at once, again and again. */
void
bgp__options_fill(struct bgp_session_options *options)
{
	if (options->idle_hold_s == 0)
		options->idle_hold_s = 1;
	if (options->connect_retry_s == 0)
		options->connect_retry_s = 1;
}

static void
fill(struct bgp_session *session)
{
	struct bgp_session_options *options = &session->options;

	bgp__options_fill(options);
	session->idle_hold_s = options->idle_hold_s;
	session->retry_wait_s = BGP__RETRY_FIRST_S;
	session->random = options->seed;
	session->peer_as = options->peer_as;
	session->connect_retry_ms = session->idle_hold_ms = BGP__NEVER;
	bgp__session_guard_init(session);
}

int
bgp_session_new(struct bgp_session **out,
		const struct bgp_session_options *given,
		const struct bgp_session_events *given_events)
{
	struct bgp_session_options options = BGP_SESSION_OPTIONS_INIT;
	struct bgp_session_events events = BGP_SESSION_EVENTS_INIT;
	struct bgp_session *session;
	struct bgp__mem mem;

	if (bgp__sized_take(&options, sizeof options, given) != BGP_OK ||
	    bgp__sized_take(&events, sizeof events, given_events) != BGP_OK ||
	    bgp__session_broken(&options) != NULL)
		return BGP_ERR_INVALID;
	bgp__mem_init(&mem, &options.alloc);
	session = bgp__mem_get(&mem, sizeof *session);
	if (session == NULL)
		return BGP_ERR_NOMEM;
	session->mem = mem;
	session->options = options;
	session->events = events;
	fill(session);
	if (copy_capabilities(session) < 0) {
		bgp__mem_put(&mem, session, sizeof *session);
		return BGP_ERR_NOMEM;
	}
	*out = session;
	return BGP_OK;
}

void
bgp__session_free(struct bgp_session *session)
{
	struct bgp__mem mem;

	if (session->born != NULL)
		*session->born = NULL;
	bgp__guard_forget(session->guard, &session->later);
	while (session->conns != NULL) {
		struct bgp_conn *conn = session->conns;

		session->conns = conn->next;
		bgp__conn_free(conn);
	}
	if (session->last_agreed != NULL)
		bgp__mem_put(&session->mem, session->last_agreed,
			     session->last_agreed->size);
	bgp__mem_put(&session->mem, session->last_data,
		     session->last.notification.data_len);
	bgp__mem_put(&session->mem, session->deferred.data,
		     session->deferred.data_len);
	bgp__mem_put(&session->mem, session->capabilities,
		     session->capabilities_len);
	mem = session->mem;
	bgp__mem_put(&mem, session, sizeof *session);
}

/* The caller stands on it: without events or connections nothing more happens
 * until the outermost call frees it. */
static void
die(struct bgp_session *session)
{
	session->dead = true;
	session->events = (struct bgp_session_events){ .size = 0 };
	session->enabled = session->start = false;
	session->connecting = session->raise_connect = false;
	session->connect_failed = session->conn_gone = false;
	session->deferred.any = false;
	session->idle_hold_ms = session->connect_retry_ms = BGP__NEVER;
	for (struct bgp_conn *conn = session->conns; conn != NULL;
	     conn = conn->next) {
		bgp__conn_forget(conn);
		conn->lent_len = 0;
		conn->gone = true;
	}
}

int
bgp_session_del(struct bgp_session *session)
{
	if (session == NULL)
		return BGP_OK;
	if (session->guard != &session->own_guard)
		return BGP_ERR_STATE;
	if (session->busy)
		die(session);
	else
		bgp__session_free(session);
	return BGP_OK;
}

void
bgp__session_begin(struct bgp_session *session)
{
	session->start = false;
	session->enabled = true;
	session->idle_hold_s = session->options.idle_hold_s;
	session->retry_wait_s = BGP__RETRY_FIRST_S;
	bgp__session_event(session,
			   bgp__session_passive(session)
			       ? BGP_EVENT_MANUAL_START_PASSIVE
			       : BGP_EVENT_MANUAL_START);
}

/* Started, and no stop waits? */
static bool
is_started(const struct bgp_session *session)
{
	return session->enabled &&
	    !(session->deferred.any &&
	      session->deferred.event == BGP_EVENT_MANUAL_STOP);
}

int
bgp_session_start(struct bgp_session *session, uint64_t now_ms)
{
	if (session->dead || session->start || is_started(session))
		return BGP_ERR_STATE;
	session->start = true;
	if (bgp__session_enter(session, now_ms))
		bgp__session_leave(session);
	else
		bgp__session_note(session);
	return BGP_OK;
}

static int
end(struct bgp_session *session, enum bgp_event event,
    const struct bgp_notification *why, uint64_t now_ms)
{
	if (!bgp__session_enter(session, now_ms))
		return bgp__session_defer(session, event, why);
	bgp__session_event_all(session, event, why);
	bgp__session_leave(session);
	return BGP_OK;
}

int
bgp_session_stop(struct bgp_session *session, const char *text, uint64_t now_ms)
{
	uint8_t data[256];
	struct bgp_notification why = { 6, 2, 0, data };

	session->start = false;
	if (!session->enabled)
		return BGP_OK;
	if (text != NULL)
		why.data_len = (uint16_t)bgp_shutdown_encode(text, data,
							     sizeof data);
	return end(session, BGP_EVENT_MANUAL_STOP, &why, now_ms);
}

int
bgp_session_restart(struct bgp_session *session, const char *text,
		    uint64_t now_ms)
{
	uint8_t data[256];
	struct bgp_notification why = { 6, 4, 0, data }; /* RFC 4486 4 */

	if (text != NULL) /* RFC 9003 2 */
		why.data_len = (uint16_t)bgp_shutdown_encode(text, data,
							     sizeof data);
	return bgp_session_reset(session, &why, now_ms);
}

int
bgp_session_reset(struct bgp_session *session,
		  const struct bgp_notification *why, uint64_t now_ms)
{
	if (!session->enabled)
		return BGP_ERR_STATE;
	return end(session, BGP_EVENT_AUTOMATIC_STOP, why, now_ms);
}
