"""Which words of a hypothesis are an accepted form of a name, and by which rule. Exact rules only: similarity never accepts.

- (no reason): the same words
- case: NATO, Nato
- diacritic: Erdogan, Erdoğan
- spacing: Hong Kong, Hongkong; J. D. Vance, JD Vance; U.S., US
- alias: listed in the alias file, said by the reference elsewhere, or well known: Kyiv, Kiev
- translit: romanisations of one name: Sergey, Sergei; Mohammed, Muhammad
- acronym: World Health Organization, WHO; John Fitzgerald Kennedy, JFK
- demonym: Russia, Russian
- reorder: Ministry of Defence, Defence Ministry (places and organisations)
- short: a person's surname alone, or without the names between: Steve Witkoff, Witkoff
- inflection: case endings, in languages that have them: Путин, Путина
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from evalkit.entities.known import KnownNames, Words, known_names
from evalkit.entities.languages import (
    ARABIC_ARTICLES,
    FUNCTION_WORDS,
    GENERATIONS,
    OPENERS,
    PARTICLES,
    PLACE_NOUNS,
    SURNAME_FIRST,
    inflects,
    is_english,
    same_inflected,
)
from evalkit.entities.romanisation import digraphs
from evalkit.entities.text import Text, key, keys
from evalkit.entities.tokens import Token, tokenize
from evalkit.types import Alias, written_with_spaces

_LONGEST_ACRONYM = 7
_LEAST_OF_PERSON = 3
"""JFK and AMLO are persons; two letters are too few to tell."""
_ABBREVIATED = (
    (("us",), ("united", "states")),
    (("uk",), ("united", "kingdom")),
    (("un",), ("united", "nations")),
    (("eu",), ("european", "union")),
)
"""What may be abbreviated within a name: UN Security Council."""
_DIGRAPH = re.compile(r"([aou])e|(?<=a)a|(?<=A)a", re.IGNORECASE)
_WITH_DIACRITIC = "with a diacritic"
"""Loekke in the reference: accepted where the hypothesis has Løkke, not Lokke."""
_NO_CONTENT = FUNCTION_WORDS | {"affairs"}
"""What the order of a name's words does not depend on: Ministry of Foreign Affairs, Foreign Ministry."""
_JOINED = 4
"""Words of a hypothesis that may be one word of the reference."""


