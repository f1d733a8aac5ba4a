/*
 * plan.c - which node peers with which: resources in, sessions out.
 *
 *   $ plan --text --node kube-master cluster.yaml
 *   $ plan --check cluster.yaml && kubectl apply -f cluster.yaml
 *   $ plan --dot cluster.yaml | dot -Tsvg > cluster.svg
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "cluster.h"
#include "plan_print.h"

static const char usage[] =
    "usage: plan [OPTION]… FILE…\n"
    "Reads cluster resources (YAML: Node, BGPPeer, BGPConfiguration; - is "
    "standard\n"
    "input) and prints the BGP sessions that follow from them.\n"
    "\n"
    "  --node NAME   of this node (default: of every node)\n"
    "  --family 4|6  of this family (default: of both)\n"
    "  --json        one JSON object per session and line (default)\n"
    "  --text        tables such as node status prints\n"
    "  --dot         the peerings as a Graphviz graph: an arrow from a "
    "reflector to\n"
    "                its client, gray the mesh, red what one side alone "
    "declares\n"
    "  --check       verify the whole instead: one line per finding, exit "
    "status 1\n"
    "                if any; lines that begin with \"note:\" do not count\n"
    "  --quiet       no warnings about what is skipped\n"
    "  --help        this text\n"
    "Exit status 2: a wrong option or file, one line says which and where.\n";

enum mode { JSON, TEXT, DOT };

static struct cluster cluster;
static struct buffer out;
static const char *only_node;
static int only_family;
static enum mode mode;
static bool check;

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "plan: %s%s%s\n", what, why[0] != '\0' ? ": " : "",
		why);
	exit(2);
}

static void
warn(void *ctx, const char *file, uint32_t line, uint32_t column,
     const char *text)
{
	(void)ctx;
	fprintf(stderr, "%s:%u:%u: %s\n", file, line, column, text);
}

/* ------------------------------------------------------------------ options */

static void
set_family(const char *text)
{
	if (text == NULL || (strcmp(text, "4") != 0 && strcmp(text, "6") != 0))
		fail("--family", "expected 4 or 6");
	only_family = text[0] - '0';
}

static bool
is_mode(const char *arg)
{
	static const char *const modes[] = { "--json", "--text", "--dot" };

	for (int i = 0; i < 3; i++)
		if (strcmp(arg, modes[i]) == 0) {
			mode = (enum mode)i;
			return true;
		}
	return false;
}

/* Takes one option; answers the words it has, 0: a file. */
static int
take_option(const char *arg, const char *value)
{
	if (arg[0] != '-' || arg[1] == '\0')
		return 0;
	if (is_mode(arg))
		return 1;
	if (strcmp(arg, "--check") == 0) {
		check = true;
		return 1;
	}
	if (strcmp(arg, "--quiet") == 0) {
		cluster.warn = NULL;
		return 1;
	}
	if (strcmp(arg, "--family") == 0) {
		set_family(value);
		return 2;
	}
	if (strcmp(arg, "--node") == 0) {
		if (value == NULL)
			fail("--node", "expected a name");
		only_node = value;
		return 2;
	}
	if (strcmp(arg, "--help") == 0) {
		fputs(usage, stdout);
		exit(0);
	}
	fail(arg, "unknown option, see --help");
	return 0;
}

/* ------------------------------------------------------------------ actions */

static const struct {
	int number;
	bgp_family family;
} families[] = { { 4, BGP_IPV4_UNICAST }, { 6, BGP_IPV6_UNICAST } };

static void
print_node(struct bgp_plan *plan, const char *node, int f)
{
	struct bgp_plan_sessions *sessions;
	int err = bgp_plan_sessions_new(plan, node, families[f].family,
					&sessions);

	if (err != BGP_OK)
		fail(node, bgp_err_text(err));
	if (mode == JSON)
		plan_print_json(&out, sessions);
	else if (mode == TEXT)
		plan_print_text(&out, node, families[f].number, sessions);
	else
		plan_add_dot(sessions, only_node);
	bgp_plan_sessions_del(sessions);
	if (out.len > 1 << 16)
		buffer_flush(&out, stdout);
}

