/*
 * fuzz_yaml.c - any text as a cluster's resources: it is read, or refused with
 * its place; what is read is planned and audited.
 */
#include "check.h"

#include "examples/cluster.h"
#include "examples/yaml.h"

/* Depth and place of every node; text or children, as its kind says. */
static void
walk(const struct yaml_node *n, int depth)
{
	CHECK(depth <= 2 * YAML_DEPTH_MAX);
	CHECK(n->line > 0 && n->column > 0);
	CHECK((n->kind == YAML_SCALAR) == (n->text != NULL));
	for (const struct yaml_node *c = n->first; c != NULL; c = c->next) {
		CHECK((n->kind == YAML_MAPPING) == (c->key != NULL));
		walk(c, depth + 1);
	}
}

static void
read_documents(const uint8_t *octets, size_t len)
{
	const struct yaml_node *doc;
	struct yaml y;

	yaml_open(&y, (const char *)octets, len, NULL);
	while ((doc = yaml_next(&y)) != NULL)
		walk(doc, 0);
	CHECK((y.err == BGP_OK) == (y.reason == NULL));
	CHECK(y.err == BGP_OK || (y.error_line > 0 && y.error_column > 0));
	yaml_close(&y);
}

static void
plan_all(struct bgp_plan *plan)
{
	struct bgp_plan_sessions *sessions;
	struct bgp_audit *audit;
	const char *node;

	for (size_t i = 0; (node = bgp_plan_node_at(plan, i)) != NULL; i++) {
		CHECK(bgp_plan_sessions_new(plan, node, BGP_IPV4_UNICAST,
					    &sessions) == BGP_OK);
		bgp_plan_sessions_del(sessions);
	}
	CHECK(bgp_audit_new(plan, BGP_IPV4_UNICAST, &audit) == BGP_OK);
	bgp_audit_del(audit);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct cluster cluster = { .warn = NULL };
	struct bgp_plan *plan;

	read_documents(octets, len);
	if (cluster_read_text(&cluster, "fuzz", (const char *)octets, len) &&
	    cluster_plan(&cluster, &plan)) {
		plan_all(plan);
		bgp_plan_del(plan);
	} else {
		CHECK(cluster.error[0] != '\0');
	}
	cluster_clear(&cluster);
	return 0;
}
