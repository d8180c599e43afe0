"""The verdict of a gate as JUnit XML for CI systems: one test suite per run, one test case per check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from evalkit.reports.base import Report

if TYPE_CHECKING:
    from evalkit.gate.verdict import Check, Verdict
    from evalkit.runs.results import Run


@dataclass(frozen=True, kw_only=True)
class JUnit(Report):
    """``junit.xml``, if there is a gate."""

    def files(self, run: Run) -> dict[str, str]:
        """No files: a run without a gate has no checks."""
        return {}

    def verdict_files(self, verdict: Verdict) -> dict[str, str]:
        """``junit.xml``."""
        return {"junit.xml": format_junit(verdict)}


def format_junit(verdict: Verdict) -> str:
    """The XML as text. A failure that the gate allows counts as skipped."""
    root = ET.Element("testsuites", {"name": "evalkit", **_count(verdict.checks)})
    for run in verdict.runs:
        checks = [check for check in verdict.checks if check.run == run]
        suite = ET.SubElement(root, "testsuite", {"name": _clean(run), **_count(checks)})
        for check in checks:
            _add_case(suite, check)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _add_case(suite: ET.Element, check: Check) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_clean(f"{check.run}.{check.system}"),
        name=_clean(f"{check.subject}: {check.rule} ({check.kind})"),
        time="0",
    )
    sentence = _clean(check.sentence)
    if check.verdict == "failed":
        failure = ET.SubElement(case, "failure", message=sentence, type=check.status or check.kind)
        failure.text = sentence
    elif check.verdict == "allowed":
        ET.SubElement(case, "skipped", message=sentence)
    else:
        ET.SubElement(case, "system-out").text = sentence


def _count(checks: Sequence[Check]) -> dict[str, str]:
    """The attributes of a suite."""
    verdicts = [check.verdict for check in checks]
    return {
        "tests": str(len(verdicts)),
        "failures": str(verdicts.count("failed")),
        "errors": "0",
        "skipped": str(verdicts.count("allowed")),
        "time": "0",
    }


_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _clean(text: str) -> str:
    """Text with U+FFFD in place of the characters that XML 1.0 does not allow."""
    return _NOT_IN_XML.sub("\ufffd", text)
