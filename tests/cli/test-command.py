#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests of the command as people and programs see it. They need no privileges, and nothing is changed.

usage: VFASSIGN=build/vfassign tests/cli/test-command.py
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
import host  # noqa: E402

SOURCE = Path(__file__).resolve().parents[2]
VFASSIGN = os.environ.get('VFASSIGN', str(SOURCE / 'build/vfassign'))
EXAMPLE = str(SOURCE / 'examples/guest.xml')

REPORT = ['severity', 'class', 'message', 'object', 'errno', 'kernel', 'hint']

INTERFACE = """<interface type='hostdev' managed='yes'>
  <source><address type='pci' domain='0' bus='1' slot='0x10' function='2'/></source>
  <mac address='00:11:22:33:44:55'/>
</interface>
"""

# Verbs that change a host: never called here but with a captured one, which they refuse.
CHANGING = {
    'prepare': [EXAMPLE],
    'release': ['--guest', 'demo'],
    'run': [EXAMPLE, '--', 'true'],
    'recover': [],
}
# The verbs that only look, on the captured host.
LOOKING = {'check': [EXAMPLE], 'format': [EXAMPLE], 'plan': [EXAMPLE], 'list': [], 'doctor': [], 'qemu-args': [EXAMPLE],
           'help': []}
VERBS = {**CHANGING, **LOOKING}


def run(*args, stdin='', **options):
    # Text and tree do not depend on who runs the tests.
    environment = {**os.environ, 'LC_ALL': 'C.UTF-8'}
    options = {'stdout': subprocess.PIPE, 'stderr': subprocess.PIPE, **options}
    return subprocess.run([VFASSIGN, *args], input=stdin, env=environment, text=True, check=False, **options)


