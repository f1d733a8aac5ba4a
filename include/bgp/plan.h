/*
 * bgp/plan.h - which node of a cluster peers with which.
 *
 * In go the resources a cluster's users write (nodes with labels, BGPPeers,
 * BGPConfigurations); out come the sessions of each node, an audit of all of
 * them together, and the safe order of steps from one plan to the next.  The
 * meaning of every field is Calico's; where Calico's answer depends on chance,
 * the order of resource names decides.  Nothing here speaks BGP: a host can use
 * this header alone.
 *
 *     selectors   has(rr) && zone != "b"
 *     plan        nodes + BGPPeers + BGPConfigurations -> sessions of a node
 *     audit       sessions of all nodes -> who is not reached, and why
 *     change      old and new sessions of a node -> steps, make before break
 *
 * Strings passed in are borrowed for the call.  What comes out belongs to the
 * object it came from and lives as long.
 */
#ifndef BGP_PLAN_H
#define BGP_PLAN_H

#include "bgp/types.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* -------------------------------------------------------------- selectors */

#define BGP_SELECTOR_LEN_MAX   8192 /* octets of an expression */
#define BGP_SELECTOR_NAME_MAX  512  /* octets of a label's name in it */
#define BGP_SELECTOR_DEPTH_MAX 64   /* parentheses and operands pending */

/* One label, neither of its texts NULL; of equal keys in a set the first
 * counts. */
struct bgp_label {
	const char *key, *value;
};

/* What is wrong with an expression, and where. */
struct bgp_selector_fault {
	size_t column;      /* 1: the first octet */
	const char *reason; /* static text */
};

/*
 * An expression, parsed once: immutable, shared freely between readers.
 *
 *     or  = and ("||" and)*     and = not ("&&" not)*     not = "!"* term
 *     term = has(NAME) | all() | global() | "(" or ")"
 *          | NAME "==" STRING | NAME "!=" STRING | NAME "contains" STRING
 *          | NAME "starts with" STRING | NAME "ends with" STRING
 *          | NAME "in" SET | NAME "not in" SET       also startswith, notin
 *     SET = "{" [STRING ("," STRING)* [","]] "}"
 *
 * NAME is of letters, digits and _ . / -; words of the language may be names.
 * STRING is in ' or ", without escapes.  Blanks and tabs separate.  Nothing at
 * all means all().  A label that is missing fails every test but != and not in.
 */
struct bgp_selector;

/*
 * bgp_selector_new - parse an expression.
 *
 *   out    out  the selector, until bgp_selector_del; NULL on error
 *   text   in   the expression, ends with NUL; borrowed for the call
 *   host   in   whence memory comes, copied; NULL: the C library
 *   fault  out  written where the answer is INVALID or LIMIT; may be NULL
 *
 * BGP_ERR_INVALID: not the language.  BGP_ERR_LIMIT: a limit above is passed.
 * BGP_ERR_NOMEM: no memory.  Time and memory O(octets of text), but for sets:
 * O(values of a set squared).
 */
int bgp_selector_new(struct bgp_selector **out, const char *text,
		     const struct bgp_allocator *host,
		     struct bgp_selector_fault *fault);
void bgp_selector_del(struct bgp_selector *selector);

/* Is the set selected?  labels: `count` of them, borrowed for the call; NULL
 * where count is 0.  Allocates nothing; O(terms * labels). */
bool bgp_selector_match(const struct bgp_selector *selector,
			const struct bgp_label *labels, size_t count);

/*
 * The canonical form: single blanks, needed parentheses only, no double
 * negation, sets sorted, " unless the string holds one.  Parsing it again
 * gives a selector with the same form and the same meaning.
 *
 * Writes at most size octets, the last of them NUL; buf may be NULL where size
 * is 0.  Answers the octets of the whole form without NUL: it was cut where
 * they are not less than size.
 */
size_t bgp_selector_text(const struct bgp_selector *selector, char *buf,
			 size_t size);

/* ------------------------------------------------------------------- input */

#define BGP_PLAN_NODES_MAX   65535
#define BGP_PLAN_PEERS_MAX   4096  /* BGPPeers */
#define BGP_PLAN_CONFIGS_MAX 65536 /* BGPConfigurations */
#define BGP_PLAN_LABELS_MAX  1024  /* of a node */
#define BGP_PLAN_LISTS_MAX   65535 /* workloads of a node, filters of a peer */
#define BGP_PLAN_TEXT_MAX    65535 /* octets of any one string with its NUL */

