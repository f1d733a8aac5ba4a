#!/usr/bin/env python3
"""distant.py - what one client sends must not end the sessions of others.

    one client --(thousands of messages)--> reflector --> BIRD
       (client.py)                              |------> FRR
    another --(markers)------------------------>|------> GoBGP
                                                '------> OpenBGPD

Messages go out in groups, each in a session of its own.  When the reflector
has come to rest, another client announces a marker: once a daemon has it, it
has read all that was handed on before, for a session is one stream.  Then the
client leaves, all is withdrawn, and a second marker follows.  Where a session
fell, its daemon begins anew and the group is halved until one message is left.

    distant.py [--long] [--only DAEMON,...] [--match REGEX] [--group N]
               [--every N] [--keep] [--falls N]

Without network namespaces (root) or daemons it is skipped.  In a namespace of
its own no port is anybody else's.
"""
import argparse
import ctypes
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import daemons
import messages
from client import Client
from control import Reflector
from known import KNOWN
from wire import BASE, NEXT_HOP, update

HERE = os.path.dirname(os.path.abspath(__file__))
CLONE_NEWNET = 0x40000000
FIRST_MARKER = 0xc6120000  # 198.18.0.0


class Tap:
    def __init__(self):
        self.count = self.failures = 0

    def ok(self, passed, name, *why):
        self.count += 1
        print(f'{"ok" if passed else "not ok"} {self.count} - {name}')
        for line in why if not passed else ():
            print(f'# {line}')
        self.failures += not passed
        sys.stdout.flush()

    def end(self):
        print(f'1..{self.count}')
        return 1 if self.failures else 0


def note(text):
    print(f'# {text}', flush=True)


def skip(why):
    print(f'1..0 # SKIP {why}')
    sys.exit(0)


def own_network():
    """A namespace that is gone with the last process in it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        skip('no namespace: ' + os.strerror(ctypes.get_errno()))
    for words in ('link set lo up',
                  'route add local 10.77.0.0/16 dev lo'):
        if subprocess.run(['ip', *words.split()], check=False).returncode:
            skip('ip ' + words + ' failed')


class Fall:
    """The end of one daemon's session, and what the reflector said of it."""

    def __init__(self, daemon, why):
        self.daemon, self.why = daemon, why


