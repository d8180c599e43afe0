"""Groups of languages that several rules share, by `Language.code`."""

from __future__ import annotations

SLAVIC = frozenset("ru uk be pl cs sk sl hr bs sr".split())
"""Slavic languages whose names have cases."""
TURKIC = frozenset({"tr", "az"})
"""Languages with ı beside i, and an apostrophe between a name and its suffix."""
SHORT_SURNAMES = frozenset({"zh", "ko", "vi"})
"""Languages whose surnames, mostly one syllable, come before given names of one or two."""
SURNAME_FIRST = SHORT_SURNAMES | {"ja", "hu"}
"""Languages that put the surname first, so that translations may have it first or last."""
