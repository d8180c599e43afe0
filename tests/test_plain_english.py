"""Everything that a person reads is plain English: words that went out of use do not come back."""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OUT_OF_USE = {
    r"stands?|stood": "is, appears; for letters: means",
    r"mends?|mended|mending": "fix",
    r"bec[ao]me of": "outcome, how it was translated",
    r"(cannot|can|to) be had": "not available",
    r"of (one's|your|their|our|my) own": "your, separate",
    r"wants?": "needs, expects",
    r"none other": "no others",
    r"which to": "with which to",
    r"work(s|ed)? out": "compute",
    r"anew": "again",
    r"(tell|tells|told) apart": "distinguish",
    r"(is|are|was|were|been|be) told": "reported, known",
    r"to be told from": "significantly different from",
    r"hurt": "wrong",
    r"the story of|another story": "what it does",
    r"there is such": "there is one",
    r"c[oa]mes? of it": "results",
    r"say [a-z_.]+=": "set",
    r"(that|it|which) is no [a-z]+": "is not a",
    r"held against": "checked",
    r"would hardly be": "is not",
    r"but for": "except",
    r"where there is such": "if there is one",
}
"""Words that went out of use, each with what to write."""
FOLDERS = ("evalkit", "configs", "docs", "benchmarks", "training", "references")
FILES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "pyproject.toml")
LISTS_OF_WORDS = ("evalkit/entities/language/words/", "evalkit/entities/language/known_names/")
"""Data for matching names: words of texts, not words for readers."""
STORED = "``mended``"
"""How `comparison.json` names what reports call fixed."""


def find_paths() -> list[str]:
    paths = [ROOT / name for name in FILES]
    for folder in FOLDERS:
        paths += [
            path
            for path in sorted((ROOT / folder).rglob("*"))
            if path.suffix in (".py", ".md", ".yaml", ".j2", ".js")
        ]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    return [name for name in names if not name.startswith(LISTS_OF_WORDS) and "__pycache__" not in name]


def read_words(path: Path) -> str:
    """What a person reads in a file: of Python only its strings and comments, with runs of spaces as one."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        text = "\n".join(
            token.string for token in tokens if token.type in (tokenize.STRING, tokenize.COMMENT)
        )
    return " ".join(text.replace(STORED, "").replace('"mended"', "").split())


@pytest.mark.parametrize("name", find_paths())
def test_no_word_out_of_use(name):
    words = read_words(ROOT / name)
    found = {
        match.group(): instead
        for pattern, instead in OUT_OF_USE.items()
        for match in re.finditer(rf"\b(?:{pattern})(?!\w)", words, re.IGNORECASE)
    }
    assert not found, f"{name}: {found}"


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ('print("what became of a name")', True),
        ("x = 1  # the reference stands here", True),
        ('"""Worked out\n    anew."""', True),
        ("stands = mend(hurt)", False),
        ('print("the reference itself")', False),
    ],
)
def test_strings_and_comments_are_read_and_names_in_code_are_not(tmp_path, text, is_found):
    (tmp_path / "x.py").write_text(text, encoding="utf-8")
    words = read_words(tmp_path / "x.py")
    assert is_found == any(
        re.search(rf"\b(?:{pattern})(?!\w)", words, re.IGNORECASE) for pattern in OUT_OF_USE
    )
