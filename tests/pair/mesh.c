/*
 * mesh.c - several speakers in one process, on wires of memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libbgp/base/hash.h"
#include "mesh.h"

/* ----------------------------------------------------------------- memory */

static void *
resize(void *ctx, void *ptr, size_t old_len, size_t new_len)
{
	struct mesh *mesh = ctx;
	void *fresh;

	if (new_len == 0) {
		mesh->octets_held -= ptr != NULL ? old_len : 0;
		free(ptr);
		return NULL;
	}
	if (++mesh->allocations == mesh->fail_at)
		return NULL;
	/* Always elsewhere, so that what points to the old octets shows. */
	fresh = malloc(new_len);
	assert_non_null(fresh);
	memset(fresh, 0xa5, new_len);
	if (ptr != NULL)
		memcpy(fresh, ptr, old_len < new_len ? old_len : new_len);
	mesh->octets_held += new_len - (ptr != NULL ? old_len : 0);
	free(ptr);
	return fresh;
}

/* ----------------------------------------------------------------- events */

static void
on_connect(void *ctx, struct bgp_peer *peer)
{
	struct mesh_node *node = ctx;
	struct mesh *mesh = node->mesh;

	assert_true(mesh->attempt_count < MESH_ENDS);
	mesh->attempts[mesh->attempt_count].node = node;
	mesh->attempts[mesh->attempt_count++].peer = peer;
}

static void
on_cancel(void *ctx, struct bgp_peer *peer)
{
	struct mesh *mesh = ((struct mesh_node *)ctx)->mesh;

	for (size_t i = 0; i < mesh->attempt_count; i++)
		if (mesh->attempts[i].peer == peer)
			mesh->attempts[i--] =
			    mesh->attempts[--mesh->attempt_count];
}

static void
on_close(void *ctx, struct bgp_conn *conn)
{
	(void)ctx;
	((struct mesh_end *)bgp_conn_user(conn))->closing = true;
}

static void
on_down(void *ctx, struct bgp_peer *peer, const struct bgp_down *why)
{
	struct mesh_node *node = ctx;

	(void)peer;
	node->downs++;
	node->last_down = *why;
}

static void
on_fault(void *ctx, struct bgp_peer *peer, const struct bgp_fault *fault,
	 struct bgp_span msg)
{
	(void)peer;
	(void)fault;
	assert_true(msg.len >= 19);
	((struct mesh_node *)ctx)->faults++;
}

static void
on_eor(void *ctx, struct bgp_peer *peer, bgp_family family)
{
	(void)peer;
	(void)family;
	((struct mesh_node *)ctx)->eors++;
}

static void
on_too_long(void *ctx, struct bgp_peer *peer, uint32_t count,
	    const struct bgp_nlri *nlri)
{
	struct mesh_node *node = ctx;

	assert_non_null(peer);
	node->long_calls++;
	node->long_count = count;
	bgp_nlri_text(nlri, node->long_text, sizeof node->long_text);
}

static struct mesh_fib *
fib_place(struct mesh_node *node, const struct bgp_prefix *prefix)
{
	struct mesh_fib *empty = NULL;

	for (size_t i = 0; i < MESH_ROUTES; i++) {
		struct mesh_fib *f = &node->fib[i];

		if (f->used && bgp_prefix_compare(&f->prefix, prefix) == 0)
			return f;
		if (!f->used && empty == NULL)
			empty = f;
	}
	assert_non_null(empty);
	empty->prefix = *prefix;
	return empty;
}

static void
on_route(void *ctx, const struct bgp_fib_route *route)
{
	struct mesh_node *node = ctx;
	struct bgp_prefix prefix;
	struct mesh_fib *f;

	node->fib_calls++;
	if (bgp_nlri_prefix(&route->nlri, &prefix) != BGP_OK) {
		node->last_route = *route;
		return;
	}
	f = fib_place(node, &prefix);
	assert_int_equal(f->used, route->op != BGP_FIB_INSTALL);
	f->used = route->op != BGP_FIB_REMOVE;
	assert_true(route->next_hop_count <= 8);
	f->hop_count = route->next_hop_count;
	for (size_t i = 0; i < f->hop_count; i++)
		f->hops[i] = route->next_hops[i];
}

static void
on_watch(void *ctx, const struct bgp_addr *addr)
{
	struct mesh_node *node = ctx;

	assert_true(node->watched_count < 8);
	node->watched[node->watched_count++] = *addr;
}

static void
on_unwatch(void *ctx, const struct bgp_addr *addr)
{
	struct mesh_node *node = ctx;
	size_t i = 0;

	while (i < node->watched_count &&
	       bgp_addr_compare(&node->watched[i], addr) != 0)
		i++;
	assert_true(i < node->watched_count);
	node->watched[i] = node->watched[--node->watched_count];
}

