/*
 * generate.c - sound messages of every kind, at random, for others to read.
 *
 *   generate PCAP COUNT SEED > EXPECTED
 *
 * Writes COUNT messages as a capture file, one a packet, without TCP (link type
 * 147), and on standard output one line for each with what is in it:
 *
 *   update PREFIX … | ORIGIN MED LOCAL_PREF COMMUNITY …
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgp/codec.h"

enum { NLRI_MAX = 40, ATTRS_MAX = 20, VALUES_LEN = 4096 };

static uint64_t state;
static FILE *pcap;

static uint32_t
any(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32) % below;
}

static void
fill(uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)any(256);
}

/* ------------------------------------------------------------------ capture */

static void
put32(uint32_t v)
{
	fwrite(&v, 1, 4, pcap); /* the magic tells the order */
}

static void
begin_pcap(const char *name)
{
	pcap = fopen(name, "wb");
	if (pcap == NULL) {
		perror(name);
		exit(2);
	}
	put32(0xa1b2c3d4);
	put32(2 | 4 << 16);
	put32(0);
	put32(0);
	put32(65535);
	put32(147);
}

static void
put_packet(const uint8_t *msg, size_t len)
{
	put32(0);
	put32(0);
	put32((uint32_t)len);
	put32((uint32_t)len);
	fwrite(msg, 1, len, pcap);
}

/* --------------------------------------------------------------------- NLRI */

static uint8_t bodies[NLRI_MAX][64];
static struct bgp_nlri nlri[NLRI_MAX];

static size_t
put(uint8_t *p, const char *hex)
{
	size_t len = 0;

	for (; hex[0] != '\0'; hex += 2, len++)
		p[len] = (uint8_t)strtoul((char[]){ hex[0], hex[1], '\0' },
					  NULL, 16);
	return len;
}

static void
put_prefix(uint8_t *p, unsigned bits)
{
	size_t len = (bits + 7) / 8;

	fill(p, len);
	if (bits % 8 != 0)
		p[len - 1] &= (uint8_t)(0xff00u >> bits % 8);
}

/* A label with its bottom of stack, and a distinguisher of type 0. */
static size_t
put_label(uint8_t *p)
{
	fill(p, 3);
	p[2] |= 1;
	return 3;
}

static size_t
put_rd(uint8_t *p)
{
	fill(p, 8);
	p[0] = p[1] = 0;
	return 8;
}

static size_t
put_evpn(uint8_t *p)
{
	size_t len = 2;

	p[0] = 3;
	len += put_rd(p + len);
	fill(p + len, 4);
	len += 4;
	p[len++] = 32;
	fill(p + len, 4);
	len += 4;
	p[1] = (uint8_t)(len - 2);
	return len;
}

static size_t
put_flow(uint8_t *p)
{
	p[0] = 8;
	return 1 + put(p + 1, "0118cb0071038106");
}

static void
make_nlri(bgp_family family, struct bgp_nlri *n, uint8_t *p)
{
	unsigned longest = BGP_AFI(family) == 1 ? 32 : 128;
	/* tshark takes a labeled default route, and one in MP_REACH, for an
	 * error */
	unsigned bits = 1 + any(longest);
	size_t head = 0;

	*n = (struct bgp_nlri){ .family = family, .octets = p };
	switch (BGP_SAFI(family)) {
	case 70:
		n->len = (uint16_t)put_evpn(p);
		return;
	case 133:
		n->len = (uint16_t)put_flow(p);
		return;
	case 132:
		fill(p, 12);
		p[4] = 0;
		p[5] = 2;
		n->bits = 96;
		n->len = 12;
		return;
	case 4:
		head = put_label(p);
		break;
	case 128:
		head = put_label(p);
		head += put_rd(p + head);
		break;
	default:
		break;
	}
	put_prefix(p + head, bits);
	n->bits = (uint16_t)(head * 8 + bits);
	n->len = (uint16_t)(head + (bits + 7) / 8);
}

/* --------------------------------------------------------------- attributes */

static uint8_t values[VALUES_LEN];
static size_t values_len;
static struct bgp_attr attrs[ATTRS_MAX];
static size_t attr_count;

