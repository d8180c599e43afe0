"""Folders of articles: miniature ones, and the set that comes with evalkit."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata

import pytest

from evalkit.data.articles import Articles
from evalkit.data.outputs import read_outputs
from evalkit.data.selection import select
from evalkit.errors import ConfigError, DataError

X = "The cat sat on the mat. Nobody saw it leave.\n\nIt rained all day in Kyiv.\n"
Y = "A ship came into port. It carried grain.\n"
SENTENCES = [
    "The cat sat on the mat.",
    "Nobody saw it leave.",
    "It rained all day in Kyiv.",
    "A ship came into port.",
    "It carried grain.",
]
REFERENCE = {"reference.en/x.txt": X, "reference.en/y.txt": Y}


@pytest.fixture
def articles(tmp_path):
    """Writes files to a folder and returns a reader of it."""

    def make(files, **settings):
        for name, content in files.items():
            path = tmp_path / "mini" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Articles(path=str(tmp_path / "mini"), **settings)

    return make


def system(x, y, name="sys"):
    return {f"systems/{name}/x.txt": x, f"systems/{name}/y.txt": y}


def output(reader):
    (found,) = read_outputs(reader, reader.read())
    return found


def column(test_set, attribute):
    return [getattr(segment, attribute) for segment in test_set.segments]


def refused(call, message, error=DataError):
    with pytest.raises(error, match=re.escape(message)):
        call()


def test_the_sentences_of_the_reference_are_the_segments(articles):
    test_set = articles(REFERENCE).read()
    assert column(test_set, "references") == [(sentence,) for sentence in SENTENCES]
    assert [(s.document, s.id) for s in test_set.segments] == [
        ("x", "1"),
        ("x", "2"),
        ("x", "3"),
        ("y", "1"),
        ("y", "2"),
    ]
    assert (test_set.name, test_set.source_language, test_set.target_language, test_set.references) == (
        "mini",
        None,
        "en",
        ("A",),
    )
    assert test_set.segmentation.startswith("sentencex-")
    assert test_set.entities is None


def test_paragraphs_can_be_the_segments(articles):
    test_set = articles(REFERENCE, segments="paragraph").read()
    assert column(test_set, "references") == [
        (f"{SENTENCES[0]} {SENTENCES[1]}",),
        (SENTENCES[2],),
        (Y.strip(),),
    ]
    assert (column(test_set, "start"), test_set.segmentation) == ([0, 46, 0], "paragraph")


def test_other_units_are_refused(articles):
    refused(
        articles(REFERENCE, segments="word").read,
        "test_set.segments: expected sentence or paragraph, found 'word'",
        ConfigError,
    )


@pytest.mark.parametrize("segments", ["sentence", "paragraph"])
def test_starts_point_to_the_text_in_the_reference_file(world_news, segments):
    reader = Articles(path=str(world_news), segments=segments)
    test_set = reader.read()
    for document, indices in test_set.segments_of.items():
        text = (world_news / "reference.en" / f"{document}.txt").read_text(encoding="utf-8")
        found = [test_set.segments[index] for index in indices]
        assert [text[s.start : s.start + len(s.references[0])] for s in found] == [
            s.references[0] for s in found
        ]
        assert "".join(text.split()) == "".join("".join(s.references[0] for s in found).split())


def test_a_second_reference_is_aligned_to_the_first(articles):
    other = {
        "reference.en.B/x.txt": "The cat sat on a mat.\n\nNobody saw it go. All day it rained in Kyiv.\n",
        "reference.en.B/y.txt": Y,
    }
    files = {name.replace("en/", "en.A/"): text for name, text in REFERENCE.items()} | other
    test_set = articles(files).read()
    assert test_set.references == ("A", "B")
    assert [texts[1] for texts in column(test_set, "references")] == [
        "The cat sat on a mat.",
        "Nobody saw it go.",
        "All day it rained in Kyiv.",
        *SENTENCES[3:],
    ]
    swapped = articles({}, references=["B", "A"]).read()
    assert (swapped.references, swapped.segments[0].references) == (
        ("B", "A"),
        ("The cat sat on a mat.", "The cat sat on the mat."),
    )
    assert articles({}, references=["B"]).read().references == ("B",)


def test_sources_may_be_in_several_languages(articles):
    sources = {
        "source.ru/x.txt": "Кошка сидела на коврике. Никто не видел.\n\nВ Киеве шёл дождь.\n",
        "source.uk/y.txt": "Прийшов корабель. Він віз зерно.\n",
    }
    test_set = articles(REFERENCE | sources).read()
    assert test_set.source_language == "ru+uk"
    assert column(test_set, "source") == [
        "Кошка сидела на коврике.",
        "Никто не видел.",
        "В Киеве шёл дождь.",
        "Прийшов корабель.",
        "Він віз зерно.",
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"reference.de/x.txt": X},
            "expected references in one language, found de, en; move the others to another folder",
        ),
        (
            {"reference.en.A/x.txt": X},
            "reference.en.A: duplicate reference A, also in reference.en; rename one of them",
        ),
        ({"reference.en/x": X}, "x.txt: same document id 'x' as the file x; remove one of them"),
        ({"reference.en/y.txt": ""}, "y.txt: the file is empty; only the output of a system may be empty"),
        (
            {"reference.en/y.txt": " \n\n"},
            "y.txt: the file is empty; only the output of a system may be empty",
        ),
        ({"reference.en/y.txt": b"ok \xff"}, "y.txt: not UTF-8 at byte 3 (0xff)"),
        ({"reference.en.B/x.txt": X, "reference.en.B/y.txt": ""}, "reference.en.B/y.txt: the file is empty"),
        ({"source.ru/x.txt": "Кот."}, "source.*: missing documents y (found 1 of 2)"),
        (
            {"source.ru/x.txt": "Кот.", "source.ru/z.txt": "Кит."},
            "source.*: unknown documents z; the test set has x, y",
        ),
        (
            {"source.ru/x.txt": "Кот.", "source.uk/x.txt": "Кіт."},
            "source.uk/x.txt: second source of document 'x'; remove one of them",
        ),
        ({"source.ru/x.txt": "\n"}, "source.ru/x.txt: the file is empty"),
        ({"source.ru": "Кот."}, "source.ru: "),
    ],
)
def test_a_folder_that_does_not_fit_together_is_refused(articles, files, message):
    refused(articles(REFERENCE | files).read, message)


@pytest.mark.parametrize("folder", ["reference.e", "source.russian"])
def test_a_folder_is_named_after_a_language_code(articles, folder):
    refused(
        articles(REFERENCE | {f"{folder}/x.txt": X}).read, f"{folder}: expected a language code", ConfigError
    )


def test_a_file_is_refused(articles, tmp_path):
    (tmp_path / "set.xml").write_text("<dataset/>")
    refused(
        Articles(path=str(tmp_path / "set.xml")).read,
        "set.xml: expected a folder of articles, found a file; "
        "for a file, set test_set to wmt_xml, table, ea_mt or lines",
    )


def test_a_folder_without_references_is_refused_with_its_content(articles, tmp_path):
    refused(
        articles({"refs/x.txt": X}).read,
        f"{tmp_path / 'mini'}: no reference; expected a folder such as reference.en/, found refs",
    )


def test_an_empty_reference_folder_and_a_missing_folder_are_refused(tmp_path):
    refused(Articles(path=str(tmp_path / "gone")).read, "gone: test-set folder not found")
    (tmp_path / "reference.en").mkdir()
    refused(
        Articles(path=str(tmp_path)).read,
        "reference.en: the folder is empty; expected one text file per document",
    )


def test_hidden_files_and_subfolders_are_not_documents(articles):
    assert articles(
        REFERENCE | {"reference.en/.DS_Store": "x", "reference.en/drafts/z.txt": "x"}
    ).read().documents == ("x", "y")


def test_the_same_text_gives_the_same_sentences_and_no_additions(articles):
    found = output(articles(REFERENCE | system(X, Y)))
    assert (found.hypotheses, found.additions) == (tuple(SENTENCES), ())
    assert [(d.document, d.segments_covered, d.segments, d.words_used, d.words) for d in found.alignment] == [
        ("x", 3, 3, 16, 16),
        ("y", 2, 2, 8, 8),
    ]


def test_line_breaks_may_differ_from_the_reference(articles):
    assert output(
        articles(REFERENCE | system("\n\n".join(SENTENCES[:3]), "\n".join(SENTENCES[3:])))
    ).hypotheses == tuple(SENTENCES)


def test_an_omission_is_an_empty_hypothesis_and_an_addition_is_kept_separately(articles):
    found = output(
        articles(REFERENCE | system(f"{SENTENCES[0]} {SENTENCES[2]}", f"{Y}Quizzical zebras jump!\n"))
    )
    assert found.hypotheses == (SENTENCES[0], "", *SENTENCES[2:])
    assert [(addition.document, addition.text) for addition in found.additions] == [
        ("y", "Quizzical zebras jump!")
    ]


@pytest.mark.parametrize("empty", ["", "\n \n", "\ufeff"], ids=repr)
def test_an_empty_output_gives_empty_hypotheses(articles, empty):
    found = output(articles(REFERENCE | system(empty, Y)))
    assert found.hypotheses == ("", "", "", *SENTENCES[3:])
    assert [(d.segments_covered, d.words) for d in found.alignment] == [(0, 0), (2, 8)]


def test_a_no_break_space_may_precede_a_full_stop(articles):
    reader = articles(
        REFERENCE | system("The cat sat on mat B\u00a0.\nNobody saw it leave. It rained all day in Kyiv.", Y)
    )
    assert output(reader).hypotheses == ("The cat sat on mat B\u00a0.", *SENTENCES[1:])


def test_crlf_files_equal_lf_files(articles):
    sources = {
        "source.ru/x.txt": "Кошка сидела. Никто не видел.\n\nШёл дождь.\n",
        "source.ru/y.txt": "Пришёл корабль. Он вёз зерно.\n",
    }
    files = REFERENCE | sources | system(X.replace("cat", "dog"), Y)

    def fingerprints(files):
        reader = articles(files)
        return reader.read().fingerprint, output(reader).fingerprint

    assert fingerprints(files) == fingerprints(
        {name: "\ufeff" + text.replace("\n", "\r\n") for name, text in files.items()}
    )


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"sys/x.txt": X},
            (
                "systems/sys: missing documents y (found 1 of 2); "
                "if the system has no output for a document, add an empty file"
            ),
        ),
        (
            {"sys/x.txt": X, "sys/y.txt": Y, "sys/z.txt": Y},
            "systems/sys: unknown documents z; the test set has x, y",
        ),
        (
            {"sys/x.txt": X, "sys/y.txt": Y, "sys/y": Y},
            "systems/sys/y.txt: same document id 'y' as the file y; remove one of them",
        ),
        ({"sys/x.txt": X, "sys/y.txt": b"\xff"}, "systems/sys/y.txt: not UTF-8 at byte 0"),
    ],
    ids=["missing", "unknown", "duplicate", "not UTF-8"],
)
def test_a_system_must_have_the_documents_of_the_test_set(articles, files, message):
    reader = articles(REFERENCE | {f"systems/{name}": text for name, text in files.items()})
    refused(lambda: output(reader), message)


def test_entity_files_in_the_folder_are_read(articles, tmp_path):
    names = {
        "entities.jsonl": '{"document": "x", "text": "Kyiv", "type": "LOC", "entity": "kyiv"}\n',
        "aliases.yaml": "- {id: kyiv, forms: [Kiev]}\n",
    }
    test_set = articles(REFERENCE | names | {"notes.txt": "x"} | system(X, Y)).read()
    assert [
        test_set.segments[m.segment].references[0][m.start : m.end] for m in test_set.entities.mentions
    ] == ["Kyiv"]
    assert test_set.entities.aliases["kyiv"].forms == ("Kiev",)
    assert test_set.files == tuple(str(tmp_path / "mini" / name) for name in (*REFERENCE, *names))


def test_other_entity_files_may_be_named(articles, tmp_path):
    (tmp_path / "mine.jsonl").write_text(
        '{"document": "y", "text": "A ship", "type": "ORG", "entity": "ship"}\n'
    )
    test_set = articles(
        REFERENCE | {"entities.jsonl": "broken"}, entities=str(tmp_path / "mine.jsonl")
    ).read()
    assert [mention.text for mention in test_set.entities.mentions] == ["A ship"]


COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "Tromsø über") for form in ("NFC", "NFD"))


def test_compressed_articles_are_read_as_the_articles_themselves(articles, tmp_path):
    names = '{"document": "x", "text": "Kyiv", "type": "LOC", "entity": "kyiv"}\n'
    files = REFERENCE | {"entities.jsonl": names, "aliases.yaml": "- {id: kyiv, forms: [Kiev]}\n"}
    reader = articles(files | system(X, Y))
    expected, expected_output = reader.read(), output(reader)
    for path in [path for path in (tmp_path / "mini").rglob("*") if path.is_file()]:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    test_set = reader.read()
    assert (test_set.fingerprint, test_set.entities) == (expected.fingerprint, expected.entities)
    assert output(reader).fingerprint == expected_output.fingerprint


def test_file_names_are_compared_in_one_normal_form(articles, tmp_path):
    reader = articles(
        {
            f"reference.en/{DECOMPOSED}.txt": X,
            f"source.de/{COMPOSED}.txt": X,
            f"systems/{DECOMPOSED}/{COMPOSED}.txt": X,
            "entities.jsonl": json.dumps(
                {"document": DECOMPOSED, "text": "Kyiv", "type": "LOC", "entity": "kyiv"}
            ),
        }
    )
    test_set = reader.read()
    assert test_set.documents == (COMPOSED,)
    assert len(test_set.entities.mentions) == 1
    path = tmp_path / "mini" / "systems" / COMPOSED
    for systems in (None, COMPOSED, DECOMPOSED, str(path), {COMPOSED: str(path)}, str(path.parent)):
        (found,) = read_outputs(reader, test_set, systems)
        assert (found.system, found.hypotheses) == (COMPOSED, tuple(SENTENCES[:3]))


def test_names_that_differ_in_their_normal_form_only_are_refused(articles):
    two = {f"reference.en/{name}.txt": X for name in (COMPOSED, DECOMPOSED)}
    message = (
        f"same document id {COMPOSED!r} as the file {DECOMPOSED}.txt, "
        "whose name differs in its Unicode normal form only; remove one of them"
    )
    refused(articles(two).read, message)


def test_systems_that_differ_in_their_normal_form_only_are_refused(articles):
    reader = articles(REFERENCE | system(X, Y, COMPOSED) | system(X, Y, DECOMPOSED))
    refused(reader.bundled, f"two folders have the name {COMPOSED!r}, in different Unicode normal forms")


def test_translators_can_differ_by_document(articles):
    files = {"reference.en.A/x.txt": X, "reference.en.A/y.txt": Y, "reference.en.B/y.txt": Y}
    test_set = articles(files | {"reference.en.B/z.txt": "One more."}).read()
    assert test_set.documents == ("x", "y", "z")
    present = {s.document: tuple(text is not None for text in s.references) for s in test_set.segments}
    assert present == {"x": (True, False), "y": (True, True), "z": (False, True)}
    assert (test_set.segments[-1].reference, test_set.segments[-1].start) == ("One more.", 0)


def test_a_sentence_without_a_part_in_another_reference_lacks_it(articles):
    files = {"reference.en.A/x.txt": X, "reference.en.B/x.txt": X.replace("It rained all day in Kyiv.", "")}
    test_set = articles(files).read()
    assert [segment.references[1] for segment in test_set.segments] == [
        segment.references[0] for segment in test_set.segments[:-1]
    ] + [None]


def test_words_of_another_reference_that_match_nothing_are_counted(articles):
    files = {
        "reference.en.A/x.txt": X,
        "reference.en.B/x.txt": X + "\nCookies improve services everywhere.\n",
    }
    assert articles(files).read().notes == (
        "reference B: words that match nothing in the first reference and are not used: 4 of 20",
    )
    assert articles(files, references=["A"]).read().notes == ()


def test_segments_without_a_source_are_counted(articles):
    files = {"reference.en/x.txt": X, "source.ru/x.txt": "Кошка сидела на коврике."}
    test_set = select(articles(files).read())
    assert [segment.source for segment in test_set.segments].count("") == 1
    assert test_set.notes == ("the source is an empty text for 1 of 3 segments",)


def test_a_document_that_only_other_references_have_is_not_scored(articles):
    files = {"reference.en.A/x.txt": X, "reference.en.A/y.txt": Y, "reference.en.B/y.txt": Y}
    files |= {"source.ru/x.txt": "Кот.", "source.ru/y.txt": "Дождь."}
    files |= {"systems/sys/x.txt": X, "systems/sys/y.txt": Y}
    reader = articles(files, references=["B"])
    test_set = select(reader.read())
    assert (test_set.documents, test_set.references) == (("y",), ("B",))
    assert test_set.notes == ("not scored: 3 segments without a reference (x)",)
    (found,) = read_outputs(reader, test_set)
    assert found.hypotheses == tuple(segment.reference for segment in test_set.segments)
