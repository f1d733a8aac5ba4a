/*
 * bgp/codec.h - every BGP message, from octets and to octets; no session.
 *
 * Decoding allocates nothing and copies nothing: what comes out are views into
 * the message, valid while the message is.  Whatever is decided by the peer's
 * mistakes (RFC 7606) has been decided when a decoder returns: routes that
 * count as withdrawn stand in the withdrawn lists, attributes that are to be
 * discarded are gone, and iterating what was decoded cannot fail.
 *
 *     octets -> bgp_frame_decode -> bgp_open_decode
 *                                -> bgp_update_decode -> bgp_nlri_next …
 *                                -> bgp_notification_decode
 *                                -> bgp_refresh_decode
 *
 * A `msg` argument always begins at the marker and holds the whole message.
 * An encoder answers the octets written, or BGP_ERR_SPACE when `size` is too
 * small (the buffer's content is then undefined), or BGP_ERR_INVALID when a
 * field cannot be written.
 */
#ifndef BGP_CODEC_H
#define BGP_CODEC_H

#include "bgp/types.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* ------------------------------------------------------------------ limits */

#define BGP_HEADER_LEN       19    /* marker, length, type: RFC 4271 4.1 */
#define BGP_MESSAGE_MAX      4096  /* RFC 4271 4 */
#define BGP_MESSAGE_EXT_MAX  65535 /* RFC 8654 */
#define BGP_FAMILIES_MAX     32    /* families of one session */
#define BGP_CAPABILITIES_MAX 128   /* capabilities of one OPEN */
#define BGP_UPDATE_ATTRS_MAX 256   /* distinct type codes of one UPDATE */
#define BGP_ATTR_BLOCK_MAX   65535 /* octets of one attribute block */
#define BGP_LOCAL_ADDRS_MAX  2     /* of ours: one of IPv4, one of IPv6 */
#define BGP_AS_TRANS         23456 /* RFC 6793 9 */

/* ------------------------------------------------------------------- frame */

enum bgp_message {
	BGP_OPEN = 1,
	BGP_UPDATE = 2,
	BGP_NOTIFICATION = 3,
	BGP_KEEPALIVE = 4,
	BGP_ROUTE_REFRESH = 5
};

/*
 * bgp_frame_decode - find the first message of a stream.   RFC 4271 4.1, 6.1
 *
 *   octets, len   in   what has arrived so far
 *   message_max   in   BGP_MESSAGE_MAX, or BGP_MESSAGE_EXT_MAX where we
 *                      advertised extended messages (RFC 8654 4)
 *   type          out  enum bgp_message, once the header is there
 *   msg_len       out  octets of the whole message, once the header is there
 *   fault         out  the NOTIFICATION to send
 *
 * BGP_OK: the whole message is there.  BGP_ERR_SHORT: it is not; *msg_len is 0
 * while even the header is incomplete.  BGP_ERR_MALFORMED: bad marker (1/1),
 * length (1/2, per-type minimum included) or type (1/3), judged by the header
 * alone; fault says so.
 */
int bgp_frame_decode(const uint8_t *octets, size_t len, uint16_t message_max,
		     uint8_t *type, uint16_t *msg_len, struct bgp_fault *fault);

/* ------------------------------------------------- OPEN and capabilities */

