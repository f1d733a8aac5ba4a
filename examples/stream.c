/*
 * stream.c - what peers sent, from files: hex lines, or MRT.
 *
 * A hex file is one peer; an MRT file says who they were.  What is not an
 * UPDATE, or one that would have ended its session, is left out.
 */
#include "stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgp/mrt.h"

#define CHUNK_LEN 65536

const struct bgp_codec stream_codec = {
	.as4 = true,
	.message_in_max = BGP_MESSAGE_EXT_MAX,
	.message_out_max = BGP_MESSAGE_MAX,
	.family_count = 2,
	.families = { { .family = BGP_IPV4_UNICAST },
		      { .family = BGP_IPV6_UNICAST } },
};

static int
fail(const char *name, const char *what)
{
	fprintf(stderr, "%s: %s\n", name, what);
	return 2;
}

/* The whole file; NULL after a line on stderr. */
static uint8_t *
read_file(const char *name, size_t *len)
{
	FILE *f = strcmp(name, "-") == 0 ? stdin : fopen(name, "rbe");
	uint8_t *octets = NULL, *more;
	size_t size = 0, n;

	*len = 0;
	if (f == NULL) {
		fail(name, strerror(errno));
		return NULL;
	}
	do {
		size += CHUNK_LEN + *len;
		more = realloc(octets, size);
		if (more == NULL)
			break;
		octets = more;
		n = fread(octets + *len, 1, size - *len, f);
		*len += n;
	} while (n > 0);
	if (more == NULL || ferror(f)) {
		fail(name, more == NULL ? "out of memory" : strerror(errno));
		free(octets);
		octets = NULL;
	}
	if (f != stdin)
		fclose(f);
	return octets;
}

/* Where items go, and what they are read with. */
struct reader {
	const struct stream_files *files;
	stream_take *take;
	struct stream_item item;
};

static void
begin(struct reader *r, const struct bgp_addr *peer, uint32_t as,
      uint32_t router_id, bool as4, bool add_path)
{
	struct bgp_codec *c = &r->item.codec;

	*c = stream_codec;
	c->as4 = as4;
	c->ebgp = as != r->files->as;
	for (unsigned i = 0; i < c->family_count; i++)
		c->families[i].add_path_in = add_path;
	r->item.peer = *peer;
	r->item.as = as;
	r->item.router_id = router_id;
	for (unsigned i = 0; i < 4 && router_id == 0; i++)
		r->item.router_id = r->item.router_id << 8 | peer->octets[i];
}

static void
take_message(struct reader *r, const uint8_t *msg, size_t len)
{
	if (len > BGP_HEADER_LEN && msg[BGP_HEADER_LEN - 1] == BGP_UPDATE &&
	    bgp_update_decode(&r->item.codec, msg, len, &r->item.update,
			      &r->item.fault) == BGP_OK)
		r->take(&r->item);
}

/* --------------------------------------------------------------------- hex */

