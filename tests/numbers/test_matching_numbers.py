"""Matching quantities: which pairs are the same, which are not, and where they are looked for."""

from __future__ import annotations

import pytest
from miniature import in_memory

from evalkit.numbers.matching import match


def judge(language, reference, hypothesis):
    """The outcomes of one segment and the added quantities."""
    found = match(in_memory([[reference]], target_language=language), [hypothesis])
    return [verdict.outcome for verdict in found.verdicts], [place.quantity.text for place in found.added]


def is_right(language, reference, hypothesis):
    outcomes, _ = judge(language, reference, hypothesis)
    assert outcomes, reference
    return set(outcomes) <= {"exact", "variant"}


PAIRS = [
    # language, reference, accepted, not accepted
    ("tr", "53.537 kişi", ["53 bin 537 kişi"], ["53 bin 538 kişi", "53 bin kişi"]),
    ("de", "3. Oktober 2023", ["03.10.2023"], ["10.03.2023"]),
    ("fr", "le 3 mai 2024", ["le 03/05/2024"], ["le 05/03/2024"]),
    ("de", "um 14:30 Uhr", ["um 14.30 Uhr"], ["um 2:30 Uhr"]),
    ("en", "1,000 people", ["1000 people", "1.000 people", "1 000 people", "one thousand people"], ["1,001 people", "100 people", "10,000"]),
    ("en", "3.5 points", ["3,5 points", "three and a half points"], ["3,500 points", "35 points", "3.6 points"]),
    ("de", "1.500 Menschen", ["1500 Menschen", "1,500 Menschen", "1 500"], ["1,5 Menschen", "15.000", "1.501"]),
    ("uk", "двадцять п'ять людей", ["25 людей", "двадцять п’ять людей"], ["20 людей", "5 людей"]),
    ("en", "6 years", ["6 years; Bologna won"], ["6 months"]),
    ("en", "14 March 2024", ["March 14, 2024", "14.03.2024", "2024-03-14", "3/14/2024", "14 Mar '24"], ["4 May 2042", "14 March", "14 March 2023", "14 May 2024", "March 2024"]),
    ("en", "on March 14", ["on 14 March", "on March 14, 2024"], ["on the 14th", "on March 15", "on 14 May"]),
    ("en", "5%", ["5 percent", "five per cent"], ["5", "6%", "50%", "0.5%"]),
    ("en", "$2m", ["2 million dollars", "US$2,000,000", "$2 million"], ["$2 billion", "€2m", "$2", "$20m"]),
    ("en", "the 3rd man", ["the third man", "man 3"], ["the fourth man", "the 13th man"]),
    ("en", "at 10 a.m.", ["at 10:00", "at ten o'clock", "at 10am"], ["at 10 p.m.", "at 22:00", "at 10:30", "at 11 a.m."]),
    ("en", "at 22:30", ["at 10:30 p.m.", "at 22.30"], ["at 10:30 a.m.", "at 22:35"]),
    ("en", "the 1990s", ["the nineties", "the 90s"], ["the 1980s", "the 80s"]),
    ("en", "they won 2:1", ["they won 2-1", "they won two to one"], ["they won 2:0", "they won 3:1"]),
    ("en", "5 to 7 percent", ["5-7%", "five to seven per cent", "5% to 7%"], ["5-8%", "4-7%"]),
    ("en", "5-7 March", ["March 5-7", "5 March to 7 March"], ["March 5-8", "May 5-7"]),
    ("en", "10 miles", ["16 kilometers", "ten miles"], ["10 kilometers", "18 kilometers", "16 miles"]),
    ("en", "two weeks", ["14 days", "2 weeks"], ["two months", "15 days"]),
    ("en", "in six months", ["in half a year"], ["in a year", "in half an hour"]),
    ("en", "50% of them", ["half of them"], ["a third of them", "a quarter of them"]),
    ("en", "in 24 hours", ["in a day"], ["in a week"]),
    ("ru", "через 6 месяцев", ["через полгода"], ["через полчаса"]),
    ("en", "-5 °C", ["minus 5 °C", "minus five °C", "5 °C below zero", "−5°C"], ["5 °C", "-6 °C"]),
    ("fr", "moins 5 °C et au moins 2000 pièces", ["-5 °C et 2000 pièces"], ["5 °C et 2000 pièces"]),
    ("ru", "минус 5 градусов", ["5 градусов мороза"], ["5 градусов"]),
    ("en", "by 5-7%", ["by 5 to 7%"], ["by -7%"]),
    ("en", "at 12:00", ["at noon", "at 12 p.m."], ["at 11:00"]),
    ("en", "14 March 2024", ["14-Mar-2024", "the fourteenth of March 2024"], ["14-Mar-2023"]),
    ("fr", "Formule 3", ["Formule 3 européenne"], ["Formule 2"]),
    ("en", "4 offers", ["4 $20 offers"], ["20 offers of $20"]),
    ("de", "die 12-größte", ["die zwölftgrößte"], ["die zehntgrößte"]),
    ("en", "the third victory", ["a third victory"], ["a second victory"]),
    ("zh", "我们经营了十多年", ["我们经营了十年"], ["我们经营了五年"]),
    ("de", "10 Mal", ["zehnmal"], ["zwölfmal"]),
    ("en", "Moscow, May 23: on May 21 it", ["Moscow, May 23: on the 21st it"], ["Moscow, April 23: on the 21st it", "Moscow, May 23: 21 men"]),
    ("en", "2 people", ["both people", "a couple of people"], ["3 people"]),
    ("en", "12 men", ["a dozen men", "twelve men"], ["20 men"]),
    ("ru", "2,5 млн", ["2,5 миллиона", "2 500 000"], ["2,5 млрд", "25 млн"]),
    ("ru", "двух человек", ["2 человек", "двоих"], ["трёх человек"]),
    ("zh", "12000人", ["1.2万人", "一万二千人", "１２，０００人"], ["1.2亿人", "12万人"]),
    ("zh", "2024年3月14日", ["二〇二四年三月十四日", "2024-03-14"], ["3月14日", "2024年4月14日"]),
    ("ja", "3億5000万円", ["350,000,000円", "3.5億円"], ["3億5000円", "3.5兆円"]),
    ("ar", "5 في المئة", ["٥٪"], ["٦٪", "٥"]),
    ("hi", "2 करोड़ रुपये", ["20,000,000 रुपये", "2,00,00,000 रुपये"], ["2 लाख रुपये"]),
    ("fr", "les années 1990", ["les années 90"], ["les années 80", "les 90 maisons"]),
    ("ru", "в 1990-х", ["в 90-х"], ["90 домов"]),
    ("en", "in 2008", ["in '08"], ["8 men", "08 men"]),
    ("en", "in 2019 to 2021", ["in 2019-21"], ["in 2019-22"]),
    ("ja", "2つ以上", ["2点以上"], ["2時以上"]),
    ("zh", "以下2点", ["以下两个方面"], ["以下三点"]),
    ("zh", "三分之一", ["1/3", "3分之1"], ["三分之二", "百分之三"]),
    ("en", "1.5m people", ["1.5 million people"], ["1.5 billion people"]),
    ("en", "5 kg", ["5 kilograms"], ["5 g"]),
    ("es", "1.500 millones", ["mil quinientos millones"], ["mil quinientos"]),
    ("tr", "2,5 milyon", ["2 buçuk milyon"], ["2 milyon"]),
    ("es", "el 12 de octubre de 1492", ["el 12/10/1492"], ["el 12/10/1493"]),
    ("en", "May 2020", ["05/2020"], ["06/2020", "May 2021"]),
    ("en", "almost three o'clock", ["almost 3:00", "almost 3"], ["almost 4:00", "almost 3:30"]),
    ("en", "size 24", ["size #24"], ["size #25"]),
    ("zh", "10斤", ["5公斤", "五千克"], ["10公斤", "5斤"]),
    ("en", "5 people", ["five people"], ["people on March 5", "people at 5:00"]),
    ("en", "on the 5th", ["on March 5"], ["on March 6"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "reference", "hypothesis"), [(p[0], p[1], text) for p in PAIRS for text in p[2]]
)
def test_another_format_is_right(language, reference, hypothesis):
    assert is_right(language, reference, hypothesis)


@pytest.mark.parametrize(
    ("language", "reference", "hypothesis"), [(p[0], p[1], text) for p in PAIRS for text in p[3]]
)
def test_another_quantity_is_wrong(language, reference, hypothesis):
    assert not is_right(language, reference, hypothesis)


def test_as_many_as_the_reference_has():
    assert judge("en", "5 men and 5 women", "5 men and women") == (["exact", "missing"], [])
    assert judge("en", "5 men", "5 men and 5 women") == (["exact"], ["5"])


def test_a_word_of_the_reference_is_not_there_for_another_number():
    outcomes, added = judge("en", "Both won 2 games.", "Both won games.")
    assert outcomes == ["missing"]
    assert added == []
    assert judge("en", "They won 2 games.", "They won both games.")[0] == ["variant"]


@pytest.mark.parametrize(
    ("reference", "hypothesis", "outcome", "reason"),
    [
        ("14 March 2024", "14 March", "replaced", "incomplete"),
        ("14 March 2024", "14 May 2024", "replaced", "value"),
        ("$5", "€5", "replaced", "unit"),
        ("5 men", "6 men", "replaced", "value"),
        ("5 men", "men", "missing", ""),
        ("5 men", "five men", "variant", "format"),
        ("5 men", "5 women", "exact", ""),
    ],
)
def test_reasons(reference, hypothesis, outcome, reason):
    [verdict] = match(in_memory([[reference]]), [hypothesis]).verdicts
    assert (verdict.outcome, verdict.reason) == (outcome, reason)


def test_neighbouring_segments_of_the_document_count():
    references = ["In 2019 it began.", "5 men came."]
    hypotheses = ["It began.", "In 2019, 5 men came."]
    near = match(in_memory([references], documents=["d", "d"]), hypotheses)
    assert [verdict.outcome for verdict in near.verdicts] == ["exact", "exact"]
    apart = match(in_memory([references], documents=["d", "e"]), hypotheses)
    assert [verdict.outcome for verdict in apart.verdicts] == ["missing", "exact"]
    assert [place.quantity.text for place in apart.added] == ["2019"]


def test_a_word_of_a_neighbouring_segment_is_no_number():
    found = match(
        in_memory([["2 men came.", "They left."]], documents=["d", "d"]), ["Men came.", "Both left."]
    )
    assert [verdict.outcome for verdict in found.verdicts] == ["missing"]


LANGUAGES = {
    "arb": "ar", "ces": "cs", "deu": "de", "fra": "fr", "heb": "he", "hin": "hi", "hrv": "hr", "isl": "is",
    "ita": "it", "jpn": "ja", "kor": "ko", "nld": "nl", "pol": "pl", "por": "pt", "rus": "ru", "spa": "es",
    "tur": "tr", "ukr": "uk", "zho-CN": "zh",
}  # fmt: skip


@pytest.mark.parametrize(("code", "language"), LANGUAGES.items())
def test_human_translations_have_the_numbers_of_the_source(shared, code, language):
    """NTREX: at least .8 of the English numbers are in the translation, and the reference has all its own."""
    source = (shared / "ntrex" / "source.eng.txt").read_text(encoding="utf-8").splitlines()[:500]
    path = shared / "ntrex" / f"reference.{code}.txt"
    references = path.read_text(encoding="utf-8").splitlines()[:500]
    own = match(in_memory([references], target_language=language), references)
    assert {verdict.outcome for verdict in own.verdicts} == {"exact"}
    assert own.added == ()
    assert _share_found(source, references, language) >= 0.8


def _share_found(source, references, language):
    """The share of the quantities of English texts that the translations have, each once."""
    from evalkit.numbers.finding import find_quantities
    from evalkit.numbers.quantities import agree

    right = wanted = 0
    for text, translation in zip(source, references, strict=True):
        have = list(find_quantities(translation, language))
        for quantity in find_quantities(text, "en"):
            if quantity.counts:
                wanted += 1
                same = next((other for other in have if agree(quantity, other)), None)
                if same is not None:
                    have.remove(same)
                    right += 1
    return right / wanted
