"""Training data of evalkit-mini: rated translations and deliberately damaged ones, in groups with one source.

Released weights are trained only on rows under CC0 (MLQE-PE: Fomicheva et al. 2022) or Apache-2.0 (MQM of
WMT21: Freitag et al. 2021), and on damage to their texts. A group has the candidates for one source and
reference, each with a target from 0 to 1. Training ranks them within the group, so that the model cannot
learn how hard or long a source is.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import regex

LICENCES = ("CC0", "Apache-2.0")
"""Licences of rows that may train released weights."""
HELD_OUT = 0.15
"""Share of the MQM sources that is kept for validation."""
_NAME = regex.compile(r"(?<=[\p{L},;] )\p{Lu}[\p{L}\p{M}’'-]+(?: \p{Lu}[\p{L}\p{M}’'-]+)*")
"""Words with a capital letter inside a sentence: in German, this includes nouns."""
_CHINESE_NAMES = (
    "北京 上海 香港 台湾 广州 深圳 武汉 中国 美国 英国 法国 德国 日本 韩国 印度 俄罗斯 加拿大 澳大利亚 巴西 意大利 "
    "西班牙 纽约 伦敦 巴黎 东京 华盛顿 莫斯科 柏林 特朗普 拜登 普京 马克龙 默克尔 约翰逊 奥巴马 联合国 欧盟 世界卫生组织 "
    "谷歌 苹果 微软 亚马逊 特斯拉"
).split()
_BOILERPLATE = {
    "en": (
        "Click here to subscribe to our newsletter.",
        "Read more: the latest news of the day.",
        "Photo: archive.",
        "All rights reserved.",
    ),
    "de": (
        "Klicken Sie hier, um unseren Newsletter zu abonnieren.",
        "Lesen Sie auch: die Nachrichten des Tages.",
        "Foto: Archiv.",
    ),
    "zh": ("点击这里订阅我们的新闻。", "阅读更多：今日新闻。", "版权所有。"),
    "ru": ("Подпишитесь на нашу рассылку.", "Читайте также: новости дня.", "Все права защищены."),
}
_NEGATED = {
    "en": [
        (r"\b(is|are|was|were|has|have|had|will|would|can|could|should|may|must)\b(?! not|n't)", r"\1 not")
    ],
    "de": [(r"\b(ist|sind|war|waren|hat|haben|wird|werden|kann|können|soll|muss)\b", r"\1 nicht")],
    "zh": [(r"(?<!不)(是|会|能|可以|应该)", r"不\1")],
    "ru": [(r"\b(был|была|было|были|будет|будут|может|могут|есть)\b", r"не \1")],
}
_AFFIRMED = {
    "en": [
        (r"\b(is|are|was|were|has|have|had|will|would|can|could|should|may|must|do|does|did) not\b", r"\1"),
        (r"n't\b", ""),
    ],
    "de": [(r" (nicht|nie)\b", ""), (r"\bkein(e[nmrs]?)?\b", r"ein\1")],
    "zh": [(r"不(是|会|能|可以|应该)", r"\1"), (r"没有", "有")],
    "ru": [(r"\bне ", "")],
}


@dataclass(frozen=True)
class Candidate:
    """A translation and its quality."""

    text: str
    target: float
    """0–1; 1 for a perfect translation."""
    kind: str
    """rated, reference, or the kind of damage."""


@dataclass(frozen=True)
class Group:
    """Translations of one source that are compared with one reference."""

    src: str
    ref: str
    language: str
    """Of the reference."""
    candidates: tuple[Candidate, ...]
    origin: str
    """mqm, mlqe, reversed or other."""


class Damaged(NamedTuple):
    """A damaged text."""

    text: str
    left: float
    """Share of the target that is left, 0-1."""
    kind: str


class Damage:
    """Damages translations. Each method returns a damaged text, or None if the damage does not apply."""

    def __init__(self, texts: Mapping[str, Sequence[str]], seed: int) -> None:
        """Start with texts by language: inserted names, words and sentences come from them."""
        self.random = random.Random(seed)
        self.texts = texts
        self.names = {language: _list_names(own_texts, language) for language, own_texts in texts.items()}

    def swap_name(self, text: str, language: str) -> str | None:
        """Replace a name by another."""
        names = _find_names(text, language)
        others = self.names.get(language, [])
        if not names or len(others) < 2:
            return None
        name = self.random.choice(names)
        other = self.random.choice(others)
        return None if other == name else text.replace(name, other)

    def misspell_name(self, text: str, language: str) -> str | None:
        """Change one to three letters of a name, or of a long word in a text without names."""
        words = [name for name in _NAME.findall(text) if len(name) > 3]
        words = words or regex.findall(r"[\p{L}\p{M}]{6,}", text)
        if not words or language in ("zh", "ja"):
            return None
        name = self.random.choice(words)
        letters = list(name)
        for _ in range(self.random.randint(1, 3)):
            at = self.random.randrange(1, len(letters))
            letters[at] = self.random.choice(
                [self.random.choice(name).lower(), "", letters[at] * 2, self.random.choice("aeioukstrnm")]
            )
        changed = "".join(letters)
        return None if changed == name else text.replace(name, changed)

    def change_number(self, text: str, language: str) -> str | None:
        """Replace a number by another."""
        numbers = re.findall(r"\d+", text)
        if not numbers:
            return None
        number = self.random.choice(numbers)
        other = "".join(self.random.choice("123456789") for _ in number)
        return None if other == number else re.sub(rf"(?<!\d){number}(?!\d)", other, text)

    def negate(self, text: str, language: str) -> str | None:
        """Turn a sentence into its contrary."""
        for pattern, replacement in [*_AFFIRMED.get(language, []), *_NEGATED.get(language, [])]:
            changed = re.sub(pattern, replacement, text, count=1)
            if changed != text:
                return changed
        return None

    def drop(self, text: str, language: str, share: float) -> str | None:
        """Drop a run of words."""
        words = _split(text, language)
        count = round(share * len(words))
        if not 0 < count < len(words):
            return None
        start = self.random.randint(0, len(words) - count)
        return _join(words[:start] + words[start + count :], language)

    def truncate(self, text: str, language: str, share: float) -> str | None:
        """Drop the end."""
        words = _split(text, language)
        left = len(words) - round(share * len(words))
        return _join(words[:left], language) if 0 < left < len(words) else None

    def swap_words(self, text: str, language: str, share: float) -> str | None:
        """Swap neighbouring words."""
        words = _split(text, language)
        if len(words) < 4:
            return None
        for _ in range(max(1, round(share * len(words)))):
            at = self.random.randrange(len(words) - 1)
            words[at], words[at + 1] = words[at + 1], words[at]
        changed = _join(words, language)
        return None if changed == text else changed

    def shuffle(self, text: str, language: str) -> str | None:
        """Put the words into a random order."""
        words = _split(text, language)
        if len(words) < 5:
            return None
        self.random.shuffle(words)
        return _join(words, language)

    def replace_words(self, text: str, language: str, share: float) -> str | None:
        """Replace words by words of another text."""
        words, others = _split(text, language), _split(self.choose_other(text, language), language)
        if len(words) < 4 or not others:
            return None
        for at in self.random.sample(range(len(words)), max(1, round(share * len(words)))):
            words[at] = self.random.choice(others)
        return _join(words, language)

    def repeat(self, text: str, language: str) -> str | None:
        """Repeat a run of words."""
        words = _split(text, language)
        if len(words) < 5:
            return None
        count = self.random.randint(2, max(2, len(words) // 2))
        start = self.random.randint(0, len(words) - count)
        return _join(words[: start + count] + words[start:], language)

    def add_boilerplate(self, text: str, language: str) -> str | None:
        """Add a line before or after that does not belong to the article."""
        lines = _BOILERPLATE.get(language)
        if not lines:
            return None
        pair = [text, self.random.choice(lines)]
        self.random.shuffle(pair)
        return _glue(language).join(pair)

    def add_sentence(self, text: str, language: str) -> str | None:
        """Add a sentence of another text."""
        return text + _glue(language) + self.choose_other(text, language)

    def choose_other(self, text: str, language: str) -> str:
        """Choose another text."""
        while True:
            other = self.random.choice(self.texts[language])
            if other != text:
                return other

    def make_all(self, text: str, language: str) -> list[Damaged]:
        """Make one damaged text of each kind that applies."""
        share = self.random.uniform(0.1, 0.6)
        few = self.random.uniform(0.05, 0.25)
        kinds: list[tuple[str, float, Callable[[], str | None]]] = [
            ("name misspelt", 0.88, lambda: self.misspell_name(text, language)),
            ("name swapped", 0.72, lambda: self.swap_name(text, language)),
            ("number changed", 0.75, lambda: self.change_number(text, language)),
            ("negated", 0.7, lambda: self.negate(text, language)),
            ("dropped", 1 - 0.9 * share, lambda: self.drop(text, language, share)),
            ("truncated", 1 - 0.9 * share, lambda: self.truncate(text, language, share)),
            ("words swapped", 0.92 - few, lambda: self.swap_words(text, language, few)),
            ("words replaced", 0.9 - 1.5 * few, lambda: self.replace_words(text, language, few)),
            ("repeated", 0.75, lambda: self.repeat(text, language)),
            ("boilerplate", 0.8, lambda: self.add_boilerplate(text, language)),
            ("another sentence added", 0.6, lambda: self.add_sentence(text, language)),
            ("shuffled", 0.35, lambda: self.shuffle(text, language)),
        ]
        made = [(make(), left, kind) for kind, left, make in kinds]
        return [Damaged(changed, left, kind) for changed, left, kind in made if changed and changed != text]

    def make_worthless(self, text: str, source: str, language: str) -> list[Candidate]:
        """Make texts that do not translate the source."""
        return [
            Candidate(self.choose_other(text, language), 0.1, "another text"),
            Candidate(source, 0.12, "source copied"),
            Candidate("", 0.0, "empty"),
        ]


def _find_names(text: str, language: str) -> list[str]:
    if language == "zh":
        return [name for name in _CHINESE_NAMES if name in text]
    return list(_NAME.findall(text))


def _list_names(texts: Sequence[str], language: str) -> list[str]:
    if language == "zh":
        return list(_CHINESE_NAMES)
    return sorted({name for text in texts for name in _NAME.findall(text)})


def _glue(language: str) -> str:
    return "" if language in ("zh", "ja") else " "


def _split(text: str, language: str) -> list[str]:
    return re.findall(r"[a-zA-Z0-9]+|.", text) if language in ("zh", "ja") else text.split()


def _join(words: Sequence[str], language: str) -> str:
    return _glue(language).join(words)


def read_ratings(path: Path) -> pd.DataFrame:
    """Read the rated rows, with plain columns."""
    rows = pd.read_parquet(path)
    for column in rows.select_dtypes("category"):
        rows[column] = rows[column].astype(str)
    rows["language"] = rows.lp.str.split("-").str[1]
    return rows


def is_held_out(source: str) -> bool:
    """Whether a source is kept for validation; by its hash, so that all language pairs and runs agree."""
    return int(hashlib.sha256(source.encode()).hexdigest()[:8], 16) / 16**8 < HELD_OUT


def compute_mqm_target(penalty: float) -> float:
    """Turn MQM's penalty, in which a major error counts -5, into a value from 0 to 1."""
    return max(0.0, 1 + max(penalty, -25.0) / 25)


