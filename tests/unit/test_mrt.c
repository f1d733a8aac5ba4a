/*
 * test_mrt.c - records of messages and tables, written and read back, and
 * nothing read behind their end.
 */
#define _DEFAULT_SOURCE

#include <sys/mman.h>

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "hex.h"

#include "bgp/mrt.h"

static uint8_t buf[4096];

/* Each shorter record, its length field put right, in memory of that size. */
static void
decode_cuts(int len)
{
	for (int cut = BGP_MRT_HEADER_LEN; cut < len; cut++) {
		uint8_t *octets = malloc((size_t)cut);
		struct bgp_span file = { octets, (size_t)cut };
		struct bgp_mrt_record record;
		struct bgp_mrt_message message;
		struct bgp_mrt_peers peers;
		struct bgp_mrt_rib rib;

		assert_non_null(octets);
		memcpy(octets, buf, (size_t)cut);
		assert_int_equal(bgp_mrt_next(&file, &record), BGP_ERR_SHORT);
		octets[10] = (uint8_t)((cut - 12) >> 8);
		octets[11] = (uint8_t)(cut - 12);
		if (bgp_mrt_next(&file, &record) == BGP_OK) {
			bgp_mrt_message_decode(&record, &message);
			assert_int_not_equal(
			    bgp_mrt_peers_decode(&record, &peers), BGP_OK);
			assert_int_not_equal(bgp_mrt_rib_decode(&record, &rib),
					     BGP_OK);
		}
		free(octets);
	}
}

static struct bgp_mrt_record
only_record(int len)
{
	struct bgp_span file = { buf, (size_t)len };
	struct bgp_mrt_record record;

	assert_int_equal(bgp_mrt_next(&file, &record), BGP_OK);
	assert_int_equal(file.len, 0);
	assert_int_equal(bgp_mrt_next(&file, &record), BGP_ERR_NOENT);
	return record;
}

static void
test_messages(void **state)
{
	uint8_t msg[19];

	(void)state;
	assert_int_equal(bgp_keepalive_encode(msg, sizeof msg), 19);
	for (unsigned i = 0; i < 20; i++) {
		struct bgp_mrt_message in = {
			.as4 = (i & 1) != 0,
			.local = (i & 2) != 0,
			.add_path = (i & 4) != 0,
			.state_change = i >= 16,
			.peer_as = 65001,
			.local_as = 65002,
			.interface = 7,
			.peer = { .len = (i & 8) != 0 ? 16 : 4,
				  .octets = { 1, 2, 3 } },
			.local_addr = { .len = (i & 8) != 0 ? 16 : 4,
					.octets = { 4 } },
			.old_state = 5,
			.new_state = 6,
			.msg = { msg, 19 }
		};
		struct bgp_mrt_record record;
		struct bgp_mrt_message out;
		int len;

		if (in.state_change)
			in.local = in.add_path = false;
		len = bgp_mrt_message_encode(&in, 1000, 999999, buf,
					     sizeof buf);
		assert_true(len > 0);
		record = only_record(len);
		assert_int_equal(record.time_s, 1000);
		assert_int_equal(record.time_us, 999999);
		assert_int_equal(bgp_mrt_message_decode(&record, &out), 0);
		assert_int_equal(out.as4, in.as4);
		assert_int_equal(out.local, in.local);
		assert_int_equal(out.add_path, in.add_path);
		assert_int_equal(out.state_change, in.state_change);
		assert_int_equal(out.peer_as, 65001);
		assert_int_equal(out.local_as, 65002);
		assert_int_equal(out.interface, 7);
		assert_int_equal(bgp_addr_compare(&out.peer, &in.peer), 0);
		assert_int_equal(
		    bgp_addr_compare(&out.local_addr, &in.local_addr), 0);
		if (in.state_change) {
			assert_int_equal(out.old_state, 5);
			assert_int_equal(out.new_state, 6);
		} else {
			assert_int_equal(out.msg.len, 19);
			assert_memory_equal(out.msg.octets, msg, 19);
		}
		assert_int_equal(
		    bgp_mrt_message_encode(&in, 0, 0, buf, (size_t)len - 1),
		    BGP_ERR_SPACE);
		bgp_mrt_message_encode(&in, 0, 0, buf, sizeof buf);
		decode_cuts(len);
	}
}

