# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whole documents: the domain around the devices, and cases of more than one device or of XML itself."""
from grammar import MAC_TEXT, PCI_SOURCE, UUID_TEXT

HEAD = "<domain type='test'>\n  <name>g</name>\n  " + UUID_TEXT + "\n  <memory>1024</memory>\n"
SYSTEM = "  <os><type>hvm</type></os>\n"


def domain(devices, system=SYSTEM):
    return f"{HEAD}{system}  <devices>\n    {devices}\n  </devices>\n</domain>\n"


def interface(children="", source=PCI_SOURCE):
    return f"<interface type='hostdev'>{MAC_TEXT}{source}{children}</interface>"


def at_bus(bus):
    return f"<source><address type='pci' bus='{bus}'/></source>"


def usb(inner):
    return f"<hostdev mode='subsystem' type='usb'><source>{inner}</source></hostdev>"


PLAIN = "<hostdev mode='subsystem' type='pci'><source><address bus='1' slot='0x10' function='2'/></source></hostdev>"
BOOT_OS = "  <os><type>hvm</type><boot dev='hd'/></os>\n"
BY_ADDRESS, BY_ID = "<address bus='1' device='2'/>", "<vendor id='1'/><product id='2'/>"
GUEST = "<address type='pci' bus='1' slot='2'/>"

# More than one device.
SEVERAL = {
    "same VF twice": domain(interface() + interface()),
    "same VF in another spelling": domain(interface() + interface("", "<source><address type='pci' bus='01' slot='16' "
                                                                  "function='02'/></source>")),
    "interface and hostdev of one VF": domain(interface() + PLAIN),
    "hostdev before interface": domain(PLAIN + interface("", at_bus(9))),
    "same MAC twice": domain(interface("", at_bus(1)) + interface("", at_bus(2))),
    "same boot order": domain(interface("<boot order='1'/>", at_bus(1)) + interface("<boot order='1'/>", at_bus(2))),
    "boot order and os/boot": domain(interface("<boot order='1'/>"), BOOT_OS),
    "os/boot alone": domain(interface(), BOOT_OS),
    "same alias": domain(interface("<alias name='ua-a'/>", at_bus(1)) + interface("<alias name='ua-a'/>", at_bus(2))),
    "same alias, not the user's": domain(interface("<alias name='a'/>", at_bus(1)) + interface("<alias name='a'/>", at_bus(2))),
    "same guest address": domain(interface(GUEST, at_bus(1)) + interface(GUEST, at_bus(2))),
    "USB twice by address": domain(usb(BY_ADDRESS) + usb(BY_ADDRESS)),
    "USB twice by id": domain(usb(BY_ID) + usb(BY_ID)),
    "USB by address, then by id": domain(usb(BY_ADDRESS + BY_ID) + usb(BY_ID)),
    "USB by id, then by address": domain(usb(BY_ID) + usb(BY_ADDRESS + BY_ID)),
    "USB device 0 twice": domain(usb("<address bus='1' device='0'/>") + usb("<address bus='2' device='0'/>")),
    "teaming pair": domain("<interface type='user'><model type='virtio'/><teaming type='persistent'/><alias name='ua-p'/>"
                           "</interface>" + interface("<teaming type='transient' persistent='ua-p'/>")),
    "alias of another device": domain("<interface type='user'><alias name='ua-a'/></interface>" + interface("<alias name='ua-a'/>")),
    "boot order of another device": domain("<interface type='user'><boot order='1'/></interface>" + interface("<boot order='1'/>")),
    "ramfb twice": domain("".join(f"<hostdev mode='subsystem' type='pci' ramfb='on'><source><address bus='{n}'/></source></hostdev>"
                                  for n in (1, 2))),
    "an interface of another type, with a fault": domain("<interface><port isolated='x'/></interface>" + interface()),
    "vlan beside virtualport": domain(interface("<vlan><tag id='5'/></vlan><virtualport type='802.1Qbh'>"
                                                "<parameters profileid='p'/></virtualport>")),
    "rom at a USB address": domain(interface("<rom bar='on'/><address type='usb' bus='0' port='1'/>",
                                             "<source><address type='usb' bus='1' device='2'/></source>")),
    "no device": domain(""),
    "interface outside of devices": HEAD + SYSTEM + interface() + "</domain>",
    "two <devices>": HEAD + SYSTEM + f"<devices>{interface('', at_bus(1))}</devices><devices>{interface('', at_bus(2))}</devices></domain>",
    "40 interfaces": domain("".join(interface("", at_bus(n)) for n in range(1, 41))),
    "machine": domain(interface(GUEST), "  <os><type arch='x86_64' machine='pc'>hvm</type></os>\n"),
    "name missing": domain(interface()).replace("<name>g</name>", ""),
    "uuid missing": domain(interface()).replace(UUID_TEXT, ""),
    "uuid bad": domain(interface()).replace(UUID_TEXT, "<uuid>x</uuid>"),
    "memory missing": domain(interface()).replace("<memory>1024</memory>", ""),
    "metadata": domain(interface()).replace("<memory>", "<metadata><v:vf xmlns:v='urn:vfassign:1' trust='on'/></metadata><memory>"),
}