/* Capability codes with typed access.                            RFC 5492 */
enum bgp_capability_code {
	BGP_CAP_MP = 1,                /* RFC 4760: AFI, 0, SAFI */
	BGP_CAP_REFRESH = 2,           /* RFC 2918 */
	BGP_CAP_EXT_NEXT_HOP = 5,      /* RFC 8950: AFI, SAFI16, next-hop AFI */
	BGP_CAP_EXT_MESSAGE = 6,       /* RFC 8654 */
	BGP_CAP_MULTIPLE_LABELS = 8,   /* RFC 8277: AFI, SAFI, labels */
	BGP_CAP_ROLE = 9,              /* RFC 9234 */
	BGP_CAP_GRACEFUL_RESTART = 64, /* RFC 4724, 8538 */
	BGP_CAP_AS4 = 65,              /* RFC 6793 */
	BGP_CAP_ADD_PATH = 69, /* RFC 7911: AFI, SAFI, 1 rx 2 tx 3 both */
	BGP_CAP_ENHANCED_REFRESH = 70, /* RFC 7313 */
	BGP_CAP_LLGR = 71,             /* RFC 9494 */
	BGP_CAP_FQDN = 73,
	BGP_CAP_SOFTWARE_VERSION = 75,
	BGP_CAP_PATHS_LIMIT = 76 /* draft-abraitis-idr-addpath-paths-limit */
};

/* One capability; value is borrowed from the message or from the caller. */
struct bgp_capability {
	uint8_t code;
	uint8_t len;
	const uint8_t *value;
};

struct bgp_open {
	uint8_t version;      /* 4 */
	uint16_t my_as;       /* the 2-octet field as it stands on the wire */
	uint16_t hold_time_s; /* 0, or 3 and more */
	uint32_t router_id;   /* host order, RFC 6286 */
	uint32_t as;          /* from the AS4 capability, else my_as */
	bool as4;             /* the AS4 capability is there */
	uint8_t capability_count;
	struct bgp_capability capabilities[BGP_CAPABILITIES_MAX];
};

/*
 * bgp_open_decode - read an OPEN.           RFC 4271 4.2, 6.2, RFC 5492, 9072
 *
 * Checks what stands in the message itself: version (2/1), framing of
 * parameters and capabilities (2/0), unknown parameter (2/4), AS 0 (2/2, RFC
 * 7607), hold time 1 or 2 (2/6), router id 0 (2/3).  Whether the peer is the
 * expected one is bgp_open_check's question.  Unknown capabilities are kept
 * raw.
 * BGP_ERR_LIMIT becomes 2/0 in fault: more than BGP_CAPABILITIES_MAX.
 *
 * BGP_OK or BGP_ERR_MALFORMED with *fault filled in.
 */
int bgp_open_decode(const uint8_t *msg, size_t len, struct bgp_open *out,
		    struct bgp_fault *fault);

/* Who the sender of an OPEN is to be.  A zeroed one expects nobody. */
struct bgp_open_wanted {
	uint32_t peer_as;   /* 0: any */
	uint32_t local_as;  /* ours, 0: not known */
	uint32_t router_id; /* ours, 0: not known */
	bool has_role;
	uint8_t role; /* ours, RFC 9234 4.1 */
};

/*
 * bgp_open_check - read an OPEN and judge whether its sender is the one wanted.
 *                          RFC 4271 6.2, RFC 6286 2.2, RFC 6793, RFC 9234 4.2
 *
 * As bgp_open_decode, and beside that: an AS that is not the one wanted, or
 * AS_TRANS where no capability tells another (2/2, with the AS as data); a
 * router id that is our own in our own AS (2/3, with the id as data); a role
 * that does not go with ours, from another AS (2/11).  Of several faults the
 * first counts: version, AS, hold time, router id, parameters, role.
 *
 * BGP_OK or BGP_ERR_MALFORMED with *fault filled in.
 */
int bgp_open_check(const struct bgp_open_wanted *wanted, const uint8_t *msg,
		   size_t len, struct bgp_open *out, struct bgp_fault *fault);

/*
 * bgp_open_encode - write an OPEN with all its capabilities.
 *
 * my_as is derived from `as` (AS_TRANS over 65535).  Capabilities are written
 * in the order given, in one parameter, in the extended form of RFC 9072 where
 * they need more than 255 octets.  The AS4 capability is the caller's to list.
 *
 * Answers octets written.  BGP_ERR_SPACE: they do not fit into size, or into an
 * OPEN; BGP_ERR_INVALID: more than BGP_CAPABILITIES_MAX capabilities.
 */