static uint8_t *
add_attr(uint8_t flags, uint8_t code, size_t len)
{
	uint8_t *p = values + values_len;

	values_len += len;
	attrs[attr_count++] = (struct bgp_attr){ flags, code, (uint16_t)len,
						 p };
	fill(p, len);
	return p;
}

static void
make_path(void)
{
	uint8_t count = (uint8_t)(1 + any(20));
	uint8_t *p = add_attr(0x40, BGP_ATTR_AS_PATH, 2 + 4 * (size_t)count);

	p[0] = BGP_AS_SEQUENCE;
	p[1] = count;
	for (uint8_t i = 0; i < count; i++)
		p[2 + 4 * i] = 1; /* over 65535 and not 0 */
}

static void
make_attrs(void)
{
	attr_count = values_len = 0;
	add_attr(0x40, BGP_ATTR_ORIGIN, 1)[0] = (uint8_t)any(3);
	make_path();
	if (any(2) != 0)
		add_attr(0x80, BGP_ATTR_MED, 4);
	if (any(2) != 0)
		add_attr(0x40, BGP_ATTR_LOCAL_PREF, 4);
	if (any(4) == 0)
		add_attr(0x40, BGP_ATTR_ATOMIC_AGGREGATE, 0);
	if (any(4) == 0)
		add_attr(0xc0, BGP_ATTR_AGGREGATOR, 8)[0] = 1;
	if (any(2) != 0)
		add_attr(0xc0, BGP_ATTR_COMMUNITIES, 4 * (1 + any(80)));
	if (any(4) == 0) {
		add_attr(0x80, BGP_ATTR_ORIGINATOR_ID, 4);
		/* tshark 4.0 loses its way behind more than 255 octets */
		add_attr(0x80, BGP_ATTR_CLUSTER_LIST, 4 * (1 + any(63)));
	}
	if (any(4) == 0)
		put(add_attr(0xc0, BGP_ATTR_EXT_COMMUNITIES, 8),
		    "0002fdea00000001");
	if (any(4) == 0)
		put(add_attr(0x80, BGP_ATTR_AIGP, 11),
		    "01000b000000000000000a");
	if (any(4) == 0)
		add_attr(0xc0, BGP_ATTR_LARGE_COMMUNITIES, 12 * (1 + any(30)));
	if (any(4) == 0)
		add_attr(0xc0, BGP_ATTR_OTC, 4);
}

/* ----------------------------------------------------------------- expected */

static void
print_number(uint8_t code)
{
	const struct bgp_attr *attr = bgp_attr_find(attrs, attr_count, code);
	char text[32] = "-";

	if (attr != NULL)
		bgp_attr_text(attr, text, sizeof text);
	printf(" %s", text);
}

static void
print_communities(void)
{
	const struct bgp_attr *attr = bgp_attr_find(attrs, attr_count,
						    BGP_ATTR_COMMUNITIES);

	for (size_t i = 0; attr != NULL && i < attr->len; i += 4)
		printf(" %u:%u", attr->value[i] << 8 | attr->value[i + 1],
		       attr->value[i + 2] << 8 | attr->value[i + 3]);
}

static void
print_expected(size_t taken, bool unreach)
{
	char text[BGP_PREFIX_TEXT_MAX];

	printf("update");
	for (size_t i = 0; i < taken; i++) {
		struct bgp_prefix prefix;

		if (bgp_nlri_prefix(&nlri[i], &prefix) != BGP_OK)
			continue;
		bgp_prefix_text(&prefix, text, sizeof text);
		printf(" %s", text);
	}
	printf(" |");
	if (!unreach) {
		print_number(BGP_ATTR_MED);
		print_number(BGP_ATTR_LOCAL_PREF);
		print_communities();
	}
	printf("\n");
}

/* ----------------------------------------------------------------- messages */

static const struct generated {
	bgp_family family;
	uint8_t next_hop_len;
} families[] = {
	{ BGP_IPV4_UNICAST, 4 },    { BGP_IPV4_UNICAST, 4 },
	{ BGP_IPV4_UNICAST, 16 },   { BGP_IPV6_UNICAST, 16 },
	{ BGP_IPV6_UNICAST, 32 },   { BGP_FAMILY(1, 2), 4 },
	{ BGP_FAMILY(2, 2), 16 },   { BGP_FAMILY(1, 4), 4 },
	{ BGP_FAMILY(2, 4), 16 },   { BGP_FAMILY(1, 128), 12 },
	{ BGP_FAMILY(2, 128), 24 }, { BGP_FAMILY(1, 132), 4 },
	{ BGP_FAMILY(1, 133), 0 },  { BGP_FAMILY(25, 70), 4 },
};

