"""Exchanged names in thirteen languages: who does what to whom, by hand."""

from __future__ import annotations

import pytest
from names_in_text import verdicts

EXCHANGED = [
    ("uk", "Сергій Жадан запросив Оксану Лінів.", "Сергій Жадан", "Оксану Лінів",
     "Оксана Лінів запросила Сергія Жадана."),
    ("uk", "Судан переміг Японію у Києві.", "Судан", "Японію", "Японія перемогла Судан у Києві."),
    ("ko", "박지성 감독은 손흥민 선수를 비판했다.", "박지성", "손흥민", "손흥민 선수는 박지성 감독을 비판했다."),
    ("es", "El Banco Mundial prestó dinero a Perú.", "Banco Mundial", "Perú",
     "Perú prestó dinero al Banco Mundial."),
    ("ja", "世界銀行はペルーに融資した。", "世界銀行", "ペルー", "ペルーは世界銀行に融資した。"),
    ("en", "Iran accused Israel of the attack.", "Iran", "Israel", "Israel accused Iran of the attack."),
    ("en", "Hill beat Grosjean in Monza.", "Hill", "Grosjean", "Grosjean beat Hill in Monza."),
    ("en", "He flew from Paris to Oslo.", "Paris", "Oslo", "He flew from Oslo to Paris."),
    ("en", "France lent money to Greece.", "France", "Greece", "Greece lent money to France."),
    ("de", "Der Iran verurteilte Israel.", "Iran", "Israel", "Israel verurteilte den Iran."),
    ("de", "Klopp dankte Guardiola herzlich.", "Klopp", "Guardiola", "Guardiola dankte Klopp herzlich."),
    (
        "de",
        "Apple verklagte Samsung wegen eines Patents.",
        "Apple",
        "Samsung",
        "Samsung verklagte Apple wegen eines Patents.",
    ),
    ("fr", "Le Mali accuse la Guinée.", "Mali", "Guinée", "La Guinée accuse le Mali."),
    (
        "fr",
        "Renault a poursuivi Nissan en justice.",
        "Renault",
        "Nissan",
        "Nissan a poursuivi Renault en justice.",
    ),
    ("fr", "Paris a livré des armes à Kiev.", "Paris", "Kiev", "Kiev a livré des armes à Paris."),
    ("es", "Chile derrotó a Bolivia.", "Chile", "Bolivia", "Bolivia derrotó a Chile."),
    (
        "es",
        "Petro felicitó a Boric por su victoria.",
        "Petro",
        "Boric",
        "Boric felicitó a Petro por su victoria.",
    ),
    ("ru", "Иран обвинил Израиль в атаке.", "Иран", "Израиль", "Израиль обвинил Иран в атаке."),
    ("ru", "Польша помогла Литве.", "Польша", "Литве", "Литва помогла Польше."),
    ("uk", "Шмигаль подякував Дуді.", "Шмигаль", "Дуді", "Дуда подякував Шмигалю."),
    ("cs", "Zeman pochválil Babiše.", "Zeman", "Babiše", "Babiš pochválil Zemana."),
    ("tr", "İran İsrail'i suçladı.", "İran", "İsrail", "İsrail İran'ı suçladı."),
    ("ar", "اتهمت إيران إسرائيل بالهجوم.", "إيران", "إسرائيل", "اتهمت إسرائيل إيران بالهجوم."),
    ("ar", "أرسلت مصر مساعدات إلى لبنان.", "مصر", "لبنان", "أرسلت لبنان مساعدات إلى مصر."),
    ("zh", "伊朗指责以色列。", "伊朗", "以色列", "以色列指责伊朗。"),
    ("zh", "法国向希腊提供贷款。", "法国", "希腊", "希腊向法国提供贷款。"),
    ("ja", "イランがイスラエルを非難した。", "イラン", "イスラエル", "イスラエルがイランを非難した。"),
    ("ja", "田中は佐藤に手紙を書いた。", "田中", "佐藤", "佐藤は田中に手紙を書いた。"),
    ("ko", "이란이 이스라엘을 비난했다.", "이란", "이스라엘", "이스라엘이 이란을 비난했다."),
    ("ko", "김연아가 손흥민에게 선물을 보냈다.", "김연아", "손흥민", "손흥민이 김연아에게 선물을 보냈다."),
    ("hi", "ईरान ने इज़राइल को चेतावनी दी।", "ईरान", "इज़राइल", "इज़राइल ने ईरान को चेतावनी दी।"),
    # the order stays, and the verb turns passive or active
    ("en", "Intel acquired Altera.", "Intel", "Altera", "Intel was acquired by Altera."),
    ("en", "Intel was sued by Altera.", "Intel", "Altera", "Intel sued Altera."),
    ("de", "Intel übernahm Altera.", "Intel", "Altera", "Intel wurde von Altera übernommen."),
    ("fr", "Intel a racheté Altera.", "Intel", "Altera", "Intel a été racheté par Altera."),
    ("es", "Intel adquirió Altera.", "Intel", "Altera", "Intel fue adquirida por Altera."),
    ("zh", "微软收购了暴雪。", "微软", "暴雪", "微软被暴雪收购了。"),
    ("ja", "ソニーがアップルを買収した。", "ソニー", "アップル", "ソニーがアップルに買収された。"),
    ("ko", "현대가 기아를 인수했다.", "현대", "기아", "현대가 기아에 인수됐다."),
    # a verb with a direction beside a word for with
    ("cs", "Brazílie prohrála s Chorvatskem.", "Brazílie", "Chorvatskem", "Chorvatsko prohrálo s Brazílií."),
    ("ru", "Чили проиграла матч с Перу.", "Чили", "Перу", "Перу проиграла матч с Чили."),
    ("es", "Chile perdió con Perú.", "Chile", "Perú", "Perú perdió con Chile."),
    ("uk", "Потяг зі Львова до Києва запізнився.", "Львова", "Києва", "Потяг з Києва до Львова запізнився."),
]  # fmt: skip
RIGHT = [
    ("cs", "Irsko kritizovalo Itálii.", "Irsko", "Itálii", "Irové kritizovali italskou vládu."),
    ("ru", "Пётр Орёл написал Юлии Цой.", "Пётр Орёл", "Юлии Цой", "Юлии Цой написал Орёл."),
    ("en", "Iran accused Israel of the attack.", "Iran", "Israel", "Israel was accused by Iran of the attack."),
    ("en", "Iran borders Turkey.", "Iran", "Turkey", "Turkey borders Iran."),
    ("en", "Paris and Oslo agreed.", "Paris", "Oslo", "Oslo and Paris agreed."),
    ("en", "Kyiv, the capital of Ukraine, fell.", "Kyiv", "Ukraine", "Ukraine's capital Kyiv fell."),
    ("en", "a flat in Minato Ward, Tokyo", "Minato Ward", "Tokyo", "a flat in Tokyo's Minato Ward"),
    ("de", "Der Iran verurteilte Israel.", "Iran", "Israel", "Israel wurde vom Iran verurteilt."),
    ("de", "Klopp traf Guardiola in Rom.", "Klopp", "Guardiola", "Guardiola traf Klopp in Rom."),
    ("fr", "Le Mali accuse la Guinée.", "Mali", "Guinée", "La Guinée est accusée par le Mali."),
    ("fr", "Paris et Kiev négocient.", "Paris", "Kiev", "Kiev et Paris négocient."),
    ("es", "Chile derrotó a Bolivia.", "Chile", "Bolivia", "A Bolivia la derrotó Chile."),
    ("es", "Chile limita con Bolivia.", "Chile", "Bolivia", "Bolivia limita con Chile."),
    ("ru", "Польша помогла Литве.", "Польша", "Литве", "Литве помогла Польша."),
    ("ru", "Путин встретился с Эрдоганом.", "Путин", "Эрдоганом", "Эрдоган встретился с Путиным."),
    ("uk", "Шмигаль подякував Дуді.", "Шмигаль", "Дуді", "Дуді подякував Шмигаль."),
    ("cs", "Zeman pochválil Babiše.", "Zeman", "Babiše", "Babiše pochválil Zeman."),
    ("cs", "Zeman pochválil Babiše.", "Zeman", "Babiše", "Babiš byl pochválen Zemanem."),
    ("tr", "İran İsrail'i suçladı.", "İran", "İsrail", "İsrail'i İran suçladı."),
    ("ar", "التقى السيسي ماكرون.", "السيسي", "ماكرون", "التقى ماكرون السيسي."),
    ("zh", "法国和希腊签署协议。", "法国", "希腊", "希腊和法国签署协议。"),
    ("zh", "伊朗指责以色列。", "伊朗", "以色列", "以色列被伊朗指责。"),
    ("ja", "イランがイスラエルを非難した。", "イラン", "イスラエル", "イスラエルをイランが非難した。"),
    ("ja", "日本と韓国が合意した。", "日本", "韓国", "韓国と日本が合意した。"),
    ("ko", "이란이 이스라엘을 비난했다.", "이란", "이스라엘", "이스라엘을 이란이 비난했다."),
    ("hi", "भारत और ईरान में समझौता हुआ।", "भारत", "ईरान", "ईरान और भारत में समझौता हुआ।"),
    ("en", "Intel acquired Altera.", "Intel", "Altera", "Altera was acquired by Intel."),
    ("en", "According to Intel, it stopped Altera.", "Intel", "Altera", "According to Intel, it was stopped by Altera."),
    ("de", "Intel übernahm Altera.", "Intel", "Altera", "Altera wurde von Intel übernommen."),
    ("es", "Chile empató con Perú.", "Chile", "Perú", "Perú empató con Chile."),
    ("zh", "微软收购了暴雪。", "微软", "暴雪", "暴雪被微软收购了。"),
    ("ja", "ソニーがアップルを買収した。", "ソニー", "アップル", "アップルがソニーに買収された。"),
    ("ja", "チリはペルーに負けた。", "チリ", "ペルー", "ペルーはチリに勝った。"),
    ("ko", "현대가 기아를 인수했다.", "현대", "기아", "기아가 현대에 인수됐다."),
    ("ar", "التقت مصر والأردن.", "مصر", "الأردن", "التقت الأردن ومصر."),
    # other prepositions: the sentence is another
    ("en", "the rights of Hong Kong and minorities in China", "Hong Kong", "China", "rights in Hong Kong and for China's minorities"),
    ("en", "Russia's troop buildup around Ukraine and a gas pipeline", "Russia", "Ukraine", "a buildup of troops near the borders of Ukraine and Russia's gas pipeline"),
]  # fmt: skip
PERSONS = ("Сергій Жадан", "Оксану Лінів", "박지성", "손흥민", "Пётр Орёл", "Юлии Цой", "Hill", "Grosjean", "Klopp", "Guardiola", "Petro", "Boric", "Шмигаль", "Дуді", "Zeman", "Babiše",
           "Путин", "Эрдоганом", "السيسي", "ماكرون", "田中", "佐藤", "김연아", "손흥민")  # fmt: skip
COMPANIES = (
    "Banco Mundial",
    "世界銀行",
    "Apple",
    "Samsung",
    "Renault",
    "Nissan",
    "Intel",
    "Altera",
    "微软",
    "暴雪",
    "ソニー",
    "アップル",
    "현대",
    "기아",
)


def reasons(language, reference, one, other, hypothesis):
    kinds = ["PER" if name in PERSONS else "ORG" if name in COMPANIES else "LOC" for name in (one, other)]
    names = [(one, kinds[0], 0), (other, kinds[1], 0)]
    return [verdict[:2] for verdict in verdicts([reference], names, [hypothesis], language=language)]


@pytest.mark.parametrize("example", EXCHANGED, ids=lambda e: f"{e[0]}: {e[4]}")
def test_names_in_each_others_role_are_wrong(example):
    assert reasons(*example) == [("replaced", "exchanged")] * 2


@pytest.mark.parametrize("example", RIGHT, ids=lambda e: f"{e[0]}: {e[4]}")
def test_names_in_their_own_role_are_right(example):
    assert {outcome for outcome, _ in reasons(*example)} <= {"exact", "variant"}
