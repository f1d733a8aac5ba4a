#!/usr/bin/env python3
"""table.py - is the table of tests/README.md what the test says?

    table.py TEST_DOORS README [--write]
"""
import subprocess
import sys

BEGIN, END = "<!-- doors: made by tests/doors/table.py -->\n", "<!-- /doors -->"


def main():
    table = subprocess.run([sys.argv[1], "--table"], check=True,
                           capture_output=True, text=True).stdout
    text = open(sys.argv[2]).read()
    head, rest = text.split(BEGIN)
    old, tail = rest.split(END)
    if "--write" in sys.argv:
        open(sys.argv[2], "w").write(head + BEGIN + table + END + tail)
    elif old != table:
        sys.exit(f"{sys.argv[2]} is not up to date: {sys.argv[0]} "
                 f"{sys.argv[1]} {sys.argv[2]} --write")


main()
