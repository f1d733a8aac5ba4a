/*
 * cluster.c - Node, BGPPeer and BGPConfiguration from YAML into plain structs.
 *
 * A table says for each field of each kind where it goes and how it is read;
 * fields that matter to others than the planner are known but passed over.
 * Unknown kinds are skipped with a notice, unknown fields with a warning.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cluster.h"
#include "yaml.h"

struct cluster_block {
	struct cluster_block *next;
	max_align_t octets[];
};

/* One document under way. */
struct reader {
	struct cluster *c;
	const char *file;
	bool ok;
};

/* ------------------------------------------------------------------- errors */

static bool
fail(struct reader *r, uint32_t line, uint32_t column, const char *what,
     const char *reason)
{
	if (r->ok)
		snprintf(r->c->error, sizeof r->c->error, "%s:%u:%u: %s%s%s",
			 r->file, line, column, what,
			 what[0] != '\0' ? ": " : "", reason);
	r->ok = false;
	return false;
}

static bool
fail_at(struct reader *r, const struct yaml_node *n, const char *reason)
{
	return fail(r, n->line, n->column, n->key != NULL ? n->key : "",
		    reason);
}

static void
warn(struct reader *r, const struct yaml_node *n, const char *format,
     const char *name)
{
	char text[256];

	if (r->c->warn == NULL)
		return;
	snprintf(text, sizeof text, format, name);
	r->c->warn(r->c->ctx, r->file, n->line, n->column, text);
}

/* ------------------------------------------------------------------- memory */

static void *
get(struct reader *r, size_t len)
{
	struct cluster_block *b = calloc(1, sizeof *b + len);

	if (b == NULL) {
		fail(r, 0, 0, "", "out of memory");
		return NULL;
	}
	b->next = r->c->blocks;
	r->c->blocks = b;
	return b->octets;
}

static const char *
keep(struct reader *r, const char *text)
{
	char *to = get(r, strlen(text) + 1);

	return to != NULL ? strcpy(to, text) : NULL;
}

/* One more in an array of structs and in its array of places. */
static void *
append(struct reader *r, const struct yaml_node *n, void **array, size_t len,
       struct cluster_place **places, size_t *count, size_t *room)
{
	size_t fresh_room = *room < 16 ? 16 : 2 * *room;

	if (*count == *room) {
		struct cluster_place *p = realloc(*places,
						  fresh_room * sizeof *p);
		void *a;

		if (p != NULL)
			*places = p;
		a = p != NULL ? realloc(*array, fresh_room * len) : NULL;
		if (a == NULL) {
			fail(r, n->line, n->column, "", "out of memory");
			return NULL;
		}
		*array = a;
		*room = fresh_room;
	}
	(*places)[*count] = (struct cluster_place){ r->file, n->line };
	return (char *)*array + len * (*count)++;
}

/* ------------------------------------------------------------------- values */

static bool
read_text(struct reader *r, const struct yaml_node *n, const char **out)
{
	if (n->kind == YAML_NULL)
		return true;
	if (n->kind != YAML_SCALAR)
		return fail_at(r, n, "expected text");
	*out = keep(r, n->text);
	return *out != NULL;
}

static bool
read_number(struct reader *r, const struct yaml_node *n, uint64_t max,
	    uint64_t *out)
{
	const char *p = n->kind == YAML_SCALAR ? n->text : "";
	uint64_t v = 0;

	if (n->kind == YAML_NULL) {
		*out = 0;
		return true;
	}
	for (; *p >= '0' && *p <= '9' && v <= max; p++)
		v = v * 10 + (uint64_t)(*p - '0');
	if (n->kind != YAML_SCALAR || p == n->text || *p != '\0' || v > max)
		return fail_at(r, n, "expected a number in its range");
	*out = v;
	return true;
}

/* "65000", or "1.10" as Calico also writes AS numbers. */
static bool
read_as(struct reader *r, const struct yaml_node *n, uint32_t *out)
{
	unsigned high, low;
	uint64_t v = 0;
	int end = 0;

	if (n->kind == YAML_SCALAR && strchr(n->text, '.') != NULL) {
		if (sscanf(n->text, "%5u.%5u%n", &high, &low, &end) < 2 ||
		    n->text[end] != '\0' || high > 65535 || low > 65535)
			return fail_at(r, n, "expected an AS number");
		*out = high << 16 | low;
		return true;
	}
	if (!read_number(r, n, UINT32_MAX, &v))
		return false;
	*out = (uint32_t)v;
	return true;
}

