"""Models on disk and on the hub: where they are, what tells two of them apart, and the device they run on."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from evalkit.errors import ModelError, shorten
from evalkit.runtime.cache import Cache, key
from evalkit.runtime.quiet import quiet

_HUB_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")
_OTHER_FORMATS = [
    "*.h5",
    "*.msgpack",
    "*.ot",
    "*.onnx",
    "*.tflite",
    "*.mlmodel",
    "onnx/*",
    "openvino/*",
    "coreml/*",
]
"""The same weights for other libraries, which need not be downloaded."""


def is_hub_name(name: str) -> bool:
    """Whether a model is one of the hub, and not a folder here."""
    return not Path(name).is_dir() and _HUB_NAME.fullmatch(name) is not None


def download(name: str, setting: str, way_out: str = "") -> Path:
    """The folder of a model of the hub, whose name is its commit; downloaded where it is not on this machine.

    Args:
        name: such as ``Unbabel/wmt22-comet-da``.
        setting: what chose it, such as ``metrics.comet.model``.
        way_out: what else a user can do.

    Raises:
        ModelError: the hub has no such model, will not give it, or cannot be reached; the disk is full.
    """
    import huggingface_hub
    from huggingface_hub import errors

    way_out = f"give a folder that holds the model: {setting}=FOLDER{way_out}"
    try:
        with quiet():
            return Path(huggingface_hub.snapshot_download(name, ignore_patterns=_OTHER_FORMATS))
    except errors.GatedRepoError as error:
        raise ModelError(
            f"{name}: its licence has to be accepted on its page on the hub first, then run 'huggingface-cli login'"
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise ModelError(
            f"{name}: the hub has no such model (or it is private: 'huggingface-cli login'); {way_out}"
        ) from error
    except (errors.LocalEntryNotFoundError, errors.OfflineModeIsEnabled) as error:
        raise ModelError(
            f"{name}: not on this machine, and the hub cannot be reached (no network, or HF_HUB_OFFLINE is set); {way_out}"
        ) from error
    except Exception as error:  # whatever its own and its transport's libraries raise: a full disk is a RuntimeError of hf_xet
        raise ModelError(f"{name}: download failed: {one_line(error)}; {way_out}") from error


def find_on_hub(name: str, setting: str) -> tuple[Path, str, str]:
    """Folder, name for the signature and content hash of a model; the commit is the hash where the hub has it.

    Raises:
        ModelError: it is neither a folder nor on the hub, or the hub cannot be reached.
    """
    folder = Path(name)
    if folder.is_dir():
        return folder, folder.resolve().name, folder_hash(folder)
    if not is_hub_name(name):
        raise ModelError(
            f"{setting}={name}: no such folder; give a folder that holds the model: {setting}=FOLDER, or a name on the hub"
        )
    folder = download(name, setting)
    return folder, name, folder.name[:12]


def folder_hash(folder: Path, parts: Iterable[str] = ("",), cache: Cache | None = None) -> str:
    """First 12 hex digits of the SHA-256 of names and contents of the files of a folder, but for hidden and compiled ones.

    Args:
        folder: the folder.
        parts: the files and folders in it that count; all of it, if nothing is said.
        cache: keeps the hashes of files, so that gigabytes are read only once while they stay as they are.

    Raises:
        ModelError: a file cannot be read.
    """
    roots = [folder / part for part in parts]
    paths = {path for root in roots for path in ([root] if root.is_file() else root.rglob("*"))}
    digest = hashlib.sha256()
    try:
        for path in sorted(paths):
            inside = path.relative_to(folder)
            if path.is_file() and not any(
                part.startswith(".") or part == "__pycache__" for part in inside.parts
            ):
                digest.update(f"{inside.as_posix()} {_file_hash(path, cache)}\n".encode())
    except OSError as error:
        raise ModelError(f"{error.filename}: cannot be read: {error.strerror}") from error
    return digest.hexdigest()[:12]


def _file_hash(path: Path, cache: Cache | None) -> str:
    """SHA-256 of a file, in hex."""
    about = path.stat()
    known = key("file", str(path.resolve()), str(about.st_size), str(about.st_mtime_ns), str(about.st_ino))
    stored = cache.get([known]).get(known) if cache is not None else None
    if stored is not None:
        return stored.decode()
    content = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            content.update(block)
    if cache is not None:
        cache.put({known: content.hexdigest().encode()})
    return content.hexdigest()


def choose_device(wanted: str, setting: str) -> str:
    """The device that is meant, or the fastest one there.

    In a sweep, ``auto`` deals the GPUs out: job 0 has the first, job 1 the second (``$EVALKIT_JOB``, which the
    configuration sets).

    Raises:
        ModelError: torch has no such device.
    """
    import torch

    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    there = [*(["cuda"] if gpus else []), *(["mps"] if torch.backends.mps.is_available() else []), "cpu"]
    if wanted == "auto":
        job = os.environ.get("EVALKIT_JOB", "")
        return f"cuda:{int(job) % gpus}" if gpus > 1 and job.isdecimal() else there[0]
    if wanted not in [*there, *(f"cuda:{number}" for number in range(gpus))]:
        raise ModelError(
            f"{setting}={wanted}: expected auto or what is available here: {_listed(there, gpus)}"
        )
    return wanted


def _listed(there: Sequence[str], gpus: int) -> str:
    return shorten([*there, *(f"cuda:{number}" for number in range(gpus) if gpus > 1)])


def one_line(error: BaseException) -> str:
    """An error of a library, for a message."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
