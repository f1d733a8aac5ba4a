"""storm.py REFLECTOR SESSION [--long]: what a crowd may cost the others.

Two witnesses are up, and while the crowd does its worst one announces and the
other waits for it: the slowest and the 99th of 100 are the figures, and memory.
--long: the numbers of the tests' README; else a tenth of them.  Speaks TAP; a
limit on time is only that of patience, for machines are slow and busy.
"""
import os
import signal
import socket
import struct
import subprocess
import sys
import time

from reflector import (KEEPALIVE, Peer, Reflector, directory, message,
                       open_message)
from tap import OWN_ADDRESS, PATIENCE_S, check, done, until

LONG = '--long' in sys.argv
MANY = 10000 if LONG else 1000
SOME = 1000 if LONG else 100
GROWTH_KIB = 64 * 1024  # no attack here may cost more


def attribute(flags, code, value):
    return struct.pack('>BBB', flags, code, len(value)) + value


def update(number):
    attrs = b''.join((attribute(0x40, 1, b'\0'), attribute(0x40, 2, b''),
                      attribute(0x40, 3, bytes((192, 0, 2, 9))),
                      attribute(0x40, 5, struct.pack('>I', number))))
    return message(2, b'\0\0' + struct.pack('>H', len(attrs)) + attrs +
                   b'\x18\x0a\x01\x01')


class Witnesses:
    """Two configured peers: what one says the other hears."""

    def __init__(self, reflector):
        self.reflector = reflector
        self.speaker = Peer(1, 202).say(open_message(1), KEEPALIVE)
        self.hearer = Peer(2, 202).say(open_message(2), KEEPALIVE)
        self.number = 100
        until(lambda: reflector.up(b'Node_127_202') == 2)
        self.base_kib = self.resident_kib()

    def resident_kib(self):
        with open('/proc/%d/status' % self.reflector.process.pid) as status:
            return [int(line.split()[1]) for line in status
                    if line.startswith('VmRSS')][0]

    def latency_ms(self):
        self.number += 1
        wanted = struct.pack('>BBBI', 0x40, 5, 4, self.number)
        octets, begin = b'', time.monotonic()
        self.speaker.say(update(self.number), KEEPALIVE)
        self.hearer.say(KEEPALIVE)
        while wanted not in octets:
            octets = octets[-16:] + self.hearer.socket.recv(65536)
        return (time.monotonic() - begin) * 1000

    def judge(self, what):
        took = sorted(self.latency_ms() for _ in range(100))
        grown = self.resident_kib() - self.base_kib
        print('# %-34s p99 %7.2f ms, all within %7.2f ms, %+6d KiB' %
              (what, took[98], took[99], grown))
        check(grown < GROWTH_KIB and
              self.reflector.up(b'Node_127_202') == 2,
              'the witnesses stay up: ' + what, (took[99], grown))


