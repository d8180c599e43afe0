"""Entity accuracy: from verdicts to counts, scores and the audit."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from miniature import in_folder, in_memory, output

from evalkit.data.entity_files import read_entities
from evalkit.data.outputs import read_outputs
from evalkit.entities.matching import OUTCOMES
from evalkit.errors import ConfigError, MetricError
from evalkit.metrics.entity_accuracy import SCORES, EntityAccuracy
from evalkit.runtime.json_text import to_json
from evalkit.types import ENTITY_TYPES, EntityFile, Mention

METRIC = EntityAccuracy()
REFERENCE = ["Steve Witkoff flew to Kursk.", "Witkoff met Ushakov."]
HYPOTHESIS = ["Steve Whitcom flew to Kursk.", "Witkoff met Yury Ushakov."]
NAMES = [
    ("Steve Witkoff", "PER", 0, "witkoff"),
    ("Kursk", "LOC", 0, "kursk"),
    ("Witkoff", "PER", 1, "witkoff"),
    ("Ushakov", "PER", 1, "ushakov"),
]


COLUMNS = 31
"""Five types with five outcomes each, then spurious names, entities, their accuracy, repeated, mixed,
always wrong.
"""


def with_names(references, names, documents=None):
    """A test set with names: text, type, segment, entity. A name that is listed again is its next
    occurrence.
    """
    mentions, ends = [], {}
    for text, kind, segment, entity in names:
        start = references[segment].index(text, ends.get((text, segment), 0))
        ends[text, segment] = start + len(text)
        mentions.append(Mention(segment, start, start + len(text), text, kind, entity))
    return replace(
        in_memory([references], documents=documents),
        entities=EntityFile(tuple(mentions), {}, "file:abc", "none"),
    )


@pytest.fixture
def test_set():
    """The worked example of the module, by hand."""
    return with_names(REFERENCE, NAMES, ["d", "d"])


def totals(test_set, hypotheses):
    return METRIC.statistics(test_set, output(hypotheses)).values.sum(axis=0)


def details_of(metric, total):
    """The scores by type as `run.json` has them."""
    return to_json(metric.name_scores(total).rows)


def rows_of(test_set, system):
    """The audit as `entities.jsonl` has it."""
    return [to_json(row) for row in METRIC.statistics(test_set, system).audit]


def test_worked_example(test_set):
    statistics = METRIC.statistics(test_set, output(HYPOTHESIS))
    total = statistics.values.sum(axis=0)
    assert METRIC.aggregate(total) == 3 / 4
    assert METRIC.segment_scores(statistics.values).tolist() == [1 / 2, 1]
    everything = details_of(METRIC, total)["all"]
    assert everything["counts"] == {"exact": 3, "variant": 0, "misspelled": 1, "replaced": 0, "missing": 0}
    assert [everything[key] for key in ("mentions", "accuracy", "exact", "soft")] == [
        4,
        3 / 4,
        3 / 4,
        3.5 / 4,
    ]
    assert everything["consistency"] == {"entities": 3, "repeated": 1, "mixed": 1, "always_wrong": 0}


def test_the_audit_says_where_the_judged_words_stand(test_set):
    hypotheses = ["Steve Whitcom flew to Kursk with Merkel.", "So Witkoff left."]
    rows = rows_of(test_set, output(hypotheses))
    assert [(row["hypothesis"], row["outcome"], row["found"]) for row in rows] == [
        ("Steve Whitcom", "misspelled", {"segment": "1", "start": 0, "end": 13}),
        ("Kursk", "exact", {"segment": "1", "start": 22, "end": 27}),
        ("Witkoff", "exact", {"segment": "2", "start": 3, "end": 10}),
        ("", "missing", None),
        ("Merkel", "spurious", {"segment": "1", "start": 33, "end": 39}),
    ]


WORKED = [
    # hypotheses; E, V, M, R, D, S; accuracy, exact, soft, precision, F1, soft F1, entities
    (
        ["Steve Whitcom flew to Kursk.", "Witkoff met Ushakov."],
        (3, 0, 1, 0, 0, 0),
        (3 / 4, 3 / 4, 3.5 / 4, 3 / 4, 3 / 4, 3.5 / 4, 2.5 / 3),
    ),
    (
        ["Steve Whitcom flew to Kursk with Lavrov and Merkel.", "WITKOFF left."],
        (1, 1, 1, 0, 1, 2),
        (2 / 4, 1 / 4, 2.5 / 4, 2 / 5, 4 / 9, 5 / 9, (1 / 2 + 1 + 0) / 3),
    ),
    (
        ["Steve Whitcom flew to Belgorod with Lavrov.", "Witkoff left."],
        (1, 0, 1, 1, 1, 1),
        (1 / 4, 1 / 4, 1.5 / 4, 1 / 4, 2 / 8, 3 / 8, (1 / 2 + 0 + 0) / 3),
    ),
    (["", ""], (0, 0, 0, 0, 4, 0), (0, 0, 0, None, 0, 0, 0)),
]


@pytest.mark.parametrize(("hypotheses", "counts", "scores"), WORKED)
def test_every_score_by_hand(test_set, hypotheses, counts, scores):
    total = totals(test_set, hypotheses)
    details = details_of(METRIC, total)["all"]
    assert (*details["counts"].values(), details["spurious"]) == counts
    for score, expected in zip(SCORES, scores, strict=True):
        assert details[score] == (None if expected is None else pytest.approx(expected)), score
        headline = float(EntityAccuracy(score=score).aggregate(total))
        assert math.isnan(headline) if expected is None else headline == pytest.approx(expected), score


def by_definition(counts, spurious, entities, accuracy_of_entities):
    """The scores from counts by outcome, as the module defines them."""
    e, v, m, r, d = counts

    def ratio(part, whole):
        return part / whole if whole else None

    def f(precision, recall):
        return 2 * precision * recall / (precision + recall) if precision and recall else 0

    n, named = e + v + m + r + d, e + v + m + r + spurious
    accuracy, precision = ratio(e + v, n), ratio(e + v, named)
    soft, soft_precision = ratio(e + v + m / 2, n), ratio(e + v + m / 2, named)
    both = n and named  # else there is no precision or no recall, and F1 is left to other tests
    return {
        "accuracy": accuracy,
        "exact": ratio(e, n),
        "soft": soft,
        "precision": precision,
        "entities": ratio(accuracy_of_entities, entities),
    } | ({"f1": f(precision, accuracy), "soft_f1": f(soft_precision, soft)} if both else {})


COUNTS = st.lists(st.integers(0, 5), min_size=COLUMNS, max_size=COLUMNS)


@given(COUNTS, st.lists(st.sampled_from(ENTITY_TYPES), min_size=1, unique=True))
def test_scores_follow_their_definitions(values, types):
    outcomes = [sum(values[ENTITY_TYPES.index(kind) * 5 + place] for kind in types) for place in range(5)]
    for score, expected in by_definition(outcomes, *values[25:28]).items():
        found = float(EntityAccuracy(score=score, types=types).aggregate(np.array(values, dtype=float)))
        assert math.isnan(found) if expected is None else found == pytest.approx(expected), score


@pytest.mark.parametrize("score", SCORES)
@given(st.lists(COUNTS, min_size=1, max_size=4))
def test_many_sums_are_scored_at_once_as_one_by_one(score, rows):
    metric, values = EntityAccuracy(score=score), np.array(rows, dtype=float)
    alone = [metric.aggregate(row) for row in values]
    np.testing.assert_array_equal(metric.aggregate(values), alone)
    np.testing.assert_array_equal(
        metric.aggregate(values[:, None, :].repeat(2, axis=1)), np.stack([alone, alone], axis=1)
    )


def test_rows_tell_what_was_judged(test_set):
    test_set = replace(test_set, segments=(test_set.segments[0], replace(test_set.segments[1], start=29)))
    rows = rows_of(test_set, output(["Steve Whitcom flew to Kursk.", "Witkoff met Ushakov and Lavrov."]))
    assert len(rows) == 5
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
        "found": {"segment": test_set.segments[0].id, "start": 0, "end": 13},
    }
    text = " ".join(REFERENCE)
    assert [text[row["start"] : row["end"]] for row in rows[:4]] == [name[0] for name in NAMES]
    assert rows[4] == {
        "document": "d",
        "segment": test_set.segments[1].id,
        "start": None,
        "end": None,
        "entity": None,
        "type": None,
        "reference": "",
        "outcome": "spurious",
        "reason": "",
        "hypothesis": "Lavrov",
        "similarity": None,
        "found": {"segment": test_set.segments[1].id, "start": 24, "end": 30},
    }
    assert all(set(row) == set(rows[0]) for row in rows)


def test_details_count_by_type(test_set):
    details = details_of(METRIC, totals(test_set, ["Steve Whitcom flew to Belgorod.", "Witkov met no one."]))
    assert list(details) == ["all", "PER", "LOC", "ORG"]
    assert [details[kind]["mentions"] for kind in details] == [4, 3, 1, 0]
    assert details["PER"]["counts"] == {
        "exact": 0,
        "variant": 0,
        "misspelled": 2,
        "replaced": 0,
        "missing": 1,
    }
    assert details["LOC"]["counts"]["replaced"] == 1
    assert details["PER"]["soft"] == pytest.approx(1 / 3)


def test_variants_count_as_accurate_and_not_as_exact(test_set):
    details = details_of(METRIC, totals(test_set, ["Witkoff flew to KURSK.", "Witkoff met Ushakov."]))["all"]
    assert [details[key] for key in ("accuracy", "exact", "soft")] == [1, 1 / 2, 1]


def test_nothing_to_score_is_nan_or_none_and_never_zero(test_set):
    values = METRIC.statistics(
        replace(test_set, entities=replace(test_set.entities, mentions=test_set.entities.mentions[2:])),
        output(HYPOTHESIS),
    ).values
    assert math.isnan(METRIC.segment_scores(values)[0])
    assert METRIC.segment_scores(values)[1] == 1
    empty = details_of(METRIC, np.zeros(COLUMNS))["all"]
    assert empty["mentions"] == empty["spurious"] == 0
    for score in SCORES:
        assert math.isnan(EntityAccuracy(score=score).aggregate(np.zeros(COLUMNS)))
        assert empty[score] is None


def test_spurious_names_alone_make_a_precision_of_zero_and_no_accuracy(test_set):
    entities = replace(test_set.entities, mentions=test_set.entities.mentions[:2])
    values = METRIC.statistics(
        replace(test_set, entities=entities), output(["Steve Witkoff flew to Kursk.", "Then he met Lavrov."])
    ).values
    assert math.isnan(METRIC.aggregate(values[1]))
    assert EntityAccuracy(score="precision").aggregate(values[1]) == 0
    assert EntityAccuracy(score="precision").aggregate(values.sum(axis=0)) == 2 / 3


def test_statistics_add_up(test_set):
    values = METRIC.statistics(test_set, output(HYPOTHESIS)).values
    assert values.shape == (2, COLUMNS)
    assert values[:, : len(ENTITY_TYPES) * len(OUTCOMES)].sum(axis=1).tolist() == [2, 2]
    resampled = np.array([[0, 0], [0, 1], [1, 1]])
    assert METRIC.aggregate(values[resampled].sum(axis=1)).tolist() == [1 / 2, 3 / 4, 1]


BIDEN = "Biden said that Biden saw Biden."
REPEATED = [
    # document a: Biden right, wrong, right; Putin twice wrong; Merz twice right; Kursk once wrong. document
    # b: Biden right
    ("Biden", "PER", 0, "biden"),
    ("Biden", "PER", 0, "biden"),
    ("Biden", "PER", 0, "biden"),
    ("Putin", "PER", 1, "putin"),
    ("Putin", "PER", 1, "putin"),
    ("Merz", "PER", 2, "merz"),
    ("Merz", "PER", 2, "merz"),
    ("Kursk", "LOC", 2, "kursk"),
    ("Biden", "PER", 3, "biden"),
]
SOURCES = [BIDEN, "Then Putin said no to Putin.", "Merz left Kursk when Merz won.", "Then Biden slept."]
OUTPUTS = [
    "Biden said that Rubio saw Biden.",
    "Then somebody said no to none.",
    "Merz left Corsak when Merz won.",
    "Then Biden slept.",
]


def test_consistency_by_hand():
    test_set = with_names(SOURCES, REPEATED, ["a", "a", "a", "b"])
    values = METRIC.statistics(test_set, output(OUTPUTS)).values
    details = details_of(METRIC, values.sum(axis=0))["all"]
    assert details["consistency"] == {"entities": 5, "repeated": 3, "mixed": 1, "always_wrong": 1}
    assert details["entities"] == pytest.approx((2 / 3 + 0 + 1 + 0 + 1) / 5)
    # an entity counts in the segment that has it first
    assert details_of(METRIC, values[1])["all"]["consistency"] == {
        "entities": 1,
        "repeated": 1,
        "mixed": 0,
        "always_wrong": 1,
    }


def test_without_documents_every_segment_has_entities_of_its_own():
    names = [("Biden", "PER", 0, "biden"), ("Biden", "PER", 1, "biden")]
    references, hypotheses = (
        ["Then Biden spoke.", "Then Biden slept."],
        ["Then Biden spoke.", "Then he slept."],
    )
    lines, document = with_names(references, names), with_names(references, names, ["d", "d"])
    assert details_of(METRIC, totals(lines, hypotheses))["all"]["consistency"] == {
        "entities": 2,
        "repeated": 0,
        "mixed": 0,
        "always_wrong": 0,
    }
    assert details_of(METRIC, totals(document, hypotheses))["all"]["consistency"] == {
        "entities": 1,
        "repeated": 1,
        "mixed": 1,
        "always_wrong": 0,
    }


def test_statistics_of_two_documents_are_those_of_each(test_set):
    both = with_names(SOURCES, REPEATED, ["a", "a", "a", "b"])
    first = with_names(SOURCES[:3], REPEATED[:-1], ["a", "a", "a"])
    second = with_names(SOURCES[3:], [("Biden", "PER", 0, "biden")], ["b"])
    apart = [
        METRIC.statistics(first, output(OUTPUTS[:3])).values,
        METRIC.statistics(second, output(OUTPUTS[3:])).values,
    ]
    np.testing.assert_array_equal(METRIC.statistics(both, output(OUTPUTS)).values, np.concatenate(apart))


@pytest.mark.parametrize(
    ("types", "mentions", "accuracy", "entities"),
    [
        (["PER", "LOC", "ORG"], 3, 2 / 3, 3 / 4),
        (["PER"], 2, 1 / 2, 1 / 2),
        (["LOC"], 1, 1, 1),
        (["NORP"], 1, 0, 0),
        (["NORP", "PER"], 3, 1 / 3, 1 / 4),
        (["MISC"], 0, None, None),
    ],
)
def test_types_say_what_counts(types, mentions, accuracy, entities):
    names = [
        ("Biden", "PER", 0, "biden"),
        ("Kursk", "LOC", 0, "kursk"),
        ("Danish", "NORP", 0, "danes"),
        ("Biden", "PER", 1, "biden"),
    ]
    test_set = with_names(["Biden saw Danish troops near Kursk.", "Then Biden slept."], names, ["d", "d"])
    metric = EntityAccuracy(types=types)
    total = metric.statistics(test_set, output(["Biden saw them near Kursk.", "Then he slept."])).values.sum(
        axis=0
    )
    details = details_of(metric, total)
    assert [details["all"][key] for key in ("mentions", "accuracy", "entities")] == [
        mentions,
        accuracy,
        entities,
    ]
    assert details["NORP"]["mentions"] == 1, "judged and reported apart"
    assert "MISC" not in details, "there is none"


@pytest.mark.parametrize("score", ["f2", "", "Accuracy"])
def test_a_score_that_there_is_not(score):
    expected = rf"^metrics\.entity_accuracy\.score={score}: expected one of accuracy, exact, soft, precision, f1, soft_f1, entities$"
    with pytest.raises(ConfigError, match=expected):
        EntityAccuracy(score=score)


@pytest.mark.parametrize("types", [[], ["PERSON"], ["PER", "PER"], ["PER", "per"]])
def test_types_that_there_are_not(types):
    expected = rf"^metrics\.entity_accuracy\.types=\[{','.join(types)}\]: expected distinct types out of PER, LOC, ORG, NORP, MISC$"
    with pytest.raises(ConfigError, match=expected):
        EntityAccuracy(types=types)


def test_scores_that_count_spurious_names_have_no_parts_by_type(test_set):
    """A spurious name has no type."""
    total = totals(test_set, ["Steve Whitcom flew to KURSK.", "Witkoff met Ushakov."])
    expected = {"accuracy": (2 / 3, 1), "exact": (2 / 3, 0), "soft": (2.5 / 3, 1)}
    for score in SCORES:
        parts = EntityAccuracy(score=score).parts()
        assert set(parts) == (set(ENTITY_TYPES) if score in expected else set()), score
        if parts:
            person, place = (float(parts[kind].aggregate(total)) for kind in ("PER", "LOC"))
            assert (person, place) == pytest.approx(expected[score])
            assert math.isnan(parts["ORG"].aggregate(total))


@pytest.mark.parametrize(("first", "second"), [("Kyiv", "it"), ("it", "Kyiv")])
def test_a_name_is_mixed_in_whichever_order_it_is_right_and_wrong(first, second):
    names = [("Kyiv", "LOC", 0, "kyiv"), ("Kyiv", "LOC", 1, "kyiv")]
    test_set = with_names(["Then Kyiv slept.", "Then Kyiv woke."], names, ["d", "d"])
    total = totals(test_set, [f"Then {first} slept.", f"Then {second} woke."])
    assert details_of(METRIC, total)["all"]["consistency"] == {
        "entities": 1,
        "repeated": 1,
        "mixed": 1,
        "always_wrong": 0,
    }


def test_the_heading_says_which_score():
    assert EntityAccuracy().heading() == "Entity accuracy"
    assert EntityAccuracy(score="soft_f1").heading() == "Entity accuracy (soft f1)"


def test_the_source_language_is_part_of_the_signature(test_set):
    signatures = {
        METRIC.signature(replace(test_set, source_language=language))
        for language in (None, "ja", "zh", "zho")
    }
    assert len(signatures) == 3


@pytest.mark.parametrize(("language", "warned"), [("en", False), ("tr", False), ("sw", True), ("is", True)])
def test_a_language_without_rules_is_named(test_set, language, warned):
    warnings = list(METRIC.test_set_warnings(replace(test_set, target_language=language)))
    assert [f" in {language}, " in warning for warning in warnings] == [True] * warned


def test_the_signature_says_what_changes_the_score(test_set):
    metrics = [
        *(EntityAccuracy(score=score) for score in SCORES),
        EntityAccuracy(types=["PER"]),
        EntityAccuracy(types=["PER", "NORP"]),
    ]
    signatures = [metric.signature(test_set) for metric in metrics]
    assert len(set(signatures)) == len(metrics)
    assert EntityAccuracy(label="Names").signature(test_set) == signatures[0]


@pytest.mark.parametrize("entities", [None, EntityFile((), {}, "none", "abc")])
def test_without_names_it_fails_and_says_both_ways_out(entities):
    test_set = replace(in_memory([REFERENCE]), entities=entities)
    for use in (lambda: METRIC.signature(test_set), lambda: METRIC.statistics(test_set, output(HYPOTHESIS))):
        with pytest.raises(
            MetricError,
            match=r"no reviewed names; add an entity file .*, let a model find them \(ner=spacy ner\.model=",
        ):
            use()


def test_with_an_entity_file_it_is_scored(test_set):
    assert METRIC.unscored_reason(test_set) is None


def test_files_are_scored_and_their_hashes_signed(tmp_path):
    reader = in_folder(tmp_path, entities=True)
    test_set = reader.read()
    outputs = {found.system: found for found in read_outputs(reader, test_set, str(tmp_path / "systems"))}
    scores = {
        system: float(METRIC.aggregate(METRIC.statistics(test_set, found).values.sum(axis=0)))
        for system, found in outputs.items()
    }
    assert scores == {"good": 1, "bad": 0}
    signature = METRIC.signature(test_set)
    assert f"mentions:{test_set.entities.mentions_origin}|aliases:none|" in signature

    aliases = tmp_path / "aliases.yaml"
    signatures = [signature]
    for form in ("Kiev", "Kijiw"):
        aliases.write_text(f"- {{id: kyiv, forms: [{form}]}}\n", encoding="utf-8")
        signatures.append(
            METRIC.signature(
                read_entities(
                    replace(test_set, entities=None), str(tmp_path / "entities.jsonl"), str(aliases)
                )
            )
        )
    with (tmp_path / "entities.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"document": "a", "text": "cat", "type": "ORG", "entity": "cat"}\n')
    signatures.append(METRIC.signature(reader.read()))
    assert len(set(signatures)) == len(signatures)
