"""Are sentences split where they end, and nowhere else? Compares the splitter with sentencex alone.

    python benchmarks/splitting.py FOLDER [--half A B] [--languages de hr] [--show]

FOLDER has the files of NTREX (Federmann et al. 2022): `source.eng.txt`, one `reference.<code>.txt` per
language, and `document_ids.tsv`, all with one line per segment. The lines of each document are joined, with a
space if the language has spaces between sentences, and split again.

A line of NTREX is one sentence or a few; translators also make two sentences of one. Where a sentence ends
within a line is not marked, so a cut within a line counts as wrong only if both of these hold:

- The English line is a single sentence: it has no mark followed by a space and a capital letter or digit,
  except after an English title, an initial or U.S.
- The cut is not between two plausible sentences: a small letter or a mark follows, or no space in a language
  with spaces; or the word before the full stop is a number, a single letter, or one of at most five letters
  that never occurs without a full stop in the whole file (except in Korean, where these are verbs). In
  Chinese, Japanese and Korean, also if a quotation precedes, which the sentence then attributes.

Both patterns are part of this file and have nothing in common with the splitter.

    precision  cuts at ends of lines, as a share of these and of the wrong cuts
    recall     ends of lines at which the text was cut, as a share of the lines that end in a mark;
               the last line of a document and lines without a mark, such as headlines, do not count
    wrong      wrong cuts within lines
    missed     ends of lines at which the text was not cut; most are within quotations
    s          seconds of processor time

Half A is every other document, on which the rules were developed; half B is the others.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sentencex

from evalkit.alignment.sentences import split_sentences
from evalkit.languages.registry import find_language

Split = Callable[[str, str], list[int]]
SINGLE = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bJr)(?<!\bSen)(?<!\bRep)(?<!\bGen)(?<!\bGov)"
    r"(?<!\bProf)"
    r"(?<!\bvs)(?<!\bNo)(?<!\bU\.S)(?<!\bU\.K)(?<!\b[A-Z])"
    r"[.!?…][\"'”’)\]]*\s+[\"'“‘(\[]*[A-Z0-9]"
)
MARK = re.compile(r"[.!?…。！？।॥؟۔][\"'”’“‘»«)\]」』）]*$")
BEFORE = re.compile(r"([^\s.\"'“„«(-]*)[.][\"'”’“»)\]]*\s*$")


@dataclass
class Count:
    """What was counted for one language."""

    hits: int = 0
    wrong: int = 0
    found: int = 0
    ends: int = 0
    seconds: float = 0

    def __str__(self) -> str:
        """The table's cells."""
        precision, recall = self.hits / (self.hits + self.wrong), self.found / self.ends
        return f"{precision:8.3f}{recall:8.3f}{self.wrong:7}{self.ends - self.found:7}{self.seconds:7.2f}"


def split_alone(text: str, language: str) -> list[int]:
    """Cut a text with sentencex."""
    ends, position = [], 0
    for piece in sentencex.segment(find_language(language).code, text):
        position = text.index(piece, position) + len(piece)
        ends.append(len(text[:position].rstrip()))
    return ends


def split_evalkit(text: str, language: str) -> list[int]:
    """Cut a text with evalkit."""
    return [span.end for span in split_sentences(text, language)]


def read_documents(folder: Path, file: Path, halves: set[str]) -> Iterator[list[tuple[str, bool]]]:
    """Read per document its lines, each with whether the English line is a single sentence."""
    ids = (folder / "document_ids.tsv").read_text(encoding="utf-8").split("\n")
    source = (folder / "source.eng.txt").read_text(encoding="utf-8").split("\n")
    lines = file.read_text(encoding="utf-8").split("\n")
    documents: dict[str, list[tuple[str, bool]]] = {}
    for id_, english, line in zip(ids, source, lines, strict=True):
        if line.strip():
            documents.setdefault(id_, []).append((line.strip(), SINGLE.search(english) is None))
    for number, document in enumerate(documents.values()):
        if "AB"[number % 2] in halves:
            yield document


def is_implausible(text: str, cut: int, words: set[str], code: str) -> bool:
    """Whether nobody would end a sentence here, whatever the splitter's reason."""
    after = text[cut:].lstrip()
    quoted = code in ("zh", "ja", "ko") and text[:cut].rstrip()[-1] in "”\"」’'"
    glued = code not in ("zh", "ja") and after == text[cut:] and not text[cut - 1].isspace()
    before = BEFORE.search(text[max(0, cut - 40) : cut])
    word = before[1] if before else "word"
    odd = word.isdigit() or (word.isupper() and set(word) <= set("IVX")) or len(word) == 1
    odd = odd or (code != "ko" and len(word) <= 5 and word not in words)
    first = after.lstrip("\"'“„«»‘‚([¿¡–— ")[:1]
    return first.islower() or after[0] in ",;:.%)]" or quoted or glued or (before is not None and odd)


def count(
    split: Split, documents: list[list[tuple[str, bool]]], language: str, words: set[str], show: bool
) -> Count:
    """Split all documents and count the cuts."""
    result = Count()
    code = find_language(language).code
    glue = " " if code not in ("zh", "ja") else ""
    for document in documents:
        text = glue.join(line for line, _ in document)
        began = time.process_time()
        cuts = set(split(text, language)) - {len(text)}
        result.seconds += time.process_time() - began
        start = 0
        for line, is_single in document:
            end = start + len(line)
            hit = end in cuts
            result.hits += hit
            if MARK.search(line) and end < len(text):
                result.ends += 1
                result.found += hit
                if not hit and show:
                    print(f"    missed {text[max(0, end - 40) : end]} ¦ {text[end : end + 30]}")
            for cut in sorted(cuts):
                if is_single and start < cut < end and is_implausible(text, cut, words, code):
                    result.wrong += 1
                    if show:
                        print(f"    wrong  {text[max(0, cut - 40) : cut]} | {text[cut : cut + 30]}")
            start = end + len(glue)
    return result


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", nargs="+", default=["A"], choices=["A", "B"])
    parser.add_argument("--languages", nargs="*", default=[])
    parser.add_argument("--show", action="store_true", help="print each wrong and each missed cut")
    options = parser.parse_args()
    print(f"{'':8}{'sentencex':>37}{'evalkit':>37}")
    print(f"{'':8}" + f"{'prec.':>8}{'recall':>8}{'wrong':>7}{'missed':>7}{'s':>7}" * 2)
    for file in sorted(options.folder.glob("*.*.txt")):
        language = file.name.split(".")[1]
        code = find_language(language).code
        if options.languages and code not in options.languages:
            continue
        documents = list(read_documents(options.folder, file, set(options.half)))
        words = set(re.findall(r"[^\s.\"'“„«(-]+(?=[\s,;:?!\"”])", file.read_text(encoding="utf-8")))
        before = count(split_alone, documents, language, words, show=False)
        after = count(split_evalkit, documents, language, words, show=options.show)
        print(f"{code:8}{before}{after}", flush=True)


if __name__ == "__main__":
    main()
