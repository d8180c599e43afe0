"""Names in scripts without capitals, or without spaces: for each rule what it accepts, and what it must not accept."""

from __future__ import annotations

import pytest
from names_in_text import make, verdict

from evalkit.entities.language.own_scripts import respell
from evalkit.entities.matching import ACCEPTED, match
from evalkit.types import Alias

# language; reference with the name in braces; its type; a hypothesis that has the name and the rule (= for the
# same words); hypotheses that have not
RULES = """
# a surname before or after a title is no other person's, and no part of a word
zh | {王毅}访问了罗马。 | PER | 王外长访问了罗马。 short | 王建外长访问了罗马。 ; 国王外长访问了罗马。
zh | {马英九}来了。 | PER | 欢迎马总统。 short | 巴拿马总统来了。
zh | 昨天{黄志强}被捕。 | PER | 昨天黄某被捕。 short | 昨天黄志刚被捕。 ; 黄金被盗。
zh | {岸田文雄}辞职。 | PER | 日本首相岸田辞职。 short | 岸田文夫辞职。 ; 岸本辞职。
zh | {渡边太郎}辞职。 | PER | 首相渡边辞职。 short | 渡部辞职。
zh | {时间老人}是谁？ | PER | 时间老人来了。 = | 时间代表什么？
zh | {李先生}来了。 | PER | 李某来了。 short | 张先生来了。
ja | {菅義偉}は辞任した。 | PER | 菅首相は辞任した。 short | 菅直人は辞任した。 ; 菅は辞任した。
ja | {石破茂}が話した。 | PER | 石破前首相が話した。 short | 石川首相が話した。 ; 石破隆が話した。
ja | {林芳正}は話した。 | PER | 林官房長官は話した。 short | 小林官房長官は話した。 ; 林は広い。
ja | {小泉純一郎}と会う。 | PER | 小泉さんと会う。 short | 小泉進次郎と会う。
ko | {문재인}은 웃었다. | PER | 문 전 대통령은 웃었다. short | 문 앞의 대통령은 웃었다. ; 문재호는 웃었다.
ko | {이순신}이 왔다. | PER | 이 장군이 왔다. short | 이 장면이 왔다.
ko | {한덕수}가 왔다. | PER | 한덕수총리가 왔다. inflection | 한덕구 총리가 왔다.
ko | {이시바 시게루}가 왔다. | PER | 이시바 총리가 왔다. short | 이시바 다케루가 왔다.
zh | 他认识{孙教授}。 | PER | 他认识孙老师。 short | 他认识子孙老师。 ; 他认识李老师。
zh | {方文山}来了。 | PER | 据方先生说。 short | 对方先生来了。 ; 美方代表来了。
ja | {葉加瀬太郎}が来た。 | PER | 葉加瀬さんが来た。 short | 葉山さんが来た。
ja | {大坂なおみ}が来た。 | PER | 大坂選手が来た。 short | 大坂まりが来た。 ; 大阪が来た。
ja | {田中}さんが来た。 | PER | 田中が来た。 = | 中田さんが来た。
# a given name alone, between the same characters
zh | 他和{李小龙}比赛。 | PER | 他和小龙比赛。 short | 他和陈小龙比赛。 ; 小龙坎火锅店。
# the last part of a foreign name, and no other given name before it
zh | 总统{埃马纽埃尔·马克龙}说。 | PER | 总统马克龙说。 short | 总统布丽吉特·马克龙说。
zh | {乔治·沃克·布什}说。 | PER | 乔治·布什说。 short | 杰布·布什说。
ja | {アンゲラ・メルケル}は語った。 | PER | メルケル氏は語った。 short | ザビーネ・メルケルは語った。 ; メルケルスは語った。
ja | {メルケル}は語った。 | PER | アンゲラ・メルケルは語った。 = | メルケル・ビルが建った。
ko | {일론 머스크}가 왔다. | PER | 창업자 머스크가 왔다. short | 킴벌 머스크가 왔다. ; 존 머스크가 왔다. ; 엘론 머스크가 왔다. ; 머스크 재단이 왔다.
ko | 어제 {올가 쇼이구}가 왔다. | PER | 어제 러시아의 쇼이구가 왔다. short | 어제 세르게이 쇼이구가 왔다.
ar | قال {إيمانويل ماكرون} ذلك. | PER | ذكر ماكرون ذلك. short | قالت بريجيت ماكرون ذلك.
ar | حضر {لويس سواريز} المباراة. | PER | حضر المهاجم سواريز المباراة. short | حضر دينيس سواريز المباراة. ; حضر لويز سواريز المباراة.
ar | قال {جو بايدن} ذلك. | PER | اجتماع كيم وبايدن. short | كريم بايدن قال ذلك.
ar | وصل {فرانك ريبيري}. | PER | طائرة ريبيري وصلت. short | فاطمة ريبيري وصلت. ; توفيق ريبيري وصل.
ar | وصل {جون كينيدي}. | PER | وصل الرئيس الأمريكي كينيدي. short | وصل إلى مطار كينيدي. ; وصل روبرت كينيدي.
ar | وصل {شي جين بينغ} أمس. | PER | وصل الرئيس شي أمس. short | وصل كل شي أمس. ; وصل لي جين بينغ أمس.
ar | قال {أنتوني بلينكن} ذلك. | PER | قال الوزير بلينكن ذلك. short | قال ألان بلينكن ذلك.
hi | {राहुल गांधी} ने कहा। | PER | कांग्रेस नेता गांधी ने कहा। short | वरुण गांधी ने कहा। ; राहूल गांधी मार्ग बना।
hi | कल {शी जिनपिंग} आए। | PER | कल राष्ट्रपति शी आए। short | कल ली जिनपिंग आए। ; कल शी मिले नहीं।
ar | هدد {كيم جونغ أون} أمس. | PER | هدد الزعيم كيم أمس. short | هدد كيم جونغ إيل أمس. ; هدد كيم يونغ أمس.
hi | {इमरान खान} ने कहा। | PER | पूर्व कप्तान खान ने कहा। short | सलमान खान ने कहा।
ko | 어제 {일론 머스크}가 왔다. | PER | 방한을 요구한 머스크가 왔다. short | 어제 디에고 머스크가 왔다.
hi | {नरेंद्र मोदी} ने कहा। | PER | किम-मोदी वार्ता हुई। short | प्रह्लाद मोदी वार्ता में थे।
ar | وصل {محمد بن زايد}. | PER | وصل الشيخ بن زايد. short | وصل عبد الله بن زايد. ; وصل خالد بن زايد.
ko | {제임스 카메론}이 왔다. | PER | 영화감독 카메론이 왔다. short | 데이비드 카메론이 왔다.
ar | {كريستين فورد} تحدثت. | PER | كريستين بلاسي فورد تحدثت. short | كريستين تحدثت، بلاسي فورد حضرت.
he | {בנימין נתניהו} הגיע. | PER | ראש הממשלה נתניהו הגיע. short | שרה נתניהו הגיעה.
fa | {حسن روحانی} گفت. | PER | آقای روحانی گفت. short | محمد روحانی گفت.
th | {วลาดิเมียร์ ปูติน} กล่าว | PER | ประธานาธิบดี ปูติน กล่าว short | ดมิทรี ปูติน กล่าว
# dots and spaces within a foreign name
zh | {乔·拜登}来了。 | PER | 乔•拜登来了。 spacing | 乔·拜伦来了。
zh | {乔·拜登}来了。 | PER | 乔拜登来了。 spacing | 乔拜来了，登记了。
ja | {トム・クルーズ}が来た。 | PER | トム＝クルーズが来た。 spacing | トム・クールズが来た。
ja | {トム・クルーズ}が来た。 | PER | トムクルーズが来た。 spacing | トムがクルーに会った。
ja | {サンフランシスコ}で。 | LOC | ｻﾝﾌﾗﾝｼｽｺで。 diacritic | サンフランシスコ・ジャイアンツで。
ja | {ソニー}の株。 | ORG | ソニーグループの株。 = | ソニックグループの株。
ko | {한국}이 밝혔다. | LOC | 한국정부가 밝혔다. inflection | 한국은행이 밝혔다.
# a part of a longer word or name is not the name
ja | {マリ}で会議。 | LOC | マリの会議。 = | マリアの会議。 ; ソマリアの会議。
ja | {スーダン}で会議。 | LOC | スーダン会議。 = | 南スーダンで会議。
ja | {京都}で会議。 | LOC | 京都会議。 = | 東京都で会議。
ja | {アメリカ}で会議。 | LOC | 対アメリカ会議。 = | ラテンアメリカで会議。 ; 南アメリカで会議。
ja | {メキシコ}で会議。 | LOC | 日本・メキシコ会議。 = | ニュー・メキシコで会議。
zh | {印度}宣布。 | LOC | 越南印度宣布。 = | 印度尼西亚宣布。 ; 印度洋会议宣布。
zh | {印度}商会。 | LOC | 河南印度商会。 = | 南印度商会。
ko | {기니}에서 왔다. | LOC | 기니의 사람이 왔다. inflection | 적도 기니에서 왔다. ; 파푸아뉴기니에서 왔다.
ar | في {غينيا} اليوم. | LOC | بغينيا اليوم. inflection | في غينيا الاستوائية اليوم. ; في غينيا بيساو اليوم.
ar | في {السودان} اليوم. | LOC | بالسودان اليوم. inflection | في جنوب السودان اليوم.
he | ב{סודאן} היום. | LOC | בסודאן מחר. inflection | בדרום סודאן היום.
th | ใน{ซูดาน} | LOC | ที่ซูดาน = | ในซูดานใต้
ka | {ვლადიმერ პუტინი} მოვიდა. | PER | პრეზიდენტი პუტინი მოვიდა. short | დიმიტრი პუტინი მოვიდა.
hi | {सूडान} में। | LOC | यह सूडान में है। = | दक्षिण सूडान में।
zh | {中国外交部}宣布。 | ORG | 昨天外交部宣布。 short | 昨天美国外交部宣布。 ; 昨天国防部宣布。
ja | {日本外務省}は発表した。 | ORG | 外務省は発表した。 short | 韓国外務省は発表した。 ; 外務局は発表した。
ja | {森}が来た。 | PER | 森氏が来た。 = | 森林が広がる。
# variants of characters
zh | {张艺谋}来了。 | PER | 張藝謀來了。 diacritic | 張藝媒來了。
zh | {俄罗斯}宣布。 | LOC | 俄羅斯宣布。 diacritic | 白俄羅斯宣布。
ja | {渡辺恒雄}が来た。 | PER | 渡邉恒雄が来た。 diacritic | 渡部恒雄が来た。
ja | {国鉄}の駅。 | ORG | 國鐵の駅。 diacritic | 地鉄の駅。
# sounds that a language spells in two ways
ja | {ヴェネツィア}で。 | LOC | ベネチアで。 translit | ベネズエラで。
ja | {クーデンホーフ}が来た。 | PER | クーデンホフが来た。 translit | クーデンハーフが来た。
ja | {ローマ}で。 | LOC | ローマは晴れ。 = | ロマの人々。
ar | في {مدينة غوتنبرغ} اليوم. | LOC | في مدينة جوتنبرج اليوم. translit | في مدينة نورنبرغ اليوم.
ar | في {هونغ كونغ} اليوم. | LOC | في هونج كونج اليوم. translit | في هون كون اليوم.
ar | جاء {جمال} اليوم. | PER | جاء جمال أمس. = | جاء غمال اليوم.
hi | {नरेंद्र} आए। | PER | नरेन्द्र आए। translit | नरेश आए।
hi | {फ्रांस} में। | LOC | फ़्रांस में। translit | फ्रांक में।
hi | {मॉस्को} में। | LOC | मास्को में। translit | मिस्को में।
hi | {शीला} आईं। | PER | शीला गईं। = | शिला आईं।
"""