def make_groups(rows: pd.DataFrame, seed: int, mlqe: int) -> tuple[list[Group], list[Group]]:
    """Make the groups for training and those for validation.

    Validation has the MQM sources that are held out, and half of the rows without a licence for which there
    are several systems.

    Args:
        rows: `read_ratings`.
        seed: of damage and choice.
        mlqe: number of rows of MLQE-PE per language pair.
    """
    others = rows[
        ~rows.licence.isin(LICENCES)
        & rows.source.isin(["wmt21-MQM-qe", "indicmt-eval"])
        & ~rows.lp.isin(["en-de", "zh-en"])
    ]
    rows = rows[rows.licence.isin(LICENCES)]
    mqm, pairs = rows[rows.source == "wmt21-MQM"], rows[rows.source == "mlqe-pe-DA"]
    pairs = pairs.groupby("lp").sample(mlqe, random_state=seed)
    damage = Damage(_list_texts([mqm[~mqm.src.map(is_held_out)], pairs]), seed)
    train, validation = [], []
    for group in _group_mqm(mqm, "mqm"):
        if is_held_out(group.src):
            validation.append(group)
        else:
            train.append(_add_damage(damage, group, 3))
    validation += [
        group for group in _group_mqm(others, "other") if len(group.candidates) > 2 and len(group.src) % 2
    ]
    train += [_add_damage(damage, group, 4) for group in _group_mlqe(pairs)]
    return train, validation


