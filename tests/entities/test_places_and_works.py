"""Places, institutions and titles of works: for each rule what it accepts, and what it must not accept."""

from __future__ import annotations

import pytest
from names_in_text import verdict

from evalkit.entities.outcomes import ACCEPTED

# language; reference with the name in braces; its type; hypotheses that have the name; hypotheses that have not
RULES = """
# a place is not the institution that is named after it, unless the reference has the word for it
ar | درس في {القاهرة}. | LOC | درس بالقاهرة. | درس في جامعة القاهرة. ; درس في بنك القاهرة.
ar | وصل إلى المطار في {بيروت}. | LOC | وصل إلى مطار بيروت. | وصل إلى مستشفى بيروت.
hi | वह {पटना} में है। | LOC | वह पटना गया। | वह पटना विश्वविद्यालय में है।
ko | 그는 {대전}에 산다. | LOC | 그는 대전에서 산다. | 그는 대전 대학교에 산다.
zh | 他在{武汉}。 | LOC | 他住武汉。 | 他在武汉晚报。 ; 他在武汉银行。
zh | {中国}学生来了。 | LOC | 中国大学生来了。 | 中国大学来了。
zh | 他在{南京}的银行。 | LOC | 他在南京银行。 | 他在南京大学。
ja | 彼は{札幌}にいる。 | LOC | 彼は札幌に住む。 | 彼は札幌テレビにいる。 ; 彼は札幌大学にいる。
tr | {Konya}'da bekliyor. | LOC | Konya'da duruyor. | Konya Havalimanı'nda bekliyor. ; Konya Lisesi'nde bekliyor.
cs | Hraje v {Praze}. | LOC | Hraje pro Prahu. | Hraje za Spartu Praha.
en | He is in {Georgia}. | LOC | He is from Georgia. | He is at Georgia Tech.
fr | Il aime {Paris}. | LOC | Il vit à Paris. | Il aime le Paris Saint-Germain.
ru | Она учится в {Казани}. | LOC | Она живёт в Казани. | Она учится в Казанском федеральном университете.
uk | Вона працює у {Львові}. | LOC | Вона живе у Львові. | Вона працює у Львівській політехніці.
# nor a newspaper or a broadcaster in quotation marks
ru | Он живёт в {Москве}. | LOC | Он живёт в «Москве». | Он слушает «Эхо Москвы».
uk | Він живе в {Києві}. | LOC | Він живе в «Києві». | Він читає «Вечірній Київ».
ru | Он сказал: «Слава {Украине}». | LOC | Он говорит: «Слава Украине!» | Он говорит: «Слава Греции!»
# a generic word may be left out, but not changed
ar | فاض {نهر الفرات}. | LOC | فاض الفرات. | فاض نهر دجلة. ; جاء الفراتي.
ar | سكن في {مدينة حلب}. | LOC | سكن في حلب. | سكن في مدينة حماة.
ar | زار {مدينة الكويت}. | LOC | زار مدينة الكويت أمس. | زار الكويت.
hi | {यमुना नदी} गहरी है। | LOC | यमुना गहरी है। | गोमती नदी गहरी है।
zh | {青海省}下雪。 | LOC | 青海下雪。 ; 在青海下雪。 | 青海湖下雪。 ; 青海大学下雪。 ; 云南省下雪。
ja | {奈良県}で会った。 | LOC | 奈良で会った。 | 奈良大学で会った。 ; 広島県で会った。
de | Er ist in {Kassel}. | LOC | Er ist in der Stadt Kassel. | Er ist in der Stadt Essen.
de | Er ist in {Mexiko-Stadt}. | LOC | Er ist in Mexiko-Stadt angekommen. | Er ist in Mexiko.
ru | Он из {Псковской области}. | LOC | Он из Псковской обл. | Он из Томской обл.
ru | Это дело {Министерства финансов}. | ORG | Это дело минфина. ; Так решили в Минфине. | Это дело минюста.
uk | Так вирішило {Міністерство фінансів}. | ORG | Так вирішили в мінфіні. | Так вирішили в мін'юсті.
# Czech names in -ea and -ua
cs | Je v {Koreji}. | LOC | Letí do Koreje. ; Korea je daleko. | Je v Karelii. ; Je v Severní Koreji.
cs | Je v {Guineji}. | LOC | Letí na Guineu. | Letí do Papuy Nové Guineje. ; Letí na Rovníkovou Guineu.
cs | Je v {Nikaragui}. | LOC | Letí do Nikaraguy. | Je v Paraguayi.
# digits of any script, and quotation marks around titles of works
ar | انتشر {كوفيد-19}. | MISC | انتشر كوفيد ١٩. | انتشر كوفيد ١٨.
hi | {जी7} की बैठक। | MISC | जी7 की सभा। ; जी-७ की बैठक। | जी२० की बैठक।
zh | 他看{《三国演义》}。 | MISC | 他看「三国演义」。 ; 他看三国演义。 | 他看《西游记》。
ja | {『雪国』}を読む。 | MISC | 「雪国」を読む。 ; 雪国を読む。 | 『舞姫』を読む。
"""
CASES = [
    (*[part.strip() for part in line.split("|")[:3]], hypothesis.strip(), is_right)
    for line in RULES.strip().splitlines()
    if not line.startswith("#")
    for column, is_right in ((3, True), (4, False))
    for hypothesis in line.split("|")[column].split(";")
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}: {case[3]}")
def test_what_is_the_name_and_what_is_not(case):
    language, marked, kind, hypothesis, is_right = case
    name = marked[marked.index("{") + 1 : marked.index("}")]
    reference = marked.replace("{", "").replace("}", "")
    outcome, _, _ = verdict(reference, name, kind, hypothesis, language=language)
    assert (outcome in ACCEPTED) == is_right, outcome
