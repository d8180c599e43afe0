"""Persons' names among other people, places and things, in thirteen languages, as a reader of each judges them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from names_in_text import make, verdicts

from evalkit.entities.matching import ACCEPTED, match

SOMEBODY_ELSE = [
    ("en", None, "[Hayao Miyazaki] drew.", "Novelist Goro Miyazaki drew."),
    ("ar", None, "وصل [نور الدين الطبوبي] أمس.", "وصل علاء الدين الطبوبي أمس."),
    ("de", None, "[Jens Spahn] ging.", "Juni Spahn ging."),
    ("de", None, "[Angela Merkel] lud ein.", "Die Angela-Merkel-Straße lud ein."),
    ("ko", None, "[한덕수] 총리가 말했다.", "한덕수재단이 말했다."),
    ("zh", None, "[弗拉基米尔·普京]讲话。", "小弗拉基米尔·普京讲话。"),
    ("ru", None, "Ушла [Эльвира Набиуллина].", "Сказал Набиуллин, глава банка."),
    ("uk", None, "Пішов [Денис Шмигаль].", "Бульвар Шмигаля відкрито."),
    ("cs", None, "Odešel [Vít Rakušan].", "Náměstí Víta Rakušana otevřeli."),
    ("en", None, "The foundation was set up by [Henry Ford].", "The Ford Foundation was set up."),
    ("en", None, "[Konrad Adenauer] led the country.", "The Konrad Adenauer Foundation led the country."),
    ("en", None, "[Konrad Adenauer] led the country.", "Konrad-Adenauer-Stiftung led the country."),
    ("en", None, "[J. K. Rowling] wrote it.", "K. J. Rowling wrote it."),
    ("en", None, "[Maria Silva] paid the bill.", "Anna Maria Silva paid the bill."),
    ("en", None, "On Monday [June Carter] sang in May.", "In June Betsy Carter sang."),
    ("de", None, "[Konrad Adenauer] regierte lange.", "Die Konrad-Adenauer-Stiftung regierte lange."),
    ("de", None, "[Konrad Adenauer] regierte lange.", "Der Konrad-Adenauer-Platz war lang."),
    ("de", None, "Prinz [Ernst August von Hannover] kam.", "Der Zug von Hannover kam."),
    ("fr", None, "Le livre de [Jean-Luc Mélenchon] est sorti.", "Le livre de Luc Mélenchon est sorti."),
    ("fr", None, "[Charles de Gaulle] est arrivé.", "Il est arrivé à l'aéroport Charles-de-Gaulle."),
    ("fr", None, "Marie Curie et [Pierre Curie] cherchaient.", "L'institut Curie cherchait."),
    ("es", None, "[Maria Silva] pagó.", "Anna Maria Silva pagó."),
    ("ru", None, "Об этом сообщила [Мария Захарова].", "Об этом сообщил Захаров."),
    ("ru", None, "Мэр [Виталий Кличко] открыл мост.", "Мост открыл Кличка."),
    (
        "uk",
        None,
        "[Тарас Шевченко] писав вірші.",
        "Національний університет імені Тараса Шевченка пишe вірші.",
    ),
    ("zh", None, "外交部发言人[毛宁]回答了提问。", "毛宁宁回答了提问。"),
    ("zh", None, "[唐纳德·特朗普]赢得选举。", "小唐纳德·特朗普赢得选举。"),
    ("zh", None, "诗人[李白]来到长安。", "李白天来到长安。"),
    ("zh", None, "[王毅]抵达。", "王毅夫抵达。"),
    ("ja", None, "[林芳正]外相は訪問した。", "小林芳正外相は訪問した。"),
    ("en", None, "[Denzel Washington] flew home.", "He flew home to Washington."),
    ("en", None, "The prize of [Alfred Nobel] is old.", "The Nobel Prize is old."),
    ("de", None, "Der Maler [Gerhard Richter] malte.", "Der Richter malte."),
    ("fr", None, "[Bernard Arnault] est riche.", "La rue Bernard Arnault est riche."),
    ("ru", None, "Певица [Полина Гагарина] победила.", "Гагарин победил."),
    ("ru", None, "[Александр Пушкин] написал поэму.", "Музей имени Пушкина написал поэму."),
    ("uk", None, "Чемпіонка [Еліна Світоліна] програла.", "Світолін програв."),
    ("cs", None, "Bývalý prezident [Václav Havel] psal.", "Na Letišti Václava Havla psal."),
    ("cs", None, "Bývalý prezident [Václav Havel] psal.", "Knihovna Václava Havla psala."),
    ("tr", None, "[Aziz Sancar] ödül aldı.", "Aziz Sancar Enstitüsü ödül aldı."),
    ("ar", None, "أكد [حسن نصر الله] ذلك.", "أكد حسين نصر الله ذلك."),
    ("ar", None, "أكد [حسن نصر الله] ذلك.", "أكد هادي نصر الله ذلك."),
    ("ar", None, "وصل [صلاح الدين] إلى القدس.", "جامعة صلاح الدين في القدس."),
    ("zh", None, "[李强]会见外宾。", "李强国会见外宾。"),
    ("zh", None, "[李强]会见外宾。", "李强生会见外宾。"),
    ("zh", None, "球星[姚明]退役。", "姚明珠退役。"),
    ("ja", None, "[森喜朗]元首相が語った。", "大森喜朗元首相が語った。"),
    ("hi", None, "[महात्मा गांधी] आए।", "इंदिरा गांधी आईं।"),
    ("hi", None, "[महात्मा गांधी] आए।", "महात्मा गांधी मार्ग आया।"),
    ("hi", None, "[महात्मा गांधी] आए।", "कल संजय गांधी आए।"),
    ("en", None, "Will [Will Smith] win?", "Will Jaden Smith win?"),
    ("en", None, "Will [Will Smith] win?", "Will Maggie Smith win?"),
    ("en", None, "[Robert Downey Jr.] laughed.", "Robert Downey Sr. laughed."),
    ("de", None, "Kaiserin [Maria Theresia] starb.", "Anna Maria Theresia starb."),
    ("ru", None, "[Алла Пугачёва] и Максим Галкин приехали.", "Пугачёв и Максим Галкин приехали."),
    ("cs", None, "Přišla [Dagmar Havlová].", "Dana Havlová přišla."),
    ("zh", None, "[比尔·盖茨]捐款。", "盖茨基金会捐款。"),
    ("ja", None, "[ビル・ゲイツ]氏が寄付した。", "ゲイツ財団が寄付した。"),
    ("cs", None, "Přišla [Dagmar Havlová].", "Rada Havlová přišla."),
    ("es", None, "Cantó [Enrique Iglesias].", "Julio Iglesias cantó."),
    ("de", None, "Es kam [Olaf Scholz].", "August Scholz kam."),
    ("fr", None, "[Emmanuel Macron] vint.", "Noël Macron vint."),
    ("ru", None, "Пришёл [Олег Иванов].", "Том Иванов пришёл."),
    ("tr", None, "[Ali Babacan] geldi.", "Zafer Babacan geldi."),
    ("ru", None, "Об этом сообщила [Мария Захарова].", "Об этом говорили с Захаровым."),
    ("en", None, "[Conrad Hilton] spoke.", "Paris Hilton spoke."),
    ("fr", None, "[Jean-Luc Mélenchon] parle.", "Jean Mélenchon parle."),
    ("de", None, "[Robert Bosch] kam.", "Die Bosch-Stiftung kam."),
    ("es", None, "[Adolfo Suárez] aterrizó.", "Aterrizó en el aeropuerto Adolfo Suárez."),
    ("tr", None, "[Mustafa Kemal Atatürk] geldi.", "Atatürk Havalimanı'na gelindi."),
    ("uk", None, "[Віталій Кличко] рад.", "Площа Кличка велика."),
]
"""Language, source language, the reference with the name in brackets, and a hypothesis that names somebody or something else."""

THE_SAME = [
    ("en", None, "[Clarissa Ward] fled Kabul.", "Correspondent Ward fled Kabul."),
    ("en", None, "[Hayao Miyazaki] drew.", "Novelist Miyazaki drew."),
    ("es", None, "[Andrés Manuel López Obrador] habló.", "En la plaza López Obrador habló."),
    ("hi", None, "[मनमोहन सिंह] अस्पताल में हैं।", "सिंह अस्पताल में हैं।"),
    ("ar", None, "وصل [نور الدين الطبوبي] أمس.", "وصل الطبوبي أمس."),
    ("ru", None, "Фильм [Никиты Михалкова] вышел.", "Михалков снял фильм."),
    ("ru", None, "Слова [Олега Захарова] поняли.", "Захаровым сказаны слова."),
    ("zh", None, "[小林光一]下棋。", "棋手小林光一下棋。"),
    ("en", "ar", "The envoy met [Abdel Fattah al-Sisi].", "The envoy met Abdelfattah el-Sisi."),
    ("en", None, "The driver, [Nikki Haley], 51, braked.", "Braking was 51-year-old Haley."),
    ("zh", None, "科学家[屠呦呦]领奖。", "屠教授领奖。"),
    ("en", None, "[Joe Biden] said it would rain.", "biden said it would rain."),
    ("en", None, "Senator [Tim Scott] spoke first.", "The first to speak was Sen. Scott."),
    ("en", None, "Ex-boss [Travis Kalanick] quit.", "Uber-founder Kalanick quit."),
    ("en", None, "Ex-boss [Travis Kalanick] quit.", "California-born Kalanick quit."),
    ("en", None, "Ex-boss [Travis Kalanick] quit.", "Uber's 40-year-old Kalanick quit."),
    ("en", "ru", "General [Sergei Surovikin] vanished.", "Gen. Surovikin vanished."),
    ("de", None, "[Friedrich Merz] gewann.", "Wahlsieger Merz gewann."),
    ("de", None, "[Friedrich Merz] gewann.", "Es gewann der 69-jährige Merz."),
    ("uk", None, "Переміг [Олександр Усик].", "Боксер Усик переміг."),
    ("cs", None, "Vyhrál [Roman Šebrle].", "Desetibojař Šebrle vyhrál."),
    ("de", None, "[Olaf Scholz] setzte sich.", "Dann nahm Scholz Platz."),
    ("tr", None, "[Aziz Sancar] kazandı.", "Sancar ödülü aldı."),
    ("cs", None, "[Andrej Babiš] mluvil.", "Na letišti Babiš mluvil."),
    ("ru", None, "[Владимир Путин] сказал это.", "В аэропорту Путин сказал это."),
    ("es", None, "[Lionel Messi] marcó.", "En el estadio Messi marcó."),
    ("es", None, "[Lionel Messi] marcó.", "En París Messi marcó."),
    ("fr", None, "[Emmanuel Macron] a parlé.", "Au stade Macron a parlé."),
    ("de", None, "[Olaf Scholz] kam.", "Im August Scholz zu treffen war schwer."),
    ("es", None, "Cantó [Enrique Iglesias].", "En julio Iglesias cantó."),
    ("en", None, "[Donald Trump] left.", "Donald John Trump left."),
    ("en", None, "[Ban Ki-moon] left.", "Ki-moon Ban left."),
    ("en", None, "[Jung-jae Lee] won.", "Lee Jung-jae won."),
    ("fr", None, "[Jean-Luc Mélenchon] parle.", "J.-L. Mélenchon parle."),
    ("en", None, "[J. K. Rowling] wrote.", "J. Rowling wrote."),
    ("ru", None, "[Алексей Иванов] пришёл.", "Иванова услышали."),
    ("ru", None, "Об этом сообщила [Мария Захарова].", "Об этом говорили с Захаровой."),
    ("zh", None, "[毛宁]回答了提问。", "毛宁已回答了提问。"),
    ("zh", None, "[唐纳德·特朗普]赢得选举。", "特朗普赢得选举。"),
    ("en", None, "The station of [Henry Ford].", "The Ford works were big."),
]
"""Language, source language, the reference with the name in brackets, and a hypothesis that names the same person."""


def is_accepted(language, source, reference, hypothesis):
    before, name, after = re.split(r"[\[\]]", reference)
    test_set = make([before + name + after], [(name, "PER", 0)], language=language)
    return match(replace(test_set, source_language=source), [hypothesis]).verdicts[0].outcome in ACCEPTED


@pytest.mark.parametrize(("language", "source", "reference", "hypothesis"), SOMEBODY_ELSE)
def test_somebody_or_something_else_is_not_accepted(language, source, reference, hypothesis):
    assert not is_accepted(language, source, reference, hypothesis)


@pytest.mark.parametrize(("language", "source", "reference", "hypothesis"), THE_SAME)
def test_the_person_is_accepted(language, source, reference, hypothesis):
    assert is_accepted(language, source, reference, hypothesis)


def test_a_given_name_that_the_document_has_elsewhere_keeps_others_apart():
    references = ["Владимир Кличко приехал.", "Кличко рад."]
    names = [("Владимир Кличко", "PER", 0, "v"), ("Кличко", "PER", 1, "v")]
    found = verdicts(
        references, names, ["Владимир Кличко приехал.", "Виталий Кличко рад."], (), "ru", ["d", "d"]
    )
    assert [outcome for outcome, _, _ in found] == ["exact", "replaced"]
