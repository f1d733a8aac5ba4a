/*
 * copy.c - the host's structs and strings into the planner's own memory.
 *
 * A resource becomes one block: its struct, its lists, its strings.  Packing
 * runs twice over the same strings, first to count them, then to copy them.
 */
#include <string.h>

#include "libbgp/base/sized.h"
#include "libbgp/plan/copy.h"

int
bgp__plan_fault(struct bgp_plan_fault *fault, int err, const char *kind,
		const char *name, const char *field, const char *reason)
{
	if (fault != NULL) {
		fault->kind = kind;
		fault->name = name != NULL ? name : "";
		fault->field = field;
		fault->column = 0;
		fault->reason = reason;
	}
	return err;
}

int
bgp__plan_take(void *to, size_t to_size, const void *from, const char *kind,
	       struct bgp_plan_fault *fault)
{
	if (bgp__sized_take(to, to_size, from) == BGP_OK)
		return BGP_OK;
	return bgp__plan_fault(fault, BGP_ERR_INVALID, kind, "", "size",
			       "that of no version, or unknown fields are set");
}

int
bgp__plan_check_array(const void *first, size_t count, const char *kind,
		      struct bgp_plan_fault *fault)
{
	if (bgp__sized_array(first, count) == BGP_OK)
		return BGP_OK;
	return bgp__plan_fault(fault, BGP_ERR_INVALID, kind, "", "size",
			       "not one size in the whole array");
}

bool
bgp__plan_seconds(int64_t ms, int32_t *out)
{
	if (ms == BGP_PLAN_UNSET)
		*out = BGP_PLAN_UNSET;
	else if (ms < 0 || ms / 1000 >= INT32_MAX)
		return false;
	else
		*out = (int32_t)(ms / 1000 + (ms % 1000 >= 500));
	return true;
}

const char *
bgp__plan_pack(struct plan_packer *p, const char *text)
{
	char *to = p->at;
	size_t len;

	if (text == NULL)
		return NULL;
	len = strlen(text) + 1;
	p->too_long = p->too_long || len > BGP_PLAN_TEXT_MAX;
	p->len += len;
	if (to != NULL) {
		memcpy(to, text, len);
		p->at += len;
	}
	return to;
}
