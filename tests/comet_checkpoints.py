"""Tiny COMET checkpoints in the format of unbabel-comet, with random weights: for exactness, not for
quality.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

CLASSES: dict[str, dict[str, Any]] = {
    "regression": {},
    "referenceless": {},
    "unified": {"input_segments": ["mt", "src", "ref"]},
    "unified_no_source": {"input_segments": ["mt", "ref"]},
    "unified_no_reference": {"input_segments": ["mt", "src"]},
    "unified_words": {
        "input_segments": ["mt", "src", "ref"],
        "word_level_training": True,
        "layer_transformation": "sparsemax",
    },
    "xcomet": {},
    "regression_max": {"pool": "max", "layer": 1, "layer_norm": True},
    "regression_cls": {"pool": "cls", "layer_transformation": "sparsemax"},
    "referenceless_layer_norm": {"layer_norm": True},
}
"""Hyperparameters in which the kinds of model differ."""


def class_of(kind: str) -> str:
    """The name of the class in unbabel-comet."""
    names = {
        "regression": "regression_metric",
        "referenceless": "referenceless_regression_metric",
        "xcomet": "xcomet_metric",
    }
    return names.get(kind.partition("_")[0], "unified_metric")


CORPUS = [
    "the quick brown fox jumps over the lazy dog",
    "Kursk Kyiv Witkoff Ushakov 0123456789 .,!?",
    "мир труд май",
]
"""What the tokenizer is trained on."""


def build(folder: Path, kind: str, seed: int = 0) -> Path:
    """Write ``hparams.yaml``, ``checkpoints/model.ckpt`` and ``encoder/``, and return the folder."""
    import torch
    import yaml
    from comet.models import str2model

    encoder = folder / "encoder"
    encoder.mkdir(parents=True)
    (folder / "checkpoints").mkdir()
    save_encoder(encoder, seed)
    settings = choose_settings(encoder, kind)
    model = str2model[class_of(kind)](load_pretrained_weights=True, **settings)
    # A name that the Hub does not have, so that the checkpoint loads only from encoder/.
    hparams = {**dict(model.hparams), "pretrained_model": "a-hub-name/that-does-not-exist"}
    checkpoint = {
        "state_dict": model.state_dict(),
        "hyper_parameters": hparams,
        "pytorch-lightning_version": "2.6.0",
        "epoch": 0,
        "global_step": 0,
    }
    torch.save(checkpoint, folder / "checkpoints" / "model.ckpt")
    (folder / "hparams.yaml").write_text(yaml.safe_dump(hparams), encoding="utf-8")
    return folder


def choose_settings(encoder: Path, kind: str) -> dict[str, Any]:
    """The hyperparameters of a kind of model."""
    encodes_texts_alone = kind.startswith(("regression", "referenceless"))
    return {
        "encoder_model": "XLM-RoBERTa",
        "pretrained_model": str(encoder),
        "layer_transformation": "softmax",
        "layer_norm": False,
        "hidden_sizes": [32, 16],
        "train_data": [],
        "validation_data": [],
        "local_files_only": True,
        **({"pool": "avg"} if encodes_texts_alone else {"word_layer": 2}),
        **CLASSES[kind],
    }


def save_encoder(folder: Path, seed: int) -> None:
    """Write a tokenizer and an encoder of two small layers; the seed also draws the weights of the head."""
    import torch
    from transformers import XLMRobertaConfig, XLMRobertaModel

    tokenizer = train_tokenizer()
    config = XLMRobertaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=514,
        type_vocab_size=1,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
        transformers_version="4.57.2",
    )
    torch.manual_seed(seed)
    tokenizer.save_pretrained(folder)
    XLMRobertaModel(config, add_pooling_layer=False).save_pretrained(folder)


def train_tokenizer() -> Any:
    """A tokenizer of up to 200 pieces, with the special tokens of XLM-RoBERTa."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
    from transformers import XLMRobertaTokenizerFast

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    trainer = trainers.UnigramTrainer(
        vocab_size=200, special_tokens=specials, unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS * 5, trainer)
    ids = [("<s>", tokenizer.token_to_id("<s>")), ("</s>", tokenizer.token_to_id("</s>"))]
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", "<s> $A </s> </s> $B </s>", ids)
    return XLMRobertaTokenizerFast(tokenizer_object=tokenizer, model_max_length=512)
