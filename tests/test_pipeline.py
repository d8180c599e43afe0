"""A run from test set to files, in memory and on disk."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import dataclass, replace

import numpy as np
import pytest
from miniature import BAD, GOOD, REFERENCE, in_folder
from ner_models import spacy_rules

import evalkit
from evalkit import compare, evaluate
from evalkit.data.articles import Articles
from evalkit.errors import ConfigError, MetricError, NerError, ResultsError
from evalkit.metrics.base import Metric, Statistics, describe_class, describe_settings, rebuild
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Chrf, DocumentBleu, Ter
from evalkit.ner.spacy import Spacy
from evalkit.runs.reading import load
from evalkit.runs.slugs import make_slugs
from evalkit.significance.units import Bootstrap, choose_units, resample
from evalkit.types import SystemOutput

FAST = Bootstrap(resamples=50)


@dataclass(frozen=True, kw_only=True)
class Broken(Metric):
    """Fails as told."""

    name: str = "broken"
    label: str = "Broken"
    decimals = 1
    error: str = "MetricError"
    only: str = ""

    def signature(self, test_set):
        return "broken"

    def statistics(self, test_set, output):
        if self.only in ("", output.system):
            raise {"MetricError": MetricError, "RuntimeError": RuntimeError}[self.error]("no luck\ntoday")
        return Statistics(np.ones((len(test_set.segments), 1)))

    def aggregate(self, total):
        return total[..., 0]


def run_in(folder, metrics, **settings):
    reader = in_folder(folder, entities=True)
    return evaluate(
        reader, metrics, systems=str(folder / "systems"), significance=FAST, output=folder / "out", **settings
    ).run


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_run_leaves_what_others_rely_on(tmp_path):
    run_in(tmp_path, [Bleu(), Chrf(), EntityAccuracy()], name="nightly", config={"name": "nightly"})
    out = tmp_path / "out"
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert record["format_version"] == 3
    assert record["name"] == "nightly"
    assert record["config"] == {"name": "nightly"}
    assert record["test_set"]["segments"] == 4
    assert record["test_set"]["fingerprint"].startswith("sha256:")
    assert record["environment"]["packages"]["sacrebleu"]
    score = record["systems"]["good"]["metrics"]["bleu"]
    assert set(score) >= {"value", "signature", "interval", "scored", "unscored", "status"}
    assert (score["status"], score["scored"], score["unscored"]) == ("ok", 4, 0)
    assert score["interval"][0] <= score["value"] <= score["interval"][1]
    segments = rows(out / "segments.jsonl")
    assert [row["system"] for row in segments] == ["bad"] * 4 + ["good"] * 4
    assert set(segments[0]) == {
        "system",
        "document",
        "segment",
        "source",
        "references",
        "hypothesis",
        "scores",
        "start",
        "moved",
        "groups",
    }
    assert (segments[5]["references"], segments[5]["hypothesis"]) == ([REFERENCE[1]], GOOD[1])
    assert segments[0]["scores"]["entity_accuracy"] is None, "a segment without names has no entity score"
    assert sorted(path.name for path in (out / "systems" / "bad").iterdir()) == [
        "entities.jsonl",
        "report.json",
        "report.md",
    ]
    assert not list(out.glob(".incomplete*"))


def test_the_verdict_on_every_name_is_written(tmp_path):
    run = run_in(tmp_path, [EntityAccuracy()])
    verdicts = {row["entity"]: row for row in rows(tmp_path / "out" / "systems" / "bad" / "entities.jsonl")}
    assert {name: row["outcome"] for name, row in verdicts.items()} == {
        "witkoff": "misspelled",
        "kursk": "misspelled",
        "kyiv": "missing",
    }
    assert verdicts["kursk"]["hypothesis"] == "Corsak"
    keys = "document segment entity type reference outcome reason hypothesis similarity".split()
    assert set(keys) <= set(verdicts["kursk"])
    assert run.systems["bad"].metrics["entity_accuracy"].value == 0
    assert run.systems["good"].metrics["entity_accuracy"].value == 1


@pytest.mark.parametrize("aliases", [None, "- {id: kyiv, forms: [Kyiv, Kiev]}"])
def test_without_names_entity_accuracy_fails_and_says_what_to_do(tmp_path, aliases):
    reader = in_folder(tmp_path)
    if aliases:
        (tmp_path / "aliases.yaml").write_text(aliases, encoding="utf-8")
        reader = replace(reader, aliases=str(tmp_path / "aliases.yaml"))
    run = evaluate(
        reader, [Bleu(), EntityAccuracy()], systems=str(tmp_path / "systems"), significance=FAST
    ).run
    score = run.systems["good"].metrics["entity_accuracy"]
    assert (score.status, score.value, score.interval, score.scored) == ("failed", None, None, 0)
    assert run.systems["good"].metrics["bleu"].status == "ok"
    (failure,) = run.failures
    assert failure == (
        "entity_accuracy failed: the test set has no reviewed names; add an entity file (entities.jsonl, test_set.entities=FILE), let a model "
        "find them (ner=spacy ner.model=en_core_web_sm), or leave the metric out: 'metrics=[bleu,chrf]'"
    )


def test_without_a_mention_in_scope_entity_accuracy_is_unscored(tmp_path):
    run = run_in(tmp_path, [EntityAccuracy(types=["ORG"])])
    score = run.systems["good"].metrics["entity_accuracy"]
    assert (score.status, score.value, score.reason) == (
        "unscored",
        None,
        "nothing to score in this test set",
    )
    assert run.failures == []


RULES = {"Steve Witkoff": "PERSON", "Kursk": "GPE", "Kyiv": "GPE"}


def test_a_model_finds_the_names_that_nobody_has_reviewed(tmp_path):
    ner = Spacy(model=str(spacy_rules(tmp_path / "rules", RULES)))
    (tmp_path / "aliases.yaml").write_text("- {id: kiev, forms: [Kyiv, Kiev]}", encoding="utf-8")
    reader = replace(in_folder(tmp_path), aliases=str(tmp_path / "aliases.yaml"))
    run = evaluate(
        reader,
        [EntityAccuracy()],
        systems=str(tmp_path / "systems"),
        ner=ner,
        significance=FAST,
        output=tmp_path / "out",
    ).run
    reviewed = evaluate(
        in_folder(tmp_path, entities=True),
        [EntityAccuracy()],
        systems=str(tmp_path / "systems"),
        significance=FAST,
    ).run
    for system in ("good", "bad"):
        found, expected = (of.systems[system].metrics["entity_accuracy"] for of in (run, reviewed))
        assert (found.value, found.details) == (expected.value, expected.details)
        assert f"|mentions:ner:{ner.signature()}/rules-1|aliases:" in found.signature
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    entities = record["test_set"]["entities"]
    assert (entities["mentions"], entities["origin"]) == (3, f"ner:{ner.signature()}/rules-1")
    assert entities["aliases"] != "none"
    assert record["environment"]["packages"]["spacy"]
    verdicts = {
        row["entity"]: row["outcome"]
        for row in rows(tmp_path / "out" / "systems" / "good" / "entities.jsonl")
    }
    assert verdicts == {"steve-witkoff": "exact", "kursk": "exact", "kiev": "exact"}


def test_reviewed_names_go_before_those_of_a_model_and_the_run_says_so(tmp_path):
    ner = Spacy(model="nowhere")
    run = run_in(tmp_path, [EntityAccuracy()], ner=ner)
    origin = run.test_set.entities.origin
    assert origin.startswith("file:")
    assert (
        run.warnings[0]
        == f"ner is ignored: {run.test_set.name} has reviewed names ({origin}), which are more reliable"
    )


def test_a_model_that_is_not_there_stops_the_run_before_anything_is_scored(tmp_path):
    with pytest.raises(
        NerError, match=r"ner\.model=nowhere: neither an installed spaCy pipeline nor a folder"
    ):
        evaluate(
            in_folder(tmp_path),
            [Bleu()],
            systems=str(tmp_path / "systems"),
            ner=Spacy(model="nowhere"),
            output=tmp_path / "out",
        )
    assert not (tmp_path / "out").exists()


def test_an_empty_hypothesis_is_scored_and_counted(tmp_path):
    run = run_in(tmp_path, [Bleu()])
    assert (run.systems["bad"].empty, run.systems["good"].empty) == (1, 0)
    assert run.systems["bad"].metrics["bleu"].scored == 4
    assert "bad: 1 segment without a hypothesis, scored as empty" in run.warnings


@pytest.mark.parametrize("error", ["MetricError", "RuntimeError"])
def test_a_metric_that_fails_leaves_the_others(tmp_path, error):
    run = run_in(tmp_path, [Broken(error=error), Bleu()])
    failed = run.systems["good"].metrics["broken"]
    assert (failed.status, failed.value) == ("failed", None)
    assert "no luck" in failed.reason
    assert run.systems["good"].metrics["bleu"].status == "ok"
    assert len(run.failures) == 1
    assert "broken failed" in run.failures[0]
    assert load(tmp_path / "out").failures == run.failures
    for report in ("report.md", "systems/good/report.md", "systems/bad/report.md"):
        assert "no luck" in (tmp_path / "out" / report).read_text(encoding="utf-8")


def test_a_metric_that_is_not_available_is_tried_once(tmp_path, monkeypatch):
    """Its signature fails, which does not depend on the system."""
    tried = []

    def fails(_self, _test_set):
        tried.append(1)
        raise MetricError("no model")

    monkeypatch.setattr(Broken, "signature", fails)
    run = run_in(tmp_path, [Broken(), Bleu()])
    assert len(tried) == 1
    assert list(run.systems) == ["bad", "good"]
    for result in run.systems.values():
        score = result.metrics["broken"]
        assert (score.status, score.reason, score.signature) == ("failed", "no model", None)
        assert (score.scored, score.unscored) == (0, 4)
    assert run.failures == ["broken failed: no model"]


def test_settings_that_a_metric_refuses_stop_the_run(tmp_path, monkeypatch):
    def refuses(_self, _test_set, _output):
        raise ConfigError("metrics.broken.model: not set")

    monkeypatch.setattr(Broken, "statistics", refuses)
    with pytest.raises(ConfigError, match=r"metrics\.broken\.model: not set"):
        run_in(tmp_path, [Broken(), Bleu()])
    assert not (tmp_path / "out").exists()


def test_a_metric_may_fail_on_one_system_alone(tmp_path):
    run = run_in(tmp_path, [Broken(only="bad")])
    assert [run.systems[name].metrics["broken"].status for name in ("bad", "good")] == ["failed", "ok"]


def test_a_metric_that_is_not_required_fails_without_failing_the_run(tmp_path):
    run = run_in(tmp_path, [Broken(required=False), Bleu()])
    assert run.failures == []
    assert any("broken: failed" in warning for warning in run.warnings)
    required = run_in(tmp_path, [Broken(), Bleu()])
    assert not any("broken" in warning for warning in required.warnings), "it is among the failures"


def test_systems_are_tested_against_each_other_in_the_direction_of_the_metric(tmp_path):
    """Ten times the four lines: the good system is significantly the best, by a high BLEU and by a low TER."""
    reader = in_folder(tmp_path)
    for path, lines in (("ref.en", REFERENCE), ("docs", "aabb")):
        (tmp_path / path).write_text("".join(f"{line}\n" for line in lines) * 10, encoding="utf-8")
    for name, lines in (("good", GOOD), ("bad", BAD)):
        (tmp_path / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines) * 10, encoding="utf-8")
    systems = {name: tmp_path / f"{name}.txt" for name in ("bad", "good")}
    run = evaluate(
        reader, [Bleu(), Ter()], systems=systems, significance=Bootstrap(resamples=50, trials=200)
    ).run
    for metric, sign in (("bleu", 1), ("ter", -1)):
        (pair,) = run.tests[metric].pairs
        assert (pair.baseline, pair.candidate) == ("bad", "good")
        assert sign * pair.delta > 0
        assert pair.p_randomisation == pair.p_value == 1 / 201
        assert run.tests[metric].leaders == ("good",)


def test_tests_are_in_the_order_of_the_metrics(tmp_path):
    metrics = [Bleu(), DocumentBleu(), Chrf()]
    for given in (metrics, metrics[::-1]):
        run = run_in(tmp_path, given)
        assert list(run.tests) == list(run.metrics) == [metric.name for metric in given]


def test_an_interval_covers_the_share_of_resamples_that_is_asked_for(tmp_path):
    """The values are those of numpy on the scores of the resamples."""
    reader, systems = in_folder(tmp_path), str(tmp_path / "systems")
    test_set = reader.read()
    metric, units = Bleu(), choose_units([None] * 4, Bootstrap())
    values = metric.statistics(test_set, SystemOutput("good", tuple(GOOD))).values
    (sample,) = resample({0: (metric.aggregate, values)}, units, Bootstrap()).values()
    for level in (0.5, 0.95):
        run = evaluate(reader, [metric], systems=systems, significance=Bootstrap(level=level)).run
        expected = np.quantile(sample.scores, [0.5 - level / 2, 0.5 + level / 2])
        assert run.systems["good"].metrics["bleu"].interval == pytest.approx(tuple(expected))


def test_segments_without_a_name_are_not_scored_by_names(tmp_path):
    """Two of four have names."""
    run = run_in(tmp_path, [Bleu(), EntityAccuracy()])
    for metric, expected in (("bleu", (4, 0)), ("entity_accuracy", (2, 2))):
        score = run.systems["good"].metrics[metric]
        assert (score.scored, score.unscored) == expected


def test_what_has_no_score_has_no_details_and_a_part_without_one_is_none_and_not_0(tmp_path):
    """The test set has no organisation."""
    run = run_in(tmp_path, [EntityAccuracy(), EntityAccuracy(name="organisations", types=["ORG"])])
    score, none = (run.systems["bad"].metrics[key] for key in ("entity_accuracy", "organisations"))
    assert score.parts == {"PER": 0, "LOC": 0, "ORG": None, "NORP": None, "MISC": None}
    assert (none.status, none.parts, none.names, none.details) == ("unscored", {}, None, {})


def test_rows_of_segments_say_where_the_segment_starts_in_its_document(tmp_path):
    """Segments are joined by one space; each document starts anew."""
    run = run_in(tmp_path, [Bleu()])
    first, third = (len(REFERENCE[index]) + 1 for index in (0, 2))
    assert [row.start for row in run.segments[:4]] == [0, first, 0, third]


def test_a_reason_that_systems_share_is_told_once(tmp_path):
    run = run_in(tmp_path, [EntityAccuracy(types=["ORG"]), Broken(required=False)])
    assert run.warnings[0] == "entity_accuracy: unscored: nothing to score in this test set"
    assert "broken: failed: no luck" in run.warnings[1]
    assert len(set(run.warnings)) == len(run.warnings)


def test_the_record_names_the_test_that_decides(tmp_path):
    reader, systems = in_folder(tmp_path), str(tmp_path / "systems")
    for trials, test in ((50, "approximate randomisation"), (0, "paired bootstrap")):
        bootstrap = Bootstrap(resamples=50, trials=trials)
        run = evaluate(reader, [Bleu()], systems=systems, significance=bootstrap).run
        assert run.significance.test == test
        (pair,) = run.tests["bleu"].pairs
        assert pair.p_value == (pair.p_randomisation if trials else pair.p_bootstrap)


def test_a_metric_of_whole_documents_counts_documents(tmp_path):
    run = run_in(tmp_path, [Bleu(), DocumentBleu()])
    assert run.test_set.documents == 2
    for metric, expected in (("bleu", (4, 0)), ("d_bleu", (2, 0))):
        score = run.systems["good"].metrics[metric]
        assert (score.scored, score.unscored) == expected
    assert (run.tests["bleu"].unit, run.tests["bleu"].units) == ("segment", 4)
    assert (run.tests["d_bleu"].unit, run.tests["d_bleu"].units) == ("document", 2)


def test_without_documents_there_are_none(tmp_path):
    reader = replace(in_folder(tmp_path), documents=None)
    run = evaluate(reader, [Bleu()], systems=str(tmp_path / "systems"), significance=FAST).run
    assert run.test_set.documents == 0
    assert run.systems["good"].documents == ()


def test_a_hypothesis_of_spaces_alone_is_empty(tmp_path):
    reader = in_folder(tmp_path)
    (tmp_path / "spaces.txt").write_text("one\n \t\n\nfour\n", encoding="utf-8")
    run = evaluate(reader, [Bleu()], systems={"spaces": tmp_path / "spaces.txt"}, significance=FAST).run
    assert run.systems["spaces"].empty == 2


def test_the_share_of_words_used_by_hand(tmp_path):
    """Both segments have a counterpart: 15 of the 18 words; the other 3 match nothing."""
    first, second = "Five countries share the two great rivers.", "On Tuesday he came to the Kazakh capital."
    texts = {"reference.en": [first, second], "mine": [first, "Read also: weather.", second]}
    for folder, lines in texts.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    systems, out = {"mine": tmp_path / "mine"}, tmp_path / "out"
    run = evaluate(Articles(path=str(tmp_path)), [Bleu()], systems=systems, significance=FAST, output=out).run
    result = run.systems["mine"]
    assert [addition.text for addition in result.additions] == ["Read also: weather."]
    record, report = (
        json.loads((out / path).read_text(encoding="utf-8"))
        for path in ("run.json", "systems/mine/report.json")
    )
    assert record["systems"]["mine"]["additions"] == 1
    assert report["additions"][0]["text"] == "Read also: weather."
    assert (result.coverage, result.empty) == (1, 0)
    assert result.words_used == pytest.approx(15 / 18)


def test_the_same_inputs_give_the_same_numbers(tmp_path):
    first, second = (run_in(tmp_path / name, [Bleu(), EntityAccuracy()]) for name in "ab")
    assert first.systems["bad"].metrics == second.systems["bad"].metrics
    assert first.test_set.fingerprint == second.test_set.fingerprint
    assert (tmp_path / "a/out/segments.jsonl").read_bytes() == (
        tmp_path / "b/out/segments.jsonl"
    ).read_bytes()


def test_metrics_given_twice_or_not_at_all_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="metrics: 'bleu' is given twice"):
        run_in(tmp_path, [Bleu(), Bleu(lowercase=True)])
    with pytest.raises(ConfigError, match="no metrics"):
        run_in(tmp_path, [])
    run = run_in(tmp_path, [Bleu(), Bleu(name="bleu_lower", label="BLEU, lower case", lowercase=True)])
    assert set(run.systems["good"].metrics) == {"bleu", "bleu_lower"}


def test_a_stored_run_is_read_back(tmp_path):
    run = run_in(tmp_path, [Bleu(), EntityAccuracy()])
    stored = load(tmp_path / "out")
    assert stored.name == run.name
    for system, result in run.systems.items():
        for key, score in result.metrics.items():
            assert stored.systems[system].metrics[key] == score
    assert stored.systems["bad"].metrics["bleu"].value == run.systems["bad"].metrics["bleu"].value
    assert stored.documents_of_segments == run.documents_of_segments
    assert np.array_equal(stored.statistics["bad"]["bleu"], run.statistics["bad"]["bleu"])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda out: (out / "run.json").unlink(), "no run.json; expected the folder of a finished run"),
        (lambda out: (out / "run.json").write_text("{", encoding="utf-8"), "run.json: cannot be read"),
        (
            lambda out: (out / "run.json").write_text('{"format_version": 99}', encoding="utf-8"),
            "format version 99, and this evalkit reads up to 3; use a newer evalkit",
        ),
        (
            lambda out: (out / "run.json").write_text('{"format_version": 2}', encoding="utf-8"),
            "damaged or edited",
        ),
        (
            lambda out: (out / "statistics.npz").unlink(),
            "statistics.npz missing, which run.json lists",
        ),
        (lambda out: (out / "statistics.npz").write_bytes(b"x"), "statistics.npz: cannot be read"),
        (lambda out: os.truncate(out / "statistics.npz", 300), "statistics.npz: cannot be read"),
    ],
    ids=["no run", "cut", "newer", "edited", "no statistics", "broken statistics", "cut statistics"],
)
def test_a_damaged_run_is_refused(tmp_path, damage, message):
    run_in(tmp_path, [Bleu()])
    damage(tmp_path / "out")
    with pytest.raises(ResultsError, match=message):
        load(tmp_path / "out")


def test_a_full_disk_keeps_the_earlier_run(tmp_path, monkeypatch):
    run_in(tmp_path, [Bleu()])
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}

    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(ResultsError, match="cannot be written: No space left on device; free some space"):
        run_in(tmp_path, [Bleu(lowercase=True)])
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before


def test_a_folder_that_cannot_be_written_is_found_out_before_the_work(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setattr(Bleu, "statistics", lambda *_: pytest.fail("scored before the folder was tried"))
    with pytest.raises(
        ResultsError,
        match=r"file/out.*: cannot be written: Not a directory; choose another folder with hydra.run.dir",
    ):
        evaluate(
            in_folder(tmp_path), [Bleu()], systems=str(tmp_path / "systems"), output=tmp_path / "file" / "out"
        )


def test_a_run_replaces_an_earlier_one_wholly(tmp_path):
    reader = in_folder(tmp_path)
    for systems in (None, ["good"]):
        chosen = str(tmp_path / "systems") if systems is None else str(tmp_path / "systems" / "good.txt")
        evaluate(reader, [Bleu()], systems=chosen, significance=FAST, output=tmp_path / "out")
    assert [path.name for path in (tmp_path / "out" / "systems").iterdir()] == ["good"]


def test_folders_of_systems_are_safe_and_differ():
    names = ["Online-A", "online-a", "a/b", "a b", "система", "..", "", "a:b"]
    assert make_slugs(names) == {
        "Online-A": "Online-A",
        "online-a": "online-a-2",
        "a/b": "a-b",
        "a b": "a-b-2",
        "система": "система",
        "..": "system",
        "": "system-2",
        "a:b": "a-b-3",
    }
    assert make_slugs(["online-a", "Online-A"]) == {"online-a": "online-a", "Online-A": "Online-A-2"}
    assert make_slugs(["con", "COM1", "console", "com"]) == {
        "con": "con-",
        "COM1": "COM1-",
        "console": "console",
        "com": "com",
    }, "Windows has devices of these names"
    assert list(make_slugs(["nul.txt", "lpt9", "a.", ".a", "-.a-"]).values()) == [
        "nul.txt-",
        "lpt9-",
        "a",
        "a-2",
        "a-3",
    ], "whatever their ending, and a name that ends in a dot is one without it"


def test_a_metric_is_rebuilt_from_its_record():
    metric = Bleu(lowercase=True, max_ngram_order=2)
    assert rebuild(describe_class(metric), json.loads(json.dumps(describe_settings(metric)))) == metric
    for name in ("Nope", "Scale", "Statistics", "Metric.Nope", "nowhere.Bleu", "pathlib.Path"):
        with pytest.raises(ResultsError, match=f"metric {name} of a stored run is not available"):
            rebuild(name, {})
    with pytest.raises(ResultsError, match=r"metric Bleu of a stored run is not available: .*'lowrcase'"):
        rebuild("Bleu", {"lowrcase": True})


def test_a_stored_metric_does_not_depend_on_the_module_of_its_class():
    """A class that moves to another module of evalkit keeps its name; one from elsewhere is named with its
    module.
    """
    assert [describe_class(metric()) for metric in (Bleu, DocumentBleu, EntityAccuracy)] == [
        "Bleu",
        "DocumentBleu",
        "EntityAccuracy",
    ]
    assert describe_class(Broken()) == f"{__name__}.Broken"
    for module, name in (
        ("evalkit_more.metrics", "evalkit_more.metrics.Mine"),
        ("evalkit.metrics.new", "Mine"),
    ):
        assert describe_class(type("Mine", (Broken,), {"__module__": module})()) == name


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_a_score_that_is_no_number_is_unscored(tmp_path, monkeypatch, value):
    monkeypatch.setattr(
        Broken,
        "statistics",
        lambda _self, test_set, _output: Statistics(np.ones((len(test_set.segments), 1))),
    )
    monkeypatch.setattr(Broken, "aggregate", lambda _self, total: np.full(total.shape[:-1], value))
    run = run_in(tmp_path, [Broken(), Bleu()])
    score = run.systems["good"].metrics["broken"]
    assert (score.status, score.value, score.scored) == ("unscored", None, 0)
    assert {row["scores"]["broken"] for row in rows(tmp_path / "out" / "segments.jsonl")} == {None}


def test_arguments_of_the_wrong_kind_are_refused(tmp_path):
    reader = in_folder(tmp_path)
    for arguments in (("folder", [Bleu()]), (reader, Bleu()), (reader, ["bleu"])):
        with pytest.raises(ConfigError, match=r"expected a (reader|list of metrics) such as"):
            evaluate(*arguments)


@pytest.mark.parametrize("name", ["a\tb", "a\nb", ""])
def test_names_that_cannot_be_printed_are_refused(tmp_path, name):
    reader = in_folder(tmp_path)
    with pytest.raises(ConfigError, match="expected a printable name"):
        evaluate(reader, [Bleu()], systems={name: tmp_path / "systems" / "good.txt"})


# comparison


def by_key(comparison):
    return {(row.system, row.metric): row for row in comparison.rows}


def test_a_run_compared_with_itself_shows_no_difference(tmp_path):
    run = run_in(tmp_path, [Bleu(), Chrf(), EntityAccuracy()])
    comparison = compare(tmp_path / "out", run, significance=FAST)
    assert [(row.delta, row.p_value, row.status) for row in comparison.rows] == [
        (0, 1, "not significant")
    ] * 6


def test_a_regression_and_an_improvement_are_told_apart(tmp_path):
    reader = in_folder(tmp_path)
    for name, lines in (("old", GOOD), ("new", BAD)):
        (tmp_path / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines * 10), encoding="utf-8")
    (tmp_path / "ref.en").write_text("".join(f"{line}\n" for line in REFERENCE * 10), encoding="utf-8")
    (tmp_path / "docs").write_text("a\n" * 40, encoding="utf-8")
    old, new = (
        evaluate(reader, [Bleu()], systems={"mine": tmp_path / f"{name}.txt"}).run for name in ("old", "new")
    )
    worse, better = (compare(*pair).rows[0] for pair in ((old, new), (new, old)))
    assert (worse.status, better.status) == ("regressed", "improved")
    assert worse.delta == -better.delta
    assert worse.p_value == better.p_value < 0.05
    assert worse.interval[1] < 0


def test_what_cannot_be_compared_says_why(tmp_path):
    beta = [
        evaluate(in_folder(tmp_path / "beta"), [Chrf(beta=b)], systems=str(tmp_path / "beta" / "systems")).run
        for b in (1, 2)
    ]
    assert {row.status for row in compare(*beta).rows} == {"not comparable"}
    one = run_in(tmp_path, [Bleu(), Broken()])
    other = run_in(tmp_path, [Bleu(lowercase=True), Chrf()])
    found = by_key(compare(one, other, significance=FAST))
    assert found["good", "bleu"].status == "not comparable"
    assert "signatures differ" in found["good", "bleu"].reason
    assert found["good", "chrf"].status == found["good", "broken"].status == "missing"
    (tmp_path / "two").mkdir()
    reader = in_folder(tmp_path / "two")
    (tmp_path / "two" / "ref.en").write_text("a\nb\nc\nd\n", encoding="utf-8")
    elsewhere = evaluate(reader, [Bleu()], systems=str(tmp_path / "two" / "systems"), significance=FAST).run
    assert "test sets differ" in by_key(compare(one, elsewhere, significance=FAST))["good", "bleu"].reason


def test_another_source_is_another_test_set(tmp_path):
    """The references are the same; one source differs in one letter."""
    runs = []
    for name, source in (("old", "abcd"), ("new", "abcx")):
        reader = replace(in_folder(tmp_path / name), source="src.ru")
        (tmp_path / name / "src.ru").write_text("".join(f"{line}\n" for line in source), encoding="utf-8")
        runs.append(
            evaluate(reader, [Bleu()], systems=str(tmp_path / name / "systems"), significance=FAST).run
        )
    (reason,) = {row.reason for row in compare(*runs, significance=FAST).rows}
    assert reason == "the test sets differ: other source or references in 1 of 4 segments (b:2)"


def test_version_is_that_of_the_package():
    from importlib.metadata import version

    assert evalkit.__version__ == version("evalkit")
