"""status.py REFLECTOR: what the control socket tells of peers and routes.

A client with known capabilities and routes, and a peer that may not have them;
every line that an operator looks for is there.  Speaks TAP.
"""
import re
import struct

from reflector import KEEPALIVE, Peer, Reflector, directory, message, \
    open_message
from tap import check, done, until

COMMUNITIES = 1000  # 4 octets each: as many as a message holds


def attribute(flags, code, value):
    return struct.pack('>BBH', flags | 0x10, code, len(value)) + value


def update(prefix, *attributes):
    attrs = b''.join((attribute(0x40, 1, b'\0'), attribute(0x40, 2, b''),
                      attribute(0x40, 3, bytes((192, 0, 2, 9))),
                      attribute(0x40, 5, bytes((0, 0, 0, 100)))) + attributes)
    return message(2, b'\0\0' + struct.pack('>H', len(attrs)) + attrs + prefix)


def has(lines, pattern):
    return any(re.search(pattern, line) for line in lines)


def shows(lines, *patterns):
    for pattern in patterns:
        check(has(lines, pattern), '%s is shown' % pattern.decode(), lines)


def protocols(reflector):
    lines = reflector.ask(b'show protocols all Node_127_200_0_1')
    shows(lines, rb'Neighbor AS: +64512', rb'Local capabilities',
          rb'Neighbor capabilities', rb'AF announced: ipv4 ipv6',
          rb'AF announced: ipv4$', rb'4-octet AS numbers',
          rb'Extended message', rb'Hold timer: +[0-9.]+/90',
          rb'Keepalive timer: +[0-9.]+/30', rb'Last read: +[0-9.]+ s ago',
          rb'Last written:', rb'Received: +1 OPEN, 3 UPDATE',
          rb'Sent: +1 OPEN', rb'Established: +1 times, 0 connections refused',
          rb'Import limit: +1500000')
    lines = reflector.ask(b'show protocols all waited')
    shows(lines, rb'BGP state: +Passive', rb'Neighbor AS: +65001')


def status(reflector):
    shows(reflector.ask(b'show status'), rb'AS is 64512',
          rb'cluster ID is 127.0.0.1', rb'Peers: 3, established: 2',
          rb'Range 127.200.0.0/16: clients, 1 of at most 7')


def routes(reflector):
    lines = reflector.ask(b'show route all 10.1.0.0/16')
    check(has(lines, rb'BGP.community: \(64512,0\)'), 'communities are shown',
          lines)
    check(has(lines, rb'\(64512,%d\)$' % (COMMUNITIES - 1)), 'to the last')
    check(max(map(len, lines)) <= 500, 'no line is longer than those of BIRD',
          max(map(len, lines)))
    shows(reflector.ask(b'show route filtered'), rb'10.2.0.0/16',
          rb'Not accepted: its ORIGINATOR_ID is our router id')
    lines = reflector.ask(b'show route export other why')
    shows(lines, rb'10.3.0.0/16', rb'Not sent: it has the community no-adv')
    check(not has(lines, rb'10.1.0.0/16'), 'what was sent needs no reason',
          lines)
    shows(reflector.ask(b'show route export Node_127_200_0_1 why'),
          rb'Not sent: it is from there')
    shows(reflector.ask(b'show route export waited why'),
          rb'Not sent: the session is not up')


def commands(reflector, other):
    shows(reflector.ask(b'help'), rb'^1010-show status', rb'configure')
    shows(reflector.ask(b'?'), rb'^1010-show status')
    with open(directory.name + '/conf', 'a') as file:
        print('bogus', file=file)
    shows(reflector.ask(b'configure check'), rb'^8002 .*conf:[0-9]+: bogus')
    check(reflector.established() == 2, 'and nothing changed')
    write_config()
    shows(reflector.ask(b'configure check'), rb'^0020 Configuration OK')
    check(b'configured again' not in reflector.logged(), 'nor then')
    shows(reflector.ask(b'show route 10.0.0.1/8'), rb'^9001 maybe 10.0.0.0/8')
    shows(reflector.ask(b'disable other "back at noon"'), rb'other: disabled')
    heard = other.rest()
    check(heard and heard[-1] == (3, b'\x06\x02\x0cback at noon'),
          'the peer is told why', heard)


def write_config():
    with open(directory.name + '/conf', 'w') as file:
        print('client 127.200.0.0/16,max-peers=7',
              'client 127.200.1.1,passive,name=other',
              'peer 127.200.1.2,passive,as=65001,name=waited',
              sep='\n', file=file)


write_config()
reflector = Reflector('--config', directory.name + '/conf')
try:
    client = Peer(1).say(open_message(1), KEEPALIVE)
    other = Peer(257).say(open_message(257), KEEPALIVE)
    until(lambda: reflector.established() == 2)
    client.say(update(b'\x10\x0a\x01', attribute(0xc0, 8, b''.join(
        struct.pack('>HH', 64512, i) for i in range(COMMUNITIES)))),
        update(b'\x10\x0a\x02', attribute(0x80, 9, bytes((127, 0, 0, 1)))),
        update(b'\x10\x0a\x03',
               attribute(0xc0, 8, b'\xff\xff\xff\x02')))
    until(lambda: has(reflector.ask(b'show route 10.3.0.0/16'), b'10.3'))
    protocols(reflector)
    status(reflector)
    routes(reflector)
    commands(reflector, other)
    check(reflector.end() == 0, 'SIGTERM: it ends in order')
finally:
    reflector.process.kill()
    done()