class Command(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.root = f'{cls.folder.name}/host'
        os.mkdir(cls.root)
        host.make(cls.root)

    def file(self, name, content):
        path = Path(self.folder.name) / name
        path.write_text(content)
        return str(path)

    def json(self, *args, exit=0, **options):
        """The object that --json prints: one line, and nothing on standard error."""
        done = run('--json', *args, **options)
        self.assertEqual(done.stderr, '')
        self.assertEqual(done.stdout.count('\n'), 1, done.stdout)
        self.assertTrue(done.stdout.isascii())
        self.assertEqual(done.returncode, exit, done.stdout)
        found = json.loads(done.stdout)
        self.assertEqual(found['version'], 1)
        for report in found.get('reports', []):
            self.assertEqual(list(report), REPORT)
        return found


class Usage(Command):
    # arguments: what the message says
    WRONG = (
        ([], 'no verb'),
        (['--json-please'], "unknown option '--json-please'"),
        (['lst'], "unknown verb 'lst': is it 'list'"),
        (['frobnicate'], "unknown verb 'frobnicate'"),
        (['help', 'pln'], "unknown verb 'pln': is it 'plan'"),
        (['plan', '--gest', 'g', 'x'], "unknown option '--gest': is it '--guest'"),
        (['list', '-x'], "unknown option '-x'"),
        (['check'], 'check needs a FILE'),
        (['plan', 'a', 'b'], "plan does not know what to do with 'b'"),
        (['list', 'a'], "list does not know what to do with 'a'"),
        (['list', '--guest', 'g'], "--guest is no option of 'list'"),
        (['--pid', '1', 'plan', 'x'], "--pid is no option of 'plan'"),
        (['plan', '--guest'], '--guest needs NAME'),
        (['plan', '--guest', '--verbose', 'x'], '--guest needs NAME'),
        (['plan', '--guest=', 'x'], '--guest needs NAME, not an empty text'),
        (['plan', '--guest', 'a', '--guest', 'b', 'x'], '--guest is given twice'),
        (['list', '--quiet=yes'], '--quiet takes no value'),
        (['list', '--quiet', '--verbose'], 'contradict'),
        (['list', '--jobs', '0'], "--jobs needs a number from 1 to 64, not '0'"),
        (['list', '--jobs', '65'], "not '65'"),
        (['list', '--timeout', '0'], "whole seconds from 1 to 86400, not '0'"),
        (['list', '--timeout', '1.5'], "not '1.5'"),
        (['list', '--timeout', ' 1'], "not ' 1'"),
        (['list', '--timeout', '+1'], "not '+1'"),
        (['list', '--timeout', '0x10'], "not '0x10'"),
        (['list', '--timeout', '86401'], "not '86401'"),
        (['list', '--timeout', '99999999999999999999'], 'whole seconds'),
        (['prepare', '--pid', '-1', 'x'], '--pid needs PID'),
        (['prepare', '--pid=-1', 'x'], "the number of a process, not '-1'"),
        (['prepare', '--pid', '2147483648', 'x'], 'the number of a process'),
        (['list', '--', 'x'], "list takes no command behind '--'"),
        (['release'], 'release needs one of --assignment, --guest and --device'),
        (['release', '--guest', 'a', '--device', '01:10.0'], 'release needs one of'),
        (['check', '/does/not/exist'], '/does/not/exist cannot be read: No such file or directory'),
        (['check', '/'], '/ cannot be read: Is a directory'),
        (['list', '--root', '/does/not/exist'], '/does/not/exist'),
        (['list', '--allow', '1:2:3'], "'1:2:3'"),
    )

    def test_wrong(self):
        for args, text in self.WRONG:
            with self.subTest(args):
                done = run(*args)
                self.assertEqual((done.returncode, done.stdout), (1, ''))
                self.assertIn('vfassign: error: usage: ', done.stderr)
                self.assertIn(text, done.stderr)

    def test_wrong_as_json(self):
        for args, text in self.WRONG:
            with self.subTest(args):
                # Before the "--" of a command, where there is one.
                reports = self.json(*args, exit=1)['reports']
                self.assertEqual({report['class'] for report in reports}, {'usage'})
                self.assertIn(text.split(':')[0], ' '.join(report['message'] for report in reports))

    def test_run_keeps_out_of_the_vmm_statuses(self):
        for args in (['run'], ['run', 'x'], ['run', 'x', '--'], ['run', '--bogus', 'x', '--', 'true'],
                     ['--bogus', 'run', 'x', '--', 'true'], ['run', '/does/not/exist', '--', 'true'],
                     ['run', '--report', '/does/not/exist', EXAMPLE, '--', 'true'],
                     ['run', '--root', self.root, EXAMPLE, '--', 'true']):
            with self.subTest(args):
                done = run(*args)
                self.assertEqual((done.returncode, done.stdout), (125, ''))
                self.assertIn('vfassign: error: usage: ', done.stderr)

    def test_options_before_and_behind_the_verb(self):
        for place in range(3):
            args = ['check', EXAMPLE]
            args.insert(place, '--quiet')
            done = run(*args)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''))

    def test_version(self):
        self.assertRegex(run('--version').stdout, r'^vfassign \d+\.\d+\.\d+\n$')


