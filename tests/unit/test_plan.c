/*
 * test_plan.c - the planner case by case, its limits and errors, and its pace.
 *
 * Cases are lines of tests/plan/cases.txt:
 *
 *   = title                     a new cluster
 *   node NAME ADDRESS… [+LABEL[=VALUE]] [as=N] [rr=ID] [work=PEER@ADDRESS]
 *   peer NAME KEY=VALUE…        keys are those of peer_keys below
 *   config NAME [mesh=off] [as=N] [port=N] [pw=TEXT] [gr=MS]
 *   ! KIND NAME FIELD COLUMN    a notice
 *   ? NODE FAMILY               a question; the lines that follow answer it:
 *   SESSION [what is not usual] one by one, or "disabled"
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "check.h"
#include "chance.h"

#include "bgp/plan.h"

enum { NODES = 8, PEERS = 4, CONFIGS = 4, LISTS = 4, LINE_LEN = 256 };

/* ------------------------------------------------------------- the notation */

static struct {
	struct bgp_plan_node nodes[NODES];
	struct bgp_plan_peer peers[PEERS];
	struct bgp_plan_config configs[CONFIGS];
	struct bgp_label labels[NODES][LISTS];
	struct bgp_plan_workload workloads[NODES][LISTS];
	const char *filters[PEERS][LISTS];
	size_t node_count, peer_count, config_count, notice_count;
	char pool[1 << 14];
	size_t used;
	char title[LINE_LEN];
	struct bgp_plan *plan;
	int questions;
} t;

static const char *
keep(const char *text)
{
	char *to = t.pool + t.used;

	t.used += strlen(text) + 1;
	assert_true(t.used < sizeof t.pool);
	return strcpy(to, text);
}

static void
begin(const char *title)
{
	int questions = t.questions;

	bgp_plan_del(t.plan);
	memset(&t, 0, sizeof t);
	t.questions = questions;
	strcpy(t.title, title);
}

/* Is it KEY=…?  The value, or NULL. */
static const char *
value_of(const char *word, const char *key)
{
	size_t len = strlen(key);

	return strncmp(word, key, len) == 0 && word[len] == '='
	    ? keep(word + len + 1)
	    : NULL;
}

static void
node_word(size_t i, char *word)
{
	struct bgp_plan_node *n = &t.nodes[i];
	const char *value;

	if ((value = value_of(word, "as")) != NULL) {
		n->as_number = (uint32_t)atol(value);
	} else if ((value = value_of(word, "rr")) != NULL) {
		n->cluster_id = value;
	} else if ((value = value_of(word, "work")) != NULL) {
		struct bgp_plan_workload
		    *w = &t.workloads[i][n->workload_count++];
		char *at = strchr(value, '@');

		*at = '\0';
		*w = (struct bgp_plan_workload){ value, at + 1 };
		n->workloads = t.workloads[i];
	} else if (word[0] == '+') {
		struct bgp_label *l = &t.labels[i][n->label_count++];
		char *at = strchr(word, '=');

		l->value = at != NULL ? keep(at + 1) : "";
		if (at != NULL)
			*at = '\0';
		l->key = keep(word + 1);
		n->labels = t.labels[i];
	} else if (strchr(word, ':') != NULL) {
		n->ipv6 = keep(word);
	} else {
		n->ipv4 = keep(word);
	}
}

