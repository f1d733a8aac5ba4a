/*
 * local.c - doors: routes of the host's own, by the attributes as the host has
 * them.
 */
#include "libbgp/speaker/inside.h"

static int
announce(struct bgp_speaker *speaker, const struct bgp_nlri *nlri,
	 const struct bgp_addr *next_hop, const struct bgp_attr *attrs,
	 size_t attr_count)
{
	const struct bgp_attrs *set;
	int err = bgp_attrs_new(speaker->rib, nlri->family, next_hop, attrs,
				attr_count, &set);

	if (err != BGP_OK)
		return err == BGP_ERR_SPACE ? BGP_ERR_INVALID : err;
	err = bgp_rib_announce(bgp_rib_local(speaker->rib), nlri, set);
	bgp_attrs_unref(speaker->rib, set);
	return err;
}

int
bgp_speaker_announce(struct bgp_speaker *speaker, const struct bgp_nlri *nlri,
		     const struct bgp_addr *next_hop,
		     const struct bgp_attr *attrs, size_t attr_count)
{
	int err;

	if (bgp__speaker_in_callback(speaker))
		return BGP_ERR_STATE;
	bgp__guard_begin(&speaker->guard);
	err = announce(speaker, nlri, next_hop, attrs, attr_count);
	bgp__guard_end(&speaker->guard);
	return err;
}

int
bgp_speaker_withdraw(struct bgp_speaker *speaker, const struct bgp_nlri *nlri)
{
	int err;

	if (bgp__speaker_in_callback(speaker))
		return BGP_ERR_STATE;
	bgp__guard_begin(&speaker->guard);
	err = bgp_rib_withdraw(bgp_rib_local(speaker->rib), nlri);
	bgp__guard_end(&speaker->guard);
	return err;
}
