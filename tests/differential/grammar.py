# SPDX-License-Identifier: LGPL-2.1-or-later
"""libvirt's grammar of these devices as tables: for each element a sample, the values of its attributes that are
worth trying, and whole pieces that no table of values reaches.

A value stands in `good` when a document that holds it is usually accepted. That only weighs what is generated:
what is right is libvirt's to say.
"""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pool:
    good: tuple
    bad: tuple


@dataclass(frozen=True)
class Shape:
    """`values`: for each path below the sample's root ("" is the root) and attribute ("#text": its text) a pool."""

    name: str
    sample: str
    values: dict = field(default_factory=dict)
    good: tuple = ()
    bad: tuple = ()
    refused: dict = field(default_factory=dict)     # like values, but good for nothing: not in mixtures


@dataclass(frozen=True)
class Frame:
    """A device (or network) that other pieces are put into."""

    shape: Shape
    children: tuple
    root: str = "domain"


def pool(good, bad=""):
    return Pool(tuple(good.split("|")), tuple(bad.split("|")))


def number(base, limit, zero=True):
    """Numbers up to `limit` in every spelling: bases, signs, blanks, and what lies just outside."""
    good = ["1", "2", "+1", " 1", "007", str(limit), "\t1"]
    bad = ["", "-1", "-0", "1 ", "1x", "x", "1.0", "0x", "1,2", str(limit + 1), "4294967296", "9" * 25, "--1",
           "0x1g", "0b1", "1e1", "٣", " ", "+", "18446744073709551616", "18446744073709551615"]
    good.append("0") if zero else bad.append("0")
    if base == 0:
        good += ["0x1", "0X0a" if limit >= 10 else "0X1", hex(limit), oct(limit).replace("o", "")]
        good.append("010" if limit >= 8 else "01")
        bad += ["08", "09", hex(limit + 1), "0x-1"]
    else:
        good += ["08", "010"] if limit >= 10 else ["01"]
        bad += ["0x1", "a"]
    return Pool(tuple(good), tuple(dict.fromkeys(bad)))


U32 = 2**32 - 1
YES_NO = pool("yes|no", "|default|Yes|on|true|1| yes")
ON_OFF = pool("on|off", "|default|On|yes|1|off ")
HEX_ID = number(0, 0xFFFF, zero=False)
PATH = pool("/usr/share/rom.bin|relative|/a b|/a'b&c<d>\"e|/ü|", " ")
NAME = pool("a|a_b-C9|x'y|ü|a&b|<|a\tb|a\nb", "|a b| ")
UUID = pool("00112233-4455-6677-8899-aabbccddeeff|00112233445566778899AABBCCDDEEFF"
            "| 00112233-4455-6677-8899-aabbccddeeff |0011 2233 4455 6677 8899 aabb ccdd eeff"
            "|{upper}-4455-6677-8899-aabbccddeeff".replace("{upper}", "AABBCCDD"),
            "|0011|00112233-4455-6677-8899-aabbccddeefg|00112233-4455-6677-8899-aabbccddeeff0"
            "|0-0112233-4455-6677-8899-aabbccddeeff|00112233-4455-6677-8899-aabbccddeeff x"
            "|00000000-0000-0000-0000-000000000000|--00112233445566778899aabbccddeeff")
PCI = {"domain": number(0, U32), "bus": number(0, 0xFF), "slot": number(0, 0x1F), "function": number(0, 7),
       "multifunction": ON_OFF}
ZPCI = {"uid": number(0, 0xFFFF), "fid": number(0, U32)}

MAC = Shape("mac", "<mac address='00:11:22:33:44:55'/>", {"": {
    "address": pool("00:11:22:33:44:55|52:54:00:AA:bB:cc|0:1:2:3:4:5|00:00:00:00:00:00|02:00:00:00:00:01"
                    "|00:11:22:33:44:55 junk|00:11:22:33:44:55\t|fe:ff:ff:ff:ff:ff",
                    "|01:00:5e:00:00:01|ff:ff:ff:ff:ff:ff|00:11:22:33:44|00:11:22:33:44:55:66|00-11-22-33-44-55"
                    "|001122334455|zz:11:22:33:44:55|000:11:22:33:44:55| 00:11:22:33:44:55|00:11:22:33:44:55x"
                    "|00::22:33:44:55|00:11:22:33:44:5g|0x0:11:22:33:44:55|00:11:22:33:44:+5|00:11:22:33:44:-5"),
    "type": pool("static|generated", "|default|Static|x"),
    "check": YES_NO,
    "currentAddress": pool("00:11:22:33:44:66", "|x"),
}}, good=("<mac/>", "<mac type='static'/>", "<mac check='no'/>",
          "<mac address='00:00:00:00:00:00' type='generated'/>"))

