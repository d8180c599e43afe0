"""The report in headless Chromium. Skipped without Chromium; CONTRIBUTING.md says how to get it."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import pytest
from miniature import GOOD, in_folder

from evalkit import evaluate
from evalkit.data.articles import Articles
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu, Chrf
from evalkit.reports.html.report import Html
from evalkit.significance.units import Bootstrap

CHROMIUM, DRIVER = shutil.which("chromium") or shutil.which("chromium-browser"), shutil.which("chromedriver")
pytestmark = [
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER),
        reason="needs chromium and chromedriver: apt-get install chromium chromium-driver",
    ),
    pytest.mark.slow(reason="starts a browser"),
    # raised by selenium itself
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
FAST = Bootstrap(resamples=20, trials=500)
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
)
EVIL = (
    "</script><script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\"> came <!--"
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Chromium, which records console messages and requests; it writes only to its own home."""
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, "--window-size=1280,900"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    home = str(tmp_path_factory.mktemp("home"))
    service = Service(
        DRIVER, env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}
    )
    driver = webdriver.Chrome(options=options, service=service)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def demo(world_news, tmp_path_factory):
    """The address of the report of the article set."""
    run = evaluate(
        Articles(path=str(world_news)),
        [Bleu(), Chrf(), EntityAccuracy()],
        significance=FAST,
        controls=True,
        name="demo",
    ).run
    path = tmp_path_factory.mktemp("demo") / "report.html"
    path.write_text(Html().files(run)["report.html"], encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def at(browser, demo):
    """A function that opens the report again, at an anchor."""

    def go(anchor="", address=demo):
        browser.get("about:blank")
        browser.get(address + anchor)

    go()
    return go


def js(browser, script):
    return browser.execute_script(f"return {script}")


def texts(browser, selector):
    return js(
        browser,
        f"[...document.querySelectorAll({selector!r})]"
        ".filter((e) => e.checkVisibility()).map((e) => e.textContent)",
    )


def choose(browser, label, value):
    js(
        browser,
        f"""(() => {{
            const labels = [...document.querySelectorAll(".current .bar label")];
            const field = labels.find((l) => l.firstChild.textContent === {label!r}).lastChild;
            field.value = {value!r};
            for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, {{ bubbles: true }}));
        }})()""",
    )


def count(browser):
    """How many hypotheses pass the filters."""
    return int(js(browser, "document.querySelector('#count').textContent").split(" of ")[1].split()[0])


def column(browser, label):
    return texts(browser, f'#rows td[data-label="{label}"]')


ANCHORS = [
    "",
    "#systems",
    "#system/fluent",
    "#documents",
    "#d/pivot/cairo-gaza-aid",
    "#segments",
    "#s/fluent/cairo-gaza-aid/3",
    "#s/no/such/1",
    "#%",
]


@pytest.mark.parametrize("anchor", ANCHORS)
def test_every_part_opens_without_an_error_and_without_a_request(browser, at, anchor):
    browser.get_log("browser")
    browser.get_log("performance")
    at(anchor)
    assert browser.get_log("browser") == []
    requests = [
        entry["message"]
        for entry in browser.get_log("performance")
        if '"Network.requestWillBeSent"' in entry["message"]
    ]
    assert [entry for entry in requests if "file://" not in entry and "about:blank" not in entry] == []
    assert js(browser, "performance.getEntriesByType('resource').length") == 0
    assert js(browser, "document.querySelectorAll('section.view.current').length") == 1
    assert len(texts(browser, "h1")) == 1


def test_the_page_cannot_fetch(browser, at):
    script = (
        "fetch('https://example.org/').then(() => arguments[0]('fetched'), () => arguments[0]('refused'))"
    )
    assert browser.execute_async_script(script) == "refused"
    assert "Content Security Policy" in browser.get_log("browser")[0]["message"]


def test_text_of_a_hypothesis_is_shown_and_not_run(browser, at, tmp_path):
    reader = in_folder(tmp_path, entities=True)
    (tmp_path / "own.txt").write_text("".join(f"{line}\n" for line in (EVIL, *GOOD[1:])), encoding="utf-8")
    run = evaluate(
        reader,
        [Bleu(), EntityAccuracy()],
        systems={"<b>own": tmp_path / "own.txt"},
        significance=FAST,
        name="mini",
    ).run
    (tmp_path / "report.html").write_text(Html().files(run)["report.html"], encoding="utf-8")
    slug = run.systems["<b>own"].slug
    for anchor in (f"#d/{slug}/a", "#segments", f"#s/{slug}/a/1"):
        at(anchor, (tmp_path / "report.html").as_uri())
        assert "mini" in browser.title
        assert any(EVIL in text for text in texts(browser, ".text"))
        assert browser.get_log("browser") == []


def test_filters_keep_only_matching_segments(browser, at):
    at("#segments")
    assert count(browser) == 4 * 191
    choose(browser, "System", "fluent")
    assert count(browser) == 191
    choose(browser, "With", "replaced")
    replaced = count(browser)
    assert 0 < replaced < 191
    marks = js(
        browser,
        "[...document.querySelectorAll('#rows tr')].slice(1)"
        ".map((row) => row.querySelectorAll('mark.o-replaced').length)",
    )
    assert len(marks) == 25
    assert all(marks)
    choose(browser, "Document", "cairo-gaza-aid")
    assert 0 < count(browser) < replaced
    choose(browser, "Search in all texts", "abdelatty")
    assert {"Abdelatty" in text for text in column(browser, "Reference")} == {True}
    assert set(column(browser, "System")) == {"fluent"}
    choose(browser, "Search in all texts", "no such words")
    assert texts(browser, "#count") == ["No segment matches these filters. Clear one of them."]


def test_a_range_of_scores_filters(browser, at):
    at("#segments?system=strong")
    choose(browser, "Score", "bleu")
    choose(browser, "to", "30")
    choose(browser, "from", "20")
    values = [float(text) for text in column(browser, "BLEU")]
    assert values
    assert all(20 <= value <= 30 for value in values)


def test_the_table_sorts_and_pages(browser, at):
    at("#segments?system=pivot&sort=bleu:asc&size=50")
    first = [float(text) for text in column(browser, "BLEU")]
    assert first == sorted(first)
    assert len(first) == 50
    js(browser, "document.querySelector('#pages').lastChild.click()")
    second = [float(text) for text in column(browser, "BLEU")]
    assert first[-1] <= second[0]
    assert js(browser, "location.hash").endswith("page=2")
    js(
        browser,
        "[...document.querySelectorAll('#rows th button')].find((b) => b.textContent === 'BLEU').click()",
    )
    assert js(browser, "location.hash") == "#segments?system=pivot&sort=bleu%3Adesc&size=50"
    values = [float(text) for text in column(browser, "BLEU")]
    assert values == sorted(values, reverse=True)


def test_the_state_of_the_table_is_in_its_address(browser, at):
    at("#segments")
    choose(browser, "System", "pivot")
    choose(browser, "With", "missing")
    address, shown = browser.current_url, texts(browser, "#rows .text")
    assert address.endswith("#segments?system=pivot&outcome=missing")
    at(address=address)
    assert texts(browser, "#rows .text") == shown


def test_an_anchor_leads_to_its_segment(browser, at):
    at("#s/fluent/cairo-gaza-aid/3")
    assert texts(browser, "h1") == ["Segment 3 of cairo-gaza-aid"]
    assert texts(browser, ".hypothesis h3") == ["fluent", "clumsy", "pivot", "strong"]
    js(
        browser,
        "[...document.querySelectorAll('.current .bar a')]"
        ".find((a) => a.textContent.startsWith('next')).click()",
    )
    assert js(browser, "location.hash") == "#s/fluent/cairo-gaza-aid/4"


def test_names_are_explained_on_hover_and_focus(browser, at):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    at("#s/fluent/cairo-gaza-aid/6")
    mark = browser.find_element(By.CSS_SELECTOR, ".hypothesis.chosen .two > :last-child mark.o-replaced")
    browser.execute_script("arguments[0].focus()", mark)
    (tip,) = texts(browser, "#tip")
    assert tip.startswith("Badr Abdelatty (PER) → ")
    assert "replaced, another name in its place." in tip
    assert mark.get_attribute("aria-describedby") == "tip"
    mark.send_keys(Keys.ESCAPE)
    assert texts(browser, "#tip") == []


def test_reference_and_hypothesis_are_side_by_side_with_additions_and_omissions(browser, at):
    at("#d/pivot/cairo-gaza-aid")
    rows = js(
        browser,
        "[...document.querySelectorAll('.pairs .row:not(.head):not(.added)')]"
        ".map((r) => [...r.querySelectorAll('.text')].map((t) => t.textContent))",
    )
    assert len(rows) == 19
    assert all(len(row) == 3 for row in rows), "source, reference, hypothesis"
    assert texts(browser, ".row.added .text")
    assert len(texts(browser, ".tag.omitted")) == 2
    assert js(browser, "getComputedStyle(document.querySelector('.text.source')).direction") == "rtl", (
        "Arabic"
    )
    assert texts(browser, "ins")
    js(browser, "document.querySelector('.current .check input').click()")
    assert texts(browser, ".pairs ins") == []


def test_words_differ_if_the_other_text_lacks_them(browser, at):
    cut = (
        "((a, b) => findDifferences(a, b).map((ranges, i) => ranges.map(([s, e]) => [a, b][i].slice(s, e))))"
    )
    assert js(browser, f"{cut}('The cat sat on the mat.', 'The dog sat on a mat')") == [
        ["cat", "the"],
        ["dog", "a"],
    ]
    assert js(browser, f"{cut}('Київ — місто', 'Київ місто велике')") == [[], ["велике"]]


def test_the_heat_map_is_worst_first_and_leads_to_documents(browser, at):
    at("#documents")
    choose(browser, "Worst for", "2")
    values = [
        float(text)
        for text in js(
            browser,
            "[...document.querySelectorAll('#documents tbody tr')].map((r) => r.cells[3].textContent)",
        )
    ]
    assert values == sorted(values)
    js(browser, "document.querySelector('#documents tbody td:nth-child(4) a').click()")
    assert js(browser, "location.hash").startswith("#d/pivot/")


def test_a_table_of_the_overview_sorts(browser, at):
    at()
    js(browser, "document.querySelectorAll('table.scores thead button')[1].click()")
    assert texts(browser, "table.scores tbody:nth-of-type(1) th a") == ["fluent", "strong", "pivot", "clumsy"]
    assert len(texts(browser, "table.scores tbody.controls th")) == 4, "controls are not sorted"


def test_the_reader_chooses_the_theme(browser, at):
    at()
    ground = "getComputedStyle(document.body).backgroundColor"
    before = js(browser, ground)
    js(browser, "document.querySelector('#theme').click()")
    assert js(browser, ground) != before
    at()
    assert js(browser, ground) != before, "and it is remembered"
    js(browser, "document.querySelector('#theme').click()")
    assert js(browser, ground) == before


@pytest.mark.parametrize(
    "anchor",
    ["", "#system/pivot", "#documents", "#d/pivot/cairo-gaza-aid", "#segments", "#s/fluent/cairo-gaza-aid/3"],
)
def test_a_phone_need_not_scroll_sideways(browser, at, anchor):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True},
    )
    try:
        at(anchor)
        assert js(browser, "document.documentElement.scrollWidth") <= 390
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_every_control_can_be_reached_by_keyboard_and_has_a_name(browser, at):
    for anchor in ("", "#documents", "#d/pivot/cairo-gaza-aid", "#segments"):
        at(anchor)
        nameless = """[...document.querySelectorAll("button, select, input, a")]
            .filter((e) => e.checkVisibility() && !(e.textContent.trim() && e.tagName !== "SELECT")
                && !e.labels?.length && !e.ariaLabel)
            .map((e) => e.outerHTML)"""
        assert js(browser, nameless) == []
        assert (
            js(browser, "[...document.querySelectorAll('[tabindex]')].filter((e) => e.tabIndex > 0).length")
            == 0
        )