def parse():
    for line in RULES.splitlines():
        if line and not line.startswith("#"):
            language, reference, kind, right, wrong = (part.strip() for part in line.split(" | "))
            name = reference[reference.index("{") + 1 : reference.index("}")]
            hypothesis, _, rule = right.rpartition(" ")
            plain = reference.replace("{", "").replace("}", "")
            yield language, plain, name, kind, hypothesis, rule, wrong.split(" ; ")


CASES = list(parse())


@pytest.mark.parametrize(("language", "reference", "name", "kind", "hypothesis", "rule", "_wrong"), CASES)
def test_a_rule_accepts_the_name(language, reference, name, kind, hypothesis, rule, _wrong):
    outcome, reason, _ = verdict(reference, name, kind, hypothesis, language=language)
    assert (outcome, reason or "=") == ("exact" if rule == "=" else "variant", rule)


@pytest.mark.parametrize(
    ("language", "reference", "name", "kind", "hypothesis"),
    [
        (language, reference, name, kind, hypothesis)
        for language, reference, name, kind, _, _, wrong in CASES
        for hypothesis in wrong
    ],
)
def test_a_rule_does_not_accept_another_name(language, reference, name, kind, hypothesis):
    assert verdict(reference, name, kind, hypothesis, language=language)[0] not in ACCEPTED


