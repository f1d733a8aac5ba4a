"""count.py LOG: counts every single test in meson's testlog.json.

One line of the log is one program with its output.  A program that speaks TAP
counts once for each of its `ok` and `not ok` lines, and once more as failed
when it came to a bad end that none of those lines tells (a crash, a timeout, a
plan not kept).  Any other program counts once.  Prints the names of what
failed, then `N passed, N failed` and, when any, `, N skipped`.  Exit status 1
when any failed or none passed.
"""
import json
import re
import sys

LINE = re.compile(r'(not )?ok\b(?:\s+\d+)?\s*-?\s*([^#\n]*)(?:#\s*(\w+))?', re.I)
GOOD, SKIPPED = {'OK', 'EXPECTEDFAIL'}, {'SKIP'}


def singles(program):
    """The tests of one program as (outcome, name) pairs."""
    found = []
    for line in (program.get('stdout') or '').splitlines():
        match = LINE.match(line)
        if not match:
            continue
        bad, name, directive = match.groups()
        directive = (directive or '').upper()
        if directive.startswith('SKIP'):
            outcome = 'skipped'
        elif bad and directive != 'TODO':
            outcome = 'failed'
        else:
            outcome = 'passed'
        found.append((outcome, name.strip()))
    result = program['result']
    if result in SKIPPED and not found:
        found.append(('skipped', ''))
    elif result not in GOOD | SKIPPED:
        if not any(outcome == 'failed' for outcome, _ in found):
            found.append(('failed', result.lower()))
    elif not found:
        found.append(('passed', ''))
    return found


def main(path):
    count = {'passed': 0, 'failed': 0, 'skipped': 0}
    with open(path, encoding='utf-8', errors='replace') as log:
        for program in map(json.loads, log):
            for outcome, name in singles(program):
                count[outcome] += 1
                if outcome == 'failed':
                    print(f'failed: {program["name"]}: {name}')
    text = f'{count["passed"]} passed, {count["failed"]} failed'
    if count['skipped']:
        text += f', {count["skipped"]} skipped'
    print(text)
    return 0 if count['passed'] and not count['failed'] else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1]))
