"""The list of well-known names is well formed, and accepts what it should and nothing else."""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import pairwise, product
from pathlib import Path

import pytest
import yaml
from names_in_text import verdict
from well_known_pairs import CARRIERS, LOC, OTHER, SAME

from evalkit.entities.language import known
from evalkit.entities.language.declension import decline
from evalkit.entities.language.known import known_names, read_lists
from evalkit.entities.language.rules import rules_of
from evalkit.entities.language.tokens import fold_words, tokenize
from evalkit.entities.matching import ACCEPTED

FOLDER = Path(known.__file__).with_name("known_names")
OTHERS = ("ar", "cs", "de", "es", "fr", "hi", "ja", "ko", "ru", "tr", "uk", "zh")
"""Languages other than English."""
SECTIONS = {"places": "LOC", "organisations": "ORG", "words": "PER", "people": "PER"}
CARRIER = "He spoke of {} on Monday."


def load():
    """Forms and people as the file has them, by section and group."""
    data = yaml.safe_load((FOLDER / "en.yaml").read_text(encoding="utf-8"))
    return {
        section: [
            (group["forms"], group.get("people", [])) if isinstance(group, dict) else (group, [])
            for group in groups
        ]
        for section, groups in data.items()
    }


LIST = load()


def folded(name):
    return tuple(token.folded for token in tokenize(name, "en"))


def accepted(reference, hypothesis, kind):
    return verdict(CARRIER.format(reference), reference, kind, CARRIER.format(hypothesis))[0] in ACCEPTED


def pairs(shared, name):
    with (shared / "name-pairs" / name).open(encoding="utf-8") as file:
        return [(row["reference"], row["hypothesis"]) for row in csv.DictReader(file, delimiter="\t")]


def test_the_sections_are_those_that_are_read():
    assert list(LIST) == list(SECTIONS)
    assert all(len(groups) > 100 for groups in LIST.values())


@pytest.mark.parametrize("section", SECTIONS)
def test_no_form_is_twice_in_a_section(section):
    found = defaultdict(list)
    for forms, people in LIST[section]:
        for form in (*forms, *people):
            found[folded(form)].append(form)
    assert [forms for forms in found.values() if len(forms) > 1] == []


@pytest.mark.parametrize("section", SECTIONS)
def test_every_group_says_something(section):
    assert [forms for forms, people in LIST[section] if not forms or len(forms) + len(people) < 2] == []
    assert [
        form
        for forms, people in LIST[section]
        for form in (*forms, *people)
        if not isinstance(form, str) or not folded(form)
    ] == []


@pytest.mark.parametrize("section", SECTIONS)
def test_groups_are_in_alphabetical_order(section):
    first = [folded(forms[0]) for forms, _ in LIST[section]]
    assert [(a, b) for a, b in pairwise(first) if a > b] == []


def test_words_are_single_words_of_one_group_each():
    assert [word for forms, _ in LIST["words"] for word in forms if len(folded(word)) != 1] == []
    groups = defaultdict(set)
    for section in ("words", "people"):
        for number, (forms, _) in enumerate(LIST[section]):
            for form in forms:
                if len(folded(form)) == 1:
                    groups[folded(form)].add((section, number))
    assert {word: of for word, of in groups.items() if len(of) > 1} == {}


def test_romanisations_of_one_word_share_a_key_and_those_of_two_do_not():
    keys = [
        {rules_of("en").normalise(word) for form in forms for word in folded(form)}
        for forms, _ in LIST["words"]
    ]
    assert [of for of in keys if len(of) != 1] == []
    assert len(set.union(*keys)) == len(keys)


@pytest.mark.parametrize(("section", "kind"), SECTIONS.items())
def test_all_forms_of_a_name_are_accepted_for_each_other(section, kind):
    rejected = [
        (one, other)
        for (first, *forms), _ in LIST[section]
        for form in forms
        for one, other in ((first, form), (form, first))
        if not accepted(one, other, kind)
    ]
    assert rejected == []


def test_the_people_of_a_place_are_accepted_for_it():
    rejected = [
        (forms[0], people[0])
        for forms, people in LIST["places"]
        if people and not accepted(forms[0], people[0], "LOC")
    ]
    assert rejected == []


def test_no_place_is_accepted_for_another_that_has_a_word_of_it():
    """Mexico and New Mexico, Samoa and American Samoa, Korea: all pairs are tried."""
    with_word = defaultdict(list)
    for number, (forms, _) in enumerate(LIST["places"]):
        for form in forms:
            for word in set(folded(form)) if len(folded(form)) <= 4 else ():
                with_word[word].append((number, form))
    tried = {
        (a, b)
        for places in with_word.values()
        for a, b in product(places, places)
        if a[0] != b[0] and len(places) < 20
    }
    assert len(tried) > 1000
    found = [(one, other) for (_, one), (_, other) in sorted(tried) if accepted(one, other, "LOC")]
    assert found == [("New York City", "New York")]  # the city, unless the reference has the state too


