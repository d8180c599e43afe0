"""Line-aligned text files."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import unicodedata
from pathlib import Path

import pytest

from evalkit.data.lines import Lines, number_segments
from evalkit.data.outputs import read_outputs
from evalkit.errors import ConfigError, DataError

FILES = {
    "a": "One.\nTwo.\nThree.\n",
    "b": "1.\n2.\n3.\n",
    "src": "Раз.\nДва.\nТри.\n",
    "docs": "x\ny\nx\n",
    "short": "One.\nTwo.\n",
}
BOTH = {"A": "a", "B": "b"}


@pytest.fixture
def lines(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return lambda **settings: Lines(
        **{"path": str(tmp_path), "reference": BOTH, "target_language": "en", **settings}
    )


def column(test_set, attribute):
    return [getattr(segment, attribute) for segment in test_set.segments]


@pytest.mark.parametrize(
    ("reference", "wanted", "names", "first"),
    [
        (BOTH, None, ("A", "B"), ("One.", "1.")),
        ({"B": "b", "A": "a"}, None, ("B", "A"), ("1.", "One.")),
        (BOTH, ["B", "A"], ("B", "A"), ("1.", "One.")),
        (BOTH, ["B"], ("B",), ("1.",)),
        ({"A": "a", "C": "no such file"}, ["A"], ("A",), ("One.",)),
    ],
    ids=["as given", "as given, other order", "as wanted", "one", "an unwanted one is not read"],
)
def test_references_are_in_the_chosen_order(lines, reference, wanted, names, first):
    test_set = lines(reference=reference, references=wanted).read()
    assert (test_set.references, test_set.segments[0].references) == (names, first)


@pytest.mark.parametrize("reference", ["a", ["a"], {"A": "a"}, Path("a")], ids=type)
def test_one_reference_is_a_path_a_list_or_a_mapping(lines, reference):
    test_set = lines(reference=reference).read()
    assert (test_set.references, column(test_set, "references")) == (
        ("A",),
        [("One.",), ("Two.",), ("Three.",)],
    )


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["ref.B.en", "ref.A.en"], ("B", "A")),
        (["ref.newstest.B.en.gz", "ref.newstest.C.en"], ("B", "C")),
        (["one.en", "two.en"], ("one", "two")),
        (["x/ref.en", "y/ref.en"], ("A", "B")),
        (["ref.en", "ref.A.en"], ("A", "B")),
    ],
    ids=str,
)
def test_the_references_of_a_list_are_named_after_their_files(tmp_path, files, names):
    for file in files:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(f"{file}\n", encoding="utf-8")
    test_set = Lines(path=str(tmp_path), reference=files, target_language="en").read()
    assert (test_set.references, test_set.segments[0].references) == (names, tuple(files))


@pytest.mark.parametrize("reference", [5, [1], {"A": ["a"]}, ["a"] * 27, True], ids=str)
def test_other_references_are_refused(lines, reference):
    message = (
        "test_set.reference: expected a file, a list of files, or a mapping such as {A: FILE, B: FILE}, "
        f"found {reference!r}"
    )
    with pytest.raises(ConfigError, match=f"^{re.escape(message)}$"):
        lines(reference=reference).read()


def test_a_blank_line_is_not_a_document(lines, tmp_path):
    (tmp_path / "blank").write_text("x\n \nx\n")
    message = f"{tmp_path / 'blank'}:2: the line is blank; expected a document id"
    with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
        lines(documents="blank").read()


def test_without_documents_segments_are_numbered_by_line(lines):
    test_set = lines().read()
    assert (column(test_set, "id"), test_set.documents, test_set.has_sources) == (
        ["1", "2", "3"],
        (None,),
        False,
    )
    assert [segment.where for segment in test_set.segments] == ["segment 1", "segment 2", "segment 3"]


def test_with_documents_segments_are_numbered_within_them(lines):
    test_set = lines(documents="docs").read()
    assert (column(test_set, "document"), column(test_set, "id")) == (["x", "y", "x"], ["1", "1", "2"])
    assert test_set.segments_of == {"x": [0, 2], "y": [1]}
    assert test_set.segments[2].where == "document x, segment 2"


def test_starts_are_offsets_in_the_segments_of_a_document_joined_by_line_feeds():
    segments = number_segments([(text,) for text in ("One.", "1", "", "Two.")], None, ["x", "y", "x", "x"])
    text = "\n".join(segment.references[0] for segment in segments if segment.document == "x")
    assert [segment.start for segment in segments] == [0, 0, 5, 6]
    assert text[6:] == "Two."


def test_sources_and_languages_are_read(lines):
    test_set = lines(source="src", source_language="ru").read()
    assert (column(test_set, "source"), test_set.has_sources) == (["Раз.", "Два.", "Три."], True)
    assert (test_set.source_language, test_set.target_language) == ("ru", "en")


def test_name_and_files_are_recorded(lines, tmp_path):
    test_set = lines(source="src", documents="docs").read()
    assert test_set.name == tmp_path.name
    assert test_set.files == tuple(str(tmp_path / name) for name in ("a", "b", "src", "docs"))
    assert lines(name="mine").read().name == "mine"


@pytest.mark.parametrize(
    "settings", [{"reference": {"A": "a", "B": "short"}}, {"source": "short"}, {"documents": "short"}]
)
def test_a_wrong_line_count_is_refused_in_every_file(lines, tmp_path, settings):
    message = (
        f"{tmp_path / 'short'}: 2 lines, expected 3 (as in {tmp_path / 'a'}); the first missing line is 3"
    )
    with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
        lines(**settings).read()


def test_the_output_of_a_system_must_have_as_many_lines(lines, tmp_path):
    (tmp_path / "long.txt").write_text("a\nb\nc\nd\n", encoding="utf-8")
    reader = lines(name="mini")
    test_set = reader.read()
    assert read_outputs(reader, test_set, tmp_path / "b")[0].hypotheses == ("1.", "2.", "3.")
    with pytest.raises(
        DataError,
        match=r"long\.txt: 4 lines, expected 3 \(one per segment of mini\); the first extra line is 4: 'd'$",
    ):
        read_outputs(reader, test_set, tmp_path / "long.txt")


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"reference": {"A": "gone"}}, "reference A"),
        ({"source": "gone"}, "source"),
        ({"documents": "gone"}, "documents"),
        ({"path": "gone"}, "reference A"),
    ],
)
def test_a_missing_file_is_named(lines, settings, what):
    with pytest.raises(DataError, match=f"gone.*: {what} not found"):
        lines(**settings).read()


@pytest.mark.parametrize("code", [False, "", "xyzzyx", "en US", "e", "en\n", "x", "日本語"], ids=repr)
@pytest.mark.parametrize("setting", ["target_language", "source_language"])
def test_a_language_that_is_not_a_code_is_refused(lines, setting, code):
    message = f"test_set.{setting}: expected a language code such as en or zh, found {code!r}"
    if code is False:
        message += "; write 'no' in quotes, since YAML reads it as False"
    with pytest.raises(ConfigError, match=re.escape(message)):
        lines(**{setting: code}).read()


@pytest.mark.parametrize(
    ("name", "code"),
    [("english", "en"), ("Chinese", "zh"), ("greek", "el"), ("norwegian", "no"), ("thai", "th")],
)
def test_the_name_of_a_language_is_refused_with_its_code(lines, name, code):
    message = (
        f"test_set.target_language: expected a language code such as en or zh, found {name!r}; use {code!r}"
    )
    with pytest.raises(ConfigError, match=f"^{re.escape(message)}$"):
        lines(target_language=name).read()


@pytest.mark.parametrize(
    "code", ["en", "EN", "zh_TW", "pt-BR", "ces", "zh-Hant-TW", "zho_Hans", "sgg", "dsgs", "x-mine", "es-419"]
)
def test_language_codes_may_have_a_region_or_script_or_be_private(lines, code):
    assert lines(target_language=code).read().target_language == code


@pytest.mark.parametrize("wanted", [["C"], ["A", "A"], []], ids=["unknown", "twice", "none"])
def test_references_must_be_distinct_and_known(lines, wanted):
    message = f"test_set.references=[{','.join(wanted)}]: expected one or more of A, B, each once"
    with pytest.raises(ConfigError, match=re.escape(message)):
        lines(references=wanted).read()


@pytest.mark.parametrize("reference", [None, {}])
def test_a_test_set_needs_a_reference(lines, reference):
    with pytest.raises(
        ConfigError,
        match=r"^test_set\.reference is not set; set test_set\.reference=FILE$",
    ):
        lines(reference=reference).read()


def test_the_fingerprint_depends_on_the_content_only(lines, tmp_path):
    before = lines().read().fingerprint
    (tmp_path / "a").write_bytes("\ufeffOne.\r\nTwo.\r\nThree.\r\n".encode())
    assert lines(name="other").read().fingerprint == before
    (tmp_path / "a").write_text("One.\nTwo.\nFour.\n", encoding="utf-8")
    assert lines().read().fingerprint != before


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
def test_compressed_files_are_read_as_the_files_themselves(lines, tmp_path, pack):
    settings = {"reference": BOTH, "source": "src", "documents": "docs"}
    expected = lines(**settings).read().fingerprint
    for name in ("a", "b", "src", "docs"):
        (tmp_path / f"{name}.packed").write_bytes(pack((tmp_path / name).read_bytes()))
    settings = {
        "reference": {"A": "a.packed", "B": "b.packed"},
        "source": "src.packed",
        "documents": "docs.packed",
    }
    reader = lines(**settings)
    assert reader.read().fingerprint == expected
    (tmp_path / "hyp.Online-A.en.gz").write_bytes(pack(b"x\ny\nz\n"))
    (output,) = read_outputs(reader, reader.read(), str(tmp_path / "hyp.*"))
    assert (output.system, output.hypotheses) == ("Online-A", ("x", "y", "z"))


def test_a_file_is_found_by_its_name_in_the_other_normal_form(lines, tmp_path):
    composed, decomposed = (unicodedata.normalize(form, "prüfung") for form in ("NFC", "NFD"))
    (tmp_path / decomposed).write_text("One.\n")
    assert len(lines(reference=composed).read().segments) == 1
    (tmp_path / "docs").write_text(f"{composed}\n{decomposed}\nx\n")
    assert lines(documents="docs").read().documents == (composed, "x")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (None, [("One.", None), ("", " "), (None, "3.")]),
        ("empty", [("One.", ""), ("", " "), ("", "3.")]),
        ("missing", [("One.", None), (None, None), (None, "3.")]),
    ],
)
def test_the_setting_says_what_a_blank_line_of_a_reference_is(lines, tmp_path, rule, expected):
    (tmp_path / "a").write_text("One.\n\n\n", encoding="utf-8")
    (tmp_path / "b").write_text("\n \n3.\n", encoding="utf-8")
    test_set = lines(blank_reference=rule, documents="docs").read()
    assert column(test_set, "references") == expected
    # documents x, y, x; offsets are in the first references that there are, joined by line feeds
    assert column(test_set, "start") == [0, 0, len("One.") + 1]


def test_a_blank_line_of_the_only_reference_is_an_empty_text(lines, tmp_path):
    (tmp_path / "a").write_text("One.\n\nThree.\n", encoding="utf-8")
    assert column(lines(reference={"A": "a"}).read(), "references") == [("One.",), ("",), ("Three.",)]


def test_an_unknown_meaning_of_blank_lines_is_refused(lines):
    message = "test_set.blank_reference: expected empty, missing or null, found 'skip'"
    with pytest.raises(ConfigError, match=message):
        lines(blank_reference="skip").read()


def test_groups_are_in_files_with_one_per_line(lines, tmp_path):
    (tmp_path / "domains").write_text("news\n\nsocial\n", encoding="utf-8")
    test_set = lines(groups={"domain": "domains"}).read()
    assert column(test_set, "groups") == [{"domain": "news"}, {}, {"domain": "social"}]
    with pytest.raises(
        DataError, match=r"short: 2 lines, expected 3 \(as in .*a\); the first missing line is 3"
    ):
        lines(groups={"domain": "short"}).read()
