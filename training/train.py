"""Train evalkit-mini: a COMET regression model over the encoder of `training/encoder.py`.

    python training/train.py WORK --ratings ratings_train.parquet                            2 cores, about an hour
    python training/train.py WORK --ratings ratings_train.parquet --device cuda --layers 12 --mlqe 3000 --epochs 4

The model is unbabel-comet's own RegressionMetric, so that WORK/checkpoint is a folder that it loads. What is ours is the
loop, since unbabel-comet trains on single rows: here the candidates of a group (`training/data.py`) are ranked against one
another (RankNet: Burges et al. 2005, weighted by the difference of the targets), beside a squared error that keeps the
values at their place from 0 to 1. In 40 % of the groups the reference stands in the place of the source.

Where not all layers are trained, the hidden states below them are worked out once and kept in WORK. The weights are
averaged over the second half of the steps.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from comet.models import RegressionMetric
from data import Candidate, Group, groups, read_ratings
from torch.nn.functional import normalize, softplus

MOST_TOKENS = 160
"""Longer texts are cut in training; none of those that ship is."""
MOST_CANDIDATES = 9
SOURCE_DROPPED = 0.4
REFERENCE_SWAPPED = 0.2
"""Share of the rated groups in which the best candidate takes the place of the reference, which is another style of it."""
TEMPERATURE = 0.1
"""Difference of scores that counts as one unit in the ranking loss."""
VALUES = 0.3
"""Weight of the squared error beside the ranking."""
TEACHER = 0.3
"""Share of the target of damaged texts that comes from token matching (BERTScore: Zhang et al. 2020)."""

TEACHER_LAYER = 8


class States:
    """What is known of texts before training: tokens, or the hidden states below the layers that are trained.

    Attributes:
        hidden: [tokens, dimensions] float16, all texts one after another; None where all layers are trained.
        pooled: [texts, layers below + 1, dimensions] float16, means over the tokens.
    """

    def __init__(self, model: RegressionMetric, texts: Sequence[str], below: int, device: str) -> None:
        self.index = {text: number for number, text in enumerate(texts)}
        self.below = below
        self.tokens = model.encoder.tokenizer(
            list(texts), truncation=True, max_length=MOST_TOKENS, verbose=False
        )["input_ids"]
        self.starts = np.concatenate([[0], np.cumsum([len(ids) for ids in self.tokens])])
        dimensions = model.encoder.output_units
        self.hidden = np.zeros((int(self.starts[-1]), dimensions), np.float16)
        self.pooled = np.zeros((len(texts), below + 1, dimensions), np.float16)
        order = sorted(range(len(texts)), key=lambda number: -len(self.tokens[number]))
        with torch.inference_mode(), torch.autocast(device, torch.bfloat16):
            for some in batches(order, [len(ids) for ids in self.tokens], 1536 if device == "cpu" else 65536):
                ids, mask = self.padded(some, device)
                layers = model.encoder(ids, mask)["all_layers"][: below + 1]
                means = torch.stack([mean(layer.float(), mask) for layer in layers], 1)
                for row, number in enumerate(some):
                    self.pooled[number] = means[row].cpu().numpy()
                    self.hidden[self.starts[number] : self.starts[number + 1]] = (
                        layers[-1][row, : len(self.tokens[number])].float().cpu()
                    )

    def padded(self, numbers: Sequence[int], device: str) -> tuple[torch.Tensor, torch.Tensor]:
        """[texts, tokens] ids and mask."""
        longest = max(len(self.tokens[number]) for number in numbers)
        ids = torch.ones(len(numbers), longest, dtype=torch.long)  # 1 is <pad>
        for row, number in enumerate(numbers):
            ids[row, : len(self.tokens[number])] = torch.tensor(self.tokens[number])
        return ids.to(device), (ids != 1).long().to(device)

    def states(self, numbers: Sequence[int], device: str) -> tuple[torch.Tensor, torch.Tensor]:
        """[texts, tokens, dimensions] float32 below the trained layers, and [texts, tokens] mask."""
        longest = max(len(self.tokens[number]) for number in numbers)
        hidden = np.zeros((len(numbers), longest, self.hidden.shape[1]), np.float32)
        mask = torch.zeros(len(numbers), longest)
        for row, number in enumerate(numbers):
            own = self.hidden[self.starts[number] : self.starts[number + 1]]
            hidden[row, : len(own)] = own
            mask[row, : len(own)] = 1
        return torch.from_numpy(hidden).to(device), mask.to(device)

    def matching(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        """[pairs] F1 of greedy matching of tokens by cosine, centred; from about 0 to 1."""
        centre = self.hidden[::50].astype(np.float32).mean(0)

        def tokens(text: str) -> torch.Tensor:
            number = self.index[text]
            own = self.hidden[self.starts[number] + 1 : self.starts[number + 1] - 1].astype(np.float32)
            return normalize(torch.from_numpy(own - centre), dim=-1)

        found = []
        for hypothesis, reference in pairs:
            one, other = tokens(hypothesis), tokens(reference)
            if len(one) == 0 or len(other) == 0:
                found.append(0.0)
                continue
            similarity = one @ other.T
            precision, recall = similarity.max(1).values.mean().item(), similarity.max(0).values.mean().item()
            found.append(max(0.0, 2 * precision * recall / max(precision + recall, 1e-6)))
        return np.array(found)


def batches(order: Sequence[int], lengths: Sequence[int], budget: int) -> Iterator[Sequence[int]]:
    """Numbers, the longest first, in batches of at most `budget` tokens, padding included."""
    start = 0
    while start < len(order):
        size = max(1, budget // lengths[order[start]])
        yield order[start : start + size]
        start += size


def mean(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """[texts, dimensions] means over the tokens of a text."""
    weights = mask.float()[..., None]
    return (states * weights).sum(1) / weights.sum(1)


def embed(model: RegressionMetric, states: States, texts: Sequence[str], device: str) -> torch.Tensor:
    """[texts, dimensions] sentence embeddings, as the model's own ``get_sentence_embedding``, from the states below."""
    numbers = [states.index[text] for text in texts]
    hidden, mask = states.states(numbers, device)
    encoder = model.encoder.model
    wide = encoder.get_extended_attention_mask(mask, mask.shape)
    pooled = list(torch.from_numpy(states.pooled[numbers].astype(np.float32)).to(device).unbind(1))
    for layer in encoder.encoder.layer[states.below :]:
        found = layer(hidden, wide)
        hidden = found[0] if isinstance(found, tuple) else found
        pooled.append(mean(hidden.float(), mask))
    # the mix of layers is linear, so that it may come after the means
    return model.layerwise_attention([layer[:, None] for layer in pooled], mask)[:, 0]