/* ------------------------------------------------------------------ nodes */

void
mesh_init(struct mesh *mesh)
{
	memset(mesh, 0, sizeof *mesh);
	mesh->now_ms = 1000;
}

struct mesh_node *
mesh_add(struct mesh *mesh, uint32_t as,
	 const struct bgp_speaker_options *options)
{
	struct bgp_speaker_options o = BGP_SPEAKER_OPTIONS_INIT;
	struct mesh_node *node = &mesh->nodes[mesh->node_count];
	struct bgp_speaker_events events = {
		.size = sizeof events,
		.ctx = node,
		.connect = on_connect,
		.cancel = on_cancel,
		.close = on_close,
		.peer_down = on_down,
		.peer_fault = on_fault,
		.peer_eor = on_eor,
		.route = on_route,
		.too_long = on_too_long,
	};

	if (options != NULL)
		o = *options;
	if (node->watching) {
		events.next_hop_watch = on_watch;
		events.next_hop_unwatch = on_unwatch;
	}
	assert_true(mesh->node_count < MESH_NODES);
	node->mesh = mesh;
	node->address.len = 4;
	memcpy(node->address.octets, "\xc0\x00\x02", 3);
	node->address.octets[3] = (uint8_t)(mesh->node_count + 1);
	o.local_as = as;
	o.router_id = 0x0a000001 + (uint32_t)mesh->node_count;
	o.seed = mesh->node_count + 7;
	o.alloc.resize = resize;
	o.alloc.ctx = mesh;
	if (bgp_speaker_new(&node->speaker, &o, &events) != BGP_OK)
		return NULL;
	mesh->node_count++;
	return node;
}

struct bgp_peer_options
mesh_peer(const struct mesh_node *to, uint32_t as)
{
	struct bgp_peer_options o = BGP_PEER_OPTIONS_INIT;

	o.address = to->address;
	o.peer_as = as;
	o.connect_retry_s = 5;
	return o;
}

struct bgp_peer *
mesh_link(struct mesh_node *from, const struct bgp_peer_options *options)
{
	struct bgp_peer *peer;

	if (bgp_peer_add(from->speaker, options, &peer) != BGP_OK ||
	    bgp_peer_enable(peer, from->mesh->now_ms) != BGP_OK)
		return NULL;
	return peer;
}

/* The report of memory names every octet that the allocator gave. */
static void
check_memory(const struct mesh *mesh)
{
	struct bgp_speaker_info info;
	size_t named = 0;

	for (size_t i = 0; i < mesh->node_count; i++) {
		bgp_speaker_info(mesh->nodes[i].speaker, &info);
		assert_int_equal(info.octets_other, 0);
		named += info.octets;
	}
	assert_int_equal(named, mesh->octets_held);
}

void
mesh_fini(struct mesh *mesh)
{
	check_memory(mesh);
	for (size_t i = 0; i < mesh->node_count; i++)
		bgp_speaker_del(mesh->nodes[i].speaker);
	for (size_t i = 0; i < MESH_ENDS; i++)
		free(mesh->ends[i].octets);
	assert_int_equal(mesh->octets_held, 0);
}

/* ------------------------------------------------------------------ wires */

static struct mesh_end *
new_end(struct mesh *mesh, struct mesh_node *node)
{
	for (size_t i = 0; i < MESH_ENDS; i++)
		if (!mesh->ends[i].used) {
			struct mesh_end *end = &mesh->ends[i];

			free(end->octets);
			memset(end, 0, sizeof *end);
			end->node = node;
			end->used = true;
			return end;
		}
	fail_msg("too many connections");
	return NULL;
}

static struct mesh_node *
node_at(struct mesh *mesh, const struct bgp_addr *address)
{
	for (size_t i = 0; i < mesh->node_count; i++)
		if (bgp_addr_compare(&mesh->nodes[i].address, address) == 0)
			return &mesh->nodes[i];
	return NULL;
}

static void
attempt(struct mesh *mesh, struct mesh_node *from, struct bgp_peer *peer)
{
	struct bgp_peer_info info;
	struct mesh_node *to;
	struct bgp_peer *back;
	struct mesh_end *a, *b;

	bgp_peer_info(peer, &info);
	to = node_at(mesh, &info.address);
	back = to != NULL ? bgp_peer_find(to->speaker, &from->address) : NULL;
	if (back == NULL) {
		bgp_peer_connect_failed(peer, mesh->now_ms);
		return;
	}
	a = new_end(mesh, from);
	b = new_end(mesh, to);
	a->other = b;
	b->other = a;
	if (bgp_peer_accept(back, &to->address, b, mesh->now_ms, &b->conn) <
	    0) {
		a->used = b->used = false;
		bgp_peer_connect_failed(peer, mesh->now_ms);
		return;
	}
	if (bgp_peer_connected(peer, &from->address, a, mesh->now_ms,
			       &a->conn) < 0)
		a->gone = true;
}

