"""Names in languages with capitals: titles, ordinary words before names, umlauts, dots, numbers, plurals.

Each table has hypotheses in which the name is right, and hypotheses with another name or a misspelled one.
The examples are ours.
"""

from __future__ import annotations

import pytest
from names_in_text import make

from evalkit.entities.matching import ACCEPTED, match
from evalkit.entities.rules import rules_of
from evalkit.entities.text import Text
from evalkit.entities.word_lists import words_of

LANGUAGES = ("de", "fr", "es", "ru", "uk", "cs", "tr")


def is_accepted(language, reference, name, kind, hypothesis):
    test_set = make([reference], [(name, kind, 0)], (), language)
    (verdict,) = match(test_set, [hypothesis]).verdicts
    return verdict.outcome in ACCEPTED


PERSONS = {
    "de": ("Gestern sprach {}.", "Olaf Scholz"),
    "fr": ("Hier, {} a parlé.", "Élisabeth Borne"),
    "es": ("Ayer habló {}.", "Gustavo Petro"),
    "ru": ("Вчера выступил {}.", "Дмитрий Песков"),
    "uk": ("Учора виступив {}.", "Денис Шмигаль"),
    "cs": ("Včera mluvil {}.", "Petr Fiala"),
    "tr": ("Dün {} konuştu.", "Mehmet Şimşek"),
}
SAME_PERSON = [
    ("de", "Bundeskanzler Scholz sprach."),
    ("de", "Der SPD-Vorsitzende Scholz sprach."),
    ("de", "Wir fragten Altkanzler Scholz."),
    ("de", "Herr Scholz sprach."),
    ("de", "Laut Scholz ist alles gut."),
    ("de", "Der Besuch Scholz war kurz."),
    ("de", "Die Vorschläge der Regierung Scholz sind neu."),
    ("de", "O. Scholz sprach."),
    ("fr", "Mme Borne a parlé."),
    ("fr", "La Première ministre Borne a parlé."),
    ("fr", "Selon Borne, tout va bien."),
    ("fr", "É. Borne a parlé."),
    ("es", "El Sr. Petro habló."),
    ("es", "El presidente Petro habló."),
    ("es", "Presidente Petro: «No»."),
    ("es", "Dijo Petro que no."),
    ("ru", "Господин Песков выступил."),
    ("ru", "Г-н Песков выступил."),
    ("ru", "Пресс-секретарь Песков выступил."),
    ("ru", "У Пескова спросили."),
    ("ru", "Заявил Песков."),
    ("ru", "Российский политик Песков выступил."),
    ("ru", "Д. С. Песков выступил."),
    ("uk", "Прем'єр-міністр Шмигаль виступив."),
    ("uk", "Пан Шмигаль виступив."),
    ("uk", "Після Шмигаля говорили інші."),
    ("uk", "Д. Шмигаль виступив."),
    ("cs", "Premiér Fiala mluvil."),
    ("cs", "Předseda vlády Fiala mluvil."),
    ("cs", "Podle Fialy je to jasné."),
    ("cs", "Kritizoval Fiala vládu."),
    ("tr", "Bakan Şimşek konuştu."),
    ("tr", "Sayın Şimşek konuştu."),
    ("tr", "Şimşek Bey konuştu."),
    ("tr", "Mehmet Bey konuştu."),
    ("tr", "Ancak Şimşek konuştu."),
    ("tr", "Mehmet Simsek konuştu."),
]
OTHER_PERSON = [
    ("de", "Hans Scholz sprach."),
    ("de", "Bundeskanzler Hans Scholz sprach."),
    ("de", "Der Politiker Hans Scholz sprach."),
    ("de", "L. Scholz sprach."),
    ("fr", "Charlotte Borne a parlé."),
    ("fr", "La ministre Charlotte Borne a parlé."),
    ("fr", "La ministre Bornet a parlé."),
    ("es", "Andrés Petro habló."),
    ("es", "El presidente Andrés Petro habló."),
    ("ru", "Олег Песков выступил."),
    ("ru", "Олега Пескова спросили."),
    ("ru", "С. Песков выступил."),
    ("uk", "Олег Шмигаль виступив."),
    ("uk", "З. Шмигаль виступив."),
    ("cs", "Karel Fiala mluvil."),
    ("cs", "Premiér Karel Fiala mluvil."),
    ("cs", "K. Fiala mluvil."),
    ("tr", "Ali Şimşek konuştu."),
    ("tr", "Bakan Ali Şimşek konuştu."),
    ("tr", "Ali Bey konuştu."),
]


