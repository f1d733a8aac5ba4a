#!/usr/bin/env python3
"""errors.py SOURCE: every function of the public headers that answers int says
in its comment which errors it has, or that it cannot fail; one line of TAP each
header.

A comment is that of the functions behind it up to the next empty line; "as
bgp_x" names another function's.  A header may say it of all functions of a
kind at once: _parse, _encode.
"""
import pathlib
import re
import sys

SAYS = re.compile(r"BGP_ERR_[A-Z]+|cannot fail|never fails|\b[Aa]s (the )?bgp_|"
                  r"\b[Aa]s of bgp_|same errors|Errors as above|"
                  r"BGP_OK, or|as memcmp answers", re.S)
INT = re.compile(r"^int (bgp_\w+)\(", re.M)


def mute(text):
    """Functions in `text` whose comment says nothing of errors."""
    said = re.search(r"A _parse answers BGP_OK, or\s*\*?\s*BGP_ERR_INVALID|"
                     r"Each _parse answers BGP_OK", text)
    encoder = re.search(r"An encoder answers the octets written, BGP_ERR_SPACE",
                        text)
    for block in re.split(r"\n\s*\n(?! \*)", text):
        comment = " ".join(re.findall(r"/\*.*?\*/", block, re.S))
        comment = re.sub(r"\s+\*?\s*", " ", comment)
        for name in INT.findall(block):
            if said and name.endswith("_parse"):
                continue
            if encoder and name.endswith("_encode"):
                continue
            if not SAYS.search(comment):
                yield name


def main():
    headers = sorted(pathlib.Path(sys.argv[1], "include/bgp").glob("*.h"))
    print("1..%d" % len(headers))
    for i, header in enumerate(headers, 1):
        names = list(mute(header.read_text(encoding="utf-8")))
        print("%sok %d - bgp/%s names its errors"
              % ("not " if names else "", i, header.name))
        for name in names:
            print("# " + name)


main()
