/*
 * neighbor.c - text of a neighbour in, options of the speaker out.
 */
#include "neighbor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define IDLE_HOLD_S 1

/* ------------------------------------------------------------------ words */

/* The begin of a file, without a copy in a buffer that outlives the call. */
static const char *
read_begin(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t len;

	if (fd < 0)
		return strerror(errno);
	len = read(fd, line, size - 1);
	line[len > 0 ? len : 0] = '\0';
	if (len < 0) {
		const char *why = strerror(errno);

		close(fd);
		return why;
	}
	close(fd);
	return len == 0 ? "the file is empty" : NULL;
}

static const char *
parse_password_file(void *field, const char *path)
{
	char line[SOCKET_PASSWORD_MAX + 3];
	const char *why = read_begin(path, line, sizeof line);

	if (why != NULL)
		return why;
	line[strcspn(line, "\r\n")] = '\0';
	if (line[0] == '\0' || strlen(line) > SOCKET_PASSWORD_MAX)
		why = "its first line must have 1 to 80 octets";
	else
		strcpy(field, line);
	explicit_bzero(line, sizeof line);
	return why;
}

static const char *
parse_octet(void *field, const char *text)
{
	uint64_t value = 0;
	const char *why = option_number(&value, text, 1, 255);

	if (why == NULL)
		*(uint8_t *)field = (uint8_t)value;
	return why;
}

static const char *
parse_peers(void *field, const char *text)
{
	uint64_t value = 0;
	const char *why = option_number(&value, text, 1, NEIGHBORS_MAX);

	if (why == NULL)
		*(uint32_t *)field = (uint32_t)value;
	return why;
}

static const char *
parse_gtsm(void *field, const char *text)
{
	(void)text;
	*(uint8_t *)field = 1;
	return NULL;
}

static const char *
parse_hold(void *field, const char *text)
{
	uint16_t value = 0;
	const char *why = option_hold(&value, text);

	if (why == NULL)
		*(uint32_t *)field = value;
	return why;
}

static const char *
parse_own(struct bgp_addr *field, const char *text, uint8_t len)
{
	struct bgp_addr addr;

	if (bgp_addr_parse(&addr, text) != BGP_OK || addr.len != len)
		return len == 4 ? "an IPv4 address is wanted"
				: "an IPv6 address is wanted";
	*field = addr;
	return NULL;
}

static const char *
parse_own_ipv4(void *field, const char *text)
{
	return parse_own(field, text, 4);
}

static const char *
parse_own_ipv6(void *field, const char *text)
{
	return parse_own(field, text, 16);
}

static const char *
parse_policy(void *field, const char *text)
{
	if (strcmp(text, "accept") != 0)
		return "accept is the only one";
	*(bool *)field = true;
	return NULL;
}

static const char *
parse_next_hop(void *field, const char *text)
{
	static const char *const modes[] = { "auto", "self", "unchanged" };

	for (unsigned i = 0; i < sizeof modes / sizeof modes[0]; i++)
		if (strcmp(text, modes[i]) == 0) {
			*(enum bgp_next_hop_mode *)
			    field = (enum bgp_next_hop_mode)i;
			return NULL;
		}
	return "auto, self or unchanged is wanted";
}

/* A symbol of the control protocol. */
static const char *
parse_name(void *field, const char *text)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789_";
	size_t len = strlen(text);

	if (len == 0 || len >= BGP_PEER_NAME_MAX ||
	    strspn(text, letters) != len || (text[0] >= '0' && text[0] <= '9'))
		return "up to 63 letters, digits and _ are wanted";
	strcpy(field, text);
	return NULL;
}

#define WORD(name, value, parse, field)                        \
	{                                                      \
		name, value, "", parse,                        \
		    offsetof(struct neighbor_config, field), 0 \
	}

static const struct option_row words[] = {
	WORD("as", "N", option_as, as),
	WORD("port", "N", option_port, port),
	WORD("bind", "ADDR", option_addr, bind),
	WORD("passive", NULL, option_flag, passive),
	WORD("password-file", "F", parse_password_file, password),
	WORD("gtsm", NULL, parse_gtsm, gtsm_hops),
	WORD("gtsm-hops", "N", parse_octet, gtsm_hops),
	WORD("hold", "S", parse_hold, hold_time_s),
	WORD("limit", "N", option_u32, prefix_limit),
	WORD("max-peers", "N", parse_peers, max_peers),
	WORD("own-as", "N", parse_octet, own_as_allowed),
	WORD("families", "F", families_parse, families),
	WORD("no-ipv4", NULL, option_flag, no_ipv4),
	WORD("no-ipv6", NULL, option_flag, no_ipv6),
	WORD("any-next-hop", NULL, option_flag, any_next_hop),
	WORD("no-ext-message", NULL, option_flag, no_ext_message),
	WORD("next-hop", "MODE", parse_next_hop, next_hop),
	WORD("next-hop4", "ADDR", parse_own_ipv4, own_ipv4),
	WORD("next-hop6", "ADDR", parse_own_ipv6, own_ipv6),
	WORD("policy", "accept", parse_policy, accept),
	WORD("name", "TEXT", parse_name, name),
	{ .name = NULL },
};

/* ------------------------------------------------------------------- list */

