/*
 * tlv_text.h - TLVs as text, by tables of what each type is called and holds.
 *
 *   color 100 endpoint 192.0.2.1 tlv-99 00ff segment-list {weight 1}
 *
 * A set is a layout and rows; a row names a type, says what stands in front of
 * its value, and what prints it.  Whatever has no row, or is not as its row
 * says, is printed as hex: nothing is lost and nothing can fail.
 */
#ifndef BGP_CODEC_TLV_TEXT_H
#define BGP_CODEC_TLV_TEXT_H

#include "libbgp/base/octets.h"
#include "libbgp/base/text.h"

struct bgp__tlv_set;

/* Prints a value, or answers false: it is no such value, and what has been
 * printed of it is taken back. */
typedef bool bgp__tlv_text(struct bgp__text *t, struct bgp__reader value,
			   const struct bgp__tlv_set *inner);

/* One type of TLV. */
struct bgp__tlv_row {
	uint16_t type;
	const char *name;
	uint8_t head;  /* octets in front of the value: flags, reserved */
	uint8_t shown; /* bit n: octet n of them is shown unless all are zero */
	bgp__tlv_text *text;              /* NULL: hex */
	const struct bgp__tlv_set *inner; /* of bgp__tlv_tlvs */
};

/* Octets of type and of length. */
enum bgp__tlv_layout {
	BGP__TLV_8_16,  /* RFC 8669 3, 9252 2 */
	BGP__TLV_16_16, /* RFC 9552 5.1, 9012 2 */
	BGP__TLV_8_8_16 /* length of one below type 128, RFC 9012 2 */
};

struct bgp__tlv_set {
	enum bgp__tlv_layout layout;
	const struct bgp__tlv_row *rows;
	size_t count;
};

/* The initialiser of a set of an array of rows. */
#define BGP__TLV_SET(layout, rows)                           \
	{                                                    \
		layout, rows, sizeof(rows) / sizeof(rows)[0] \
	}

bgp__tlv_text bgp__tlv_number;   /* of 1 to 8 octets */
bgp__tlv_text bgp__tlv_numbers8; /* "1,2", of so many bits each */
bgp__tlv_text bgp__tlv_numbers16;
bgp__tlv_text bgp__tlv_numbers32;
bgp__tlv_text bgp__tlv_numbers64;
bgp__tlv_text bgp__tlv_addr;   /* IPv4, IPv6 or none */
bgp__tlv_text bgp__tlv_quoted; /* what a router wrote */
bgp__tlv_text bgp__tlv_tlvs;   /* "{…}", TLVs of the inner set */

/* Prints one item and moves behind it, or answers false. */
typedef bool bgp__tlv_item(struct bgp__text *t, struct bgp__reader *r);

/* The items of a value with commas between; false: there is none, or one is
 * not as it should be. */
bool bgp__tlv_list(struct bgp__text *t, struct bgp__reader value,
		   bgp__tlv_item *item);

/* "16000/8000": the first label, and how many. */
bool bgp__tlv_labels(struct bgp__text *t, struct bgp__reader first,
		     struct bgp__reader size);

/* All TLVs of r with blanks between; false and nothing: they do not fit. */
bool bgp__text_tlvs(struct bgp__text *t, struct bgp__reader r,
		    const struct bgp__tlv_set *set);

#endif
