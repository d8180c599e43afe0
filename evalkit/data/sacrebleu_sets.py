"""sacrebleu's named test sets, such as wmt22 for ru-en, through sacrebleu's own download and cache."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.data.lines import number_segments
from evalkit.data.reader import Hypotheses, Reader
from evalkit.data.text import check_line_count, read_lines, shorten
from evalkit.entities.files import read_entities
from evalkit.errors import ConfigError, DataError
from evalkit.types import TestSet


@dataclass(frozen=True, kw_only=True)
class SacrebleuSet(Reader):
    """A named test set. It is kept in ``~/.sacrebleu`` (or ``$SACREBLEU``) once downloaded."""

    path: str
    """sacrebleu's name of the test set: ``wmt22``."""
    language_pair: str
    """``ru-en``."""

    def read(self) -> TestSet:
        """See `Reader.read`."""
        columns = self._columns
        labels = {"A" if field == "ref" else field.removeprefix("ref:"): field for field in columns if field.split(":")[0] == "ref"}
        names = self.choose_references(list(labels))
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
        return [field for field in self._columns if field.split(":")[0] not in ("src", "ref", "docid", "origlang", "domain")]

    def read_bundled(self, name: str, test_set: TestSet) -> Hypotheses:
        """See `Reader.read_bundled`."""
        return tuple(self._columns[name])

    @property
    def _columns(self) -> dict[str, list[str]]:
        """Lines by field: src, ref or ref:A, docid, and one per system."""
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
        try:
            fields, files = dataset.fieldnames(self.language_pair), dataset.get_files(self.language_pair)
        except (OSError, SystemExit) as error:
            # sacrebleu exits the process where a checksum or certificate is wrong
            raise DataError(
                f"sacrebleu test set {self.path}/{self.language_pair}: not in the cache {dataset._outdir} and cannot be downloaded "
                f"({type(error).__name__}: {error}); run 'sacrebleu -t {self.path} -l {self.language_pair} --echo src' where there is "
                "a network, and copy that folder or set SACREBLEU to its parent"
            ) from error
        columns = {field: read_lines(Path(file)) for field, file in zip(fields, files, strict=True)}
        for field, file in zip(fields[1:], files[1:], strict=True):
            check_line_count(Path(file), columns[field], len(columns[fields[0]]), files[0])
        return columns
