/*
 * octets.h - read and write octets in network order without leaving them.
 *
 * A reader is a window that only shrinks, a writer one that only fills.  A step
 * beyond the end sets `bad`, moves nothing and answers zero; so a run of steps
 * needs one check at its end.  A writer that is bad holds an unusable prefix.
 *
 *        at                end            from      at            end
 *   ......[################]....            [########..............]
 *         what is left to read               written   room
 */
#ifndef BGP_BASE_OCTETS_H
#define BGP_BASE_OCTETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t
bgp__load16(const uint8_t *p)
{
	return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

static inline uint32_t
bgp__load32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static inline void
bgp__store16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void
bgp__store32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/* ------------------------------------------------------------------ reader */

struct bgp__reader {
	const uint8_t *at, *end;
	bool bad;
};

static inline struct bgp__reader
bgp__reader(const uint8_t *octets, size_t len)
{
	struct bgp__reader r = { octets, octets + len, false };

	return r;
}

static inline size_t
bgp__left(const struct bgp__reader *r)
{
	return (size_t)(r->end - r->at);
}

/* The next len octets, or NULL and bad. */
static inline const uint8_t *
bgp__read(struct bgp__reader *r, size_t len)
{
	const uint8_t *p = r->at;

	if (r->bad || bgp__left(r) < len) {
		r->bad = true;
		return NULL;
	}
	/* for Eva, which keeps no relation between two pointers */
	/*@ admit \valid_read(p + (0 .. len - 1)); */
	r->at += len;
	return p;
}

static inline uint8_t
bgp__read8(struct bgp__reader *r)
{
	const uint8_t *p = bgp__read(r, 1);

	return p != NULL ? p[0] : 0;
}

static inline uint16_t
bgp__read16(struct bgp__reader *r)
{
	const uint8_t *p = bgp__read(r, 2);

	return p != NULL ? bgp__load16(p) : 0;
}

static inline uint32_t
bgp__read32(struct bgp__reader *r)
{
	const uint8_t *p = bgp__read(r, 4);

	return p != NULL ? bgp__load32(p) : 0;
}

/* A window on the next len octets; bad passes on to it. */
static inline struct bgp__reader
bgp__read_sub(struct bgp__reader *r, size_t len)
{
	const uint8_t *p = bgp__read(r, len);
	struct bgp__reader sub = { p, p, true };

	if (p != NULL) {
		sub.end = p + len;
		sub.bad = false;
	}
	return sub;
}

/* ------------------------------------------------------------------ writer */

struct bgp__writer {
	uint8_t *from, *at, *end;
	bool bad;
};

static inline struct bgp__writer
bgp__writer(uint8_t *octets, size_t size)
{
	struct bgp__writer w = { octets, octets, octets + size, false };

	return w;
}

static inline size_t
bgp__written(const struct bgp__writer *w)
{
	return (size_t)(w->at - w->from);
}

static inline size_t
bgp__room(const struct bgp__writer *w)
{
	return (size_t)(w->end - w->at);
}

/* Room for the next len octets, or NULL and bad. */
static inline uint8_t *
bgp__write_room(struct bgp__writer *w, size_t len)
{
	uint8_t *p = w->at;

	if (w->bad || bgp__room(w) < len) {
		w->bad = true;
		return NULL;
	}
	w->at += len;
	return p;
}

static inline void
bgp__write(struct bgp__writer *w, const void *octets, size_t len)
{
	uint8_t *p = bgp__write_room(w, len);

	if (p != NULL && len > 0)
		memcpy(p, octets, len);
}

static inline void
bgp__write8(struct bgp__writer *w, unsigned v)
{
	uint8_t *p = bgp__write_room(w, 1);

	if (p != NULL)
		p[0] = (uint8_t)v;
}

static inline void
bgp__write16(struct bgp__writer *w, unsigned v)
{
	uint8_t *p = bgp__write_room(w, 2);

	if (p != NULL)
		bgp__store16(p, v);
}

static inline void
bgp__write32(struct bgp__writer *w, uint32_t v)
{
	uint8_t *p = bgp__write_room(w, 4);

	if (p != NULL)
		bgp__store32(p, v);
}

#endif
