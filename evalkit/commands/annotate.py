"""From a test set to reviewed names: a model proposes, a person decides, and what was decided stays.

A model finds names in the references, and ``entities.tsv`` lists them, one line per entity, for a person to keep, correct
or drop (`evalkit.review.sheet`). The next run writes those that were kept into ``entities.jsonl`` and
``aliases.yaml``, and adds to the sheet what is new. Nothing that a person wrote is changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tabulate import tabulate

from evalkit.data.articles import Articles
from evalkit.data.entity_files import read_entities
from evalkit.data.reader import Reader
from evalkit.errors import ConfigError, DataError, shorten
from evalkit.ner.base import Ner
from evalkit.ner.names import find_names
from evalkit.review.entity_writer import AliasItem, aliases_text, check_folder, entities_text, write_all
from evalkit.review.places import forms_of, left_out, lines_of, occurs, review, without_a_line
from evalkit.review.sheet import NO, OPEN, YES, Line, fits_into_a_cell, new_line, read_sheet, sheet_text
from evalkit.review.suggestions import with_suggestions
from evalkit.runtime.cache import Cache
from evalkit.types import NAME_TYPES, Alias, Mention, TestSet, written_with_spaces

_CONTEXT = 40
"""Characters on each side of a mention."""
_SHOWN = 3
"""Mentions that a line shows in context."""
_IN_TABLE = 20
"""New entities that a run prints."""


@dataclass(frozen=True)
class Annotation:
    """What is reviewed, and what is not yet."""

    sheet: Path
    lines: tuple[Line, ...]
    """Of the sheet: first what is to be reviewed."""
    entities: Path
    aliases: Path
    mentions: tuple[Mention, ...]
    """Of the lines that say yes: what the entity file has."""
    added: int
    """How many of these it did not have before."""
    removed: int
    """How many it had before and has no longer."""
    settings: str
    """What an evaluation needs to find these files; empty where it finds them by itself."""
    warnings: tuple[str, ...] = ()

    def saying(self, keep: str) -> list[Line]:
        """The lines that say yes, no or ?."""
        return [line for line in self.lines if line.keep == keep]


def annotate(
    test_set: Reader, ner: Ner, *, output: str | Path | None = None, cache: Cache | None = None
) -> Annotation:
    """Propose names for a test set, and take over what a person decided about those proposed before.

    Args:
        test_set: where the test set is, such as ``Articles(path="my_test_set")``.
        ner: what finds names, such as ``Spacy(model="en_core_web_sm")``.
        output: folder of the sheet and of the files that it gives; by default the folder of the articles. Where the test set
            names an entity file or alias file of its own, that file is kept up to date.
        cache: of what a model found; by default that of the user.

    Raises:
        ConfigError: settings that cannot be used, such as no folder.
        DataError: test set or sheet cannot be read; names file and line.
        NerError: the model cannot be had, or fails.
        ResultsError: the folder cannot be written. Then nothing is changed.
    """
    if output is None and not isinstance(test_set, Articles):
        raise ConfigError("output is not set; say output=FOLDER: where the sheet and the entity file go")
    folder = Path(test_set.path if output is None else output).expanduser()
    sheet = folder / "entities.tsv"
    entities = _file(test_set, test_set.entities, folder / "entities.jsonl")
    aliases = _file(test_set, test_set.aliases, folder / "aliases.yaml")
    for place in dict.fromkeys((folder, entities.parent, aliases.parent)):
        check_folder(place)
    lines, further_columns = read_sheet(sheet) if sheet.exists() else ([], [])
    loaded = _read(test_set, sheet, entities, aliases)
    before = loaded.entities.mentions if loaded.entities else ()
    found = find_names(loaded, ner, cache).entities
    reviewed = [line for line in lines if line.keep != OPEN]
    reviewed += _lines(loaded, lines_of(without_a_line(loaded, lines, before)), YES, reviewed)
    result = review(loaded, reviewed, before, found.mentions if found else ())
    if before and not result.mentions:
        raise DataError(
            f"{sheet}: no line says yes, but {entities} has {len(before)} mentions; remove it if none of them is a name"
        )
    new = _lines(loaded, result.new, OPEN, reviewed)
    alias_text, notes = aliases_text(aliases, _items(reviewed))
    texts = {sheet: sheet_text([*new, *reviewed], further_columns)}
    if set(result.mentions) != set(before):
        texts[entities] = entities_text(loaded, result.mentions, entities if entities.exists() else None)
    if alias_text is not None:
        texts[aliases] = alias_text
    write_all(
        {
            path: text
            for path, text in texts.items()
            if not path.exists() or path.read_bytes() != text.encode()
        }
    )
    earlier, now = (
        {(mention.segment, mention.start, mention.end) for mention in of} for of in (before, result.mentions)
    )
    return Annotation(
        sheet=sheet,
        lines=(*new, *reviewed),
        entities=entities,
        aliases=aliases,
        mentions=result.mentions,
        added=len(now - earlier),
        removed=len(earlier - now),
        settings=_settings(test_set, entities, aliases),
        warnings=(*_not_there(loaded, sheet, reviewed), *notes),
    )


def summary(annotation: Annotation) -> str:
    """What a run prints: what is to be reviewed, what there is, and what to do next."""
    new, kept, dropped = (annotation.saying(keep) for keep in (OPEN, YES, NO))
    parts = []
    if new:
        header = ("type", "entity", "mentions", "documents", "context")
        rows = [
            [line.cells[column] for column in header[:-1]] + [_one_context(line)] for line in new[:_IN_TABLE]
        ]
        more = f"\nand {len(new) - _IN_TABLE} more" if len(new) > _IN_TABLE else ""
        parts.append(
            tabulate(rows, [name.capitalize() for name in header], tablefmt="simple", disable_numparse=True)
            + more
        )
    said = f"{len(new)} to review, {len(kept)} kept, {len(dropped)} dropped"
    parts.append(f"Sheet: {annotation.sheet}: {said}")
    if annotation.mentions:
        entities = len({mention.entity for mention in annotation.mentions})
        changes = f"{annotation.added} new, {annotation.removed} removed"
        parts[-1] += (
            f"\nNames: {annotation.entities}: {len(annotation.mentions)} mentions of {entities} entities ({changes})"
        )
    if new:
        parts[-1] += (
            "\nUntil all is reviewed, scores are of the names that were kept, and others may come out as spurious."
        )
        parts.append("Next: say yes or no in the first column of the sheet, and run the same command again.")
    elif annotation.mentions:
        with_them = f", with {annotation.settings}" if annotation.settings else ""
        parts.append(f"Next: nothing is left to review; evaluate{with_them}.")
    else:
        parts.append("Next: the model found nothing; choose another one.")
    return "\n\n".join(parts)


def _file(reader: Reader, given: str | None, default: Path) -> Path:
    """A file of names: the one that is set, or that the articles have, or a new one."""
    own = Path(reader.path) / default.name if isinstance(reader, Articles) else default
    return Path(given).expanduser() if given else own if own.exists() else default


def _settings(reader: Reader, entities: Path, aliases: Path) -> str:
    own = Path(reader.path) if isinstance(reader, Articles) else None
    files = {"entities": entities, "aliases": aliases}
    return " ".join(
        f"test_set.{key}={path}" for key, path in files.items() if path.exists() and path.parent != own
    )


def _read(reader: Reader, sheet: Path, entities: Path, aliases: Path) -> TestSet:
    """The test set with its reviewed names, also those that the reader does not know of."""
    try:
        loaded = reader.read()
        if loaded.has_names and not entities.exists():
            raise ConfigError(f"{loaded.name}: its names come with it, and are not to be reviewed")
        there = [str(path) if path.exists() else None for path in (entities, aliases)]
        return read_entities(replace(loaded, entities=None), *there)
    except DataError as error:
        if sheet.exists() and str(error).startswith(f"{entities}:"):
            raise DataError(
                f"{error}; if a reference was edited, remove {entities}: it is written anew from {sheet}"
            ) from error
        raise


def _lines(
    test_set: TestSet, groups: Iterable[Sequence[Mention]], keep: str, others: Sequence[Line]
) -> list[Line]:
    """Lines for mentions, one for each group. What scores count comes first, then what is frequent."""
    order = sorted(groups, key=lambda of: (of[0].type not in NAME_TYPES, -len(of)))
    aliases: Mapping[str, Alias] = test_set.entities.aliases if test_set.entities else {}
    before = test_set.entities.mentions if test_set.entities else ()
    taken = {line.entity for line in others}
    lines = []
    for mentions in order:
        first = mentions[0]
        unusable = next((mention.text for mention in mentions if not fits_into_a_cell(mention.text)), None)
        if unusable is not None:
            raise DataError(
                f"{test_set.segments[first.segment].where}: {unusable!r} cannot stand in the sheet, where | separates names"
            )
        forms = forms_of(mentions)
        listed = aliases[first.entity].forms if first.entity in aliases and first.entity not in taken else ()
        taken.add(first.entity)
        but_not = tuple(left_out(test_set, mentions, before)) if keep == YES else ()
        lines.append(
            new_line(
                Line(
                    keep,
                    first.type,
                    first.entity,
                    forms,
                    tuple(form for form in listed if form not in forms),
                    but_not=but_not,
                ),
                mentions=len(mentions),
                documents=len({test_set.segments[mention.segment].document for mention in mentions}),
                context=" | ".join(_contexts(test_set, mentions)),
            )
        )
    return with_suggestions(lines, others, test_set.target_language) if keep == OPEN else lines


def _contexts(test_set: TestSet, mentions: Sequence[Mention]) -> Iterator[str]:
    """Up to three mentions with the words around them: of different spellings, and from different documents."""
    shown: list[Mention] = []
    differ: tuple[Callable[[Mention], object], ...] = (
        lambda mention: mention.text,
        lambda mention: test_set.segments[mention.segment].document,
        lambda mention: mention.segment,
    )
    for aspect in differ:
        for mention in mentions:
            if len(shown) < _SHOWN and all(aspect(mention) != aspect(other) for other in shown):
                shown.append(mention)
    for mention in shown:
        segment = test_set.segments[mention.segment]
        text = segment.references[0].replace('"', "”")  # else the cell would need quotes
        words = written_with_spaces(test_set.target_language)
        before, after = (
            _end(text[: mention.start], words=words),
            _end(text[mention.end :][::-1], words=words)[::-1],
        )
        where = segment.id if segment.document is None else f"{segment.document} {segment.id}"
        yield f"{where}: {before}«{text[mention.start : mention.end]}»{after}".replace(" | ", " ")


def _end(text: str, *, words: bool) -> str:
    """The last characters of a text, from the beginning of a word."""
    if len(text) <= _CONTEXT:
        return text
    end = text[-_CONTEXT:]
    return "…" + (end.partition(" ")[2] if words and " " in end[:-1] else end)


def _items(lines: Sequence[Line]) -> list[AliasItem]:
    """What the lines that say yes say of aliases, by entity."""
    items: dict[str, AliasItem] = {}
    for line in lines:
        if line.keep == YES:
            item = items.get(line.entity, AliasItem(line.entity, line.type, (), ()))
            items[line.entity] = replace(
                item, forms=item.forms + line.forms, aliases=item.aliases + line.aliases
            )
    return list(items.values())


def _not_there(test_set: TestSet, sheet: Path, lines: Sequence[Line]) -> list[str]:
    """A warning of spellings that no reference has."""
    absent = [
        f"line {line.number}: {form}"
        for line in lines
        if line.keep == YES
        for form in line.forms
        if not occurs(form, test_set)
    ]
    return [f"{sheet}: forms that occur in no reference: {shorten(absent)}"] if absent else []


def _one_context(line: Line) -> str:
    """The first mention of a line in context, without its place and in a few words."""
    before, name, after = re.split(
        "[«»]", line.cells["context"].split(" | ")[0].partition(": ")[2], maxsplit=2
    )
    few = _CONTEXT // 2
    return (
        (f"…{before[-few:]}" if len(before) > few else before)
        + name
        + (f"{after[:few]}…" if len(after) > few else after)
    )
