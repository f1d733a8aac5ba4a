"""posture.py REFLECTOR: what the reflector keeps to itself.

Every descriptor is closed on exec, every socket does not block; no core is left
once there is a password; as root it becomes another user.  Speaks TAP.
"""
import os
import pwd
import socket

from reflector import KEEPALIVE, Peer, Reflector, directory, open_message
from tap import OWN_ADDRESS, check, done, until

O_NONBLOCK, O_CLOEXEC = 0o4000, 0o2000000


def descriptors(pid):
    """(what it is, its flags) of each but the standard three."""
    for fd in os.listdir('/proc/%d/fd' % pid):
        try:
            what = os.readlink('/proc/%d/fd/%s' % (pid, fd))
            with open('/proc/%d/fdinfo/%s' % (pid, fd)) as info:
                flags = [int(line.split()[1], 8) for line in info
                         if line.startswith('flags')][0]
        except FileNotFoundError:
            continue
        if int(fd) > 2:
            yield what, flags


def limit(pid, name):
    with open('/proc/%d/limits' % pid) as limits:
        return [line.split()[-3:] for line in limits
                if line.startswith(name)][0]


def real_user(pid):
    with open('/proc/%d/status' % pid) as status:
        return [line.split()[1:] for line in status
                if line.startswith('Uid')][0]


def closed_on_exec():
    listener = socket.socket()
    listener.bind((OWN_ADDRESS, 1799))
    listener.listen()
    reflector = Reflector('--client', '127.200.0.0/16', '--peer',
                          OWN_ADDRESS + ',port=1799')
    try:
        peer = Peer(1).say(open_message(1), KEEPALIVE)
        until(lambda: reflector.established() == 1)
        dialled = listener.accept()
        clients = [socket.socket(socket.AF_UNIX) for _ in range(3)]
        for client in clients:
            client.connect(reflector.path)
        reflector.ask(b'show status')
        seen = list(descriptors(reflector.process.pid))
        check(len(seen) >= 8, 'there are descriptors to look at', seen)
        check(all(flags & O_CLOEXEC for _, flags in seen),
              'each is closed on exec', seen)
        check(all(flags & O_NONBLOCK for what, flags in seen
                  if what.startswith('socket') or 'signalfd' in what),
              'and does not block', seen)
        peer.socket.close()
        dialled[0].close()
        check(reflector.end() == 0, 'SIGTERM: it ends in order')
    finally:
        reflector.process.kill()
        listener.close()


def no_core():
    config, secret = directory.name + '/conf', directory.name + '/secret'
    with open(secret, 'w') as file:
        print('well-kept', file=file)
    with open(config, 'w') as file:
        print('client 127.200.0.1,passive', file=file)
    reflector = Reflector('--config', config)
    pid = reflector.process.pid
    try:
        before = limit(pid, 'Max core file size')
        with open(config, 'w') as file:
            print('client 127.200.0.1,passive,password-file=' + secret,
                  file=file)
        reflector.ask(b'configure')
        check(limit(pid, 'Max core file size')[:2] == ['0', '0'],
              'no core once there is a password', before)
        with open('/proc/%d/cmdline' % pid, 'rb') as line:
            check(b'well-kept' not in line.read(), 'nor a password in ps')
    finally:
        reflector.process.kill()


def another_user():
    if os.getuid() != 0:
        check(True, 'it becomes another user # SKIP root only')
        return
    nobody = pwd.getpwnam('nobody').pw_uid
    reflector = Reflector('--user', 'nobody')
    try:
        check(real_user(reflector.process.pid) == [str(nobody)] * 4,
              'it becomes another user', reflector.logged())
        with open('/proc/%d/status' % reflector.process.pid) as status:
            check('CapEff:\t0000000000000000\n' in status.readlines(),
                  'without a right of root')
        check(reflector.ask(b'show status')[-2][:4] == b'0013',
              'its control socket is there')
    finally:
        reflector.process.kill()
        reflector.process.wait()
    reflector = Reflector('--user', 'no-such-user')
    check(reflector.process.wait() == 1 and
          b'user no-such-user: there is none' in reflector.logged(),
          'but not one that is not there', reflector.logged())


try:
    closed_on_exec()
    no_core()
    another_user()
finally:
    done()