static bool
read_truth(struct reader *r, const struct yaml_node *n, bool *out)
{
	return yaml_bool(n, out) || n->kind == YAML_NULL ||
	    fail_at(r, n, "expected true or false");
}

static const struct {
	const char *unit;
	double ms;
} units[] = {
	{ "ms", 1 },    { "us", 1e-3 }, { "ns", 1e-6 },
	{ "h", 3.6e6 }, { "m", 6e4 },   { "s", 1e3 },
};

/* One "1.5h" of a duration; NULL: none. */
static const char *
add_part(const char *p, double *ms)
{
	char *end;
	double v;

	if (*p != '.' && (*p < '0' || *p > '9'))
		return NULL;
	v = strtod(p, &end);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		size_t len = strlen(units[i].unit);

		if (strncmp(end, units[i].unit, len) == 0) {
			*ms += v * units[i].ms;
			return end + len;
		}
	}
	return NULL;
}

/* "120s", "1m30s", "1.5h" as Go writes durations. */
static bool
read_duration(struct reader *r, const struct yaml_node *n, int64_t *out)
{
	const char *p = n->kind == YAML_SCALAR ? n->text : "";
	double ms = 0;

	if (n->kind == YAML_NULL)
		return true;
	if (strcmp(p, "0") == 0)
		p++;
	else if (*p == '\0' || strspn(p, "0123456789.hmsnu") != strlen(p))
		return fail_at(r, n, "expected a duration such as 120s");
	while (p != NULL && *p != '\0')
		p = add_part(p, &ms);
	if (p == NULL || ms > 1e12)
		return fail_at(r, n, "expected a duration such as 120s");
	*out = (int64_t)(ms + 0.5);
	return true;
}

static bool
read_next_hop(struct reader *r, const struct yaml_node *n,
	      enum bgp_next_hop_mode *out)
{
	static const char *const modes[] = { "Auto", "Self", "Keep" };

	if (n->kind == YAML_NULL)
		return true;
	for (int i = 0; i < 3; i++)
		if (n->kind == YAML_SCALAR && strcmp(n->text, modes[i]) == 0) {
			*out = (enum bgp_next_hop_mode)i;
			return true;
		}
	return fail_at(r, n, "expected Auto, Self or Keep");
}

/* One of two words, of which the second sets a flag. */
static bool
read_word(struct reader *r, const struct yaml_node *n, const char *off,
	  const char *on, bool *out)
{
	const char *text = n->kind == YAML_SCALAR ? n->text : "";

	*out = strcmp(text, on) == 0;
	if (n->kind == YAML_NULL || *out || strcmp(text, off) == 0)
		return true;
	return fail_at(r, n, "expected one of its two words");
}

/* password.secretKeyRef {name, key} -> "name/key". */
static bool
read_secret(struct reader *r, const struct yaml_node *n, const char **out)
{
	const struct yaml_node *ref = yaml_get(n, "secretKeyRef");
	const struct yaml_node *name = yaml_get(ref, "name");
	const struct yaml_node *key = yaml_get(ref, "key");
	char *text;

	if (name == NULL || key == NULL || name->kind != YAML_SCALAR ||
	    key->kind != YAML_SCALAR)
		return fail_at(r, n, "expected secretKeyRef with name and key");
	text = get(r, strlen(name->text) + strlen(key->text) + 2);
	if (text == NULL)
		return false;
	sprintf(text, "%s/%s", name->text, key->text);
	*out = text;
	return true;
}

static size_t
count(const struct yaml_node *n)
{
	size_t sum = 0;

	for (n = n->first; n != NULL; n = n->next)
		sum++;
	return sum;
}

static bool
read_filters(struct reader *r, const struct yaml_node *n,
	     struct bgp_plan_peer *peer)
{
	const char **names;
	size_t i = 0;

