"""Train evalkit-mini: a COMET regression model on top of the encoder of `training/encoder.py`.

    python training/train.py WORK --ratings ratings_train.parquet                            2 cores, about an
    hour python training/train.py WORK --ratings ratings_train.parquet --device cuda --layers 12 --mlqe 3000
    --epochs 4

The model is unbabel-comet's RegressionMetric, so unbabel-comet loads the folder WORK/checkpoint. The loop is
our own, since unbabel-comet trains on single rows. Here, the candidates of a group (`training/data.py`) are
ranked against each other (RankNet: Burges et al. 2005, weighted by the difference of the targets), and a
squared error keeps the values between 0 and 1. In 40 % of the groups the reference replaces the source.

If not all layers are trained, the hidden states below them are computed once and kept in memory. The weights
are averaged over the second half of the steps.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import yaml
from comet.models import RegressionMetric
from data import Candidate, Group, make_groups, read_ratings
from torch.nn.functional import normalize, softplus

MOST_TOKENS = 160
"""Longer texts are cut in training; evalkit-mini itself reads up to 510 tokens."""
MOST_CANDIDATES = 9
"""Candidates of a group in one step."""
SOURCE_DROPPED = 0.4
"""Share of the groups in which the reference replaces the source."""
REFERENCE_SWAPPED = 0.2
"""Share of the rated groups in which the best candidate replaces the reference, to vary its style."""
TEMPERATURE = 0.1
"""Difference of scores that counts as one unit in the ranking loss."""
VALUES = 0.3
"""Weight of the squared error relative to the ranking."""
TEACHER = 0.3
"""Share of the target of damaged texts that comes from token matching (BERTScore: Zhang et al. 2020)."""
TEACHER_LAYER = 8
"""Layer whose hidden states are matched."""


class States:
    """What is known of texts before training: tokens, and hidden states below the layers that are trained.

    Attributes:
        hidden: [tokens, dimensions] float16, all texts one after another.
        pooled: [texts, layers below + 1, dimensions] float16, means over the tokens.
    """

    def __init__(self, model: RegressionMetric, texts: Sequence[str], below: int, device: str) -> None:
        self.index = {text: index for index, text in enumerate(texts)}
        self.below = below
        self.tokens = model.encoder.tokenizer(
            list(texts), truncation=True, max_length=MOST_TOKENS, verbose=False
        )["input_ids"]
        self.starts = np.concatenate([[0], np.cumsum([len(ids) for ids in self.tokens])])
        dimensions = model.encoder.output_units
        self.hidden = np.zeros((int(self.starts[-1]), dimensions), np.float16)
        self.pooled = np.zeros((len(texts), below + 1, dimensions), np.float16)
        lengths = [len(ids) for ids in self.tokens]
        order = sorted(range(len(texts)), key=lambda index: -lengths[index])
        with torch.inference_mode(), torch.autocast(device, torch.bfloat16):
            for batch in split_into_batches(order, lengths, 1536 if device == "cpu" else 65536):
                self._encode(model, batch, device)

    def _encode(self, model: RegressionMetric, batch: Sequence[int], device: str) -> None:
        ids, mask = self.pad(batch, device)
        layers = model.encoder(ids, mask)["all_layers"][: self.below + 1]
        means = torch.stack([average(layer.float(), mask) for layer in layers], 1)
        for row, index in enumerate(batch):
            self.pooled[index] = means[row].cpu().numpy()
            self.hidden[self.starts[index] : self.starts[index + 1]] = (
                layers[-1][row, : len(self.tokens[index])].float().cpu()
            )

    def pad(self, indices: Sequence[int], device: str) -> tuple[torch.Tensor, torch.Tensor]:
        """[texts, tokens] ids and mask."""
        longest = max(len(self.tokens[index]) for index in indices)
        ids = torch.ones(len(indices), longest, dtype=torch.long)  # 1 is <pad>
        for row, index in enumerate(indices):
            ids[row, : len(self.tokens[index])] = torch.tensor(self.tokens[index])
        return ids.to(device), (ids != 1).long().to(device)

    def look_up(self, indices: Sequence[int], device: str) -> tuple[torch.Tensor, torch.Tensor]:
        """[texts, tokens, dimensions] float32 states below the trained layers, and [texts, tokens] mask."""
        longest = max(len(self.tokens[index]) for index in indices)
        hidden = np.zeros((len(indices), longest, self.hidden.shape[1]), np.float32)
        mask = torch.zeros(len(indices), longest)
        for row, index in enumerate(indices):
            states = self.hidden[self.starts[index] : self.starts[index + 1]]
            hidden[row, : len(states)] = states
            mask[row, : len(states)] = 1
        return torch.from_numpy(hidden).to(device), mask.to(device)

    def match(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """[pairs] F1 of greedy matching of tokens by centred cosine, from about 0 to 1."""
        centre = self.hidden[::50].astype(np.float32).mean(0)
        return np.array(
            [
                match_tokens(self._normalize(hypothesis, centre), self._normalize(reference, centre))
                for hypothesis, reference in pairs
            ]
        )

    def _normalize(self, text: str, centre: np.ndarray) -> torch.Tensor:
        """[tokens, dimensions] unit vectors around a centre, without <s> and </s>."""
        index = self.index[text]
        states = self.hidden[self.starts[index] + 1 : self.starts[index + 1] - 1].astype(np.float32)
        return normalize(torch.from_numpy(states - centre), dim=-1)


def match_tokens(hypothesis: torch.Tensor, reference: torch.Tensor) -> float:
    """F1 of the best match of each token, for [tokens, dimensions] unit vectors."""
    if len(hypothesis) == 0 or len(reference) == 0:
        return 0.0
    similarity = hypothesis @ reference.T
    precision, recall = similarity.max(1).values.mean().item(), similarity.max(0).values.mean().item()
    return max(0.0, 2 * precision * recall / max(precision + recall, 1e-6))


def split_into_batches(order: Sequence[int], lengths: Sequence[int], budget: int) -> Iterator[Sequence[int]]:
    """Split indices, longest text first, into batches of at most `budget` tokens, padding included."""
    start = 0
    while start < len(order):
        size = max(1, budget // lengths[order[start]])
        yield order[start : start + size]
        start += size


def average(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """[texts, dimensions] mean over the tokens of each text."""
    weights = mask.float()[..., None]
    return (states * weights).sum(1) / weights.sum(1)


def embed(model: RegressionMetric, states: States, texts: Sequence[str], device: str) -> torch.Tensor:
    """[texts, dimensions] embeddings as the model's ``get_sentence_embedding``, from the states below."""
    indices = [states.index[text] for text in texts]
    hidden, mask = states.look_up(indices, device)
    encoder = model.encoder.model
    wide = encoder.get_extended_attention_mask(mask, mask.shape)
    pooled = list(torch.from_numpy(states.pooled[indices].astype(np.float32)).to(device).unbind(1))
    for layer in encoder.encoder.layer[states.below :]:
        output = layer(hidden, wide)
        hidden = output[0] if isinstance(output, tuple) else output
        pooled.append(average(hidden.float(), mask))
    # the mix of layers is linear, so it may follow the means
    return model.layerwise_attention([layer[:, None] for layer in pooled], mask)[:, 0]


