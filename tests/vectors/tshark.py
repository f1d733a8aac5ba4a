#!/usr/bin/env python3
"""Everything we encode, as tshark reads it.

usage: tshark.py GENERATE [COUNT [SEED]]             exit 77: there is no tshark
"""
import ipaddress
import shutil
import subprocess
import sys
import tempfile

DLT = 'uat:user_dlts:"User 0 (DLT=147)","bgp","0","","0",""'

FIELDS = ['bgp.type', '_ws.malformed', '_ws.expert.severity',
          '_ws.expert.message', 'bgp.prefix_length',
          'bgp.nlri_prefix', 'bgp.withdrawn_prefix',
          'bgp.mp_reach_nlri_ipv4_prefix', 'bgp.mp_unreach_nlri_ipv4_prefix',
          'bgp.mp_reach_nlri_ipv6_prefix', 'bgp.mp_unreach_nlri_ipv6_prefix',
          'bgp.update.path_attribute.multi_exit_disc',
          'bgp.update.path_attribute.local_pref',
          'bgp.update.path_attribute.community_as',
          'bgp.update.path_attribute.community_value',
          'bgp.open.holdtime', 'bgp.cap.type']

WARNING = 0x600000


def read(capture):
    """One dictionary of lists for each packet."""
    command = ['tshark', '-n', '-r', capture, '-o', DLT,
               '-o', 'bgp.asn_len:4 octet', '-T', 'fields',
               '-E', 'separator=|', '-E', 'aggregator=;']
    for field in FIELDS:
        command += ['-e', field]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True).stdout
    for line in lines.splitlines():
        yield dict(zip(FIELDS, ([v for v in f.split(';') if v]
                                for f in line.split('|'))))


def complaint(packet):
    if packet['_ws.malformed']:
        return 'malformed'
    if any(int(s) >= WARNING for s in packet['_ws.expert.severity']):
        return '; '.join(packet['_ws.expert.message'])
    return None


def addresses(packet):
    found = []
    for field in FIELDS[5:11]:
        found += packet[field]
    return sorted(str(ipaddress.ip_address(a)) for a in found)


def difference(packet, line):
    """What tshark reads otherwise than we meant it, or None."""
    kind, _, rest = line.partition(' ')
    if kind == 'open':
        holdtime, capabilities = rest.split()
        if packet['bgp.open.holdtime'] != [holdtime]:
            return 'hold time'
        if len(packet['bgp.cap.type']) != int(capabilities):
            return 'capabilities'
    if kind != 'update':
        return None
    prefixes, attrs = (part.split() for part in rest.split('|'))
    wanted = sorted(str(ipaddress.ip_network(p).network_address)
                    for p in prefixes)
    if wanted and addresses(packet) != wanted:
        return 'prefixes'
    if not attrs:
        return None
    for name, value in (('multi_exit_disc', attrs[0]),
                        ('local_pref', attrs[1])):
        got = packet['bgp.update.path_attribute.' + name]
        if got != ([] if value == '-' else [value]):
            return name
    return None


def main():
    generate = sys.argv[1]
    count, seed = (sys.argv[2:] + ['10000', '1'][len(sys.argv) - 2:])
    if shutil.which('tshark') is None:
        print('no tshark')
        sys.exit(77)
    bad = 0
    with tempfile.NamedTemporaryFile(suffix='.pcap') as capture:
        lines = subprocess.run([generate, capture.name, count, seed],
                               check=True, stdout=subprocess.PIPE,
                               text=True).stdout.splitlines()
        packets = list(read(capture.name))
    for number, (packet, line) in enumerate(zip(packets, lines), 1):
        what = complaint(packet) or difference(packet, line)
        if what:
            bad += 1
            if bad <= 10:
                print(number, what, line[:200])
    print(len(packets), 'messages read,', bad, 'otherwise than meant')
    sys.exit(bad > 0 or len(packets) != int(count) or
             len(lines) != len(packets))


main()
