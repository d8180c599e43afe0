"""The verdict of a gate in Markdown, as the lines that the command prints, and as GitHub annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.reports.markdown.cells import escape, format_list, format_table

if TYPE_CHECKING:
    from evalkit.gate.verdict import Verdict


def render_verdict_report(verdict: Verdict) -> str:
    """``verdict.md``: failed checks, then all checks. Suits a pull request and ``$GITHUB_STEP_SUMMARY``."""
    against = f" against {escape(verdict.baseline)}" if verdict.baseline else ""
    rows = [[check.verdict, check.rule, check.sentence] for check in verdict.checks]
    parts = [
        f"## {'✅' if verdict.passed else '❌'} evalkit: {verdict.summary}",
        f"{', '.join(map(escape, verdict.runs))}{against}.",
        *([format_list(check.sentence for check in verdict.failed)] if verdict.failed else []),
        "<details><summary>All checks</summary>",
        format_table(["Verdict", "Rule", "Check"], rows),
        "</details>",
    ]
    return "\n\n".join(parts) + "\n"


def format_verdict_lines(verdict: Verdict) -> str:
    """A sentence per check, failed ones last, and the verdict."""
    order = {"passed": 0, "allowed": 1}
    checks = sorted(verdict.checks, key=lambda check: order.get(check.verdict, 2))
    many = len(verdict.runs) > 1
    lines = [f"{check.run}: {check.sentence}" if many else check.sentence for check in checks]
    return "\n".join([*lines, verdict.summary])


def format_github_annotations(verdict: Verdict) -> str:
    """A ``::error`` line for each failed check, which GitHub Actions shows with the job."""
    return "\n".join(
        f"::error title={_escape_command(f'evalkit: {check.rule}', ':,')}::{_escape_command(check.sentence)}"
        for check in verdict.failed
    )


def _escape_command(text: str, more: str = "") -> str:
    """Text as a workflow command requires it; properties need colons and commas escaped as well."""
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
