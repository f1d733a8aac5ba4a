/*
 * rib.c - the RIB and the reflector without a session.
 *
 *     rib [--as N] [--mrt FILE]… [--hex FILE]… [--client ADDR]
 *
 * Reads what peers sent, prints the best routes with the step that decided, and
 * the UPDATEs that a further reflection client would be sent.
 */
#include <stdio.h>

#include "bgp/bgp.h"
#include "host/option.h"
#include "stream.h"

static struct settings {
	struct stream_files files;
	struct bgp_addr client;
} s = { { .as = 64512 }, { 4, { 192, 0, 2, 254 }, 0 } };

#define AT(field, flags) offsetof(struct settings, field), flags

static const struct option_row rows[] = {
	{ "as", "N", "our AS (64512)", option_as, AT(files.as, 0) },
	{ "mrt", "FILE", "what peers sent (none)", stream_option_mrt,
	  AT(files, OPTION_AGAIN) },
	{ "hex", "FILE", "what one peer sent (none)", stream_option_hex,
	  AT(files, OPTION_AGAIN) },
	{ "client", "A", "sent to (192.0.2.254)", option_addr, AT(client, 0) },
	{ .name = NULL },
};

static struct bgp_rib *rib;

/* The RIB's peer of this address, made if need be; iBGP peers are clients. */
static struct bgp_rib_peer *
peer_of(const struct bgp_addr *address, uint32_t as, uint32_t router_id)
{
	struct bgp_rib_peer_options o = BGP_RIB_PEER_OPTIONS_INIT;
	struct bgp_rib_peer *p = NULL;

	while ((p = bgp_rib_peer_next(rib, p)) != NULL)
		if (bgp_addr_compare(bgp_rib_peer_address(p), address) == 0)
			return p;
	o.address = *address;
	o.router_id = router_id;
	o.kind = as == s.files.as ? BGP_KIND_CLIENT : BGP_KIND_EBGP;
	o.import_policy = bgp_policy_accept;
	return bgp_rib_peer_add(rib, &o, &p) == BGP_OK ? p : NULL;
}

static void
take(const struct stream_item *i)
{
	struct bgp_rib_peer *p = peer_of(&i->peer, i->as, i->router_id);

	if (p == NULL ||
	    bgp_rib_update(p, &i->codec, &i->update, &i->fault, 0) != BGP_OK)
		option_complain("%s: a route was not kept", i->file);
}

static void
print_best(bgp_family family)
{
	char nlri[BGP_PREFIX_TEXT_MAX], from[BGP_ADDR_TEXT_MAX];
	struct bgp_cursor cursor;
	struct bgp_route route;

	if (bgp_cursor_init(&cursor, rib, BGP_VIEW_LOC_RIB, family, NULL) != 0)
		return;
	for (int more; (more = bgp_cursor_next(&cursor, &route)) != 0;) {
		if (more == BGP_CURSOR_PAUSE)
			continue;
		bgp_nlri_text(&route.nlri, nlri, sizeof nlri);
		bgp_addr_text(bgp_rib_peer_address(route.peer), from,
			      sizeof from);
		printf("best %s from %s: %s\n", nlri, from,
		       bgp_step_text(route.step));
	}
}

static int
print_sent(struct bgp_reflect *reflect)
{
	struct bgp_reflect_peer_options o = BGP_REFLECT_PEER_OPTIONS_INIT;
	struct bgp_rib_peer *to = peer_of(&s.client, s.files.as, 0);
	struct bgp_span span;

	if (to == NULL ||
	    bgp_reflect_join(reflect, to, &stream_codec, &o) != BGP_OK)
		return option_complain("out of memory");
	do {
		bgp_reflect_tick(reflect);
		while (bgp_reflect_lend(to, &span, 1) == 1)
			bgp_reflect_taken(to, stream_print(span));
	} while (bgp_reflect_busy(reflect));
	return 0;
}

int
main(int argc, char **argv)
{
	struct bgp_rib_options o = BGP_RIB_OPTIONS_INIT;
	struct bgp_reflect_options out = BGP_REFLECT_OPTIONS_INIT;
	struct bgp_reflect *reflect;
	int err = option_args(rows, &s, "rib [OPTION]...", argc, argv);

	o.local_as = s.files.as, o.router_id = 0x7f000003;
	if (err != 0 || bgp_rib_new(&rib, &o, NULL) != BGP_OK ||
	    bgp_reflect_new(&reflect, rib, &out, NULL) != BGP_OK)
		return 2;
	err = stream_read(&s.files, take);
	while (bgp_rib_busy(rib))
		bgp_rib_tick(rib, 0);
	print_best(BGP_IPV4_UNICAST);
	print_best(BGP_IPV6_UNICAST);
	err = err == 0 ? print_sent(reflect) : err;
	bgp_reflect_del(reflect);
	bgp_rib_del(rib);
	return err;
}
