"""Generic words of places and institutions: what an editor would let pass for the name, and what not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from names_in_text import make

from evalkit.entities.language.generic_words import generic_words
from evalkit.entities.matching import ACCEPTED, match

IN_TOWN = "He was at {} in May."
ACCEPTED_FORMS = [
    # name, type, source, other forms
    ("Tisza River", "LOC", None, "the Tisza; the river Tisza; the River Tisza"),
    ("the Danube", "LOC", None, "the Danube River; the River Danube"),
    ("Sahara Desert", "LOC", None, "the Sahara"),
    (
        "Qinghai Province",
        "LOC",
        None,
        "Qinghai; the province of Qinghai; Province of Qinghai; Qinghai province",
    ),
    ("Mutsu City", "LOC", None, "Mutsu; the city of Mutsu"),
    ("New York City", "LOC", None, "New York"),
    ("Takahama Town", "LOC", "ja", "Takahama; Takahama-cho; Takahama-machi; the town of Takahama"),
    ("Nakahara Ward", "LOC", "ja", "Nakahara-ku; Nakahara District"),
    ("Aichi Prefecture", "LOC", "ja", "Aichi-ken; Aichi; Aichi prefecture"),
    ("Tama River", "LOC", "ja", "the Tamagawa; the Tamagawa River; the Tama"),
    ("Miyako Island", "LOC", "ja", "Miyakojima; Miyakojima Island; Miyako-jima"),
    ("Malan Mountain", "LOC", "zh", "Malanshan; Malan-shan; Mount Malan"),
    ("Xihu District", "LOC", "zh", "Xihu-qu; Xihu"),
    ("Gangnam District", "LOC", "ko", "Gangnam-gu; Gangnam Ward"),
    ("Rostov Oblast", "LOC", "ru", "the Rostov region; Rostov Province"),
    ("Perm Krai", "LOC", "ru", "Perm Territory"),
    ("Idlib Governorate", "LOC", "ar", "Idlib Province"),
    ("Ministry of Culture", "ORG", None, "the Culture Ministry; the ministry for Culture"),
    ("Kyoto University", "ORG", None, "the University of Kyoto"),
    ("Ministry of Health", "ORG", None, "the health ministry; the ministry of health"),
    ("Tokyo District Court", "ORG", None, "the district court in Tokyo"),
    ("Transnistria Republic", "LOC", None, "the Republic of Transnistria"),
    ("Mount Fuji", "LOC", "ja", "Mt. Fuji; Mount Fujisan; Fuji-san"),
    ("World Milk Programme", "ORG", None, "the Program of World Milk; the World Milk Program"),
    (
        "State Electoral Commission",
        "ORG",
        None,
        "the State Election Commission; the State Election Committee",
    ),
    ("Ofuji Elementary School", "ORG", None, "Ofuji Primary School; Ofuji elementary school"),
    ("First Middle School", "ORG", None, "the No. 1 Middle School; the 1st Middle School"),
    ("Iraqi Airways", "ORG", None, "Iraqi Airway"),
    ("Iraqi Football Association", "ORG", None, "the football association of Iraq"),
    ("University of Alabama at Birmingham", "ORG", None, "the University of Alabama in Birmingham"),
    ("House of Councillors", "ORG", None, "the House of Councilors"),
    (
        "Hubei Province Film Administration",
        "ORG",
        "zh",
        "the Hubei Film Bureau; the Hubei Provincial Film Bureau",
    ),
    ("China Film Administration", "ORG", "zh", "the State Film Administration; the National Film Bureau"),
    ("Japan Meteorological Agency", "ORG", "ja", "the Meteorological Agency"),
    ("Japanese Communist Party", "ORG", "ja", "the Communist Party"),
    ("Matsumoto Police Station", "ORG", None, "the Matsumoto police; the Matsumoto Police Department"),
    ("Hokkaido police", "ORG", None, "the Hokkaido Prefectural Police"),
    ("Takahama Nuclear Power Plant", "ORG", None, "the Takahama nuclear plant"),
    ("Kansai Airport", "LOC", None, "Kansai International Airport"),
    ("Panasonic Holdings", "ORG", None, "Panasonic; Panasonic Corporation"),
    ("Harvard University", "ORG", None, "Harvard"),
    ("Toyota Motor Corporation", "ORG", "ja", "Toyota; Toyota Motor"),
    ("Bona Pictures", "ORG", "zh", "Bona"),
    ("Kansai Electric Power Co.", "ORG", "ja", "Kansai Electric; Kansai Electric Power Company"),
    ("Kobe City Government", "ORG", "ja", "the city of Kobe; the Kobe municipal government"),
    (
        "Osaka District Public Prosecutors Office",
        "ORG",
        "ja",
        "the Osaka District Prosecutors' Office; Osaka prosecutors; the Osaka prosecutor's office",
    ),
    (
        "Saga Prefectural Electoral Commission",
        "ORG",
        "ja",
        "the Saga prefecture election management committee; the Saga Prefectural Election Commission",
    ),
    ("Nagoya District Court", "ORG", "ja", "Nagoya Local Court"),
    (
        "Shinshu University Hospital",
        "ORG",
        "ja",
        "Shinshu University School of Medicine Hospital; the hospital attached to Shinshu University",
    ),
    ("Mutsu Public Health Center", "ORG", "ja", "the Mutsu Health Center; the Mutsu health office"),
    (
        "Ministry of Health, Labour and Welfare",
        "ORG",
        "ja",
        "the Health Ministry; the Ministry of Health; the health, labour and welfare ministry",
    ),
    (
        "Kyoto University's Center for Stem Cell Research",
        "ORG",
        None,
        "the Center for Stem Cell Research (CeSCR) at Kyoto University",
    ),
    ("Chubu Kaihatsu", "ORG", "ja", "Chubu Development"),
    ("Party Central Committee", "ORG", "zh", "the CPC Central Committee"),
    (
        "CPC Provincial Committee",
        "ORG",
        "zh",
        "the provincial party committee; the Provincial Party Committee",
    ),
    (
        "Propaganda Department of the CPC Municipal Committee",
        "ORG",
        "zh",
        "the publicity department of the municipal party committee",
    ),
    ("Educational Admission Examination Center", "ORG", "zh", "the Education Admissions Examinations Center"),
    ("Wuhan Xinhua News Agency", "ORG", "zh", "Xinhua News Agency, Wuhan"),
    ("Beijing Teenager Chess Club", "ORG", "zh", "the Beijing Youth Chess Club"),
    ("Qinghai Province", "LOC", "zh", "the Qinghai Provincial Department of Labor; the Qinghai government"),
    ("East Berlin", "LOC", None, "East and West Berlin"),
    ("North Korea", "LOC", None, "North and South Korea"),
    ("Kuroda Elementary School", "ORG", None, "Kuroda and Higashi Elementary Schools"),
    ("Kyiv Oblast", "LOC", None, "Kiev Oblast"),
    (
        "Consulate-General of the People's Republic of China in Dusseldorf",
        "ORG",
        None,
        "the Chinese Consulate General in Dusseldorf",
    ),
]
REJECTED_FORMS = [
    ("Niger River", "LOC", None, "Niger"),
    ("Congo River", "LOC", None, "Congo"),
    ("Lake Victoria", "LOC", None, "Victoria; Victoria Falls; Lake Victor"),
    ("Hudson Bay", "LOC", None, "the Hudson River; Hudson"),
    ("Baltic Sea", "LOC", None, "the Baltic Lake"),
    ("Yellow River", "LOC", None, "the yellow; Yellow"),
    ("Long Island", "LOC", None, "Long"),
    ("Mexico City", "LOC", None, "Mexico; New Mexico"),
    ("Kansas City", "LOC", None, "Kansas"),
    ("Kuwait City", "LOC", None, "Kuwait"),
    ("Kharkiv Oblast", "LOC", "ru", "Kharkiv; Kherson Oblast"),
    ("Washington State", "LOC", None, "Washington"),
    ("Takahama Town", "LOC", "ja", "Takayama-cho; Takahama-ku; Takahama City"),
    ("Wesel County", "LOC", None, "Wesel City; Wesel"),
    ("Tama River", "LOC", "ja", "Tamashima; Tama Island"),
    ("Bank of Japan", "ORG", "ja", "Japan; the Bank of Korea; the Bank"),
    ("Japan Airlines", "ORG", "ja", "Airlines"),
    ("Japan Meteorological Agency", "ORG", "ja", "the Korea Meteorological Agency; the agency"),
    ("Japan Meteorological Agency", "ORG", "de", "the Meteorological Agency"),
    ("Kyoto University", "ORG", None, "Kyoto; Kyoto Prefectural University; Kyoto College"),
    ("Boston College", "ORG", None, "Boston University; Boston"),
    ("Ministry of Commerce", "ORG", None, "the Ministry of Trade; the Commerce Department"),
    ("Ministry of Defence", "ORG", None, "the Department of Defence; the Ministry of Finance"),
    ("Ofuji Elementary School", "ORG", None, "Ofuji High School; Kuroda Elementary School"),
    ("First Middle School", "ORG", None, "the No. 2 Middle School; the Middle School"),
    ("Hubei Film Administration", "ORG", "zh", "the Hunan Film Administration; the Hubei Administration"),
    ("Matsumoto Police Station", "ORG", None, "Matsumoto Station; the Matsuyama police"),
    ("Nagoya District Court", "ORG", None, "the Nagoya High Court; the District Court"),
    ("Japan Holdings", "ORG", None, "Japan"),
    ("Toyota Motor Corporation", "ORG", None, "Toyota City; Toyota Boshoku"),
    ("General Motors", "ORG", None, "General"),
    ("Universal Pictures", "ORG", None, "Universal"),
    ("Kansai Electric Power Co.", "ORG", "ja", "Kansai; Kansai Power"),
    ("Kobe City Government", "ORG", "ja", "Kobe; the Osaka City Government"),
    ("Osaka District Public Prosecutors Office", "ORG", "ja", "the Osaka High Public Prosecutors Office"),
    ("Osaka High Public Prosecutors Office", "ORG", "ja", "the Osaka prosecutors; the Osaka District Court"),
    ("Nagoya High Court", "ORG", "ja", "Nagoya Local Court"),
    ("Shinshu University Hospital", "ORG", "ja", "Shinshu University School of Medicine; Shinshu Hospital"),
    ("Ministry of Health, Labour and Welfare", "ORG", "ja", "the Welfare Ministry; the Ministry of Labour"),
    ("Ministry of Health and Welfare", "ORG", "ja", "the Ministry of Welfare"),
    ("Chubu Kaihatsu", "ORG", "ja", "Chubu Chemical"),
    ("CPC Provincial Committee", "ORG", "zh", "the provincial committee; the municipal party committee"),
    ("Party Central Committee", "ORG", "de", "the CPC Central Committee"),
    ("Wuhan News Agency", "ORG", "zh", "the Xinhua News Agency, the Wuhan office"),
    ("Qinghai Province", "LOC", "zh", "Qinghai University; Qinghai Lake"),
    ("East Berlin", "LOC", None, "West Berlin; East Timor and West Berlin; East and West Bengal"),
    ("Beijing University", "ORG", None, "Beijing and Tsinghua University"),
    ("Washington State", "LOC", None, "Washington and New York State"),
]


def outcome(name, kind, source, form, template=IN_TOWN):
    test_set = replace(make([template.format(name)], [(name, kind, 0)]), source_language=source)
    return match(test_set, [template.format(form)]).verdicts[0].outcome


def in_rows(rows):
    return [
        pytest.param(name, kind, source, form, id=f"{name}-{form}-{source}")
        for name, kind, source, forms in rows
        for form in forms.split("; ")
    ]


@pytest.mark.parametrize(("name", "kind", "source", "form"), in_rows(ACCEPTED_FORMS))
def test_other_generic_words_are_the_same_name(name, kind, source, form):
    assert outcome(name, kind, source, form) in ACCEPTED


@pytest.mark.parametrize(("name", "kind", "source", "form"), in_rows(REJECTED_FORMS))
def test_other_generic_words_are_another_name(name, kind, source, form):
    assert outcome(name, kind, source, form) not in ACCEPTED


@pytest.mark.parametrize(
    ("language", "name", "form", "is_right"),
    [
        ("de", "Provinz Qinghai", "Qinghai", True),
        ("fr", "province du Qinghai", "Qinghai", True),
        ("fr", "lac Victoria", "Victoria", False),
        ("es", "río Tisza", "Tisza", True),
        ("es", "Ciudad de México", "México", False),
        ("ru", "река Тиса", "Тиса", True),
        ("ru", "Ростовская область", "Ростовский край", False),
        ("uk", "річка Тиса", "Тиса", True),
        ("cs", "řeka Tisa", "Tisa", True),
        ("tr", "Tisza Nehri", "Tisza", True),
        ("tr", "Van Gölü", "Van", False),
        ("tr", "Hubei eyaletinde", "Hubei'de", True),
        ("ru", "провинции Хубэй", "Хубэе", True),
        ("ru", "озеро Виктория", "Викторию", False),
        ("cs", "řece Tise", "Tise", True),
        ("fr", "Chicago", "l'Université de Chicago", False),
        ("fr", "Chicago", "le maire de Chicago", True),
        ("es", "Madrid", "el Real Madrid", False),
        ("es", "Madrid", "la alcaldesa de Madrid", True),
        ("de", "Chicago", "die Chicago Bulls", False),
        ("de", "Chicago", "die Universität Chicago", False),
        ("de", "Chicago", "der Bürgermeister Chicago", True),
        ("tr", "Ankara", "Ankara Üniversitesi", False),
    ],
)
def test_generic_words_of_other_languages(language, name, form, is_right):
    test_set = make([f"Xx {name} yy."], [(name, "LOC", 0)], language=language)
    assert (match(test_set, [f"Xx {form} yy."]).verdicts[0].outcome in ACCEPTED) == is_right


def test_every_kind_that_may_be_absent_is_a_kind_of_a_word():
    for language in ("en", "de", "fr", "es", "ru", "uk", "cs", "tr"):
        for source in (None, "ja", "zh", "ko", "ru", "ar"):
            words = generic_words(language, source)
            kinds = {*words.kinds.values(), *words.beginnings.values()}
            assert words.left_out | words.districts | words.several | words.legal <= kinds
            assert set(words.endings) <= kinds


LONGER = [
    # type, name, hypothesis within a longer name
    ("LOC", "Beijing", "Beijing University of Technology"),
    ("LOC", "Oxford", "Oxford United"),
    ("LOC", "Nagoya", "Nagoya International Airport"),
    ("LOC", "Chicago", "the Chicago Bulls"),
    ("LOC", "Chicago", "the University of Chicago"),
    ("LOC", "Panama", "Panama City"),
    ("LOC", "Mexico", "the Gulf of Mexico"),
    ("LOC", "Niger", "the Niger River"),
    ("LOC", "Jordan", "the Jordan Valley"),
    ("LOC", "Guinea", "Guinea-Bissau"),
    ("ORG", "Kyoto University", "Kyoto University Hospital"),
    ("ORG", "Tokyo University", "Tokyo University of Science"),
    ("LOC", "London", "the Bank of London"),
    ("LOC", "Madrid", "Real Madrid"),
    ("LOC", "Detroit", "the Detroit Tigers"),
    ("PER", "Vernon", "Mount Vernon"),
]


@pytest.mark.parametrize(("kind", "name", "longer"), LONGER)
def test_a_part_of_a_longer_name_is_not_the_name(kind, name, longer):
    assert outcome(name, kind, None, longer) not in ACCEPTED


@pytest.mark.parametrize(
    ("kind", "name", "longer"),
    [
        ("LOC", "Beijing", "the Beijing government"),
        ("LOC", "Kyiv", "the City of Kyiv"),
        ("LOC", "Pacific", "the Pacific Ocean"),
        ("LOC", "Baikal", "Lake Baikal"),
        ("LOC", "Boston", "Boston Mayor Wu"),
        ("ORG", "Toyota", "the Toyota Group"),
        ("LOC", "China", "China National Railway Group"),
        ("LOC", "Macau", "the Guangdong-Hong Kong-Macao Greater Bay Area"),
        ("ORG", "Ministry of Defence", "the Ministry of Defence of Ukraine"),
        ("ORG", "House", "the House of Representatives"),
    ],
)
def test_a_word_beside_a_name_may_leave_it_what_it_is(kind, name, longer):
    assert outcome(name, kind, None, longer) in ACCEPTED


def test_the_word_that_makes_a_longer_name_may_be_in_the_reference():
    reference = "He was at the university of Beijing in May."
    test_set = make([reference], [("Beijing", "LOC", 0)])
    assert match(test_set, ["He was at Beijing University in May."]).verdicts[0].outcome in ACCEPTED
