"""Which segments are scored: references that are missing, test suites, `only` and `limit`; and their outputs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from evalkit.data.lines import Lines
from evalkit.data.outputs import read_outputs
from evalkit.data.selection import select
from evalkit.data.wmt_xml import WmtXml
from evalkit.errors import ConfigError, DataError
from evalkit.types import Alias, EntityFile, Mention, Segment, TestSet


def document(id_, references, attributes='domain="news"', segments=2):
    """A document of WMT XML; the system S has every segment."""

    def texts(prefix):
        return "".join(f'<seg id="{n}">{prefix} {id_}{n}</seg>' for n in range(1, segments + 1))

    parts = [f'<ref lang="en" translator="{name}">{texts(name)}</ref>' for name in references]
    return (
        f'<doc id="{id_}" {attributes}><src lang="de">{texts("src")}</src>{"".join(parts)}'
        f'<hyp system="S" lang="en">{texts("S")}</hyp></doc>'
    )


DOCUMENTS = [
    document("d1", "A"),
    document("suite", "A", 'testsuite="names" domain="news"', segments=3),
    document("none", "", segments=1),
    document("d2", "B", 'domain="social" origlang="cs"'),
    document("d3", "AB", 'domain="social" origlang="de"', segments=1),
]
WHOLE = ["d11", "d12", "suite1", "suite2", "suite3", "none1", "d21", "d22", "d31"]
ELIGIBLE = ["d11", "d12", "d21", "d22", "d31"]
LEFT_OUT = "3 segments of test suites (suite) and 1 segment without a reference (none)"


@pytest.fixture
def reader(tmp_path):
    path = tmp_path / "t.xml"
    path.write_text(f"<dataset>{''.join(DOCUMENTS)}</dataset>", encoding="utf-8")
    return WmtXml(path=str(path))


def list_ids(test_set):
    return [f"{segment.document}{segment.id}" for segment in test_set.segments]


@pytest.mark.parametrize(
    ("only", "limit", "expected"),
    [
        (None, None, ELIGIBLE),
        ({}, None, ELIGIBLE),
        ({"domain": "social"}, None, ["d21", "d22", "d31"]),
        ({"domain": ["news", "social"]}, None, ELIGIBLE),
        ({"domain": "social", "origlang": ["de", "cs"]}, None, ["d21", "d22", "d31"]),
        ({"domain": "social", "origlang": "de"}, None, ["d31"]),
        ({"document": ["d3", "d1"]}, None, ["d11", "d12", "d31"]),
        ({"testsuite": "names"}, None, ["suite1", "suite2", "suite3"]),
        (None, 1, ["d11", "d12"]),
        (None, 2, ["d11", "d12", "d21", "d22"]),
        (None, 3, ELIGIBLE),
        (None, 99, ELIGIBLE),
        ({"domain": "social"}, 1, ["d21", "d22"]),
    ],
)
def test_what_is_scored(reader, only, limit, expected):
    assert list_ids(reader.read()) == WHOLE
    test_set = select(reader.read(), only, limit)
    assert list_ids(test_set) == expected
    assert list_ids(test_set.whole) == WHOLE


def test_notes_say_what_is_left_out_and_what_is_missing(reader):
    assert select(reader.read()).notes == (
        f"not scored: {LEFT_OUT}",
        "reference B is missing for 2 of 5 segments",
        "reference A is missing for 2 of 5 segments",
    )
    assert select(reader.read(), {"domain": ["social"], "origlang": "cs"}, 1).notes == (
        f"not scored: {LEFT_OUT}",
        "only domain social and origlang cs: 2 of 5 segments",
        "reference A is missing for 2 of 2 segments",
    )
    assert select(reader.read(), None, 2).name == "t (limit=2)"
    assert select(reader.read(), {"domain": "social"}, 1).name == "t (only domain social, limit=1)"
    assert select(reader.read(), None, 3).name == "t"
    assert select(reader.read(), None, 2).notes[1] == (
        "limit=2: a trial with the first 2 of 3 documents, 4 of 5 segments"
    )


def test_without_documents_the_limit_counts_segments():
    whole = make([("a",), (None,), ("c",), ("d",)])
    test_set = select(whole, None, 2)
    assert [segment.references for segment in test_set.segments] == [("a",), ("c",)]
    assert test_set.notes == (
        "not scored: 1 segment without a reference",
        "limit=2: a trial with the first 2 of 3 segments",
    )


def make(references, **settings):
    segments = [Segment(str(number), None, None, texts) for number, texts in enumerate(references, 1)]
    names = tuple("ABC"[: len(references[0])])
    return TestSet("mini", None, "en", names, tuple(segments), **settings)


def test_one_is_singular():
    (trial,) = select(make([("x",), ("y",)]), limit=1).notes
    assert trial == "limit=1: a trial with the first of 2 segments"
    assert select(make([("x", None)])).notes[-1].endswith("is missing for 1 of 1 segment")


def test_a_whole_test_set_stays_as_it_is():
    whole = make([("a",), ("b",)])
    assert select(whole) == whole
    assert select(whole).selection is None


@pytest.mark.parametrize(
    ("source", "references", "reported"),
    [
        ("src", ("a", " "), True),
        ("src", ("", ""), True),
        (None, ("",), True),
        ("", ("",), False),
        (" ", ("a", ""), True),
        ("src", (None, "b"), False),
    ],
)
def test_an_empty_reference_of_a_text_is_reported(source, references, reported):
    whole = make([references, ("x",) * len(references)])
    whole = replace(whole, segments=(replace(whole.segments[0], source=source), whole.segments[1]))
    notes = [note for note in select(whole).notes if "is an empty text for 1 of 2 segments; if" in note]
    assert bool(notes) == reported


@pytest.mark.parametrize(
    ("only", "message"),
    [
        (
            {"genre": "news"},
            "no 'genre' in t, which has domain (news, social), document (d1, suite, none, d2, d3), testsuite (names)",
        ),
        ({"domain": "sport"}, "test_set.only: no domain sport in t, which has domain (news, social), "),
        ({"domain": ["news", "sport"]}, "test_set.only: no domain sport in t"),
        ({"domain": []}, "test_set.only: domain: expected a name or a list of names, found []"),
        ({"domain": None}, "test_set.only: domain: expected a name or a list of names, found None"),
        ({"origlang": False}, "test_set.only: origlang: expected a name or a list of names, found False"),
        (
            {"domain": "news", "origlang": "cs"},
            "test_set.only: no segment that can be scored has domain news and origlang cs",
        ),
        ({"document": "none"}, "test_set.only: no segment that can be scored has document none"),
    ],
)
def test_groups_that_there_are_not_are_refused(reader, only, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        select(reader.read(), only)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_is_at_least_one(reader, limit):
    with pytest.raises(ConfigError, match=f"limit: expected 1 or more, or null for all, found {limit}"):
        select(reader.read(), None, limit)


def test_a_test_set_without_groups_says_so():
    with pytest.raises(ConfigError, match="no 'domain' in mini, which has no groups and no documents"):
        select(make([("a",)]), {"domain": "news"})


def test_nothing_to_score_is_one_clear_error(tmp_path):
    with pytest.raises(DataError, match="mini: there is nothing to score: 2 segments without a reference"):
        select(make([(None,), (None,)]))
    path = tmp_path / "t.xml"
    path.write_text(f"<dataset>{DOCUMENTS[1]}</dataset>", encoding="utf-8")
    suite = WmtXml(path=str(path))
    advice = r"to score a test suite, set test_set\.only={testsuite: names}$"
    with pytest.raises(DataError, match=rf"nothing to score: 3 segments of test suites \(suite\); {advice}"):
        select(suite.read())
    assert len(select(suite.read(), {"testsuite": "names"}).segments) == 3


SELECTIONS = [(None, None), ({"domain": "social"}, None), (None, 2), ({"testsuite": "names"}, None)]
selections = pytest.mark.parametrize(("only", "limit"), SELECTIONS, ids=str)


@selections
def test_systems_of_the_file_are_narrowed(reader, only, limit):
    test_set = select(reader.read(), only, limit)
    (found,) = read_outputs(reader, test_set)
    assert list(found.hypotheses) == [f"S {id_}" for id_ in list_ids(test_set)]


@selections
@pytest.mark.parametrize("level", ["whole", "without suites", "eligible", "kept"])
def test_lines_fit_by_their_number(reader, tmp_path, only, limit, level):
    test_set = select(reader.read(), only, limit)
    ids = list_ids(test_set)
    if level == "without suites" and only != {"testsuite": "names"}:
        ids = [id_ for id_ in WHOLE if not id_.startswith("suite")]
    elif level in ("whole", "eligible"):
        selection = test_set.selection
        indices = selection.eligible if level == "eligible" else range(len(WHOLE))
        ids = [WHOLE[index] for index in indices]
    (tmp_path / "out.en").write_text("".join(f"line {id_}\n" for id_ in ids), encoding="utf-8")
    (found,) = read_outputs(reader, test_set, str(tmp_path / "out.en"))
    assert list(found.hypotheses) == [f"line {id_}" for id_ in list_ids(test_set)]
    assert bool(found.note) == (len(ids) < len(WHOLE))
    assert not found.note or re.search(
        rf"it has {len(ids)} rows, taken as .*; the test set has 9$", found.note
    )


def test_lines_that_do_not_fit_are_refused_with_all_counts(reader, tmp_path):
    (tmp_path / "out.en").write_text("x\n" * 7, encoding="utf-8")
    more = "or 6 (without test suites) or 9 (one per segment of t)"
    expected = f"out.en: 7 lines, expected 5 (without {LEFT_OUT}) {more}"
    with pytest.raises(DataError, match=re.escape(expected)):
        read_outputs(reader, select(reader.read()), str(tmp_path / "out.en"))
    expected = f"expected 2 (one per segment that is scored) or 5 (without {LEFT_OUT}) {more}"
    with pytest.raises(DataError, match=re.escape(expected)):
        read_outputs(reader, select(reader.read(), None, 1), str(tmp_path / "out.en"))


@pytest.mark.parametrize("documents", [["d1"], ["d1", "d2", "d3"], ["d1", "suite", "none", "d2", "d3"]])
def test_a_folder_needs_only_the_documents_that_are_scored(reader, tmp_path, documents):
    folder = tmp_path / "sys"
    folder.mkdir()
    for name in documents:
        (folder / f"{name}.txt").write_text(f"A {name}1\nA {name}2\n", encoding="utf-8")
    test_set = select(reader.read(), {"document": "d1"})
    (found,) = read_outputs(reader, test_set, str(folder))
    assert found.hypotheses == ("A d11", "A d12")
    assert [alignment.document for alignment in found.alignment] == ["d1"]
    if len(documents) == 1:
        with pytest.raises(DataError, match=r"missing documents d2, d3 \(found 1 of 3\)"):
            read_outputs(reader, select(reader.read()), str(folder))


def test_a_document_of_no_test_set_is_still_refused(reader, tmp_path):
    for name in ("d1", "d9"):
        (tmp_path / "sys").mkdir(exist_ok=True)
        (tmp_path / "sys" / name).write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match="unknown documents d9; the test set has d1"):
        read_outputs(reader, select(reader.read(), {"document": "d1"}), str(tmp_path / "sys"))


def test_mentions_follow_their_segments():
    aliases = {"Q1": Alias("Q1", ("Bo",))}
    mentions = tuple(Mention(index, 0, 1, "x", "PER", "Q1") for index in (0, 1, 3))
    names = EntityFile(mentions, aliases, "file:abc", "def")
    test_set = select(make([("x",), (None,), ("x",), ("x",)], entities=names))
    assert [mention.segment for mention in test_set.entities.mentions] == [0, 2]
    assert (test_set.entities.mentions_origin, test_set.entities.aliases) == ("file:abc", aliases)


def test_the_fingerprint_is_that_of_what_is_scored(reader):
    part = select(reader.read(), {"domain": "social"})
    assert part.fingerprint != select(reader.read()).fingerprint
    assert part.fingerprint == select(reader.read(), {"document": ["d2", "d3"]}).fingerprint


def test_systems_of_test_suites_alone_are_scored_only_with_them(tmp_path):
    other = DOCUMENTS[1].replace('<hyp system="S"', '<hyp system="T"')
    path = tmp_path / "t.xml"
    path.write_text(f"<dataset>{DOCUMENTS[0]}{other}</dataset>", encoding="utf-8")
    assert WmtXml(path=str(path)).bundled() == ["S"]
    suite = WmtXml(path=str(path), only={"testsuite": "names"})
    (found,) = read_outputs(suite, select(suite.read(), suite.only), "T")
    assert found.hypotheses == ("S suite1", "S suite2", "S suite3")


def test_a_system_needs_only_the_documents_that_are_scored(tmp_path):
    cut = [re.sub("<hyp.*</hyp>", "", text) if 'id="d' not in text else text for text in DOCUMENTS]
    path = tmp_path / "t.xml"
    path.write_text(f"<dataset>{''.join(cut)}</dataset>", encoding="utf-8")
    reader = WmtXml(path=str(path))
    (found,) = read_outputs(reader, select(reader.read()))
    assert list(found.hypotheses) == [f"S {id_}" for id_ in ELIGIBLE]


def test_documents_and_groups_are_compared_in_one_normal_form(tmp_path):
    for name, rows in {
        "ref": ["a", "b"],
        "docs": ["cafe\u0301", "b"],
        "towns": ["Ko\u0308ln", "Bonn"],
    }.items():
        (tmp_path / name).write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    settings = {"reference": "ref", "documents": "docs", "groups": {"town": "towns"}, "target_language": "en"}
    test_set = Lines(path=str(tmp_path), **settings).read()
    for only in (
        {"document": "cafe\u0301"},
        {"document": "caf\u00e9"},
        {"town": "K\u00f6ln"},
        {"town": "Ko\u0308ln"},
    ):
        assert [segment.references for segment in select(test_set, only).segments] == [("a",)]