class Check(Command):
    def test_good(self):
        done = run('check', EXAMPLE)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, f'{EXAMPLE}: OK, 1 device\n', ''))

    def test_standard_input(self):
        done = run('check', '-', stdin=INTERFACE)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '<stdin>: OK, 1 device\n', ''))

    def test_findings_have_their_place(self):
        bad = self.file('bad.xml', INTERFACE.replace('<mac', '<mca'))
        done = run('check', bad)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, rf'^{bad}:3:3: warning: .*mca')
        done = run('check', '--strict', bad)
        self.assertEqual((done.returncode, done.stdout), (1, ''))
        self.assertRegex(done.stderr, rf'^{bad}:3:3: error: XML error: .*mca')
        self.assertNotIn('vfassign: error', done.stderr)

    def test_acting_verbs_are_strict(self):
        bad = self.file('bad.xml', INTERFACE.replace('<mac', '<mca'))
        for verb in ('plan', 'prepare', 'qemu-args'):
            with self.subTest(verb):
                done = run(verb, '--root', self.root, bad)
                self.assertEqual((done.returncode, done.stdout), (1, ''))
                self.assertIn(f'{bad}:3:3: error: XML error: ', done.stderr)

    def test_format(self):
        raw = self.file('raw.xml', INTERFACE.replace("type='pci'", "type='p&#99;i'").replace("'", '"'))
        done = run('format', raw)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertEqual(done.stdout, """<interface type='hostdev' managed='yes'>
  <mac address='00:11:22:33:44:55'/>
  <source>
    <address type='pci' domain='0x0000' bus='0x01' slot='0x10' function='0x2'/>
  </source>
</interface>
""")
        self.assertEqual(run('format', '-', stdin=done.stdout).stdout, done.stdout)
        self.assertEqual(self.json('format', raw)['xml'], done.stdout)
        bad = self.file('bad.xml', INTERFACE.replace('hostdev', 'hostdevice'))
        done = run('format', bad)
        self.assertEqual((done.returncode, done.stdout), (1, ''))
        self.assertIn(f'{bad}:1:12: error: XML error: ', done.stderr)

    def test_several_files(self):
        bad = self.file('bad.xml', '<interface')
        done = run('check', EXAMPLE, bad, '/does/not/exist', EXAMPLE)
        self.assertEqual((done.returncode, done.stdout), (1, f'{EXAMPLE}: OK, 1 device\n' * 2))
        found = self.json('check', EXAMPLE, bad, '/does/not/exist', exit=1)
        self.assertEqual([(file['ok'], file['devices']) for file in found['files']],
                         [(True, 1), (False, None), (False, None)])
        self.assertEqual([report['class'] for report in found['reports']], ['xml', 'usage'])

    def test_size(self):
        room = 4 * 1024 * 1024 - len(INTERFACE)
        self.assertEqual(run('check', self.file('full.xml', INTERFACE + room * ' ')).returncode, 0)
        for more in (1, 2, 1000000):
            done = run('check', self.file('large.xml', INTERFACE + (room + more) * ' '))
            self.assertEqual(done.returncode, 1)
            self.assertIn('XML error: ', done.stderr)

    def test_nothing_reaches_a_terminal_unescaped(self):
        evil = self.file('\x1b[31m\x9b\n.xml', '<interface')
        for done in (run('check', evil), run('check', '\x1b]0;x\x07'), run('\x1b[2J'), run('--\x1b[2J')):
            self.assertEqual(done.returncode, 1)
            self.assertTrue(done.stderr.replace('\n', '').isprintable(), ascii(done.stderr))
            self.assertIn('\\x1b', done.stderr)
        self.json('check', evil, exit=1)


class Output(Command):
    def test_failed_writes_are_noticed(self):
        for args in (['list', '--root', self.root], ['check', EXAMPLE], ['qemu-args', EXAMPLE], ['--help'],
                     ['--json', 'check', EXAMPLE]):
            with self.subTest(args), open('/dev/full', 'w') as full:
                done = run(*args, stdout=full)
                self.assertEqual(done.returncode, 4)
                self.assertIn('cannot write to standard output: No space left on device', done.stderr)
                self.assertNotIn('what was done', done.stderr)
        with open('/dev/full', 'w') as full:
            done = run('--json', 'release', '--device', 'nonsense', stdout=full)
            self.assertIn('what was done stays done', done.stderr)

    def test_closed_pipe(self):
        reader, writer = os.pipe()
        os.close(reader)
        done = run('--help', stdout=writer)
        os.close(writer)
        self.assertEqual(done.returncode, 4)
        self.assertIn('cannot write to standard output: Broken pipe', done.stderr)

    def test_closed_standard_output(self):
        done = run('check', EXAMPLE, preexec_fn=lambda: os.close(1))
        self.assertEqual(done.returncode, 4)
        self.assertIn('cannot write to standard output', done.stderr)

    def test_closed_descriptors_are_not_reused(self):
        report = self.file('report', '')
        done = run('run', '--root', self.root, '--report', report, EXAMPLE, '--', 'true',
                   preexec_fn=lambda: os.closerange(0, 3), stdout=None, stderr=None)
        self.assertEqual(done.returncode, 125)
        self.assertEqual(len(json.loads(Path(report).read_text())['reports']), 1)

    def test_json_of_each_verb(self):
        for verb, args in VERBS.items():
            with self.subTest(verb):
                status = 0 if verb in LOOKING else 125 if verb == 'run' else 1
                found = self.json(verb, '--root', self.root, *args, exit=status)
                self.assertEqual(len(found['reports']), 1 if status else 0)

    def test_report_of_run(self):
        report = self.file('report', '')
        done = run('--json', 'run', '--root', self.root, '--report', report, EXAMPLE, '--', 'true')
        self.assertEqual((done.returncode, done.stdout, done.stderr), (125, '', ''))
        self.assertEqual(json.loads(Path(report).read_text())['reports'][0]['class'], 'usage')

    def test_changing_verbs_refuse_a_captured_host(self):
        for verb, args in CHANGING.items():
            with self.subTest(verb):
                done = run(verb, '--root', self.root, *args)
                self.assertEqual((done.returncode, done.stdout), (125 if verb == 'run' else 1, ''))
                self.assertIn(self.root, done.stderr)