def embed_all(model: RegressionMetric, states: States, texts: Sequence[str], device: str) -> torch.Tensor:
    """[texts, dimensions] embeddings of many texts, without gradients, in batches of similar length."""
    lengths = [len(states.tokens[states.index[text]]) for text in texts]
    order = sorted(range(len(texts)), key=lambda index: -lengths[index])
    embeddings = torch.zeros(len(texts), model.encoder.output_units, device=device)
    with torch.inference_mode():
        for batch in split_into_batches(order, lengths, 2048 if device == "cpu" else 65536):
            embeddings[list(batch)] = embed(model, states, [texts[index] for index in batch], device)
    return embeddings


def compute_kendall(scored: Sequence[tuple[Group, np.ndarray]]) -> float:
    """Compute Kendall's tau within groups: concordant less discordant pairs, by pairs of unequal target."""
    agreement = different = 0.0
    for group, scores in scored:
        targets = np.array([candidate.target for candidate in group.candidates])
        order = np.sign(targets[:, None] - targets[None])
        agreement += float((order * np.sign(scores[:, None] - scores[None])).sum()) / 2
        different += np.count_nonzero(order) / 2
    return agreement / max(different, 1)


def list_texts(groups: Sequence[Group]) -> list[str]:
    """All distinct texts of groups, sorted."""
    return sorted(
        {
            text
            for group in groups
            for text in (group.src, group.ref, *(candidate.text for candidate in group.candidates))
        }
    )


def validate(model: RegressionMetric, states: States, held_out: Sequence[Group], device: str) -> str:
    """Describe Kendall's tau within groups by language, with source and without, for the log."""
    model.eval()
    texts = list_texts(held_out)
    table = dict(zip(texts, embed_all(model, states, texts, device), strict=True))
    scored: dict[tuple[str, bool], list[tuple[Group, np.ndarray]]] = {}
    with torch.inference_mode():
        for group in held_out:
            mt = torch.stack([table[candidate.text] for candidate in group.candidates])
            ref = table[group.ref].expand_as(mt)
            for has_source, source in ((True, group.src), (False, group.ref)):
                scores = model.estimate(table[source].expand_as(mt), mt, ref).score.float().cpu().numpy()
                key = (f"{group.origin} {group.language}", has_source)
                scored.setdefault(key, []).append((group, scores))
    model.train()
    taus = {key: compute_kendall(groups) for key, groups in sorted(scored.items())}
    with_source = {name: tau for (name, has_source), tau in taus.items() if has_source}
    without = [tau for (_, has_source), tau in taus.items() if not has_source]
    by_language = " ".join(f"{name} {tau:.3f}" for name, tau in with_source.items())
    mean = np.mean(list(with_source.values()))
    return f"{mean:.3f} without source {np.mean(without):.3f} | {by_language}"