int bgp_open_encode(const struct bgp_open *open, uint8_t *buf, size_t size);

/* Flags of BGP_CAP_GRACEFUL_RESTART.                   RFC 4724 3, 8538 2 */
#define BGP_RESTART_STATE        0x80 /* R: I have restarted */
#define BGP_RESTART_NOTIFICATION 0x40 /* N: also across NOTIFICATIONs */

#define BGP_CAPABILITY_TUPLES_MAX 64 /* more do not fit into 255 octets */

/* What a capability says of one family. */
struct bgp_capability_tuple {
	bgp_family family;
	uint8_t flags;  /* restart: F 0x80; ADD-PATH: 1 rx 2 tx 3 both */
	uint32_t value; /* LLGR: stale time in s; extended next hop: its AFI;
			 * multiple labels: how many; paths limit: the limit */
};

/* A capability taken apart.  What its code has no use for is zero. */
struct bgp_capability_value {
	uint8_t code;
	uint8_t flags;           /* restart: BGP_RESTART_ */
	uint32_t number;         /* MP: the family; AS4: the AS; role: it;
				  * restart: its time in s */
	struct bgp_span text[2]; /* FQDN: host, domain; software version */
	uint8_t tuple_count;
	struct bgp_capability_tuple tuples[BGP_CAPABILITY_TUPLES_MAX];
};

/*
 * bgp_capability_decode - take a capability of a known code apart.
 *
 * Texts are borrowed from its value.  BGP_ERR_NOENT: the code has no typed
 * access, or none is needed because it holds nothing.  BGP_ERR_MALFORMED: the
 * length does not fit the code; bgp_open_decode lets none of those through but
 * for the texts, which have no part in negotiation.
 */
int bgp_capability_decode(const struct bgp_capability *cap,
			  struct bgp_capability_value *out);

/*
 * bgp_capability_encode - write the value of a capability, for struct
 * bgp_capability to point to.  BGP_ERR_NOENT as above, BGP_ERR_SPACE also
 * where it needs more than 255 octets, BGP_ERR_INVALID: a field cannot be
 * written.
 */
int bgp_capability_encode(const struct bgp_capability_value *value,
			  uint8_t *buf, size_t size);

/* "mp ipv4-unicast", "as4 70000", "graceful-restart 120 ipv4-unicast/0x80";
 * "capability-N hex" where the code has no name. */
size_t bgp_capability_text(const struct bgp_capability *cap, char *buf,
			   size_t size);

/* ----------------------------------------------------- what was negotiated */

/*
 * How the NLRI of a family are told apart, where the host names a family that
 * the library does not know: they are then carried as octets.
 */
enum bgp_nlri_form {
	BGP_NLRI_KNOWN = 0,        /* as the library's own table says */
	BGP_NLRI_BITS = 1,         /* length in bits (1 octet), then the body */
	BGP_NLRI_LEN8 = 2,         /* length in octets (1), then the body */
	BGP_NLRI_LEN16 = 3,        /* length in octets (2), then the body */
	BGP_NLRI_TYPE8_LEN8 = 4,   /* type (1), length in octets (1), body */
	BGP_NLRI_TYPE16_LEN16 = 5, /* type (2), length in octets (2), body */
	BGP_NLRI_TYPE24_LEN8 = 6, /* type (1 + 2), length in octets (1), body */
	BGP_NLRI_FLOW = 7         /* length of 1 or 2 octets, RFC 8955 4.1 */
};

