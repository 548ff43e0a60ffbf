#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What libvirt says of a document: its own test driver (test:///default), which lives in the client library
and needs no daemon, defines the <domain> or <network> and prints it again.

usage: oracle.py FILE…      prints the canonical devices (or network), or libvirt's error, of each FILE
"""
import ctypes
import re
import sys

from devices import ours

DOMAIN_XML_INACTIVE = 2
GENERATED = "{generated}"
# libvirt's own layout, because what it prints is not always well-formed: it does not escape every string.
DEVICE = re.compile(r"^    (<(interface|hostdev) .*?^    </\2>)$|\A(<network.*</network>)$", re.DOTALL | re.MULTILINE)
# What may differ between two definitions of one document: a number in an attribute or an element.
TOKEN = re.compile(r"[0-9a-f]+(?:[:-][0-9a-f]+)+")
# The test driver alone names each interface that has no name; QEMU's does not.
TEST_NAME = re.compile(r"\n *<target dev='testnet\d+'/>| dev='testnet\d+'")


class Refused(Exception):
    """libvirt does not take the document; the text is its message."""


class Kind:
    """The functions for one kind of object, and where its canonical form stands."""

    def __init__(self, library, name, flags):
        self.define = function(library, f"vir{name}DefineXML", ctypes.c_void_p, ctypes.c_char_p)
        self.undefine = function(library, f"vir{name}Undefine", ctypes.c_void_p, result=ctypes.c_int)
        self.free = function(library, f"vir{name}Free", ctypes.c_void_p, result=ctypes.c_int)
        self.dump = function(library, f"vir{name}GetXMLDesc", ctypes.c_void_p, ctypes.c_uint)
        self.flags = flags


def function(library, name, *arguments, result=ctypes.c_void_p):
    found = getattr(library, name)
    found.argtypes = arguments
    found.restype = result
    return found


class Oracle:
    def __init__(self):
        library = ctypes.CDLL("libvirt.so.0")
        handler = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
        self.quiet = handler(lambda data, error: None)
        library.virSetErrorFunc(None, self.quiet)
        self.message = function(library, "virGetLastErrorMessage", result=ctypes.c_char_p)
        self.c_free = function(ctypes.CDLL(None), "free", ctypes.c_void_p, result=None)
        self.kinds = {
            "domain": Kind(library, "Domain", DOMAIN_XML_INACTIVE),
            "network": Kind(library, "Network", 0),
        }
        self.connection = function(library, "virConnectOpen", ctypes.c_char_p)(b"test:///default")
        if not self.connection:
            raise RuntimeError(self.error())
        self.version = version_of(library)

    def error(self):
        return self.message().decode(errors="replace")

    def canonical(self, kind, document):
        """The text of one definition, whole."""
        handle = kind.define(self.connection, document)
        if not handle:
            raise Refused(self.error())
        try:
            text = kind.dump(handle, kind.flags)
            if not text:
                raise Refused("not printable: " + self.error())
            result = ctypes.string_at(text)
            self.c_free(text)
            return result
        finally:
            kind.undefine(handle)
            kind.free(handle)

    def ask(self, name, document):
        """The canonical devices of a domain, or the network. What libvirt made up is marked {generated}."""
        kind = self.kinds[name]
        first, second = (printed_devices(self.canonical(kind, document)) for _ in range(2))
        return [mark_generated(*map(without_test_name, pair)) for pair in zip(first, second)]


def version_of(library):
    number = ctypes.c_ulong()
    library.virGetVersion(ctypes.byref(number), None, None)
    return f"{number.value // 1000000}.{number.value // 1000 % 1000}.{number.value % 1000}"


def printed_devices(text):
    text = text.decode().strip()
    return ours((match[1] or match[3]).replace("\n    " if match[1] else "\n", "\n") for match in DEVICE.finditer(text))


def without_test_name(device):
    return TEST_NAME.sub("", device)


def mark_generated(first, second):
    """Two definitions of one document differ in random MACs and UUIDs alone."""
    if first == second:
        return first
    others = iter(TOKEN.findall(second))
    marked = TOKEN.sub(lambda match: match[0] if match[0] == next(others) else GENERATED, first)
    if TOKEN.sub(GENERATED, first) != TOKEN.sub(GENERATED, second):
        raise AssertionError(f"two definitions of one document differ:\n{first}\n{second}")
    return marked


def main():
    oracle = Oracle()
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            document = file.read()
        try:
            print("\n".join(oracle.ask("network" if b"<network" in document else "domain", document)))
        except Refused as refused:
            print(f"{path}: {refused}")


if __name__ == "__main__":
    main()
