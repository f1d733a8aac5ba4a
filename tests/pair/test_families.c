/*
 * test_families.c - a reflector and three clients, once with every family.
 *
 * What one client announces the others must hold octet by octet, its next hop
 * too; what makes the route the same route may be told with other labels, which
 * must be told on; a withdrawal may name any of them.
 */
#include <stdio.h>
#include <string.h>

#include "../unit/hex.h"
#include "mesh.h"

#define AS 64512

#define RD  "0001 0a000001 0064"
#define ESI "00000000000000000000"
#define ES2 "00112233445566778899"
#define TAG "00000000"
#define MAC "30 020000000001"
#define IP4 "20 c0000205"
#define IP6 "80 20010db8000000000000000000000005"

/*
 * An NLRI as on the wire, the same route with other octets ("": there are
 * none), another route, and how a receiver must see the next hop.
 */
static const struct family_case {
	bgp_family family;
	uint8_t form;
	const char *nlri, *relabeled, *other, *next_hop;
} cases[] = {
	{ BGP_IPV4_UNICAST, 0, "18 cb0071", "", "18 cb0072", "c0000202" },
	{ BGP_FAMILY(1, 2), 0, "18 cb0071", "", "18 cb0072", "c0000202" },
	/* RFC 8277 2 */
	{ BGP_FAMILY(1, 4), 0, "30 000641 cb0071", "30 000651 cb0071",
	  "38 000641 cb007180", "c0000202" },
	{ BGP_FAMILY(2, 4), 0, "38 000641 20010db8", "38 000651 20010db8",
	  "38 000641 20010db9", "20010db8000000000000000000000002" },
	/* RFC 4364 4.3.4, 4659 3.2.1 */
	{ BGP_FAMILY(1, 128), 0, "70 000641" RD "cb0071",
	  "70 000651" RD "cb0071", "70 000641" RD "cb0072",
	  "0000000000000000 c0000202" },
	{ BGP_FAMILY(2, 128), 0, "78 000641" RD "20010db8",
	  "78 000651" RD "20010db8", "77 000641" RD "20010db8",
	  "0000000000000000 20010db8000000000000000000000002" },
	/* RFC 6514 12 */
	{ BGP_FAMILY(1, 129), 0, "58" RD "cb0071", "", "57" RD "cb0070",
	  "c0000202" },
	/* RFC 4684 4 */
	{ BGP_FAMILY(1, 132), 0, "60 0000fc00 0002fc0000000001", "",
	  "60 0000fc00 0002fc0000000002", "c0000202" },
	{ BGP_FAMILY(1, 132), 0, "00", "", "20 0000fc00", "c0000202" },
	/* RFC 8955 4, 8956 3 */
	{ BGP_FAMILY(1, 133), 0, "05 0118cb0071", "", "08 0118cb0071 038106",
	  "" },
	{ BGP_FAMILY(2, 133), 0, "07 012000 20010db8", "", "07 022000 20010db8",
	  "" },
	{ BGP_FAMILY(1, 134), 0, "0d" RD "0118cb0071", "", "0d" RD "0118cb0072",
	  "" },
	/* RFC 7432 7, 9136 3.1 */
	{ BGP_FAMILY(25, 70), 0, "01 19" RD ES2 TAG "000641",
	  "01 19" RD ES2 TAG "000651", "01 19" RD ESI TAG "000641",
	  "c0000202" },
	{ BGP_FAMILY(25, 70), 0, "02 21" RD ESI TAG MAC "00 000641",
	  "02 24" RD ES2 TAG MAC "00 000651 000661",
	  "02 25" RD ESI TAG MAC IP4 "000641", "c0000202" },
	{ BGP_FAMILY(25, 70), 0, "03 11" RD TAG IP4, "", "03 1d" RD TAG IP6,
	  "c0000202" },
	{ BGP_FAMILY(25, 70), 0, "04 17" RD ES2 IP4, "", "04 17" RD ESI IP4,
	  "c0000202" },
	{ BGP_FAMILY(25, 70), 0,
	  "05 22" RD ESI TAG "18 cb007100 00000000 000641",
	  "05 22" RD ESI TAG "18 cb007100 c0000205 000651",
	  "05 22" RD ESI TAG "17 cb007000 00000000 000641", "c0000202" },
	/* RFC 4761 3.2.2 */
	{ BGP_FAMILY(25, 65), 0, "0011" RD "0001 0001 000a 00c351",
	  "0011" RD "0001 0001 000a 00c361", "0011" RD "0002 0001 000a 00c351",
	  "c0000202" },
	/* RFC 9552 5.2 */
	{ BGP_FAMILY(16388, 71), 0,
	  "0001 0021 03 0000000000000000 0100 0014"
	  "0200 0004 0000fc00 0201 0004 00000000 0203 0000",
	  "", "0001 0011 03 0000000000000001 0100 0004 02000000", "c0000202" },
	/* RFC 6514 4, 9830 2.1, draft-ietf-bess-mup-safi */
	{ BGP_FAMILY(1, 5), 0, "05 12" RD "20 c0000205 20 e8000001", "",
	  "01 0c" RD "c0000205", "c0000202" },
	{ BGP_FAMILY(1, 73), 0, "60 00000001 0000000a c0000205", "",
	  "60 00000002 0000000a c0000205", "c0000202" },
	{ BGP_FAMILY(2, 73), 0,
	  "c0 00000001 0000000a 20010db8000000000000000000000005", "",
	  "c0 00000002 0000000a 20010db8000000000000000000000005",
	  "20010db8000000000000000000000002" },
	{ BGP_FAMILY(1, 85), 0, "01 0001 0c" RD "18cb0071", "",
	  "01 0002 0c" RD "c0000205", "c0000202" },
	/* Families that only the host knows. */
	{ BGP_FAMILY(16397, 241), BGP_NLRI_BITS, "13 aabb40", "", "14 aabb40",
	  "c0000202" },
	{ BGP_FAMILY(16397, 242), BGP_NLRI_LEN8, "03 aabbcc", "", "02 aabb",
	  "c0000202" },
	{ BGP_FAMILY(16397, 243), BGP_NLRI_LEN16, "0003 aabbcc", "", "0000",
	  "c0000202" },
	{ BGP_FAMILY(16397, 244), BGP_NLRI_TYPE8_LEN8, "07 03 aabbcc", "",
	  "08 03 aabbcc", "c0000202" },
	{ BGP_FAMILY(16397, 245), BGP_NLRI_TYPE16_LEN16, "0007 0003 aabbcc", "",
	  "0107 0003 aabbcc", "c0000202" },
	{ BGP_FAMILY(16397, 246), BGP_NLRI_TYPE24_LEN8, "07 0102 03 aabbcc", "",
	  "07 0103 03 aabbcc", "c0000202" },
	{ BGP_FAMILY(16397, 247), BGP_NLRI_FLOW, "03 aabbcc", "", "04 aabbccdd",
	  "c0000202" },
};

