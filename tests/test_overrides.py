"""How ``key=value`` is read: checked against Hydra's parser as it is without evalkit."""

from __future__ import annotations

import importlib.util

import pytest
import yaml
from hydra.core.override_parser import overrides_parser
from hydra.core.override_parser.types import Quote, QuotedString
from hydra.errors import HydraException, OverrideParseException
from hypothesis import given
from hypothesis import strategies as st

from evalkit.cli import overrides

overrides.extend_grammar()


def load_original():
    """Hydra's parser from its file, without what evalkit gives it."""
    spec = importlib.util.spec_from_file_location("original_parser", overrides_parser.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.OverridesParser.create()


ORIGINAL = load_original()
PARSER = overrides_parser.OverridesParser.create()


def read(override, parser=PARSER):
    (parsed,) = parser.parse_overrides([override])
    return list(parsed.sweep_iterator()) if parsed.is_sweep_override() else parsed.value()


def is_typed(text):
    """Whether Hydra reads a text without quotes, except for the characters that its grammar does not have."""
    words = {"true", "false", "null"}
    return text == text.strip(" ") and text.lower() not in words and "${" not in text


LETTERS = st.characters(exclude_categories=("Cc",), exclude_characters="\"'\\()[]{}:=, \t")
TYPED = st.one_of(
    st.text(LETTERS, min_size=1),
    st.text("üñ1234567890_.eE+-:$~!#&;<>^` 数ا", min_size=1),
    st.sampled_from(
        ["1_000", "007", "1e3", "-0.50", ".5", "1.", "nan", "-inf", "2024-11-28", "O'Brien", "l'été"]
    ),
).filter(is_typed)


@given(TYPED)
def test_a_value_of_a_text_setting_is_the_text_as_it_is_typed(text):
    assert read(f"name={text}") == text
    assert read(f"+gate.must_hold=[{text}, x]") == [text, "x"]
    assert read(f"systems={{a: {text}}}") == {"a": text}


@given(TYPED.filter(lambda text: ":" not in text and text != "${"))
def test_the_names_in_a_mapping_are_the_text_as_it_is_typed(text):
    assert read(f"systems={{{text}: x}}") == {text: "x"}
    assert read(f"tolerance={{{text}: 0.5}}") == {text: 0.5}


@given(st.lists(TYPED, min_size=2), st.sampled_from(["name={}", "systems=[{}]", "systems={{a: {}}}"]))
def test_every_job_of_a_sweep_reads_the_same_text(texts, form):
    values = [form.partition("=")[2].format(text) for text in texts]
    (sweep,) = PARSER.parse_overrides([f"name={','.join(values)}"])
    jobs = [read(f"name={value}") for value in sweep.sweep_string_iterator()]
    assert jobs == [read(f"name={value}") for value in values]


@given(st.text(st.characters(exclude_categories=()), min_size=1), st.sampled_from(Quote))
def test_any_text_can_be_quoted(text, quote):
    quoted = QuotedString(text, quote).with_quotes()
    assert read(f"systems=[{quoted},x]") == [text, "x"]
    assert read(f"name={quoted}") == text
    assert read(f"systems={{{quoted}: x, y: z}}") == {text: "x", "y": "z"}


def same(mine, original):
    """Whether two values are equal, types included; the names in mappings are always text."""
    if isinstance(original, list):
        return isinstance(mine, list) and all(map(same, mine, original)) and len(mine) == len(original)
    if isinstance(original, dict):
        names = [
            name == other if isinstance(other, str) else isinstance(name, str)
            for name, other in zip(mine, original, strict=True)
        ]
        return all(names) and same(list(mine.values()), list(original.values()))
    return repr(mine) == repr(original)


ELEMENTS = st.recursive(
    st.one_of(
        st.text("ab1_0.-/$%*@?|+e ", min_size=1, max_size=6),
        st.text(max_size=5).map(lambda text: QuotedString(text, Quote.single).with_quotes()),
        st.sampled_from(
            ["1_000", "1e3", "true", "Null", "nan", "${a.b}", r"a\,b", r"\\", "a: b", r"\(c\)", "~"]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]"),
        st.lists(inner, max_size=3).map(
            lambda items: f"{{{','.join(f'k{n}: {i}' for n, i in enumerate(items))}}}"
        ),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: f"choice({','.join(items)})"),
        st.lists(inner, min_size=2, max_size=3).map(", ".join),
    ),
    max_leaves=5,
)
VALUES = st.one_of(ELEMENTS, st.text("ab10_,[]{}():=\"'\\.-$e üO", max_size=10))


