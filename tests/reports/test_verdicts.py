"""Comparison and verdict as files: JSON, Markdown, JUnit XML, annotations."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from lxml import etree
from miniature import BAD, GOOD
from runs_on_disk import FAST, evaluated

from evalkit.commands.baseline import store
from evalkit.commands.compare import compare_runs
from evalkit.commands.history import trace_runs
from evalkit.comparison.compare import compare
from evalkit.errors import ResultsError
from evalkit.gate import Gate
from evalkit.gate.verdict import Check, Verdict
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Chrf
from evalkit.reports.junit import JUnit, format_junit
from evalkit.reports.markdown.comparison import (
    format_comparison_table,
    render_comparison_report,
    render_comparison_summary,
)
from evalkit.reports.markdown.report import Markdown
from evalkit.reports.markdown.verdict import (
    format_github_annotations,
    format_verdict_lines,
    render_verdict_report,
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two stored runs: *mine* gets worse, and chrF has other settings."""
    folder = tmp_path_factory.mktemp("runs")
    evaluated(folder / "old", [Bleu(), EntityAccuracy(), Chrf()], mine=GOOD)
    evaluated(folder / "new", [Bleu(), EntityAccuracy(), Chrf(beta=3)], mine=BAD)
    return folder / "old" / "out", folder / "new" / "out"


@pytest.fixture
def comparison(runs):
    return compare(*runs, significance=FAST)


GATE = Gate(
    rules={
        "bleu": {"max_drop": 1},
        "chrf": {"max_drop": 1},
        "names": {"metric": "entity_accuracy", "floor": 0.0},
    },
    must_hold=["Kursk"],
    allow=["chrf"],
)


@pytest.fixture
def verdict(runs):
    return compare_runs(runs[0], str(runs[1]), significance=FAST, gate=GATE).verdict


def test_the_report_lists_what_changed(comparison):
    report = render_comparison_report([comparison], 20)
    for part in (
        "# new compared with old",
        "**Scores: 2 not significant, 1 not comparable. Names: 3 broken.**",
        "| mine | chrF | not comparable | the signatures differ: nothing → beta:3 |",
        "## Broken names",
        "| mine | Kursk | LOC | 1 | Kursk (exact) | Corsak (misspelled) | a |",
        "Fewer than 10 units: intervals and p are unreliable.",
        "4 segments, seed 12345",
        "| mine | a | 2 | ",
        "## What changed between the runs",
        "hypotheses.mine",
    ):
        assert part in report, part
    assert "## Fixed names" not in report


def test_the_table_says_the_same_in_plain_text(comparison):
    table = format_comparison_table(comparison)
    assert table.startswith("new compared with old on new\n")
    assert "mine, chrf: the signatures differ: nothing → beta:3" in table
    assert "mine: 3 names broken: " in table
    assert "|" not in table


def test_lists_that_are_cut_say_so(comparison):
    assert "… and 2 more in `comparison.json`." in render_comparison_report([comparison], 1)


def test_a_baseline_without_texts_is_compared(runs, tmp_path):
    store(runs[0], tmp_path / "main")
    report = render_comparison_report([compare(tmp_path / "main", runs[1], significance=FAST)], 20)
    assert "not stored" in report
    assert BAD[1] in report
    store(runs[1], tmp_path / "other")
    assert "Neither run was stored with its texts." in render_comparison_report(
        [compare(tmp_path / "main", tmp_path / "other", significance=FAST)], 20
    )


def test_two_runs_with_nothing_in_common_say_so(comparison):
    rows = tuple(replace(row, status="missing", unit="", units=0) for row in comparison.rows)
    assert "Nothing could be compared." in format_comparison_table(replace(comparison, rows=rows))


def test_the_summary_is_a_table_that_github_shows(comparison):
    lines = render_comparison_summary(comparison).splitlines()
    assert lines[0] == "## new compared with old"
    assert len({line.replace("\\|", "").count("|") for line in lines if line.startswith("|")}) == 1


def test_the_verdict_in_words(verdict):
    lines = format_verdict_lines(verdict).splitlines()
    assert lines[-1] == "gate failed: 2 of 4 checks"
    assert [line.rpartition(": ")[2] for line in lines[:-1]] == ["passed", "allowed", "failed", "failed"]
    report = render_verdict_report(verdict)
    assert report.startswith("## ❌ evalkit: gate failed: 2 of 4 checks\n")
    assert report.count("| failed |") == 2
    assert render_verdict_report(replace(verdict, checks=verdict.checks[2:3])).startswith(
        "## ✅ evalkit: gate passed: 1 check\n"
    )


def test_junit_has_a_case_per_check(verdict):
    root = ET.fromstring(format_junit(verdict))
    (suite,) = root.findall("testsuite")
    assert root.tag == "testsuites"
    assert [suite.get(key) for key in ("name", "tests", "failures", "errors", "skipped")] == [
        "new",
        "4",
        "2",
        "0",
        "1",
    ]
    cases = suite.findall("testcase")
    assert {case.get("classname") for case in cases} == {"new.mine"}
    assert len({case.get("name") for case in cases}) == 4
    failures = {
        case.get("name"): case.find("failure").get("message")
        for case in cases
        if case.find("failure") is not None
    }
    assert set(failures) == {"bleu: bleu (baseline)", "Kursk: must_hold (must hold)"}
    assert failures["Kursk: must_hold (must hold)"].endswith("1 of 1 mentions wrong (Corsak in a): failed")
    assert len(suite.findall("testcase/skipped")) == 1