def test_pairs_that_must_fail_are_in_no_group_together(shared):
    english, bad = known_names("en"), []
    for one, other in pairs(shared, "must-fail.tsv"):
        groups = [set(english.names.get(folded(name), ())) for name in (one, other)]
        keys = [[rules_of("en").normalise(word) for word in folded(name)] for name in (one, other)]
        if groups[0] & groups[1] or keys[0] == keys[1]:
            bad.append((one, other))
    assert bad == []


def test_pairs_that_are_acceptable_are_accepted_as_a_person_or_a_place_or_an_organisation(shared):
    found = pairs(shared, "acceptable.tsv")
    assert len(found) == 20
    both_ways = [*found, *((other, one) for one, other in found)]
    assert [
        pair for pair in both_ways if not any(accepted(*pair, kind) for kind in ("PER", "LOC", "ORG"))
    ] == []


@pytest.mark.parametrize(
    ("one", "other"), [("Sergey", "Sergei"), ("Mohammed", "Muhammad"), ("Lukashenko", "Lukashenka")]
)
def test_words_of_names_are_for_persons(one, other):
    assert accepted(one, other, "PER")


@pytest.mark.parametrize(
    ("one", "other"), [("Kharkiv", "Kharkov"), ("Odesa", "Odessa"), ("Jeddah", "Jiddah")]
)
def test_forms_of_places_are_not_for_persons(one, other):
    assert accepted(one, other, "LOC")
    assert not accepted(one, other, "PER")


def test_a_language_without_a_list_has_no_names():
    assert known_names("en").names
    assert known_names("en_GB") is known_names("EN-us") is known_names("en")
    assert known_names("zh_TW") is known_names("zh-Hans")
    for language in ("enm", "fi", "x"):
        assert known_names(language).names == known_names(language).romanisations == {}


def test_people_lead_to_their_places_and_nothing_else_does():
    english = known_names("en")
    (ukraine,) = english.find_places_of_people(("ukrainian",))
    assert ("ukraine",) in ukraine.forms
    assert english.find_places_of_people(("ukraine",)) == ()
    assert english.find_places_of_people(("nobody", "at", "all")) == ()


def test_there_is_one_file_per_language():
    files = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    assert files == sorted(("en", *OTHERS))
    assert sorted(path.stem for path in (FOLDER / "cldr").glob("*.yaml")) == list(OTHERS)


@pytest.mark.parametrize("language", OTHERS)
def test_the_files_name_their_source(language):
    text = (FOLDER / f"cldr/{language}.yaml").read_text(encoding="utf-8")
    assert "CLDR 48.2" in text
    assert "Unicode License V3" in text
    assert "UNICODE LICENSE V3" in (FOLDER / "cldr/LICENSE").read_text(encoding="utf-8")


def test_the_lists_are_small():
    sizes = {path: path.stat().st_size for path in FOLDER.rglob("*.yaml")}
    assert max(sizes.values()) < 100_000
    assert sum(sizes.values()) < 600_000


@pytest.mark.parametrize("language", OTHERS)
def test_the_lists_are_in_order_and_every_group_says_something(language):
    data = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    cldr = yaml.safe_load((FOLDER / f"cldr/{language}.yaml").read_text(encoding="utf-8"))
    assert list(data) == ["places", "organisations", "people"]
    keys = [key for place in data["places"] for key in place.get("cldr", "").split("+") if key]
    assert len(keys) == len(set(keys))
    assert [key for key in keys if key not in cldr] == []
    first = {
        "places": [
            (cldr[place["cldr"].split("+")[0]] if "cldr" in place else place["forms"])[0]
            for place in data["places"]
        ],
        **{section: [forms[0] for forms in data[section]] for section in ("organisations", "people")},
    }
    for names in first.values():
        words = [fold_words(name, language) for name in names]
        assert [(a, b) for a, b in pairwise(words) if a > b] == []
    assert [forms for forms in data["people"] if len(forms) < 2] == []


HOMONYMS = {
    "ar": {"الجزائر", "تونس", "عمان"},
    "es": {"tunez"},
    "ja": {"ノーフォーク島"},
    "ru": {"алжир", "тунис"},
    "tr": {"cezayir", "tunus"},
    "uk": {"алжир", "туніс"},
    "zh": {"突尼斯"},
}
"""Places with the same name in a language, such as Algeria and Algiers. Folded."""


