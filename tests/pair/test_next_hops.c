/*
 * test_next_hops.c - which next hop a peer is sent, by who chose it.
 *
 *   a (client, 192.0.2.1) --- r (192.0.2.2) --- e (192.0.2.3): eBGP or a client
 *
 * What include/bgp/speaker.h says of bgp_peer_options.next_hop, of next_hop in
 * bgp_speaker_announce, and of bgp_edit_next_hop.      RFC 4271 5.1.3, 4456 10
 */
#include "mesh.h"

#define AS       64512
#define OTHER_AS 65001

struct row {
	const char *says; /* what r is asked for; NULL: nothing, a's route */
	const char *policy;
	enum bgp_next_hop_mode mode;
	bool client; /* e is a client */
	const char *prefix, *received;
};

static enum bgp_verdict
set_next_hop(void *ctx, const struct bgp_rib_peer *peer,
	     const struct bgp_nlri *nlri, const struct bgp_attrs *attrs,
	     struct bgp_edit *edit)
{
	const char *text = ctx;
	struct bgp_addr addr;

	(void)peer, (void)nlri, (void)attrs;
	assert_int_equal(bgp_addr_parse(&addr, text), BGP_OK);
	assert_int_equal(bgp_edit_next_hop(edit, &addr), BGP_OK);
	return BGP_ACCEPT;
}

static void
link_both(struct mesh_node *r, struct mesh_node *other,
	  const struct bgp_peer_options *options)
{
	struct bgp_peer_options o = mesh_peer(r, AS);

	o.import_policy = o.export_policy = bgp_policy_accept;
	bgp_addr_parse(&o.own_ipv6, "2001:db8::1");
	assert_non_null(mesh_link(other, &o));
	assert_non_null(mesh_link(r, options));
}

static void
announce(struct mesh_node *node, const char *prefix_text, const char *hop_text)
{
	struct bgp_addr hop = { .len = 0 };
	struct bgp_prefix prefix;
	struct bgp_nlri nlri;

	assert_int_equal(bgp_prefix_parse(&prefix, prefix_text), BGP_OK);
	if (hop_text[0] != '\0')
		assert_int_equal(bgp_addr_parse(&hop, hop_text), BGP_OK);
	nlri = bgp_prefix_nlri(&prefix);
	assert_int_equal(
	    bgp_speaker_announce(node->speaker, &nlri, &hop, NULL, 0), BGP_OK);
}

static void
check(const struct row *row)
{
	struct bgp_peer_options o;
	struct mesh_node *a, *r, *e;
	struct bgp_addr wanted;
	struct bgp_route route;
	struct bgp_span hop;
	struct mesh mesh;

	mesh_init(&mesh);
	a = mesh_add(&mesh, AS, NULL);
	r = mesh_add(&mesh, AS, NULL);
	e = mesh_add(&mesh, row->client ? AS : OTHER_AS, NULL);
	o = mesh_peer(a, AS);
	o.client = o.passive = true;
	link_both(r, a, &o);
	o = mesh_peer(e, row->client ? AS : OTHER_AS);
	o.client = row->client;
	o.passive = true;
	o.next_hop = row->mode;
	bgp_addr_parse(&o.own_ipv6, "2001:db8::2");
	o.export_policy = row->policy != NULL ? set_next_hop
					      : bgp_policy_accept;
	o.export_ctx = (void *)(uintptr_t)row->policy;
	link_both(r, e, &o);
	mesh_run(&mesh, 1000);
	announce(row->says != NULL ? r : a, row->prefix,
		 row->says != NULL ? row->says : "");
	mesh_run(&mesh, 1000);
	if (row->received == NULL) {
		assert_false(mesh_best(e, row->prefix, &route));
		mesh_fini(&mesh);
		return;
	}
	assert_true(mesh_best(e, row->prefix, &route));
	assert_int_equal(bgp_addr_parse(&wanted, row->received), BGP_OK);
	hop = bgp_attrs_next_hop(route.attrs);
	assert_int_equal(hop.len, wanted.len);
	assert_memory_equal(hop.octets, wanted.octets, wanted.len);
	mesh_fini(&mesh);
}

