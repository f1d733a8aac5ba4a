"""wire.py - messages as octets: just enough of BGP to send what one likes.

An attribute is (flags, code, value); nothing here checks anything.
"""
import struct

MARKER = b'\xff' * 16
OPEN, UPDATE, NOTIFICATION, KEEPALIVE = 1, 2, 3, 4

OPTIONAL, TRANSITIVE, PARTIAL, EXTENDED = 0x80, 0x40, 0x20, 0x10

ORIGIN = (TRANSITIVE, 1, b'\0')
AS_PATH = (TRANSITIVE, 2, b'')
NEXT_HOP = (TRANSITIVE, 3, bytes([10, 99, 0, 1]))
LOCAL_PREF = (TRANSITIVE, 5, bytes([0, 0, 0, 100]))
BASE = [ORIGIN, AS_PATH, LOCAL_PREF]


def message(kind, body):
    return MARKER + struct.pack('>HB', 19 + len(body), kind) + body


def attribute(flags, code, value, length=None):
    """length: what the length field says, where it is not the truth."""
    length = len(value) if length is None else length
    if length > 255:
        flags |= EXTENDED
    form = '>BBH' if flags & EXTENDED else '>BBB'
    return struct.pack(form, flags, code, length) + value


def block(attrs):
    return b''.join(attribute(*a) for a in attrs)


def update(attrs, nlri=b'', withdrawn=b''):
    """attrs: a list of attributes, or a block."""
    octets = attrs if isinstance(attrs, bytes) else block(attrs)
    return message(UPDATE, struct.pack('>H', len(withdrawn)) + withdrawn +
                   struct.pack('>H', len(octets)) + octets + nlri)


def mp_reach(afi, safi, next_hop, nlri):
    return (OPTIONAL, 14, struct.pack('>HBB', afi, safi, len(next_hop)) +
            next_hop + b'\0' + nlri)


def mp_unreach(afi, safi, nlri):
    return (OPTIONAL, 15, struct.pack('>HB', afi, safi) + nlri)


def capability(code, value=b''):
    return bytes([2, len(value) + 2, code, len(value)]) + value


def open_message(asn, router_id, families, hold=90):
    caps = b''.join(capability(1, struct.pack('>HH', *f)) for f in families)
    caps += capability(2) + capability(6) + capability(65, struct.pack('>I', asn))
    caps += capability(5, b''.join(struct.pack('>HHH', 1, s, 2)
                                   for a, s in families if a == 1))
    return message(OPEN, struct.pack('>BHHIB', 4, min(asn, 23456), hold,
                                     router_id, len(caps)) + caps)
