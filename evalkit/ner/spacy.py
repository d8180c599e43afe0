"""Names from a spaCy pipeline: any that sets ``doc.ents``, installed as a package or in a folder."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from evalkit.errors import ConfigError, NerError
from evalkit.models.hub import hash_folder, one_line
from evalkit.ner.base import NameSpan, Ner
from evalkit.ner.models import library_version
from evalkit.runtime.quiet import quiet

_INSTALL = "pip install 'evalkit[spacy]', or pip install spacy"


@dataclass(frozen=True, kw_only=True)
class Spacy(Ner):
    """A spaCy pipeline, such as ``en_core_web_sm``."""

    batch_size: int = 64

    def signature(self) -> str:
        """See `Ner.signature`."""
        version = library_version("spacy", _INSTALL)
        meta = self._meta
        name = f"{meta['lang']}_{meta['name']}-{meta['version']}"
        return f"spacy-{version}/{name}/{self._content_hash}{self.labels_signature()}"

    def language(self) -> str | None:
        """See `Ner.language`. A pipeline of the language ``xx`` is for all languages."""
        library_version("spacy", _INSTALL)
        code = self._meta["lang"]
        return None if code in ("xx", "mul") else code

    def find(self, texts: Sequence[str], language: str) -> list[list[NameSpan]]:
        """See `Ner.find`."""
        self.check_language(language)
        pipeline = self._pipeline
        try:
            with quiet():
                docs = list(pipeline.pipe(texts, batch_size=self.batch_size))
        except Exception as error:  # the components of a pipeline raise errors of many classes
            raise NerError(f"ner.model={self.model}: failed: {one_line(error)}") from error
        return [self._convert(doc) for doc in docs]

    def _convert(self, doc: Any) -> list[NameSpan]:
        """The names of a spaCy document."""
        typed = [(span, self.type_of(span.label_)) for span in doc.ents]
        return [NameSpan(span.start_char, span.end_char, type_) for span, type_ in typed if type_ is not None]

    @cached_property
    def _folder(self) -> Path:
        """Folder of the pipeline."""
        folder = Path(self.model)
        return folder if folder.is_dir() else _find_package(self.model)

    @cached_property
    def _meta(self) -> dict[str, str]:
        """Language, name and version of the pipeline, from its ``meta.json``."""
        try:
            meta = json.loads((self._folder / "meta.json").read_text(encoding="utf-8"))
            return {key: str(meta[key]) for key in ("lang", "name", "version")}
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise NerError(
                f"ner.model={self.model}: no spaCy pipeline in {self._folder}: meta.json: {one_line(error)}"
            ) from error

    @cached_property
    def _content_hash(self) -> str:
        return hash_folder(self._folder)

    @cached_property
    def _pipeline(self) -> Any:
        """The pipeline of spaCy, loaded."""
        try:
            with quiet():
                import spacy

                pipeline = spacy.load(self.model)
        # a missing library of the pipeline, another version of spaCy, a damaged file
        except Exception as error:
            raise NerError(f"ner.model={self.model}: cannot be loaded: {one_line(error)}") from error
        labels = _list_labels(pipeline)
        if labels is None:
            components = ", ".join(pipeline.pipe_names) or "no component"
            raise ConfigError(
                f"ner.model={self.model}: the pipeline does not find names: it has {components}; "
                "expected ner, entity_ruler or span_ruler"
            )
        self.check_labels(labels)
        return pipeline


def _find_package(name: str) -> Path:
    """The folder of an installed pipeline, without importing it."""
    try:
        spec = importlib.util.find_spec(name) if name.isidentifier() else None
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        example = name if name.isidentifier() else "en_core_web_sm"
        raise NerError(
            f"ner.model={name}: neither an installed spaCy pipeline nor a folder; "
            f"install a pipeline, as in 'python -m spacy download {example}', or set ner.model=FOLDER"
        )
    return Path(spec.origin).parent


def _list_labels(pipeline: Any) -> set[str] | None:
    """Labels of the components that set ``doc.ents``; None if there is no such component."""
    components = [pipeline.get_pipe(name) for name in pipeline.pipe_names if _sets_entities(pipeline, name)]
    if not components:
        return None
    return {label for component in components for label in getattr(component, "labels", ())}


def _sets_entities(pipeline: Any, name: str) -> bool:
    """Whether a component sets ``doc.ents``. A span_ruler does so if its setting `annotate_ents` is on."""
    assigns = pipeline.get_pipe_meta(name).assigns
    return "doc.ents" in assigns or getattr(pipeline.get_pipe(name), "annotate_ents", False)
