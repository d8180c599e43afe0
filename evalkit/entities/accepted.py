"""Step 1: exact forms and variants, unless the words around them make them another name."""

from __future__ import annotations

from evalkit.entities.assignment import Option, Span, assign
from evalkit.entities.document import Document
from evalkit.entities.languages import (
    FUNCTION_WORDS,
    GENERATIONS,
    NEVER_GIVEN,
    NUMBERED,
    PARTICLES,
    is_english,
)
from evalkit.entities.left_over import another_name_at
from evalkit.entities.lexicon import is_common
from evalkit.entities.text import Text, keys

_LONGER = 7
"""Words by which a longer name goes beyond one within it."""


def accept(document: Document, offset: int) -> None:
    """Settle the mentions whose own segment, or the one at an offset, has an accepted form that is free."""
    options: dict[int, list[Option]] = {}
    for number in document.open():
        segment = document.segment_of(number, offset)
        if segment is None or (offset and another_name_at(document, number)):
            continue
        for first, last, reason in document.names[number].find(document.hypotheses[segment]):
            span = Span(segment, first, last)
            if (
                document.free(span)
                and not (reason and _another_well_known(document, number, span))
                and not _somebody_else(document, number, span, reason)
            ):
                # what is accepted counts more than any distance; exact more than variant
                weight = 10 + (0.5 if reason else 1) - document.distance(number, span)
                options.setdefault(segment, []).append(Option(number, span, weight, reason))
    for found in options.values():
        for option in assign(_by_context(document, found)):
            document.settle(
                option.mention, "variant" if option.reason else "exact", option.reason, option.span
            )


def _by_context(document: Document, options: list[Option]) -> list[Option]:
    """Where one mention has several spans or one span several mentions, the words around have a say."""
    if (
        len(options)
        == len({option.mention for option in options})
        == len({option.span for option in options})
    ):
        return options
    return [
        option._replace(weight=option.weight + document.agreement(option.mention, option.span) / 2)
        for option in options
    ]


def _another_well_known(document: Document, number: int, span: Span) -> bool:
    """Whether words are well known as something else: the Council of Europe is not the European Council."""
    words, own = document.hypotheses[span.segment].words(span.first, span.last), document.names[number]
    names = document.known.names.get(words, ())
    return bool(names) and not any(
        own.words in (*name.forms, *name.people) or own.has(name.forms) for name in names
    )


def _somebody_else(document: Document, number: int, span: Span, reason: str) -> bool:
    """Whether words around an accepted form make it another name: Hunter before Biden, Equatorial before Guinea."""
    text = document.hypotheses[span.segment]
    before = text.tokens[span.first - 1] if span.first and not text.apart(span.first) else None
    after = text.tokens[span.last] if span.last < len(text.tokens) and not text.apart(span.last) else None
    if not (before and (before.nameable or before.folded in PARTICLES)) and not (
        after and (after.nameable or after.folded in FUNCTION_WORDS)
    ):
        return False
    if before and before.folded == "new" and before.capitalised and document.mentions[number].type == "LOC":
        place = document.places[number]
        if not (place.first and place.tokens[place.first - 1].folded == "new"):
            return True  # New Mexico
    return _in_longer_name(document, number, span, reason) or _other_given_name(document, number, span)


def _in_longer_name(document: Document, number: int, span: Span, reason: str) -> bool:
    """Whether the words are part of the longer name of another entity, or of a well-known one, that the reference does not have."""
    mention, own = document.mentions[number], document.names[number]
    here, text, reference = (
        document.places[number],
        document.hypotheses[span.segment],
        document.references[mention.segment],
    )
    for start, end in text.wider(span.first, span.last, _LONGER):
        if (
            end - start == span.last - span.first + 1
            and text.tokens[start].capitalised
            and text.tokens[end - 1].capitalised
        ):
            words = text.words(start, end)
            if reason == "demonym" and words in document.reference_phrases:
                return True  # the South African of South African National Parks is no South Africa
        form = text.keys[start:end]
        entities = document.owners.get(form, frozenset())
        known = any(
            own.words not in (*name.forms, *name.people)
            for name in document.known.names.get(text.words(start, end), ())
        )
        same_person = mention.type == "PER" and set(own.words) <= set(
            text.words(start, end)
        )  # John Fitzgerald Kennedy
        if mention.entity in entities or same_person or not (entities or known):
            continue
        if reference.keys[max(0, here.first - (span.first - start)) : here.last + (end - span.last)] != form:
            return True
    return False


