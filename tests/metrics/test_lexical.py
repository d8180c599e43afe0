"""BLEU, chrF and TER compared with the public calls of sacrebleu."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st
from miniature import BAD, GOOD, REFERENCE, in_memory, output
from sacrebleu.metrics import BLEU, CHRF, TER

from evalkit.errors import ConfigError, MetricError
from evalkit.metrics.lexical import Bleu, Chrf, ChrfPlusPlus, DocumentBleu, DocumentChrf, Ter

METRICS = {
    "bleu": (Bleu(), BLEU()),
    "bleu-lower-intl": (Bleu(lowercase=True, tokenize="intl"), BLEU(lowercase=True, tokenize="intl")),
    "bleu-floor": (Bleu(smooth_method="floor"), BLEU(smooth_method="floor")),
    "bleu-floor-value": (
        Bleu(smooth_method="floor", smooth_value=0.3),
        BLEU(smooth_method="floor", smooth_value=0.3),
    ),
    "bleu-add-k": (Bleu(smooth_method="add-k", smooth_value=2), BLEU(smooth_method="add-k", smooth_value=2)),
    "bleu-none": (Bleu(smooth_method="none"), BLEU(smooth_method="none")),
    "bleu-2": (Bleu(max_ngram_order=2), BLEU(max_ngram_order=2)),
    "chrf": (Chrf(), CHRF()),
    "chrf-options": (
        Chrf(char_order=4, beta=3, lowercase=True, whitespace=True, eps_smoothing=True),
        CHRF(char_order=4, beta=3, lowercase=True, whitespace=True, eps_smoothing=True),
    ),
    "chrf++": (ChrfPlusPlus(), CHRF(word_order=2)),
    "ter": (Ter(), TER()),
    "ter-options": (
        Ter(normalized=True, no_punct=True, case_sensitive=True),
        TER(normalized=True, no_punct=True, case_sensitive=True),
    ),
}
SECOND = [
    "A cat sat on the mat.",
    "Steve Witkoff went to Kursk.",
    "It rained the whole day in Kyiv.",
    "Nobody has come.",
]

pairs = pytest.mark.parametrize("name", METRICS)


def headline(metric, test_set, hypotheses):
    values = metric.statistics(test_set, output(hypotheses)).values
    return float(metric.aggregate(values.sum(axis=0)))


@pairs
@pytest.mark.parametrize(
    "hypotheses", [GOOD, BAD, REFERENCE, [""] * 4], ids=["good", "bad", "reference", "empty"]
)
@pytest.mark.parametrize("references", [[REFERENCE], [REFERENCE, SECOND]], ids=["one", "two"])
def test_corpus_scores_are_sacrebleus_to_the_last_bit(name, hypotheses, references):
    ours, theirs = METRICS[name]
    assert (
        headline(ours, in_memory(references), hypotheses) == theirs.corpus_score(hypotheses, references).score
    )


@pairs
def test_segment_scores_are_sacrebleus_sentence_scores(name):
    ours, theirs = METRICS[name]
    sentence = BLEU(**{**vars_of(ours), "effective_order": True}) if isinstance(ours, Bleu) else theirs
    scores = ours.segment_scores(ours.statistics(in_memory([REFERENCE, SECOND]), output(BAD)).values)
    expected = [
        sentence.sentence_score(h, list(r)).score
        for h, r in zip(BAD, zip(REFERENCE, SECOND, strict=True), strict=True)
    ]
    assert scores == pytest.approx(expected, abs=1e-12)


def vars_of(metric):
    return {
        key: getattr(metric, key)
        for key in ("tokenize", "lowercase", "smooth_method", "smooth_value", "max_ngram_order")
    }


words = st.lists(st.sampled_from(["a", "b", "cc", "d.", "E", "7", "мир"]), max_size=9).map(" ".join)


@pairs
@given(rows=st.lists(st.tuples(words, words), min_size=1, max_size=5))
def test_many_sums_at_once_give_what_sacrebleu_gives_for_each(name, rows):
    ours, theirs = METRICS[name]
    hypotheses, reference = [r[0] for r in rows], [r[1] for r in rows]
    values = ours.statistics(in_memory([reference]), output(hypotheses)).values
    expected = [theirs._compute_score_from_stats(list(row)).score for row in values]
    assert ours.aggregate(values) == pytest.approx(expected, abs=1e-11)
    assert ours.aggregate(np.stack([values, values])).shape == (2, len(rows))


@pairs
def test_signatures_are_sacrebleus_plus_the_settings_that_it_leaves_out(name):
    ours, theirs = METRICS[name]
    theirs.corpus_score(GOOD, [REFERENCE])
    added = {"bleu-2": "|order:2", "chrf-options": "|beta:3|eps_smoothing:yes"}.get(name, "")
    assert ours.signature(in_memory([REFERENCE])) == str(theirs.get_signature()) + added


def test_the_order_of_several_references_is_in_the_signature():
    assert (
        Chrf()
        .signature(in_memory([REFERENCE, SECOND]))
        .endswith(f"|version:{sacrebleu.__version__}|refs:A,B")
    )


@pytest.mark.parametrize(
    ("language", "tokenizer"), [("zh", "zh"), ("zh_TW", "zh"), ("de", "13a"), ("en", "13a")]
)
def test_the_tokenizer_depends_on_the_target_language(language, tokenizer):
    assert f"|tok:{tokenizer}|" in Bleu().signature(in_memory([REFERENCE], target_language=language))


@pytest.mark.parametrize(
    ("language", "tokenizer", "text"),
    [("ja", "ja-mecab", "今日は雨が降った。"), ("ko", "ko-mecab", "오늘은 비가 왔다.")],
)
def test_japanese_and_korean_are_tokenized_as_sacrebleu_does(language, tokenizer, text):
    test_set, hypothesis = in_memory([[text]], target_language=language), text[:-2] + "X" + text[-2:]
    assert f"|tok:{tokenizer}-" in Bleu().signature(test_set), "with the version of its dictionary"
    assert (
        headline(Bleu(), test_set, [hypothesis])
        == BLEU(trg_lang=language).corpus_score([hypothesis], [[text]]).score
    )


def test_a_given_tokenizer_overrides_the_language():
    assert "|tok:char|" in Bleu(tokenize="char").signature(in_memory([["今天下雨。"]], target_language="ja"))


def test_a_tokenizer_that_is_not_installed_is_reported_with_what_to_install(monkeypatch):
    def absent(*_args, **_kwargs):
        raise RuntimeError("Please install the mecab package")

    monkeypatch.setattr("sacrebleu.metrics.bleu._get_tokenizer", lambda _name: absent)
    with pytest.raises(MetricError, match=r"'ja-mecab' is not available.*pip install 'sacrebleu\[ja\]'"):
        Bleu().signature(in_memory([["今天"]], target_language="ja"))


@pytest.mark.parametrize("settings", [{"tokenize": "nope"}, {"smooth_method": "nope"}])
def test_an_unknown_value_is_reported_with_the_known_ones(settings):
    with pytest.raises(ConfigError, match=r"expected one of .*(13a|floor).*found 'nope'"):
        Bleu(**settings).signature(in_memory([REFERENCE]))


def test_a_system_equal_to_its_reference_is_perfect():
    test_set = in_memory([REFERENCE])
    assert headline(Bleu(), test_set, REFERENCE) == pytest.approx(100)
    assert headline(Chrf(), test_set, REFERENCE) == pytest.approx(100)
    assert headline(Ter(), test_set, REFERENCE) == 0


@pairs
def test_the_order_of_segments_does_not_matter(name):
    ours, _ = METRICS[name]
    order = [2, 0, 3, 1]
    shuffled = in_memory([[REFERENCE[i] for i in order]])
    assert headline(ours, shuffled, [GOOD[i] for i in order]) == headline(ours, in_memory([REFERENCE]), GOOD)


def test_a_single_word_that_is_right_has_sentence_bleu_100():
    metric = Bleu()
    values = metric.statistics(in_memory([["Kyiv"]]), output(["Kyiv"])).values
    assert metric.segment_scores(values).tolist() == pytest.approx([100]), "one order counts"
    assert metric.aggregate(values) == pytest.approx([0], abs=1e-9), "all four orders count"


@pytest.mark.parametrize("method", ["none", "exp", "floor", "add-k"])
def test_an_order_without_ngrams_ends_bleu_as_in_sacrebleu(method):
    # order 2 has no n-grams, which no text can have; so the precisions of orders 3 and 4 are ignored
    total = np.array([4.0, 4, 2, 0, 2, 2, 4, 0, 2, 2])
    for effective in (True, False):
        ours = Bleu(smooth_method=method)._compute(total, effective_order=effective)
        theirs = BLEU.compute_bleu(
            [2, 0, 2, 2], [4, 0, 2, 2], 4, 4, smooth_method=method, effective_order=effective
        )
        assert ours == pytest.approx(theirs.score, abs=1e-12)


def test_bleu_details_are_sacrebleus():
    metric, test_set = Bleu(), in_memory([REFERENCE])
    total = metric.statistics(test_set, output(BAD)).values.sum(axis=0)
    theirs = BLEU().corpus_score(BAD, [REFERENCE])
    found = metric.details(test_set, total)
    assert found["brevity_penalty"] == pytest.approx(theirs.bp)
    assert (found["hypothesis_length"], found["reference_length"]) == (theirs.sys_len, theirs.ref_len)
    assert found["precisions"][:2] == pytest.approx(theirs.precisions[:2])


def test_ter_details_are_edits_and_reference_length():
    metric, test_set = Ter(), in_memory([["The cat sat on the mat.", "Nobody came."]])
    # one word is another, one is missing; six words and two
    total = metric.statistics(test_set, output(["The dog sat on the mat.", "Nobody"])).values.sum(axis=0)
    assert metric.details(test_set, total) == {"edits": 2, "reference_length": 8.0}
    assert metric.aggregate(total) == 25


def test_only_ter_is_better_if_lower():
    better = {metric.name: metric.higher_is_better for metric in (Bleu(), Chrf(), ChrfPlusPlus(), Ter())}
    assert better == {"bleu": True, "chrf": True, "chrfpp": True, "ter": False}


@pytest.mark.parametrize(
    ("build", "setting", "least"),
    [(Bleu, "max_ngram_order", 1), (Chrf, "char_order", 1), (Chrf, "beta", 1), (Chrf, "word_order", 0)],
)
def test_settings_have_a_least_value(build, setting, least):
    assert getattr(build(**{setting: least}), setting) == least
    message = rf"^metrics\.{build().name}\.{setting}: expected {least} or more, found {least - 1}$"
    with pytest.raises(ConfigError, match=message):
        build(**{setting: least - 1})


# whole documents

DOCUMENTS = ["a", "a", "b", "b"]


@pytest.mark.parametrize(
    ("whole", "plain"),
    [
        (DocumentBleu(), Bleu()),
        (DocumentChrf(), Chrf()),
        (DocumentChrf(whitespace=True), Chrf(whitespace=True)),
    ],
)
@pytest.mark.parametrize("aligned", [True, False])
def test_a_document_is_scored_as_one_text(whole, plain, aligned):
    given = output(BAD)
    joined = [" ".join(BAD[:2]), " ".join(BAD[2:]).strip()]
    if aligned:
        # the text of the system counts, not what was aligned with the segments
        texts = {"a": "  Read also: the\n weather. ", "b": "Nobody\n\ncame."}
        given, joined = replace(given, texts=texts), ["Read also: the weather.", "Nobody came."]
    values = whole.statistics(in_memory([REFERENCE], documents=DOCUMENTS), given).values
    references = [" ".join(REFERENCE[:2]), " ".join(REFERENCE[2:])]
    expected = plain.statistics(in_memory([references]), output(joined)).values
    assert values[[0, 2]].tolist() == expected.tolist(), "in the rows of the first segments"
    assert not values[[1, 3]].any()
    assert np.isnan(whole.segment_scores(values)).all()


def test_only_test_sets_with_documents_have_document_scores():
    assert DocumentBleu().unscored_reason(in_memory([REFERENCE])) == "the test set has no documents"
    assert DocumentBleu().unscored_reason(in_memory([REFERENCE], documents=DOCUMENTS)) is None


def test_document_scores_have_their_unit_in_the_signature():
    test_set = in_memory([REFERENCE], documents=DOCUMENTS)
    assert DocumentBleu().signature(test_set) == Bleu().signature(test_set) + "|unit:document"
    assert DocumentChrf(beta=3).signature(test_set) == Chrf(beta=3).signature(test_set) + "|unit:document"