static void
peer_word(size_t i, const char *word)
{
	static const char *const modes[] = { "Auto", "Self", "Keep" };
	struct bgp_plan_peer *p = &t.peers[i];
	const struct {
		const char *key;
		const char **text;
		uint32_t *number;
		uint8_t *octet;
		int64_t *ms;
	} peer_keys[] = {
		{ "node", &p->node, 0, 0, 0 },
		{ "nodes", &p->node_selector, 0, 0, 0 },
		{ "ip", &p->peer_ip, 0, 0, 0 },
		{ "peers", &p->peer_selector, 0, 0, 0 },
		{ "workloads", &p->workload_selector, 0, 0, 0 },
		{ "pw", &p->password, 0, 0, 0 },
		{ "via", &p->reachable_by, 0, 0, 0 },
		{ "as", 0, &p->as_number, 0, 0 },
		{ "las", 0, &p->local_as_number, 0, 0 },
		{ "allow", 0, 0, &p->allowed_local_as, 0 },
		{ "ttl", 0, 0, &p->ttl_security_hops, 0 },
		{ "gr", 0, 0, 0, &p->restart_ms },
		{ "ka", 0, 0, 0, &p->keepalive_ms },
	};
	const char *value;

	p->keep_original_next_hop |= strcmp(word, "keepnh") == 0;
	p->reverse_manual |= strcmp(word, "manual") == 0;
	p->no_source |= strcmp(word, "src=None") == 0;
	for (int m = 0; m < 3; m++)
		if (strncmp(word, "nh=", 3) == 0 &&
		    strcmp(word + 3, modes[m]) == 0)
			p->next_hop = (enum bgp_next_hop_mode)m;
	if ((value = value_of(word, "filter")) != NULL) {
		t.filters[i][p->filter_count++] = value;
		p->filters = t.filters[i];
	}
	for (size_t k = 0; k < sizeof peer_keys / sizeof *peer_keys; k++) {
		if ((value = value_of(word, peer_keys[k].key)) == NULL)
			continue;
		if (peer_keys[k].text != NULL)
			*peer_keys[k].text = value;
		else if (peer_keys[k].number != NULL)
			*peer_keys[k].number = (uint32_t)atol(value);
		else if (peer_keys[k].octet != NULL)
			*peer_keys[k].octet = (uint8_t)atoi(value);
		else
			*peer_keys[k].ms = atol(value);
	}
}

static void
config_word(size_t i, const char *word)
{
	struct bgp_plan_config *c = &t.configs[i];
	const char *value;

	c->mesh_off |= strcmp(word, "mesh=off") == 0;
	if ((value = value_of(word, "as")) != NULL)
		c->as_number = (uint32_t)atol(value);
	else if ((value = value_of(word, "port")) != NULL)
		c->listen_port = (uint16_t)atoi(value);
	else if ((value = value_of(word, "pw")) != NULL)
		c->mesh_password = value;
	else if ((value = value_of(word, "gr")) != NULL)
		c->mesh_restart_ms = atol(value);
}

static void
resource(char *line)
{
	char *kind = strtok(line, " "), *word = strtok(NULL, " ");
	const char *name = keep(word);

	if (strcmp(kind, "node") == 0) {
		t.nodes[t.node_count] = (struct bgp_plan_node)
		    BGP_PLAN_NODE_INIT;
		t.nodes[t.node_count].name = name;
		while ((word = strtok(NULL, " ")) != NULL)
			node_word(t.node_count, word);
		t.node_count++;
	} else if (strcmp(kind, "peer") == 0) {
		t.peers[t.peer_count] = (struct bgp_plan_peer)
		    BGP_PLAN_PEER_INIT;
		t.peers[t.peer_count].name = name;
		while ((word = strtok(NULL, " ")) != NULL)
			peer_word(t.peer_count, word);
		t.peer_count++;
	} else {
		t.configs[t.config_count] = (struct bgp_plan_config)
		    BGP_PLAN_CONFIG_INIT;
		t.configs[t.config_count].name = name;
		while ((word = strtok(NULL, " ")) != NULL)
			config_word(t.config_count, word);
		t.config_count++;
	}
}

static struct bgp_plan_input
input_of_case(void)
{
	struct bgp_plan_input input = BGP_PLAN_INPUT_INIT;

	input.nodes = t.nodes;
	input.node_count = t.node_count;
	input.peers = t.peers;
	input.peer_count = t.peer_count;
	input.configs = t.configs;
	input.config_count = t.config_count;
	return input;
}

static void
make_plan(void)
{
	struct bgp_plan_input input = input_of_case();
	struct bgp_plan_fault fault = { "", "", "", 0, "" };

	if (t.plan == NULL && bgp_plan_new(&t.plan, &input, &fault) != BGP_OK)
		fail_msg("%s: %s %s: %s: %s", t.title, fault.kind, fault.name,
			 fault.field, fault.reason);
}

