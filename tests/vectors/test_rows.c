/*
 * test_rows.c - one case for each clause that says what a fault costs.
 *
 * Reads the files of rows/, one per RFC clause:
 *
 *   case ROW TITLE
 *   session WORD …          as2, first-as, ext-next-hop, next-hop-check,
 *                           labels (stacks of two), families F …
 *   withdrawn               hex behind each, # begins a comment
 *   attributes
 *   nlri
 *   lengths W A             what the message says of the first two, not so
 *   header LENGTH TYPE      no UPDATE, but a header alone
 *   ibgp REMEDY [CODE/SUBCODE]
 *   ebgp REMEDY [CODE/SUBCODE]
 *   text WORD …             what is left of it, as bgp_update_text says it
 *
 * ROW is a row of ../shared/tables/rfc7606-table.md; where the table is at hand
 * every row of it must have a case.  Sessions have IPv4 and IPv6 unicast and
 * 4-octet AS numbers unless the case says otherwise.
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
	unsigned lengths[2]; /* as the message has them, where has_lengths */
	bool has_lengths;
	unsigned header_len, header_type; /* 0: a whole UPDATE */
} row;

static struct bgp_update update;

/* What the cases are of, "A1", "14", …, each behind a blank. */
static char rows[20000] = " ";

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
	strncat(rows, title, strcspn(title, " ") + 1);
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
		} else if (strcmp(word, "next-hop-check") == 0) {
			row.codec.next_hop_check = true;
		} else if (strcmp(word, "labels") == 0) {
			row.codec.families[0].labels_in = 2;
			row.codec.families[0].labels_out = 2;
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
			size_t len = row.has_lengths ? row.lengths[i]
						     : row.len[i];

			*p++ = (uint8_t)(len >> 8);
			*p++ = (uint8_t)len;
		}
		memcpy(p, row.octets[i], row.len[i]);
		p += row.len[i];
	}
	return (size_t)(p - msg);
}

/* The fault of a header alone, or of the whole UPDATE. */
static void
decode(struct bgp_fault *fault)
{
	static uint8_t msg[4096];
	size_t len = build(msg);
	uint16_t msg_len;
	uint8_t type;

	fault->remedy = BGP_REMEDY_NONE;
	if (row.header_len == 0) {
		bgp_update_decode(&row.codec, msg, len, &update, fault);
		return;
	}
	msg[16] = (uint8_t)(row.header_len >> 8);
	msg[17] = (uint8_t)row.header_len;
	msg[18] = (uint8_t)row.header_type;
	bgp_frame_decode(msg, BGP_HEADER_LEN, BGP_MESSAGE_MAX, &type, &msg_len,
			 fault);
}

static void
expect(bool ebgp, const char *wanted)
{
	struct bgp_fault fault;
	char got[40];

	row.codec.ebgp = ebgp;
	decode(&fault);
	if (fault.remedy == BGP_REMEDY_NONE)
		snprintf(got, sizeof got, "none");
	else
		snprintf(got, sizeof got, "%s %u/%u",
			 bgp_remedy_text(fault.remedy), fault.code,
			 fault.subcode);
	if (strcmp(got, wanted) != 0)
		fail_msg("%s (%s): %s, not %s", row.title,
			 ebgp ? "eBGP" : "iBGP", got, wanted);
	outcomes++;
}

static void
expect_text(const char *wanted)
{
	char text[1000];

	bgp_update_text(&row.codec, &update, text, sizeof text);
	if (strcmp(text, wanted) != 0)
		fail_msg("%s: \"%s\", not \"%s\"", row.title, text, wanted);
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
		else if (strncmp(line, "text ", 5) == 0)
			expect_text(line + 5);
		else if (strncmp(line, "lengths ", 8) == 0)
			row.has_lengths = sscanf(line, "lengths %u %u",
						 &row.lengths[0],
						 &row.lengths[1]) == 2;
		else if (strncmp(line, "header ", 7) == 0)
			assert_int_equal(sscanf(line, "header %u %u",
						&row.header_len,
						&row.header_type),
					 2);
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

/* Each name of the first cell of a row, "A1" or "11,12", has a case. */
static unsigned
check_cell(char *cell)
{
	unsigned count = 0;

	for (char *name = strtok(cell, ", "); name != NULL;
	     name = strtok(NULL, ", "), count++) {
		char wanted[20];

		snprintf(wanted, sizeof wanted, " %.15s ", name);
		if (strstr(rows, wanted) == NULL)
			fail_msg("row %s of the table has no case", name);
	}
	return count;
}

static void
test_table(void **state)
{
	const char *dir = getenv("TABLES");
	char path[4096], line[2000];
	unsigned count = 0;
	FILE *f;

	(void)state;
	snprintf(path, sizeof path, "%s/rfc7606-table.md",
		 dir != NULL ? dir : "../shared/tables");
	f = fopen(path, "r");
	if (f == NULL) {
		print_message("# no table at hand: %s\n", path);
		return;
	}
	while (fgets(line, sizeof line, f) != NULL) {
		size_t len = strspn(line + 2, "AB0123456789,");

		if (strncmp(line, "| ", 2) == 0 && len > 0 &&
		    strncmp(line + 2 + len, " |", 2) == 0) {
			line[2 + len] = '\0';
			count += check_cell(line + 2);
		}
	}
	fclose(f);
	print_message("# %u rows of the table have cases\n", count);
	assert_true(count > 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_table), /* of what the other read */
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