VIRTIO = {"iommu": ON_OFF, "ats": ON_OFF, "packed": ON_OFF, "page_per_vq": ON_OFF}
DRIVER = Shape("driver", "<driver name='vfio'/>", {"": {
    "name": pool("vfio|kvm|xen", "|default|VFIO|qemu|vhost"),
    "model": pool("vfio-pci|mlx5_vfio_pci|a+b|a b|a'b|ü|", " "),
    **VIRTIO,
    "queues": pool("2", "0||x|-1"),
    "rx_queue_size": pool("256", "x|"), "tx_queue_size": pool("256", "x"),
    "txmode": pool("iothread", "x|"), "ioeventfd": pool("on", "x"), "event_idx": pool("off", "x"),
    "rss": pool("on", "x"), "rss_hash_report": pool("on", "x"),
}}, good=("<driver/>", "<driver model='vfio-pci'/>", "<driver name='vfio'><host csum='off'/></driver>",
          "<driver name='vfio'><guest csum='off'/></driver>",
          "<driver iommu='on'/><model type='virtio'/>",
          "<driver name='vfio' iommu='on' ats='off' packed='on' page_per_vq='off'/><model type='virtio'/>",
          "<driver model='m' packed='on'/><model type='virtio-transitional'/>",
          "<model type='VIRTIO'/><driver ats='on' queues='4'/>"))

PARAMETERS = {
    "managerid": number(0, 0xFF), "typeid": number(0, 0xFFFFFF), "typeidversion": number(0, 0xFF),
    "instanceid": UUID, "interfaceid": UUID,
    "profileid": pool("p|" + "p" * 39 + "|a'b<c>&d|ü", "|" + "p" * 40 + "| "),
}
ALL_PARAMETERS = ("managerid='1' typeid='2' typeidversion='3' instanceid='00112233-4455-6677-8899-aabbccddeeff' "
                  "interfaceid='10112233-4455-6677-8899-aabbccddeeff' profileid='p'")
TYPES = pool("802.1Qbg|802.1Qbh|openvswitch|midonet", "|none|802.1qbh|802.1Qb|x|OpenVSwitch")


def virtualport(kind, parameters, names):
    return Shape(f"virtualport-{kind}", f"<virtualport type='{kind}'><parameters {parameters}/></virtualport>",
                 {"": {"type": TYPES}, "parameters": {name: PARAMETERS[name] for name in names}})


QBG = virtualport("802.1Qbg", "managerid='1' typeid='2' typeidversion='3' "
                  "instanceid='00112233-4455-6677-8899-aabbccddeeff'",
                  ("managerid", "typeid", "typeidversion", "instanceid", "profileid", "interfaceid"))
QBH = virtualport("802.1Qbh", "profileid='p'", ("profileid", "managerid", "typeid", "typeidversion", "instanceid",
                                                "interfaceid"))
OVS = virtualport("openvswitch", "interfaceid='00112233-4455-6677-8899-aabbccddeeff' profileid='p'",
                  ("interfaceid", "profileid", "managerid", "typeid", "typeidversion", "instanceid"))
MIDONET = virtualport("midonet", "interfaceid='00112233-4455-6677-8899-aabbccddeeff'",
                      ("interfaceid", "profileid", "managerid", "typeid", "typeidversion", "instanceid"))
VIRTUALPORT = Shape("virtualport", "<virtualport type='802.1Qbh'><parameters profileid='p'/></virtualport>", {},
                    good=("<virtualport type='openvswitch'/>", "<virtualport type='openvswitch'><parameters/></virtualport>",
                          "<virtualport type='openvswitch'><parameters profileid='p'/></virtualport>",
                          "<virtualport type='openvswitch'><parameters profileid=''/></virtualport>",
                          "<virtualport type='802.1Qbg'><parameters managerid='1' typeid='2' typeidversion='3'/></virtualport>",
                          "<virtualport type='802.1Qbh'><parameters profileid='p'/><parameters profileid='q'/></virtualport>",
                          "<virtualport type='802.1Qbh'><parameters profileid='p'/><parameters managerid='1'/></virtualport>",
                          f"<virtualport type='midonet'><parameters {ALL_PARAMETERS}/></virtualport>"),
                    bad=("<virtualport/>", "<virtualport><parameters profileid='p'/></virtualport>",
                         f"<virtualport><parameters {ALL_PARAMETERS}/></virtualport>",
                         "<virtualport type='802.1Qbh'/>", "<virtualport type='802.1Qbg'/>", "<virtualport type='midonet'/>",
                         "<virtualport type='802.1Qbh'><parameters/></virtualport>",
                         f"<virtualport type='802.1Qbg'><parameters {ALL_PARAMETERS}/></virtualport>",
                         f"<virtualport type='802.1Qbh'><parameters {ALL_PARAMETERS}/></virtualport>",
                         f"<virtualport type='openvswitch'><parameters {ALL_PARAMETERS}/></virtualport>"))

VLAN = Shape("vlan", "<vlan><tag id='5'/></vlan>", {
    "": {"trunk": pool("yes|no|YES|No|yEs", "|on|true|default|x| yes")},
    "tag": {"id": number(10, 4095), "nativeMode": pool("tagged|untagged", "|Tagged|default|none|x")},
}, good=("<vlan><tag id='1'/><tag id='2'/></vlan>", "<vlan trunk='yes'><tag id='1'/><tag id='2'/></vlan>",
         "<vlan trunk='YES'><tag id='1' nativeMode='tagged'/><tag id='2'/></vlan>",
         "<vlan trunk='yes'><tag id='1'/></vlan>", "<vlan><tag id='7'/><tag id='7'/></vlan>",
         "<vlan><tag id='1'/><tag id='2' nativeMode='untagged'/><tag id='0'/></vlan>",
         "<vlan><x/><tag id='1'/></vlan>"),
   bad=("<vlan/>", "<vlan trunk='yes'/>", "<vlan><tag/></vlan>", "<vlan trunk='no'><tag id='1'/><tag id='2'/></vlan>",
        "<vlan trunk='no'><tag id='1' nativeMode='tagged'/></vlan>",
        "<vlan trunk='x'><tag id='1' nativeMode='tagged'/></vlan>", "<vlan trunk='x'><tag id='1'/><tag id='2'/></vlan>",
        "<vlan><tag id='1' nativeMode='tagged'/><tag id='2' nativeMode='tagged'/></vlan>",
        "<vlan><x><tag id='1'/></x></vlan>", "<vlan><tag id='1'/><tag id='4096'/></vlan>"))

