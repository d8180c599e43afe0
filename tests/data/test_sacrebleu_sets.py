"""sacrebleu's named test sets, read from a miniature cache; nothing is downloaded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sacrebleu.dataset
import sacrebleu.utils
from sacrebleu.dataset.plain_text import PlainTextDataset
from sacrebleu.dataset.wmt_xml import WMTXMLDataset

from evalkit.data.outputs import read_outputs
from evalkit.data.sacrebleu_sets import SacrebleuSet
from evalkit.errors import ConfigError, DataError

XML = """<dataset id="mini"><doc origlang="ru" id="first">
<src lang="ru"><p><seg id="1">Раз.</seg><seg id="2">Два.</seg></p></src>
<ref lang="en" translator="C"><p><seg id="1">C1.</seg><seg id="2">C2.</seg></p></ref>
<ref lang="en" translator="A"><p><seg id="1">One.</seg><seg id="2">Two.</seg></p></ref>
<ref lang="en" translator="D"><p><seg id="1">D1.</seg><seg id="2">D2.</seg></p></ref>
<ref lang="en" translator="B"><p><seg id="1">Once.</seg><seg id="2">Twice.</seg></p></ref>
<hyp system="good" language="en"><p><seg id="1">One.</seg><seg id="2">Two.</seg></p></hyp>
<hyp system="bad" language="en"><p><seg id="1">Won.</seg><seg id="2"></seg></p></hyp>
</doc></dataset>"""
LINES = {"mini.xml": XML, "mini.ru": "Раз.\nДва.\n", "mini.en": "One.\nTwo.\n"}


def no_network(*args, **kwargs):
    raise OSError("no route to host")


@pytest.fixture(autouse=True)
def no_download(monkeypatch):
    monkeypatch.setattr("sacrebleu.dataset.base.download_file", no_network)


@pytest.fixture
def cached(tmp_path, monkeypatch):
    """Makes a test set known to sacrebleu, with its files as though downloaded, and gives a reader of it."""

    def make(data_set, **settings):
        data_set._outdir, data_set._rawdir = str(tmp_path / "mini"), str(tmp_path / "mini" / "raw")
        Path(data_set._rawdir).mkdir(parents=True)
        for name, text in LINES.items():
            Path(data_set._rawdir, name).write_text(text, encoding="utf-8")
        monkeypatch.setattr("sacrebleu.dataset.base.download_file", lambda *args, **kwargs: None)
        monkeypatch.setitem(sacrebleu.dataset.DATASETS, "mini", data_set)
        return SacrebleuSet(path="mini", language_pair="ru-en", **settings)

    return make


def wmt(*refs):
    return WMTXMLDataset(
        "mini", data=["https://example.org/mini.tgz"], langpairs={"ru-en": ["mini.xml"]}, refs=list(refs)
    )


def plain_text():
    return PlainTextDataset(
        "mini", data=["https://example.org/mini.tgz"], langpairs={"ru-en": ["mini.ru", "mini.en"]}
    )


def test_a_cached_set_is_read_without_a_network(cached):
    test_set = cached(wmt("A")).read()
    assert [(s.document, s.id, s.source, s.references) for s in test_set.segments] == [
        ("first", "1", "Раз.", ("One.",)),
        ("first", "2", "Два.", ("Two.",)),
    ]
    assert (test_set.name, test_set.source_language, test_set.target_language) == ("mini.ru-en", "ru", "en")
    assert test_set.files == ("sacrebleu:mini/ru-en",)


def test_a_set_of_two_text_files_has_one_reference_and_no_systems(cached):
    reader = cached(plain_text(), name="other")
    test_set = reader.read()
    assert (test_set.name, test_set.references, test_set.documents) == ("other", ("A",), (None,))
    assert [(s.source, s.references) for s in test_set.segments] == [("Раз.", ("One.",)), ("Два.", ("Two.",))]
    assert reader.bundled() == []


@pytest.mark.parametrize(
    ("preferred", "wanted", "names"),
    [
        (["B"], None, ("B",)),
        (["A", "B", "C", "D"], None, ("A", "B", "C", "D")),
        (["A"], ["B"], ("B",)),
        (["A"], ["B", "A"], ("B", "A")),
    ],
    ids=["sacrebleu's own", "several of sacrebleu's own", "another", "in the wanted order"],
)
def test_references_are_those_of_sacrebleu_or_those_wanted(cached, preferred, wanted, names):
    test_set = cached(wmt(*preferred), references=wanted).read()
    texts = {"A": "One.", "B": "Once.", "C": "C1.", "D": "D1."}
    assert (test_set.references, test_set.segments[0].references) == (
        names,
        tuple(texts[name] for name in names),
    )


def test_an_unknown_reference_is_refused(cached):
    with pytest.raises(
        ConfigError, match=r"^test_set\.references=\[E\]: expected one or more of .*, each once"
    ):
        cached(wmt("A"), references=["E"]).read()


def test_the_systems_that_took_part_are_bundled(cached):
    reader = cached(wmt("A"))
    outputs = read_outputs(reader, reader.read())
    assert {output.system: output.hypotheses for output in outputs} == {
        "good": ("One.", "Two."),
        "bad": ("Won.", ""),
    }


def test_a_damaged_cache_is_refused(cached, tmp_path):
    reader = cached(plain_text())
    (tmp_path / "mini" / "mini.ru-en.src").write_text("Раз.\nДва.\n", encoding="utf-8")
    (tmp_path / "mini" / "mini.ru-en.ref").write_text("One.\n", encoding="utf-8")
    with pytest.raises(
        DataError,
        match=r"mini\.ru-en\.ref: 1 line, expected 2 \(as in .*\.src\); the first missing line is 2$",
    ):
        reader.read()


def test_an_unknown_set_lists_the_newest_known_ones():
    with pytest.raises(
        ConfigError,
        match=r"^test_set\.path=wmt99: unknown sacrebleu test set; expected one of wmt24.*, wmt22.* more$",
    ):
        SacrebleuSet(path="wmt99", language_pair="ru-en").read()


def test_an_unknown_language_pair_lists_the_known_ones():
    message = r"^test_set\.language_pair=en-tlh: not in wmt22; expected one of cs-en, .*ru-en"
    with pytest.raises(ConfigError, match=message):
        SacrebleuSet(path="wmt22", language_pair="en-tlh").read()


@pytest.mark.parametrize(
    "error", [OSError("no route to host"), SystemExit(1)], ids=["no network", "wrong checksum"]
)
def test_a_set_that_cannot_be_downloaded_says_what_to_do(tmp_path, monkeypatch, error):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr("sacrebleu.dataset.base.download_file", fail)
    for attribute in ("_outdir", "_rawdir"):
        monkeypatch.setattr(sacrebleu.dataset.DATASETS["wmt22"], attribute, str(tmp_path))
    message = (
        f"sacrebleu test set wmt22/ru-en: not in the cache {tmp_path} and cannot be downloaded "
        f"({type(error).__name__}: {error}); "
        "on a machine with a network, run 'sacrebleu -t wmt22 -l ru-en --echo src', "
        "then copy that folder here, or set SACREBLEU to its parent folder"
    )
    reader = SacrebleuSet(path="wmt22", language_pair="ru-en")
    for call in (reader.read, reader.bundled):
        with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
            call()


OTHER = XML.replace("One.", "Uno.").replace("first", "second").replace('translator="A"', 'translator="Z"')


@pytest.fixture
def joined(cached, tmp_path, monkeypatch):
    """Makes `mini` and two other sets known, and gives a reader of several."""

    def make(path, data_set=None, **settings):
        cached(data_set or wmt("A"))
        other = WMTXMLDataset("other", data=[""], langpairs={"ru-en": ["other.xml"]}, refs=["Z"])
        plain = PlainTextDataset("plain", data=[""], langpairs={"ru-en": ["mini.ru", "mini.en"]})
        for name, added in (("other", other), ("plain", plain)):
            added._outdir, added._rawdir = str(tmp_path / name), str(tmp_path / name / "raw")
            Path(added._rawdir).mkdir(parents=True)
            for file, text in {**LINES, "other.xml": OTHER}.items():
                Path(added._rawdir, file).write_text(text, encoding="utf-8")
            monkeypatch.setitem(sacrebleu.dataset.DATASETS, name, added)
        return SacrebleuSet(path=path, language_pair="ru-en", **settings)

    return make


@pytest.mark.parametrize("path", ["mini,other", ["mini", "other"], "mini, other"], ids=str)
def test_several_sets_are_one_after_the_other(joined, path):
    reader = joined(path)
    test_set = reader.read()
    assert [(s.document, s.id, s.references) for s in test_set.segments] == [
        ("mini/first", "1", ("One.",)),
        ("mini/first", "2", ("Two.",)),
        ("other/second", "1", ("Uno.",)),
        ("other/second", "2", ("Two.",)),
    ]
    assert (test_set.name, test_set.references) == ("mini+other.ru-en", ("A+Z",))
    assert test_set.files == ("sacrebleu:mini/ru-en", "sacrebleu:other/ru-en")
    assert {output.system: output.hypotheses for output in read_outputs(reader, test_set)} == {
        "good": ("One.", "Two.", "Uno.", "Two."),
        "bad": ("Won.", "", "Won.", ""),
    }


def test_several_sets_have_the_references_of_sacrebleu(joined):
    """As `sacrebleu -t mini,other` puts the files together."""
    test_set = joined("mini,other").read()
    files = [sacrebleu.utils.get_reference_files(name, "ru-en") for name in ("mini", "other")]
    lines = [line for (file,) in files for line in Path(file).read_text(encoding="utf-8").splitlines()]
    assert [segment.reference for segment in test_set.segments] == lines


def test_without_documents_or_systems_in_one_set_the_joined_sets_have_none(joined):
    reader = joined("mini,plain")
    test_set = reader.read()
    assert (test_set.documents, reader.bundled(), test_set.references) == ((None,), [], ("A",))
    assert [(s.id, s.reference) for s in test_set.segments] == [
        ("1", "One."),
        ("2", "Two."),
        ("3", "One."),
        ("4", "Two."),
    ]


def test_other_references_of_joined_sets_are_chosen_by_name(joined):
    assert joined("mini,other", references=["B"]).read().segments[2].references == ("Once.",)


def test_joined_sets_with_other_numbers_of_references_have_those_of_the_same_name(joined):
    assert joined("mini,other", wmt("A", "B")).read().references == ("B", "C", "D")


@pytest.mark.parametrize("path", ["mini,mini", [], [1], 5, "mini,wmt99"], ids=str)
def test_joined_sets_are_distinct_and_known(joined, path):
    with pytest.raises(ConfigError, match=r"^test_set\.path"):
        joined(path).read()


def test_origin_and_domain_are_groups(cached):
    assert [segment.groups for segment in cached(wmt("A")).read().segments] == [{"origlang": "ru"}] * 2


@pytest.mark.parametrize(("rule", "second"), [("empty", ""), ("missing", None), (None, None)])
def test_a_blank_line_of_a_reference_is_what_the_setting_says(cached, monkeypatch, rule, second):
    monkeypatch.setitem(LINES, "mini.xml", XML.replace('<seg id="2">Twice.</seg>', ""))
    test_set = cached(wmt("A", "B"), blank_reference=rule).read()
    assert [segment.references for segment in test_set.segments] == [("One.", "Once."), ("Two.", second)]