/* A node's sessions are at most one with each node, BGPPeer and workload, and
 * one of the mesh with each node. */

/* Durations are milliseconds, rounded to seconds as Calico rounds. */
#define BGP_PLAN_UNSET (-1)

/* A workload of a node that speaks BGP with its node. */
struct bgp_plan_workload {
	const char *peer;    /* name of the BGPPeer with a workload selector */
	const char *address; /* of the workload, IPv4 or IPv6 */
};

/* Node: NULL and "" mean absent; a name it must have. */
struct bgp_plan_node {
	size_t size; /* set by BGP_PLAN_NODE_INIT */
	const char *name;
	const struct bgp_label *labels;
	size_t label_count;
	const char *ipv4, *ipv6; /* "10.0.0.1" or "10.0.0.1/24" */
	const char *cluster_id;  /* routeReflectorClusterID, dotted, above
				  * 0.0.0.0: a reflector */
	uint32_t as_number;      /* 0: that of the cluster */
	const struct bgp_plan_workload *workloads; /* the active ones */
	size_t workload_count;
};

#ifdef __cplusplus
#define BGP_PLAN_NODE_INIT BGP_INIT_OF(bgp_plan_node)
#else
#define BGP_PLAN_NODE_INIT                                              \
	{                                                               \
		sizeof(struct bgp_plan_node), 0, 0, 0, 0, 0, 0, 0, 0, 0 \
	}
#endif
void bgp_plan_node_init(struct bgp_plan_node *out, size_t size);

/*
 * BGPPeer: NULL, "" and 0 mean absent unless said otherwise.
 *
 * node and node_selector exclude each other, as do peer_ip, peer_selector and
 * workload_selector; one of these three is there.  peer_selector excludes
 * as_number, workload_selector demands it.  reachable_by demands peer_ip of
 * the same family.  keep_original_next_hop excludes next_hop.
 */
struct bgp_plan_peer {
	size_t size; /* set by BGP_PLAN_PEER_INIT */
	const char *name;
	const char *node, *node_selector; /* neither: every node */
	const char *peer_ip; /* "10.0.0.1", "10.0.0.1:179", "[fd00::1]:179" */
	const char *peer_selector, *workload_selector;
	uint32_t as_number, local_as_number;
	enum bgp_next_hop_mode next_hop;
	bool keep_original_next_hop; /* applies to eBGP alone */
	bool no_source;              /* sourceAddress: None */
	bool reverse_manual;         /* reversePeering: Manual */
	uint8_t allowed_local_as;    /* numAllowedLocalASNumbers */
	uint8_t ttl_security_hops;
	const char *password;             /* any text; handed on, not read */
	int64_t restart_ms, keepalive_ms; /* or BGP_PLAN_UNSET */
	const char *reachable_by;
	const char *const *filters; /* names of BGPFilters, in order */
	size_t filter_count;
};

#ifdef __cplusplus
#define BGP_PLAN_PEER_INIT BGP_INIT_OF(bgp_plan_peer)
#else
#define BGP_PLAN_PEER_INIT                                            \
	{                                                             \
		sizeof(struct bgp_plan_peer), 0, 0, 0, 0, 0, 0, 0, 0, \
		    BGP_NEXT_HOP_AUTO, false, false, false, 0, 0, 0,  \
		    BGP_PLAN_UNSET, BGP_PLAN_UNSET, 0, 0, 0           \
	}
#endif
void bgp_plan_peer_init(struct bgp_plan_peer *out, size_t size);

/*
 * BGPConfiguration: "default" is for all nodes; "node.NAME" is for one and
 * gives its listen_port alone.  mesh_password and mesh_restart_ms need a mesh.
 */
struct bgp_plan_config {
	size_t size; /* set by BGP_PLAN_CONFIG_INIT */
	const char *name;
	bool mesh_off;        /* nodeToNodeMeshEnabled: false */
	uint16_t listen_port; /* 0: not said */
	uint32_t as_number;   /* 0: 64512 */
	const char *mesh_password;
	int64_t mesh_restart_ms; /* or BGP_PLAN_UNSET */
};

#ifdef __cplusplus
#define BGP_PLAN_CONFIG_INIT BGP_INIT_OF(bgp_plan_config)
#else
#define BGP_PLAN_CONFIG_INIT                                       \
	{                                                          \
		sizeof(struct bgp_plan_config), 0, false, 0, 0, 0, \
		    BGP_PLAN_UNSET                                 \
	}
#endif
void bgp_plan_config_init(struct bgp_plan_config *out, size_t size);