TEAMING = Shape("teaming", "<teaming type='transient' persistent='ua-net0'/>", {"": {
    "type": pool("transient|persistent", "|none|Transient|x"), "persistent": pool("ua-net0|a'b|x y", ""),
}}, good=("<teaming/>", "<teaming type='persistent'/>", "<teaming type='persistent' persistent=''/>",
          "<teaming type='' persistent=''/>"),
   bad=("<teaming persistent='ua-net0'/>", "<teaming type='transient'/>", "<teaming type='' persistent='x'/>"))

BOOT = Shape("boot", "<boot order='1'/>", {"": {
    "order": number(10, U32, zero=False),
    "loadparm": pool("LINUX|a b.1|12345678|lower", "|123456789|a_b|ü|-"),
}}, bad=("<boot/>", "<boot loadparm='A'/>", "<boot dev='network'/>"))

ROM = Shape("rom", "<rom bar='on' file='/rom.bin'/>", {"": {"enabled": YES_NO, "bar": ON_OFF, "file": PATH}},
            good=("<rom/>", "<rom enabled='no'/>", "<rom enabled='yes'/>", "<rom enabled='yes' bar='off'/>",
                  "<rom bar='off'/>", "<rom file=''/>", "<rom bar='on' file=''/>", "<rom enabled='yes' file='/a'/>"),
            bad=("<rom enabled='no' bar='on'/>", "<rom enabled='no' file='/a'/>", "<rom enabled='no' file=''/>"))

ALIAS = Shape("alias", "<alias name='ua-vf'/>", {"": {
    "name": pool("ua-vf|ua-|ua-a_b-9|hostdev0|ua-a b|ua-a.b|UA-x|ua-ü|net0|ua", ""),
}}, good=("<alias/>",))

ACPI = Shape("acpi", "<acpi index='7'/>", {"": {"index": number(10, U32, zero=False)}}, good=("<acpi/>",))

ADDRESS = Shape("address-pci", "<address type='pci' domain='0x0000' bus='0x01' slot='0x02' function='0x3'/>",
                {"": {**PCI, "type": pool("pci", "|PCI|none|x|usb|unassigned|drive|virtio-serial|ccid|spapr-vio"
                                          "|virtio-s390|ccw|virtio-mmio|isa|dimm|vmbus|mdev")}},
                good=("<address type='pci'/>", "<address type='pci' bus='1'/>",
                      "<address type='pci' domain='0' bus='0' slot='0' function='0'/>",
                      "<address type='pci' domain='0' bus='0' slot='0' function='0' multifunction='on'/>",
                      "<address type='pci' multifunction='on'/>", "<address type='unassigned'/>",
                      "<address type='pci' function='9'/>", "<address type='pci' domain='0x12345' bus='0xff'/>"),
                bad=("<address/>", "<address bus='1'/>", "<address type='pci' bus='1' function='8'/>"))
ZPCI_ADDRESS = Shape("address-zpci",
                     "<address type='pci' bus='0x01' slot='0x02'><zpci uid='0x0001' fid='0x00000002'/></address>",
                     {"zpci": ZPCI},
                     good=("<address type='pci' bus='1'><zpci/></address>", "<address type='pci'><zpci uid='1'/></address>",
                           "<address type='pci'><zpci fid='0'/></address>", "<address type='pci'><zpci uid='1' fid='2'/></address>",
                           "<address type='pci' bus='1'><zpci uid='1'/><zpci fid='1'/></address>"))
OTHER_ADDRESS = Shape("address-other", "<address type='usb' bus='1' port='2.3'/>", {
    "": {"bus": number(10, U32), "port": pool("1|1.2|1.2.3.4|0|010|08",
                                              "|1.|.1|1.2.3.4.5|a|1.a|-1|1..2|4294967296| 1|1 |+1|0x1|1.-2")},
}, good=("<address type='ccw' cssid='0xfe' ssid='0' devno='1'/>", "<address type='ccw'/>",
         "<address type='drive' controller='0' bus='0' target='0' unit='1'/>", "<address type='drive'/>",
         "<address type='virtio-serial' controller='1' bus='2' port='3'/>", "<address type='virtio-serial'/>",
         "<address type='ccid' controller='1' slot='2'/>", "<address type='ccid'/>",
         "<address type='spapr-vio' reg='0x1000'/>", "<address type='spapr-vio'/>", "<address type='virtio-s390'/>",
         "<address type='virtio-mmio'/>", "<address type='isa' iobase='0x3f8' irq='0x4'/>", "<address type='isa'/>",
         "<address type='dimm' slot='1' base='0x100'/>", "<address type='usb'/>", "<address type='usb' bus='1'/>",
         "<address type='usb' port='1'/>"),
   bad=("<address type='ccw' cssid='0xff' ssid='0' devno='1'/>", "<address type='ccw' cssid='1'/>",
        "<address type='dimm'/>", "<address type='isa' iobase='x'/>", "<address type='drive' bus='x'/>",
        "<address type='spapr-vio' reg='x'/>", "<address type='ccid' controller='x'/>"))

