"""TMX and XLIFF: hand-made files, with the texts that their specifications say they have."""

from __future__ import annotations

import gzip
import json
import re

import pytest
import sacrebleu

from evalkit.data.outputs import read_outputs
from evalkit.data.tmx import Tmx
from evalkit.data.xliff import Xliff
from evalkit.errors import ConfigError, DataError

TMX = """<?xml version="1.0"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
 <header srclang="{srclang}" segtype="sentence" adminlang="en" o-tmf="x" creationtool="x" datatype="xml"/>
 <body>
  <tu tuid="a"><note>not text</note>
   <tuv xml:lang="EN-US"><seg>Press the <bpt i="1">&lt;b></bpt>red<ept i="1">&lt;/b></ept> key.</seg></tuv>
   <tuv xml:lang="de-DE"><prop type="x">no</prop>
    <seg>Die <hi type="x">rote</hi> Taste <ph>{{1}}</ph>drücken.</seg></tuv>
  </tu>
  <tu tuid="{second}">
   <tuv xml:lang="EN-US">
    <seg>Second<ph type="lb">&lt;br/></ph>line<it pos="begin">[<sub>note</sub>]</it>.</seg></tuv>
   {target}
  </tu>
  <tu tuid="c">
   <tuv xml:lang="EN-US"><seg> Third
     one. </seg></tuv>
   <tuv xml:lang="de-DE"><seg xml:space="preserve">Das  dritte. </seg></tuv>
  </tu>
 </body>
</tmx>"""
GERMAN = '<tuv xml:lang="de-DE"><seg>Zweite Zeile<!-- x --><?x y?>.</seg></tuv>'

XLIFF1 = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:my="urn:my">
<file original="one.html" source-language="en" target-language="de" datatype="html"><header/><body>
 <trans-unit id="1"><source>Hello <g id="1">big <x id="2"/></g>world.</source>
  <target state="final">Hallo <g id="1">große</g>
   <bpt id="3">&lt;i></bpt><mrk mtype="term">Welt</mrk><ept id="3">&lt;/i></ept>.</target>
  <alt-trans><source>Hi.</source><target>Grüezi.</target></alt-trans><my:target>no</my:target></trans-unit>
 <group><trans-unit id="2"><source>Not yet.</source></trans-unit>
  <trans-unit id="3" translate="no"><source>v1.0</source></trans-unit></group>
 <group translate="no"><trans-unit id="4"><source>x</source></trans-unit></group>
 <trans-unit id="5"><source>New.</source><target state="new">New.</target></trans-unit>
 <trans-unit id="6"><source>Empty.</source><target/></trans-unit>
</body></file>
<file original="two.html" source-language="en" target-language="de" datatype="html"><body>
 <trans-unit id="1"><source>A. B.</source>
  <seg-source><mrk mtype="seg" mid="s1">A.</mrk> <mrk mtype="seg" mid="s2">B.</mrk></seg-source>
  <target><mrk mtype="seg" mid="s1">Ah.</mrk> <mrk mtype="seg" mid="s2">Be.</mrk></target></trans-unit>
</body></file></xliff>"""

XLIFF2 = """<xliff version="2.1" srcLang="en" trgLang="de" xmlns="urn:oasis:names:tc:xliff:document:2.0">
<file id="f1" original="one.html">
 <unit id="1"><originalData><data id="d1">&lt;b></data></originalData>
  <segment state="final"><source>Hello <pc id="1">big</pc> <ph id="2" subType="xlf:lb"/>world.</source>
   <target>Hallo <pc id="1">große</pc> <mrk id="m" type="term">Welt</mrk><sc
   id="3"/><ec startRef="3"/>.</target></segment></unit>
 <group id="g"><unit id="2"><segment><source>Not yet.</source></segment></unit></group>
 <unit id="3" translate="no"><segment><source>v1.0</source></segment></unit>
 <unit id="4"><segment state="initial"><source>New.</source><target>New.</target></segment></unit>
