"""Names in languages with capitals: titles, ordinary words before names, umlauts, dots, numbers, plurals.

Each table has hypotheses in which the name is right, and hypotheses with another name or a misspelled one.
The examples are ours.
"""

from __future__ import annotations

import pytest
from names_in_text import make

from evalkit.entities.language.rules import rules_of
from evalkit.entities.language.word_lists import words_of
from evalkit.entities.matching import ACCEPTED, match
from evalkit.entities.text import Text

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
        (True, "es", "escaramujo", "MISC", "escaramujos"),
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
    "pl": """Jan Andrzej Piotr Krzysztof Stanisław Tomasz Paweł Józef Marcin Marek Michał Ola Anna Maria
        Katarzyna Małgorzata Agnieszka Barbara Ewa Jerzy Lech Donald Jarosław Mateusz Bronisław
        Rafał Iga""",
    "it": """Giuseppe Giovanni Antonio Mario Luigi Francesco Angelo Vincenzo Matteo Marco Andrea Silvio
        Giorgia Sergio Romano Enrico Rosa Maria Anna Giulia Chiara Sara Laura Modesto Fortunato
        Benedetto Dante Nando""",
    "pt": """José João Antônio Francisco Carlos Paulo Pedro Lucas Luiz Marcos Jair Dilma Maria Ana Antónia
        Adriana Márcia Fernanda Patrícia Aline Aníbal Marcelo Mário Luísa Conceição""",
    "nl": """Jan Johannes Pieter Hendrik Willem Maria Anna Johanna Mark Geert Rob Jesse Wim Ruud Beatrix Dick
        Sigrid Wopke Ad Ton Jos Koen Bram Sven Lieve Els""",
    "hr": """Ivan Marko Josip Luka Petar Zoran Andrej Kolinda Ana Marija Ivana Mirna Mira Vesna Nada Dalija
        Slavko Vedran Davor Milan Zlatko Tomislav""",
    "sr": """Aleksandar Nikola Marko Milan Dragan Zoran Ana Jelena Milica Vesna Nada Slobodan Vojislav Boris
        Нада Слободан Милош""",
    "sl": """Janez Franc Marko Andrej Ivan Borut Alenka Marija Ana Mojca Nataša Nada Tina Luka Milan Zala
        Robert""",
    "sk": """Ján Peter Jozef Mária Anna Zuzana Robert Igor Andrej Eduard Ivan Milan Vladimír Slavomír Jana
        Eva Lucia""",
    "bg": """Иван Георги Димитър Петър Мария Елена Бойко Румен Марта Мая Вяра Надежда Любов Кирил Стефан
        Христо Майя""",
    "el": """Γιώργος Κώστας Γιάννης Δημήτρης Νίκος Αλέξης Κυριάκος Μαρία Ελένη Κατερίνα Βασίλης Σταύρος
        Αντώνης""",
    "ro": """Ion Andrei Alexandru Klaus Traian Victor Nicolae Maria Elena Ana Ioana Viorica Marcel Dan Călin
        Sorin Mircea Florin""",
    "hu": """László István József János Zoltán Sándor Viktor Ferenc Péter Katalin Mária Éva Judit Klára Kis
        Ágnes Attila Gábor Piroska Szilvia""",
    "fi": """Juha Timo Sauli Matti Antti Pekka Sanna Aino Aila Tarja Veli Toivo Onni Aina Kaarina Anna Maria
        Eero Ilmari Sulo Satu Taru Petteri""",
    "et": """Jaan Andres Toomas Kersti Kaja Mart Tiit Jüri Siim Urmas Maria Anna Liis Kadri Taavi Arnold
        Lennart Edgar Hea Ene""",
    "lt": """Jonas Petras Dalia Gitanas Valdas Ingrida Vida Rūta Aistė Andrius Saulius Arvydas Viktorija
        Artūras Vytautas Rasa""",
    "lv": """Jānis Andris Egils Valdis Krišjānis Vaira Ilze Anna Inese Raimonds Evika Rihards Edgars Laima
        Ansis Lauma""",
    "sv": """Lars Karl Anders Stefan Ulf Magdalena Maria Anna Sten Carl Gustav August Olof Jan Per Ann
        Fredrik Göran Tage Viola Hanna""",
    "da": """Lars Mette Peter Jens Anders Poul Helle Maria Anna Otto Bo Ib Kim Per Karen Margrethe Villy Pia
        Kaj""",
    "no": """Jens Erna Jonas Kjell Gro Ola Kari Odd Per Kåre Siv Magne Maria Anna Trygve Bård Harald Sonja
        Audun Bjarne""",
    "is": """Jón Guðmundur Katrín Bjarni Sigurður Vigdís Anna María Ólafur Davíð Halla Guðni Dagur Birgitta
        Geir Sigmundur Ari""",
}


@pytest.mark.parametrize("language", GIVEN_NAMES)
def test_given_names_are_not_in_the_lists(language):
    rules = rules_of(language)
    taken = []
    for name in GIVEN_NAMES[language].split():
        text = Text.of(f"{name} Xyzw", language)
        word = text.folded[0]
        if text.is_ordinary(0) or rules.is_title(word) or word in rules.words.calendar or text.is_noun(0):
            taken.append(name)
    assert not taken


