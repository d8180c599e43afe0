"""Forms of the words for peoples, such as all cases of an adjective, from the one form in the lists.

Only regular forms, and only for the well-known names: a form too many does no harm if no other name has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_RULES: dict[str, tuple[tuple[str, str], ...]] = {
    "de": (
        (r"[a-zäöü].*", " e en em er es"),  # russisch
        (r"(.*)e", "e en in innen"),  # Russe
        (r"(.*er)", " n s in innen"),  # Kiewer
        (r"([A-Z].*[aiou])", " s"),  # Iraki
    ),
    "fr": (
        (r"(.*[aeo][iu]s)", " e es"),  # français
        (r"(.*[ié])en", "en ens enne ennes"),  # ukrainien
        (r"(.*e)", " s"),  # russe
        (r"(.*c)", " s"),  # turc
        (r"(.*[^esx])", " e s es"),  # allemand
    ),
    "es": (
        (r"(.*)o", "o a os as"),  # ruso
        (r"(.*)és", "és esa eses esas"),  # francés
        (r"(.*)án", "án ana anes anas"),  # alemán
        (r"(.*)ín", "ín ina ines inas"),
        (r"(.*[eaú])", " s"),  # estadounidense
        (r"(.*í)", " es s"),  # iraní
        (r"(.*ol)", " a es as"),  # español
    ),
    "ru": (
        (r"(.*[кгх])ий", "ий ого ому им ом ая ой ую ие их ими"),
        (r"(.*[^еи])ец", "ец ца цу цем це цы цев цам цами цах ка ки ке ку кой"),
        (r"(.*[ая]н)ин", "ин ина ину ином ине е  ам ами ах ка ки ке ку кой"),
        (r"(.*[кгхчш])", " а у ом е и ов ам ами ах"),
        (r"(.*[бвдзлмнпрст])", " а у ом е ы ов ам ами ах"),
    ),
    "uk": (
        (r"(.*ь?к)ий", "ий ого ому им ім а ої ій у ою і их ими"),
        (r"(.*)ець", "ець ця цю цем цеві ці ців цям цями цях ка ки ку кою"),
        (r"(.*[ая]н)ин", "ин ина ину ином ині и  ам ами ах ка ки ку кою"),
        (r"(.*)", " а у ом и і ів ам ами ах"),
    ),
    "cs": (
        (r"([a-zěščřžýáíéúůďťň].*)ý", "ý ého ému ém ým á é ou ých ými"),
        (r"(.*)ec", "ec ce ci cem cům cích cích ky ka ku kou"),
        (r"([A-ZŠČŘŽÚĎŤ].*)k", "k ka kovi kem ky ci ků kům cích"),  # Slovák
        (r"([A-ZŠČŘŽÚĎŤ].*[^aeiouyáíéý])", " a ovi em y i é ové ů ům ech"),
    ),
    "tr": (
        (r"(.*[eiöü][^aıoueiöü]*)", " ler"),
        (r"(.*[aıou][^aıoueiöü]*)", " lar"),
    ),
    "ar": ((r"(.*ي)", " ة ون ين ات"),),
    "hi": ((r"(.*ी)य", "य यों"), (r"(.*)ी", "ी ियों")),
}
"""By language: patterns of a whole word, and what follows its first group (or the whole) in each form.

The first pattern that fits is used.
"""

_PEOPLE = {"ko": ("인", "인들")}
"""What follows the name of any place in the word for its people, written as one word."""


def name_people(place: str, language: str) -> Iterator[str]:
    """The words for the people of a place, where they follow from its name: 독일, 독일인."""
    yield from (f"{place}{ending}" for ending in _PEOPLE.get(language, ()))


def decline(form: str, language: str) -> Iterator[str]:
    """The forms of a word for a people, the given one first.

    Args:
        form: as listed. Only its last word changes.
        language: code of the language.
    """
    yield form
    head, space, word = form.rpartition(" ")
    for pattern, endings in _RULES.get(language, ()):
        match = re.fullmatch(pattern, word)
        if match is not None:
            stem = match.group(1) if match.lastindex else word
            yield from (f"{head}{space}{stem}{ending}" for ending in endings.split(" "))
            break
    if language == "ar":
        yield from (
            f"{head}{space}ال{word}{ending}" for ending in ("", "ة", "ون", "ين") if not word.startswith("ال")
        )
