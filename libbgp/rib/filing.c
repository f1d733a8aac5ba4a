/*
 * filing.c - file together what one call of input brought.
 *
 * A full table comes in lists of some six NLRI, and every look-up in a large
 * table waits for memory three times: index, destination, path.  So NLRI are
 * queued with their keys while further messages are decoded, and what each
 * needs next is fetched for all of them before it is needed of the first.
 *
 *   push     key made, its place in the index fetched
 *   settle   | destination fetched | path fetched | filed in order |
 *
 * The queue is empty whenever the host has control, but for its callbacks.
 */
#include "libbgp/rib/rib.h"

struct bgp__filing {
	struct bgp__table *table;
	struct bgp_rib_peer *source;
	struct bgp_attrs *attrs; /* a reference of its own; NULL: withdrawn */
	uint32_t path_id;
	uint32_t dest; /* likely the destination, 0: none */
	struct bgp__key key;
};

struct bgp__filings {
	uint32_t count;
	struct bgp__filing list[BGP__FILINGS_MAX];
};

int
bgp__filings_init(struct bgp_rib *rib)
{
	rib->filings = bgp__mem_get(rib->mem, sizeof *rib->filings);
	return rib->filings != NULL ? BGP_OK : BGP_ERR_NOMEM;
}

void
bgp__filings_fini(struct bgp_rib *rib)
{
	bgp__mem_put(rib->mem, rib->filings, sizeof *rib->filings);
}

size_t
bgp__filings_octets(void)
{
	return sizeof(struct bgp__filings);
}

uint32_t
bgp__filings_count(const struct bgp_rib *rib)
{
	return rib->filings->count;
}

/* ------------------------------------------------------------------ settle */

static void
fetch_dests(struct bgp__filings *filings)
{
	for (uint32_t i = 0; i < filings->count; i++) {
		struct bgp__filing *f = &filings->list[i];

		f->dest = bgp__dest_guess(f->table, &f->key);
		if (f->dest != 0)
			__builtin_prefetch(bgp__dest_at(f->table, f->dest));
	}
}

static void
fetch_paths(const struct bgp__filings *filings)
{
	for (uint32_t i = 0; i < filings->count; i++) {
		const struct bgp__filing *f = &filings->list[i];
		const struct bgp__dest *dest;

		if (f->dest == 0)
			continue;
		dest = bgp__dest_at(f->table, f->dest);
		if (dest->paths != 0)
			__builtin_prefetch(bgp__path_at(f->table, dest->paths));
	}
}

static int
file(const struct bgp__filing *f)
{
	if (f->attrs != NULL)
		return bgp__adj_in_add(f->table, f->source, &f->key, f->path_id,
				       f->attrs);
	(void)bgp__adj_in_remove(f->table, f->source, &f->key, f->path_id);
	return BGP_OK;
}

int
bgp__filings_settle(struct bgp_rib *rib)
{
	struct bgp__filings *filings = rib->filings;
	uint32_t count = filings->count;
	int err = BGP_OK;

	fetch_dests(filings);
	fetch_paths(filings);
	filings->count = 0;
	for (uint32_t i = 0; i < count; i++) {
		struct bgp_rib_peer *source = filings->list[i].source;

		if (source->err == BGP_OK) {
			source->err = file(&filings->list[i]);
			err = err == BGP_OK ? source->err : err;
		}
		bgp__attrs_unref(&rib->attrs, filings->list[i].attrs);
	}
	return err;
}

/* -------------------------------------------------------------------- push */

/* A key of a named table points into the message: it cannot wait. */
static int
file_now(struct bgp__table *table, struct bgp_rib_peer *source,
	 struct bgp_nlri_list list, struct bgp_attrs *attrs)
{
	struct bgp__filing f = { table, source, attrs, 0, 0, { .hash = 0 } };
	struct bgp_nlri nlri;
	int err = BGP_OK;

	if (source->err != BGP_OK)
		return source->err;
	while (err == BGP_OK && bgp_nlri_next(&list, &nlri)) {
		f.path_id = nlri.path_id;
		bgp__key_of(table, &nlri, &f.key);
		err = file(&f);
	}
	source->err = err;
	return err;
}

int
bgp__filings_push(struct bgp__table *table, struct bgp_rib_peer *source,
		  struct bgp_nlri_list list, struct bgp_attrs *attrs)
{
	struct bgp__filings *filings = table->rib->filings;
	struct bgp_nlri nlri;

	if (table->named)
		return file_now(table, source, list, attrs);
	while (source->err == BGP_OK && bgp_nlri_next(&list, &nlri)) {
		struct bgp__filing *f = &filings->list[filings->count++];

		f->table = table;
		f->source = source;
		f->attrs = attrs;
		if (attrs != NULL)
			attrs->refs++;
		f->path_id = nlri.path_id;
		bgp__prefix_key(table, nlri.octets, nlri.bits, &f->key);
		if (filings->count == BGP__FILINGS_MAX ||
		    table->rib->no_shortcuts)
			(void)bgp__filings_settle(table->rib);
	}
	return source->err;
}

void
bgp__filings_drop(struct bgp_rib *rib, struct bgp_rib_peer *source)
{
	struct bgp__filings *filings = rib->filings;
	uint32_t kept = 0;

	source->err = BGP_OK;
	for (uint32_t i = 0; i < filings->count; i++) {
		struct bgp__filing *f = &filings->list[i];

		if (f->source == source)
			bgp__attrs_unref(&rib->attrs, f->attrs);
		else
			filings->list[kept++] = *f;
	}
	filings->count = kept;
}
