"""The engine: the scores of unbabel-comet itself, with every piece of work done once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from comet_checkpoints import build, class_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from miniature import BAD, GOOD, REFERENCE, in_memory, output

from evalkit.cache import Cache
from evalkit.errors import MetricError
from evalkit.metrics.comet import Comet
from evalkit.models import scoring
from evalkit.models.checkpoint import find
from evalkit.models.scoring import Sample, Scorer, _lost_jointly

SOURCE = ["Кошка сидела на коврике.", "Стив Уиткофф прилетел в Курск.", "В Киеве весь день шёл дождь.", "Никто не пришёл."]
SECOND = ["A cat sat on the mat.", "Steve Witkoff went to Kursk.", "It rained the whole day in Kyiv.", "Nobody has come."]
THIRD = [GOOD[0], "Steve Whitcom flew to Corsak.", BAD[2], ""]
LONG = "the quick brown fox " * 200
SAMPLES = [
    Sample(*texts)
    for texts in zip([*GOOD, *BAD, LONG, ""], [*SOURCE, *SOURCE, LONG, "Никто."], [*REFERENCE] * 2 + [LONG, "No."], strict=True)
]


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """Folder by kind of model."""
    root = tmp_path_factory.mktemp("models")
    return lambda kind: root / kind if (root / kind).exists() else build(root / kind, kind)


@pytest.fixture
def scorer(models, tmp_path):
    """A scorer with a cache of its own, or with the one given."""

    def make(kind, cache=None, precision="fp32", batch_tokens=None):
        checkpoint = find(str(models(kind)), "metrics.comet.model")
        return Scorer(checkpoint, precision, "cpu", batch_tokens, "metrics.comet", cache or Cache(tmp_path / "cache"))

    return make


def counted(scorer):
    """Rows that go through the encoder, by what was worked out."""
    rows = Counter()
    module = scorer.module()
    encode, predict = module.get_sentence_embedding, module.predict_step
    tokenize = module.encoder.tokenizer._batch_encode_plus

    def encoding(ids, mask, *more):
        rows["encoded"] += len(ids)
        return encode(ids, mask, *more)

    def predicting(batch, *more):
        rows["predicted"] += len(batch[0]["input_ids"])
        return predict(batch, *more)

    def tokenizing(**given):
        rows["tokenized"] += len(given["batch_text_or_text_pairs"])
        return tokenize(**given)

    if scorer.checkpoint.joint:
        module.predict_step = predicting
    else:
        # the head puts its own in place for a moment, and deletes it: so this one has to be of the class
        module.__class__ = type("Counted", (type(module),), {"get_sentence_embedding": lambda _self, *given: encoding(*given)})
    module.encoder.tokenizer._batch_encode_plus = tokenizing
    return rows


def values(scored):
    return [one.score for one in scored]


@pytest.mark.parametrize("kind", ["regression", "referenceless", "unified", "xcomet"])
def test_a_second_run_gives_the_same_bits_and_works_out_nothing(kind, scorer):
    samples = [sample if kind != "referenceless" else sample._replace(ref=None) for sample in SAMPLES]
    first = scorer(kind).score(samples)
    again = scorer(kind)
    assert again.score(samples) == first
    assert again._module is None, "nothing was loaded"
    reverse = scorer(kind).score(samples[::-1])
    assert reverse == first[::-1]


@pytest.mark.parametrize("off", [False, True])
def test_every_distinct_text_is_encoded_and_tokenized_once_in_a_run(off, scorer):
    one = scorer("regression", cache=Cache.temporary() if off else None)
    rows = counted(one)
    systems = [GOOD, BAD, THIRD, GOOD]
    for hypotheses in systems:
        for references in (REFERENCE, SECOND):
            one.score([Sample(*texts) for texts in zip(hypotheses, SOURCE, references, strict=True)])
    distinct = {*SOURCE, *REFERENCE, *SECOND, *GOOD, *BAD, *THIRD}
    assert rows == {"encoded": len(distinct), "tokenized": len(distinct)}


def test_a_new_system_costs_its_new_texts_alone(scorer):
    scorer("regression").score([Sample(*texts) for texts in zip(GOOD, SOURCE, REFERENCE, strict=True)])
    later = scorer("regression")
    rows = counted(later)
    for hypotheses in (GOOD, THIRD):
        later.score([Sample(*texts) for texts in zip(hypotheses, SOURCE, REFERENCE, strict=True)])
    assert rows["encoded"] == len({*THIRD} - {*GOOD, *SOURCE, *REFERENCE})


def test_a_joint_encoder_scores_every_distinct_combination_once(scorer):
    one = scorer("unified")
    rows = counted(one)
    samples = [Sample(*texts) for texts in zip(GOOD, SOURCE, REFERENCE, strict=True)]
    one.score(samples + samples)
    one.score([*samples, Sample("Else.", SOURCE[0], REFERENCE[0])])
    assert rows["predicted"] == len(samples) + 1


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(budget=st.integers(1, 3000), order=st.permutations(range(len(SAMPLES))), kind=st.sampled_from(["regression", "unified"]))
def test_the_size_of_a_batch_has_no_influence(budget, order, kind, scorer):
    expected = _expected(kind, scorer)
    one = scorer(kind, cache=Cache.temporary(), batch_tokens=budget)
    assert values(one.score([SAMPLES[at] for at in order])) == pytest.approx([expected[at] for at in order], abs=1e-6)


def _expected(kind, scorer, known={}):  # noqa: B006 - kept between examples
    if kind not in known:
        known[kind] = values(scorer(kind, cache=Cache.temporary()).score(SAMPLES))
    return known[kind]


def test_no_batch_is_larger_than_asked(scorer):
    one = scorer("regression", batch_tokens=64)
    module = one.module()
    sizes = []
    encode = type(module).get_sentence_embedding
    module.__class__ = type(
        "Seen",
        (type(module),),
        {"get_sentence_embedding": lambda self, ids, mask: sizes.append((ids.numel(), len(ids))) or encode(self, ids, mask)},
    )
    one.score(SAMPLES)
    assert all(tokens <= 64 or texts == 1 for tokens, texts in sizes)
    assert any(texts > 1 for _, texts in sizes)


@pytest.mark.parametrize("kind", ["regression", "unified"])
@pytest.mark.parametrize("error", ["MemoryError", "OutOfMemoryError", "RuntimeError"])
def test_where_memory_does_not_suffice_the_batch_is_halved(kind, error, scorer, monkeypatch, caplog):
    import torch

    expected = values(scorer(kind, cache=Cache.temporary()).score(SAMPLES[:8]))
    one = scorer(kind, batch_tokens=4000)
    name = "predict_step" if one.checkpoint.joint else "compute_sentence_embedding"
    work = getattr(one.module(), name)
    sizes = []

    def tight(batch, *more, **options):
        size = len(batch[0]["input_ids"] if isinstance(batch, tuple) else batch)
        sizes.append(size)
        if size > 3:
            raise {
                "MemoryError": MemoryError(),
                "OutOfMemoryError": torch.OutOfMemoryError("CUDA out of memory"),
                "RuntimeError": RuntimeError("MPS backend out of memory"),
            }[error]
        return work(batch, *more, **options)

    monkeypatch.setattr(one.module(), name, tight)
    assert values(one.score(SAMPLES[:8])) == pytest.approx(expected, abs=1e-6)
    assert max(sizes) > 3
    assert "not enough memory on cpu for" in caplog.text


def test_a_text_that_does_not_fit_alone_is_told(scorer, monkeypatch):
    one = scorer("regression")

    def never(*_given, **_options):
        raise MemoryError

    monkeypatch.setattr(one.module(), "compute_sentence_embedding", never)
    with pytest.raises(
        MetricError, match=r"not enough memory on cpu for a text of \d+ tokens; metrics\.comet\.device=cpu, or a smaller model"
    ):
        one.score(SAMPLES)


def test_other_errors_are_not_taken_for_want_of_memory(scorer, monkeypatch):
    one = scorer("regression")

    def broken(*_given, **_options):
        raise RuntimeError("shape mismatch")

    monkeypatch.setattr(one.module(), "compute_sentence_embedding", broken)
    with pytest.raises(RuntimeError, match="shape mismatch"):
        one.score(SAMPLES)


def test_a_score_that_is_no_number_is_told(scorer, monkeypatch):
    import torch

    one = scorer("unified")
    monkeypatch.setattr(one.module().estimator, "forward", lambda given: torch.full((len(given), 1), float("nan")))
    with pytest.raises(MetricError, match=r"a score that is no number \(fp32 on cpu\); metrics\.comet\.precision=fp32"):
        one.score(SAMPLES)


@pytest.mark.parametrize("kind", ["regression", "unified"])
def test_bf16_is_another_computation_with_nearly_the_same_scores(kind, scorer, models):
    exact = values(scorer(kind).score(SAMPLES))
    short = values(scorer(kind, precision="bf16").score(SAMPLES))
    assert short != exact
    assert short == pytest.approx(exact, abs=0.02)
    assert values(scorer(kind).score(SAMPLES)) == exact, "each in its own place in the cache"
    signature = Comet(model=str(models(kind)), precision="bf16").signature(in_memory([REFERENCE], SOURCE))
    assert "|prec:bf16|" in signature


def test_another_checkpoint_another_place_in_the_cache(scorer, tmp_path):
    here = scorer("regression")
    first = values(here.score(SAMPLES[:4]))
    other = build(tmp_path / "regression", "regression", seed=3)
    there = replace(here, checkpoint=find(str(other), "x"))
    assert values(there.score(SAMPLES[:4])) != first
    moved = tmp_path / "moved"
    other.rename(moved)
    again = replace(here, checkpoint=find(str(moved), "x"))
    again.score(SAMPLES[:4])
    assert again._module is None, "the content counts, not the place"


CUT = """
import os, sys
from evalkit.models import scoring
from evalkit.models.checkpoint import find
from evalkit.cache import Cache
from pathlib import Path
from evalkit.models.scoring import Sample, Scorer
scorer = Scorer(find(sys.argv[1], "x"), "fp32", "cpu", 8, "x", Cache(Path(sys.argv[2])))
module = scorer.module()
name = "predict_step" if scorer.checkpoint.joint else "compute_sentence_embedding"
work, calls = getattr(module, name), []
def dying(*given, **options):
    calls.append(1)
    if len(calls) == int(sys.argv[3]):
        os.kill(os.getpid(), 9)
    return work(*given, **options)
