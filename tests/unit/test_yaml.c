/*
 * test_yaml.c - every construct of the YAML subset, every error with its place,
 * resources as users write them, memory that fails, and the pace.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "chance.h"

#include "examples/cluster.h"
#include "examples/yaml.h"

/* --------------------------------------------------------------- constructs */

/* A document as one line: {k: v}, [a], "quoted", ~. */
static char *
show(const struct yaml_node *n, char *out)
{
	const char *separator = "";

	if (n->kind == YAML_NULL)
		return out + sprintf(out, "~");
	if (n->kind == YAML_SCALAR)
		return out + sprintf(out, n->quoted ? "\"%s\"" : "%s", n->text);
	out += sprintf(out, n->kind == YAML_MAPPING ? "{" : "[");
	for (const struct yaml_node *c = n->first; c != NULL; c = c->next) {
		out += sprintf(out, "%s", separator);
		if (c->key != NULL)
			out += sprintf(out, "%s: ", c->key);
		out = show(c, out);
		separator = ", ";
	}
	return out + sprintf(out, n->kind == YAML_MAPPING ? "}" : "]");
}

static void
test_constructs(void **state)
{
	static const struct {
		const char *text, *shown; /* documents with a blank between */
	} cases[] = {
		{ "", "" },
		{ "\n\n# nothing\n", "" },
		{ "---\n---\n...\n", "" },
		{ "a: b", "{a: b}" },
		{ "a: b\n", "{a: b}" },
		{ "a: b\r\nc: d\r\n", "{a: b, c: d}" },
		{ "\xef\xbb\xbf"
		  "a: b",
		  "{a: b}" },
		{ "a:\n", "{a: ~}" },
		{ "a: ~\nb: null\nc:\nd: ''", "{a: ~, b: ~, c: ~, d: \"\"}" },
		{ "a: b # c\n# d\n\n  # e\nf: g#h", "{a: b, f: g#h}" },
		{ "a: x:y\nb: http://x/y", "{a: x:y, b: http://x/y}" },
		{ "a: b c  \nd : e", "{a: b c, d: e}" },
		{ "a:\n  b:\n    c: d\n  e: f", "{a: {b: {c: d}, e: f}}" },
		{ "a:\n- b\n- c\nd: e", "{a: [b, c], d: e}" },
		{ "a:\n  - b\n  - c", "{a: [b, c]}" },
		{ "- a\n-\n- b", "[a, ~, b]" },
		{ "-\n  a: b\n- c: d\n  e: f\n-   g: h\n    i: j",
		  "[{a: b}, {c: d, e: f}, {g: h, i: j}]" },
		{ "- - a\n  - b\n- c", "[[a, b], c]" },
		{ "- a:\n  - b\n  c: d", "[{a: [b], c: d}]" },
		{ "a: 'b: # c'\nd: 'it''s'", "{a: \"b: # c\", d: \"it's\"}" },
		{ "a: \"b\\\"\\\\\\n\\t/\" # c", "{a: \"b\"\\\n\t/\"}" },
		{ "'a b': c\n\"d\": e", "{a b: c, d: e}" },
		{ "\"a\\\"b\" : c\n\"d\\\\\" : e", "{a\"b: c, d\\: e}" },
		{ "a: [b, 'c', \"d\"]", "{a: [b, \"c\", \"d\"]}" },
		{ "a: []\nb: {}\nc: [ ]\nd: [x,]",
		  "{a: [], b: {}, c: [], d: [x]}" },
		{ "{a: b, c: {d: [e, f]}, g: , h: }",
		  "{a: b, c: {d: [e, f]}, g: ~, h: ~}" },
		{ "- {a: b}\n- [c]", "[{a: b}, [c]]" },
		{ "a", "a" },
		{ "a: -1\nb: ?x\n-c: d", "{a: -1, b: ?x, -c: d}" },
		{ "a: 1\n---\nb: 2\n--- # c\nc: 3\n...\n---\nd: 4",
		  "{a: 1} {b: 2} {c: 3} {d: 4}" },
		{ "--- a\n--- {b: c}\n", "a {b: c}" },
		{ "kubectl apply -f - <<EOF\na: b\nEOF\n"
		  "cat << 'END_OF' | x\nc: d\nEND_OF\ne: f",
		  "{a: b} {c: d} {e: f}" },
		{ "cat <<EOF\na: b\n---\nc: d\nEOF\n", "{a: b} {c: d}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct yaml_node *doc;
		char got[512] = "", *at = got;
		struct yaml y;

		yaml_open(&y, cases[i].text, strlen(cases[i].text), NULL);
		while ((doc = yaml_next(&y)) != NULL) {
			if (at > got)
				*at++ = ' ';
			at = show(doc, at);
		}
		if (y.err != BGP_OK)
			fail_msg("%s\n%u:%u: %s", cases[i].text, y.error_line,
				 y.error_column, y.reason);
		if (strcmp(got, cases[i].shown) != 0)
			fail_msg("%s\nwant %s\ngot  %s", cases[i].text,
				 cases[i].shown, got);
		yaml_close(&y);
	}
}

static void
test_errors(void **state)
{
	static const struct {
		const char *text;
		uint32_t line, column;
		const char *reason;
	} cases[] = {
		{ "a: &b c", 1, 4, "anchors are not supported" },
		{ "a: *b", 1, 4, "aliases are not supported" },
		{ "a: !b c", 1, 4, "tags are not supported" },
		{ "a: |\n  b", 1, 4, "block scalars are not supported" },
		{ "a: >\n  b", 1, 4, "block scalars are not supported" },
		{ "%YAML 1.2\n---\na: b", 1, 1,
		  "directives are not supported" },
		{ "? a\n: b", 1, 1, "complex keys are not supported" },
		{ "a: @b", 1, 4, "this character is reserved" },
		{ "a: `b", 1, 4, "this character is reserved" },
		{ "a: b\n\tc: d", 2, 2, "tab in the indentation" },
		{ "a: b\n  c: d", 2, 3, "wrong indentation" },
		{ "a:\n    b: c\n  d: e", 3, 3, "wrong indentation" },
		{ "  a: b\nc: d", 2, 1, "wrong indentation" },
		{ "a: b c\n  d", 2, 3, "wrong indentation" },
		{ "a: b: c", 1, 5, "a mapping may not begin here" },
		{ "a: 'b' c", 1, 8, "unexpected text after the value" },
		{ "a: [b] c", 1, 8, "unexpected text after the value" },
		{ "a: 'b", 1, 4, "quoted text does not end on its line" },
		{ "a: \"b\nc\"", 1, 4, "quoted text does not end on its line" },
		{ "a: \"\\x41\"", 1, 6, "escape is not supported" },
		{ "a: [b", 1, 6, "flow collection does not end on its line" },
		{ "a: [b,\n c]", 1, 7,
		  "flow collection does not end on its line" },
		{ "a: {b: c", 1, 9,
		  "flow collection does not end on its line" },
		{ "a: [b: c]", 1, 6, "expected , or ]" },
		{ "a: {b: c d: e}", 1, 11, "expected , or }" },
		{ "a: {b}", 1, 6, "expected a key and ':'" },
		{ "a: [,]", 1, 5, "unexpected ," },
		{ "a: ]", 1, 4, "unexpected ]" },
		{ "a: }", 1, 4, "unexpected }" },
		{ "a: b\na: c", 2, 1, "this key is there already" },
		{ "a:\n  b: 1\n  b: 2", 3, 3, "this key is there already" },
		{ "{a: b, a: c}", 1, 8, "this key is there already" },
		{ "a: b\n- c", 2, 1, "expected a key, not '- '" },
		{ "a: b\nc", 2, 2, "expected a key and ':'" },
		{ "- a\nb: c", 2, 1, "wrong indentation" },
		{ "a: b\x01", 1, 5, "control character" },
		{ "a: b\rc", 1, 5, "control character" },
		{ "a: 'b\x01'", 1, 6, "control character" },
		{ "a: \"b\rc\"", 1, 6, "control character" },
		{ "a: 'b\r\n'", 1, 4, "quoted text does not end on its line" },
		{ "a: 'b''", 1, 4, "quoted text does not end on its line" },
		{ "a: \"b\\", 1, 4, "quoted text does not end on its line" },
		{ "a: \"b\\\nc\"", 1, 4,
		  "quoted text does not end on its line" },
		{ ": a", 1, 1, "expected a value" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct yaml y;

		yaml_open(&y, cases[i].text, strlen(cases[i].text), NULL);
		while (yaml_next(&y) != NULL)
			;
		if (y.err != BGP_ERR_INVALID || y.error_line != cases[i].line ||
		    y.error_column != cases[i].column ||
		    strcmp(y.reason, cases[i].reason) != 0)
			fail_msg("%s\n%d %u:%u: %s", cases[i].text, y.err,
				 y.error_line, y.error_column,
				 y.reason != NULL ? y.reason : "");
		assert_null(yaml_next(&y)); /* an error stays */
		yaml_close(&y);
	}
}

static int
read_all(const char *text, size_t len)
{
	struct yaml y;

	yaml_open(&y, text, len, NULL);
	while (yaml_next(&y) != NULL)
		;
	yaml_close(&y);
	return y.err;
}

/* NUL is a control character like others, wherever it stands. */
static void
test_nul(void **state)
{
	static const char *const texts[] = {
		"a: b#c",    "a: '#'", "a: \"b#\"", "#",
		"a:#b",      "- #",    "-#",        "a: [b,#]",
		"a: {b:#c}", "'#': a", "a: b\n#",   "cat <<#\na: b"
	};
	char text[32];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		size_t len = strlen(texts[i]);

		strcpy(text, texts[i]);
		*strchr(text, '#') = '\0';
		if (read_all(text, len) != BGP_ERR_INVALID)
			fail_msg("%s", texts[i]);
	}
}

static void
test_limits(void **state)
{
	size_t room = (size_t)YAML_DOCUMENT_MAX + 64, len = 0;
	char *text = malloc(room);

	(void)state;
	assert_non_null(text);
	memset(text, '[', YAML_DEPTH_MAX + 1);
	assert_int_equal(read_all(text, YAML_DEPTH_MAX + 1), BGP_ERR_LIMIT);
	for (size_t i = 0; i <= YAML_DEPTH_MAX; i++)
		len += (size_t)sprintf(text + len, "%*sa:\n", (int)i, "");
	assert_int_equal(read_all(text, len), BGP_ERR_LIMIT);
	len = 0;
	for (size_t i = 0; i < YAML_DOCUMENTS_MAX; i++)
		len += (size_t)sprintf(text + len, "a\n---\n");
	assert_int_equal(read_all(text, len), BGP_OK);
	strcpy(text + len, "a\n");
	assert_int_equal(read_all(text, len + 2), BGP_ERR_LIMIT);
	len = 0;
	for (int i = 0; i < YAML_KEYS_MAX; i++)
		len += (size_t)sprintf(text + len, "k%d: 1\n", i);
	assert_int_equal(read_all(text, len), BGP_OK);
	strcpy(text + len, "k: 1\n");
	assert_int_equal(read_all(text, len + 5), BGP_ERR_LIMIT);
	memset(text, '\n', room);
	memcpy(text, "a: b", 4);
	memcpy(text + room - 5, "c: d", 4);
	assert_int_equal(read_all(text, room), BGP_ERR_LIMIT);
	free(text);
}

static void
test_memory(void **state)
{
	static char text[400000];
	size_t len = 0;

	(void)state;
	for (int i = 0; i < 2000; i++)
		len += (size_t)sprintf(
		    text + len,
		    "- name: a-name-that-is-long-%d\n  list: [a, 'b', \"c\"]\n",
		    i);
	for (size_t i = 0;; i++) {
		struct stingy memory = { i, 0, false };
		struct bgp_allocator host = { stingy_resize, &memory };
		const struct yaml_node *doc;
		struct yaml y;

		yaml_open(&y, text, len, &host);
		doc = yaml_next(&y);
		assert_true((doc == NULL) == memory.refused);
		assert_true(!memory.refused || y.err == BGP_ERR_NOMEM);
		yaml_close(&y);
		assert_int_equal(memory.octets, 0);
		if (!memory.refused)
			break;
	}
}

/* ---------------------------------------------------------------- resources */

static char warnings[1024];

static void
warn(void *ctx, const char *file, uint32_t line, uint32_t column,
     const char *text)
{
	(void)ctx;
	sprintf(warnings + strlen(warnings), "%s:%u:%u: %s\n", file, line,
		column, text);
}

static void
test_resources(void **state)
{
	static const char text[] =
	    "apiVersion: projectcalico.org/v3\n"
	    "kind: Node\n"
	    "metadata:\n"
	    "  name: a\n"
	    "  labels:\n"
	    "    t: yes\n    f: False\n    q: 'yes'\n    n:\n    d: 12\n"
	    "spec:\n"
	    "  bgp:\n"
	    "    asNumber: 1.10\n"
	    "    ipv4Address: 10.0.0.1/24\n"
	    "    ipv6Address: fd00::1/64\n"
	    "    routeReflectorClusterID: 244.0.0.1\n"
	    "    strange: 1\n"
	    "  orchRefs: [{nodeName: a}]\n"
	    "---\n"
	    "kind: BGPPeer\n"
	    "metadata: {name: p}\n"
	    "spec:\n"
	    "  nodeSelector: all()\n"
	    "  peerIP: 10.0.0.9:1790\n"
	    "  asNumber: 65001\n"
	    "  localASNumber: 65002\n"
	    "  keepOriginalNextHop: true\n"
	    "  nextHopMode: Auto\n"
	    "  password: {secretKeyRef: {name: s, key: k}}\n"
	    "  sourceAddress: None\n"
	    "  maxRestartTime: 1m30s\n"
	    "  keepaliveTime: 1.5s\n"
	    "  numAllowedLocalASNumbers: 2\n"
	    "  ttlSecurity: 3\n"
	    "  reachableBy: 10.0.0.254\n"
	    "  filters:\n  - f\n  - g\n"
	    "  reversePeering: Manual\n"
	    "---\n"
	    "kind: IPPool\n"
	    "metadata: {name: pool}\n"
	    "---\n"
	    "kind: BGPConfigurationList\n"
	    "items:\n"
	    "- kind: BGPConfiguration\n"
	    "  metadata: {name: default}\n"
	    "  spec:\n"
	    "    nodeToNodeMeshEnabled: true\n"
	    "    asNumber: 64532\n"
	    "    listenPort: 1791\n"
	    "    localWorkloadPeeringIPV4:\n"
	    "    nodeMeshPassword: {secretKeyRef: {name: m, key: k}}\n"
	    "    nodeMeshMaxRestartTime: 90s\n"
	    "    logSeverityScreen: Info\n";
	struct cluster c = { .warn = warn };
	const struct bgp_plan_node *n;
	const struct bgp_plan_peer *p;
	const struct bgp_plan_config *d;

	(void)state;
	warnings[0] = '\0';
	if (!cluster_read_text(&c, "f", text, sizeof text - 1))
		fail_msg("%s", c.error);
	assert_string_equal(warnings,
			    "f:17:5: unknown field bgp.strange\n"
			    "f:41:1: kind IPPool is skipped\n");
	assert_int_equal(c.node_count, 1);
	n = &c.nodes[0];
	assert_string_equal(n->name, "a");
	assert_int_equal(n->label_count, 5);
	assert_string_equal(n->labels[0].value, "true");
	assert_string_equal(n->labels[1].value, "false");
	assert_string_equal(n->labels[2].value, "yes");
	assert_string_equal(n->labels[3].value, "");
	assert_string_equal(n->labels[4].value, "12");
	assert_int_equal(n->as_number, 65546);
	assert_string_equal(n->ipv4, "10.0.0.1/24");
	assert_string_equal(n->ipv6, "fd00::1/64");
	assert_string_equal(n->cluster_id, "244.0.0.1");
	assert_int_equal(c.peer_count, 1);
	p = &c.peers[0];
	assert_string_equal(p->node_selector, "all()");
	assert_string_equal(p->peer_ip, "10.0.0.9:1790");
	assert_int_equal(p->as_number, 65001);
	assert_int_equal(p->local_as_number, 65002);
	assert_true(p->keep_original_next_hop && p->no_source &&
		    p->reverse_manual && p->next_hop == BGP_NEXT_HOP_AUTO);
	assert_string_equal(p->password, "s/k");
	assert_int_equal(p->restart_ms, 90000);
	assert_int_equal(p->keepalive_ms, 1500);
	assert_int_equal(p->allowed_local_as, 2);
	assert_int_equal(p->ttl_security_hops, 3);
	assert_string_equal(p->reachable_by, "10.0.0.254");
	assert_int_equal(p->filter_count, 2);
	assert_string_equal(p->filters[1], "g");
	assert_int_equal(c.config_count, 1);
	d = &c.configs[0];
	assert_true(!d->mesh_off && d->as_number == 64532 &&
		    d->listen_port == 1791 && d->mesh_restart_ms == 90000);
	assert_string_equal(d->mesh_password, "m/k");
	cluster_clear(&c);
}

static void
test_resource_errors(void **state)
{
#define NODE   "kind: Node\nmetadata: {name: a}\nspec: "
#define PEER   "kind: BGPPeer\nmetadata: {name: p}\nspec: "
#define CONFIG "kind: BGPConfiguration\nmetadata: {name: default}\nspec: "
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "a: &b", "f:1:4: anchors are not supported" },
		{ "x",
		  "f:1:1: expected a resource with kind, metadata and "
		  "spec" },
		{ "metadata: {name: a}", "f:1:1: kind: missing" },
		{ "kind: Node", "f:1:1: metadata.name: missing" },
		{ "kind: Node\nmetadata: {name: [a]}",
		  "f:1:1: metadata.name: missing" },
		{ "kind: Node\nmetadata: {name: a, labels: [b]}",
		  "f:2:21: labels: expected labels" },
		{ "kind: Node\nmetadata: {name: a, labels: {b: [c]}}",
		  "f:2:30: b: expected text" },
		{ NODE "x", "f:3:1: spec: expected fields" },
		{ NODE "{bgp: 7}", "f:3:8: bgp: expected fields" },
		{ NODE "{bgp: {asNumber: x}}",
		  "f:3:14: asNumber: expected a number in its range" },
		{ NODE "{bgp: {asNumber: 4294967296}}",
		  "f:3:14: asNumber: expected a number in its range" },
		{ NODE "{bgp: {asNumber: 1.70000}}",
		  "f:3:14: asNumber: expected an AS number" },
		{ NODE "{bgp: {ipv4Address: [a]}}",
		  "f:3:14: ipv4Address: expected text" },
		{ PEER "{nextHopMode: Other}",
		  "f:3:8: nextHopMode: expected Auto, Self or Keep" },
		{ PEER "{sourceAddress: Other}",
		  "f:3:8: sourceAddress: expected one of its two words" },
		{ PEER "{keepOriginalNextHop: 1}",
		  "f:3:8: keepOriginalNextHop: expected true or false" },
		{ PEER "{maxRestartTime: 5}",
		  "f:3:8: maxRestartTime: "
		  "expected a duration such as 120s" },
		{ PEER "{maxRestartTime: -5s}",
		  "f:3:8: maxRestartTime: "
		  "expected a duration such as 120s" },
		{ PEER "{ttlSecurity: 255}",
		  "f:3:8: ttlSecurity: expected a "
		  "number in its range" },
		{ PEER "{password: x}",
		  "f:3:8: password: expected "
		  "secretKeyRef with name and key" },
		{ PEER "{filters: f}",
		  "f:3:8: filters: expected a list of names" },
		{ CONFIG "{listenPort: 65536}",
		  "f:3:8: listenPort: expected "
		  "a number in its range" },
		{ CONFIG "{communities: []}",
		  "f:3:8: communities: needs prefixAdvertisements" },
		{ "kind: List\nitems: x",
		  "f:2:1: items: expected a list of resources" },
		{ "kind: List\nitems:\n- x",
		  "f:3:3: expected a resource with "
		  "kind, metadata and spec" },
		/* what the planner refuses, at the resource */
		{ NODE "{bgp: {ipv4Address: x}}",
		  "f:1: Node a: "
		  "bgp.ipv4Address: not an address of this family" },
		{ NODE "{}\n---\n" NODE "{}",
		  "f:5: Node a: metadata.name: there is one already" },
		{ PEER "{}",
		  "f:1: BGPPeer p: peerIP: missing, as are "
		  "peerSelector and localWorkloadSelector" },
		{ CONFIG "{nodeToNodeMeshEnabled: off, nodeMeshMaxRestartTime: "
			 "1s}",
		  "f:1: BGPConfiguration default: "
		  "nodeMeshMaxRestartTime: needs the mesh" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cluster c = { .warn = NULL };
		struct bgp_plan *plan;

		assert_false(cluster_read_text(&c, "f", cases[i].text,
					       strlen(cases[i].text)) &&
			     cluster_plan(&c, &plan));
		assert_string_equal(c.error, cases[i].error);
		cluster_clear(&c);
	}
}

