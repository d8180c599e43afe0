"""EA-MT: items, names, predictions by id, and what is refused."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from evalkit.data.ea_mt import EaMt
from evalkit.data.outputs import read_outputs
from evalkit.data.selection import select
from evalkit.errors import ConfigError, DataError


def item(id_, pairs, types=("Movie",), **further):
    """One line of a file, in the format of the task."""
    return {
        "id": id_,
        "wikidata_id": id_.split("_")[0],
        "entity_types": list(types),
        "source": f"Source of {id_}?",
        "targets": [{"translation": translation, "mention": mention} for translation, mention in pairs],
        "source_locale": "en",
        "target_locale": "de",
        **further,
    }


ITEMS = [
    item(
        "Q1_0",
        [
            ("Wo liegt Burg Liebenzell?", "Burg Liebenzell"),
            ("Wo ist Schloss Liebenzell?", "Schloss Liebenzell"),
        ],
        ["Landmark"],
    ),
    item(
        "Q1_1",
        [("Wie alt ist die burg liebenzell?", "Burg Liebenzell"), ("Wie alt ist sie?", "Burg Liebenzell")],
        ["Artwork", "Landmark"],
    ),
    item("Q2_0", [("Wer drehte Quality Time?", "Quality Time.")]),
    item("Q3_0", [("Wer ist Pater Brown?", "Pater Brown")], ["Fictional entity", "Person"]),
]


@pytest.fixture
def write(tmp_path):
    """Writes rows, or a text as it is; returns the path."""

    def make(name, content):
        path = tmp_path / name
        lines = (
            content
            if isinstance(content, str)
            else "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
        )
        path.write_text(lines, encoding="utf-8")
        return path

    return make


@pytest.fixture
def reader(write):
    return EaMt(path=str(write("references.de_DE.jsonl", ITEMS)))


def predictions(*ids):
    return [{"id": id_, "prediction": f"Antwort {id_}"} for id_ in ids]


IDS = [row["id"] for row in ITEMS]


def test_an_item_is_a_segment_with_the_first_translation_as_its_reference(reader):
    test_set = reader.read()
    assert (test_set.name, test_set.source_language, test_set.target_language) == (
        "references.de_DE",
        "en",
        "de",
    )
    assert (test_set.references, test_set.documents) == (("A",), (None,))
    assert [(s.id, s.source, s.references) for s in test_set.segments] == [
        (row["id"], row["source"], (row["targets"][0]["translation"],)) for row in ITEMS
    ]


def test_an_item_has_one_mention_where_its_name_occurs(reader):
    test_set = reader.read()
    mentions = test_set.entities.mentions
    assert [m.text for m in mentions] == [
        "Burg Liebenzell",
        "Burg Liebenzell",
        "Quality Time.",
        "Pater Brown",
    ]
    found = [test_set.segments[m.segment].references[0][m.start : m.end] for m in mentions]
    assert found == ["Burg Liebenzell", "burg liebenzell", "Wer drehte Quality Time?", "Pater Brown"], (
        "in any case, or the whole text"
    )


def test_types_are_persons_places_and_the_rest(reader):
    assert [m.type for m in reader.read().entities.mentions] == ["LOC", "LOC", "MISC", "PER"]


def test_items_about_one_wikidata_entity_keep_separate_forms(reader):
    entities = reader.read().entities
    assert [m.entity for m in entities.mentions] == IDS
    assert {id_: alias.forms for id_, alias in entities.aliases.items()} == {
        "Q1_0": ("Burg Liebenzell", "Schloss Liebenzell"),
        "Q1_1": ("Burg Liebenzell",),
        "Q2_0": ("Quality Time.",),
        "Q3_0": ("Pater Brown",),
    }


def test_the_origin_of_names_changes_with_the_file(reader, write):
    before = reader.read().entities
    assert re.fullmatch(r"file:[0-9a-f]{12}", before.mentions_origin)
    assert before.aliases_origin == before.mentions_origin.removeprefix("file:")
    write("references.de_DE.jsonl", ITEMS[:3])
    assert reader.read().entities.mentions_origin != before.mentions_origin


def test_an_entity_file_replaces_the_names(reader, write):
    path = write("entities.jsonl", '{"text": "Pater Brown", "type": "PER", "entity": "brown"}\n')
    entities = EaMt(path=reader.path, entities=str(path)).read().entities
    assert ([m.entity for m in entities.mentions], entities.aliases) == (["brown"], {})


def test_aliases_alone_are_refused(reader, write):
    with pytest.raises(
        ConfigError,
        match=r"file includes its names and their forms; to replace them, set test_set\.entities as well",
    ):
        EaMt(path=reader.path, aliases=str(write("aliases.yaml", "[]"))).read()


def test_there_is_one_reference(reader):
    with pytest.raises(
        ConfigError, match=re.escape("test_set.references=[B]: expected one or more of A, each once")
    ):
        EaMt(path=reader.path, references=["B"]).read()


def test_predictions_pair_up_by_id_and_may_be_empty(reader, write):
    rows = [*predictions(*IDS[:0:-1]), {"id": IDS[0], "prediction": ""}]
    (found,) = read_outputs(reader, reader.read(), str(write("sys.jsonl", rows)))
    assert (found.system, found.hypotheses) == ("sys", ("", *(f"Antwort {id_}" for id_ in IDS[1:])))


def test_an_output_may_be_a_text_file(reader, write):
    (found,) = read_outputs(reader, reader.read(), str(write("sys.txt", "a\nb\n\nd\n")))
    assert found.hypotheses == ("a", "b", "", "d")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            predictions(*IDS[:3]),
            "sys.jsonl: missing ids: Q3_0; 3 predictions, expected 4 (as in references.de_DE)",
        ),
        (
            predictions(*IDS, "Q3_10"),
            "sys.jsonl:5: unknown id 'Q3_10'; references.de_DE has Q1_0, Q1_1, Q2_0 and 1 more",
        ),
        (predictions(*IDS, "Q1_0"), "sys.jsonl:5: duplicate id 'Q1_0', first at "),
        ([*predictions(*IDS[:3]), {"id": "Q3_0"}], "sys.jsonl:4: missing 'prediction'; found id"),
        (
            [*predictions(*IDS[:3]), {"id": "Q3_0", "prediction": None}],
            "sys.jsonl:4: prediction: expected text, found 'None'",
        ),
        ([{"id": 7, "prediction": "x"}], "sys.jsonl:1: id: expected text, found '7'"),
        ("\n\n", "sys.jsonl: the file is empty; expected one item per line"),
        ('{"id": "Q1_0"', "sys.jsonl:1: not valid JSON: Expecting ',' delimiter at column"),
        ('\n"x"\n', "sys.jsonl:2: expected a JSON object"),
        ("[" * 100_000, "sys.jsonl:1: nested too deeply; expected a JSON object"),
    ],
    ids=[
        "missing",
        "unknown",
        "duplicate",
        "no prediction",
        "null",
        "number as id",
        "empty",
        "not JSON",
        "no object",
        "too deep",
    ],
)
def test_predictions_that_do_not_fit_are_refused(reader, write, content, message):
    with pytest.raises(DataError, match=re.escape(message)):
        read_outputs(reader, reader.read(), str(write("sys.jsonl", content)))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ITEMS[0], ":2: duplicate id 'Q1_0', first at "),
        (
            item("Q9_0", [], targets="x"),
            ":2: targets: expected a list of {translation, mention}, found \"'x'\"",
        ),
        (item("Q9_0", [], targets=["x"]), ":2: targets: expected a list of {translation, mention}"),
        (item("Q9_0", [("Wer?", " ")]), ":2: mention: expected text, found \"' '\""),
        (item("Q9_0", [], targets=[{"mention": "x"}]), ":2: missing 'translation'; found mention"),
        (
            item("Q9_0", [("Wer?", "Wer")], entity_types=None),
            ":2: entity_types: expected a list of texts, found 'None'",
        ),
        (item("Q9_0", [("Wer?", "Wer")], source=""), ":2: source: expected text"),
        (
            item("Q9_0", [("Wer?", "Wer")], target_locale="fr"),
            ":2: expected the languages en–de as in the lines before, found en–fr",
        ),
    ],
    ids=lambda value: None if isinstance(value, dict) else value[:28],
)
def test_invalid_items_are_refused(write, row, message):
    with pytest.raises(DataError, match=re.escape("items.jsonl" + message)):
        EaMt(path=str(write("items.jsonl", [ITEMS[0], row]))).read()


def test_half_a_surrogate_pair_is_refused(write):
    text = json.dumps(item("Q9_0", [("Wer?", "Wer")], source="\ud800"))
    with pytest.raises(DataError, match=r"items.jsonl:1: source: half of a surrogate pair is not valid text"):
        EaMt(path=str(write("items.jsonl", text))).read()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match="EA-MT file not found"):
        EaMt(path=str(tmp_path / "none.jsonl")).read()


@pytest.mark.parametrize(
    ("locale", "language", "types"),
    [
        ("de_DE", "de", {"MISC": 498, "LOC": 141, "PER": 92}),
        ("es_ES", "es", {"MISC": 461, "LOC": 177, "PER": 101}),
        ("zh_TW", "zh", {"MISC": 468, "LOC": 174, "PER": 80}),
    ],
)
def test_the_real_files_are_read(shared, locale, language, types):
    test_set = EaMt(path=str(shared / "ea-mt" / f"references.{locale}.jsonl")).read()
    mentions = test_set.entities.mentions
    assert test_set.target_language == language
    assert Counter(m.type for m in mentions) == types
    texts = [(m.text, test_set.segments[m.segment].references[0][m.start : m.end]) for m in mentions]
    assert sum(text.casefold() != found.casefold() for text, found in texts) == 1, (
        "the only mention that does not occur in its translation"
    )


@pytest.mark.parametrize("predicted", ["all", "without targets left out"])
def test_items_without_targets_are_not_scored(write, predicted):
    items = [ITEMS[0], item("Q9_0", []), *ITEMS[1:]]
    mixed = EaMt(path=str(write("mixed.jsonl", items)))
    test_set = select(mixed.read())
    assert [segment.id for segment in test_set.segments] == ["Q1_0", "Q1_1", "Q2_0", "Q3_0"]
    assert [test_set.segments[mention.segment].id for mention in test_set.entities.mentions] == [
        "Q1_0",
        "Q1_1",
        "Q2_0",
        "Q3_0",
    ]
    assert test_set.notes == ("not scored: 1 segment without a reference",)
    ids = [row["id"] for row in items if predicted == "all" or row["targets"]]
    path = write("sys.jsonl", [{"id": id_, "prediction": f"of {id_}"} for id_ in ids])
    (found,) = read_outputs(mixed, test_set, str(path))
    assert found.hypotheses == ("of Q1_0", "of Q1_1", "of Q2_0", "of Q3_0")