/* A whole cluster, in any order.  Elements of an array are of one size, which
 * each of them says.  An allocator without functions: the C library's. */
struct bgp_plan_input {
	size_t size; /* set by BGP_PLAN_INPUT_INIT */
	const struct bgp_plan_node *nodes;
	const struct bgp_plan_peer *peers;
	const struct bgp_plan_config *configs;
	size_t node_count, peer_count, config_count;
	struct bgp_allocator allocator;
};

#ifdef __cplusplus
#define BGP_PLAN_INPUT_INIT BGP_INIT_OF(bgp_plan_input)
#else
#define BGP_PLAN_INPUT_INIT                                      \
	{                                                        \
		sizeof(struct bgp_plan_input), 0, 0, 0, 0, 0, 0, \
		{                                                \
			0, 0                                     \
		}                                                \
	}
#endif
void bgp_plan_input_init(struct bgp_plan_input *out, size_t size);

/* -------------------------------------------------------------------- plan */

/* What is wrong with a resource.  name is borrowed: from the input by _new and
 * _update, from the plan by _notice.  The other texts are static. */
struct bgp_plan_fault {
	const char *kind;   /* "Node", "BGPPeer", "BGPConfiguration" */
	const char *name;   /* of the resource; "" where it has none */
	const char *field;  /* as users write it, "peerSelector" */
	size_t column;      /* within a selector, else 0 */
	const char *reason; /* static text */
};

/* The cluster as it is known: a copy of the input, selectors applied. */
struct bgp_plan;

/*
 * bgp_plan_new - take in a cluster.
 *
 *   out    out  the plan, until bgp_plan_del; NULL on error
 *   input  in   borrowed for the call, all is copied
 *   fault  out  the first fault found, where the answer is INVALID, EXIST or
 *               LIMIT; may be NULL
 *
 * BGP_ERR_INVALID: a resource that Calico's API refuses: without a name, with
 * an address, port, duration or id that is none, with fields that exclude each
 * other or lack one another; a size that is that of no version, or unknown
 * fields that are set.  BGP_ERR_EXIST: two of one kind with one name.
 * BGP_ERR_LIMIT: a limit above is passed.  BGP_ERR_NOMEM: no memory.
 * A selector that does not parse is none of these: see bgp_plan_notice.
 * Memory is O(nodes * labels + nodes * BGPPeers / 8) octets, time is
 * O(nodes * log nodes + nodes * BGPPeers).  With host and plan one at a time:
 * whatever takes a plan that is not const may use its allocator.
 */
int bgp_plan_new(struct bgp_plan **out, const struct bgp_plan_input *input,
		 struct bgp_plan_fault *fault);
void bgp_plan_del(struct bgp_plan *plan);

/*
 * bgp_plan_update - a node is another now; its name says which.
 *
 *   node   in   borrowed for the call; takes the place of all that was said of
 *               the node before, but for its BGPConfiguration
 *   fault  out  as of bgp_plan_new
 *
 * Sessions and audits handed out before are as they were.  BGP_ERR_NOENT: there
 * is no such node (a node more or less, or another BGPPeer, needs a new plan).
 * BGP_ERR_INVALID, BGP_ERR_LIMIT, BGP_ERR_NOMEM: as bgp_plan_new; the plan is
 * as before.  O(BGPPeers), and O(nodes * log nodes) for a new address.
 */
int bgp_plan_update(struct bgp_plan *plan, const struct bgp_plan_node *node,
		    struct bgp_plan_fault *fault);

/*
 * The i-th oddity that Calico would log and live with: a selector that does not
 * parse and selects nothing, a BGPPeer of a node that is none, a peerIP without
 * AS.  *out lives as long as the plan.  false: there are no more.
 */
bool bgp_plan_notice(const struct bgp_plan *plan, size_t i,
		     struct bgp_plan_fault *out);

/* The i-th node in the order of names, NULL past the last; lives as long as the
 * plan. */
const char *bgp_plan_node_at(const struct bgp_plan *plan, size_t i);

/* ---------------------------------------------------------------- sessions */

#define BGP_PLANNED_NAME_MAX 72

enum bgp_planned_type {
	BGP_PLANNED_MESH,    /* "node-to-node mesh" */
	BGP_PLANNED_GLOBAL,  /* "global": a BGPPeer of every node */
	BGP_PLANNED_NODE,    /* "node specific" */
	BGP_PLANNED_WORKLOAD /* "local workload" */
};

/* A session of a node, everything it takes to run it.  Its texts live as long
 * as the plan. */
