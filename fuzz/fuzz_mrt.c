/*
 * fuzz_mrt.c - any octets as an MRT file: all of it is walked, and nothing
 * else.
 */
#include "check.h"

#include "bgp/mrt.h"

static void
walk_rib(struct bgp_mrt_rib *rib)
{
	static struct bgp_update update;
	struct bgp_mrt_entry entry;
	char text[1024];

	bgp_nlri_text(&rib->nlri, text, sizeof text);
	while (bgp_mrt_entry_next(rib, &entry)) {
		struct bgp_fault fault;
		struct bgp_nlri nlri;

		CHECK(bgp_mrt_entry_decode(rib, &entry, &update, &fault) ==
		      BGP_OK);
		CHECK((update.reach_count == 1) ==
		      (fault.remedy <= BGP_REMEDY_DISCARD));
		if (update.reach_count == 1) {
			CHECK(bgp_nlri_next(&update.reach[0], &nlri));
			CHECK(nlri.octets == rib->nlri.octets);
		}
	}
	CHECK(rib->count == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct bgp_span file = { octets, len };
	struct bgp_mrt_record record;
	int err;

	while ((err = bgp_mrt_next(&file, &record)) == BGP_OK ||
	       err == BGP_ERR_MALFORMED) {
		struct bgp_mrt_message message;
		struct bgp_mrt_peers peers;
		struct bgp_mrt_peer peer;
		struct bgp_mrt_rib rib;

		if (err != BGP_OK)
			continue;
		if (bgp_mrt_message_decode(&record, &message) == BGP_OK)
			CHECK(message.msg.len <= record.body.len);
		if (bgp_mrt_peers_decode(&record, &peers) == BGP_OK) {
			while (bgp_mrt_peer_next(&peers, &peer))
				CHECK(peer.addr.len != 0);
			CHECK(peers.count == 0);
		}
		if (bgp_mrt_rib_decode(&record, &rib) == BGP_OK)
			walk_rib(&rib);
	}
	return 0;
}
