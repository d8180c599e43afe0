"""Models on disk and on the Hugging Face hub: their location, what identifies them, and their device."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from evalkit.errors import ModelError, shorten
from evalkit.runtime.cache import Cache, hash_parts
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
"""The same weights for other libraries, which are not downloaded."""
_BLOCK = 1 << 20
"""Bytes that are read at once."""


class LocalModel(NamedTuple):
    """A model that is on this machine."""

    folder: Path
    name: str
    """On the hub, or the name of its folder; for the signature."""
    revision: str
    """First 12 hex digits of the commit on the hub, or of a hash of the files."""


def is_hub_name(name: str) -> bool:
    """Whether a model is named as on the hub, and is not a local folder."""
    return not Path(name).is_dir() and _HUB_NAME.fullmatch(name) is not None


def download(name: str, setting: str, alternative: str = "") -> Path:
    """Download a model from the hub unless it is on this machine. The name of its folder is the commit.

    Args:
        name: such as ``Unbabel/wmt22-comet-da``.
        setting: what chose it, such as ``metrics.comet.model``.
        alternative: advice other than a folder, for messages.

    Raises:
        ModelError: the hub does not have the model, refuses it or is not reachable; or the disk is full.
    """
    import huggingface_hub
    from huggingface_hub import errors

    advice = advise_folder(setting, alternative)
    try:
        with quiet():
            return Path(huggingface_hub.snapshot_download(name, ignore_patterns=_OTHER_FORMATS))
    except errors.GatedRepoError as error:
        raise ModelError(
            f"{name}: its licence is not accepted. Accept it on the model's page on the hub, then run "
            "'huggingface-cli login'."
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise ModelError(
            f"{name}: not found on the hub. If the model is private, run 'huggingface-cli login'. {advice}"
        ) from error
    except (errors.LocalEntryNotFoundError, errors.OfflineModeIsEnabled) as error:
        raise ModelError(
            f"{name}: not on this machine, and the hub is not reachable (no network, or HF_HUB_OFFLINE is "
            f"set). {advice}"
        ) from error
    except Exception as error:  # other libraries raise many types: hf_xet a RuntimeError for a full disk
        raise ModelError(f"{name}: download failed: {one_line(error)}. {advice}") from error


def advise_folder(setting: str, alternative: str = "") -> str:
    """Advise to use a model folder, for messages."""
    return f"Set {setting}=FOLDER to a folder that holds the model{alternative}."


def find_on_hub(name: str, setting: str) -> LocalModel:
    """Find a model in a folder or on the hub; download it if it is not on this machine.

    Args:
        name: a folder, or a name on the hub.
        setting: what chose it, such as ``ner.model``.

    Raises:
        ModelError: the model is neither a folder nor on the hub, or the hub is not reachable.
    """
    folder = Path(name)
    if folder.is_dir():
        return LocalModel(folder, folder.resolve().name, hash_folder(folder))
    if not is_hub_name(name):
        advice = advise_folder(setting, ", or to a name on the hub")
        raise ModelError(f"{setting}={name}: no such folder. {advice}")
    folder = download(name, setting)
    return LocalModel(folder, name, folder.name[:12])


def hash_folder(folder: Path, parts: Iterable[str] = ("",), cache: Cache | None = None) -> str:
    """Hash the names and contents of the files in a folder, except hidden and compiled ones.

    Args:
        folder: the folder.
        parts: the files and folders in it that count; all by default.
        cache: keeps the hashes of files, so that gigabytes are read again only if a file changes.

    Returns:
        The first 12 hex digits of the SHA-256.

    Raises:
        ModelError: a file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        for path in sorted(set(_list_files(folder, parts))):
            name = path.relative_to(folder).as_posix()
            digest.update(f"{name} {_hash_file(path, cache)}\n".encode())
    except OSError as error:
        raise ModelError(f"{error.filename}: cannot read the file: {error.strerror}") from error
    return digest.hexdigest()[:12]


def _list_files(folder: Path, parts: Iterable[str]) -> Iterator[Path]:
    for root in (folder / part for part in parts):
        for path in [root] if root.is_file() else root.rglob("*"):
            names = path.relative_to(folder).parts
            if path.is_file() and not any(name.startswith(".") or name == "__pycache__" for name in names):
                yield path


def _hash_file(path: Path, cache: Cache | None) -> str:
    """Hash a file with SHA-256, in hex, or look its hash up if the file has not changed."""
    stat = path.stat()
    key = hash_parts("file", str(path.resolve()), str(stat.st_size), str(stat.st_mtime_ns), str(stat.st_ino))
    stored = cache.get([key]).get(key) if cache is not None else None
    if stored is not None:
        return stored.decode()
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    if cache is not None:
        cache.put({key: digest.hexdigest().encode()})
    return digest.hexdigest()


def choose_device(device: str, setting: str) -> str:
    """Choose the device that a setting names, or the fastest one.

    In a sweep, ``auto`` assigns the GPUs in turn: job 0 gets the first, job 1 the second. The configuration
    sets ``$EVALKIT_JOB``.

    Args:
        device: auto, or a device of torch.
        setting: what chose it, such as ``metrics.comet.device``.

    Raises:
        ModelError: torch does not have this device.
    """
    import torch

    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    has_mps = torch.backends.mps.is_available()
    available = [*(["cuda"] if gpus else []), *(["mps"] if has_mps else []), "cpu"]
    if device == "auto":
        job = os.environ.get("EVALKIT_JOB", "")
        return f"cuda:{int(job) % gpus}" if gpus > 1 and job.isdecimal() else available[0]
    numbered = [f"cuda:{index}" for index in range(gpus)]
    if device not in [*available, *numbered]:
        shown = shorten([*available, *(numbered if gpus > 1 else [])])
        raise ModelError(f"{setting}={device}: not available. Set it to auto, or to one of: {shown}.")
    return device


def one_line(error: BaseException) -> str:
    """The error of a library in one line, for a message."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
