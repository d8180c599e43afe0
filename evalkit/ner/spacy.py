"""Names from a spaCy pipeline: any that sets ``doc.ents``, installed as a package or in a folder."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evalkit.errors import ConfigError, NerError
from evalkit.models.hub import hash_folder, one_line
from evalkit.ner.base import Found, Ner
from evalkit.ner.models import library_version
from evalkit.runtime.quiet import quiet

_INSTALL = "pip install 'evalkit[spacy]', or pip install spacy"


@dataclass(frozen=True, kw_only=True)
class Spacy(Ner):
    """A spaCy pipeline, such as ``en_core_web_sm``."""

    batch_size: int = 64
    _loaded: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def signature(self) -> str:
        """See `Ner.signature`."""
        if "signature" not in self._loaded:
            version = library_version("spacy", _INSTALL)
            folder, meta = self._folder()
            name = f"{meta['lang']}_{meta['name']}-{meta['version']}"
            self._loaded["signature"] = (
                f"spacy-{version}/{name}/{hash_folder(folder)}{self.labels_signature()}"
            )
        return str(self._loaded["signature"])

    def language(self) -> str | None:
        """See `Ner.language`. A pipeline of the language ``xx`` is for all."""
        library_version("spacy", _INSTALL)
        own = str(self._folder()[1]["lang"])
        return None if own in ("xx", "mul") else own

    def find(self, texts: Sequence[str], language: str) -> list[list[Found]]:
        """See `Ner.find`."""
        self.check_language(language)
        pipeline = self._pipeline()
        try:
            with quiet():
                docs = list(pipeline.pipe(texts, batch_size=self.batch_size))
        except Exception as error:  # whatever a component of a pipeline finds wrong
            raise NerError(f"ner.model={self.model}: failed: {one_line(error)}") from error
        return [
            [
                Found(span.start_char, span.end_char, type_)
                for span in doc.ents
                if (type_ := self.type_of(span.label_)) is not None
            ]
            for doc in docs
        ]

    def _folder(self) -> tuple[Path, dict[str, str]]:
        """Where the pipeline is, and its ``meta.json``."""
        if "meta" not in self._loaded:
            folder = Path(self.model)
            if not folder.is_dir():
                folder = _package(self.model)
            try:
                meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
                meta = {key: str(meta[key]) for key in ("lang", "name", "version")}
            except (OSError, ValueError, TypeError, KeyError) as error:
                raise NerError(
                    f"ner.model={self.model}: {folder} holds no spaCy pipeline: meta.json: {one_line(error)}"
                ) from error
            self._loaded["meta"] = folder, meta
        folder, meta = self._loaded["meta"]
        return folder, meta

    def _pipeline(self) -> Any:
        if "pipeline" not in self._loaded:
            try:
                with quiet():
                    import spacy

                    pipeline = spacy.load(self.model)
            except (
                Exception
            ) as error:  # a missing library of the pipeline, another version of spaCy, a damaged file
                raise NerError(f"ner.model={self.model}: cannot be loaded: {one_line(error)}") from error
            labels = _labels(pipeline)
            if labels is None:
                raise ConfigError(
                    f"ner.model={self.model}: finds no names: its components are {', '.join(pipeline.pipe_names) or 'none'}; "
                    "expected one of ner, entity_ruler, span_ruler"
                )
            self.check_labels(labels)
            self._loaded["pipeline"] = pipeline
        return self._loaded["pipeline"]


def _package(name: str) -> Path:
    """The folder of an installed pipeline, found without importing it."""
    try:
        found = importlib.util.find_spec(name) if name.isidentifier() else None
    except (ImportError, ValueError):
        found = None
    if found is None or found.origin is None:
        raise NerError(
            f"ner.model={name}: no spaCy pipeline of this name is installed, and there is no such folder; "
            f"'python -m spacy download {name if name.isidentifier() else 'en_core_web_sm'}' installs one of spaCy's own, "
            "or give a folder: ner.model=FOLDER"
        )
    return Path(found.origin).parent


def _labels(pipeline: Any) -> set[str] | None:
    """Labels of the components that set ``doc.ents``; None where there is no such component."""
    setters = [
        pipeline.get_pipe(name)
        for name in pipeline.pipe_names
        if "doc.ents" in pipeline.get_pipe_meta(name).assigns
        or getattr(pipeline.get_pipe(name), "annotate_ents", False)
    ]
    return {label for component in setters for label in getattr(component, "labels", ())} if setters else None
