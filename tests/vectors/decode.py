#!/usr/bin/env python3
"""The decode program on the messages of others: what it prints of them.

usage: decode.py DECODE DIRECTORY-OF-VECTORS          exit 77: there are none

Every line of output is JSON; sound messages have the routes and attributes that
the vectors tell of; what it encodes anew decodes to the same again.
"""
import collections
import glob
import ipaddress
import json
import os
import subprocess
import sys

COMPARED = ['med', 'local_pref', 'large_communities', 'originator_id',
            'cluster_list', 'otc']


def run(program, options, lines):
    out = subprocess.run([program] + options, input='\n'.join(lines) + '\n',
                         check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in out.stdout.splitlines()]


def options_of(context):
    """The options that put decode into the session of a vector."""
    options = ['--families', ','.join(context['families'])]
    if not context['as4']:
        options.append('--as2')
    if context['addpath']:
        options += ['--add-path', ','.join(context['addpath'])]
    if context['extmsg']:
        options += ['--max-len', '65535']
    return tuple(options)


def address(text):
    return str(ipaddress.ip_address(text)) if text else None


def routes(items):
    return sorted((str(ipaddress.ip_network(i['prefix'], strict=False)),
                   i.get('path_id'), address(i.get('next_hop')))
                  for i in items if 'prefix' in i)


def wrong(wanted, got):
    """The first thing that is not as the vector says, or None."""
    if 'announced' not in wanted:
        return None
    if routes(wanted['announced']) != routes(got['reach']):
        return 'reach'
    if routes(wanted['withdrawn']) != routes(got['unreach']):
        return 'unreach'
    for key in COMPARED:
        if wanted['attrs'].get(key) != got['attributes'].get(key):
            return key
    return None


def messages(text):
    """The messages of a run of octets in hex."""
    while text:
        length = 2 * int(text[32:36], 16)
        yield text[:length]
        text = text[length:]


def main():
    program, directory = sys.argv[1:]
    by_options = collections.defaultdict(list)
    for path in sorted(glob.glob(os.path.join(directory, '*.jsonl'))):
        for line in open(path):
            vector = json.loads(line)
            if isinstance(vector['expect'], dict):
                by_options[options_of(vector['context'])].append(vector)
    if not by_options:
        print('no vectors in', directory)
        sys.exit(77)
    bad = count = again = 0
    for options, vectors in by_options.items():
        printed = run(program, list(options), [v['hex'] for v in vectors])
        assert len(printed) == len(vectors)
        for vector, got in zip(vectors, printed):
            count += 1
            expect = vector['expect']
            what = None
            if expect['ok'] and 'bgpsec' not in vector['id']:
                what = 'ok' if not got['ok'] else wrong(expect['decoded'],
                                                        got)
            if what:
                bad += 1
                print(vector['id'], what)
            rebuilt = list(messages(got.get('reencoded', '')))
            if got['type'] != 'update' or not rebuilt:
                continue
            back = run(program, list(options), rebuilt)
            again += 1
            if (sum((b['reach'] for b in back), []) != got['reach'] or
                    sum((b['unreach'] for b in back), []) != got['unreach']):
                bad += 1
                print(vector['id'], 'encoded anew')
    print(count, 'messages,', again, 'encoded anew,', bad, 'wrong')
    sys.exit(bad > 0)


main()
