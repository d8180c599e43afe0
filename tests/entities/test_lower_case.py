"""Names that the hypothesis has in lower case: the case alone makes no name wrong, a common word is no name."""

from __future__ import annotations

import pytest
from names_in_text import verdict

from evalkit.entities.matching import ACCEPTED

RIGHT = [
    # reference, name, type, hypothesis
    ("He flew to Moscow.", "Moscow", "LOC", "He went to moscow by plane."),
    ("He died of Covid.", "Covid", "MISC", "It was covid that he died of."),
    ("He died of COVID-19.", "COVID-19", "MISC", "It was covid-19 that he died of."),
    ("He wrote on Telegram that he left.", "Telegram", "ORG", "He wrote on telegram that he was gone."),
    ("He used the app Telegram.", "Telegram", "ORG", 'It was an app, "telegram", that he used.'),
    ("Kvesic spoke.", "Kvesic", "PER", "There was a speech, by kvesic."),
    ("The Weather News said so.", "Weather News", "ORG", "So said the weather news."),
    (
        "The World Health Organization left.",
        "World Health Organization",
        "ORG",
        "the world health organization left.",
    ),
    (
        "The National Security Council met.",
        "National Security Council",
        "ORG",
        "A meeting of the national security council.",
    ),
    ("They met at the White House.", "White House", "LOC", "The white house was where they met."),
    ("He works for Chinanews.com.", "Chinanews.com", "ORG", "His employer is chinanews.com now."),
]
WRONG = [
    ("The US sent troops.", "US", "LOC", "They sent us troops."),
    ("The WHO sent doctors.", "WHO", "ORG", "Those who sent doctors."),
    ("Shell sold its stations.", "Shell", "ORG", "They sold a shell of it."),
    ("Apple sold its phones.", "Apple", "ORG", "The apple was sold."),
    ("Shares of Target fell.", "Target", "ORG", "They missed the target as shares fell."),
    ("Lord Frost said no.", "Frost", "PER", "The frost said no."),
    ("Bush met him.", "Bush", "PER", "He met him in a bush."),
    ("They met at the White House.", "White House", "LOC", "They met at a white house."),
    ("Rose Green met him.", "Rose Green", "PER", "He saw rose green leaves."),
    ("He left Turkey.", "Turkey", "LOC", "He left some turkey."),
    ("The moscow mule is from Moscow.", "Moscow", "LOC", "It was a moscow mule."),
    ("Russia voted.", "Russia", "LOC", "An anti-russia vote."),
]


@pytest.mark.parametrize(("reference", "name", "kind", "hypothesis"), RIGHT)
def test_case_alone_makes_no_name_wrong(reference, name, kind, hypothesis):
    outcome, reason, _ = verdict(reference, name, kind, hypothesis)
    assert (outcome, reason) == ("variant", "case")


@pytest.mark.parametrize(("reference", "name", "kind", "hypothesis"), WRONG)
def test_a_common_word_is_no_name(reference, name, kind, hypothesis):
    assert verdict(reference, name, kind, hypothesis)[0] not in ACCEPTED


@pytest.mark.parametrize(
    ("language", "reference", "name", "hypothesis", "is_right"),
    [
        ("fr", "Il est né à Paris en mai.", "Paris", "Il est né à paris en mai.", True),
        (
            "fr",
            "Elle préside la Banque mondiale.",
            "Banque mondiale",
            "Elle préside la banque mondiale.",
            True,
        ),
        ("fr", "Orange a perdu.", "Orange", "Il a mangé une orange.", False),
        ("es", "La COVAX terminó.", "COVAX", "Terminó por fin la covax.", True),
        ("es", "Ganó Vox.", "Vox", "No es la vox de él.", False),
        ("ru", "Он живёт в Орле с мая.", "Орле", "Он живёт в орле с мая.", True),
        ("ru", "Он живёт в Орле.", "Орле", "Мы говорили об орле сегодня.", False),
    ],
)
def test_other_languages_need_the_words_around(language, reference, name, hypothesis, is_right):
    assert (verdict(reference, name, "ORG", hypothesis, language=language)[0] in ACCEPTED) == is_right