@pytest.mark.parametrize(("language", "hypothesis"), SAME_PERSON)
def test_titles_and_ordinary_words_are_no_given_names(language, hypothesis):
    frame, name = PERSONS[language]
    assert is_accepted(language, frame.format(name), name, "PER", hypothesis)


@pytest.mark.parametrize(("language", "hypothesis"), OTHER_PERSON)
def test_another_given_name_is_another_person(language, hypothesis):
    frame, name = PERSONS[language]
    assert not is_accepted(language, frame.format(name), name, "PER", hypothesis)


RIGHT_LETTERS = [
    ("de", "Thomas Müller", "Thomas Mueller"),
    ("de", "Thomas Mueller", "Thomas Müller"),
    ("de", "Gerhard Schröder", "Schroeder"),
    ("de", "Viktor Orbán", "Viktor Orban"),
    ("de", "Lars Løkke Rasmussen", "Lars Lökke Rasmussen"),
    ("sv", "Stefan Löfven", "Stefan Löfven"),
    ("fr", "François Fillon", "Francois Fillon"),
    ("es", "Pedro Sánchez", "Pedro Sanchez"),
    ("tr", "Ekrem İmamoğlu", "Ekrem Imamoglu"),
    ("tr", "Ekrem İmamoğlu", "EKREM İMAMOĞLU"),
    ("tr", "Vladimir Putin", "VLADIMIR PUTIN"),
    ("tr", "Vladimir Putin", "VLADİMİR PUTİN"),
    ("tr", "Kemal Kılıçdaroğlu", "Kılıcdaroglu"),
]
WRONG_LETTERS = [
    ("de", "Thomas Müller", "Thomas Muller"),
    ("de", "Thomas Müller", "Muller"),
    ("de", "Jürgen Klopp", "Jurgen Klopp"),
    ("de", "Olaf Scholz", "Olaf Schölz"),
    ("sv", "Stefan Löfven", "Stefan Lofven"),
    ("da", "Lars Løkke Rasmussen", "Lars Lokke Rasmussen"),
    ("tr", "Vladimir Putin", "Vladimir Putın"),
    ("tr", "Ekrem İmamoğlu", "Ekrem Imamoğlu"),
    ("tr", "Kemal Kılıçdaroğlu", "Kiliçdaroğlu"),
]


@pytest.mark.parametrize(("language", "name", "written"), RIGHT_LETTERS)
def test_diacritics_that_readers_do_not_miss(language, name, written):
    assert is_accepted(language, f"1 {name} 2.", name, "PER", f"1 {written} 2.")


@pytest.mark.parametrize(("language", "name", "written"), WRONG_LETTERS)
def test_letters_that_the_language_keeps_apart(language, name, written):
    assert not is_accepted(language, f"1 {name} 2.", name, "PER", f"1 {written} 2.")


@pytest.mark.parametrize(
    ("right", "name", "written"),
    [
        (True, "Isparta", "ISPARTA"),
        (True, "İstanbul", "İSTANBUL"),
        (True, "İstanbul", "ISTANBUL"),
        (True, "İstanbul", "istanbul"),
        (True, "Diyarbakır", "Diyarbakir"),
        (False, "Isparta", "İsparta"),
        (False, "Irak", "İrak"),
        (False, "Irak", "İrak'ın"),
        (False, "Kars", "Karsak"),
    ],
)
def test_places_in_turkish(right, name, written):
    assert is_accepted("tr", f"Dün {name} gezildi.", name, "LOC", f"Dün {written} gezildi.") == right


@pytest.mark.parametrize(
    ("right", "language", "name", "written"),
    [
        (True, "de", "Johannes Paul II.", "Johannes Paul der Zweite"),
        (False, "de", "Johannes Paul II.", "Johannes Paul der Erste"),
        (True, "ru", "Пётр I", "Петра Первого"),
        (False, "ru", "Пётр I", "Пётр Второй"),
        (True, "cs", "Karel IV.", "Karel Čtvrtý"),
        (False, "cs", "Karel IV.", "Karel Pátý"),
        (True, "uk", "Карл III", "Карл Третій"),
        (True, "es", "Juan Carlos I", "Juan Carlos Primero"),
        (False, "es", "Juan Carlos I", "Juan Carlos II"),
        (True, "tr", "II. Mehmed", "Mehmed"),
        (False, "tr", "II. Mehmed", "III. Mehmed"),
    ],
)
def test_numbers_of_persons(right, language, name, written):
    assert is_accepted(language, f"1 – {name} – 2.", name, "PER", f"1 – {written} – 2.") == right