/* A field that is there and empty is as good as none. */
static void
test_empty_fields(void **state)
{
	static const char text[] = PEER
	    "{node: , asNumber: , keepOriginalNextHop: , nextHopMode: , "
	    "maxRestartTime: , keepaliveTime: 0, ttlSecurity: , filters: , "
	    "reversePeering: , sourceAddress: }\n---\n" CONFIG "\n---\n"
	    "kind: Node\nmetadata: {name: n, labels: }\n---\n"
	    "kind: List\nitems:\n---\nkind: NodeList\n---\n~";
	struct cluster c = { .warn = NULL };
	const struct bgp_plan_peer *p;

	(void)state;
	if (!cluster_read_text(&c, "f", text, sizeof text - 1))
		fail_msg("%s", c.error);
	p = &c.peers[0];
	assert_true(p->node == NULL && p->as_number == 0 &&
		    !p->keep_original_next_hop &&
		    p->next_hop == BGP_NEXT_HOP_AUTO &&
		    p->restart_ms == BGP_PLAN_UNSET && p->keepalive_ms == 0 &&
		    p->ttl_security_hops == 0 && p->filter_count == 0 &&
		    !p->reverse_manual && !p->no_source);
	assert_int_equal(c.config_count, 1);
	assert_int_equal(c.node_count, 1);
	cluster_clear(&c);
}