/* One family of a session, as both OPENs agree on it. */
struct bgp_family_codec {
	bgp_family family;
	bool add_path_in;  /* NLRI received carry a path id, RFC 7911 */
	bool add_path_out; /* NLRI sent carry a path id */
	bool ext_next_hop; /* IPv4 NLRI may have IPv6 next hops, RFC 8950 */
	uint8_t form;      /* enum bgp_nlri_form: 0 unless family is unknown */
	/* Most labels of an NLRI, received and sent; 255: any; 0: just one.
	 * Both or none are 0.  RFC 8277 2.1 */
	uint8_t labels_in, labels_out;
	bool unknown_types; /* take NLRI of types that are not known, in EVPN,
			     * MVPN and MUP, instead of leaving them out: RFC
			     * 7606 5.4.  A choice of ours, not negotiated */
};

struct bgp_update;

/*
 * Everything that is needed to read and write the messages of one session.  A
 * plain value; zero it and fill in what is known, or let bgp_codec_negotiate
 * do so.
 */
struct bgp_codec {
	bool as4;            /* AS numbers have 4 octets, both ways */
	bool ebgp;           /* the peer is in another AS */
	bool first_as_check; /* eBGP: leftmost AS must be peer_as, 7606 7.2 */
	uint32_t local_as;   /* 0: not known, checks that need it are off */
	uint32_t peer_as;    /* 0: not known */
	uint16_t message_in_max;  /* longest message that may arrive: by what
				   * we announced, RFC 8654 4 */
	uint16_t message_out_max; /* longest message that may be sent: more
				   * than 4096 where both sides announced it */
	uint8_t family_count;
	struct bgp_family_codec families[BGP_FAMILIES_MAX];

	/*
	 * Optional memory of attribute blocks.  Called once an UPDATE is split
	 * and before its attributes are checked; attrs, next_hop and block are
	 * filled in.  A non-NULL answer says "these very octets were found
	 * without fault before under an equal codec": the checks of the
	 * attributes are skipped and the answer is kept in update->recalled.
	 */
	const void *(*recall)(void *ctx, const struct bgp_update *update);
	void *recall_ctx;

	/*
	 * Treat routes as withdrawn whose next hop is no host's address (RFC
	 * 4271 6.3): 0/8, 127/8, 224/3, ::, ::1, ff00::/8, an address of ours;
	 * ::ffff:0:0/96 but where labels lead to an IPv4 host, which then is
	 * judged as that (RFC 4659 3.2.1.2, 4798 2).  Distinguishers in front
	 * are skipped, a link-local address behind a global one and the next
	 * hops of flow specifications (RFC 8955 4) are not looked at.
	 *
	 * next_hop_loopback: 127/8 and ::1 are hosts, where the session itself
	 * is on a loopback.  local_addrs: ours, len 0 where not known.
	 */
	bool next_hop_check;
	bool next_hop_loopback;
	struct bgp_addr local_addrs[BGP_LOCAL_ADDRS_MAX];
};

/*
 * bgp_codec_negotiate - what two OPENs agree on.  RFC 5492, 4760, 6793, 7911
 *
 *   local, remote  in   the OPEN sent and the OPEN received
 *   out            out  zeroed first; recall is left NULL
 *
 * A side without any MP capability speaks IPv4 unicast only.  Families keep
 * the order of the local OPEN.  NLRI have stacks of labels in the families for
 * which both sides sent the multiple labels capability (RFC 8277 2.1).
 */
void bgp_codec_negotiate(const struct bgp_open *local,
			 const struct bgp_open *remote, struct bgp_codec *out);

/* The entry of a family, or NULL where it was not negotiated. */
const struct bgp_family_codec *bgp_codec_family(const struct bgp_codec *codec,
						bgp_family family);

/* ------------------------------------------------------------------ UPDATE */

