"""Pack a trained checkpoint into the package.

    python training/pack.py WORK [TARGET]

Matrices that training left as they were are stored as the blocks of 4 bits they came in, without loss; others with more
than 100,000 values as float16, the rest as float32. The scores of the unpacked folder are compared with those of the
checkpoint, on damaged texts of evalkit's own articles.
"""

from __future__ import annotations

import argparse
import itertools
import lzma
import shutil
from pathlib import Path

import numpy as np
import torch
import yaml
from encoder import weights

from evalkit.models import mini
from evalkit.models.checkpoint import APART, Checkpoint, load

LARGE = 100_000


def pack(checkpoint: Path, blocks: Path, target: Path) -> None:
    """Write the packed files."""
    state = torch.load(checkpoint / "checkpoints" / "model.ckpt", map_location="cpu", weights_only=False)[
        "state_dict"
    ]
    packed: dict[str, np.ndarray] = {}
    sizes = {"blocks of 4 bits": 0, "float16": 0, "float32": 0}
    with np.load(blocks) as stored:
        for full, tensor in state.items():
            array, name = tensor.numpy(), full.removeprefix("encoder.model.")
            if name in stored.files and np.array_equal(weights(stored[name], array.shape[1]), array):
                shape = (array.shape[0], array.shape[1] // 32)
                packed[f"{full}/nibbles"] = np.ascontiguousarray(stored[name]["nibbles"]).reshape(*shape, 16)
                packed[f"{full}/scale"] = np.ascontiguousarray(stored[name]["scale"]).reshape(shape)
                sizes["blocks of 4 bits"] += array.size * 18 // 32
            elif array.size > LARGE:
                packed[full] = array.astype(np.float16)
                sizes["float16"] += packed[full].nbytes
            else:
                packed[full] = array
                sizes["float32"] += array.nbytes
    shutil.rmtree(target / "encoder", ignore_errors=True)
    shutil.copytree(
        checkpoint / "encoder", target / "encoder", ignore=shutil.ignore_patterns("tokenizer.json")
    )
    compressed = lzma.compress(
        (checkpoint / "encoder" / "tokenizer.json").read_bytes(), preset=9 | lzma.PRESET_EXTREME
    )
    (target / "encoder" / "tokenizer.json.xz").write_bytes(compressed)
    np.savez(target / "weights.npz", **packed)
    settings = yaml.safe_load((checkpoint / "hparams.yaml").read_text(encoding="utf-8"))
    (target / "hparams.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    for kind, size in sizes.items():
        print(f"{kind}: {size / 1e6:.1f} MB")
    print(
        f"tokenizer: {len(compressed) / 1e6:.1f} MB; weights.npz: {(target / 'weights.npz').stat().st_size / 1e6:.1f} MB"
    )


def compare(checkpoint: Path, texts: list[str]) -> None:
    """Print what packing moves: scores of each text against the next, and against itself without its end."""
    rows = [
        {"src": one, "mt": mt, "ref": one}
        for one, other in itertools.pairwise(texts)
        for mt in (other, one[: len(one) // 2])
    ]
    mini.revision.cache_clear()
    common = {"name": "", "revision": "", "class_identifier": next(iter(APART)), "input_segments": ()}
    found = []
    for folder in (checkpoint, None):
        model = load(Checkpoint(folder=folder, **common))  # type: ignore[arg-type]
        with torch.inference_mode():
            scores = [
                model.predict_step(model.prepare_for_inference(rows[at : at + 32])).scores
                for at in range(0, len(rows), 32)
            ]
        found.append(torch.cat(scores))
    print(
        f"scores of {len(rows)} texts: {(found[0] - found[1]).abs().max():.1e} at most, standard deviation {found[0].std():.3f}"
    )


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
        compare(
            options.work / "checkpoint",
            [line for path in articles for line in path.read_text(encoding="utf-8").splitlines() if line][
                :200
            ],
        )


if __name__ == "__main__":
    main()
