"""``report.tex``: the table of scores for a paper, with booktabs, and with the signatures in its caption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.reports.base import Report
from evalkit.reports.ranks import best
from evalkit.reports.table import interval_note, signature_lines

if TYPE_CHECKING:
    from evalkit.runs.results import MetricInfo, MetricScore, Run

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    **{character: "\\" + character for character in "_&%#${}"},
}


@dataclass(frozen=True, kw_only=True)
class Latex(Report):
    r"""``\input{report.tex}`` in a document with ``\usepackage{booktabs}``."""

    label: str = "tab:scores"
    r"""For ``\ref``."""
    intervals: bool = True
    """Whether the intervals stand under the scores."""

    def files(self, run: Run) -> dict[str, str]:
        """See `Report.files`."""
        return {"report.tex": latex_table(run, self.label, intervals=self.intervals)}


def latex_table(run: Run, label: str, *, intervals: bool) -> str:
    """The table: arrows say which way is better, bold is significantly better than every other system."""
    leads = best(run)
    header = " & ".join(
        ["System", *(f"{escape(info.label)} {_arrow(info)}" for info in run.metrics.values())]
    )
    rows = []
    for name, result in run.systems.items():
        cells = [
            _score(result.metrics[key], info, bold=name in leads[key]) for key, info in run.metrics.items()
        ]
        # after a line break a name that begins with [ or * would be taken for its argument
        rows.append(f"{{}}{escape(name)} & {' & '.join(cells)} \\\\")
        if intervals and any(score.interval for score in result.metrics.values()):
            rows.append(
                " & "
                + " & ".join(_interval(result.metrics[key], info) for key, info in run.metrics.items())
                + r" \\"
            )
    bold = r" \textbf{Bold}: significantly better than every other system." if any(leads.values()) else ""
    how = f" {escape(interval_note(run))}" if intervals else ""
    signatures = "; ".join(
        rf"{escape(line.split(': ', 1)[0])}: \texttt{{{_breakable(line.split(': ', 1)[1])}}}"
        for line in signature_lines(run)
    )
    caption = f"Scores on {escape(run.test_set['name'])}, {run.test_set['segments']} segments.{bold}{how} Signatures: {signatures}."
    columns = "l" + "r" * len(run.metrics)
    lines = [
        f"% evalkit {run.evalkit_version}, run {' '.join(run.name.split())}; needs \\usepackage{{booktabs}}",
        r"\begin{table}",
        r"\centering",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        rf"{header} \\",
        r"\midrule",
        *rows,
        r"\bottomrule",
        r"\end{tabular}",
        rf"\caption{{{caption}}}",
        rf"\label{{{label}}}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Text that LaTeX sets as it stands, on one line."""
    return " ".join("".join(_SPECIAL.get(character, character) for character in text).split())


def _breakable(signature: str) -> str:
    """A signature that may be broken after each of its parts."""
    return r"\textbar{}\allowbreak{}".join(escape(part) for part in signature.split("|"))


def _arrow(info: MetricInfo) -> str:
    return r"$\uparrow$" if info.higher_is_better else r"$\downarrow$"


def _score(score: MetricScore, info: MetricInfo, *, bold: bool) -> str:
    if score.value is None:
        return "--"
    text = f"{score.value:.{info.decimals}f}"
    if text.startswith("-"):
        text = f"${text}$"
    return rf"\textbf{{{text}}}" if bold else text


def _interval(score: MetricScore, info: MetricInfo) -> str:
    if score.interval is None:
        return ""
    low, high = score.interval
    return rf"{{\footnotesize [{low:.{info.decimals}f}, {high:.{info.decimals}f}]}}"