/* What is not usual of a session, in the notation; by: with its resource. */
static void
describe(const struct bgp_planned *s, const struct bgp_addr *own, bool by,
	 char *out)
{
	static const char *const modes[] = { "", " nh=self", " nh=keep" };
	char text[64];

	out += sprintf(out, "%s", s->name);
	if (s->peer_node != NULL)
		out += sprintf(out, " to=%s", s->peer_node);
	if (s->peer_as != 64512 || s->local_as != 64512)
		out += sprintf(out, " as=%u/%u", s->peer_as, s->local_as);
	if (s->port != 179)
		out += sprintf(out, " port=%u", s->port);
	out += sprintf(out, "%s", s->passive ? " passive" : "");
	bgp_id_text(s->cluster_id, text, sizeof text);
	if (s->client)
		out += sprintf(out, " client=%s", text);
	out += sprintf(out, "%s", modes[s->next_hop]);
	if (s->ttl_security_hops != 0)
		out += sprintf(out, " ttl=%d", s->ttl_security_hops);
	if (s->allowed_local_as != 0)
		out += sprintf(out, " allow=%d", s->allowed_local_as);
	if (s->restart_s != BGP_PLAN_UNSET)
		out += sprintf(out, " gr=%d", s->restart_s);
	if (s->keepalive_s != BGP_PLAN_UNSET)
		out += sprintf(out, " ka=%d", s->keepalive_s);
	if (s->password != NULL)
		out += sprintf(out, " pw=%s", s->password);
	if (s->source.len == 0)
		out += sprintf(out, " nosrc");
	else
		assert_int_equal(bgp_addr_compare(&s->source, own), 0);
	if (s->reachable_by.len != 0) {
		bgp_addr_text(&s->reachable_by, text, sizeof text);
		out += sprintf(out, " via=%s", text);
	}
	for (size_t i = 0; i < s->filter_count; i++)
		out += sprintf(out, "%s%s", i == 0 ? " filters=" : ",",
			       s->filters[i]);
	if (by && s->resource != NULL)
		sprintf(out, " by=%s", s->resource);
}

/* The types' names follow from the sessions'. */
static void
check_type(const struct bgp_planned *s)
{
	static const char *const prefixes[] = { "Mesh_", "Global_", "Node_",
						"Local_Workload_" };
	static const char *const texts[] = { "node-to-node mesh", "global",
					     "node specific",
					     "local workload" };

	assert_int_equal(
	    strncmp(s->name, prefixes[s->type], strlen(prefixes[s->type])), 0);
	assert_string_equal(s->type_text, texts[s->type]);
}

/* ---------------------------------------------------------------- the cases */

static struct bgp_plan_sessions *asked;
static size_t answered;
static struct bgp_addr asked_addr;
static char asked_for[LINE_LEN];

static void
end_question(void)
{
	if (asked == NULL)
		return;
	if (bgp_plan_sessions_at(asked, answered) != NULL)
		fail_msg("%s: %s: %s is too many", t.title, asked_for,
			 bgp_plan_sessions_at(asked, answered)->name);
	bgp_plan_sessions_del(asked);
	asked = NULL;
}

static void
ask(const char *line)
{
	char node[64], text[64];
	int family;

	strcpy(asked_for, line);
	assert_int_equal(sscanf(line, "? %63s %d", node, &family), 2);
	make_plan();
	assert_int_equal(bgp_plan_sessions_new(t.plan, node,
					       family == 4 ? BGP_IPV4_UNICAST
							   : BGP_IPV6_UNICAST,
					       &asked),
			 BGP_OK);
	answered = 0;
	t.questions++;
	for (size_t i = 0; i < t.node_count; i++)
		if (strcmp(t.nodes[i].name, node) == 0) {
			const char *ip = family == 4 ? t.nodes[i].ipv4
						     : t.nodes[i].ipv6;

			strcpy(text, ip != NULL ? ip : "::");
			bgp_addr_parse(&asked_addr, text);
		}
}

static void
answer(const char *line)
{
	const struct bgp_planned *s;
	char got[512];

	if (strcmp(line, "disabled") == 0) {
		assert_false(bgp_plan_sessions_enabled(asked));
		return;
	}
	assert_true(bgp_plan_sessions_enabled(asked));
	s = bgp_plan_sessions_at(asked, answered++);
	if (s == NULL)
		fail_msg("%s: %s: %s is missing", t.title, asked_for, line);
	check_type(s);
	describe(s, &asked_addr, strstr(line, " by=") != NULL, got);
	if (strcmp(got, line) != 0)
		fail_msg("%s: %s\nwant %s\ngot  %s", t.title, asked_for, line,
			 got);
}

