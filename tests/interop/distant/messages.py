"""messages.py - what the one client sends: a list of (name, message).

Everything is made in order, from a fixed seed: the same list each time.  Each
message has a route of its own where its kind allows it, for what replaces a
route before it is flushed is never handed on.

  attributes  every type code; every flag; every length; truncated blocks
  families    every truncation of an NLRI, every value of its first octets,
              every length of a next hop, withdrawn and announced
  next hops   those that are no host's
  growth      paths and lists of the largest size
  files       the rows and vectors of tests/vectors, and others' where given
"""
import json
import os
import random
import re
import struct

from wire import (BASE, EXTENDED, LOCAL_PREF, NEXT_HOP, OPTIONAL, ORIGIN,
                  PARTIAL, TRANSITIVE, attribute, block, mp_reach, mp_unreach,
                  update)

SEED = 20261124

RD = bytes.fromhex('00000064')  # and an index of four octets
ESI = bytes(10)
TAG = bytes(4)
HOP4 = bytes([10, 99, 0, 1])
HOP6 = bytes.fromhex('20010db8009900000000000000000001')
RT = (OPTIONAL | TRANSITIVE, 16, bytes.fromhex('0002fc0000000064'))


def ip4(i):
    return struct.pack('>I', 0x64400000 + i)


def ip6(i):
    return bytes.fromhex('20010db8') + struct.pack('>I', i)


def rd(i):
    return RD + struct.pack('>I', i)


def v4(i):
    return b'\x20' + ip4(i)


def flow4(i):
    body = b'\x01\x20' + ip4(i) + b'\x03\x81\x06' + b'\x05\x81\x50'
    return body


def flow6(i):
    return b'\x01\x40\x00' + ip6(i) + b'\x03\x81\x06'


def sized(body):
    return bytes([len(body)]) + body


def link_state(i):
    node = struct.pack('>HHI', 512, 4, 64512) + struct.pack('>HHI', 515, 4, i)
    body = b'\x03' + bytes(8) + struct.pack('>HH', 256, len(node)) + node
    return struct.pack('>HH', 1, len(body)) + body


# AFI, SAFI, next hop, NLRI of a number
FAMILIES = {
    'ipv4-multicast': (1, 2, HOP4, v4),
    'ipv4-mp': (1, 1, HOP4, v4),
    'ipv6-unicast': (2, 1, HOP6, lambda i: b'\x40' + ip6(i)),
    'ipv4-labeled': (1, 4, HOP4, lambda i: b'\x38\0\x06\x41' + ip4(i)),
    'ipv6-labeled': (2, 4, HOP6, lambda i: b'\x58\0\x06\x41' + ip6(i)),
    'vpnv4': (1, 128, bytes(8) + HOP4,
              lambda i: b'\x78\0\x06\x41' + rd(i) + ip4(i)),
    'vpnv6': (2, 128, bytes(8) + HOP6,
              lambda i: b'\x98\0\x06\x41' + rd(i) + ip6(i)),
    'ipv4-flowspec': (1, 133, b'', lambda i: sized(flow4(i))),
    'ipv6-flowspec': (2, 133, b'', lambda i: sized(flow6(i))),
    'vpnv4-flowspec': (1, 134, b'', lambda i: sized(rd(i) + flow4(i))),
    'route-target': (1, 132, HOP4, lambda i: b'\x60' + struct.pack(
        '>IHHI', 64512, 2, 64512, i)),
    'evpn-1': (25, 70, HOP4, lambda i: b'\1' + sized(
        rd(i) + ESI + TAG + b'\0\x06\x41')),
    'evpn-2': (25, 70, HOP4, lambda i: b'\2' + sized(
        rd(i) + ESI + TAG + b'\x30\2\0' + struct.pack('>I', i) + b'\x20' +
        ip4(i) + b'\0\x06\x41')),
    'evpn-3': (25, 70, HOP4, lambda i: b'\3' + sized(
        rd(i) + TAG + b'\x20' + ip4(i))),
    'evpn-4': (25, 70, HOP4, lambda i: b'\4' + sized(
        rd(i) + ESI + b'\x20' + ip4(i))),
    'evpn-5': (25, 70, HOP4, lambda i: b'\5' + sized(
        rd(i) + ESI + TAG + b'\x20' + ip4(i) + bytes(4) + b'\0\x06\x41')),
    'l2vpn-vpls': (25, 65, HOP4, lambda i: b'\0\x11' + rd(i) +
                   bytes.fromhex('00010001000a00c351')),
    'link-state': (16388, 71, HOP4, link_state),
    'ipv4-mvpn-1': (1, 5, HOP4, lambda i: b'\1' + sized(rd(i) + ip4(i))),
    'ipv4-mvpn-5': (1, 5, HOP4, lambda i: b'\5' + sized(
        rd(i) + b'\x20' + ip4(i) + b'\x20\xe8\0\0\1')),
    'ipv4-sr-policy': (1, 73, HOP4, lambda i: b'\x60' + struct.pack(
        '>II', i, 10) + ip4(i)),
}

