/*
 * test_rows.c - one case for each clause that says what a fault costs.
 *
 * Reads the files of rows/, one per RFC clause:
 *
 *   case ROW TITLE
 *   session WORD …          as2, first-as, ext-next-hop, families F …
 *   withdrawn               hex behind each, # begins a comment
 *   attributes
 *   nlri
 *   ibgp REMEDY [CODE/SUBCODE]
 *   ebgp REMEDY [CODE/SUBCODE]
 *
 * Sessions have all families of the library and 4-octet AS numbers unless the
 * case says otherwise.
 */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "../unit/hex.h"

#include "bgp/codec.h"

enum part { WITHDRAWN, ATTRIBUTES, NLRI, PARTS };

static const char *const part_names[] = { "withdrawn", "attributes", "nlri" };

/* The case being read. */
static struct {
	char title[200];
	struct bgp_codec codec;
	uint8_t octets[PARTS][1000];
	size_t len[PARTS];
} row;

static unsigned long outcomes;

static void
add_family(bgp_family family)
{
	row.codec.families[row.codec.family_count++] =
	    (struct bgp_family_codec){ .family = family };
}

static void
begin_case(const char *title)
{
	memset(&row, 0, sizeof row);
	snprintf(row.title, sizeof row.title, "%.150s", title);
	row.codec.as4 = true;
	row.codec.peer_as = 65002;
	row.codec.local_as = 65001;
	add_family(BGP_IPV4_UNICAST);
	add_family(BGP_IPV6_UNICAST);
}

static void
set_session(char *words)
{
	bool families = false;
	bgp_family family;

	for (char *word = strtok(words, " \n"); word != NULL;
	    word = strtok(NULL, " \n")) {
		if (families && bgp_family_parse(&family, word) == BGP_OK) {
			add_family(family);
		} else if (strcmp(word, "families") == 0) {
			families = true;
			row.codec.family_count = 0;
		} else if (strcmp(word, "as2") == 0) {
			row.codec.as4 = false;
		} else if (strcmp(word, "first-as") == 0) {
			row.codec.first_as_check = true;
		} else if (strcmp(word, "ext-next-hop") == 0) {
			row.codec.families[0].ext_next_hop = true;
		} else {
			fail_msg("%s: session %s", row.title, word);
		}
	}
}

static size_t
build(uint8_t *msg)
{
	uint8_t *p = msg + 19;

	memset(msg, 0xff, 19);
	for (int i = 0; i < PARTS; i++) {
		if (i != NLRI) {
			*p++ = (uint8_t)(row.len[i] >> 8);
			*p++ = (uint8_t)row.len[i];
		}
		memcpy(p, row.octets[i], row.len[i]);
		p += row.len[i];
	}
	return (size_t)(p - msg);
}

static void
expect(bool ebgp, const char *wanted)
{
	static struct bgp_update update;
	struct bgp_fault fault;
	uint8_t msg[4096];
	char got[40];
	size_t len = build(msg);

	row.codec.ebgp = ebgp;
	bgp_update_decode(&row.codec, msg, len, &update, &fault);
	if (fault.remedy == BGP_REMEDY_NONE)
		snprintf(got, sizeof got, "none");
	else
		snprintf(got, sizeof got, "%s %u/%u",
		    bgp_remedy_text(fault.remedy), fault.code, fault.subcode);
	if (strcmp(got, wanted) != 0)
		fail_msg("%s (%s): %s, not %s", row.title,
		    ebgp ? "eBGP" : "iBGP", got, wanted);
	outcomes++;
}

/* A line of hex belongs to the part named last. */
static void
take_hex(char *line, int part)
{
	line[strcspn(line, "#")] = '\0';
	assert_in_range(part, WITHDRAWN, NLRI);
	row.len[part] += hex_octets(line, row.octets[part] + row.len[part],
	    sizeof row.octets[part] - row.len[part]);
}

static void
run_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[1000];
	int part = -1;

	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "case ", 5) == 0)
			begin_case(line + 5);
		else if (strncmp(line, "session ", 8) == 0)
			set_session(line + 8);
		else if (strncmp(line, "ibgp ", 5) == 0)
			expect(false, line + 5);
		else if (strncmp(line, "ebgp ", 5) == 0)
			expect(true, line + 5);
		else if (line[0] == '\t')
			take_hex(line, part);
		else
			for (int i = 0; i < PARTS; i++)
				if (strcmp(line, part_names[i]) == 0)
					part = i;
	}
	fclose(f);
}

static void
test_rows(void **state)
{
	const char *path = getenv("ROWS");
	DIR *dir = opendir(path != NULL ? path : "tests/vectors/rows");
	struct dirent *entry;
	char name[4096];

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s",
		    path != NULL ? path : "tests/vectors/rows",
		    entry->d_name);
		run_file(name);
	}
	closedir(dir);
	print_message("# %lu outcomes\n", outcomes);
	assert_true(outcomes >= 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
