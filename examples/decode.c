/*
 * decode.c - look at BGP messages: hex or MRT in, JSON or text out.
 *
 *   $ echo ffffffffffffffffffffffffffffffff001304 | decode
 *   {"type":"keepalive","ok":true,"remedy":"none","reencoded":"ffff…"}
 *   $ bzcat rib.bz2 | decode --text --mrt -
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "decode_print.h"

enum {
	FLUSH_LEN = 1 << 16,
	CHUNK_LEN = 1 << 20,
	RECORD_MAX = 1 << 27,    /* of MRT: 2 KB from each of 65535 peers */
	LINES_PER_LOOK = 1 << 12 /* at the clock */
};

static const char usage[] =
    "usage: decode [OPTION]… [FILE]\n"
    "Reads one BGP message per line as hex from FILE or standard input; "
    "blanks\n"
    "and colons in a line are skipped, # starts a comment.\n"
    "\n"
    "  --json            one JSON object per line (default)\n"
    "  --text            one line of text per message\n"
    "  --mrt FILE        read an MRT file instead; - is standard input\n"
    "  --ibgp, --ebgp    where the peer is (default --ibgp)\n"
    "  --as2             AS numbers of 2 octets (default 4)\n"
    "  --families F,…    families negotiated (default every known one)\n"
    "  --add-path F,…    families whose NLRI carry path ids (default none)\n"
    "  --local-as N      our AS, to find loops (default not checked)\n"
    "  --peer-as N       the peer's AS, leftmost in AS_PATH and in its OPEN\n"
    "                    (default not checked)\n"
    "  --local-id A      our router id, to find loops; with --local-as also\n"
    "                    in an OPEN (default not checked)\n"
    "  --max-len N       longest message, 19 to 65535 (default 4096)\n"
    "  --help            this text\n";

static struct decode_context ctx;
static struct buffer out;
static bool on_terminal; /* each line is printed as soon as it is known */

/* ------------------------------------------------------------------ options */

static void
fail(const char *where, const char *what)
{
	fprintf(stderr, "decode: %s: %s\n", where, what);
	exit(2);
}

static uint32_t
number(const char *option, const char *text, uint32_t min, uint32_t max)
{
	char *end;
	unsigned long long v;

	errno = 0;
	v = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 ||
	    v < min || v > max)
		fail(option, "number out of range");
	return (uint32_t)v;
}

/* The entry of a family, made where there is none yet. */
static struct bgp_family_codec *
add_family(bgp_family family)
{
	struct bgp_codec *codec = &ctx.codec;
	struct bgp_family_codec *f = codec->families;

	for (; f < codec->families + codec->family_count; f++)
		if (f->family == family)
			return f;
	if (codec->family_count == BGP_FAMILIES_MAX)
		fail("--families", "too many");
	codec->family_count++;
	*f = (struct bgp_family_codec){ .family = family,
					.ext_next_hop = true };
	return f;
}

/* Each name of a list with commas. */
static void
add_families(const char *option, const char *names, bool add_path)
{
	char name[64];

	while (*names != '\0') {
		size_t len = strcspn(names, ",");
		struct bgp_family_codec *f;
		bgp_family family;

		if (len >= sizeof name)
			fail(option, "unknown family");
		memcpy(name, names, len);
		name[len] = '\0';
		if (bgp_family_parse(&family, name) != BGP_OK)
			fail(option, "unknown family");
		f = add_family(family);
		f->add_path_in = f->add_path_out = f->add_path_in || add_path;
		names += len + (names[len] == ',');
	}
}

/* Every family that has a name. */
static void
add_all_families(void)
{
	static const uint16_t afis[] = { 1, 2, 25, 16388 };
	char name[BGP_FAMILY_TEXT_MAX];

	for (size_t i = 0; i < sizeof afis / sizeof afis[0]; i++) {
		for (unsigned safi = 1; safi < 256; safi++) {
			bgp_family family = BGP_FAMILY(afis[i], safi);

			bgp_family_text(family, name, sizeof name);
			if (strncmp(name, "afi-", 4) != 0)
				add_family(family);
		}
	}
}

struct arguments {
	const char *file, *mrt, *families, *add_path;
};

