"""Finding quantities: what a text has, in a form that does not depend on its language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.numbers.finding import find_quantities

FOUND = [
    # digits, separators and scales
    ("en", "1,000 and 1000 and 1\u00a0000", ["1000", "1000", "1000"]),
    ("en", "3.5 of 3,500", ["3.5", "3500"]),
    ("de", "3,5 von 3.500", ["3.5", "3500"]),
    ("hi", "1,00,000 लोग", ["100000"]),
    ("ar", "١٬٢٠٠ و ٣٫٥", ["1200", "3.5"]),
    ("en", "２０２４ people", ["2024"]),
    ("en", "12m people, 3bn, 2.25 billion, 7k", ["12 meter", "3000000000", "2250000000", "7"]),
    ("de", "3,5 Mio. Euro und 2 Billionen", ["3500000 euro", "2000000000000"]),
    ("ru", "2 млн 300 тыс. рублей", ["2300000 ruble"]),
    ("es", "2 mil millones", ["2000000000"]),
    # Chinese, Japanese, Korean
    ("zh", "11 万人，25 亿美元，2020 年，7 X 24", ["110000", "2500000000 dollar", "2020", "7", "24"]),
    ("zh", "1.2万人，三十人，两百万，二〇二四年", ["12000", "30", "2000000", "2024"]),
    ("ja", "3億5000万円、二十歳、1兆2000億円", ["350000000 yen", "20 year", "1200000000000 yen"]),
    ("ko", "3만 5천 명, 5억 달러", ["35000", "500000000 dollar"]),
    # spelled out
    ("en", "two hundred and fifty-three thousand", ["253000"]),
    ("en", "twenty and thirty", ["20", "30"]),
    ("en", "two and a half years", ["2.5 year"]),
    ("de", "zweiunddreißig, dreihundertfünfzig, zweitausend", ["32", "350", "2000"]),
    ("fr", "quatre-vingt-dix-sept, vingt et un, mille deux cents", ["97", "21", "1200"]),
    ("es", "treinta y dos, mil quinientos", ["32", "1500"]),
    ("ru", "двадцать пять человек, тремстам, трёх", ["25", "300", "3"]),
    ("it", "ventitré, trecentocinquanta", ["23", "350"]),
    ("cs", "dvacet pět", ["25"]),
    # percent, money, measures
    ("en", "5%, 5 percent, five per cent, 5 percentage points", ["5 percent"] * 4),
    ("tr", "yüzde 5 ve %5", ["5 percent", "5 percent"]),
    ("zh", "百分之五和5%", ["5 percent", "5 percent"]),
    ("ar", "٥ في المئة و 5٪", ["5 percent", "5 percent"]),
    ("hr", "5 posto", ["5 percent"]),
    ("en", "$2m, US$2,000,000, 2 million dollars, two million US dollars", ["2000000 dollar"] * 4),
    ("fr", "3,5 millions d'euros", ["3500000 euro"]),
    ("zh", "200万美元和5元", ["2000000 dollar", "5 yuan"]),
    ("en", "5 km, 5-kilometre, 135 m2, 135 square meters", ["5 kilometer"] * 2 + ["135 square-meter"] * 2),
    ("pl", "5 lat, 5 kilometrów", ["5 year", "5 kilometer"]),
    # dates
    ("en", "14 March 2024, March 14, 2024, 14th of March 2024, 2024-03-14", ["2024-03-14"] * 4),
    ("de", "14. März 2024, 14.03.2024, 14.3.24", ["2024-03-14", "2024-03-14", "0024-03-14"]),
    ("en", "June Fourth and the fourth of June", ["--06-04", "--06-04"]),
    ("fr", "1er mai et 14 mars 2024", ["--05-01", "2024-03-14"]),
    ("es", "14 de marzo de 2024", ["2024-03-14"]),
    ("ru", "14 марта 2024 года", ["2024-03-14"]),
    ("hu", "2024. március 14.", ["2024-03-14"]),
    ("vi", "ngày 14 tháng 3 năm 2024", ["2024-03-14"]),
    ("zh", "2024年3月14日", ["2024-03-14"]),
    ("ja", "二〇二四年三月十四日", ["2024-03-14"]),
    ("ko", "2024년 3월 14일", ["2024-03-14"]),
    ("hi", "14 मार्च 2024", ["2024-03-14"]),
    ("he", "בספטמבר 2017", ["2017-09"]),
    ("en", "in March 2024 and in 2019", ["2024-03", "2019"]),
    # times
    ("en", "10 a.m., 10:00 am, 10 o'clock, 10 in the morning", ["10:00"] * 4),
    ("en", "10:30 p.m. and 22:30", ["22:30", "22:30"]),
    ("de", "10.30 Uhr am Sonntag, 21 Uhr am Montag", ["10:30", "21:00"]),
    ("fr", "à 10 h 30", ["10:30"]),
    ("zh", "下午3点半", ["15:30"]),
    ("ja", "午後3時15分", ["15:15"]),
    ("ko", "오전 10시 30분", ["10:30"]),
]


@pytest.mark.parametrize(("language", "text", "keys"), FOUND)
def test_a_quantity_is_found_whatever_its_format(language, text, keys):
    assert [quantity.key for quantity in find_quantities(text, language)] == keys


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "One of them, both, the first, a second, no one."),
        ("en", "open 24/7"),
        ("en", "COVID-19, A320, 5G, #a20, https://x.org/2024/5, name2@x.org"),
        ("en", "They march in May; hundreds and thousands of people."),
        ("fr", "une voiture neuve, un homme neuf, le premier"),
        ("it", "sei qui"),
        ("cs", "sto lidí"),
        ("zh", "一个人，十分好，第一，三星，数十人"),
        ("ja", "十分な、一時的な、第三者"),
        ("ko", "한 사람, 두 번"),
        ("tr", "on, altı, bin"),
    ],
)
def test_what_may_be_no_number_does_not_count(language, text):
    assert [q.text for q in find_quantities(text, language) if q.counts] == []


def test_offsets_are_those_of_the_text():
    text = "Es kostet ３,５ Mio. € (am 14. März 2024)."
    found = find_quantities(text, "de")
    assert [text[q.start : q.end] for q in found] == ["３,５ Mio. €", "14. März 2024"]
    assert [q.text for q in found] == ["３,５ Mio. €", "14. März 2024"]


def test_types():
    text = "14 March 2024, 10 a.m., 5%, $5, 5 km, 5 people, in 2019"
    types = [quantity.type for quantity in find_quantities(text, "en")]
    assert types == ["DATE", "TIME", "PERCENT", "MONEY", "MEASURE", "NUMBER", "DATE"]


def test_a_language_without_words_of_its_own_still_has_digits():
    assert [q.key for q in find_quantities("Na 14.03.2024, 1,000 5%", "sw")] == [
        "2024-03-14",
        "1000",
        "5 percent",
    ]


TEXTS = st.text(
    st.sampled_from("0123456789.,:/-–'’ %$€°hxX+年月日時点分万億千百十一二三两多第半만억천時٣५② aeo"),
    max_size=30,
)


@given(TEXTS, st.sampled_from(["en", "de", "fr", "ru", "ar", "zh", "ja", "ko", "hi", "sw", "x-mine"]))
def test_any_text_can_be_read(text, language):
    for quantity in find_quantities(text, language):
        assert text[quantity.start : quantity.end] == quantity.text
        assert quantity.key


@pytest.mark.parametrize("text", ["9" * 5000, "一" * 3000, "a" * 20_000, "1.2.3.4" * 500])
@pytest.mark.parametrize("language", ["en", "zh", "ko"])
def test_a_run_of_characters_is_no_number(text, language):
    assert [quantity for quantity in find_quantities(text, language) if quantity.counts] == []