LINK = Shape("link", "<link state='down'/>", {"": {"state": pool("up|down", "|default|Down|x")}}, good=("<link/>",))
MTU = Shape("mtu", "<mtu size='1500'/>", {"": {"size": number(10, U32)}}, good=("<mtu/>", "<mtu size='0'/>"))
RATE = number(10, 2**54)
BANDWIDTH = Shape("bandwidth", "<bandwidth><inbound average='1' peak='2' burst='3'/><outbound average='1000'/></bandwidth>", {
    "": {"classID": number(10, 5)},
    "inbound": {"average": RATE, "peak": RATE, "burst": number(10, 4194303), "floor": RATE},
    "outbound": {"average": RATE, "peak": RATE, "burst": number(10, 4194303), "floor": RATE},
}, good=("<bandwidth/>", "<bandwidth><outbound average='5'/></bandwidth>", "<bandwidth><inbound average='0'/></bandwidth>",
         "<bandwidth><outbound average='5'/><inbound average='6'/></bandwidth>",
         "<bandwidth><outbound average='1' peak='0' burst='0'/></bandwidth>"),
   bad=("<bandwidth><inbound/></bandwidth>", "<bandwidth><inbound peak='1'/></bandwidth>",
        "<bandwidth><inbound burst='1'/></bandwidth>", "<bandwidth><outbound floor='1'/></bandwidth>",
        "<bandwidth><inbound floor='1'/></bandwidth>",
        "<bandwidth><inbound average='1'/><inbound average='2'/></bandwidth>",
        "<bandwidth><outbound average='1'/><outbound average='2'/></bandwidth>"))

MODEL = Shape("model", "<model type='virtio'/>", {"": {
    "type": pool("virtio|e1000|E1000|VirtIO|rtl8139|e1000e|igb|virtio-transitional|virtio-non-transitional|my_NIC-9"
                 "|netfront|usb-net|spapr-vlan|lan9118|scm91c111|vlance|vmxnet|vmxnet2|vmxnet3|Am79C970A|Am79C973"
                 "|82540EM|82545EM|82543GC|ne2k_isa|i82551|unknown|UNKNOWN", "|a b|a.b|ü| virtio|a,b"),
}}, good=("<model/>", "<model name='x'/>"))
TARGET = Shape("target", "<target dev='vf0'/>", {"": {
    "dev": pool("vf0|a'b<c|vnet0|vnet|macvtap3|macvlan3|vnetx|veth0|tap0|Vnet0|x y|averyveryverylongname", ""),
    "managed": YES_NO,
}}, good=("<target/>", "<target managed='yes'/>", "<target dev='vnet0' managed='yes'/>"),
   bad=("<target managed='no'/>", "<target dev='vnet0' managed='no'/>"))
COALESCE = Shape("coalesce", "<coalesce><rx><frames max='32'/></rx></coalesce>",
                 {"rx/frames": {"max": number(10, U32)}},
                 good=("<coalesce/>", "<coalesce><rx/></coalesce>", "<coalesce><rx><frames/></rx></coalesce>",
                       "<coalesce><tx><frames max='1'/></tx></coalesce>"))
PORT = Shape("port", "<port isolated='no'/>", {"": {"isolated": pool("no", "yes||default|No|off")}}, good=("<port/>",))
BACKEND = Shape("backend", "<backend type='default' logFile='/log'/>", {"": {
    "type": pool("default", "passt||Default|x|none"), "tap": PATH, "vhost": PATH, "logFile": PATH,
    "hostname": pool("h|a'b", ""), "fqdn": pool("h.x", ""),
}}, good=("<backend/>", "<backend tap='/dev/net/tun'/>", "<backend vhost='/dev/vhost-net'/>",
          "<backend tap='/dev/net/tun' vhost='/dev/vhost-net'/>"))
TUNE = Shape("tune", "<tune><sndbuf>1600</sndbuf></tune>", {"sndbuf": {"#text": number(10, 2**64 - 1)}},
             good=("<tune/>", "<tune><sndbuf/></tune>", "<tune><sndbuf>1</sndbuf><sndbuf>2</sndbuf></tune>"))
IP = Shape("ip", "<ip family='ipv4' address='192.0.2.1' prefix='24'/>", {"": {
    "family": pool("ipv4", "ipv6||IPv4|x"), "address": pool("192.0.2.1|0.0.0.0", "|2001:db8::1|192.0.2|192.0.2.256|x"),
    "prefix": number(10, 32), "peer": pool("192.0.2.2", "|x|2001:db8::2|"),
}}, good=("<ip address='192.0.2.1'/>", "<ip family='ipv6' address='2001:db8::1' prefix='64'/>",
          "<ip family='ipv6' address='2001:DB8:0::1'/>", "<ip address='192.0.2.1' prefix='0'/>"),
   bad=("<ip/>", "<ip family='ipv6' address='2001:db8::1' prefix='129'/>"))
