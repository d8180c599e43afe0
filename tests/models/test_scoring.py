"""Scoring gives the scores of unbabel-comet itself, and never repeats work."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from comet_checkpoints import build
from hypothesis import given, settings
from hypothesis import strategies as st
from miniature import BAD, GOOD, REFERENCE, SECOND, SOURCE, in_folder, in_memory, output

from evalkit.errors import MetricError
from evalkit.metrics.comet import Comet
from evalkit.models import scoring
from evalkit.models.batches import Batcher
from evalkit.models.checkpoint import find, load
from evalkit.models.inputs import ModelInput, count_lost_tokens
from evalkit.models.scoring import Scorer
from evalkit.runtime.cache import Cache
from evalkit.runtime.quiet import quiet

THIRD = [GOOD[0], "Steve Whitcom flew to Corsak.", BAD[2], ""]
LONG = "the quick brown fox " * 200
INPUTS = [
    ModelInput(*texts)
    for texts in zip(
        [*GOOD, *BAD, LONG, ""],
        [*SOURCE, *SOURCE, LONG, "Никто."],
        [*REFERENCE] * 2 + [LONG, "No."],
        strict=True,
    )
]


@pytest.fixture
def scorer(models, tmp_path):
    """Make a scorer, by default with a cache for the test."""

    def make(kind, cache=None, precision="fp32", batch_tokens=None):
        checkpoint = find(str(models(kind)), "metrics.comet.model")
        return Scorer(
            checkpoint, precision, "cpu", batch_tokens, "metrics.comet", cache or Cache(tmp_path / "cache")
        )

    return make


def counted(scorer):
    """Rows that go through the encoder, by what is computed."""
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
        # scoring sets this method on the module and deletes it again, so this one must belong to the class
        module.__class__ = type(
            "Counted", (type(module),), {"get_sentence_embedding": lambda _self, *given: encoding(*given)}
        )
    module.encoder.tokenizer._batch_encode_plus = tokenizing
    return rows


def values(scored):
    return [one.score for one in scored]


@pytest.mark.parametrize("kind", ["regression", "referenceless", "unified", "xcomet"])
def test_a_second_run_gives_the_same_bits_and_computes_nothing(kind, scorer):
    inputs = [texts if kind != "referenceless" else texts._replace(ref=None) for texts in INPUTS]
    first = scorer(kind).score(inputs)
    again = scorer(kind)
    assert again.score(inputs) == first
    assert again._module is None, "nothing was loaded"
    reverse = scorer(kind).score(inputs[::-1])
    assert reverse == first[::-1]


@pytest.mark.parametrize("off", [False, True])
def test_every_distinct_text_is_encoded_and_tokenized_once_in_a_run(off, scorer):
    one = scorer("regression", cache=Cache.temporary() if off else None)
    rows = counted(one)
    systems = [GOOD, BAD, THIRD, GOOD]
    for hypotheses in systems:
        for references in (REFERENCE, SECOND):
            one.score([ModelInput(*texts) for texts in zip(hypotheses, SOURCE, references, strict=True)])
    distinct = {*SOURCE, *REFERENCE, *SECOND, *GOOD, *BAD, *THIRD}
    assert rows == {"encoded": len(distinct), "tokenized": len(distinct)}


def test_only_the_new_texts_of_a_new_system_are_encoded(scorer):
    scorer("regression").score([ModelInput(*texts) for texts in zip(GOOD, SOURCE, REFERENCE, strict=True)])
    later = scorer("regression")
    rows = counted(later)
    for hypotheses in (GOOD, THIRD):
        later.score([ModelInput(*texts) for texts in zip(hypotheses, SOURCE, REFERENCE, strict=True)])
    assert rows["encoded"] == len({*THIRD} - {*GOOD, *SOURCE, *REFERENCE})


def test_a_joint_encoder_scores_every_distinct_combination_once(scorer):
    one = scorer("unified")
    rows = counted(one)
    inputs = [ModelInput(*texts) for texts in zip(GOOD, SOURCE, REFERENCE, strict=True)]
    one.score(inputs + inputs)
    one.score([*inputs, ModelInput("Other.", SOURCE[0], REFERENCE[0])])
    assert rows["predicted"] == len(inputs) + 1


@pytest.fixture(scope="session")
def stock(models):
    """A scorer with a model that no test changes, and its scores of `INPUTS`, by kind."""
    found = {}

    def make(kind):
        if kind not in found:
            one = Scorer(
                find(str(models(kind)), "x"), "fp32", "cpu", None, "metrics.comet", Cache.temporary()
            )
            found[kind] = (one, values(one.score(INPUTS)))
        return found[kind]

    return make


@settings(max_examples=12, deadline=None)
@given(
    budget=st.integers(1, 3000),
    order=st.permutations(range(len(INPUTS))),
    kind=st.sampled_from(["regression", "unified"]),
)
def test_the_size_of_a_batch_and_the_order_have_no_influence(budget, order, kind, stock):
    known, expected = stock(kind)
    one = replace(known, cache=Cache.temporary(), batch_tokens=budget)
    one._module, one.running_on = known._module, "cpu"
    one._batcher = Batcher(budget, "cpu", "metrics.comet")
    assert values(one.score([INPUTS[at] for at in order])) == pytest.approx(
        [expected[at] for at in order], abs=1e-6
    )


def test_no_batch_is_larger_than_its_budget(scorer):
    one = scorer("regression", batch_tokens=64)
    module = one.module()
    sizes = []
    encode = type(module).get_sentence_embedding
    module.__class__ = type(
        "Seen",
        (type(module),),
        {
            "get_sentence_embedding": lambda self, ids, mask: (
                sizes.append((ids.numel(), len(ids))) or encode(self, ids, mask)
            )
        },
    )
    one.score(INPUTS)
    assert all(tokens <= 64 or texts == 1 for tokens, texts in sizes)
    assert any(texts > 1 for _, texts in sizes)


@pytest.mark.parametrize("kind", ["regression", "unified"])
@pytest.mark.parametrize("error", ["MemoryError", "OutOfMemoryError", "RuntimeError"])
def test_a_batch_is_halved_if_memory_is_insufficient(kind, error, scorer, stock, monkeypatch, caplog):
    import torch

    expected = stock(kind)[1][:8]
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
                "RuntimeError": RuntimeError(
                    "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 B."
                ),
            }[error]
        return work(batch, *more, **options)

    monkeypatch.setattr(one.module(), name, tight)
    assert values(one.score(INPUTS[:8])) == pytest.approx(expected, abs=1e-6)
    assert max(sizes) > 3
    assert all(after == size // 2 for size, after in pairwise(sizes) if size > 3)
    assert (
        f"not enough memory on cpu for {sizes[0]} texts at once: continuing with {sizes[0] // 2}"
        in caplog.text
    )


def test_a_single_text_that_does_not_fit_is_reported(scorer, monkeypatch):
    one = scorer("regression")

    def never(*_given, **_options):
        raise MemoryError

    monkeypatch.setattr(one.module(), "compute_sentence_embedding", never)
    with pytest.raises(
        MetricError,
        match=r"not enough memory on cpu for a text of \d+ tokens\. Set metrics\.comet\.device=cpu, or use a",
    ):
        one.score(INPUTS)


def test_other_errors_are_not_mistaken_for_a_lack_of_memory(scorer, monkeypatch):
    one = scorer("regression")

    def broken(*_given, **_options):
        raise RuntimeError("shape mismatch")

    monkeypatch.setattr(one.module(), "compute_sentence_embedding", broken)
    with pytest.raises(RuntimeError, match="shape mismatch"):
        one.score(INPUTS)


def test_a_score_that_is_not_a_number_is_reported(scorer, monkeypatch):
    import torch

    one = scorer("unified")
    monkeypatch.setattr(
        one.module().estimator, "forward", lambda given: torch.full((len(given), 1), float("nan"))
    )
    with pytest.raises(
        MetricError,
        match=r"a score that is not a number \(fp32 on cpu\)\. Set metrics\.comet\.precision=fp32, or ",
    ):
        one.score(INPUTS)


@pytest.mark.parametrize("kind", ["regression", "referenceless", "unified", "xcomet"])
def test_bf16_is_another_computation_with_nearly_the_same_scores(kind, scorer, models):
    import torch

    inputs = [texts if kind != "referenceless" else texts._replace(ref=None) for texts in INPUTS]
    exact = values(scorer(kind).score(inputs))
    short = values(scorer(kind, precision="bf16").score(inputs))
    assert short != exact
    assert short == pytest.approx(exact, abs=0.002)
    assert values(scorer(kind).score(inputs)) == exact, "the cache keeps both"
    assert values(scorer(kind, precision="bf16").score(inputs)) == short
    steps = torch.tensor(short)
    assert (steps != steps.bfloat16()).any(), "the encoder computes in bfloat16; scores are not rounded to it"
    signature = Comet(model=str(models(kind)), precision="bf16").signature(in_memory([REFERENCE], SOURCE))
    assert "|prec:bf16|" in signature


def test_every_embedding_is_that_of_the_model_itself(scorer):
    import torch

    one = scorer("regression")
    texts = [*GOOD, LONG, "", "мир"]
    found = one._encode(texts)
    with torch.inference_mode():
        for text in texts:
            batch = one.module().encoder.prepare_sample([text])
            own = one.module().get_sentence_embedding(batch["input_ids"], batch["attention_mask"])[0]
            assert found[text].embedding == pytest.approx(own.numpy(), abs=1e-6)


def test_each_checkpoint_has_separate_values_in_the_cache(scorer, tmp_path):
    here = scorer("regression")
    first = values(here.score(INPUTS[:4]))
    other = build(tmp_path / "regression", "regression", seed=3)
    there = replace(here, checkpoint=find(str(other), "x"))
    assert values(there.score(INPUTS[:4])) != first
    moved = tmp_path / "moved"
    other.rename(moved)
    again = replace(here, checkpoint=find(str(moved), "x"))
    again.score(INPUTS[:4])
    assert again._module is None, "the content counts, not the folder"


def test_each_version_of_unbabel_comet_has_separate_values_in_the_cache(scorer, monkeypatch):
    first = scorer("regression").score(INPUTS[:4])
    monkeypatch.setattr(scoring, "comet_version", lambda: "9.9")
    again = scorer("regression")
    assert again.score(INPUTS[:4]) == first
    assert again._module is not None


@pytest.mark.parametrize("gigabytes", ["0", "0.0002"])
def test_scores_do_not_depend_on_the_size_of_the_cache(gigabytes, scorer, stock, monkeypatch):
    expected = stock("regression")[1]
    monkeypatch.setenv("EVALKIT_CACHE_GB", gigabytes)
    one = scorer("regression")
    for _ in range(2):
        assert values(one.score(INPUTS)) == pytest.approx(expected, abs=1e-6)


FORKS = """
import json, os, sys
from pathlib import Path
import comet.models
import torch
from evalkit.models.checkpoint import find, load
from evalkit.models.inputs import ModelInput
from evalkit.models.scoring import Scorer
from evalkit.runtime.cache import Cache
def run(model, cache, stop, how, out):
    torch.set_num_threads(1)
    scorer = Scorer(find(model, "x"), "fp32", "cpu", 8, "x", Cache(Path(cache)))
    module = scorer.module()
    name = "predict_step" if scorer.checkpoint.joint else "compute_sentence_embedding"
    work, calls = getattr(module, name), []
    def dying(*given, **options):
        calls.append(1)
        if len(calls) == stop:
            os.kill(os.getpid(), 9) if how == "kill" else os._exit(3)
        return work(*given, **options)
    setattr(module, name, dying)
    inputs = [ModelInput(f"text number {n}", "source", "reference") for n in range(20)]
    scores = [one.score for one in scorer.score(inputs)]
    Path(out).write_text(json.dumps([len(calls), scores]))