def mix_in_matching(group: Group, matched: Sequence[float]) -> Group:
    """Mix token matching into the targets of a group, except those of rated and empty texts."""
    candidates = [
        candidate
        if candidate.kind in ("rated", "empty")
        else replace(candidate, target=(1 - TEACHER) * candidate.target + TEACHER * min(1.0, match))
        for candidate, match in zip(group.candidates, matched, strict=True)
    ]
    return replace(group, candidates=tuple(candidates))


class Row(NamedTuple):
    """One input of a step."""

    src: str
    mt: str
    ref: str
    target: float
    group: int
    """Index of its group in the step."""


def choose_rows(groups: Sequence[Group], random: np.random.Generator) -> list[Row]:
    """Choose candidates, references and sources for one step."""
    rows = []
    for index, group in enumerate(groups):
        candidates = list(group.candidates)
        if len(candidates) > MOST_CANDIDATES:
            candidates = [candidates[at] for at in random.permutation(len(candidates))[:MOST_CANDIDATES]]
        reference = choose_reference(group, candidates, random)
        source = reference if random.random() < SOURCE_DROPPED else group.src
        rows += [Row(source, candidate.text, reference, candidate.target, index) for candidate in candidates]
    return rows


def choose_reference(group: Group, candidates: Sequence[Candidate], random: np.random.Generator) -> str:
    best = max(candidates, key=lambda candidate: candidate.target)
    is_reference = group.origin == "mqm" and best.kind == "rated" and best.target > 0.95
    return best.text if is_reference and random.random() < REFERENCE_SWAPPED else group.ref


def compute_loss(
    model: RegressionMetric,
    states: States,
    groups: Sequence[Group],
    random: np.random.Generator,
    device: str,
) -> torch.Tensor:
    """Compute the loss of one step: ranking within the groups, and squared error."""
    rows = choose_rows(groups, random)
    texts = sorted({text for row in rows for text in (row.src, row.mt, row.ref)})
    place = {text: at for at, text in enumerate(texts)}
    embeddings = embed(model, states, texts, device)
    src, mt, ref = (embeddings[[place[row[column]] for row in rows]] for column in range(3))
    scores = model.estimate(src, mt, ref).score
    targets = torch.tensor([row.target for row in rows], device=device)
    group = torch.tensor([row.group for row in rows], device=device)
    better = targets[:, None] - targets[None]
    pairs = (group[:, None] == group[None]) & (better > 0.005)
    weights = better[pairs].clamp(max=0.4)
    differences = (scores[:, None] - scores[None])[pairs]
    ranking = (weights * softplus(-differences / TEMPERATURE)).sum() / weights.sum()
    return ranking + VALUES * ((scores - targets) ** 2).mean() / 0.04


@dataclass
class Average:
    """Running mean of the trained weights."""

    weights: dict[str, torch.Tensor]
    count: int = 0

    def add(self, model: RegressionMetric) -> None:
        """Add the current weights."""
        self.count += 1
        for name, parameter in model.named_parameters():
            if name in self.weights:
                self.weights[name] += (parameter.detach() - self.weights[name]) / self.count


def freeze(model: RegressionMetric, below: int) -> tuple[list[Any], list[Any]]:
    """Freeze all weights except those of the upper layers and the head: the parameters of both."""
    encoder = [p for layer in model.encoder.model.encoder.layer[below:] for p in layer.parameters()]
    head = [*model.estimator.parameters(), *model.layerwise_attention.parameters()]
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for parameter in (*encoder, *head):
        parameter.requires_grad_(True)
    return encoder, head


