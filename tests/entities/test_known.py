"""The list of well-known names is well formed, and accepts what it should and nothing else."""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import pairwise, product
from pathlib import Path

import pytest
import yaml
from names_in_text import verdict

from evalkit.entities import known
from evalkit.entities.known import known_names
from evalkit.entities.matching import ACCEPTED
from evalkit.entities.rules import rules_of
from evalkit.entities.tokens import tokenize

SECTIONS = {"places": "LOC", "organisations": "ORG", "words": "PER", "people": "PER"}
CARRIER = "He spoke of {} on Monday."


def load():
    """Forms and people as the file has them, by section and group."""
    data = yaml.safe_load(Path(known.__file__).with_name("known_names.yaml").read_text(encoding="utf-8"))
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


def test_it_is_for_english_alone():
    assert known_names("en").names
    assert known_names("en_GB") is known_names("EN-us") is known_names("en")
    for language in ("de", "fr", "ru", "zh_TW", "enm"):
        assert known_names(language).names == known_names(language).romanisations == {}


def test_people_lead_to_their_places_and_nothing_else_does():
    english = known_names("en")
    (ukraine,) = english.find_places_of_people(("ukrainian",))
    assert ("ukraine",) in ukraine.forms
    assert english.find_places_of_people(("ukraine",)) == ()
    assert english.find_places_of_people(("nobody", "at", "all")) == ()
