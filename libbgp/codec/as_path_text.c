/*
 * as_path_text.c - AS paths as people write them, and back.
 *
 *   64500 64501 {64502 64503}        a sequence, a set
 *   (65001 65002) [65003] 64500      the same of a confederation
 */
#include "libbgp/base/octets.h"
#include "libbgp/codec/as_path.h"
#include "libbgp/codec/text.h"

enum { SEGMENT_MAX = 255 };

/* What encloses the numbers of a segment.      RFC 5065; a sequence: nothing */
static const struct bracket {
	char open, close;
} brackets[] = {
	[BGP_AS_SET] = { '{', '}' },
	[BGP_AS_SEQUENCE] = { '\0', '\0' },
	[BGP_AS_CONFED_SEQUENCE] = { '(', ')' },
	[BGP_AS_CONFED_SET] = { '[', ']' },
};

static struct bracket
bracket_of(uint8_t type)
{
	return brackets[type <= BGP_AS_CONFED_SET ? type : BGP_AS_SEQUENCE];
}

static void
text_segment(struct bgp__text *t, uint8_t type, struct bgp__reader as,
	     size_t width)
{
	struct bracket b = bracket_of(type);

	if (b.open != '\0')
		bgp__text_char(t, b.open);
	for (bool first = true; bgp__left(&as) >= width; first = false) {
		if (!first)
			bgp__text_char(t, ' ');
		bgp__text_u32(t,
			      width == 4 ? bgp__read32(&as) : bgp__read16(&as));
	}
	if (b.close != '\0')
		bgp__text_char(t, b.close);
}

void
bgp__text_path(struct bgp__text *t, const uint8_t *value, size_t len,
	       size_t width)
{
	struct bgp__reader r = bgp__reader(value, len);

	for (bool first = true; !r.bad && bgp__left(&r) >= 2; first = false) {
		uint8_t type = bgp__read8(&r);
		struct bgp__reader as = bgp__read_sub(&r,
						      width * bgp__read8(&r));

		if (!first)
			bgp__text_char(t, ' ');
		text_segment(t, type, as, width);
	}
}

size_t
bgp_as_path_text(const uint8_t *value, size_t len, char *buf, size_t size)
{
	struct bgp__text t = bgp__text(buf, size);

	bgp__text_path(&t, value, len, 4);
	return bgp__text_end(&t);
}

/* -------------------------------------------------------------------- parse */

static void
skip_blanks(const char **at)
{
	while (**at == ' ')
		++*at;
}

/* The type that the next character opens; a number opens a sequence. */
static uint8_t
open_segment(const char **at)
{
	for (uint8_t type = BGP_AS_SET; type <= BGP_AS_CONFED_SET; type++) {
		if (brackets[type].open != '\0' &&
		    brackets[type].open == **at) {
			++*at;
			return type;
		}
	}
	return BGP_AS_SEQUENCE;
}

/* Whether a number goes on the segment. */
static bool
more_numbers(const char **at)
{
	skip_blanks(at);
	return **at >= '0' && **at <= '9';
}

/* The numbers up to the closing bracket; a long sequence becomes several. */
static int
parse_segment(const char **at, struct bgp__writer *w)
{
	uint8_t type = open_segment(at);
	uint8_t *header = NULL;
	bool any = false;

	while (more_numbers(at)) {
		uint32_t as;

		if (!bgp__parse_u32(at, UINT32_MAX, &as) || as == 0)
			return BGP_ERR_INVALID;
		if (header == NULL || header[1] == SEGMENT_MAX) {
			if (any && type != BGP_AS_SEQUENCE)
				return BGP_ERR_INVALID;
			header = bgp__write_room(w, 2);
			if (header == NULL)
				return BGP_ERR_SPACE;
			header[0] = type;
			header[1] = 0;
		}
		bgp__write32(w, as);
		header[1]++;
		any = true;
	}
	if (brackets[type].close != '\0' && *(*at)++ != brackets[type].close)
		return BGP_ERR_INVALID;
	return any ? BGP_OK : BGP_ERR_INVALID;
}

int
bgp_as_path_parse(const char *text, uint8_t *buf, size_t size)
{
	struct bgp__writer w = bgp__writer(buf, size);

	for (skip_blanks(&text); *text != '\0'; skip_blanks(&text)) {
		int err = parse_segment(&text, &w);

		if (err != BGP_OK)
			return err;
	}
	return w.bad ? BGP_ERR_SPACE : (int)bgp__written(&w);
}