SCHEMA = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="testsuites"><xs:complexType>
    <xs:sequence><xs:element ref="testsuite" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
    <xs:attribute name="name"/><xs:attribute name="time"/>
    <xs:attribute name="tests" type="xs:nonNegativeInteger"/>
    <xs:attribute name="failures" type="xs:nonNegativeInteger"/>
    <xs:attribute name="errors" type="xs:nonNegativeInteger"/>
    <xs:attribute name="skipped" type="xs:nonNegativeInteger"/>
  </xs:complexType></xs:element>
  <xs:element name="testsuite"><xs:complexType>
    <xs:sequence><xs:element ref="testcase" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
    <xs:attribute name="name" use="required"/><xs:attribute name="tests" use="required"/>
    <xs:attribute name="failures"/><xs:attribute name="errors"/>
    <xs:attribute name="time"/><xs:attribute name="skipped"/>
  </xs:complexType></xs:element>
  <xs:element name="testcase"><xs:complexType>
    <xs:choice minOccurs="0">
      <xs:element ref="failure"/><xs:element ref="skipped"/>
      <xs:element name="system-out" type="xs:string"/>
    </xs:choice>
    <xs:attribute name="name" use="required"/><xs:attribute name="classname" use="required"/>
    <xs:attribute name="time"/>
  </xs:complexType></xs:element>
  <xs:element name="failure"><xs:complexType mixed="true">
    <xs:attribute name="message"/><xs:attribute name="type"/>
  </xs:complexType></xs:element>
  <xs:element name="skipped"><xs:complexType mixed="true">
    <xs:attribute name="message"/><xs:attribute name="type"/>
  </xs:complexType></xs:element>
</xs:schema>
"""
"""The part of the schema of Jenkins' xUnit plugin that covers the elements that evalkit writes."""


def test_junit_keeps_all_text_that_xml_can_hold(verdict):
    name = "می‌خواهم\u00a0東京\u3000都 👨\u200d👩 \u2028 \x00\x1b\ufffe"
    text = format_junit(replace(verdict, checks=(replace(verdict.checks[0], subject=name),)))
    assert name.replace("\x00", "\ufffd").replace("\x1b", "\ufffd").replace(
        "\ufffe", "\ufffd"
    ) in ET.fromstring(text).find("testsuite/testcase").get("name")


def test_junit_is_valid_whatever_the_names(verdict):
    odd = Check(
        rule="r",
        kind="floor",
        run="new",
        system="a\x00b\x1b<&>",
        subject='"x"',
        verdict="failed",
        sentence="a\x07b\ud800 ]]>",
    )
    text = format_junit(replace(verdict, checks=(*verdict.checks, odd)))
    etree.XMLSchema(etree.fromstring(SCHEMA.encode())).assertValid(etree.fromstring(text.encode("utf-8")))


def test_annotations_are_escaped_as_github_requires():
    check = Check(
        rule="a,b",
        kind="floor",
        run="r",
        system="s",
        subject="x",
        verdict="failed",
        sentence="50% of\nall: failed",
    )
    assert (
        format_github_annotations(Verdict(runs=("r",), baseline=None, checks=(check,)))
        == "::error title=evalkit%3A a%2Cb::50%25 of%0Aall: failed"
    )


def test_files_of_a_comparison_with_a_gate(runs, tmp_path):
    compare_runs(
        runs[0],
        str(runs[1]),
        significance=FAST,
        gate=GATE,
        reports=[Markdown(), JUnit()],
        output=tmp_path / "out",
    )
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "comparison.json", "comparison.md", "junit.xml", "verdict.json", "verdict.md",
    ]  # fmt: skip
    verdict = json.loads((tmp_path / "out" / "verdict.json").read_text(encoding="utf-8"))
    assert (verdict["format_version"], verdict["passed"], verdict["baseline"]) == (1, False, "old")
    assert {check["verdict"] for check in verdict["checks"]} == {"passed", "failed", "allowed"}
    record = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
    (stored,) = record["comparisons"]
    assert record["format_version"] == 1
    assert {row["metric"]: row["status"] for row in stored["rows"]}["chrf"] == "not comparable"
    assert stored["significance"]["resamples"] == 50
    compare_runs(runs[0], str(runs[1]), significance=FAST, output=tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["comparison.json"], (
        "the verdict of the earlier gate is removed"
    )


def test_a_comparison_does_not_go_into_a_run(runs):
    for write in (
        lambda out: compare_runs(*map(str, runs), output=out),
        lambda out: trace_runs(list(map(str, runs)), output=out),
    ):
        with pytest.raises(ResultsError, match="contains a run; choose another folder with name=NAME"):
            write(runs[0])
    assert (runs[0] / "run.json").exists()


def test_several_candidates_have_distinct_names_and_the_baseline_is_skipped(runs, tmp_path):
    for index, run in enumerate((runs[1], runs[1], runs[0])):
        store(run, tmp_path / "sweep" / str(index))
    result = compare_runs(tmp_path / "sweep" / "2", str(tmp_path / "sweep"), significance=FAST, gate=GATE)
    assert [comparison.candidate.name for comparison in result.comparisons] == [
        str(tmp_path / "sweep" / str(index)) for index in (0, 1)
    ]
    assert result.left_out == (f"{tmp_path / 'sweep' / '2'}: is the baseline",)
    assert len(ET.fromstring(format_junit(result.verdict)).findall("testsuite")) == 2
    assert len(result.verdict.checks) == 8
