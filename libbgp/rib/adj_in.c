/*
 * adj_in.c - store what a peer said, as it said it.
 *
 * Comes in: one NLRI and its attribute set.  Goes out: the destination marked
 * as changed, once, however often it changes before it is decided.  A path is a
 * record of the peer's words; what loops and policy make of them stands beside
 * it.  Paths of an ended session carry an old epoch until they are swept.
 */
#include "libbgp/base/mutate.h"
#include "libbgp/rib/rib.h"

static bool
is_stale(const struct bgp_rib_peer *source, const struct bgp__table *table,
	 const struct bgp__path *path)
{
	return path->epoch != source->in[table->number].epoch;
}

struct seen {
	uint32_t all; /* paths passed */
	uint32_t own; /* of these: of this session of the source */
};

/* The place that names the path of this source and id; *place is 0 where
 * there is none. */
static uint32_t *
find_place(struct bgp__table *table, struct bgp__dest *dest,
	   const struct bgp_rib_peer *source, uint32_t path_id,
	   struct seen *seen)
{
	uint32_t *place = &dest->paths;
	struct bgp__path *path;

	*seen = (struct seen){ 0, 0 };
	for (; *place != 0; place = &path->next, seen->all++) {
		path = bgp__path_at(table, *place);
		if (path->source != source->number)
			continue;
		if (bgp__path_id(table, path) == path_id)
			break;
		seen->own += !is_stale(source, table, path);
	}
	return place;
}

/* ---------------------------------------------------------------- counts */

static void
count_out(struct bgp__table *table, struct bgp_rib_peer *source,
	  const struct bgp__path *path)
{
	struct bgp__adj_in *in = &source->in[table->number];

	if (is_stale(source, table, path))
		in->stale--;
	else
		in->paths--;
	if (path->flags & BGP__PATH_ACCEPTED)
		in->accepted--;
}

/* BGP_ERR_NOMEM: the path is what it was judged to be before. */
static int
judge_again(struct bgp__table *table, struct bgp_rib_peer *source,
	    const struct bgp__dest *dest, struct bgp__path *path)
{
	bool was = (path->flags & BGP__PATH_ACCEPTED) != 0, is;
	int err = bgp__policy_import(table, dest, path);

	is = (path->flags & BGP__PATH_ACCEPTED) != 0;
	if (was != is)
		source->in[table->number].accepted += is ? 1u : UINT32_MAX;
	path->flags |= BGP__PATH_CHANGED;
	return err;
}

/* ------------------------------------------------------------ add, remove */

static void
drop_edited(struct bgp__table *table, struct bgp__path *path)
{
	struct bgp__attrs_store *store = &table->rib->attrs;
	struct bgp__path_ext *ext;

	if (path->ext == 0)
		return;
	ext = bgp__ext_at(table, path->ext);
	if (ext->attrs != 0)
		bgp__attrs_unref(store, bgp__attrs_at(store, ext->attrs));
	ext->attrs = 0;
}

/* A path with other attributes.  BGP_ERR_NOMEM: it is rejected. */
static int
judge(struct bgp__table *table, struct bgp_rib_peer *source,
      const struct bgp__dest *dest, struct bgp__path *path)
{
	int err = judge_again(table, source, dest, path);

	if (err == BGP_OK)
		return BGP_OK;
	if (path->flags & BGP__PATH_ACCEPTED)
		source->in[table->number].accepted--;
	path->flags &= (uint8_t)~BGP__PATH_ACCEPTED;
	drop_edited(table, path);
	return err;
}

/* Takes the path out of its list and frees it. */
static void
unlink_path(struct bgp__table *table, struct bgp_rib_peer *source,
	    uint32_t record, uint32_t *place)
{
	struct bgp__dest *dest = bgp__dest_at(table, record);
	uint32_t index = *place;
	struct bgp__path *path = bgp__path_at(table, index);
	struct bgp__attrs_store *store = &table->rib->attrs;

	if ((dest->flags & BGP__DEST_BEST) && place == &dest->paths) {
		dest->flags &= (uint8_t)~BGP__DEST_BEST;
		dest->flags |= BGP__DEST_LOST;
		table->best_count--;
		source->in[table->number].best--;
	}
	if (path->flags & BGP__PATH_EQUAL)
		dest->flags |= BGP__DEST_LOST;
	count_out(table, source, path);
	source->refs--;
	*place = path->next;
	drop_edited(table, path);
	if (table->named)
		table->keys->unname(table, path);
	if (path->ext != 0)
		bgp__slab_put(&table->exts, path->ext);
	bgp__attrs_unref(store, bgp__attrs_at(store, path->attrs));
	bgp__slab_put(&table->paths, index);
	bgp__dest_change(table, record);
}

