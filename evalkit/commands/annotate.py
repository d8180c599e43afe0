"""Reviewed names for a test set: a model proposes names, a person decides, and the decisions are kept.

A model finds names in the references, and ``entities.tsv`` lists them, one line per entity, for a person to
keep, correct or drop (`evalkit.review.sheet`). The next run writes the names with yes to ``entities.jsonl``
and ``aliases.yaml``, and adds new names to the sheet. Nothing that a person wrote is changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tabulate import tabulate

from evalkit.data.articles import Articles, find_optional
from evalkit.data.compression import strip_ending
from evalkit.data.entity_files import read_entities
from evalkit.data.reader import Reader
from evalkit.data.selection import select
from evalkit.errors import ConfigError, DataError, shorten
from evalkit.ner.base import Ner
from evalkit.ner.names import find_names
from evalkit.review.alias_writer import ReviewedEntity, update_aliases
from evalkit.review.entity_writer import check_folder, format_entities, write_review_files
from evalkit.review.mentions import find_unlisted, group_mentions, occurs
from evalkit.review.places import review
from evalkit.review.proposals import make_lines, shorten_context
from evalkit.review.sheet import NO, OPEN, YES, Decision, Sheet, SheetLine, format_sheet, read_sheet
from evalkit.runtime.cache import Cache
from evalkit.runtime.paths import expand_home
from evalkit.types import Mention, TestSet

_ROWS = 20
"""New entities that a run prints."""


@dataclass(frozen=True)
class Annotation:
    """The result of a run: what is reviewed, and what is still open."""

    sheet: Path
    lines: tuple[SheetLine, ...]
    """Of the sheet, open ones first."""
    entities: Path
    aliases: Path
    mentions: tuple[Mention, ...]
    """Of the lines with yes: the content of the entity file."""
    added: int
    """Mentions that the entity file did not have before."""
    removed: int
    """Mentions that the entity file no longer has."""
    settings: str
    """Settings with which an evaluation uses these files; empty if it finds them itself."""
    warnings: tuple[str, ...] = ()

    def lines_with(self, decision: Decision) -> list[SheetLine]:
        """The lines with yes, no or ?."""
        return [line for line in self.lines if line.decision == decision]


@dataclass(frozen=True)
class _Files:
    sheet: Path
    entities: Path
    aliases: Path


def annotate(
    test_set: Reader,
    ner: Ner,
    *,
    output: str | Path | None = None,
    cache: Cache | None = None,
    limit: int | None = None,
) -> Annotation:
    """Propose names for a test set, and apply a person's decisions on those proposed before.

    Args:
        test_set: the test set, such as ``Articles(path="my_test_set")``.
        ner: what finds names, such as ``Spacy(model="en_core_web_sm")``.
        output: folder of the sheet and of the files with names; by default the folder of the articles. If the
            test set names an entity file or an alias file, that file is updated instead.
        cache: of what models found; by default the user's.
        limit: how many documents to look for new names in; see `evalkit.data.selection.select`.

    Raises:
        ConfigError: a setting is invalid, or `output` is missing.
        DataError: the test set or the sheet is invalid; names file and line.
        NerError: the model is not available, or fails.
        ResultsError: the folder cannot be written. Nothing is changed.
    """
    files = _find_files(test_set, output)
    for folder in dict.fromkeys((files.sheet.parent, files.entities.parent, files.aliases.parent)):
        check_folder(folder)
    sheet = read_sheet(files.sheet) if files.sheet.exists() else Sheet()
    loaded = _read(test_set, files)
    before = loaded.entities.mentions if loaded.entities else ()
    selected = select(loaded, test_set.only, limit)
    found = _find_names(selected, ner, cache)
    reviewed = [line for line in sheet.lines if line.decision != OPEN]
    unlisted = find_unlisted(loaded, sheet.lines, before)
    reviewed += make_lines(loaded, group_mentions(unlisted), YES, reviewed)
    result = review(loaded, reviewed, before, found)
    _check_kept(files, before, result.mentions)
    lines = (*make_lines(loaded, result.new, OPEN, reviewed), *reviewed)
    update = update_aliases(files.aliases, _merge(reviewed))
    texts = {files.sheet: format_sheet(replace(sheet, lines=lines))}
    if set(result.mentions) != set(before):
        earlier = files.entities if files.entities.exists() else None
        texts[files.entities] = format_entities(loaded, result.mentions, earlier)
    if update.text is not None:
        texts[files.aliases] = update.text
    write_review_files(texts)
    places_before, places = _list_places(before), _list_places(result.mentions)
    return Annotation(
        sheet=files.sheet,
        lines=lines,
        entities=files.entities,
        aliases=files.aliases,
        mentions=result.mentions,
        added=len(places - places_before),
        removed=len(places_before - places),
        settings=_list_settings(test_set, files),
        warnings=(*selected.notes, *_check_forms(loaded, files.sheet, reviewed), *update.warnings),
    )


def _check_kept(files: _Files, before: Sequence[Mention], after: Sequence[Mention]) -> None:
    """Refuse to remove all names at once."""
    if before and not after:
        raise DataError(
            f"{files.sheet}: no line has yes, but {files.entities} has {len(before)} mentions; "
            f"if none of them is a name, remove {files.entities}"
        )


def summarise(annotation: Annotation) -> str:
    """What a run prints: what is open, what is reviewed, and what to do next."""
    new, kept, dropped = (annotation.lines_with(decision) for decision in (OPEN, YES, NO))
    state = f"Sheet: {annotation.sheet}: {len(new)} to review, {len(kept)} kept, {len(dropped)} dropped"
    if annotation.mentions:
        entities = len({mention.entity for mention in annotation.mentions})
        state += (
            f"\nNames: {annotation.entities}: {len(annotation.mentions)} mentions of {entities} entities "
            f"({annotation.added} new, {annotation.removed} removed)"
        )
    if new:
        state += (
            "\nUntil you have reviewed all names, scores count only those kept; others may count as spurious."
        )
        following = (
            "replace each ? in the first column of the sheet by yes or no, then run the same command again"
        )
        return f"{_format_table(new)}\n\n{state}\n\nNext: {following}."
    if annotation.mentions:
        settings = f" with {annotation.settings}" if annotation.settings else ""
        return f"{state}\n\nNext: all names are reviewed; run an evaluation{settings}."
    return f"{state}\n\nNext: the model found no names; choose another model."


def _format_table(new: Sequence[SheetLine]) -> str:
    header = ("type", "entity", "mentions", "documents", "context")
    rows = [[*(line.cells[column] for column in header[:-1]), shorten_context(line)] for line in new[:_ROWS]]
    titles = [column.capitalize() for column in header]
    table = tabulate(rows, titles, tablefmt="simple", disable_numparse=True)
    return table + (f"\nand {len(new) - _ROWS} more" if len(new) > _ROWS else "")


def _find_files(test_set: Reader, output: str | Path | None) -> _Files:
    if output is None and not isinstance(test_set, Articles):
        raise ConfigError("output is not set; set output=FOLDER, for the sheet and the entity file")
    folder = expand_home(test_set.path if output is None else output)
    return _Files(
        folder / "entities.tsv",
        _find_file(test_set, test_set.entities, folder / "entities.jsonl"),
        _find_file(test_set, test_set.aliases, folder / "aliases.yaml"),
    )


def _find_file(test_set: Reader, setting: str | None, default: Path) -> Path:
    """A file with names: the one in a setting, or the one of the articles, or a new one."""
    if setting:
        path = expand_home(setting)
    else:
        found = find_optional(Path(test_set.path), default.name) if isinstance(test_set, Articles) else None
        path = default if found is None else Path(found)
    if strip_ending(path.name) != path.name:
        raise ConfigError(f"{path}: compressed; decompress it first, since names are added to it")
    return path


def _list_settings(test_set: Reader, files: _Files) -> str:
    """The settings with which an evaluation uses the files that it does not find itself."""
    folder = Path(test_set.path) if isinstance(test_set, Articles) else None
    settings = {"entities": files.entities, "aliases": files.aliases}
    return " ".join(
        f"test_set.{name}={path}"
        for name, path in settings.items()
        if path.exists() and path.parent != folder
    )


def _read(test_set: Reader, files: _Files) -> TestSet:
    """Read the test set with its reviewed names, also those that are not in its settings."""
    try:
        loaded = test_set.read()
        if loaded.has_names and not files.entities.exists():
            raise ConfigError(
                f"{loaded.name}: the test set includes its names, so there is nothing to review"
            )
        entities, aliases = (str(path) if path.exists() else None for path in (files.entities, files.aliases))
        return read_entities(replace(loaded, entities=None), entities, aliases)
    except DataError as error:
        if files.sheet.exists() and str(error).startswith(f"{files.entities}:"):
            raise DataError(
                f"{error}; if you edited a reference, remove {files.entities}: "
                f"it is written again from {files.sheet}"
            ) from error
        raise


def _find_names(selected: TestSet, ner: Ner, cache: Cache | None) -> tuple[Mention, ...]:
    """The names that the model finds where they are to be proposed, with segments of the whole test set."""
    names = find_names(selected, ner, cache).entities
    mentions = names.mentions if names else ()
    if selected.selection is None:
        return mentions
    kept = selected.selection.kept
    return tuple(replace(mention, segment=kept[mention.segment]) for mention in mentions)


def _merge(lines: Iterable[SheetLine]) -> list[ReviewedEntity]:
    """Merge the lines with yes by entity."""
    entities: dict[str, ReviewedEntity] = {}
    for line in lines:
        if line.decision == YES:
            entity = entities.get(line.entity, ReviewedEntity(line.entity, line.type, (), ()))
            forms, aliases = entity.forms + line.forms, entity.aliases + line.aliases
            entities[line.entity] = replace(entity, forms=forms, aliases=aliases)
    return list(entities.values())


def _list_places(mentions: Iterable[Mention]) -> set[tuple[int, int, int]]:
    return {(mention.segment, mention.start, mention.end) for mention in mentions}


def _check_forms(test_set: TestSet, sheet: Path, lines: Sequence[SheetLine]) -> Iterator[str]:
    """A warning about the spellings with yes that occur in no reference."""
    missing = [
        f"line {line.line_number}: {form}"
        for line in lines
        for form in (line.forms if line.decision == YES else ())
        if not occurs(form, test_set)
    ]
    if missing:
        yield f"{sheet}: forms that occur in no reference: {shorten(missing)}"
