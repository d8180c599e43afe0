"""Pages in one file: they show the results, run no text as code, and fetch nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace

import pytest
from lxml import html
from miniature import BAD, GOOD, in_folder

from evalkit import compare, evaluate
from evalkit.comparison.history import trace
from evalkit.data.articles import Articles
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Chrf, Ter
from evalkit.reports.html import charts
from evalkit.reports.html.comparison import mark_changed
from evalkit.reports.html.embedded import build_page_data
from evalkit.reports.html.page import TEMPLATES, embed_json
from evalkit.reports.html.report import Html
from evalkit.reports.ranks import find_best, find_disagreement, find_overrated
from evalkit.significance.units import Bootstrap
from evalkit.types import Addition

FAST = Bootstrap(resamples=50, trials=200)
EVIL = "</script><script>document.title = 'run'</script><!-- <img src=x onerror=alert(1)> & \"quoted\""


@pytest.fixture(scope="module")
def demo(world_news):
    """The run of the article set."""
    metrics = [Bleu(), EntityAccuracy()]
    return evaluate(
        Articles(path=str(world_news)), metrics, significance=FAST, controls=True, name="demo"
    ).run


@pytest.fixture(scope="module")
def page(demo):
    """Its report."""
    return Html().files(demo)["report.html"]


def run_of(folder, hypotheses, **settings):
    """A run of the miniature with another system, `own`, that has these hypotheses."""
    reader = in_folder(folder, entities=True)
    (folder / "systems" / "own.txt").write_text("".join(f"{line}\n" for line in hypotheses), encoding="utf-8")
    return evaluate(
        reader, [Bleu(), EntityAccuracy()], systems=str(folder / "systems"), significance=FAST, **settings
    ).run


def data_of(text):
    return json.loads(html.fromstring(text).get_element_by_id("data").text)


def words(element):
    return " ".join(" ".join(element.itertext()).split())


def test_the_page_shows_which_system_gets_names_wrong_without_a_script(page):
    overview = html.fromstring(page).get_element_by_id("overview")
    assert "fluent ranks 1st of 4 by BLEU, but 3rd by names: 49% of its names are wrong." in words(overview)
    (row,) = (
        row
        for row in overview.xpath(".//table[contains(@class, 'scores')]/tbody[1]/tr")
        if words(row).startswith("fluent ")
    )
    assert re.search(
        r"fluent ★ significantly better than every other system 67\.6 \[[\d.]+, [\d.]+\] 0\.507 \[",
        words(row),
    )
    assert "BLEU: nrefs:1|case:mixed|eff:no|tok:13a" in words(
        overview.xpath(".//details[@class='signatures']")[0]
    )
    assert "the reference itself 100.0 1.000" in words(overview), "the ceiling"
    assert "empty text 0.0 0.000" in words(overview), "the floor"


def test_the_page_of_a_system_lists_the_names_most_often_wrong(page):
    system = html.fromstring(page).get_element_by_id("system/fluent")
    (row,) = (row for row in system.xpath(".//tr") if words(row).startswith("Badr Abdelatty"))
    assert "PER 3 of 3 Shoukry replaced ×2 Foreign Minister Sameh Shoukry replaced" in words(row)
    assert "… and 103 more in systems/fluent/entities.jsonl." in words(system)
    values = [float(row.xpath("./td")[-1].text) for row in system.xpath(".//table[@class='heat']/tbody/tr")]
    assert values == sorted(values), "worst first"
    assert len(values) == 10


def test_nothing_is_fetched_and_the_page_forbids_it(page):
    policy = html.fromstring(page).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; script-src 'sha256-{digest}'")
    tree = html.fromstring(page)
    assert not tree.xpath("//link | //img | //iframe | //script[@src]")
    assert not re.search(
        r"(?:url\(|@import|\bfetch\(|https?://)", page.replace(tree.get_element_by_id("data").text, "")
    )


def test_text_is_shown_and_not_run(tmp_path):
    run = run_of(tmp_path, [EVIL, *GOOD[1:]], name=EVIL)
    page = Html().files(replace(run, warnings=(EVIL,)))["report.html"]
    tree = html.fromstring(page)
    assert len(tree.xpath("//script")) == 2, "the data and the page's script"
    assert not tree.xpath("//img")
    assert "<!--" not in page
    assert page.count("</script>") == 2
    own = next(system for system in data_of(page)["systems"] if system["name"] == "own")
    assert own["texts"][0] == EVIL
    assert words(tree.xpath("//h1")[0]) == " ".join(EVIL.split())


@pytest.mark.parametrize("text", ["</script>", "<!--", "<script>", "]]>", "\u2028", "&lt;", "\\u003c"])
def test_json_in_a_page_comes_back_as_it_was(text):
    embedded = embed_json({"text": text})
    assert "<" not in embedded
    assert json.loads(embedded) == {"text": text}


def test_names_are_where_the_audit_says_even_after_an_emoji(tmp_path):
    run = run_of(tmp_path, [GOOD[0], "😀😀 Steve Whitcom flew to 😀 Kursk.", *GOOD[2:]])
    data = build_page_data(run, 10**9)
    own = next(system for system in data["systems"] if system["name"] == "own")
    units = [text.encode("utf-16-le") for text in own["texts"]]
    references = [segment[3].encode("utf-16-le") for segment in data["segments"]]
    names = [
        (
            data["outcomes"][outcome],
            references[segment][2 * start : 2 * end].decode("utf-16-le"),
            units[rest[0]][2 * rest[1] : 2 * rest[2]].decode("utf-16-le"),
        )
        for outcome, _, _, segment, start, end, *rest in own["names"]
    ]
    assert names == [
        ("misspelled", "Steve Witkoff", "Steve Whitcom"),
        ("exact", "Kursk", "Kursk"),
        ("exact", "Kyiv", "Kyiv"),
    ]


def test_references_are_embedded_once_for_all_systems(demo, page):
    text = data_of(page)["segments"][3][3]
    assert page.count(text) == 1
    assert len(data_of(page)["systems"]) == 4


def test_a_run_that_is_too_large_is_sampled_evenly_and_says_so(demo):
    whole = build_page_data(demo, 10**9)
    assert (whole["left"], len(whole["segments"])) == (0, 191)
    part = build_page_data(demo, 60_000)
    assert 0 < len(part["segments"]) == 191 - part["left"] < 120
    assert len(json.dumps(part, ensure_ascii=False)) < 90_000
    assert len({segment[0] for segment in part["segments"]}) == 10, "some of every document"
    for system in part["systems"]:
        assert len(system["texts"]) == len(system["scores"][0]) == len(part["segments"])
        assert all(name[3] < len(part["segments"]) for name in system["names"])
    assert len(build_page_data(demo, 1)["segments"]) == 1


def test_with_many_documents_whole_ones_are_kept(demo):
    spread = [replace(row, document=f"{row.document} {int(row.segment) // 4}") for row in demo.segments]
    part = build_page_data(replace(demo, segments=tuple(spread)), 100_000)
    kept = {segment[1] for segment in part["segments"]}
    assert part["left"] > 0
    assert all(
        {str(n) for n in range(4 * (int(i) // 4), 4 * (int(i) // 4) + 4)} - {"0", "20", "21", "22", "23"}
        <= kept
        for i in kept
    )


def test_additions_and_moved_segments_reach_the_page(demo):
    result = demo.systems["pivot"]
    additions = (Addition(result.documents[0].document, "Advertisement", "2"),)
    rows = tuple(replace(row, moved=row.system == "pivot" and row.segment == "3") for row in demo.segments)
    run = replace(
        demo, systems={**demo.systems, "pivot": replace(result, additions=additions)}, segments=rows
    )
    data = build_page_data(run, 10**9)
    pivot = next(system for system in data["systems"] if system["name"] == "pivot")
    assert pivot["added"] == [[0, "Advertisement", 1]]
    assert [data["segments"][index][1] for index in pivot["moved"]] == ["3"] * 10


def test_the_best_is_marked_only_where_tests_say_so(tmp_path, demo):
    assert find_best(demo) == {"bleu": {"fluent"}, "entity_accuracy": set()}
    run = run_of(tmp_path, GOOD)
    assert run.systems["own"].metrics["bleu"].value == run.systems["good"].metrics["bleu"].value
    assert find_best(run) == {"bleu": set(), "entity_accuracy": set()}
    assert "★" not in words(html.fromstring(Html().files(run)["report.html"]).get_element_by_id("overview"))


def test_a_system_is_overrated_only_if_the_other_has_significantly_better_names(demo):
    assert set(find_overrated(demo, "bleu")) == {"fluent", "pivot"}
    assert find_disagreement(demo).system == "fluent"
    tests = demo.tests["entity_accuracy"]
    unsure = replace(tests, pairs=tuple(replace(pair, p_adjusted=0.4) for pair in tests.pairs))
    run = replace(demo, tests={**demo.tests, "entity_accuracy": unsure})
    assert find_overrated(run, "bleu") == []
    assert find_disagreement(run) is None
    assert set(find_overrated(replace(demo, tests={}), "bleu")) == {"fluent", "pivot"}, (
        "without tests the scores decide"
    )


def test_axes_hold_all_scores_and_only_controls_that_are_near():
    on = charts.fit_axis([40, 44], [0, 41, 46, 100], 0, 100)
    assert all(on.holds(value) for value in (40, 44, 46))
    assert not on.holds(0)
    assert not on.holds(100)
    assert on.at(40) < on.at(44) < on.at(46)
    assert [text for _, text in on.ticks()] == ["40", "42", "44", "46"]
    assert charts.fit_axis([1.0], [], 0, 100).holds(1.0), "a single value has an axis too"


def test_better_is_to_the_right_even_if_lower_is_better(tmp_path):
    run = evaluate(
        in_folder(tmp_path, entities=True),
        [Ter(), EntityAccuracy()],
        systems=str(tmp_path / "systems"),
        significance=FAST,
    ).run
    (plot,) = charts.build_scatters(run)
    at = {point.name: point.x for point in plot.points}
    assert run.systems["good"].metrics["ter"].value < run.systems["bad"].metrics["ter"].value
    assert at["good"] > at["bad"]


def test_labels_of_points_do_not_cover_each_other(demo):
    names = [f"system-{n}" for n in range(8)]
    systems = dict.fromkeys(names, demo.systems["strong"])
    run = replace(demo, systems=systems, tests={})
    labels = [
        (point.label.x, point.label.y, point.label.anchor) for point in charts.build_scatters(run)[0].points
    ]
    for index, (x, y, anchor) in enumerate(labels):
        for other_x, other_y, other_anchor in labels[:index]:
            assert abs(y - other_y) >= 10 or anchor != other_anchor or abs(x - other_x) > 50


def test_a_failed_metric_is_reported_in_the_overview(tmp_path):
    run = evaluate(
        in_folder(tmp_path), [Bleu(), EntityAccuracy()], systems=str(tmp_path / "systems"), significance=FAST
    ).run
    overview = html.fromstring(Html().files(run)["report.html"]).get_element_by_id("overview")
    assert "Entity accuracy failed: the test set has no reviewed names" in words(overview)


def test_a_test_set_without_documents_and_names_has_a_page(tmp_path):
    reader = replace(in_folder(tmp_path), documents=None)
    run = evaluate(
        reader, [Chrf()], systems=str(tmp_path / "systems"), significance=Bootstrap(resamples=0, trials=0)
    ).run
    data = data_of(Html().files(run)["report.html"])
    assert (data["documents"], [segment[0] for segment in data["segments"]]) == ([], [-1] * 4)


@pytest.mark.parametrize(
    ("code", "tag", "direction"),
    [("en", "en", "auto"), ("heb_Hebr", "he-Hebr", "rtl"), ("zho_Hans", "zh-Hans", "auto")],
)
def test_texts_have_the_direction_and_the_tag_of_their_language(demo, code, tag, direction):
    """A Hebrew sentence may begin with a Latin name."""
    run = replace(demo, test_set=replace(demo.test_set, target_language=code))
    data = data_of(Html().files(run)["report.html"])
    assert (data["language"], data["direction"]) == (tag, direction)


def test_texts_are_made_by_one_function(page):
    script = (TEMPLATES / "text.js").read_text(encoding="utf-8")
    assert script.count("dir: data.direction") == 1, "one function makes references and hypotheses"
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", page)


# colours: WCAG 2 contrast of text on its background, in both themes


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(one, other, share):
    return "#" + "".join(
        f"{round(int(one[i : i + 2], 16) * share + int(other[i : i + 2], 16) * (1 - share)):02x}"
        for i in (1, 3, 5)
    )


def themes():
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    blocks = re.findall(r"(:root[^{]*)\{([^}]*--bg[^}]*)\}", style)
    return {name.strip(): dict(re.findall(r"(--[\w-]+): (#\w{3,6})", block)) for name, block in blocks}


def test_the_dark_theme_is_the_same_whether_chosen_or_the_systems():
    style = themes()
    assert style[':root:not([data-theme="light"])'] == style[':root[data-theme="dark"]'] != style[":root"]


@pytest.mark.parametrize("theme", [":root", ':root[data-theme="dark"]'])
def test_contrast_of_all_text_is_aa(theme):
    colours = themes()[theme]
    outcomes = ("right", "variant", "misspelled", "replaced", "missing", "spurious")
    for name in ("text", "muted", "accent", *outcomes):
        for ground in ("bg", "panel"):
            assert contrast(colours[f"--{name}"], colours[f"--{ground}"]) >= 4.5, (name, ground)
    for name in ("misspelled", "replaced", "spurious"):
        assert contrast(colours[f"--{name}"], mixed(colours[f"--{name}"], colours["--bg"], 0.12)) >= 4.5, (
            f"label of {name} on its mark"
        )
    assert contrast(colours["--text"], mixed(colours["--heat"], colours["--bg"], 0.55)) >= 4.5, (
        "the worst document"
    )
    assert contrast(colours["--bg"], colours["--text"]) >= 4.5, "explanations"


# comparison and history


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Two stored runs of one system, which got worse, on one test set."""
    folder = tmp_path_factory.mktemp("runs")
    reader = in_folder(folder, entities=True)
    for name, lines in (("old", GOOD), ("new", [EVIL, *BAD[1:]])):
        (folder / "own.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        metrics = [Bleu(lowercase=name == "new"), EntityAccuracy()]
        evaluate(
            reader,
            metrics,
            systems={"own": folder / "own.txt"},
            significance=FAST,
            name=name,
            output=folder / name,
        )
    return folder


def test_a_comparison_shows_both_hypotheses_broken_names_and_what_changed(stored):
    comparison = compare(stored / "old", stored / "new", significance=FAST)
    page = Html().comparison_files([comparison])["comparison.html"]
    tree = html.fromstring(page)
    text = words(tree.get_element_by_id("main"))
    assert "new compared with old" in text
    assert re.search(r"own Entity accuracy 1\.000 0\.000 -1\.000 \[-1\.000, -1\.000\]", text)
    assert "not comparable the signatures differ: case:mixed → case:lc" in text
    assert "own Steve Witkoff PER 1 Steve Witkoff exact Steve Whitcom misspelled a" in text
    assert re.search(
        r"baseline Steve Witkoff flew to Kursk ?\. candidate Steve Whitcom flew to Corsak ?\.", text
    )
    assert "metrics.bleu.lowercase" in text or "hypotheses.own" in text
    assert len(tree.xpath("//script")) == 2
    assert page.count("</script>") == 2


def test_words_that_the_other_run_lacks_are_marked():
    pieces = mark_changed("Steve Whitcom flew, to Kursk.", "Steve Witkoff flew to Kursk!")
    assert "".join(piece.text for piece in pieces) == "Steve Whitcom flew, to Kursk."
    assert [piece.text for piece in pieces if piece.changed] == ["Whitcom", ",", "."]


def test_a_history_breaks_its_lines_where_signatures_changed(stored):
    history = trace([str(stored / "old"), str(stored / "new")])
    page = Html().history_files(history)["history.html"]
    tree = html.fromstring(page)
    bleu, names = tree.xpath("//section")
    assert len(bleu.xpath(".//*[local-name()='polyline']")) == 0
    assert len(bleu.xpath(".//*[local-name()='circle']")) == 2
    assert "new, own: the signatures differ: case:mixed → case:lc" in words(bleu)
    assert len(names.xpath(".//*[local-name()='polyline']")) == 1