class Host(Command):
    def test_list(self):
        self.assertEqual(run('list', '--root', self.root).stdout, """\
ADDRESS        VF NETDEV   DRIVER GROUP MAC               VLAN VLAN proto STATE          GUEST
0000:01:00.0      enp1s0   igb                                            up, 2 of 7 VFs
├─0000:01:10.0  0 enp1s0v0 igbvf     15 none              none none       free
└─0000:01:10.2  1 enp1s0v1 igbvf     16 00:11:22:33:44:66 7    802.1Q     free
""")

    def test_list_as_json(self):
        pf, = self.json('list', '--root', self.root)['pfs']
        vfs = pf.pop('vfs')
        self.assertEqual(pf, {'address': host.PF, 'driver': 'igb', 'netdev': 'enp1s0', 'up': True,
                              'switchdev': False, 'numVfs': 2, 'totalVfs': 7})
        self.assertEqual([vf['address'] for vf in vfs], list(host.VFS))
        self.assertEqual(vfs[1], {
            'address': '0000:01:10.2', 'vfIndex': 1, 'driver': 'igbvf', 'iommuGroup': 16,
            'netdev': 'enp1s0v1', 'representor': None, 'mac': '00:11:22:33:44:66', 'vlan': '7', 'vlanQos': None,
            'vlanProto': '802.1Q', 'spoofchk': None, 'trust': None, 'linkState': None, 'minTxRate': None,
            'maxTxRate': None, 'queryRss': None, 'state': 'free', 'guest': None, 'assignment': None,
            'owner': None, 'reason': None, 'drift': []})

    def test_host_without_cards(self):
        empty = f'{self.folder.name}/empty'
        os.makedirs(f'{empty}/sys', exist_ok=True)
        done = run('list', '--root', empty)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertEqual(done.stdout.count('\n'), 1)
        self.assertEqual(self.json('list', '--root', empty)['pfs'], [])

    def test_plan(self):
        done = run('plan', '--root', self.root, EXAMPLE)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertRegex(done.stdout, r'(?m)^ ?\d+\. 0000:01:10\.0  .*: none → 00:11:22:33:44:55$')
        self.assertRegex(done.stdout, r'(?m)^ ?\d+\. 0000:01:10\.0  .*: none → 42$')
        self.assertEqual(run('plan', '--root', self.root, EXAMPLE).stdout, done.stdout)
        steps = self.json('plan', '--root', self.root, EXAMPLE)['steps']
        self.assertEqual(len(steps), done.stdout.count('\n') - 1)

    def test_plan_of_a_missing_device(self):
        xml = self.file('missing.xml', INTERFACE.replace("bus='1'", "bus='9'"))
        done = run('plan', '--root', self.root, xml)
        self.assertEqual((done.returncode, done.stdout), (2, ''))
        self.assertIn('vfassign: error: Device missing: ', done.stderr)
        self.assertEqual(self.json('plan', '--root', self.root, xml, exit=2)['reports'][0]['object'],
                         '0000:09:10.2')

    def test_qemu_args(self):
        expected = '{"driver":"vfio-pci","host":"0000:01:10.0","id":"hostdev0","bus":"pcie.0","addr":"0x7"}'
        self.assertEqual(run('qemu-args', EXAMPLE).stdout, f'-device\n{expected}\n')
        xml = INTERFACE.replace('</interface>', "<address type='pci' slot='7' function='1'/></interface>")
        for machine, bus in ((['--machine', 'pc'], 'pci.0'), (['--machine=q35'], 'pcie.0'), ([], 'pcie.0')):
            expected = ('{"driver":"vfio-pci","host":"0000:01:10.2","id":"hostdev0",'
                        f'"bus":"{bus}","addr":"0x7.0x1"}}')
            self.assertEqual(run('qemu-args', *machine, '-', stdin=xml).stdout, f'-device\n{expected}\n')
            self.assertEqual(self.json('qemu-args', *machine, '-', stdin=xml)['args'], ['-device', expected])

    def test_plain_hostdevs(self):
        """They have arguments, but no verb acts on them: alone they are refused, in a domain there is a warning."""
        hostdev = "<hostdev type='usb'><source><address bus='1' device='2'/></source></hostdev>"
        expected = '{"driver":"usb-host","hostdevice":"/dev/bus/usb/001/002","id":"hostdev%d"}'
        done = run('qemu-args', '-', stdin=hostdev)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, f'-device\n{expected % 0}\n', ''))
        domain = f'<domain><name>g</name><devices>{hostdev}{INTERFACE}</devices></domain>'
        done = run('qemu-args', '-', stdin=domain)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertTrue(done.stdout.endswith(f'-device\n{expected % 1}\n'), done.stdout)
        for verb in ('plan', 'prepare'):
            done = run(verb, '--root', self.root, '-', stdin=hostdev)
            self.assertEqual((done.returncode, done.stdout), (1, ''))
            self.assertIn('<stdin>:1:1: error: Unsupported Config: <hostdev> is not supported by this version', done.stderr)
        done = run('plan', '--root', self.root, '-', stdin=domain)
        self.assertEqual(done.returncode, 0)
        self.assertIn('<stdin>:1:32: warning: <hostdev> is left alone by this version', done.stderr)

    def test_other_vmms(self):
        expected = ['--device', 'path=/sys/bus/pci/devices/0000:01:10.2/,id=hostdev0']
        done = run('qemu-args', '--vmm', 'cloud-hypervisor', '-', stdin=INTERFACE)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '\n'.join(expected) + '\n', ''))
        self.assertEqual(self.json('qemu-args', '--vmm', 'cloud-hypervisor', '-', stdin=INTERFACE)['args'], expected)
        self.assertEqual(run('qemu-args', '--vmm', 'qemu', EXAMPLE).stdout, run('qemu-args', EXAMPLE).stdout)
        done = run('qemu-args', '--vmm', 'xen', EXAMPLE)
        self.assertEqual((done.returncode, done.stdout), (1, ''))
        self.assertIn("error: usage: there is no VMM called 'xen'\nvfassign: hint: those that there are: qemu; cloud-hypervisor\n",
                      done.stderr)

    def test_what_no_device_can_be_given_is_refused_alike(self):
        usb = re.sub('<address type=[^>]*>', "<address type='usb' bus='1' device='2'/>", INTERFACE)
        port = "<virtualport type='802.1Qbg'><parameters managerid='1' typeid='2' typeidversion='3'/></virtualport>"
        for name, xml, text in (('usb.xml', usb, ':1:1: error: Unsupported Config: a USB device'),
                                ('port.xml', INTERFACE.replace('<mac', port + '<mac'),
                                 ":1:1: error: Unsupported Config: <virtualport type='802.1Qbg'>")):
            file = self.file(name, xml)
            for verb in ('plan', 'qemu-args'):
                with self.subTest(file=name, verb=verb):
                    done = run(verb, '--root', self.root, file)
                    self.assertEqual((done.returncode, done.stdout), (1, ''))
                    self.assertIn(file + text, done.stderr)

    def test_a_second_machine_type_is_refused(self):
        domain = f"<domain><name>g</name><os><type machine='pc'>hvm</type></os><devices>{INTERFACE}</devices></domain>"
        done = run('qemu-args', '--machine', 'q35', '-', stdin=domain)
        self.assertEqual((done.returncode, done.stdout), (1, ''))
        self.assertIn("usage: the document's machine type is 'pc', but --machine says 'q35'", done.stderr)