	if (n->kind == YAML_NULL)
		return true;
	if (n->kind != YAML_SEQUENCE)
		return fail_at(r, n, "expected a list of names");
	names = get(r, (count(n) + 1) * sizeof *names);
	if (names == NULL)
		return false;
	for (n = n->first; n != NULL; n = n->next)
		if (!read_text(r, n, &names[i++]))
			return false;
	peer->filters = names;
	peer->filter_count = i;
	return true;
}

/* --------------------------------------------------------------- the fields */

enum type {
	PASS, /* known, of no concern to the plan */
	INTO, /* its fields have rows of their own */
	TEXT,
	AS,
	PORT,
	OCTET,
	HOPS,
	TRUTH,
	TRUTH_NOT,
	DURATION,
	NEXT_HOP,
	SOURCE,
	REVERSE,
	SECRET,
	FILTERS
};

struct field {
	const char *path;
	enum type type;
	size_t at;
};

#define NODE(field)   offsetof(struct bgp_plan_node, field)
#define PEER(field)   offsetof(struct bgp_plan_peer, field)
#define CONFIG(field) offsetof(struct bgp_plan_config, field)

static const struct field node_fields[] = {
	{ "bgp", INTO, 0 },
	{ "bgp.asNumber", AS, NODE(as_number) },
	{ "bgp.ipv4Address", TEXT, NODE(ipv4) },
	{ "bgp.ipv6Address", TEXT, NODE(ipv6) },
	{ "bgp.routeReflectorClusterID", TEXT, NODE(cluster_id) },
	{ "bgp.ipv4IPIPTunnelAddr", PASS, 0 },
	{ "bgp.interface", PASS, 0 },
	{ "addresses", PASS, 0 },
	{ "ipv4VXLANTunnelAddr", PASS, 0 },
	{ "vxlanTunnelMACAddr", PASS, 0 },
	{ "ipv6VXLANTunnelAddr", PASS, 0 },
	{ "vxlanTunnelMACAddrV6", PASS, 0 },
	{ "orchRefs", PASS, 0 },
	{ "wireguard", PASS, 0 },
	{ "podCIDR", PASS, 0 },
	{ "podCIDRs", PASS, 0 },
	{ "providerID", PASS, 0 },
	{ "taints", PASS, 0 },
	{ "unschedulable", PASS, 0 },
	{ NULL, PASS, 0 },
};

static const struct field peer_fields[] = {
	{ "node", TEXT, PEER(node) },
	{ "nodeSelector", TEXT, PEER(node_selector) },
	{ "peerIP", TEXT, PEER(peer_ip) },
	{ "peerSelector", TEXT, PEER(peer_selector) },
	{ "localWorkloadSelector", TEXT, PEER(workload_selector) },
	{ "asNumber", AS, PEER(as_number) },
	{ "localASNumber", AS, PEER(local_as_number) },
	{ "keepOriginalNextHop", TRUTH, PEER(keep_original_next_hop) },
	{ "nextHopMode", NEXT_HOP, PEER(next_hop) },
	{ "password", SECRET, PEER(password) },
	{ "sourceAddress", SOURCE, PEER(no_source) },
	{ "maxRestartTime", DURATION, PEER(restart_ms) },
	{ "keepaliveTime", DURATION, PEER(keepalive_ms) },
	{ "numAllowedLocalASNumbers", OCTET, PEER(allowed_local_as) },
	{ "ttlSecurity", HOPS, PEER(ttl_security_hops) },
	{ "reachableBy", TEXT, PEER(reachable_by) },
	{ "filters", FILTERS, 0 },
	{ "reversePeering", REVERSE, PEER(reverse_manual) },
	{ NULL, PASS, 0 },
};

static const struct field config_fields[] = {
	{ "nodeToNodeMeshEnabled", TRUTH_NOT, CONFIG(mesh_off) },
	{ "asNumber", AS, CONFIG(as_number) },
	{ "listenPort", PORT, CONFIG(listen_port) },
	{ "nodeMeshPassword", SECRET, CONFIG(mesh_password) },
	{ "nodeMeshMaxRestartTime", DURATION, CONFIG(mesh_restart_ms) },
	{ "logSeverityScreen", PASS, 0 },
	{ "serviceClusterIPs", PASS, 0 },
	{ "serviceExternalIPs", PASS, 0 },
	{ "serviceLoadBalancerIPs", PASS, 0 },
	{ "serviceLoadBalancerAggregation", PASS, 0 },
	{ "communities", PASS, 0 },
	{ "prefixAdvertisements", PASS, 0 },
	{ "bindMode", PASS, 0 },
	{ "ignoredInterfaces", PASS, 0 },
	{ "localWorkloadPeeringIPV4", PASS, 0 },
	{ "localWorkloadPeeringIPV6", PASS, 0 },
	{ "programClusterRoutes", PASS, 0 },
	{ "ipv4NormalRoutePriority", PASS, 0 },
	{ "ipv6NormalRoutePriority", PASS, 0 },
	{ NULL, PASS, 0 },
};

