"""The results of a run, and their form on disk.

    run.json            everything but texts: scores, signatures, intervals, tests, fingerprints, versions, configuration
    statistics.npz      per system and metric, the statistics of every segment, and its ids: what comparison and gate need
    segments.jsonl      one row per system and segment, with texts and scores
    systems/<slug>/     report.json, and one file per metric that keeps an audit, such as entities.jsonl

Files are written to a folder beside their place and moved there at the end, `run.json` last: a folder without it holds
no finished run. Numbers keep full precision; what could not be scored is null. `evalkit.stored` reads it back.
"""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import json
import math
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from evalkit.errors import ResultsError, shorten
from evalkit.types import DocumentAlignment

if TYPE_CHECKING:
    from evalkit.comparison import Comparison
    from evalkit.gate import Verdict
    from evalkit.pairwise import MetricTests
    from evalkit.types import FloatArray

FORMAT_VERSION = 2
"""Raised when a key changes its meaning or goes. 1: first version; 2: `tests`, checksums, and the ids of segments in `statistics.npz`.

`evalkit.stored` reads older versions as well."""

OK, UNSCORED, FAILED = "ok", "unscored", "failed"


@dataclass(frozen=True, kw_only=True)
class MetricScore:
    """The score of one system in one metric."""

    status: str
    """ok; unscored: nothing to score; failed: the metric could not do its work."""
    value: float | None = None
    """In the metric's own scale: BLEU, chrF, TER 0–100; COMET about 0–1; entity accuracy 0–1."""
    interval: tuple[float, float] | None = None
    """Percentile interval by bootstrap."""
    signature: str | None = None
    """How the score was made; None only where the metric failed before it knew."""
    scored: int = 0
    """Segments that had something to score; documents, where the metric scores these."""
    unscored: int = 0
    """Those that had nothing to score, such as no name."""
    reason: str | None = None
    """Why there is no score."""
    details: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MetricInfo:
    """What reports need to know of a metric."""

    label: str
    decimals: int
    higher_is_better: bool
    required: bool
    settings: Mapping[str, Any]
    """Class and fields of the metric, as `evalkit.metrics.base.rebuild` takes them."""
    note: str = ""
    """What a reader of the scores has to know wherever they are shown."""


@dataclass(frozen=True, kw_only=True)
class DocumentScore:
    """One system on one document."""

    document: str
    segments: int
    scores: Mapping[str, float | None]
    """By metric."""
    alignment: DocumentAlignment | None = None
    """How much of the document found its counterpart; None for line-aligned input."""


@dataclass(frozen=True, kw_only=True)
class SystemResult:
    """One system on the whole test set."""

    slug: str
    """Name of its folder in ``systems/``."""
    origin: str
    """What was read."""
    fingerprint: str
    empty: int
    """Segments with an empty hypothesis."""
    metrics: Mapping[str, MetricScore]
    coverage: float | None = None
    """Share of all reference segments that have a counterpart, 0-1; None for line-aligned input."""
    words_used: float | None = None
    """Share of the words of the system's texts that stand in a hypothesis, 0-1; None for line-aligned input, and without words."""
    additions: tuple[Mapping[str, str | None], ...] = ()
    """Text that matches nothing in the reference: document, text, and the segment after which it stands (`evalkit.types.Addition`)."""
    documents: tuple[DocumentScore, ...] = ()
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """Audit rows by metric."""


