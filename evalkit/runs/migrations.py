"""Older versions of `run.json`, brought up to date step by step.

What a step knows of metrics is what that version knew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evalkit.runs.results import FORMAT_VERSION

_OWN_METRICS = "evalkit.metrics."


def migrate(record: dict[str, Any]) -> dict[str, Any]:
    """Bring the content of a `run.json` of any older version to the newest.

    Raises:
        KeyError, TypeError, AttributeError: the record is not what its version says.
    """
    for version in range(record["format_version"], FORMAT_VERSION):
        record = _STEPS[version](record) | {"format_version": version + 1}
    return record


def _from_1(record: dict[str, Any]) -> dict[str, Any]:
    """Version 1 had neither tests nor checksums."""
    return record | {"tests": {}, "files": {}, "significance": {**record["significance"], "trials": 0}}


def _from_2(record: dict[str, Any]) -> dict[str, Any]:
    """Version 2 named the module of a metric, did not say what it can do, and kept no scores of its parts."""
    metrics = {key: _describe_metric(key, info, record) for key, info in record["metrics"].items()}
    systems = {
        name: system
        | {"metrics": {key: _add_parts(score, metrics[key]) for key, score in system["metrics"].items()}}
        for name, system in record["systems"].items()
    }
    return record | {"metrics": metrics, "systems": systems}


def _describe_metric(key: str, info: dict[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    settings = dict(info["settings"])
    target = settings.pop("_target_")
    class_name = target.rpartition(".")[2] if target.startswith(_OWN_METRICS) else target
    return info | {
        "class_name": class_name,
        "settings": settings,
        "unit": record["tests"][key]["unit"]
        if key in record["tests"] and class_name.startswith("Document")
        else "segment",
        "keeps_verdicts": class_name == "EntityAccuracy",
        "audit_file": "entities.jsonl" if key == "entity_accuracy" else f"{key}.jsonl",
    }


def _add_parts(score: dict[str, Any], info: Mapping[str, Any]) -> dict[str, Any]:
    """The score that is the headline, of every entity type: the details have it."""
    if not info["keeps_verdicts"]:
        return score
    headline = info["settings"].get("score", "accuracy")
    types = {kind: scores for kind, scores in score["details"].items() if kind != "all"}
    return score | {"parts": {kind: scores[headline] for kind, scores in types.items() if headline in scores}}


_STEPS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _from_1, 2: _from_2}
"""By version: the step to the next one."""