/* In named tables a path may be received with other octets than the destination
 * has. */
static int
rename_path(struct bgp__table *table, uint32_t record, struct bgp__path *path,
	    const struct bgp__key *key)
{
	if (!table->named)
		return 0;
	return table->keys->rename(table, bgp__dest_at(table, record), path,
				   key);
}

/* The path is from now on what it is. */
static void
note_time(const struct bgp__table *table, struct bgp__path *path)
{
	if (!table->rib->keep_times)
		return;
	path->received[0] = (uint32_t)(table->rib->now_ms >> 32);
	path->received[1] = (uint32_t)table->rib->now_ms;
}

static int
replace_path(struct bgp__table *table, struct bgp_rib_peer *source,
	     uint32_t record, struct bgp__path *path,
	     const struct bgp__key *key, struct bgp_attrs *attrs)
{
	struct bgp__adj_in *in = &source->in[table->number];
	struct bgp__attrs_store *store = &table->rib->attrs;
	uint32_t before = path->attrs;
	int renamed = rename_path(table, record, path, key);

	if (renamed < 0)
		return renamed;
	if (is_stale(source, table, path)) {
		in->stale--;
		in->paths++;
		path->epoch = in->epoch;
	}
	if (before == attrs->id && renamed == 0)
		return BGP_OK;
	attrs->refs++;
	path->attrs = attrs->id;
	bgp__attrs_unref(store, bgp__attrs_at(store, before));
	note_time(table, path);
	bgp__dest_change(table, record);
	return judge(table, source, bgp__dest_at(table, record), path);
}

static int
set_path_id(struct bgp__table *table, struct bgp__path *path, uint32_t path_id)
{
	if (path_id == 0)
		return BGP_OK;
	path->ext = bgp__slab_get(&table->exts);
	if (path->ext == 0)
		return BGP_ERR_NOMEM;
	bgp__ext_at(table, path->ext)->path_id = path_id;
	return BGP_OK;
}

static uint32_t
make_path(struct bgp__table *table, uint32_t record, const struct bgp__key *key,
	  uint32_t path_id)
{
	uint32_t index = bgp__slab_get(&table->paths);
	struct bgp__path *path;

	if (index == 0)
		return 0;
	path = bgp__path_at(table, index);
	if (set_path_id(table, path, path_id) == BGP_OK &&
	    rename_path(table, record, path, key) >= 0)
		return index;
	if (path->ext != 0)
		bgp__slab_put(&table->exts, path->ext);
	bgp__slab_put(&table->paths, index);
	return 0;
}

static int
append_path(struct bgp__table *table, struct bgp_rib_peer *source,
	    uint32_t record, uint32_t *place, const struct bgp__key *key,
	    uint32_t path_id, struct bgp_attrs *attrs)
{
	struct bgp__adj_in *in = &source->in[table->number];
	uint32_t index = make_path(table, record, key, path_id);
	struct bgp__path *path;

	if (index == 0) {
		bgp__dest_settle(table, record);
		return BGP_ERR_NOMEM;
	}
	path = bgp__path_at(table, index);
	attrs->refs++;
	path->attrs = attrs->id;
	path->source = source->number;
	path->epoch = in->epoch;
	note_time(table, path);
	*place = index;
	source->refs++;
	in->paths++;
	bgp__dest_change(table, record);
	return judge(table, source, bgp__dest_at(table, record), path);
}

/* One path more of one destination than its source may have: every path of it
 * is walked over for each.  It is as if it had not been announced. */
static int
drop_path(struct bgp__table *table, struct bgp_rib_peer *source)
{
	struct bgp__adj_in *in = &source->in[table->number];
	const struct bgp_rib *rib = table->rib;

	if (in->dropped++ > 0 || rib->events.peer_dropped == NULL)
		return BGP_OK;
	bgp__rib_callback_begin(rib);
	rib->events.peer_dropped(rib->events.ctx, source, table->family);
	bgp__rib_callback_end(rib);
	return BGP_OK;
}

int
bgp__adj_in_add(struct bgp__table *table, struct bgp_rib_peer *source,
		const struct bgp__key *key, uint32_t path_id,
		struct bgp_attrs *attrs)
{
	const struct bgp__adj_in *in = &source->in[table->number];
	uint32_t record = bgp__dest_get(table, key), *place;
	struct seen seen;
	int err;

