"""Similarity of texts: spellings match, numbers match, words that occur everywhere count little."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.alignment.similarity import (
    ORDERS,
    ORDERS_WITHOUT_SPACES,
    center,
    fold_text,
    square_norms,
    vectorize,
)


def cosine(a, b, *others, spaced=True):
    found = vectorize([a, b, *others], spaced=spaced)
    products = (found[0] @ found[1].T).toarray()[0, 0]
    norms = square_norms(found)
    return float(products / np.sqrt(norms[0] * norms[1]))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Курск", " kursk "),
        ("Łódź", " lodz "),
        ("İstanbul  and\u00a0Ankara", " istanbul and ankara "),
        ("1,000 or 1.000 or 1 000 or 1\u202f000", " 1000 or 1000 or 1000 or 1000 "),
        ("3.5 million, 12,5", " 3.5 million, 12,5 "),
        ("ﬁve ＡＢＣ", " five abc "),
    ],
)
def test_spellings_are_folded(text, folded):
    assert fold_text(text, spaced=True) == folded


def test_languages_without_spaces_keep_their_letters():
    assert fold_text("俄罗斯 的 Ｋ", spaced=False) == "俄罗斯的k"


def test_names_match_across_spellings_and_scripts():
    others = ["Zelenskyy spoke in the town.", "The river was high.", "Nobody came."]
    assert cosine("President Zelenskyy arrived", "Президент Зеленский прибыл", *others) > 0.1
    assert cosine("Kursk fell silent", "Курск молчал", *others) > cosine(
        "Kursk fell silent", "Москва молчала", *others
    )


def test_a_word_of_every_text_counts_less_than_a_word_of_two_texts():
    texts = [
        "the summit on Monday",
        "the summit on Tuesday",
        "the summit on Friday",
        "the summit: loans",
        "the summit: rivers",
    ]
    assert cosine(*texts) < cosine("the summit on Monday", "a meeting on Monday", *texts[1:])


@given(st.lists(st.text(max_size=12), min_size=1, max_size=5), st.booleans())
def test_every_text_has_a_vector_and_only_its_own_ngrams(texts, spaced):
    found = vectorize(texts, spaced=spaced)
    assert found.shape[0] == len(texts)
    orders = ORDERS if spaced else ORDERS_WITHOUT_SPACES
    folded = [fold_text(text, spaced=spaced) for text in texts]
    distinct = [{text[i : i + n] for n in orders for i in range(len(text) - n + 1)} for text in folded]
    assert all(found[number].nnz <= len(own) for number, own in enumerate(distinct))
    assert all((found[number].nnz > 0) == bool(own) for number, own in enumerate(distinct))
    assert (square_norms(found) >= 0).all()


def test_centred_embeddings_are_unit_vectors_around_their_mean():
    found = center(np.array([[10.0, 0.0], [12.0, 0.0], [11.0, 3.0], [11.0, -1.0]]))
    assert np.linalg.norm(found, axis=1) == pytest.approx(1)
    assert found[0] @ found[1] < 0 < found[2] @ np.array([0, 1])
    assert not center(np.ones((3, 4))).any()


def test_the_weight_of_an_ngram_by_hand():
    """An n-gram of one of two texts weighs 0.15 + log(3 / 1), times its count."""
    weight = 0.15 + np.log(3)
    # 大 twice, 大大 once; 河 once
    assert square_norms(vectorize(["大大", "河"], spaced=False)) == pytest.approx([5 * weight**2, weight**2])


@pytest.mark.parametrize("spelled", ["です", "MR"])
def test_hiragana_and_latin_letters_alone_have_half_the_weight(spelled):
    # both texts have two 1-grams and one 2-gram, all of them in one text alone
    rows = vectorize([spelled, "大河"], spaced=False).toarray()
    assert rows[0].sum() == pytest.approx(rows[1].sum() / 2)
