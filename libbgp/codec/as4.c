/*
 * as4.c - AS numbers of two octets where they still live.        RFC 6793 4.2
 *
 *   received:  AS_PATH     [ 200   1 TRANS TRANS ]        2 octets each
 *              AS4_PATH          [ 1 70000 70001 ]        4 octets each
 *   widened:   AS_PATH     [ 200   1 70000 70001 ]
 *
 * AS4_PATH was written by the last speaker of 4-octet numbers; what stands
 * before its span in AS_PATH was added since then, so it is kept.
 */
#include "libbgp/codec/as_path.h"
#include "libbgp/codec/attr.h"

struct segment {
	uint8_t type;
	uint8_t count;
	const uint8_t *as;
};

/* Takes a segment off a sound path of AS numbers `width` octets wide. */
static bool
next_segment(struct bgp__reader *r, size_t width, struct segment *out)
{
	if (bgp__left(r) < 2)
		return false;
	out->type = bgp__read8(r);
	out->count = bgp__read8(r);
	out->as = bgp__read(r, out->count * width);
	return !r->bad;
}

static bool
is_confed(const struct segment *s)
{
	return s->type == BGP_AS_CONFED_SEQUENCE ||
	    s->type == BGP_AS_CONFED_SET;
}

static uint32_t
path_length(const struct bgp_attr *path, size_t width)
{
	struct bgp__reader r = bgp__reader(path->value, path->len);
	struct segment s;
	uint32_t length = 0;

	while (next_segment(&r, width, &s))
		length += bgp__segment_length(s.type, s.count);
	return length;
}

/* The header of the segment written last, so that a sequence can go on. */
struct tail {
	uint8_t *header;
};

/* `count` AS numbers of a segment, not 0, as a new one or as more of the
 * last. */
static void
write_segment(struct bgp__writer *w, struct tail *tail, const struct segment *s,
	      size_t count, size_t width)
{
	uint8_t *last = tail->header;

	if (last != NULL && s->type == BGP_AS_SEQUENCE && last[0] == s->type &&
	    last[1] + count <= 255) {
		last[1] = (uint8_t)(last[1] + count);
	} else {
		tail->header = bgp__write_room(w, 2);
		if (tail->header == NULL)
			return;
		tail->header[0] = s->type;
		tail->header[1] = (uint8_t)count;
	}
	for (size_t i = 0; i < count; i++)
		bgp__write32(w,
			     width == 4 ? bgp__load32(s->as + 4 * i)
					: bgp__load16(s->as + 2 * i));
}

/* The leading part of a 2-octet path that is `excess` longer than AS4_PATH.
 * Confederation segments beside it go with it. */
static void
write_lead(struct bgp__writer *w, struct tail *tail,
	   const struct bgp_attr *path, uint32_t excess)
{
	struct bgp__reader r = bgp__reader(path->value, path->len);
	struct segment s;

	while (next_segment(&r, 2, &s)) {
		uint32_t length = bgp__segment_length(s.type, s.count);

		if (excess == 0 && !is_confed(&s))
			return;
		tail->header = NULL;
		if (length > excess) {
			write_segment(w, tail, &s, excess, 2);
			return;
		}
		write_segment(w, tail, &s, s.count, 2);
		excess -= length;
	}
}

/* Two segments of one sort in a path stay two: only the seam is closed. */
static void
write_rest(struct bgp__writer *w, struct tail *tail,
	   const struct bgp_attr *as4_path)
{
	struct bgp__reader r = bgp__reader(as4_path->value, as4_path->len);
	struct segment s;

	while (next_segment(&r, 4, &s)) {
		if (is_confed(&s))
			continue;
		write_segment(w, tail, &s, s.count, 4);
		tail->header = NULL;
	}
}

static void
write_all(struct bgp__writer *w, const struct bgp_attr *path)
{
	struct bgp__reader r = bgp__reader(path->value, path->len);
	struct segment s;

	while (next_segment(&r, 2, &s)) {
		struct tail fresh = { NULL };

		write_segment(w, &fresh, &s, s.count, 2);
	}
}

void
bgp__as_path_widen(struct bgp__writer *w, const struct bgp_attr *path,
		   const struct bgp_attr *as4_path)
{
	struct tail tail = { NULL };
	uint32_t len2 = path_length(path, 2);
	uint32_t len4 = as4_path != NULL ? path_length(as4_path, 4) : 0;

	if (as4_path == NULL || len2 < len4) {
		write_all(w, path);
		return;
	}
	write_lead(w, &tail, path, len2 - len4);
	write_rest(w, &tail, as4_path);
}

bool
bgp__as_path_narrow(struct bgp__writer *w, const struct bgp_attr *path)
{
	struct bgp__reader r = bgp__reader(path->value, path->len);
	struct segment s;
	bool wide = false;

	while (next_segment(&r, 4, &s)) {
		bgp__write8(w, s.type);
		bgp__write8(w, s.count);
		for (size_t i = 0; i < s.count; i++) {
			uint32_t as = bgp__load32(s.as + 4 * i);

			wide = wide || (as > 65535 && !is_confed(&s));
			bgp__write16(w, as > 65535 ? BGP_AS_TRANS : as);
		}
	}
	return wide;
}

void
bgp__as4_path_write(struct bgp__writer *w, const struct bgp_attr *path)
{
	struct bgp__reader r = bgp__reader(path->value, path->len);
	struct segment s;

	while (next_segment(&r, 4, &s)) {
		if (is_confed(&s))
			continue;
		bgp__write8(w, s.type);
		bgp__write8(w, s.count);
		bgp__write(w, s.as, 4 * (size_t)s.count);
	}
}
