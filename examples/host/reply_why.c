/*
 * reply_why.c - why a route is no candidate, or is not sent to a neighbour.
 *
 * Asked of the library in the order in which it decides itself; where nothing
 * here says no, it was a policy of the host's, or is still to be done.
 */
#include "reply.h"

static bool
accepts(const struct neighbor *n)
{
	return n->config->accept;
}

const char *
reply_why_filtered(const struct bgp_route *route)
{
	const struct bgp_peer *peer = bgp_peer_of(route->peer);
	struct bgp_peer_info info;

	switch (route->loop) {
	case BGP_LOOP_ORIGINATOR:
		return "its ORIGINATOR_ID is our router id";
	case BGP_LOOP_CLUSTER:
		return "our cluster id is in its CLUSTER_LIST";
	case BGP_LOOP_AS:
		return "our AS is in its AS_PATH";
	default:
		break;
	}
	if (peer == NULL)
		return "it is not eligible";
	bgp_peer_info(peer, &info);
	if (info.kind == BGP_KIND_EBGP && !accepts(bgp_peer_user(peer)))
		return "another AS without policy=accept, RFC 8212";
	return "its next hop cannot be used, or memory was short";
}

static bool
has_family(const struct bgp_peer_info *info, bgp_family family)
{
	for (uint32_t i = 0; i < info->family_count; i++)
		if (info->families[i].family == family)
			return true;
	return false;
}

/* Well-known communities keep a route from where it may not go.    RFC 1997 */
static const char *
why_community(const struct bgp_route *route, const struct bgp_peer_info *to)
{
	struct bgp_attr a;

	if (!bgp_attrs_get(route->attrs, BGP_ATTR_COMMUNITIES, &a))
		return NULL;
	for (size_t i = 0; i + 4 <= a.len; i += 4) {
		const uint8_t *p = a.value + i;

		if (p[0] != 0xff || p[1] != 0xff || p[2] != 0xff)
			continue;
		if (p[3] == 0x02)
			return "it has the community no-advertise";
		if (to->kind == BGP_KIND_EBGP && (p[3] == 1 || p[3] == 3))
			return "it has the community no-export";
	}
	return NULL;
}

static bool
is_sent(const struct reply *reply, const struct bgp_route *route,
	const struct bgp_peer *to)
{
	struct bgp_cursor cursor;
	struct bgp_route out;

	return bgp_cursor_init(&cursor,
			       bgp_speaker_rib(reply->source->host->speaker),
			       BGP_VIEW_ADJ_OUT, route->nlri.family,
			       bgp_peer_rib(to)) == BGP_OK &&
	    bgp_cursor_find(&cursor, &route->nlri) == BGP_OK &&
	    bgp_cursor_next(&cursor, &out) == 1;
}

const char *
reply_why_kept(struct reply *reply, const struct bgp_route *route)
{
	const struct neighbor *n = speaker_host_slot(reply->source->host,
						     reply->slot);
	const struct bgp_peer *peer = bgp_peer_of(route->peer);
	struct bgp_peer_info to, from = { .kind = BGP_KIND_LOCAL };

	if (is_sent(reply, route, n->peer))
		return NULL;
	bgp_peer_info(n->peer, &to);
	if (peer != NULL)
		bgp_peer_info(peer, &from);
	if (to.session.state != BGP_ESTABLISHED)
		return "the session is not up";
	if (!has_family(&to, route->nlri.family))
		return "its family was not agreed on";
	if (peer == n->peer)
		return "it is from there";
	if (!bgp_reflect_allowed(from.kind, to.kind, true))
		return "neither of the two is a client, RFC 4456 6";
	if (why_community(route, &to) != NULL)
		return why_community(route, &to);
	if (to.kind == BGP_KIND_EBGP && !n->config->accept)
		return "another AS without policy=accept, RFC 8212";
	return "there is no next hop for it, it is too long, or it is about to "
	       "be sent";
}
