"""BLEU, chrF and TER compared with the public calls of sacrebleu."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st
from miniature import BAD, GOOD, REFERENCE, SECOND, in_memory, output
from sacrebleu.metrics import BLEU, CHRF, TER

from evalkit.data.selection import select
from evalkit.errors import ConfigError, MetricError
from evalkit.metrics.lexical import Bleu, Chrf, ChrfPlusPlus, DocumentBleu, DocumentChrf, Ter
from evalkit.types import SystemOutput

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
    "bleu-effective": (Bleu(effective_order=True), BLEU(effective_order=True)),
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


def test_a_tokenizer_without_its_model_is_reported_with_what_to_download(monkeypatch, tmp_path):
    monkeypatch.setattr("sacrebleu.utils.SACREBLEU_DIR", str(tmp_path))
    monkeypatch.setattr("sacrebleu.tokenizers.tokenizer_spm.SACREBLEU_DIR", str(tmp_path))
    path, metric = tmp_path / "models" / "flores200sacrebleuspm", Bleu(tokenize="flores200")

    def fail(*_args):
        raise OSError("no network")

    monkeypatch.setattr("sacrebleu.tokenizers.tokenizer_spm.download_file", fail)
    message = (
        f"no network. It needs its model once: download https://tinyurl.com/flores200sacrebleuspm as {path}"
    )
    with pytest.raises(MetricError, match=re.escape(message)):
        metric.signature(in_memory([REFERENCE]))
    path.parent.mkdir()
    path.write_text("<html>403</html>")
    with pytest.raises(MetricError, match=re.escape(f"{path} may be damaged: delete it")):
        metric.signature(in_memory([REFERENCE]))


@pytest.mark.parametrize("lines", [99, 100, 150])
def test_tokenized_output_is_warned_of_when_sacrebleu_warns(lines, caplog):
    """Whatever the tokenizer; chrF ignores spaces, and TER is the same with them for all systems."""
    references = [f"Report {i} is over." for i in range(160)]
    hypotheses = [f"Report {i} is over{' .' if i < lines else '.'}" for i in range(160)]
    BLEU().corpus_score(hypotheses, [references])
    expected = ["tokenized period" in record.getMessage() for record in caplog.records]
    for tokenize in (None, "none"):
        found = Bleu(tokenize=tokenize).statistics(in_memory([references]), output(hypotheses)).warnings
        assert any(expected) == bool(found) == (lines >= 100)
    assert all(
        warning.startswith(f"{lines} lines end in ' .': the output looks tokenized") for warning in found
    )


def test_asian_support_alone_is_refused_since_it_changes_nothing():
    text, test_set = "今天天气好。", in_memory([["今天的天气很好。"]], target_language="zh")
    alone, neither = (
        TER(asian_support=value).corpus_score([text], [["今天的天气很好。"]]) for value in (True, False)
    )
    assert alone.score == neither.score
    with pytest.raises(ConfigError, match=r"asian_support=true changes nothing alone; set .*normalized=true"):
        Ter(asian_support=True).signature(test_set)
    ours, theirs = Ter(asian_support=True, normalized=True), TER(asian_support=True, normalized=True)
    assert headline(ours, test_set, [text]) == theirs.corpus_score([text], [["今天的天气很好。"]]).score
    Ter(asian_support=True, no_punct=True).signature(test_set)


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


def test_a_metric_may_score_one_test_set_after_another():
    """What it prepared from the references of one is not used for the next."""
    metric = Bleu()
    for references in (REFERENCE, SECOND, REFERENCE):
        assert headline(metric, in_memory([references]), references) == pytest.approx(100)
        theirs = sacrebleu.corpus_bleu(GOOD, [references]).score
        assert headline(metric, in_memory([references]), GOOD) == theirs


# whole documents

DOCUMENTS = ["b", "a", "b", "a"]
"""Documents in the order in which the test set has them; their segments are not together."""
OF_DOCUMENTS = {"d_bleu": (DocumentBleu(), BLEU()), "d_chrf": (DocumentChrf(), CHRF())}


def join(lines):
    """The two documents, b before a."""
    return [f"{lines[0]} {lines[2]}".strip(), f"{lines[1]} {lines[3]}".strip()]


@pytest.mark.parametrize("name", OF_DOCUMENTS)
@pytest.mark.parametrize("references", [[REFERENCE], [REFERENCE, SECOND]], ids=["one", "two"])
def test_scores_of_whole_documents_are_those_of_sacrebleu_on_joined_lines(name, references):
    ours, theirs = OF_DOCUMENTS[name]
    test_set = in_memory(references, documents=DOCUMENTS)
    for hypotheses in (GOOD, BAD):
        expected = theirs.corpus_score(join(hypotheses), [join(lines) for lines in references]).score
        assert headline(ours, test_set, hypotheses) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", OF_DOCUMENTS)
def test_the_first_segment_of_a_document_has_its_statistics(name):
    ours, theirs = OF_DOCUMENTS[name]
    values = ours.statistics(in_memory([REFERENCE], documents=DOCUMENTS), output(BAD)).values
    for row, hypothesis, reference in zip(values, join(BAD), join(REFERENCE), strict=False):
        expected = theirs.corpus_score([hypothesis], [[reference]]).score
        assert float(ours.aggregate(row)) == pytest.approx(expected, abs=1e-12)
    assert not values[2:].any()
    assert np.isnan(ours.segment_scores(values)).all()


def test_a_document_of_aligned_output_is_all_that_the_system_wrote_in_its_order():
    """Spaces and line breaks do not count, and its hypotheses by segment do not either."""
    texts = {"a": f"Read also. {GOOD[3]}\n\n{GOOD[1]}", "b": f"  {GOOD[0]}\t{GOOD[2]} "}
    written = SystemOutput("mine", ("x",) * 4, texts=texts)
    test_set = in_memory([REFERENCE], documents=DOCUMENTS)
    documents = [f"{GOOD[0]} {GOOD[2]}", f"Read also. {GOOD[3]} {GOOD[1]}"]
    for ours, theirs in OF_DOCUMENTS.values():
        expected = theirs.corpus_score(documents, [join(REFERENCE)]).score
        total = ours.statistics(test_set, written).values.sum(axis=0)
        assert float(ours.aggregate(total)) == pytest.approx(expected, abs=1e-12)


def test_spaces_at_the_ends_of_segments_do_not_count():
    """chrF does not count spaces unless it is told to."""
    metric = DocumentChrf(whitespace=True)
    spaced = in_memory([[f" {line}  " for line in REFERENCE]], documents=DOCUMENTS)
    expected = CHRF(whitespace=True).corpus_score(join(GOOD), [join(REFERENCE)]).score
    assert headline(metric, spaced, [f"{line}  " for line in GOOD]) == pytest.approx(expected, abs=1e-12)


def test_a_document_that_is_scored_in_part_is_reported_for_articles():
    """The article has the text of the segment without a reference, which cannot be told from an addition."""
    whole = in_memory([[None, *REFERENCE[1:]]], documents=DOCUMENTS)
    article = SystemOutput("a", GOOD[1:], texts=dict.fromkeys(("a", "b"), "x"))
    found = DocumentBleu().statistics(select(whole), article).warnings
    assert len(found) == 1
    assert found[0].startswith(f"1 document with segments that are not scored ({DOCUMENTS[0]}): ")
    assert DocumentBleu().statistics(select(whole), replace(article, texts={})).warnings == ()
    complete = in_memory([REFERENCE], documents=DOCUMENTS)
    assert DocumentBleu().statistics(complete, replace(article, hypotheses=GOOD)).warnings == ()


def test_the_signature_of_a_metric_of_documents_has_the_unit_and_what_others_have():
    test_set = in_memory([REFERENCE], documents=DOCUMENTS)
    for plain, whole in (
        (Bleu(max_ngram_order=2), DocumentBleu(max_ngram_order=2)),
        (Chrf(beta=3), DocumentChrf(beta=3)),
    ):
        assert whole.signature(test_set) == f"{plain.signature(test_set)}|unit:document"
        assert plain.signature(test_set) != type(plain)().signature(test_set)


@pytest.mark.parametrize("documents", [None, ["a", "a", "b", None]])
def test_segments_without_a_document_are_not_scored_by_documents(documents):
    for metric, _ in OF_DOCUMENTS.values():
        reason = metric.unscored_reason(in_memory([REFERENCE], documents=documents))
        assert reason == "the test set has no documents"
        assert metric.unscored_reason(in_memory([REFERENCE], documents=DOCUMENTS)) is None


patterns = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.booleans()).filter(any), min_size=1, max_size=6
)
"""By segment, which of three references it has."""


def draw_texts(data, pattern):
    """References by name with None where they are missing, and hypotheses."""
    columns = [[data.draw(words) if present[column] else None for present in pattern] for column in range(3)]
    return columns, [data.draw(words) for _ in pattern]


@pairs
@given(pattern=patterns, data=st.data())
def test_missing_references_are_nones_of_sacrebleu(name, pattern, data):
    ours, theirs = METRICS[name]
    references, hypotheses = draw_texts(data, pattern)
    test_set = in_memory(references)
    assert headline(ours, test_set, hypotheses) == theirs.corpus_score(hypotheses, references).score
    counts = {sum(present) for present in pattern}
    nrefs = counts.pop() if len(counts) == 1 else "var"
    assert f"nrefs:{nrefs}|" in str(theirs.get_signature())
    assert f"nrefs:{nrefs}|" in ours.signature(test_set)


@pairs
@given(pattern=patterns, data=st.data())
def test_segments_are_scored_with_the_references_that_they_have(name, pattern, data):
    ours, theirs = METRICS[name]
    references, hypotheses = draw_texts(data, pattern)
    sentence = BLEU(**{**vars_of(ours), "effective_order": True}) if isinstance(ours, Bleu) else theirs
    expected = [
        sentence.sentence_score(hypothesis, [text for text in texts if text is not None]).score
        for hypothesis, texts in zip(hypotheses, zip(*references, strict=True), strict=True)
    ]
    values = ours.statistics(in_memory(references), output(hypotheses)).values
    assert ours.segment_scores(values) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("ours", "theirs"), [(DocumentBleu(), BLEU()), (DocumentChrf(), CHRF())])
def test_documents_are_scored_with_the_references_that_are_whole(ours, theirs):
    first = ["a b c d e", "f g", "h i j k", "l m", None, "q r s"]
    second = ["a b d c", None, "h j i k", "m l", "n o p", None]
    test_set = in_memory([first, second], documents=["x", "x", "y", "y", "z", "z"])
    hypotheses = ["a b c d", "f", "h j i k", "l m n", "n o p", "q s"]
    # x lacks a part of the second reference; y has both; z has neither, so both parts that there are count
    whole = [["a b c d e f g", "h i j k l m", "n o p q r s"], [None, "h j i k m l", None]]
    joined = ["a b c d f", "h j i k l m n", "n o p q s"]
    assert headline(ours, test_set, hypotheses) == theirs.corpus_score(joined, whole).score
    assert "nrefs:var|" in ours.signature(test_set)
