"""From proposed names to reviewed ones: the sheet, edits of it, and the files that are written."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import shutil
import sys
from dataclasses import dataclass, field

import pytest
import yaml
from ner_models import spacy_rules

from evalkit import annotate
from evalkit.cli import main as cli
from evalkit.commands.annotate import summarise
from evalkit.data.articles import Articles
from evalkit.data.ea_mt import EaMt
from evalkit.data.lines import Lines
from evalkit.errors import ConfigError, DataError, ResultsError
from evalkit.ner.base import NameSpan, Ner
from evalkit.review.sheet import COLUMNS, HOW_TO, fits_in_cell

TALKS = "Steve Witkoff flew to Kursk. Witkoff met Ushakov in Kursk.\nKursk School of Economics was closed.\n"
FORUM = "The forum in Lviv was opened by Kirill Dmitriev. Dmitriev left Lviv.\n"
NAMES = {
    "Steve Witkoff": "PER",
    "Ushakov": "PER",
    "Kursk": "LOC",
    "Kursk School of Economics": "ORG",
    "Lviv": "LOC",
    "Kirill Dmitriev": "PER",
}


@dataclass(frozen=True, kw_only=True)
class Named(Ner):
    """Finds all occurrences of listed names."""

    model: str = "named"
    names: dict[str, str] = field(default_factory=lambda: dict(NAMES))

    def signature(self):
        return f"named/{sorted(self.names.items())}"

    def find(self, texts, language):
        return [
            [
                NameSpan(*match.span(), type_)
                for name, type_ in self.names.items()
                for match in re.finditer(re.escape(name), text)
            ]
            for text in texts
        ]


@pytest.fixture
def news(tmp_path):
    """A folder with two articles."""
    return write(tmp_path / "news", talks=TALKS, forum=FORUM)


def write(folder, **articles):
    (folder / "reference.en").mkdir(parents=True, exist_ok=True)
    for name, text in articles.items():
        (folder / "reference.en" / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def run(folder, names=None, **settings):
    return annotate(Articles(path=str(folder)), Named(names=NAMES if names is None else names), **settings)


def cells(folder):
    """The rows of a sheet by entity id."""
    _, *rows = (folder / "entities.tsv").read_text(encoding="utf-8-sig").splitlines()
    return {row["entity"]: row for row in csv.DictReader(rows, delimiter="\t")}


def edit(folder, changes=None, *, others=None, further=()):
    """Change cells of a sheet by entity id; `others` are changes of all other lines."""
    rows = cells(folder)
    for entity, row in rows.items():
        row.update((others or {}) | (changes or {}).get(entity, {}))
    text = io.StringIO()
    writer = csv.DictWriter(text, [*COLUMNS, *further], delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row in rows.values() if row["entity"] != "delete")
    (folder / "entities.tsv").write_text(HOW_TO + "\n" + text.getvalue(), encoding="utf-8")


def mentions(folder):
    """Document, text and entity of each row of the entity file."""
    return [(row["document"], row["text"], row["entity"]) for row in entity_rows(folder)]


def entity_rows(folder):
    return [json.loads(line) for line in (folder / "entities.jsonl").read_text(encoding="utf-8").splitlines()]


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


YES = {"keep": "yes"}


def test_the_first_run_proposes_one_line_per_entity_and_writes_no_entity_file(news):
    annotation = run(news)
    assert (news / "entities.tsv").read_text(encoding="utf-8-sig") == (
        f"{HOW_TO}\n" + "\t".join(COLUMNS) + "\n"
        "?\tLOC\tlviv\tLviv\t\t\tknown: Lvov\t2\t1\t"
        "forum 1: The forum in «Lviv» was opened by Kirill Dmitriev. | forum 2: Dmitriev left «Lviv».\n"
        "?\tPER\tkirill-dmitriev\tKirill Dmitriev | Dmitriev\t\t\t\t2\t1\t"
        "forum 1: The forum in Lviv was opened by «Kirill Dmitriev». | forum 2: «Dmitriev» left Lviv.\n"
        "?\tPER\tsteve-witkoff\tSteve Witkoff | Witkoff\t\t\t\t2\t1\t"
        "talks 1: «Steve Witkoff» flew to Kursk. | talks 2: «Witkoff» met Ushakov in Kursk.\n"
        "?\tLOC\tkursk\tKursk\t\t\t\t2\t1\t"
        "talks 1: Steve Witkoff flew to «Kursk». | talks 2: Witkoff met Ushakov in «Kursk».\n"
        "?\tPER\tushakov\tUshakov\t\t\t\t1\t1\ttalks 2: Witkoff met «Ushakov» in Kursk.\n"
        "?\tORG\tkursk-school-of-economics\tKursk School of Economics\t\t\t\t1\t1\t"
        "talks 3: «Kursk School of Economics» was closed.\n"
    )
    assert sorted(content(news)) == ["entities.tsv"]
    assert (annotation.mentions, annotation.warnings) == ((), ())
    assert "6 to review, 0 kept, 0 dropped" in summarise(annotation)


def test_names_with_yes_are_written_in_the_order_of_the_references(news):
    run(news)
    edit(news, {"ushakov": {"keep": "no"}, "lviv": {"keep": "?"}}, others=YES)
    annotation = run(news)
    assert (news / "entities.jsonl").read_text(encoding="utf-8").splitlines()[:2] == [
        (
            '{"document": "forum", "text": "Kirill Dmitriev", "type": "PER", "entity": "kirill-dmitriev", '
            '"start": 32, "end": 47}'
        ),
        (
            '{"document": "forum", "text": "Dmitriev", "type": "PER", "entity": "kirill-dmitriev", '
            '"start": 49, "end": 57}'
        ),
    ]
    assert mentions(news)[2:] == [
        ("talks", "Steve Witkoff", "steve-witkoff"),
        ("talks", "Kursk", "kursk"),
        ("talks", "Witkoff", "steve-witkoff"),
        ("talks", "Kursk", "kursk"),
        ("talks", "Kursk School of Economics", "kursk-school-of-economics"),
    ]
    assert (annotation.lines[0].decision, annotation.lines[0].entity) == ("?", "lviv"), "open lines are first"
    assert (
        annotation.added,
        annotation.removed,
        len(annotation.lines_with("yes")),
        len(annotation.lines_with("no")),
    ) == (
        7,
        0,
        4,
        1,
    )
    text = summarise(annotation)
    assert f"Sheet: {news / 'entities.tsv'}: 1 to review, 4 kept, 1 dropped\n" in text
    assert f"Names: {news / 'entities.jsonl'}: 7 mentions of 4 entities (7 new, 0 removed)\n" in text
    read = Articles(path=str(news)).read().entities
    assert read.mentions == annotation.mentions
    edit(news, {"lviv": YES, "kursk": {"keep": "no"}})
    annotation = run(news)
    assert (annotation.added, annotation.removed, len(annotation.mentions)) == (2, 2, 7)
    assert summarise(annotation).endswith("Next: all names are reviewed; run an evaluation.")


@pytest.mark.parametrize("answers", [{}, {"lviv": {"keep": "no"}}, dict.fromkeys(NAMES, YES)])
def test_running_again_changes_no_byte(news, answers):
    run(news)
    edit(news, answers, others={"keep": "?"} if not answers else YES)
    run(news)
    before = content(news)
    times = {path: path.stat().st_mtime_ns for path in news.iterdir()}
    annotation = run(news)
    assert content(news) == before
    assert (annotation.added, annotation.removed) == (0, 0)
    assert {path: path.stat().st_mtime_ns for path in news.iterdir()} == times, "and nothing is written"


def test_edits_are_kept_word_for_word(news):
    run(news)
    own = {
        "keep": "Yes",
        "type": "ORG",
        "entity": "SW 1",
        "forms": "Witkoff |  Steve Witkoff ",
        "aliases": "Wittkoff",
        "note": "sic",
    }
    changes = {"steve-witkoff": own, "kursk": {"mentions": "many", "context": '"'}}
    edit(news, changes, others=YES, further=["note"])
    edited = cells(news)
    run(news)
    again = cells(news)
    assert {entity: again[entity] for entity in edited} == edited
    assert [row for row in mentions(news) if row[2] == "SW 1"] == [
        ("talks", "Steve Witkoff", "SW 1"),
        ("talks", "Witkoff", "SW 1"),
    ]
    assert {row["type"] for row in entity_rows(news) if row["entity"] == "SW 1"} == {"ORG"}
    assert yaml.safe_load((news / "aliases.yaml").read_text(encoding="utf-8")) == [
        {"id": "SW 1", "type": "ORG", "forms": ["Witkoff", "Steve Witkoff", "Wittkoff"]}
    ]


def test_a_form_that_was_removed_is_proposed_by_itself(news):
    run(news)
    edit(news, {"kirill-dmitriev": {"forms": "Kirill Dmitriev"}}, others=YES)
    annotation = run(news)
    assert [(line.entity, line.forms, line.cells["suggestions"]) for line in annotation.lines_with("?")] == [
        ("kirill-dmitriev", ("Dmitriev",), "new form of kirill-dmitriev")
    ]
    assert ("forum", "Dmitriev", "kirill-dmitriev") not in mentions(news)
    text = (news / "entities.tsv").read_text(encoding="utf-8").replace("?\tPER", "yes\tPER")
    (news / "entities.tsv").write_text(text, encoding="utf-8")
    annotation = run(news)
    assert (annotation.added, annotation.lines_with("?")) == (1, []), "lines with one id are one entity"
    assert ("forum", "Dmitriev", "kirill-dmitriev") in mentions(news)


def test_of_a_new_document_only_new_names_are_shown(news):
    run(news)
    edit(news, {"ushakov": {"keep": "no"}}, others=YES)
    run(news)
    before = entity_rows(news)
    write(news, visit="Witkoff came to Lviv. Ushakov and Ivan Dmitriev did not. Dmitriev slept in Odesa.\n")
    annotation = run(news, NAMES | {"Witkoff": "ORG", "Odesa": "LOC", "Ivan Dmitriev": "PER"})
    assert [(line.entity, line.forms) for line in annotation.lines_with("?")] == [
        ("ivan-dmitriev", ("Ivan Dmitriev", "Dmitriev")),
        ("witkoff", ("Witkoff",)),
        ("odesa", ("Odesa",)),
    ], "with another type, Witkoff alone may be another person"
    assert entity_rows(news)[: len(before)] == before
    assert mentions(news)[len(before) :] == [("visit", "Lviv", "lviv")]
    annotation = run(news, NAMES | {"Witkoff": "PER"})
    assert ("visit", "Witkoff", "steve-witkoff") in mentions(news)


def test_a_shared_surname_belongs_to_the_person_in_the_document(tmp_path):
    news = write(
        tmp_path,
        a="Kirill Dmitriev came. Dmitriev spoke.\n",
        b="Andrei Dmitriev came. Dmitriev spoke.\n",
        c="Kirill Dmitriev met Andrei Dmitriev. Dmitriev spoke.\n",
    )
    names = {"Kirill Dmitriev": "PER", "Andrei Dmitriev": "PER"}
    annotation = run(news, names)
    assert [(line.entity, line.forms) for line in annotation.lines] == [
        ("kirill-dmitriev", ("Kirill Dmitriev", "Dmitriev")),
        ("dmitriev", ("Dmitriev",)),
        ("andrei-dmitriev", ("Andrei Dmitriev", "Dmitriev")),
    ]
    edit(news, {"dmitriev": {"keep": "no"}}, others=YES)
    run(news, names)
    assert [row[::2] for row in mentions(news)] == [
        ("a", "kirill-dmitriev"),
        ("a", "kirill-dmitriev"),
        ("b", "andrei-dmitriev"),
        ("b", "andrei-dmitriev"),
        ("c", "kirill-dmitriev"),
        ("c", "andrei-dmitriev"),
    ]
    before = content(news)
    (news / "entities.jsonl").unlink()
    run(news, names)
    assert content(news) == before, "the sheet alone gives the same"


def test_the_same_words_are_names_in_documents_where_the_model_missed_them(tmp_path):
    news = write(
        tmp_path,
        a="Kursk is quiet.\n",
        b="He left Kursk, and the Kursk Battle too.\n",
        c="In May he met May. KURSK IS QUIET\n",
    )

    class Once(Named):
        def find(self, texts, language):
            return [[NameSpan(0, 5, "LOC")] if text == "Kursk is quiet." else [] for text in texts]

    annotation = annotate(Articles(path=str(news)), Once())
    (line,) = annotation.lines
    assert (line.cells["mentions"], line.cells["documents"]) == ("2", "2")
    edit(news, others=YES)
    annotate(Articles(path=str(news)), Once())
    assert mentions(news) == [("a", "Kursk", "kursk"), ("b", "Kursk", "kursk")]


def test_names_that_a_person_adds_are_found(news):
    run(news)
    edit(news, {"kursk-school-of-economics": {"keep": "no"}})
    with (news / "entities.tsv").open("a", encoding="utf-8") as sheet:
        sheet.write("yes\tLOC\tkse\tSchool of Economics | Nowhere\n")
    annotation = run(news)
    assert mentions(news) == [("talks", "School of Economics", "kse")]
    assert annotation.warnings == (
        f"{news / 'entities.tsv'}: forms that occur in no reference: line 9: Nowhere",
    )


def test_the_ends_of_a_name_can_be_corrected(news):
    names = {"Witkoff met Ushakov": "PER", "Kursk School": "ORG"}
    run(news, names)
    changes = {
        "witkoff-met-ushakov": {"forms": "Ushakov"},
        "kursk-school": {"forms": "Kursk School of Economics"},
    }
    edit(news, changes, others=YES)
    annotation = run(news, names)
    assert mentions(news) == [
        ("talks", "Ushakov", "witkoff-met-ushakov"),
        ("talks", "Kursk School of Economics", "kursk-school"),
    ]
    assert [line.forms for line in annotation.lines_with("?")] == [("Witkoff met Ushakov",)]
    text = (news / "entities.tsv").read_text(encoding="utf-8").replace("?\tPER", "no\tPER")
    (news / "entities.tsv").write_text(text, encoding="utf-8")
    annotation = run(news, names)
    assert ([line.forms for line in annotation.lines_with("?")], len(annotation.mentions)) == ([], 2)


def test_documents_can_be_excepted(news):
    run(news)
    write(news, more="Kursk. Steve Witkoff and Witkoff.\n")
    edit(
        news,
        {"kursk": {"except": "more"}, "steve-witkoff": {"except": "talks: Witkoff | more: Steve Witkoff"}},
        others=YES,
    )
    annotation = run(news)
    assert [row for row in mentions(news) if row[2] in ("kursk", "steve-witkoff")] == [
        ("more", "Witkoff", "steve-witkoff"),
        ("talks", "Steve Witkoff", "steve-witkoff"),
        ("talks", "Kursk", "kursk"),
        ("talks", "Kursk", "kursk"),
    ]
    assert annotation.lines_with("?") == []


def test_what_a_person_left_out_stays_out(news):
    write(news, more="Kursk again; Lviv. Witkoff.\n", new="Kursk.\n")
    rows = [
        {"document": "talks", "text": "Kursk", "type": "LOC", "entity": "kursk", "start": 22, "end": 27},
        {"document": "talks", "text": "Steve Witkoff", "type": "PER", "entity": "w", "start": 0, "end": 13},
        {"document": "more", "text": "Lviv", "type": "LOC", "entity": "lviv", "start": 13, "end": 17},
        {"document": "more", "text": "Witkoff", "type": "PER", "entity": "w", "start": 19, "end": 26},
    ]
    (news / "entities.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    annotation = run(news)
    assert {entity: row["except"] for entity, row in cells(news).items() if row["keep"] == "yes"} == {
        "kursk": "more",
        "w": "talks: Witkoff",
        "lviv": "",
    }
    assert mentions(news) == [
        ("forum", "Lviv", "lviv"),
        ("forum", "Lviv", "lviv"),
        ("more", "Lviv", "lviv"),
        ("more", "Witkoff", "w"),
        ("new", "Kursk", "kursk"),
        ("talks", "Steve Witkoff", "w"),
        ("talks", "Kursk", "kursk"),
    ], "documents without any reviewed name are new"
    assert (annotation.added, annotation.removed) == (3, 0)
    before = content(news)
    run(news)
    assert content(news) == before


def test_the_reviewed_articles_come_back_as_they_are(world_news, tmp_path):
    news = tmp_path / "news"
    shutil.copytree(world_news, news)
    rows = entity_rows(news)
    before = content(news)
    names = {row["text"]: "ORG" for row in rows} | {"Northern Sea": "LOC", "bus": "LOC", "Emirati": "NORP"}
    annotation = run(news, names)
    assert {name: data for name, data in content(news).items() if name != "entities.tsv"} == before
    assert (len(annotation.lines_with("yes")), annotation.added, annotation.removed, annotation.warnings) == (
        162,
        0,
        0,
        (),
    )
    assert {line.entity for line in annotation.lines_with("?")} >= {"emirati"}
    kyiv = cells(news)["kyiv"]
    assert (kyiv["keep"], kyiv["forms"], kyiv["aliases"]) == ("yes", "Kyiv", "Kiev")
    sheet = content(news)["entities.tsv"]
    run(news, names)
    assert content(news) == {**before, "entities.tsv": sheet}
    (news / "entities.jsonl").unlink()
    run(news, {row["text"]: row["type"] for row in rows})
    assert entity_rows(news) == rows, "the sheet alone gives the same"


def test_rows_that_a_person_wrote_keep_their_further_keys(news):
    rows = [
        {"document": "talks", "text": "Kursk", "type": "LOC", "entity": 7, "by": "me"},
        {
            "document": "talks",
            "text": "Ushakov",
            "type": "PER",
            "entity": "u",
            "start": 41,
            "end": 48,
            "note": "sure",
        },
        {
            "document": "talks",
            "segment": 3,
            "text": "School",
            "type": "LOC",
            "entity": "school",
            "start": 6,
            "end": 12,
            "note": "odd",
        },
    ]
    (news / "entities.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    before = content(news)["entities.jsonl"]
    assert {line.entity for line in run(news).lines_with("yes")} == {"7", "u", "school"}
    assert content(news)["entities.jsonl"] == before, "nothing was changed"
    edit(news, {"lviv": YES})
    run(news)
    assert entity_rows(news) == [
        {"document": "forum", "text": "Lviv", "type": "LOC", "entity": "lviv", "start": 13, "end": 17},
        {"document": "forum", "text": "Lviv", "type": "LOC", "entity": "lviv", "start": 63, "end": 67},
        {"document": "talks", "text": "Kursk", "type": "LOC", "entity": "7", "start": 22, "end": 27},
        rows[1],
        {"document": "talks", "text": "Kursk", "type": "LOC", "entity": "7", "start": 52, "end": 57},
        {"document": "talks", "text": "Kursk", "type": "LOC", "entity": "7", "start": 59, "end": 64},
        rows[2],
    ]


def test_mentions_that_are_added_to_the_entity_file_by_hand_get_a_line(news):
    run(news)
    edit(news, others=YES)
    run(news)
    with (news / "entities.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"document": "talks", "text": "closed", "type": "MISC", "entity": "closed"}\n')
    before = content(news)["entities.jsonl"]
    annotation = run(news)
    assert [(line.decision, line.forms) for line in annotation.lines if line.entity == "closed"] == [
        ("yes", ("closed",))
    ]
    assert content(news)["entities.jsonl"] == before


def test_aliases_are_added_and_nothing_of_an_alias_file_is_lost(news):
    written = (
        "# mine\n"
        "- {id: lviv, type: LOC, forms: [Lviv, Lvov], reject: [Lions]}  # careful\n"
        "- {id: kursk, type: LOC, forms: [Kursk]}\n"
        "- {id: ushakov, type: PER, forms: [Ushakov, Uschakow]}"
    )
    (news / "aliases.yaml").write_text(written, encoding="utf-8")
    run(news)
    assert cells(news)["lviv"]["aliases"] == "Lvov", "what is accepted already"
    assert cells(news)["ushakov"]["aliases"] == "Uschakow"
    changes = {
        "lviv": {"aliases": "Lvov | Lwów"},
        "kursk": {"aliases": "Koursk"},
        "ushakov": {"aliases": ""},
        "steve-witkoff": {"aliases": "no | Wit: koff"},
    }
    edit(news, changes, others=YES)
    annotation = run(news)
    assert (news / "aliases.yaml").read_text(encoding="utf-8") == (
        written.replace("[Kursk]", "[Kursk, Koursk]") + "\n"
        "- {id: steve-witkoff, type: PER, forms: [Steve Witkoff, Witkoff, 'no', 'Wit: koff']}\n"
    )
    path = news / "aliases.yaml"
    assert annotation.warnings == (
        f"{path}: left as it is, but lacks aliases of the sheet; add lviv (Lwów)",
        f"{path}: accepts spellings that the sheet does not list, and keeps them: ushakov",
    )
    before = content(news)
    run(news)
    assert content(news) == before
    edit(news, {"lviv": {"aliases": "Lvov"}, "ushakov": {"aliases": "Uschakow"}})
    assert run(news).warnings == ()


@pytest.mark.parametrize(
    "written", ["[{id: lviv, type: LOC, forms: [Lviv]}]\n", "- id: lviv\n  forms: [Lviv]\n...\n"]
)
def test_an_alias_file_of_another_layout_is_left_alone(news, written):
    (news / "aliases.yaml").write_text(written, encoding="utf-8")
    run(news)
    edit(news, {"kursk": {"aliases": "Koursk"}}, others=YES)
    annotation = run(news)
    assert (news / "aliases.yaml").read_text(encoding="utf-8") == written
    assert annotation.warnings == (
        (
            f"{news / 'aliases.yaml'}: left as it is, because it is not a plain list of '- {{id: …}}'; "
            "add the aliases of kursk"
        ),
    )


def test_indented_alias_items_stay_indented(news):
    (news / "aliases.yaml").write_text("  - id: lviv\n    forms: [Lviv]\n", encoding="utf-8")
    run(news)
    edit(news, {"kursk": {"aliases": "Koursk"}}, others=YES)
    assert run(news).warnings == ()
    assert (
        (news / "aliases.yaml")
        .read_text(encoding="utf-8")
        .endswith("\n  - {id: kursk, type: LOC, forms: [Kursk, Koursk]}\n")
    )


HEADER = "keep\ttype\tentity\tforms\taliases\n"
ERRORS = [
    (HEADER + "maybe\tLOC\tx\tKursk\t\n", ":2: keep: expected yes, no or ?, found 'maybe'"),
    (HEADER + "\tLOC\tx\tKursk\t\n", ":2: keep: expected yes, no or ?, found ''"),
    (
        HOW_TO + "\n" + HEADER + "yes\tCITY\tx\tKursk\t\n",
        ":3: type: expected one of PER, LOC, ORG, NORP, MISC, found 'CITY'",
    ),
    (HEADER + "yes\tLOC\t \tKursk\t\n", ":2: missing entity; add an id, which all lines of the entity share"),
    (
        HEADER + "yes\tLOC\tx\t|\t\n",
        ":2: missing forms; add the spellings in the references, or remove the line",
    ),
    (
        HEADER + "no\tLOC\tx\tKursk\t\n\nyes\tLOC\tx\tLviv | Kursk\t\n",
        ":4: yes for 'Kursk' of 'x', but no in line 2; remove the form from one of them",
    ),
    (
        "keep\ttype\tforms\n",
        ":1: missing columns entity, aliases; expected tab-separated columns keep, type, entity, forms",
    ),
    (
        "keep,type,entity,forms,aliases\n",
        ":1: missing columns keep, type, entity, forms, aliases; expected tab-separated columns",
    ),
    ("", ":1: missing columns keep"),
    ("keep\t" + HEADER, ":1: duplicate column 'keep'; rename one of the two"),
    (HEADER + "yes\tLOC\tx\tKursk\t\tmore\n", ":2: expected 5 cells, found 6"),
    (HEADER + 'yes\tLOC\tx\t"Kursk\t\n', ":2: not valid tab-separated text"),
    (HEADER + 'no\tLOC\tx\tKursk\t\nyes\tLOC\ty\t"Kursk" x\t\n', ":3: not valid tab-separated text"),
    (b"\xffk", ": not UTF-8 at byte 0 (0xff)"),
]


@pytest.mark.parametrize(("text", "message"), ERRORS, ids=[message for _, message in ERRORS])
def test_an_invalid_sheet_is_refused_with_its_line(news, text, message):
    (news / "entities.tsv").write_bytes(text if isinstance(text, bytes) else text.encode())
    before = content(news)
    with pytest.raises(DataError, match=re.escape(f"{news / 'entities.tsv'}{message}")):
        run(news)
    assert content(news) == before


def test_sheets_as_spreadsheets_write_them(news):
    run(news)
    edit(news, {"kursk": {"context": 'a "b"\nc'}, "lviv": {"forms": 'Lviv | "Lviv"'}}, others=YES)
    plain = (news / "entities.tsv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.reader(["\t".join([plain[0], *[""] * 8]), *plain[1:]], delimiter="\t"))
    text = io.StringIO()
    csv.writer(text, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    (news / "entities.tsv").write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode() + b"\r\n")
    annotation = run(news)
    assert len(annotation.lines_with("yes")) == 6
    assert next(line.forms for line in annotation.lines if line.entity == "lviv") == ("Lviv", '"Lviv"')
    assert len(mentions(news)) == 10


@pytest.mark.parametrize(
    ("name", "fits"),
    [("Kursk", True), ("A|B", True), ('"A" B', True), ("A | B", False), ("| A", False), (" A", False)],
)
def test_names_that_do_not_fit_in_a_cell(name, fits):
    assert fits_in_cell(name) is fits


def test_a_name_that_does_not_fit_in_a_cell_is_refused(tmp_path):
    news = write(tmp_path, a="He reads A | B daily.\n")
    with pytest.raises(
        DataError,
        match=re.escape(
            "document a, segment 1: 'A | B' cannot be written to the sheet, where | separates names"
        ),
    ):
        run(news, {"A | B": "ORG"})
    assert content(news) == {}


def test_no_name_left_is_an_error_and_loses_nothing(news):
    run(news)
    edit(news, others=YES)
    run(news)
    edit(news, others={"keep": "no"})
    before = content(news)
    with pytest.raises(
        DataError,
        match=r"no line has yes, but .*entities.jsonl has 10 mentions; if none of them is a name, remove .*",
    ):
        run(news)
    assert content(news) == before


def test_edited_references_are_reported_and_the_sheet_restores_the_names(news):
    run(news)
    edit(news, others=YES)
    run(news)
    write(news, talks="At last " + TALKS)
    with pytest.raises(
        DataError,
        match=r"entities.jsonl:10: expected .*; if you edited a reference, remove .*: it is written again",
    ):
        run(news)
    (news / "entities.jsonl").unlink()
    annotation = run(news)
    assert (len(annotation.mentions), annotation.lines_with("?")) == (10, [])


def test_names_in_segments_without_documents(tmp_path):
    (tmp_path / "ref.en").write_text("Steve Witkoff came.\nWitkoff left Kursk.\n", encoding="utf-8")
    reader = Lines(path=str(tmp_path), reference={"A": "ref.en"}, target_language="en")
    with pytest.raises(ConfigError, match=re.escape("output is not set; set output=FOLDER")):
        annotate(reader, Named())
    annotate(reader, Named(), output=tmp_path / "names")
    edit(tmp_path / "names", others=YES)
    annotation = annotate(reader, Named(), output=tmp_path / "names")
    assert entity_rows(tmp_path / "names") == [
        {"text": "Steve Witkoff", "type": "PER", "entity": "steve-witkoff", "start": 0, "end": 13},
        {"text": "Kursk", "type": "LOC", "entity": "kursk", "start": 33, "end": 38},
    ]
    assert annotation.settings == f"test_set.entities={tmp_path / 'names' / 'entities.jsonl'}"
    with_names = Lines(
        path=str(tmp_path),
        reference={"A": "ref.en"},
        target_language="en",
        entities=str(tmp_path / "names/entities.jsonl"),
    )
    assert with_names.read().entities.mentions == annotation.mentions
    before = content(tmp_path / "names")
    assert annotate(with_names, Named(), output=tmp_path / "names").added == 0
    assert content(tmp_path / "names") == before


def test_languages_without_spaces(tmp_path):
    (tmp_path / "reference.zh").mkdir()
    (tmp_path / "reference.zh" / "a.txt").write_text("他在北京。北京大学很大。\n", encoding="utf-8")
    names = {"北京": "LOC", "北京大学": "ORG"}
    run(tmp_path, names)
    edit(tmp_path, others=YES)
    run(tmp_path, names)
    assert mentions(tmp_path) == [("a", "北京", "北京"), ("a", "北京大学", "北京大学")]


def test_lines_that_may_be_one_entity_are_next_to_each_other(tmp_path):
    articles = dict(
        zip(
            "abcde",
            [
                "WHO met.",
                "Olaf Scholz spoke.",
                "Scholz slept. Scholz ate.",
                "World Health Organization.",
                "Russia. Russian.",
            ],
            strict=True,
        )
    )
    news = write(tmp_path, **articles)
    names = {
        "WHO": "ORG",
        "Olaf Scholz": "PER",
        "Scholz": "LOC",
        "World Health Organization": "ORG",
        "Russian": "NORP",
    }
    annotation = run(news, names)
    assert [(line.entity, line.cells["suggestions"].partition(";")[0]) for line in annotation.lines] == [
        ("scholz", "same as olaf-scholz?"),
        ("olaf-scholz", "same as scholz?"),
        ("who", "same as world-health-organization?"),
        ("world-health-organization", "same as who?"),
        ("russia", "known: Russian Federation"),
        ("russian", ""),
    ]
    edit(news, {"scholz": {"entity": "olaf-scholz", "type": "PER"}}, others=YES)
    assert summarise(run(news, names)).count("7 mentions of 5 entities") == 1


@pytest.mark.parametrize("name", ["entities.jsonl", "aliases.yaml"])
def test_compressed_files_are_not_written_over(news, name):
    run(news)
    edit(news, others=YES)
    run(news)
    path = news / f"{name}.gz"
    path.write_bytes(gzip.compress((news / name).read_bytes() if (news / name).exists() else b"[]"))
    (news / name).unlink(missing_ok=True)
    before = content(news)
    with pytest.raises(
        ConfigError, match=f"{path}: compressed; decompress it first, since names are added to it"
    ):
        run(news)
    assert content(news) == before


def test_test_sets_that_include_names_are_refused(tmp_path):
    item = {
        "id": "1",
        "source": "x",
        "source_locale": "en",
        "target_locale": "de",
        "entity_types": ["Person"],
    }
    item["targets"] = [{"translation": "Lviv.", "mention": "Lviv"}]
    (tmp_path / "a.jsonl").write_text(json.dumps(item) + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="the test set includes its names, so there is nothing to review"):
        annotate(EaMt(path=str(tmp_path / "a.jsonl")), Named(), output=tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_a_folder_that_cannot_be_written_is_reported_before_the_work(news, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(
        ResultsError,
        match="file/x: cannot be written: Not a directory; choose another folder with output=FOLDER",
    ):
        run(news, output=tmp_path / "file" / "x")
    (news / "entities.tsv").mkdir()
    with pytest.raises(DataError, match=r"entities.tsv: cannot be read: Is a directory"):
        run(news)


def test_when_a_file_cannot_be_written_none_is_changed(news):
    run(news)
    edit(news, others=YES)
    run(news)
    edit(news, {"lviv": {"keep": "no"}})
    before = content(news)
    (news / f".entities.jsonl.incomplete-{os.getpid()}").mkdir()
    with pytest.raises(ResultsError, match=r"entities.jsonl: cannot be written: Is a directory"):
        run(news)
    assert content(news) == before


@pytest.fixture
def command(monkeypatch, capsys, tmp_path):
    """Run ``evalkit -cn annotate`` in this process: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HYDRA_FULL_ERROR", raising=False)

    def annotate_with(*arguments, name=("-cn", "annotate")):
        monkeypatch.setattr(sys, "argv", ["evalkit", *name, *arguments])
        capsys.readouterr()
        try:
            code = cli.main()
        except SystemExit as stop:
            code = stop.code
        return code, *capsys.readouterr()

    return annotate_with


