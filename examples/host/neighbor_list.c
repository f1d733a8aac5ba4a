/*
 * neighbor_list.c - find the neighbour that is meant for an address.
 *
 *     items    [ 10.0.0.1 | 10.0.0.0/8 | 10.0.0.2 | … ]   as they were listed
 *     index    [ 2 | - | 0 | - | - | 1 | - | - ]          by hash; half of it
 *                                                         is empty
 *
 * A look takes the address itself, then each shorter prefix of it, so it costs
 * the same among ten thousand as among ten.
 */
#include <stdlib.h>
#include <string.h>

#include "neighbor.h"

#define NOBODY UINT32_MAX

/* ------------------------------------------------------------ find and add */

static uint32_t
hash(const struct bgp_prefix *match, uint32_t scope, bool range)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (unsigned i = 0; i < match->len; i++)
		h = (h ^ match->octets[i]) * 16777619u;
	h = (h ^ match->bits) * 16777619u;
	h = (h ^ range ^ scope << 1) * 16777619u;
	return h ^ h >> 15;
}

/* Its place in the index; what is there is it, or NOBODY. */
static uint32_t *
find_place(const struct neighbor_list *list, const struct bgp_prefix *match,
	   uint32_t scope, bool range)
{
	size_t at = hash(match, scope, range) & (list->index_size - 1);

	for (;; at = (at + 1) & (list->index_size - 1)) {
		uint32_t *place = &list->index[at];
		const struct neighbor_config *config;

		if (*place == NOBODY)
			return place;
		config = &list->items[*place];
		if (config->range == range && config->scope == scope &&
		    bgp_prefix_compare(&config->match, match) == 0)
			return place;
	}
}

struct neighbor_config *
neighbor_find(const struct neighbor_list *list, const struct bgp_prefix *match,
	      uint32_t scope, bool range)
{
	uint32_t at;

	if (list->count == 0)
		return NULL;
	at = *find_place(list, match, scope, range);
	return at == NOBODY ? NULL : &list->items[at];
}

static void
free_items(struct neighbor_list *list)
{
	if (list->items != NULL)
		explicit_bzero(list->items, list->count * sizeof *list->items);
	free(list->items);
	list->items = NULL;
}

static int
grow(struct neighbor_list *list)
{
	size_t size = list->index_size ? 2 * list->index_size : 16;
	struct neighbor_config *items = calloc(size / 2, sizeof *items);
	uint32_t *index;

	if (items == NULL)
		return -1;
	if (list->items != NULL)
		memcpy(items, list->items, list->count * sizeof *items);
	free_items(list); /* not realloc: passwords would stay where it was */
	list->items = items;
	index = realloc(list->index, size * sizeof *index);
	if (index == NULL)
		return -1;
	memset(index, 0xff, size * sizeof *index);
	list->index = index;
	list->index_size = size;
	for (uint32_t i = 0; i < list->count; i++)
		*find_place(list, &items[i].match, items[i].scope,
			    items[i].range) = i;
	return 0;
}

const char *
neighbor_list_add(struct neighbor_list *list,
		  const struct neighbor_config *config)
{
	if (neighbor_find(list, &config->match, config->scope, config->range) !=
	    NULL)
		return "it is listed already";
	if (list->count == NEIGHBORS_MAX)
		return "too many neighbours";
	if ((list->items == NULL || list->count == list->index_size / 2) &&
	    grow(list) != 0)
		return "no memory";
	*find_place(list, &config->match, config->scope,
		    config->range) = (uint32_t)list->count;
	list->items[list->count++] = *config;
	return NULL;
}

void
neighbor_list_free(struct neighbor_list *list)
{
	free_items(list);
	free(list->index);
	*list = (struct neighbor_list){ 0 };
}

bool
neighbor_list_has_password(const struct neighbor_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].password[0] != '\0')
			return true;
	return false;
}

/* ------------------------------------------------------------------ check */

static int
compare_names(const void *a, const void *b)
{
	const struct neighbor_config *const *x = a, *const *y = b;
	int order = strcmp((*x)->name, (*y)->name);

	return order ? order : *x < *y ? -1 : 1;
}

/* One whose name another one has; the later of them. */
static const struct neighbor_config *
find_twin(const struct neighbor_list *list)
{
	const struct neighbor_config **named = NULL, *twin = NULL;
	size_t count = 0;

	if (list->count > 0)
		named = malloc(list->count * sizeof(*named));
	if (named == NULL)
		return NULL;
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].name[0] != '\0')
			named[count++] = &list->items[i];
	if (count > 0)
		qsort(named, count, sizeof(*named), compare_names);
	for (size_t i = 1; i < count && twin == NULL; i++)
		if (strcmp(named[i - 1]->name, named[i]->name) == 0)
			twin = named[i];
	free(named);
	return twin;
}

const struct neighbor_config *
neighbor_list_check(const struct neighbor_list *list, uint32_t local_as,
		    const char **why)
{
	*why = "a client must be in our AS";
	for (size_t i = 0; i < list->count; i++) {
		const struct neighbor_config *config = &list->items[i];

		if (config->client && config->as != 0 && config->as != local_as)
			return config;
	}
	*why = "another one has this name";
	return find_twin(list);
}

/* ------------------------------------------------------------------ match */

struct neighbor_config *
neighbor_match(const struct neighbor_list *list, const struct bgp_addr *addr)
{
	struct bgp_prefix match = { addr->len,
				    (uint8_t)(addr->len * 8),
				    { 0 } };
	struct neighbor_config *config;

	memcpy(match.octets, addr->octets, addr->len);
	config = neighbor_find(list, &match, addr->scope, false);
	while (config == NULL) {
		config = neighbor_find(list, &match, 0, true);
		if (config != NULL || match.bits == 0)
			break;
		match.bits--;
		match.octets[match.bits / 8] &= (uint8_t)(0xff00u >>
							  match.bits % 8);
	}
	return config;
}
