"""sacrebleu's named test sets, such as wmt22 for ru-en, through sacrebleu's own download and cache."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from evalkit.data.entity_files import read_entities
from evalkit.data.lines import number_segments
from evalkit.data.reader import Hypotheses, Reader
from evalkit.data.text import check_line_count, read_lines
from evalkit.errors import ConfigError, DataError, shorten
from evalkit.types import TestSet


@dataclass(frozen=True, kw_only=True)
class SacrebleuSet(Reader):
    """A named test set, kept in ``~/.sacrebleu`` (or ``$SACREBLEU``) once downloaded.

    Without `references`, those that sacrebleu itself scores against.
    """

    path: str
    """sacrebleu's name of the test set: ``wmt22``."""
    language_pair: str
    """``ru-en``."""

    def read(self) -> TestSet:
        """See `Reader.read`."""
        columns = self._columns
        labels = {
            "A" if field == "ref" else field.removeprefix("ref:"): field
            for field in sorted(columns)
            if field.split(":")[0] == "ref"
        }
        names = self.choose_references(
            list(labels), [label for label, field in labels.items() if self._files[field] in self._preferred]
        )
        source, _, target = self.language_pair.partition("-")
        references = list(zip(*(columns[labels[name]] for name in names), strict=True))
        test_set = TestSet(
            name=self.name or f"{self.path}.{self.language_pair}",
            source_language=source,
            target_language=target,
            references=tuple(names),
            segments=number_segments(references, columns["src"], columns.get("docid")),
            files=(f"sacrebleu:{self.path}/{self.language_pair}",),
        )
        return read_entities(test_set, self.entities, self.aliases)

    def bundled(self) -> list[str]:
        """The systems that took part, where sacrebleu has their outputs."""
        return [
            field
            for field in self._columns
            if field.split(":")[0] not in ("src", "ref", "docid", "origlang", "domain")
        ]

    def read_bundled(self, name: str, test_set: TestSet) -> Hypotheses:
        """See `Reader.read_bundled`."""
        return tuple(self._columns[name])

    @cached_property
    def _columns(self) -> dict[str, list[str]]:
        """Lines by field: src, ref or ref:A, docid, and one per system."""
        columns = {field: read_lines(Path(file)) for field, file in self._files.items()}
        for field, lines in columns.items():
            check_line_count(Path(self._files[field]), lines, len(columns["src"]), self._files["src"])
        return columns

    @cached_property
    def _preferred(self) -> list[str]:
        """Files of the references that sacrebleu itself scores against."""
        return [str(file) for file in self._dataset.get_reference_files(self.language_pair)]

    @cached_property
    def _files(self) -> dict[str, str]:
        dataset = self._dataset
        try:
            fields, files = dataset.fieldnames(self.language_pair), dataset.get_files(self.language_pair)
        except (OSError, SystemExit) as error:
            # sacrebleu exits the process where a checksum or certificate is wrong
            raise DataError(
                f"sacrebleu test set {self.path}/{self.language_pair}: not in the cache {dataset._outdir} and cannot be downloaded "
                f"({type(error).__name__}: {error}); run 'sacrebleu -t {self.path} -l {self.language_pair} --echo src' where there is "
                "a network, and copy that folder or set SACREBLEU to its parent"
            ) from error
        return dict(zip(fields, map(str, files), strict=True))

    @property
    def _dataset(self) -> Any:
        from sacrebleu.dataset import DATASETS

        if self.path not in DATASETS:
            raise ConfigError(
                f"test_set.path={self.path}: sacrebleu has no such test set; it has {shorten(sorted(DATASETS, reverse=True), 12)}"
            )
        dataset: Any = DATASETS[self.path]
        if self.language_pair not in dataset.langpairs:
            raise ConfigError(
                f"test_set.language_pair={self.language_pair}: not in {self.path}; it has {shorten(sorted(dataset.langpairs), 40)}"
            )
        return dataset
