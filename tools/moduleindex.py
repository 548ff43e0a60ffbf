# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the index of modules' aliases as libkmod reads it: modules.alias.bin, a tree of characters, big-endian."""

import struct

MAGIC, VERSION = 0xB007F457, 0x00020001
CHILDREN, VALUES = 0x20000000, 0x40000000


def tree(aliases):
    """ALIASES, pairs of pattern and module, as nested dictionaries; None holds the modules of the pattern that ends here."""
    root = {}
    for pattern, module in aliases:
        node = root
        for character in pattern:
            node = node.setdefault(ord(character), {})
        node.setdefault(None, []).append(module)
    return root


def put(node, out):
    """Appends NODE, its children first, to OUT. Its place in the file, with what it has in the upper bits."""
    children = {character: put(child, out) for character, child in node.items() if character is not None}
    place, flags = len(out), 0
    if children:
        flags |= CHILDREN
        first, last = min(children), max(children)
        out += struct.pack('>BB', first, last)
        out += struct.pack(f'>{last - first + 1}I', *(children.get(c, 0) for c in range(first, last + 1)))
    if None in node:
        flags |= VALUES
        out += struct.pack('>I', len(node[None]))
        for priority, module in enumerate(node[None]):
            out += struct.pack('>I', priority) + module.encode() + b'\0'
    return place | flags


def index(aliases):
    """The bytes of the index of ALIASES. In it "-" is written "_", but for what stands in brackets."""
    out = bytearray(struct.pack('>III', MAGIC, VERSION, 0))
    root = put(tree(aliases), out)
    struct.pack_into('>I', out, 8, root)
    return bytes(out)
