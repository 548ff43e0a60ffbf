# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rules of the file `differences`: which differences are intended. Each is a section [id] with the keys

refuse = REGEX      we refuse what libvirt's test driver accepts; REGEX matches our message
verbs = …           … with these verbs (default: check format)
accept = REGEX      we accept what libvirt refuses; REGEX matches libvirt's message
document = REGEX    only where the document matches
theirs = s/A/B/     the texts differ: they are equal once this (one line each) is done to libvirt's text …
ours = s/A/B/       … and this to ours; the character behind the s separates
order = REGEX       … and our devices that match are moved to the end
reason = …          why

Regexes are Python's and match anywhere; a substitution is repeated until nothing changes.
"""
import configparser
import re

VERBS = "check format"
REPEATED = 100


class Rule:
    def __init__(self, name, section):
        self.name = name
        self.refuse = lines(section, "refuse")
        self.accept = lines(section, "accept")
        self.document = section.get("document")
        self.verbs = section.get("verbs", VERBS).split()
        self.theirs = [substitution(line) for line in lines(section, "theirs")]
        self.ours = [substitution(line) for line in lines(section, "ours")]
        self.order = section.get("order")
        if not section.get("reason"):
            raise ValueError(f"rule {name} has no reason")

    def needs(self, verbs):
        return bool(self.accept or self.refuse and set(self.verbs) & set(verbs) or "format" in verbs)

    def change(self, theirs, ours):
        """Both texts with the difference gone."""
        if self.order:
            ours = sorted(ours, key=lambda device: bool(re.search(self.order, device)))
        return ([substituted(text, self.theirs) for text in theirs], [substituted(text, self.ours) for text in ours])

    def applies(self, document):
        return not self.document or re.search(self.document, document.text.decode(errors="replace"))


def lines(section, key):
    return [line.strip() for line in section.get(key, "").splitlines() if line.strip()]


def substitution(line):
    """s/A/B/ -> (A, B)"""
    parts = line[1:].split(line[1])
    if line[0] != "s" or len(parts) != 4 or parts[0] or parts[3]:
        raise ValueError(f"not a substitution: {line}")
    _, pattern, replacement, _ = parts
    return re.compile(pattern, re.MULTILINE), replacement


def substituted(text, substitutions):
    for pattern, replacement in substitutions:
        for _ in range(REPEATED):
            text, count = pattern.subn(replacement, text)
            if not count:
                break
    return text


class Rules:
    def __init__(self, path):
        parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
        self.rules = [Rule(name, parser[name]) for name in parser.sections()]

    def names(self, verbs=tuple(VERBS.split())):
        """Of the rules that these verbs can need."""
        return [rule.name for rule in self.rules if rule.needs(verbs)]

    def refusal(self, message, document, verb):
        return self.first(lambda rule: verb in rule.verbs and matches(rule.refuse, message), document)

    def acceptance(self, message, document):
        return self.first(lambda rule: matches(rule.accept, message), document)

    def first(self, condition, document):
        return next((rule.name for rule in self.rules if condition(rule) and rule.applies(document)), None)

    def text(self, document, theirs, ours):
        """The names of the rules that changed something, and all the devices then, as text."""
        used = []
        for rule in self.rules:
            if theirs != ours and rule.applies(document):
                changed = rule.change(theirs, ours)
                if changed != (theirs, ours):
                    used.append(rule.name)
                    theirs, ours = changed
        return used, "\n".join(theirs), "\n".join(ours)


def matches(patterns, message):
    return any(re.search(pattern, message) for pattern in patterns)