struct bgp_planned {
	const char *node;      /* whose session it is */
	const char *peer_node; /* whose address that is, NULL: of no node */
	const char *resource;  /* name of the BGPPeer, NULL: the mesh */
	bgp_family family;     /* BGP_IPV4_UNICAST or BGP_IPV6_UNICAST */
	enum bgp_planned_type type;
	const char *type_text;           /* as status tools print it */
	char name[BGP_PLANNED_NAME_MAX]; /* "Node_10_0_0_1_port_1790" */
	struct bgp_addr peer;
	struct bgp_addr source;       /* len 0: as the system chooses */
	struct bgp_addr reachable_by; /* gateway of a static route; len 0 */
	uint16_t port;                /* 179 where nothing else is said */
	bool port_said;               /* the name has it then, but in a mesh */
	uint32_t peer_as;             /* 0: BGPPeer of an IP without AS */
	uint32_t local_as;
	bool passive;        /* waits for the peer to connect */
	bool client;         /* route reflector client, under cluster_id */
	uint32_t cluster_id; /* 0 unless client */
	enum bgp_next_hop_mode next_hop;
	uint8_t ttl_security_hops; /* 0: off */
	uint8_t allowed_local_as;
	int32_t restart_s, keepalive_s; /* BGP_PLAN_UNSET: not said */
	const char *password;           /* NULL: none */
	const char *const *filters;
	size_t filter_count;
};

/* The sessions of one node and family, in the order of their names. */
struct bgp_plan_sessions;

/*
 * bgp_plan_sessions_new - plan one node.
 *
 *   plan    in   outlives the sessions
 *   node    in   its name; borrowed for the call
 *   family  in   BGP_IPV4_UNICAST or BGP_IPV6_UNICAST
 *   out     out  the sessions, until bgp_plan_sessions_del; none where the node
 *                has no address of that family (bgp_plan_sessions_enabled
 *                tells); NULL on error
 *
 * BGP_ERR_NOENT: there is no such node.  BGP_ERR_INVALID: another family.
 * BGP_ERR_NOMEM: no memory.
 * O(BGPPeers * nodes / 64 + sessions * log sessions).
 */
int bgp_plan_sessions_new(struct bgp_plan *plan, const char *node,
			  bgp_family family, struct bgp_plan_sessions **out);
void bgp_plan_sessions_del(struct bgp_plan_sessions *sessions);

/* The i-th, NULL past the last; lives as long as the sessions. */
const struct bgp_planned *bgp_plan_sessions_at(
    const struct bgp_plan_sessions *sessions, size_t i);

/* false: the node has no address of the family and speaks no BGP in it. */
bool bgp_plan_sessions_enabled(const struct bgp_plan_sessions *sessions);

/* ----------------------------------------------------------------- audit */

#define BGP_AUDIT_EDGES_MAX    (1u << 23) /* sessions that BGPPeers make */
#define BGP_AUDIT_FINDINGS_MAX 10000      /* listed; all are counted */

/* Hops of routes followed, from each kind of node and without each that passes
 * a route on: minutes of work. */
#define BGP_AUDIT_STEPS_MAX (UINT64_C(1) << 34)

/* What may be wrong with a cluster's sessions as a whole. */
enum bgp_finding_kind {
	BGP_FINDING_ONE_SIDED,    /* node expects peer, but not peer node */
	BGP_FINDING_DISAGREE,     /* both expect, AS or port differ */
	BGP_FINDING_BOTH_PASSIVE, /* neither side dials */
	BGP_FINDING_DUPLICATE,    /* two sessions between one pair */
	BGP_FINDING_ADDRESS,      /* two nodes have one address */
	BGP_FINDING_ALONE,        /* a node without any session */
	BGP_FINDING_NO_CLIENT,    /* a reflector that reflects for nobody */
	BGP_FINDING_SPLIT_CLIENT, /* equal cluster ids, disjoint clients */
	BGP_FINDING_UNREACHED,    /* peer does not hear node's routes */
	BGP_FINDING_OUTSIDE,      /* UNREACHED, but both have peers elsewhere */
	BGP_FINDING_SINGLE_POINT  /* without node, others are cut off */
};

/*
 * One finding.  UNREACHED and its like speak for whole groups of nodes with
 * the same sessions: `pairs` ordered pairs, of which node and peer are one.
 * The names live as long as the plan.
 */
struct bgp_finding {
	enum bgp_finding_kind kind;
	const char *node, *peer; /* peer may be NULL */
	const char *reason;      /* static text, or NULL */
	uint64_t pairs;          /* concerned; 0: not about pairs */
};

