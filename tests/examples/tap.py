"""tap.py: what the tests in Python of this folder share."""
import os
import sys
import time

PATIENCE_S = 60  # of any wait; nothing depends on how fast the machine is
OWN_ADDRESS = '127.%d.%d.%d' % (
    os.getpid() >> 16 & 255, os.getpid() >> 8 & 255, os.getpid() & 255)
count = 0


def check(good, name, shown=''):
    global count
    count += 1
    print('%s %d - %s' % ('ok' if good else 'not ok', count, name))
    if not good:
        print('# %r' % (shown,))
    sys.stdout.flush()


def done():
    print('1..%d' % count)


def until(true):
    """Polls; the last answer."""
    end = time.monotonic() + PATIENCE_S
    while not (answer := true()) and time.monotonic() < end:
        time.sleep(0.1)
    return answer
