"""sacrebleu's named test sets, such as wmt22 for ru-en, with sacrebleu's own download and cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from evalkit.data.entity_files import read_entities
from evalkit.data.lines import number_segments
from evalkit.data.missing import check_blank_rule, mark_missing
from evalkit.data.reader import Hypotheses, Reader
from evalkit.data.text import check_line_count, read_lines
from evalkit.errors import ConfigError, DataError, shorten
from evalkit.types import TestSet

_GROUPS = ("domain", "origlang")
"""Fields that are groups of segments."""
_NOT_SYSTEMS = ("src", "ref", "docid", *_GROUPS)
"""Names of sacrebleu's fields, before any colon; every other field is a system."""


@dataclass(frozen=True, kw_only=True)
class SacrebleuSet(Reader):
    """A named test set, kept in ``~/.sacrebleu`` (or ``$SACREBLEU``) once downloaded.

    If `references` is not set, those that sacrebleu itself scores against are used.
    """

    path: Any
    """sacrebleu's name of the test set: ``wmt22``. Several, as a list or joined by commas, are one test set,
    in this order."""
    language_pair: str
    """``ru-en``."""
    blank_reference: str | None = "empty"
    """What a blank line of a reference is: an ``empty`` text, as for sacrebleu itself, or ``missing``. None:
    missing if another reference has a text for the segment, otherwise empty."""

    def __post_init__(self) -> None:
        """Join a list of names."""
        names = self.path.split(",") if isinstance(self.path, str) else self.path
        if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
            raise ConfigError(f"test_set.path: expected a name or a list of names, found {self.path!r}")
        names = [name.strip() for name in names]
        if not names or len(set(names)) < len(names):
            raise ConfigError(
                f"test_set.path: expected one or more test sets, each once, found {self.path!r}"
            )
        object.__setattr__(self, "path", ",".join(names))

    def read(self) -> TestSet:
        """See `Reader.read`."""
        check_blank_rule(self.blank_reference)
        columns = self._columns
        fields = {_name_reference(field): field for field in sorted(columns) if field.split(":")[0] == "ref"}
        names = self.choose_references(list(fields), [_name_reference(field) for field in self._preferred])
        source, _, target = self.language_pair.partition("-")
        references = list(zip(*(columns[fields[name]] for name in names), strict=True))
        test_set = TestSet(
            name=self.name or f"{self.path.replace(',', '+')}.{self.language_pair}",
            source_language=source,
            target_language=target,
            references=tuple(names),
            segments=number_segments(
                mark_missing(references, self.blank_reference),
                columns["src"],
                columns.get("docid"),
                {kind: columns[kind] for kind in _GROUPS if kind in columns},
            ),
            files=tuple(f"sacrebleu:{name}/{self.language_pair}" for name in self.path.split(",")),
        )
        return read_entities(test_set, self.entities, self.aliases)

    def bundled(self) -> list[str]:
        """The systems that took part, if sacrebleu has their outputs."""
        return [field for field in self._columns if field.split(":")[0] not in _NOT_SYSTEMS]

    def read_bundled(self, name: str, test_set: TestSet) -> Hypotheses:
        """See `Reader.read_bundled`."""
        return tuple(self._columns[name])

    @cached_property
    def _columns(self) -> dict[str, list[str]]:
        """Lines by field: src, ref or ref:A, docid, and one per system."""
        if self._parts:
            return self._join_columns()
        columns = {field: read_lines(Path(file)) for field, file in self._files.items()}
        for field, lines in columns.items():
            why = f"as in {self._files['src']}"
            check_line_count(Path(self._files[field]), lines, len(columns["src"]), why)
        return columns

    @cached_property
    def _preferred(self) -> list[str]:
        """Fields of the references that sacrebleu itself scores against."""
        if self._parts:
            return [_join_fields(fields) for fields in self._zip_preferred()]
        files = [str(file) for file in self._data_set.get_reference_files(self.language_pair)]
        return [field for field, file in sorted(self._files.items()) if file in files]

    @cached_property
    def _parts(self) -> list[SacrebleuSet]:
        """A reader of each test set, if there are several."""
        names = self.path.split(",")
        return [replace(self, path=name) for name in names] if len(names) > 1 else []

    def _zip_preferred(self) -> list[tuple[str, ...]]:
        """The fields that make one reference: as in sacrebleu, the first of each test set, and so on."""
        fields = [part._preferred for part in self._parts]
        return list(zip(*fields, strict=True)) if len({len(names) for names in fields}) == 1 else []

    def _join_columns(self) -> dict[str, list[str]]:
        """The columns that all test sets have, one test set after the other."""
        parts = self._parts
        shared = [field for field in parts[0]._columns if all(field in part._columns for part in parts)]
        fields = {_join_fields(names): names for names in self._zip_preferred()}
        fields |= {
            _join_fields([field]): (field,) * len(parts)
            for field in shared
            if _join_fields([field]) not in fields
        }
        columns = {
            field: [line for part, name in zip(parts, names, strict=True) for line in part._columns[name]]
            for field, names in fields.items()
        }
        if "docid" in columns:
            columns["docid"] = [f"{part.path}/{id_}" for part in parts for id_ in part._columns["docid"]]
        return columns

    @cached_property
    def _files(self) -> dict[str, str]:
        """File by field; downloads the test set if it is not in sacrebleu's cache."""
        data_set = self._data_set
        try:
            fields, files = data_set.fieldnames(self.language_pair), data_set.get_files(self.language_pair)
        except (OSError, SystemExit) as error:
            # sacrebleu exits the process if a checksum or certificate is wrong
            raise DataError(
                f"sacrebleu test set {self.path}/{self.language_pair}: not in the cache {data_set._outdir} "
                f"and cannot be downloaded ({type(error).__name__}: {error}); on a machine with a network, "
                f"run 'sacrebleu -t {self.path} -l {self.language_pair} --echo src', "
                "then copy that folder here, or set SACREBLEU to its parent folder"
            ) from error
        return dict(zip(fields, map(str, files), strict=True))

    @property
    def _data_set(self) -> Any:
        """The object of sacrebleu for the test set."""
        from sacrebleu.dataset import DATASETS

        if self.path not in DATASETS:
            raise ConfigError(
                f"test_set.path={self.path}: unknown sacrebleu test set; "
                f"expected one of {shorten(sorted(DATASETS, reverse=True), 12)}"
            )
        data_set: Any = DATASETS[self.path]
        if self.language_pair not in data_set.langpairs:
            raise ConfigError(
                f"test_set.language_pair={self.language_pair}: not in {self.path}; "
                f"expected one of {shorten(sorted(data_set.langpairs), 40)}"
            )
        return data_set


def _join_fields(fields: Sequence[str]) -> str:
    """What to call a field of several test sets, whose references may have different names: ``ref:A+B``."""
    if fields[0].split(":")[0] != "ref":
        return fields[0]
    return f"ref:{'+'.join(dict.fromkeys(map(_name_reference, fields)))}"


def _name_reference(field: str) -> str:
    """``B`` for sacrebleu's field ``ref:B``, and ``A`` for a single reference, ``ref``."""
    return "A" if field == "ref" else field.removeprefix("ref:")
