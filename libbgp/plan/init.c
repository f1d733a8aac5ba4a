/*
 * init.c - what a plan is made of, as its initialisers have it.
 *
 * The initialisers of the header as functions, of whichever size the host has.
 */
#include "bgp/plan.h"
#include "libbgp/base/sized.h"

void
bgp_plan_node_init(struct bgp_plan_node *out, size_t size)
{
	static const struct bgp_plan_node init = BGP_PLAN_NODE_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_plan_peer_init(struct bgp_plan_peer *out, size_t size)
{
	static const struct bgp_plan_peer init = BGP_PLAN_PEER_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_plan_config_init(struct bgp_plan_config *out, size_t size)
{
	static const struct bgp_plan_config init = BGP_PLAN_CONFIG_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}

void
bgp_plan_input_init(struct bgp_plan_input *out, size_t size)
{
	static const struct bgp_plan_input init = BGP_PLAN_INPUT_INIT;

	bgp__sized_init(out, size, &init, sizeof init);
}
