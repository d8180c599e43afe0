"""WMT XML, on a miniature file and on a real one."""

from __future__ import annotations

import gzip
import re
import unicodedata

import pytest

from evalkit.data.outputs import read_outputs
from evalkit.data.wmt_xml import WmtXml
from evalkit.errors import ConfigError, DataError

MINIATURE = """<?xml version="1.0" encoding="utf-8"?>
<dataset id="mini">
  <collection id="general">
    <doc origlang="ru" id="first">
      <src lang="ru"><p><seg id="1">Раз.</seg></p><p><seg id="2">Два.</seg></p></src>
      <ref lang="en" translator="A"><p><seg id="1">One.</seg></p><p><seg id="2">Two.</seg></p></ref>
      <ref lang="en" translator="B"><p><seg id="1">Once.</seg></p><p><seg id="2">Twice.</seg></p></ref>
      <hyp system="good" language="en"><p><seg id="1">One.</seg></p><p><seg id="2">Two.</seg></p></hyp>
      <hyp system="bad" language="en"><p><seg id="1">Won.</seg></p><p><seg id="2">Too.</seg></p></hyp>
    </doc>
    <doc origlang="ru" id="second">
      <src lang="ru"><p><seg id="1">Три.</seg></p></src>
      <ref lang="en" translator="A"><p><seg id="1">Three.</seg></p></ref>
      <ref lang="en" translator="B"><p><seg id="1">Thrice.</seg></p></ref>
      <hyp system="good" language="en"><p><seg id="1">Three.</seg></p></hyp>
      <hyp system="bad" language="en"><p><seg id="1"></seg></p></hyp>
    </doc>
  </collection>
</dataset>
"""


@pytest.fixture
def reader(tmp_path):
    """A reader of the miniature, with one of its texts replaced."""

    def make(old="", new="", **settings):
        assert old in MINIATURE
        path = tmp_path / "mini.xml"
        path.write_text(MINIATURE.replace(old, new, 1), encoding="utf-8")
        return WmtXml(path=str(path), **settings)

    return make


def column(test_set, attribute):
    return [getattr(segment, attribute) for segment in test_set.segments]


def refused(reader, message):
    with pytest.raises(DataError, match=re.escape(message)):
        reader.read()


def test_documents_segments_sources_and_languages(reader):
    test_set = reader().read()
    assert (test_set.name, test_set.source_language, test_set.target_language) == ("mini", "ru", "en")
    assert list(zip(column(test_set, "document"), column(test_set, "id"), strict=True)) == [
        ("first", "1"),
        ("first", "2"),
        ("second", "1"),
    ]
    assert column(test_set, "source") == ["Раз.", "Два.", "Три."]


def test_the_last_reference_is_first_by_default(reader):
    test_set = reader().read()
    assert test_set.references == ("B", "A")
    assert column(test_set, "references") == [("Once.", "One."), ("Twice.", "Two."), ("Thrice.", "Three.")]


@pytest.mark.parametrize("wanted", [["A"], ["A", "B"]], ids=",".join)
def test_references_can_be_chosen(reader, wanted):
    test_set = reader(references=wanted).read()
    assert test_set.references == tuple(wanted)
    assert test_set.segments[0].references == ("One.", "Once.")[: len(wanted)]


def test_an_unknown_reference_is_refused(reader):
    with pytest.raises(ConfigError, match=r"references=\[C\]: expected one or more of B, A, each once"):
        reader(references=["C"]).read()


def test_all_systems_in_the_file_are_bundled(reader):
    bundled = reader()
    outputs = read_outputs(bundled, bundled.read())
    assert {output.system: output.hypotheses for output in outputs} == {
        "good": ("One.", "Two.", "Three."),
        "bad": ("Won.", "Too.", ""),
    }


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('<seg id="2">Too.</seg>', "", "missing segments 2 (expected 2, found 1)"),
        ('<seg id="2">Too.</seg>', '<seg id="3">Too.</seg>', "missing segments 2 (expected 2, found 2)"),
        (
            '<seg id="2">Too.</seg>',
            '<seg id="2">Too.</seg><seg id="3">Three.</seg>',
            "unknown segments 3 (expected 2, found 3)",
        ),
    ],
    ids=["lacking", "misnumbered", "extra"],
)
def test_a_system_that_does_not_fit_is_refused_and_the_others_are_read(reader, old, new, problem):
    bundled = reader(old, new)
    test_set = bundled.read()
    assert bundled.bundled() == ["good", "bad"]
    assert read_outputs(bundled, test_set, "good")[0].hypotheses == ("One.", "Two.", "Three.")
    message = (
        f"mini.xml:4: document first: system bad: {problem}; to leave it out, list the others in systems=[…]"
    )
    with pytest.raises(DataError, match=re.escape(message)):
        read_outputs(bundled, test_set, ["good", "bad"])