@dataclass(frozen=True)
class Name:
    """One spelling of a mention in the reference, and everything that is accepted for it."""

    text: str
    type: str
    language: str
    words: Words
    """Folded."""
    forms: tuple[tuple[Words, str], ...]
    """Accepted forms as keys, with the rule; the own form comes first."""
    well_known: tuple[tuple[Words, str], ...]
    """The same for what is known of the name beyond the test set; other rules go first."""
    as_written: frozenset[str]
    """Listed forms, letter by letter: these are accepted even in lower case."""
    initials: frozenset[str]
    """Acronyms of the name."""
    reject: frozenset[str]
    """Refused spellings in lower case, with their diacritics."""
    longest_reject: int
    """Words of the longest of them."""
    given: tuple[frozenset[str], ...]
    """Keys of the given names of a person, so far as known: one set per full form."""

    @classmethod
    @lru_cache(maxsize=65536)
    def of(cls, text: str, kind: str, alias: Alias, others: tuple[str, ...], language: str) -> Name:
        """A name with its alias item and the other forms that the reference uses for the entity in the same document."""
        known = known_names(language)
        words = folded(text, language)
        spaced = written_with_spaces(language)
        forms = {keys(words, known): ""}
        listed = [(form, folded(form, language)) for form in alias.forms]
        elsewhere = [folded(form, language) for form in others]
        own = keys(words, known)
        for form in [*(form for _, form in listed), *elsewhere]:
            rule = "short" if kind == "PER" and spaced and own[-len(form) :] == keys(form, known) else "alias"
            forms.setdefault(keys(form, known), rule)
        full = [words, *(form for _, form in listed), *elsewhere]
        if kind == "PER" and spaced:
            for form in _short_forms(words):
                forms.setdefault(keys(form, known), "short")
        if digraphs(text) != text:
            forms.setdefault(keys(folded(digraphs(text), language), known), "diacritic")
        elif _DIGRAPH.search(text):
            forms.setdefault(keys(folded(_DIGRAPH.sub(r"\1", text), language), known), _WITH_DIACRITIC)
        if kind != "PER" and known.names:
            for short, long in _ABBREVIATED:
                for a, b in ((short, long), (long, short)):
                    for other in _exchanged(words, a, b):
                        forms.setdefault(keys(other, known), "acronym")
        well_known = {
            keys(other, known): rule for form in full for other, rule in _well_known(form, kind, known)
        }
        reject = frozenset(plain(form, language) for form in alias.reject)
        persons = (
            [tokenize(form, language) for form in (text, *alias.forms, *others)]
            if kind == "PER" and spaced
            else []
        )
        # Le Pen is no full name where there is Marine Le Pen
        spelt = [tuple(token.folded for token in tokens) for tokens in persons]
        persons = [
            p
            for p, own in zip(persons, spelt, strict=True)
            if not any(len(o) > len(own) and o[-len(own) :] == own for o in spelt)
        ]
        given = {
            frozenset(key(token.folded, known) for token in _given(tokens) if token.nameable)
            for tokens in persons
        } - {frozenset()}
        return cls(
            text,
            kind,
            language,
            words,
            tuple(forms.items()),
            tuple(
                (form, rule)
                for form, rule in well_known.items()
                if forms.get(form, _WITH_DIACRITIC) == _WITH_DIACRITIC
            ),
            frozenset(alias.forms),
            frozenset(
                initials
                for form in (text, *alias.forms)
                if len(initials := _initials(tokenize(form, language), language))
                >= (_LEAST_OF_PERSON if kind == "PER" else 2)
            ),
            reject,
            max((len(form.split()) for form in reject), default=0),
            tuple(given),
        )

    @property
    def surname_first(self) -> bool:
        """Whether a person's family name stands first: Xi Jinping."""
        return _surname_first(self.words)

    def has(self, forms: Iterable[Words]) -> bool:
        """Whether one of these words is a form that was listed, or that the reference has."""
        listed = {form for form, _ in self.forms}
        return any(keys(form, known_names(self.language)) in listed for form in forms)

    def find(self, text: Text) -> Iterator[tuple[int, int, str]]:
        """Accepted spans of a text: first word, last word + 1, rule. Spans may overlap."""
        seen: set[tuple[int, int]] = set()
        for first, last, rule in self._find(text):
            if (first, last) not in seen and not self.refused(text, first, last):
                seen.add((first, last))
                yield first, last, rule

    def _find(self, text: Text) -> Iterator[tuple[int, int, str]]:
        yield from self._listed(text, self.forms)
        if inflects(self.language):
            yield from self._inflected(text)
        if written_with_spaces(self.language):
            yield from self._spacing(text)
            yield from self._acronym(text)
            if self.type != "PER":
                yield from self._reorder(text)
                yield from self._interrupted(text)
        yield from self._listed(text, self.well_known)

    def _listed(self, text: Text, forms: tuple[tuple[Words, str], ...]) -> Iterator[tuple[int, int, str]]:
        for form, rule in forms:
            size = len(form)
            for first in text.places.get(form[0], ()):
                if text.keys[first : first + size] == form:
                    found = self._rule(text, first, first + size, rule)
                    if found is not None:
                        yield first, first + size, found

    def _rule(self, text: Text, first: int, last: int, rule: str) -> str | None:
        """The rule by which a span with the keys of a form is accepted; None for lower-case words that are no name."""
        tokens = text.tokens[first:last]
        written = text.written(first, last)
        if rule == "alias" and self.type == "LOC" and text.goes_on(last):
            return None  # Rio for Rio de Janeiro, but in Rio Grande
        if written in self.as_written and rule:
            return rule
        if (
            not any(token.nameable for token in tokens)
            and not self.text[0].islower()
            and (not text.uncased or (self.text.isupper() and len(written) < 4))
        ):
            return None
        if (
            len(written) < 4
            and written.replace(".", "") != written.replace(".", "").upper()
            and self.text.isupper()
            and text.starts_sentence(first)
        ):
            return None  # Us at the beginning of a sentence is no US
        if rule == _WITH_DIACRITIC:
            return "diacritic" if digraphs(written) != written else None
        if rule:
            return rule if tokens[0].nameable or tokens[-1].nameable else None
        if unified(written).rstrip(".") == unified(self.text).rstrip("."):
            return ""
        if text.words(first, last) != self.words:
            return "translit" if tokens[0].nameable else None
        if written.casefold() == self.text.casefold():
            return "case"
        ours, theirs = (
            "".join(token.text for token in tokens),
            "".join(token.text for token in tokenize(self.text, self.language)),
        )
        return (
            "spacing"
            if ours.replace(".", "").casefold() == theirs.replace(".", "").casefold()
            else "diacritic"
        )

    def _inflected(self, text: Text) -> Iterator[tuple[int, int, str]]:
        """The words of an accepted form with other endings."""
        for form, rule in self.forms:
            for first in range(len(text.tokens) - len(form) + 1):
                words = text.keys[first : first + len(form)]
                if text.tokens[first].nameable and all(
                    same_inflected(a, b, self.language) for a, b in zip(form, words, strict=True)
                ):
                    yield first, first + len(form), rule or "inflection"

    def _spacing(self, text: Text) -> Iterator[tuple[int, int, str]]:
        whole, ends = "".join(self.words), _ends(self.words)
        for first, last in _joined(text, whole):
            theirs = _ends(text.words(first, last))
            # one of the two only joins words of the other: Khaled Azia is not Khaleda Zia
            if theirs != ends and (theirs < ends or ends < theirs):
                yield first, last, "spacing"

    def _acronym(self, text: Text) -> Iterator[tuple[int, int, str]]:
        for initials in self.initials:
            for index in text.places.get(key(initials.lower(), text.known), ()):
                if text.tokens[index].text.replace(".", "") == initials:
                    yield index, index + 1, "acronym"
        short = self.text.replace(".", "")
        least = _LEAST_OF_PERSON if self.type == "PER" else 2
        if len(self.words) == 1 and short.isupper() and least <= len(short) <= _LONGEST_ACRONYM:
            for first, token in enumerate(text.tokens):
                if token.text[0] != short[0] or token.text.isupper():
                    continue
                for last in range(first + 2, min(first + 2 * len(short), len(text.tokens)) + 1):
                    if text.apart(last - 1):
                        break
                    if _initials(text.tokens[first:last], text.language) == short:
                        yield first, last, "acronym"

    def _reorder(self, text: Text) -> Iterator[tuple[int, int, str]]:
        """The same content words in another order, Finnish for of Finland. Of a person it would be another name."""
        if self.type == "LOC" and PLACE_NOUNS.isdisjoint(self.words):
            return  # Medicine Hat is no Hat of Medicine
        content = sorted(_place(word, text.known) for word in self.words if word not in _NO_CONTENT)
        if (
            len(content) < 2
            or sum(word in text.places for word in keys(self.words, text.known)) < len(content) - 1
        ):
            return
        places = [
            _place(token.folded, text.known) if token.nameable else token.folded for token in text.tokens
        ]
        own = set(content)
        for first, token in enumerate(text.tokens):
            if places[first] not in own or not token.nameable:
                continue
            for last in range(first + len(content), min(first + len(content) + 3, len(places)) + 1):
                inside = sorted(place for place in places[first:last] if place not in _NO_CONTENT)
                if inside == content and places[last - 1] in own and text.words(first, last) != self.words:
                    yield first, last, "reorder"

    def _interrupted(self, text: Text) -> Iterator[tuple[int, int, str]]:
        """The same words in the same order, with one small word too many: "Buenos from Aires"."""
        size = len(self.words) + 1
        for first in text.places.get(key(self.words[0], text.known), ()) if size > 2 else ():
            for extra in range(first + 1, min(first + size - 1, len(text.tokens))):
                small = text.folded[extra] in OPENERS and not text.tokens[extra].capitalised
                if small and text.words(first, extra) + text.words(extra + 1, first + size) == self.words:
                    yield first, first + size, "reorder"

    def refused(self, text: Text, first: int, last: int) -> bool:
        """Whether a span is a refused spelling, or lies within one."""
        if not self.reject:
            return False
        return any(
            plain_span(text, start, end) in self.reject
            for start in range(max(0, last - self.longest_reject), first + 1)
            for end in range(last, min(len(text.tokens), start + self.longest_reject) + 1)
        )


