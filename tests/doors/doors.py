#!/usr/bin/env python3
"""doors.py - a call of every public function that has an object, as C.

    doors.py HEADER... > doors.inc

Reads the headers: each function with its comment, in which [cb] says that it
may be called from callbacks.  Arguments are made from their types alone; a type
that is not known here is an error, so that no new function is left out.
"""
import re
import sys

OBJECTS = {
    "struct bgp_speaker *": "rig.speaker",
    "struct bgp_peer *": "rig.peers[0].peer",
    "struct bgp_conn *": "rig.peers[0].conn",
    "struct bgp_session *": "bgp_conn_session(rig.peers[0].conn)",
    "struct bgp_rib *": "bgp_speaker_rib(rig.speaker)",
    "struct bgp_rib_peer *": "bgp_peer_rib(rig.peers[0].peer)",
    "struct bgp_reflect *": "bgp_speaker_reflect(rig.speaker)",
    "struct bgp_cursor *": "&scene.cursor",
}
VALUES = {
    "uint64_t": "rig.now_ms", "uint32_t": "0", "size_t": "0", "bool": "true",
    "bgp_family": "BGP_IPV4_UNICAST", "enum bgp_view": "BGP_VIEW_LOC_RIB",
    "char *": "NULL", "void *": "NULL", "uint8_t *": "scene.octets",
    "struct bgp_attrs *": "scene.attrs",
}
# Edits belong to a policy's call; what they may do is in test_edit.
SKIPPED = re.compile(r"bgp_edit_(?!new)|bgp_policy$|_init$")
# They take a reference of a set, or give one back: both, in a row.
TOGETHER = "bgp_attrs_unref(bgp_speaker_rib(rig.speaker), " \
    "bgp_attrs_ref(bgp_speaker_rib(rig.speaker), scene.attrs))"


def functions(text):
    """(name, answer, parameters, has [cb]) of each declaration."""
    text = re.sub(r"^#.*?(?<!\\)$", "", text, flags=re.M)
    token = re.compile(
        r"/\*.*?\*/|([A-Za-z_][\w \t\n]*?[\s*]+)(bgp_\w+)\(([^;{}()]*)\);",
        re.S)
    comment, fresh = "", False
    for m in token.finditer(text):
        if m.group(2) is None:
            comment = m.group(0)
            fresh = True
            continue
        line_end = text[m.end():text.find("\n", m.end())]
        # A comment holds for the declarations right behind it.
        between = text[:m.start()].rstrip()
        if not fresh and between.endswith("}"):
            comment = ""
        fresh = False
        yield (m.group(2), " ".join(m.group(1).split()), m.group(3),
               "[cb]" in comment or "[cb]" in line_end)


def argument(parameter):
    """The C expression of one parameter; None: the type is not known."""
    parameter = " ".join(parameter.split())
    kind = re.sub(r"\w+$", "", parameter).strip()
    bare = re.sub(r"^const ", "", kind)
    if bare in OBJECTS:
        return OBJECTS[bare]
    if bare in VALUES:
        return VALUES[bare]
    m = re.match(r"(struct bgp_\w+) \*\*$", bare)
    if m:
        const = "const " if kind.startswith("const") else ""
        return f"({const}{m.group(1)} *[1]){{ NULL }}"
    m = re.match(r"(struct bgp_\w+) \*$", bare)
    if m:
        return f"&({m.group(1)}){{ 0 }}"
    return None


def main():
    rows = []
    for header in sys.argv[1:]:
        for name, answer, parameters, cb in functions(open(header).read()):
            kinds = [re.sub(r"^const ", "", re.sub(r"\w+$", "", " ".join(
                p.split())).strip()) for p in parameters.split(",")]
            if SKIPPED.search(name) or not any(k in OBJECTS for k in kinds):
                continue
            values = [argument(p) for p in parameters.split(",")]
            if None in values:
                sys.exit(f"{name}: no argument for "
                         f"{parameters.split(',')[values.index(None)]}")
            call = f"{name}({', '.join(values)})"
            if name in ("bgp_attrs_ref", "bgp_attrs_unref"):
                call = TOGETHER
            rows.append((name, answer == "int", cb, call))
    for name, is_int, _, call in rows:
        print(f"static int\ncall_{name}(void)\n{{")
        print(f"\treturn {call};\n}}\n" if is_int else
              f"\t(void){call};\n\treturn 0;\n}}\n")
    print("static const struct door doors[] = {")
    for name, is_int, cb, _ in rows:
        print(f'\t{{ "{name}", {int(is_int)}, {int(cb)}, call_{name} }},')
    print("};")


main()
