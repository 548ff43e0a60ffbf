# SPDX-License-Identifier: LGPL-2.1-or-later
"""What vfassign says of a document: `check --json` of many files in one process, `format` of one."""
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from devices import devices_of

BATCH = 200
PARALLEL = 2
TIMEOUT = 60


@dataclass
class Verdict:
    accepted: bool
    errors: list = field(default_factory=list)      # messages
    devices: list = field(default_factory=list)     # of format: canonical text


class Broken(Exception):
    """The command did something that it must never do: crash, hang, or answer nonsense."""


class Subject:
    def __init__(self, program):
        self.program = program
        self.formats = "format" in self.run("--help").stdout.decode().split()

    def run(self, *arguments):
        result = subprocess.run([self.program, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                                timeout=TIMEOUT, check=False)
        if result.returncode < 0 or result.returncode not in (0, 1):
            raise Broken(f"{arguments[0]} {arguments[-1]}: status {result.returncode}: {result.stderr.decode()[-2000:]}")
        return result

    def check(self, paths):
        """{path: Verdict} of `check`, a process for many files."""
        batches = [paths[start:start + BATCH] for start in range(0, len(paths), BATCH)]
        verdicts = {}
        with ThreadPoolExecutor(PARALLEL) as pool:
            for part in pool.map(self.check_batch, batches):
                verdicts.update(part)
        return verdicts

    def check_batch(self, paths):
        answer = json.loads(self.run("check", "--json", *paths).stdout)
        verdicts = {entry["file"]: Verdict(entry["ok"]) for entry in answer["files"]}
        for report in errors_of(answer):
            verdicts[file_of(report["object"], verdicts)].errors.append(report["message"])
        for path in paths:
            verdict = verdicts[path]
            if verdict.accepted == bool(verdict.errors):
                raise Broken(f"check {path}: ok is {verdict.accepted}, errors are {verdict.errors}")
        return verdicts

    def format(self, paths):
        """{path: Verdict} of `format`, a process for each file."""
        with ThreadPoolExecutor(PARALLEL) as pool:
            return dict(zip(paths, pool.map(self.format_one, paths)))

    def format_one(self, path):
        result = self.run("format", path)
        if result.returncode != 0:
            return Verdict(False, error_lines(result.stderr.decode(errors="replace")))
        return Verdict(True, devices=devices_of(result.stdout))


def errors_of(answer):
    return [report for report in answer["reports"] if report["severity"] == "error"]


def file_of(position, files):
    """FILE, FILE:LINE or FILE:LINE:COLUMN"""
    while position and position not in files:
        position = position.rpartition(":")[0]
    if not position:
        raise Broken("a report names none of the files")
    return position


def error_lines(text):
    """FILE:LINE:COLUMN: error: Class: message"""
    return [line.split("error: ", 1)[1].split(": ", 1)[-1] for line in text.splitlines() if "error: " in line]
