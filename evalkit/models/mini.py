"""evalkit-mini, the COMET checkpoint in evalkit: from its packed files to a folder of unbabel-comet.

``evalkit_mini/README.md`` describes the model; `training/pack.py` writes the packed files. In ``weights.npz``
a matrix is either plain, or in blocks of 32 weights: ``NAME/nibbles`` [rows, blocks, 16] holds weight j of a
block in the lower half of byte j and weight j + 16 in its upper half, and ``NAME/scale`` [rows, blocks] is
the factor of (half - 8).
"""

from __future__ import annotations

import atexit
import hashlib
import logging
import lzma
import shutil
import tempfile
import time
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from evalkit.errors import ModelError
from evalkit.runtime.cache import default_folder

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

NAME = "evalkit-mini"
PACKED = Path(__file__).resolve().parent / "evalkit_mini"
_WEIGHTS = "weights.npz"
_TOKENIZER = "encoder/tokenizer.json.xz"
_FILES = (
    "hparams.yaml",
    _WEIGHTS,
    "encoder/config.json",
    "encoder/special_tokens_map.json",
    "encoder/tokenizer_config.json",
    _TOKENIZER,
)
"""Files that identify the model; its README is not one of them."""
_UNPACKED = ("hparams.yaml", "checkpoints/model.ckpt", "encoder/config.json", "encoder/tokenizer.json")
_ABANDONED = 3600
"""Seconds after which an unfinished folder of another process is removed."""
_ADVICE = "Set EVALKIT_CACHE=FOLDER to a folder that is writable."


@lru_cache(maxsize=1)
def revision() -> str:
    """``sha256-`` and 12 hex digits of the packed files.

    Raises:
        ModelError: the files are missing.
    """
    digest = hashlib.sha256()
    try:
        for name in _FILES:
            digest.update(f"{name} {hashlib.sha256((PACKED / name).read_bytes()).hexdigest()}\n".encode())
    except OSError as error:
        raise _report_damage(error) from error
    return f"sha256-{digest.hexdigest()[:12]}"


def unpack(folder: Path | None = None) -> Path:
    """Unpack the model to a folder that unbabel-comet loads, unless it is unpacked already.

    Args:
        folder: the target; by default a folder in the cache, or a temporary one if that is not writable.

    Raises:
        ModelError: the packed files are damaged, or the disk is full.
    """
    target = folder or default_folder() / "models" / f"{NAME}-{revision().removeprefix('sha256-')}"
    if _is_complete(target):
        return target
    try:
        return _unpack(target)
    except OSError as error:
        reason = error.strerror or error
        if folder is not None:
            raise ModelError(f"{target}: cannot unpack {NAME}: {reason}") from error
        log.warning(f"{target}: cannot unpack {NAME} ({reason}), so each run unpacks it. {_ADVICE}")
    return _unpack_temporarily()


def _unpack_temporarily() -> Path:
    try:
        temporary = Path(tempfile.mkdtemp(prefix="evalkit-"))
        atexit.register(shutil.rmtree, temporary, ignore_errors=True)
        return _unpack(temporary / NAME)
    except OSError as error:
        reason = error.strerror or error
        folder = tempfile.gettempdir()
        raise ModelError(f"{folder}: cannot unpack {NAME}: {reason}. Free some space.") from error


def _is_complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in _UNPACKED)


def _unpack(target: Path) -> Path:
    """Write to a folder beside the target, then rename it, so that the target is complete if it exists."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(target)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _write(unfinished, target)
        if target.exists() and not _is_complete(target):
            shutil.rmtree(target)
        try:
            unfinished.rename(target)
        except OSError:
            if not target.exists():
                raise
            # another process was faster
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return target


def _remove_abandoned(target: Path) -> None:
    for folder in target.parent.glob(f".{target.name}-*"):
        if time.time() - folder.stat().st_mtime > _ABANDONED:
            shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, target: Path) -> None:
    """Write the unpacked model.

    Args:
        folder: where the files are written.
        target: the folder they are moved to.
    """
    import torch

    shutil.copytree(PACKED / "encoder", folder / "encoder", ignore=shutil.ignore_patterns("*.xz"))
    (folder / "checkpoints").mkdir()
    try:
        tokenizer = lzma.decompress((PACKED / _TOKENIZER).read_bytes())
        settings: dict[str, Any] = yaml.safe_load((PACKED / "hparams.yaml").read_text(encoding="utf-8"))
        with (PACKED / _WEIGHTS).open("rb") as file, np.load(file, allow_pickle=False) as packed:
            arrays = unpack_tensors({name: packed[name] for name in packed.files})
    except (lzma.LZMAError, zipfile.BadZipFile, ValueError, KeyError, EOFError, yaml.YAMLError) as error:
        raise _report_damage(error) from error
    (folder / "encoder" / "tokenizer.json").write_bytes(tokenizer)
    # with this path unbabel-comet itself finds the encoder, without a network
    settings["pretrained_model"] = str(target / "encoder")
    (folder / "hparams.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    torch.save(
        {
            "state_dict": {name: torch.from_numpy(array) for name, array in arrays.items()},
            "hyper_parameters": settings,
            "pytorch-lightning_version": "2.0.0",
            "epoch": 0,
            "global_step": 0,
        },
        folder / "checkpoints" / "model.ckpt",
    )


def unpack_tensors(packed: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Unpack the arrays of ``weights.npz``, by name; matrices as float16, which takes half the disk space."""
    arrays = {}
    for name, array in packed.items():
        if name.endswith("/nibbles"):
            matrix = name.removesuffix("/nibbles")
            arrays[matrix] = _unpack_blocks(array, packed[f"{matrix}/scale"])
        elif not name.endswith("/scale"):
            arrays[name] = array
    return arrays


def _unpack_blocks(nibbles: NDArray[np.uint8], scale: NDArray[Any]) -> NDArray[np.float16]:
    """[rows, blocks * 32] weights from [rows, blocks, 16] bytes and [rows, blocks] factors."""
    halves = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    weights = (halves * scale.astype(np.float32)[..., None]).reshape(len(nibbles), -1)
    unpacked: NDArray[np.float16] = weights.astype(np.float16)
    return unpacked


def _report_damage(error: Exception) -> ModelError:
    reason = " ".join(str(error).split())[:200]
    return ModelError(f"{PACKED}: the files of {NAME} are missing or damaged ({reason}). Reinstall evalkit.")
