"""TODO reports.markdown.system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from evalkit.entities.matching import OUTCOMES
from evalkit.reports.names import ENTITIES, Form, hurt_most, not_in_reference, right_and_wrong
from evalkit.reports.table import (
    escape,
    heading,
    interval_note,
    markdown_table,
    notes,
    score_text,
)

if TYPE_CHECKING:
    from evalkit.runs.results import Run, SystemResult
from evalkit.reports.markdown.cells import _count, _doubtful, _more, _number, _score, _share, _signed


def system_report(run: Run, name: str, shown: int) -> str:
    """The report of one system: scores, names hurt most, documents, additions, weakest segments."""
    result = run.systems[name]
    scores = [
        (
            heading(info),
            score_text(score, info),
            f"{score.scored} of {score.scored + score.unscored}",
            score.reason or "",
        )
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
        "\n".join(
            f"- `{run.metrics[key].label}: {score.signature}`"
            for key, score in result.metrics.items()
            if score.signature
        ),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _entities(run: Run, result: SystemResult, shown: int) -> list[str]:
    """Outcomes by type, and the names hurt most with what became of them."""
    rows = result.rows.get(ENTITIES)
    score = result.metrics.get(ENTITIES)
    if (
        not rows or score is None or not score.details
    ):  # no details: none of the names is of a type that counts
        return []
    by_type = [
        [
            kind,
            found["mentions"],
            *(found["counts"][outcome] for outcome in OUTCOMES),
            _score(found["accuracy"]),
            _score(found["soft"]),
        ]
        for kind, found in score.details.items()
    ]
    parts = ["## Names", markdown_table(["Type", "Mentions", *OUTCOMES, "accuracy", "soft"], by_type)]
    scores = score.details["all"]
    parts.append(
        f"Spurious names: {scores['spurious']}. Precision {_score(scores['precision'])}, F1 {_score(scores['f1'])}, "
        f"soft F1 {_score(scores['soft_f1'])}; mean over distinct entities {_score(scores['entities'])}."
    )
    parts.append(_consistency(scores["consistency"]))
    hurt = [
        [of.name, of.type, of.wrong, of.mentions, _forms(map(_became, of.became))] for of in hurt_most(rows)
    ]
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
                else [
                    _share(d.alignment.coverage),
                    _share(d.alignment.words_share),
                    _score(d.alignment.similarity),
                ]
            ),
            *(text(key, d.scores.get(key)) for key in keys),
        ]
        for d in documents
    ]
    aligned = ["Covered", "Words used", "Similarity"] if result.coverage is not None else []
    header = ["Document", "Segments", *aligned, *(run.metrics[key].label for key in keys)]
    order = [f"Worst first, by {run.metrics[keys[-1]].label}."] if keys else []
    return [
        "## Documents",
        *order,
        markdown_table(header, rows[:shown]),
        _more(len(rows) - shown, "documents in `report.json`"),
    ]


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
    rows = [
        [row.document or "", row.segment, row.hypothesis]
        for row in run.segments
        if row.system == name and row.moved
    ]
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
    rows = [
        [addition["document"], addition["after"] or "the beginning", addition["text"]]
        for addition in result.additions
    ]
    return [
        "## Additions",
        "Text that matches nothing in the reference; it does not count in scores of segments (`unit:segment`).",
        markdown_table(["Document", "After segment", "Text"], rows[:shown]),
        _more(len(rows) - shown, "additions in `report.json`"),
    ]


def _omissions(run: Run, name: str, shown: int) -> list[str]:
    rows = [
        [row.document or "", row.segment, row.references[0]]
        for row in run.segments
        if row.system == name and not row.hypothesis.strip()
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
        rows = [
            row
            for row in run.segments
            if row.system == name and _number(row.scores.get(key)) is not None and row.hypothesis.strip()
        ]
        if rows and key != ENTITIES:
            rows.sort(key=lambda row: _signed(row.scores[key], info))
            table = [
                [
                    row.document or "",
                    row.segment,
                    f"{row.scores[key]:.{info.decimals}f}",
                    row.references[0],
                    row.hypothesis,
                ]
                for row in rows[:most]
            ]
            return [
                f"## Weakest segments by {info.label}",
                f"The lowest {len(table)} of {len(rows)}; segments without hypothesis are left out.",
                markdown_table(["Document", "Segment", info.label, "Reference", "Hypothesis"], table),
            ]
    return []
