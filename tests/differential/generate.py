#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Documents from the tables of grammar.py: first each value of each attribute, one document each, then random
mixtures. The same seed makes the same documents.

usage: generate.py [--seed N] [--random N] FOLDER      writes FOLDER/ID.xml, and FOLDER/labels: what each one tries
"""
import argparse
import copy
import random
import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import grammar
from documents import CASES, domain

VALUE_GOOD = 0.98       # of random values; about half of the documents are accepted then
PIECE_GOOD = 0.95
DEVICE_OWN = 0.95       # of several devices, which else may well be one
TEXT = "#text"


@dataclass(frozen=True)
class Document:
    id: str
    kind: str           # domain, network
    label: str          # what it tries: frame/shape:path@attribute=value
    text: bytes


# ---- XML text ----

def escaped(text, quote):
    table = {"&": "&amp;", "<": "&lt;", ">": "&gt;", quote: "&apos;" if quote == "'" else "&quot;"}
    return "".join(table.get(c, c if c >= " " else f"&#{ord(c)};") for c in text)


def rendered(element, rng=None):
    """The element as text; with rng the quotes and blanks vary, which changes nothing."""
    pick = rng.choice if rng else lambda options: options[0]
    out = ["<", element.tag]
    for name, value in element.items():
        quote = pick(["'", "'", '"'])
        out.append(f"{pick([' ', ' ', chr(10), '  '])}{name}{pick(['=', '=', ' = '])}{quote}{escaped(value, quote)}{quote}")
    inner = escaped(element.text or "", "'") + "".join(rendered(child, rng) for child in element)
    if inner:
        out.append(f">{inner}</{element.tag}>")
    else:
        out.append(pick(["/>", "/>", f"></{element.tag}>", " />"]))
    return "".join(out)


def parsed(text):
    return ElementTree.fromstring(text)


def at(root, path):
    return root.find(path) if path else root


def with_value(sample, path, attribute, value):
    root = parsed(sample)
    node = at(root, path)
    if attribute == TEXT:
        node.text = value
    elif value is None:
        node.attrib.pop(attribute, None)
    else:
        node.set(attribute, value)
    return rendered(root)


# ---- each value once ----

def value_variants(shape):
    for path, attributes in (*shape.values.items(), *shape.refused.items()):
        for attribute, pool in attributes.items():
            absent = [] if attribute == TEXT else [None]
            for value in (*pool.good, *pool.bad, *absent):
                yield f"{path}@{attribute}={value!r}", with_value(shape.sample, path, attribute, value)


def structure_variants(shape):
    """Of every element below the sample's root: gone, twice, with something unknown in it."""
    root = parsed(shape.sample)
    for number, node in enumerate(root.iter()):
        for name, change in STRUCTURE.items():
            variant = copy.deepcopy(root)
            nodes = list(variant.iter())
            parents = {child: parent for parent in nodes for child in parent}
            parent = parents.get(nodes[number])
            if parent is not None or name.startswith("unknown"):
                change(nodes[number], parent)
                yield f"{node.tag}: {name}", rendered(variant)


STRUCTURE = {
    "unknown attribute": lambda node, parent: node.set("unknown", "1"),
    "unknown child": lambda node, parent: node.append(parsed("<unknown/>")),
    "unknown text": lambda node, parent: setattr(node, "text", (node.text or "") + " text"),
    "gone": lambda node, parent: parent.remove(node),
    "twice": lambda node, parent: parent.insert(0, copy.deepcopy(node)),
}


def case_variants(shape):
    for text in (shape.sample, *shape.good, *shape.bad):
        yield text, text


def all_variants(shape):
    yield from case_variants(shape)
    yield from value_variants(shape)
    yield from structure_variants(shape)


def inserted(frame, pieces, rng=None):
    """The pieces inside the frame's text, behind what it has (with rng: before it, too)."""
    start, end = frame.find(">") + 1, frame.rfind("</")
    if end < 0:
        return frame
    for piece in pieces:
        if piece.startswith("<mac"):    # else it would be the second one, which libvirt does not read
            frame = frame.replace(grammar.MAC_TEXT, "", 1)
            end = frame.rfind("</")
        where = start if rng and rng.random() < 0.3 else end
        frame = frame[:where] + piece + frame[where:]
        end += len(piece)
    return frame


