"""What the registry says of codes in the spellings of BCP 47, ISO 639, WMT, FLORES and NTREX."""

from __future__ import annotations

import pytest
from sacrebleu.metrics import BLEU

from evalkit.languages.registry import find_language, is_same_language, shorten_code, suggest_code

SPELLINGS = {
    "zh": "zh ZH zho chi cmn zh-Hans zho_Hans zh_CN zho-CN cmn_Hans yue yue_Hant zh_TW zho_Hant lzh wuu nan",
    "ja": "ja jpn jpn_Jpan ja_JP",
    "ko": "ko kor kor_Hang ko-KR",
    "th": "th tha tha_Thai",
    "my": "my mya bur mya_Mymr",
    "bo": "bo bod tib bod_Tibt",
    "en": "en EN eng eng_Latn en_US en-GB-oxendict en_XX",
    "pt": "pt por pt-BR por_Latn",
    "ru": "ru rus rus_Cyrl",
    "tr": "tr tur tur_Latn",
    "ar": "ar arb arb_Arab arz_Arab apc ajp_Arab",
    "fa": "fa pes pes_Arab prs_Arab fas per",
    "sr": "sr srp srp_Cyrl sr_Latn sh hbs",
    "he": "he heb iw heb_Hebr",
    "nb": "nb nob nob_Latn",
    "no": "no nor",
    "lv": "lv lvs lav",
    "et": "et est ekk",
    "sq": "sq als_Latn sqi",
    "pa": "pa pan_Guru pa_Arab",
    "ckb": "ckb ckb_Arab",
    "ku": "ku kmr_Latn",
    "sgg": "sgg",
    "ase": "ase",
}


@pytest.mark.parametrize(
    ("code", "spelling"), [(code, spelling) for code, line in SPELLINGS.items() for spelling in line.split()]
)
def test_all_spellings_of_a_language_are_one(code, spelling):
    found = find_language(spelling)
    assert (found.code, found.is_known) == (code, True)


@pytest.mark.parametrize(
    ("code", "script"),
    [
        ("zh", "Hans"),
        ("zh_TW", "Hant"),
        ("yue", "Hant"),
        ("sr", "Cyrl"),
        ("sr_Latn", "Latn"),
        ("pa", "Guru"),
        ("pnb", "Arab"),
        ("pa_PK", "Arab"),
        ("ku", "Latn"),
        ("ckb", "Arab"),
        ("azb", "Arab"),
        ("az", "Latn"),
        ("dzo_Tibt", "Tibt"),
        ("ja_Latn", "Latn"),
    ],
)
def test_a_code_names_a_script_or_has_the_usual_one(code, script):
    assert find_language(code).script == script


@pytest.mark.parametrize(
    "code", "dsgs x-mine x-other qaa qtz tgt src trg und mul foo xx Dsgs en_toolongsubtag".split()
)
def test_private_and_unregistered_codes_are_unknown(code):
    assert find_language(code).is_known == code.startswith("en")
    assert find_language(code).has_spaces
    assert find_language(code).tokenizer == "13a"


@pytest.mark.parametrize("code", ["zh", "ja", "ko", "de", "en", "ru", "tr", "ar"])
def test_the_tokenizer_is_that_of_sacrebleu(code):
    assert find_language(code).tokenizer == BLEU._TOKENIZER_MAP.get(code, "13a")


@pytest.mark.parametrize(
    ("code", "tokenizer"),
    [
        ("th", "char"),
        ("lao_Laoo", "char"),
        ("khm", "char"),
        ("my", "char"),
        ("bod_Tibt", "char"),
        ("dzo_Tibt", "char"),
        ("shn_Mymr", "char"),
        ("yue", "zh"),
        ("zh_Latn", "13a"),
        ("ja_Latn", "13a"),
        ("vi_Hani", "zh"),
    ],
)
def test_the_tokenizer_follows_the_script(code, tokenizer):
    assert find_language(code).tokenizer == tokenizer
    assert find_language(code).has_spaces == (tokenizer == "13a")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ar", True),
        ("heb_Hebr", True),
        ("pa_Arab", True),
        ("pa", False),
        ("dv", True),
        ("sr", False),
        ("ur_Aran", True),
    ],
)
def test_the_direction_follows_the_script(code, expected):
    assert find_language(code).is_right_to_left is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("zh", "zho_Hans", True),
        ("zh", "zh_TW", False),
        ("zh_TW", "zho_Hant", True),
        ("pt", "pt-BR", True),
        ("ko", "kor_Hang", True),
        ("ja", "jpn_Hrkt", True),
        ("ur", "urd_Aran", True),
        ("sr", "sr_Latn", False),
        ("nob", "nb", True),
        ("no", "da", False),
        ("x-mine", "X-Mine", True),
        ("x-mine", "x-yours", False),
        ("DSGS", "dsgs", True),
        ("zho_Hans+jpn", "zh+ja", True),
        ("zho_Hans+jpn", "zh", False),
        ("ru+uk", "uk", False),
        ("en", None, False),
        (None, None, True),
    ],
)
def test_two_codes_are_one_language_if_language_and_script_are_the_same(a, b, expected):
    assert is_same_language(a, b) is is_same_language(b, a) is expected


@pytest.mark.parametrize(
    ("name", "code"),
    [("English", "en"), ("chinese", "zh"), ("greek", "el"), ("norwegian", "no"), ("dsgs", None)],
)
def test_a_name_leads_to_its_code(name, code):
    assert suggest_code(name) == code


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("zho_Hans", "zh"),
        ("cmn", "zh"),
        ("zh_TW", "zh-Hant"),
        ("kor_Hang", "ko"),
        ("en-US", "en"),
        ("qaa", "qaa"),
        ("pt-BR+es", "pt+es"),
    ],
)
def test_the_shortest_code_keeps_the_script(code, expected):
    assert shorten_code(code) == expected
