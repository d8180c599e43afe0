"""Romanisations by source language, against pairs written by hand and against the published systems."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import product
from pathlib import Path

import pytest
import yaml
from romanisation_pairs import ASIDE, LATER, SEEN, TARGETS
from romanisation_systems import (
    PINYIN,
    RUSSIAN_NAMES,
    RUSSIAN_SYSTEMS,
    UKRAINIAN_NAMES,
    UKRAINIAN_SYSTEMS,
    tongyong,
    wade_giles,
)

import evalkit.entities.language.romanisation as module
from evalkit.entities.language.romanisation import romanise
from evalkit.entities.language.tokens import fold, tokenize

SOURCES = ("ru", "uk", "be", "bg", "sr", "el", "ar", "fa", "he", "zh", "ja", "ko", "hi")
TABLES = yaml.safe_load(Path(module.__file__).with_name("romanisation.yaml").read_text(encoding="utf-8"))


def groups(tables, kind):
    return [
        (source, group.split("/"))
        for table in tables
        for source, pairs in table.items()
        for group in getattr(pairs, kind).split()
    ]


def keys(names, source, target=None):
    return {romanise(fold(name), source, target) for name in names}


@pytest.mark.parametrize(("source", "names"), groups([SEEN, ASIDE, LATER], "alike"))
def test_the_romanisations_of_one_name_are_the_same(source, names):
    assert len(keys(names, source)) == 1


@pytest.mark.parametrize(("source", "names"), groups([SEEN, ASIDE, LATER], "different"))
def test_two_names_stay_apart(source, names):
    assert len(keys(names, source)) == 2


@pytest.mark.parametrize(
    ("source", "target", "names"),
    [
        (source, target, names.split("/"))
        for (source, target), of in TARGETS.items()
        for names in of.alike.split()
    ],
)
def test_other_target_languages_write_sounds_in_their_way(source, target, names):
    assert len(keys(names, source, target)) == 1


@pytest.mark.parametrize(
    ("source", "target", "names"),
    [
        (source, target, names.split("/"))
        for (source, target), of in TARGETS.items()
        for names in of.different.split()
    ],
)
def test_two_names_stay_apart_in_other_target_languages(source, target, names):
    assert len(keys(names, source, target)) == 2


@pytest.mark.parametrize("target", [None, *TABLES["targets"]])
@pytest.mark.parametrize("source", [None, *SOURCES])
def test_no_pair_that_must_fail_is_romanised_alike(shared, source, target):
    with (shared / "name-pairs" / "must-fail.tsv").open(encoding="utf-8") as file:
        pairs = [(row["reference"], row["hypothesis"]) for row in csv.DictReader(file, delimiter="\t")]
    assert len(pairs) >= 20
    assert [
        pair
        for pair in pairs
        if len(
            {tuple(romanise(word.folded, source, target) for word in tokenize(name, "en")) for name in pair}
        )
        == 1
    ] == []


@pytest.mark.parametrize(
    ("source", "systems", "names"),
    [("ru", RUSSIAN_SYSTEMS, RUSSIAN_NAMES), ("uk", UKRAINIAN_SYSTEMS, UKRAINIAN_NAMES)],
)
def test_all_published_systems_of_cyrillic_give_one_key_for_each_name(source, systems, names):
    found = {name: {romanise(system(name), source) for system in systems.values()} for name in names}
    assert {name: of for name, of in found.items() if len(of) > 1} == {}
    assert len(set.union(*found.values())) == len(names)


def test_wade_giles_and_tongyong_give_the_pinyin_syllable_unless_they_are_another_or_ambiguous():
    spelled = {(system(syllable), syllable) for system in (wade_giles, tongyong) for syllable in PINYIN}
    times = Counter(written for written, _ in spelled)
    excluded = {*PINYIN, *TABLES["sources"]["zh"]["alone"]}
    unique = {written: of for written, of in spelled if times[written] == 1 and written not in excluded}
    assert len(unique) > 100
    assert {written: of for written, of in unique.items() if romanise(written, "zh") != of} == {}


def test_words_of_pinyin_keep_their_spelling():
    """So no two syllables are merged, alone or in words. Without their apostrophe, a few can be Tongyong."""
    pairs = ["".join(syllables) for syllables in product(PINYIN, PINYIN[::9])]
    changed = [word for word in [*PINYIN, *pairs] if romanise(word, "zh") != word]
    assert len(changed) <= 6
    assert not set(changed) & set(PINYIN)


def test_japanese_words_of_hepburn_stay_apart():
    """All words of three of these morae, without long vowels, which are written in several ways."""
    morae = "a i u e o ka shi chi tsu fu ji n sha cho ryu kyo ma zu ya ho be".split()
    words = {"".join(word) for word in product(morae, repeat=3)}
    words = {word for word in words if not {"oo", "ou", "uu"} & {word[i : i + 2] for i in range(len(word))}}
    words = {word for word in words if "nn" not in word and not word.startswith("n")}
    assert len({romanise(word, "ja") for word in words}) == len(words) > 4000


def test_each_korean_spelling_is_in_one_group():
    korean = TABLES["sources"]["ko"]
    spellings = Counter(word for group in [*korean["groups"], korean["single"]] for word in group.split())
    assert [word for word, times in spellings.items() if times > 1] == []


@pytest.mark.parametrize(
    ("source", "parts", "joined"),
    [
        ("zh", "Tse-tung", "Zedong"),
        ("zh", "Ing-wen", "Yingwen"),
        ("ko", "Jong-un", "Jongun"),
        ("ko", "Jae-myung", "Jaemyeong"),
        ("ja", "Ken-ichi", "Ken'ichi"),
        ("ar", "Abd al-Aziz", "Abdulaziz"),
        ("ar", "Abdel Rahman", "Abdurrahman"),
        ("ar", "Salah al-Din", "Salahuddin"),
    ],
)
def test_parts_of_a_name_written_together_have_their_joined_keys(source, parts, joined):
    keys_of_parts = [romanise(word.folded, source) for word in tokenize(parts, "en")]
    assert romanise(fold(joined), source) == "".join(keys_of_parts)


@pytest.mark.parametrize("source", [None, "sw", *SOURCES])
def test_other_scripts_stay_as_they_are(source):
    for word in ("сергей", "北京", "김", "محمد", ""):
        assert romanise(word, source) == word


@pytest.mark.parametrize("source", [None, "sw"])
def test_without_rules_for_the_source_the_careful_rules_apply(source):
    assert romanise("zelenskyy", source) == romanise("zelensky", source)
    assert romanise("hryshko", source) != romanise("grishko", source)
