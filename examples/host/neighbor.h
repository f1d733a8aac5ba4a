/*
 * neighbor.h - what is configured of a neighbour, or of a range of them.
 *
 *     ADDR[,word…]   one peer, which is also connected to
 *     CIDR[,word…]   whoever connects from there is a peer, for as long as it
 *                    stays
 */
#ifndef HOST_NEIGHBOR_H
#define HOST_NEIGHBOR_H

#include "bgp/speaker.h"
#include "families.h"
#include "option.h"
#include "socket.h"

#define NEIGHBORS_MAX 65000 /* of one list */

#define NEIGHBOR_HOLD_DEFAULT UINT32_MAX

/* Whoever connects from a range is bounded unless something else is said. */
#define NEIGHBOR_RANGE_PEERS_MAX 5000    /* max-peers */
#define NEIGHBOR_RANGE_LIMIT     1500000 /* a full table and half of it */
#define NEIGHBOR_LIMIT_DEFAULT   UINT32_MAX
#define NEIGHBOR_WARN_PERCENT    80 /* of the limit: a line in the log */

/* A cluster comes back within seconds of a restart, not after two minutes. */
#define NEIGHBOR_RETRY_S 5

struct neighbor_config {
	struct bgp_prefix match; /* a whole address unless `range` */
	uint32_t scope;          /* interface of the address, 0: not said */
	bool range;
	bool client;
	bool passive;
	enum bgp_next_hop_mode next_hop;
	bool accept;           /* accept all both ways: for eBGP */
	bool no_ipv4, no_ipv6; /* strike unicast off the families */
	bool no_ext_message;   /* do not offer RFC 8654 */
	bool any_next_hop;     /* take next hops that are no host's */
	uint32_t families;     /* a set of families.h */
	uint8_t gtsm_hops;     /* 0: off */
	uint8_t own_as_allowed;
	uint16_t port;
	uint32_t as;          /* 0: ours */
	uint32_t hold_time_s; /* NEIGHBOR_HOLD_DEFAULT: the speaker's */
	uint32_t prefix_limit;
	uint32_t max_peers;   /* of a range */
	uint32_t peers;       /* of a range: how many there are */
	unsigned line;        /* of the file; 0: of the arguments */
	struct bgp_addr bind; /* len 0: any */
	struct bgp_addr own_ipv4, own_ipv6; /* our next hops; len 0: none but
					     * the address of the connection */
	char name[BGP_PEER_NAME_MAX];       /* "": from the address */
	char password[SOCKET_PASSWORD_MAX + 1]; /* "": none */
};

/* Zero to begin with. */
struct neighbor_list {
	struct neighbor_config *items;
	size_t count;
	uint32_t *index; /* see neighbor_list.c */
	size_t index_size;
};

option_parser neighbor_client; /* field: struct neighbor_list, one more */
option_parser neighbor_peer;

/* The words, for --help. */
/* clang-format off */
#define NEIGHBOR_WORDS                                                    \
	"  words of --client and --peer, after commas:\n"                  \
	"    as=N            AS of the peer (ours)\n"                      \
	"    port=N          port to connect to (179)\n"                   \
	"    bind=ADDR       address to connect from (any)\n"              \
	"    passive         do not connect, wait\n"                       \
	"    password-file=F TCP-MD5 (RFC 2385) with the first line of F\n" \
	"    gtsm            only from a direct neighbour, RFC 5082\n"     \
	"    gtsm-hops=N     the same from N hops at most\n"               \
	"    hold=S          hold time in seconds (--hold-time)\n"         \
	"    limit=N         most prefixes of a family, 0: no limit\n"    \
	"                    (1500000 of each peer of a range, else 0)\n" \
	"    max-peers=N     of a range: most peers at a time (5000)\n"   \
	"    own-as=N        times our AS may be in a path (0)\n"          \
	"    families=F+F…   (ipv4-unicast+ipv6-unicast) of ipv4-unicast,\n" \
	"                    ipv4-multicast, ipv4-labeled, vpnv4,\n"     \
	"                    vpnv4-multicast, route-target, ipv4-flowspec,\n" \
	"                    vpnv4-flowspec, ipv4-mvpn, ipv4-sr-policy,\n" \
	"                    ipv4-mup, the same with 6, l2vpn-vpls,\n"   \
	"                    l2vpn-evpn, link-state, link-state-vpn; where\n" \
	"                    not known, AFI/SAFI:FORM with a form of bits,\n" \
	"                    len8, len16, type8-len8, type16-len16,\n"    \
	"                    type24-len8, flow\n" \
	"    no-ipv4         without IPv4 unicast\n"                        \
	"    no-ipv6         without IPv6 unicast\n"                        \
	"    any-next-hop    take next hops that are no host's, or ours\n" \
	"    no-ext-message  do not offer messages over 4096 octets\n" \
	"    next-hop=MODE   self, unchanged or auto: which one it is sent\n" \
	"    next-hop4=ADDR  our next hop for IPv4 routes over IPv6 (none)\n" \
	"    next-hop6=ADDR  the same for IPv6 routes over IPv4; without it\n" \
	"                    routes that need one are not told\n"         \
	"    policy=accept   another AS: take and tell all routes; else\n" \
	"                    none, RFC 8212\n"                             \
	"    name=TEXT       for logs and the control socket\n"            \
	"                    (Node_ADDRESS of a client, else Global_ADDRESS)"
/* clang-format on */

/* NULL, or what is wrong. */
const char *neighbor_list_add(struct neighbor_list *list,
			      const struct neighbor_config *config);
/* Passwords are cleared as well. */
void neighbor_list_free(struct neighbor_list *list);

bool neighbor_list_has_password(const struct neighbor_list *list);

/* The one that was listed so; NULL: none. */
struct neighbor_config *neighbor_find(const struct neighbor_list *list,
				      const struct bgp_prefix *match,
				      uint32_t scope, bool range);

/* The first that cannot be, within this AS and among the others, and why.
 * NULL: all is well. */
const struct neighbor_config *neighbor_list_check(
    const struct neighbor_list *list, uint32_t local_as, const char **why);

/* The one that is meant for this address: itself, or the smallest range it
 * is in.  NULL: none. */
struct neighbor_config *neighbor_match(const struct neighbor_list *list,
				       const struct bgp_addr *addr);

/* Name into name[BGP_PEER_NAME_MAX]: the configured one, or made of the
 * address: "Node_192_0_2_1", which status tools turn back. */
void neighbor_name(const struct neighbor_config *config,
		   const struct bgp_addr *addr, char *name);

/* What the speaker is told of it.  name is borrowed. */
void neighbor_options(const struct neighbor_config *config,
		      const struct bgp_addr *addr, uint32_t local_as,
		      uint16_t hold_time_s, const char *name,
		      struct bgp_peer_options *out);

/* Must the connection be made anew to change from a to b? */
bool neighbor_guard_differs(const struct neighbor_config *a,
			    const struct neighbor_config *b);

#endif