# XML itself.
PLAIN_TEXT = domain(interface())
ENTITY = "<!DOCTYPE domain [<!ENTITY e '00:11:22:33:44:55'>]>\n"
XML = {
    "declaration": "<?xml version='1.0' encoding='UTF-8'?>\n" + PLAIN_TEXT,
    "declaration, version 1.1": "<?xml version='1.1'?>\n" + PLAIN_TEXT,
    "Latin 1": ("<?xml version='1.0' encoding='ISO-8859-1'?>\n" + PLAIN_TEXT).encode("latin-1"),
    "UTF-16": PLAIN_TEXT.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + PLAIN_TEXT.encode(),
    "blank before the declaration": "\n<?xml version='1.0'?>\n" + PLAIN_TEXT,
    "DOCTYPE": "<!DOCTYPE domain>\n" + PLAIN_TEXT,
    "entity in an attribute": ENTITY + PLAIN_TEXT.replace("00:11:22:33:44:55", "&e;"),
    "external entity": "<!DOCTYPE domain [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>\n" + domain(interface("&e;")),
    "undefined entity": domain(interface("&e;")),
    "attribute twice": domain(interface("<boot order='1' order='2'/>")),
    "truncated": PLAIN_TEXT[:-20],
    "garbage after the end": PLAIN_TEXT + "x",
    "comment after the end": PLAIN_TEXT + "<!-- c -->",
    "two roots": PLAIN_TEXT + PLAIN_TEXT,
    "empty": "",
    "blank": " \n",
    "not XML": "hello",
    "not UTF-8": PLAIN_TEXT.encode().replace(b"<name>g<", b"<name>\xff<"),
    "control character": domain(interface("<alias name='a&#1;'/>")),
    "NUL": PLAIN_TEXT.encode().replace(b"<memory>", b"\0<memory>"),
    "character references": PLAIN_TEXT.replace("00:11:22", "&#48;0:&#x31;1:22"),
    "CDATA": PLAIN_TEXT.replace("<name>g<", "<name><![CDATA[g]]><"),
    "CR LF": PLAIN_TEXT.replace("\n", "\r\n"),
    "tags crossed": domain("<interface type='hostdev'><source></interface></source>"),
    "unquoted": PLAIN_TEXT.replace("'hostdev'", "hostdev"),
    "prefix without a namespace": domain(interface("<x:y/>")),
    "namespace on the root": PLAIN_TEXT.replace("<domain ", "<domain xmlns:q='urn:q' "),
    "another root": "<guest>" + interface() + "</guest>",
    "root in a namespace": PLAIN_TEXT.replace("<domain ", "<domain xmlns='urn:q' "),
    "63 deep": domain(interface("<a>" * 59 + "</a>" * 59)),
    "100 deep": domain(interface("<a>" * 96 + "</a>" * 96)),
    "257 attributes": domain(interface("<a " + " ".join(f"a{n}=''" for n in range(257)) + "/>")),
    "300 deep": domain(interface("<a>" * 296 + "</a>" * 296)),
}

CASES = tuple({**SEVERAL, **XML}.items())
