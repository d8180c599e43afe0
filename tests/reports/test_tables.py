"""Tables for spreadsheets, papers and terminals."""

from __future__ import annotations

import csv
import re
from dataclasses import replace

import pytest
from miniature import in_folder

from evalkit import evaluate
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Ter
from evalkit.reports.csv_table import HEADER, Csv
from evalkit.reports.latex import Latex, escape_latex
from evalkit.reports.table import describe_intervals, format_plain_table, list_notes, list_signatures
from evalkit.reports.terminal import draw_table
from evalkit.significance.units import Bootstrap

ODD = r"a_b&c%d#e$f{g}h~i^j\k, <l>|'m'" + '"n"'


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two systems, one with an odd name, and a metric that fails."""
    folder = tmp_path_factory.mktemp("mini")
    systems = {ODD: folder / "systems" / "good.txt", "bad": folder / "systems" / "bad.txt"}
    return evaluate(
        in_folder(folder),
        [Bleu(), Ter(), EntityAccuracy()],
        systems=systems,
        significance=Bootstrap(resamples=50, trials=50),
        name="mini",
    ).run


@pytest.fixture
def leading(run):
    """The same run, with the first system significantly better than the other by BLEU."""
    return replace(run, tests={"bleu": replace(run.tests["bleu"], leaders=(ODD,))})


def test_csv_has_a_row_per_system_and_metric(leading):
    text = Csv().files(leading)["report.csv"]
    rows = list(csv.DictReader(text.splitlines()))
    assert tuple(rows[0]) == HEADER
    assert [(row["system"], row["metric"]) for row in rows] == [
        (s, m) for s in (ODD, "bad") for m in ("bleu", "ter", "entity_accuracy")
    ]
    bleu, ter, names = rows[:3]
    score = leading.systems[ODD].metrics["bleu"]
    assert float(bleu["value"]) == score.value, "full precision"
    assert (float(bleu["low"]), float(bleu["high"])) == score.interval
    assert (bleu["best"], ter["best"], rows[3]["best"]) == ("True", "False", "False")
    assert (ter["higher_is_better"], bleu["signature"]) == ("False", score.signature)
    assert (names["status"], names["value"], names["low"]) == ("failed", "", "")
    assert names["reason"].startswith("the test set has no reviewed names")


def test_latex_escapes_everything():
    assert escape_latex(ODD) == (
        r"a\_b\&c\%d\#e\$f\{g\}h\textasciitilde{}i\textasciicircum{}j\textbackslash{}k, "
        r"\textless{}l\textgreater{}\textbar{}'m'"
        '"n"'
    )
    assert escape_latex("two\nlines") == "two lines"


def test_latex_has_booktabs_and_signatures_in_the_caption(leading):
    table = Latex().files(leading)["report.tex"]
    lines = table.splitlines()
    for part in (r"\toprule", r"\midrule", r"\bottomrule", r"\begin{tabular}{lrrr}", r"\label{tab:scores}"):
        assert lines.count(part) == 1
    assert r"System & BLEU $\uparrow$ & TER $\downarrow$ & Entity accuracy $\uparrow$ \\" in lines
    (row,) = (line for line in lines if line.startswith("{}" + escape_latex(ODD)))
    assert re.fullmatch(
        r"\\textbf\{[\d.]+\} & [\d.]+ & -- \\\\", row.removeprefix("{}" + escape_latex(ODD) + " & ")
    )
    caption = next(line for line in lines if line.startswith(r"\caption"))
    assert r"BLEU: \texttt{nrefs:1\textbar{}\allowbreak{}case:mixed\textbar{}\allowbreak{}eff:no" in caption
    assert r"95\% confidence interval" in caption
    without = re.sub(r"\\[a-zA-Z]+|\\.", "", table)
    assert without.count("{") == without.count("}")
    assert not re.search(r"[_#^~]", without)
    assert "95" not in Latex(intervals=False).files(leading)["report.tex"]


def test_on_a_terminal_the_best_is_marked_and_coloured(leading, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = draw_table(leading, 160)
    assert re.search(r"\x1b\[1;32m★ [\d.]+\x1b\[0m", shown)
    assert re.search(r"\x1b\[1;31m *failed", shown)


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colours_can_be_switched_off_and_nothing_is_lost(leading, monkeypatch, variable, value):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv(variable, value)
    shown = draw_table(leading, 200)
    assert "\x1b" not in shown
    for cell in re.split(r"\s{2,}|\n", format_plain_table(leading).split("\n\n")[0]):
        assert cell in shown or set(cell) == {"-"}
    assert "BLEU: nrefs:1|" in shown


def test_a_narrow_terminal_still_has_all_numbers(leading, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    shown = re.sub(r"\s", "", draw_table(leading, 60))
    assert f"{leading.systems['bad'].metrics['bleu'].value:.1f}" in shown


# what belongs to a table


@pytest.mark.parametrize(("documents", "warned"), [(0, False), (1, True), (9, True), (10, False)])
def test_intervals_are_unreliable_with_one_to_nine_documents(run, documents, warned):
    of = replace(run, test_set=replace(run.test_set, documents=documents))
    assert ("Fewer than 10 documents: the intervals are unreliable." in describe_intervals(of)) == warned


def test_the_sentence_on_intervals_says_how_they_were_made(run):
    how = replace(run.significance, resamples=700, trials=0, level=0.9, seed=3, unit="segment", units=4)
    of = replace(run, significance=how, test_set=replace(run.test_set, documents=0))
    expected = "In brackets: 90% confidence interval, percentile bootstrap over 4 segments{} (700 resamples, seed 3)."
    assert describe_intervals(of) == expected.format("")
    by_document = replace(run.tests["ter"], unit="document", units=2)
    assert describe_intervals(replace(of, tests={**run.tests, "ter": by_document})) == expected.format(
        ", for TER over documents"
    )
    without = replace(of, significance=replace(how, resamples=0, trials=500))
    assert describe_intervals(without) == "No confidence intervals (significance.resamples=0)."


def test_a_signature_is_listed_once_and_every_other_one_too(run):
    """The first system has another signature than the second in BLEU, and none in TER."""
    assert [line.partition(": ")[0] for line in list_signatures(run)] == ["BLEU", "TER"], "names have failed"
    scores = run.systems["bad"].metrics
    changed = {
        **scores,
        "bleu": replace(scores["bleu"], signature="another"),
        "ter": replace(scores["ter"], signature=None),
    }
    of = replace(run, systems={**run.systems, "bad": replace(run.systems["bad"], metrics=changed)})
    bleu, ter = (run.systems[ODD].metrics[key].signature for key in ("bleu", "ter"))
    assert list_signatures(of) == ["BLEU: another", f"BLEU: {bleu}", f"TER: {ter}"]


def test_notes_are_those_of_all_metrics_that_have_one(run):
    metrics = {key: replace(info, note="") for key, info in run.metrics.items()}
    metrics["bleu"] = replace(metrics["bleu"], note="Mind the gap.")
    metrics["ter"] = replace(metrics["ter"], note="Mind the edits.", required=False)
    assert list_notes(replace(run, metrics=metrics)) == ["Mind the gap.", "Mind the edits."]