def test_without_a_script_the_summary_is_there(browser, at):
    from selenium.webdriver.common.by import By

    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        at("#overview")
        body = browser.find_element(By.TAG_NAME, "body").text
        assert "3rd by names" in body
        assert "Names most often wrong" in body
        assert "need JavaScript" in body
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_a_missing_reference_is_shown_and_the_next_one_is_compared(browser, tmp_path):
    reader = in_folder(tmp_path, entities=True)
    first, *others = (tmp_path / "ref.en").read_text(encoding="utf-8").splitlines()
    steve, *rest = others
    (tmp_path / "b.en").write_text("\n".join([first, steve, *rest]) + "\n", encoding="utf-8")
    (tmp_path / "ref.en").write_text("\n".join([first, "", *rest]) + "\n", encoding="utf-8")
    both = replace(reader, reference={"A": "ref.en", "B": "b.en"})
    run = evaluate(both, [Bleu(), EntityAccuracy()], systems=str(tmp_path / "systems"), significance=FAST).run
    path = tmp_path / "report.html"
    path.write_text(Html().files(run)["report.html"], encoding="utf-8")
    browser.get(path.as_uri())
    assert "reference A is missing for 1 of 4 segments." in texts(browser, ".note")
    browser.get("about:blank")
    browser.get(path.as_uri() + "#s/good/a/2")
    written = js(browser, "[...document.querySelectorAll('main .text')].map((t) => t.textContent)")
    assert ["A missing", f"B {steve}"] == written[:2]
    marks = js(browser, "[...document.querySelectorAll('mark')].map((m) => m.textContent)")
    assert "Steve Witkoff" in "".join(marks)
