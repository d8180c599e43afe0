"""Whether a given name may be in the case of a surname, by the endings of Slavic languages: Визит Путина."""

from __future__ import annotations

from evalkit.entities.language.tokens import Words

_VOWELS = tuple("аеиіоуыэюяaeiouy")
_AGREEMENT = (
    (("го", "а", "я", "ho", "a", "e"), tuple("аяыиіaey")),
    (("му", "у", "ю", "ові", "еві", "mu", "u", "ovi"), tuple("уюеиіeiu")),
    (("м", "m"), tuple("мйюmua")),
)
"""Endings of surnames in the genitive, dative and instrumental, and of given names in the same case."""


def has_other_case(word: str, surname: str, name: Words) -> bool:
    """Whether a word before a surname cannot be a given name, because it is not in the case of the surname.

    The case of the surname is known only if the reference has its stem, or its given name in the same case: other
    surnames end in a themselves.

    Args:
        word: folded, as are the others.
        surname: as the text has it.
        name: as the reference has it.
    """
    fitting = next((given for endings, given in _AGREEMENT if surname.endswith(endings)), ("",))
    if surname == name[-1]:
        is_known = len(name) > 1 and name[-2].endswith(fitting)
    else:
        is_known = not name[-1].endswith(_VOWELS)
    return is_known and not word.endswith(fitting)
