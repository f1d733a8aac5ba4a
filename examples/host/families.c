/*
 * families.c - the address families of the neighbours, each named once.
 */
#include "families.h"

#include <stdio.h>
#include <string.h>

static struct bgp_family_offer named[FAMILIES_MAX] = {
	{ .family = BGP_IPV4_UNICAST },
	{ .family = BGP_IPV6_UNICAST },
};
static size_t named_count = 2;

static const struct {
	const char *name;
	uint8_t form;
} forms[] = {
	{ "bits", BGP_NLRI_BITS },
	{ "len8", BGP_NLRI_LEN8 },
	{ "len16", BGP_NLRI_LEN16 },
	{ "type8-len8", BGP_NLRI_TYPE8_LEN8 },
	{ "type16-len16", BGP_NLRI_TYPE16_LEN16 },
	{ "type24-len8", BGP_NLRI_TYPE24_LEN8 },
	{ "flow", BGP_NLRI_FLOW },
};

/* ------------------------------------------------------------------ naming */

static bool
is_known(bgp_family family)
{
	char text[BGP_FAMILY_TEXT_MAX];

	bgp_family_text(family, text, sizeof text);
	return strncmp(text, "afi-", 4) != 0;
}

static const char *
parse_form(struct bgp_family_offer *out, const char *text)
{
	if (is_known(out->family))
		return text == NULL ? NULL : "a known family has its own form";
	if (text == NULL)
		return "unknown: its form is wanted, such as 16397/241:len8";
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (strcmp(forms[i].name, text) == 0)
			out->form = forms[i].form;
	return out->form != 0
	    ? NULL
	    : "a form is one of bits, len8, len16, type8-len8, type16-len16, "
	      "type24-len8, flow";
}

/* The bit of a family that is named now, or was before. */
static const char *
name(const struct bgp_family_offer *family, uint32_t *set)
{
	size_t i = 0;

	while (i < named_count && named[i].family != family->family)
		i++;
	if (i == FAMILIES_MAX)
		return "too many families";
	if (i == named_count)
		named[named_count++] = *family;
	if (named[i].form != family->form)
		return "it was given another form before";
	*set |= 1u << i;
	return NULL;
}

static const char *
parse_one(char *text, uint32_t *set)
{
	struct bgp_family_offer family = { .family = 0 };
	char *form = strchr(text, ':');
	const char *why;

	if (form != NULL)
		*form++ = '\0';
	if (bgp_family_parse(&family.family, text) != BGP_OK)
		return "a family such as vpnv4 or 16397/241:len8 is wanted";
	why = parse_form(&family, form);
	return why != NULL ? why : name(&family, set);
}

const char *
families_parse(void *field, const char *text)
{
	char copy[OPTION_LINE_MAX], *one, *rest = copy;
	uint32_t set = 0;

	if (strlen(text) >= sizeof copy)
		return "too long";
	strcpy(copy, text);
	while ((one = strsep(&rest, "+")) != NULL) {
		const char *why = parse_one(one, &set);

		if (why != NULL)
			return why;
	}
	if (__builtin_popcount(set) > BGP_SESSION_FAMILIES_MAX)
		return "too many families for one session";
	*(uint32_t *)field = set;
	return NULL;
}

/* --------------------------------------------------------------- questions */

size_t
families_count(void)
{
	return named_count;
}

struct bgp_family_offer
families_at(size_t i)
{
	return named[i];
}

const char *
families_table(bgp_family family)
{
	static char text[BGP_FAMILY_TEXT_MAX];

	if (family == BGP_IPV4_UNICAST)
		return "master4";
	if (family == BGP_IPV6_UNICAST)
		return "master6";
	bgp_family_text(family, text, sizeof text);
	return text;
}

bool
families_find_table(const char *table, bgp_family *out)
{
	for (size_t i = 0; i < named_count; i++)
		if (strcmp(families_table(named[i].family), table) == 0) {
			*out = named[i].family;
			return true;
		}
	return false;
}