def embed_all(model: RegressionMetric, states: States, texts: Sequence[str], device: str) -> torch.Tensor:
    """[texts, dimensions] embeddings of many texts, without gradients, by length."""
    order = sorted(range(len(texts)), key=lambda at: -len(states.tokens[states.index[texts[at]]]))
    lengths = [len(states.tokens[states.index[text]]) for text in texts]
    found = torch.zeros(len(texts), model.encoder.output_units, device=device)
    with torch.inference_mode():
        for some in batches(order, lengths, 2048 if device == "cpu" else 65536):
            found[list(some)] = embed(model, states, [texts[at] for at in some], device)
    return found


def within(scored: Sequence[tuple[Group, np.ndarray]]) -> float:
    """Kendall within a group, over all groups: pairs in the order of their targets less those in the contrary one, by all that differ."""
    concordant = different = 0.0
    for group, scores in scored:
        targets = np.array([candidate.target for candidate in group.candidates])
        order = np.sign(targets[:, None] - targets[None])
        concordant += float((order * np.sign(scores[:, None] - scores[None])).sum()) / 2
        different += np.count_nonzero(order) / 2
    return concordant / max(different, 1)


def validate(model: RegressionMetric, states: States, held_out: Sequence[Group], device: str) -> str:
    """Kendall within a group by language, with source and without, for the log."""
    model.eval()
    texts = sorted(
        {text for group in held_out for text in (group.src, group.ref, *(c.text for c in group.candidates))}
    )
    table = dict(zip(texts, embed_all(model, states, texts, device), strict=True))
    found: dict[str, list[tuple[Group, np.ndarray]]] = {}
    with torch.inference_mode():
        for group in held_out:
            mt = torch.stack([table[candidate.text] for candidate in group.candidates])
            ref = table[group.ref].expand_as(mt)
            for kind, src in (("", table[group.src]), (" without source", group.ref)):
                source = (src if isinstance(src, torch.Tensor) else table[src]).expand_as(mt)
                scores = model.estimate(source, mt, ref).score.float().cpu().numpy()
                found.setdefault(f"{group.origin} {group.language}{kind}", []).append((group, scores))
    model.train()
    taus = {name: within(of) for name, of in sorted(found.items())}
    means = [
        np.mean([tau for name, tau in taus.items() if name.endswith("source") == without])
        for without in (False, True)
    ]
    return f"{means[0]:.3f} without source {means[1]:.3f} | " + " ".join(
        f"{name} {tau:.3f}" for name, tau in taus.items() if "source" not in name
    )