# Every code with a good value, by which lengths and flags are tried.
VALUES = {
    1: (0x40, '00'), 2: (0x40, '02020000fde90000fdea'), 3: (0x40, '0a630001'),
    4: (0x80, '0000000a'), 5: (0x40, '00000064'), 6: (0x40, ''),
    7: (0xc0, '0000fde90a000001'), 8: (0xc0, 'fde90001fde90002'),
    9: (0x80, '0a000007'), 10: (0x80, '0a0000070a000008'),
    16: (0xc0, '0002fc0000000064'), 17: (0xc0, '02010000fde9'),
    18: (0xc0, '0000fde90a000001'), 20: (0xc0, '00000000'),
    21: (0xc0, '00000000'), 22: (0xc0, '00060006410a630001'),
    23: (0xc0, '0008000a04040000006406040a630001'),
    24: (0xc0, '00000000'), 25: (0xc0, '0002' + HOP6.hex() + '0064'),
    26: (0x80, '01000b000000000000000a'), 27: (0xc0, '0a630001000641'),
    28: (0xc0, '00000000'), 29: (0x80, '0402000272310404000100'),
    32: (0xc0, '0000fde90000000100000002'), 33: (0xc0, '00000000'),
    34: (0xc0, '00'), 35: (0xc0, '0000fde9'), 36: (0xc0, '010000fde9000146'),
    37: (0x80, '00'), 38: (0xc0, '00'), 39: (0xc0, '00'),
    40: (0xc0, '010007000000000000640003000000'.replace('0003000000', '')),
    41: (0xc0, '00'), 128: (0xc0, '0000fde940010100400200'),
    129: (0xc0, '00'), 241: (0xc0, '00'), 255: (0xc0, '00'),
}


class Numbers:
    """Each route has a number of its own."""

    def __init__(self):
        self.last = 0

    def __call__(self):
        self.last += 1
        return self.last


def with_attribute(attr, nlri):
    """The attribute at its place among those that a route must have."""
    attrs = [a for a in BASE + [NEXT_HOP] if a[1] != attr[1]] + [attr]
    return update(sorted(attrs, key=lambda a: a[1]), nlri)


def attributes(number):
    for code, (flags, text) in VALUES.items():
        value = bytes.fromhex(text)
        for high in range(16):
            yield (f'attribute {code} flags {high << 4:02x}',
                   with_attribute((high << 4, code, value), v4(number())))
        for length in range(max(len(value) + 9, 26)):
            cut = (value * 8 + bytes(64))[:length]
            yield (f'attribute {code} length {length}',
                   with_attribute((flags, code, cut), v4(number())))
        yield (f'attribute {code} twice', update(
            sorted(BASE + [NEXT_HOP, (flags, code, value)] * 2,
                   key=lambda a: a[1]), v4(number())))
        for octet in range(len(value)):
            for other in (0, 1, 0x7f, 0x80, 0xff):
                bad = value[:octet] + bytes([other]) + value[octet + 1:]
                yield (f'attribute {code} octet {octet} is {other:02x}',
                       with_attribute((flags, code, bad), v4(number())))


def codes(number):
    for code in range(256):
        if code in (14, 15):
            continue
        for flags in (0x80, 0xc0, 0xe0, 0x40):
            yield (f'code {code} flags {flags:02x}', with_attribute(
                (flags, code, b'\1\2\3\4'), v4(number())))


def blocks(number):
    """A block that ends early, and one whose last length is not the truth."""
    whole = block(BASE + [NEXT_HOP, (0xc0, 8, bytes(8)), RT])
    for length in range(len(whole)):
        yield (f'block of {length} octets',
               update(whole[:length], v4(number())))
    for length in range(256):
        tail = attribute(0xc0, 8, bytes(8), length)
        yield (f'last attribute says {length} octets', update(
            block(BASE + [NEXT_HOP]) + tail, v4(number())))
    for code in VALUES:
        flags, text = VALUES[code]
        yield (f'attribute {code} extended length', with_attribute(
            (flags | EXTENDED, code, bytes.fromhex(text)), v4(number())))
        yield (f'attribute {code} partial', with_attribute(
            (flags | PARTIAL, code, bytes.fromhex(text)), v4(number())))


