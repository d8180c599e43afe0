"""The files of word lists, against the lists that the code reads and against grammar."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from evalkit.entities.language.word_lists import WordLists, has_rules, words_of
from evalkit.languages.registry import find_language

FILES = sorted((Path(__file__).parents[2] / "evalkit/entities/language/words").glob("*.yaml"))
LISTS = {field.name for field in fields(WordLists)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_list_of_a_file_is_read(path):
    """A misspelled list would be left out without a word."""
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    endings = {name for name in lists if name.endswith("_endings") and name not in LISTS}
    assert {name.removesuffix("_endings") for name in endings} <= lists.keys()
    assert set(lists) - endings <= LISTS
    assert path.stem == "any" or find_language(path.stem).code == path.stem


@pytest.mark.parametrize(
    ("language", "title", "other"),
    [
        ("de", "prasidentin", "prasidenterin"),
        ("de", "ministers", "ministerum"),
        ("ru", "президента", "президентишка"),
        ("ru", "министром", "министромом"),
        ("en", "president", "presidents"),
    ],
)
def test_titles_have_their_endings(language, title, other):
    titles = words_of(language).titles
    assert title in titles
    assert other not in titles


def test_languages_without_a_file_have_the_lists_of_all():
    assert not has_rules("be")
    assert words_of("be").legal_forms == words_of("en").legal_forms
    assert not words_of("be").titles
    assert words_of("nb").titles == words_of("no").titles