def _list_texts(tables: Sequence[pd.DataFrame]) -> dict[str, list[str]]:
    """List distinct sources and references by language."""
    by_language: dict[str, set[str]] = {}
    for table in tables:
        for language, text in zip(table.language, table.ref, strict=True):
            by_language.setdefault(language, set()).add(text)
        for pair, text in zip(table.lp, table.src, strict=True):
            by_language.setdefault(pair.split("-")[0], set()).add(text)
    return {language: sorted(texts) for language, texts in by_language.items()}


def _group_mqm(rows: pd.DataFrame, origin: str) -> Iterator[Group]:
    for (pair, source), of_source in rows.groupby(["lp", "src"], sort=True):
        rated = [
            Candidate(mt, compute_mqm_target(raw), "rated")
            for mt, raw in zip(of_source.mt, of_source.raw, strict=True)
        ]
        yield Group(source, of_source.ref.iloc[0], pair.split("-")[1], tuple(rated), origin)


def _group_mlqe(rows: pd.DataFrame) -> Iterator[Group]:
    """One group per row, and one in the other direction unless the source is English.

    The latter train languages that are only sources. They have no ratings, so only damage is added to them.
    """
    for row in rows.itertuples():
        target = max(0.0, min(1.0, row.raw / 100))
        known = (Candidate(row.mt, target, "rated"), Candidate(row.ref, 1.0, "reference"))
        yield Group(row.src, row.ref, row.language, known, "mlqe")
        language = row.lp.split("-")[0]
        if language != "en":
            source = (Candidate(row.src, 1.0, "reference"),)
            yield Group(row.ref, row.src, language, source, "reversed")


def _add_damage(damage: Damage, group: Group, count: int) -> Group:
    """Add damaged versions of one candidate, and in half of the cases a worthless text."""
    base = damage.random.choice(group.candidates)
    made = damage.make_all(base.text, group.language)
    chosen = damage.random.sample(made, min(count, len(made)))
    added = [Candidate(text, base.target * left, kind) for text, left, kind in chosen]
    if damage.random.random() < 0.5:
        worthless = damage.make_worthless(base.text, group.src, group.language)
        added.append(damage.random.choice(worthless))
    return replace(group, candidates=(*group.candidates, *added))
