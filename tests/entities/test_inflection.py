"""Forms of one name, and pairs of names that must stay distinct, in each language with rules.

The declined forms are those of the languages' grammars. The other names are near ones: surnames made of given
names, women's and men's forms, diminutives, and names that look like another with an ending.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from evalkit.entities.language import inflection
from evalkit.entities.language.inflection import (
    is_inflected,
    is_same_inflected,
    is_same_name_inflected,
    list_keys,
)
from evalkit.entities.language.tokens import fold, fold_words

TABLE = yaml.safe_load(Path(__file__).with_name("inflected_names.yaml").read_text(encoding="utf-8"))
"""By language: pairs of words that are forms of one name, and pairs that are two names."""


def list_pairs(kind):
    return [(language, pair) for language, table in TABLE.items() for pair in table[kind].split()]


def is_same(a, b, language):
    """In both directions, which must agree."""
    there = is_same_inflected(fold(a), fold(b), language)
    assert is_same_inflected(fold(b), fold(a), language) == there
    return there


@pytest.mark.parametrize(("language", "pair"), list_pairs("same"))
def test_forms_of_one_name(language, pair):
    assert is_same(*pair.split("/"), language)


@pytest.mark.parametrize(("language", "pair"), list_pairs("apart"))
def test_other_names_are_kept_apart(language, pair):
    assert not is_same(*pair.split("/"), language)


@pytest.mark.parametrize("language", sorted(TABLE))
def test_languages_have_rules(language):
    assert is_inflected(language)


@pytest.mark.parametrize("language", ["en", "fr", "es", "zh", "ja"])
def test_languages_without_rules(language):
    assert not is_inflected(language)
    assert not is_same_inflected("putin", "putina", language)


SAME_NAMES = [
    ("ru", "Владимир Путин", "Владимиром Путиным"),
    ("ru", "Лев Толстой", "Льва Толстого"),
    ("ru", "Александр Иванов", "Александра Иванова"),
    ("ru", "Всемирная организация здравоохранения", "Всемирной организацией здравоохранения"),
    ("ru", "Соединённые Штаты", "Соединённых Штатов"),
    ("uk", "Верховна Рада", "Верховною Радою"),
    ("uk", "Всесвітня організація охорони здоров'я", "Всесвітньою організацією охорони здоров'я"),
    ("cs", "Světová zdravotnická organizace", "Světové zdravotnické organizace"),
    ("cs", "Petr Pavel", "Petrem Pavlem"),
    ("cs", "Si Ťin-pching", "Si Ťin-pchinga"),
    ("cs", "Karlovy Vary", "Karlových Varech"),
    ("cs", "Angela Merkel", "Angela Merkelová"),
    ("cs", "Angelou Merkelovou", "Angela Merkel"),
    ("sk", "Spojené štáty", "Spojených štátov"),
    ("pl", "Li Qiang", "Li Qiangiem"),
    ("pl", "Andrij Sybiha", "Andrijem Sybihą"),
    ("pl", "Stany Zjednoczone", "Stanów Zjednoczonych"),
    ("hr", "Ujedinjeni narodi", "Ujedinjenih naroda"),
    ("sr", "Александар Вучић", "Aleksandrom Vučićem"),
    ("lt", "Vladimiras Putinas", "Vladimiro Putino"),
    ("de", "Xi Jinping", "Xi Jinpings"),
    ("de", "Deutsche Bahn", "Deutschen Bahn"),
    ("tr", "Dışişleri Bakanlığı", "Dışişleri Bakanlığı'na"),
    ("ko", "블라디미르 푸틴", "블라디미르 푸틴에게"),
    ("ar", "فلاديمير بوتين", "لفلاديمير بوتين"),
    ("ar", "منظمة الصحة العالمية", "لمنظمة الصحة العالمية"),
    ("hi", "नरेंद्र मोदी", "नरेन्द्र मोदी"),
    ("fi", "Euroopan unioni", "Euroopan unionin"),
    ("hu", "Európai Unió", "Európai Unióban"),
]
OTHER_NAMES = [
    ("ru", "Иван Иванов", "Ивану Иванова"),
    ("ru", "Александр Иванов", "Александры Ивановой"),
    ("ru", "Иван Петров", "Ивана Петровой"),
    ("uk", "Володимир Зеленський", "Олена Зеленська"),
    ("cs", "Petr Novák", "Petra Nováková"),
    ("cs", "Jan Novák", "Jana Nováková"),
    ("cs", "Angela Merkel", "Angelika Merkelová"),
    ("pl", "Jan Kowalski", "Janina Kowalska"),
    ("tr", "Recep Erdoğan", "Recep'in Erdoğan"),
    ("ko", "조 바이든", "조가 바이든"),
    ("ar", "محمد بن سلمان", "محمد وبن سلمان"),
    ("de", "Xi Jinping", "Xi"),
]


@pytest.mark.parametrize(("language", "a", "b"), SAME_NAMES)
def test_words_of_a_name_agree(language, a, b):
    assert is_same_name_inflected(fold_words(a, language), fold_words(b, language), language)
    assert is_same_name_inflected(fold_words(b, language), fold_words(a, language), language)


@pytest.mark.parametrize(("language", "a", "b"), OTHER_NAMES)
def test_words_of_other_names_do_not(language, a, b):
    assert not is_same_name_inflected(fold_words(a, language), fold_words(b, language), language)
    assert not is_same_name_inflected(fold_words(b, language), fold_words(a, language), language)


RULES = yaml.safe_load(Path(inflection.__file__).with_name("paradigms.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", sorted(RULES["languages"]))
def test_rows_are_different_and_have_at_most_seven_cases(language):
    rows = [row.split() for row in RULES["languages"][language]["rows"]]
    assert len({tuple(row) for row in rows}) == len(rows)
    assert all(row[0].endswith(":") and 2 < len(row) < 9 for row in rows)


@pytest.mark.parametrize(
    ("language", "a", "b"),
    [
        ("hi", "मोदि", "मोदी"),  # short and long vowels sound alike at the end
        ("hi", "ज़ेलेंस्की", "ज़ेलेंस्की"),  # nukta as a letter of its own
        ("fa", "علی", "علي"),
        ("sr", "Његош", "Njegoš"),
        ("el", "Αθήνα", "Αθηνα"),
    ],
)
def test_spellings_of_one_word(language, a, b):
    assert is_same(a, b, language)


@pytest.mark.parametrize(
    ("language", "name", "form"),
    [
        ("ru", "лев", "льва"),
        ("ar", "بوتين", "وبوتين"),
        ("ko", "서울", "서울에서는"),
        ("tr", "zonguldak", "zonguldaga"),
        ("el", "αδωνις", "adonis"),
        ("el", "πουτιν", "putin"),
    ],
)
def test_forms_of_one_name_share_a_key(language: str, name: str, form: str) -> None:
    assert list_keys(name, language) & list_keys(form, language)


def test_other_words_share_no_key() -> None:
    assert not list_keys("путин", "ru") & list_keys("байден", "ru")
