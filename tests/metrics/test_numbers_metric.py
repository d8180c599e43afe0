"""The metric numbers: from verdicts to scores, audit, reports, comparison and gate."""

from __future__ import annotations

import math

import numpy as np
import pytest
from miniature import in_memory, output

from evalkit import compare, evaluate
from evalkit.data.lines import Lines
from evalkit.errors import ConfigError
from evalkit.gate import Gate, judge
from evalkit.metrics.lexical import Bleu
from evalkit.metrics.numbers import Numbers
from evalkit.reports.csv_table import Csv
from evalkit.reports.html import Html
from evalkit.reports.latex import Latex
from evalkit.reports.markdown import Markdown
from evalkit.runs.reading import load
from evalkit.runs.texts import read_audit
from evalkit.significance import Bootstrap

FAST = Bootstrap(resamples=50, trials=100)
REFERENCE = ["On 14 March 2024, 1,000 people paid $2m, 5% more.", "Nobody came."]
HYPOTHESIS = ["On March 14, 1000 people paid 2 million dollars, 6 percent more.", "7 people came."]


def score(references, hypotheses, **settings):
    metric, test_set = Numbers(**settings), in_memory([references])
    statistics = metric.statistics(test_set, output(hypotheses))
    return metric, statistics, statistics.values.sum(axis=0)


def test_the_worked_example_of_the_module():
    metric, statistics, total = score(REFERENCE, HYPOTHESIS)
    assert metric.aggregate(total) == 2 / 4
    scores = metric.name_scores(total).all
    assert dict(scores.counts) == {"exact": 0, "variant": 2, "replaced": 2, "missing": 0}
    assert (scores.mentions, scores.spurious) == (4, 1)
    assert scores.precision == 2 / 5
    assert scores.f1 == pytest.approx(2 * 0.4 * 0.5 / 0.9)
    assert scores.consistency is None
    found = [(row.reference, row.entity, row.outcome, row.reason, row.hypothesis) for row in statistics.audit]
    assert found == [
        ("14 March 2024", "2024-03-14", "replaced", "incomplete", "March 14"),
        ("1,000", "1000", "variant", "format", "1000"),
        ("$2m", "2000000 dollar", "variant", "format", "2 million dollars"),
        ("5%", "5 percent", "replaced", "value", "6 percent"),
        ("", None, "spurious", "", "7"),
    ]


def test_without_numbers_there_is_no_score():
    metric, _, total = score(["Nobody came."], ["7 people came."])
    assert math.isnan(metric.aggregate(total))
    assert np.isnan(metric.segment_scores(score(REFERENCE, HYPOTHESIS)[1].values)[1])


def test_parts_and_types():
    metric, _, total = score(REFERENCE, HYPOTHESIS)
    parts = {name: float(part.aggregate(total)) for name, part in metric.parts().items()}
    assert {name: value for name, value in parts.items() if not math.isnan(value)} == {
        "DATE": 0,
        "NUMBER": 1,
        "MONEY": 1,
        "PERCENT": 0,
    }
    assert score(REFERENCE, HYPOTHESIS, types=["DATE", "NUMBER"])[0].aggregate(total) == 1 / 2
    assert Numbers(types=["DATE"]).signature(in_memory([REFERENCE])) != metric.signature(
        in_memory([REFERENCE])
    )


@pytest.mark.parametrize("types", [[], ["DATE", "DATE"], ["YEAR"]])
def test_unknown_types_are_refused(types):
    with pytest.raises(ConfigError, match="expected distinct types out of NUMBER, DATE"):
        Numbers(types=types)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "systems").mkdir()
    texts = {
        "ref.en": REFERENCE,
        "systems/bad.txt": HYPOTHESIS,
        "systems/good.txt": REFERENCE,
    }
    for path, lines in texts.items():
        (tmp_path / path).write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return tmp_path


def run_in(folder, metrics):
    reader = Lines(path=str(folder), reference=["ref.en"], target_language="en")
    return evaluate(
        reader,
        metrics,
        systems=str(folder / "systems"),
        significance=FAST,
        reports=[Markdown(), Html(), Csv(), Latex()],
        output=folder / "run",
        name="run",
    ).run


def test_reports_comparison_and_gate_know_numbers(folder):
    run = run_in(folder, [Bleu(), Numbers()])
    assert run.names_metric is None, "no name was judged"
    assert run.verdict_metrics == {"numbers": "numbers"}
    report = (folder / "run" / "report.md").read_text(encoding="utf-8")
    assert "## Numbers" in report
    assert "| bad | 4 | 0 | 2 | 2 | 0 | 1 |" in report
    system = (folder / "run" / "systems" / "bad" / "report.md").read_text(encoding="utf-8")
    assert "### Numbers most often wrong" in system
    assert "### Numbers not in the reference" in system
    assert "Spurious numbers: 1. Precision 0.400, F1 0.444." in system
    page = (folder / "run" / "report.html").read_text(encoding="utf-8")
    assert "Numbers by type" in page
    assert '"items":["numbers"]' in page.replace(" ", "")

    stored = load(folder / "run")
    assert [row.outcome for row in read_audit(stored, "bad", "numbers")][-1] == "spurious"
    swapped = compare(stored, stored, significance=FAST, baseline_systems={"bad": "good"})
    assert [change.reference for change in swapped.entities] == ["14 March 2024", "5%"]
    rendered = Markdown().comparison_files([swapped])
    assert "## Broken numbers" in "".join(rendered.values())
    assert "Numbers: 2 broken." in "".join(rendered.values())
    assert "Broken numbers" in "".join(Html().comparison_files([swapped]).values())

    gate = Gate(
        must_hold=["2024-03-14"], rules={"dates": {"metric": "numbers", "type": "DATE", "floor": 0.5}}
    )
    verdicts = {(check.rule, check.system): check.verdict for check in judge(gate, [(run, None)]).checks}
    assert verdicts == {
        ("dates", "bad"): "failed",
        ("dates", "good"): "passed",
        ("must_hold", "bad"): "failed",
        ("must_hold", "good"): "passed",
    }