ROUTE = Shape("route", "<route family='ipv4' address='192.0.2.0' prefix='24' gateway='192.0.2.1' metric='2'/>", {"": {
    "family": pool("ipv4", "ipv6||x"), "address": pool("192.0.2.0|0.0.0.0", "|192.0.2.1|x|2001:db8::"),
    "prefix": number(10, 32), "gateway": pool("192.0.2.1", "|x|2001:db8::1"), "metric": number(10, U32, zero=False),
    "netmask": pool("255.255.255.0", "255.0.255.0|x|"),
}}, good=("<route family='ipv4' address='0.0.0.0' netmask='0.0.0.0' gateway='192.0.2.1'/>",
          "<route family='ipv4' address='192.0.2.0' netmask='255.255.255.0' gateway='192.0.2.1'/>",
          "<route family='ipv6' address='2001:db8::' prefix='64' gateway='2001:db8::1'/>",
          "<route family='ipv4' address='0.0.0.0' gateway='192.0.2.1'/>",
          "<route address='192.0.2.0' prefix='24' gateway='192.0.2.1'/>"),
   bad=("<route/>", "<route family='ipv4' gateway='192.0.2.1'/>", "<route family='ipv4' address='192.0.2.0' prefix='24'/>"))
PORT_FORWARD = Shape("portForward", "<portForward/>", bad=("<portForward proto='tcp'><range start='22'/></portForward>",
                                                          "<portForward proto='x'/>"))
FILTER = Shape("filterref", "<filterref filter='clean-traffic'/>", {}, good=(
    "<filterref/>", "<filterref filter='x'><parameter name='IP' value='192.0.2.1'/></filterref>"))
SCRIPT = Shape("script", "<script path='/etc/up'/>", {"": {"path": PATH}}, good=("<script/>",))
DOWNSCRIPT = Shape("downscript", "<downscript path='/etc/down'/>", {"": {"path": PATH}}, good=("<downscript/>",))
BACKENDDOMAIN = Shape("backenddomain", "<backenddomain name='d'/>", {"": {"name": NAME}}, good=("<backenddomain/>",))
GUEST = Shape("guest", "<guest dev='eth0' actual='eth1'/>", {"": {"dev": NAME, "actual": NAME}}, good=("<guest/>",))
UNKNOWN = Shape("unknown", "<unknown a='1'><b/></unknown>", {}, good=(
    "<Vlan><tag id='9'/></Vlan>", "<vlans/>", "<x:y xmlns:x='urn:x'/>", "<vlan xmlns='urn:x'><tag id='9'/></vlan>",
    "<actual type='hostdev'/>", "text", "<!-- a comment -->", "<?instruction x?>", "<![CDATA[text]]>", "<readonly/>",
    "<shareable/>", "<privateData/>", "<virtualports/>"))
OWN = Shape("vf", "<vf xmlns='urn:vfassign:1' trust='on' spoofchk='off'/>", {},
            good=("<vf xmlns='urn:vfassign:1' spoofchk='off'/>",))

FOREIGN = Shape("address-foreign", "<address type='pci'/>", bad=OTHER_ADDRESS.good + OTHER_ADDRESS.bad)
PCI_ADDRESSES, OTHER_ADDRESSES = (ADDRESS, ZPCI_ADDRESS, FOREIGN), (OTHER_ADDRESS,)
SETTINGS = (MAC, DRIVER, QBG, QBH, OVS, MIDONET, VIRTUALPORT, VLAN, TEAMING, BOOT, ROM, ALIAS, ACPI, LINK, MTU,
            BANDWIDTH, MODEL, TARGET, COALESCE, PORT, BACKEND, TUNE, IP, ROUTE, PORT_FORWARD, FILTER, SCRIPT, DOWNSCRIPT, BACKENDDOMAIN, GUEST, UNKNOWN, OWN)

UNREAD = {"missing": YES_NO, "dev": NAME, "network": NAME}
USB_SOURCE = {"startupPolicy": pool("mandatory|requisite|optional", "|default|x|Optional"),
          "guestReset": pool("off|uninitialized|on", "|default|x"), "autoAddress": YES_NO}
PCI_SOURCE_VALUES = {"writeFiltering": YES_NO, **UNREAD}
MAC_TEXT = "<mac address='00:11:22:33:44:55'/>"
PCI_SOURCE = "<source><address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x2'/></source>"
INTERFACE = {"type": pool("hostdev", "Hostdev||x|pci"), "managed": pool("yes|no", "|Yes|default|x|on"),
             "trustGuestRxFilters": YES_NO}
GRAPHICS = {"display": ON_OFF, "ramfb": ON_OFF}
OTHERS = {"model": pool("vfio-pci|", ""), "sgio": pool("filtered|unfiltered", "|x"), "rawio": YES_NO}


def device(before, source, after="</interface>"):
    return before + source + after