for jobs in json.loads(sys.argv[1]):  # one after another; those in one list at the same time
    pids = []
    for job in jobs:
        pid = os.fork()
        if not pid:
            try:
                run(*job)
            except BaseException as error:
                sys.stderr.write(repr(error))
                os._exit(1)
            os._exit(0)
        pids.append(pid)
    print(*(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids), flush=True)
"""


@pytest.mark.slow(reason="starts processes that import comet")
def test_a_run_that_is_killed_loses_the_batch_in_progress_and_two_at_once_agree(models, tmp_path, scorer):
    def job(name, kind, stop=0, how=""):
        return [
            str(models(kind)),
            str(tmp_path / name.partition("-")[0]),
            stop,
            how,
            str(tmp_path / f"{name}.json"),
        ]

    jobs = [
        [job("apart", "regression", 9, "kill"), job("joint", "unified", 9, "exit")],
        [job("apart", "regression"), job("joint", "unified")],
        [job("both-a", "regression"), job("both-b", "regression")],
    ]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKS, json.dumps(jobs)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "-9 3\n0 0\n0 0\n", done.stderr
    calls, scores = {}, {}
    for name in ("apart", "joint", "both-a", "both-b"):
        calls[name], scores[name] = json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
    # 22 distinct texts and 20 distinct combinations, each a batch, of which 8 were done
    assert (calls["apart"], calls["joint"]) == (22 - 8, 20 - 8)
    inputs = [ModelInput(f"text number {n}", "source", "reference") for n in range(20)]
    for name, kind in (
        ("apart", "regression"),
        ("joint", "unified"),
        ("both-a", "regression"),
        ("both-b", "regression"),
    ):
        expected = values(scorer(kind, cache=Cache.temporary()).score(inputs))
        assert scores[name] == pytest.approx(expected, abs=1e-6), name


CACHED = """
import json, sys
from evalkit import evaluate
from evalkit.data.lines import Lines
from evalkit.metrics.comet import Comet
references = {"A": "ref.en", "B": "second.en"}
reader = Lines(path=sys.argv[2], reference=references, source="src.ru", target_language="en")
metrics = [Comet(model=model, name=f"m{n}") for n, model in enumerate(json.loads(sys.argv[1]))]
run = evaluate(reader, metrics, systems=sys.argv[2] + "/systems", output=sys.argv[3]).run
found = [
    [name, metric.name, run.systems[name].metrics[metric.name].value.hex(), metric.signature(reader.read())]
    for name in run.systems
    for metric in metrics
]
modules = {"torch", "comet", "transformers", "pytorch_lightning", "lightning", "datasets", "huggingface_hub"}
slow = sorted(modules & set(sys.modules))
print(json.dumps([found, slow]))
"""


def test_a_run_from_the_cache_imports_neither_torch_nor_comet_and_gives_the_same_bits(
    models, tmp_path, monkeypatch, capsys
):
    in_folder(tmp_path)
    (tmp_path / "src.ru").write_text("\n".join(SOURCE) + "\n", encoding="utf-8")
    (tmp_path / "second.en").write_text("\n".join(SECOND) + "\n", encoding="utf-8")
    monkeypatch.setenv("EVALKIT_CACHE", str(tmp_path / "cache"))
    given = [json.dumps([str(models("regression")), str(models("unified"))]), str(tmp_path)]
    monkeypatch.setattr(sys, "argv", ["-c", *given, str(tmp_path / "first")])
    exec(CACHED, {})
    first, slow = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert "torch" in slow
    assert len(first) == 4
    second = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CACHED, *given, str(tmp_path / "second")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(second.stdout.splitlines()[-1]) == [first, []]


@pytest.fixture(scope="session")
def encoder(models):
    """unbabel-comet's encoder of a joint model."""
    with quiet():
        return load(find(str(models("unified")), "x")).encoder