def announce(family, nlri, next_hop=None, attrs=()):
    afi, safi, hop, _ = FAMILIES[family]
    hop = hop if next_hop is None else next_hop
    return update([mp_reach(afi, safi, hop, nlri), *BASE, RT, *attrs])


def nlri(number):
    for family, (afi, safi, hop, make) in FAMILIES.items():
        whole = make(0)
        yield f'{family} good', announce(family, make(number()))
        yield (f'{family} MP_REACH is last', update(
            [*BASE, RT, mp_reach(afi, safi, hop, make(number()))]))
        for length in range(len(whole)):
            short = make(number())[:length]
            yield f'{family} cut at {length}', announce(family, short)
            yield (f'{family} withdrawn, cut at {length}', update(
                [mp_unreach(afi, safi, short)]))
            if length > 1:
                fixed = bytes([(length - 1) * (8 if safi in
                              (1, 2, 4, 128, 132, 73) else 1)]) + short[1:]
                yield (f'{family} of {length} octets whose length fits',
                       announce(family, fixed))
        for at in range(min(len(whole), 3)):
            for value in range(256):
                one = make(number())
                yield (f'{family} octet {at} is {value:02x}', announce(
                    family, one[:at] + bytes([value]) + one[at + 1:]))
                yield (f'{family} octet {at} is {value:02x}, room behind',
                       announce(family, one[:at] + bytes([value]) +
                                one[at + 1:] + bytes(32)))
        for at in range(3, len(whole)):
            for value in (0, 1, 0x21, 0x7f, 0x80, 0x81, 0xff):
                one = make(number())
                yield (f'{family} octet {at} is {value:02x}', announce(
                    family, one[:at] + bytes([value]) + one[at + 1:]))
        for length in range(50):
            yield f'{family} next hop of {length}', announce(
                family, make(number()), (HOP6 * 4)[:length])


