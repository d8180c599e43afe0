"""Pack a trained checkpoint into the package.

    python training/pack.py WORK [TARGET]

Matrices that training did not change are stored in their original blocks of 4 bits, without loss; others with
more than 100,000 values as float16, the rest as float32. The scores of the unpacked folder are compared with
those of the checkpoint, on damaged texts from the articles of evalkit.
"""

from __future__ import annotations

import argparse
import itertools
import lzma
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
import yaml
from encoder import unpack_blocks

from evalkit.models import mini
from evalkit.models.checkpoint import APART, Checkpoint, load

LARGE = 100_000
"""Values from which a matrix is stored as float16."""


def pack(checkpoint: Path, blocks: Path, target: Path) -> None:
    """Write the packed files."""
    content = torch.load(checkpoint / "checkpoints" / "model.ckpt", map_location="cpu", weights_only=False)
    with np.load(blocks) as stored:
        originals = {f"encoder.model.{name}": stored[name] for name in stored.files}
    packed = pack_arrays({name: tensor.numpy() for name, tensor in content["state_dict"].items()}, originals)
    shutil.rmtree(target / "encoder", ignore_errors=True)
    ignored = shutil.ignore_patterns("tokenizer.json")
    shutil.copytree(checkpoint / "encoder", target / "encoder", ignore=ignored)
    tokenizer = (checkpoint / "encoder" / "tokenizer.json").read_bytes()
    compressed = lzma.compress(tokenizer, preset=9 | lzma.PRESET_EXTREME)
    (target / "encoder" / "tokenizer.json.xz").write_bytes(compressed)
    np.savez(target / "weights.npz", **packed)
    settings = yaml.safe_load((checkpoint / "hparams.yaml").read_text(encoding="utf-8"))
    (target / "hparams.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    size = (target / "weights.npz").stat().st_size
    print(f"tokenizer: {len(compressed) / 1e6:.1f} MB; weights.npz: {size / 1e6:.1f} MB")


def pack_arrays(
    arrays: Mapping[str, np.ndarray], originals: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Pack the weights of a model; `originals` are the blocks of its encoder before training."""
    packed: dict[str, np.ndarray] = {}
    sizes = {"blocks of 4 bits": 0, "float16": 0, "float32": 0}
    for name, array in arrays.items():
        blocks = originals.get(name)
        if blocks is not None and np.array_equal(unpack_blocks(blocks, array.shape[1]), array):
            shape = (array.shape[0], array.shape[1] // 32)
            packed[f"{name}/nibbles"] = np.ascontiguousarray(blocks["nibbles"]).reshape(*shape, 16)
            packed[f"{name}/scale"] = np.ascontiguousarray(blocks["scale"]).reshape(shape)
            sizes["blocks of 4 bits"] += array.size * 18 // 32
        elif array.size > LARGE:
            packed[name] = array.astype(np.float16)
            sizes["float16"] += packed[name].nbytes
        else:
            packed[name] = array
            sizes["float32"] += array.nbytes
    for kind, size in sizes.items():
        print(f"{kind}: {size / 1e6:.1f} MB")
    return packed


def compare(checkpoint: Path, texts: list[str]) -> None:
    """Print how packing changes scores: each text is scored with the next one, and with its first half."""
    rows = [
        {"src": text, "mt": hypothesis, "ref": text}
        for text, following in itertools.pairwise(texts)
        for hypothesis in (following, text[: len(text) // 2])
    ]
    mini.revision.cache_clear()
    before, after = score(checkpoint, rows), score(None, rows)
    largest = (before - after).abs().max()
    print(f"scores of {len(rows)} texts: {largest:.1e} at most, standard deviation {before.std():.3f}")


def score(folder: Path | None, rows: list[dict[str, str]]) -> torch.Tensor:
    """[rows] scores of a folder, or of the packed files."""
    model = load(
        Checkpoint(name="", revision="", folder=folder, class_identifier=next(iter(APART)), input_segments=())
    )
    with torch.inference_mode():
        scores = [
            model.predict_step(model.prepare_for_inference(rows[start : start + 32])).scores
            for start in range(0, len(rows), 32)
        ]
    return torch.cat(scores)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", type=Path)
    parser.add_argument("target", type=Path, nargs="?", default=mini.PACKED)
    options = parser.parse_args()
    options.target.mkdir(parents=True, exist_ok=True)
    pack(options.work / "checkpoint", options.work / "blocks.npz", options.target)
    if options.target.resolve() == mini.PACKED:
        articles = sorted((Path(__file__).parents[1] / "references" / "world_news").glob("reference*/*.txt"))
        lines = [line for path in articles for line in path.read_text(encoding="utf-8").splitlines() if line]
        compare(options.work / "checkpoint", lines[:200])


if __name__ == "__main__":
    main()