static void
make_update(void)
{
	static const struct bgp_codec codec = {
		.as4 = true, .message_out_max = BGP_MESSAGE_MAX
	};
	const struct generated
	    *g = &families[any(sizeof families / sizeof families[0])];
	uint8_t next_hop[32], msg[BGP_MESSAGE_MAX];
	struct bgp_update_parts parts = { .family = g->family,
					  .unreach = any(5) == 0,
					  .next_hop = { next_hop,
							g->next_hop_len },
					  .attrs = attrs,
					  .nlri = nlri,
					  .nlri_count = 1 + any(20) };
	size_t taken;
	int len;

	for (size_t i = 0; i < parts.nlri_count; i++)
		make_nlri(g->family, &nlri[i], bodies[i]);
	make_attrs();
	parts.attr_count = attr_count;
	fill(next_hop, sizeof next_hop);
	if (g->next_hop_len == 32)
		memcpy(next_hop + 16, "\376\200\0\0\0\0\0\0", 8);
	if (g->next_hop_len == 12 || g->next_hop_len == 24)
		memset(next_hop, 0, 8);
	len = bgp_update_encode(&codec, &parts, msg, sizeof msg, &taken);
	if (len < 0)
		exit(1);
	put_packet(msg, (size_t)len);
	print_expected(taken, parts.unreach);
}

static void
make_open(void)
{
	static const uint8_t mp[] = { 0, 1, 0, 1 },
			     as4[] = { 0, 1, 0x11, 0x70 },
			     restart[] = { 0x80, 120, 0, 1, 1, 0x80 },
			     paths[] = { 0, 1, 1, 3 };
	static const struct bgp_capability caps[] = {
		{ BGP_CAP_MP, 4, mp },
		{ BGP_CAP_REFRESH, 0, NULL },
		{ BGP_CAP_AS4, 4, as4 },
		{ BGP_CAP_GRACEFUL_RESTART, 6, restart },
		{ BGP_CAP_ADD_PATH, 4, paths },
		{ BGP_CAP_ENHANCED_REFRESH, 0, NULL },
		{ BGP_CAP_EXT_MESSAGE, 0, NULL },
	};
	struct bgp_open open = { .version = 4,
				 .as = 70000,
				 .hold_time_s = (uint16_t)(3 + any(1000)),
				 .router_id = 1 + any(UINT32_MAX - 1),
				 .capability_count = (uint8_t)any(8) };
	uint8_t msg[BGP_MESSAGE_MAX];

	memcpy(open.capabilities, caps, open.capability_count * sizeof caps[0]);
	put_packet(msg, (size_t)bgp_open_encode(&open, msg, sizeof msg));
	printf("open %u %u\n", open.hold_time_s, open.capability_count);
}

static void
make_small(void)
{
	struct bgp_notification n = { 6, (uint8_t)(1 + any(8)), 0, NULL };
	struct bgp_refresh refresh = { BGP_IPV6_UNICAST,
				       (uint8_t)any(3),
				       { NULL, 0 } };
	uint8_t msg[64];

	switch (any(3)) {
	case 0:
		put_packet(
		    msg,
		    (size_t)bgp_notification_encode(&n, 0, msg, sizeof msg));
		break;
	case 1:
		put_packet(
		    msg, (size_t)bgp_refresh_encode(&refresh, msg, sizeof msg));
		break;
	default:
		put_packet(msg, (size_t)bgp_keepalive_encode(msg, sizeof msg));
	}
	printf("other\n");
}

int
main(int argc, char **argv)
{
	unsigned long count;

	if (argc != 4) {
		fprintf(stderr, "usage: generate PCAP COUNT SEED\n");
		return 2;
	}
	begin_pcap(argv[1]);
	count = strtoul(argv[2], NULL, 10);
	state = strtoul(argv[3], NULL, 10) * 2 + 88172645463325253u;
	while (count-- > 0) {
		if (any(20) == 0)
			make_open();
		else if (any(20) == 0)
			make_small();
		else
			make_update();
	}
	return fclose(pcap) != 0;
}
