/*
 * configure.c - other options for a peer that may be in the middle of things.
 *
 * Harmless changes take effect in place: an import policy judges the stored
 * routes again, an export policy moves the peer to another update group.  Only
 * what the peer has to agree with in OPEN resets the session.
 */
#include "libbgp/base/mutate.h"
#include "libbgp/base/sized.h"
#include "libbgp/speaker/inside.h"

#define CEASE        6
#define OTHER_CHANGE 6 /* RFC 4486: Other Configuration Change */

static bool
same_families(const struct bgp_peer_options *a,
	      const struct bgp_peer_options *b)
{
	if (a->family_count != b->family_count)
		return false;
	for (unsigned i = 0; i < a->family_count; i++) {
		const struct bgp_family_offer *f = &a->families[i];
		const struct bgp_family_offer *g = &b->families[i];

		if (f->family != g->family ||
		    f->add_path_receive != g->add_path_receive ||
		    f->ext_next_hop != g->ext_next_hop)
			return false;
	}
	return true;
}

/* Does the peer have to agree again? */
static bool
needs_reset(const struct bgp_peer_options *a, const struct bgp_peer_options *b)
{
	return a->peer_as != b->peer_as || a->local_as != b->local_as ||
	    a->client != b->client || a->hold_time_s != b->hold_time_s ||
	    a->ext_message != b->ext_message ||
	    a->no_refresh != b->no_refresh ||
	    a->no_next_hop_check != b->no_next_hop_check ||
	    !same_families(a, b);
}

static bool
same_export(const struct bgp_peer_options *a, const struct bgp_peer_options *b)
{
	return a->export_policy == b->export_policy &&
	    a->export_ctx == b->export_ctx && a->next_hop == b->next_hop &&
	    a->local_as_replace == b->local_as_replace &&
	    bgp_addr_compare(&a->own_ipv4, &b->own_ipv4) == 0 &&
	    bgp_addr_compare(&a->own_ipv6, &b->own_ipv6) == 0;
}

static int
reset(struct bgp_peer *peer, uint64_t now_ms)
{
	struct bgp_notification why = { .code = CEASE,
					.subcode = OTHER_CHANGE };

	return bgp_session_reset(peer->session, &why, now_ms) == BGP_OK;
}

/* Everything that may be refused, before anything is changed. */
static int
prepare(struct bgp_peer *peer, const struct bgp_peer_options *options)
{
	struct bgp_peer_options old = peer->options;
	struct bgp_session_options session;
	int err = bgp__peer_check(peer->speaker, options);

	if (err == BGP_OK &&
	    bgp_addr_compare(&old.address, &options->address) != 0)
		err = BGP_ERR_INVALID;
	if (err == BGP_OK)
		err = bgp__peer_keep_families(peer->speaker, options);
	if (err != BGP_OK)
		return err;
	peer->options = *options;
	session = bgp__peer_session_options(peer);
	peer->options = old;
	return bgp__session_adjust(peer->session, &session);
}

/* To other groups; what the peer holds from the old ones is sent anew. */
static int
change_sent(struct bgp_peer *peer)
{
	struct bgp_reflect_peer_options o = bgp__peer_reflect_options(peer);

	return bgp_session_codec(peer->session) != NULL
	    ? bgp_reflect_configure(peer->rib, &o)
	    : BGP_OK;
}

/* 1: the session was reset. */
static int
take_effect(struct bgp_peer *peer, const struct bgp_peer_options *old,
	    uint64_t now_ms)
{
	struct bgp_rib_peer_options rib = bgp__peer_rib_options(peer);

	(void)bgp_rib_peer_configure(peer->rib, &rib);
	if (needs_reset(old, &peer->options))
		return reset(peer, now_ms);
	if (!same_export(old, &peer->options) && !BGP__MUTATED(REGROUP) &&
	    change_sent(peer) != BGP_OK)
		return reset(peer, now_ms);
	return 0;
}

int
bgp_peer_configure(struct bgp_peer *peer, const struct bgp_peer_options *given,
		   uint64_t now_ms)
{
	struct bgp_peer_options old = peer->options;
	struct bgp_peer_options options = BGP_PEER_OPTIONS_INIT;
	int err;

	if (bgp__peer_refuses(peer))
		return BGP_ERR_STATE;
	err = bgp__sized_take(&options, sizeof options, given);
	if (err == BGP_OK)
		err = prepare(peer, &options);
	if (err != BGP_OK)
		return err;
	bgp__guard_begin(&peer->speaker->guard);
	bgp__speaker_set_now(peer->speaker, now_ms);
	bgp__peer_set_options(peer, &options);
	err = take_effect(peer, &old, now_ms);
	bgp__guard_end(&peer->speaker->guard);
	return err;
}
