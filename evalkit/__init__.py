"""evalkit: evaluation of machine-translated articles.

>>> from evalkit import evaluate
>>> from evalkit.data.articles import Articles
>>> from evalkit.metrics.lexical import Bleu
>>> evaluation = evaluate(Articles(path="references/world_news"), [Bleu()])
>>> evaluation.run.systems["strong"].metrics["bleu"].value
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalkit.runtime.version import __version__

if TYPE_CHECKING:
    from evalkit.commands.annotate import annotate
    from evalkit.commands.evaluate import evaluate
    from evalkit.comparison.compare import compare

__all__ = ["__version__", "annotate", "compare", "evaluate"]


def __getattr__(name: str) -> object:
    """Import on first use: `--help` and a wrong override must not wait for numpy and sacrebleu."""
    if name == "evaluate":
        from evalkit.commands.evaluate import evaluate

        return evaluate
    if name == "annotate":
        from evalkit.commands.annotate import annotate

        return annotate
    if name == "compare":
        from evalkit.comparison.compare import compare

        return compare
    raise AttributeError(f"module 'evalkit' has no attribute {name!r}")
