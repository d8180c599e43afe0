"""Models on disk and on the hub: where they are, and what tells two of them apart."""

from __future__ import annotations

import hashlib
import importlib.metadata
import re
from collections.abc import Callable
from pathlib import Path

from evalkit.alignment.sentences import split_sentences
from evalkit.errors import NerError, quote
from evalkit.quiet import quiet

_HUB_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")
_OTHER_FORMATS = ["*.h5", "*.msgpack", "*.ot", "*.onnx", "*.tflite", "*.mlmodel", "onnx/*", "openvino/*", "coreml/*"]
"""The same weights for other libraries, which need not be downloaded."""


def library_version(package: str, install: str) -> str:
    """The version of a library, without importing it.

    Raises:
        NerError: it is not installed; says how to.
    """
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError as error:
        raise NerError(f"{package} is not installed; {install}") from error


def folder_hash(folder: Path) -> str:
    """First 12 hex digits of the SHA-256 of names and contents of all files, but for hidden and compiled ones."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in inside.parts):
            content = hashlib.sha256()
            with path.open("rb") as file:
                while block := file.read(1 << 20):
                    content.update(block)
            digest.update(f"{inside.as_posix()} {content.hexdigest()}\n".encode())
    return digest.hexdigest()[:12]


def find_on_hub(name: str) -> tuple[Path, str, str]:
    """Folder, name for the signature and content hash of a model; the commit is the hash where the hub has it.

    Raises:
        NerError: it is neither a folder nor on the hub, or the hub cannot be reached.
    """
    folder = Path(name)
    if folder.is_dir():
        try:
            return folder, folder.resolve().name, folder_hash(folder)
        except OSError as error:
            raise NerError(f"{error.filename}: cannot be read: {error.strerror}") from error
    way_out = "give a folder that holds the model: ner.model=FOLDER"
    if not _HUB_NAME.fullmatch(name):
        raise NerError(f"ner.model={name}: no such folder; {way_out}, or a name on the hub")
    import huggingface_hub
    from huggingface_hub import errors

    try:
        with quiet():
            folder = Path(huggingface_hub.snapshot_download(name, ignore_patterns=_OTHER_FORMATS))
    except errors.GatedRepoError as error:
        raise NerError(f"{name}: its licence has to be accepted on its page on the hub first, then run 'huggingface-cli login'") from error
    except errors.RepositoryNotFoundError as error:
        raise NerError(f"{name}: the hub has no such model (or it is private: 'huggingface-cli login'); {way_out}") from error
    except (errors.LocalEntryNotFoundError, errors.OfflineModeIsEnabled) as error:
        raise NerError(
            f"{name}: not on this machine, and the hub cannot be reached (no network, or HF_HUB_OFFLINE is set); {way_out}"
        ) from error
    except (OSError, ValueError, errors.HfHubHTTPError) as error:
        raise NerError(f"{name}: download failed: {one_line(error)}; {way_out}") from error
    return folder, name, folder.name[:12]


def choose_device(wanted: str) -> str:
    """The device that is meant, or the fastest one there.

    Raises:
        NerError: torch has no such device.
    """
    import torch

    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return next(device for device in ("cuda", "mps", "cpu") if available[device])
    if not available.get(wanted):
        there = ", ".join(device for device, is_there in available.items() if is_there)
        raise NerError(f"ner.device={wanted}: expected auto or what is available here: {there}")
    return wanted


def pieces(text: str, language: str, fits: Callable[[str], bool]) -> list[tuple[int, str]]:
    """Offset and text of what a model can read at once: the whole text, else its sentences.

    Raises:
        NerError: a sentence is too long as well. No text is cut.
    """
    if not text.strip():
        return []
    if fits(text):
        return [(0, text)]
    sentences = [(span.start, span.of(text)) for span in split_sentences(text, language)]
    for _, sentence in sentences:
        if not fits(sentence):
            raise NerError(
                f"a sentence of {len(sentence)} characters is longer than the model reads at once: {quote(sentence)}; "
                "give shorter segments, or use spaCy, which takes any length: ner=spacy"
            )
    return sentences


def one_line(error: BaseException) -> str:
    """An error of a library, for a message."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
