/*
 * input.c - octets in any pieces, messages out.              RFC 4271 4.1, 6.1
 *
 *   host's buffer  [..tail of one][message][message][message][begin of o..]
 *                        |             \ read in place /           |
 *   conn->tail     [begin of one]----------> dispatch        conn->tail
 *
 * Whole messages are read where the host has them; only what is left of a
 * message that has not come as a whole is copied, at most one message long.
 * A header is judged as soon as it is there.  Once the connection is ending,
 * the rest of the input is dropped.
 */
#include <string.h>

#include "libbgp/session/session.h"

/* What our OPEN offered; options may have changed since.     RFC 8654 4 */
static uint16_t
message_max(const struct bgp_conn *conn)
{
	if (conn->agreed != NULL && conn->state >= BGP_OPENCONFIRM)
		return conn->agreed->codec.message_in_max;
	return conn->session->options.ext_message ? BGP_MESSAGE_EXT_MAX
						  : BGP_MESSAGE_MAX;
}

static void
refuse(struct bgp_conn *conn, const struct bgp_fault *fault)
{
	struct bgp_notification why = { fault->code, fault->subcode,
					fault->data_len, fault->data };

	bgp__conn_event(conn, BGP_EVENT_HEADER_ERROR, &why);
}

static void
dispatch(struct bgp_conn *conn, const uint8_t *msg, uint8_t type, size_t len)
{
	struct bgp_session *session = conn->session;

	conn->message = type;
	session->messages_in[type]++;
	bgp__message_handlers[type](conn, msg, len);
	bgp__session_deferred(session);
}

/* ------------------------------------------------------------------- tail */

static void
drop_tail(struct bgp_conn *conn)
{
	bgp__mem_put(&conn->session->mem, conn->tail, conn->tail_size);
	conn->tail = NULL;
	conn->tail_len = conn->tail_size = 0;
}

/* Room for size octets of one message. */
static bool
size_tail(struct bgp_conn *conn, uint32_t size)
{
	uint8_t *fresh;

	if (size <= conn->tail_size)
		return true;
	fresh = bgp__mem_resize(&conn->session->mem, conn->tail,
				conn->tail_size, size);
	if (fresh == NULL) {
		bgp__conn_nomem(conn);
		return false;
	}
	conn->tail = fresh;
	conn->tail_size = size;
	return true;
}

/* want: octets of the message, or of its header. */
static size_t
fill_tail(struct bgp_conn *conn, uint32_t want, const uint8_t *octets,
	  size_t len)
{
	if (len > want - conn->tail_len)
		len = want - conn->tail_len;
	memcpy(conn->tail + conn->tail_len, octets, len);
	conn->tail_len += (uint32_t)len;
	return len;
}

static void
keep_tail(struct bgp_conn *conn, uint16_t msg_len, const uint8_t *octets,
	  size_t len)
{
	uint32_t want = msg_len != 0 ? msg_len : BGP_HEADER_LEN;

	if (len > 0 && size_tail(conn, want))
		fill_tail(conn, want, octets, len);
}

/* Completes the message whose begin was kept; answers the octets used. */
static size_t
complete_tail(struct bgp_conn *conn, const uint8_t *octets, size_t len)
{
	struct bgp_fault fault;
	uint8_t type;
	uint16_t msg_len;
	size_t used = 0;
	int err;

	if (conn->tail_len < BGP_HEADER_LEN)
		used = fill_tail(conn, BGP_HEADER_LEN, octets, len);
	err = bgp_frame_decode(conn->tail, conn->tail_len, message_max(conn),
			       &type, &msg_len, &fault);
	if (err == BGP_ERR_SHORT && msg_len != 0 && size_tail(conn, msg_len)) {
		used += fill_tail(conn, msg_len, octets + used, len - used);
		if (conn->tail_len == msg_len)
			err = BGP_OK;
	}
	if (err == BGP_OK)
		dispatch(conn, conn->tail, type, msg_len);
	else if (err == BGP_ERR_MALFORMED)
		refuse(conn, &fault);
	if (err == BGP_OK)
		drop_tail(conn);
	return used;
}

/* ------------------------------------------------------------------- input */

static void
take(struct bgp_conn *conn, const uint8_t *octets, size_t len)
{
	uint16_t max = message_max(conn);
	struct bgp_fault fault;
	uint16_t msg_len;
	uint8_t type;

	while (conn->live && len > 0) {
		int err = bgp_frame_decode(octets, len, max, &type, &msg_len,
					   &fault);

		if (err == BGP_ERR_SHORT) {
			keep_tail(conn, msg_len, octets, len);
			return;
		}
		if (err < 0) {
			refuse(conn, &fault);
			return;
		}
		dispatch(conn, octets, type, msg_len);
		octets += msg_len;
		len -= msg_len;
	}
}

int
bgp_conn_input(struct bgp_conn *conn, const uint8_t *octets, size_t len,
	       uint64_t now_ms)
{
	struct bgp_session *session = conn->session;
	size_t used = 0;

	if (!conn->live || conn->gone || !bgp__session_enter(session, now_ms))
		return BGP_ERR_STATE;
	session->octets_in += len;
	session->read_ms = session->now_ms;
	if (conn->tail_len > 0 && len > 0)
		used = complete_tail(conn, octets, len);
	if (used < len)
		take(conn, octets + used, len - used);
	bgp__conn_settle(conn);
	bgp__session_leave(session);
	return BGP_OK;
}