@dataclass(frozen=True, kw_only=True)
class SegmentRow:
    """One system on one segment, as it stands in ``segments.jsonl``."""

    system: str
    document: str | None
    segment: str
    source: str | None
    references: tuple[str, ...]
    hypothesis: str
    scores: Mapping[str, float | None]
    start: int = 0
    """Character offset of the primary reference in the text of its document."""
    moved: bool = False
    """Whether the hypothesis stands elsewhere in the text of the system than the reference has the segment."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One evaluation: a test set, its systems, its metrics."""

    name: str
    created: str
    evalkit_version: str
    test_set: Mapping[str, Any]
    significance: Mapping[str, Any]
    metrics: Mapping[str, MetricInfo]
    systems: Mapping[str, SystemResult]
    environment: Mapping[str, Any]
    config: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    controls: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Scores by metric of made-up systems, the floor and the ceiling of the test set (`evalkit.controls`)."""
    format_version: int = FORMAT_VERSION
    tests: Mapping[str, MetricTests] = field(default_factory=dict)
    """By metric: the systems against each other. Empty in a run of format version 1."""
    files: Mapping[str, str] = field(default_factory=dict)
    """``sha256:…`` of what belongs to a stored run beside `run.json`, by path."""
    statistics: Mapping[str, Mapping[str, FloatArray]] = field(default_factory=dict, repr=False, compare=False)
    """[segments, k] by system and metric."""
    documents_of_segments: tuple[str | None, ...] = field(default=(), repr=False)
    """The document of each segment."""
    segment_ids: tuple[str, ...] = field(default=(), repr=False)
    """The id of each segment within its document; empty in a run of format version 1."""
    segment_contents: tuple[str, ...] = field(default=(), repr=False)
    """Hash of source and references of each segment; empty in a run of format version 1."""
    segments: tuple[SegmentRow, ...] = field(default=(), repr=False)
    """Systems × segments. Empty in a run that was loaded: `evalkit.stored` reads texts where they are needed."""
    folder: str | None = field(default=None, compare=False)
    """Where it was loaded from."""
    comparison: Comparison | None = field(default=None, repr=False, compare=False)
    """With the baseline that it was evaluated against; stored in a file of its own."""
    verdict: Verdict | None = field(default=None, repr=False, compare=False)
    """Of the gate that it was evaluated with; stored in a file of its own."""

    @property
    def failures(self) -> list[str]:
        """Why required metrics have no score, one line per metric."""
        reasons = {
            metric: score.reason
            for result in self.systems.values()
            for metric, score in result.metrics.items()
            if score.status == FAILED and self.metrics[metric].required
        }
        return [f"{metric} failed: {reason}" for metric, reason in reasons.items()]


_WRITTEN = ("systems", "segments.jsonl", "statistics.npz", "report.md", "report.html", ".hydra")
"""What a run writes besides `run.json`; other files in its folder are left alone."""
_STALE = (
    *("report.md", "report.html", "report.csv", "report.tex", "comparison.json", "comparison.md", "comparison.html"),
    *("verdict.json", "verdict.md", "junit.xml"),
)
"""What an earlier run may have left that a later one without report, baseline or gate does not replace."""
_IN_STATISTICS = ("documents_of_segments", "segment_ids", "segment_contents")
_NOT_IN_RUN_JSON = ("statistics", *_IN_STATISTICS, "segments", "folder", "comparison", "verdict")
_NOT_IN_SUMMARY = ("additions", "documents", "rows")


def save(run: Run, folder: Path, reports: Mapping[str, str]) -> None:
    """Write a run into a folder, replacing an earlier run there only when all is written.

    Args:
        reports: further files, as text by path within the folder.

    Raises:
        ResultsError: the folder cannot be written, or the disk is full; what was there before stays.
    """
    with staging(folder) as stage:
        for path, text in reports.items():
            write(stage / path, text)
        for name, result in run.systems.items():
            own = stage / "systems" / result.slug
            write(own / "report.json", dumps({"system": name, **plain(result, without=("rows",))}, indent=2))
            for metric, rows in result.rows.items():
                write(own / audit_file(metric), "".join(dumps(row) + "\n" for row in rows))
        write(stage / "segments.jsonl", "".join(dumps(plain(row)) + "\n" for row in run.segments))
        arrays = {f"{system}\t{metric}": array for system, of in run.statistics.items() for metric, array in of.items()}
        ids = {key: np.array([text or "" for text in getattr(run, key)], dtype=np.str_) for key in _IN_STATISTICS}
        with (stage / "statistics.npz").open("wb") as file:
            np.savez_compressed(file, **ids, **arrays)
        record = plain(run, without=_NOT_IN_RUN_JSON)
        stored = ["statistics.npz", "segments.jsonl"]
        stored += [f"systems/{result.slug}/{audit_file(metric)}" for result in run.systems.values() for metric in result.rows]
        record["files"] = {path: checksum(stage / path) for path in stored}
        record["systems"] = {name: plain(result, without=_NOT_IN_SUMMARY) for name, result in run.systems.items()}
        for name, result in run.systems.items():
            record["systems"][name]["additions"] = len(result.additions)
        write(stage / "run.json", dumps(sealed(json.loads(dumps(record))), indent=2) + "\n")


def audit_file(metric: str) -> str:
    """Name of the file that holds the audit rows of a metric."""
    return "entities.jsonl" if metric == "entity_accuracy" else f"{metric}.jsonl"


def sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """What goes into `run.json`, with a checksum that tells whether somebody edited it."""
    content = {key: value for key, value in record.items() if key != "checksum"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return content | {"checksum": "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()}


def checksum(path: Path) -> str:
    """``sha256:…`` of the content of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return f"sha256:{digest.hexdigest()}"