	if (record == 0)
		return BGP_ERR_NOMEM;
	place = find_place(table, bgp__dest_at(table, record), source, path_id,
			   &seen);
	if (*place != 0)
		return replace_path(table, source, record,
				    bgp__path_at(table, *place), key, attrs);
	if (source->path_id_limit != 0 && seen.own >= source->path_id_limit)
		return drop_path(table, source);
	if (bgp__loc_rib_reserve(table->rib, seen.all + 1) != BGP_OK) {
		bgp__dest_settle(table, record);
		return BGP_ERR_NOMEM;
	}
	err = append_path(table, source, record, place, key, path_id, attrs);
	if (err == BGP_OK && in->limit != 0 && in->paths > in->limit)
		return BGP_ERR_LIMIT;
	return err;
}

int
bgp__adj_in_remove(struct bgp__table *table, struct bgp_rib_peer *source,
		   const struct bgp__key *key, uint32_t path_id)
{
	uint32_t record = bgp__dest_find(table, key), *place;
	struct seen seen;

	if (record == 0)
		return BGP_ERR_NOENT;
	place = find_place(table, bgp__dest_at(table, record), source, path_id,
			   &seen);
	if (*place == 0)
		return BGP_ERR_NOENT;
	unlink_path(table, source, record, place);
	return BGP_OK;
}

/* ------------------------------------------------------------------ sweep */

/* An epoch may come again only when no path has it any more. */
void
bgp__adj_in_stale(struct bgp__table *table, struct bgp_rib_peer *source)
{
	struct bgp__adj_in *in = &source->in[table->number];

	if (in->stale > 0 && in->ends == UINT8_MAX) {
		in->sweep = 1;
		(void)bgp__adj_in_sweep(table, source, UINT32_MAX);
	}
	in->ends = in->stale > 0 ? in->ends + 1 : 1;
	in->epoch++;
	in->stale += in->paths;
	in->paths = 0;
	in->dropped = 0;
	in->sweep = 0;
	in->eor = false;
}

void
bgp__adj_in_end(struct bgp__table *table, struct bgp_rib_peer *source)
{
	struct bgp__adj_in *in = &source->in[table->number];

	bgp__adj_in_stale(table, source);
	in->reload = 0;
	in->sweep = in->stale > 0 && !BGP__MUTATED(SWEEP) ? 1 : 0;
}

/* All stale paths of the source at one destination. */
static void
sweep_dest(struct bgp__table *table, struct bgp_rib_peer *source,
	   uint32_t record)
{
	uint32_t *place = &bgp__dest_at(table, record)->paths;
	struct bgp__path *path;

	while (*place != 0) {
		path = bgp__path_at(table, *place);
		if (path->source == source->number &&
		    is_stale(source, table, path))
			unlink_path(table, source, record, place);
		else
			place = &path->next;
	}
}

bool
bgp__adj_in_sweep(struct bgp__table *table, struct bgp_rib_peer *source,
		  uint32_t budget)
{
	struct bgp__adj_in *in = &source->in[table->number];

	for (; in->sweep != 0 && budget > 0; budget--) {
		if (in->stale == 0 || in->sweep > table->dests.used) {
			in->sweep = 0;
			break;
		}
		if (bgp__dest_at(table, in->sweep)->flags & BGP__DEST_LIVE)
			sweep_dest(table, source, in->sweep);
		in->sweep++;
	}
	return in->sweep == 0;
}

/* ----------------------------------------------------------------- reload */

static int
reload_dest(struct bgp__table *table, struct bgp_rib_peer *source,
	    uint32_t record)
{
	struct bgp__dest *dest = bgp__dest_at(table, record);
	struct bgp__path *path;
	int err;

	for (uint32_t at = dest->paths; at != 0; at = path->next) {
		path = bgp__path_at(table, at);
		if (path->source != source->number)
			continue;
		err = judge_again(table, source, dest, path);
		if (err != BGP_OK)
			return err;
		bgp__dest_change(table, record);
	}
	return BGP_OK;
}

bool
bgp__adj_in_reload(struct bgp__table *table, struct bgp_rib_peer *source,
		   uint32_t budget)
{
	struct bgp__adj_in *in = &source->in[table->number];

	for (; in->reload != 0 && budget > 0; budget--) {
		if (in->reload > table->dests.used) {
			in->reload = 0;
			break;
		}
		if ((bgp__dest_at(table, in->reload)->flags & BGP__DEST_LIVE) &&
		    reload_dest(table, source, in->reload) != BGP_OK)
			return false;
		in->reload++;
	}
	return in->reload == 0;
}
