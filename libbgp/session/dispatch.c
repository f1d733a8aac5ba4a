/*
 * dispatch.c - a whole message becomes an event of the FSM.  RFC 4271 8.1.5
 *
 *   OPEN           19, 20 while DelayOpen runs (collisions are then looked for
 *                  here, its cells do not ask), 22 when it is refused
 *   UPDATE         27, 28 when RFC 7606 leaves no milder way
 *   NOTIFICATION   25, 24 for "Unsupported Version Number"
 *   KEEPALIVE      26
 *   ROUTE-REFRESH  none in Established; before it, as an UPDATE that must not
 *                  have come, with its own type as data (RFC 6608 3)
 */
#include <string.h>

#include "libbgp/base/octets.h"
#include "libbgp/session/session.h"

static void
fault_event(struct bgp_conn *conn, enum bgp_event event,
	    const struct bgp_fault *fault)
{
	struct bgp_notification why = { fault->code, fault->subcode,
					fault->data_len, fault->data };

	bgp__conn_event(conn, event, &why);
}

/* -------------------------------------------------------------------- OPEN */

static struct bgp__agreement *
agreement_new(struct bgp_conn *conn, const uint8_t *msg, size_t len)
{
	struct bgp__agreement *agreed;
	size_t size = sizeof *agreed + len;

	agreed = bgp__mem_get(&conn->session->mem, size);
	if (agreed == NULL)
		return NULL;
	agreed->size = size;
	memcpy(agreed->octets, msg, len);
	return agreed;
}

/* What the host chose by itself is not negotiated, it is known. */
static void
copy_choices(const struct bgp_session_options *options, struct bgp_codec *codec)
{
	for (size_t i = 0; i < codec->family_count; i++) {
		struct bgp_family_codec *family = &codec->families[i];

		for (size_t j = 0; j < options->family_count; j++) {
			const struct bgp_family_offer
			    *offer = &options->families[j];

			if (offer->family != family->family)
				continue;
			family->form = offer->form;
			family->unknown_types = offer->unknown_types;
		}
	}
}

/* RFC 5492 5: a peer without any family of ours; data: what we miss. */
static void
no_family(struct bgp_conn *conn)
{
	const struct bgp_session_options *options = &conn->session->options;
	uint8_t data[BGP_SESSION_FAMILIES_MAX * 6];
	struct bgp_notification why = { 2, 7, 0, data };

	for (size_t i = 0; i < options->family_count; i++) {
		bgp_family family = options->families[i].family;
		uint8_t *p = data + i * 6;

		p[0] = BGP_CAP_MP;
		p[1] = 4;
		bgp__store16(p + 2, BGP_AFI(family));
		bgp__store16(p + 4, BGP_SAFI(family));
	}
	why.data_len = (uint16_t)(options->family_count * 6u);
	bgp__conn_event(conn, BGP_EVENT_OPEN_ERROR, &why);
}

static void
agree(struct bgp_conn *conn)
{
	struct bgp_session *session = conn->session;
	struct bgp__agreement *agreed = conn->agreed;
	uint16_t ours = session->options.hold_time_s;
	uint16_t theirs = agreed->open.hold_time_s;
	struct bgp__local_open local;

	bgp__open_build(&session->options, &local);
	bgp_codec_negotiate(&local.open, &agreed->open, &agreed->codec);
	copy_choices(&session->options, &agreed->codec);
	conn->hold_time_s = ours < theirs ? ours : theirs; /* RFC 4271 4.2 */
}

static void
take_open(struct bgp_conn *conn, const uint8_t *msg, size_t len)
{
	struct bgp_open_wanted wanted = bgp__open_wanted(
	    &conn->session->options);
	enum bgp_event event = conn->delay_open_ms != BGP__NEVER
	    ? BGP_EVENT_OPEN_DELAYED
	    : BGP_EVENT_OPEN;
	struct bgp_fault fault, unasked;

	conn->agreed = agreement_new(conn, msg, len);
	if (conn->agreed == NULL) {
		bgp__conn_nomem(conn);
		return;
	}
	if (bgp_open_check(&wanted, conn->agreed->octets, len,
			   &conn->agreed->open, &fault) < 0) {
		conn->agreed->sound = bgp_open_decode(conn->agreed->octets, len,
						      &conn->agreed->open,
						      &unasked) == BGP_OK;
		fault_event(conn, BGP_EVENT_OPEN_ERROR, &fault);
		return;
	}
	conn->agreed->sound = true;
	agree(conn);
	if (conn->agreed->codec.family_count == 0)
		no_family(conn);
	else if (event == BGP_EVENT_OPEN || bgp__conn_collide(conn))
		bgp__conn_event(conn, event, NULL);
}

static void
on_open(struct bgp_conn *conn, const uint8_t *msg, size_t len)
{
	if (conn->agreed != NULL) /* a second one, RFC 6608 3 */
		bgp__conn_event(conn, BGP_EVENT_OPEN, NULL);
	else
		take_open(conn, msg, len);
}

/* ------------------------------------------------------------------ UPDATE */