def test_a_given_name_elsewhere_in_the_document_is_evidence():
    reference = ["乔·拜登来了。", "拜登说。"]
    names = [("乔·拜登", "PER", 0, "biden"), ("拜登", "PER", 1, "biden")]
    for said, right in (("乔·拜登说。", True), ("亨特·拜登说。", False)):
        verdicts = match(make(reference, names, language="zh"), ["乔·拜登来了。", said]).verdicts
        assert (verdicts[1].outcome in ACCEPTED) == right


def test_a_given_name_elsewhere_in_the_document_is_evidence_for_a_surname_alone():
    names = [("岸田文雄", "PER", 0, "kishida"), ("岸田", "PER", 1, "kishida")]
    for said, right in (
        ("岸田さんは話した。", True),
        ("岸田文雄は話した。", True),
        ("岸田裕子は話した。", False),
    ):
        test_set = make(["岸田文雄が来た。", "岸田は話した。"], names, language="ja")
        assert (match(test_set, ["岸田文雄が来た。", said]).verdicts[1].outcome in ACCEPTED) == right


def test_a_word_elsewhere_in_the_document_is_no_given_name():
    reference = ["جاء دونالد ترامب.", "هذا قرار."]
    names = [("دونالد ترامب", "PER", 0)]
    for other, right in (("القرار زبرج كبيرة.", True), ("هذا قرار.", False)):
        hypotheses = ["جاء زبرج ترامب.", other]
        assert (
            match(make(reference, names, language="ar"), hypotheses).verdicts[0].outcome in ACCEPTED
        ) == right