class Doctor(Command):
    def test_host(self):
        done = run('doctor', '--root', self.root)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertRegex(done.stdout, r'\A(PASS  [a-z-]+ +\S.*\n)+\Z')
        self.assertEqual(run('doctor', '--quiet', '--root', self.root).stdout, '')

    def test_document(self):
        file = self.file('missing.xml', INTERFACE.replace("slot='0x10'", "slot='0x1f'"))
        done = run('doctor', '--root', self.root, '--guest', 'g', '--quiet', file)
        self.assertEqual((done.returncode, done.stderr), (2, ''))
        self.assertEqual(done.stdout, 'FAIL  device     there is no PCI device 0000:01:1f.2 on this host; '
                                      'fix: vfassign list shows the VFs there are\n')
        found = self.json('doctor', '--root', self.root, '--guest', 'g', file, exit=2)
        self.assertEqual(found['reports'], [])
        self.assertEqual([check for check in found['checks'] if check['status'] != 'PASS'], [
            {'check': 'device', 'status': 'FAIL', 'object': '0000:01:1f.2',
             'message': 'there is no PCI device 0000:01:1f.2 on this host',
             'hint': 'vfassign list shows the VFs there are'}])

    def test_same_as_plan(self):
        """What it fails is what plan refuses, in the same words; prepare wants the guest's name besides."""
        file = self.file('unmanaged.xml', INTERFACE.replace("managed='yes'", "managed='no'"))
        refused = self.json('plan', '--root', self.root, '--guest', 'g', file, exit=2)['reports']
        failed = self.json('doctor', '--root', self.root, '--guest', 'g', file, exit=2)['checks']
        self.assertEqual([report['message'] for report in refused],
                         [check['message'] for check in failed if check['status'] == 'FAIL'])
        nameless = self.json('doctor', '--root', self.root, self.file('vf.xml', INTERFACE), exit=2)['checks']
        self.assertEqual([check['check'] for check in nameless if check['status'] == 'FAIL'], ['request'])

    def test_no_document(self):
        found = self.json('doctor', '--root', self.root, self.file('wrong.xml', '<interface'), exit=1)
        self.assertEqual(found['reports'][0]['class'], 'xml')
        self.assertNotIn('checks', found)