/* Attribute type codes.                               IANA BGP parameters */
enum bgp_attr_code {
	BGP_ATTR_ORIGIN = 1,
	BGP_ATTR_AS_PATH = 2,
	BGP_ATTR_NEXT_HOP = 3,
	BGP_ATTR_MED = 4,
	BGP_ATTR_LOCAL_PREF = 5,
	BGP_ATTR_ATOMIC_AGGREGATE = 6,
	BGP_ATTR_AGGREGATOR = 7,
	BGP_ATTR_COMMUNITIES = 8,
	BGP_ATTR_ORIGINATOR_ID = 9,
	BGP_ATTR_CLUSTER_LIST = 10,
	BGP_ATTR_MP_REACH = 14,
	BGP_ATTR_MP_UNREACH = 15,
	BGP_ATTR_EXT_COMMUNITIES = 16,
	BGP_ATTR_AS4_PATH = 17,
	BGP_ATTR_AS4_AGGREGATOR = 18,
	BGP_ATTR_PMSI_TUNNEL = 22,
	BGP_ATTR_TUNNEL_ENCAP = 23,
	BGP_ATTR_IPV6_EXT_COMMUNITIES = 25,
	BGP_ATTR_AIGP = 26,
	BGP_ATTR_BGP_LS = 29,
	BGP_ATTR_LARGE_COMMUNITIES = 32,
	BGP_ATTR_OTC = 35,
	BGP_ATTR_D_PATH = 36,
	BGP_ATTR_PREFIX_SID = 40,
	BGP_ATTR_SET = 128
};

#define BGP_ATTR_OPTIONAL   0x80
#define BGP_ATTR_TRANSITIVE 0x40
#define BGP_ATTR_PARTIAL    0x20
#define BGP_ATTR_EXTENDED   0x10 /* two octets of length follow */

enum bgp_origin { BGP_ORIGIN_IGP, BGP_ORIGIN_EGP, BGP_ORIGIN_INCOMPLETE };

/* AS_PATH segment types.                             RFC 4271 4.3, RFC 5065 */
enum bgp_as_segment {
	BGP_AS_SET = 1,
	BGP_AS_SEQUENCE = 2,
	BGP_AS_CONFED_SEQUENCE = 3,
	BGP_AS_CONFED_SET = 4
};

/* One path attribute: a view. */
struct bgp_attr {
	uint8_t flags;
	uint8_t code;
	uint16_t len;
	const uint8_t *value;
};

/* One NLRI: a view.  For unicast, octets are the (bits + 7) / 8 octets of the
 * prefix as sent; bits behind its length may be set and do not matter.  The
 * same holds for every family whose NLRI are counted in bits; for all others
 * bits is 0 and octets are the whole NLRI with its type and length. */
struct bgp_nlri {
	bgp_family family;
	uint32_t path_id; /* 0 where the family has no ADD-PATH */
	uint16_t bits;    /* length in bits where the family counts in bits */
	uint16_t len;     /* octets */
	uint8_t labels;   /* of a stack, RFC 8277 2.3; 0: one, where the family
			   * has labels at all, RFC 8277 2.2 */
	const uint8_t *octets;
};

/* NLRI of one family, checked; bgp_nlri_next takes them off the front. */
struct bgp_nlri_list {
	bgp_family family;
	bool add_path;
	uint16_t len; /* octets */
	const uint8_t *octets;
	struct bgp_span next_hop; /* of reachable NLRI, as on the wire */
	uint8_t form;   /* enum bgp_nlri_form; 0: look it up by family */
	uint8_t labels; /* most labels of a stack; 0: one label, no stack */
	uint8_t sift; /* not 0: NLRI among these octets are to be left out, and
		       * bgp_nlri_next does so */
};

/*
 * One UPDATE, split and judged.  Only the first reach_count, unreach_count and
 * attr_count entries are written.
 */
struct bgp_update {
	bgp_family eor; /* End-of-RIB of this family, 0: none.  RFC 4724 2 */

	/* Announced: the classic NLRI field, MP_REACH_NLRI. */
	uint8_t reach_count;
	struct bgp_nlri_list reach[2];

	/* Withdrawn: Withdrawn Routes, MP_UNREACH_NLRI, and what is announced
	 * in a message that RFC 7606 treats as withdraw. */
	uint8_t unreach_count;
	struct bgp_nlri_list unreach[4];