START = "<interface type='hostdev'>" + MAC_TEXT
PCI_INTERFACE = Shape("interface-pci", "<interface type='hostdev' managed='yes'>" + MAC_TEXT + PCI_SOURCE + "</interface>", {
    "": {**INTERFACE, **GRAPHICS},
    "source": PCI_SOURCE_VALUES,
    "source/address": {**PCI, "type": pool("pci", "|usb|PCI|x|none|scsi|mdev|scsi_host|unassigned")},
}, refused={"": OTHERS, "source": USB_SOURCE}, good=tuple(device(START, text) for text in (
    "<source><address type='pci'/></source>", "<source><address type='pci' bus='1'><zpci uid='1' fid='2'/></address></source>",
    "<source><address type='pci' function='9'/></source>", "<source><address type='pci' domain='0x10000'/></source>",
    "<source><address type='pci' domain='0xffffffff' bus='0xff' slot='0x1f' function='0x7'/></source>",
    "<source><address type='pci' bus='1'/><vendor id='0x8086'/><product id='1'/></source>",
    "<source><address type='pci' bus='1'/><address type='usb' bus='1' device='2'/></source>",
    "<source><address type='pci' bus='1'/></source><source><address type='pci' bus='2'/></source>",
    "<source><address type='pci' bus='1'><zpci uid='x'/></address></source>",
    "<source><x/><address type='pci' bus='1'/></source>")),
   bad=tuple(device(START, text) for text in (
       "", "<source/>", "<source><address/></source>", "<source><address bus='1' slot='2'/></source>",
       "<source><x><address type='pci' bus='1'/></x></source>", "<source dev='eth0'/>", "<source network='default'/>",
       "<source/>" + PCI_SOURCE,
       "<source><address type='pci' bus='1'/><ip address='192.0.2.1'/></source>",
       "<source><address type='pci' bus='1'/><route family='ipv4' address='192.0.2.0' prefix='24' gateway='192.0.2.1'/></source>",
       "<source><address type='pci' bus='1'/><ip address='x'/></source>",
       "<source><adapter name='scsi_host2'/><address type='scsi' bus='0' target='0' unit='0'/></source>",
       "<source><address type='mdev' uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/></source>")) + (
       "<interface>" + MAC_TEXT + PCI_SOURCE + "</interface>",))

USB_INTERFACE = Shape("interface-usb", "<interface type='hostdev'>" + MAC_TEXT
                      + "<source startupPolicy='optional'><vendor id='0x1234'/><product id='0xbeef'/>"
                      + "<address type='usb' bus='1' device='2'/></source></interface>", {
    "": {**INTERFACE, **GRAPHICS},
    "source": {**USB_SOURCE, **UNREAD, "writeFiltering": YES_NO},
    "source/vendor": {"id": HEX_ID}, "source/product": {"id": number(0, 0xFFFF)},
    "source/address": {"type": pool("usb|", "pci|USB|x"), "bus": number(0, 999), "device": number(0, 999),
                       "port": pool("1|1.2", "|x")},
}, refused={"": OTHERS}, good=tuple(device(START, text) for text in (
    "<source><address type='usb' bus='1' device='2'/></source>", "<source><vendor id='0x1234'/><product id='0'/></source>",
    "<source><address type='usb' bus='0' device='0'/></source>", "<source><address type='usb' bus='1' device='0'/></source>",
    "<source><vendor id='1'/><product id='2'/><vendor id='3'/><product id='4'/></source>",
    "<source><product id='2'/><vendor id='1'/></source>",
    "<source><address bus='1' device='2'/><vendor id='1'/><product id='2'/></source>",
    "<source><address type='usb' bus='1' device='2'/><address type='usb' bus='3' device='4'/></source>",
    "<source guestReset='on'><address type='usb' bus='1' device='2'/></source>")),
   bad=tuple(device(START, text) for text in (
       "<source><vendor id='1'/></source>", "<source><product id='1'/></source>", "<source><vendor/><product id='1'/></source>",
       "<source><vendor id='1'/><product/></source>", "<source><address type='usb'/></source>",
       "<source><address type='usb' bus='1'/></source>", "<source><address type='usb' device='1'/></source>",
       "<source><address type='usb' bus='1' device='2'/><vendor id='1'/></source>",
       "<source><address type='usb' bus='1' device='2'/><product id='1'/></source>",
       "<source><address bus='1' device='2'/></source>")))

PLAIN = {"mode": pool("subsystem", "capabilities||Subsystem|x"), "managed": pool("yes|no", "|Yes|default|x"),
         **GRAPHICS, "trustGuestRxFilters": YES_NO}
PLAIN_START = "<hostdev mode='subsystem' type='pci'>"
PCI_HOSTDEV = Shape("hostdev-pci", "<hostdev mode='subsystem' type='pci' managed='yes'>"
                    + PCI_SOURCE.replace(" type='pci'", "") + "</hostdev>", {
    "": {**PLAIN, "type": pool("pci", "|usb|PCI|x|scsi|mdev|scsi_host")},
    "source": PCI_SOURCE_VALUES,
    "source/address": {**PCI, "type": pool("pci|usb|x", "")},
}, refused={"": OTHERS, "source": USB_SOURCE}, good=("<hostdev type='pci'><source><address bus='1'/></source></hostdev>",
         PLAIN_START + "<source/></hostdev>", PLAIN_START + "<source><address/></source></hostdev>",
         PLAIN_START + "<source><origstates><unbind/><reprobe/><removeslot/></origstates><address bus='1'/></source></hostdev>",
         PLAIN_START + "<source><address bus='1'/></source><readonly/><shareable/></hostdev>"),
   bad=(PLAIN_START + "</hostdev>", "<hostdev/>", "<hostdev mode='subsystem'><source><address bus='1'/></source></hostdev>",
        PLAIN_START + "<source><origstates><x/></origstates><address bus='1'/></source></hostdev>",
        "<hostdev mode='capabilities' type='misc'><source><char>/dev/input/event3</char></source></hostdev>",
        "<hostdev mode='capabilities' type='net'><source><interface>eth0</interface></source></hostdev>"))
