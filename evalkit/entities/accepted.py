"""Step 1: give mentions their exact forms and variants, unless the words around make them another name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalkit.entities.assignment import Option, Span, assign
from evalkit.entities.document import Document
from evalkit.entities.left_over import has_another_name
from evalkit.entities.lower_case import find_in_lower_case
from evalkit.entities.other_person import is_other_person
from evalkit.entities.outcomes import Outcome
from evalkit.entities.reasons import MatchingRule
from evalkit.entities.variants import find_variants

_LONGEST_EXTENSION = 7
"""Words on each side by which a longer name may extend the name within it."""
_ACCEPTED = 10.0
"""Weight of an accepted form, greater than all that distance and surroundings can add or take away."""
_EXACT, _VARIANT = 1.0, 0.5
"""What the two outcomes add to the weight."""


def find_accepted(document: Document, offset: int) -> None:
    """Settle the mentions that have a free accepted form in their segment, or in a neighbour at an offset."""
    options: dict[int, list[Option]] = {}
    for index in document.unjudged():
        segment = document.segment_of(index, offset)
        if segment is None or (offset and has_another_name(document, index)):
            continue
        options.setdefault(segment, []).extend(_find_options(document, index, segment))
    for options_in_segment in options.values():
        for option in assign(_weigh_surroundings(document, options_in_segment)):
            outcome: Outcome = "variant" if option.rule else "exact"
            document.settle(option.mention, outcome, option.rule, option.span)


def _find_options(document: Document, index: int, segment: int) -> Iterator[Option]:
    """Find the free accepted forms of a mention in a hypothesis."""
    found = find_variants(document.names[index], document.hypotheses[segment])
    spans = [(Span(segment, first, last), rule) for first, last, rule in found]
    in_lower_case: MatchingRule = "case"
    spans += [(span, in_lower_case) for span in find_in_lower_case(document, index, segment)]
    for span, rule in spans:
        if not document.is_free(span) or (rule and _is_another_known_name(document, index, span)):
            continue
        if not _is_changed_by_neighbours(document, index, span, rule):
            bonus = _VARIANT if rule else _EXACT
            yield Option(index, span, _ACCEPTED + bonus - document.distance(index, span), rule)


def _weigh_surroundings(document: Document, options: Sequence[Option]) -> Sequence[Option]:
    """Add the agreement of the words around, unless each mention has one span and each span one mention."""
    mentions, spans = {option.mention for option in options}, {option.span for option in options}
    if len(options) == len(mentions) == len(spans):
        return options
    return [
        option._replace(weight=option.weight + document.agreement(option.mention, option.span) / 2)
        for option in options
    ]


def _is_another_known_name(document: Document, index: int, span: Span) -> bool:
    """Whether words are another name: Council of Europe for the European Council."""
    name = document.names[index]
    owners = document.owners.get(document.normalised_words(span), frozenset())
    if owners and document.mentions[index].entity not in owners:
        return True
    known_names = document.known.names.get(document.words(span), ())
    return bool(known_names) and not any(
        name.words in (*known.forms, *known.people) or name.has_form(known.forms) for known in known_names
    )


def _is_changed_by_neighbours(document: Document, index: int, span: Span, rule: MatchingRule) -> bool:
    """Whether the words around a form make it another name: Hunter before Biden, Equatorial before Guinea."""
    text = document.hypotheses[span.segment]
    before, after = text.token_before(span.first), text.token_after(span.last)
    continues_left = before is not None and (
        before.nameable or before.folded in document.rules.words.particles
    )
    continues_right = after is not None and (
        after.nameable or after.folded in document.rules.words.function_words
    )
    if not continues_left and not continues_right:
        return False
    return (
        _becomes_new_place(document, index, span)
        or _is_in_longer_name(document, index, span, rule)
        or is_other_person(document, index, span)
    )


def _becomes_new_place(document: Document, index: int, span: Span) -> bool:
    """Whether New comes before a place, and not in the reference: New Mexico."""
    before = document.hypotheses[span.segment].token_before(span.first)
    if document.mentions[index].type != "LOC" or before is None or not before.capitalised:
        return False
    return before.folded == "new" and document.occurrences[index].word_before != "new"


def _is_in_longer_name(document: Document, index: int, span: Span, rule: MatchingRule) -> bool:
    """Whether a form is part of another, longer name: one of the test set, or a well-known one."""
    if rule == "demonym" and _is_in_longer_phrase(document, span):
        return True
    longer = document.hypotheses[span.segment].widen(span.first, span.last, _LONGEST_EXTENSION)
    return any(_is_another_name(document, index, span, start, end) for start, end in longer)


def _is_in_longer_phrase(document: Document, span: Span) -> bool:
    """Whether a demonym and its capitalised neighbour are a phrase of the references.

    The South African of South African Airways is not South Africa.
    """
    text = document.hypotheses[span.segment]
    return any(
        text.words(start, end) in document.reference_phrases
        for start, end in ((span.first - 1, span.last), (span.first, span.last + 1))
        if start >= 0 and end <= len(text.tokens)
        if text.tokens[start].capitalised and text.tokens[end - 1].capitalised
    )


def _is_another_name(document: Document, index: int, span: Span, start: int, end: int) -> bool:
    """Whether the words from start to end, around a span, name something else, and not in the reference."""
    mention, name, text = document.mentions[index], document.names[index], document.hypotheses[span.segment]
    form, words = text.normalised[start:end], text.words(start, end)
    entities = document.owners.get(form, frozenset())
    known_names = document.known.names.get(words, ())
    if mention.entity in entities:
        return False
    if not entities and all(name.words in (*known.forms, *known.people) for known in known_names):
        return False
    if mention.type == "PER" and set(name.words) <= set(words):
        return False  # John Fitzgerald Kennedy
    occurrence, reference = document.occurrences[index], document.references[mention.segment]
    reference_start = max(0, occurrence.first - (span.first - start))
    reference_end = occurrence.last + (end - span.last)
    return reference.normalised[reference_start:reference_end] != form
