/*
 * vector.c - a vector: a message, the session it came in, what is expected.
 */
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "vector.h"

FILE *
vector_file(const char *name)
{
	const char *dir = getenv("VECTORS");
	char path[1000];

	snprintf(path, sizeof path, "%s/%s.jsonl", dir != NULL ? dir : ".",
		 name);
	return fopen(path, "r");
}

/* ------------------------------------------------------------------ context */

bgp_family
vector_family(const char *name)
{
	static const struct {
		const char *name;
		bgp_family family;
	} other[] = {
		{ "ipv4-vpn", BGP_FAMILY(1, 128) },
		{ "ipv6-vpn", BGP_FAMILY(2, 128) },
		{ "ipv4-rtc", BGP_FAMILY(1, 132) },
		{ "ipv4-labeled-unicast", BGP_FAMILY(1, 4) },
		{ "4128/1", BGP_FAMILY(4128, 1) },
	};
	bgp_family family;

	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
		if (strcmp(other[i].name, name) == 0)
			return other[i].family;
	if (bgp_family_parse(&family, name) != BGP_OK)
		fail_msg("unknown family %s", name);
	return family;
}

static void
add_family(struct bgp_codec *codec, const char *name, bool add_path)
{
	struct bgp_family_codec *f = codec->families + codec->family_count++;

	memset(f, 0, sizeof *f);
	f->family = vector_family(name);
	f->add_path_in = f->add_path_out = add_path;
	f->ext_next_hop = true; /* the contexts do not say */
}

void
vector_codec(struct bgp_codec *codec, const char *id,
	     const struct json *context)
{
	const struct json *families = json_get(context, "families");
	const struct json *add_path = json_get(context, "addpath");
	const char *session = json_string(context, "session");
	bool ext = json_number(context, "extmsg", 0) != 0 ||
	    json_number(context, "ext_msg", 0) != 0;

	memset(codec, 0, sizeof *codec);
	codec->as4 = json_number(context, "as4", 1) != 0;
	codec->ebgp = json_number(context, "ibgp", 0) == 0 &&
	    (session == NULL || strcmp(session, "ibgp") != 0);
	codec->first_as_check = json_number(context, "enforce_first_as", 0);
	codec->peer_as = (uint32_t)json_number(context, "peer_as", 65002);
	codec->local_as = (uint32_t)json_number(context, "local_as", 65001);
	codec->message_in_max = ext ? BGP_MESSAGE_EXT_MAX : BGP_MESSAGE_MAX;
	codec->message_out_max = codec->message_in_max;
	codec->next_hop_check = strcmp(id, "CVE-2026-37458") == 0;
	if (families == NULL) {
		add_family(codec, "ipv4-unicast", false);
		add_family(codec, "ipv6-unicast", false);
		return;
	}
	for (families = families->first; families != NULL;
	     families = families->next)
		add_family(codec, families->string,
			   json_has(add_path, families->string));
}

/* ----------------------------------------------------------------- outcomes */

bool
outcome_is(const struct outcome *o, const char *phrase)
{
	unsigned code, subcode;

	if (strncmp(phrase, "accept", 6) == 0)
		return o->remedy <= BGP_REMEDY_DISCARD;
	if (strncmp(phrase, "ignore if", 9) == 0)
		return false; /* all families of the vectors are negotiated */
	if (strncmp(phrase, "ignore route (semantic", 22) == 0)
		return o->remedy == BGP_REMEDY_WITHDRAW;
	if (strncmp(phrase, "ignore", 6) == 0)
		return o->remedy <= BGP_REMEDY_WITHDRAW;
	if (strcmp(phrase, "treat-as-withdraw") == 0)
		return o->remedy == BGP_REMEDY_WITHDRAW;
	if (strcmp(phrase, "attribute-discard") == 0)
		return o->remedy == BGP_REMEDY_DISCARD;
	if (strncmp(phrase, "session-close", 13) == 0)
		return o->remedy == BGP_REMEDY_NONE;
	if (strcmp(phrase, "session-reset 3/*") == 0)
		return o->remedy == BGP_REMEDY_RESET && o->code == 3;
	if (strcmp(phrase, "session-reset") == 0)
		return o->remedy == BGP_REMEDY_RESET;
	if (strcmp(phrase, "notification 2/*") == 0)
		return o->remedy == BGP_REMEDY_RESET && o->code == 2;
	return sscanf(phrase, "session-reset NOTIFICATION %u/%u", &code,
		      &subcode) == 2 &&
	    o->remedy == BGP_REMEDY_RESET && o->code == code &&
	    o->subcode == subcode;
}

bool
outcome_is_one_of(const struct outcome *o, const struct json *phrases)
{
	if (phrases == NULL)
		return false;
	for (phrases = phrases->first; phrases != NULL; phrases = phrases->next)
		if (outcome_is(o, phrases->string))
			return true;
	return false;
}
