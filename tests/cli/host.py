# SPDX-License-Identifier: LGPL-2.1-or-later
"""Captured hosts, for --root, made of files: an Intel 82576 with two VFs, and one with many."""

import os
import struct
from pathlib import Path

PF = '0000:01:00.0'
VFS = ('0000:01:10.0', '0000:01:10.2')

# linux/if_link.h
IFLA_VFINFO_LIST, IFLA_VF_INFO, IFLA_VF_MAC, IFLA_VF_VLAN = 22, 1, 1, 2
RTM_NEWLINK = 16


def attribute(kind, payload):
    return struct.pack('=HH', 4 + len(payload), kind) + payload + bytes(-len(payload) % 4)


def vf_info(index, mac, vlan):
    """What a PF reports of one VF."""
    mac = attribute(IFLA_VF_MAC, struct.pack('=I32s', index, bytes.fromhex(mac.replace(':', ''))))
    return attribute(IFLA_VF_INFO, mac + attribute(IFLA_VF_VLAN, struct.pack('=III', index, vlan, 0)))


def newlink(ifindex, vfs):
    """The kernel's answer about a PF's netdev: RTM_NEWLINK."""
    body = struct.pack('=BxHiII', 0, 1, ifindex, 0, 0)
    body += attribute(IFLA_VFINFO_LIST, b''.join(vf_info(i, mac, vlan) for i, (mac, vlan) in enumerate(vfs)))
    return struct.pack('=IHHII', 16 + len(body), RTM_NEWLINK, 0, 0, 0) + body


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{text}\n')


def link(path, target):
    path.parent.mkdir(parents=True, exist_ok=True)
    target.mkdir(parents=True, exist_ok=True)
    path.symlink_to(os.path.relpath(target, path.parent))


def device(sys, address, driver, group):
    folder = sys / 'bus/pci/devices' / address
    write(folder / 'class', '0x020000')
    write(folder / 'driver_override', '(null)')
    link(folder / 'driver', sys / 'bus/pci/drivers' / driver)
    link(folder / 'iommu_group', sys / f'kernel/iommu_groups/{group}')
    link(sys / f'kernel/iommu_groups/{group}/devices' / address, folder)
    return folder


def netdev(folder, name, ifindex, mac, flags):
    files = {'ifindex': ifindex, 'address': mac, 'flags': flags, 'mtu': 1500, 'addr_assign_type': 3}
    for file, text in files.items():
        write(folder / 'net' / name / file, text)


def make(root):
    """Makes the host below folder ROOT."""
    root = Path(root)
    sys = root / 'sys'
    pf = device(sys, PF, 'igb', 14)
    for file, number in {'totalvfs': 7, 'offset': 128, 'stride': 2}.items():
        write(pf / f'sriov_{file}', number)
    netdev(pf, 'enp1s0', 2, '52:54:00:aa:00:00', '0x1003')
    for index, address in enumerate(VFS):
        vf = device(sys, address, 'igbvf', 15 + index)
        link(vf / 'physfn', pf)
        link(pf / f'virtfn{index}', vf)
        netdev(vf, f'enp1s0v{index}', 3 + index, f'02:00:00:00:00:0{index}', '0x1002')
    (root / 'vfassign').mkdir()
    (root / 'vfassign/2.rtnl').write_bytes(newlink(2, [('00:00:00:00:00:00', 0), ('00:11:22:33:44:66', 7)]))
    for folder in ('proc', 'dev', 'run'):
        (root / folder).mkdir()


def make_many(root, pfs, count):
    """Makes a host with PFS PFs, each with COUNT VFs on a host driver, below folder ROOT."""
    root = Path(root)
    sys = root / 'sys'
    (root / 'vfassign').mkdir(parents=True)
    group = 0
    for p in range(pfs):
        bus, ifindex, vfs = 0x10 * (p + 1), 2 + p * (count + 1), []
        pf = device(sys, f'0000:{bus:02x}:00.0', 'ice', group)
        for file, number in {'totalvfs': 256, 'offset': 8, 'stride': 1}.items():
            write(pf / f'sriov_{file}', number)
        netdev(pf, f'ens{p}', ifindex, f'52:54:00:aa:00:{p:02x}', '0x1003')
        for index in range(count):
            group += 1
            rid, mac = 8 + index, f'02:00:00:00:{p:02x}:{index:02x}'
            address = f'0000:{bus + (rid >> 8):02x}:{rid >> 3 & 31:02x}.{rid & 7}'
            vf = device(sys, address, 'iavf', group)
            link(vf / 'physfn', pf)
            link(pf / f'virtfn{index}', vf)
            netdev(vf, f'ens{p}v{index}', ifindex + 1 + index, mac, '0x1002')
            vfs.append((mac, 0))
        (root / f'vfassign/{ifindex}.rtnl').write_bytes(newlink(ifindex, vfs))
        group += 1
    for folder in ('proc', 'dev', 'run'):
        (root / folder).mkdir()