@pytest.mark.parametrize("language", OTHERS)
def test_no_form_is_of_two_names_of_one_type(language):
    shared_forms = set()
    for words, names in known_names(language).names.items():
        if len(names) > len({name.type for name in names}):
            shared_forms.add("".join(words))
    expected = {"".join(fold_words(name, language)) for name in HOMONYMS.get(language, ())}
    assert shared_forms == expected


@pytest.mark.parametrize(
    ("language", "kind", "one", "other"),
    [(language, *pair) for language, found in SAME.items() for pair in found],
)
def test_both_forms_of_a_name_are_accepted(language, kind, one, other):
    assert is_accepted(language, kind, one, other)
    if not known_names(language).find_places_of_people(fold_words(other, language)):
        assert is_accepted(language, kind, other, one)


@pytest.mark.parametrize(
    ("language", "kind", "one", "other"),
    [(language, *pair) for language, found in OTHER.items() for pair in found],
)
def test_another_name_is_never_accepted(language, kind, one, other):
    assert not is_accepted(language, kind, one, other)
    assert not is_accepted(language, kind, other, one)


@pytest.mark.parametrize("language", OTHERS)
def test_no_place_is_accepted_for_a_longer_place_that_contains_it(language):
    """Guinea and Papua New Guinea, 朝鲜 and 朝鲜半岛: all pairs are tried, up to seven words longer."""
    places = {
        fold_words(form, language): form for group in read_lists(language)["places"] for form in group.forms
    }
    tried = [
        (places[words[start:end]], form)
        for words, form in places.items()
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
        if words[start:end] in places and 0 < len(words) - (end - start) <= 7
        if not known_names(language).is_same(words, words[start:end])
    ]
    assert len(tried) > 15
    assert [pair for pair in tried if is_accepted(language, LOC, *pair)] == []


def is_accepted(language, kind, reference, hypothesis):
    carrier = CARRIERS[language]
    found = verdict(carrier.format(reference), reference, kind, carrier.format(hypothesis), language=language)
    return found[0] in ACCEPTED


@pytest.mark.parametrize(
    ("language", "form", "forms"),
    [
        ("de", "russisch", "russisch russische russischen russischem russischer russisches"),
        ("fr", "français", "français française françaises"),
        ("fr", "ukrainien", "ukrainien ukrainiens ukrainienne ukrainiennes"),
        ("fr", "allemand", "allemand allemande allemands allemandes"),
        ("es", "francés", "francés francesa franceses francesas"),
        ("ru", "русский", "русский русского русскому русским русском русская русские русских русскими"),
        ("ru", "украинец", "украинец украинца украинцы украинцев украинцами украинка"),
        ("ru", "россиянин", "россиянин россиянина россияне россиян россиянам россиянка"),
        ("uk", "український", "український українського українська українські українських"),
        ("cs", "ruský", "ruský ruského ruské ruskou ruských"),
        ("cs", "Ukrajinec", "Ukrajinec Ukrajince Ukrajinci Ukrajincům"),
        ("tr", "Iraklı", "Iraklı Iraklılar"),
        ("ar", "روسي", "روسي روسية الروسية الروسي"),
        ("hi", "पाकिस्तानी", "पाकिस्तानी पाकिस्तानियों"),
    ],
)
def test_peoples_are_declined(language, form, forms):
    declined = list(decline(form, language))
    assert declined[0] == form
    assert set(forms.split()) <= set(declined)


def test_only_the_last_word_of_a_people_is_declined():
    assert "Sri Lankern" in list(decline("Sri Lanker", "de"))


@pytest.mark.parametrize(("language", "word"), [("fr", "russe"), ("ru", "россиянин"), ("de", "russisch")])
def test_peoples_in_lower_case_are_known_as_such(language, word):
    assert fold_words(word, language) in known_names(language).lower_case


def test_peoples_with_a_capital_need_it():
    assert not is_accepted("de", LOC, "Russland", "russe")
    assert is_accepted("fr", LOC, "Russie", "russe")


def test_a_name_with_an_ending_is_found():
    russian = known_names("ru")
    assert russian.find(("россии",)) == russian.find(("россия",)) != ()
    assert russian.is_same(("россии",), ("рф",))
    assert not russian.is_same(("россии",), ("белоруссии",))
    assert russian.find(("ничего", "такого")) == ()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "in Papua New Guinea today", {"papua new guinea"}),
        ("en", "in new guineas today", set()),
        ("ru", "в Соединенных Штатах и Южной Корее", {"соединенных штатах", "южной корее"}),
        ("ru", "в южных штатах", set()),
    ],
)
def test_names_of_several_words_are_found_with_their_endings(
    language: str, text: str, expected: set[str]
) -> None:
    words = fold_words(text, language)
    found = known_names(language).find_within(words)
    assert {" ".join(words[first:last]) for first, last in found} == expected
