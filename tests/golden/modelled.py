# SPDX-License-Identifier: LGPL-2.1-or-later
"""Hosts with cards that nobody could capture here: modelled by hand after what their Linux drivers do.

NOT HARDWARE-VERIFIED. Each host is a function that says what is peculiar to its driver; the classes above it write that as
sysfs and rtnetlink would show it. tests/golden/run makes the hosts anew each time.
"""

import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / 'tools'))
import moduleindex  # noqa: E402

NOTE = 'Modelled by hand after the Linux driver of the card (tests/golden/modelled.py): not hardware-verified.\n'
MACHINE_ID, BOOT_ID = '5eed0000000000000000000000000001', '00000000-0000-4000-8000-000000000001'
RELEASE = '6.12.0-modelled'
ZERO = '00:00:00:00:00:00'
# What a driver leaves alone is reported as -1: nothing.
SILENT = 0xffffffff
VFIO_PCI = ('vfio_pci:v*d*sv*sd*bc*sc*i*', 'vfio_pci')


def attribute(kind, payload):
    content = struct.pack('=HH', 4 + len(payload), kind) + payload
    return content + b'\0' * (-len(content) % 4)


def mac_bytes(text):
    return bytes(int(byte, 16) for byte in text.split(':'))


@dataclass
class Vf:
    """A VF: what its PF reports of it, and its netdev, if it has one."""
    netdev: str = None
    driver: str = None
    mac: str = ZERO
    own: str = None  # the MAC of its netdev, where the PF reports another
    vlan: tuple = (0, 0, 0x8100)
    rate: tuple = (0, 0)
    spoofchk: int = SILENT
    link: int = 0  # auto
    rss: int = SILENT
    trust: int = SILENT
    override: str = '(null)'
    port_id: str = None

    def info(self, index):
        """IFLA_VF_INFO in the kernel's order."""
        vlan, qos, proto = self.vlan
        vlan_info = attribute(1, struct.pack('=III', index, vlan, qos) + struct.pack('>Hxx', proto))
        return attribute(1, b''.join((
            attribute(1, struct.pack('=I', index) + mac_bytes(self.mac).ljust(32, b'\0')),
            attribute(13, b'\xff' * 6 + b'\0' * 26),
            attribute(2, struct.pack('=III', index, vlan, qos)),
            attribute(6, struct.pack('=III', index, *self.rate)),
            attribute(3, struct.pack('=II', index, self.rate[1])),
            attribute(4, struct.pack('=II', index, self.spoofchk)),
            attribute(5, struct.pack('=II', index, self.link)),
            attribute(7, struct.pack('=II', index, self.rss)),
            attribute(9, struct.pack('=II', index, self.trust)),
            attribute(12, vlan_info))))


@dataclass
class Pf:
    address: str
    driver: str
    netdev: str
    vfs: list
    vf_driver: str
    offset: int
    stride: int
    total: int
    modalias: str  # of its VFs, up to the subsystem
    port: str = None    # phys_port_name
    switch: str = None  # phys_switch_id
    representors: dict = field(default_factory=dict)  # netdev: phys_port_name
    second: tuple = None  # of one PF for two ports: the other netdev, and the phys_port_ids of both