#define CASES (sizeof cases / sizeof *cases)

struct octets {
	uint8_t at[256];
	struct bgp_nlri nlri;
};

/* Does the family count its NLRI in bits, the first octet? */
static bool
in_bits(const struct family_case *c)
{
	switch (BGP_SAFI(c->family)) {
	case 1:
	case 2:
	case 4:
	case 73:
	case 128:
	case 129:
	case 132:
		return true;
	default:
		return c->form == BGP_NLRI_BITS;
	}
}

static const struct bgp_nlri *
read_nlri(const struct family_case *c, const char *hex, struct octets *o)
{
	size_t len = hex_octets(hex, o->at, sizeof o->at);
	bool bits = in_bits(c);

	o->nlri = (struct bgp_nlri){
		.family = c->family,
		.bits = bits ? o->at[0] : 0,
		.len = (uint16_t)(len - bits),
		.octets = o->at + bits,
	};
	return &o->nlri;
}

struct cluster {
	struct mesh mesh;
	struct mesh_node *rr, *node[3];
	struct bgp_peer *peer[3]; /* of the reflector */
	const struct family_case *c;
};

static void
set_family(const struct family_case *c, struct bgp_peer_options *o)
{
	o->family_count = 1;
	o->families[0] = (struct bgp_family_offer){ .family = c->family,
						    .form = c->form };
}