static bool
read_small(struct reader *r, const struct yaml_node *n, enum type type,
	   void *to)
{
	uint64_t v = 0;

	if (!read_number(r, n,
			 type == PORT       ? 65535
			     : type == HOPS ? 254
					    : 255,
			 &v))
		return false;
	if (type == PORT)
		*(uint16_t *)to = (uint16_t)v;
	else
		*(uint8_t *)to = (uint8_t)v;
	return true;
}

static bool
read_flag(struct reader *r, const struct yaml_node *n, enum type type, bool *to)
{
	bool truth = type == TRUTH_NOT;

	if (type == SOURCE)
		return read_word(r, n, "UseNodeIP", "None", to);
	if (type == REVERSE)
		return read_word(r, n, "Auto", "Manual", to);
	if (!read_truth(r, n, &truth))
		return false;
	*to = type == TRUTH_NOT ? !truth : truth;
	return true;
}

static bool
read_value(struct reader *r, const struct yaml_node *n, const struct field *f,
	   void *spec)
{
	void *to = (char *)spec + f->at;

	switch (f->type) {
	case PASS:
	case INTO:
		return true;
	case TEXT:
		return read_text(r, n, to);
	case AS:
		return read_as(r, n, to);
	case PORT:
	case OCTET:
	case HOPS:
		return read_small(r, n, f->type, to);
	case DURATION:
		return read_duration(r, n, to);
	case NEXT_HOP:
		return read_next_hop(r, n, to);
	case SECRET:
		return read_secret(r, n, to);
	case FILTERS:
		return read_filters(r, n, spec);
	default:
		return read_flag(r, n, f->type, to);
	}
}

static bool
read_fields(struct reader *r, const struct yaml_node *spec, const char *prefix,
	    const struct field *fields, void *to)
{
	if (spec == NULL || spec->kind == YAML_NULL)
		return true;
	if (spec->kind != YAML_MAPPING)
		return fail_at(r, spec, "expected fields");
	for (const struct yaml_node *n = spec->first; n != NULL; n = n->next) {
		const struct field *f = fields;
		char path[128], inner[64];

		snprintf(path, sizeof path, "%s%s", prefix, n->key);
		while (f->path != NULL && strcmp(f->path, path) != 0)
			f++;
		if (f->path == NULL) {
			warn(r, n, "unknown field %s", path);
			continue;
		}
		snprintf(inner, sizeof inner, "%s.", f->path);
		if (f->type == INTO ? !read_fields(r, n, inner, fields, to)
				    : !read_value(r, n, f, to))
			return false;
	}
	return true;
}

/* ---------------------------------------------------------------- resources */

static bool
read_labels(struct reader *r, const struct yaml_node *n,
	    struct bgp_plan_node *node)
{
	struct bgp_label *labels;
	size_t i = 0;

	if (n == NULL || n->kind == YAML_NULL)
		return true;
	if (n->kind != YAML_MAPPING)
		return fail_at(r, n, "expected labels");
	labels = get(r, (count(n) + 1) * sizeof *labels);
	if (labels == NULL)
		return false;
	for (n = n->first; n != NULL; n = n->next, i++) {
		const char *text = "";
		bool truth;

		if (n->kind == YAML_MAPPING || n->kind == YAML_SEQUENCE)
			return fail_at(r, n, "expected text");
		if (yaml_bool(n, &truth))
			text = truth ? "true" : "false";
		else if (n->kind == YAML_SCALAR)
			text = n->text;
		labels[i].key = keep(r, n->key);
		labels[i].value = keep(r, text);
		if (labels[i].key == NULL || labels[i].value == NULL)
			return false;
	}
	node->labels = labels;
	node->label_count = i;
	return true;
}