USB_START = "<hostdev mode='subsystem' type='usb'>"
USB_HOSTDEV = Shape("hostdev-usb", USB_START + "<source startupPolicy='optional'><vendor id='0x1234'/><product id='0xbeef'/>"
                    "<address bus='1' device='2'/></source></hostdev>", {
    "": PLAIN,
    "source": {**USB_SOURCE, **UNREAD, "writeFiltering": YES_NO},
    "source/vendor": {"id": HEX_ID}, "source/product": {"id": number(0, 0xFFFF)},
    "source/address": {"type": pool("usb|pci", ""), "bus": number(0, 999), "device": number(0, 999)},
}, refused={"": OTHERS}, good=(USB_START + "<source><address bus='1' device='2'/></source></hostdev>",
         USB_START + "<source><vendor id='1'/><product id='0'/></source></hostdev>",
         USB_START + "<source guestReset='uninitialized'><address bus='1' device='2'/></source></hostdev>",
         USB_START + "<source><address bus='1' device='2'/></source><shareable/></hostdev>",
         "<hostdev type='usb'><source><address bus='010' device='0x2'/></source></hostdev>"),
   bad=(USB_START + "<source/></hostdev>", USB_START + "</hostdev>", USB_START + "<source><address/></source></hostdev>",
        USB_START + "<source><vendor id='1'/></source></hostdev>", USB_START + "<source><product id='1'/></source></hostdev>",
        USB_START + "<source autoAddress='yes'><address bus='1' device='2'/></source></hostdev>"))

POOL_INTERFACE = Shape("interface-network", "<interface type='network'>" + MAC_TEXT
                       + "<source network='pool' portgroup='g'/></interface>", {
    "": {"trustGuestRxFilters": YES_NO, "managed": pool("yes", "x"), "model": pool("x", "")},
    "source": {"network": NAME, "portgroup": NAME, "portid": UUID, "dev": NAME},
}, good=("<interface type='network'><source network='n'/></interface>",
         "<interface type='network'>" + MAC_TEXT + "<source network='n'/><virtualport/></interface>",
         "<interface type='network'>" + MAC_TEXT + "<source network='n'/><virtualport>"
         "<parameters profileid='p'/></virtualport></interface>",
         "<interface type='network'>" + MAC_TEXT + "<source network='n'/><virtualport>"
         f"<parameters {ALL_PARAMETERS}/></virtualport></interface>",
         "<interface type='network'>" + MAC_TEXT + "<source network='n'/><bandwidth><inbound floor='5'/></bandwidth></interface>"),
   bad=("<interface type='network'/>", "<interface type='network'><source/></interface>"))

HOSTDEV_CHILDREN = (DRIVER, TEAMING, BOOT, ROM, ALIAS, ACPI, MAC, VLAN, QBH, MODEL, LINK, UNKNOWN)
POOL_CHILDREN = (MAC, QBG, QBH, OVS, MIDONET, VIRTUALPORT, VLAN, TEAMING, BOOT, ROM, ALIAS, ADDRESS, OTHER_ADDRESS, LINK,
                 MTU, BANDWIDTH, MODEL, TARGET, COALESCE, PORT, BACKEND, TUNE, FILTER, DRIVER)

BRIDGE = Shape("bridge", "<bridge delay='0'/>", {"": {
    "name": pool("", "br0"), "zone": pool("", "public"), "macTableManager": pool("", "libvirt|kernel|x"),
    "stp": pool("", "on|off|x"), "delay": number(10, 10)}}, good=("<bridge/>",))
PORTGROUP = Shape("portgroup", "<portgroup name='g' default='yes' trustGuestRxFilters='yes'><virtualport "
                  "type='802.1Qbh'><parameters profileid='p'/></virtualport></portgroup>", {"": {
    "name": NAME, "default": pool("yes|no|YES|x", ""), "trustGuestRxFilters": YES_NO}, "virtualport": {"type": TYPES}},
    good=("<portgroup name='g'/>", "<portgroup name='g'><vlan><tag id='5'/></vlan></portgroup>",
          "<portgroup name='g'><virtualport><parameters profileid='p'/></virtualport></portgroup>",
          f"<portgroup name='g'><virtualport><parameters {ALL_PARAMETERS}/></virtualport></portgroup>",
          "<portgroup name='g'><virtualport type='802.1Qbg'/></portgroup>",
          "<portgroup name='g'><virtualport type='802.1Qbh'/></portgroup>",
          "<portgroup name='g'><virtualport/></portgroup>", "<portgroup name='g'/><portgroup name='h'/>",
          "<portgroup name='g'><bandwidth><inbound average='1'/></bandwidth></portgroup>"),
    bad=("<portgroup/>", "<portgroup name='g'><vlan/></portgroup>", "<portgroup name='g'/><portgroup name='g'/>",
         "<portgroup name='g' default='yes'/><portgroup name='h' default='yes'/>"))