/* Options without a value; false: it is none of them. */
static bool
take_flag(const char *arg)
{
	if (strcmp(arg, "--json") == 0)
		ctx.text = false;
	else if (strcmp(arg, "--text") == 0)
		ctx.text = true;
	else if (strcmp(arg, "--ebgp") == 0)
		ctx.codec.ebgp = true;
	else if (strcmp(arg, "--ibgp") == 0)
		ctx.codec.ebgp = false;
	else if (strcmp(arg, "--as2") == 0)
		ctx.codec.as4 = false;
	else
		return false;
	return true;
}

static void
take_option(const char *arg, const char *value, struct arguments *args)
{
	if (value == NULL)
		fail(arg, "unknown option, or its value is missing");
	if (strcmp(arg, "--mrt") == 0)
		args->mrt = value;
	else if (strcmp(arg, "--families") == 0)
		args->families = value;
	else if (strcmp(arg, "--add-path") == 0)
		args->add_path = value;
	else if (strcmp(arg, "--local-as") == 0)
		ctx.codec.local_as = number(arg, value, 1, UINT32_MAX);
	else if (strcmp(arg, "--peer-as") == 0)
		ctx.codec.peer_as = number(arg, value, 1, UINT32_MAX);
	else if (strcmp(arg, "--max-len") == 0)
		ctx.codec.message_in_max = (uint16_t)number(arg, value, 19,
							    65535);
	else if (strcmp(arg, "--local-id") != 0)
		fail(arg, "unknown option");
	else if (bgp_id_parse(&ctx.local_id, value) != BGP_OK)
		fail(arg, "not a router id");
}

static void
take_arguments(int argc, char **argv, struct arguments *args)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(usage, stdout);
			exit(0);
		}
		if (strncmp(argv[i], "--", 2) != 0) {
			if (args->file != NULL)
				fail(argv[i], "one file is enough");
			args->file = argv[i];
		} else if (!take_flag(argv[i])) {
			take_option(argv[i], argv[i + 1], args);
			i++;
		}
	}
	if (args->families != NULL)
		add_families("--families", args->families, false);
	else
		add_all_families();
	if (args->add_path != NULL)
		add_families("--add-path", args->add_path, true);
	ctx.codec.message_out_max = ctx.codec.message_in_max;
	ctx.codec.first_as_check = ctx.codec.peer_as != 0;
}

static FILE *
open_file(const char *name)
{
	FILE *f;

	if (strcmp(name, "-") == 0)
		return stdin;
	f = fopen(name, "rb");
	if (f == NULL)
		fail(name, strerror(errno));
	return f;
}

/* What was read and decoded before a fault is printed before it is told. */
static void
flush(void)
{
	buffer_flush(&out, stdout);
	if (fflush(stdout) == 0)
		return;
	fprintf(stderr, "decode: standard output: %s\n", strerror(errno));
	exit(1);
}

/* A line on a terminal, two seconds after the first call and each second from
 * there on, that says how far it is; none where the messages go by. */
static void
show_progress(unsigned long long octets, unsigned long items, const char *what,
	      bool last)
{
	static time_t shown;
	static bool any;
	time_t now = time(NULL);

	if (shown == 0)
		shown = now;
	if (now - shown < (any ? !last : 2) || !isatty(2) || isatty(1))
		return;
	shown = now;
	any = true;
	fprintf(stderr, "\r%llu MB, %lu %s%s", octets / 1000000, items, what,
		last ? "\n" : "");
}

/* ---------------------------------------------------------------------- hex */

