#!/usr/bin/python3 -B
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which case covers which row of the specification of libvirt's behaviour, and which rule of src/model/rules.c.

Prints the index. Exit 1 when a row of sections 1 and 2.1 or a rule has no case, or there are too few cases, or the
man page leaves out an element or attribute.
"""
import re
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODEL = HERE.parents[2] / 'src/model'
RULES = MODEL / 'rules.c'
MAN = HERE.parents[2] / 'man/vfassign-xml.5.scd'
# A row of the grammar: the name of an element or attribute, in itself or as the first argument of a macro that makes rows.
NAME = re.compile(r'(?:\.name = |^\s*(?:\[\w+\] = )?[A-Z_]+\()"(\w+)"', re.MULTILINE)
# test-network.c, test-pool.c and test-merge.c hold the cases of networks.
OF_NETWORKS = re.compile('network-|pool-|merge-')
# test-scan.c has those of large documents.
OF_LARGE = {'list-long'}
# Types of devices, and everything of a domain and its memory that explains itself.
NOT_IN_MAN = {'arch', 'dumpCore'}
ENOUGH = 150    # of each kind

# The rows of section 1: elements and attributes, by subsection. The rows of section 2.1 are rules, and so are named below.
ROWS = {
    '1.1': 'type managed trustGuestRxFilters model sgio display',
    '1.2': 'mac driver bandwidth link mtu model target coalesce port backend tune script backenddomain guest filterref '
           'teaming boot rom alias acpi',
    '1.3': 'type pci usb startupPolicy',
    '1.4': 'type pci usb zpci',
    '1.5': 'type ranges missing extra 802.1Qbg 802.1Qbh openvswitch midonet',
    '1.6': 'vlan',
    '1.7': 'attributes source driver children',
    '1.8': 'order domain source-usb-nothing driver-twice',
    '2.1': 'boot-order-twice boot-order-os address-unassigned host-side target-unmanaged teaming-persistent-missing '
           'teaming-persistent-extra port-isolated driver-virtio backend-passt port-forward bandwidth-range address-pci '
           'address-usb teaming-hostdev host-device-twice ramfb-twice alias-twice acpi-pci rom-pci guest-ip mtu '
           'teaming-model coalesce write-filtering display-graphics guest-address-twice usb-port-twice driver-kind '
           'bandwidth-start backend-tap vlan-virtualport vlan-trunk port-start',
}
# What is not decided from a document: it depends on QEMU, on the host, or on a network.
ELSEWHERE = ('acpi and guestReset that QEMU lacks', 'vfio that QEMU lacks', 'IOMMU', 'not a VF',
             'rules about what a network gives out')


def cases():
    """(file, line, row, whether it is accepted, rules that are broken)"""
    for path in sorted((HERE / 'cases').iterdir()):
        number = 1
        for block in path.read_text().split('\n\n'):
            lines = block.split('\n')
            if lines[0].startswith('= '):
                findings = [line.split()[5] for line in lines if line.startswith('! ') and len(line.split()) > 5]
                yield path.name, number, lines[0].split(' | ')[1], any(line[0] == '>' for line in lines), findings
            number += len(lines) + 1


def undocumented():
    """Elements and attributes of the grammar that the man page does not name."""
    named = set(re.findall(r'\w+', MAN.read_text()))
    known = {name for path in MODEL.glob('*.c') for name in NAME.findall(path.read_text())}
    return sorted(known - named - NOT_IN_MAN)


def show(title, places):
    print(f'\n## {title}\n')
    for name, where in places.items():
        more = f' and {len(where) - 4} more' if len(where) > 4 else ''
        print(f'{name:34} {", ".join(where[:4])}{more}' if where else f'{name:34} NONE')


def main():
    rows = {f'{section} {row}': [] for section, names in ROWS.items() for row in names.split()}
    rules = {name: [] for name in re.findall(r'^\t\[RULE_\w+\] = \{ "([a-z0-9-]+)"', RULES.read_text(), re.MULTILINE)
             if not OF_NETWORKS.match(name) and name not in OF_LARGE}
    counts = defaultdict(int)
    for file, line, row, accepted, broken in cases():
        counts[accepted] += 1
        rows.setdefault(row, []).append(f'{file}:{line}')
        for rule in set(broken):
            rules.setdefault(rule, []).append(f'{file}:{line}')
    show('Rows', rows)
    show('Rules', rules)
    missing = [name for name, where in (*rows.items(), *rules.items()) if not where]
    print(f'\n{counts[True]} cases of canonical text, {counts[False]} of findings; decided elsewhere: {"; ".join(ELSEWHERE)}')
    for name in missing:
        print(f'{name} has no case')
    for name in undocumented():
        print(f'{name} does not stand in {MAN.name}')
    return 1 if missing or undocumented() or min(counts[True], counts[False]) < ENOUGH else 0


if __name__ == '__main__':
    sys.exit(main())