static const char *
parse_match(struct neighbor_config *config, const char *text)
{
	struct bgp_addr addr;

	if (strchr(text, '/') != NULL) {
		config->range = true;
		return option_prefix(&config->match, text);
	}
	if (option_addr(&addr, text) != NULL)
		return "an address or a prefix is wanted";
	config->scope = addr.scope;
	config->match.len = addr.len;
	config->match.bits = (uint8_t)(addr.len * 8);
	memcpy(config->match.octets, addr.octets, sizeof addr.octets);
	return NULL;
}

static uint32_t
families_of(const struct neighbor_config *config)
{
	return config->families &
	    ~((config->no_ipv4 ? FAMILIES_IPV4 : 0) |
	      (config->no_ipv6 ? FAMILIES_IPV6 : 0));
}

static const char *
parse_config(struct neighbor_config *config, const char *text)
{
	char copy[OPTION_LINE_MAX], *rest;
	const char *why;

	if (strlen(text) >= sizeof copy)
		return "too long";
	strcpy(copy, text);
	rest = strchr(copy, ',');
	if (rest != NULL)
		*rest++ = '\0';
	why = parse_match(config, copy);
	if (why == NULL && rest != NULL)
		why = option_words(words, config, rest);
	if (why == NULL && families_of(config) == 0)
		why = "no family is left";
	if (why == NULL && config->range && config->name[0] != '\0')
		why = "a range has no name";
	if (why == NULL && !config->range && config->max_peers != 0)
		why = "max-peers is a word of ranges";
	if (why == NULL && config->bind.len != 0 &&
	    config->bind.len != config->match.len)
		why = "bind: an address of the peer's family is wanted";
	return why;
}

static const char *
add(struct neighbor_list *list, const char *text, bool client)
{
	struct neighbor_config config = {
		.client = client,
		.port = 179,
		.line = option_line(),
		.hold_time_s = NEIGHBOR_HOLD_DEFAULT,
		.prefix_limit = NEIGHBOR_LIMIT_DEFAULT,
		.families = FAMILIES_IPV4 | FAMILIES_IPV6,
	};
	const char *why = parse_config(&config, text);

	if (config.range && config.max_peers == 0)
		config.max_peers = NEIGHBOR_RANGE_PEERS_MAX;
	if (config.prefix_limit == NEIGHBOR_LIMIT_DEFAULT)
		config.prefix_limit = config.range ? NEIGHBOR_RANGE_LIMIT : 0;
	if (why == NULL)
		why = neighbor_list_add(list, &config);
	explicit_bzero(config.password, sizeof config.password);
	return why;
}

const char *
neighbor_client(void *field, const char *text)
{
	return add(field, text, true);
}

const char *
neighbor_peer(void *field, const char *text)
{
	return add(field, text, false);
}

/* -------------------------------------------------------------- questions */

void
neighbor_name(const struct neighbor_config *config, const struct bgp_addr *addr,
	      char *name)
{
	char text[BGP_ADDR_TEXT_MAX];

	if (config->name[0] != '\0') {
		strcpy(name, config->name);
		return;
	}
	bgp_addr_text(addr, text, sizeof text);
	for (char *p = text; *p != '\0'; p++)
		if (*p == '.' || *p == ':' || *p == '%')
			*p = '_';
	snprintf(name, BGP_PEER_NAME_MAX, "%s_%s",
		 config->client ? "Node" : "Global", text);
}

static void
set_families(const struct neighbor_config *config, struct bgp_peer_options *out)
{
	uint32_t set = families_of(config);

	out->family_count = 0;
	for (size_t i = 0; i < families_count(); i++)
		if (set & 1u << i)
			out->families[out->family_count++] = families_at(i);
}

void
neighbor_options(const struct neighbor_config *config,
		 const struct bgp_addr *addr, uint32_t local_as,
		 uint16_t hold_time_s, const char *name,
		 struct bgp_peer_options *out)
{
	struct bgp_peer_options options = BGP_PEER_OPTIONS_INIT;

	options.name = name;
	options.address = *addr;
	options.peer_as = config->as != 0 ? config->as : local_as;
	options.client = config->client;
	options.passive = config->passive || config->range;
	options.no_next_hop_check = config->any_next_hop;
	options.ext_message = !config->no_ext_message;
	options.next_hop = config->next_hop;
	options.own_ipv4 = config->own_ipv4;
	options.own_ipv6 = config->own_ipv6;
	options.own_as_allowed = config->own_as_allowed;
	options.prefix_limit = config->prefix_limit;
	options.hold_time_s = config->hold_time_s == NEIGHBOR_HOLD_DEFAULT
	    ? hold_time_s
	    : (uint16_t)config->hold_time_s;
	options.connect_retry_s = NEIGHBOR_RETRY_S;
	options.idle_hold_s = IDLE_HOLD_S;
	set_families(config, &options);
	if (config->accept)
		options.import_policy = options
					    .export_policy = bgp_policy_accept;
	*out = options;
}

bool
neighbor_guard_differs(const struct neighbor_config *a,
		       const struct neighbor_config *b)
{
	return a->gtsm_hops != b->gtsm_hops ||
	    strcmp(a->password, b->password) != 0;
}