static void
expect_notice(const char *line)
{
	struct bgp_plan_fault notice;
	char got[LINE_LEN];

	make_plan();
	if (!bgp_plan_notice(t.plan, t.notice_count++, &notice))
		fail_msg("%s: %s is missing", t.title, line);
	sprintf(got, "! %s %s %s %zu", notice.kind, notice.name, notice.field,
		notice.column);
	assert_string_equal(got, line);
	assert_non_null(notice.reason);
}

static void
case_line(char *line)
{
	if (line[0] == '#' || line[0] == '\0')
		return;
	if (strchr("=?!npc", line[0]) != NULL)
		end_question();
	if (line[0] == '=')
		begin(line + 2);
	else if (line[0] == '?')
		ask(line);
	else if (line[0] == '!')
		expect_notice(line);
	else if (strchr("npc", line[0]) != NULL)
		resource(line);
	else if (line[0] != '\0')
		answer(line);
}

static void
test_cases(void **state)
{
	FILE *f = fopen(PLAN_DATA "/cases.txt", "r");
	char line[LINE_LEN];

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "disabled") == 0)
			answer(line);
		else
			case_line(line);
	}
	fclose(f);
	end_question();
	begin("");
	print_message("# %d cases\n", t.questions);
	assert_true(t.questions >= 80);
}

/* ---------------------------------------------------------- what is refused */

