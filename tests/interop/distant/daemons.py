"""daemons.py - the other clients: BIRD, FRR, GoBGP, OpenBGPD, with every
family each has; and the reflector between.

Each has a directory, an address, and the verbs start, end, has(prefix).
"""
import os
import shutil
import signal
import subprocess
import time

from control import Control, Vty

AS = 64512
PORT = 1790
REFLECTOR = '10.77.0.1'
HOLD_S = 90


class Program:
    """A process group of its own."""
    name = command = ''
    all = []  # that were started

    def __init__(self, directory, address):
        self.dir = os.path.join(directory, self.name)
        self.address = address
        self.process = None
        os.makedirs(self.dir, exist_ok=True)

    @classmethod
    def missing(cls):
        path = os.environ['PATH'] + ':/usr/sbin:/sbin:/usr/lib/frr'
        return [c for c in cls.command.split()
                if shutil.which(c, path=path) is None]

    def file(self, name, text=None):
        path = os.path.join(self.dir, name)
        if text is not None:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
                              0o600), 'w', encoding='utf-8') as file:
                file.write(text)
        return path

    def spawn(self, *command):
        with open(self.file('log'), 'ab') as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True)
        Program.all.append(self)

    def until(self, ready, limit=20):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            try:
                if ready():
                    return
            except (OSError, subprocess.SubprocessError):
                pass
            time.sleep(0.05)
        raise OSError(f'{self.name} does not start: {self.tail()}')

    def tail(self):
        with open(self.file('log'), encoding='utf-8', errors='replace') as f:
            return ' / '.join(f.read().splitlines()[-5:])

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def end(self):
        if self.process is None:
            return None
        if self.process.poll() is None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        status = self.process.wait()
        self.process = None
        return status


def run(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, timeout=20,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False).stdout.decode(errors='replace')


FAMILY_WORDS = ('ipv4-unicast+ipv6-unicast+ipv4-multicast+ipv4-labeled+'
                'ipv6-labeled+vpnv4+vpnv6+l2vpn-evpn+l2vpn-vpls+ipv4-flowspec'
                '+ipv6-flowspec+vpnv4-flowspec+route-target+link-state+'
                'ipv4-mvpn+ipv4-sr-policy')
FAMILIES = [(1, 1), (2, 1), (1, 2), (1, 4), (2, 4), (1, 128), (2, 128),
            (25, 70), (25, 65), (1, 133), (2, 133), (1, 134), (1, 132),
            (16388, 71), (1, 5), (1, 73)]


class TheReflector(Program):
    name = 'reflector'

    def start(self, options=()):
        self.spawn(os.environ['REFLECTOR'], '--as', str(AS), '--router-id',
                   '10.255.0.1', '--cluster-id', '10.255.255.1', '--listen',
                   f'{self.address}:{PORT}', '--hold-time', str(HOLD_S),
                   '--control', self.file('ctl'), '--log', 'info', '--client',
                   '10.77.0.0/16,families=' + FAMILY_WORDS + ''.join(options))
        self.until(lambda: Control(self.file('ctl')).ask('show status'))


class Bird(Program):
    name, command = 'bird', 'bird'

    def start(self):
        channels = ''
        for channel, igp in (('ipv4', 4), ('ipv6', 6), ('ipv4 multicast', 4),
                             ('ipv4 mpls', 4), ('ipv6 mpls', 6),
                             ('vpn4 mpls', 4), ('vpn6 mpls', 6)):
            table = {'ipv4 multicast': 'table multi4;', 'ipv4 mpls':
                     'table label4;', 'ipv6 mpls': 'table label6;'}
            channels += (f'{channel} {{ {table.get(channel, "")} import all; '
                         f'export none; igp table igp{igp}; }};\n')
        channels += 'flow4 { import all; export none; };\n'
        channels += 'flow6 { import all; export none; };\n'
        self.file('conf', f'''
            router id 10.255.0.{self.address.split('.')[3]};
            log "{self.file('bird.log')}" all;
            ipv4 table igp4; ipv6 table igp6; ipv4 table multi4;
            ipv4 table label4; ipv6 table label6;
            vpn4 table vpntab4; vpn6 table vpntab6;
            flow4 table flowtab4; flow6 table flowtab6;
            protocol static {{ ipv4 {{ table igp4; }};
                route 10.0.0.0/8 blackhole; }}
            protocol static {{ ipv6 {{ table igp6; }};
                route 2001:db8::/32 blackhole; }}
            protocol bgp reflector {{
                local {self.address} port {PORT} as {AS};
                strict bind yes;
                neighbor {REFLECTOR} port {PORT} as {AS};
                multihop; hold time {HOLD_S};
                enable extended messages yes;
                connect delay time 1; connect retry time 1;
                error wait time 1, 2;
                {channels}
            }}''')
        self.spawn('bird', '-f', '-c', self.file('conf'), '-s',
                   self.file('ctl'), '-P', self.file('bird.pid'))
        self.until(lambda: Control(self.file('ctl')).ask('show status'))
        self.control = Control(self.file('ctl'))

    def has(self, prefix):
        said = self.control.ask(f'show route {prefix} table master4')
        return any(prefix in line for line in said)


