/*
 * sized.h - structs that grow, between a host and a library of two versions.
 *
 * Such a struct begins with `size_t size`, what the host's compiler says it is.
 * Fields are appended, never moved, and never put where an older version had
 * padding at its end, so that one version is the beginning of the next:
 *
 *   a host older than we    |size| known ........ |
 *   ours                    |size| known ........ | defaults .. |
 *   a host newer than we    |size| known ........................ | zero .. |
 *
 * Fields that we do not know have to be zero: a host that sets one asks for
 * what we cannot do, and is refused rather than misunderstood.
 */
#ifndef BGP_BASE_SIZED_H
#define BGP_BASE_SIZED_H

#include <stddef.h>

/* Beyond any struct of any version: a size that is no size. */
#define BGP__SIZED_MAX 16384u

/*
 * bgp__sized_take - what a host filled, as a struct of ours.
 *
 *   to       out  begins as its initialiser has it, `to_size` octets with size;
 *                 what an older host does not have stays as it is; written only
 *                 where the answer is BGP_OK
 *   from     in   the host's, NULL is refused
 *
 * BGP_ERR_INVALID: size was forgotten (0), can be that of no version, or fields
 * that we do not know are set.
 */
int bgp__sized_take(void *to, size_t to_size, const void *from);

/* What is wrong with it: "size: …", static; NULL: nothing. */
const char *bgp__sized_invalid(size_t to_size, const void *from);

/* Are all of an array of the size that the first says, and can it be one?
 * Their places follow from it.  count 0: BGP_OK. */
int bgp__sized_array(const void *first, size_t count);

/*
 * bgp__sized_give - a struct that we fill, as much of it as the host has.
 *
 * to->size is the host's and stays; what we do not know is zero.
 * BGP_ERR_INVALID: it was forgotten, or can be that of no version.
 */
int bgp__sized_give(void *to, const void *from, size_t from_size);

/*
 * A struct of the host's, `size` octets of it, as our initialiser has it: zero
 * where it knows more than we.  size below that of `size` itself: nothing.
 */
void bgp__sized_init(void *to, size_t size, const void *init, size_t init_size);

#endif