static void
judge_answer(struct bgp_conn *conn, int answer)
{
	static const struct bgp_notification limit = {
		.code = 6, .subcode = 1
	}; /* RFC 4486 4 */

	if (answer == BGP_ERR_LIMIT)
		bgp__conn_event(conn, BGP_EVENT_AUTOMATIC_STOP, &limit);
	else if (answer < 0)
		bgp__conn_nomem(conn);
}

void
bgp__conn_process_update(struct bgp_conn *conn)
{
	struct bgp_session *session = conn->session;
	const struct bgp__received *r = conn->received;
	int err;

	if (r == NULL || session->events.update == NULL)
		return;
	err = session->events.update(session->events.ctx, session, &r->update,
				     &r->fault, r->msg);
	if (err < 0)
		judge_answer(conn, err);
}

/* Event 27 in Established, the path of every route: its cell was looked up when
 * the session came up. */
static void
take_update(struct bgp_conn *conn, const uint8_t *msg, size_t len)
{
	struct bgp__received r;
	int err = bgp_update_decode(&conn->agreed->codec, msg, len, &r.update,
				    &r.fault);

	conn->session->faults[r.fault.remedy]++;
	if (err < 0) {
		fault_event(conn, BGP_EVENT_UPDATE_ERROR, &r.fault);
		return;
	}
	r.msg = (struct bgp_span){ msg, len };
	conn->received = &r;
	if ((conn->update_actions & BGP_FSM_HOLD_START) != 0)
		bgp__hold_start(conn);
	if ((conn->update_actions & BGP_FSM_PROCESS_UPDATE) != 0)
		bgp__conn_process_update(conn);
	conn->received = NULL;
}

void
bgp__conn_settle(struct bgp_conn *conn)
{
	struct bgp_session *session = conn->session;
	int err = BGP_OK;

	if (conn->state == BGP_ESTABLISHED && session->stream.settle != NULL)
		err = session->stream.settle(session->stream.ctx);
	if (err < 0) {
		judge_answer(conn, err);
		bgp__session_deferred(session);
	}
}

static void
on_update(struct bgp_conn *conn, const uint8_t *msg, size_t len)
{
	bgp__conn_confirm(conn);
	if (conn->state == BGP_ESTABLISHED)
		take_update(conn, msg, len);
	else
		bgp__conn_event(conn, BGP_EVENT_UPDATE, NULL);
}

/* --------------------------------------------- NOTIFICATION and KEEPALIVE */

/* Whatever it says, it is never answered.                    RFC 4271 6.4 */
static void
on_notification(struct bgp_conn *conn, const uint8_t *msg, size_t len)
{
	struct bgp_notification n = { .code = 0 };
	enum bgp_event event = BGP_EVENT_NOTIFICATION;

	if (bgp_notification_decode(msg, len, &n) == BGP_OK && n.code == 2 &&
	    n.subcode == 1)
		event = BGP_EVENT_NOTIFICATION_VERSION;
	bgp__conn_event(conn, event, &n);
}

static void
on_keepalive(struct bgp_conn *conn, const uint8_t *msg, size_t len)
{
	(void)msg;
	(void)len;
	bgp__conn_confirm(conn);
	if (!bgp__conn_wait(conn))
		bgp__conn_event(conn, BGP_EVENT_KEEPALIVE, NULL);
}

/* ----------------------------------------------------------- ROUTE-REFRESH */

static bool
offers(const struct bgp_session_options *options, uint8_t code)
{
	for (size_t i = 0; i < options->capability_count; i++)
		if (options->capabilities[i].code == code)
			return true;
	return false;
}

/* RFC 7313 5: a bad length is an error only where subtypes were agreed on;
 * RFC 2918 4: a family that was not advertised is ignored. */
static void
take_refresh(struct bgp_conn *conn, const uint8_t *msg, size_t len)
{
	struct bgp_session *session = conn->session;
	bool enhanced = offers(&session->options, BGP_CAP_ENHANCED_REFRESH);
	struct bgp_refresh refresh;
	struct bgp_fault fault;

	if (bgp_refresh_decode(msg, len, &refresh, &fault) < 0) {
		if (enhanced)
			fault_event(conn, BGP_EVENT_AUTOMATIC_STOP, &fault);
		return;
	}
	if ((refresh.subtype != 0 && !enhanced) || refresh.subtype > 2)
		return;
	if (bgp_codec_family(&conn->agreed->codec, refresh.family) != NULL &&
	    session->events.refresh != NULL)
		session->events.refresh(session->events.ctx, session, &refresh);
}

static void
on_refresh(struct bgp_conn *conn, const uint8_t *msg, size_t len)
{
	bgp__conn_confirm(conn);
	if (conn->state != BGP_ESTABLISHED)
		bgp__conn_event(conn, BGP_EVENT_UPDATE, NULL);
	else if (!conn->session->options.no_refresh)
		take_refresh(conn, msg, len);
}

bgp__message_handler *const bgp__message_handlers[6] = {
	[BGP_OPEN] = on_open,
	[BGP_UPDATE] = on_update,
	[BGP_NOTIFICATION] = on_notification,
	[BGP_KEEPALIVE] = on_keepalive,
	[BGP_ROUTE_REFRESH] = on_refresh
};
