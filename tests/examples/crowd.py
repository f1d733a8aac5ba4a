"""crowd.py REFLECTOR: hundreds of peers, strangers, and rubbish at each state.

The peers are as small as they can be: OPEN and KEEPALIVE, then they listen.
None may disturb the others or keep the operator out, a storm of SIGHUP neither;
the end of the reflector is told to each.  Passwords come and go.  Speaks TAP.

The reflector listens on an address of loopback that belongs to this process, so
that no other run can be in its way; nothing here depends on how fast it is.
"""
import re
import resource
import signal
import socket

from reflector import (CEASE, KEEPALIVE, Peer, Reflector, directory, message,
                       open_message)
from tap import OWN_ADDRESS, check, done, until

PEERS = 300


def crowd():
    reflector = Reflector('--client', '127.200.0.0/16')
    try:
        peers = [Peer(i).say(open_message(i), KEEPALIVE) for i in range(PEERS)]
        check(until(lambda: reflector.established() == PEERS),
              '%d peers come up' % PEERS, reflector.logged()[-2000:])
        strangers(reflector)
        rubbish()
        for _ in range(500):
            reflector.process.send_signal(signal.SIGHUP)
        check(until(lambda: b'configured again' in reflector.logged()),
              'SIGHUP is heard, many times')
        check(until(lambda: reflector.established() == PEERS) and not
              re.search(rb'Node_127_200_[01]_\d+: down', reflector.logged()),
              'none of the %d went down' % PEERS, reflector.logged()[-2000:])
        check(reflector.end() == 0, 'SIGTERM: it ends in order')
        heard = [peer.rest() for peer in peers]
        last = [words and words[-1] for words in heard]
        check(all(word and word[0] == 3 and word[1][0] == CEASE
                  for word in last), 'and tells each of them Cease', last)
    finally:
        reflector.process.kill()


def strangers(reflector):
    heard = [Peer(i, 201).say(open_message(9)).rest() for i in range(50)]
    check(not any(heard), 'strangers are closed without a word', heard)
    check(b'127_201' not in b''.join(reflector.ask(b'show protocols')),
          'and leave no trace')


def rubbish():
    """Each thrown at a fresh connection, from an address without a session."""
    opened = open_message(1000)
    update = message(2, b'\xff\xff\0\0')
    thrown = {
        'zeros before OPEN': (1, bytes(64)),
        'UPDATE before OPEN': (5, update),
        'OPEN twice': (5, opened + opened),
        'zeros behind OPEN': (1, opened + bytes(64)),
        'UPDATE behind OPEN': (5, opened + update),
        'zeros when up': (1, opened + KEEPALIVE + bytes(64)),
        'OPEN when up': (5, opened + KEEPALIVE + opened),
        'lengths that lie when up': (3, opened + KEEPALIVE + update),
        'a type that is none when up': (
            1, opened + KEEPALIVE + message(9, b'')),
    }
    for i, (name, (code, octets)) in enumerate(thrown.items()):
        heard = Peer(1000 + i).say(octets).rest()
        check(heard and heard[-1][0] == 3 and heard[-1][1][0] == code,
              '%s: NOTIFICATION %d' % (name, code), heard)


def out_of_descriptors():
    reflector = Reflector('--client', '127.200.0.0/16', descriptors=64)
    try:
        peers = [Peer(i).say(open_message(i), KEEPALIVE) for i in range(100)]
        check(until(lambda: b'Too many open files' in reflector.logged()),
              'descriptors run out')
        # Two at a time, of whom the first says nothing.
        idle = socket.socket(socket.AF_UNIX)
        idle.connect(reflector.path)
        up = reflector.established()
        check(0 < up < 64, 'the operator is let in', up)
        check(reflector.established() == up, 'again')
        idle.close()
        for peer in peers[:50]:
            peer.socket.close()
        check(until(lambda: reflector.established() >= 50),
              'who waited comes in when others go', reflector.established())
        check(reflector.end() == 0, 'SIGTERM: it ends in order')
    finally:
        reflector.process.kill()


def lets_in(number):
    """Is a connection without a password taken?  Else its SYN is ignored."""
    with socket.socket() as stranger:
        stranger.settimeout(1.5)
        stranger.bind(('127.200.0.%d' % number, 0))
        try:
            stranger.connect((OWN_ADDRESS, 1790))
        except TimeoutError:
            return False
    return True


def passwords():
    """SIGHUP gives and takes them; who keeps one is never without."""
    def configure(*lines):
        with open(config, 'w') as file:
            print(*lines, sep='\n', file=file)

    config, secret = directory.name + '/conf', directory.name + '/secret'
    with open(secret, 'w') as file:
        print('well-kept', file=file)
    one = 'client 127.200.0.1,passive'
    two = 'client 127.200.0.2,passive'
    word = ',password-file=' + secret
    configure(one + word, two)
    reflector = Reflector('--config', config)
    try:
        if b'TCP-MD5: ' in reflector.logged():
            print('# no TCP-MD5 here')
            return
        check(not lets_in(1) and lets_in(2), 'who has a password must use it')
        configure(one, two + word)
        check(reflector.ask(b'configure')[-2] == b'0003 Reconfigured' and
              lets_in(1) and not lets_in(2), 'SIGHUP takes one, gives one')
        configure('client 127.200.0.0/16' + word, two + word)
        reflector.ask(b'configure')
        check(not lets_in(1) and not lets_in(2), 'a whole range has one')
        configure('client 127.200.0.0/16')
        reflector.ask(b'configure')
        check(lets_in(1) and lets_in(2), 'and then none any more')
    finally:
        reflector.process.kill()


resource.setrlimit(resource.RLIMIT_NOFILE, (
    min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),
    resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
try:
    crowd()
    out_of_descriptors()
    passwords()
finally:
    done()