static void
make_cluster(struct cluster *k, const struct family_case *c)
{
	struct bgp_peer_options o;

	mesh_init(&k->mesh);
	k->c = c;
	k->rr = mesh_add(&k->mesh, AS, NULL);
	for (unsigned i = 0; i < 3; i++) {
		k->node[i] = mesh_add(&k->mesh, AS, NULL);
		o = mesh_peer(k->node[i], AS);
		o.client = o.passive = true;
		set_family(c, &o);
		k->peer[i] = mesh_link(k->rr, &o);
		assert_non_null(k->peer[i]);
		o = mesh_peer(k->rr, AS);
		set_family(c, &o);
		assert_non_null(mesh_link(k->node[i], &o));
	}
	mesh_run(&k->mesh, 1000);
}

static int
announce(struct cluster *k, unsigned i, const char *hex)
{
	struct bgp_addr hop = k->node[i]->address;
	struct octets o;

	if (BGP_AFI(k->c->family) == 2) {
		assert_int_equal(bgp_addr_parse(&hop, "2001:db8::"), BGP_OK);
		hop.octets[15] = k->node[i]->address.octets[3];
	}
	if (k->c->next_hop[0] == '\0')
		hop.len = 0;
	return bgp_speaker_announce(k->node[i]->speaker,
				    read_nlri(k->c, hex, &o), &hop, NULL, 0);
}

static int
withdraw(struct cluster *k, unsigned i, const char *hex)
{
	struct octets o;

	return bgp_speaker_withdraw(k->node[i]->speaker,
				    read_nlri(k->c, hex, &o));
}

static bool
find(const struct cluster *k, const struct mesh_node *node, enum bgp_view view,
     const struct bgp_peer *peer, const char *hex, struct bgp_route *route)
{
	struct bgp_cursor cursor;
	struct octets o;

	return bgp_cursor_init(&cursor, bgp_speaker_rib(node->speaker), view,
			       k->c->family, bgp_peer_rib(peer)) == BGP_OK &&
	    bgp_cursor_find(&cursor, read_nlri(k->c, hex, &o)) == BGP_OK &&
	    bgp_cursor_next(&cursor, route) == 1;
}

static unsigned
count(const struct cluster *k, const struct mesh_node *node, enum bgp_view view,
      const struct bgp_peer *peer)
{
	struct bgp_cursor cursor;
	struct bgp_route route;
	unsigned n = 0;
	int more;

	if (bgp_cursor_init(&cursor, bgp_speaker_rib(node->speaker), view,
			    k->c->family, bgp_peer_rib(peer)) == BGP_OK)
		while ((more = bgp_cursor_next(&cursor, &route)) != 0)
			n += more == 1;
	return n;
}

static bool
is_nlri(const struct family_case *c, const struct bgp_nlri *nlri,
	const char *hex)
{
	struct octets o;

	read_nlri(c, hex, &o);
	return nlri->bits == o.nlri.bits && nlri->len == o.nlri.len &&
	    memcmp(nlri->octets, o.nlri.octets, nlri->len) == 0;
}

/* The node holds one route of this, with these very octets. */
static void
assert_holds(const struct cluster *k, unsigned i, const char *hex)
{
	struct bgp_route route;

	assert_true(find(k, k->node[i], BGP_VIEW_LOC_RIB, NULL, hex, &route));
	assert_true(is_nlri(k->c, &route.nlri, hex));
}