static int
hex_value(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void
end_line(void)
{
	if (!ctx.text)
		buffer_char(&out, '}');
	buffer_char(&out, '\n');
	if (out.len >= FLUSH_LEN || on_terminal)
		flush();
}

static void
begin_line(void)
{
	if (!ctx.text)
		buffer_char(&out, '{');
}

/* Where in the hex we are. */
struct lines {
	FILE *f;
	const char *name;
	unsigned long number;
	unsigned long long octets;
};

static void
fail_at(const struct lines *in, const char *what)
{
	flush();
	fprintf(stderr, "%s:%lu: %s\n", in->name, in->number, what);
	exit(2);
}

/* One character of a message; blanks, colons and comments are none.  EOF: the
 * line is over. */
static int
next_digit(struct lines *in)
{
	bool comment = false;
	int c;

	do {
		c = getc_unlocked(in->f);
		in->octets++;
		comment = comment || c == '#';
	} while (c != EOF && c != '\n' &&
		 (comment || c == ' ' || c == '\t' || c == '\r' || c == ':'));
	return c == '\n' ? EOF : c;
}

/* One line into octets; answers their number. */
static size_t
read_hex(struct lines *in, uint8_t *octets, size_t size)
{
	size_t digits = 0;
	int c;

	in->number++;
	while ((c = next_digit(in)) != EOF) {
		int v = hex_value(c);

		if (v < 0)
			fail_at(in, "not a hex digit");
		if (digits / 2 == size)
			fail_at(in, "longer than any message");
		octets[digits / 2] = (uint8_t)(octets[digits / 2] << 4 | v);
		digits++;
	}
	if (digits % 2 != 0)
		fail_at(in, "half an octet at the end");
	return digits / 2;
}

static void
decode_hex(const char *name)
{
	static uint8_t octets[BGP_MESSAGE_EXT_MAX + 1];
	struct lines in = { open_file(name), name, 0, 0 };

	while (!feof(in.f) && !ferror(in.f)) {
		size_t len = read_hex(&in, octets, sizeof octets);

		if (len > 0) {
			begin_line();
			decode_message(&out, &ctx, octets, len);
			end_line();
		}
		if (in.number % LINES_PER_LOOK == 0)
			show_progress(in.octets, in.number, "lines", false);
	}
	if (ferror(in.f))
		fail(name, strerror(errno));
	show_progress(in.octets, in.number, "lines", true);
}

/* ---------------------------------------------------------------------- MRT */

/* The peers of the table that is being read. */
static struct bgp_mrt_peer *peers;
static size_t peer_count;

static void
put_session(const char *key, const struct bgp_addr *addr, const char *as_key,
	    uint32_t as)
{
	if (ctx.text) {
		BUFFER_TEXT(&out, bgp_addr_text, addr);
		buffer_str(&out, " as ");
		buffer_u32(&out, as);
		buffer_char(&out, ' ');
		return;
	}
	buffer_key(&out, key);
	BUFFER_STRING(&out, bgp_addr_text, addr);
	buffer_key(&out, as_key);
	buffer_u32(&out, as);
}

static void
put_time(const struct bgp_mrt_record *record)
{
	char digits[32];

	snprintf(digits, sizeof digits, "%u.%06u", record->time_s,
		 record->time_us);
	if (ctx.text) {
		buffer_str(&out, digits);
		buffer_char(&out, ' ');
		return;
	}
	buffer_key(&out, "time");
	buffer_str(&out, digits);
}

static void
put_state(const struct bgp_mrt_message *message)
{
	if (ctx.text)
		buffer_str(&out, "state ");
	else
		buffer_str(&out, ",\"type\":\"state\",\"states\":[");
	buffer_u32(&out, message->old_state);
	buffer_char(&out, ctx.text ? ' ' : ',');
	buffer_u32(&out, message->new_state);
	if (!ctx.text)
		buffer_char(&out, ']');
}

static void
decode_mrt_message(const struct bgp_mrt_record *record,
		   const struct bgp_mrt_message *message)
{
	struct decode_context session = ctx;

	session.codec.as4 = message->as4;
	for (size_t i = 0; i < session.codec.family_count; i++) {
		struct bgp_family_codec *f = &session.codec.families[i];

		f->add_path_in = f->add_path_out = message->add_path ||
		    f->add_path_in;
	}
	begin_line();
	put_time(record);
	put_session("peer", &message->peer, "peer_as", message->peer_as);
	if (message->state_change)
		put_state(message);
	else
		decode_message(&out, &session, message->msg.octets,
			       message->msg.len);
	end_line();
}

static void
decode_mrt_rib(const struct bgp_mrt_record *record, struct bgp_mrt_rib *rib)
{
	static const struct bgp_mrt_peer nobody;
	struct bgp_mrt_entry entry;

	while (bgp_mrt_entry_next(rib, &entry)) {
		const struct bgp_mrt_peer *peer = entry.peer < peer_count
		    ? &peers[entry.peer]
		    : &nobody;

		begin_line();
		put_time(record);
		put_session("peer", &peer->addr, "peer_as", peer->as);
		if (ctx.text) {
			BUFFER_TEXT(&out, bgp_nlri_text, &rib->nlri);
		} else {
			buffer_str(&out, ",\"type\":\"rib\"");
			buffer_key(&out, "family");
			BUFFER_STRING(&out, bgp_family_text, rib->nlri.family);
			buffer_key(&out, "prefix");
			BUFFER_STRING(&out, bgp_nlri_text, &rib->nlri);
		}
		if (rib->add_path) {
			if (ctx.text)
				buffer_str(&out, " path ");
			else
				buffer_key(&out, "path_id");
			buffer_u32(&out, entry.path_id);
		}
		decode_entry(&out, &ctx, rib, &entry);
		end_line();
	}
}

static void
keep_peers(struct bgp_mrt_peers *list)
{
	free(peers);
	peer_count = 0;
	peers = calloc((size_t)list->count + 1, sizeof *peers);
	if (peers == NULL)
		fail("--mrt", "out of memory");
	while (bgp_mrt_peer_next(list, &peers[peer_count]))
		peer_count++;
}

static void
decode_record(const struct bgp_mrt_record *record)
{
	struct bgp_mrt_message message;
	struct bgp_mrt_peers list;
	struct bgp_mrt_rib rib;

	if (bgp_mrt_message_decode(record, &message) == BGP_OK)
		decode_mrt_message(record, &message);
	else if (bgp_mrt_rib_decode(record, &rib) == BGP_OK)
		decode_mrt_rib(record, &rib);
	else if (bgp_mrt_peers_decode(record, &list) == BGP_OK)
		keep_peers(&list);
	else
		fprintf(stderr, "decode: record of type %u/%u is skipped\n",
			record->type, record->subtype);
}

/* What has been read and not yet decoded. */
struct input {
	uint8_t *octets;
	size_t len, size;
	unsigned long long total;
};

static bool
read_more(struct input *in, FILE *f)
{
	size_t n;

	if (in->size - in->len < CHUNK_LEN) {
		in->size = 2 * in->size + CHUNK_LEN;
		in->octets = realloc(in->octets, in->size);
		if (in->octets == NULL)
			fail("--mrt", "out of memory");
	}
	n = fread(in->octets + in->len, 1, CHUNK_LEN, f);
	in->len += n;
	in->total += n;
	return n > 0;
}

/* Any octets make some length; not all are worth waiting for. */
static void
refuse_endless(const struct input *in, const char *name)
{
	const uint8_t *p = in->octets + 8;
	char what[80];
	uint32_t len;

	if (in->len < BGP_MRT_HEADER_LEN)
		return;
	len = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
	if (len <= RECORD_MAX)
		return;
	flush();
	snprintf(what, sizeof what, "record of %u octets; is it an MRT file?",
		 len);
	fail(name, what);
}

static void
decode_mrt(const char *name)
{
	struct input in = { NULL, 0, 0, 0 };
	FILE *f = open_file(name);
	unsigned long records = 0;

	show_progress(0, 0, "records", false);
	while (read_more(&in, f)) {
		struct bgp_span rest = { in.octets, in.len };
		struct bgp_mrt_record record;
		int err;

		while ((err = bgp_mrt_next(&rest, &record)) == BGP_OK ||
		       err == BGP_ERR_MALFORMED) {
			records++;
			if (err == BGP_OK)
				decode_record(&record);
		}
		memmove(in.octets, rest.octets, rest.len);
		in.len = rest.len;
		refuse_endless(&in, name);
		show_progress(in.total, records, "records", false);
	}
	if (ferror(f))
		fail(name, strerror(errno));
	show_progress(in.total, records, "records", true);
	if (in.len > 0) {
		flush();
		fail(name, "ends in the middle of a record");
	}
	free(in.octets);
	free(peers);
}

int
main(int argc, char **argv)
{
	struct arguments args = { NULL, NULL, NULL, NULL };

	ctx.codec.as4 = true;
	ctx.codec.message_in_max = BGP_MESSAGE_MAX;
	take_arguments(argc, argv, &args);
	on_terminal = isatty(1);
	if (args.mrt != NULL)
		decode_mrt(args.mrt);
	else
		decode_hex(args.file != NULL ? args.file : "-");
	flush();
	free(out.text);
	return 0;
}
