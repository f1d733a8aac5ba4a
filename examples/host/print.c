/*
 * print.c - names and values as the library writes them, a line per route.
 */
#include "print.h"

#include <stdio.h>
#include <string.h>

/* As on the wire; of an IPv6 pair the global one, which comes first. */
static void
print_next_hop(struct bgp_span next_hop)
{
	struct bgp_addr addr = { .len = next_hop.len < 16 ? 4 : 16 };
	char text[BGP_ADDR_TEXT_MAX];

	if (next_hop.len < addr.len)
		return;
	memcpy(addr.octets, next_hop.octets, addr.len);
	bgp_addr_text(&addr, text, sizeof text);
	printf(" next_hop=%s", text);
}

static void
print_attrs(const struct bgp_attr *attrs, size_t count)
{
	char text[BGP_MESSAGE_MAX];

	for (size_t i = 0; i < count; i++) {
		bgp_attr_name_text(attrs[i].code, text, sizeof text);
		printf(" %s=", text);
		bgp_attr_text(&attrs[i], text, sizeof text);
		fputs(text, stdout);
	}
}

void
print_routes(struct bgp_nlri_list list, const struct bgp_update *update)
{
	char text[BGP_PREFIX_TEXT_MAX];
	struct bgp_nlri nlri;

	while (bgp_nlri_next(&list, &nlri)) {
		bgp_nlri_text(&nlri, text, sizeof text);
		printf("%c %s", update ? '+' : '-', text);
		if (update != NULL) {
			print_next_hop(list.next_hop);
			print_attrs(update->attrs, update->attr_count);
		}
		putchar('\n');
	}
	fflush(stdout);
}