	/* Attributes that are kept, in the order of the message: without
	 * NEXT_HOP, MP_REACH, MP_UNREACH and those discarded. */
	uint16_t attr_count;
	struct bgp_attr attrs[BGP_UPDATE_ATTRS_MAX];

	struct bgp_span block; /* Path Attributes field as it stands */
	const void *recalled;  /* the answer of codec->recall */
};

/*
 * bgp_update_decode - split one UPDATE into views and judge it.
 *                                               RFC 4271 4.3, 6.3, RFC 7606
 *
 *   codec  in   what OPEN negotiated; not kept
 *   msg    in   whole message; borrowed while *out is used
 *   len    in   its octets
 *   out    out  the lists found; written on every return
 *   fault  out  worst fault found; remedy NONE when the message is clean
 *
 * BGP_OK, also when routes are to be withdrawn or attributes were discarded:
 * the lists already say so.  BGP_ERR_MALFORMED: the session must be reset;
 * fault holds the NOTIFICATION and all lists are empty.  NLRI of a family that
 * was not negotiated are left out silently.  Cost O(len); allocates nothing.
 */
int bgp_update_decode(const struct bgp_codec *codec, const uint8_t *msg,
		      size_t len, struct bgp_update *out,
		      struct bgp_fault *fault);

/* Takes the next NLRI off the list.  false: the list is empty. */
bool bgp_nlri_next(struct bgp_nlri_list *list, struct bgp_nlri *out);

/* The prefix of an IPv4 or IPv6 unicast or multicast NLRI, host bits cleared.
 * BGP_ERR_INVALID: the family has no plain prefixes. */
int bgp_nlri_prefix(const struct bgp_nlri *nlri, struct bgp_prefix *out);

/*
 * bgp_nlri_key - what makes a route the same route.
 *
 * Of the NLRI of some families only a part names the route; labels, and in
 * EVPN the segment and gateway, are told about it and may change.  Two NLRI of
 * one family, with equal path ids, replace each other when their keys are
 * equal.  Unicast: length in bits and masked octets.
 *
 * Answers octets written, at most nlri->len + 1, or BGP_ERR_SPACE.
 *                                   RFC 7432 7, 8277 2.4, 9136 3.1, 4761 3.2.2
 */
int bgp_nlri_key(const struct bgp_nlri *nlri, uint8_t *buf, size_t size);

/* The attribute of this code, or NULL.  count attrs, any order. */
const struct bgp_attr *bgp_attr_find(const struct bgp_attr *attrs, size_t count,
				     uint8_t code);

/*
 * bgp_attrs_canonical - the one form in which attributes are compared.
 *
 * Writes the attributes of a decoded UPDATE in ascending order of type code,
 * AS numbers in 4 octets with AS4_PATH and AS4_AGGREGATOR merged (RFC 6793
 * 4.2.3), extended length only over 255 octets, Partial set on unrecognised
 * optional transitive ones (RFC 4271 5), unrecognised optional non-transitive
 * ones left out.  NEXT_HOP and MP attributes are not part of it.
 *
 * Answers octets written; 0 is a valid answer.  BGP_ERR_SPACE: size is less.
 */
int bgp_attrs_canonical(const struct bgp_codec *codec,
			const struct bgp_update *update, uint8_t *buf,
			size_t size);

/*
 * What is to be sent in UPDATEs of one family: either reachable NLRI with
 * their next hop and attributes, or unreachable ones.
 */
struct bgp_update_parts {
	bgp_family family;
	bool unreach;             /* withdraw: next_hop and attrs are unused */
	struct bgp_span next_hop; /* as on the wire: 4, 16 or 32 octets, … */
	const struct bgp_attr *attrs; /* ascending codes, 4-octet AS numbers */
	size_t attr_count;
	const struct bgp_nlri *nlri;
	size_t nlri_count;
};