class Test:
    def __init__(self, options, directory):
        self.options = options
        self.dir = directory
        self.falls = []
        self.sent = self.resets = self.groups = 0
        self.markers = 0
        self.clients = []
        self.reflector = daemons.TheReflector(directory, daemons.REFLECTOR)
        self.reflector.start()
        self.watch = Reflector(self.reflector.file('ctl'),
                               self.reflector.file('log'))
        kinds = [d for d in daemons.ALL if not options.only or
                 d.name in options.only.split(',')]
        for number, kind in enumerate(kinds, 2):
            if kind.missing():
                note(f'{kind.name} is not installed')
                continue
            self.clients.append(kind(directory, f'10.77.0.{number}'))
        if not self.clients:
            skip('no daemon is installed')
        self.marker = Client()

    # ------------------------------------------------------------- daemons

    def name(self, daemon):
        return 'Node_' + daemon.address.replace('.', '_')

    def begin(self, daemon):
        """Its session, from nothing."""
        daemon.end()
        for verb in ('disable', 'enable'):
            self.watch.control.ask(f'{verb} {self.name(daemon)}')
        daemon.start()
        self.until_up([daemon])

    def until_up(self, which, limit=60):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            peers = self.watch.peers()
            if all(peers.get(self.name(d), {}).get('up') for d in which):
                return
            time.sleep(0.1)
        raise OSError('not established: ' + ' '.join(
            f'{d.name} {peers.get(self.name(d))} {d.tail()}' for d in which))

    def begin_all(self):
        for daemon in self.clients:
            daemon.start()
        self.until_up(self.clients)
        self.watch.downs()

    def ups(self):
        peers = self.watch.peers()
        return {d: peers[self.name(d)]['ups'] if
                peers.get(self.name(d), {}).get('up') else -1
                for d in self.clients}

    # -------------------------------------------------------------- markers

    def mark(self, ups):
        """Announces the next marker in place of the last; answers those whose
        session fell before they had it."""
        last = FIRST_MARKER + self.markers
        self.markers += 1
        octets = struct.pack('>I', last + 1)
        self.marker.send(update([*sorted(BASE + [NEXT_HOP], key=lambda a: a[1])],
                                b'\x20' + octets, b'\x20' +
                                struct.pack('>I', last)))
        prefix = '.'.join(map(str, octets)) + '/32'
        waiting, fallen = list(self.clients), []
        end = time.monotonic() + 30
        while waiting and time.monotonic() < end:
            now = self.ups()
            for daemon in list(waiting):
                if now[daemon] != ups[daemon] or not daemon.is_alive():
                    fallen.append(daemon)
                    waiting.remove(daemon)
                elif self.is_there(daemon, prefix):
                    waiting.remove(daemon)
        if waiting:
            note('no marker: ' + ' '.join(d.name for d in waiting))
        now = self.ups()
        return [d for d in self.clients if d in fallen or d in waiting or
                now[d] != ups[d]]

    @staticmethod
    def is_there(daemon, prefix):
        try:
            return daemon.has(prefix)
        except OSError:
            return False

    # --------------------------------------------------------------- groups

    def send(self, group):
        """One session with all of the group; (client, None), or the index of
        the message that made the reflector reset it."""
        client = Client()
        whole = client.send(b''.join(m for _, m in group))
        for _ in range(500):
            peer = self.watch.peers().get(client.name, {})
            if not whole or not client.read() or not peer.get('up'):
                break
            if peer['in'] >= len(group):
                self.watch.settled()
                return client, None
            time.sleep(0.01)
        client.close()
        peer = self.watch.settled().get(client.name, {'in': 0})
        return None, max(peer['in'] - 1, 0)

    def play(self, group):
        """Sends the group; answers a Fall for each session that ended."""
        group = list(group)
        self.groups += 1
        self.watch.downs()
        ups = self.ups()
        while group:
            client, guilty = self.send(group)
            if client is not None:
                break
            self.resets += 1
            del group[guilty]
        self.sent += len(group)
        fallen = self.mark(ups)
        if group:
            client.close()
        self.watch.settled()
        if not fallen:
            fallen = self.mark(ups)
        why = self.watch.downs()
        for daemon in fallen:
            self.begin(daemon)
        return [Fall(d, self.reason(d, why)) for d in fallen]

    def reason(self, daemon, downs):
        said = [why for name, why in downs if name == self.name(daemon)]
        return said[0] if said else 'no word of it'

    def search(self, group):
        """Halves a group until the guilty message stands alone."""
        falls = self.play(group)
        if not falls:
            return False
        if len(group) == 1:
            for fall in falls:
                self.falls.append((fall.daemon.name, *group[0], fall.why))
                note(f'{fall.daemon.name}: {group[0][0]}: {fall.why}: '
                     f'{group[0][1].hex()[:240]}')
            return True
        half = len(group) // 2
        first = self.search(group[:half])
        if self.options.falls and len(self.falls) >= self.options.falls:
            return True
        second = self.search(group[half:])
        if not first and not second:
            for fall in falls:
                self.falls.append((fall.daemon.name, group[0][0], b'',
                                   f'{fall.why}, by {len(group)} together'))
                note(f'{fall.daemon.name}: {len(group)} messages from '
                     f'{group[0][0]} on: {fall.why}')
        return True


# ----------------------------------------------------------------- the table

def rows_of(name, names):
    """The rows of KNOWN that a message is of, for daemons that are here."""
    return [i for i, row in enumerate(KNOWN)
            if row[0] in names and re.search(row[1], name)]


def is_known(fall, name):
    return any(row[0] == fall.daemon.name and re.search(row[1], name) and
               re.search(row[2], fall.why) for row in KNOWN)


