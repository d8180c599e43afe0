"""``report.tex``: the scores as a booktabs table for a paper, with the signatures in its caption."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.reports.base import Report
from evalkit.reports.numbers import format_interval
from evalkit.reports.ranks import find_best
from evalkit.reports.table import describe_intervals, list_signatures

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
    """Whether to print the confidence intervals below the scores."""

    def files(self, run: Run) -> dict[str, str]:
        """``report.tex``."""
        return {"report.tex": format_latex_table(run, self.label, intervals=self.intervals)}


def format_latex_table(run: Run, label: str, *, intervals: bool) -> str:
    """The table. Arrows point to better scores; bold is significantly better than every other system."""
    headings = [f"{escape_latex(info.label)} {_choose_arrow(info)}" for info in run.metrics.values()]
    lines = [
        f"% evalkit {run.evalkit_version}, run {' '.join(run.name.split())}; needs \\usepackage{{booktabs}}",
        r"\begin{table}",
        r"\centering",
        rf"\begin{{tabular}}{{l{'r' * len(run.metrics)}}}",
        r"\toprule",
        _join(["System", *headings]),
        r"\midrule",
        *_format_rows(run, intervals=intervals),
        r"\bottomrule",
        r"\end{tabular}",
        rf"\caption{{{_format_caption(run, intervals=intervals)}}}",
        rf"\label{{{label}}}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def escape_latex(text: str) -> str:
    """Text that LaTeX prints unchanged, on one line."""
    return " ".join("".join(_SPECIAL.get(character, character) for character in text).split())


def _format_rows(run: Run, *, intervals: bool) -> list[str]:
    """One row per system, followed by its intervals if it has any."""
    best = find_best(run)
    rows = []
    for name, result in run.systems.items():
        scores = [(result.metrics[key], info) for key, info in run.metrics.items()]
        bold = [name in best[key] for key in run.metrics]
        numbers = [_format_score(*score, bold=flag) for score, flag in zip(scores, bold, strict=True)]
        # after \\ LaTeX would read a name that begins with [ or * as the argument of the line break
        rows.append(_join([f"{{}}{escape_latex(name)}", *numbers]))
        if intervals and any(score.interval for score, _ in scores):
            rows.append(_join(["", *(_format_interval(*score) for score in scores)]))
    return rows


def _join(cells: list[str]) -> str:
    return " & ".join(cells) + r" \\"


def _format_caption(run: Run, *, intervals: bool) -> str:
    sentences = [f"Scores on {escape_latex(run.test_set.name)}, {run.test_set.segments} segments."]
    if any(find_best(run).values()):
        sentences.append(r"\textbf{Bold}: significantly better than every other system.")
    if intervals:
        sentences.append(escape_latex(describe_intervals(run)))
    signatures = [line.partition(": ") for line in list_signatures(run)]
    listed = "; ".join(
        rf"{escape_latex(metric)}: \texttt{{{_allow_breaks(text)}}}" for metric, _, text in signatures
    )
    return " ".join([*sentences, f"Signatures: {listed}."])


def _allow_breaks(signature: str) -> str:
    """A signature with a possible line break after each of its parts."""
    return r"\textbar{}\allowbreak{}".join(map(escape_latex, signature.split("|")))


def _choose_arrow(info: MetricInfo) -> str:
    if info.best_value is not None:
        return rf"$\to {info.best_value:g}$"
    return r"$\uparrow$" if info.higher_is_better else r"$\downarrow$"


def _format_score(score: MetricScore, info: MetricInfo, *, bold: bool) -> str:
    if score.value is None:
        return "--"
    text = f"{score.value:.{info.decimals}f}"
    if text.startswith("-"):
        text = f"${text}$"
    return rf"\textbf{{{text}}}" if bold else text


def _format_interval(score: MetricScore, info: MetricInfo) -> str:
    text = format_interval(score.interval, info.decimals)
    return rf"{{\footnotesize {text}}}" if text else ""