LENGTHS = st.one_of(
    st.just(0), st.integers(0, 700), st.integers(160, 180), st.integers(245, 265), st.integers(495, 520)
)


@settings(max_examples=80, deadline=None)
@given(lengths=st.lists(LENGTHS, min_size=2, max_size=3), no_source=st.booleans())
def test_the_tokens_that_a_joint_encoder_loses_are_those_that_unbabel_comet_drops(
    lengths, no_source, encoder
):
    names = ("mt", "src", "ref") if len(lengths) == 3 else ("mt", "ref" if no_source else "src")
    full, own = {}, {}
    for marker, (name, length) in enumerate(zip(names, lengths, strict=True), start=10):
        text = "x" * length
        full[name] = len(encoder.tokenizer(text, verbose=False)["input_ids"])
        ids = encoder.prepare_sample([text])["input_ids"]
        ids[0, 1:-1] = marker  # so that each remaining token shows its text
        own[name] = {"input_ids": ids}
    together = [list(names)] if len(names) == 2 else [["mt", "src"], ["mt", "ref"], list(names)]
    expected = dict.fromkeys(names, 0)
    for sides in together:
        ids = encoder.concat_sequences([own[side] for side in sides])[0]["input_ids"]
        assert ids.shape[1] <= 512
        for side in sides:
            kept = int((ids == 10 + names.index(side)).sum())
            expected[side] = max(expected[side], full[side] - 2 - kept)
    assert count_lost_tokens(full, encoder) == {name: lost for name, lost in expected.items() if lost}