static int
hex_value(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A line into octets; their number, or -1: not hex, -2: half an octet, or more
 * than any message has. */
static int
read_line(const uint8_t *line, size_t len, uint8_t *octets)
{
	size_t digits = 0;

	for (size_t i = 0; i < len && line[i] != '#'; i++) {
		int v = hex_value(line[i]);

		if (strchr(" \t\r:", line[i]) != NULL)
			continue;
		if (v < 0)
			return -1;
		if (digits / 2 == BGP_MESSAGE_EXT_MAX)
			return -2;
		octets[digits / 2] = (uint8_t)(octets[digits / 2] << 4 | v);
		digits++;
	}
	return digits % 2 == 0 ? (int)(digits / 2) : -2;
}

static int
read_hex(struct reader *r, unsigned number)
{
	static uint8_t msg[BGP_MESSAGE_EXT_MAX];
	struct bgp_addr peer = { 4, { 192, 0, 2, (uint8_t)number }, 0 };
	size_t len, at = 0, end;
	uint8_t *text = read_file(r->item.file, &len);
	unsigned line = 0;
	int n = 0;

	begin(r, &peer, r->files->as, 0, true, false);
	for (; text != NULL && n >= 0 && at < len; at = end + 1) {
		for (end = at; end < len && text[end] != '\n'; end++)
			;
		line++;
		n = read_line(text + at, end - at, msg);
		if (n > 0)
			take_message(r, msg, (size_t)n);
	}
	if (n < 0)
		fprintf(stderr, "%s:%u: %s\n", r->item.file, line,
			n == -1 ? "not a hex digit" : "no whole message");
	free(text);
	return text == NULL || n < 0 ? 2 : 0;
}

/* --------------------------------------------------------------------- MRT */

struct table {
	struct bgp_mrt_peer *peers;
	size_t count;
};

static void
take_table(struct table *table, struct bgp_mrt_peers *list)
{
	free(table->peers);
	table->count = 0;
	table->peers = calloc(list->count + 1u, sizeof *table->peers);
	while (table->peers != NULL &&
	       bgp_mrt_peer_next(list, &table->peers[table->count]))
		table->count++;
}

static void
take_rib(struct reader *r, const struct table *table, struct bgp_mrt_rib *rib)
{
	struct bgp_mrt_entry entry;

	while (bgp_mrt_entry_next(rib, &entry)) {
		const struct bgp_mrt_peer *peer;

		if (entry.peer >= table->count)
			continue;
		peer = &table->peers[entry.peer];
		begin(r, &peer->addr, peer->as, peer->router_id, true,
		      rib->add_path);
		bgp_mrt_entry_decode(rib, &entry, &r->item.update,
				     &r->item.fault);
		r->take(&r->item);
	}
}

static void
take_record(struct reader *r, struct table *table,
	    const struct bgp_mrt_record *record)
{
	struct bgp_mrt_message m;
	struct bgp_mrt_peers list;
	struct bgp_mrt_rib rib;

	if (bgp_mrt_message_decode(record, &m) == BGP_OK) {
		if (m.state_change || m.local)
			return;
		begin(r, &m.peer, m.peer_as, 0, m.as4, m.add_path);
		take_message(r, m.msg.octets, m.msg.len);
	} else if (bgp_mrt_rib_decode(record, &rib) == BGP_OK) {
		take_rib(r, table, &rib);
	} else if (bgp_mrt_peers_decode(record, &list) == BGP_OK) {
		take_table(table, &list);
	}
}

static int
read_mrt(struct reader *r)
{
	struct bgp_mrt_record record;
	struct table table = { NULL, 0 };
	size_t len;
	uint8_t *octets = read_file(r->item.file, &len);
	struct bgp_span left = { octets, len };
	int err;

	if (octets == NULL)
		return 2;
	while ((err = bgp_mrt_next(&left, &record)) == BGP_OK ||
	       err == BGP_ERR_MALFORMED)
		if (err == BGP_OK)
			take_record(r, &table, &record);
	if (err == BGP_ERR_SHORT)
		fail(r->item.file, "ends within a record");
	free(table.peers);
	free(octets);
	return err == BGP_ERR_SHORT ? 2 : 0;
}

/* -------------------------------------------------------------------- files */

static const char *
add_file(struct stream_files *files, const char *name, bool mrt)
{
	if (files->count == STREAM_FILES_MAX)
		return "at most 64 files";
	files->list[files->count].mrt = mrt;
	files->list[files->count++].name = name;
	return NULL;
}

const char *
stream_option_hex(void *files, const char *name)
{
	return add_file(files, name, false);
}

const char *
stream_option_mrt(void *files, const char *name)
{
	return add_file(files, name, true);
}

int
stream_read(const struct stream_files *files, stream_take *take)
{
	static struct reader r;
	unsigned number = 0;
	int err = 0;

	r.files = files;
	r.take = take;
	for (unsigned i = 0; i < files->count && err == 0; i++) {
		r.item.file = files->list[i].name;
		err = files->list[i].mrt ? read_mrt(&r)
					 : read_hex(&r, ++number);
	}
	return err;
}

size_t
stream_print(struct bgp_span octets)
{
	static char text[1 << 18];
	struct bgp_update update;
	struct bgp_fault fault;
	uint16_t len;
	uint8_t type;

	for (size_t at = 0; at < octets.len; at += len) {
		if (bgp_frame_decode(octets.octets + at, octets.len - at,
				     stream_codec.message_out_max, &type, &len,
				     &fault) != BGP_OK)
			break;
		bgp_update_decode(&stream_codec, octets.octets + at, len,
				  &update, &fault);
		bgp_update_text(&stream_codec, &update, text, sizeof text);
		puts(text);
	}
	return octets.len;
}