/*
 * bgp_update_encode - write one UPDATE with as many of the NLRI as fit.
 *                                               RFC 4271 4.3, RFC 4760, 7606 5
 *
 *   codec  in   decides AS number size (AS_TRANS and AS4_PATH for a 2-octet
 *               peer), path ids, and the limit message_out_max
 *   parts  in   nlri_count 0 with attrs NULL writes the family's End-of-RIB
 *   taken  out  NLRI written; call again with the rest
 *
 * IPv4 unicast with a 4-octet next hop uses the classic fields, all else
 * MP_REACH/MP_UNREACH, placed first.  Labels go out as they stand, a single one
 * with its bottom-of-stack bit (RFC 8277 2.2); where a stack is withdrawn,
 * 0x800000 does (RFC 8277 2.4).  Where the attributes leave
 * no room for an NLRI, those that may be discarded (RFC 7606) are left out.
 *
 * Answers octets written.  BGP_ERR_SPACE: not even one NLRI fits, into size or
 * into message_out_max, or the first has a stack of more labels than the peer
 * takes; the routes are to be withdrawn.               RFC 8654 4, 8277 2.1
 */
int bgp_update_encode(const struct bgp_codec *codec,
		      const struct bgp_update_parts *parts, uint8_t *buf,
		      size_t size, size_t *taken);

/* --------------------------------------------------------- AS_PATH content */

/* What the decision process asks of an AS_PATH (4-octet form). */
struct bgp_as_path_facts {
	uint32_t length;       /* sets count 1, confederation segments 0 */
	uint32_t neighbour_as; /* leftmost AS, 0: empty or begins with a set */
	bool local_as_found;   /* the AS asked about is in it */
};

/* value, len: a canonical AS_PATH value.                RFC 4271 9.1.2.2 a */
void bgp_as_path_facts(const uint8_t *value, size_t len, uint32_t local_as,
		       struct bgp_as_path_facts *out);

/* ------------------------------------- NOTIFICATION, KEEPALIVE, REFRESH */

struct bgp_notification {
	uint8_t code;
	uint8_t subcode;
	uint16_t data_len;
	const uint8_t *data; /* borrowed */
};

/* BGP_OK, or BGP_ERR_MALFORMED: shorter than 21 octets. */
int bgp_notification_decode(const uint8_t *msg, size_t len,
			    struct bgp_notification *out);

/* data is cut where the message would pass message_max, what the peer takes:
 * message_out_max of the codec; 0: BGP_MESSAGE_MAX.  Answers octets written, or
 * BGP_ERR_SPACE: size is less.                                    RFC 8654 4 */
int bgp_notification_encode(const struct bgp_notification *n,
			    uint16_t message_max, uint8_t *buf, size_t size);

/*
 * "Cease/Administrative Shutdown", or "code/subcode" where unnamed, then, for
 * Cease 2 and 4, the peer's text in quotes with control characters replaced.
 *                                                   RFC 4486, 8203, 9003
 */
size_t bgp_notification_text(const struct bgp_notification *n, char *buf,
			     size_t size);

/* RFC 9003: data of Cease/2 and Cease/4.  Answers octets written; text longer
 * than 255 octets is cut at a UTF-8 boundary.  BGP_ERR_SPACE: size is less. */
int bgp_shutdown_encode(const char *text, uint8_t *buf, size_t size);

/* Answers octets written, 19.  BGP_ERR_SPACE: size is less. */
int bgp_keepalive_encode(uint8_t *buf, size_t size);

/* RFC 2918, RFC 7313: subtype 0 request, 1 BoRR, 2 EoRR. */
struct bgp_refresh {
	bgp_family family;
	uint8_t subtype;
	struct bgp_span orf; /* RFC 5291 entries, raw; usually empty */
};

/* BGP_OK, or BGP_ERR_MALFORMED: subtype 1 or 2 with a body, 7/1, RFC 7313 5 */
int bgp_refresh_decode(const uint8_t *msg, size_t len, struct bgp_refresh *out,
		       struct bgp_fault *fault);
