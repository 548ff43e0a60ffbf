#!/usr/bin/python3 -B
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests tools/check-layers and tools/check-limits: each rule fires on a tree that breaks it, and only then.

A tree is a dict of path → text on top of GOOD. A rule that cannot fire would be worth nothing.
"""

import subprocess
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / 'tools'
SPDX = '/* SPDX-License-Identifier: LGPL-2.1-or-later */\n'
UNLICENSED = 'int a;\n'

GOOD = {
    'include/vfassign.h': '#pragma once\n\n/* Does it. */\nint vfassign_do(void);\n',
    'src/base/a.h': '#pragma once\n\n#include <stddef.h>\n\n/* Adds one. */\nint a_add(int a);\n',
    'src/base/a.c': '#include "base/a.h"\n\nint a_add(int a)\n{\n\treturn a + 1;\n}\n',
    'src/lib/do.c': '#include <vfassign.h>\n\n#include "base/a.h"\n\n'
                    'int vfassign_do(void)\n{\n\treturn a_add(1);\n}\n',
}


class Checker(unittest.TestCase):
    tool = None

    def run_on(self, tree, *options):
        """(exit status, output) of the tool on GOOD with TREE on top; C files get their license line."""
        with tempfile.TemporaryDirectory() as folder:
            for path, text in {**GOOD, **tree}.items():
                file = Path(folder) / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text((SPDX if path.endswith(('.c', '.h')) and text != UNLICENSED else '') + text)
            done = subprocess.run([TOOLS / self.tool, *options, folder], capture_output=True, text=True,
                                  check=False)
            return done.returncode, done.stdout + done.stderr

    def assert_clean(self, tree=(), *options):
        self.assertEqual((0, ''), self.run_on(dict(tree), *options))

    def assert_finds(self, tree, *expected):
        """Exactly these findings, each given as the start of its line and a part of its message."""
        status, output = self.run_on(tree)
        lines = output.splitlines()
        self.assertEqual(1, status, output)
        self.assertEqual(len(expected), len(lines), output)
        for (place, message), line in zip(expected, lines):
            self.assertTrue(line.startswith(place + ': ') and message in line,
                            f'{place}: …{message}… not in:\n{line}')

    def assert_unable_without_src(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([TOOLS / self.tool, folder], capture_output=True, text=True, check=False)
            self.assertEqual(2, done.returncode)
            self.assertIn('usage: ', done.stderr)


class Layers(Checker):
    tool = 'check-layers'

    def include(self, path, what, line=2, message=None):
        """A file PATH that includes WHAT is found out with MESSAGE, or is fine without one."""
        tree = {path: f'#include {what}\n'}
        for header in ('base/b', 'types/t', 'model/m', 'kernel/k', 'plan/step', 'plan/record', 'plan/other',
                       'vmm/v'):
            tree.setdefault(f'src/{header}.h', '')
        if message:
            self.assert_finds(tree, (f'{path}:{line}', message))
        else:
            self.assert_clean(tree)

    def test_good_tree(self):
        self.assert_clean()

    def test_unable(self):
        self.assert_unable_without_src()

    def test_what_a_layer_may_include(self):
        for path, what in (('src/base/x.c', '"base/b.h"'), ('src/types/x.h', '"base/b.h"'),
                           ('src/model/x.c', '"types/t.h"'), ('src/facts/x.c', '"kernel/k.h"'),
                           ('src/record/x.c', '"plan/step.h"'), ('src/record/x.c', '"plan/record.h"'),
                           ('src/exec/x.c', '"plan/other.h"'), ('src/lib/x.c', '"model/m.h"'),
                           ('src/cli/x.c', '<vfassign.h>'), ('src/cli/x.c', '"base/b.h"')):
            with self.subTest(path=path, what=what):
                self.include(path, what)

    def test_what_a_layer_must_not_include(self):
        for path, what, message in (
                ('src/base/x.c', '"types/t.h"', 'src/base must not include src/types, only: itself'),
                ('src/facts/x.c', '"model/m.h"', 'src/facts must not include src/model'),
                ('src/plan/x.c', '"kernel/k.h"', 'src/plan must not include src/kernel'),
                ('src/exec/x.c', '"model/m.h"', 'src/exec must not include src/model'),
                ('src/model/x.c', '"kernel/k.h"', 'are both layer 2'),
                ('src/kernel/x.c', '"model/m.h"', 'are both layer 2'),
                ('src/record/x.c', '"vmm/v.h"', 'are both layer 5'),
                ('src/record/x.c', '"plan/other.h"', 'only plan/step.h, plan/record.h'),
                ('src/cli/x.c', '"model/m.h"', 'src/cli must not include src/model')):
            with self.subTest(path=path, what=what):
                self.include(path, what, message=message)

    def test_how_an_include_is_written(self):
        for what, message in (('"b.h"', 'starts with no folder'),
                              ('"../base/b.h"', 'starts with no folder'),
                              ('"vfassign.h"', 'starts with no folder'),
                              ('<base/b.h>', 'write "base/b.h"'),
                              ('"base/none.h"', 'does not exist'), ('"base/a.c"', 'is no header'),
                              ('HEADER', 'cannot be checked')):
            with self.subTest(what=what):
                self.include('src/lib/x.c', what, message=message)

    def test_libraries(self):
        for good, bad, header in (('model', 'lib', 'libxml/tree.h'), ('kernel', 'facts', 'libmnl/libmnl.h'),
                                  ('kernel', 'exec', 'linux/rtnetlink.h'),
                                  ('kernel', 'plan', 'linux/if_link.h'),
                                  ('kernel', 'lib', 'libkmod.h'),
                                  ('cli', 'lib', 'libsmartcols/libsmartcols.h'),
                                  ('record', 'plan', 'jansson.h'), ('vmm', 'base', 'jansson.h'),
                                  ('lib', 'vmm', 'vfassign.h'), ('cli', 'lib', 'getopt.h'),
                                  ('base', 'plan', 'fcntl.h'), ('kernel', 'types', 'sys/socket.h')):
            with self.subTest(header=header):
                self.include(f'src/{good}/x.c', f'<{header}>')
                self.include(f'src/{bad}/x.c', f'<{header}>', message=f'<{header}>')

    def test_comments_and_conditions(self):
        self.assert_clean({'src/base/x.c': '/*\n#include "types/t.h"\n*/\n// #include "types/t.h"\n'})
        self.assert_finds({'src/types/t.h': '',
                           'src/base/x.c': '/* a */\n#if 0\n#  include "types/t.h" /* b */\n#endif\n'},
                          ('src/base/x.c:4', 'src/base must not include src/types'))

    def test_cycles(self):
        self.assert_finds({'src/base/x.h': '#include "base/y.h"\n', 'src/base/y.h': '\n#include "base/z.h"\n',
                           'src/base/z.h': '#include "base/x.h"\n'},
                          ('src/base/x.h:2', 'base/x.h → base/y.h → base/z.h → base/x.h'),
                          ('src/base/y.h:3', 'circle'), ('src/base/z.h:2', 'circle'))
        self.assert_finds({'src/base/x.h': '#include "base/x.h"\n'},
                          ('src/base/x.h:2', 'base/x.h → base/x.h'))

    def test_folders(self):
        self.assert_finds({'src/util/note': ''}, ('src/util:1', 'src/util is no layer'))
        self.assert_finds({'src/util/x.c': '#include "base/a.h"\n'}, ('src/util:1', 'src/util is no layer'))
        self.assert_finds({'src/x.c': ''}, ('src/x.c:1', 'not in src itself'))
        self.assert_clean({'src/kernel/sub/x.c': '#include "types/t.h"\n', 'src/types/t.h': ''})

    def test_public_header(self):
        self.assert_finds({'include/vfassign.h': '#include "base/a.h"\n'},
                          ('include/vfassign.h:2', 'system headers only'))
        self.assert_finds({'include/vfassign.h': '#include <base/a.h>\n'},
                          ('include/vfassign.h:2', 'system headers only'))
        self.assert_finds({'include/more.h': ''}, ('include/more.h:1', 'the only public header'))


def function(lines, parameters='void', name='f'):
    """A function of this many lines."""
    return f'int {name}({parameters})\n{{\n' + '\t;\n' * (lines - 4) + '\treturn 0;\n}\n'


class Limits(Checker):
    tool = 'check-limits'

    def test_good_tree(self):
        self.assert_clean()

    def test_unable(self):
        self.assert_unable_without_src()

    def test_function_lines(self):
        for path in ('src/base/x.c', 'tests/unit/x.c'):
            self.assert_clean({path: function(60)})
            self.assert_finds({path: '\n' + function(61)}, (f'{path}:3', 'f() has 61 lines'))
        self.assert_finds({'src/base/x.h': '\n/* F. */\nstatic inline ' + function(61)},
                          ('src/base/x.h:4', '61 lines'))

    def test_functions_are_seen_in_any_dress(self):
        for head in ('static int f(int a)', 'int\nf(int a)',
                     'static struct x *f(struct x *a, int (*g)(int, int))',
                     '__attribute__((format(printf, 1, 0))) static char *f(const char *a)',
                     'static int (*f(int a))(int)',
                     'API int f(int a)', 'DIR *f(void)', 'MADE_BY_MACRO(f)',
                     'struct x f(const char *s[2]) _pure_',
                     'static int f(FILE *file, ...) PRINTF(1, 2)'):
            with self.subTest(head=head):
                text = f'int a = 1;\n{head}\n{{\n' + '\t;\n' * 60 + '}\n'
                status, output = self.run_on({'src/base/x.c': text})
                self.assertEqual(1, status)
                self.assertTrue(output.startswith('src/base/x.c:3: '), output)

    def test_what_is_no_function(self):
        body = '\t{ "a", (1) },\n' * 70
        for head in ('static const struct x y[] =', 'struct x', 'enum x', 'static char z[sizeof(int)] =',
                     'int x = CALL(a),'):
            with self.subTest(head=head):
                self.assert_clean({'src/base/x.c': f'{head} {{\n{body}}};\n'})
        self.assert_clean({'src/base/x.c': '#define F(x) \\\n\t({ \\\n' + '\t\tx; \\\n' * 70 + '\t})\n'})

    def test_two_heads_of_one_function(self):
        heads = '#ifdef A\nint f(int a) {\n#else\nint f(void) {\n#endif\n\treturn 0;\n}\n'
        self.assert_finds({'src/base/x.c': heads + function(61)}, ('src/base/x.c:9', 'f() has 61 lines'))

    def test_strings_and_comments_hide_nothing(self):
        tree = {'src/base/x.c': 'char a[] = "{ /*", b = \'{\'; /* { */ // {\n' + function(61)}
        self.assert_finds(tree, ('src/base/x.c:3', 'f() has 61 lines'))

    def test_extern_c(self):
        text = '#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\n#ifdef __cplusplus\n}\n#endif\n'
        self.assert_finds({'include/vfassign.h': text}, ('include/vfassign.h:5', 'f() has no comment'))

    def test_file_lines(self):
        for path in ('src/base/x.c', 'src/base/x.h', 'tests/unit/x.c'):
            self.assert_clean({path: '\n' * 599})
            self.assert_finds({path: '\n' * 600}, (f'{path}:601', '601 lines, at most 600'))

    def test_parameters(self):
        five = 'int a, char *b[2], void (*c)(int, int), int d, int e'
        self.assert_clean({'src/base/x.c': function(5, five) + function(5, five + ', ...', 'g')})
        self.assert_finds({'src/base/x.c': function(5, five + ', int f')},
                          ('src/base/x.c:2', 'f() has 6 parameters'))

    def test_headers(self):
        chain = {f'src/base/h{i}.h': f'#include "base/h{i + 1}.h"\n' for i in range(1, 12)}
        chain['src/base/h12.h'] = ''
        self.assert_clean({**chain, 'src/base/x.c': '#include "base/h1.h"\n'})
        self.assert_finds({**chain, 'src/base/x.c': '#include "base/h1.h"\n#include "base/a.h"\n'},
                          ('src/base/x.c:1', 'reaches 13 headers'))

    def test_headers_compile_alone(self):
        self.assert_finds({'src/base/x.h': '\n/* F. */\nvoid f(size_t a);\n'},
                          ('src/base/x.h:4', 'does not compile alone'))
        self.assert_finds({'src/base/x.h': '#include "base/none.h"\n'},
                          ('src/base/x.h:2', 'base/none.h: No such file'))
        self.assert_finds({'include/vfassign.h': '#include <base/a.h>\n'},
                          ('include/vfassign.h:2', 'base/a.h: No such'))

    def test_documented(self):
        self.assert_clean({'src/base/x.h': '\n/*\n * F and g.\n */\nint f(int\n      a);\nint g(void);\n'
                                           '\n// H.\nint h(void);\n\nextern int (*hook)(int a);\ntypedef int (*call)(int a);\n'})
        for text, line in (('\nint f(void);\n', 3), ('int f(void);\n', 2),
                           ('\n/* F. */\n\nint f(void);\n', 5),
                           ('\nint a; /* A. */\nint f(void);\n', 4),
                           ('\n/* A. */\n#define A 1\nint f(void);\n', 5),
                           ('\nstatic inline int f(void)\n{\n\treturn 0;\n}\n', 3)):
            with self.subTest(text=text):
                self.assert_finds({'src/base/x.h': text},
                                  (f'src/base/x.h:{line}', 'f() has no comment directly above'))
        self.assert_finds({'src/base/x.h': '\n/* F. */\nint f(void);\n\nint g(void);\n'},
                          ('src/base/x.h:6', 'g() has no'))

    def test_goto(self):
        def body(text):
            return {'src/base/x.c': f'int f(int a)\n{{\n{text}}}\n'}
        self.assert_clean(body('\tif (a)\n\t\tgoto out;\n\tgoto out;\nout:\n\treturn a ? a : 1;\n'))
        self.assert_finds(body('again:\n\tif (a)\n\t\tgoto again;\n\treturn 0;\n'),
                          ('src/base/x.c:6', 'backward to again'))
        self.assert_finds(body('\tif (a)\n\t\tgoto x;\n\tgoto y;\nx:\n\ta = 1;\ny:\n\treturn a;\n'),
                          ('src/base/x.c:6', 'jumps to x and to y'))
        self.assert_finds(body('\tgoto *(void *)0;\n'), ('src/base/x.c:4', 'jumps'))
        self.assert_finds({'src/base/x.c': '#define FAIL() \\\n\tgoto out\n'},
                          ('src/base/x.c:2', 'a macro hides a goto'))

    def test_license(self):
        script = '#!/bin/sh\n# SPDX-License-Identifier: LGPL-2.1-or-later\n'
        self.assert_clean({'tools/x': script, 'tools/x.py': script.split('\n', 1)[1],
                           'lab/data': 'no script\n'})
        self.assert_finds({'tools/x': '#!/bin/sh\n'}, ('tools/x:2', 'line 2 must be: # SPDX'))
        self.assert_finds({'tools/x.py': 'import x\n'}, ('tools/x.py:1', 'line 1 must be: # SPDX'))
        for path in ('src/base/x.c', 'src/base/x.h', 'tests/unit/x.c', 'lab/x.c'):
            self.assert_finds({path: UNLICENSED}, (f'{path}:1', 'line 1 must be: /* SPDX'))

    def test_exceptions(self):
        def tree(line, lines=61):
            return {'src/base/x.c': function(lines), 'tools/limits-exceptions': '# comment\n\n' + line + '\n'}
        place = 'tools/limits-exceptions:3'
        self.assert_clean(tree('src/base/x.c:f function-lines a long table of cases'))
        self.assert_finds(tree('src/base/x.c:f function-lines'), (place, 'needs its reason'))
        self.assert_finds(tree('src/base/x.c:f function-lines why', 60), (place, 'remove the exception'))
        self.assert_finds(tree('src/base/x.c:f function-lines why\nsrc/base/x.c:f function-lines why'),
                          ('tools/limits-exceptions:4', 'stands here twice'))
        for wrong, message in (('src/base/x.c function-lines why', 'remove the'),
                               ('src/base/x.c:f big why', 'unknown limit'),
                               ('src/base/x.c:g function-lines why', 'remove the')):
            self.assert_finds(tree(wrong), ('src/base/x.c:2', '61 lines'), (place, message))

    def test_stats(self):
        text = ''.join(function(n + 4, name=f'f{n}') for n in range(1, 9))
        status, output = self.run_on({'src/base/x.c': text}, '--stats')
        # With the two functions of GOOD: 4 4 5 6 7 8 9 10 11 12
        self.assertEqual((0, '10 functions; lines: median 7, p90 11, max 12 (src/base/x.c:f8)\n'),
                         (status, output))


if __name__ == '__main__':
    unittest.main()
