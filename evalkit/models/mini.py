"""evalkit-mini, the COMET checkpoint that comes with evalkit: from its packed files to a folder of unbabel-comet.

``evalkit_mini/README.md`` says what the model is; `training/pack.py` writes the packed files. In ``weights.npz`` a matrix
is either plain, or in blocks of 32 weights: ``NAME/nibbles`` [rows, blocks, 16] holds weight j of a block in the lower half
of byte j and weight j + 16 in its upper half, ``NAME/scale`` [rows, blocks] what (half - 8) is multiplied by.
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
_UNPACKED = ("hparams.yaml", "checkpoints/model.ckpt", "encoder/config.json", "encoder/tokenizer.json")
_ABANDONED = 3600
"""Seconds after which what another process has begun to unpack is taken for left behind."""


@lru_cache(maxsize=1)
def revision() -> str:
    """``sha256-`` and 12 hex digits of the packed files.

    Raises:
        ModelError: they are not there.
    """
    digest = hashlib.sha256()
    try:
        for name in _FILES:
            digest.update(f"{name} {hashlib.sha256((PACKED / name).read_bytes()).hexdigest()}\n".encode())
    except OSError as error:
        raise _damaged(error) from error
    return f"sha256-{digest.hexdigest()[:12]}"


def unpack(folder: Path | None = None) -> Path:
    """A folder that unbabel-comet loads; nothing is done where it is there already.

    Args:
        folder: where to; by default in the user's cache, or, where that cannot be written, in a temporary folder.

    Raises:
        ModelError: the packed files are damaged, or the disk is full.
    """
    target = folder or default_folder() / "models" / f"{NAME}-{revision().removeprefix('sha256-')}"
    if all((target / name).is_file() for name in _UNPACKED):
        return target
    try:
        return _unpack(target)
    except OSError as error:
        if folder is not None:
            raise ModelError(f"{target}: {NAME} cannot be unpacked: {error.strerror or error}") from error
        log.warning(
            f"{target}: {NAME} cannot be unpacked here ({error.strerror or error}), so each run does it anew; EVALKIT_CACHE=FOLDER"
        )
    try:
        temporary = Path(tempfile.mkdtemp(prefix="evalkit-"))
        atexit.register(shutil.rmtree, temporary, ignore_errors=True)
        return _unpack(temporary / NAME)
    except OSError as error:
        raise ModelError(
            f"{NAME} cannot be unpacked in {tempfile.gettempdir()} either: {error.strerror or error}; free some space"
        ) from error


def _unpack(target: Path) -> Path:
    """Write to a folder beside the target, and move it there: a folder that has its name is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{target.name}-*"):
        if time.time() - left.stat().st_mtime > _ABANDONED:
            shutil.rmtree(left, ignore_errors=True)
    side = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _write(side, target)
        if target.exists() and not all((target / name).is_file() for name in _UNPACKED):
            shutil.rmtree(target)
        try:
            side.rename(target)
        except OSError:
            if not target.exists():
                raise
            # another process was faster
    finally:
        shutil.rmtree(side, ignore_errors=True)
    return target


def _write(folder: Path, final: Path) -> None:
    import torch

    shutil.copytree(PACKED / "encoder", folder / "encoder", ignore=shutil.ignore_patterns("*.xz"))
    (folder / "checkpoints").mkdir()
    try:
        (folder / "encoder" / "tokenizer.json").write_bytes(
            lzma.decompress((PACKED / _TOKENIZER).read_bytes())
        )
        settings: dict[str, Any] = yaml.safe_load((PACKED / "hparams.yaml").read_text(encoding="utf-8"))
        with (PACKED / _WEIGHTS).open("rb") as file, np.load(file, allow_pickle=False) as packed:
            arrays = tensors({name: packed[name] for name in packed.files})
    except (lzma.LZMAError, zipfile.BadZipFile, ValueError, KeyError, EOFError, yaml.YAMLError) as error:
        raise _damaged(error) from error
    settings["pretrained_model"] = str(
        final / "encoder"
    )  # so that unbabel-comet itself finds it, without a network
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


def tensors(packed: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Arrays by name from what ``weights.npz`` holds; matrices in float16, which take half the space on disk."""
    found = {}
    for name, array in packed.items():
        if name.endswith("/nibbles"):
            matrix = name.removesuffix("/nibbles")
            halves = np.concatenate([array & 15, array >> 4], axis=-1).astype(np.float32) - 8
            found[matrix] = (
                (halves * packed[f"{matrix}/scale"].astype(np.float32)[..., None])
                .reshape(len(array), -1)
                .astype(np.float16)
            )
        elif not name.endswith("/scale"):
            found[name] = array
    return found


def _damaged(error: Exception) -> ModelError:
    reason = " ".join(str(error).split())[:200]
    return ModelError(
        f"{PACKED}: the files of {NAME} are missing or damaged ({reason}); install evalkit again"
    )