def whole(frame, text):
    return text if frame.root == "network" else domain(text)


def systematic(frame, done):
    """(label, document) pairs: all variants of a frame, and its children in it; the values of a child's attributes
    only where it first belongs (done: the children that were there before)."""
    name = frame.shape.name
    for label, text in all_variants(frame.shape):
        yield f"{name}:{label}", whole(frame, text)
    for shape in frame.children:
        variants = case_variants(shape) if shape.name in done else all_variants(shape)
        done.add(shape.name)
        for label, text in variants:
            yield f"{name}/{shape.name}:{label}", whole(frame, inserted(frame.shape.sample, [text]))
        yield f"{name}/{shape.name}: twice", whole(frame, inserted(frame.shape.sample, [shape.sample] * 2))


# ---- mixtures ----

def random_value(pool, rng):
    values = pool.good if not pool.bad or rng.random() < VALUE_GOOD else pool.bad
    return rng.choice(values)


def random_piece(shape, rng, own=None):
    """own: the attributes of the source's address that make this device another one than the rest."""
    cases = (shape.good if rng.random() < PIECE_GOOD else shape.bad) if rng.random() < 0.3 else ()
    if cases:
        return rng.choice(cases)
    root = parsed(shape.sample)
    for path, attributes in shape.values.items():
        for attribute in rng.sample(list(attributes), min(len(attributes), rng.choice([0, 0, 1, 1, 2]))):
            value = random_value(attributes[attribute], rng)
            if attribute == TEXT:
                at(root, path).text = value
            else:
                at(root, path).set(attribute, value)
    if own and root.find("source/address") is not None:
        root.find("source/address").attrib.update(own)
    return rendered(root, rng)


def random_device(frame, rng, number=0):
    count = rng.choice([0, 1, 1, 2, 2, 3, 4])
    mixable = [shape for shape in frame.children if shape.values or shape.good]
    shapes = rng.sample(mixable, min(count, len(mixable)))
    kinds = {}
    for shape in shapes:        # of alternatives (two addresses, two virtualports) one
        kinds.setdefault(re.match(r"\w+", shape.name)[0], shape)
    own = {}
    if number > 0 and rng.random() < DEVICE_OWN:
        own = {"bus": str(number + 1), "device" if "usb" in frame.shape.name else "function": str(number)}
    return inserted(random_piece(frame.shape, rng, own), [random_piece(shape, rng) for shape in kinds.values()], rng)


def random_document(rng):
    if rng.random() < 0.12:
        frame = rng.choice([frame for frame in grammar.FRAMES if frame.root == "network"])
        return "random network", random_device(frame, rng)
    frames = [frame for frame in grammar.FRAMES if frame.root == "domain"]
    chosen = rng.choices(frames, weights=[6, 2, 2, 2, 1], k=rng.choice([1, 1, 1, 2, 3]))
    blank = rng.choice(["", "\n    ", "<!-- -->"])
    return ("random " + " ".join(frame.shape.name for frame in chosen),
            domain(blank.join(random_device(frame, rng, number) for number, frame in enumerate(chosen))))


# ---- all of them ----

def documents(seed, count):
    """The documents, without repetitions."""
    rng = random.Random(seed)
    pairs = list(CASES)
    done = set()
    for frame in grammar.FRAMES:
        pairs += systematic(frame, done)
    pairs += (random_document(rng) for _ in range(count))
    seen = set()
    for label, text in pairs:
        data = text if isinstance(text, bytes) else text.encode()
        if data not in seen:
            seen.add(data)
            kind = "network" if b"<network" in data and b"<domain" not in data else "domain"
            yield Document(f"{len(seen):05}", kind, label, data)


def write(folder, items):
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "labels", "w", encoding="utf-8") as labels:
        for document in items:
            (folder / f"{document.id}.xml").write_bytes(document.text)
            labels.write(f"{document.id} {document.label!r}\n")


def main():
    parser = argparse.ArgumentParser(description="writes the documents of the differential test")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--random", type=int, default=2000, metavar="N", help="random ones beside the systematic ones")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    write(options.folder, documents(options.seed, options.random))


if __name__ == "__main__":
    main()
