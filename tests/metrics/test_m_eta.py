"""M-ETA: the published counts, the rule, and what an item is."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from miniature import in_memory, output

from evalkit.data.ea_mt import EaMt
from evalkit.data.outputs import read_outputs
from evalkit.errors import MetricError
from evalkit.metrics.m_eta import MEta
from evalkit.types import Alias, EntityFile, Mention

METRIC = MEta()


def total(test_set, found):
    return METRIC.statistics(test_set, found).values.sum(axis=0)


@pytest.mark.parametrize(
    ("locale", "right", "items", "published"),
    # zh_TW is the result stored in the notebook of SapienzaNLP/ea-mt-eval; the others come from its code
    [("zh_TW", 266, 722, 36.84), ("de_DE", 308, 731, 42.13), ("es_ES", 384, 739, 51.96)],
)
def test_the_counts_of_the_shared_task_are_reproduced(shared, locale, right, items, published):
    folder = shared / "ea-mt"
    reader = EaMt(path=str(folder / f"references.{locale}.jsonl"))
    test_set = reader.read()
    (found,) = read_outputs(reader, test_set, {"gpt-4o": str(folder / f"gpt-4o-2024-08-06.{locale}.jsonl")})
    counts = total(test_set, found)
    assert METRIC.details(test_set, counts) == {"right": right, "items": items}
    assert f"{METRIC.aggregate(counts):.{METRIC.decimals}f}" == f"{published}"


NAMES = {
    "Q1_0": ["Burg Liebenzell", "Schloss Liebenzell"],
    "Q1_1": ["Burg Liebenzell"],
    "Q2_0": ["Entenei"],
    "Q3_0": ["Pater Brown"],
    "Q4_0": ["Große Straße"],
}
PREDICTIONS = {
    "Q1_0": ("Wo steht das SCHLOSS LIEBENZELL?", "hit", "SCHLOSS LIEBENZELL"),
    "Q1_1": ("Wo steht das Schloss Liebenzell?", "miss", ""),  # a form of Q1_0 only
    "Q2_0": ("Was sind Enteneier?", "hit", "Entenei"),  # within a word
    "Q3_0": ("Wer spielt Father Brown?", "miss", ""),
    "Q4_0": ("Wo ist die GROSSE STRASSE?", "hit", "GROSSE STRASSE"),
}


def test_worked_example(tmp_path):
    references, predictions = tmp_path / "references.jsonl", tmp_path / "sys.jsonl"
    rows = [
        {
            "id": id_,
            "entity_types": ["Food"],
            "source": "?",
            "targets": [{"translation": f"Wo ist {form}?", "mention": form} for form in forms],
            "source_locale": "en",
            "target_locale": "de",
        }
        for id_, forms in NAMES.items()
    ]
    references.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    lines = [
        json.dumps({"id": id_, "prediction": text}) + "\n"
        for id_, (text, *_) in reversed(PREDICTIONS.items())
    ]
    predictions.write_text("".join(lines), encoding="utf-8")

    reader = EaMt(path=str(references))
    test_set = reader.read()
    (found,) = read_outputs(reader, test_set, str(predictions))
    statistics = METRIC.statistics(test_set, found)
    assert statistics.values.tolist() == [[1, 1], [0, 1], [1, 1], [0, 1], [1, 1]]
    assert METRIC.aggregate(statistics.values.sum(axis=0)) == 60
    assert statistics.rows[0] == {
        "document": None,
        "segment": "Q1_0",
        "entity": "Q1_0",
        "type": "MISC",
        "reference": "Burg Liebenzell",
        "outcome": "hit",
        "hypothesis": "SCHLOSS LIEBENZELL",
    }
    assert [[row["outcome"], row["hypothesis"]] for row in statistics.rows] == [
        expected for _, *expected in PREDICTIONS.values()
    ]


def names(*mentions, aliases=()):
    """A test set of two segments in a document; mentions as segment, text, type, entity."""
    reference = ["Steve Witkoff flew to Kursk. Witkoff met Ushakov.", "Witkoff left."]
    found = tuple(
        Mention(s, reference[s].index(text), reference[s].index(text) + len(text), text, *rest)
        for s, text, *rest in mentions
    )
    entities = EntityFile(
        found, {alias.entity: alias for alias in aliases}, "file:abc", "def" if aliases else "none"
    )
    return replace(in_memory([reference], documents=["d", "d"]), entities=entities)


ARTICLE = [
    (0, "Steve Witkoff", "PER", "witkoff"),
    (0, "Witkoff", "PER", "witkoff"),
    (0, "Kursk", "LOC", "kursk"),
    (1, "Witkoff", "PER", "witkoff"),
]


@pytest.mark.parametrize(
    ("hypothesis", "expected"),
    [
        (["Steve Witkoff flew to Kursk.", "Witkoff left."], [[2, 2], [1, 1]]),
        (["Witkoff flew to Kurskaya.", "He left."], [[2, 2], [0, 1]]),
        (["Mr Uitkoff flew.", "Kursk left."], [[0, 2], [0, 1]]),
        (["", "Steve Witkoff"], [[0, 2], [1, 1]]),
    ],
    ids=["all", "any mention of the segment", "no neighbours", "empty"],
)
def test_an_item_is_an_entity_in_a_segment(hypothesis, expected):
    assert METRIC.statistics(names(*ARTICLE), output(hypothesis)).values.tolist() == expected


def test_the_aliases_of_an_entity_count_for_no_other_entity():
    aliases = [Alias("witkoff", ("Уиткофф",), reject=("Steve Witkoff",)), Alias("other", ("Somebody",))]
    hypothesis = ["уиткофф flew to Somebody.", "Steve Witkoff left."]
    statistics = METRIC.statistics(names(*ARTICLE, aliases=aliases), output(hypothesis))
    assert statistics.values.tolist() == [[1, 2], [1, 1]], "rejected spellings are ignored"
    assert [row["hypothesis"] for row in statistics.rows] == ["уиткофф", "", "Witkoff"]


def test_a_rejected_spelling_alone_is_a_miss():
    test_set = names((1, "Witkoff", "PER", "witkoff"), aliases=[Alias("witkoff", (), reject=("Uitkoff",))])
    assert METRIC.statistics(test_set, output(["", "Uitkoff left."])).values.tolist() == [[0, 0], [0, 1]]


def test_all_types_count():
    mentions = [(0, "Steve Witkoff", "MISC", "a"), (0, "Kursk", "NORP", "b"), (0, "Ushakov", "ORG", "c")]
    assert METRIC.statistics(names(*mentions), output(["steve witkoff, kursk", ""])).values.tolist() == [
        [2, 3],
        [0, 0],
    ]


def test_nothing_to_score_is_nan_and_never_zero():
    test_set = names((0, "Kursk", "LOC", "kursk"))
    values = METRIC.statistics(test_set, output(["Kursk", "x"])).values
    assert METRIC.segment_scores(values)[0] == 100
    assert math.isnan(METRIC.segment_scores(values)[1])
    assert math.isnan(METRIC.aggregate(np.zeros(2)))
    assert METRIC.aggregate(np.array([[1.0, 2], [0, 3]])).tolist() == [50, 0]


def test_without_names_it_is_unscored_for_a_reason():
    test_set = in_memory([["Steve Witkoff flew to Kursk."]])
    assert "entities" in METRIC.unscored_reason(test_set)
    with pytest.raises(MetricError, match="no entity file"):
        METRIC.statistics(test_set, output(["x"]))
    aliases_alone = EntityFile((), {"a": Alias("a", ("A",))}, "none", "def")
    assert METRIC.unscored_reason(replace(test_set, entities=aliases_alone)) is not None
    assert METRIC.unscored_reason(names(*ARTICLE)) is None


def test_the_signature_names_mentions_aliases_and_rule():
    assert (
        METRIC.signature(names(*ARTICLE))
        == "mentions:file:abc|aliases:none|case:casefold|match:substring|version:1"
    )
    assert "|aliases:def|" in METRIC.signature(names(*ARTICLE, aliases=[Alias("witkoff", ("W.",))]))
    assert METRIC.signature(in_memory([["x"]])).startswith("mentions:none|aliases:none|")