static void
test_peers(void **state)
{
	const struct bgp_mrt_peer in[] = {
		{ 1, { .len = 4, .octets = { 192, 0, 2, 1 } }, 65001, false },
		{ 2, { .len = 16, .octets = { 0x20, 1 } }, 70000, true },
		{ 3, { .len = 4, .octets = { 192, 0, 2, 3 } }, 70000, false },
	};
	static char name[65537];
	struct bgp_mrt_record record;
	struct bgp_mrt_peers peers;
	struct bgp_mrt_peer peer;
	int len;

	(void)state;
	len = bgp_mrt_peers_encode(5, 9, "view", in, 3, buf, sizeof buf);
	assert_true(len > 0);
	record = only_record(len);
	assert_int_equal(bgp_mrt_peers_decode(&record, &peers), BGP_OK);
	assert_int_equal(peers.collector_id, 9);
	assert_int_equal(peers.view.len, 4);
	assert_int_equal(peers.count, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_true(bgp_mrt_peer_next(&peers, &peer));
		assert_int_equal(peer.router_id, in[i].router_id);
		assert_int_equal(peer.as4, in[i].as4);
		assert_int_equal(peer.as, i == 2 ? BGP_AS_TRANS : in[i].as);
		assert_int_equal(bgp_addr_compare(&peer.addr, &in[i].addr), 0);
	}
	assert_false(bgp_mrt_peer_next(&peers, &peer));
	decode_cuts(len);
	assert_int_equal(bgp_mrt_peers_encode(5, 9, NULL, in, 3, buf, 30),
			 BGP_ERR_SPACE);
	assert_int_equal(
	    bgp_mrt_peers_encode(5, 9, NULL, in, 65536, buf, sizeof buf),
	    BGP_ERR_INVALID);
	memset(name, 'a', sizeof name - 1);
	assert_int_equal(
	    bgp_mrt_peers_encode(5, 9, name, in, 3, buf, sizeof buf),
	    BGP_ERR_INVALID);
}

static void
test_tables(void **state)
{
	static const uint8_t octets[16] = { 0x20, 1, 0xd, 0xb8 };
	static const uint8_t attrs[] = { 0x40, 1, 1, 0, 0x40, 2, 0 };
	static const bgp_family families[] = {
		BGP_IPV4_UNICAST, BGP_FAMILY(1, 2), BGP_IPV6_UNICAST,
		BGP_FAMILY(2, 2), BGP_FAMILY(1, 132)
	};

	(void)state;
	for (size_t i = 0; i < 10; i++) {
		struct bgp_mrt_rib in = { 77,
					  i >= 5,
					  { families[i % 5], 0, 32, 4, 0,
					    octets },
					  0,
					  { 0 } };
		const struct bgp_mrt_entry entries[] = {
			{ 0, 1, 0, { attrs, sizeof attrs } },
			{ 3, 2, 9, { attrs, 0 } }
		};
		struct bgp_mrt_record record;
		struct bgp_mrt_entry entry;
		struct bgp_mrt_rib out;
		int len = bgp_mrt_rib_encode(5, &in, entries, 2, buf,
					     sizeof buf);

		assert_true(len > 0);
		record = only_record(len);
		assert_int_equal(bgp_mrt_rib_decode(&record, &out), BGP_OK);
		assert_int_equal(out.sequence, 77);
		assert_int_equal(out.add_path, in.add_path);
		assert_int_equal(out.nlri.family, families[i % 5]);
		assert_int_equal(out.nlri.bits, 32);
		assert_memory_equal(out.nlri.octets, octets, 4);
		assert_true(bgp_mrt_entry_next(&out, &entry));
		assert_int_equal(entry.attrs.len, sizeof attrs);
		assert_true(bgp_mrt_entry_next(&out, &entry));
		assert_int_equal(entry.peer, 3);
		assert_int_equal(entry.time_s, 2);
		assert_int_equal(entry.path_id, in.add_path ? 9 : 0);
		assert_false(bgp_mrt_entry_next(&out, &entry));
		decode_cuts(len);
		for (int size = 0; size < len; size++)
			assert_int_equal(bgp_mrt_rib_encode(5, &in, entries, 2,
							    buf, (size_t)size),
					 BGP_ERR_SPACE);
		assert_int_equal(
		    bgp_mrt_rib_encode(5, &in, entries, 65536, buf, sizeof buf),
		    BGP_ERR_INVALID);
	}
}

