"""What a metric declares decides what is done with it, and never its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from miniature import in_folder

from evalkit import compare, evaluate
from evalkit.entities.audit import AuditRow
from evalkit.gate import Gate, judge
from evalkit.metrics.base import Metric, Statistics
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu
from evalkit.metrics.m_eta import MEta
from evalkit.reports.html import Html
from evalkit.reports.markdown import Markdown
from evalkit.runs.reading import load
from evalkit.runs.texts import read_audit
from evalkit.significance import Bootstrap

FAST = Bootstrap(resamples=50, trials=100)


def run_in(folder, metrics, name="run"):
    return evaluate(
        in_folder(folder, entities=True),
        metrics,
        systems=str(folder / "systems"),
        significance=FAST,
        reports=[Markdown(), Html()],
        output=folder / name,
        name=name,
    ).run


def test_entity_accuracy_under_another_name_is_reported_compared_and_gated_alike(tmp_path):
    metric = EntityAccuracy(name="names", label="Names")
    run = run_in(tmp_path, [Bleu(), metric])
    system = (tmp_path / "run" / "systems" / "bad" / "report.md").read_text(encoding="utf-8")
    assert "## Names" in system
    assert re.search(r"\| Kursk \|.*Corsak", system)
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "Names by type" in page
    assert ">Names</text>" in page, "the axis of the scatter plots"
    assert (
        len((tmp_path / "run" / "systems" / "bad" / "names.jsonl").read_text(encoding="utf-8").split("\n"))
        == 4
    )
    stored = load(tmp_path / "run")
    swapped = compare(stored, stored, significance=FAST, baseline_systems={"bad": "good"})
    assert {change.reference for change in swapped.entities} == {"Steve Witkoff", "Kursk", "Kyiv"}
    gate = Gate(must_hold=["Kursk"], rules={"names": {"type": "PER", "floor": 0.5}})
    verdicts = {(check.rule, check.system): check.verdict for check in judge(gate, [(run, None)]).checks}
    assert verdicts == {
        ("names", "bad"): "failed",
        ("names", "good"): "passed",
        ("must_hold", "bad"): "failed",
        ("must_hold", "good"): "passed",
    }


def test_a_metric_without_verdicts_decides_nothing_about_names(tmp_path):
    """M-ETA has rows on names as well, but they are hits and misses; it is first here."""
    run = run_in(tmp_path, [MEta(), EntityAccuracy()])
    assert run.names_metric == "entity_accuracy"
    assert read_audit(run, "good", "m_eta") is None
    checks = judge(Gate(must_hold=["Kursk"]), [(run, None)]).checks
    assert {check.system: check.verdict for check in checks} == {"bad": "failed", "good": "passed"}


@dataclass(frozen=True, kw_only=True)
class Spotted(Metric):
    """A metric from elsewhere that keeps verdicts: a name is right if its first letter is in the
    hypothesis.
    """

    name: str = "spotted"
    label: str = "Spotted"
    keeps_verdicts: ClassVar[bool] = True

    def signature(self, test_set):
        return "version:1"

    def statistics(self, test_set, output):
        values, rows = np.zeros((len(test_set.segments), 2)), []
        for mention in test_set.entities.mentions:
            segment, text = test_set.segments[mention.segment], output.hypotheses[mention.segment]
            right = mention.text[0] in text
            values[mention.segment] += (right, 1)
            rows.append(
                AuditRow(
                    document=segment.document,
                    segment=segment.id,
                    start=segment.start + mention.start,
                    end=segment.start + mention.end,
                    entity=mention.entity,
                    type=mention.type,
                    reference=mention.text,
                    outcome="exact" if right else "missing",
                    reason="",
                    hypothesis=mention.text[0] if right else "",
                    similarity=None,
                )
            )
        return Statistics(values, audit=tuple(rows))

    def aggregate(self, total):
        return np.divide(
            total[..., 0], total[..., 1], out=np.full_like(total[..., 0], np.nan), where=total[..., 1] > 0
        )


def test_a_metric_from_elsewhere_that_keeps_verdicts_is_compared_and_gated(tmp_path):
    run = run_in(tmp_path, [Bleu(), Spotted()])
    assert [row.outcome for row in read_audit(load(tmp_path / "run"), "bad", "spotted")] == [
        "exact",
        "missing",
        "missing",
    ]
    checks = judge(Gate(must_hold=["Kyiv", "witkoff"]), [(run, None)]).checks
    assert {(c.subject, c.system): c.verdict for c in checks} == {
        ("Kyiv", "bad"): "failed",
        ("Kyiv", "good"): "passed",
        ("witkoff", "bad"): "passed",
        ("witkoff", "good"): "passed",
    }
    stored = load(tmp_path / "run")
    swapped = compare(stored, stored, significance=FAST, baseline_systems={"bad": "good"})
    assert [(change.change, change.entity) for change in swapped.entities] == [
        ("broken", "kursk"),
        ("broken", "kyiv"),
    ]


@pytest.mark.parametrize(
    "package", ["reports", "comparison", "gate", "runs", "evaluation", "commands", "cli"]
)
def test_nothing_outside_the_metrics_asks_for_the_key_of_one(root, package):
    keys = "|".join(path.stem for path in (root / "configs" / "metrics").glob("*.yaml"))
    asks = re.compile(rf"""(==|!=|\bin|\[|get\()\s*["']({keys})["']""")
    for path in (root / "evalkit" / package).rglob("*"):
        if path.suffix in (".py", ".j2", ".js") and path.name != "migrations.py":
            assert not asks.search(path.read_text(encoding="utf-8")), path
