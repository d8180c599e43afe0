"""Step 1: give mentions their exact forms and variants, unless the words around make them another name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evalkit.entities.assignment import Option, Span, assign
from evalkit.entities.document import Document
from evalkit.entities.language.known import KnownName
from evalkit.entities.outcomes import Outcome
from evalkit.entities.reasons import MatchingRule
from evalkit.entities.steps.left_over import has_another_name
from evalkit.entities.surroundings.added import has_addition
from evalkit.entities.surroundings.longer_names import is_continued, is_in_longer_known, is_in_longer_name
from evalkit.entities.surroundings.longer_names_without_capitals import is_in_longer_without_capitals
from evalkit.entities.surroundings.lower_case import find_in_lower_case
from evalkit.entities.surroundings.other_person import is_family, is_other_person
from evalkit.entities.surroundings.own_place import (
    find_rivals,
    has_moved,
    has_rest_beside,
    measure_rival_agreement,
)
from evalkit.entities.surroundings.unspaced_neighbours import find_part
from evalkit.entities.variants.finding import find_variants

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
    for segment, own in options.items():
        rivals = list(find_rivals(document, segment, own))
        for option in assign(_weigh_surroundings(document, [*own, *rivals])):
            if option.mention < 0:
                document.taken.update((segment, position) for position in option.span.positions)
                continue
            if has_addition(document, option.mention, option.span):
                document.settle(option.mention, "misspelled", "added", option.span)
                continue
            outcome: Outcome = "variant" if option.rule else "exact"
            document.settle(option.mention, outcome, option.rule, option.span)


def _find_options(document: Document, index: int, segment: int) -> Iterator[Option]:
    """Find the free accepted forms of a mention in a hypothesis."""
    variants = find_variants(document.names[index], document.hypotheses[segment])
    found = (*variants, *find_part(document, index, segment))
    spans = [(Span(segment, first, last), rule) for first, last, rule in found]
    in_lower_case: MatchingRule = "case"
    spans += [(span, in_lower_case) for span in find_in_lower_case(document, index, segment)]
    for span, rule in spans:
        if not document.is_free(span) or (rule and _is_another_known_name(document, index, span, rule)):
            continue
        if segment != document.mentions[index].segment and not has_moved(document, index, span):
            continue
        if rule == "alias" and has_rest_beside(document, index, span):
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
        option._replace(weight=option.weight + _measure_agreement(document, option) / 2) for option in options
    ]


def _measure_agreement(document: Document, option: Option) -> float:
    if option.mention < 0:
        return measure_rival_agreement(document, option, option.span.segment)
    return document.agreement(option.mention, option.span)


def _is_another_known_name(document: Document, index: int, span: Span, rule: MatchingRule) -> bool:
    """Whether words are another name: Council of Europe for the European Council."""
    name = document.names[index]
    owners = document.owners.get(document.normalised_words(span), frozenset())
    if owners and document.mentions[index].entity not in owners:
        return True
    if name.type == "LOC" and rule == "generic":
        return False  # New York for New York City; see `evalkit.entities.variants.institutions`
    words, whole = document.words(span), "".join(name.words)  # Lee Jaemyung is Lee Jae-myung
    known_names = document.known.find(words)
    if rule == "short" and not document.rules.target.has_spaces:
        return not any(known.type == name.type for known in known_names) and bool(known_names)
    if name.type == "PER" and len(words) == 1 and _is_place(document, span, known_names):
        return True
    return (
        bool(known_names)
        and not document.known.is_same(words, name.words)
        and not any(
            name.has_form((*known.forms, *known.people)) or whole in map("".join, known.forms)
            for known in known_names
        )
    )


def _is_place(document: Document, span: Span, known_names: Iterable[KnownName]) -> bool:
    """Whether a surname is a place because of the word before it: in Washington, for Denzel Washington."""
    before = document.hypotheses[span.segment].token_before(span.first)
    is_inside = before is not None and before.folded in document.rules.words.inside
    return is_inside and any(known.type == "LOC" for known in known_names)


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
        small = any(token is not None and document.known.is_small(token.folded) for token in (before, after))
        is_linked = before is not None and before.folded in document.rules.words.links
        return (
            is_family(document, index, span)
            or (small and is_in_longer_known(document, index, span))
            or (is_linked and is_continued(document, index, span))
        )
    return (
        is_in_longer_name(document, index, span, rule)
        or is_in_longer_without_capitals(document, index, span)
        or is_family(document, index, span)
        or is_other_person(document, index, span)
    )
