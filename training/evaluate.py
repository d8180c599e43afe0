"""Compare a checkpoint with chrF, BLEU and the cosine of its encoder, on ratings that training did not use.

    python training/evaluate.py WORK ratings_dev.parquet [--wmt FOLDER] [--model evalkit-mini]

Within a segment: Kendall's tau over the translations of one source, (concordant - discordant) / pairs with
different ratings, over all sources of a language pair; then the mean over language pairs. System pairs: the
share in which a metric and the ratings have the same order of means. Intervals and differences: 95 %,
bootstrap over sources, 1,000 resamples, the same for all metrics. Pooled correlation is given for
completeness: much of it comes from the length of the source.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Mapping, Sequence
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
from train import average, split_into_batches
from transformers import XLMRobertaModel, XLMRobertaTokenizerFast

from evalkit.data.wmt_xml import WmtXml
from evalkit.models.checkpoint import find
from evalkit.models.inputs import ModelInput
from evalkit.models.scoring import Scorer
from evalkit.runtime.cache import Cache

RESAMPLES = 1000


def compute_cosines(encoder: Path, rows: pd.DataFrame) -> np.ndarray:
    """[rows] cosine of hypothesis and reference, from means of the last hidden states of the encoder."""
    tokenizer = XLMRobertaTokenizerFast.from_pretrained(encoder)
    model = XLMRobertaModel.from_pretrained(encoder, add_pooling_layer=False).eval()
    texts = sorted({*rows.mt, *rows.ref})
    tokens = tokenizer(texts, truncation=True, max_length=510, verbose=False)["input_ids"]
    lengths = [len(ids) for ids in tokens]
    order = sorted(range(len(texts)), key=lambda index: -lengths[index])
    table = {}
    with torch.inference_mode():
        for indices in split_into_batches(order, lengths, 1024):
            batch = tokenizer.pad({"input_ids": [tokens[index] for index in indices]}, return_tensors="pt")
            means = average(model(**batch).last_hidden_state, batch["attention_mask"])
            table |= dict(zip([texts[index] for index in indices], means, strict=True))
    pairs = zip(rows.mt, rows.ref, strict=True)
    return np.array([float(cosine_similarity(table[mt], table[ref], dim=0)) for mt, ref in pairs])


def count_pairs(human: np.ndarray, scores: np.ndarray) -> tuple[float, float]:
    """Count concordant less discordant pairs, and pairs with different ratings."""
    order = np.sign(human[:, None] - human[None])
    agreement = (order * np.sign(scores[:, None] - scores[None])).sum() / 2
    return float(agreement), np.count_nonzero(order) / 2


def count_pairs_by_source(rows: pd.DataFrame, column: str) -> np.ndarray:
    """[sources, 2] `count_pairs` of one language pair."""
    return np.array(
        [
            count_pairs(of_source.raw.to_numpy(), of_source[column].to_numpy())
            for _, of_source in rows.groupby("src", sort=True)
        ]
    )


def count_system_pairs(rows: pd.DataFrame, column: str) -> tuple[int, int]:
    """Count pairs of systems that a metric orders as the ratings do, and all with different ratings."""
    means = rows.groupby("system")[["raw", column]].mean()
    agreement, pairs = count_pairs(means.raw.to_numpy(), means[column].to_numpy())
    return round((agreement + pairs) / 2), round(pairs)


def measure_held_out(rows: pd.DataFrame, columns: Sequence[str], seed: int = 1) -> dict[str, Any]:
    """Measure all columns on rated rows, by language pair and over all."""
    tables = {str(pair): rows[rows.lp == pair] for pair in sorted(rows.lp.unique())}
    generator = np.random.default_rng(seed)
    draws = {}
    for pair, table in tables.items():
        sources = table.src.nunique()
        draws[pair] = generator.multinomial(sources, np.full(sources, 1 / sources), RESAMPLES)
    results, resampled = {}, {}
    for column in columns:
        results[column], resampled[column] = measure_column(tables, draws, column)
    for column in columns:
        differences = resampled[column] - resampled["chrF"]
        results[column]["difference_to_chrf"] = np.percentile(differences, [2.5, 97.5]).tolist()
    return results


def measure_column(
    tables: Mapping[str, pd.DataFrame], draws: Mapping[str, np.ndarray], column: str
) -> tuple[dict[str, Any], np.ndarray]:
    """Measure one column: its results, and [resamples] Kendall within a segment.

    Args:
        tables: rated rows by language pair.
        draws: by language pair, [resamples, sources] how often each source is drawn.
        column: scores of a metric.
    """
    taus, resampled, systems = {}, [], {}
    for pair, table in tables.items():
        counts = count_pairs_by_source(table, column)
        total = counts.sum(axis=0)
        taus[pair] = total[0] / total[1]
        sums = draws[pair] @ counts
        resampled.append(sums[:, 0] / sums[:, 1])
        systems[pair] = count_system_pairs(table, column)
    means = np.mean(resampled, axis=0)
    right = sum(agreed for agreed, _ in systems.values())
    pairs = sum(distinguished for _, distinguished in systems.values())
    results = {
        "within": float(np.mean(list(taus.values()))),
        "within_interval": np.percentile(means, [2.5, 97.5]).tolist(),
        "within_by_pair": taus,
        "system_pairs": right / pairs,
        "system_pairs_right": right,
        "system_pairs_all": pairs,
        "systems_by_pair": systems,
        "pearson": float(np.mean([pearsonr(table.raw, table[column])[0] for table in tables.values()])),
        "kendall": float(np.mean([kendalltau(table.raw, table[column])[0] for table in tables.values()])),
    }
    return results, means


def read_direct_assessment(path: Path) -> dict[str, float]:
    """Read the mean z-score of each system."""
    human = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if len(fields) == 6:  # raw, z, assessments, …, id, system
            human[fields[-1]] = float(fields[1])
    return human


def measure_wmt_systems(
    folder: Path, score: Callable[[pd.DataFrame], None], most: int = 300
) -> dict[str, dict[str, tuple[int, int]]]:
    """Count system pairs of WMT22 ru-en (direct assessment) by metric, on `most` random segments."""
    human = read_direct_assessment(folder / "human-da.ru-en.txt")
    reader = WmtXml(path=str(folder / "wmttest2022.ru-en.all.xml"))
    test_set = reader.read()
    names = [name for name in reader.bundled() if name in human]
    chosen = sorted(random.Random(1).sample(range(len(test_set.segments)), most))
    rows = pd.DataFrame(
        {
            "system": name,
            "raw": human[name],
            "mt": texts[index],
            "src": test_set.segments[index].source,
            "ref": test_set.segments[index].references[0],
        }
        for name in names
        for texts in [reader.read_bundled(name, test_set)]
        for index in chosen
    )
    given = list(rows.columns)
    score(rows)
    metrics = [column for column in rows.columns if column not in given]
    return {"wmt22 ru-en": {column: count_system_pairs(rows, column) for column in metrics}}


def make_versions(damage: Damage, best: str, worst: str, reference: str) -> dict[str, str]:
    """Make versions of a translation, by kind of damage that applies."""
    versions = {
        "the reference itself": reference,
        "best translation": best,
        "worst translation": worst,
        "best, a name misspelt": damage.misspell_name(best, "en"),
        "best, a name swapped": damage.swap_name(best, "en"),
        "best, a number changed": damage.change_number(best, "en"),
        "best, negated": damage.negate(best, "en"),
        "best, second half cut": damage.truncate(best, "en", 0.5),
        "best, words shuffled": damage.shuffle(best, "en"),
        "another sentence": damage.choose_other(best, "en"),
        "empty": "",
    }
    return {kind: text for kind, text in versions.items() if text is not None}


def measure_damage(rows: pd.DataFrame, scorer: Scorer, most: int = 300) -> dict[str, dict[str, float]]:
    """Measure mean scores of references, of the best and worst translations, and of damage to the best."""
    english = rows[rows.lp == "zh-en"]
    groups = [group for _, group in english.groupby("src") if group.raw.max() > group.raw.min()]
    groups = random.Random(1).sample(groups, min(most, len(groups)))
    damage = Damage({"en": sorted(set(english.ref))}, 1)
    table: dict[str, dict[str, float]] = {}
    for has_source in (True, False):
        for kind, (own, best) in score_versions(groups, damage, scorer, has_source=has_source).items():
            row = table.setdefault(kind, {})
            row["with source" if has_source else "without"] = float(own.mean())
            if has_source:
                row["texts"] = len(own)
                row["lower than best"] = float((own < best).mean())
                row["mean difference"] = float((own - best).mean())
    return table


def score_versions(
    groups: Sequence[pd.DataFrame], damage: Damage, scorer: Scorer, *, has_source: bool
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Score versions, by kind: [texts] scores, and those of the best translations of the same sources."""
    inputs: dict[str, list[tuple[ModelInput, ModelInput]]] = {}
    for group in groups:
        best, worst = group.loc[group.raw.idxmax()].mt, group.loc[group.raw.idxmin()].mt
        ref = group.ref.iloc[0]
        src = group.src.iloc[0] if has_source else ref
        for kind, text in make_versions(damage, best, worst, ref).items():
            pair = (ModelInput(text, src, ref), ModelInput(best, src, ref))
            inputs.setdefault(kind, []).append(pair)
    flat = [model_input for pairs in inputs.values() for pair in pairs for model_input in pair]
    scores = iter(scorer.score(flat))
    return {
        kind: tuple(np.array([[next(scores).score for _ in pair] for pair in pairs]).T)
        for kind, pairs in inputs.items()
    }


