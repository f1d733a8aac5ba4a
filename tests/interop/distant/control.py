"""control.py - the reflector's control socket and its log, and other sockets
that take one line and answer many."""
import re
import socket
import time

ROW = re.compile(r'^(\S+) +BGP +--- +(\S+) +(\S+) *(\S*) *(.*)')


class Control:
    """BIRD's protocol: lines, each answer ending in a code and a space."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(path)
        self.rest = b''
        self.read()

    def line(self):
        while b'\n' not in self.rest:
            more = self.socket.recv(65536)
            if not more:
                raise OSError('the control socket was closed')
            self.rest += more
        line, self.rest = self.rest.split(b'\n', 1)
        return line.decode()

    def read(self):
        lines = []
        while True:
            line = self.line()
            lines.append(line[5:] if line[:4].isdigit() else line[1:])
            if line[:4].isdigit() and line[4:5] in (' ', ''):
                return lines

    def ask(self, command):
        self.socket.sendall(command.encode() + b'\n')
        return self.read()

    def close(self):
        self.socket.close()


class Reflector:
    """What the reflector says of its peers."""

    def __init__(self, path, log):
        self.control = Control(path)
        self.log = open(log, encoding='utf-8', errors='replace')

    def peers(self):
        """name: a dictionary of up, ups, updates_in, octets_out."""
        peers, name, counted = {}, None, False
        for line in self.control.ask('show protocols all'):
            row = ROW.match(line)
            if row:
                name = row.group(1)
                peers[name] = {'up': row.group(4) == 'Established',
                               'ups': 0, 'in': 0, 'out': 0, 'last': ''}
                continue
            words = line.split()
            if name is None or len(words) < 2:
                continue
            if words[0] == 'Established:':
                peers[name]['ups'] = int(words[1])
            elif words[0] == 'Received:' and 'UPDATE,' in words:
                peers[name]['in'] = int(words[words.index('UPDATE,') - 1])
                counted = True
            elif words[0] == 'Sent:' and words[-1] == 'octets':
                peers[name]['out'] = int(words[-2])
            elif words[:2] == ['Last', 'error:']:
                peers[name]['last'] = ' '.join(words[2:])
        if peers and not counted:
            raise ValueError('the reflector counts no messages')
        return peers

    def settled(self, still=0.02, limit=30):
        """Waits until nothing is read or sent any more; answers peers()."""
        end = time.monotonic() + limit
        before = None
        while time.monotonic() < end:
            peers = self.peers()
            now = [(n, p['in'], p['out'], p['up']) for n, p in peers.items()]
            if now == before:
                return peers
            before = now
            time.sleep(still)
        raise OSError('the reflector does not come to rest')

    def downs(self):
        """(name, why) of each session that went down since last asked."""
        found = []
        for line in self.log.readlines():
            down = re.search(r': (\S+): down: (.*)', line)
            if down:
                found.append(down.groups())
        return found


class Vty:
    """FRR's socket for vtysh: a command and NUL; its answer, three NUL and
    a code."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(path)
        self.ask('enable')

    def ask(self, command):
        self.socket.sendall(command.encode() + b'\0')
        answer = b''
        while answer[-4:-1] != b'\0\0\0':
            more = self.socket.recv(65536)
            if not more:
                raise OSError('the socket was closed')
            answer += more
        return answer[:-4].decode(errors='replace')
