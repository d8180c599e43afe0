"""The verdict of a gate as JUnit XML, which CI systems show: a test suite per run, a test case per check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from evalkit.gate.verdict import ALLOWED, FAILED
from evalkit.reports.base import Report

if TYPE_CHECKING:
    from evalkit.gate.verdict import Check, Verdict
    from evalkit.runs.results import Run


@dataclass(frozen=True, kw_only=True)
class JUnit(Report):
    """``junit.xml``, where there is a gate."""

    def files(self, run: Run) -> dict[str, str]:
        """Nothing: a run has no checks."""
        return {}

    def verdict_files(self, verdict: Verdict) -> dict[str, str]:
        """See `Report.verdict_files`."""
        return {"junit.xml": junit(verdict)}


def junit(verdict: Verdict) -> str:
    """The XML text; what is allowed counts as skipped."""
    root = ET.Element("testsuites", {"name": "evalkit", **_counts(verdict.checks)})
    for run in verdict.runs:
        checks = [check for check in verdict.checks if check.run == run]
        suite = ET.SubElement(root, "testsuite", {"name": _printable(run), **_counts(checks)})
        for check in checks:
            name = _printable(f"{check.subject}: {check.rule} ({check.kind})")
            case = ET.SubElement(
                suite, "testcase", classname=_printable(f"{run}.{check.system}"), name=name, time="0"
            )
            if check.verdict == FAILED:
                failure = ET.SubElement(
                    case, "failure", message=_printable(check.sentence), type=check.status or check.kind
                )
                failure.text = _printable(check.sentence)
            elif check.verdict == ALLOWED:
                ET.SubElement(case, "skipped", message=_printable(check.sentence))
            else:
                ET.SubElement(case, "system-out").text = _printable(check.sentence)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _counts(checks: Sequence[Check]) -> dict[str, str]:
    verdicts = [check.verdict for check in checks]
    return {
        "tests": str(len(verdicts)),
        "failures": str(verdicts.count(FAILED)),
        "errors": "0",
        "skipped": str(verdicts.count(ALLOWED)),
        "time": "0",
    }


_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _printable(text: str) -> str:
    """Text without the control characters that XML 1.0 cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)
