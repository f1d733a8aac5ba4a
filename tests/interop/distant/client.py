"""client.py - the one client that sends: a raw socket from an address that is
used once.

A session that the reflector resets costs its address an idle hold time; the
next comes from the next address, and need not wait.
"""
import select
import socket
import struct

from daemons import AS, FAMILIES, PORT, REFLECTOR
from wire import KEEPALIVE, NOTIFICATION, message, open_message

FIRST = 0x0a4d0100  # 10.77.1.0


class Client:
    count = 0

    def __init__(self):
        Client.count += 1
        number = FIRST + Client.count
        self.address = socket.inet_ntoa(struct.pack('>I', number))
        self.name = 'Node_' + self.address.replace('.', '_')
        self.notification = None
        self.rest = b''
        self.socket = socket.socket()
        self.socket.settimeout(20)
        self.socket.bind((self.address, 0))
        self.socket.connect((REFLECTOR, PORT))
        self.socket.sendall(open_message(AS, number, FAMILIES))
        self.expect(1)
        self.socket.sendall(message(KEEPALIVE, b''))
        self.expect(KEEPALIVE)

    def next(self):
        """(type, body) of what came first, or None: not all of it is there."""
        if len(self.rest) < 19:
            return None
        length, kind = struct.unpack('>HB', self.rest[16:19])
        if len(self.rest) < length:
            return None
        body, self.rest = self.rest[19:length], self.rest[length:]
        return kind, body

    def expect(self, kind):
        while True:
            got = self.next()
            if got is not None and got[0] == kind:
                return
            if got is not None and got[0] == NOTIFICATION:
                raise OSError(f'refused: {got[1].hex()}')
            if got is None:
                more = self.socket.recv(65536)
                if not more:
                    raise OSError('the reflector closed')
                self.rest += more

    def send(self, octets):
        """All of it, reading meanwhile; False: the session has ended."""
        view = memoryview(octets)
        self.socket.setblocking(False)
        while len(view) > 0:
            select.select([self.socket], [self.socket], [], 20)
            if not self.read():
                return False
            try:
                view = view[self.socket.send(view):]
            except BlockingIOError:
                continue
            except OSError:
                return False
        return True

    def read(self):
        """Takes what came; False: the session has ended."""
        try:
            while True:
                more = self.socket.recv(65536)
                if not more:
                    return False
                self.rest += more
                while (got := self.next()) is not None:
                    if got[0] == NOTIFICATION:
                        self.notification = got[1]
                        return False
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self):
        self.socket.close()
