"""Which line of a review sheet a spelling belongs to, within a document."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.review.scopes import Scope, Scopes
from evalkit.review.sheet import OPEN, SheetLine
from evalkit.types import Mention


class Owners:
    """Finds the lines that spellings belong to. Lines that are not reviewed yet own nothing."""

    def __init__(self, scopes: Scopes, lines: Sequence[SheetLine]) -> None:
        self._scopes = scopes
        self._by_form: dict[str, list[SheetLine]] = {}
        for line in lines:
            if line.decision != OPEN:
                for form in line.forms:
                    self._by_form.setdefault(form, []).append(line)

    def find_for_mention(self, mention: Mention) -> SheetLine | None:
        """Find the line of a reviewed mention.

        It is a line of its entity, or of its text if the id of the entity was changed.
        """
        scope = self._scopes.scope_of(mention.segment)
        of_entity = [line for line in self._list(mention.text, scope) if line.entity == mention.entity]
        of_type = [line for line in of_entity if line.type == mention.type]
        return next(iter(of_type or of_entity), None) or self.find(mention.text, scope)

    def find(self, text: str, scope: Scope, entity: str | None = None) -> SheetLine | None:
        """Find the line that a spelling belongs to.

        It is a line of the entity, if that has the spelling. Otherwise it is the only entity that also has a
        longer name in the scope; or if no entity has, the only one without longer names, or the only one at
        all.

        Args:
            text: the spelling.
            scope: where it occurs.
            entity: id of the entity that a model assigned it to, if any.
        """
        lines = self._list(text, scope)
        of_entity = [line for line in lines if line.entity == entity]
        if of_entity:
            return of_entity[0]
        with_longer = [line for line in lines if self._has_longer_name(text, line, scope)]
        without_longer = [line for line in lines if not _list_longer(text, line)]
        for candidates in (with_longer, without_longer, [] if with_longer else lines):
            if len({line.entity for line in candidates}) == 1:
                return candidates[0]
        return None

    def lacks_longer_name(self, text: str, line: SheetLine, scope: Scope) -> bool:
        """Whether a spelling is a part of longer ones of its line, and the scope has none of these."""
        return bool(_list_longer(text, line)) and not self._has_longer_name(text, line, scope)

    def is_excepted(self, text: str, scope: Scope) -> bool:
        """Whether all lines with a spelling list the scope as an exception."""
        return text in self._by_form and not self._list(text, scope)

    def _has_longer_name(self, text: str, line: SheetLine, scope: Scope) -> bool:
        return any(form in self._scopes.texts[scope] for form in _list_longer(text, line))

    def _list(self, text: str, scope: Scope) -> list[SheetLine]:
        """The lines that have a spelling and do not list the scope as an exception."""
        label = self._scopes.label(scope)
        exceptions = {label, f"{label}: {text}"}
        return [line for line in self._by_form.get(text, ()) if exceptions.isdisjoint(line.exceptions)]


def _list_longer(text: str, line: SheetLine) -> list[str]:
    """The spellings of a line that contain another one."""
    return [form for form in line.forms if text in form and form != text]
