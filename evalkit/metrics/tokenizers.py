"""sacrebleu's tokenizers: which scripts they cut into words, and what they need."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.languages.spacing import ALL, HAN, JAPANESE, share_without_spaces

if TYPE_CHECKING:
    from evalkit.types import TestSet

TERCOM = "tercom"
"""TER's tokenizer with ``normalized`` and ``asian_support``."""
_CUT: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("char", "spm", "flores101", "flores200", "spBLEU-1K"), ALL),
    "zh": HAN,
    "ja-mecab": JAPANESE,
    TERCOM: JAPANESE,
}
"""Scripts without spaces that a tokenizer cuts into words or characters. Others cut none."""
_MOST_SEGMENTS = 2000
"""Segments that are looked at, evenly spread over the test set."""
LEAST_UNCUT = 0.2
"""Share of letters that are not cut that is warned of."""


def share_uncut(test_set: TestSet, tokenizer: str | None = None) -> float:
    """The share of the references' letters in scripts without spaces that a tokenizer does not cut."""
    step = max(1, -(-len(test_set.segments) // _MOST_SEGMENTS))
    references = (segment.reference for segment in test_set.segments[::step])
    return share_without_spaces(references, _CUT.get(tokenizer or "", frozenset()))


def describe_uncut(share: float) -> str:
    """The beginning of a warning."""
    return f"{share:.0%} of the letters of the references are in scripts without spaces between words"


def advise(tokenizer: str) -> str:
    """What to do if a tokenizer is not available."""
    from sacrebleu.tokenizers.tokenizer_spm import SPM_MODELS
    from sacrebleu.utils import SACREBLEU_DIR

    extra, _, mecab = tokenizer.partition("-")
    if tokenizer not in SPM_MODELS:
        return f"Run: pip install 'sacrebleu[{extra}]'" if mecab else "Reinstall sacrebleu"
    url = SPM_MODELS[tokenizer]["url"]
    path = Path(SACREBLEU_DIR) / "models" / url.rpartition("/")[2]
    if path.exists():
        return f"Its model {path} may be damaged: delete it, to download it again"
    return f"It needs its model once: download {url} as {path}"
