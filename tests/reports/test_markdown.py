"""The Markdown reports show what a reader needs, and show all text unchanged."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from miniature import GOOD, in_folder
from miniature import REFERENCE as MINIATURE

from evalkit import evaluate
from evalkit.data.articles import Articles
from evalkit.data.lines import Lines
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, DocumentBleu, Ter
from evalkit.reports.markdown.cells import escape, format_table
from evalkit.reports.markdown.report import Markdown
from evalkit.reports.markdown.run import render_run_report
from evalkit.reports.markdown.system import render_system_report
from evalkit.reports.table import describe_intervals, format_plain_table, format_score
from evalkit.runs.results import MetricInfo, MetricScore
from evalkit.significance.units import Bootstrap
from evalkit.types import Addition

INFO = MetricInfo(
    label="BLEU", decimals=1, higher_is_better=True, required=True, class_name="Bleu", settings={}
)


@pytest.fixture(scope="module")
def demo(world_news):
    """The run of the article set."""
    return evaluate(
        Articles(path=str(world_news)),
        [Bleu(), EntityAccuracy()],
        significance=Bootstrap(resamples=30),
        name="demo",
    ).run


def test_a_score_shows_its_interval_and_a_missing_one_its_reason():
    assert (
        format_score(MetricScore(status="ok", value=43.906, interval=(41.94, 45.96)), INFO)
        == "43.9 [41.9, 46.0]"
    )
    assert format_score(MetricScore(status="ok", value=0.0), INFO) == "0.0"
    assert format_score(MetricScore(status="unscored"), INFO) == "unscored"


def test_the_report_shows_which_system_gets_names_wrong(demo):
    report = render_run_report(demo)
    assert re.search(
        r"\*\*fluent ranks 1st of 4 by BLEU, but 3rd by names: 4\d% of its names are wrong\.\*\*", report
    )
    assert "| fluent | 296 |" in report
    for part in (
        "## Scores",
        "## Ranks",
        "## Names",
        "## Alignment",
        "## Signatures",
        "over 10 documents",
        "`BLEU: nrefs:1|",
    ):
        assert part in report


def test_names_that_the_headline_does_not_count_are_in_the_report(tmp_path):
    files = {
        "ref": "The Swiss won the World Cup in Oslo.",
        "hyp": "The Swiss won the Olympics in Oslo.",
        "entities.jsonl": "\n".join(
            json.dumps({"text": text, "type": kind, "entity": text})
            for text, kind in (("Swiss", "NORP"), ("World Cup", "MISC"), ("Oslo", "LOC"))
        ),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    reader = Lines(
        path=str(tmp_path),
        reference={"A": "ref"},
        target_language="en",
        entities=str(tmp_path / "entities.jsonl"),
    )
    run = evaluate(reader, [EntityAccuracy()], systems={"mine": str(tmp_path / "hyp")}).run
    report = render_run_report(run)
    assert "| PER accuracy | LOC accuracy | ORG accuracy | NORP accuracy | MISC accuracy |" in report
    assert "| mine | 1 | 1 | 0 | 0 | 0 | 0 | 0 | 1.000 | 1.000 | – | 1.000 | – | 1.000 | 0.000 |" in report
    assert (
        "Judged but not in the headline: NORP (peoples and their adjectives, 1 mention), "
        "MISC (events, products, works and other names, 1 mention)." in report
    )


def test_the_report_of_a_system_lists_the_names_most_often_wrong(demo):
    report = render_system_report(demo, "fluent", 20)
    assert "### Names most often wrong" in report
    assert (
        "| Badr Abdelatty | PER | 3 | 3 | Shoukry (replaced) ×2, Foreign Minister Sameh Shoukry (replaced) |"
        in report
    )


def test_boilerplate_and_dropped_sentences_are_listed(demo):
    report = render_system_report(demo, "pivot", 20)
    additions, omissions = report.split("## Additions")[1].split("## Segments without a hypothesis")
    assert "Subscribe to our channel" in additions
    assert "short break for tea" in omissions


def test_lower_is_better_is_said(tmp_path):
    run = evaluate(
        in_folder(tmp_path), [Ter()], systems=str(tmp_path / "systems"), significance=Bootstrap(resamples=0)
    ).run
    table = format_plain_table(run)
    assert "TER (lower is better)" in table
    assert "No confidence intervals" in table


def test_a_report_is_files_by_path(demo):
    files = Markdown(rows=3).files(demo)
    assert set(files) == {"report.md", *(f"systems/{name}/report.md" for name in demo.systems)}
    assert "… and 7 more in `report.json`." in files["systems/pivot/report.md"]


def test_a_list_that_is_cut_says_so(demo):
    names = render_system_report(demo, "pivot", 20).split("### Names most often wrong")[1]
    assert "more in `entities.jsonl`, which has the verdict on every mention." in names


@pytest.mark.parametrize(
    "text",
    [
        "a|b",
        "<script>alert(1)</script>",
        "*bold*",
        "[x](y)",
        "two\nlines",
        "`code`",
        "# head",
        "~~out~~",
        "_a_",
    ],
)
def test_text_is_shown_as_text(text):
    shown = escape(text)
    assert "\n" not in shown
    for character in "|<>*[]`#~_":
        assert shown.replace("\\" + character, "").count(character) == 0
    assert format_table(["A"], [[text]]).splitlines()[-1] == f"| {shown} |"


def test_hypotheses_do_not_break_the_tables(tmp_path):
    reader = in_folder(tmp_path)
    lines = ["a | b | c", "<b>x</b>", *GOOD[2:]]
    (tmp_path / "systems" / "odd.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    run = evaluate(
        reader,
        [Bleu()],
        systems={"o|dd": tmp_path / "systems" / "odd.txt"},
        significance=Bootstrap(resamples=0),
    ).run
    row = next(line for line in render_system_report(run, "o|dd", 20).splitlines() if "a \\| b" in line)
    assert row.replace("\\|", "").count("|") == 6


REFERENCE = [
    "Biden said that Biden saw Biden.",
    "Then Putin met the envoy.",
    "Then Merz won, and Merz slept.",
    "Nothing happened.",
]
HYPOTHESIS = [
    "Biden said that Rubio saw Rubio.",
    "Then Putin met the envoy Lavrov.",
    "Then Merzh won, and Merz slept.",
    "Then Lavrov met Lavrov.",
]
DOCUMENTS = ["a", "a", "a", "b"]


@pytest.fixture
def worked(tmp_path):
    """A function from hypotheses to the run of one system over two documents with three persons."""

    def evaluated(hypothesis, resamples=20):
        names = [
            {"document": "a", "text": text, "type": "PER", "entity": text.lower()}
            for text in ("Biden", "Putin", "Merz")
        ]
        reader = in_folder(tmp_path, entities=True)
        files = {
            "ref.en": REFERENCE,
            "docs": DOCUMENTS,
            "one.txt": hypothesis,
            "entities.jsonl": map(json.dumps, names),
        }
        for path, lines in files.items():
            (tmp_path / path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return evaluate(
            reader,
            [Bleu(), EntityAccuracy()],
            systems={"one": tmp_path / "one.txt"},
            significance=Bootstrap(resamples=resamples),
        ).run

    return evaluated


def section(report, title):
    """The text between a heading and the next."""
    return report.split(f"# {title}\n\n")[1].split("\n\n#")[0] if f"# {title}\n" in report else None


def test_names_right_and_wrong_in_one_document_by_hand(worked):
    report = render_system_report(worked(HYPOTHESIS), "one", 20)
    assert section(report, "Right and wrong in one document").splitlines() == [
        "| Document | Name | Right | Mentions | Translated as |",
        "| --- | --- | --- | --- | --- |",
        "| a | Biden | 1 | 3 | Rubio ×2, Biden |",
        "| a | Merz | 1 | 2 | Merzh, Merz |",
    ]
    assert (
        "Of 3 distinct entities per document, 2 have two or more mentions: "
        "2 both right and wrong, 0 always wrong." in report
    )


def test_a_name_that_is_always_wrong_is_not_right_and_wrong(worked):
    text = [HYPOTHESIS[0], HYPOTHESIS[1], "Then Rubio won, and Rubio slept.", REFERENCE[3]]
    report = render_system_report(worked(text), "one", 20)
    assert section(report, "Right and wrong in one document").splitlines()[2:] == [
        "| a | Biden | 1 | 3 | Rubio ×2, Biden |"
    ]
    assert "1 both right and wrong, 1 always wrong." in report


def test_names_not_in_the_reference_by_hand(worked):
    run = worked(HYPOTHESIS)
    report = render_system_report(run, "one", 20)
    assert section(report, "Names not in the reference").splitlines() == [
        "| Document | Name | Times |",
        "| --- | --- | --- |",
        "| b | Lavrov | 2 |",
        "| a | Lavrov | 1 |",
    ]
    # 3 of 6 right; 3 right of 6 names in their places and 3 spurious ones: 6 / (9 + 6)
    assert "Spurious names: 3. Precision 0.333, F1 0.400," in report
    assert re.search(
        r"^\| one \| 6 \| 3 \| 0 \| 1 \| 2 \| 0 \| 3 \| 0\.333 \| 0\.400 \| 0\.500 \| – \| – \|$",
        render_run_report(run),
        re.MULTILINE,
    )


def test_lists_of_names_that_are_cut_say_so(worked):
    report = render_system_report(worked(HYPOTHESIS), "one", 1)
    for title in ("Right and wrong in one document", "Names not in the reference"):
        lines = section(report, title).splitlines()
        assert len(lines) == 3 + 2
        assert lines[-1] == "… and 1 more in `entities.jsonl`."


def numbered(text, metric, tmp_path):
    """The rows of the weakest segments of a system that translates segment by segment, as segment and
    score.
    """
    reader = in_folder(tmp_path)
    (tmp_path / "one.txt").write_text("".join(f"{line}\n" for line in text), encoding="utf-8")
    run = evaluate(
        reader, [metric], systems={"one": tmp_path / "one.txt"}, significance=Bootstrap(resamples=0)
    ).run
    lines = section(render_system_report(run, "one", 20), f"Weakest segments by {metric.label}").splitlines()
    return lines[0], [tuple(line.split(" | ")[1:3]) for line in lines[4:]]


def test_the_weakest_segments_are_listed_worst_first_by_hand(tmp_path):
    """TER by hand: 0, 5 and 1 edits in 6, 5 and 6 words; a segment without hypothesis is left out."""
    text = ["The cat sat on the mat.", "a b c d e", "It rained all day in Paris.", ""]
    note, rows = numbered(text, Ter(), tmp_path)
    assert rows == [("2", "100.0"), ("1", "16.7"), ("1", "0.0")]
    assert note == "The worst 3 of 3, without segments that have no hypothesis."
    _, rows = numbered(text, Bleu(), tmp_path)
    assert [segment for segment, _ in rows] == ["2", "1", "1"]
    scores = [float(score) for _, score in rows]
    assert scores == sorted(scores)
    assert scores[-1] == 100


def test_the_weakest_segments_are_those_of_a_metric_of_segments_and_not_of_names(tmp_path):
    reader, systems = in_folder(tmp_path, entities=True), str(tmp_path / "systems")
    for metrics, expected in (([EntityAccuracy(), Bleu()], True), ([EntityAccuracy()], False)):
        run = evaluate(reader, metrics, systems=systems, significance=Bootstrap(resamples=0)).run
        report = render_system_report(run, "bad", 20)
        assert ("## Weakest segments by BLEU\n" in report) == expected
        assert "Weakest segments by Entity accuracy" not in report


@pytest.mark.parametrize("metric", [Bleu(), Ter()])
def test_documents_are_listed_worst_first_and_those_without_a_score_last(tmp_path, metric):
    """Document a is as the reference, document b is not."""
    reader = in_folder(tmp_path, entities=True)
    lines = [*MINIATURE[:2], "a b c d e f", "g h"]
    (tmp_path / "one.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    systems, none = {"one": tmp_path / "one.txt"}, Bootstrap(resamples=0)
    report = render_system_report(
        evaluate(reader, [metric], systems=systems, significance=none).run, "one", 20
    )
    rows = section(report, "Documents").splitlines()
    assert rows[0] == f"Worst first, by {metric.label}."
    assert [row.split(" | ")[0] for row in rows[4:]] == ["| b", "| a"]
    names = "".join((tmp_path / "entities.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[2:])
    (tmp_path / "entities.jsonl").write_text(names, encoding="utf-8")  # the name of document b alone
    run = evaluate(reader, [metric, EntityAccuracy()], systems=systems, significance=none).run
    rows = section(render_system_report(run, "one", 20), "Documents").splitlines()
    assert [(row.split(" | ")[0], row.split(" | ")[-1]) for row in rows[4:]] == [
        ("| b", "0.000 |"),
        ("| a", "– |"),
    ]


def test_the_note_on_intervals_names_what_is_drawn(tmp_path):
    run = evaluate(
        in_folder(tmp_path),
        [Bleu(), DocumentBleu()],
        systems=str(tmp_path / "systems"),
        significance=Bootstrap(resamples=20, seed=7),
    ).run
    label = DocumentBleu().label
    assert describe_intervals(run).startswith(
        f"In brackets: 95% confidence interval, percentile bootstrap over 4 segments, for {label} over documents "
        "(20 resamples, seed 7)."
    )


def test_lists_of_wrong_names_are_left_out_if_all_names_are_right(worked):
    report = render_system_report(worked(REFERENCE), "one", 20)
    for title in (
        "Right and wrong in one document",
        "Names not in the reference",
        "Names most often wrong",
    ):
        assert section(report, title) is None
    assert (
        "Spurious names: 0. Precision 1.000, F1 1.000, soft F1 1.000; mean over distinct entities 1.000."
        in report
    )


def test_with_fewer_than_ten_documents_the_reports_call_the_intervals_unreliable(worked, demo):
    few = "Fewer than 10 documents: the intervals are unreliable."
    run = worked(HYPOTHESIS)
    assert all(
        few in text
        for text in (render_run_report(run), render_system_report(run, "one", 20), format_plain_table(run))
    )
    assert few not in render_run_report(demo), "it has ten"
    assert few in describe_intervals(replace(demo, test_set=replace(demo.test_set, documents=9)))
    assert few not in describe_intervals(replace(demo, test_set=replace(demo.test_set, documents=0))), (
        "it has segments"
    )
    assert few not in render_run_report(worked(HYPOTHESIS, resamples=0)), "there are no intervals"


def first_cells(report, title):
    """The first cells of the rows of a table."""
    lines = section(report, title).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| --- "))
    return [line.split(" | ")[0].removeprefix("| ") for line in lines[start + 1 :]]


@pytest.fixture
def of_documents(tmp_path):
    """A function from metrics to the report of a system: edits of TER 1, 2 and 0 in documents a, b and c;
    names right in a, wrong in b.
    """
    lines = {
        "ref.en": ["Then Kyiv slept.", "Then Lviv slept.", "Then nobody slept.", "Nobody left."],
        "one.txt": ["Then Kyiv woke.", "Then she woke.", "Then nobody slept.", " "],
        "other.txt": ["Then x slept.", "Then x slept.", "Then x slept.", "x"],
        "docs": ["a", "b", "c", "c"],
        "entities.jsonl": [
            json.dumps({"document": document, "text": text, "type": "LOC", "entity": text.lower()})
            for document, text in (("a", "Kyiv"), ("b", "Lviv"))
        ],
    }
    reader = in_folder(tmp_path, entities=True)
    for path, texts in lines.items():
        (tmp_path / path).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")

    def render(*metrics, shown=20):
        systems = {name: tmp_path / f"{name}.txt" for name in ("one", "other")}
        run = evaluate(reader, metrics, systems=systems, significance=Bootstrap(resamples=0)).run
        return render_system_report(run, "one", shown)

    return render


def test_documents_are_listed_worst_first_by_the_last_metric_and_without_a_score_last(of_documents):
    """TER by hand: 1 of 3 words, 2 of 3 and 2 of 5; names: all right, all wrong and none."""
    by_ter = of_documents(EntityAccuracy(), Ter())
    assert "Worst first, by TER." in by_ter
    assert first_cells(by_ter, "Documents") == ["b", "c", "a"]
    by_names = of_documents(Ter(), EntityAccuracy())
    assert "Worst first, by Entity accuracy." in by_names
    assert first_cells(by_names, "Documents") == ["b", "a", "c"]
    assert "| c | 2 | 40.0 | – |" in by_names


def test_the_weakest_segments_are_by_the_first_metric_that_is_not_about_names(of_documents):
    report = of_documents(EntityAccuracy(), Ter())
    assert "Weakest segments by Entity accuracy" not in report
    assert first_cells(report, "Weakest segments by TER") == ["b", "a", "c"]


def test_a_segment_of_spaces_alone_has_no_hypothesis(of_documents):
    """And segments of other systems are not in the report."""
    report = of_documents(Ter())
    assert section(report, "Segments without a hypothesis").splitlines()[2:] == ["| c | 2 | Nobody left. |"]
    assert "The worst 3 of 3, without segments that have no hypothesis." in report


def test_scores_say_how_many_segments_were_scored(of_documents):
    report = of_documents(EntityAccuracy(), Ter())
    assert "| Entity accuracy | 0.500 | 2 of 4 |" in report
    assert re.search(r"\| TER \(lower is better\) \| [\d.]+ \| 4 of 4 \|", report)


def test_only_the_ten_weakest_segments_are_listed(tmp_path):
    reader = in_folder(tmp_path)
    for path, texts in (("ref.en", ["a b c d"] * 12), ("docs", "a" * 12), ("one.txt", ["a b c x"] * 12)):
        (tmp_path / path).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    run = evaluate(
        reader, [Ter()], systems={"one": tmp_path / "one.txt"}, significance=Bootstrap(resamples=0)
    ).run
    report = render_system_report(run, "one", 20)
    assert "The worst 10 of 12, " in report
    assert len(first_cells(report, "Weakest segments by TER")) == 10


def test_a_system_of_which_nothing_is_aligned_shows_that_and_an_addition_may_be_at_the_beginning(demo):
    result = demo.systems["pivot"]
    alignment = result.documents[0].alignment
    nothing = replace(
        result,
        coverage=0.0,
        documents=(replace(result.documents[0], alignment=replace(alignment, segments_covered=0)),),
        additions=(Addition(result.documents[0].document, "Read also"),),
    )
    report = render_system_report(replace(demo, systems={**demo.systems, "pivot": nothing}), "pivot", 20)
    assert section(report, "Documents").splitlines()[2].startswith("| Document | Segments | Covered | ")
    assert section(report, "Documents").splitlines()[4].split(" | ")[2] == "0.0%"
    assert section(report, "Additions").splitlines()[-1].endswith(" | the beginning | Read also |")


def test_segments_that_were_moved_are_listed_and_no_others(demo):
    segments = [row for row in demo.segments if row.system == "strong"]
    moved = replace(segments[5], moved=True)
    others = [replace(row, moved=False) for row in segments if row is not segments[5]]
    report = render_system_report(replace(demo, segments=(*others, moved)), "strong", 20)
    assert first_cells(report, "Moved segments") == [escape(moved.document)]