static void
test_durations(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{ "0", 0 },
		{ "1ms", 1 },
		{ "1500us", 2 },
		{ "2000000ns", 2 },
		{ ".5s", 500 },
		{ "1m1.5s", 61500 },
		{ "2h", 7200000 },
		{ "1000000000s", 1000000000000 },
		{ "1000000001s", -1 },
		{ "1", -1 },
		{ "s", -1 },
		{ "1s1", -1 },
		{ "1s s", -1 },
		{ "1x", -1 },
		{ "[1s]", -1 },
		{ "''", -1 },
		{ "0x1p4s", -1 },
		{ "1..s", -1 },
		{ ".s", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cluster c = { .warn = NULL };
		char text[128];
		bool ok;

		sprintf(text, PEER "\n  maxRestartTime: %s", cases[i].text);
		ok = cluster_read_text(&c, "f", text, strlen(text));
		if (ok != (cases[i].ms >= 0) ||
		    (ok && c.peers[0].restart_ms != cases[i].ms))
			fail_msg("%s: %d %s", cases[i].text, ok, c.error);
		cluster_clear(&c);
	}
}

static void
test_no_file(void **state)
{
	struct cluster c = { .warn = NULL };

	(void)state;
	assert_false(cluster_read(&c, PLAN_DATA "/there-is-none.yaml"));
	assert_non_null(strstr(c.error, "there-is-none.yaml: "));
	assert_false(cluster_read(&c, PLAN_DATA));
	cluster_clear(&c);
}

