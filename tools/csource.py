# SPDX-License-Identifier: LGPL-2.1-or-later
"""What check-layers and check-limits need to know of C: its files, includes and functions.

This is a lexer with a sense for braces, not a parser: it expects code that compiles.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

LEXEME = re.compile(r'//(?:\\\n|[^\n])*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
DIRECTIVE = re.compile(r'^[ \t]*#(?:\\\n|[^\n])*', re.M)
CPLUSPLUS = re.compile(r'^[ \t]*#[ \t]*if[^\n]*__cplusplus.*?^[ \t]*#[ \t]*endif', re.M | re.S)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include\b[ \t]*(\S[^\n]*)', re.M)
# What may surround a declaration and looks like a call: attributes, FOO(1, 2), _foo_(1, 2).
DECORATION = re.compile(r'\b(?:__attribute__|_Alignas|_[a-z]\w*_|[A-Z][A-Z0-9_]+)\s*(?=\()')
TRAILING_MACRO = re.compile(r'\)\s*(?:[A-Z][A-Z0-9_]+|_[a-z]\w*_)\s*$')
# Nothing that starts so is a function, whatever parentheses follow.
NOT_A_FUNCTION = re.compile(r'\s*(?:typedef|_Static_assert|static_assert)\b')
GOTO = re.compile(r'\bgoto\s+([^;]+?)\s*;')
LABEL = re.compile(r'(?:(?<=[;{}:])|^)\s*([A-Za-z_]\w*)\s*:(?!:)')


def spaces(text):
    """As many blanks, with the line ends kept: offsets and line numbers stay true."""
    return re.sub(r'[^\n]', ' ', text)


def without_comments(text):
    return LEXEME.sub(lambda m: spaces(m[0]) if m[0].startswith('/') else m[0], text)


def without_comments_and_strings(text):
    return LEXEME.sub(lambda m: spaces(m[0]), text)


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


@dataclass
class Include:
    line: int
    name: str  # as written between the quotes or brackets; a macro's name if it is neither
    kind: str  # '"', '<' or '' for a macro


def includes(text):
    """Every #include of the file, those under #if as well."""
    code = without_comments(text)
    for match in INCLUDE.finditer(code):
        written = match[1].strip()
        quoted = re.match(r'"([^"]*)"|<([^>]*)>', written)
        name = (quoted[1] or quoted[2] or '') if quoted else written
        yield Include(line_of(code, match.start(1)), name, written[0] if quoted else '')


@dataclass
class Function:
    name: str
    first: int  # the first line of its declaration
    last: int  # the line of its closing brace or semicolon
    parameters: int  # without "..."
    body: str | None  # None: a prototype
    body_line: int


def closing(text, start):
    """The offset of the parenthesis that closes the one at START, or -1."""
    depth = 0
    for i in range(start, len(text)):
        depth += {'(': 1, ')': -1}.get(text[i], 0)
        if depth == 0:
            return i
    return -1


def undecorated(head):
    """The declaration HEAD with attributes and macro calls blanked."""
    while match := DECORATION.search(head):
        end = closing(head, match.end())
        if end < 0:
            break
        head = head[:match.start()] + spaces(head[match.start():end + 1]) + head[end + 1:]
    return TRAILING_MACRO.sub(')', head.rstrip())


def parameter_count(inside):
    while re.search(r'\([^()]*\)', inside):
        inside = re.sub(r'\([^()]*\)', ' x', inside)
    parts = [part.strip() for part in inside.split(',')]
    return len([part for part in parts if part not in ('', 'void', '...')])