class Host:
    def __init__(self, root):
        self.root = root
        self.ifindex = 1
        self.group = 10
        self.write('README', NOTE)
        self.write('etc/machine-id', MACHINE_ID)
        self.write('proc/sys/kernel/random/boot_id', BOOT_ID)
        self.write('proc/sys/kernel/osrelease', RELEASE)

    def write(self, path, content):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.rstrip('\n').encode() + b'\n')

    def link(self, path, target):
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)

    def modules(self, aliases):
        """The aliases by which the host knows its VFIO drivers."""
        self.write(f'lib/modules/{RELEASE}/modules.alias.bin', moduleindex.index(aliases))

    def netdev(self, folder, name, mac, up, **more):
        """A netdev below FOLDER. Its ifindex."""
        self.ifindex += 1
        values = {'ifindex': self.ifindex, 'address': mac, 'flags': '0x1003' if up else '0x1002', 'mtu': 1500,
                  'addr_assign_type': 0, 'dev_port': 0, **more}
        for file, value in values.items():
            if value is not None:
                self.write(f'{folder}/net/{name}/{file}', str(value))
        self.link(f'sys/class/net/{name}', f'../../{folder.removeprefix("sys/")}/net/{name}')
        return self.ifindex

    def device(self, address, driver, override='(null)'):
        """A network controller in an IOMMU group of its own. Its folder."""
        folder = f'sys/devices/pci{address[:-8]}:00/{address}'
        self.group += 1
        self.link(f'sys/bus/pci/devices/{address}', f'../../../{folder.removeprefix("sys/")}')
        self.write(f'{folder}/class', '0x020000')
        self.write(f'{folder}/driver_override', override)
        if driver:
            self.link(f'{folder}/driver', f'../../../bus/pci/drivers/{driver}')
        self.link(f'{folder}/iommu_group', f'../../../kernel/iommu_groups/{self.group}')
        self.link(f'sys/kernel/iommu_groups/{self.group}/devices/{address}', f'../../../../{folder.removeprefix("sys/")}')
        return folder

    def vf(self, pf, index, vf, address):
        folder = self.device(address, vf.driver or pf.vf_driver, vf.override)
        self.link(f'{folder}/physfn', f'../{pf.address}')
        self.write(f'{folder}/modalias', f'pci:{pf.modalias}sv00008086sd00000000bc02sc00i00')
        if vf.netdev:
            own = vf.own or vf.mac
            self.netdev(folder, vf.netdev, own, False, phys_port_id=vf.port_id, addr_assign_type=0 if own == vf.mac != ZERO else 1)
        if vf.driver == 'vfio-pci':
            self.write(f'{folder}/vfio-dev/vfio{index}/dev', f'511:{index}')
        return folder

    def pf(self, pf):
        folder = self.device(pf.address, pf.driver)
        for file, value in (('totalvfs', pf.total), ('numvfs', len(pf.vfs)), ('offset', pf.offset), ('stride', pf.stride)):
            self.write(f'{folder}/sriov_{file}', str(value))
        ifindex = self.netdev(folder, pf.netdev, f'02:00:00:00:{self.ifindex:02x}:00', True, phys_port_name=pf.port,
                              phys_switch_id=pf.switch, phys_port_id=pf.second and pf.second[1])
        if pf.second:
            self.netdev(folder, pf.second[0], '02:00:00:00:ff:00', True, dev_port=1, phys_port_id=pf.second[2])
        for name, port in pf.representors.items():
            self.netdev(folder, name, ZERO, True, phys_port_name=port, phys_switch_id=pf.switch)
        for index, vf in enumerate(pf.vfs):
            address = vf_address(pf, index)
            self.vf(pf, index, vf, address)
            self.link(f'{folder}/virtfn{index}', f'../{address}')
        infos = b''.join(vf.info(index) for index, vf in enumerate(pf.vfs))
        body = struct.pack('=BxHiII', 0, 1, ifindex, 0x1003, 0) + b''.join((
            attribute(3, pf.netdev.encode() + b'\0'), attribute(21, struct.pack('=I', len(pf.vfs))),
            attribute(22, infos)))
        self.write(f'vfassign/{ifindex}.rtnl', struct.pack('=IHHII', 16 + len(body), 16, 0, 1, 0) + body)


def vf_address(pf, index):
    domain, bus, rest = pf.address.split(':')
    slot, function = rest.split('.')
    routing = (int(bus, 16) << 8 | int(slot, 16) << 3 | int(function)) + pf.offset + index * pf.stride
    return f'{domain}:{routing >> 8:02x}:{routing >> 3 & 0x1f:02x}.{routing & 7}'


# ---- the hosts ----

def ixgbe(host):
    """82599: VFs of its two ports interleave; the PF reports no MAC before the VF has one; only a maximum rate; RSS query."""
    vfs = [Vf('enp5s16', own='02:11:11:11:11:01', spoofchk=1, rss=0, trust=0),
           Vf('enp5s16f2', mac='02:11:11:11:11:02', spoofchk=1, rss=1, trust=1, vlan=(100, 3, 0x8100), rate=(0, 1000))]
    host.pf(Pf('0000:05:00.0', 'ixgbe', 'enp5s0f0', vfs, 'ixgbevf', 128, 2, 63, 'v00008086d000010ED'))
    host.pf(Pf('0000:05:00.1', 'ixgbe', 'enp5s0f1', [Vf('enp5s16f1', own='02:11:11:11:12:01', spoofchk=1, rss=0, trust=0)],
               'ixgbevf', 128, 2, 63, 'v00008086d000010ED'))
    host.modules([VFIO_PCI])


def i40e(host):
    """X710: its port has a name since Linux 6.7; no RSS query; link state set by hand; one VF on vfio-pci already."""
    vfs = [Vf('enp59s2', own='02:22:22:22:22:01', spoofchk=1, trust=0, link=2),
           Vf(driver='vfio-pci', override='vfio-pci', mac='02:22:22:22:22:02', spoofchk=0, trust=1, rate=(0, 500))]
    host.pf(Pf('0000:3b:00.0', 'i40e', 'enp59s0f0np0', vfs, 'iavf', 16, 1, 64, 'v00008086d0000154C', port='p0'))
    host.modules([VFIO_PCI])


