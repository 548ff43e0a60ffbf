#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How many system calls a VF costs: a host has hundreds, and each file of sysfs is read by three calls.

usage: VFASSIGN=build/vfassign tests/cli/test-syscalls.py
"""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
import host  # noqa: E402

VFASSIGN = os.environ.get('VFASSIGN', str(Path(__file__).resolve().parents[2] / 'build/vfassign'))

FEW, MANY = 8, 72
# For one VF to be listed: 2 folders, 9 files and 4 links are read, and it is seen that it is still there.
LIST_LIMIT = 50
INTERFACE = """<interface type='hostdev' managed='yes'><mac address='00:11:22:33:44:55'/>
<source><address type='pci' domain='0' bus='0x10' slot='1' function='0'/></source></interface>"""


# The leak checker cannot work in a process that is traced; other tests look for leaks.
TRACED = dict(os.environ, ASAN_OPTIONS='detect_leaks=0')


def calls(root, *arguments):
    """The number of system calls of that command."""
    with tempfile.NamedTemporaryFile() as trace:
        subprocess.run(['strace', '-f', '-o', trace.name, VFASSIGN, '--root', root, *arguments],
                       check=True, env=TRACED, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return sum(1 for line in trace if b'(' in line)


class Calls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.roots = []
        for count in (FEW, MANY):
            cls.roots.append(f'{cls.folder.name}/host{count}')
            host.make_many(cls.roots[-1], 1, count)
        cls.document = Path(cls.folder.name) / 'vf.xml'
        cls.document.write_text(INTERFACE)

    def per_vf(self, *arguments):
        few, many = (calls(root, *arguments) for root in self.roots)
        return (many - few) / (MANY - FEW)

    def test_list(self):
        self.assertLessEqual(self.per_vf('list'), LIST_LIMIT)

    def test_plan(self):
        """What is read for one VF does not depend on how many others there are, but for counting them by halves."""
        few, many = (calls(root, 'plan', '--guest', 'g', str(self.document)) for root in self.roots)
        self.assertLessEqual(many - few, 8)


if __name__ == '__main__':
    unittest.main()