MORE_PERSONS = {
    "pl": (
        "Wczoraj mówił {}.",
        "Donald Tusk",
        ["Premier Tusk mówił.", "Według Tuska to błąd."],
        "Michał Tusk mówił.",
    ),
    "it": (
        "Ieri ha parlato {}.",
        "Giorgia Meloni",
        ["Secondo Meloni va bene."],
        "Arianna Meloni ha parlato.",
    ),
    "pt": ("Ontem falou {}.", "Jair Bolsonaro", ["O Sr. Bolsonaro falou."], "Flávio Bolsonaro falou."),
    "nl": ("Gisteren sprak {}.", "Mark Rutte", ["VVD-leider Rutte sprak."], "Jan Rutte sprak."),
    "sv": (
        "Igår talade {}.",
        "Ulf Kristersson",
        ["Enligt Kristersson är det bra."],
        "Erik Kristersson talade.",
    ),
    "da": (
        "I går talte {}.",
        "Mette Frederiksen",
        ["Statsminister Frederiksen talte."],
        "Bo Frederiksen talte.",
    ),
    "no": ("I går talte {}.", "Jonas Gahr Støre", ["Ifølge Støre er det bra."], "Marit Støre talte."),
    "hr": (
        "Jučer je govorio {}.",
        "Andrej Plenković",
        ["Premijer Plenković govori."],
        "Mario Plenković govori.",
    ),
    "sr": ("Јуче је говорио {}.", "Александар Вучић", ["Председник Вучић говори."], "Андреј Вучић говори."),
    "sl": ("Včeraj je govoril {}.", "Janez Janša", ["Po besedah premierja Janše."], "Igor Janša govori."),
    "sk": ("Včera hovoril {}.", "Robert Fico", ["Podľa Fica je to dobré."], "Ladislav Fico hovoril."),
    "bg": ("Вчера говори {}.", "Бойко Борисов", ["Премиерът Борисов говори."], "Иван Борисов говори."),
    "el": ("Χθες μίλησε ο {}.", "Αλέξης Τσίπρας", ["Ο πρόεδρος Τσίπρας μίλησε."], "Παύλος Τσίπρας μίλησε."),
    "ro": (
        "Ieri a vorbit {}.",
        "Klaus Iohannis",
        ["Președintele Iohannis a vorbit."],
        "Carmen Iohannis vorbea.",
    ),
    "hu": ("Tegnap {} beszélt.", "Orbán Viktor", ["Orbán szerint jó."], "Orbán Győző beszélt."),
    "fi": ("Eilen puhui {}.", "Sanna Marin", ["Pääministeri Marin puhui."], "Anna Marin puhui."),
    "et": ("Eile rääkis {}.", "Kaja Kallas", ["Peaminister Kallas rääkis."], "Siim Kallas rääkis."),
    "lt": (
        "Vakar kalbėjo {}.",
        "Gitanas Nausėda",
        ["Prezidentas Nausėda kalbėjo."],
        "Jonas Nausėda kalbėjo.",
    ),
    "lv": ("Vakar runāja {}.", "Evika Siliņa", ["Premjere Siliņa runāja."], "Laima Siliņa runāja."),
    "is": (
        "Í gær talaði {}.",
        "Bjarni Benediktsson",
        ["Bjarni Benediktsson talaði."],
        "Jón Benediktsson talaði.",
    ),
}


@pytest.mark.parametrize("language", MORE_PERSONS)
def test_titles_and_other_given_names_in_more_languages(language):
    frame, name, same, other = MORE_PERSONS[language]
    reference = frame.format(name)
    assert all(is_accepted(language, reference, name, "PER", hypothesis) for hypothesis in same)
    assert not is_accepted(language, reference, name, "PER", other)


@pytest.mark.parametrize(
    ("right", "language", "name", "hypothesis"),
    [
        (True, "cs", "Vít Rakušan", "S Rakušanem se nemluví."),
        (False, "cs", "Vít Rakušan", "S Petrem Rakušanem se nemluví."),
        (False, "cs", "Jack London", "V Londýně prší."),
        (True, "tr", "Özgür Özel", "CHP'li Özel konuştu."),
        (False, "tr", "Özgür Özel", "Fatih Özel konuştu."),
    ],
)
def test_surnames_that_are_words_for_a_people_and_words_with_suffixes(right, language, name, hypothesis):
    assert is_accepted(language, f"123 {name} 456.", name, "PER", hypothesis) == right


@pytest.mark.parametrize(
    ("right", "language", "name", "written"),
    [
        (False, "cs", "Václav Klaus", "Václav Klaus mladší"),
        (False, "ru", "Джордж Буш", "Джордж Буш-младший"),
        (True, "ru", "Джордж Буш-младший", "Джорджа Буша-младшего"),
        (True, "ru", "Джордж Буш-младший", "Буш"),
    ],
)
def test_generations(right, language, name, written):
    assert is_accepted(language, f"123 {name} 456.", name, "PER", f"123 {written} 456.") == right


def test_a_place_may_follow_a_title():
    reference, name = "Вчера выступил Олаф Шольц.", "Олаф Шольц"
    assert is_accepted("ru", reference, name, "PER", "Канцлер Германии Шольц выступил.")
    assert not is_accepted("ru", reference, name, "PER", "Канцлер Фриц Шольц выступил.")


@pytest.mark.parametrize(
    ("right", "written"),
    [(True, "Dupond-Moretti"), (True, "M. Dupond-Moretti"), (False, "Moretti"), (False, "Jean Moretti")],
)
def test_half_of_a_hyphenated_surname_is_another_name(right, written):
    reference, name = "Hier, Éric Dupond-Moretti a parlé.", "Éric Dupond-Moretti"
    assert is_accepted("fr", reference, name, "PER", f"Hier, {written} a parlé.") == right


def test_declined_titles_are_titles():
    assert rules_of("ru").is_title("президентом")
    assert rules_of("cs").is_title("prezidentovi")
    assert rules_of("de").is_title("aussenministerin")
    assert not rules_of("fr").is_title("xministre")
    assert not rules_of("de").is_title("rupert")