/* Sums over a cluster. */
struct bgp_audit_summary {
	uint64_t nodes;     /* with an address of the family */
	uint64_t sessions;  /* between nodes, both sides agreed: once */
	uint64_t outside;   /* with addresses of no node */
	uint64_t pairs;     /* ordered, of nodes */
	uint64_t reached;   /* of these */
	uint64_t redundant; /* of these, whichever one node is lost */
	uint64_t findings;  /* all, listed or not */
};

/* What there is to say of one family's sessions. */
struct bgp_audit;

/*
 * bgp_audit_new - do all routes reach all nodes?        RFC 4456 6, 8, 9
 *
 *   plan    in   outlives the audit
 *   family  in   BGP_IPV4_UNICAST or BGP_IPV6_UNICAST
 *   out     out  the audit, until bgp_audit_del; NULL on error
 *
 * Follows a route of every node over the sessions that both ends agree on:
 * what reflectors pass to whom, what ORIGINATOR_ID, CLUSTER_LIST and AS_PATH
 * stop, the best path alone (shorter AS_PATH, eBGP first, lower router id,
 * shorter CLUSTER_LIST, lower address); then once more without each node that
 * passed it on.  Nodes with the same sessions are followed together.
 *
 * BGP_ERR_INVALID: another family.  BGP_ERR_LIMIT: more sessions than
 * BGP_AUDIT_EDGES_MAX, or more work than BGP_AUDIT_STEPS_MAX.
 * BGP_ERR_NOMEM: no memory; it needs about 100 octets for each side of a
 * session that BGPPeers make.
 */
int bgp_audit_new(struct bgp_plan *plan, bgp_family family,
		  struct bgp_audit **out);
void bgp_audit_del(struct bgp_audit *audit);

/* The i-th finding, NULL past the last listed; lives as long as the audit. */
const struct bgp_finding *bgp_audit_at(const struct bgp_audit *audit, size_t i);
void bgp_audit_summary(const struct bgp_audit *audit,
		       struct bgp_audit_summary *out);

/* One line without its end; size and answer as of bgp_selector_text. */
size_t bgp_finding_text(const struct bgp_finding *finding, char *buf,
			size_t size);

/* ------------------------------------------------------------------ change */

enum bgp_step_kind {
	BGP_CHANGE_ADD,    /* configure `to` */
	BGP_CHANGE_MODIFY, /* `from` becomes `to` */
	BGP_CHANGE_WAIT,   /* until `to` is up and its End-of-RIB came */
	BGP_CHANGE_REMOVE  /* `from` ends */
};

/* What a MODIFY does to the session. */
enum bgp_impact {
	BGP_IMPACT_NONE,    /* nothing on the wire */
	BGP_IMPACT_REFRESH, /* routes are sent or asked for again */
	BGP_IMPACT_RESTART  /* it ends and comes again: keep its routes as
			     * stale until its WAIT is over (RFC 4724 4.2) */
};

/* One step; from and to are borrowed from the two plans. */
struct bgp_plan_step {
	enum bgp_step_kind kind;
	enum bgp_impact impact;              /* of MODIFY */
	const struct bgp_planned *from, *to; /* NULL: not of this step */
};

/* A place in a list of steps; all zero at its begin. */
struct bgp_plan_cursor {
	uint32_t phase, from, to;
};

/*
 * bgp_plan_change - the next step from one plan of a node to another.
 *
 *   from, to  in      sessions of one node and family, of one plan or of two;
 *                     NULL: none.  Both outlive the cursor's way
 *   cursor    in out  begins all zero; may rest between two calls as long as a
 *                     WAIT takes
 *   step      out     written where the answer is true
 *
 * false: done.  Allocates nothing; all steps together are O(sessions).
 *
 * Make before break: sessions are added and widened first, then waited for,
 * then restarted where they must, then waited for again; what takes routes away
 * (a client that is one no more, a session that is no more) comes last.  A
 * route that both plans carry is had at every moment, whatever the order of
 * events between two waits.  Sessions are the same when their peer's address
 * is; where a plan has several with one address, port and name as well.  A host
 * gives a WAIT its own patience.
 *
 * This is of one node.  A cluster goes from mesh to reflectors in two changes,
 * the second when all nodes are done with the first: BGPPeers and cluster ids,
 * then the mesh off.
 */
bool bgp_plan_change(const struct bgp_plan_sessions *from,
		     const struct bgp_plan_sessions *to,
		     struct bgp_plan_cursor *cursor,
		     struct bgp_plan_step *step);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