def test_a_rejected_short_form_is_not_accepted():
    assert (
        verdict("习近平说。", "习近平", "PER", "习主席说。", language="zh", reject=["习"])[0] not in ACCEPTED
    )
    alias = Alias("习近平", ("习大大",))
    assert (
        verdict("习近平说。", "习近平", "PER", "习大大说。", language="zh", forms=alias.forms)[1] == "alias"
    )


@pytest.mark.parametrize(
    ("code", "one", "other"),
    # 外来語の表記, tables and notes: either spelling
    [
        *[
            ("ja", "ヴァイオリン", "バイオリン"),
            ("ja", "ライプツィヒ", "ライプチヒ"),
            ("ja", "ウィスキー", "ウイスキー"),
        ],
        *[("ja", "グァテマラ", "グアテマラ"), ("ja", "イェルサレム", "イエルサレム")],
        *[("ja", "コンピューター", "コンピュータ"), ("ja", "ジェイムズ", "ジェームズ")],
        # मानक हिंदी वर्तनी, on anusvara
        *[("hi", "गङ्गा", "गंगा"), ("hi", "चञ्चल", "चंचल"), ("hi", "सम्पादक", "संपादक"), ("hi", "हिन्दी", "हिंदी")],
    ],
)
def test_published_spellings(code, one, other):
    assert respell(one, code) == respell(other, code)


@pytest.mark.parametrize(
    ("code", "one", "other"),
    [
        *[
            ("ja", "ビール", "ビル"),
            ("ja", "リビア", "リベリア"),
            ("ja", "ディーン", "ジーン"),
            ("ja", "ルイス", "ルース"),
            ("ja", "マリー", "マリ"),
        ],
        *[("hi", "अन्न", "अंन"), ("hi", "मोदी", "मोडी"), ("hi", "रीता", "रिता"), ("ar", "علي", "على")],
        *[("ar", "غانم", "جانم"), ("ar", "الغامدي", "الجامدي")],
    ],
)
def test_other_words_stay_other_words(code, one, other):
    assert respell(one, code) != respell(other, code)