def declarator(head):
    """(name, parameter count) of the function that HEAD declares, or None."""
    if NOT_A_FUNCTION.match(head):
        return None
    head = undecorated(head)
    start = head.find('(')
    while start >= 0:
        end = closing(head, start)
        before = re.search(r'(\w+)\s*$', head[:start])
        inside = head[start + 1:end]
        pointer = re.match(r'\s*\*\s*(\w+)\s*\((.*)\)$', inside, re.S)
        if end < 0 or re.search(r'[=[]', head[:start]):
            return None
        if pointer:  # int (*f(int a))(int): a function that returns a pointer to one
            return pointer[1], parameter_count(pointer[2])
        if before and head[:before.start()].strip() and not inside.lstrip().startswith('*'):
            return before[1], parameter_count(inside)
        start = head.find('(', end)
    return None


def functions(text):
    """Every function and every prototype of the file, in order."""
    code = without_comments_and_strings(CPLUSPLUS.sub(lambda m: spaces(m[0]), text))
    directives = {m.start(): m for m in DIRECTIVE.finditer(code)}
    plain = DIRECTIVE.sub(lambda m: spaces(m[0]), code)
    found, start, depth, saved, opened = [], 0, 0, [], None
    for i, char in enumerate(plain):
        if i in directives:
            depth, start = at_directive(directives[i], depth, start, saved)
        if char == '{':
            if depth == 0:
                opened = i
            depth += 1
        elif char == '}':
            depth = max(depth - 1, 0)
        if depth or char not in ';}':
            continue
        is_body = char == '}' and opened is not None
        found += function_between(plain, start, opened if is_body else None, i)
        # A struct's braces belong to the declaration that goes on behind them.
        start, opened = i + 1, None
    return found


def at_directive(directive, depth, start, saved):
    """Each branch of an #if starts at the same brace depth: one function may have two heads."""
    word = re.match(r'\s*#\s*(\w*)', directive[0])[1]
    if word.startswith('if'):
        saved.append(depth)
    elif word.startswith('el') and saved:
        return saved[-1], start if saved[-1] else directive.end()
    elif word == 'endif' and saved:
        saved.pop()
    return depth, start


def function_between(plain, start, opened, end):
    """[the function or prototype that plain[start:end] declares], or []; OPENED: where its body starts."""
    head = plain[start:end if opened is None else opened]
    made_by_macro = re.match(r'\s*(\w+)\s*\([^=]*\)\s*$', head) if opened is not None else None
    declared = declarator(head) or (made_by_macro and (made_by_macro[1], 0))
    if not declared:
        return []
    name, parameters = declared
    first = start + len(head) - len(head.lstrip())
    body = None if opened is None else plain[opened + 1:end]
    return [Function(name, line_of(plain, first), line_of(plain, end), parameters, body,
                     line_of(plain, opened or end))]


def macros_with_goto(text):
    """The lines of the #defines that hide a jump."""
    code = without_comments_and_strings(text)
    return [line_of(code, m.start()) for m in DIRECTIVE.finditer(code)
            if re.match(r'\s*#\s*define\b', m[0]) and re.search(r'\bgoto\b', m[0])]


def files(root, *folders, suffixes=('.c', '.h')):
    """The files of these folders of ROOT (suffixes None: all of them) as sorted paths relative to it."""
    found = [p for folder in folders for p in (root / folder).rglob('*')
             if p.is_file() and (suffixes is None or p.suffix in suffixes)]
    return sorted(p.relative_to(root).as_posix() for p in found)


def root_of(arguments):
    """The tree to check: the argument, or the one that this tool stands in."""
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    if len(arguments) > 1 or not (root / 'src').is_dir():
        unable(f'usage: {Path(sys.argv[0]).name} [ROOT], and ROOT holds src/')
    return root


def unable(message):
    """Ends the tool: it cannot tell good from bad."""
    print(f'{Path(sys.argv[0]).name}: {message}', file=sys.stderr)
    sys.exit(2)


def finish(findings, also=()):
    """Prints FINDINGS, (file, line, message) each, and ends the tool. ALSO: findings that are printed already."""
    for file, line, message in sorted(set(findings)):
        print(f'{file}:{line}: {message}')
    sys.exit(1 if findings or also else 0)