def folded(text: str, language: str) -> Words:
    """The folded words of a name; a name without letters is one word."""
    return tuple(token.folded for token in tokenize(text, language)) or (text.casefold(),)


def plain(text: str, language: str) -> str:
    """The words of a name in lower case, diacritics kept: how refused spellings are compared."""
    return " ".join(token.text for token in tokenize(text, language)).casefold()


def plain_span(text: Text, first: int, last: int) -> str:
    """`plain` of a span."""
    return " ".join(token.text for token in text.tokens[first:last]).casefold()


def unified(text: str) -> str:
    """A spelling without what no reader sees: kinds of apostrophes and hyphens, several spaces."""
    return " ".join(text.translate(_SIGNS).split())


_SIGNS = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "‐": "-", "‑": "-"})


def _exchanged(words: Words, part: Words, other: Words) -> Iterator[Words]:
    """A name with one part put in place of another."""
    for first in range(len(words) - len(part) + 1):
        if words[first : first + len(part)] == part and len(words) > len(part):
            yield words[:first] + other + words[first + len(part) :]


def _joined(text: Text, whole: str) -> Iterator[tuple[int, int]]:
    """Spans of words that could be a name and are, written as one, the same as a name written as one."""
    for first, word in enumerate(text.folded):
        if not whole.startswith(word) or not text.tokens[first].nameable:
            continue
        last = first + 1
        while len(word) < len(whole) and last < len(text.folded) and last - first < _JOINED:
            word += text.folded[last]  # noqa: PLW2901
            last += 1
        if word == whole:
            yield first, last