def _other_given_name(document: Document, number: int, span: Span) -> bool:
    """Whether words before or after make a person's name that of somebody else, or put it in the wrong order."""
    name, text = document.names[number], document.hypotheses[span.segment]
    if name.type != "PER":
        return False
    if _other_number(document, number, span):
        return True
    preceding, following = _run(text, span.first, -1), _run(text, span.last, 1)
    before, after = [text.keys[index] for index in preceding], [text.keys[index] for index in following]
    inside = text.keys[span.first : span.last]
    if not name.given:
        return False
    given = frozenset().union(*name.given)
    in_reference = document.reference_words[span.segment]
    if name.surname_first and not given.intersection(inside):
        if not given.issuperset(after) or given.intersection(before):
            return True  # Kim Jong Il for Kim Jong Un; Jae-myung Lee for Lee Jae-myung
    elif len(inside) < max(len(name.words), 2) and any(
        text.tokens[index].folded not in in_reference
        or word in given
        or word in name.words
        or _given_to_others(document, number, word)
        for index, word in zip(following, after, strict=True)
    ):
        return True  # Kennedy Center; Selam Kidan for Selam Kidane; Biden Joe; Klitschko Vitali for Wladimir Klitschko
    if (
        len(name.words) > len(inside)
        and frozenset(keys(name.words, document.known)).intersection(before) - given
    ):
        return True  # Ahmed Abiy for Abiy Ahmed
    own_initials = {word for word in given if len(word) == 1}
    initials = {word for word in before if len(word) == 1} - {word[0] for word in given if len(word) > 1}
    if own_initials and initials and initials != own_initials:
        return True  # George V. Bush, or George W. Bush, for George H. W. Bush
    if not before or any(form <= {*before, *inside} for form in name.given):
        return False
    own = [
        word
        for word in before
        if word in given or any(word[0] == other[0] and 1 in (len(word), len(other)) for other in given)
    ]
    if own:
        return len(own) < len(before)  # Mohammed Sheer al-Sudani for Mohammed Shia al-Sudani
    if len(before[0]) == 1 or _given_to_others(document, number, before[0]):
        return True
    word = text.tokens[preceding[0]].folded
    if word in in_reference:
        return False
    if not text.starts_sentence(preceding[0]):
        return True
    # the first word of a sentence is capitalised anyway: it is a given name where the reference has one as well
    a_name = len(name.words) > 1 or not is_common(word, document.language)
    if not is_english(document.language):
        a_name = len(name.words) > 1 and document.places[number].first == 0
    return word not in document.lower_case and a_name


def _other_number(document: Document, number: int, span: Span) -> bool:
    """Whether another number follows than in the reference: Charles II for Charles III."""
    text, place = document.hypotheses[span.segment], document.places[number]
    reference = document.references[document.mentions[number].segment]
    theirs = text.tokens[span.last] if span.last < len(text.tokens) and not text.apart(span.last) else None
    if theirs is None or not theirs.text.isupper():
        return False
    after = reference.folded[place.last : place.last + 1]
    own = {word for word in (*document.names[number].words[1:], *after) if word in NUMBERED}
    # a single I is a pronoun, but where the reference has a number as well
    return theirs.folded not in own and (theirs.folded in NUMBERED or (theirs.folded == "i" and bool(own)))


def _given_to_others(document: Document, number: int, word: str) -> bool:
    """Whether a word is the given name of other persons in the document."""
    return bool(document.given_names.get(word, set()) - {document.mentions[number].entity})


def _run(text: Text, start: int, step: int) -> list[int]:
    """Capitalised words that go on a name before or after it, over particles such as bin and von; the nearest first."""
    found: list[int] = []
    at = start if step > 0 else start - 1
    while 0 <= at < len(text.tokens) and len(found) < 4 and not text.apart(max(at, at - step)):
        token = text.tokens[at]
        if token.folded not in PARTICLES:
            if (
                not token.nameable
                or token.folded in NEVER_GIVEN
                or (step > 0 and token.folded in GENERATIONS)
            ):
                break
            found.append(at)
        at += step
    return found