/* RFC 6396 4.3.4: MP_REACH is only its next hop; some write it whole. */
static void
test_entries(void **state)
{
	static const struct {
		const char *attrs;
		size_t hop_len, attr_count;
		enum bgp_remedy remedy;
	} cases[] = {
		{ "40010100 400200 400304c0000201", 4, 2, BGP_REMEDY_NONE },
		{ "40010100 400200 800e11 10"
		  "20010db8000000000000000000000001",
		  16, 2, BGP_REMEDY_NONE },
		{ "40010100 400200 400304c0000201 800e11 10"
		  "20010db8000000000000000000000001",
		  16, 2, BGP_REMEDY_NONE },
		{ "40010100 400200 800e15 0002 01 10"
		  "20010db8000000000000000000000001 00 "
		  "400304c0000201",
		  16, 2, BGP_REMEDY_NONE },
		{ "40010100 400200 800e03000201", 0, 2, BGP_REMEDY_NONE },
		{ "40010100 400200 800e05 0002 01 10 20", 0, 2,
		  BGP_REMEDY_NONE },
		{ "40010100 400200 800e00", 0, 2, BGP_REMEDY_NONE },
		{ "40010100 40010101 40060100 800f03000201", 0, 1,
		  BGP_REMEDY_DISCARD },
		{ "40010103 400200", 0, 1, BGP_REMEDY_WITHDRAW },
		{ "40010100 40", 0, 1, BGP_REMEDY_WITHDRAW },
	};
	/* the length of the prefix stands before its octets */
	static const uint8_t prefix[] = { 24, 203, 0, 113 };
	const struct bgp_mrt_rib rib = { .nlri = { BGP_IPV4_UNICAST, 0, 24, 3,
						   0, prefix + 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		static struct bgp_update update;
		struct bgp_fault fault;
		uint8_t octets[100];
		const struct bgp_mrt_entry entry = {
			0,
			0,
			0,
			{ octets,
			  hex_octets(cases[i].attrs, octets, sizeof octets) }
		};
		struct bgp_nlri nlri;

		assert_int_equal(
		    bgp_mrt_entry_decode(&rib, &entry, &update, &fault),
		    BGP_OK);
		assert_int_equal(fault.remedy, cases[i].remedy);
		assert_int_equal(update.attr_count, cases[i].attr_count);
		if (fault.remedy > BGP_REMEDY_DISCARD) {
			assert_int_equal(update.reach_count, 0);
			continue;
		}
		assert_int_equal(update.reach_count, 1);
		assert_int_equal(update.reach[0].next_hop.len,
				 cases[i].hop_len);
		assert_true(bgp_nlri_next(&update.reach[0], &nlri));
		assert_int_equal(nlri.bits, 24);
		assert_ptr_equal(nlri.octets, prefix + 1);
	}
}

/* A family that is not counted in bits; a prefix that is none; a record longer
 * than any NLRI. */
static void
test_generic(void **state)
{
	static const uint8_t evpn[] = { 99, 2, 0xaa, 0xbb };
	static const uint8_t attrs[1] = { 0 };
	static uint8_t big[80000];
	struct bgp_mrt_rib in = { .nlri = { BGP_FAMILY(25, 70), 0, 0, 4, 0,
					    evpn } },
			   out;
	struct bgp_mrt_entry long_entry = { 0, 0, 0, { attrs, 65536 } };
	struct bgp_mrt_record record;
	struct bgp_span file;

	(void)state;
	record = only_record(
	    bgp_mrt_rib_encode(5, &in, NULL, 0, buf, sizeof buf));
	assert_int_equal(bgp_mrt_rib_decode(&record, &out), BGP_OK);
	assert_int_equal(out.nlri.len, 4);
	assert_int_equal(out.nlri.bits, 0);
	assert_int_equal(
	    bgp_mrt_rib_encode(5, &in, &long_entry, 1, buf, sizeof buf),
	    BGP_ERR_INVALID);
	record.subtype = BGP_MRT_RIB_IPV4_UNICAST;
	record.body.len = hex_octets("00000001 21 c000020100 0000", buf,
				     sizeof buf);
	record.body.octets = buf;
	assert_int_equal(bgp_mrt_rib_decode(&record, &out), BGP_ERR_MALFORMED);
	hex_octets("00000000 000d 0002 00011170 00000001 00 0001", big,
		   sizeof big);
	file = (struct bgp_span){ big, 12 + 0x11170 };
	assert_int_equal(bgp_mrt_next(&file, &record), BGP_OK);
	assert_int_equal(bgp_mrt_rib_decode(&record, &out), BGP_OK);
	assert_int_equal(out.count, 1);
}

/* A route that is not counted in bits, with its abbreviated next hop. */
static void
test_generic_entry(void **state)
{
	static const uint8_t evpn[] = { 99, 2, 0xaa, 0xbb };
	static uint8_t attrs[100];
	struct bgp_mrt_rib in = { .nlri = { BGP_FAMILY(25, 70), 0, 0, 4, 0,
					    evpn } };
	struct bgp_mrt_entry entry = { .attrs = { attrs, 0 } };
	static struct bgp_update update;
	struct bgp_fault fault;
	struct bgp_nlri nlri;

	(void)state;
	entry.attrs.len = hex_octets("40010100 400200 800e05 04 c0000201",
				     attrs, sizeof attrs);
	assert_int_equal(bgp_mrt_entry_decode(&in, &entry, &update, &fault),
			 BGP_OK);
	assert_int_equal(fault.remedy, BGP_REMEDY_NONE);
	assert_int_equal(update.reach[0].next_hop.len, 4);
	assert_true(bgp_nlri_next(&update.reach[0], &nlri));
	assert_ptr_equal(nlri.octets, evpn);
	assert_int_equal(nlri.len, 4);
}

/* The first octet of AFI 16388 is 64, which in a whole MP_REACH of 65 octets
 * looks like the length of an abbreviated one. */
static void
test_link_state_entry(void **state)
{
	static const uint8_t node[] = { 0, 1, 0, 0 };
	static uint8_t attrs[3 + 65] = { 0x80, 14,  65, 0x40, 4, 71,
					 4,    192, 0,  2,    1 };
	const struct bgp_mrt_rib in = { .nlri = { BGP_FAMILY(16388, 71), 0, 0,
						  sizeof node, 0, node } };
	const struct bgp_mrt_entry entry = { .attrs = { attrs, sizeof attrs } };
	static struct bgp_update update;
	struct bgp_fault fault;

	(void)state;
	assert_int_equal(bgp_mrt_entry_decode(&in, &entry, &update, &fault),
			 BGP_OK);
	assert_int_equal(update.reach[0].next_hop.len, 4);
	assert_ptr_equal(update.reach[0].next_hop.octets, attrs + 7);
}

/* A prefix that is longer than its octets, or than a length can say. */
static void
test_unwritable(void **state)
{
	static const uint8_t octets[40] = { 10 };
	struct bgp_mrt_rib in = { .nlri = { BGP_IPV4_UNICAST, 0, 9, 1, 0,
					    octets } },
			   out;
	struct bgp_mrt_record record;

	(void)state;
	assert_int_equal(bgp_mrt_rib_encode(5, &in, NULL, 0, buf, sizeof buf),
			 BGP_ERR_INVALID);
	in.nlri.bits = 256;
	in.nlri.len = 32;
	assert_int_equal(bgp_mrt_rib_encode(5, &in, NULL, 0, buf, sizeof buf),
			 BGP_ERR_INVALID);
	in.nlri.bits = 8; /* octets behind its length are not its own */
	record = only_record(
	    bgp_mrt_rib_encode(5, &in, NULL, 0, buf, sizeof buf));
	assert_int_equal(bgp_mrt_rib_decode(&record, &out), BGP_OK);
	assert_int_equal(out.nlri.len, 1);
	assert_int_equal(out.count, 0);
}

/* A buffer beyond what an int can count is as good as one that it can. */
static void
test_huge_buffer(void **state)
{
	size_t size = (size_t)INT32_MAX + 4096;
	uint8_t *huge = mmap(NULL, size, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
			     0);

	(void)state;
	if (huge == MAP_FAILED)
		return; /* no room for it on this machine */
	assert_int_equal(bgp_mrt_peers_encode(5, 1, NULL, NULL, 0, huge, size),
			 20);
	munmap(huge, size);
}

static void
test_other_records(void **state)
{
	struct bgp_mrt_record record = { 0, 0, 12, 1, { buf, 0 } };
	struct bgp_span file = { buf, 0 };
	struct bgp_mrt_message message = { .peer = { .len = 4,
						     .octets = { 0 } } };
	struct bgp_mrt_peers peers;
	struct bgp_mrt_rib rib = { 0 };

	(void)state;
	assert_int_equal(bgp_mrt_message_decode(&record, &message),
			 BGP_ERR_NOENT);
	assert_int_equal(bgp_mrt_peers_decode(&record, &peers), BGP_ERR_NOENT);
	assert_int_equal(bgp_mrt_rib_decode(&record, &rib), BGP_ERR_NOENT);
	record.type = BGP_MRT_BGP4MP;
	for (record.subtype = 12; record.subtype < 20; record.subtype++)
		assert_int_equal(bgp_mrt_message_decode(&record, &message),
				 BGP_ERR_NOENT);
	record.subtype = 2;
	assert_int_equal(bgp_mrt_message_decode(&record, &message),
			 BGP_ERR_NOENT);
	record.type = BGP_MRT_TABLE_DUMP_V2;
	record.subtype = 7;
	assert_int_equal(bgp_mrt_rib_decode(&record, &rib), BGP_ERR_NOENT);
	record.subtype = 99;
	assert_int_equal(bgp_mrt_rib_decode(&record, &rib), BGP_ERR_NOENT);
	message.peer.len = 4;
	message.local_addr.len = 16;
	assert_int_equal(
	    bgp_mrt_message_encode(&message, 0, 0, buf, sizeof buf),
	    BGP_ERR_INVALID);
	message.peer.len = 0;
	message.local_addr.len = 0;
	assert_int_equal(
	    bgp_mrt_message_encode(&message, 0, 0, buf, sizeof buf),
	    BGP_ERR_INVALID);
	/* microseconds that are not there: skipped, and the file goes on */
	file.len = hex_octets("00000000 0011 0004 00000002 aabb", buf,
			      sizeof buf);
	assert_int_equal(bgp_mrt_next(&file, &record), BGP_ERR_MALFORMED);
	assert_int_equal(file.len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_peers),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_generic),
		cmocka_unit_test(test_generic_entry),
		cmocka_unit_test(test_link_state_entry),
		cmocka_unit_test(test_unwritable),
		cmocka_unit_test(test_huge_buffer),
		cmocka_unit_test(test_other_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