class Frr(Program):
    name, command = 'frr', 'bgpd vtysh'

    @classmethod
    def missing(cls):
        return [] if os.path.exists('/usr/lib/frr/bgpd') else ['frr']

    def start(self):
        n = f'neighbor {REFLECTOR}'
        text = f'''router bgp {AS}
 bgp router-id 10.255.0.{self.address.split('.')[3]}
 no bgp default ipv4-unicast
 bgp graceful-restart-disable
 {n} remote-as {AS}
 {n} port {PORT}
 {n} update-source {self.address}
 {n} timers 30 {HOLD_S}
 {n} timers connect 1
'''
        # It refuses labeled unicast beside unicast.
        for family in ('ipv4 unicast', 'ipv6 unicast', 'ipv4 multicast',
                       'ipv4 vpn', 'ipv6 vpn', 'l2vpn evpn', 'ipv4 flowspec',
                       'ipv6 flowspec'):
            text += f' address-family {family}\n  {n} activate\n'
            text += ' exit-address-family\n'
        self.spawn('/usr/lib/frr/bgpd', '-Z', '-n', '-S', '-f',
                   self.file('conf', text), '-i', self.file('pid'),
                   '--vty_socket', self.dir, '-P', '0', '-p', str(PORT), '-l',
                   self.address, '--log', 'stdout', '--log-level', 'errors')
        self.until(lambda: Vty(self.file('bgpd.vty')))
        self.vty = Vty(self.file('bgpd.vty'))

    def has(self, prefix):
        return 'Last update' in self.vty.ask(f'show bgp ipv4 unicast {prefix}')


class Gobgp(Program):
    name, command = 'gobgp', 'gobgpd gobgp'

    def start(self):
        text = f'''[global.config]
  as = {AS}
  router-id = "10.255.0.{self.address.split('.')[3]}"
  port = -1
[[neighbors]]
  [neighbors.config]
    neighbor-address = "{REFLECTOR}"
    peer-as = {AS}
  [neighbors.timers.config]
    hold-time = {HOLD_S}
    connect-retry = 1
    idle-hold-time-after-reset = 1
  [neighbors.transport.config]
    local-address = "{self.address}"
    remote-port = {PORT}
'''
        for name in ('ipv4-unicast', 'ipv6-unicast', 'ipv4-multicast',
                     'ipv4-labelled-unicast', 'ipv6-labelled-unicast',
                     'l3vpn-ipv4-unicast', 'l3vpn-ipv6-unicast', 'l2vpn-evpn',
                     'l2vpn-vpls', 'ipv4-flowspec', 'ipv6-flowspec',
                     'l3vpn-ipv4-flowspec', 'rtc', 'ls', 'ipv4-srpolicy'):
            text += '[[neighbors.afi-safis]]\n[neighbors.afi-safis.config]\n'
            text += f'afi-safi-name = "{name}"\n'
        path = self.file('api')
        if os.path.exists(path):
            os.unlink(path)
        self.spawn('gobgpd', '-f', self.file('conf', text), '-l', 'warn',
                   '--pprof-disable', '--api-hosts', 'unix://' + path)
        self.until(lambda: 'Router-ID' in self.go('global'))

    def go(self, *words):
        return run('gobgp', '--target', 'unix://' + self.file('api'), *words)

    def has(self, prefix):
        return prefix in self.go('global', 'rib', '-a', 'ipv4', prefix)


class Openbgpd(Program):
    name, command = 'openbgpd', 'bgpd bgpctl'

    def start(self):
        home = run('sh', '-c', 'getent passwd _openbgpd _bgpd | head -n 1 | '
                   'cut -d: -f6').strip()
        os.makedirs(home or '/run/openbgpd', exist_ok=True)
        text = f'''AS {AS}
router-id 10.255.0.{self.address.split('.')[3]}
listen on {self.address} port {PORT}
socket "{self.file('ctl')}"
fib-update no
holdtime {HOLD_S}
connect-retry 1
neighbor {REFLECTOR} {{
	remote-as {AS}
	port {PORT}
	local-address {self.address}
	announce IPv4 unicast
	announce IPv6 unicast
	announce IPv4 vpn
	announce IPv6 vpn
}}
allow from any
allow to any
'''
        self.spawn('/usr/sbin/bgpd', '-d', '-f', self.file('conf', text))
        self.until(lambda: 'Neighbor' in self.ctl('show'))

    def ctl(self, *words):
        return run('/usr/sbin/bgpctl', '-s', self.file('ctl'), *words)

    def has(self, prefix):
        return prefix in self.ctl('show', 'rib', prefix)


ALL = [Bird, Frr, Gobgp, Openbgpd]
