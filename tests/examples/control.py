"""control.py REFLECTOR: the control socket and clients that misbehave.

What birdc sees is tried in tests/interop/control.sh.  Here are clients that do
not read, ask much at once, say too much, or go away; none may keep an answer
from another.  Speaks TAP.

The reflector listens on an address of loopback that belongs to this process, so
that no other run can be in its way; nothing here depends on how fast it is.
"""
import os
import socket
import subprocess
import sys
import tempfile
import time

from tap import OWN_ADDRESS, PATIENCE_S, check, done, until

HELLO = b'0001 BIRD libbgp-'


class Client:
    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(path)
        self.octets = b''

    def say(self, octets):
        self.socket.sendall(octets)

    def line(self):
        """The next line; b'' at the end."""
        while b'\n' not in self.octets:
            try:
                more = self.socket.recv(65536)
            except ConnectionResetError:
                more = b''
            if not more:
                return b''
            self.octets += more
        line, self.octets = self.octets.split(b'\n', 1)
        return line

    def answer(self):
        """Lines up to the one with a blank behind its code."""
        lines = []
        while True:
            line = self.line()
            lines.append(line)
            if line == b'' or line[:4].isdigit() and line[4:5] == b' ':
                return lines

    def ask(self, command):
        self.say(command + b'\n')
        return self.answer()


def ready_client():
    client = Client()
    client.answer()
    return client


def basics():
    client = Client()
    hello = client.answer()
    check(hello[0].startswith(HELLO) and hello[0].endswith(b' ready.'),
          'a client is greeted', hello)
    table = client.ask(b'show protocols')
    check(table[0].startswith(b'2002-') and table[0][5:].split() ==
          [b'name', b'proto', b'table', b'state', b'since', b'info'],
          'the table has the six columns', table)
    check(table[-1] == b'0000 ', 'its answer ends with 0000', table)
    row = table[1].split()
    check(row[0] == b'1002-Global_127_0_0_9' and row[1] == b'BGP' and
          row[3] == b'start' and row[5] == b'Passive', 'a row', row)
    for command, code in (b'show', b'9001'), (b'', b'9001'), (
            b'enable nobody', b'8003'), (b'show route 10.0.0.0/8', b'8001'):
        said = client.ask(command)
        check(said[-1][:5] == code + b' ', '%r answers %r' % (command, code),
              said)


def many_at_once():
    client = ready_client()
    client.say(b'show status\nshow memory\r\nbogus\nshow protocols\n')
    codes = [client.answer()[-1][:4] for _ in range(4)]
    check(codes == [b'0013', b'0000', b'9001', b'0000'],
          'commands sent at once are answered in order', codes)
    client.say(b'show st')
    time.sleep(0.1)
    said = client.ask(b'atus')
    check(said[-1][:4] == b'0013', 'a command may come in pieces', said)
    client.say(b'show status\n' * 40)
    client.socket.shutdown(socket.SHUT_WR)
    ends = [client.answer()[-1][:4] for _ in range(40)]
    check(ends == [b'0013'] * 40, 'a half-closed client hears all', ends)
    check(client.line() == b'', 'and then the end')


def too_much():
    client = ready_client()
    client.say(b'x' * 5000)
    said = client.answer()
    check(said[-1][:4] == b'9000', 'a line without end is refused', said)
    check(client.line() == b'', 'and its client closed')
    client = ready_client()
    said = client.ask(b'show \x00 \xff\xfe "')
    check(said[-1][:4] == b'9001', 'octets that are no text', said)


def restricted():
    client = ready_client()
    check(client.ask(b'restrict')[-1][:4] == b'0016', 'a client steps down')
    check(client.ask(b'down')[-1][:4] == b'8007', 'and may not touch')
    check(client.ask(b'show status')[-1][:4] == b'0013', 'but look')


def resident_kib():
    with open('/proc/%d/status' % reflector.pid) as status:
        for line in status:
            if line.startswith('VmRSS'):
                return int(line.split()[1])


def cpu_s():
    with open('/proc/%d/stat' % reflector.pid) as stat:
        words = stat.read().rsplit(')', 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf('SC_CLK_TCK')


def is_idle():
    """It takes no time for as long as one may look."""
    before_s = cpu_s()
    time.sleep(0.5)
    return cpu_s() - before_s < 0.1


def deaf():
    """Clients that ask and ask, and never read."""
    clients = []
    for _ in range(15):
        client = ready_client()
        client.socket.setblocking(False)
        try:
            while True:
                client.socket.send(b'show protocols all\n' * 100)
        except BlockingIOError:
            clients.append(client)
    check(until(is_idle), 'deaf clients, once heard, cost no time')
    before_kib = resident_kib()
    said = ready_client().ask(b'show status')
    check(said[-1][:4] == b'0013',
          'deaf clients do not keep another from its answer', said)
    grown_kib = resident_kib() - before_kib
    check(grown_kib < 1024, 'nor grow', '%d KiB' % grown_kib)
    fresh = [ready_client() for _ in range(16)]
    said = [client.ask(b'show status')[-1][:4] for client in fresh]
    check(said == [b'0013'] * 16, 'they make place for others', said)


directory = tempfile.TemporaryDirectory()
path = directory.name + '/ctl'
reflector = subprocess.Popen(
    [sys.argv[1], '--listen', OWN_ADDRESS + ':1790', '--control', path,
     '--peer', '127.0.0.9,passive', '--log', 'error'])
try:
    until(lambda: os.path.exists(path) or reflector.poll() is not None)
    check(os.stat(path).st_mode & 0o077 == 0, 'the socket is its owner\'s')
    basics()
    many_at_once()
    too_much()
    restricted()
    deaf()
    check(ready_client().ask(b'down')[-1][:4] == b'0007', 'down is heard')
    check(reflector.wait(PATIENCE_S) == 0, 'and done')
finally:
    reflector.kill()
    done()