static bool
read_name(struct reader *r, const struct yaml_node *doc, const char **out)
{
	const struct yaml_node *name = yaml_get(yaml_get(doc, "metadata"),
						"name");

	if (name == NULL || name->kind != YAML_SCALAR)
		return fail(r, doc->line, doc->column, "metadata.name",
			    "missing");
	return read_text(r, name, out);
}

static bool
read_node(struct reader *r, const struct yaml_node *doc)
{
	struct cluster *c = r->c;
	struct bgp_plan_node node = BGP_PLAN_NODE_INIT, *to;
	const struct yaml_node *meta = yaml_get(doc, "metadata");

	if (!read_name(r, doc, &node.name) ||
	    !read_labels(r, yaml_get(meta, "labels"), &node) ||
	    !read_fields(r, yaml_get(doc, "spec"), "", node_fields, &node))
		return false;
	to = append(r, doc, (void **)&c->nodes, sizeof node, &c->node_places,
		    &c->node_count, &c->node_room);
	if (to != NULL)
		*to = node;
	return to != NULL;
}

static bool
read_peer(struct reader *r, const struct yaml_node *doc)
{
	struct cluster *c = r->c;
	struct bgp_plan_peer peer = BGP_PLAN_PEER_INIT, *to;

	if (!read_name(r, doc, &peer.name) ||
	    !read_fields(r, yaml_get(doc, "spec"), "", peer_fields, &peer))
		return false;
	to = append(r, doc, (void **)&c->peers, sizeof peer, &c->peer_places,
		    &c->peer_count, &c->peer_room);
	if (to != NULL)
		*to = peer;
	return to != NULL;
}

static bool
read_config(struct reader *r, const struct yaml_node *doc)
{
	struct cluster *c = r->c;
	struct bgp_plan_config config = BGP_PLAN_CONFIG_INIT, *to;
	const struct yaml_node *spec = yaml_get(doc, "spec");

	if (!read_name(r, doc, &config.name) ||
	    !read_fields(r, spec, "", config_fields, &config))
		return false;
	if (yaml_get(spec, "communities") != NULL &&
	    yaml_get(spec, "prefixAdvertisements") == NULL)
		return fail_at(r, yaml_get(spec, "communities"),
			       "needs prefixAdvertisements");
	to = append(r, doc, (void **)&c->configs, sizeof config,
		    &c->config_places, &c->config_count, &c->config_room);
	if (to != NULL)
		*to = config;
	return to != NULL;
}

static bool read_document(struct reader *r, const struct yaml_node *doc);

/* List, NodeList, …: what "get -o yaml" prints. */
static bool
read_list(struct reader *r, const struct yaml_node *doc)
{
	const struct yaml_node *n = yaml_get(doc, "items");

	if (n == NULL || n->kind != YAML_SEQUENCE)
		return n == NULL || n->kind == YAML_NULL ||
		    fail_at(r, n, "expected a list of resources");
	for (n = n->first; n != NULL; n = n->next)
		if (!read_document(r, n))
			return false;
	return true;
}

static const struct {
	const char *kind;
	bool (*read)(struct reader *r, const struct yaml_node *doc);
} kinds[] = {
	{ "Node", read_node },
	{ "BGPPeer", read_peer },
	{ "List", read_list },
	{ "BGPConfiguration", read_config },
	{ "NodeList", read_list },
	{ "BGPPeerList", read_list },
	{ "BGPConfigurationList", read_list },
};

static bool
read_document(struct reader *r, const struct yaml_node *doc)
{
	const struct yaml_node *kind;

	if (doc->kind == YAML_NULL)
		return true;
	if (doc->kind != YAML_MAPPING)
		return fail(r, doc->line, doc->column, "",
			    "expected a resource with kind, metadata and spec");
	kind = yaml_get(doc, "kind");
	if (kind == NULL || kind->kind != YAML_SCALAR)
		return fail(r, doc->line, doc->column, "kind", "missing");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].kind, kind->text) == 0)
			return kinds[i].read(r, doc);
	warn(r, kind, "kind %s is skipped", kind->text);
	return true;
}

/* ------------------------------------------------------------------- public */

