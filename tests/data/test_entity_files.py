"""Reading reviewed names: the places of mentions, what is refused, and what an alias file may contain."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from miniature import in_memory

from evalkit.data.articles import Articles
from evalkit.data.entity_files import read_entities
from evalkit.errors import DataError
from evalkit.types import ENTITY_TYPES

TEXTS = ["New York wrote to York.", "Kursk, not Kurskaya.", "Kursk again."]
TEST_SET = in_memory([TEXTS], documents=["a", "a", "b"])
PLAIN = in_memory([TEXTS])
KURSK = {"document": "a", "text": "Kursk", "type": "LOC", "entity": "kursk"}


@pytest.fixture
def read(tmp_path):
    """Reads rows (or a text as it is) and an alias file."""

    def make(rows, aliases=None, test_set=TEST_SET):
        paths = {
            "entities.jsonl": rows if isinstance(rows, str | bytes) else lines(rows),
            "aliases.yaml": aliases,
        }
        for name, content in paths.items():
            if content is not None:
                (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_entities(
            test_set,
            str(tmp_path / "entities.jsonl"),
            None if aliases is None else str(tmp_path / "aliases.yaml"),
        )

    return make


def lines(rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def row(text, **keys):
    return {"document": "a", "text": text, "type": "LOC", "entity": str(text).casefold(), **keys}


def places(test_set):
    return [(mention.segment, mention.start, mention.end) for mention in test_set.entities.mentions]


def refused(read, rows, message, **given):
    with pytest.raises(DataError, match=re.escape(message)):
        read(rows, **given)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("Kursk", start=24, end=29)], [(1, 0, 5)]),
        ([row("Kursk", start=0, end=5, segment="2")], [(1, 0, 5)]),
        ([row("Kursk", start=0, end=5, segment=2)], [(1, 0, 5)]),
        ([row("Kursk", start=0, end=5, document="b")], [(2, 0, 5)]),
        ([row("York", start=18, end=22), row("New York", start=0, end=8)], [(0, 0, 8), (0, 18, 22)]),
        ([row("York", start=4, end=8), row("New York", start=0, end=8)], [(0, 0, 8), (0, 4, 8)]),
        ([row("Kurskaya.", start=35, end=44)], [(1, 11, 20)]),
        ([row("York.\nKursk", start=18, end=29)], [(0, 18, 23)]),
    ],
    ids=[
        "document",
        "segment",
        "segment number",
        "other document",
        "in the order of the text",
        "one in another",
        "at the end",
        "cut short",
    ],
)
def test_given_offsets_count_in_the_document_or_the_named_segment(read, rows, expected):
    assert places(read(rows)) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("York")], [(0, 4, 8), (0, 18, 22)]),
        ([row("York"), row("New York")], [(0, 0, 8), (0, 18, 22)]),
        ([row("York"), row("New York", start=0, end=8)], [(0, 0, 8), (0, 18, 22)]),
        ([row("York", start=4, end=8), row("New York")], [(0, 0, 8), (0, 4, 8)]),
        ([row("Kursk")], [(1, 0, 5)]),
        ([row("Kursk", document="b")], [(2, 0, 5)]),
        ([row("York", segment="1")], [(0, 4, 8), (0, 18, 22)]),
    ],
    ids=[
        "each",
        "not in a longer one",
        "not in a given one",
        "a given one stays",
        "whole words",
        "document",
        "segment",
    ],
)
def test_without_offsets_every_occurrence_is_found(read, rows, expected):
    assert places(read(rows)) == expected


def test_without_documents_the_whole_text_is_searched(read):
    rows = [{**KURSK, "document": None}, {"text": "Kurskaya", "type": "LOC", "entity": "k"}]
    assert places(read(rows, test_set=PLAIN)) == [(1, 0, 5), (1, 11, 19), (2, 0, 5)]


def test_a_segment_restricts_the_search(read):
    assert places(read([row("Kursk", document=None, segment="3")], test_set=PLAIN)) == [(2, 0, 5)]


@pytest.mark.parametrize(("language", "expected"), [("zh", [(0, 0, 2), (0, 4, 6)]), ("en", [(0, 4, 6)])])
def test_word_boundaries_count_only_in_languages_with_spaces(read, language, expected):
    test_set = in_memory([["北京人 北京 "]], target_language=language)
    assert places(read([row("北京", document=None)], test_set=test_set)) == expected


def test_a_mention_with_and_without_offsets_is_one_mention(read):
    found = read([row("York", entity="found"), row("York", start=18, end=22, entity="given")])
    assert [(m.start, m.entity) for m in found.entities.mentions] == [(4, "found"), (18, "given")]


def test_entity_ids_are_texts_or_numbers(read):
    rows = [row("Kursk", entity=7), row("York", entity="007", segment="1")]
    assert [mention.entity for mention in read(rows).entities.mentions] == ["007", "007", "7"]


@pytest.mark.parametrize("type_", ENTITY_TYPES)
def test_types_and_texts_are_kept(read, type_):
    (mention,) = read([{**KURSK, "type": type_}]).entities.mentions
    assert (mention.type, mention.text) == (type_, "Kursk")


def test_other_keys_of_a_row_are_ignored(read):
    assert places(read([row("Kursk", note="a town")])) == [(1, 0, 5)]


def test_a_byte_order_mark_crlf_and_blank_lines_are_ignored(read):
    text = "\ufeff\r\n" + lines([KURSK]).replace("\n", "\r\n") + " \r\n"
    assert places(read(text)) == [(1, 0, 5)]


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ('{"text": ', "not valid JSON: Expecting value at column 10"),
        ('["Kursk"]', "expected a JSON object with document, text, type and entity, found '[\"Kursk\"]'"),
        (row("Kursk", document=None), "missing document; expected one of a, b"),
        (row("Kursk", document="c"), "unknown document 'c'; the test set has a, b"),
        (row("Kursk", document=["a"]), "unknown document ['a']; the test set has a, b"),
        (row(" "), "text: expected a name, found ' '"),
        (row(7), "text: expected a name, found 7"),
        ({**KURSK, "text": None}, "text: expected a name, found None"),
        (row("Kursk", type="GPE"), "type: expected one of PER, LOC, ORG, NORP, MISC, found 'GPE'"),
        (row("Kursk", type=None), "type: expected one of PER, LOC, ORG, NORP, MISC, found None"),
        (
            row("Kursk", entity=None),
            "entity: expected an id that all mentions of the entity share, found None",
        ),
        (row("Kursk", entity=""), "entity: expected an id that all mentions of the entity share, found ''"),
        (
            row("Kursk", entity=["k"]),
            "entity: expected an id that all mentions of the entity share, found ['k']",
        ),
        (row("Kursk", start=24), "start without end; give both, or neither"),
        (row("Kursk", end=29), "end without start; give both, or neither"),
        (row("Kursk", start="24", end="29"), "expected offsets 0 <= start < end, found '24' and '29'"),
        (row("Kursk", start=-5, end=29), "expected offsets 0 <= start < end, found -5 and 29"),
        (row("Kursk", start=29, end=29), "expected offsets 0 <= start < end, found 29 and 29"),
        (
            row("Kursk", start=25, end=30),
            "expected 'Kursk' at characters 25–30 of the reference of document 'a', found 'ursk,'; offsets",
        ),
        (
            row("Kursk", start=24, end=28),
            "expected 'Kursk' at characters 24–28 of the reference of document 'a', found 'Kurs'",
        ),
        (
            row("Kurskaya.", start=35, end=99),
            "expected 'Kurskaya.' at characters 35–99 of the reference of document 'a'",
        ),
        (
            row("Kursk", start=900, end=905),
            "expected 'Kursk' at characters 900–905 of the reference of document 'a', found ''",
        ),
        (
            row("Kursk", start=20, end=25, segment="2"),
            "expected 'Kursk' at characters 20–25 of the reference of document 'a', segment '2', found ''",
        ),
        (
            row("Kursk", start=900, end=905, segment="2"),
            "expected 'Kursk' at characters 900–905 of the reference of document 'a', segment '2', found ''",
        ),
        (
            row("Kursk", start=0, end=5, segment="9"),
            "expected 'Kursk' at characters 0–5 of the reference of document 'a', segment '9', found ''",
        ),
        (row("Moscow"), "'Moscow' does not occur in the reference of document 'a'"),
        (row("kursk"), "'kursk' does not occur in the reference of document 'a'"),
        (row("Kursk", segment="1"), "'Kursk' does not occur in the reference of document 'a', segment '1'"),
    ],
    ids=str,
)
def test_an_invalid_row_is_refused_with_its_line(read, tmp_path, bad, problem):
    text = lines([row("York")]) + "\n" + (bad if isinstance(bad, str) else lines([bad]))
    refused(read, text, f"{tmp_path / 'entities.jsonl'}:3: {problem}")


def test_a_mention_given_twice_is_refused_with_both_lines(read):
    rows = [KURSK, row("York", start=18, end=22), row("York", start=18, end=22, entity="other")]
    refused(read, rows, "entities.jsonl:3: duplicate mention, first in line 2; remove one of them")


@pytest.mark.parametrize("text", ["", "\n \n"], ids=["no byte", "blank lines"])
def test_an_empty_entity_file_is_refused(read, text):
    refused(read, text, "entities.jsonl: the file is empty; expected one mention per line")


def test_a_file_that_is_not_utf8_is_refused(read):
    refused(read, b"\xff", "entities.jsonl: not UTF-8 at byte 0")


def test_a_missing_file_is_named(tmp_path, read):
    read([KURSK])
    with pytest.raises(DataError, match=r"gone\.jsonl: entity file not found"):
        read_entities(TEST_SET, str(tmp_path / "gone.jsonl"), None)
    with pytest.raises(DataError, match=r"gone\.yaml: alias file not found"):
        read_entities(TEST_SET, str(tmp_path / "entities.jsonl"), str(tmp_path / "gone.yaml"))


def test_aliases_without_entities_are_for_the_names_that_a_model_finds(tmp_path):
    (tmp_path / "aliases.yaml").write_text(ALIASES, encoding="utf-8")
    test_set = read_entities(TEST_SET, None, str(tmp_path / "aliases.yaml"))
    found = test_set.entities
    assert (found.mentions, found.mentions_origin, set(found.aliases)) == ((), "none", {"kursk", "7", "york"})
    assert re.fullmatch(r"[0-9a-f]{12}", found.aliases_origin)
    assert test_set.files == (*TEST_SET.files, str(tmp_path / "aliases.yaml"))
    assert not test_set.has_names


def test_without_files_the_test_set_is_unchanged():
    assert read_entities(TEST_SET, None, None) is TEST_SET


ALIASES = """- {id: kursk, type: LOC, forms: [Kursk, 'No'], reject: [Corsak], note: a town}
- {id: 7, forms: [Seven]}
- {id: york}
"""


def test_aliases_are_read_by_entity(read):
    found = read([KURSK], ALIASES).entities.aliases
    assert {id_: (alias.forms, alias.reject) for id_, alias in found.items()} == {
        "kursk": (("Kursk", "No"), ("Corsak",)),
        "7": (("Seven",), ()),
        "york": ((), ()),
    }


def test_an_empty_alias_file_has_no_aliases(read):
    assert read([KURSK], "# none yet\n").entities.aliases == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {id: a, forms: [x]}\n- {id: a}\n", "aliases.yaml, item 2: duplicate id 'a'"),
        ("- {id: 7}\n- {id: '7'}\n", "aliases.yaml, item 2: duplicate id '7'"),
        (
            "- {id: a, forms: [x, y], reject: [y, x]}\n",
            "aliases.yaml, item 1: x, y both in forms and in reject; remove from one of them",
        ),
        (
            "- {id: a, forms: [no]}\n",
            (
                "aliases.yaml, item 1: forms: expected a list of texts, found '[False]' "
                "(quote no, on and 12:30, which YAML does not read as text)"
            ),
        ),
        (
            "- {id: a, reject: [12:30]}\n",
            "aliases.yaml, item 1: reject: expected a list of texts, found '[750]'",
        ),
        ("- {id: a, forms: x}\n", "aliases.yaml, item 1: forms: expected a list of texts, found 'x'"),
        ("- {id: a, forms: }\n", "aliases.yaml, item 1: forms: expected a list of texts, found 'None'"),
        (
            "- {id: a, forms: [' ']}\n",
            "aliases.yaml, item 1: forms: expected a list of texts, found \"[' ']\"",
        ),
        ("- {id: no, forms: [Norway]}\n", "aliases.yaml, item 1: "),
        ("- {id: , forms: [x]}\n", "aliases.yaml, item 1: "),
        (
            "- {forms: [x]}\n",
            (
                "aliases.yaml, item 1: expected an id, and optionally type, forms, reject and note, "
                "found \"{'forms': ['x']}\""
            ),
        ),
        (
            "- {id: a, form: [x]}\n",
            "aliases.yaml, item 1: expected an id, and optionally type, forms, reject and note, found ",
        ),
        (
            "- a\n",
            "aliases.yaml, item 1: expected an id, and optionally type, forms, reject and note, found 'a'",
        ),
        (
            "a: {forms: [x]}\n",
            "aliases.yaml: expected a list of items with id, type, forms and reject, found dict",
        ),
        ("- {id: a}\n- {id: b\n", "aliases.yaml:3: not valid YAML: "),
        (
            "- id: a\n\tforms: [x]\n",
            "aliases.yaml:2: not valid YAML: found character '\\t' that cannot start any token",
        ),
        ("- {id: a, forms: ['\x07']}\n", "aliases.yaml: not valid YAML: "),
        ("- {id: a, forms: [2024-02-30]}\n", "aliases.yaml: not valid YAML: "),
        (b"\xff", "aliases.yaml: not UTF-8 at byte 0"),
    ],
)
def test_an_invalid_alias_file_is_refused(read, text, message):
    refused(read, [KURSK], message, aliases=text)


def test_the_hashes_change_with_the_files(read):
    def origins(rows, aliases):
        found = read(rows, aliases).entities
        return found.mentions_origin, found.aliases_origin

    before = origins([KURSK], ALIASES)
    assert re.fullmatch(r"file:[0-9a-f]{12}", before[0])
    assert re.fullmatch(r"[0-9a-f]{12}", before[1])
    assert origins([KURSK], ALIASES) == before
    assert origins([KURSK], ALIASES.replace("\n", "\r\n")) == before
    changed = origins([{**KURSK, "type": "ORG"}], ALIASES + "\n")
    assert changed[0] != before[0]
    assert changed[1] != before[1]
    assert read([KURSK]).entities.aliases_origin == "none"


def test_the_files_are_recorded(read, tmp_path):
    assert read([KURSK], ALIASES).files == (str(tmp_path / "entities.jsonl"), str(tmp_path / "aliases.yaml"))
    assert read([KURSK]).files == (str(tmp_path / "entities.jsonl"),)


def test_every_mention_of_the_article_set_is_at_its_offsets(world_news):
    test_set = Articles(path=str(world_news)).read()
    mentions = test_set.entities.mentions
    found = [
        test_set.segments[mention.segment].references[0][mention.start : mention.end] for mention in mentions
    ]
    assert found == [mention.text for mention in mentions]
    assert len(mentions) == len((world_news / "entities.jsonl").read_text(encoding="utf-8").splitlines())


def test_a_mention_in_a_segment_without_any_reference_is_left_out(read):
    first, *others = TEST_SET.segments
    missing = replace(first, references=(None,) * len(first.references))
    test_set = replace(TEST_SET, segments=(missing, *others))
    rows = [row("York", segment=1), row("York", segment=1, start=4, end=8), row("Kursk", segment=2)]
    assert {mention.segment for mention in read(rows, test_set=test_set).entities.mentions} == {1}


def test_a_name_in_another_normal_form_is_refused_with_the_reason(read):
    first, *others = TEST_SET.segments
    text = replace(first, references=("Tromsø and Malmo\u0308 are far.",))
    test_set = replace(TEST_SET, segments=(text, *others))
    refused(read, [row("Malm\u00f6")], "except in another Unicode normal form; write both", test_set=test_set)
    assert len(read([row("Malmo\u0308")], test_set=test_set).entities.mentions) == 1