setattr(module, name, dying)
samples = [Sample(f"text number {n}", "source", "reference") for n in range(20)]
print(len(calls), [one.score for one in scorer.score(samples)], len(calls))
"""


@pytest.mark.parametrize("kind", ["regression", "unified"])
def test_a_run_that_is_killed_loses_the_batch_in_progress(kind, models, tmp_path):
    def run(stop):
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CUT, str(models(kind)), str(tmp_path), str(stop)],
            capture_output=True,
            text=True,
            check=False,
        )

    assert run(9).returncode == -9
    second = run(1000)
    assert second.returncode == 0, second.stderr
    calls = int(second.stdout.split()[-1])
    # 22 distinct texts, of which 8 were done; 20 combinations
    assert calls == {"regression": 22 - 8, "unified": 20 - 8}[kind]


def test_two_runs_at_once_share_the_cache(models, tmp_path):
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", CUT, str(models("regression")), str(tmp_path), "1000"], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    printed = [process.communicate()[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    one, other = (json.loads(text[text.index("[") : text.index("]") + 1]) for text in printed)
    assert one == pytest.approx(other, abs=1e-7)


CACHED = """
import sys
from evalkit import evaluate
from evalkit.data.lines import Lines
from evalkit.metrics.comet import Comet
reader = Lines(reference={"A": "ref.en"}, source="src.ru", target_language="en")
run = evaluate(reader, [Comet(model=sys.argv[1])], systems="systems", output="out")
print(*(run.systems[name].metrics["comet"].value.hex() for name in ("bad", "good")))
print(*sorted({"torch", "comet", "transformers", "pytorch_lightning", "datasets"} & set(sys.modules)))
"""


def test_a_run_from_the_cache_imports_neither_torch_nor_comet(models, tmp_path):
    from miniature import in_folder

    in_folder(tmp_path)
    (tmp_path / "src.ru").write_text("\n".join(SOURCE) + "\n", encoding="utf-8")

    def run():
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CACHED, str(models("regression"))],
            cwd=tmp_path,
            env={**os.environ, "EVALKIT_CACHE": str(tmp_path / "cache")},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()

    first, second = run(), run()
    assert "torch" in first[1]
    assert second == [first[0], ""]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lengths=st.lists(st.integers(0, 700), min_size=2, max_size=3))
def test_what_a_joint_encoder_loses_is_what_unbabel_comet_drops(lengths, scorer):
    encoder = scorer("unified", cache=Cache.temporary()).checkpoint and _encoder(scorer)
    names = ("mt", "src", "ref")[: len(lengths)]
    words = ["fox", "dog", "the"]
    texts = {name: " ".join([words[at]] * length) for at, (name, length) in enumerate(zip(names, lengths, strict=True))}
    full = {name: encoder.tokenizer(text, verbose=False)["input_ids"] for name, text in texts.items()}
    prepared = {name: encoder.prepare_sample([text]) for name, text in texts.items()}
    together = [list(names)] if len(names) == 2 else [["mt", "src"], ["mt", "ref"], list(names)]
    expected = {}
    for sides in together:
        ids = encoder.concat_sequences([dict(prepared[side]) for side in sides])[0]["input_ids"][0].tolist()
        special = {encoder.tokenizer.bos_token_id, encoder.tokenizer.eos_token_id}
        parts, rest = {}, ids[1:]
        for side in sides:
            own = prepared[side]["input_ids"][0].tolist()[1:-1]
            parts[side] = 0
            while rest and rest[0] not in special:
                parts[side] += 1
                rest = rest[1:]
            while rest and rest[0] in special:
                rest = rest[1:]
            assert parts[side] <= len(own)
        if 0 not in [len(full[side]) - 2 for side in sides]:  # an empty text has no place between the separators
            for side in sides:
                expected[side] = max(expected.get(side, 0), len(full[side]) - 2 - parts[side])
        else:
            return
    found = _lost_jointly({name: len(ids) for name, ids in full.items()}, encoder)
    assert found == {name: lost for name, lost in expected.items() if lost}


def _encoder(scorer, known=[]):  # noqa: B006 - kept between examples
    if not known:
        known.append(scorer("unified", cache=Cache.temporary()).module().encoder)
    return known[0]


def test_rows_say_which_side_lost_how_much(models):
    test_set = in_memory([[*REFERENCE, "Short."]], [*SOURCE, LONG])
    found = Comet(model=str(models("unified"))).statistics(test_set, output([*GOOD, "Brief."]))
    (row,) = found.rows
    assert (row["segment"], list(row["tokens_lost"])) == ("5", ["source", "reference"])
    tokens = len(_tokenizer(models)(LONG, verbose=False)["input_ids"])
    assert row["tokens_lost"]["source"] > tokens - 512


def _tokenizer(models):
    from transformers import XLMRobertaTokenizerFast

    return XLMRobertaTokenizerFast.from_pretrained(models("unified") / "encoder")


def test_versions_are_known_without_an_import(monkeypatch):
    import importlib.metadata

    assert scoring.comet_version() == importlib.metadata.version("unbabel-comet")

    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(scoring, "version", missing)
    with pytest.raises(MetricError, match="unbabel-comet is not installed; pip install"):
        scoring.comet_version()


@pytest.mark.parametrize("kind", ["regression", "unified"])
def test_the_classes_of_the_checkpoints_are_those_that_are_meant(kind, models):
    assert find(str(models(kind)), "x").class_identifier == class_of(kind)


def test_scores_are_plain_numbers(scorer):
    assert all(isinstance(one.score, float) and np.isfinite(one.score) for one in scorer("regression").score(SAMPLES))