@pytest.mark.parametrize("kind", ["regression", "unified"])
def test_rows_and_warning_show_how_much_each_text_lost(kind, models, encoder, tmp_path):
    test_set = in_memory([[*REFERENCE, "Short."], [*REFERENCE, "x" * 600]], [*SOURCE, "x" * 700])
    given, cache = output([*GOOD, "Brief."]), str(tmp_path)
    source, second, brief = (
        len(encoder.tokenizer(text, verbose=False)["input_ids"]) - 2
        for text in ("x" * 700, "x" * 600, "Brief.")
    )
    own = 510 - 2  # tokens of a text that is cut alone, without <s> and </s>
    lost = (
        {"source": source - own, "reference": second - own}
        if kind == "regression"
        # <s> mt </s></s> src </s></s> ref </s>: the reference is cut off
        else {"source": source - (512 - 1 - brief - 2), "reference": second}
    )
    for _ in range(2):  # computed, then from the cache
        found = Comet(model=str(models(kind)), cache=cache).statistics(test_set, given)
        assert found.rows == ({"document": None, "segment": "5", "tokens_lost": lost},)
        losses = ", ".join(f"{tokens} tokens of the {side}" for side, tokens in lost.items())
        assert found.warnings == (f"segments that COMET read only in part: 1: segment 5 (without {losses})",)
        with pytest.raises(
            MetricError,
            match=rf"sys: segments too long for the encoder of COMET: 1: segment 5 \(without {losses}\)\. ",
        ):
            Comet(model=str(models(kind)), cache=cache, on_overflow="error").statistics(test_set, given)


def test_the_version_is_known_without_an_import(monkeypatch):
    import importlib.metadata

    assert scoring.comet_version() == importlib.metadata.version("unbabel-comet")

    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(scoring, "version", missing)
    scoring.comet_version.cache_clear()
    with pytest.raises(MetricError, match=r"unbabel-comet is not installed\. Run: pip install"):
        scoring.comet_version()


def test_scores_are_floats(scorer):
    assert all(
        isinstance(one.score, float) and np.isfinite(one.score) for one in scorer("regression").score(INPUTS)
    )
