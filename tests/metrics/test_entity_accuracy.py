"""Entity accuracy: from verdicts to counts, scores and the audit."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from miniature import in_folder, in_memory, output

from evalkit.data.entity_files import read_entities
from evalkit.data.outputs import read_outputs
from evalkit.errors import MetricError
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.types import EntityFile, Mention

METRIC = EntityAccuracy()
REFERENCE = ["Steve Witkoff flew to Kursk.", "Witkoff met Ushakov."]
HYPOTHESIS = ["Steve Whitcom flew to Kursk.", "Witkoff met Yury Ushakov."]
NAMES = [
    ("Steve Witkoff", "PER", 0, "witkoff"),
    ("Kursk", "LOC", 0, "kursk"),
    ("Witkoff", "PER", 1, "witkoff"),
    ("Ushakov", "PER", 1, "ushakov"),
]


@pytest.fixture
def test_set():
    """The worked example of the module, by hand."""
    mentions = [Mention(s, REFERENCE[s].index(text), REFERENCE[s].index(text) + len(text), text, kind, id_) for text, kind, s, id_ in NAMES]
    return replace(in_memory([REFERENCE], documents=["d", "d"]), entities=EntityFile(tuple(mentions), {}, "file:abc", "none"))


def totals(test_set, hypotheses):
    return METRIC.statistics(test_set, output(hypotheses)).values.sum(axis=0)


def test_worked_example(test_set):
    statistics = METRIC.statistics(test_set, output(HYPOTHESIS))
    total = statistics.values.sum(axis=0)
    assert METRIC.aggregate(total) == 3 / 4
    assert METRIC.segment_scores(statistics.values).tolist() == [1 / 2, 1]
    everything = METRIC.details(test_set, total)["all"]
    assert everything["counts"] == {"exact": 3, "variant": 0, "misspelled": 1, "replaced": 0, "missing": 0}
    assert [everything[key] for key in ("mentions", "accuracy", "exact", "soft")] == [4, 3 / 4, 3 / 4, 3.5 / 4]


def test_rows_tell_what_was_judged(test_set):
    test_set = replace(test_set, segments=(test_set.segments[0], replace(test_set.segments[1], start=29)))
    rows = METRIC.statistics(test_set, output(HYPOTHESIS)).rows
    assert len(rows) == 4
    assert rows[0] == {
        "document": "d",
        "segment": test_set.segments[0].id,
        "start": 0,
        "end": 13,
        "entity": "witkoff",
        "type": "PER",
        "reference": "Steve Witkoff",
        "outcome": "misspelled",
        "reason": "spelling",
        "hypothesis": "Steve Whitcom",
        "similarity": pytest.approx(0.76, abs=0.01),
    }
    text = " ".join(REFERENCE)
    assert [text[row["start"] : row["end"]] for row in rows] == [name[0] for name in NAMES]


def test_details_count_by_type(test_set):
    details = METRIC.details(test_set, totals(test_set, ["Steve Whitcom flew to Belgorod.", "Witkov met no one."]))
    assert list(details) == ["all", "PER", "LOC", "ORG"]
    assert [details[kind]["mentions"] for kind in details] == [4, 3, 1, 0]
    assert details["PER"]["counts"] == {"exact": 0, "variant": 0, "misspelled": 2, "replaced": 0, "missing": 1}
    assert details["LOC"]["counts"]["replaced"] == 1
    assert details["PER"]["soft"] == pytest.approx(1 / 3)


def test_variants_count_as_accurate_and_not_as_exact(test_set):
    details = METRIC.details(test_set, totals(test_set, ["Witkoff flew to KURSK.", "Witkoff met Ushakov."]))["all"]
    assert [details[key] for key in ("accuracy", "exact", "soft")] == [1, 1 / 2, 1]


def test_nothing_to_score_is_nan_or_none_and_never_zero(test_set):
    values = METRIC.statistics(
        replace(test_set, entities=replace(test_set.entities, mentions=test_set.entities.mentions[2:])), output(HYPOTHESIS)
    ).values
    assert math.isnan(METRIC.segment_scores(values)[0])
    assert METRIC.segment_scores(values)[1] == 1
    assert math.isnan(METRIC.aggregate(np.zeros(15)))
    empty = METRIC.details(test_set, np.zeros(15))["all"]
    assert [empty[key] for key in ("mentions", "accuracy", "exact", "soft")] == [0, None, None, None]


def test_statistics_add_up(test_set):
    values = METRIC.statistics(test_set, output(HYPOTHESIS)).values
    assert values.shape == (2, 15)
    assert values.sum() == len(NAMES)
    resampled = np.array([[0, 0], [0, 1], [1, 1]])
    assert METRIC.aggregate(values[resampled].sum(axis=1)).tolist() == [1 / 2, 3 / 4, 1]


@pytest.mark.parametrize("entities", [None, EntityFile((), {}, "none", "abc")])
def test_without_names_it_fails_and_says_both_ways_out(entities):
    test_set = replace(in_memory([REFERENCE]), entities=entities)
    for use in (lambda: METRIC.signature(test_set), lambda: METRIC.statistics(test_set, output(HYPOTHESIS))):
        with pytest.raises(MetricError, match=r"no reviewed names; give an entity file .*, let a model find them \(ner=spacy ner\.model="):
            use()


def test_with_an_entity_file_it_is_scored(test_set):
    assert METRIC.unscored_reason(test_set) is None


def test_files_are_scored_and_their_hashes_signed(tmp_path):
    reader = in_folder(tmp_path, entities=True)
    test_set = reader.read()
    outputs = {found.system: found for found in read_outputs(reader, test_set, str(tmp_path / "systems"))}
    scores = {system: float(METRIC.aggregate(METRIC.statistics(test_set, found).values.sum(axis=0))) for system, found in outputs.items()}
    assert scores == {"good": 1, "bad": 0}
    signature = METRIC.signature(test_set)
    assert f"mentions:{test_set.entities.mentions_origin}|aliases:none|" in signature

    aliases = tmp_path / "aliases.yaml"
    signatures = [signature]
    for form in ("Kiev", "Kijiw"):
        aliases.write_text(f"- {{id: kyiv, forms: [{form}]}}\n", encoding="utf-8")
        signatures.append(METRIC.signature(read_entities(replace(test_set, entities=None), str(tmp_path / "entities.jsonl"), str(aliases))))
    with (tmp_path / "entities.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"document": "a", "text": "cat", "type": "ORG", "entity": "cat"}\n')
    signatures.append(METRIC.signature(reader.read()))
    assert len(set(signatures)) == len(signatures)