#define P4   "203.0.113.0/24"
#define P6   "2001:db8:1::/48"
#define AUTO BGP_NEXT_HOP_AUTO
#define SELF BGP_NEXT_HOP_SELF
#define KEEP BGP_NEXT_HOP_KEEP

static void
test_rows(void **state)
{
	static const struct row rows[] = {
		/* a route of a's, by the peer's mode alone */
		{ NULL, NULL, AUTO, false, P4, "192.0.2.2" },
		{ NULL, NULL, SELF, false, P4, "192.0.2.2" },
		{ NULL, NULL, KEEP, false, P4, "192.0.2.1" },
		{ NULL, NULL, AUTO, true, P4, "192.0.2.1" },
		{ NULL, NULL, SELF, true, P4, "192.0.2.2" },
		{ NULL, NULL, KEEP, true, P4, "192.0.2.1" },
		/* r's own without a next hop */
		{ "", NULL, AUTO, false, P4, "192.0.2.2" },
		{ "", NULL, KEEP, false, P4, "192.0.2.2" },
		{ "", NULL, AUTO, true, P4, "192.0.2.2" },
		/* r's own with one */
		{ "192.0.2.99", NULL, AUTO, false, P4, "192.0.2.99" },
		{ "192.0.2.99", NULL, SELF, false, P4, "192.0.2.99" },
		{ "192.0.2.99", NULL, AUTO, true, P4, "192.0.2.99" },
		{ "192.0.2.99", NULL, SELF, true, P4, "192.0.2.99" },
		/* the export policy has the last word */
		{ NULL, "192.0.2.77", AUTO, false, P4, "192.0.2.77" },
		{ NULL, "192.0.2.77", SELF, true, P4, "192.0.2.77" },
		{ "", "192.0.2.77", AUTO, false, P4, "192.0.2.77" },
		{ "192.0.2.99", "192.0.2.77", AUTO, false, P4, "192.0.2.77" },
		/* IPv6 over a session of IPv4 */
		{ "", NULL, AUTO, false, P6, "2001:db8::2" },
		{ "2001:db8::99", NULL, AUTO, false, P6, "2001:db8::99" },
		{ "", "2001:db8::77", AUTO, false, P6, "2001:db8::77" },
		{ NULL, "2001:db8::77", AUTO, true, P6, "2001:db8::77" },
		/* what the peer did not agree to carry is kept from it */
		{ "2001:db8::99", NULL, AUTO, false, P4, NULL },
		{ NULL, "2001:db8::77", AUTO, true, P4, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		check(&rows[i]);
}

/* What an import policy sets is where packets go, not what is sent on. */
static void
test_import_policy(void **state)
{
	struct bgp_peer_options o;
	struct mesh_node *a, *r, *e;
	struct bgp_route route;
	struct mesh mesh;

	(void)state;
	mesh_init(&mesh);
	a = mesh_add(&mesh, AS, NULL);
	r = mesh_add(&mesh, AS, NULL);
	e = mesh_add(&mesh, OTHER_AS, NULL);
	o = mesh_peer(a, AS);
	o.client = o.passive = true;
	o.import_policy = set_next_hop;
	o.import_ctx = "192.0.2.55";
	link_both(r, a, &o);
	o = mesh_peer(e, OTHER_AS);
	o.passive = true;
	o.export_policy = bgp_policy_accept;
	link_both(r, e, &o);
	mesh_run(&mesh, 1000);
	announce(a, P4, "");
	mesh_run(&mesh, 1000);
	assert_int_equal(mesh_fib(r, P4)->hops[0].octets[3], 55);
	assert_true(mesh_best(e, P4, &route));
	assert_int_equal(bgp_attrs_next_hop(route.attrs).octets[3], 2);
	mesh_fini(&mesh);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_import_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