def labels(number):
    """Stacks of any depth, bottom bits anywhere, over-long ones."""
    for family, head, longest in (('ipv4-labeled', b'', 32), (
            'ipv6-labeled', b'', 128), ('vpnv4', RD, 32), ('vpnv6', RD, 128)):
        for depth in range(0, 9):
            for bottom in range(depth + 1):
                stack = b''.join(bytes([0, 6, 0x41 if i == bottom else 0x40])
                                 for i in range(depth))
                body = stack + (rd(number()) if head else b'')
                body += ip4(number())
                yield (f'{family} {depth} labels, bottom at {bottom}',
                       announce(family, bytes([min(8 * len(body), 255)]) +
                                body))
        for bits in range(0, 256):
            body = b'\0\x06\x41' + (rd(number()) if head else b'') + \
                ip4(number()) + bytes(32)
            yield (f'{family} of {bits} bits', announce(
                family, bytes([bits]) + body[:(bits + 7) // 8]))
        for label in ('800000', '000000', '000001', '000031', 'ffffff'):
            body = bytes.fromhex(label) + (rd(number()) if head else b'') + \
                ip4(number())
            yield (f'{family} label {label}', announce(
                family, bytes([8 * len(body)]) + body))


FLOWS = {
    'empty': '', 'unknown type 14': '0e8101', 'unknown type ff': 'ff8101',
    'type 0': '008101', 'prefix of 33': '012164400000aa',
    'prefix cut': '01206440', 'no end of list': '0301060306',
    'list cut': '0391', 'value cut': '039106', 'wrong order': '0581500381060',
    'a type twice': '038106038111', 'length 8 numbers': '03b10000000000000006',
    'and at the beginning': '03c106', 'bitmask': '098102', 'fragment': '0c8102',
    'fragment of two octets': '0c910002', 'dscp over 63': '0b81ff',
    'reserved bit': '038906', 'tcp flags of 4 octets': '09a100000002',
    'all': '0118640000' '0218650000' '038106' '04811900' '058119',
}


def flows(number):
    for family in ('ipv4-flowspec', 'ipv6-flowspec'):
        for name, text in FLOWS.items():
            body = bytes.fromhex(text[:len(text) // 2 * 2])
            yield f'{family} {name}', announce(family, sized(body))
            yield (f'{family} {name}, behind a prefix', announce(
                family, sized((flow4 if family[3] == '4' else flow6)(
                    number()) + body)))
        for kind in range(256):
            for op in (0x01, 0x81, 0x91, 0xa1, 0xb1, 0xc1):
                size = 1 << (op >> 4 & 3)
                yield (f'{family} type {kind} operator {op:02x}', announce(
                    family, sized(bytes([kind, op]) + bytes(size - 1) +
                                  bytes([number() % 256]))))
        for length in (0xf0, 0xff0, 0xfff, 240, 4095):
            yield (f'{family} length of two octets {length}', announce(
                family, struct.pack('>H', 0xf000 | length & 0xfff) +
                flow4(number())))


NO_HOST = ['0.0.0.0', '0.1.2.3', '127.0.0.1', '127.1.2.3', '224.0.0.1',
           '239.255.255.255', '240.0.0.1', '255.255.255.255']
NO_HOST6 = ['00' * 16, '00' * 15 + '01', 'ff02' + '00' * 13 + '01',
            '00' * 10 + 'ffff7f000001', 'fe80' + '00' * 13 + '01']


def next_hops(number, receivers):
    for text in NO_HOST + receivers:
        hop = bytes(int(x) for x in text.split('.'))
        yield (f'next hop {text}', update(
            [ORIGIN, (0x40, 2, b''), (0x40, 3, hop), LOCAL_PREF],
            v4(number())))
        for family in ('ipv4-labeled', 'ipv4-multicast', 'evpn-3'):
            make = FAMILIES[family][3]
            yield (f'{family} next hop {text}',
                   announce(family, make(number()), hop))
        yield (f'vpnv4 next hop {text}', announce(
            'vpnv4', FAMILIES['vpnv4'][3](number()), bytes(8) + hop))
    for text in NO_HOST6:
        hop = bytes.fromhex(text)
        for family in ('ipv6-unicast', 'ipv6-labeled', 'ipv4-mp', 'evpn-3'):
            make = FAMILIES[family][3]
            yield (f'{family} next hop {text}',
                   announce(family, make(number()), hop))
            yield (f'{family} next hop {text} twice',
                   announce(family, make(number()), hop + hop))
        yield (f'vpnv6 next hop {text}', announce(
            'vpnv6', FAMILIES['vpnv6'][3](number()), bytes(8) + hop))


def growth(number):
    """What grows when it is handed on."""
    def path(count):
        out = b''
        while count > 0:
            n = min(count, 255)
            out += bytes([2, n]) + struct.pack('>I', 64513) * n
            count -= n
        return (0x40, 2, out)

    for count in (1, 63, 64, 127, 254, 255, 256, 510, 511, 765, 900, 990):
        yield (f'AS_PATH of {count}', update(
            [ORIGIN, path(count), NEXT_HOP, LOCAL_PREF], v4(number())))
    for count in (1, 62, 63, 64, 254, 255, 256, 500, 1000):
        yield (f'CLUSTER_LIST of {count}', with_attribute(
            (0x80, 10, struct.pack('>I', 0x0a000007) * count), v4(number())))
    for code, unit in ((8, 4), (16, 8), (32, 12), (25, 20), (99, 1)):
        for total in (240, 252, 255, 256, 260, 1000, 3900, 3960, 3980, 4000):
            value = bytes(range(1, unit + 1)) * (total // unit)
            yield (f'attribute {code} of {len(value)}', with_attribute(
                (0xc0, code, value), v4(number())))
    for total in range(3980, 4040):
        filler = (0xc0, 99, bytes(total))
        made = with_attribute(filler, v4(number()))
        yield f'message of {len(made)}', made
    for total in (4100, 5000, 20000, 60000, 65000):
        made = with_attribute((0xc0, 99, bytes(total)), v4(number()))
        yield f'message of {len(made)}', made
    for size in (3900, 3960, 3980, 4020, 4060):
        tail = b''.join(v4(number()) for _ in range((size - 60) // 5))
        made = update([ORIGIN, (0x40, 2, b''), NEXT_HOP, LOCAL_PREF], tail)
        yield f'prefixes, message of {len(made)}', made


def identities(number, receivers):
    """Who a route says it is from."""
    for text in receivers + ['0.0.0.0', '255.255.255.255', '224.0.0.1']:
        octets = bytes(int(x) for x in text.split('.'))
        yield (f'ORIGINATOR_ID {text}', with_attribute(
            (0x80, 9, octets), v4(number())))
        yield (f'CLUSTER_LIST {text}', with_attribute(
            (0x80, 10, octets), v4(number())))
    for asn in (0, 23456, 64512, 65535, 4294967295):
        for kind in (1, 2, 3, 4):
            yield (f'AS_PATH segment {kind} of AS {asn}', with_attribute(
                (0x40, 2, bytes([kind, 1]) + struct.pack('>I', asn)),
                v4(number())))
        yield (f'AGGREGATOR {asn}', with_attribute(
            (0xc0, 7, struct.pack('>I', asn) + HOP4), v4(number())))
    for value in ('ffff0000', 'ffffff01', 'ffffff02', 'ffffff03', 'ffff029a'):
        yield (f'community {value}', with_attribute(
            (0xc0, 8, bytes.fromhex(value)), v4(number())))


def ext_communities(number):
    for high in range(256):
        for low in (0, 2, 3, 6, 0x0c):
            for family in ('ipv4-mp', 'vpnv4', 'ipv4-flowspec', 'evpn-2'):
                if family != 'ipv4-mp' and high % 8 != 0 and low != 6:
                    continue
                make = FAMILIES[family][3]
                value = bytes([high, low]) + b'\xfc\0\0\0\0\x64'
                yield (f'{family} extended community {high:02x}{low:02x}',
                       update([mp_reach(*FAMILIES[family][:3],
                                        make(number())), *BASE,
                               (0xc0, 16, value)]))


def sids(number):
    """Prefix-SID and tunnels, where receivers read TLVs in TLVs."""
    good = bytes.fromhex('050022' '00' '01001e' '00') + HOP6 + \
        bytes.fromhex('00' '0013' '00' '010006' '281810001000')
    tunnel = bytes.fromhex(VALUES[23][1])
    for name, code, value in (('Prefix-SID', 40, good),
                              ('tunnel', 23, tunnel)):
        for length in range(len(value) + 1):
            yield (f'vpnv4 {name} of {length} octets', announce(
                'vpnv4', FAMILIES['vpnv4'][3](number()),
                attrs=[(0xc0, code, value[:length])]))
        for at in range(len(value)):
            for octet in (0, 1, 0x7f, 0xff):
                bad = value[:at] + bytes([octet]) + value[at + 1:]
                yield (f'vpnv4 {name} octet {at} is {octet:02x}', announce(
                    'vpnv4', FAMILIES['vpnv4'][3](number()),
                    attrs=[(0xc0, code, bad)]))


def chance(number, count):
    """Sound messages with a few octets changed."""
    some = random.Random(SEED)
    names = list(FAMILIES)
    for i in range(count):
        family = some.choice(names)
        made = bytearray(announce(family, FAMILIES[family][3](number())) if
                         some.random() < 0.6 else with_attribute(
            (VALUES[c := some.choice(list(VALUES))][0], c,
             bytes.fromhex(VALUES[c][1])), v4(number())))
        for _ in range(some.choice((1, 1, 2, 3))):
            made[some.randrange(23, len(made))] = some.randrange(256)
        yield f'chance {i}', bytes(made)


HEX = re.compile(r'^f{32}[0-9a-f]{6,}$')


def hex_in(value):
    """Every string of a document that is a whole message."""
    if isinstance(value, str):
        if HEX.match(value):
            yield bytes.fromhex(value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from hex_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from hex_in(item)


def files(paths):
    for path in paths:
        if not os.path.exists(path):
            continue
        with open(path, encoding='utf-8') as file:
            for n, line in enumerate(file, 1):
                try:
                    found = list(hex_in(json.loads(line)))
                except ValueError:
                    found = [bytes.fromhex(word) for word in line.split()
                             if HEX.match(word)]
                for octets in found:
                    if octets[18] == 2:
                        yield f'{os.path.basename(path)} {n}', octets


def rows(number, folder):
    """The cases of tests/vectors/rows, each with one route more."""
    if not os.path.isdir(folder):
        return
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            cases = re.split(r'^case ', file.read(), flags=re.M)[1:]
        for case in cases:
            parts, part = {}, None
            for line in case.splitlines()[1:]:
                if line[:1].isalpha():
                    part = line.split()[0]
                    parts[part] = b''
                elif part in ('withdrawn', 'attributes', 'nlri'):
                    parts[part] += bytes.fromhex(line.split('#')[0])
            if 'attributes' not in parts or 'lengths' in parts:
                continue
            more = v4(number()) if 'nlri' in parts else b''
            yield (f'{name} {case.splitlines()[0]}', update(
                parts['attributes'], parts.get('nlri', b'') + more,
                parts.get('withdrawn', b'')))


def everything(receivers, folder, paths, extra):
    """receivers: addresses of the other clients; folder, paths: where rows and
    files of messages are; extra: chance messages."""
    number = Numbers()
    for part in (attributes(number), codes(number), blocks(number),
                 nlri(number), labels(number), flows(number),
                 next_hops(number, receivers), growth(number),
                 identities(number, receivers), ext_communities(number),
                 sids(number), chance(number, extra), rows(number, folder),
                 files(paths)):
        yield from part