def check_writable(folder: Path, seal: str = "run.json") -> None:
    """Find out before the work, not after it, whether a run can go into a folder. Leaves nothing behind.

    Args:
        folder: where to.
        seal: the file that tells what may be replaced; see `staging`.

    Raises:
        ResultsError: the folder cannot be written, or holds what a run would overwrite and is no run.
    """
    if folder.is_dir() and not (folder / seal).is_file():
        others = [name for name in _WRITTEN if (folder / name).exists()]
        if others:
            raise ResultsError(
                f"{folder}: holds {shorten(others)} but no finished run; nothing of it is overwritten: choose another name, or remove it"
            )
    with _told(folder), tempfile.TemporaryDirectory(prefix=".incomplete-", dir=_make(folder)):
        pass
    _remove_if_empty(folder)


@contextmanager
def staging(folder: Path, seal: str = "run.json") -> Iterator[Path]:
    """A folder to write into, whose content is moved to `folder` when all went well, and removed else.

    Args:
        folder: where to.
        seal: the file that is moved last, and without which the folder holds nothing finished.

    Raises:
        ResultsError: writing failed; names file and reason.
    """
    with _told(folder):
        stage = Path(tempfile.mkdtemp(prefix=".incomplete-", dir=_make(folder)))
        try:
            yield stage
            for name in (seal, *_STALE):  # until the seal is back, the folder holds nothing finished
                (folder / name).unlink(missing_ok=True)
            for path in sorted(stage.iterdir(), key=lambda path: path.name == seal):
                target = folder / path.name
                if target.is_dir():
                    shutil.rmtree(target)
                path.replace(target)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
            _remove_if_empty(folder)


def _make(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say in one line why a folder cannot be written, and what to do."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        where = re.sub(r"\.incomplete-[^/\\]*[/\\]?", "", str(error.filename or folder))
        raise ResultsError(
            f"{where}: cannot be written: {error.strerror or error}; "
            + ("free some space" if full else "choose another folder with hydra.run.dir=FOLDER")
        ) from error


def write(path: Path, text: str) -> None:
    """Write a text, and the folder it goes to. An OSError names the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error  # write errors do not name the file


def plain(item: Any, without: Sequence[str] = ()) -> Any:
    """Dataclasses to dictionaries; NaN and infinity, which JSON has not, to None."""
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        return {f.name: plain(getattr(item, f.name)) for f in dataclasses.fields(item) if f.name not in without}
    if isinstance(item, Mapping):
        return {key: plain(value) for key, value in item.items()}
    if isinstance(item, (list, tuple)):
        return [plain(value) for value in item]
    if isinstance(item, float) and not math.isfinite(item):
        return None
    return item


def dumps(item: Any, indent: int | None = None) -> str:
    """JSON of dataclasses and plain values."""
    return json.dumps(plain(item), ensure_ascii=False, allow_nan=False, indent=indent)


_RESERVED = frozenset(("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))))
"""Names that Windows gives to devices, with any ending."""


def slugs(names: Sequence[str]) -> dict[str, str]:
    """A folder name for each system: its own name, made safe, and told apart also where case does not count."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip(".-") or "system"
        if safe.split(".")[0].lower() in _RESERVED:
            safe += "-"
        slug, number = safe, 2
        while slug.lower() in taken:
            slug, number = f"{safe}-{number}", number + 1
        taken.add(slug.lower())
        found[name] = slug
    return found