static void
assert_lacks(const struct cluster *k, unsigned i, const char *hex)
{
	struct bgp_route route;

	assert_false(find(k, k->node[i], BGP_VIEW_LOC_RIB, NULL, hex, &route));
}

static void
assert_next_hop(const struct cluster *k, unsigned i, const char *hex,
		const char *want_hex)
{
	struct bgp_route route;
	struct bgp_span hop;
	uint8_t want[64];
	size_t len = hex_octets(want_hex, want, sizeof want);

	assert_true(find(k, k->node[i], BGP_VIEW_LOC_RIB, NULL, hex, &route));
	hop = bgp_attrs_next_hop(route.attrs);
	assert_int_equal(hop.len, len);
	assert_memory_equal(hop.octets, want, len);
	assert_string_equal(mesh_attr(&route, BGP_ATTR_ORIGINATOR_ID),
			    "10.0.0.2");
	assert_string_equal(mesh_attr(&route, BGP_ATTR_CLUSTER_LIST),
			    "10.0.0.1");
}

static void
assert_no_faults(const struct cluster *k)
{
	assert_int_equal(k->rr->faults + k->rr->downs, 0);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(k->node[i]->faults + k->node[i]->downs, 0);
}

/* ------------------------------------------------------------------ tests */

static void
reflect(const struct family_case *c)
{
	struct cluster k;
	struct bgp_peer_info info;

	make_cluster(&k, c);
	assert_int_equal(k.node[0]->eors, 1);
	assert_int_equal(announce(&k, 0, c->nlri), BGP_OK);
	assert_int_equal(announce(&k, 0, c->other), BGP_OK);
	mesh_run(&k.mesh, 100);
	for (unsigned i = 1; i < 3; i++) {
		assert_holds(&k, i, c->nlri);
		assert_holds(&k, i, c->other);
		assert_next_hop(&k, i, c->nlri, c->next_hop);
	}
	assert_int_equal(count(&k, k.rr, BGP_VIEW_ADJ_OUT, k.peer[0]), 0);
	assert_int_equal(count(&k, k.rr, BGP_VIEW_ADJ_OUT, k.peer[1]), 2);
	assert_int_equal(count(&k, k.rr, BGP_VIEW_ADJ_IN, NULL), 2);
	bgp_peer_info(k.peer[0], &info);
	assert_int_equal(info.family_count, 1);
	assert_int_equal(info.families[0].family, c->family);
	assert_int_equal(info.families[0].paths_in, 2);
	assert_int_equal(withdraw(&k, 0, c->nlri), BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_lacks(&k, 1, c->nlri);
	assert_holds(&k, 2, c->other);
	assert_no_faults(&k);
	mesh_cut(&k.mesh, k.rr, k.node[0]);
	mesh_run(&k.mesh, 100);
	assert_lacks(&k, 2, c->other);
	assert_int_equal(count(&k, k.rr, BGP_VIEW_ADJ_IN, NULL), 0);
	mesh_run(&k.mesh, 60000);
	assert_holds(&k, 2, c->other);
	mesh_fini(&k.mesh);
}

static void
test_every_family(void **state)
{
	(void)state;
	for (size_t i = 0; i < CASES; i++)
		reflect(&cases[i]);
}

/* Other octets of the same route take the place of the first, wherever they are
 * said: here and at the reflector, by the same peer or another. */
static void
relabel(const struct family_case *c)
{
	struct cluster k;
	struct bgp_route route;
	uint64_t before;

	make_cluster(&k, c);
	assert_int_equal(announce(&k, 0, c->nlri), BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_int_equal(announce(&k, 0, c->relabeled), BGP_OK);
	mesh_run(&k.mesh, 100);
	for (unsigned i = 1; i < 3; i++) {
		assert_holds(&k, i, c->relabeled);
		assert_int_equal(count(&k, k.node[i], BGP_VIEW_ADJ_IN, NULL),
				 1);
	}
	assert_true(
	    find(&k, k.rr, BGP_VIEW_ADJ_OUT, k.peer[1], c->nlri, &route));
	assert_true(is_nlri(c, &route.nlri, c->relabeled));
	/* Said again it is no news. */
	before = k.mesh.carried;
	assert_int_equal(announce(&k, 0, c->relabeled), BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_int_equal(k.mesh.carried, before);
	/* Another client says the first octets, and then is the only one. */
	assert_int_equal(announce(&k, 1, c->nlri), BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_holds(&k, 2, c->relabeled);
	assert_int_equal(withdraw(&k, 0, c->nlri), BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_holds(&k, 0, c->nlri);
	assert_holds(&k, 2, c->nlri);
	assert_int_equal(announce(&k, 1, c->relabeled), BGP_OK);
	assert_int_equal(announce(&k, 1, c->nlri), BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_holds(&k, 2, c->nlri);
	assert_int_equal(withdraw(&k, 1, c->relabeled), BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_lacks(&k, 2, c->nlri);
	assert_int_equal(count(&k, k.rr, BGP_VIEW_ADJ_IN, NULL), 0);
	assert_no_faults(&k);
	mesh_fini(&k.mesh);
}

static void
test_labels_change(void **state)
{
	unsigned done = 0;

	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		if (cases[i].relabeled[0] == '\0')
			continue;
		relabel(&cases[i]);
		done++;
	}
	assert_int_equal(done, 8);
}

static const struct family_case *
case_of(bgp_family family)
{
	for (size_t i = 0; i < CASES; i++)
		if (cases[i].family == family)
			return &cases[i];
	fail_msg("no such case");
	return NULL;
}

/* What lay unread when a member fell behind is found again by its octets, also
 * what has been withdrawn or told with another label since. */
static void
test_falls_behind(void **state)
{
	static const char form[] = "70 %06x" RD "0a%02x%02x";
	const struct family_case *c = case_of(BGP_FAMILY(1, 128));
	struct cluster k;
	char hex[64];

	(void)state;
	make_cluster(&k, c);
	mesh_stick(&k.mesh, k.node[2], k.rr, true);
	for (unsigned round = 0; round < 40; round++) {
		for (unsigned i = 0; i < 1500; i++) {
			snprintf(hex, sizeof hex, form, round * 16 + 1, i / 256,
				 i % 256);
			assert_int_equal(announce(&k, 0, hex), BGP_OK);
		}
		mesh_run(&k.mesh, 1);
	}
	for (unsigned i = 0; i < 1500; i += 3) {
		snprintf(hex, sizeof hex, form, 0x800001, i / 256, i % 256);
		assert_int_equal(withdraw(&k, 0, hex), BGP_OK);
	}
	mesh_run(&k.mesh, 1);
	assert_int_equal(count(&k, k.node[1], BGP_VIEW_LOC_RIB, NULL), 1000);
	mesh_stick(&k.mesh, k.node[2], k.rr, false);
	mesh_run(&k.mesh, 1000);
	assert_int_equal(count(&k, k.node[2], BGP_VIEW_LOC_RIB, NULL), 1000);
	for (unsigned i = 0; i < 1500; i++) {
		snprintf(hex, sizeof hex, form, 39 * 16 + 1, i / 256, i % 256);
		if (i % 3 == 0)
			assert_lacks(&k, 2, hex);
		else
			assert_holds(&k, 2, hex);
	}
	assert_int_equal(bgp_peer_reload_out(k.peer[2]), BGP_OK);
	assert_int_equal(withdraw(&k, 0, hex), BGP_OK);
	mesh_run(&k.mesh, 1000);
	assert_int_equal(count(&k, k.node[2], BGP_VIEW_LOC_RIB, NULL), 999);
	assert_no_faults(&k);
	mesh_fini(&k.mesh);
}

/* All families beside each other in one session, as far as it has room. */
static void
test_side_by_side(void **state)
{
	struct bgp_peer_options o;
	struct cluster k;
	unsigned first = 0, n = 0;

	(void)state;
	mesh_init(&k.mesh);
	k.rr = mesh_add(&k.mesh, AS, NULL);
	o = mesh_peer(k.rr, AS);
	o.family_count = 0;
	for (size_t i = CASES;
	     i-- > 0 && o.family_count < BGP_SESSION_FAMILIES_MAX;) {
		if (i > 0 && cases[i - 1].family == cases[i].family)
			continue;
		o.families[o.family_count].family = cases[i].family;
		o.families[o.family_count++].form = cases[i].form;
		first = (unsigned)i;
	}
	assert_int_equal(o.family_count, BGP_SESSION_FAMILIES_MAX);
	for (unsigned i = 0; i < 2; i++) {
		k.node[i] = mesh_add(&k.mesh, AS, NULL);
		o.address = k.node[i]->address;
		o.client = o.passive = true;
		k.peer[i] = mesh_link(k.rr, &o);
		assert_non_null(k.peer[i]);
		o.address = k.rr->address;
		o.client = o.passive = false;
		assert_non_null(mesh_link(k.node[i], &o));
	}
	for (size_t i = first; i < CASES; i++) {
		k.c = &cases[i];
		assert_int_equal(announce(&k, 0, cases[i].nlri), BGP_OK);
	}
	mesh_run(&k.mesh, 10000);
	for (size_t i = first; i < CASES; i++, n++) {
		k.c = &cases[i];
		assert_holds(&k, 1, cases[i].nlri);
		assert_next_hop(&k, 1, cases[i].nlri, cases[i].next_hop);
	}
	assert_true(n > BGP_SESSION_FAMILIES_MAX);
	mesh_fini(&k.mesh);
}

/* The address behind the distinguisher is what the host is asked about;
 * flowspec asks about nothing and is installed nowhere. */
static void
test_next_hops(void **state)
{
	const struct family_case *c = case_of(BGP_FAMILY(1, 128));
	struct bgp_peer_options o;
	struct bgp_addr hop = { .len = 4, .octets = { 192, 0, 2, 2 } };
	struct cluster k;
	struct bgp_route route;

	(void)state;
	mesh_init(&k.mesh);
	k.c = c;
	k.mesh.nodes[0].watching = true;
	k.rr = mesh_add(&k.mesh, AS, NULL);
	k.node[0] = mesh_add(&k.mesh, AS, NULL);
	o = mesh_peer(k.node[0], AS);
	set_family(c, &o);
	o.families[o.family_count++].family = BGP_FAMILY(1, 133);
	assert_non_null(mesh_link(k.rr, &o));
	o.address = k.rr->address;
	assert_non_null(mesh_link(k.node[0], &o));
	mesh_run(&k.mesh, 10000);
	assert_int_equal(announce(&k, 0, c->nlri), BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_int_equal(k.rr->watched_count, 1);
	assert_int_equal(bgp_addr_compare(&k.rr->watched[0], &hop), 0);
	assert_false(find(&k, k.rr, BGP_VIEW_LOC_RIB, NULL, c->nlri, &route));
	assert_int_equal(bgp_speaker_next_hop(k.rr->speaker, &hop, true, 10),
			 BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_true(find(&k, k.rr, BGP_VIEW_LOC_RIB, NULL, c->nlri, &route));
	assert_int_equal(k.rr->fib_calls, 1);
	assert_int_equal(k.rr->last_route.op, BGP_FIB_INSTALL);
	assert_int_equal(k.rr->last_route.next_hop_count, 1);
	assert_int_equal(announce(&k, 0, c->relabeled), BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_int_equal(k.rr->last_route.op, BGP_FIB_REPLACE);
	k.c = case_of(BGP_FAMILY(1, 133));
	assert_int_equal(announce(&k, 0, k.c->nlri), BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_true(find(&k, k.rr, BGP_VIEW_LOC_RIB, NULL, k.c->nlri, &route));
	assert_int_equal(k.rr->fib_calls, 2);
	mesh_fini(&k.mesh);
}

/* Labels belong to their next hop: eBGP and BGP_NEXT_HOP_SELF leave it alone.
 */
static void
test_external(void **state)
{
	const struct family_case *c = case_of(BGP_FAMILY(1, 128));
	struct bgp_peer_options o;
	struct cluster k;
	struct bgp_route route;

	(void)state;
	mesh_init(&k.mesh);
	k.c = c;
	k.node[0] = mesh_add(&k.mesh, AS, NULL);
	k.rr = mesh_add(&k.mesh, AS, NULL);
	k.node[1] = mesh_add(&k.mesh, 65001, NULL);
	for (unsigned i = 0; i < 2; i++) {
		o = mesh_peer(k.node[i], i == 0 ? AS : 65001);
		set_family(c, &o);
		o.next_hop = BGP_NEXT_HOP_SELF;
		o.export_policy = o.import_policy = bgp_policy_accept;
		assert_non_null(mesh_link(k.rr, &o));
		o.address = k.rr->address;
		o.peer_as = AS;
		assert_non_null(mesh_link(k.node[i], &o));
	}
	mesh_run(&k.mesh, 10000);
	assert_int_equal(announce(&k, 0, c->nlri), BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_true(
	    find(&k, k.node[1], BGP_VIEW_LOC_RIB, NULL, c->nlri, &route));
	assert_int_equal(bgp_attrs_next_hop(route.attrs).len, 12);
	assert_memory_equal(bgp_attrs_next_hop(route.attrs).octets + 8,
			    "\xc0\x00\x02\x01", 4);
	assert_string_equal(mesh_attr(&route, BGP_ATTR_AS_PATH), "64512");
	mesh_fini(&k.mesh);
}

/* The longest NLRI there can be, in extended messages, and one octet more than
 * the other reader's messages have room for. */
static void
test_longest(void **state)
{
	static uint8_t octets[65000];
	const struct family_case *c = case_of(BGP_FAMILY(16397, 243));
	struct bgp_nlri nlri = { .family = c->family,
				 .len = 65000,
				 .octets = octets };
	struct bgp_peer_options o;
	struct bgp_cursor cursor;
	struct bgp_route route;
	struct cluster k;

	(void)state;
	for (size_t i = 0; i < sizeof octets; i++)
		octets[i] = (uint8_t)(i * 31 >> 3);
	octets[0] = (uint8_t)((sizeof octets - 2) >> 8);
	octets[1] = (uint8_t)(sizeof octets - 2);
	mesh_init(&k.mesh);
	k.c = c;
	k.rr = mesh_add(&k.mesh, AS, NULL);
	for (unsigned i = 0; i < 3; i++) {
		k.node[i] = mesh_add(&k.mesh, AS, NULL);
		o = mesh_peer(k.node[i], AS);
		o.client = true;
		set_family(c, &o);
		o.ext_message = i < 2;
		k.peer[i] = mesh_link(k.rr, &o);
		o.address = k.rr->address;
		o.client = false;
		assert_non_null(mesh_link(k.node[i], &o));
	}
	mesh_run(&k.mesh, 10000);
	assert_int_equal(bgp_speaker_announce(k.node[0]->speaker, &nlri,
					      &k.node[0]->address, NULL, 0),
			 BGP_OK);
	assert_int_equal(announce(&k, 0, c->nlri), BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_int_equal(bgp_cursor_init(&cursor,
					 bgp_speaker_rib(k.node[1]->speaker),
					 BGP_VIEW_LOC_RIB, c->family, NULL),
			 BGP_OK);
	assert_int_equal(bgp_cursor_find(&cursor, &nlri), BGP_OK);
	assert_int_equal(bgp_cursor_next(&cursor, &route), 1);
	assert_int_equal(route.nlri.len, sizeof octets);
	assert_memory_equal(route.nlri.octets, octets, sizeof octets);
	assert_int_equal(count(&k, k.node[2], BGP_VIEW_LOC_RIB, NULL), 1);
	assert_int_equal(bgp_peer_reload_out(k.peer[1]), BGP_OK);
	assert_int_equal(bgp_speaker_withdraw(k.node[0]->speaker, &nlri),
			 BGP_OK);
	mesh_run(&k.mesh, 100);
	assert_int_equal(count(&k, k.node[1], BGP_VIEW_LOC_RIB, NULL), 1);
	assert_no_faults(&k);
	mesh_fini(&k.mesh);
}

/* What no family can have. */
static void
test_refused(void **state)
{
	const struct family_case *vpn = case_of(BGP_FAMILY(1, 128));
	const struct family_case *evpn = case_of(BGP_FAMILY(25, 70));
	struct bgp_peer_options o;
	struct bgp_peer *peer;
	struct bgp_prefix prefix = { .len = 4 };
	struct bgp_cursor cursor;
	struct octets nlri;
	struct cluster k;

	(void)state;
	make_cluster(&k, vpn);
	assert_int_equal(announce(&k, 0, "57 000641" RD), BGP_ERR_INVALID);
	assert_int_equal(announce(&k, 0, "70 000641" RD "cb00"),
			 BGP_ERR_INVALID);
	assert_int_equal(withdraw(&k, 0, vpn->nlri), BGP_ERR_NOENT);
	assert_int_equal(bgp_cursor_init(&cursor,
					 bgp_speaker_rib(k.rr->speaker),
					 BGP_VIEW_ADJ_IN, vpn->family, NULL),
			 BGP_OK);
	assert_int_equal(bgp_cursor_seek(&cursor, &prefix, true),
			 BGP_ERR_NOENT);
	assert_int_equal(
	    bgp_cursor_find(&cursor, read_nlri(evpn, evpn->nlri, &nlri)),
	    BGP_ERR_NOENT);
	/* Nobody says how these are told apart, or somebody said otherwise. */
	o = mesh_peer(k.node[2], AS);
	o.address.octets[3] = 99;
	o.family_count = 1;
	o.families[0].family = BGP_FAMILY(16397, 250);
	assert_int_equal(bgp_peer_add(k.rr->speaker, &o, &peer),
			 BGP_ERR_INVALID);
	o.families[0].form = BGP_NLRI_FLOW + 1;
	assert_int_equal(bgp_peer_add(k.rr->speaker, &o, &peer),
			 BGP_ERR_INVALID);
	o.families[0].form = BGP_NLRI_LEN8;
	o.families[0].add_path_send = true; /* it is not done */
	assert_int_equal(bgp_peer_add(k.rr->speaker, &o, &peer),
			 BGP_ERR_INVALID);
	o.families[0].add_path_send = false;
	o.families[0].labels = 2;
	assert_int_equal(bgp_peer_add(k.rr->speaker, &o, &peer),
			 BGP_ERR_INVALID);
	o.families[0].labels = 0;
	assert_int_equal(bgp_peer_add(k.rr->speaker, &o, &peer), BGP_OK);
	o.families[0].form = BGP_NLRI_LEN16;
	assert_int_equal(bgp_peer_configure(peer, &o, k.mesh.now_ms),
			 BGP_ERR_INVALID);
	mesh_fini(&k.mesh);
	make_cluster(&k, evpn);
	assert_int_equal(announce(&k, 0, "03 10" RD TAG "20 c00002"),
			 BGP_ERR_INVALID);
	mesh_fini(&k.mesh);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_family),
		cmocka_unit_test(test_labels_change),
		cmocka_unit_test(test_falls_behind),
		cmocka_unit_test(test_side_by_side),
		cmocka_unit_test(test_next_hops),
		cmocka_unit_test(test_external),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