def test_a_system_that_lacks_a_document_is_refused(reader):
    bundled = reader('<hyp system="bad" language="en"><p><seg id="1"></seg></p></hyp>')
    with pytest.raises(
        DataError, match=r"document second: system bad: missing segments 1 \(expected 1, found 0\)"
    ):
        read_outputs(bundled, bundled.read(), "bad")


def test_a_reference_can_lack_a_segment(reader):
    test_set = reader('<seg id="2">Twice.</seg>', "").read()
    assert column(test_set, "references") == [("Once.", "One."), (None, "Two."), ("Thrice.", "Three.")]
    assert reader('<seg id="2">Twice.</seg>', "", references=["B"]).read().segments[1].references == (None,)


def test_an_empty_segment_is_an_empty_text(reader):
    assert reader("Twice.", "").read().segments[1].references == ("", "Two.")


def test_a_reference_with_a_segment_that_the_source_lacks_is_refused(reader):
    refused(
        reader('<seg id="2">Twice.</seg>', '<seg id="7">Twice.</seg>'),
        "mini.xml:4: document first: reference B: unknown segments 7 (expected 2, found 2)",
    )


def test_translators_can_differ_by_document(reader):
    third = MINIATURE.replace('translator="B"><p><seg id="1">Thrice', 'translator="C"><p><seg id="1">Thrice')
    test_set = reader(MINIATURE, third).read()
    assert test_set.references == ("C", "B", "A")
    assert column(test_set, "references") == [
        (None, "Once.", "One."),
        (None, "Twice.", "Two."),
        ("Thrice.", None, "Three."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id="second"', 'id="first"', "mini.xml:11: duplicate document id 'first', first in line 4"),
        ('origlang="ru" id="second"', 'origlang="ru"', "mini.xml:11: <doc> without id; add one"),
        ('<seg id="2">Два.', '<seg id="1">Два.', "mini.xml:5: document first: duplicate segment id '1'"),
        ('<seg id="2">Too.', '<seg id="1">Too.', "mini.xml:9: document first: duplicate segment id '1'"),
        ('<seg id="2">Two.', "<seg>Two.", "mini.xml:6: document first: <seg> without id"),
        (
            'translator="B"',
            'translator="A"',
            "mini.xml:7: document first: duplicate <ref> of 'A'; remove one",
        ),
        ('system="bad"', 'system="good"', "mini.xml:9: document first: duplicate <hyp> of 'good'"),
        (' system="bad"', "", "mini.xml:9: <hyp> without system; add its name"),
        (
            '<src lang="ru"><p><seg id="1">Три.</seg></p></src>',
            "",
            "mini.xml:11: document second has no <src>",
        ),
        (
            '<ref lang="en" translator="A"',
            '<ref lang="de" translator="A"',
            "mini.xml: expected one language of <ref>, found de, en",
        ),
        ('<src lang="ru"', '<src lang="uk"', "mini.xml: expected one language of <src>, found ru, uk"),
        ("</hyp>\n    </doc>", "\n    </doc>", "mini.xml:10: not well-formed XML: "),
        ("Два.", "Два & три.", "mini.xml:5: not well-formed XML: "),
        ("Два.", "&nbsp;", "mini.xml:5: not well-formed XML: Entity 'nbsp' not defined"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(reader, old, new, message):
    refused(reader(old, new), message)


def test_a_document_without_reference_is_read(reader):
    lacking = re.search(r"<ref.*Three.*\n.*Thrice.*</ref>", MINIATURE)[0]
    assert column(reader(lacking).read(), "references")[2] == (None, None)


def test_a_file_without_any_reference_is_refused(reader):
    refused(
        reader(MINIATURE, re.sub("<ref.*</ref>", "", MINIATURE)),
        "mini.xml: no <ref>, so there is nothing to score",
    )


def test_a_file_without_documents_is_refused(reader):
    refused(
        reader(MINIATURE, "<dataset/>"),
        "mini.xml: no <doc>; expected WMT XML with <doc>, <src>, <ref>, <hyp> and <seg>",
    )


def test_an_empty_file_is_refused(reader):
    refused(reader(MINIATURE), "mini.xml:1: not well-formed XML: ")


def test_a_language_must_be_given(reader):
    whole = MINIATURE.replace(' lang="ru"', "")
    with pytest.raises(ConfigError, match=r'mini\.xml: <src> without language; expected <src lang="…">'):
        reader(MINIATURE, whole).read()


def test_a_file_that_is_not_utf8_is_refused_with_the_byte_offset(tmp_path):
    path = tmp_path / "mini.xml"
    path.write_bytes(MINIATURE.encode("koi8-r"))
    offset = MINIATURE.index("Раз")
    with pytest.raises(DataError, match=rf"mini\.xml: not UTF-8 at byte {offset} "):
        WmtXml(path=str(path)).read()


@pytest.mark.parametrize("encoding", ["koi8-r", "utf-16"])
def test_a_compressed_file_in_another_encoding_is_read_as_the_file_itself(reader, tmp_path, encoding):
    expected = reader().read()
    path = tmp_path / "mini.xml.gz"
    text = re.sub(r"^<\?.*\?>", f'<?xml version="1.0" encoding="{encoding}"?>', MINIATURE)
    assert encoding in text
    path.write_bytes(gzip.compress(text.encode(encoding)))
    packed = WmtXml(path=str(path))
    test_set = packed.read()
    assert (test_set.name, test_set.fingerprint) == ("mini", expected.fingerprint)
    assert [output.hypotheses for output in read_outputs(packed, test_set)] == [
        output.hypotheses for output in read_outputs(reader(), expected)
    ]


def test_ids_are_in_one_normal_form(reader):
    decomposed = unicodedata.normalize("NFD", "zweiß-ö")
    documents = reader('id="second"', f'id="{decomposed}"').read().documents
    assert documents == ("first", unicodedata.normalize("NFC", decomposed))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"gone\.xml: WMT XML file not found"):
        WmtXml(path=str(tmp_path / "gone.xml")).read()


def test_a_reference_without_translator_is_a(reader):
    assert reader(
        MINIATURE, re.sub(r"<ref.*translator=\"B\".*</ref>", "", MINIATURE).replace(' translator="A"', "")
    ).read().references == ("A",)


def test_attributes_of_documents_and_collections_are_groups(reader):
    changed = reader('id="second"', 'id="second" domain="news" testsuite="suite"').read()
    assert column(changed, "groups") == [
        {"origlang": "ru", "collection": "general"},
        {"origlang": "ru", "collection": "general"},
        {"domain": "news", "origlang": "ru", "testsuite": "suite", "collection": "general"},
    ]


def test_references_of_test_suites_alone_are_not_used_by_default(reader):
    third = MINIATURE.replace('translator="B"><p><seg id="1">Thrice', 'translator="C"><p><seg id="1">Thrice')
    third = third.replace('id="second"', 'id="second" testsuite="suite"')
    assert reader(MINIATURE, third).read().references == ("B", "A")
    assert reader(MINIATURE, third, references=["C"]).read().references == ("C",)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("&lt;Tom &amp; Ann&gt; &quot;go&quot;", '<Tom & Ann> "go"'),
        ("&#x41;&#8232;B", "A\u2028B"),
        ("<![CDATA[a < b]]>", "a < b"),
        (" a<!-- note -->b ", " ab "),
        ("", ""),
    ],
    ids=["named", "numeric", "cdata", "comment", "empty"],
)
def test_text_is_read_as_xml(reader, xml, text):
    assert reader("Два.", xml).read().segments[1].source == text


