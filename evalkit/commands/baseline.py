"""A baseline: a stored run without its texts, small enough to keep in a repository or in the cache of a CI."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from evalkit.errors import ResultsError
from evalkit.runs.reading import load
from evalkit.runs.texts import SEGMENTS
from evalkit.runs.writing import check_writable, dumps, sealed, staging, write


def store(run: str | Path, output: str | Path) -> list[str]:
    """Copy of a run what comparison and gate need: scores, statistics, and what became of every name.

    An earlier baseline in the folder is replaced when all is written.

    Args:
        run: folder of a stored run.
        output: folder of the baseline.

    Returns:
        The files written.

    Raises:
        ResultsError: the run cannot be read, or the folder not be written.
    """
    source, target = Path(run), Path(output)
    found = load(source)  # refuses what is missing, damaged, or newer
    if target.resolve() == source.resolve():
        raise ResultsError(f"{target}: is the run itself; say another output=FOLDER")
    check_writable(target)
    record = json.loads((source / "run.json").read_text(encoding="utf-8"))
    kept = [path for path in found.files if path != SEGMENTS] or _of_version_1(source)
    if "files" in record:
        record["files"] = {path: record["files"][path] for path in kept}
    with staging(target) as stage:
        for path in kept:
            (stage / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, stage / path)
        write(stage / "run.json", dumps(sealed(record) if "checksum" in record else record, indent=2) + "\n")
    return [*kept, "run.json"]


def _of_version_1(folder: Path) -> list[str]:
    """Files of a run that does not list them."""
    return [
        "statistics.npz",
        *sorted(str(path.relative_to(folder)) for path in folder.glob("systems/*/*.jsonl")),
    ]
