#!/usr/bin/env python3
"""Every route of a real MRT file, as decode and as RIPE's bgpdump print it.

usage: bgpdump.py DECODE DIRECTORY-OF-VECTORS        exit 77: nothing to compare
"""
import collections
import gzip
import ipaddress
import json
import os
import subprocess
import sys

NAME = 'mrt/updates.20160811.1600.gz'


def address(text):
    return str(ipaddress.ip_address(text))


def prefix(text):
    return str(ipaddress.ip_network(text, strict=False))


def expected(path):
    """Routes as bgpdump -vm prints them, one line each."""
    routes = collections.Counter()
    for line in gzip.open(path, 'rt'):
        f = line.rstrip('\n').split('|')
        if f[2] == 'STATE':
            routes['state', address(f[3]), f[5], f[6]] += 1
        elif f[2] == 'W':
            routes['withdraw', address(f[3]), f[4], prefix(f[5])] += 1
        else:
            routes['announce', address(f[3]), f[4], prefix(f[5]),
                   f[6].replace(',', ' '), f[7].lower(), address(f[8]),
                   f[9], f[10], f[11], f[12], f[13]] += 1
    return routes


def update_routes(message):
    """Routes of one object that decode printed."""
    peer = address(message['peer']), str(message['peer_as'])
    for route in message.get('unreach', []):
        yield 'withdraw', *peer, prefix(route['prefix'])
    for route in message.get('reach', []):
        attrs = message['attributes']
        aggregator = attrs.get('aggregator')
        yield ('announce', *peer, prefix(route['prefix']),
               attrs['as_path'].replace(',', ' '), attrs['origin'],
               address(route['next_hop']),
               str(attrs.get('local_pref', 0)), str(attrs.get('med', 0)),
               ' '.join(attrs.get('communities', [])),
               'AG' if attrs.get('atomic_aggregate') else 'NAG',
               '%d %s' % tuple(aggregator) if aggregator else '')


def decoded(program, path):
    octets = gzip.open(path).read()
    lines = subprocess.run([program, '--mrt', '-'], input=octets, check=True,
                           stdout=subprocess.PIPE).stdout
    routes = collections.Counter()
    for line in lines.splitlines():
        message = json.loads(line)
        if message['type'] == 'state':
            old, new = message['states']
            routes['state', address(message['peer']), str(old),
                   str(new)] += 1
        elif message['type'] == 'update':
            routes.update(update_routes(message))
    return routes


def main():
    program, directory = sys.argv[1:]
    path = os.path.join(directory, NAME)
    if not os.path.exists(path):
        print('no', path)
        sys.exit(77)
    theirs = expected(path + '.bgp.gz')
    ours = decoded(program, path)
    for route in list((theirs - ours).elements())[:10]:
        print('missing', *route)
    for route in list((ours - theirs).elements())[:10]:
        print('extra  ', *route)
    print(sum(theirs.values()), 'routes and changes of state compared')
    sys.exit(ours != theirs or not theirs)


main()
