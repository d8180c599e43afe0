"""What a checkpoint is worth on ratings that training has not seen, beside chrF, BLEU and the cosine of the encoder alone.

    python training/evaluate.py WORK ratings_dev.parquet [--wmt FOLDER] [--model evalkit-mini]

Within a segment: Kendall's tau over the translations of one source, (concordant - discordant) / pairs that people rate
differently, over all sources of a language pair; then the mean of the language pairs. System pairs: the share in which the
means of a metric and of people agree on the better one. Intervals and differences: 95 %, bootstrap over sources, 1,000
resamples, the same for all metrics. Pooled correlation stands there for completeness: the length of the source alone gives
much of it away.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sacrebleu
import torch
from data import Damage, read_ratings
from scipy.stats import kendalltau, pearsonr
from tabulate import tabulate
from torch.nn.functional import cosine_similarity
from train import batches, mean
from transformers import XLMRobertaModel, XLMRobertaTokenizerFast

from evalkit.data.wmt_xml import WmtXml
from evalkit.models.checkpoint import find
from evalkit.models.inputs import ModelInput
from evalkit.models.scoring import Scorer
from evalkit.runtime.cache import Cache

RESAMPLES = 1000


def cosines(encoder: Path, rows: pd.DataFrame) -> np.ndarray:
    """[rows] cosine of hypothesis and reference: means of the last hidden states of the encoder."""
    tokenizer = XLMRobertaTokenizerFast.from_pretrained(encoder)
    model = XLMRobertaModel.from_pretrained(encoder, add_pooling_layer=False).eval()
    texts = sorted({*rows.mt, *rows.ref})
    tokens = tokenizer(texts, truncation=True, max_length=510, verbose=False)["input_ids"]
    table = {}
    order = sorted(range(len(texts)), key=lambda at: -len(tokens[at]))
    with torch.inference_mode():
        for some in batches(order, [len(ids) for ids in tokens], 1024):
            batch = tokenizer.pad({"input_ids": [tokens[at] for at in some]}, return_tensors="pt")
            found = mean(model(**batch).last_hidden_state, batch["attention_mask"])
            table |= dict(zip([texts[at] for at in some], found, strict=True))
    pairs = zip(rows.mt, rows.ref, strict=True)
    return np.array([float(cosine_similarity(table[mt], table[ref], dim=0)) for mt, ref in pairs])


def pair_counts(human: np.ndarray, scores: np.ndarray) -> tuple[float, float]:
    """Concordant less discordant pairs, and pairs that people rate differently."""
    order = np.sign(human[:, None] - human[None])
    agreement = (order * np.sign(scores[:, None] - scores[None])).sum() / 2
    return float(agreement), np.count_nonzero(order) / 2


def within(rows: pd.DataFrame, column: str) -> np.ndarray:
    """[sources, 2] of `pair_counts`, of one language pair."""
    return np.array(
        [pair_counts(of.raw.to_numpy(), of[column].to_numpy()) for _, of in rows.groupby("src", sort=True)]
    )


def system_pairs(rows: pd.DataFrame, column: str) -> tuple[int, int]:
    """Pairs of systems on whose order the metric and people agree, and all that people tell apart."""
    means = rows.groupby("system")[["raw", column]].mean()
    agreement, pairs = pair_counts(means.raw.to_numpy(), means[column].to_numpy())
    return round((agreement + pairs) / 2), round(pairs)


def held_out(rows: pd.DataFrame, columns: Sequence[str], seed: int = 1) -> dict[str, Any]:
    """All figures on rated rows, by language pair and over all."""
    pairs = sorted(rows.lp.unique())
    of = {pair: rows[rows.lp == pair] for pair in pairs}
    counts = {column: {pair: within(of[pair], column) for pair in pairs} for column in columns}
    generator = np.random.default_rng(seed)
    resampled = {
        pair: generator.multinomial(
            len(counts[columns[0]][pair]),
            np.full(len(counts[columns[0]][pair]), 1 / len(counts[columns[0]][pair])),
            RESAMPLES,
        )
        for pair in pairs
    }
    found: dict[str, Any] = {}
    drawn = {}
    for column in columns:
        taus, samples, systems = {}, [], {}
        for pair in pairs:
            total = counts[column][pair].sum(axis=0)
            taus[pair] = total[0] / total[1]
            sums = resampled[pair] @ counts[column][pair]
            samples.append(sums[:, 0] / sums[:, 1])
            systems[pair] = system_pairs(of[pair], column)
        drawn[column] = np.mean(samples, axis=0)
        right, all_ = (sum(pair[part] for pair in systems.values()) for part in (0, 1))
        found[column] = {
            "within": float(np.mean(list(taus.values()))),
            "within_interval": np.percentile(drawn[column], [2.5, 97.5]).tolist(),
            "within_by_pair": taus,
            "system_pairs": right / all_,
            "system_pairs_right": right,
            "system_pairs_all": all_,
            "systems_by_pair": systems,
            "pearson": float(np.mean([pearsonr(of[pair].raw, of[pair][column])[0] for pair in pairs])),
            "kendall": float(np.mean([kendalltau(of[pair].raw, of[pair][column])[0] for pair in pairs])),
        }
    for column in columns:
        found[column]["difference_to_chrf"] = np.percentile(
            drawn[column] - drawn["chrF"], [2.5, 97.5]
        ).tolist()
    return found


def wmt_systems(folder: Path, score: Any, most: int = 300) -> dict[str, dict[str, tuple[int, int]]]:
    """System pairs of WMT22 ru-en against its direct assessment: metric to (agreed, all), on `most` random segments."""
    human = {}
    for line in (folder / "human-da.ru-en.txt").read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if len(fields) == 6:  # raw, z, assessments, …, id, system
            human[fields[-1]] = float(fields[1])
    reader = WmtXml(path=str(folder / "wmttest2022.ru-en.all.xml"))
    test_set = reader.read()
    names = [name for name in reader.bundled() if name in human]
    chosen = sorted(random.Random(1).sample(range(len(test_set.segments)), most))
    rows = pd.DataFrame(
        {
            "system": name,
            "raw": human[name],
            "mt": texts[at],
            "src": test_set.segments[at].source,
            "ref": test_set.segments[at].references[0],
        }
        for name in names
        for texts in [reader.read_bundled(name, test_set)]
        for at in chosen
    )
    score(rows)
    return {
        "wmt22 ru-en": {
            column: system_pairs(rows, column)
            for column in rows.columns
            if column not in ("system", "raw", "mt", "src", "ref")
        }
    }


def sanity(rows: pd.DataFrame, scorer: Scorer, most: int = 300) -> dict[str, dict[str, float]]:
    """Mean scores of the best and the worst translation of a source, of its reference, and of damage to the best."""
    generator = random.Random(1)
    english = rows[rows.lp == "zh-en"]
    groups = [of for _, of in english.groupby("src") if of.raw.max() > of.raw.min()]
    groups = generator.sample(groups, min(most, len(groups)))
    damage = Damage({"en": sorted(set(english.ref))}, 1)
    kinds: dict[str, list[tuple[ModelInput, float]]] = {}
    tables: dict[str, dict[str, float]] = {}
    for source in (True, False):
        samples: list[tuple[str, ModelInput]] = []
        for of in groups:
            best, worst, ref = of.loc[of.raw.idxmax()].mt, of.loc[of.raw.idxmin()].mt, of.ref.iloc[0]
            src = of.src.iloc[0] if source else ref
            texts = {
                "the reference itself": ref,
                "best translation": best,
                "worst translation": worst,
                "best, a name misspelt": damage.name_misspelt(best, "en"),
                "best, a name swapped": damage.name_swapped(best, "en"),
                "best, a number changed": damage.number_changed(best, "en"),
                "best, negated": damage.negated(best, "en"),
                "best, second half cut": damage.truncated(best, "en", 0.5),
                "best, words shuffled": damage.shuffled(best, "en"),
                "another sentence": damage.another(best, "en"),
                "empty": "",
            }
            samples += [
                (kind, ModelInput(text, src, ref)) for kind, text in texts.items() if text is not None
            ]
            pairs = {kind: ModelInput(best, src, ref) for kind in texts}
            for kind, text in texts.items():
                if text is not None:
                    kinds.setdefault(kind, [])
                    samples.append((f"|{kind}", pairs[kind]))
        scores = [one.score for one in scorer.score([sample for _, sample in samples])]
        by_kind: dict[str, list[float]] = {}
        for (kind, _), value in zip(samples, scores, strict=True):
            by_kind.setdefault(kind, []).append(value)
        for kind in kinds:
            own, best_of = np.array(by_kind[kind]), np.array(by_kind[f"|{kind}"])
            tables.setdefault(kind, {})["with source" if source else "without"] = float(own.mean())
            if source:
                tables[kind] |= {
                    "texts": len(own),
                    "lower than best": float((own < best_of).mean()),
                    "mean difference": float((own - best_of).mean()),
                }
    return tables


def markdown(results: Mapping[str, Any]) -> str:
    """The tables of the model card."""
    found = results["held out"]
    rows = [
        [
            column,
            f"{one['within']:.3f} [{one['within_interval'][0]:.3f}, {one['within_interval'][1]:.3f}]",
            f"{one['difference_to_chrf'][0]:+.3f} … {one['difference_to_chrf'][1]:+.3f}",
            f"{one['system_pairs']:.3f} ({one['system_pairs_right']} of {one['system_pairs_all']})",
            f"{one['pearson']:.3f}",
            f"{one['kendall']:.3f}",
        ]
        for column, one in found.items()
    ]
    header = [
        "",
        "Kendall within a segment",
        "difference to chrF",
        "system pairs",
        "Pearson, pooled",
        "Kendall, pooled",
    ]
    parts = [tabulate(rows, header, tablefmt="github")]
    pairs = list(next(iter(found.values()))["within_by_pair"])
    by_pair = [
        [column, *(f"{one['within_by_pair'][p]:.3f} / {one['systems_by_pair'][p][0]}" for p in pairs)]
        for column, one in found.items()
    ]
    counts = next(iter(found.values()))["systems_by_pair"]
    parts.append(tabulate(by_pair, ["", *(f"{p} (of {counts[p][1]})" for p in pairs)], tablefmt="github"))
    for name, columns in results.get("wmt", {}).items():
        parts.append(
            tabulate(
                [[c, f"{right} of {all_}"] for c, (right, all_) in columns.items()],
                [name, "system pairs"],
                tablefmt="github",
            )
        )
    lines = [
        [
            kind,
            *(row[key] for key in ("with source", "without", "mean difference", "lower than best", "texts")),
        ]
        for kind, row in results["sanity"].items()
    ]
    header = ["", "with source", "without", "less than the best by", "lower in", "texts"]
    parts.append(
        tabulate(lines, header, tablefmt="github", floatfmt=("", ".3f", ".3f", "+.3f", ".0%", ".0f"))
    )
    return "\n\n".join(parts) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", type=Path)
    parser.add_argument("ratings", type=Path)
    parser.add_argument(
        "--wmt", type=Path, help="folder with wmttest2022.ru-en.all.xml and human-da.ru-en.txt"
    )
    parser.add_argument("--model", default="evalkit-mini", help="or a folder of unbabel-comet")
    parser.add_argument("--name", default="evalkit-mini")
    options = parser.parse_args()
    scorer = Scorer(find(options.model, "--model"), "fp32", "auto", None, "--model", Cache.temporary())
    without = f"{options.name}, no source"

    def score(rows: pd.DataFrame) -> None:
        rows["BLEU"] = [
            sacrebleu.sentence_bleu(mt, [ref]).score for mt, ref in zip(rows.mt, rows.ref, strict=True)
        ]
        rows["chrF"] = [
            sacrebleu.sentence_chrf(mt, [ref]).score for mt, ref in zip(rows.mt, rows.ref, strict=True)
        ]
        rows["cosine of the encoder"] = cosines(options.work / "encoder", rows)
        rows[options.name] = [
            one.score
            for one in scorer.score([ModelInput(*of) for of in zip(rows.mt, rows.src, rows.ref, strict=True)])
        ]
        rows[without] = [
            one.score
            for one in scorer.score(
                [ModelInput(mt, ref, ref) for mt, ref in zip(rows.mt, rows.ref, strict=True)]
            )
        ]

    rows = read_ratings(options.ratings)
    score(rows)
    rows["minus the length of the source"] = -rows.src.str.len().astype(float)
    columns = [
        "minus the length of the source",
        "BLEU",
        "chrF",
        "cosine of the encoder",
        options.name,
        without,
    ]
    results = {"held out": held_out(rows, columns), "sanity": sanity(rows, scorer)}
    if options.wmt:
        results["wmt"] = wmt_systems(options.wmt, score)
    (options.work / "results.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    (options.work / "results.md").write_text(markdown(results), encoding="utf-8")
    print(markdown(results))


if __name__ == "__main__":
    main()