static void
carry(struct mesh_end *to, const uint8_t *octets, size_t len)
{
	if (to->len + len > to->room) {
		to->room = (to->len + len) * 2;
		to->octets = realloc(to->octets, to->room);
		assert_non_null(to->octets);
	}
	memcpy(to->octets + to->len, octets, len);
	to->len += len;
	to->node->mesh->carried += len;
	to->node->mesh->digest = bgp__hash(
	    to->node->mesh->digest + to->node->address.octets[3], octets, len);
}

/* The kernel's buffer of a reader that does not read holds this much. */
enum { WINDOW = 16384 };

static bool
send_some(struct mesh_end *end)
{
	struct bgp_span spans[4];
	size_t count, sent = 0, n;
	struct mesh_end *to = end->other;

	if (end->conn == NULL)
		return false;
	count = bgp_conn_output(end->conn, spans, 4);
	for (size_t i = 0; i < count; i++) {
		n = spans[i].len;
		if (to->stuck && to->len + n > WINDOW)
			n = to->len < WINDOW ? WINDOW - to->len : 0;
		carry(to, spans[i].octets, n);
		sent += n;
	}
	if (sent > 0)
		assert_int_equal(
		    bgp_conn_sent(end->conn, sent, end->node->mesh->now_ms),
		    BGP_OK);
	return sent > 0;
}

static bool
receive_some(struct mesh_end *end)
{
	struct mesh *mesh = end->node->mesh;
	size_t n = end->len;

	if (end->conn == NULL || end->stuck || n == 0 || end->closing)
		return false;
	if (mesh->piece != 0 && n > mesh->piece)
		n = mesh->piece;
	bgp_conn_input(end->conn, end->octets, n, mesh->now_ms);
	memmove(end->octets, end->octets + n, end->len - n);
	end->len -= n;
	return true;
}

static bool
end_some(struct mesh_end *end)
{
	struct mesh *mesh = end->node->mesh;
	struct bgp_conn *conn = end->conn;

	if (conn != NULL && end->closing) {
		while (send_some(end))
			;
		end->conn = NULL;
		end->gone = true;
		bgp_conn_closed(conn, mesh->now_ms);
		return true;
	}
	if (conn != NULL && end->other->gone && (end->len == 0 || end->stuck)) {
		end->conn = NULL;
		end->gone = true;
		bgp_conn_closed(conn, mesh->now_ms);
		return true;
	}
	if (end->gone && end->other->gone && end->used) {
		end->used = end->other->used = false;
		return true;
	}
	return false;
}

/* ------------------------------------------------------------------- time */

static bool
turn(struct mesh *mesh)
{
	bool more = mesh->attempt_count > 0;

	while (mesh->attempt_count > 0) {
		mesh->attempt_count--;
		attempt(mesh, mesh->attempts[mesh->attempt_count].node,
			mesh->attempts[mesh->attempt_count].peer);
	}
	for (size_t i = 0; i < mesh->node_count; i++)
		if (bgp_speaker_deadline(mesh->nodes[i].speaker) <=
		    mesh->now_ms) {
			bgp_speaker_tick(mesh->nodes[i].speaker, mesh->now_ms);
			more = true;
		}
	for (size_t i = 0; i < MESH_ENDS; i++) {
		if (!mesh->ends[i].used)
			continue;
		more = send_some(&mesh->ends[i]) || more;
		more = receive_some(&mesh->ends[i]) || more;
		more = end_some(&mesh->ends[i]) || more;
	}
	return more;
}

void
mesh_run(struct mesh *mesh, uint64_t ms)
{
	uint64_t until = mesh->now_ms + ms, next, at;
	unsigned long turns = 0;

	for (;;) {
		while (turn(mesh))
			assert_true(++turns < 10000000);
		next = UINT64_MAX;
		for (size_t i = 0; i < mesh->node_count; i++) {
			at = bgp_speaker_deadline(mesh->nodes[i].speaker);
			next = at < next ? at : next;
		}
		if (next > until)
			break;
		mesh->now_ms = next > mesh->now_ms ? next : mesh->now_ms + 1;
	}
	mesh->now_ms = until;
}

/* ----------------------------------------------------------------- faults */

