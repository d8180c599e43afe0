"""Names that are right, with something put to them, by hand."""

from __future__ import annotations

import pytest
from names_in_text import verdict

ADDED = [
    ("de", "In welcher Stadt lebt John?", "John", "In welcher Stadt lebt John (Stadt)?"),
    ("de", "Wer ist Erik?", "Erik", "Wer ist Kategorie: Erik?"),
    ("de", "Wer sang Hello?", "Hello", "Wer sang Songtexte von Hello?"),
    ("de", "Erik kam an.", "Erik", "¿Erik kam an."),
    ("de", "Erik kam an.", "Erik", "Erik) kam an."),
    ("en", "Who wrote Dune?", "Dune", "Who wrote Dune (novel)?"),
    ("en", "Erik came.", "Erik", "Erik| came."),
    ("fr", "Qui a écrit Dune ?", "Dune", "Qui a écrit Dune (roman) ?"),
    ("ru", "Кто такой Эрик?", "Эрик", "Кто такой Категория:Эрик?"),
    ("zh", "谁写了红楼梦？", "红楼梦", "谁写了红楼梦（小说）？"),
]
NOT_ADDED = [
    ("de", "Erik (Schauspieler) kam an.", "Erik", "Erik (Schauspieler) ist da."),
    ("en", "Erik (pictured) came.", "Erik", "Erik (in the picture) came."),
    ("en", "Kursk fell.", "Kursk", "Kursk (Russia) fell."),
    ("en", "The WHO said so.", "WHO", "The WHO (World Health Organization) said so."),
    ("en", "Erik came.", "Erik", "News: (Erik) came."),
    ("en", "The lyrics of Hello are short.", "Hello", "Lyrics of Hello are short."),
    ("zh", "红楼梦好看吗？", "红楼梦", "《红楼梦》好看吗？"),
    ("es", "¿Erik vino?", "Erik", "¿Erik llegó?"),
    ("es", "Vino Erik.", "Erik", "¿Erik vino?"),
]


def outcome(language, reference, name, hypothesis):
    return verdict(reference, name, "ORG" if name == "WHO" else "MISC", hypothesis, language=language)[:2]


@pytest.mark.parametrize("example", ADDED, ids=lambda e: e[3])
def test_something_is_put_to_the_name(example):
    assert outcome(*example) == ("misspelled", "added")


@pytest.mark.parametrize("example", NOT_ADDED, ids=lambda e: e[3])
def test_what_the_reference_has_too_or_glosses_are_not_put_to_the_name(example):
    assert outcome(*example) == ("exact", "")
