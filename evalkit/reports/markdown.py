"""Reports in Markdown: one for the run, one per system."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.entities.matching import OUTCOMES
from evalkit.reports.base import Report
from evalkit.reports.comparison_markdown import comparison_report
from evalkit.reports.differences import differences_report
from evalkit.reports.history_markdown import history_report
from evalkit.reports.names import ENTITIES, Form, hurt_most, not_in_reference, right_and_wrong
from evalkit.reports.ranks import disagreement, ranks
from evalkit.reports.table import escape, heading, interval_note, markdown_table, notes, score_table, score_text, signature_lines
from evalkit.reports.verdict_markdown import verdict_report
from evalkit.results import FAILED
from evalkit.types import NAME_TYPES

if TYPE_CHECKING:
    from evalkit.comparison import Comparison
    from evalkit.gate import Verdict
    from evalkit.history import History
    from evalkit.results import MetricInfo, Run, SystemResult


@dataclass(frozen=True, kw_only=True)
class Markdown(Report):
    """``report.md`` of the run, and one of each system; ``comparison.md``, ``verdict.md`` and ``history.md`` where there is such."""

    rows: int = 20
    """Rows that a list shows; how many more there are is said, and where."""

    def files(self, run: Run) -> dict[str, str]:
        """See `Report.files`."""
        systems = {f"systems/{result.slug}/report.md": system_report(run, name, self.rows) for name, result in run.systems.items()}
        return {"report.md": run_report(run, self.rows), **systems}

    def comparison_files(self, comparisons: Sequence[Comparison]) -> dict[str, str]:
        """See `Report.comparison_files`."""
        return {"comparison.md": comparison_report(comparisons, self.rows)}

    def verdict_files(self, verdict: Verdict) -> dict[str, str]:
        """See `Report.verdict_files`."""
        return {"verdict.md": verdict_report(verdict)}

    def history_files(self, history: History) -> dict[str, str]:
        """See `Report.history_files`."""
        return {"history.md": history_report(history)}


def run_report(run: Run, shown: int = 20) -> str:
    """The report of a run: scores, differences, ranks, names, signatures."""
    test_set = run.test_set
    languages = " → ".join(filter(None, [test_set["source_language"], test_set["target_language"]]))
    documents = f" in {_count(test_set['documents'], 'document')}" if test_set["documents"] else ""
    header, rows = score_table(run)
    parts = [
        f"# {escape(run.name)}",
        (
            f"{escape(test_set['name'])}, {languages}: {_count(test_set['segments'], 'segment')}{documents}, "
            f"{_count(len(test_set['references']), 'reference')} ({', '.join(map(escape, test_set['references']))}), "
            f"{_count(len(run.systems), 'system')}. evalkit {run.evalkit_version}, {run.created}."
        ),
        "## Scores",
        markdown_table(header, rows),
        interval_note(run),
        *map(escape, notes(run)),
        *_failures(run),
        *differences_report(run, shown),
        *_ranks(run),
        *_outcomes(run),
        *_alignment(run),
        "## Signatures",
        "\n".join(f"- `{line}`" for line in signature_lines(run)) or "No metric got as far as a signature.",
        f"Test set: `{test_set['fingerprint']}`, segments: {escape(test_set['segmentation'])}.",
    ]
    if run.warnings:
        parts += ["## Notes", "\n".join(f"- {escape(warning)}" for warning in run.warnings)]
    links = [f"- [{escape(name)}](systems/{result.slug}/report.md)" for name, result in run.systems.items()]
    return "\n\n".join([*parts, "## Systems", "\n".join(links)]) + "\n"


def system_report(run: Run, name: str, shown: int) -> str:
    """The report of one system: scores, names hurt most, documents, additions, weakest segments."""
    result = run.systems[name]
    scores = [
        (heading(info), score_text(score, info), f"{score.scored} of {score.scored + score.unscored}", score.reason or "")
        for key, info in run.metrics.items()
        for score in [result.metrics[key]]
    ]
    parts = [
        f"# {escape(name)}",
        f"Run {escape(run.name)} on {escape(run.test_set['name'])}; read from {escape(result.origin)}.",
        "## Scores",
        markdown_table(["Metric", "Score", "Segments scored", "Remark"], scores),
        interval_note(run),
        *map(escape, notes(run)),
        *_entities(run, result, shown),
        *_documents(run, result, shown),
        *_doubts(result, shown),
        *_moved_segments(run, name, shown),
        *_additions(result, shown),
        *_omissions(run, name, shown),
        *_weakest(run, name),
        "## Signatures",
        "\n".join(f"- `{run.metrics[key].label}: {score.signature}`" for key, score in result.metrics.items() if score.signature),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _failures(run: Run) -> list[str]:
    """Failed metrics, where nobody can miss them."""
    failed = {
        run.metrics[key].label: score.reason for r in run.systems.values() for key, score in r.metrics.items() if score.status == FAILED
    }
    return [f"**{escape(label)} failed:** {escape(str(reason))}" for label, reason in failed.items()]


def _ranks(run: Run) -> list[str]:
    """The systems ranked by each metric, and the greatest disagreement with entity accuracy."""
    by_metric = ranks(run)
    if len(by_metric) < 2:
        return []
    rows = [[name, *(of[name] for of in by_metric.values())] for name in run.systems]
    parts = ["## Ranks", markdown_table(["System", *(run.metrics[key].label for key in by_metric)], rows)]
    found = disagreement(run)
    if found is not None:
        parts.append(
            f"**{escape(found.system)} is number {found.rank} of {len(rows)} by {run.metrics[found.metric].label} "
            f"but number {found.rank_by_names} by names: {found.wrong:.0%} of them are wrong.**"
            + "".join(f" More are wrong in {escape(name)}: {share:.0%}." for name, share in found.more_wrong[:1])
        )
    return parts


def _outcomes(run: Run) -> list[str]:
    """Counts of the outcomes of names, by system."""
    rows = []
    for name, result in run.systems.items():
        details = result.metrics[ENTITIES].details if ENTITIES in result.metrics else {}
        if details:
            counts = details["all"]["counts"]
            rows.append(
                [
                    name,
                    details["all"]["mentions"],
                    *(counts[outcome] for outcome in OUTCOMES),
                    details["all"]["spurious"],
                    *(_score(details["all"][score]) for score in ("precision", "f1")),
                    *(_score(details[kind]["accuracy"]) for kind in NAME_TYPES),
                ]
            )
    if not rows:
        return []
    header = ["System", "Mentions", *OUTCOMES, "spurious", "precision", "F1", *(f"{kind} accuracy" for kind in NAME_TYPES)]
    return ["## Names", markdown_table(header, rows)]


def _alignment(run: Run) -> list[str]:
    """How much of the articles was compared with something, and which alignments are not to be trusted."""
    aligned = {name: result for name, result in run.systems.items() if result.coverage is not None}
    if not aligned:
        return []
    rows = [
        [
            name,
            _share(result.coverage),
            _share(result.words_used),
            result.empty,
            len(result.additions),
            len(_moved(result)),
            len(_doubtful(result)),
        ]
        for name, result in aligned.items()
    ]
    header = ["System", "Segments covered", "Words used", "Segments without hypothesis", "Additions", "Moved", "Doubtful documents"]
    return ["## Alignment", markdown_table(header, rows)]


def _moved(result: SystemResult) -> list[tuple[str, str]]:
    """Document and segment of what stands elsewhere in the text of a system."""
    return [(d.document, segment) for d in result.documents if d.alignment is not None for segment in d.alignment.moved]


def _doubtful(result: SystemResult) -> list[tuple[str, str]]:
    """Documents whose alignment is not to be trusted, and why."""
    return [(d.document, d.alignment.warning) for d in result.documents if d.alignment is not None and d.alignment.warning]


def _entities(run: Run, result: SystemResult, shown: int) -> list[str]:
    """Outcomes by type, and the names hurt most with what became of them."""
    rows = result.rows.get(ENTITIES)
    score = result.metrics.get(ENTITIES)
    if not rows or score is None or not score.details:  # no details: none of the names is of a type that counts
        return []
    by_type = [
        [kind, found["mentions"], *(found["counts"][outcome] for outcome in OUTCOMES), _score(found["accuracy"]), _score(found["soft"])]
        for kind, found in score.details.items()
    ]
    parts = ["## Names", markdown_table(["Type", "Mentions", *OUTCOMES, "accuracy", "soft"], by_type)]
    scores = score.details["all"]
    parts.append(
        f"Spurious names: {scores['spurious']}. Precision {_score(scores['precision'])}, F1 {_score(scores['f1'])}, "
        f"soft F1 {_score(scores['soft_f1'])}; mean over distinct entities {_score(scores['entities'])}."
    )
    parts.append(_consistency(scores["consistency"]))
    hurt = [[of.name, of.type, of.wrong, of.mentions, _forms(map(_became, of.became))] for of in hurt_most(rows)]
    if hurt:
        parts += [
            "### Names hurt most",
            markdown_table(["Name", "Type", "Wrong", "Mentions", "What became of it"], hurt[:shown]),
            _more(len(hurt) - shown, "names in `entities.jsonl`, which has the verdict on every mention"),
        ]
    mixed = [[*of[:4], _forms(of.forms)] for of in right_and_wrong(rows)]
    if mixed:
        parts += [
            "### Right and wrong in one document",
            markdown_table(["Document", "Name", "Right", "Mentions", "Forms seen"], mixed[:shown]),
            _more(len(mixed) - shown, "names in `entities.jsonl`"),
        ]
    others = not_in_reference(rows)
    if others:
        parts += [
            "### Names that the reference does not have",
            markdown_table(["Document", "Name", "Times"], others[:shown]),
            _more(len(others) - shown, "names in `entities.jsonl`"),
        ]
    return parts


def _consistency(found: Mapping[str, int]) -> str:
    if not found["repeated"]:
        return "No entity has two mentions in one document, so nothing can be said about consistency."
    return (
        f"Of {_count(found['entities'], 'distinct entity', 'distinct entities')} per document, {found['repeated']} have two mentions or more: "
        f"{found['mixed']} right here and wrong there, {found['always_wrong']} always wrong."
    )


def _became(form: Form) -> tuple[str, int]:
    return (f"{form.text} ({form.outcome})" if form.text else "missing", form.times)


def _forms(forms: Iterable[tuple[str, int]]) -> str:
    """``Kursk ×2, Corsak``."""
    return ", ".join(form if times == 1 else f"{form} ×{times}" for form, times in forms)


def _documents(run: Run, result: SystemResult, shown: int) -> list[str]:
    """Scores by document, worst first by the last metric that has any."""
    if not result.documents:
        return []
    keys = [key for key in run.metrics if any(d.scores.get(key) is not None for d in result.documents)]

    def text(key: str, value: float | None) -> str:
        return "–" if _number(value) is None else f"{value:.{run.metrics[key].decimals}f}"

    def badness(scores: Mapping[str, float | None]) -> float:
        value = _number(scores.get(keys[-1])) if keys else None
        return float("inf") if value is None else _signed(value, run.metrics[keys[-1]])

    documents = sorted(result.documents, key=lambda d: badness(d.scores))
    rows = [
        [
            d.document,
            d.segments,
            *(
                []
                if d.alignment is None
                else [_share(d.alignment.coverage), _share(d.alignment.words_share), _score(d.alignment.similarity)]
            ),
            *(text(key, d.scores.get(key)) for key in keys),
        ]
        for d in documents
    ]
    aligned = ["Covered", "Words used", "Similarity"] if result.coverage is not None else []
    header = ["Document", "Segments", *aligned, *(run.metrics[key].label for key in keys)]
    order = [f"Worst first, by {run.metrics[keys[-1]].label}."] if keys else []
    return ["## Documents", *order, markdown_table(header, rows[:shown]), _more(len(rows) - shown, "documents in `report.json`")]


def _doubts(result: SystemResult, shown: int) -> list[str]:
    rows = _doubtful(result)
    if not rows:
        return []
    return [
        "## Documents whose alignment is not to be trusted",
        markdown_table(["Document", "Why"], rows[:shown]),
        _more(len(rows) - shown, "documents in `report.json`"),
    ]


def _moved_segments(run: Run, name: str, shown: int) -> list[str]:
    rows = [[row.document or "", row.segment, row.hypothesis] for row in run.segments if row.system == name and row.moved]
    if not rows:
        return []
    return [
        "## Moved",
        "Segments whose hypothesis stands elsewhere in the text; it is scored as if it stood in its place.",
        markdown_table(["Document", "Segment", "Hypothesis"], rows[:shown]),
        _more(len(rows) - shown, "segments in `segments.jsonl`"),
    ]


def _additions(result: SystemResult, shown: int) -> list[str]:
    if not result.additions:
        return []
    rows = [[addition["document"], addition["after"] or "the beginning", addition["text"]] for addition in result.additions]
    return [
        "## Additions",
        "Text that matches nothing in the reference; it does not count in scores of segments (`unit:segment`).",
        markdown_table(["Document", "After segment", "Text"], rows[:shown]),
        _more(len(rows) - shown, "additions in `report.json`"),
    ]


def _omissions(run: Run, name: str, shown: int) -> list[str]:
    rows = [
        [row.document or "", row.segment, row.references[0]] for row in run.segments if row.system == name and not row.hypothesis.strip()
    ]
    if not rows:
        return []
    return [
        "## Segments without hypothesis",
        markdown_table(["Document", "Segment", "Reference"], rows[:shown]),
        _more(len(rows) - shown, "segments in `segments.jsonl`"),
    ]


def _weakest(run: Run, name: str, most: int = 10) -> list[str]:
    """The segments with the lowest scores in the first metric that scores segments."""
    for key, info in run.metrics.items():
        rows = [row for row in run.segments if row.system == name and _number(row.scores.get(key)) is not None and row.hypothesis.strip()]
        if rows and key != ENTITIES:
            rows.sort(key=lambda row: _signed(row.scores[key], info))
            table = [
                [row.document or "", row.segment, f"{row.scores[key]:.{info.decimals}f}", row.references[0], row.hypothesis]
                for row in rows[:most]
            ]
            return [
                f"## Weakest segments by {info.label}",
                f"The lowest {len(table)} of {len(rows)}; segments without hypothesis are left out.",
                markdown_table(["Document", "Segment", info.label, "Reference", "Hypothesis"], table),
            ]
    return []


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def _signed(value: float | None, info: MetricInfo) -> float:
    return (value or 0.0) if info.higher_is_better else -(value or 0.0)


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _count(number: int, noun: str, plural: str | None = None) -> str:
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _more(left: int, where: str) -> str:
    return f"… and {left} more {where}." if left > 0 else ""