/* A graph shows both sides of a node's peerings. */
static bool
is_wanted(const char *node)
{
	return mode == DOT || only_node == NULL || strcmp(only_node, node) == 0;
}

static void
print_sessions(struct bgp_plan *plan)
{
	const char *node;

	for (size_t i = 0; (node = bgp_plan_node_at(plan, i)) != NULL; i++)
		for (int f = 0; f < 2; f++)
			if ((only_family == 0 ||
			     only_family == families[f].number) &&
			    is_wanted(node))
				print_node(plan, node, f);
	if (mode == DOT)
		plan_print_dot(&out, plan, only_node);
}

/* Answers the findings that count. */
static uint64_t
check_family(struct bgp_plan *plan, int f)
{
	const struct bgp_finding *finding;
	struct bgp_audit_summary sum;
	struct bgp_audit *audit;
	uint64_t count = 0;
	int err = bgp_audit_new(plan, families[f].family, &audit);

	if (err != BGP_OK)
		fail("--check", bgp_err_text(err));
	for (size_t i = 0; (finding = bgp_audit_at(audit, i)) != NULL; i++) {
		bool note = finding->kind == BGP_FINDING_OUTSIDE;

		count += !note;
		if (note)
			buffer_str(&out, "note: ");
		buffer_str(&out, f == 0 ? "IPv4: " : "IPv6: ");
		BUFFER_TEXT(&out, bgp_finding_text, finding);
		buffer_char(&out, '\n');
	}
	bgp_audit_summary(audit, &sum);
	plan_print_summary(&out, families[f].number, &sum);
	bgp_audit_del(audit);
	return count;
}

/* What Calico logs and lives with. */
static uint64_t
print_notices(const struct bgp_plan *plan)
{
	struct bgp_plan_fault notice;
	size_t i;

	for (i = 0; bgp_plan_notice(plan, i, &notice); i++) {
		struct cluster_place place = cluster_place(&cluster, &notice);
		FILE *to = check ? stdout : stderr;

		fprintf(to, "%s:%u: %s %s: %s: ", place.file, place.line,
			notice.kind, notice.name, notice.field);
		if (notice.column > 0)
			fprintf(to, "column %zu: ", notice.column);
		fprintf(to, "%s\n", notice.reason);
	}
	return i;
}

static int
run(struct bgp_plan *plan)
{
	uint64_t findings = print_notices(plan);

	if (!check) {
		print_sessions(plan);
		return 0;
	}
	for (int f = 0; f < 2; f++)
		if (only_family == 0 || only_family == families[f].number)
			findings += check_family(plan, f);
	return findings > 0;
}

int
main(int argc, char **argv)
{
	struct bgp_plan *plan;
	int files = 0, status;

	cluster.warn = warn;
	for (int i = 1, words; i < argc; i += words) {
		words = take_option(argv[i], argv[i + 1]);
		if (words == 0) {
			argv[files++] = argv[i];
			words = 1;
		}
	}
	if (files == 0)
		fail("no FILE given", "see --help");
	for (int i = 0; i < files; i++)
		if (!cluster_read(&cluster, argv[i]))
			fail(cluster.error, "");
	if (!cluster_plan(&cluster, &plan))
		fail(cluster.error, "");
	if (only_node != NULL && !plan_has_node(plan, only_node))
		fail(only_node, "there is no such node");
	if (check && only_node != NULL && cluster.warn != NULL)
		fprintf(stderr,
			"plan: --check looks at all nodes, not at "
			"--node alone\n");
	status = run(plan);
	buffer_flush(&out, stdout);
	if (fflush(stdout) != 0 || ferror(stdout))
		fail("standard output", strerror(errno));
	bgp_plan_del(plan);
	cluster_clear(&cluster);
	free(out.text);
	return status;
}