@given(VALUES, st.sampled_from(["significance.x=", "+metrics.x.y=", "a/b=", "~x="]))
def test_what_hydra_can_read_keeps_its_value(value, key):
    try:
        original = read(key + value, ORIGINAL)
    except HydraException:
        return
    assert same(read(key + value), original), (key + value, read(key + value), original)


@given(ELEMENTS)
def test_what_hydra_can_read_is_not_a_number_in_a_text_setting(value):
    try:
        original = read(f"name={value}", ORIGINAL)
    except HydraException:
        return
    mine = read(f"name={value}")
    if not isinstance(original, list | dict | int | float):
        assert same(mine, original)
    assert isinstance(mine, list | dict | str | bool | None)


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("gate.must_hold=[Tromsø]", ["Tromsø"]),
        ("name=prüfung", "prüfung"),
        ("systems=тест/out.en", "тест/out.en"),
        ("systems={prüf: out/ü.en}", {"prüf": "out/ü.en"}),
        ("+baseline_systems.prüf=alt", "alt"),
        ("name=a,ü", ["a", "ü"]),
        ("gate.must_hold=['a, ü', O'Brien, D'Arcy, \"O'Neill\"]", ["a, ü", "O'Brien", "D'Arcy", "O'Neill"]),
        ("test_set.path=~/Büro #1 & 2!/ref", "~/Büro #1 & 2!/ref"),
        ("test_set.path=C:\\data\\", "C:\\data\\"),
        ("test_set.path=C:\\dät\\é", "C:\\dät\\é"),
        ("test_set.path=${oc.env:HOME}/ü", "${oc.env:HOME}/ü"),
        ("test_set.path=/data/$x/ts", "/data/$x/ts"),
        ("test_set.only={document: [1, 2_0]}", {"document": ["1", "2_0"]}),
        ("gate.rules={x: {system: 1_0, floor: 1_0}}", {"x": {"system": "1_0", "floor": 10}}),
        ("systems={1: f, 2_0: g, true: h, null: i}", {"1": "f", "2_0": "g", "true": "h", "null": "i"}),
        ("name=choice(1_000, 2)", ["1_000", "2"]),
        ("name=true", True),
        ("name=range(1, 3)", [1, 2]),
        ("significance.resamples=1_000", 1000),
        ("test_set.id=null", None),
        ("test_set.id=0", "0"),
    ],
)
def test_examples(override, expected):
    assert read(override) == expected


@pytest.mark.parametrize(
    "override",
    ["name=out(1)", "name=ü(1)", "systems=run=3/out", "name='ü", 'name=a"b', "systems=[ü", "name=a\nb"],
)
def test_what_may_mean_something_else_stays_an_error(override):
    with pytest.raises(OverrideParseException):
        read(override)


def test_the_spelling_of_numbers_in_yaml_is_remembered(monkeypatch):
    monkeypatch.setattr(overrides, "_SPELLINGS", {})
    text = "[750, 13:20, 4_2, 0x11, 1.25, 2.50, 7e2]"
    loaded = yaml.safe_load(text)
    assert loaded == [750, 800, 42, 17, 1.25, 2.5, "7e2"]
    assert [overrides.find_spelling(number) for number in loaded[:6]] == [
        None,
        "13:20",
        "4_2",
        "0x11",
        None,
        "2.50",
    ]
