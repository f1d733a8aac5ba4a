"""plan_run.py PLAN REFLECTOR SESSION SOURCE: a plan, lived.

The tutorial's cluster, on loopback: for each node that has clients one
reflector, for each session of the others one session program, with exactly what
`plan --json` says of them.  Every session that is planned must come up, every
client's route must reach every node, and stay when a reflector is killed.
Speaks TAP; waits a minute at most; ends what it started.

The addresses are of loopback and belong to this process, so that no other run
can be in its way.
"""
import json
import os
import socket
import subprocess
import sys
import tempfile

from tap import PATIENCE_S, check, done, until

PLAN, REFLECTOR, SESSION, SOURCE = sys.argv[1:5]
PORT = 1790
NET = '127.%d.%d.' % (128 | os.getpid() >> 8 & 127, os.getpid() & 255)


def planned():
    """The tutorial's documents, with our addresses and port."""
    text = ''
    for name in 'nodes-labelled', 'reflectors', 'mesh-off':
        with open('%s/tests/plan/%s.yaml' % (SOURCE, name)) as document:
            text += document.read() + '\n---\n'
    text = text.replace('10.192.0.', NET).replace(
        '  nodeToNodeMeshEnabled: false',
        '  nodeToNodeMeshEnabled: false\n  listenPort: %d' % PORT)
    lines = subprocess.run([PLAN, '--family', '4', '-'], input=text,
                           stdout=subprocess.PIPE, text=True,
                           check=True).stdout.splitlines()
    nodes = {}
    for line in lines:
        session = json.loads(line)
        nodes.setdefault(session['node'], []).append(session)
    return nodes


class Reflector:
    def __init__(self, sessions):
        first = next(s for s in sessions if s['route_reflector_client'])
        self.address = first['source_address']
        self.names = sorted(s['name'] for s in sessions)
        self.path = '%s/%s.ctl' % (directory.name, first['node'])
        arguments = ['--as', first['local_as'], '--router-id', self.address,
                     '--cluster-id', first['cluster_id'], '--listen',
                     '%s:%d' % (self.address, PORT),
                     '--control', self.path, '--log', 'error']
        for s in sessions:
            words = '%(peer_ip)s,as=%(peer_as)d,port=%(port)d,' \
                'bind=%(source_address)s,name=%(name)s' % s
            arguments += ['--client' if s['route_reflector_client'] else
                          '--peer', words + ',passive' * s['passive']]
        self.process = subprocess.Popen([REFLECTOR] + list(map(str, arguments)))

    def ask(self, command):
        """The lines of an answer; none where nobody is there yet."""
        octets = b''
        try:
            with socket.socket(socket.AF_UNIX) as control:
                control.settimeout(PATIENCE_S)
                control.connect(self.path)
                control.sendall(command + b'\n')
                control.shutdown(socket.SHUT_WR)
                while more := control.recv(65536):
                    octets += more
        except OSError:
            return []
        return octets.decode().splitlines()

    def established(self):
        rows = [line.split() for line in self.ask(b'show protocols')]
        return sorted(row[0].split('-', 1)[-1] for row in rows
                      if row[-1:] == ['Established'])

    def routes(self):
        return ' '.join(self.ask(b'show route'))


class Client:
    """One session of a node that is no reflector."""

    def __init__(self, s):
        self.node, self.peer_ip = s['node'], s['peer_ip']
        self.heard = open('%s/%s-%s' % (directory.name, s['node'],
                                        s['peer_ip']), 'w+')
        self.process = subprocess.Popen(
            [SESSION, '--as', str(s['local_as']), '--router-id',
             s['source_address'], '--bind', s['source_address'],
             '--announce', prefix(s['node']),
             '%s:%d' % (s['peer_ip'], s['port'])], stdout=self.heard)

    def has(self, wanted):
        """Was it the last that was said of the route?"""
        with open(self.heard.name) as lines:
            said = [line[0] for line in lines if line[2:].split(' ')[0].strip()
                    == wanted]
        return said[-1:] == ['+']


def prefix(node):
    return '10.%d.0.0/16' % (100 + sorted(nodes).index(node))


def run():
    sides = {name: sessions for name, sessions in nodes.items()
             if any(s['route_reflector_client'] for s in sessions)}
    reflectors = []
    for sessions in sides.values():
        reflectors.append(Reflector(sessions))
        started.append(reflectors[-1].process)
    clients = []
    for name in nodes.keys() - sides.keys():
        for s in nodes[name]:
            clients.append(Client(s))
            started.append(clients[-1].process)
    check(len(reflectors) == 3 and len(clients) == 6, 'three reflectors, two '
          'clients with three sessions each', nodes)
    for r in reflectors:
        check(until(lambda: r.established() == r.names),
              'what is planned is established', (r.names, r.ask(
                  b'show protocols')))
    wanted = sorted({c.node for c in clients})
    for r in reflectors:
        check(until(lambda: all(prefix(n) in r.routes() for n in wanted)),
              'a reflector has every route', r.routes())

    def all_heard():
        return all(c.has(prefix(n)) for c in clients
                   if c.process.poll() is None for n in wanted if n != c.node)

    check(until(all_heard), 'each client hears the other from each reflector')
    lost = reflectors.pop()
    lost.process.kill()
    lost.process.wait()
    check(until(lambda: all(len(r.established()) == 3 for r in reflectors)),
          'a reflector is lost', [r.established() for r in reflectors])
    survivors = [c for c in clients
                 if c.peer_ip in {r.address for r in reflectors}]
    check(len(survivors) == 4 and all(c.has(prefix(n)) for c in survivors
          for n in wanted if n != c.node), 'and no route with it',
          [c.peer_ip for c in survivors])


directory = tempfile.TemporaryDirectory()
started = []
nodes = planned()
try:
    run()
finally:
    for process in started:
        process.kill()
    for process in started:
        process.wait()
done()