def format_tables(results: Mapping[str, Any]) -> str:
    """The tables of the model card, in Markdown."""
    held_out = results["held out"]
    tables = [format_summary(held_out), format_by_pair(held_out)]
    for name, columns in results.get("wmt", {}).items():
        rows = [[column, f"{right} of {pairs}"] for column, (right, pairs) in columns.items()]
        tables.append(tabulate(rows, [name, "system pairs"], tablefmt="github"))
    keys = ("with source", "without", "mean difference", "lower than best", "texts")
    rows = [[kind, *(row[key] for key in keys)] for kind, row in results["sanity"].items()]
    header = ["", "with source", "without", "difference from the best", "lower in", "texts"]
    floats = ("", ".3f", ".3f", "+.3f", ".0%", ".0f")
    tables.append(tabulate(rows, header, tablefmt="github", floatfmt=floats))
    return "\n\n".join(tables) + "\n"


def format_summary(held_out: Mapping[str, Any]) -> str:
    header = [
        "",
        "Kendall within a segment",
        "difference from chrF",
        "system pairs",
        "Pearson, pooled",
        "Kendall, pooled",
    ]
    rows = []
    for column, result in held_out.items():
        low, high = result["within_interval"]
        least, most = result["difference_to_chrf"]
        pairs = f"{result['system_pairs_right']} of {result['system_pairs_all']}"
        rows.append(
            [
                column,
                f"{result['within']:.3f} [{low:.3f}, {high:.3f}]",
                f"{least:+.3f} … {most:+.3f}",
                f"{result['system_pairs']:.3f} ({pairs})",
                f"{result['pearson']:.3f}",
                f"{result['kendall']:.3f}",
            ]
        )
    return tabulate(rows, header, tablefmt="github")