/* 20 000 nodes in 10 MB; the limit is several times what is measured. */
static void
test_pace(void **state)
{
	size_t room = 12u << 20, len = 0;
	char *text = malloc(room);
	struct cluster c = { .warn = NULL };
	clock_t from;
	double took;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < 20000; i++) {
		len += (size_t)sprintf(
		    text + len,
		    "apiVersion: projectcalico.org/v3\nkind: Node\nmetadata:\n"
		    "  name: node-%05d\n  labels:\n",
		    i);
		for (int k = 0; k < 9; k++)
			len += (size_t)sprintf(text + len,
					       "    example.org/label-%d: "
					       "a-value-of-some-length\n",
					       k);
		len += (size_t)sprintf(text + len,
				       "spec:\n  bgp:\n"
				       "    ipv4Address: 10.%d.%d.%d/8\n---\n",
				       i / 65536, i / 256 % 256, i % 256);
	}
	assert_true(len > 10u << 20);
	from = clock();
	if (!cluster_read_text(&c, "f", text, len))
		fail_msg("%s", c.error);
	took = (double)(clock() - from) / CLOCKS_PER_SEC;
	assert_int_equal(c.node_count, 20000);
	print_message("# %zu octets in %.3f s\n", len, took);
	assert_true(took < 8);
	cluster_clear(&c);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_constructs),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_resources),
		cmocka_unit_test(test_resource_errors),
		cmocka_unit_test(test_empty_fields),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_pace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
