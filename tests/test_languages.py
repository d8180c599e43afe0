"""Outputs that copy the source or are in another language, and scores that do not fit the language."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest
from miniature import GOOD, REFERENCE, SOURCE, in_memory, output

from evalkit.alignment import Aligner
from evalkit.data.wmt_xml import WmtXml
from evalkit.evaluation.languages import warn_of_languages, warn_of_output
from evalkit.evaluation.scoring import Inputs
from evalkit.languages.identifier import load_identifier
from evalkit.metrics.lexical import Bleu, Chrf, ChrfPlusPlus, Ter
from evalkit.significance.units import Bootstrap

NTREX = {
    "ar": "arb",
    "cs": "ces",
    "de": "deu",
    "en": "eng",
    "es": "spa",
    "fr": "fra",
    "he": "heb",
    "hi": "hin",
    "hr": "hrv",
    "is": "isl",
    "it": "ita",
    "ja": "jpn",
    "ko": "kor",
    "nl": "nld",
    "pl": "pol",
    "pt": "por",
    "ru": "rus",
    "tr": "tur",
    "uk": "ukr",
    "zh": "zho-CN",
}


@pytest.fixture(scope="module")
def news(shared):
    """The lines of NTREX by language."""
    paths = {code: f"{'source' if code == 'en' else 'reference'}.{name}.txt" for code, name in NTREX.items()}
    return {
        code: (shared / "ntrex" / path).read_text(encoding="utf-8").split("\n")[:400]
        for code, path in paths.items()
    }


def warn(references, sources, hypotheses, target):
    return list(warn_of_output(in_memory([references], sources, target), output(hypotheses)))


def warn_of_code(lines, code):
    test_set = in_memory([lines], None, code)
    return list(
        warn_of_languages(Inputs(test_set=test_set, outputs=[], metrics=[], significance=Bootstrap()))
    )


@pytest.mark.parametrize("language", NTREX)
def test_a_code_of_another_language_than_that_of_the_references_is_told(news, language):
    lines = news[language][20:40]
    assert warn_of_code(lines, language) == []
    wrong = "tr" if language in ("de", "nl") else "de"
    (warning,) = warn_of_code(lines, wrong)
    assert warning == (
        f"the references seem to be in another language ({language}) than the target language ({wrong}), "
        "which chooses tokenizers and rules"
    )


def test_related_languages_and_short_references_are_not_judged(news):
    assert warn_of_code(news["hr"][:20], "sr_Latn") == []
    assert warn_of_code(news["tr"][:1], "de") == []
    assert warn_of_code(news["tr"][:20], "x-mine")[1:] == []


@pytest.mark.parametrize("target", NTREX)
def test_every_third_language_is_seen_and_the_right_one_is_not(news, target):
    """The right one: other lines of the same language."""
    references, source = news[target][:60], news["is" if target == "en" else "en"][:60]
    assert warn(references, source, news[target][100:160], target) == []
    for code in NTREX.keys() - {target}:
        (warning,) = warn(references, None, news[code][:60], target)
        assert warning.endswith(f"seems to be in another language ({code}) than the references ({target})")
    assert warn(references, source, source, target) == ["100% of the output is copied from the source"]


def test_a_part_of_an_output_is_seen_with_its_share(news):
    references, source, third = (news[code][:200] for code in ("de", "en", "fr"))
    mixed = [source[i] if i % 2 else third[i] if i % 4 else references[i] for i in range(200)]
    copied, foreign = warn(references, source, mixed, "de")
    length = [len(line) for line in mixed]
    assert copied == f"{sum(length[1::2]) / sum(length):.0%} of the output is copied from the source"
    assert foreign.endswith("of the rest seems to be in another language (fr) than the references (de)")
    few = [source[i] if i % 20 == 0 else references[i] for i in range(200)]
    assert warn(references, source, few, "de") == [], "names, titles and quotes may be left as they are"


def test_copies_in_other_spacing_or_case_are_copies_and_what_the_reference_has_too_is_not(news):
    references, source = news["de"][:20], news["en"][:20]
    shouted = [f"  {line.upper()} " for line in source]
    assert warn(references, source, shouted, "de") == ["100% of the output is copied from the source"]
    assert warn(source, source, source, "en") == []


def test_related_languages_share_sentences_and_a_copy_of_all_is_seen_nevertheless(news):
    """As if Croatian were translated into Bosnian: a tenth of the references equals the source."""
    source = news["hr"][:200]
    references = [line if i % 10 == 0 else line.replace("je", "ije") for i, line in enumerate(source)]
    system = [line if i % 5 == 1 else references[i] for i, line in enumerate(source)]
    assert warn(references, source, system, "bs") == []
    (warning,) = warn(references, source, source, "bs")
    assert re.fullmatch(r"[89]\d% of the output is copied from the source", warning)


def test_small_test_sets_are_checked_and_tiny_ones_are_not():
    assert warn(REFERENCE, SOURCE, GOOD, "en") == []
    (warning,) = warn(REFERENCE, None, SOURCE, "en")
    assert warning == "100% of the output seems to be in another language than the references (en)"
    assert warn(["Nobody came."], None, ["Никто не пришёл."], "en") == []


@pytest.mark.parametrize("target", ["x-mine", "my", "dsgs"])
def test_the_code_does_not_matter_only_the_references_do(target):
    assert warn(REFERENCE, SOURCE, GOOD, target) == []
    (warning,) = warn(REFERENCE, None, SOURCE, target)
    assert warning == f"100% of the output seems to be in another language than the references ({target})"


def test_a_language_that_the_identifier_does_not_know_is_judged_by_its_references(news):
    """The first articles of the Universal Declaration of Human Rights in Hausa; py3langid has no Hausa."""
    hausa = [
        "Su dai 'yan'adam, ana haifuwarsu ne duka 'yantattu, kuma kowannensu na da mutunci da hakkoki daidai",
        "da na kowa. Suna da hankali da tunani, saboda haka duk abin da za su aikata wa juna, ya kamata su yi",
        "shi a cikin 'yan'uwanci.",
        "Ko wane mutum na iya neman samun hakkokin da wannan Sanarwa ta kunsa, da kuma cin moriyarsu ba tare da",
        "nuna wani bambanci ba.",
        "Ko wane mutum na da hakkin rayuwa, da 'yanci, da kuma kasancewa cikin aminci.",
    ]
    assert "ha" not in load_identifier().codes
    assert warn(hausa[:3], None, hausa[3:], "ha") == []
    (warning,) = warn(hausa, None, news["en"][:6], "ha")
    assert warning.endswith("in another language (en) than the references (ha)")


@pytest.mark.parametrize("form", [lambda t: unicodedata.normalize("NFD", t), str.upper, str.lower])
def test_letters_in_another_form_are_no_other_language(news, form):
    for code in ("cs", "de", "fr", "pl", "ko"):
        found = warn(news[code][:60], None, [form(text) for text in news[code][100:160]], code)
        assert not any("another language" in warning for warning in found)
    (warning,) = warn(news["de"][:60], None, [form(text) for text in news["en"][:60]], "de")
    assert "(en)" in warning


def test_decomposed_letters_are_warned_of_and_what_has_no_composed_form_is_not(news):
    decomposed = [unicodedata.normalize("NFD", text) for text in news["cs"][:60]]
    (warning,) = warn(news["cs"][:60], None, decomposed, "cs")
    assert warning.startswith(
        "letters with accents are decomposed (Unicode NFD) in the output and not in the"
    )
    (warning,) = warn(decomposed, None, news["cs"][:60], "cs")
    assert "in the references and not in the output" in warning
    assert warn(decomposed, None, decomposed, "cs") == []
    composed = [unicodedata.normalize("NFC", text) for text in news["hi"][:200]]
    assert warn(news["hi"][:200], None, composed, "hi") == []


def test_half_of_each_paragraph_is_half_of_the_output(news):
    references = [" ".join(news["de"][i : i + 10]) for i in range(0, 100, 10)]
    mixed = [" ".join(news["en"][i : i + 5] + news["de"][i + 5 : i + 10]) for i in range(0, 100, 10)]
    (warning,) = warn(references, None, mixed, "de")
    share = sum(len(news["en"][i]) for i in range(100) if i % 10 < 5) / sum(map(len, mixed))
    assert abs(int(warning.split("%")[0]) / 100 - share) < 0.1


def test_articles_that_copy_the_source_are_seen_although_they_are_not_aligned(news):
    references, source = news["de"][:30], news["en"][:30]
    test_set = in_memory([references], source, "de", ["a"] * 15 + ["b"] * 15)
    for lines, expected in (
        (source, "100% of the output is copied from the source"),
        (news["fr"][:30], "100% of the output seems to be in another language (fr) than the references (de)"),
        (references, None),
    ):
        texts = {"a": " ".join(lines[:15]), "b": "\n".join(lines[15:])}
        aligned = Aligner().align("x", texts, test_set, origin="")
        assert list(warn_of_output(test_set, aligned)) == ([expected] if expected else [])


@pytest.mark.parametrize("name", ["rebuilt.de-fr.xml", "rebuilt.en-hr.xml", "rebuilt.en-ja.xml"])
def test_systems_of_wmt_are_not_warned_of(shared, name):
    reader = WmtXml(path=str(shared / "wmt22" / name))
    test_set = reader.read()
    for system in reader.bundled():
        assert list(warn_of_output(test_set, output(reader.read_bundled(system, test_set)))) == []


def test_shuffled_words_are_not_another_language(news):
    """Very weak output: half of the words at random places, a fifth of them missing."""
    for code in ("de", "hr", "tr", "ru"):
        weak = []
        for line in news[code][:200]:
            words = [word for word in line.split() if random.Random(line + word).random() > 0.2]
            random.Random(line).shuffle(words)
            weak.append(" ".join(words))
        assert warn(news[code][200:400], news["en"][200:400], weak, code) == []


def warn_of_scores(references, target, *metrics):
    inputs = Inputs(
        test_set=in_memory([references], target_language=target),
        outputs=[],
        metrics=metrics,
        significance=Bootstrap(),
    )
    return list(warn_of_languages(inputs))


THAI = ["วันนี้อากาศดีมากเราจึงไปเดินเล่นที่สวนสาธารณะ"]
CHINESE = ["今天的天气非常好，我们去公园散步。"]
JAPANESE = ["今日はとても良い天気なので公園を散歩しました。"]
UNCUT = "100% of the letters of the references are in scripts without spaces between words"


@pytest.mark.parametrize(
    ("references", "target", "metric", "expected"),
    [
        (REFERENCE, "en", Bleu(), []),
        (REFERENCE, "en", ChrfPlusPlus(), []),
        (CHINESE, "zho_Hant", Bleu(), []),
        (JAPANESE, "jpn", Bleu(), []),
        (THAI, "th", Chrf(), []),
        (
            THAI,
            "tha_Thai",
            Bleu(),
            [
                (
                    "BLEU: tha_Thai has no spaces between words, so the tokenizer is char (tok:char): "
                    "n-grams of characters, not comparable with BLEU of words"
                )
            ],
        ),
        (THAI, "th", Bleu(tokenize="char"), []),
        (THAI, "th", Bleu(tokenize="flores200"), []),
        (
            THAI,
            "th",
            Bleu(tokenize="13a"),
            [
                (
                    f"BLEU: {UNCUT}, and the tokenizer 13a does not cut them into words; "
                    "set metrics.bleu.tokenize=char"
                )
            ],
        ),
        (
            CHINESE,
            "zh",
            Bleu(tokenize="13a"),
            [
                (
                    f"BLEU: {UNCUT}, and the tokenizer 13a does not cut them into words; "
                    "set metrics.bleu.tokenize=zh"
                )
            ],
        ),
        (
            CHINESE,
            "en",
            Bleu(),
            [
                (
                    f"BLEU: {UNCUT}, and the tokenizer 13a does not cut them into words; "
                    "set metrics.bleu.tokenize=char"
                )
            ],
        ),
        (
            CHINESE,
            "zh",
            ChrfPlusPlus(),
            [f"chrF++: {UNCUT}, so its words are clauses or sentences; use chrF with word_order=0"],
        ),
        (
            CHINESE,
            "zh",
            Ter(),
            [
                (
                    f"TER: {UNCUT}, so its edits are of clauses or sentences; "
                    "set metrics.ter.normalized=true metrics.ter.asian_support=true"
                )
            ],
        ),
        (CHINESE, "zh", Ter(normalized=True, asian_support=True), []),
        (
            THAI,
            "th",
            Ter(normalized=True, asian_support=True),
            [f"TER: {UNCUT}, so its edits are of clauses or sentences; use chrf instead"],
        ),
        (
            THAI,
            "th",
            Ter(),
            [f"TER: {UNCUT}, so its edits are of clauses or sentences; use chrf instead"],
        ),
        (
            REFERENCE,
            "dsgs",
            Bleu(),
            [
                "target language 'dsgs': unknown code, so language-specific rules and tokenizers are not applied"
            ],
        ),
    ],
)
def test_a_score_that_rests_on_spaces_that_are_not_there_is_warned_of(references, target, metric, expected):
    assert warn_of_scores(references, target, metric) == expected