def check_known(test, tap, aside):
    """Some messages of each row: that daemon's session ends, and none of which
    no row says so."""
    for i, (daemon, _, reason, why) in enumerate(KNOWN):
        some = aside.get(i, [])[:1 if not test.options.long else 3]
        if not some:
            continue
        for one in some:
            falls = test.play([one])
            said = [f'{f.daemon.name}: {f.why}' for f in falls]
            tap.ok(any(f.daemon.name == daemon and re.search(reason, f.why)
                       for f in falls) and
                   all(is_known(f, one[0]) for f in falls),
                   f'known: {daemon} and {one[0]}: {why}', *said,
                   one[1].hex()[:200])


def judged(program, chosen):
    """Splits messages into those the decoder takes and those it resets for."""
    lines = '\n'.join(m.hex() for _, m in chosen) + '\n'
    done = subprocess.run([program, '--json', '--max-len', '65535'],
                          input=lines.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, timeout=120, check=False)
    answers = done.stdout.decode().splitlines()
    if len(answers) != len(chosen):
        raise OSError(f'{len(answers)} answers to {len(chosen)} messages')
    taken, resetting = [], []
    for one, answer in zip(chosen, answers):
        (resetting if '"remedy":"reset"' in answer
         else taken).append(one)
    return taken, resetting


def choose(options, receivers):
    vectors = os.path.join(HERE, '..', '..', 'vectors')
    paths = [os.path.join(vectors, n) for n in sorted(os.listdir(vectors))
             if n.endswith('.jsonl')]
    others = os.environ.get('VECTORS', '')
    if os.path.isdir(others):
        paths += [os.path.join(others, n) for n in sorted(os.listdir(others))
                  if n.endswith('.jsonl')]
    made = list(messages.everything(receivers, os.path.join(vectors, 'rows'),
                                    paths, 20000 if options.long else 1000))
    if options.match:
        return [m for m in made if re.search(options.match, m[0])]
    every = options.every or (1 if options.long else 5)
    return made[::every]


def run(options, directory, tap):
    test = Test(options, directory)
    test.begin_all()
    names = [d.name for d in test.clients]
    chosen = choose(options, [d.address for d in test.clients])
    taken, resetting = judged(os.environ['DECODE'], chosen)
    plain, aside = [], {}
    for one in taken:
        of = rows_of(one[0], names)
        if not of:
            plain.append(one)
        for i in of:
            aside.setdefault(i, []).append(one)
    begun = time.monotonic()
    for at in range(0, len(plain), options.group):
        test.search(plain[at:at + options.group])
        if options.falls and len(test.falls) >= options.falls:
            break
    for one in resetting[::max(len(resetting) // 50, 1)]:
        test.search([one])
    tap.ok(not test.falls, f'{len(plain)} messages of one client end no '
           f'session of {", ".join(names)}',
           *[f'{d}: {n}: {w}: {m.hex()[:200]}'
             for d, n, m, w in test.falls])
    check_known(test, tap, aside)
    tap.ok(test.reflector.is_alive(), 'the reflector lives')
    note(f'{len(chosen)} messages, {len(resetting)} of which reset the one '
         f'that sends them; {test.groups} groups, {test.resets} resets '
         f'more, {time.monotonic() - begun:.0f} s')


def main():
    parser = argparse.ArgumentParser(description='see the top of the file')
    parser.add_argument('--long', action='store_true')
    parser.add_argument('--only')
    parser.add_argument('--match')
    parser.add_argument('--group', type=int, default=250)
    parser.add_argument('--every', type=int)
    parser.add_argument('--falls', type=int, default=20)
    parser.add_argument('--keep', action='store_true')
    options = parser.parse_args()
    for name in ('REFLECTOR', 'DECODE'):
        if not os.access(os.environ.get(name, ''), os.X_OK):
            skip(f'{name} does not name the program of the example')
    # What was started is ended, whoever ends the test.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    own_network()
    directory = tempfile.mkdtemp(prefix='libbgp-distant.')
    os.chmod(directory, 0o755)
    tap = Tap()
    try:
        run(options, directory, tap)
    finally:
        for program in daemons.Program.all:
            program.end()
        if options.keep:
            note(f'kept: {directory}')
        else:
            shutil.rmtree(directory, ignore_errors=True)
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