def test_external_entities_are_not_read(reader, tmp_path):
    (tmp_path / "secret").write_text("password")
    uri = (tmp_path / "secret").as_uri()
    doctype = f'<!DOCTYPE dataset [<!ENTITY secret SYSTEM "{uri}">]>\n<dataset id="mini">'
    whole = MINIATURE.replace('<dataset id="mini">', doctype).replace("Два.", "Два &secret;")
    with pytest.raises(DataError, match="not well-formed XML: Entity 'secret' not defined"):
        reader(MINIATURE, whole).read()


def test_internal_entities_are_text(reader):
    whole = MINIATURE.replace(
        '<dataset id="mini">', '<!DOCTYPE dataset [<!ENTITY two "Две">]>\n<dataset id="mini">'
    ).replace("Два.", "&two;.")
    assert "Две." in [segment.source for segment in reader(MINIATURE, whole).read().segments]


def test_a_real_file(shared):
    path = shared / "wmt22" / "wmttest2022.ru-en.all.xml"
    reader = WmtXml(path=str(path))
    test_set = reader.read()
    assert (len(test_set.segments), len(test_set.documents), len(reader.bundled())) == (2016, 227, 10)
    assert (test_set.name, test_set.source_language, test_set.target_language) == (
        "wmttest2022.ru-en.all",
        "ru",
        "en",
    )
    first = test_set.segments[0]
    assert (first.document, first.id) == ("social_ru_197", "1")
    assert (
        first.references[-1]
        == "In my opinion, the literature program was created by Balzac-aged ladies based on their interests."
    )
    assert all(len(output.hypotheses) == 2016 for output in read_outputs(reader, test_set))


@pytest.mark.parametrize("name", ["Gro\u0308ße", "Gr\u00f6ße"], ids=["NFD", "NFC"])
@pytest.mark.parametrize("setting", ["Gro\u0308ße", "Gr\u00f6ße"], ids=["NFD", "NFC"])
def test_a_system_is_found_by_its_name_in_any_normal_form(tmp_path, name, setting):
    texts = "".join(
        f"<{tag}><seg id='1'>x</seg></{tag.split()[0]}>"
        for tag in ("src lang='de'", "ref lang='en'", f"hyp lang='en' system='{name}'")
    )
    path = tmp_path / "t.xml"
    path.write_text(f"<dataset><doc id='d'>{texts}</doc></dataset>", encoding="utf-8")
    reader = WmtXml(path=str(path))
    (output,) = read_outputs(reader, reader.read(), setting)
    assert (output.system, output.hypotheses) == (name, ("x",))