static void
test_refused(void **state)
{
	static const struct {
		const char *resource, *kind, *field;
	} cases[] = {
		{ "peer p node=a nodes=all() ip=10.0.0.2", "BGPPeer",
		  "nodeSelector" },
		{ "peer p node=a", "BGPPeer", "peerIP" },
		{ "peer p ip=10.0.0.2 peers=all()", "BGPPeer", "peerSelector" },
		{ "peer p workloads=all() peers=all() as=1", "BGPPeer",
		  "peerSelector" },
		{ "peer p peers=all() as=65001", "BGPPeer", "asNumber" },
		{ "peer p workloads=all()", "BGPPeer", "asNumber" },
		{ "peer p ip=10.0.0.2 keepnh nh=Self", "BGPPeer",
		  "nextHopMode" },
		{ "peer p peers=all() via=10.0.0.1", "BGPPeer", "reachableBy" },
		{ "peer p ip=10.0.0.2 via=fd00::1", "BGPPeer", "reachableBy" },
		{ "peer p ip=10.0.0.2 via=x", "BGPPeer", "reachableBy" },
		{ "peer p ip=10.0.0.2:0", "BGPPeer", "peerIP" },
		{ "peer p ip=10.0.0.2:65536", "BGPPeer", "peerIP" },
		{ "peer p ip=10.0.0.2:", "BGPPeer", "peerIP" },
		{ "peer p ip=10.0.0.2:x", "BGPPeer", "peerIP" },
		{ "peer p ip=10.0.0.2/24", "BGPPeer", "peerIP" },
		{ "peer p ip=[10.0.0.2]:179", "BGPPeer", "peerIP" },
		{ "peer p ip=[fd00::1", "BGPPeer", "peerIP" },
		{ "peer p ip=[fd00::1]", "BGPPeer", "peerIP" },
		{ "peer p ip=[fd00::1]x", "BGPPeer", "peerIP" },
		{ "peer p ip=fd00::1::", "BGPPeer", "peerIP" },
		{ "peer p ip=name.example:179", "BGPPeer", "peerIP" },
		{ "peer p ip=10.0.0.2 gr=-2", "BGPPeer", "maxRestartTime" },
		{ "peer p ip=10.0.0.2 ka=-2", "BGPPeer", "keepaliveTime" },
		{ "peer p ip=10.0.0.2 filter=", "BGPPeer", "filters" },
		{ "peer a ip=10.0.0.2", "BGPPeer", "metadata.name" },
		{ "node b 10.0.0.300", "Node", "bgp.ipv4Address" },
		{ "node b 10.0.0.3/33", "Node", "bgp.ipv4Address" },
		{ "node b x:y", "Node", "bgp.ipv6Address" },
		{ "node b fd00::1/129", "Node", "bgp.ipv6Address" },
		{ "node b 10.0.0.2 rr=7", "Node",
		  "bgp.routeReflectorClusterID" },
		{ "node b 10.0.0.2 rr=0.0.0.0", "Node",
		  "bgp.routeReflectorClusterID" },
		{ "node b work=p@x", "Node", "workloads" },
		{ "node b work=@10.0.0.2", "Node", "workloads" },
		{ "node a", "Node", "metadata.name" },
		{ "config other", "BGPConfiguration", "metadata.name" },
		{ "config node.", "BGPConfiguration", "metadata.name" },
		{ "config default mesh=off pw=x", "BGPConfiguration",
		  "nodeMeshPassword" },
		{ "config default mesh=off gr=1", "BGPConfiguration",
		  "nodeMeshMaxRestartTime" },
		{ "config node.b mesh=off pw=x", "BGPConfiguration",
		  "nodeMeshPassword" },
		{ "config default gr=-5", "BGPConfiguration",
		  "nodeMeshMaxRestartTime" },
		{ "config node.a", "BGPConfiguration", "metadata.name" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bgp_plan_fault fault = { "", "", "", 0, "" };
		char first[] = "node a 10.0.0.1",
		     second[] = "peer a peers=x=", third[] = "config node.a",
		     line[128];
		struct bgp_plan_input input;
		int err;

		begin(cases[i].resource);
		resource(first);
		resource(second);
		resource(third);
		resource(strcpy(line, cases[i].resource));
		input = input_of_case();
		err = bgp_plan_new(&t.plan, &input, &fault);
		assert_null(t.plan);
		if ((err != BGP_ERR_INVALID && err != BGP_ERR_EXIST) ||
		    strcmp(fault.kind, cases[i].kind) != 0 ||
		    strcmp(fault.field, cases[i].field) != 0)
			fail_msg("%s: %d %s %s", cases[i].resource, err,
				 fault.kind, fault.field);
		assert_true(strlen(fault.reason) > 3);
		assert_int_equal(bgp_plan_new(&t.plan, &input, NULL), err);
	}
	begin("");
}

static void
expect(int want, const struct bgp_plan_input *input)
{
	struct bgp_plan_fault fault = { "", "", "", 0, "" };
	struct bgp_plan *plan;

	assert_int_equal(bgp_plan_new(&plan, input, &fault), want);
	assert_null(plan);
	assert_true(strlen(fault.reason) > 3);
}

static void
test_limits(void **state)
{
	static struct bgp_label labels[BGP_PLAN_LABELS_MAX + 1];
	static char text[BGP_PLAN_TEXT_MAX + 1];
	struct bgp_plan_node node = BGP_PLAN_NODE_INIT;
	struct bgp_plan_peer peer = BGP_PLAN_PEER_INIT;
	struct bgp_plan_input input = BGP_PLAN_INPUT_INIT;

	(void)state;
	memset(text, 'x', sizeof text - 1);
	for (size_t i = 0; i <= BGP_PLAN_LABELS_MAX; i++)
		labels[i] = (struct bgp_label){ "k", "v" };
	input.nodes = &node;
	input.peers = &peer;
	input.node_count = BGP_PLAN_NODES_MAX + 1;
	expect(BGP_ERR_LIMIT, &input);
	input.node_count = 1;
	input.peer_count = BGP_PLAN_PEERS_MAX + 1;
	expect(BGP_ERR_LIMIT, &input);
	input.peer_count = 0;
	input.config_count = BGP_PLAN_CONFIGS_MAX + 1;
	expect(BGP_ERR_LIMIT, &input);
	input.config_count = 0;
	expect(BGP_ERR_INVALID, &input); /* no name */
	node.name = "n";
	node.labels = labels;
	node.label_count = BGP_PLAN_LABELS_MAX + 1;
	expect(BGP_ERR_LIMIT, &input);
	node.label_count = 1;
	labels[0].value = NULL;
	expect(BGP_ERR_INVALID, &input);
	labels[0].value = text;
	expect(BGP_ERR_LIMIT, &input);
	node.label_count = 0;
	node.workload_count = BGP_PLAN_LISTS_MAX + 1;
	expect(BGP_ERR_LIMIT, &input);
	node.workload_count = 0;
	node.name = text;
	expect(BGP_ERR_LIMIT, &input);
	node.name = "n";
	input.peer_count = 1;
	expect(BGP_ERR_INVALID, &input); /* no name */
	peer.name = "p";
	peer.peer_selector = text;
	expect(BGP_ERR_LIMIT, &input);
	peer.peer_selector = "all()";
	peer.filter_count = BGP_PLAN_LISTS_MAX + 1;
	expect(BGP_ERR_LIMIT, &input);
	peer.filter_count = 0;
	peer.next_hop = (enum bgp_next_hop_mode)7;
	expect(BGP_ERR_INVALID, &input);
}

static void
test_questions_refused(void **state)
{
	char line[] = "node a 10.0.0.1";
	struct bgp_plan_sessions *sessions;
	struct bgp_plan_node other = BGP_PLAN_NODE_INIT;
	struct bgp_plan_fault fault;
	struct bgp_audit *audit;

	(void)state;
	begin("questions");
	resource(line);
	make_plan();
	assert_string_equal(bgp_plan_node_at(t.plan, 0), "a");
	assert_null(bgp_plan_node_at(t.plan, 1));
	assert_int_equal(
	    bgp_plan_sessions_new(t.plan, "b", BGP_IPV4_UNICAST, &sessions),
	    BGP_ERR_NOENT);
	assert_null(sessions);
	assert_int_equal(
	    bgp_plan_sessions_new(t.plan, "a", BGP_FAMILY(1, 128), &sessions),
	    BGP_ERR_INVALID);
	assert_int_equal(bgp_audit_new(t.plan, BGP_FAMILY(1, 128), &audit),
			 BGP_ERR_INVALID);
	assert_null(audit);
	assert_int_equal(bgp_plan_update(t.plan, &other, &fault),
			 BGP_ERR_NOENT);
	other.name = "b";
	assert_int_equal(bgp_plan_update(t.plan, &other, &fault),
			 BGP_ERR_NOENT);
	other.name = "a";
	other.ipv4 = "x";
	assert_int_equal(bgp_plan_update(t.plan, &other, &fault),
			 BGP_ERR_INVALID);
	assert_string_equal(fault.field, "bgp.ipv4Address");
	assert_int_equal(
	    bgp_plan_sessions_new(t.plan, "a", BGP_IPV4_UNICAST, &sessions),
	    BGP_OK);
	assert_true(bgp_plan_sessions_enabled(sessions));
	bgp_plan_sessions_del(sessions);
	bgp_plan_sessions_del(NULL);
	bgp_audit_del(NULL);
	bgp_plan_del(NULL);
	begin("");
}

/* An older host's structs are shorter: what they lack is unset. */
static void
test_older_host(void **state)
{
	struct {
		size_t size;
		const char *name;
		const struct bgp_label *labels;
		size_t label_count;
		const char *ipv4;
	} nodes[2] = {
		{ sizeof nodes[0], "b", NULL, 0, "10.0.0.2" },
		{ sizeof nodes[0], "a", NULL, 0, "10.0.0.1" },
	};
	struct bgp_plan_input input = BGP_PLAN_INPUT_INIT;
	struct bgp_plan_sessions *sessions;

	(void)state;
	input.nodes = (const struct bgp_plan_node *)(const void *)nodes;
	input.node_count = 2;
	begin("older");
	assert_int_equal(bgp_plan_new(&t.plan, &input, NULL), BGP_OK);
	assert_int_equal(
	    bgp_plan_sessions_new(t.plan, "a", BGP_IPV4_UNICAST, &sessions),
	    BGP_OK);
	assert_string_equal(bgp_plan_sessions_at(sessions, 0)->name,
			    "Mesh_10_0_0_2");
	assert_null(bgp_plan_sessions_at(sessions, 1));
	bgp_plan_sessions_del(sessions);
	begin("");
}

/* Each takes the other for a workload, and waits for it. */
static void
test_both_passive(void **state)
{
	char lines[][64] = { "node a 10.0.0.1 work=w@10.0.0.2",
			     "node b 10.0.0.2 work=w@10.0.0.1",
			     "peer w workloads=all() as=64512",
			     "config default mesh=off" };
	struct bgp_audit *audit;
	char text[128];

	(void)state;
	begin("passive");
	for (int i = 0; i < 4; i++)
		resource(lines[i]);
	make_plan();
	assert_int_equal(bgp_audit_new(t.plan, BGP_IPV4_UNICAST, &audit),
			 BGP_OK);
	bgp_finding_text(bgp_audit_at(audit, 0), text, sizeof text);
	assert_string_equal(text, "a and b both wait for the other to connect");
	bgp_audit_del(audit);
	begin("");
}

/* ----------------------------------------------------------------- the pace */

enum { MANY = 5000, MANY_PEERS = 20 };

static double
cpu_s(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void
name_many(struct bgp_plan_node *nodes, struct bgp_label *labels,
	  char (*texts)[3][24])
{
	for (int i = 0; i < MANY; i++) {
		struct bgp_plan_node *n = &nodes[i];

		sprintf(texts[i][0], "node-%d", i);
		sprintf(texts[i][1], "10.1.%d.%d/16", i / 256, i % 256);
		sprintf(texts[i][2], "r%d", i % 60);
		*n = (struct bgp_plan_node)BGP_PLAN_NODE_INIT;
		n->name = texts[i][0];
		n->ipv4 = texts[i][1];
		labels[2 * i] = (struct bgp_label){ "rack", texts[i][2] };
		labels[2 * i + 1] = (struct bgp_label){ "rr", "" };
		n->labels = &labels[2 * i];
		n->label_count = i < 6 ? 2 : 1;
		n->cluster_id = i < 6 ? "1.1.1.1" : NULL;
	}
}

/* Limits are several times what is measured: sanitizers and slow machines. */
static void
test_pace(void **state)
{
	static struct bgp_plan_node nodes[MANY];
	static struct bgp_label labels[2 * MANY];
	static char texts[MANY][3][24], selectors[MANY_PEERS][96], names[20][8];
	struct bgp_plan_peer peers[MANY_PEERS];
	struct bgp_plan_config config = BGP_PLAN_CONFIG_INIT;
	struct bgp_plan_input input = BGP_PLAN_INPUT_INIT;
	struct bgp_plan_sessions *sessions;
	struct bgp_audit_summary sum;
	struct bgp_audit *audit;
	struct bgp_plan *plan;
	size_t count = 0;
	double from = cpu_s(), planned, updated;

	(void)state;
	name_many(nodes, labels, texts);
	for (int i = 0; i < MANY_PEERS; i++) {
		sprintf(names[i], "p%d", i);
		sprintf(selectors[i],
			"has(rr) || rack in {'r%d', 'r%d', 'r%d'}", i, i + 20,
			i + 40);
		peers[i] = (struct bgp_plan_peer)BGP_PLAN_PEER_INIT;
		peers[i].name = names[i];
		peers[i].node_selector = selectors[i];
		peers[i].peer_selector = "has(rr)";
	}
	config.name = "default";
	config.mesh_off = true;
	input.nodes = nodes;
	input.node_count = MANY;
	input.peers = peers;
	input.peer_count = MANY_PEERS;
	input.configs = &config;
	input.config_count = 1;
	assert_int_equal(bgp_plan_new(&plan, &input, NULL), BGP_OK);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(bgp_plan_sessions_new(plan, nodes[i].name,
						       BGP_IPV4_UNICAST,
						       &sessions),
				 BGP_OK);
		while (bgp_plan_sessions_at(sessions, count) != NULL)
			count++;
		count = 0;
		bgp_plan_sessions_del(sessions);
	}
	planned = cpu_s() - from;
	from = cpu_s();
	nodes[MANY - 1].label_count = 0;
	for (int i = 0; i < 10; i++) {
		assert_int_equal(bgp_plan_update(plan, &nodes[MANY - 1], NULL),
				 BGP_OK);
		assert_int_equal(
		    bgp_plan_sessions_new(plan, nodes[MANY - 1].name,
					  BGP_IPV4_UNICAST, &sessions),
		    BGP_OK);
		assert_null(bgp_plan_sessions_at(sessions, 0));
		bgp_plan_sessions_del(sessions);
	}
	updated = (cpu_s() - from) / 10;
	from = cpu_s();
	assert_int_equal(bgp_audit_new(plan, BGP_IPV4_UNICAST, &audit), BGP_OK);
	bgp_audit_summary(audit, &sum);
	assert_int_equal(sum.sessions, (MANY - 7) * 6 + 15);
	assert_int_equal(sum.reached, sum.pairs - 2 * (MANY - 1));
	print_message("# all %.3f s, update %.6f s, audit %.3f s\n", planned,
		      updated, cpu_s() - from);
	assert_true(planned < 8 && updated < 0.1 && cpu_s() - from < 8);
	bgp_audit_del(audit);
	bgp_plan_del(plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_questions_refused),
		cmocka_unit_test(test_older_host),
		cmocka_unit_test(test_both_passive),
		cmocka_unit_test(test_pace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
