#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares what vfassign and libvirt's test driver say of generated documents: whether they take them, and the
canonical text. A difference passes only if a rule of the file `differences` explains it, and that rule stands in
docs/LIBVIRT-DIFFERENCES.md.
"""
import argparse
import re
import sys
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import generate
from oracle import Oracle, Refused
from rules import Rules
from subject import Broken, Subject, Verdict

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SECTION = "## What the differential test lets pass"
LISTED = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)
SHOWN = 3       # examples of each kind of unexplained difference


@dataclass
class Difference:
    kind: str           # what differs
    document: generate.Document
    detail: str
    group: str          # alike differences, for the report


def ask_libvirt(oracle, document):
    try:
        return Verdict(True, devices=oracle.ask(document.kind, document.text))
    except Refused as refused:
        return Verdict(False, [str(refused)])


class Comparison:
    def __init__(self, rules, verbs):
        self.rules = rules
        self.verbs = verbs
        self.counts = Counter()
        self.used = Counter()
        self.unexplained = []

    def one(self, document, libvirt, check, formatted):
        """formatted is None where the command has no `format`."""
        define = formatted or check
        self.counts["documents"] += 1
        if formatted and check.accepted and not formatted.accepted:
            self.report("check accepts what format refuses", document, formatted.errors)
        if define.accepted and libvirt.accepted:
            self.counts["both accept"] += 1
            if formatted:
                self.text(document, libvirt.devices, formatted.devices)
        elif libvirt.accepted:
            self.reject(document, define, "format" if formatted else "check")
        elif define.accepted:
            self.accept(document, libvirt)
        else:
            self.counts["both refuse"] += 1
        if formatted and formatted.accepted and libvirt.accepted and not check.accepted:
            self.reject(document, check, "check")

    def reject(self, document, ours, verb):
        """libvirt accepts: each of our errors needs a rule."""
        self.counts[f"{verb} alone refuses"] += 1
        for message in ours.errors:
            self.explain("refuse", document, self.rules.refusal(message, document, verb), f"{verb}: {message}")

    def accept(self, document, libvirt):
        self.counts["libvirt alone refuses"] += 1
        message = libvirt.errors[0]
        self.explain("accept", document, self.rules.acceptance(message, document), message)

    def text(self, document, theirs, ours):
        if theirs == ours:
            self.counts["same text"] += 1
            return
        self.counts["other text"] += 1
        found, theirs, ours = self.rules.text(document, theirs, ours)
        if theirs == ours and found:
            self.used.update(found)
        else:
            self.report("text", document, changed_lines(theirs, ours))

    def explain(self, kind, document, rule, message):
        if rule:
            self.used[rule] += 1
        else:
            self.report(kind, document, [message])

    def report(self, kind, document, details):
        detail = "\n".join(details)
        self.unexplained.append(Difference(kind, document, detail, alike(detail)))


def changed_lines(theirs, ours):
    theirs, ours = theirs.split("\n"), ours.split("\n")
    return ([f"libvirt:  {line.strip()}" for line in theirs if line not in ours]
            + [f"vfassign: {line.strip()}" for line in ours if line not in theirs]) or ["other order or layout"]


def alike(detail):
    """Differences that are the same but for a value."""
    return re.sub(r"'[^']*'|\d+", "…", detail)


def print_differences(differences, every):
    groups = defaultdict(list)
    for difference in differences:
        groups[difference.kind, difference.group].append(difference)
    titles = {"refuse": "libvirt accepts, we refuse", "accept": "we accept, libvirt refuses"}
    for (kind, _), members in sorted(groups.items(), key=lambda item: (item[0][0], -len(item[1]))):
        print(f"{titles.get(kind, kind)} ({len(members)}): {members[0].detail}")
        members.sort(key=lambda difference: len(difference.document.text))
        for difference in members if every else members[:SHOWN]:
            print(f"    {difference.document.id} {difference.document.label}")
    return len(groups)


def print_summary(comparison):
    for name, count in comparison.counts.items():
        print(f"{count:7} {name}")
    for rule, count in sorted(comparison.used.items()):
        print(f"{count:7} differ as listed: {rule}")


def compare(options, folder):
    items = list(generate.documents(options.seed, options.random))
    generate.write(folder, items)
    paths = {document.id: str(folder / f"{document.id}.xml") for document in items}
    oracle, subject = Oracle(), Subject(options.vfassign)
    print(f"libvirt {oracle.version}, {options.vfassign}" + ("" if subject.formats else " (which has no format)"))
    checked = subject.check(list(paths.values()))
    formatted = subject.format(list(paths.values())) if subject.formats else {}
    comparison = Comparison(Rules(options.rules), ("check", "format") if subject.formats else ("check",))
    for document in items:
        path = paths[document.id]
        comparison.one(document, ask_libvirt(oracle, document), checked[path], formatted.get(path))
    return comparison


def problems(comparison, options):
    """What makes the test fail, beside unexplained differences."""
    rules = comparison.rules.names()
    text = options.listed.read_text(encoding="utf-8") if options.listed.exists() else ""
    listed = LISTED.findall(text.partition(SECTION)[2])
    yield from (f"rule {name} does not stand in {options.listed.name}" for name in rules if name not in listed)
    yield from (f"{options.listed.name} lists {name}, for which there is no rule" for name in listed if name not in rules)
    for name in comparison.rules.names(comparison.verbs):
        if name not in comparison.used:
            yield f"rule {name} explains nothing"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--random", type=int, default=2000, metavar="N", help="random documents beside the systematic ones")
    parser.add_argument("--vfassign", default=str(ROOT / "build" / "vfassign"), metavar="PROGRAM")
    parser.add_argument("--rules", type=Path, default=HERE / "differences")
    parser.add_argument("--listed", type=Path, default=ROOT / "docs" / "LIBVIRT-DIFFERENCES.md")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the documents there")
    parser.add_argument("--every", action="store_true", help=f"name all documents that differ, not {SHOWN} of a kind")
    return parser.parse_args()


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as temporary:
        try:
            comparison = compare(options, options.keep or Path(temporary))
        except Broken as broken:
            print(f"FAILED: {broken}")
            return 1
    kinds = print_differences(comparison.unexplained, options.every)
    print_summary(comparison)
    others = list(problems(comparison, options))
    print("\n".join(others))
    if comparison.unexplained or others:
        print(f"FAILED: {len(comparison.unexplained)} documents differ as not listed ({kinds} kinds), "
              f"{len(others)} problems of the list")
        return 1
    print(f"passed: {comparison.counts['documents']} documents, {sum(comparison.used.values())} listed differences")
    return 0


if __name__ == "__main__":
    sys.exit(main())