def test_the_command_proposes_and_writes(news, command, tmp_path):
    model = spacy_rules(
        tmp_path / "model",
        {name: {"PER": "PERSON", "LOC": "GPE"}.get(type_, type_) for name, type_ in NAMES.items()},
    )
    wanted = ["test_set.path=news", "ner=spacy", f"ner.model={model}"]
    code, out, err = command(*wanted)
    assert (code, err) == (0, "")
    assert re.search(r"^PER +steve-witkoff +2 +1 +Steve Witkoff flew to Kursk\.$", out, re.MULTILINE)
    assert out.endswith(
        "replace each ? in the first column of the sheet by yes or no, then run the same command again.\n"
    )
    edit(news, {"lviv": {"forms": "Lviv | Lwow"}}, others=YES)
    code, out, err = command(*wanted, name=("--config-name=annotate",))
    assert (code, err) == (0, "evalkit: news/entities.tsv: forms that occur in no reference: line 3: Lwow\n")
    assert "10 mentions of 6 entities (10 new, 0 removed)" in out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "news"], (
        "and leaves no folder of a run"
    )
    code, out, _ = command(*wanted, "output=elsewhere/names", name=("--config-name", "annotate"))
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "elsewhere/names").iterdir()) == ["entities.tsv"]


USAGE = [
    (
        [],
        "ner is not set; set ner=spacy ner.model=en_core_web_sm, or another of ner=gliner|huggingface|spacy",
    ),
    (["ner=spacy", "ner.model=x"], "test_set.path is not set; set test_set.path=FOLDER_OR_FILE"),
    (["ner=spacy", "test_set.path=news"], "ner.model is not set; set ner.model=…"),
    (["nope=1"], "unknown setting 'nope'; python -m evalkit -cn annotate --help lists the settings"),
    (["metrics=[bleu]"], "python -m evalkit -cn annotate --help"),
    (["ner=nope"], "ner=nope: unknown choice; expected one of gliner, huggingface, spacy"),
    (
        ["ner=spacy", "ner.model=x", "test_set.path=news", "output=[a]"],
        "output: expected a folder, found ['a']",
    ),
    (
        ["ner=spacy", "ner.model=x", "test_set=wmt_xml", "test_set.path=x"],
        "output is not set; set output=FOLDER",
    ),
    (["--multirun", "test_set.path=a,b"], "annotate takes one test set at a time; run it without --multirun"),
]