def format_by_pair(held_out: Mapping[str, Any]) -> str:
    rows = []
    for column, result in held_out.items():
        taus, systems = result["within_by_pair"], result["systems_by_pair"]
        rows.append([column, *(f"{tau:.3f} / {systems[pair][0]}" for pair, tau in taus.items())])
    counts = next(iter(held_out.values()))["systems_by_pair"]
    header = ["", *(f"{pair} (of {pairs})" for pair, (_, pairs) in counts.items())]
    return tabulate(rows, header, tablefmt="github")


def add_scores(rows: pd.DataFrame, encoder: Path, scorer: Scorer, name: str) -> None:
    """Add a column per metric."""
    pairs = list(zip(rows.mt, rows.ref, strict=True))
    rows["BLEU"] = [sacrebleu.sentence_bleu(mt, [ref]).score for mt, ref in pairs]
    rows["chrF"] = [sacrebleu.sentence_chrf(mt, [ref]).score for mt, ref in pairs]
    rows["cosine of the encoder"] = compute_cosines(encoder, rows)
    inputs = [ModelInput(*texts) for texts in zip(rows.mt, rows.src, rows.ref, strict=True)]
    rows[name] = [scored.score for scored in scorer.score(inputs)]
    inputs = [ModelInput(mt, ref, ref) for mt, ref in pairs]
    rows[f"{name}, no source"] = [scored.score for scored in scorer.score(inputs)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", type=Path)
    parser.add_argument("ratings", type=Path)
    parser.add_argument(
        "--wmt", type=Path, help="folder with wmttest2022.ru-en.all.xml and human-da.ru-en.txt"
    )
    parser.add_argument("--model", default="evalkit-mini", help="evalkit-mini, or a folder of unbabel-comet")
    parser.add_argument("--name", default="evalkit-mini")
    options = parser.parse_args()
    scorer = Scorer(find(options.model, "--model"), "fp32", "auto", None, "--model", Cache.temporary())
    rows = read_ratings(options.ratings)

    def score(rows: pd.DataFrame) -> None:
        add_scores(rows, options.work / "encoder", scorer, options.name)

    score(rows)
    rows["minus the length of the source"] = -rows.src.str.len().astype(float)
    columns = [
        "minus the length of the source",
        "BLEU",
        "chrF",
        "cosine of the encoder",
        options.name,
        f"{options.name}, no source",
    ]
    results = {"held out": measure_held_out(rows, columns), "sanity": measure_damage(rows, scorer)}
    if options.wmt:
        results["wmt"] = measure_wmt_systems(options.wmt, score)
    (options.work / "results.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    (options.work / "results.md").write_text(format_tables(results), encoding="utf-8")
    print(format_tables(results))


if __name__ == "__main__":
    main()