def with_teacher(group: Group, matched: Sequence[float]) -> Group:
    """The group with targets that follow token matching as well, but for those that people or definition set."""
    return Group(
        group.src,
        group.ref,
        group.language,
        tuple(
            Candidate(c.text, (1 - TEACHER) * c.target + TEACHER * min(1.0, m), c.kind)
            if c.kind not in ("rated", "empty")
            else c
            for c, m in zip(group.candidates, matched, strict=True)
        ),
        group.origin,
    )


def loss_of(
    model: RegressionMetric, states: States, some: Sequence[Group], random: np.random.Generator, device: str
) -> torch.Tensor:
    """Ranking within the groups, and squared error."""
    rows: list[tuple[str, str, str, float, int]] = []
    for number, group in enumerate(some):
        chosen = list(group.candidates)
        if len(chosen) > MOST_CANDIDATES:
            chosen = [chosen[at] for at in random.permutation(len(chosen))[:MOST_CANDIDATES]]
        reference = group.ref
        best = max(chosen, key=lambda candidate: candidate.target)
        if (
            group.origin == "mqm"
            and best.kind == "rated"
            and best.target > 0.95
            and random.random() < REFERENCE_SWAPPED
        ):
            reference = best.text
        source = reference if random.random() < SOURCE_DROPPED else group.src
        rows += [(source, candidate.text, reference, candidate.target, number) for candidate in chosen]
    texts = sorted({text for row in rows for text in row[:3]})
    place = {text: at for at, text in enumerate(texts)}
    embeddings = embed(model, states, texts, device)
    src, mt, ref = (embeddings[[place[row[column]] for row in rows]] for column in range(3))
    scores = model.estimate(src, mt, ref).score
    targets = torch.tensor([row[3] for row in rows], device=device)
    of = torch.tensor([row[4] for row in rows], device=device)
    better = targets[:, None] - targets[None]
    pairs = (of[:, None] == of[None]) & (better > 0.005)
    weights = better[pairs].clamp(max=0.4)
    ranking = (
        weights * softplus(-(scores[:, None] - scores[None])[pairs] / TEMPERATURE)
    ).sum() / weights.sum()
    return ranking + VALUES * ((scores - targets) ** 2).mean() / 0.04