# ---- help, man page and completions say the same ---------------------------------------------------------


def help_options(text):
    """{option: its argument or None} of the lines that describe options."""
    lines = re.findall(r'(?m)^  (?:-h, )?(--[a-z-]+)(?: (\S+))?  +\S', text)
    return {name: argument or None for name, argument in lines}


def plain(man):
    return man.replace('*', '').replace('_', '').replace('...', '…')


class Documentation(Command):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        overview = run('--help').stdout
        cls.common = help_options(overview)
        cls.verbs = re.findall(r'(?m)^  ([a-z-]+) +\S', overview.split('verbs:')[1].split('options')[0])
        cls.own = {}
        for verb in cls.verbs:
            text = run(verb, '--help').stdout
            options = help_options(text)
            cls.own[verb] = {name: options[name] for name in options if name not in cls.common}
        cls.man = (SOURCE / 'man/vfassign.1.scd').read_text()

    def completion(self, name):
        return (SOURCE / 'completions' / name).read_text()

    def test_every_verb_and_option_is_in_the_help(self):
        self.assertEqual(set(self.verbs), set(VERBS))
        self.assertEqual(run('help').stdout, run('--help').stdout)
        for verb in self.verbs:
            text = run('help', verb).stdout
            self.assertEqual(text, run(verb, '--help').stdout)
            self.assertLessEqual(set(self.common.items()), set(help_options(text).items()))
            # The usage line has the same options.
            usage = text.split('\n')[0]
            self.assertEqual(set(re.findall(r'--[a-z-]+', usage)), set(self.own[verb]))

    def test_help_lists_what_is_accepted(self):
        """What help does not list is refused as unknown, or as no option of the verb; nothing else is."""
        every = set(self.common).union(*self.own.values())
        for verb in self.verbs:
            for option in sorted(every):
                known = option in self.common or option in self.own[verb]
                done = run(verb, option, *(['1'] if self.argument(option) else []), '--quiet', '--verbose')
                if option not in ('--help', '--version'):
                    self.assertEqual('is no option of' not in done.stderr, known, (verb, option))

    def argument(self, option):
        return {**self.common, **{k: v for own in self.own.values() for k, v in own.items()}}[option]

    def man_options(self, text):
        found = re.findall(r'(?m)^(?:\*-h\*, )?\*(--[a-z-]+)\*(?: (.*))?$', text)
        return {name: plain(argument) or None for name, argument in found}

    def test_man_page(self):
        sections = dict(re.findall(r'(?ms)^# ([A-Z ]+)\n(.*?)(?=^# |\Z)', self.man))
        self.assertEqual(self.man_options(sections['OPTIONS']), self.common)
        verbs = dict(re.findall(r'(?ms)^## ([a-z-]+)\n(.*?)(?=^## |\Z)', sections['VERBS']))
        self.assertEqual(list(verbs), self.verbs)
        for verb in self.verbs:
            self.assertEqual(self.man_options(verbs[verb]), self.own[verb], verb)

    def test_man_page_names_every_check_of_doctor(self):
        section = self.man.split('## doctor')[1].split('\n## ')[0]
        named = re.findall(r'\*([a-z-]+)\*', section.split('The checks, by the names')[1])
        for args in ([], [EXAMPLE]):
            _, found = self.doctor(*args)
            self.assertLessEqual({check['check'] for check in found['checks']}, set(named))

    def doctor(self, *args):
        done = run('--json', 'doctor', '--root', self.root, *args)
        return done.returncode, json.loads(done.stdout)

    def test_man_page_synopsis(self):
        lines = re.findall(r'(?m)^\*vfassign\*.*$', self.man.split('# DESCRIPTION')[0])
        shown = [re.sub(r'^vfassign (\[OPTION…\] )?', '', plain(line)) for line in lines]
        usages = [re.sub(r'^usage: vfassign \[OPTION…\] ', '', run(verb, '--help').stdout.split('\n')[0])
                  for verb in self.verbs]
        self.assertEqual(shown, usages)

    def test_xml_man_page_examples(self):
        """Each element of an interface has an example, which is what it says."""
        page = (SOURCE / 'man/vfassign-xml.5.scd').read_text()
        section = re.search(r'(?ms)^# INTERFACE\n(.*?)^# HOSTDEV', page)[1]
        for entry in re.split(r'(?m)^(?=\*<)', section)[2:]:
            examples = re.findall(r'Example:\s+\*(<(\w+).*?>)\*', entry)
            self.assertTrue(examples, entry)
            for example, name in examples:
                self.assertIn(f'<{name}', entry.split('\n')[0])
                rest = '' if name == 'source' else "<source><address type='pci' bus='1'/></source>"
                document = f"<interface type='hostdev'>{rest}{example}</interface>"
                self.assertEqual(run('check', '-', stdin=document).returncode, 0, example)
                self.assertIn(f'<{name}', run('format', '-', stdin=document).stdout)

    def test_man_page_examples(self):
        """Its JSON is JSON, and has the members that the command prints."""
        section = self.man.split('# JSON OUTPUT')[1].split('# FILES')[0]
        blocks = re.findall(r'(?ms)^(.*?)```\n(.*?)```$', section)
        examples = {}
        for above, block in blocks:
            name = re.findall(r'(?m)^\*(?:--)?([a-z-]+)\*', above)
            examples[name[-1] if name else 'report'] = json.loads(block.replace('\\\\', '\\'))
        self.assertEqual(set(examples), {'report', 'version', *self.verbs})
        real = {verb: self.json(verb, '--root', self.root, *args) for verb, args in LOOKING.items()}
        for verb in real:
            self.assertEqual(list(examples[verb]), list(real[verb]))
        self.assertEqual(list(examples['plan']['steps'][0]), list(real['plan']['steps'][0]))
        self.assertEqual(list(examples['list']['pfs'][0]), list(real['list']['pfs'][0]))
        self.assertEqual(list(examples['list']['pfs'][0]['vfs'][0]), list(real['list']['pfs'][0]['vfs'][0]))
        self.assertEqual(list(examples['doctor']['checks'][0]), list(real['doctor']['checks'][0]))
        self.assertEqual(list(examples['version']), list(self.json('--version')))

    def test_bash(self):
        script = ('. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _vfassign; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        file = SOURCE / 'completions/vfassign.bash'

        def complete(*words):
            done = subprocess.run(['bash', '-c', script, 'bash', file, *words],
                                  capture_output=True, text=True, check=True)
            return done.stdout.split()

        self.assertEqual(complete('vfassign', ''), self.verbs)
        self.assertEqual(complete('vfassign', 'help', ''), self.verbs)
        self.assertEqual(complete('vfassign', '--'), list(self.common))
        for verb in self.verbs:
            options = [*self.common, *self.own[verb]]
            self.assertEqual(sorted(complete('vfassign', verb, '--')), sorted(options))
            self.assertEqual(complete('vfassign', '--timeout', '3', verb, '--js'), ['--json'])
        self.assertEqual(complete('vfassign', 'plan', EXAMPLE[:-1]), [EXAMPLE])
        self.assertIn('bash', complete('vfassign', 'run', EXAMPLE, '--', 'bas'))
        # Options with an argument are known as such.
        takes = re.search(r'(?m)^\t\t(--state-dir \|.*)\)$', self.completion('vfassign.bash'))[1]
        with_argument = {option for own in (self.common, *self.own.values()) for option in own if own[option]}
        self.assertEqual(set(takes.split(' | ')), with_argument)

    def test_zsh(self):
        text = self.completion('_vfassign')
        self.assertEqual(re.findall(r'(?m)^\t[\'"]([a-z-]+):', text), self.verbs)
        common = text.split('common=(')[1].split('\n)')[0]
        self.assertEqual(re.findall(r'--[a-z-]+(?=\[|\})', common), list(self.common))
        shared = {f'${name}': option for name, option in re.findall(r"(?m)^local (\w+)='(--[a-z-]+)\[", text)}
        verbs = text.split('case $words[1] in')[1]
        for verb in self.verbs:
            case = re.search(rf'(?ms)^\t{verb}\)(.*?);;', verbs)
            body = case[1] if case else ''
            found = re.findall(r'--[a-z-]+(?=\[)', body)
            found += [shared[name] for name in re.findall(r'\$\w+', body) if name in shared]
            self.assertEqual(sorted(found), sorted(self.own[verb]), verb)

    def test_fish(self):
        text = self.completion('vfassign.fish')
        self.assertEqual(re.search(r'(?m)^set -l verbs (.*)$', text)[1].split(), self.verbs)
        self.assertEqual(re.findall(r'(?m)^complete .* -a ([a-z-]+) -d ', text), self.verbs)
        common = re.findall(r'(?m)^complete -c vfassign (?:-s h )?-l ([a-z-]+)(.*)$', text)
        self.assertEqual({f'--{name}': bool(re.match(' -[xr]', rest)) for name, rest in common},
                         {name: bool(argument) for name, argument in self.common.items()})
        found = {verb: {} for verb in self.verbs}
        own = re.findall(r'(?m)^complete .*seen_subcommand_from (.*)" -l ([a-z-]+)(.*)$', text)
        for verbs, name, rest in own:
            for verb in verbs.split():
                found[verb][f'--{name}'] = bool(re.match(' -[xr]', rest))
        self.assertEqual(found, {verb: {name: bool(argument) for name, argument in own.items()}
                                 for verb, own in self.own.items()})


if __name__ == '__main__':
    unittest.main()