@pytest.mark.parametrize(("arguments", "message"), USAGE, ids=[message for _, message in USAGE])
def test_wrong_usage_is_reported_in_one_line_and_exits_2(news, command, arguments, message, tmp_path):
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news"]


def test_wrong_input_exits_1(news, command):
    (news / "entities.tsv").write_text("keep\n", encoding="utf-8")
    code, out, err = command("test_set.path=news", "ner=spacy", "ner.model=x")
    assert (code, out) == (1, "")
    assert err.startswith("evalkit: news/entities.tsv:1: missing columns type, entity, forms, aliases; ")
    assert err.count("\n") == 1


def test_the_help_is_about_reviewing(command):
    code, out, _ = command("--help")
    assert code == 0
    for expected in (
        "python -m evalkit -cn annotate test_set.path=my_test_set",
        "ner=gliner|huggingface|spacy",
        "output: null",
        "path: null",
    ):
        assert expected in out
    assert "metrics" not in out


def test_a_limit_proposes_names_of_the_first_documents_and_keeps_what_is_reviewed(news):
    annotation = run(news, limit=1)
    assert sorted(cells(news)) == ["kirill-dmitriev", "lviv"], "forum is the first document"
    assert annotation.warnings == ("limit=1: a trial with the first of 2 documents, 2 of 5 segments",)
    run(news)
    edit(news, others=YES)
    every = run(news).mentions
    assert run(news, limit=1).mentions == every
    assert len({mention.segment for mention in every}) == 5


def test_only_proposes_names_of_the_chosen_documents(news):
    annotate(Articles(path=str(news), only={"document": "talks"}), Named())
    assert sorted(cells(news)) == ["kursk", "kursk-school-of-economics", "steve-witkoff", "ushakov"]
    assert cells(news)["steve-witkoff"]["context"].startswith("talks 1: «Steve Witkoff» flew to Kursk.")
    edit(news, others=YES)
    run(news, names={})
    assert {row["document"] for row in entity_rows(news)} == {"talks"}