def ice(host):
    """E810: a switch id in legacy mode too, and yet no switchdev; service VLANs; a minimum rate; a VFIO driver of its own."""
    vfs = [Vf('enp49s0v0', own='02:33:33:33:33:01', spoofchk=1, trust=0),
           Vf('enp49s0v1', mac='02:33:33:33:33:02', spoofchk=1, trust=0, vlan=(200, 0, 0x88a8), rate=(100, 1000), link=1)]
    host.pf(Pf('0000:31:00.0', 'ice', 'enp49s0np0', vfs, 'iavf', 8, 1, 256, 'v00008086d00001889', port='p0',
               switch='8c3f51feff2a7b10'))
    host.modules([VFIO_PCI, ('vfio_pci:v00008086d00001889sv*sd*bc*sc*i*', 'ice_vfio_pci')])


MLX5_MODULES = [('vfio_pci:v000015B3d*sv*sd*bc*sc*i*', 'general_mlx_vfio_pci'), VFIO_PCI,
                ('vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i*', 'mlx5_vfio_pci')]


def mlx5_card(host, representors):
    """ConnectX-5: PF and VF have the same driver; both PFs of the card have one switch id; zero until an administrator sets it."""
    for function in (0, 1):
        vfs = [Vf(f'ens1f{function}v0', own=f'02:44:44:44:{function:02x}:01', spoofchk=0, trust=0),
               Vf(f'ens1f{function}v1', mac=f'02:44:44:44:{function:02x}:02', spoofchk=1, trust=1, rate=(200, 400))]
        names = {f'ens1f{function}npf{function}vf{i}': f'pf{function}vf{i}' for i in (0, 1)} if representors else {}
        host.pf(Pf(f'0000:81:00.{function}', 'mlx5_core', f'ens1f{function}np{function}', vfs, 'mlx5_core',
                   (2, 9)[function], 1, 8, 'v000015B3d0000101E', port=f'p{function}', switch='7c8f0b0003a1420c',
                   representors=names))
    host.modules(MLX5_MODULES)


def mlx5_legacy(host):
    mlx5_card(host, False)


def mlx5_switchdev(host):
    mlx5_card(host, True)


def mlx4(host):
    """ConnectX-3: one PF for both ports, each with a netdev; a VF stands at one port, as phys_port_id tells."""
    ports = ('0002c903004d4e51', '0002c903004d4e52')
    vfs = [Vf(f'ens2v{i}', mac=f'02:77:77:77:77:0{i}', spoofchk=0, port_id=ports[i]) for i in (0, 1)]
    host.pf(Pf('0000:07:00.0', 'mlx4_core', 'ens2', vfs, 'mlx4_core', 1, 1, 8, 'v000015B3d00001004',
               second=('ens2d1', *ports)))
    host.modules([VFIO_PCI])


def bnxt(host):
    """BCM57414: PF and VF have the same driver; VFs in the next slots; names of ports, but no switch id in legacy mode."""
    vfs = [Vf('ens3f0v0', own='02:55:55:55:55:01', spoofchk=0, trust=0),
           Vf('ens3f0v1', mac='02:55:55:55:55:02', spoofchk=1, trust=0, vlan=(30, 0, 0x8100), link=2)]
    host.pf(Pf('0000:5e:00.0', 'bnxt_en', 'ens3f0np0', vfs, 'bnxt_en', 16, 1, 128, 'v000014E4d000016DC', port='p0'))
    host.modules([VFIO_PCI])


def wide_domain(host):
    """A card in a domain above ffff, as they are made up for VMD, on a host without an index of modules."""
    host.pf(Pf('10000:01:00.0', 'igb', 'enP65536p1s0', [Vf('enP65536p1s16', own='02:66:66:66:66:01', spoofchk=1, trust=0)],
               'igbvf', 128, 2, 7, 'v00008086d000010CA'))


HOSTS = {'ixgbe': ixgbe, 'i40e': i40e, 'ice': ice, 'mlx5-legacy': mlx5_legacy, 'mlx5-switchdev': mlx5_switchdev,
         'mlx4': mlx4, 'bnxt': bnxt, 'wide-domain': wide_domain}


def make(name, root):
    """Makes host NAME below ROOT, a new folder."""
    HOSTS[name](Host(root))
