"""Does the alignment give every reference segment its text back, from articles that were damaged in known
ways?

    pip install nltk pypi-bleualign
    python benchmarks/alignment.py wmttest2022.ru-en.all.xml [--systems Online-A ALMAnaCH-Inria] [--seeds 1 2]

The true alignment of WMT documents is known, segment by segment. The output of each system is joined into
articles, with paragraphs of one to four segments, and damaged, with one seed per system and kind of damage:

    merge          two neighbouring sentences of a paragraph become one, with probability 0.2
    split          a segment of twelve words or more becomes two sentences, with probability 0.2
    drop N%        a segment is left out, with probability N%
    boilerplate    foreign lines (menus, captions, other articles): one to four before and after, one between
    swap           two paragraphs are swapped

All aligners get the same segments and the same sentences (from evalkit's splitter). A pair is a segment and a
sentence that has words of it; precision, recall and F1 are over all pairs of all documents. `words` is the
share of the words of the article that are aligned correctly: with their segment, or with none if they belong
to none. (Only evalkit cuts merged sentences.) BLEU is the difference from that of the true alignment of the
same damaged text.

Gale-Church (1993) is the implementation of nltk; Bleualign (Sennrich and Volk 2010) is the authors', with
default settings. The table also has the time per article, in one run on one core. The last lines have time
and memory for an article and for a chapter of 2,000 sentences.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sacrebleu.metrics import BLEU

from evalkit.alignment import Aligner
from evalkit.alignment.sentences import TextSpan, split_sentences
from evalkit.data.wmt_xml import WmtXml
from evalkit.languages.registry import has_spaces
from evalkit.types import TestSet

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
    "drop 5%": {"drop": 0.05},
    "drop 10%": {"drop": 0.1},
    "drop 20%": {"drop": 0.2},
    "boilerplate": {"boilerplate": 1},
    "swap": {"swap": 1},
    "merge, split, drop 10%": {"merge": 0.2, "split": 0.2, "drop": 0.1},
    "everything": {"merge": 0.2, "split": 0.2, "drop": 0.1, "boilerplate": 1, "swap": 1},
}
"""Probability of each kind of damage."""
NOWHERE = -1
"""Owner of a word of boilerplate, and of the white space between words."""

Pairs = set[tuple[int, int]]
"""Index of a segment and of a sentence that has words of it."""
Words = list[tuple[str, int]]
"""Words and the index of the segment that each belongs to."""


@dataclass
class Article:
    """The text that a system would have written."""

    paragraphs: list[Words]
    glue: str
    """What separates words."""
    text: str = ""
    owner: list[int] = field(default_factory=list)
    """[characters of the text] the segment that each belongs to."""

    def __post_init__(self) -> None:
        for index, paragraph in enumerate(self.paragraphs):
            if index:
                self._append("\n", NOWHERE)
            for place, (word, owner) in enumerate(paragraph):
                if place:
                    self._append(self.glue, NOWHERE)
                self._append(word, owner)

    def _append(self, text: str, owner: int) -> None:
        self.text += text
        self.owner += [owner] * len(text)

    def true_texts(self, segments: int) -> list[str]:
        texts: list[list[str]] = [[] for _ in range(segments)]
        for paragraph in self.paragraphs:
            for word, owner in paragraph:
                if owner != NOWHERE:
                    texts[owner].append(word)
        return [self.glue.join(words) for words in texts]

    def pair_with_owners(self, sentences: Sequence[TextSpan], owner: Sequence[int]) -> Pairs:
        """Pair each sentence with the owners of its characters."""
        return {
            (segment, index)
            for index, span in enumerate(sentences)
            for segment in set(owner[span.start : span.end])
            if segment != NOWHERE
        }


class Damager:
    """Damages translations as a system might."""

    def __init__(self, damage: Mapping[str, float], glue: str, chance: random.Random) -> None:
        self.damage = damage
        self.glue = glue
        self.chance = chance

    def make_article(self, lines: Sequence[str], foreign: Sequence[str]) -> Article:
        """Damage a translated document, one line per segment; `foreign` lines are from other documents."""
        groups = self._group(lines)
        paragraphs = [self._join([(index, lines[index]) for index in group]) for group in groups]
        if self.damage.get("swap") and len(paragraphs) > 1:
            first, second = self.chance.sample(range(len(paragraphs)), 2)
            paragraphs[first], paragraphs[second] = paragraphs[second], paragraphs[first]
        if self.damage.get("boilerplate"):
            paragraphs = self._add_boilerplate(paragraphs, foreign)
        return Article([paragraph for paragraph in paragraphs if paragraph], self.glue)

    def _happens(self, kind: str) -> bool:
        return self.chance.random() < self.damage.get(kind, 0)

    def _group(self, lines: Sequence[str]) -> list[list[int]]:
        """Drop segments, and group the others into paragraphs."""
        kept = [index for index in range(len(lines)) if not self._happens("drop")]
        groups: list[list[int]] = []
        while kept:
            size = 1 if self.damage.get("lines") else self.chance.randint(1, 4)
            groups.append(kept[:size])
            kept = kept[size:]
        return groups

    def _join(self, segments: Sequence[tuple[int, str]]) -> Words:
        """Make a paragraph, with some segments split and some sentences merged."""
        words: Words = []
        for place, (index, line) in enumerate(segments):
            own_words = self._split_words(line)
            if len(own_words) >= 12 and self._happens("split"):
                own_words = self._split_sentence(own_words)
            if place and words and own_words and self._happens("merge") and words[-1][0][-1] in ".!?。！？":
                words[-1] = self._open_end(*words[-1])
                own_words = [own_words[0][0].lower() + own_words[0][1:], *own_words[1:]]
            words += [(word, index) for word in own_words]
        return words

    def _split_words(self, line: str) -> list[str]:
        return line.split() if self.glue else [character for character in line if not character.isspace()]

    def _split_sentence(self, words: list[str]) -> list[str]:
        """Make two sentences, split after a comma if there is one in the middle."""
        middle = range(len(words) // 3, 2 * len(words) // 3)
        commas = (index + 1 for index in middle if words[index][-1] in ",;，；")
        at = next(commas, self.chance.choice(middle) + 1)
        stop = "." if self.glue else "。"
        second = words[at][0].upper() + words[at][1:]
        return [*words[: at - 1], words[at - 1].rstrip(",;，；") + stop, second, *words[at + 1 :]]

    def _open_end(self, word: str, owner: int) -> tuple[str, int]:
        """Put a comma in place of a full stop."""
        if self.glue:
            return word[:-1] + ",", owner
        return word[:-1] + "，", owner

    def _add_boilerplate(self, paragraphs: list[Words], foreign: Sequence[str]) -> list[Words]:
        pool = [*BOILERPLATE, *foreign] if self.glue else foreign
        before, after = (
            [self._disown(line) for line in self.chance.sample(pool, self.chance.randint(1, 4))]
            for _ in ("before", "after")
        )
        if len(paragraphs) > 1:
            place = self.chance.randint(1, len(paragraphs) - 1)
            paragraphs.insert(place, self._disown(self.chance.choice(pool)))
        return before + paragraphs + after

    def _disown(self, line: str) -> Words:
        return [(word, NOWHERE) for word in self._split_words(line)]


def align_with_evalkit(
    segments: Sequence[str], article: Article, sentences: Sequence[TextSpan], language: str
) -> tuple[Pairs, list[int], Sequence[str]]:
    """Align with evalkit: pairs, the segment of every character, and the text of every segment."""
    alignment = Aligner().align_text(segments, article.text, language)
    owner = [NOWHERE] * len(article.text)
    for segment, parts in enumerate(alignment.parts):
        for start, end in parts:
            owner[start:end] = [segment] * (end - start)
    return article.pair_with_owners(sentences, owner), owner, alignment.texts


def align_with_gale_church(segments: Sequence[str], sentences: Sequence[str]) -> Pairs:
    from nltk.translate.gale_church import align_blocks

    if not sentences:
        return set()
    return set(align_blocks([len(text) for text in segments], [len(text) for text in sentences]))


def align_with_bleualign(segments: Sequence[str], sentences: Sequence[str]) -> Pairs:
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


PEERS: dict[str, Callable[[Sequence[str], Sequence[str]], Pairs]] = {
    "Gale-Church": align_with_gale_church,
    "Bleualign": align_with_bleualign,
}


@dataclass
class Tally:
    """Results of one aligner on one system with one kind of damage."""

    paired: int = 0
    true: int = 0
    right: int = 0
    seconds: float = 0.0
    words: int = 0
    words_right: int = 0

    def add(self, pairs: Pairs, true: Pairs, seconds: float) -> None:
        self.paired += len(pairs)
        self.true += len(true)
        self.right += len(pairs & true)
        self.seconds += seconds

    @property
    def scores(self) -> tuple[float, float, float]:
        """Precision, recall and F1."""
        precision, recall = self.right / max(self.paired, 1), self.right / max(self.true, 1)
        return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


class Measurement:
    """Aligns all documents of a system with one kind of damage."""

    def __init__(self, test_set: TestSet, system: str, damage: str, *, peers: bool) -> None:
        self.test_set = test_set
        self.system = system
        self.damage = damage
        self.peers = PEERS if peers else {}
        self.tallies: dict[str, Tally] = {}
        self.bleu_differences: list[float] = []
        self.references = [segment.reference for segment in test_set.segments]

    def run(self, truth: Sequence[str], seed: int) -> None:
        chance = random.Random(f"{seed} {self.system} {self.damage}")
        glue = " " if has_spaces(self.test_set.target_language) else ""
        damager = Damager(DAMAGES[self.damage], glue, chance)
        aligned, true = [""] * len(truth), [""] * len(truth)
        for indices in self.test_set.segments_of.values():
            sample = chance.sample(range(len(truth)), 30)
            foreign = [truth[index] for index in sample if index not in indices and truth[index].strip()]
            article = damager.make_article([truth[index] for index in indices], foreign)
            texts = self._align([self.references[index] for index in indices], article)
            true_texts = article.true_texts(len(indices))
            for index, text, true_text in zip(indices, texts, true_texts, strict=True):
                aligned[index], true[index] = text, true_text
        bleu = BLEU(trg_lang=self.test_set.target_language, references=[self.references])
        self.bleu_differences.append(
            bleu.corpus_score(aligned, None).score - bleu.corpus_score(true, None).score
        )

    def _align(self, segments: Sequence[str], article: Article) -> Sequence[str]:
        """Align one article with every aligner; the hypotheses of evalkit."""
        language = self.test_set.target_language
        sentences = split_sentences(article.text, language)
        true = article.pair_with_owners(sentences, article.owner)
        started = time.process_time()
        pairs, owner, texts = align_with_evalkit(segments, article, sentences, language)
        tally = self.tallies.setdefault("evalkit", Tally())
        tally.add(pairs, true, time.process_time() - started)
        places = [match.start() for match in re.finditer(r"\S+" if article.glue else r"\S", article.text)]
        tally.words += len(places)
        tally.words_right += sum(owner[place] == article.owner[place] for place in places)
        for name, align in self.peers.items():
            started = time.process_time()
            pairs = align(segments, [span.of(article.text) for span in sentences])
            self.tallies.setdefault(name, Tally()).add(pairs, true, time.process_time() - started)
        return texts

    def print(self, articles: int) -> None:
        """Print one row per aligner."""
        for aligner, tally in self.tallies.items():
            cells = [self.damage, self.system, aligner, *(f"{score:.4f}" for score in tally.scores)]
            if tally.words:
                difference = sum(self.bleu_differences) / len(self.bleu_differences)
                cells += [f"{tally.words_right / tally.words:.4f}", f"{difference:+.2f}"]
            else:
                cells += ["", ""]
            cells.append(f"{1000 * tally.seconds / articles:.2f}")
            print("\t".join(cells), flush=True)


def measure(
    reader: WmtXml, systems: Sequence[str], seeds: Sequence[int], damages: Sequence[str], *, peers: bool
) -> None:
    test_set = reader.read()
    print("damage system aligner precision recall F1 words BLEU ms-per-article".replace(" ", "\t"))
    for damage in damages or DAMAGES:
        for system in systems:
            truth = reader.read_bundled(system, test_set)
            measurement = Measurement(test_set, system, damage, peers=peers)
            for seed in seeds:
                measurement.run(truth, seed)
            measurement.print(len(test_set.documents) * len(seeds))


def measure_speed(reader: WmtXml, system: str) -> None:
    """Print time and memory of an article of 40 sentences and of a chapter of 2,000, after splitting."""
    test_set = reader.read()
    truth = reader.read_bundled(system, test_set)
    language = test_set.target_language
    for size in (40, 2000):
        segments = [segment.reference for segment in test_set.segments[:size]]
        joined = "\n".join(truth[:size])
        spans = split_sentences(joined, language)
        text = "\n".join(span.of(joined) for span in spans)
        aligner, times = Aligner(sentences="lines"), []
        for _ in range(100 if size < 100 else 3):
            started = time.process_time()
            aligner.align_text(segments, text, language)
            times.append(time.process_time() - started)
        tracemalloc.start()
        aligner.align_text(segments, text, language)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        median = 1000 * sorted(times)[len(times) // 2]
        counts = f"{len(segments)} segments, {len(spans)} sentences"
        print(f"{counts}: {median:.1f} ms CPU (median), {peak:.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", help="a WMT XML file")
    parser.add_argument("--systems", nargs="*", help="default: all")
    parser.add_argument("--seeds", nargs="*", type=int, default=[1])
    parser.add_argument("--damage", nargs="*", default=[], choices=list(DAMAGES), help="default: all")
    parser.add_argument("--alone", action="store_true", help="without the other aligners")
    options = parser.parse_args()
    reader = WmtXml(path=options.path, references=["A"])
    systems = options.systems or reader.bundled()
    measure(reader, systems, options.seeds, options.damage, peers=not options.alone)
    measure_speed(reader, systems[0])


if __name__ == "__main__":
    main()