int bgp_refresh_encode(const struct bgp_refresh *refresh, uint8_t *buf,
		       size_t size);

/* -------------------------------------------------------------- text forms */

/* "64500 64501 {64502 64503}".  value: 4-octet form. */
size_t bgp_as_path_text(const uint8_t *value, size_t len, char *buf,
			size_t size);

/* Name of a type code ("origin", "as_path", …), "attribute-N" if unknown. */
size_t bgp_attr_name_text(uint8_t code, char *buf, size_t size);

/*
 * The value in its usual text form.  What is made of TLVs reads "name value
 * name {name value}", with "/0x80" behind a name for flags that are set; hex
 * stands for types that are not known, "tlv-N" for TLVs that are not.
 *
 *   pmsi_tunnel   "ingress-replication label 100 192.0.2.1"     RFC 6514
 *   tunnel_encap  "vxlan {color 100 endpoint 192.0.2.1}"        RFC 9012
 *   bgp_ls        "node-name \"r1\" igp-metric 10"              RFC 9552
 *   prefix_sid    "srv6-l3 {sid 2001:db8:: behavior 19}"  RFC 8669, 9252
 *   attr_set      "64500 {origin igp; as_path 64501}"           RFC 6368
 *   d_path        "64500:1:evpn 64501:2:vpn"
 */
size_t bgp_attr_text(const struct bgp_attr *attr, char *buf, size_t size);

/*
 * The prefix, for families that have one; the fields of a route of EVPN, VPLS,
 * MVPN, MUP, flow specification, route target, SR policy and link state; hex
 * where it is of none of them, or of a type that is not known.
 */
size_t bgp_nlri_text(const struct bgp_nlri *nlri, char *buf, size_t size);

/*
 * The whole UPDATE in one line:
 *
 *   withdraw ipv4-unicast 192.0.2.0/24; announce ipv4-unicast
 *   203.0.113.0/24 via 192.0.2.1; origin igp; as_path 64500; med 10
 *
 * codec is the one it was decoded with: it knows the width of AS numbers.
 */
size_t bgp_update_text(const struct bgp_codec *codec,
		       const struct bgp_update *update, char *buf, size_t size);

/*
 * Small values both ways.  A _parse answers BGP_OK, or BGP_ERR_INVALID and
 * leaves *out alone; the whole string must match.
 *
 *   community           "64500:1", "no-export", …       RFC 1997
 *   large community     "64500:1:2"                     RFC 8092
 *   extended community  "rt:64500:1", "soo:192.0.2.1:7", "rt:70000:1", or
 *                       16 hex digits                   RFC 4360, 5668
 *   distinguisher       "64500:1", "192.0.2.1:7"        RFC 4364 4.2
 *
 * An AS number below 65536 that is written in 4 octets has an L behind it.
 */
size_t bgp_community_text(uint32_t community, char *buf, size_t size);
int bgp_community_parse(uint32_t *out, const char *text);
size_t bgp_large_community_text(const uint8_t octets[12], char *buf,
				size_t size);
int bgp_large_community_parse(uint8_t out[12], const char *text);
size_t bgp_ext_community_text(const uint8_t octets[8], char *buf, size_t size);
int bgp_ext_community_parse(uint8_t out[8], const char *text);
size_t bgp_rd_text(const uint8_t octets[8], char *buf, size_t size);
int bgp_rd_parse(uint8_t out[8], const char *text);

/*
 * bgp_as_path_parse - "64500 {64501 64502} (65001)" to a 4-octet AS_PATH value.
 *
 * Braces enclose a set, parentheses and brackets a sequence and a set of a
 * confederation.  Answers octets written, 0 for "".  BGP_ERR_INVALID: not such
 * a text, or AS 0.  BGP_ERR_SPACE.
 */
int bgp_as_path_parse(const char *text, uint8_t *buf, size_t size);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
