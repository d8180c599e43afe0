"""Write the names of countries and large cities of `evalkit/entities/language/known_names/cldr/` from Unicode's CLDR.

usage: npm pack cldr-localenames-full@48.2.0 cldr-dates-full@48.2.0, unpack both, then
       python training/known_names.py cldr-localenames-full/package cldr-dates-full/package

A country is known by its code, with its short and other names; a city by the name of its time zone.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

LANGUAGES = {code: (code,) for code in ("de", "fr", "es", "ru", "uk", "cs", "tr", "ar", "ja", "ko", "hi")} | {
    "zh": ("zh", "zh-Hant")
}
"""Each language, and its locales in CLDR."""
NOT_NAMES = set("EU EZ UN QO XA XB ZZ 001 011 014 015 017 018 019 021 030 034 039 053 057 145 154".split())
"""Codes of organisations, and of regions whose names in CLDR are also those of countries, or not in use."""
NOT_CITIES = re.compile(
    r"Etc/|Antarctica/|America/(Indiana|Kentucky|North_Dakota)/|America/St_(?!Johns)"
    r"|.*/(Antigua|Canary|Cape_Verde|Cayman|Chagos|Christmas|Cocos|Comoro|Coral_Harbour|Curacao|Enderbury|Faeroe"
    r"|Hong_Kong|Kuwait|Macau|Reunion|South_Georgia|St_Helena|Truk|Vatican|Wallis)$"
)
"""Time zones that are not named after a city or an island, or that have the name of a country."""
TARGET = Path(__file__).parents[1] / "evalkit/entities/language/known_names/cldr"
HEAD = """\
# Names of countries and large cities. Written by training/known_names.py from CLDR 48.2; do not edit.
# Copyright © 2004-2026 Unicode, Inc. Unicode License V3: see LICENSE in this folder.
"""


def main(names: Path, dates: Path) -> None:
    """Write one file per language."""
    for code, locales in LANGUAGES.items():
        places: dict[str, dict[str, None]] = {}
        for locale in locales:
            for key, form in (*list_territories(names, locale), *list_cities(dates, names, locale)):
                places.setdefault(key, {})[form] = None
        content = {key: list(forms) for key, forms in sorted(places.items())}
        text = yaml.safe_dump(
            content, allow_unicode=True, default_flow_style=None, sort_keys=False, width=1000
        )
        (TARGET / f"{code}.yaml").write_text(HEAD + text, encoding="utf-8")


def list_territories(folder: Path, locale: str) -> Iterator[tuple[str, str]]:
    """The codes of countries and parts of the world, each with each of its names."""
    content = json.loads((folder / f"main/{locale}/territories.json").read_text(encoding="utf-8"))
    for key, name in content["main"][locale]["localeDisplayNames"]["territories"].items():
        code = key.partition("-")[0]
        form = clean(name)
        if code not in NOT_NAMES and form:
            yield code, form


def list_cities(folder: Path, folder_of_names: Path, locale: str) -> Iterator[tuple[str, str]]:
    """The cities that time zones are named after."""
    content = json.loads((folder / f"main/{locale}/timeZoneNames.json").read_text(encoding="utf-8"))
    zones = content["main"][locale]["dates"]["timeZoneNames"]["zone"]
    countries = {form for _, form in list_territories(folder_of_names, "en")}
    for zone, names in walk(zones, ""):
        city, form = zone.rpartition("/")[2].replace("_", " "), clean(names["exemplarCity"])
        if form and city not in countries and not NOT_CITIES.match(zone):
            yield city, form


def walk(zones: dict[str, dict[str, object]], path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The zones, each with its names in the locale."""
    for key, value in zones.items():
        if isinstance(value.get("exemplarCity"), str):
            yield path + key, {name: str(text) for name, text in value.items()}
        elif not value.keys() & {"long", "short"}:
            yield from walk({k: v for k, v in value.items() if isinstance(v, dict)}, f"{path}{key}/")


def clean(name: str) -> str:
    """A name without soft hyphens; empty if it is an explanation such as "Congo (Republic)"."""
    plain = name.replace("\u00ad", "").replace("’", "'").replace(" – ", "-")
    return "" if re.search(r"[()（）,،、]| - ", plain) else plain


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
