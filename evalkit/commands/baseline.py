"""Baseline: a stored run without its texts, small enough for a repository or for the cache of a CI."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from evalkit.errors import ResultsError
from evalkit.runs.checksums import add_checksum
from evalkit.runs.folder import check_writable, staging
from evalkit.runs.reading import load
from evalkit.runs.writing import SEGMENTS, STATISTICS
from evalkit.runtime.files import write_text
from evalkit.runtime.json_text import dumps


def store(run: str | Path, output: str | Path) -> list[str]:
    """Copy the parts of a run that comparisons and gates need: scores, statistics, and the verdicts on names.

    An earlier baseline in the folder is replaced when all is written.

    Args:
        run: folder of a stored run.
        output: folder of the baseline.

    Returns:
        The files written.

    Raises:
        ResultsError: the run cannot be read, or the folder cannot be written.
    """
    source, target = Path(run), Path(output)
    loaded = load(source)  # refuses what is missing, damaged, or newer
    if target.resolve() == source.resolve():
        raise ResultsError(f"{target}: is the run itself; choose another folder with output=FOLDER")
    check_writable(target)
    record = json.loads((source / "run.json").read_text(encoding="utf-8"))
    kept = [path for path in loaded.files if path != SEGMENTS] or _list_files_of_version_1(source)
    if "files" in record:
        record["files"] = {path: record["files"][path] for path in kept}
    record["written"] = [*kept, "run.json"]
    with staging(target) as stage:
        for path in kept:
            (stage / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, stage / path)
        write_text(
            stage / "run.json",
            dumps(add_checksum(record) if "checksum" in record else record, indent=2) + "\n",
        )
    return [*kept, "run.json"]


def _list_files_of_version_1(folder: Path) -> list[str]:
    """The files of a run that does not list them."""
    return [STATISTICS, *sorted(str(path.relative_to(folder)) for path in folder.glob("systems/*/*.jsonl"))]