@pytest.mark.parametrize(
    ("right", "language", "name", "kind", "written"),
    [
        (True, "tr", "Enginar", "MISC", "Enginarlar"),
        (True, "tr", "Deniz yıldızı", "MISC", "deniz yıldızları"),
        (False, "tr", "Enginar", "MISC", "Enginarcı"),
        (True, "es", "Escaramujo", "MISC", "Escaramujos"),
        (False, "es", "Escaramujo", "MISC", "Escarabajos"),
        (True, "de", "Entenei", "MISC", "Enteneier"),
        (False, "es", "Corea", "LOC", "Coreas"),
        (True, "ru", "Москва", "LOC", "москве"),
        (False, "ru", "Орёл", "LOC", "орлом"),
        (False, "ru", "Правда", "ORG", "правду"),
    ],
)
def test_plurals_and_lower_case(right, language, name, kind, written):
    assert is_accepted(language, f"Oro {name} oro.", name, kind, f"Argo zon {written} trun.") == right


@pytest.mark.parametrize(
    ("language", "name", "hypothesis", "judged"),
    [
        ("de", "Weltbank", "Die WHO warnt.", "WHO"),
        ("es", "Real Madrid", "El Madrid warnt.", "Madrid"),
        ("fr", "Grande Canarie", "La Canarie warnt.", "Canarie"),
        ("es", "San Salvador", "El Salvadar warnt.", "Salvadar"),
    ],
)
def test_an_article_at_the_beginning_is_no_part_of_a_judged_name(language, name, hypothesis, judged):
    test_set = make([f"{name} warnt."], [(name, "ORG", 0)], (), language)
    (verdict,) = match(test_set, [hypothesis]).verdicts
    assert verdict.hypothesis == judged


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_of_a_language_are_long_enough_to_rely_on(language):
    lists = words_of(language)
    assert len(lists.common_words) >= 150
    assert len(lists.titles) >= 150
    assert len(lists.calendar) >= 19


# the most frequent given names of each language and of its neighbours, which no list may take for ordinary words
GIVEN_NAMES = {
    "de": """Hans Peter Wolfgang Klaus Jürgen Michael Thomas Andreas Stefan Christian Uwe Werner Walter Günter
        Maria Ursula Monika Petra Elisabeth Sabine Renate Helga Karin Brigitte Ingrid Andrea Adelheid Heidi
        Hildegard Gertrud Konstantin Marianne Rainer Xaver Roland Ludwig Friederike Kunigunde Alfred Angela""",
    "fr": """Jean Pierre Michel Philippe Alain Nicolas Clément Constant Aimée Renée Marguerite Brigitte Marie
        Nathalie Isabelle Sylvie Catherine Martine Christine Françoise Dorothée Désirée Vincent Laurent""",
    "es": """Antonio José Manuel Francisco Juan David Fernando Armando Clemente Rosario Trinidad Asunción Soledad
        Concepción Pilar Mercedes Dolores Carmen Ana Laura Cristina Piedad Encarnación Aarón Javier""",
    "ru": """Александр Сергей Дмитрий Андрей Алексей Максим Евгений Евгения Михаил Павел Кирилл Даниил Роман Ной
        Лев Марк Вера Любовь Надежда Мария Анна Елена Ольга Наталья Татьяна Юрий Григорий Грация Илья""",
    "uk": """Олександр Андрій Сергій Михайло Микола Петро Антоній Матвій Марія Анна Олена Оксана Патриція Левко
        Юлія Євгенія Софія Мері Богдан Роман Данило Лев Віра Надія Любов""",
    "cs": """Jiří Jan Petr Josef Pavel Martin Tomáš Jaroslav Miroslav Františka Anna Hana Jana Eva Lenka Inga
        Alena Věra Zuzana Dan Daniela Cara Milada Krystel Oto Ota""",
    "tr": """Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim Murat Fatma Ayşe Emine Hatice Zeynep Elif Hale Hakan
        Can Deniz Umut Barış Kaya Ramazan Bayram Cuma Hakime Yusuf Ömer Kemal""",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_names_are_not_in_the_lists(language):
    rules = rules_of(language)
    taken = []
    for name in GIVEN_NAMES[language].split():
        text = Text.of(f"{name} Xyzw", language)
        word = text.folded[0]
        if text.is_ordinary(0) or rules.is_title(word) or word in rules.words.calendar or text.is_noun(0):
            taken.append(name)
    assert not taken


def test_declined_titles_are_titles():
    assert rules_of("ru").is_title("президентом")
    assert rules_of("cs").is_title("prezidentovi")
    assert rules_of("de").is_title("aussenministerin")
    assert not rules_of("fr").is_title("xministre")
    assert not rules_of("de").is_title("rupert")
