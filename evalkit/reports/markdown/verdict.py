"""The verdict of a gate: in Markdown, as the lines that the command prints, and as annotations of GitHub Actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.gate.verdict import ALLOWED, PASSED
from evalkit.reports.table import escape, markdown_table

if TYPE_CHECKING:
    from evalkit.gate.verdict import Verdict


def verdict_report(verdict: Verdict) -> str:
    """``verdict.md``: what failed first, then every check. Fit for a pull request or ``$GITHUB_STEP_SUMMARY``."""
    against = f" against {escape(verdict.baseline)}" if verdict.baseline else ""
    parts = [
        f"## {'✅' if verdict.passed else '❌'} evalkit: {verdict.summary}",
        f"{', '.join(map(escape, verdict.runs))}{against}.",
    ]
    if verdict.failed:
        parts.append("\n".join(f"- {escape(check.sentence)}" for check in verdict.failed))
    rows = [[check.verdict, check.rule, check.sentence] for check in verdict.checks]
    parts += [
        "<details><summary>All checks</summary>",
        markdown_table(["Verdict", "Rule", "Check"], rows),
        "</details>",
    ]
    return "\n\n".join(parts) + "\n"


def verdict_lines(verdict: Verdict) -> str:
    """A sentence per check, those that failed last, and the verdict."""
    ordered = sorted(
        verdict.checks,
        key=lambda check: (PASSED, ALLOWED).index(check.verdict) if check.verdict in (PASSED, ALLOWED) else 2,
    )
    many = len(verdict.runs) > 1
    return "\n".join(
        [f"{f'{check.run}: ' if many else ''}{check.sentence}" for check in ordered] + [verdict.summary]
    )


def github_annotations(verdict: Verdict) -> str:
    """A ``::error`` line for each check that failed, as GitHub Actions shows beside the job."""
    lines = [
        f"::error title={_escaped(f'evalkit: {check.rule}', ':,')}::{_escaped(check.sentence)}"
        for check in verdict.failed
    ]
    return "\n".join(lines)


def _escaped(text: str, more: str = "") -> str:
    """Text as workflow commands want it; properties need colons and commas escaped as well."""
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
