/*
 * test_cluster.c - the i-th allocation of the programs' reader fails.
 *
 * Files, YAML and resources take their memory from the C library: the linker
 * sends calloc and realloc through here.  Each read ends whole or with an error
 * that says so, and gives back what it had.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"

#include "examples/cluster.h"

void *__real_calloc(size_t count, size_t len);
void *__real_realloc(void *ptr, size_t len);
void *__wrap_calloc(size_t count, size_t len);
void *__wrap_realloc(void *ptr, size_t len);

static size_t left = SIZE_MAX; /* requests granted before one fails */
static bool refused;

static bool
refuses(void)
{
	if (left == SIZE_MAX || left-- > 0)
		return false;
	left = SIZE_MAX;
	refused = true;
	return true;
}

void *
__wrap_calloc(size_t count, size_t len)
{
	return refuses() ? NULL : __real_calloc(count, len);
}

void *
__wrap_realloc(void *ptr, size_t len)
{
	return len > 0 && refuses() ? NULL : __real_realloc(ptr, len);
}

/* Every kind of value, and enough nodes for an array to grow. */
static const char text[] =
    "kind: BGPPeer\n"
    "metadata: {name: p}\n"
    "spec:\n"
    "  nodeSelector: has(a)\n"
    "  peerSelector: 'has('\n"
    "  password: {secretKeyRef: {name: s, key: k}}\n"
    "  filters: [f, g]\n"
    "---\n"
    "kind: BGPConfiguration\n"
    "metadata: {name: default}\n"
    "spec: {asNumber: 64513, nodeMeshPassword: {secretKeyRef: "
    "{name: m, key: k}}}\n";

static char *
whole(void)
{
	char *all = malloc(8192);
	size_t len;

	assert_non_null(all);
	len = (size_t)sprintf(all, "%s", text);
	for (int i = 0; i < 20; i++)
		len += (size_t)sprintf(
		    all + len,
		    "---\nkind: Node\n"
		    "metadata: {name: n%d, labels: {a: '', b: x}}\n"
		    "spec: {bgp: {ipv4Address: 10.0.0.%d/24}}\n",
		    i, i + 1);
	return all;
}

/* true: nothing was refused. */
static bool
try(size_t granted, const char *from, const char *file)
{
	struct cluster c = { .warn = NULL };
	struct bgp_plan *plan = NULL;
	bool ok;

	left = granted;
	refused = false;
	ok = from != NULL ? cluster_read_text(&c, "f", from, strlen(from))
			  : cluster_read(&c, file);
	ok = ok && cluster_plan(&c, &plan);
	left = SIZE_MAX;
	/* A selector's block that is not made smaller is no loss. */
	assert_true(ok || refused);
	if (!ok && strstr(c.error, "out of memory") == NULL &&
	    strstr(c.error, "Cannot allocate memory") == NULL)
		fail_msg("%zu: %s", granted, c.error);
	bgp_plan_del(plan);
	cluster_clear(&c);
	return !refused;
}

static void
test_text(void **state)
{
	char *all = whole();
	size_t i = 0;

	(void)state;
	while (!try(i, all, NULL))
		i++;
	assert_true(i > 100);
	free(all);
}

static void
test_file(void **state)
{
	size_t i = 0;

	(void)state;
	while (!try(i, NULL, PLAN_DATA "/nodes.yaml"))
		i++;
	assert_true(i > 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