void
mesh_cut(struct mesh *mesh, const struct mesh_node *a,
	 const struct mesh_node *b)
{
	for (size_t i = 0; i < MESH_ENDS; i++) {
		struct mesh_end *end = &mesh->ends[i];
		struct bgp_conn *conn = end->conn;

		if (!end->used || conn == NULL ||
		    (end->node != a && end->node != b) ||
		    (end->other->node != a && end->other->node != b))
			continue;
		end->conn = NULL;
		end->gone = true;
		end->len = 0;
		bgp_conn_closed(conn, mesh->now_ms);
	}
}

void
mesh_stick(struct mesh *mesh, const struct mesh_node *reader,
	   const struct mesh_node *from, bool stuck)
{
	for (size_t i = 0; i < MESH_ENDS; i++)
		if (mesh->ends[i].used && mesh->ends[i].node == reader &&
		    mesh->ends[i].other->node == from)
			mesh->ends[i].stuck = stuck;
}

void
mesh_inject(struct mesh *mesh, const struct mesh_node *from,
	    const struct mesh_node *to, const uint8_t *octets, size_t len)
{
	for (size_t i = 0; i < MESH_ENDS; i++)
		if (mesh->ends[i].used && mesh->ends[i].conn != NULL &&
		    mesh->ends[i].node == to &&
		    mesh->ends[i].other->node == from)
			carry(&mesh->ends[i], octets, len);
}

/* ----------------------------------------------------------------- routes */

int
mesh_announce(struct mesh_node *node, const char *prefix,
	      const struct bgp_attr *attrs, size_t count)
{
	struct bgp_prefix p;
	struct bgp_addr self = node->address;
	struct bgp_nlri nlri;

	assert_int_equal(bgp_prefix_parse(&p, prefix), BGP_OK);
	nlri = bgp_prefix_nlri(&p);
	if (p.len == 16 && self.len == 4)
		bgp_addr_parse(&self, "2001:db8::1");
	return bgp_speaker_announce(node->speaker, &nlri, &self, attrs, count);
}

int
mesh_withdraw(struct mesh_node *node, const char *prefix)
{
	struct bgp_prefix p;
	struct bgp_nlri nlri;

	assert_int_equal(bgp_prefix_parse(&p, prefix), BGP_OK);
	nlri = bgp_prefix_nlri(&p);
	return bgp_speaker_withdraw(node->speaker, &nlri);
}

bool
mesh_best(const struct mesh_node *node, const char *prefix,
	  struct bgp_route *out)
{
	struct bgp_prefix p;
	struct bgp_cursor cursor;

	assert_int_equal(bgp_prefix_parse(&p, prefix), BGP_OK);
	return bgp_cursor_init(&cursor, bgp_speaker_rib(node->speaker),
			       BGP_VIEW_LOC_RIB,
			       p.len == 4 ? BGP_IPV4_UNICAST : BGP_IPV6_UNICAST,
			       NULL) == BGP_OK &&
	    bgp_cursor_seek(&cursor, &p, false) == BGP_OK &&
	    bgp_cursor_next(&cursor, out) == 1;
}

const char *
mesh_attr(const struct bgp_route *route, uint8_t code)
{
	static char text[4][512];
	static unsigned next;
	struct bgp_attr attr;
	char *buf = text[next++ % 4];

	if (!bgp_attrs_get(route->attrs, code, &attr))
		return "";
	bgp_attr_text(&attr, buf, sizeof text[0]);
	return buf;
}

const struct mesh_fib *
mesh_fib(const struct mesh_node *node, const char *prefix)
{
	struct bgp_prefix p;

	assert_int_equal(bgp_prefix_parse(&p, prefix), BGP_OK);
	for (size_t i = 0; i < MESH_ROUTES; i++)
		if (node->fib[i].used &&
		    bgp_prefix_compare(&p, &node->fib[i].prefix) == 0)
			return &node->fib[i];
	return NULL;
}

unsigned
mesh_count(const struct mesh_node *node, enum bgp_view view,
	   const struct bgp_peer *peer)
{
	static const bgp_family families[] = { BGP_IPV4_UNICAST,
					       BGP_IPV6_UNICAST };
	struct bgp_cursor cursor;
	struct bgp_route route;
	unsigned count = 0;
	int more;

	for (size_t i = 0; i < 2; i++)
		if (bgp_cursor_init(&cursor, bgp_speaker_rib(node->speaker),
				    view, families[i],
				    bgp_peer_rib(peer)) == BGP_OK)
			while ((more = bgp_cursor_next(&cursor, &route)) != 0)
				count += more == 1;
	return count;
}