class Stormed(Reflector):
    def up(self, name):
        return sum(name in line and b'Established' in line
                   for line in self.ask(b'show protocols'))

    def cpu_s(self):
        with open('/proc/%d/stat' % self.process.pid) as stat:
            words = stat.read().rsplit(')', 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf('SC_CLK_TCK')

    def is_idle(self):
        before_s = self.cpu_s()
        time.sleep(0.5)
        return self.cpu_s() - before_s < 0.1


def address(net, number):
    return '127.%d.%d.%d' % (net, number >> 8, number & 255)


def connect(net, number):
    """A connection that does not wait; None: there was none to be had."""
    end = socket.socket()
    try:
        end.bind((address(net, number), 0))
        end.connect((OWN_ADDRESS, 1790))
        end.setblocking(False)
    except OSError:
        end.close()
        return None
    return end


def say(crowd, octets):
    for end in crowd:
        try:
            end.send(octets)
        except OSError:
            pass  # it was closed


def leave(crowd):
    for end in crowd:
        end.close()


def strangers(reflector, witnesses):
    for i in range(MANY):
        connect(201, i % 60000).close()
    witnesses.judge('%d strangers' % MANY)
    lines = reflector.logged().count(b'not a neighbour')
    check(lines < MANY / 20, 'they are few lines in the log', lines)


def silent(reflector, witnesses):
    crowd = [end for i in range(SOME) if (end := connect(200, i))]
    witnesses.judge('%d that send nothing' % SOME)
    opened = open_message(77)
    for i in range(3 if not LONG else len(opened)):
        say(crowd, opened[i:i + 1])
        time.sleep(0.3 if not LONG else 1)
    witnesses.judge('an OPEN octet by octet from each')
    leave(crowd)
    check(until(lambda: b'_200_' not in b''.join(
        reflector.ask(b'show protocols'))), 'who never came up is forgotten')
    crowd = [end for i in range(SOME) if (end := connect(200, i))]
    say(crowd, opened)
    witnesses.judge('%d of one router id, then silence' % SOME)
    leave(crowd)


def flaps(reflector, witnesses):
    ups = 0
    for i in range(SOME):
        end = connect(200, 9)
        if end is None:
            continue
        say([end], open_message(9) + KEEPALIVE)
        end.setblocking(True)
        end.settimeout(PATIENCE_S)
        try:
            ups += b'\0\x13\x04' in end.recv(4096)
        except OSError:
            pass
        end.close()
    witnesses.judge('%d flaps of one peer' % SOME)
    check(ups < SOME, 'not each of them came up', ups)


def operators(reflector, witnesses):
    for _ in range(MANY):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(reflector.path)
    witnesses.judge('%d connects to the control socket' % MANY)
    clients = []
    for _ in range(12):
        client = socket.socket(socket.AF_UNIX)
        client.connect(reflector.path)
        client.setblocking(False)
        clients.append(client)
    say(clients, b'x' * 100000)
    say(clients[:6], b'show route all\n' * 50)
    witnesses.judge('lines without end, and nobody reads')
    leave(clients)


def limited(reflector, witnesses):
    """Over its limit a peer loses its session, and is warned of before."""
    peer = Peer(5, 203).say(open_message(5), KEEPALIVE)
    until(lambda: reflector.up(b'Node_127_203') == 1)
    head = update(1)[19:-4]
    nets = b''.join(bytes((24, 20, 0, i)) for i in range(9))
    peer.say(message(2, head + nets))
    check(until(lambda: b'over 80 % of the 10 prefixes' in
                reflector.logged()), 'a peer near its limit is warned of')
    peer.say(message(2, head + bytes((24, 20, 1, 0, 24, 20, 1, 1))))
    heard = peer.rest()
    check(heard and heard[-1][1][:2] == b'\x06\x01',
          'over it: Cease, Maximum Number of Prefixes', heard and heard[-1])
    crowd = [Peer(i, 203) for i in range(6, 10)]
    for end in crowd:
        end.say(open_message(6), KEEPALIVE)
    check(until(lambda: b'as many peers as it may' in reflector.logged()),
          'a range is full when max-peers are there')
    witnesses.judge('a peer over its limit')
    for end in crowd:
        end.socket.close()


def crowd():
    reflector = Stormed(
        '--client', '127.200.0.0/16', '--client', '127.203.0.0/16,'
        'limit=10,max-peers=3', '--client', '127.202.0.1,passive',
        '--client', '127.202.0.2,passive')
    try:
        witnesses = Witnesses(reflector)
        witnesses.judge('nobody else')
        for attack in (strangers, silent, flaps, operators, limited):
            attack(reflector, witnesses)
        check(until(reflector.is_idle), 'and then it rests')
        check(reflector.end() == 0, 'SIGTERM: it ends in order')
    finally:
        reflector.process.kill()
        reflector.process.wait()


def kept_descriptors():
    """A range may not take the descriptors of those that are configured."""
    reflector = Stormed('--client', '127.200.0.0/16', '--client',
                        '127.202.0.1,passive', '--client',
                        '127.202.0.2,passive', descriptors=64)
    try:
        crowd = [end for i in range(100) if (end := connect(200, i))]
        Witnesses(reflector).judge('descriptors all used')
        check(until(reflector.is_idle), 'no loop spins')
        leave(crowd)
    finally:
        reflector.process.kill()
        reflector.process.wait()


def comes_back():
    """Stopped for longer than the hold time, killed and started again."""
    def start():
        return Reflector('--client', '127.200.0.0/16', '--hold-time', '3')

    def says(word, times):
        with open(directory.name + '/said', 'rb') as said:
            return said.read().count(word) >= times

    reflector = start()
    with open(directory.name + '/said', 'wb') as said:
        session = subprocess.Popen(
            [sys.argv[2], '--bind', '127.200.0.1', OWN_ADDRESS + ':1790'],
            stderr=said, stdout=subprocess.DEVNULL)
    try:
        check(until(lambda: says(b'session is up', 1)), 'a session is up')
        reflector.process.send_signal(signal.SIGSTOP)
        check(until(lambda: says(b'session is down', 1)),
              'SIGSTOP for longer than the hold time ends it')
        reflector.process.send_signal(signal.SIGCONT)
        check(until(lambda: says(b'session is up', 2)),
              'SIGCONT: it comes back')
        reflector.process.kill()
        reflector.process.wait()
        check(until(lambda: says(b'session is down', 2)), 'kill -9 ends it')
        reflector = start()
        check(until(lambda: says(b'session is up', 3)),
              'started again, it comes back')
        check(reflector.end() == 0, 'SIGTERM: it ends in order')
    finally:
        session.kill()
        reflector.process.kill()


try:
    crowd()
    kept_descriptors()
    comes_back()
finally:
    done()
