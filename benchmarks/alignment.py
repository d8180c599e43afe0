"""Does the alignment give every reference segment its own text back, from articles that were damaged in known ways?

    pip install nltk pypi-bleualign
    python benchmarks/alignment.py wmttest2022.ru-en.all.xml [--systems Online-A ALMAnaCH-Inria] [--seeds 1 2 3]

The true alignment of WMT documents is known, segment by segment. The output of each system is joined into articles, with
paragraphs of one to four segments, and damaged, with a seed of its own per system and document:

    merge          each two sentences that follow each other in a paragraph become one, with probability 0.2
    split          each segment of twelve words or more becomes two sentences, with probability 0.2
    drop N %       each segment is left out, with probability N %
    boilerplate    one to four foreign lines before, after, and one between two paragraphs: menus, captions, other articles
    swap           two paragraphs change places

All aligners get the same segments and the same sentences (evalkit's splitter). A pair is a segment and a sentence that has
words of it; precision, recall and F1 are over all pairs of all documents. `words` is the share of the words of
the article that stand where they belong: at their own segment, or, where they belong to none, nowhere. (Only evalkit cuts merged
sentences.) BLEU is that of the whole test set, beside the one of the true alignment of the same damaged text.

Gale-Church (1993) is nltk's; Bleualign (Sennrich and Volk 2010) is its own, with default settings. Beside them stands the
time per article in one run on one core, and the time and memory of one chapter of 2,000 sentences.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass, field

from sacrebleu.metrics import BLEU

from evalkit.alignment import Aligner
from evalkit.alignment.sentences import TextSpan, split_sentences
from evalkit.data.wmt_xml import WmtXml
from evalkit.types import written_with_spaces

BOILERPLATE = (
    "Subscribe to our channel and be the first to know!",
    "Main page > News > World",
    "Read also",
    "Photo: press service",
    "Share on Facebook Share on Twitter Share on Telegram",
    "Advertisement",
    "This material is protected by copyright. All rights reserved.",
    "If you see an error in the text, select it and press Ctrl+Enter.",
    "12:45, 17 March 2022. Views: 1532. Comments: 0",
    "Cookies help us deliver our services. By using our services, you agree to our use of cookies.",
)
DAMAGES: dict[str, dict[str, float]] = {
    "none, one line per segment": {"lines": 1},
    "none": {},
    "merge": {"merge": 0.2},
    "split": {"split": 0.2},
    "drop 5 %": {"drop": 0.05},
    "drop 10 %": {"drop": 0.1},
    "drop 20 %": {"drop": 0.2},
    "boilerplate": {"boilerplate": 1},
    "swap": {"swap": 1},
    "merge, split, drop 10 %": {"merge": 0.2, "split": 0.2, "drop": 0.1},
    "everything": {"merge": 0.2, "split": 0.2, "drop": 0.1, "boilerplate": 1, "swap": 1},
}
NOWHERE = -1
"""Where a word of boilerplate, or one that joins two sentences, belongs."""


@dataclass
class Article:
    """Words with the segment they belong to, by paragraph."""

    paragraphs: list[list[tuple[str, int]]]
    glue: str
    text: str = ""
    owner: list[int] = field(default_factory=list)
    """By character of the text; spaces count for nothing."""

    def __post_init__(self) -> None:
        for number, paragraph in enumerate(self.paragraphs):
            if number:
                self._put("\n", NOWHERE)
            for place, (word, owner) in enumerate(paragraph):
                if place:
                    self._put(self.glue, NOWHERE)
                self._put(word, owner)

    def _put(self, text: str, owner: int) -> None:
        self.text += text
        self.owner += [owner] * len(text)

    def true_texts(self, segments: int) -> list[str]:
        texts: list[list[str]] = [[] for _ in range(segments)]
        for paragraph in self.paragraphs:
            for word, owner in paragraph:
                if owner >= 0:
                    texts[owner].append(word)
        return [self.glue.join(words) for words in texts]


def damaged(
    lines: Sequence[str], damage: dict[str, float], foreign: Sequence[str], glue: str, chance: random.Random
) -> Article:
    """The article that a system would have written, had it done this to its translation."""

    def units(line: str) -> list[str]:
        return line.split() if glue else [c for c in line if not c.isspace()]

    kept = [i for i in range(len(lines)) if chance.random() >= damage.get("drop", 0)]
    groups: list[list[int]] = []
    while kept:
        size = 1 if damage.get("lines") else chance.randint(1, 4)
        groups.append(kept[:size])
        kept = kept[size:]
    paragraphs = []
    for group in groups:
        words: list[tuple[str, int]] = []
        for place, i in enumerate(group):
            own = units(lines[i])
            if len(own) >= 12 and chance.random() < damage.get("split", 0):
                own = split(own, glue, chance)
            if place and words and own and chance.random() < damage.get("merge", 0):
                last, owner = words[-1]
                if last[-1] in ".!?。！？":
                    words[-1] = (
                        (last[:-1] + ("," if glue else "，")) if len(last) > 1 or glue else "，",
                        owner,
                    )
                    own = [own[0][0].lower() + own[0][1:], *own[1:]]
            words += [(word, i) for word in own]
        paragraphs.append(words)
    if damage.get("swap") and len(paragraphs) > 1:
        a, b = chance.sample(range(len(paragraphs)), 2)
        paragraphs[a], paragraphs[b] = paragraphs[b], paragraphs[a]
    if damage.get("boilerplate"):
        pool = [*BOILERPLATE, *foreign] if glue else foreign
        before, after = (
            [[(word, NOWHERE) for word in units(line)] for line in chance.sample(pool, chance.randint(1, 4))]
            for _ in "ab"
        )
        if len(paragraphs) > 1:
            paragraphs.insert(
                chance.randint(1, len(paragraphs) - 1),
                [(word, NOWHERE) for word in units(chance.choice(pool))],
            )
        paragraphs = before + paragraphs + after
    return Article([paragraph for paragraph in paragraphs if paragraph], glue)


def split(words: list[str], glue: str, chance: random.Random) -> list[str]:
    """The words as two sentences, cut after a comma where there is one in the middle."""
    middle = range(len(words) // 3, 2 * len(words) // 3)
    at = next((i + 1 for i in middle if words[i][-1] in ",;，；"), chance.choice(middle) + 1)
    stop = "." if glue else "。"
    first = words[at - 1].rstrip(",;，；")
    return [
        *words[: at - 1],
        first + stop if first else stop,
        words[at][0].upper() + words[at][1:],
        *words[at + 1 :],
    ]


Pairs = set[tuple[int, int]]


def true_pairs(article: Article, sentences: Sequence[TextSpan]) -> Pairs:
    return {
        (o, s)
        for s, span in enumerate(sentences)
        for o in set(article.owner[span.start : span.end])
        if o >= 0
    }


def by_evalkit(
    segments: Sequence[str], article: Article, sentences: Sequence[TextSpan], language: str
) -> tuple[Pairs, list[int], Sequence[str]]:
    """Pairs, the segment of every character, and the text of every segment."""
    found = Aligner().align_text(segments, article.text, language)
    owner = [NOWHERE] * len(article.text)
    for segment, parts in enumerate(found.parts):
        for start, end in parts:
            owner[start:end] = [segment] * (end - start)
    where = {(o, s) for s, span in enumerate(sentences) for o in set(owner[span.start : span.end]) if o >= 0}
    return where, owner, found.texts


def by_gale_church(segments: Sequence[str], sentences: Sequence[str]) -> Pairs:
    from nltk.translate.gale_church import align_blocks

    if not sentences:
        return set()
    return set(align_blocks([len(s) for s in segments], [len(s) for s in sentences]))


def by_bleualign(segments: Sequence[str], sentences: Sequence[str]) -> Pairs:
    from bleualign.align import Aligner as Bleualign

    if not sentences:
        return set()
    options = {
        "srcfile": list(segments),
        "targetfile": list(sentences),
        "no_translation_override": True,
        "verbosity": 0,
    }
    beads = Bleualign(options).align(list(segments), list(sentences))
    return {(i, j) for (rows, columns), _ in beads for i in rows for j in columns}


@dataclass
class Tally:
    """What one aligner got right of one system under one damage."""

    found: int = 0
    true: int = 0
    right: int = 0
    seconds: float = 0.0
    words: int = 0
    words_right: int = 0

    def add(self, found: Pairs, true: Pairs, seconds: float) -> None:
        self.found += len(found)
        self.true += len(true)
        self.right += len(found & true)
        self.seconds += seconds

    @property
    def scores(self) -> tuple[float, float, float]:
        precision, recall = self.right / max(self.found, 1), self.right / max(self.true, 1)
        return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def measure(
    reader: WmtXml, systems: Sequence[str], seeds: Sequence[int], damages: Sequence[str], *, peers: bool
) -> None:
    test_set = reader.read()
    references = [segment.references[0] for segment in test_set.segments]
    language = test_set.target_language
    print("damage system aligner precision recall F1 words BLEU ms-per-article".replace(" ", "\t"))
    for name in damages or DAMAGES:
        for system in systems:
            truth = reader.read_bundled(system, test_set)
            tallies: dict[str, Tally] = {}
            differences = []
            for seed in seeds:
                chance = random.Random(f"{seed} {system} {name}")
                texts: dict[str, list[str]] = {kind: [""] * len(references) for kind in ("aligned", "true")}
                for indices in test_set.segments_of.values():
                    foreign = [
                        truth[i]
                        for i in chance.sample(range(len(truth)), 30)
                        if i not in indices and truth[i].strip()
                    ]
                    article = damaged(
                        [truth[i] for i in indices],
                        DAMAGES[name],
                        foreign,
                        " " if written_with_spaces(language) else "",
                        chance,
                    )
                    aligned = one_article(
                        [references[i] for i in indices], article, language, tallies, peers=peers
                    )
                    for i, own, true in zip(indices, aligned, article.true_texts(len(indices)), strict=True):
                        texts["aligned"][i], texts["true"][i] = own, true
                bleu = BLEU(trg_lang=language, references=[references])
                scores = {kind: bleu.corpus_score(found, None).score for kind, found in texts.items()}
                differences.append(scores["aligned"] - scores["true"])
            for aligner, tally in tallies.items():
                own = (
                    [f"{tally.words_right / tally.words:.4f}", f"{sum(differences) / len(differences):+.2f}"]
                    if tally.words
                    else ["", ""]
                )
                each = 1000 * tally.seconds / len(test_set.documents) / len(seeds)
                print(
                    "\t".join(
                        [
                            name,
                            system,
                            aligner,
                            *(f"{score:.4f}" for score in tally.scores),
                            *own,
                            f"{each:.2f}",
                        ]
                    ),
                    flush=True,
                )


def one_article(
    segments: Sequence[str], article: Article, language: str, tallies: dict[str, Tally], *, peers: bool
) -> Sequence[str]:
    """Let every aligner have a try; the hypotheses of evalkit."""
    sentences = split_sentences(article.text, language)
    true = true_pairs(article, sentences)
    started = time.process_time()
    found, owner, texts = by_evalkit(segments, article, sentences, language)
    tally = tallies.setdefault("evalkit", Tally())
    tally.add(found, true, time.process_time() - started)
    places = [match.start() for match in re.finditer(r"\S+" if article.glue else r"\S", article.text)]
    tally.words += len(places)
    tally.words_right += sum(owner[place] == article.owner[place] for place in places)
    for peer, align in {"Gale-Church": by_gale_church, "Bleualign": by_bleualign}.items() if peers else ():
        started = time.process_time()
        pairs = align(segments, [span.of(article.text) for span in sentences])
        tallies.setdefault(peer, Tally()).add(pairs, true, time.process_time() - started)
    return texts


def speed(reader: WmtXml, system: str) -> None:
    """Time and memory of an article of 40 sentences, and of a chapter of 2,000, once text is split."""
    test_set = reader.read()
    truth = reader.read_bundled(system, test_set)
    language = test_set.target_language
    for size in (40, 2000):
        segments = [segment.references[0] for segment in test_set.segments[:size]]
        spans = split_sentences("\n".join(truth[:size]), language)
        text = "\n".join(span.of("\n".join(truth[:size])) for span in spans)
        aligner, times = Aligner(sentences="lines"), []
        for _ in range(100 if size < 100 else 3):
            started = time.process_time()
            aligner.align_text(segments, text, language)
            times.append(time.process_time() - started)
        tracemalloc.start()
        aligner.align_text(segments, text, language)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        print(
            f"{len(segments)} segments, {len(spans)} sentences: {1000 * sorted(times)[len(times) // 2]:.1f} ms CPU (median), {peak:.0f} MB"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path")
    parser.add_argument("--systems", nargs="*")
    parser.add_argument("--seeds", nargs="*", type=int, default=[1])
    parser.add_argument("--damage", nargs="*", default=[], choices=list(DAMAGES))
    parser.add_argument("--alone", action="store_true", help="without the other aligners")
    given = parser.parse_args()
    reader = WmtXml(path=given.path, references=["A"])
    systems = given.systems or reader.bundled()
    measure(reader, systems, given.seeds, given.damage, peers=not given.alone)
    speed(reader, systems[0])


if __name__ == "__main__":
    main()