bool
cluster_read_text(struct cluster *c, const char *file, const char *text,
		  size_t len)
{
	struct reader r = { c, NULL, true };
	const struct yaml_node *doc;
	struct yaml y;

	r.file = file;
	r.file = keep(&r, file);
	if (r.file == NULL)
		return false;
	yaml_open(&y, text, len, NULL);
	while ((doc = yaml_next(&y)) != NULL && read_document(&r, doc))
		;
	if (y.err != BGP_OK)
		fail(&r, y.error_line, y.error_column, "", y.reason);
	yaml_close(&y);
	return r.ok;
}

/* The whole file; NULL: errno says why. */
static char *
slurp(FILE *f, size_t *len)
{
	size_t room = 1 << 16, n;
	char *text = NULL, *fresh;

	*len = 0;
	do {
		fresh = realloc(text, room);
		if (fresh == NULL || room > CLUSTER_FILE_MAX) {
			free(fresh != NULL ? fresh : text);
			errno = fresh != NULL ? EFBIG : ENOMEM;
			return NULL;
		}
		text = fresh;
		n = fread(text + *len, 1, room - *len, f);
		*len += n;
		room *= 2;
	} while (n > 0 && *len == room / 2);
	if (ferror(f)) {
		free(text);
		return NULL;
	}
	return text;
}

bool
cluster_read(struct cluster *c, const char *file)
{
	bool standard = strcmp(file, "-") == 0, ok;
	FILE *f = standard ? stdin : fopen(file, "rb");
	char *text;
	size_t len;

	text = f != NULL ? slurp(f, &len) : NULL;
	if (text == NULL)
		snprintf(c->error, sizeof c->error, "%s: %s", file,
			 strerror(errno));
	if (f != NULL && !standard)
		fclose(f);
	if (text == NULL)
		return false;
	ok = cluster_read_text(c, file, text, len);
	free(text);
	return ok;
}

struct cluster_place
cluster_place(const struct cluster *c, const struct bgp_plan_fault *fault)
{
	struct cluster_place none = { "", 0 };

	/* The last of a name: the one that is too many. */
	for (size_t i = c->node_count; i-- > 0;)
		if (strcmp(fault->kind, "Node") == 0 &&
		    strcmp(c->nodes[i].name, fault->name) == 0)
			return c->node_places[i];
	for (size_t i = c->peer_count; i-- > 0;)
		if (strcmp(fault->kind, "BGPPeer") == 0 &&
		    strcmp(c->peers[i].name, fault->name) == 0)
			return c->peer_places[i];
	for (size_t i = c->config_count; i-- > 0;)
		if (strcmp(fault->kind, "BGPConfiguration") == 0 &&
		    strcmp(c->configs[i].name, fault->name) == 0)
			return c->config_places[i];
	return none;
}

bool
cluster_plan(struct cluster *c, struct bgp_plan **out)
{
	struct bgp_plan_input input = BGP_PLAN_INPUT_INIT;
	struct bgp_plan_fault fault = { "", "", "", 0, "out of memory" };
	struct cluster_place place;
	int err;

	input.nodes = c->nodes;
	input.node_count = c->node_count;
	input.peers = c->peers;
	input.peer_count = c->peer_count;
	input.configs = c->configs;
	input.config_count = c->config_count;
	err = bgp_plan_new(out, &input, &fault);
	if (err == BGP_OK)
		return true;
	place = cluster_place(c, &fault);
	if (err == BGP_ERR_NOMEM)
		snprintf(c->error, sizeof c->error, "out of memory");
	else if (fault.name[0] == '\0')
		snprintf(c->error, sizeof c->error, "%s: %s", fault.kind,
			 fault.reason);
	else
		snprintf(c->error, sizeof c->error, "%s:%u: %s %s: %s: %s",
			 place.file, place.line, fault.kind, fault.name,
			 fault.field, fault.reason);
	return false;
}

void
cluster_clear(struct cluster *c)
{
	while (c->blocks != NULL) {
		struct cluster_block *b = c->blocks;

		c->blocks = b->next;
		free(b);
	}
	free(c->nodes);
	free(c->peers);
	free(c->configs);
	free(c->node_places);
	free(c->peer_places);
	free(c->config_places);
	*c = (struct cluster){ .warn = c->warn, .ctx = c->ctx };
}
