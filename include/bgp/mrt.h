/*
 * bgp/mrt.h - files of BGP messages and tables, read and written in memory.
 *
 * MRT (RFC 6396, RFC 8050) is how collectors keep what they received.  A file
 * is a run of records; a record holds a message of one session, a change of its
 * state, the list of peers of a table, or one prefix of the table with an entry
 * per peer.
 *
 *     octets -> bgp_mrt_next -> bgp_mrt_message_decode -> bgp_update_decode …
 *                            -> bgp_mrt_peers_decode   -> bgp_mrt_peer_next …
 *                            -> bgp_mrt_rib_decode     -> bgp_mrt_entry_next …
 *                                                      -> bgp_mrt_entry_decode
 *
 * What comes out are views into the octets passed in; nothing is allocated.
 * An encoder answers the octets written, BGP_ERR_SPACE, or BGP_ERR_INVALID
 * where a field cannot be written.
 */
#ifndef BGP_MRT_H
#define BGP_MRT_H

#include "bgp/codec.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#define BGP_MRT_HEADER_LEN 12 /* time, type, subtype, length: RFC 6396 2 */

/* Record types.                                               RFC 6396 4 */
enum bgp_mrt_type {
	BGP_MRT_TABLE_DUMP_V2 = 13,
	BGP_MRT_BGP4MP = 16,
	BGP_MRT_BGP4MP_ET = 17 /* with microseconds */
};

/* Subtypes of BGP_MRT_TABLE_DUMP_V2.               RFC 6396 4.3, RFC 8050 4 */
enum bgp_mrt_table {
	BGP_MRT_PEER_INDEX_TABLE = 1,
	BGP_MRT_RIB_IPV4_UNICAST = 2,
	BGP_MRT_RIB_IPV4_MULTICAST = 3,
	BGP_MRT_RIB_IPV6_UNICAST = 4,
	BGP_MRT_RIB_IPV6_MULTICAST = 5,
	BGP_MRT_RIB_GENERIC = 6,
	BGP_MRT_RIB_IPV4_UNICAST_ADDPATH = 8,
	BGP_MRT_RIB_IPV4_MULTICAST_ADDPATH = 9,
	BGP_MRT_RIB_IPV6_UNICAST_ADDPATH = 10,
	BGP_MRT_RIB_IPV6_MULTICAST_ADDPATH = 11,
	BGP_MRT_RIB_GENERIC_ADDPATH = 12
};

/* Subtypes of BGP_MRT_BGP4MP and _ET.              RFC 6396 4.4, RFC 8050 3 */
enum bgp_mrt_bgp4mp {
	BGP_MRT_STATE_CHANGE = 0,
	BGP_MRT_MESSAGE = 1,
	BGP_MRT_MESSAGE_AS4 = 4,
	BGP_MRT_STATE_CHANGE_AS4 = 5,
	BGP_MRT_MESSAGE_LOCAL = 6,
	BGP_MRT_MESSAGE_AS4_LOCAL = 7,
	BGP_MRT_MESSAGE_ADDPATH = 8,
	BGP_MRT_MESSAGE_AS4_ADDPATH = 9,
	BGP_MRT_MESSAGE_LOCAL_ADDPATH = 10,
	BGP_MRT_MESSAGE_AS4_LOCAL_ADDPATH = 11
};

/* One record; body is what follows header and microseconds. */
struct bgp_mrt_record {
	uint32_t time_s; /* since 1970 */
	uint32_t time_us;
	uint16_t type;
	uint16_t subtype;
	struct bgp_span body;
};

/*
 * bgp_mrt_next - take the next record off the front of *file.
 *
 * BGP_OK, and *file begins behind it.  BGP_ERR_SHORT: it does not end in these
 * octets; with more of them, ask again.  BGP_ERR_NOENT: no octets are left.
 * BGP_ERR_MALFORMED: an _ET record too short for its microseconds; *file begins
 * behind it all the same.
 */
int bgp_mrt_next(struct bgp_span *file, struct bgp_mrt_record *out);