def train(
    model: RegressionMetric,
    states: States,
    train_groups: list[Group],
    held_out: list[Group],
    options: argparse.Namespace,
) -> None:
    """Train in place."""
    device = options.device
    encoder = [p for layer in model.encoder.model.encoder.layer[states.below :] for p in layer.parameters()]
    head = [*model.estimator.parameters(), *model.layerwise_attention.parameters()]
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    for parameter in (*encoder, *head):
        parameter.requires_grad_(True)
    rates = [(head, options.head_rate), (encoder, options.encoder_rate)]
    optimizer = torch.optim.AdamW([{"params": of, "lr": rate} for of, rate in rates], weight_decay=0.01)
    random = np.random.default_rng(options.seed)
    per_epoch = len(train_groups) // options.batch
    steps = options.epochs * per_epoch
    averaged, count = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}, 0
    started, losses = time.monotonic(), []
    model.train()
    model.encoder.eval()  # dropout in the head alone
    for step in range(steps):
        if step % per_epoch == 0:
            order = random.permutation(len(train_groups))
        at = (step % per_epoch) * options.batch
        with torch.autocast(device, torch.bfloat16):
            loss = loss_of(
                model,
                states,
                [train_groups[number] for number in order[at : at + options.batch]],
                random,
                device,
            )
        part = step / steps
        for group, (_, rate) in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * min(part / 0.05, (1 - part) / 0.95)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*encoder, *head], 1.0)
        optimizer.step()
        losses.append(loss.item())
        if part >= 0.5:
            count += 1
            for name, parameter in model.named_parameters():
                if name in averaged:
                    averaged[name] += (parameter.detach() - averaged[name]) / count
        if (step + 1) % options.every == 0:
            print(
                f"step {step + 1} of {steps}, {time.monotonic() - started:.0f} s, loss {np.mean(losses):.3f}",
                flush=True,
            )
            losses = []
        if (step + 1) in {round(steps * share) for share in (0.25, 0.5, 0.75, 1)}:
            print(f"  held out: {validate(model, states, held_out, device)}", flush=True)
            model.encoder.eval()
    model.load_state_dict(averaged, strict=False)
    print(f"averaged, held out: {validate(model, states, held_out, device)}", flush=True)


def save(model: RegressionMetric, encoder: Path, target: Path) -> None:
    """Write a checkpoint folder of unbabel-comet, whole or not at all."""
    side = target.with_name(target.name + ".part")
    shutil.rmtree(side, ignore_errors=True)
    (side / "checkpoints").mkdir(parents=True)
    shutil.copytree(encoder, side / "encoder", ignore=shutil.ignore_patterns("*.safetensors"))
    settings = {
        **dict(model.hparams),
        "pretrained_model": "evalkit-mini",
        "class_identifier": "regression_metric",
    }
    (side / "hparams.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    torch.save(
        {
            "state_dict": {name: tensor.cpu() for name, tensor in model.state_dict().items()},
            "hyper_parameters": settings,
            "pytorch-lightning_version": "2.6.0",
            "epoch": 0,
            "global_step": 0,
        },
        side / "checkpoints" / "model.ckpt",
    )
    shutil.rmtree(target, ignore_errors=True)
    side.rename(target)


def build(encoder: Path, seed: int) -> RegressionMetric:
    """The model before training; the means of e5 are scaled to a deviation of about 1 for the head."""
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
        help="layers that are trained, from the top; 12: all but the embeddings",
    )
    parser.add_argument("--mlqe", type=int, default=600, help="rows of MLQE-PE per language pair")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch", type=int, default=12, help="groups in one step")
    parser.add_argument("--head-rate", type=float, default=4e-4)
    parser.add_argument("--encoder-rate", type=float, default=5e-5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--every", type=int, default=50, help="steps between lines of the log")
    options = parser.parse_args()
    model = build(options.work / "encoder", options.seed).to(options.device)
    train_groups, held_out = groups(read_ratings(options.ratings), options.seed, options.mlqe)
    texts = sorted(
        {t for g in (*train_groups, *held_out) for t in (g.src, g.ref, *(c.text for c in g.candidates))}
    )
    print(f"{len(train_groups)} groups, {len(held_out)} held out, {len(texts)} distinct texts", flush=True)
    states = States(model, texts, model.encoder.num_layers - 1 - options.layers, options.device)
    pairs = [(c.text, g.ref) for g in train_groups for c in g.candidates]
    teacher = states if states.below == TEACHER_LAYER else States(model, texts, TEACHER_LAYER, options.device)
    matched = iter(teacher.matching(pairs).tolist())
    train_groups = [with_teacher(group, [next(matched) for _ in group.candidates]) for group in train_groups]
    train(model, states, train_groups, held_out, options)
    save(model.to("cpu"), options.work / "encoder", options.work / "checkpoint")
    (options.work / "checkpoint" / "training.json").write_text(
        json.dumps(plain(options), indent=2) + "\n", encoding="utf-8"
    )


def plain(options: argparse.Namespace) -> dict[str, Any]:
    """The settings as JSON."""
    return {
        name: value
        for name, value in vars(options).items()
        if isinstance(value, int | float | str) and name != "device"
    }


if __name__ == "__main__":
    main()
