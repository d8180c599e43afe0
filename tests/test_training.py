"""The training and evaluation of evalkit-mini: damage, groups, statistics, and the training loop."""

from __future__ import annotations

import importlib

import numpy as np
import pandas as pd
import pytest
from rapidfuzz.distance import Levenshtein

ENGLISH = "Yesterday Angela Merkel said that the 27 members will not vote before June in Paris ."
OTHERS = (
    "In the evening Boris Johnson was seen in London with 4 friends .",
    "The weather in Lisbon is fine , says Maria Silva of the institute .",
)
CHINESE = "特朗普昨天在北京说，他不会去法国。"


@pytest.fixture(scope="module")
def training(root):
    """Import a module of training/, which is not a package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(root / "training"))
        yield importlib.import_module


@pytest.fixture
def damage(training):
    texts = {
        "en": [ENGLISH, *OTHERS],
        "zh": [CHINESE, "我们今天没有时间。"],
        "de": ["Das ist kein Haus .", "Er kam gestern nach Hause ."],
    }
    return training("data").Damage(texts, seed=3)


def test_a_name_is_swapped_and_the_rest_stays(damage):
    changed = damage.swap_name(ENGLISH, "en")
    names = ("Angela Merkel", "June", "Paris")
    put_in = [name for name in damage.names["en"] if name in changed and name not in ENGLISH]
    assert len(put_in) == 1
    assert changed.replace(put_in[0], "") in {ENGLISH.replace(name, "") for name in names}
    assert damage.swap_name("no capitals in here", "en") is None


def test_chinese_names_are_found_from_a_list(damage):
    changed = damage.swap_name(CHINESE, "zh")
    assert changed != CHINESE
    assert sum(name in changed for name in ("特朗普", "北京", "法国")) == 2


def test_a_misspelt_name_differs_by_a_few_letters(damage):
    for _ in range(20):
        changed = damage.misspell_name("He met Angela Merkel .", "en")
        if changed is not None:
            assert changed.startswith("He met A")
            assert changed.endswith(" .")
            # three letters at most, each of which may be doubled
            assert 0 < Levenshtein.distance(changed, "He met Angela Merkel .") <= 6
    assert damage.misspell_name("他不会去。", "zh") is None


def test_a_whole_number_changes(damage):
    changed = damage.change_number("27 of 270", "en")
    assert changed in {f"{other} of 270" for other in range(11, 100)} | {
        f"27 of {other}" for other in range(111, 1000)
    }
    assert damage.change_number("none", "en") is None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("They will not vote .", "en", "They will vote ."),
        ("They will vote .", "en", "They will not vote ."),
        ("Das ist kein Haus .", "de", "Das ist ein Haus ."),
        ("Das ist ein Haus .", "de", "Das ist nicht ein Haus ."),
        ("他不会去。", "zh", "他会去。"),
        ("他会去。", "zh", "他不会去。"),
        ("Он не был там .", "ru", "Он был там ."),
        ("Sin verbo conocido .", "es", None),
    ],
)
def test_a_sentence_is_negated(damage, text, language, expected):
    assert damage.negate(text, language) == expected


def test_the_share_that_is_dropped_is_exact(damage):
    words = ENGLISH.split()
    assert damage.truncate(ENGLISH, "en", 0.5).split() == words[: len(words) - round(0.5 * len(words))]
    dropped = damage.drop(ENGLISH, "en", 0.25).split()
    assert len(dropped) == len(words) - round(0.25 * len(words))
    start = next(
        (at for at, (left, word) in enumerate(zip(dropped, words, strict=False)) if left != word),
        len(dropped),
    )
    assert dropped[start:] == words[len(words) - len(dropped) + start :]
    assert damage.truncate("one", "en", 0.5) is None
    assert damage.truncate(CHINESE, "zh", 0.5) == CHINESE[: len(CHINESE) - round(0.5 * len(CHINESE))]


def test_shuffled_and_repeated_words_are_the_same_words(damage):
    assert sorted(damage.shuffle(ENGLISH, "en").split()) == sorted(ENGLISH.split())
    assert sorted(damage.swap_words(ENGLISH, "en", 0.2).split()) == sorted(ENGLISH.split())
    repeated = damage.repeat(ENGLISH, "en")
    assert len(repeated) > len(ENGLISH)
    assert set(repeated.split()) == set(ENGLISH.split())


def test_all_damage_changes_the_text_and_lowers_the_target(damage):
    kinds = set()
    for _ in range(30):
        for changed, left, kind in damage.make_all(ENGLISH, "en"):
            assert changed != ENGLISH
            assert 0.3 < left < 1
            kinds.add(kind)
    assert kinds >= {
        "name swapped",
        "name misspelt",
        "number changed",
        "negated",
        "dropped",
        "truncated",
        "shuffled",
        "boilerplate",
    }
    worthless = {
        made.kind: (made.text, made.target) for made in damage.make_worthless(ENGLISH, "Quelle", "en")
    }
    assert worthless["empty"] == ("", 0.0)
    assert worthless["source copied"][0] == "Quelle"
    assert worthless["another text"][0] in OTHERS
    assert max(target for _, target in worthless.values()) < 0.3


def test_damage_is_the_same_with_the_same_seed(training):
    made = [
        training("data").Damage({"en": [ENGLISH, *OTHERS]}, seed=5).make_all(ENGLISH, "en") for _ in range(2)
    ]
    assert made[0] == made[1]


@pytest.mark.parametrize(("penalty", "expected"), [(0.0, 1.0), (-5.0, 0.8), (-25.0, 0.0), (-40.0, 0.0)])
def test_target_of_mqm(training, penalty, expected):
    assert training("data").compute_mqm_target(penalty) == pytest.approx(expected)


def test_only_free_ratings_train(training):
    data = training("data")
    rows = [
        {
            "lp": "zh-en",
            "src": f"{kind}{number}",
            "mt": f"{kind} mt {number} {system}",
            "ref": f"{kind} ref {number}",
        }
        | {"raw": raw, "system": system, "source": source, "licence": licence, "language": "en"}
        for kind, source, licence in (
            ("a", "wmt21-MQM", "Apache-2.0"),
            ("b", "mlqe-pe-DA", "CC0"),
            ("c", "indicmt-eval", "none found"),
            ("d", "another", "none found"),
        )
        for number in range(60)
        for system, raw in (("x", -1.0), ("y", -6.0), ("z", 0.0))
    ]
    frame = pd.DataFrame(rows)
    frame.loc[frame.source == "indicmt-eval", "lp"] = "en-hi"
    train, validation = data.make_groups(frame, seed=1, mlqe=20)
    # worthless texts come from the texts that may be used in training
    texts = " ".join(
        text for group in train for text in (group.src, group.ref, *(one.text for one in group.candidates))
    )
    assert {group.origin for group in train} == {"mqm", "mlqe", "reversed"}
    assert not [text for text in ("c mt", "c ref", "d mt", "d ref") if text in texts]
    kept = {group.src for group in validation if group.origin == "mqm"}
    assert kept == {source for source in frame[frame.source == "wmt21-MQM"].src if data.is_held_out(source)}
    assert kept
    assert not kept & {group.src for group in train}
    assert {one.kind for group in validation for one in group.candidates} == {"rated"}


@pytest.mark.parametrize(
    ("human", "scores", "expected"),
    [
        # by hand: 3>2 and 3>1 (twice) are right, 2>1 (twice) is wrong; the last two have the same rating
        ([3, 2, 1, 1], [3, 1, 2, 2], (1, 5)),
        ([2, 1], [5, 5], (0, 1)),  # a tie in the metric is neither right nor wrong, and counts
        ([1, 1], [1, 2], (0, 0)),
        ([3, 2, 1], [1, 2, 3], (-3, 3)),
        ([7], [1], (0, 0)),
    ],
)
def test_concordant_less_discordant_pairs(training, human, scores, expected):
    evaluate, train, data = (training(name) for name in ("evaluate", "train", "data"))
    assert evaluate.count_pairs(np.array(human), np.array(scores)) == expected
    group = data.Group("", "", "en", tuple(data.Candidate("", target, "rated") for target in human), "mqm")
    assert train.compute_kendall([(group, np.array(scores))]) == pytest.approx(
        expected[0] / max(expected[1], 1)
    )


def rated(pair, table):
    """Turn {source: {system: (human, chrF, other)}} into rows."""
    return pd.DataFrame(
        [
            {"lp": pair, "src": source, "system": system, "raw": human, "chrF": one, "other": two}
            for source, systems in table.items()
            for system, (human, one, two) in systems.items()
        ]
    )


def test_the_results_of_the_model_card_by_hand(training):
    evaluate = training("evaluate")
    # s1: all three pairs right for chrF; s2: all three wrong, with far higher scores, which must not matter
    german = rated(
        "en-de",
        {
            "s1": {"a": (3, 3, 1), "b": (2, 2, 2), "c": (1, 1, 3)},
            "s2": {"a": (30, 10, 10), "b": (20, 20, 20), "c": (10, 30, 30)},
        },
    )
    # two of the three pairs right
    czech = rated("en-cs", {"s1": {"a": (3, 2, 5), "b": (2, 3, 6), "c": (1, 1, 4)}})
    found = evaluate.measure_held_out(pd.concat([german, czech]), ["chrF", "other"])
    assert found["chrF"]["within_by_pair"] == pytest.approx({"en-cs": 1 / 3, "en-de": 0.0})
    assert found["chrF"]["within"] == pytest.approx(1 / 6)
    assert found["other"]["within_by_pair"] == pytest.approx({"en-cs": 1 / 3, "en-de": -1.0})
    # en-de: means of people a > b > c, of chrF a < b < c; en-cs: two of three
    assert found["chrF"]["systems_by_pair"] == {"en-cs": (2, 3), "en-de": (0, 3)}
    assert (found["chrF"]["system_pairs_right"], found["chrF"]["system_pairs_all"]) == (2, 6)
    assert found["chrF"]["difference_to_chrf"] == [0.0, 0.0]
    low, high = found["chrF"]["within_interval"]
    # en-de is resampled over two sources, 1 and -1, and en-cs over its only one
    assert (low, high) == pytest.approx(((1 / 3 - 1) / 2, (1 / 3 + 1) / 2))


def test_batches_do_not_exceed_the_budget(training):
    lengths = [9, 9, 5, 4, 3, 1, 1]
    made = list(training("train").split_into_batches(range(7), lengths, 10))
    assert [number for some in made for number in some] == list(range(7))
    assert all(len(some) == 1 or len(some) * lengths[some[0]] <= 10 for some in made)


@pytest.mark.parametrize("below", [0, 1])
def test_embeddings_from_kept_states_are_those_of_comet(training, models, below):
    """With below=0 all layers are trained, and only the word embeddings are kept."""
    import torch
    from comet.models import str2model

    train = training("train")
    folder = models("regression")
    model = str2model["regression_metric"].load_from_checkpoint(
        str(folder / "checkpoints" / "model.ckpt"),
        map_location="cpu",
        strict=False,
        load_pretrained_weights=False,
        local_files_only=True,
        pretrained_model=str(folder / "encoder"),
    )
    model.eval()
    texts = ["the quick brown fox", "", "мир 0123", "Kyiv jumps over the lazy dog, Witkoff and Ushakov"]
    states = train.States(model, texts, below, "cpu")
    found = train.embed_all(model, states, texts, "cpu")
    with torch.inference_mode():
        tokens = model.encoder.tokenizer(texts, padding=True, return_tensors="pt")
        expected = model.get_sentence_embedding(tokens["input_ids"], tokens["attention_mask"])
    # the states are computed in bfloat16 and kept in float16
    assert torch.allclose(found, expected, atol=0.03 * float(expected.abs().max()))
    assert states.match([(texts[0], texts[0]), (texts[0], "")])[0] == pytest.approx(1, abs=1e-3)
    assert states.match([(texts[0], "")])[0] == 0


def test_the_loop_never_trains_the_word_embeddings(training, models, tmp_path):
    """After some steps with all layers, better texts score higher, and the word embeddings are unchanged."""
    import argparse

    import torch
    import yaml

    data, train = training("data"), training("train")
    encoder = models("regression") / "encoder"
    model = train.build(encoder, seed=1)
    groups = [
        data.Group(
            source,
            reference,
            "en",
            (data.Candidate(reference, 1.0, "reference"), data.Candidate("", 0.0, "empty")),
            "mlqe",
        )
        for source, reference in (
            ("мир", "the quick brown fox"),
            ("труд", "jumps over the lazy dog"),
            ("май", "Kursk and Kyiv"),
        )
    ]
    texts = sorted({text for group in groups for text in (group.src, group.ref, "")})
    states = train.States(model, texts, 0, "cpu")
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    options = argparse.Namespace(
        device="cpu", head_rate=3e-3, encoder_rate=1e-4, epochs=30, batch=3, seed=1, every=1000
    )
    train.train(model, states, groups, groups, options)
    after = model.state_dict()
    changed = {name for name in after if not torch.equal(before[name], after[name])}
    assert any("encoder.layer.0" in name for name in changed)
    assert not any("embeddings" in name for name in changed)
    found = train.embed_all(model, states, texts, "cpu")
    of = dict(zip(texts, found, strict=True))
    model.eval()
    with torch.inference_mode():
        for group in groups:
            whole, empty = (
                model.estimate(of[group.src][None], of[text][None], of[group.ref][None]).score
                for text in (group.ref, "")
            )
            assert float(whole) > float(empty) + 0.2
    train.save(model, encoder, tmp_path / "checkpoint")
    assert not (tmp_path / "checkpoint.part").exists()
    settings = yaml.safe_load((tmp_path / "checkpoint" / "hparams.yaml").read_text(encoding="utf-8"))
    assert settings["class_identifier"] == "regression_metric"
    stored = torch.load(tmp_path / "checkpoint" / "checkpoints" / "model.ckpt", weights_only=False)[
        "state_dict"
    ]
    assert all(torch.equal(stored[name], after[name]) for name in after)