NETWORK_MISC = Shape("network-misc", "<title>a title</title>", {"": {"#text": pool("t|a&b|ü|two words| ", "a\nb|")}}, good=(
    "<description>d\ne</description>", "<metadata><x:y xmlns:x='urn:x'/></metadata>", "<unknown/>", "<title/>",
    "<metadata><x:y xmlns:x='urn:x'/><y/><x:z xmlns:x='urn:x'/><!-- c --></metadata>",
    "<description>a</description><title>b</title>", "<port isolated='yes'/>", "<port isolated='no'/>"),
    bad=("<mtu size='1500'/>", "<mac address='00:11:22:33:44:55'/>", "<ip address='192.0.2.1' prefix='24'/>",
         "<dns/>", "<dns enable='no'/>", "<domain name='x'/>", "<domain name='x' localOnly='yes'/>", "<port isolated='x'/>",
         "<bandwidth><inbound average='1'/></bandwidth>", "<mtu size='0'/>", "<mtu size='x'/>",
         "<route family='ipv4' address='192.0.2.0' prefix='24' gateway='192.0.2.1'/>"))
NETWORK_VIRTUALPORT = Shape("network-virtualport", VIRTUALPORT.sample, {"": {"type": TYPES}, "parameters": {
    name: PARAMETERS[name] for name in ("profileid", "managerid")}}, good=VIRTUALPORT.good, bad=VIRTUALPORT.bad)
UUID_TEXT = "<uuid>00112233-4455-6677-8899-aabbccddeeff</uuid>"
NETWORK_NAME = "<network><name>pool</name>" + UUID_TEXT
NETWORK = Shape("network", NETWORK_NAME + "<forward mode='hostdev' managed='yes'><driver name='vfio' model='m'/>"
                "<pf dev='eth0'/></forward></network>", {
    "": {"connections": number(10, U32), "ipv6": YES_NO, "trustGuestRxFilters": YES_NO},
    "name": {"#text": pool("pool|a b|ü|a&b", "|a/b|a\nb| |/")},
    "uuid": {"#text": UUID},
    "forward": {"mode": pool("hostdev", "Hostdev||x"), "managed": pool("yes|no|YES|x|", ""),
                "dev": pool("", "eth0")},
    "forward/driver": {"name": pool("vfio|kvm|xen", "|default|x"), "model": pool("m|a b|a'b|", "")},
    "forward/pf": {"dev": NAME},
}, good=(
    "<network><name>pool</name><forward mode='hostdev'><pf dev='eth0'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'/></network>",
    NETWORK_NAME + "<forward mode='hostdev'><driver name='vfio'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><driver model='m'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><driver model='m'/><pf dev='eth0'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><address type='pci' bus='1'/><pf dev='eth0'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><address type='pci' bus='1' slot='2' function='3'/>"
    "<address type='pci' domain='0' bus='1' slot='2' function='4'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><interface dev='eth0'/><interface dev='eth1'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><unknown/><pf dev='eth0'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><address type='pci' multifunction='on' bus='1'/></forward></network>"),
   bad=(
    NETWORK_NAME + "</network>", "<network><forward mode='hostdev'/></network>", "<network/>",
    NETWORK_NAME + "<forward mode='hostdev'/><forward mode='hostdev'/></network>",
    NETWORK_NAME + "<forward mode='hostdev'><nat/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><pf dev='eth0'/><pf dev='eth1'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><pf/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><address/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><address type='usb' bus='1' device='2'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><address type='x'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><address type='pci' bus='1'/><address type='pci' bus='01'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><interface dev='eth0'/><interface dev='eth0'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><interface/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev' dev='eth0'><pf dev='eth0'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev' dev='eth0'><interface dev='eth0'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev' dev='eth0'/></network>",
    NETWORK_NAME + "<forward mode='hostdev' dev='eth0'><address type='pci' bus='1'/></forward></network>",
    NETWORK_NAME + "<forward mode='hostdev'><interface dev='eth0'/><address type='pci' bus='1'/></forward></network>"))
NETWORK_ADDRESS = Shape("network-address", NETWORK_NAME + "<forward mode='hostdev' managed='no'>"
                        "<address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x2'/></forward></network>",
                        {"forward/address": {**PCI, "type": pool("pci", "|usb|PCI|x|none|netdev"),
                                             "connections": number(10, U32)}})
NETWORK_CHILDREN = (NETWORK_VIRTUALPORT, VLAN, PORTGROUP, BRIDGE, NETWORK_MISC)

FRAMES = (
    Frame(PCI_INTERFACE, SETTINGS + PCI_ADDRESSES),
    Frame(USB_INTERFACE, SETTINGS + OTHER_ADDRESSES),
    Frame(PCI_HOSTDEV, HOSTDEV_CHILDREN + PCI_ADDRESSES),
    Frame(USB_HOSTDEV, HOSTDEV_CHILDREN + OTHER_ADDRESSES),
    Frame(POOL_INTERFACE, POOL_CHILDREN),
    Frame(NETWORK, NETWORK_CHILDREN, "network"),
    Frame(NETWORK_ADDRESS, NETWORK_CHILDREN, "network"),
)