/* One message of a session, or a change of its state. */
struct bgp_mrt_message {
	bool as4;          /* AS numbers in msg have 4 octets */
	bool add_path;     /* NLRI in msg carry a path id */
	bool local;        /* the collector itself sent it */
	bool state_change; /* old and new state, no msg */
	uint32_t peer_as;
	uint32_t local_as;
	uint16_t interface;
	struct bgp_addr peer;
	struct bgp_addr local_addr;
	uint16_t old_state; /* 1 Idle … 6 Established */
	uint16_t new_state;
	struct bgp_span msg; /* from its marker on */
};

/* BGP_ERR_NOENT: not a record of BGP4MP.  BGP_ERR_MALFORMED: cut short. */
int bgp_mrt_message_decode(const struct bgp_mrt_record *record,
			   struct bgp_mrt_message *out);

/* Writes a whole record of type BGP_MRT_BGP4MP_ET. */
int bgp_mrt_message_encode(const struct bgp_mrt_message *message,
			   uint32_t time_s, uint32_t time_us, uint8_t *buf,
			   size_t size);

/* The peers of a table; entries name them by their place, from 0. */
struct bgp_mrt_peers {
	uint32_t collector_id;
	struct bgp_span view;  /* name of the view, often empty */
	uint16_t count;        /* peers left to take */
	struct bgp_span peers; /* their octets */
};

struct bgp_mrt_peer {
	uint32_t router_id;
	struct bgp_addr addr;
	uint32_t as;
	bool as4; /* its AS is written in 4 octets */
};

/* Checks the whole list, so that taking from it cannot fail.  BGP_ERR_NOENT:
 * another record.  BGP_ERR_MALFORMED. */
int bgp_mrt_peers_decode(const struct bgp_mrt_record *record,
			 struct bgp_mrt_peers *out);

/* Takes the next peer off the list.  false: the list is empty. */
bool bgp_mrt_peer_next(struct bgp_mrt_peers *peers, struct bgp_mrt_peer *out);

/* view: its text, NULL for none.  AS numbers are written as as4 says. */
int bgp_mrt_peers_encode(uint32_t time_s, uint32_t collector_id,
			 const char *view, const struct bgp_mrt_peer *peers,
			 size_t count, uint8_t *buf, size_t size);

/* One prefix of a table. */
struct bgp_mrt_rib {
	uint32_t sequence;
	bool add_path;
	struct bgp_nlri nlri;
	uint16_t count;          /* entries left to take */
	struct bgp_span entries; /* their octets */
};

/* One peer's path to it. */
struct bgp_mrt_entry {
	uint16_t peer;   /* place in the list of peers */
	uint32_t time_s; /* when it came */
	uint32_t path_id;
	struct bgp_span attrs; /* 4-octet AS numbers, MP_REACH abbreviated */
};

/* Checks all entries, so that taking from it cannot fail.  Errors as above. */
int bgp_mrt_rib_decode(const struct bgp_mrt_record *record,
		       struct bgp_mrt_rib *out);

bool bgp_mrt_entry_next(struct bgp_mrt_rib *rib, struct bgp_mrt_entry *out);

/*
 * bgp_mrt_entry_decode - the attributes of an entry as an UPDATE would give.
 *
 * out has one list in reach, with the NLRI of rib and its next hop, and the
 * attributes that are kept; on a fault worse than discard it has no list.
 * Answers BGP_OK also then: there is no session to reset.  It cannot fail.
 *                                                             RFC 6396 4.3.4
 */
int bgp_mrt_entry_decode(const struct bgp_mrt_rib *rib,
			 const struct bgp_mrt_entry *entry,
			 struct bgp_update *out, struct bgp_fault *fault);

/* Writes a whole record; the family of rib->nlri chooses the subtype, and its
 * count and entries are not looked at. */
int bgp_mrt_rib_encode(uint32_t time_s, const struct bgp_mrt_rib *rib,
		       const struct bgp_mrt_entry *entries, size_t count,
		       uint8_t *buf, size_t size);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