def train(
    model: RegressionMetric,
    states: States,
    train_groups: list[Group],
    held_out: list[Group],
    options: argparse.Namespace,
) -> None:
    """Train in place."""
    device = options.device
    encoder, head = freeze(model, states.below)
    rates = [(head, options.head_rate), (encoder, options.encoder_rate)]
    optimizer = torch.optim.AdamW(
        [{"params": parameters, "lr": rate} for parameters, rate in rates], weight_decay=0.01
    )
    random = np.random.default_rng(options.seed)
    per_epoch = len(train_groups) // options.batch
    steps = options.epochs * per_epoch
    averaged = Average({name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad})
    started, losses = time.monotonic(), []
    model.train()
    model.encoder.eval()  # dropout in the head alone
    for step in range(steps):
        if step % per_epoch == 0:
            order = random.permutation(len(train_groups))
        start = (step % per_epoch) * options.batch
        batch = [train_groups[index] for index in order[start : start + options.batch]]
        with torch.autocast(device, torch.bfloat16):
            loss = compute_loss(model, states, batch, random, device)
        progress = step / steps
        for group, (_, rate) in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * min(progress / 0.05, (1 - progress) / 0.95)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*encoder, *head], 1.0)
        optimizer.step()
        losses.append(loss.item())
        if progress >= 0.5:
            averaged.add(model)
        if (step + 1) % options.every == 0:
            seconds = time.monotonic() - started
            print(f"step {step + 1} of {steps}, {seconds:.0f} s, loss {np.mean(losses):.3f}", flush=True)
            losses = []
        if (step + 1) in {round(steps * share) for share in (0.25, 0.5, 0.75, 1)}:
            print(f"  held out: {validate(model, states, held_out, device)}", flush=True)
            model.encoder.eval()
    model.load_state_dict(averaged.weights, strict=False)
    print(f"averaged, held out: {validate(model, states, held_out, device)}", flush=True)


def save(model: RegressionMetric, encoder: Path, target: Path) -> None:
    """Write a checkpoint folder of unbabel-comet. It has its name only when it is complete."""
    unfinished = target.with_name(target.name + ".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    (unfinished / "checkpoints").mkdir(parents=True)
    shutil.copytree(encoder, unfinished / "encoder", ignore=shutil.ignore_patterns("*.safetensors"))
    settings = {
        **dict(model.hparams),
        "pretrained_model": "evalkit-mini",
        "class_identifier": "regression_metric",
    }
    (unfinished / "hparams.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    torch.save(
        {
            "state_dict": {name: tensor.cpu() for name, tensor in model.state_dict().items()},
            "hyper_parameters": settings,
            "pytorch-lightning_version": "2.6.0",
            "epoch": 0,
            "global_step": 0,
        },
        unfinished / "checkpoints" / "model.ckpt",
    )
    shutil.rmtree(target, ignore_errors=True)
    unfinished.rename(target)


def build(encoder: Path, seed: int) -> RegressionMetric:
    """Build the model before training. Means of e5 are scaled to a deviation of about 1 for the head."""
    torch.manual_seed(seed)
    model = RegressionMetric(
        pretrained_model=str(encoder),
        pool="avg",
        layer="mix",
        layer_transformation="softmax",
        layer_norm=False,
        dropout=0.1,
        hidden_sizes=[384, 128],
        activations="Tanh",
        nr_frozen_epochs=0,
        train_data=[],
        validation_data=[],
        load_pretrained_weights=True,
        local_files_only=True,
    )
    with torch.no_grad():
        model.layerwise_attention.gamma.fill_(4.0)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", type=Path)
    parser.add_argument("--ratings", type=Path, required=True)
    parser.add_argument(
        "--layers",
        type=int,
        default=4,
        help="number of upper layers to train; 12: all except the embeddings",
    )
    parser.add_argument("--mlqe", type=int, default=600, help="rows of MLQE-PE per language pair")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch", type=int, default=12, help="groups per step")
    parser.add_argument("--head-rate", type=float, default=4e-4)
    parser.add_argument("--encoder-rate", type=float, default=5e-5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--every", type=int, default=50, help="steps between lines of the log")
    options = parser.parse_args()
    model = build(options.work / "encoder", options.seed).to(options.device)
    train_groups, held_out = make_groups(read_ratings(options.ratings), options.seed, options.mlqe)
    texts = list_texts([*train_groups, *held_out])
    print(f"{len(train_groups)} groups, {len(held_out)} held out, {len(texts)} distinct texts", flush=True)
    states = States(model, texts, model.encoder.num_layers - 1 - options.layers, options.device)
    pairs = [(candidate.text, group.ref) for group in train_groups for candidate in group.candidates]
    teacher = states if states.below == TEACHER_LAYER else States(model, texts, TEACHER_LAYER, options.device)
    matched = iter(teacher.match(pairs).tolist())
    train_groups = [
        mix_in_matching(group, [next(matched) for _ in group.candidates]) for group in train_groups
    ]
    train(model, states, train_groups, held_out, options)
    save(model.to("cpu"), options.work / "encoder", options.work / "checkpoint")
    (options.work / "checkpoint" / "training.json").write_text(
        json.dumps(list_settings(options), indent=2) + "\n", encoding="utf-8"
    )


def list_settings(options: argparse.Namespace) -> dict[str, Any]:
    """List the settings that influence the weights, as JSON."""
    return {
        name: value
        for name, value in vars(options).items()
        if isinstance(value, int | float | str) and name != "device"
    }


if __name__ == "__main__":
    main()
