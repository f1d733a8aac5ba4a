"""reflector.py: a running reflector and peers as small as they can be.

The peers say OPEN and KEEPALIVE, then they listen.  The reflector listens on an
address of loopback that belongs to this process, so that no other run can be in
its way.  The program is sys.argv[1].
"""
import os
import resource
import socket
import struct
import subprocess
import sys
import tempfile

from tap import OWN_ADDRESS, PATIENCE_S, until

MARKER = b'\xff' * 16
KEEPALIVE = MARKER + b'\0\x13\x04'
CEASE = 6
directory = tempfile.TemporaryDirectory()


def message(kind, body):
    return MARKER + struct.pack('>HB', 19 + len(body), kind) + body


def open_message(number):
    capabilities = bytes((2, 6, 1, 4, 0, 1, 0, 1, 2, 6, 65, 4)) + \
        struct.pack('>I', 64512)
    return message(1, struct.pack('>BHHI', 4, 64512, 90, 0x0a000000 + number) +
                   bytes([len(capabilities)]) + capabilities)


class Reflector:
    def __init__(self, *options, descriptors=None):
        def limit():
            if descriptors:
                resource.setrlimit(resource.RLIMIT_NOFILE,
                                   (descriptors, descriptors))
        self.path = directory.name + '/ctl'
        self.log = open(directory.name + '/log', 'w+b')
        self.process = subprocess.Popen(
            [sys.argv[1], '--listen', OWN_ADDRESS + ':1790', '--control',
             self.path, *options], stderr=self.log, preexec_fn=limit)
        until(lambda: b'listening' in self.logged() or
              self.process.poll() is not None)

    def logged(self):
        return os.pread(self.log.fileno(), 1 << 24, 0)

    def ask(self, command):
        """The answer's lines, from a client of its own."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(PATIENCE_S)
            client.connect(self.path)
            client.sendall(command + b'\n')
            client.shutdown(socket.SHUT_WR)
            octets = b''
            while more := client.recv(65536):
                octets += more
        return octets.split(b'\n')

    def established(self):
        return sum(line.split()[5:6] == [b'Established']
                   for line in self.ask(b'show protocols'))

    def end(self):
        self.process.terminate()
        return self.process.wait(PATIENCE_S)


class Peer:
    def __init__(self, number, net=200):
        self.socket = socket.socket()
        self.socket.settimeout(PATIENCE_S)
        self.socket.bind(('127.%d.%d.%d' % (net, number >> 8, number & 255),
                          0))
        self.socket.connect((OWN_ADDRESS, 1790))

    def say(self, *octets):
        try:
            self.socket.sendall(b''.join(octets))
        except (BrokenPipeError, ConnectionResetError):
            pass  # its answer says why
        return self

    def rest(self):
        """All it hears until the end: (type, body) each; None: a reset."""
        octets = b''
        try:
            while more := self.socket.recv(65536):
                octets += more
        except ConnectionResetError:
            return None
        messages = []
        while len(octets) >= 19:
            length = struct.unpack('>H', octets[16:18])[0]
            messages.append((octets[18], octets[19:length]))
            octets = octets[length:]
        return messages