</file>
<file id="f2"><unit id="1">
  <segment id="s1"><source>A.</source><target>Ah.</target></segment><ignorable><source> </source></ignorable>
  <segment><source>B.</source><target>Be.</target></segment></unit></file></xliff>"""


def fill_tmx(srclang="en-US", second="b", target=GERMAN):
    return TMX.format(srclang=srclang, second=second, target=target)


@pytest.fixture
def tmx(tmp_path):
    """Writes a TMX file and returns its reader."""

    def make(text=None, **settings):
        (tmp_path / "mini.tmx").write_text(text or fill_tmx(), encoding="utf-8")
        return Tmx(path=str(tmp_path / "mini.tmx"), **settings)

    return make


@pytest.fixture
def xliff(tmp_path):
    """Writes an XLIFF file and returns its reader."""

    def make(text, **settings):
        (tmp_path / "mini.xlf").write_text(text, encoding="utf-8")
        return Xliff(path=str(tmp_path / "mini.xlf"), **settings)

    return make


def rows(reader):
    return [(s.document, s.id, s.source, s.references) for s in reader.read().segments]


def refused(reader, message, error=DataError):
    with pytest.raises(error) as found:
        reader.read()
    assert re.sub(r"\S*/(?=mini\.)", "", str(found.value)) == message


def test_tmx_has_texts_without_codes(tmx):
    test_set = tmx().read()
    assert [(s.id, s.document, s.source, s.references) for s in test_set.segments] == [
        ("a", None, "Press the red key.", ("Die rote Taste drücken.",)),
        ("b", None, "Second line.", ("Zweite Zeile.",)),
        ("c", None, "Third one.", ("Das  dritte. ",)),
    ]
    assert (test_set.name, test_set.source_language, test_set.target_language) == ("mini", "en-US", "de-DE")
    assert (test_set.references, len(test_set.files)) == (("A",), 1)


@pytest.mark.parametrize(
    ("srclang", "settings"),
    [
        ("*all*", {"target_language": "de"}),
        ("*all*", {"source_language": "en"}),
        ("*all*", {"source_language": "en-us", "target_language": "de_DE"}),
        ("en", {}),
        ("de-DE", {"target_language": "de"}),
    ],
    ids=str,
)
def test_settings_choose_the_languages_of_tmx(tmx, srclang, settings):
    test_set = tmx(fill_tmx(srclang), **settings).read()
    assert (test_set.source_language, test_set.target_language) == ("en-US", "de-DE")
    assert test_set.segments[1].references == ("Zweite Zeile.",)


@pytest.mark.parametrize(("code", "setting"), [("cmn", "zh"), ("zh-CN", "zho_Hans"), ("kor_Hang", "ko")])
def test_a_language_of_tmx_is_found_in_any_spelling(tmx, code, setting):
    test_set = tmx(fill_tmx(target=GERMAN.replace("de-DE", code)), target_language=setting).read()
    assert test_set.segments[1].references == ("Zweite Zeile.",)


def test_the_direction_of_tmx_can_be_turned(tmx):
    assert rows(tmx(source_language="de", target_language="en"))[1][2:] == (
        "Zweite Zeile.",
        ("Second line.",),
    )


def test_languages_of_tmx_that_do_not_fit_are_refused(tmx):
    other = GERMAN + GERMAN.replace("de-DE", "de-AT")
    refused(
        tmx(fill_tmx(target=other), target_language="de"),
        "mini.tmx: target language: expected 'de', found en-US, de-DE, de-AT; "
        "set test_set.target_language to one of them",
        ConfigError,
    )
    refused(
        tmx(fill_tmx(target=other)),
        "mini.tmx: target language: expected one, found de-DE, de-AT; "
        "set test_set.target_language to one of them",
        ConfigError,
    )
    assert rows(tmx(fill_tmx(target=other), target_language="de-AT"))[1][3] == ("Zweite Zeile.",)
    refused(
        tmx(fill_tmx("*all*")),
        "mini.tmx: source language: expected one, found en-US, de-DE; "
        "set test_set.source_language to one of them",
        ConfigError,
    )


def test_a_tmx_unit_without_translation_lacks_its_reference_and_a_second_one_is_another_reference(tmx):
    assert [row[3] for row in rows(tmx(fill_tmx(target="")))][1] == (None,)
    two = GERMAN + GERMAN.replace("Zweite", "2.")
    reader = tmx(fill_tmx(target=two))
    assert reader.read().references == ("A", "B")
    assert [row[3] for row in rows(reader)] == [
        ("Die rote Taste drücken.", None),
        ("Zweite Zeile.", "2. Zeile."),
        ("Das  dritte. ", None),
    ]
    assert rows(tmx(fill_tmx(target=two), references=["B", "A"]))[1][3] == ("2. Zeile.", "Zweite Zeile.")


def test_tmx_ids_that_are_not_unique_are_not_used(tmx):
    assert [row[1] for row in rows(tmx(fill_tmx(second="a")))] == ["1", "2", "3"]


def test_xliff_1_has_documents_units_and_segments(xliff):
    assert rows(xliff(XLIFF1)) == [
        ("one.html", "1", "Hello big world.", ("Hallo große Welt.",)),
        ("one.html", "2", "Not yet.", (None,)),
        ("one.html", "5", "New.", (None,)),
        ("one.html", "6", "Empty.", (None,)),
        ("two.html", "1/s1", "A.", ("Ah.",)),
        ("two.html", "1/s2", "B.", ("Be.",)),
    ]


def test_xliff_2_has_documents_units_and_segments(xliff):
    reader = xliff(XLIFF2)
    assert rows(reader) == [
        ("one.html", "1", "Hello big world.", ("Hallo große Welt.",)),
        ("one.html", "2", "Not yet.", (None,)),
        ("one.html", "4", "New.", (None,)),
        ("f2", "1/s1", "A.", ("Ah.",)),
        ("f2", "1/2", "B.", ("Be.",)),
    ]
    test_set = reader.read()
    assert (test_set.source_language, test_set.target_language) == ("en", "de")


def test_the_languages_of_xliff_must_agree(xliff):
    text = XLIFF1.replace('target-language="de"', 'target-language="fr"', 1)
    message = (
        "mini.xlf: target language: expected one, found fr, de; set test_set.target_language to one of them"
    )
    refused(xliff(text), message, ConfigError)
    without = XLIFF1.replace(' target-language="de"', "")
    assert xliff(without, target_language="de").read().target_language == "de"
    message = "mini.xlf: target language: expected one, found none; set test_set.target_language"
    refused(xliff(without), message, ConfigError)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<xliff version='3.0'/>", "mini.xlf: expected XLIFF 1.x or 2.x, found version '3.0'"),
        ("<tmx/>", "mini.xlf: expected <xliff>, found <tmx>"),
        (
            "<xliff",
            "mini.xlf:1: not well-formed XML: Couldn't find end of Start Tag xliff line 1, line 1, column 7",
        ),
        ("<xliff version='2.0' srcLang='en' trgLang='de'/>", "mini.xlf: no units to translate from en"),
        (
            re.sub("(?s)<target.*?</target>", "", XLIFF2),
            "mini.xlf: no unit has a translation in de",
        ),
        (
            XLIFF1.replace('id="2"><source>Not', 'id="1"><source>Not'),
            "mini.xlf:7: duplicate unit id '1', first in mini.xlf:3",
        ),
        (XLIFF1.replace('trans-unit id="2"', "trans-unit"), "mini.xlf:7: <trans-unit> without id"),
        (XLIFF2.replace("<source>Not yet.</source>", ""), "mini.xlf:7: <segment> without source"),
    ],
)
def test_invalid_xliff_is_refused(xliff, text, message):
    refused(xliff(text), message)


def test_invalid_tmx_is_refused(tmx):
    refused(tmx(fill_tmx(target="<tuv/>")), 'mini.tmx:14: expected <tuv xml:lang="…"> with a <seg>')
    refused(
        tmx("<tmx><body/></tmx>"),
        "mini.tmx: no units with a text",
    )


def test_systems_are_lines_or_files_of_the_same_format(xliff, tmp_path):
    reader = xliff(XLIFF2)
    test_set = reader.read()
    lines = ["Hallo grosse Welt.", "Noch nicht.", "Neu.", "Ah.", "Be."]
    (tmp_path / "own.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    text = XLIFF2.replace("große", "grosse")
    (tmp_path / "other.xlf.gz").write_bytes(gzip.compress(text.encode()))
    own, other = read_outputs(reader, test_set, [str(tmp_path / "own.txt"), str(tmp_path / "other.xlf.gz")])
    assert own.hypotheses == tuple(lines)
    assert (other.system, other.hypotheses) == ("other", ("Hallo grosse Welt.", "", "New.", "Ah.", "Be."))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("Not yet.", "Not now."),
            "other.xlf:7: unit 2 with source 'Not now.', expected unit 2 with source 'Not yet.'",
        ),
        (
            ('<unit id="2"', '<unit id="9"'),
            "other.xlf:7: unit 9 with source 'Not yet.', expected unit 2 with",
        ),
        (('id="4"', 'id="4" translate="no"'), "other.xlf: 4 units, expected 5 (as in "),
    ],
    ids=["source", "id", "count"],
)
def test_a_file_with_other_units_is_refused(xliff, tmp_path, change, message):
    reader = xliff(XLIFF2)
    (tmp_path / "other.xlf").write_text(XLIFF2.replace(*change), encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(message)):
        read_outputs(reader, reader.read(), str(tmp_path / "other.xlf"))


@pytest.mark.parametrize("name", ["tmx", "xliff"])
def test_scores_are_those_of_the_texts(request, command, tmp_path, monkeypatch, name):
    text = XLIFF2.replace("Not yet.</source>", "Not yet.</source><target>Noch nicht hier.</target>").replace(
        ' state="initial"', ""
    )
    reader = request.getfixturevalue(name)(fill_tmx() if name == "tmx" else text)
    references = [segment.reference for segment in reader.read().segments]
    hypotheses = [f"{text} und mehr" for text in references]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out.txt").write_text("".join(f"{line}\n" for line in hypotheses), encoding="utf-8")
    code, _, error = command(
        f"test_set={name}", f"test_set.path={reader.path}", "systems=out.txt", "metrics=[bleu,chrf]", "name=x"
    )
    assert code == 0, error
    scores = json.loads((tmp_path / "outputs/x/run.json").read_text())["systems"]["out"]["metrics"]
    for metric, function in (("bleu", sacrebleu.corpus_bleu), ("chrf", sacrebleu.corpus_chrf)):
        assert scores[metric]["value"] == pytest.approx(function(hypotheses, [references]).score)


def test_an_empty_text_of_a_tmx_unit_is_a_missing_reference(tmx):
    empty = '<tuv xml:lang="de-DE"><seg> </seg></tuv>'
    assert [row[3] for row in rows(tmx(fill_tmx(target=empty)))][1] == (None,)
    assert [row[3] for row in rows(tmx(fill_tmx(target=empty + GERMAN)))][1] == ("Zweite Zeile.",)


def test_tmx_units_without_the_source_language_are_counted(tmx):
    text = fill_tmx().replace('xml:lang="EN-US"', 'xml:lang="fr"', 1)
    test_set = tmx(text, target_language="de").read()
    assert [segment.id for segment in test_set.segments] == ["b", "c"]
    assert test_set.notes == ("not scored: 1 unit without a text in en-US",)


def test_a_unit_may_be_marked_as_one_segment_in_its_source_only(xliff):
    marked = '<seg-source><mrk mtype="seg" mid="0">Empty.</mrk></seg-source><target>Leer.</target>'
    reader = xliff(XLIFF1.replace("<source>Empty.</source><target/>", f"<source>Empty.</source>{marked}"))
    assert ("one.html", "6", "Empty.", ("Leer.",)) in rows(reader)