def _ends(words: Words) -> frozenset[int]:
    """Where words end, in letters from the beginning."""
    return frozenset(accumulate(map(len, words)))


def _place(word: str, known: KnownNames) -> str:
    """The place that a word is the name or the people of, as one word; else the word."""
    for name in known.names.get((word,), ()):
        if name.type == "LOC" and name.people:
            return "".join(name.forms[0])
    return word


def _well_known(words: Words, kind: str, known: KnownNames) -> Iterator[tuple[Words, str]]:
    """Other forms of a well-known name, and what the people of a place are called."""
    for name in known.names.get(words, ()):
        people = words in name.people
        if (
            (kind == "PER") != (name.type == "PER")
            or (kind in ("LOC", "ORG") and people)
            or (kind == "LOC" and name.type != "LOC")
        ):
            continue
        for form in name.forms:
            yield form, "demonym" if people else "alias"
        if kind != "ORG":
            for form in name.people:
                yield form, "demonym"


def _surname_first(words: Words) -> bool:
    return words[0] in SURNAME_FIRST and (
        len(words) == 3 or (len(words) == 2 and words[1] not in SURNAME_FIRST)
    )


def _given(tokens: Sequence[Token]) -> Sequence[Token]:
    """A person's words but the family name, its particles, and Jr. after it."""
    words = _without_generation(tuple(token.folded for token in tokens))
    if _surname_first(words):
        return tokens[1:]
    return [
        token
        for index, token in enumerate(tokens[: len(words) - 1])
        if not index or token.folded not in PARTICLES
    ]


def _without_generation(words: Words) -> Words:
    return words[:-1] if len(words) > 1 and words[-1] in GENERATIONS else words


def _short_forms(words: Words) -> Iterator[Words]:
    """The surname alone, with its particles; first and last word without those between."""
    if _surname_first(words):
        yield words[:1]
        if len(words) == 3:
            return
    if _without_generation(words) != words:
        yield _without_generation(words)
    words = _without_generation(words)
    for start in range(1, len(words)):
        after_particle = words[start - 1] in PARTICLES and words[start - 1] not in ARABIC_ARTICLES
        if not after_particle and len(words[start]) > 1:
            yield words[start:]
    if len(words) > 2 and words[-2] not in PARTICLES:
        yield words[0], words[-1]


def _initials(tokens: Sequence[Token], language: str) -> str:
    """Capital initials of a name of several words; empty where it has none."""
    content = [
        token.text
        for token in tokens
        if token.folded not in FUNCTION_WORDS and token.folded not in GENERATIONS
    ]
    if len(content) < 2 or tokens[0].folded in FUNCTION_WORDS or tokens[-1].folded in FUNCTION_WORDS:
        return ""
    initials = "".join(text[0] for text in content)
    if not is_english(language) and initials[0].isupper():
        return initials.upper()  # other languages write Organisation mondiale de la santé
    return initials if initials.isupper() else ""
