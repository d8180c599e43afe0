"""Training data of evalkit-mini: rated translations, and translations damaged on purpose, in groups that share a source and a reference.

Weights that ship see only rows under CC0 (MLQE-PE: Fomicheva et al. 2022) or Apache-2.0 (MQM of WMT21: Freitag et al.
2021), and damage to their texts. A group holds the candidates for one source and reference, each with a target from 0 to 1;
training ranks them within the group, so that how hard or long a source is teaches nothing.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import regex

LICENCES = ("CC0", "Apache-2.0")
"""Of rows that may train weights that ship."""
HELD_OUT = 0.15
"""Share of the sources of MQM that validation keeps."""
_NAME = regex.compile(r"(?<=[\p{L},;] )\p{Lu}[\p{L}\p{M}’'-]+(?: \p{Lu}[\p{L}\p{M}’'-]+)*")
"""Words with a capital in the middle of a sentence. In German these are nouns as well, which serve as well."""
_CHINESE_NAMES = (
    "北京 上海 香港 台湾 广州 深圳 武汉 中国 美国 英国 法国 德国 日本 韩国 印度 俄罗斯 加拿大 澳大利亚 巴西 意大利 西班牙 纽约 伦敦 巴黎 东京 "
    "华盛顿 莫斯科 柏林 特朗普 拜登 普京 马克龙 默克尔 约翰逊 奥巴马 联合国 欧盟 世界卫生组织 谷歌 苹果 微软 亚马逊 特斯拉"
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
    """A translation and what it is worth."""

    text: str
    target: float
    """0–1: 1 without fault."""
    kind: str
    """rated, reference, or the kind of damage."""


@dataclass(frozen=True)
class Group:
    """Translations of one source that are judged against one reference."""

    src: str
    ref: str
    language: str
    """Of the reference."""
    candidates: tuple[Candidate, ...]
    origin: str


class Damage:
    """Damage to translations: each method gives a damaged text, or None where it finds nothing to damage."""

    def __init__(self, texts: Mapping[str, Sequence[str]], seed: int) -> None:
        """`texts` by language: what is put in comes from there."""
        self.random = random.Random(seed)
        self.texts = texts
        self.names = {
            language: sorted({name for text in of for name in _NAME.findall(text)})
            if language != "zh"
            else list(_CHINESE_NAMES)
            for language, of in texts.items()
        }

    def name_swapped(self, text: str, language: str) -> str | None:
        """A name becomes another."""
        found = [name for name in _CHINESE_NAMES if name in text] if language == "zh" else _NAME.findall(text)
        others = self.names.get(language, [])
        if not found or len(others) < 2:
            return None
        name = self.random.choice(found)
        other = self.random.choice(others)
        return None if other == name else text.replace(name, other)

    def name_misspelt(self, text: str, language: str) -> str | None:
        """One to three letters of a name, or else of a long word, change."""
        found = [name for name in _NAME.findall(text) if len(name) > 3] or regex.findall(
            r"[\p{L}\p{M}]{6,}", text
        )
        if not found or language in ("zh", "ja"):
            return None
        name = self.random.choice(found)
        letters = list(name)
        for _ in range(self.random.randint(1, 3)):
            at = self.random.randrange(1, len(letters))
            letters[at] = self.random.choice(
                [self.random.choice(name).lower(), "", letters[at] * 2, self.random.choice("aeioukstrnm")]
            )
        changed = "".join(letters)
        return None if changed == name else text.replace(name, changed)

    def number_changed(self, text: str, language: str) -> str | None:
        """A number becomes another."""
        found = re.findall(r"\d+", text)
        if not found:
            return None
        number = self.random.choice(found)
        other = "".join(self.random.choice("123456789") for _ in number)
        return None if other == number else re.sub(rf"(?<!\d){number}(?!\d)", other, text)

    def negated(self, text: str, language: str) -> str | None:
        """A sentence says the contrary."""
        for pattern, replacement in [*_AFFIRMED.get(language, []), *_NEGATED.get(language, [])]:
            changed = re.sub(pattern, replacement, text, count=1)
            if changed != text:
                return changed
        return None

    def dropped(self, text: str, language: str, share: float) -> str | None:
        """A stretch from somewhere in the middle is left out."""
        words = self._words(text, language)
        count = round(share * len(words))
        if not 0 < count < len(words):
            return None
        start = self.random.randint(0, len(words) - count)
        return self._joined(words[:start] + words[start + count :], language)

    def truncated(self, text: str, language: str, share: float) -> str | None:
        """The end is left out."""
        words = self._words(text, language)
        left = len(words) - round(share * len(words))
        return self._joined(words[:left], language) if 0 < left < len(words) else None

    def swapped_words(self, text: str, language: str, share: float) -> str | None:
        """Neighbouring words change places."""
        words = self._words(text, language)
        if len(words) < 4:
            return None
        for _ in range(max(1, round(share * len(words)))):
            at = self.random.randrange(len(words) - 1)
            words[at], words[at + 1] = words[at + 1], words[at]
        changed = self._joined(words, language)
        return None if changed == text else changed

    def shuffled(self, text: str, language: str) -> str | None:
        """All words in any order."""
        words = self._words(text, language)
        if len(words) < 5:
            return None
        self.random.shuffle(words)
        return self._joined(words, language)

    def replaced_words(self, text: str, language: str, share: float) -> str | None:
        """Words become words of another text."""
        words, others = self._words(text, language), self._words(self._other(text, language), language)
        if len(words) < 4 or not others:
            return None
        for at in self.random.sample(range(len(words)), max(1, round(share * len(words)))):
            words[at] = self.random.choice(others)
        return self._joined(words, language)

    def repeated(self, text: str, language: str) -> str | None:
        """A stretch comes twice."""
        words = self._words(text, language)
        if len(words) < 5:
            return None
        count = self.random.randint(2, max(2, len(words) // 2))
        start = self.random.randint(0, len(words) - count)
        return self._joined(words[: start + count] + words[start:], language)

    def with_boilerplate(self, text: str, language: str) -> str | None:
        """Something that is no part of the article stands before or after."""
        lines = _BOILERPLATE.get(language)
        if not lines:
            return None
        pair = [text, self.random.choice(lines)]
        self.random.shuffle(pair)
        return self._glue(language).join(pair)

    def with_another(self, text: str, language: str) -> str | None:
        """A sentence of another text follows."""
        return text + self._glue(language) + self._other(text, language)

    def another(self, text: str, language: str) -> str | None:
        """A text from elsewhere."""
        return self._other(text, language)

    def graded(self, text: str, language: str) -> list[tuple[str, float, str]]:
        """Damaged texts, the share of the target that is left, and the kind; one of each kind that applies."""
        share = self.random.uniform(0.1, 0.6)
        few = self.random.uniform(0.05, 0.25)
        kinds: list[tuple[str, float, Callable[[], str | None]]] = [
            ("name misspelt", 0.88, lambda: self.name_misspelt(text, language)),
            ("name swapped", 0.72, lambda: self.name_swapped(text, language)),
            ("number changed", 0.75, lambda: self.number_changed(text, language)),
            ("negated", 0.7, lambda: self.negated(text, language)),
            ("dropped", 1 - 0.9 * share, lambda: self.dropped(text, language, share)),
            ("truncated", 1 - 0.9 * share, lambda: self.truncated(text, language, share)),
            ("words swapped", 0.92 - few, lambda: self.swapped_words(text, language, few)),
            ("words replaced", 0.9 - 1.5 * few, lambda: self.replaced_words(text, language, few)),
            ("repeated", 0.75, lambda: self.repeated(text, language)),
            ("boilerplate", 0.8, lambda: self.with_boilerplate(text, language)),
            ("another sentence added", 0.6, lambda: self.with_another(text, language)),
            ("shuffled", 0.35, lambda: self.shuffled(text, language)),
        ]
        found = [(make(), left, kind) for kind, left, make in kinds]
        return [(changed, left, kind) for changed, left, kind in found if changed and changed != text]

    def worthless(self, text: str, source: str, language: str) -> list[tuple[str, float, str]]:
        """Texts that are no translation, and their targets."""
        return [
            (self._other(text, language), 0.1, "another text"),
            (source, 0.12, "source copied"),
            ("", 0.0, "empty"),
        ]

    def _other(self, text: str, language: str) -> str:
        while True:
            other = self.random.choice(self.texts[language])
            if other != text:
                return other

    @staticmethod
    def _glue(language: str) -> str:
        return "" if language in ("zh", "ja") else " "

    def _words(self, text: str, language: str) -> list[str]:
        return re.findall(r"[a-zA-Z0-9]+|.", text) if language in ("zh", "ja") else text.split()

    def _joined(self, words: Sequence[str], language: str) -> str:
        return self._glue(language).join(words)


def read_ratings(path: Path) -> pd.DataFrame:
    """The rated rows, with plain columns."""
    rows = pd.read_parquet(path)
    for column in rows.select_dtypes("category"):
        rows[column] = rows[column].astype(str)
    rows["language"] = rows.lp.str.split("-").str[1]
    return rows


def held_out(source: str) -> bool:
    """Whether validation keeps a source; by its hash, so that it is the same in every language pair and run."""
    return int(hashlib.sha256(source.encode()).hexdigest()[:8], 16) / 16**8 < HELD_OUT


def mqm_target(penalty: float) -> float:
    """MQM's minus weighted errors, of which one major error is -5, as a value from 0 to 1."""
    return max(0.0, 1 + max(penalty, -25.0) / 25)


def groups(rows: pd.DataFrame, seed: int, mlqe: int) -> tuple[list[Group], list[Group]]:
    """Groups for training, and for validation: sources of MQM held out, and half of the rows under no licence with several systems.

    Args:
        rows: `read_ratings`.
        seed: of damage and choice.
        mlqe: rows of MLQE-PE to take per language pair.
    """
    others = rows[
        ~rows.licence.isin(LICENCES)
        & rows.source.isin(["wmt21-MQM-qe", "indicmt-eval"])
        & ~rows.lp.isin(["en-de", "zh-en"])
    ]
    rows = rows[rows.licence.isin(LICENCES)]
    mqm, pairs = rows[rows.source == "wmt21-MQM"], rows[rows.source == "mlqe-pe-DA"]
    pairs = pairs.groupby("lp").sample(mlqe, random_state=seed)
    by_language: dict[str, list[str]] = {}
    for of in (mqm[~mqm.src.map(held_out)], pairs):
        for language, text in zip(of.language, of.ref, strict=True):
            by_language.setdefault(language, []).append(text)
        for pair, text in zip(of.lp, of.src, strict=True):
            by_language.setdefault(pair.split("-")[0], []).append(text)
    damage = Damage({language: sorted(set(texts)) for language, texts in by_language.items()}, seed)
    train, validation = [], []
    for (_, source), of in mqm.groupby(["lp", "src"], sort=True):
        language, reference = of.language.iloc[0], of.ref.iloc[0]
        rated = [Candidate(mt, mqm_target(raw), "rated") for mt, raw in zip(of.mt, of.raw, strict=True)]
        if held_out(source):
            validation.append(Group(source, reference, language, tuple(rated), "mqm"))
            continue
        train.append(
            Group(source, reference, language, (*rated, *_damaged(damage, rated, source, language, 3)), "mqm")
        )
    for (pair, source), of in others.groupby(["lp", "src"], sort=True):
        if len(of) > 2 and len(source) % 2:
            rated = [Candidate(mt, mqm_target(raw), "rated") for mt, raw in zip(of.mt, of.raw, strict=True)]
            validation.append(Group(source, of.ref.iloc[0], pair.split("-")[1], tuple(rated), "other"))
    for row in pairs.itertuples():
        known = [
            Candidate(row.mt, max(0.0, min(1.0, row.raw / 100)), "rated"),
            Candidate(row.ref, 1.0, "reference"),
        ]
        train.append(
            Group(
                row.src,
                row.ref,
                row.language,
                (*known, *_damaged(damage, known, row.src, row.language, 4)),
                "mlqe",
            )
        )
        # the other way round, for the languages that are only sources: nobody rated these, so there is damage alone
        language = row.lp.split("-")[0]
        if language != "en":
            whole = [Candidate(row.src, 1.0, "reference")]
            train.append(
                Group(
                    row.ref,
                    row.src,
                    language,
                    (*whole, *_damaged(damage, whole, row.ref, language, 4)),
                    "reversed",
                )
            )
    return train, validation


def _damaged(
    damage: Damage, known: Sequence[Candidate], source: str, language: str, count: int
) -> list[Candidate]:
    """Damage to one of the candidates, and sometimes something worthless."""
    base = damage.random.choice(known)
    found = damage.graded(base.text, language)
    chosen = damage.random.sample(found, min(count, len(found)))
    made = [Candidate(text, base.target * left, kind) for text, left, kind in chosen]
    if damage.random.random() < 0.5:
        made.append(Candidate(*damage.random.choice(damage.worthless(base.text, source, language))))
    return made


def record(group: Group) -> dict[str, Any]:
    """A group as JSON."""
    return {**vars(group), "candidates": [vars(candidate) for candidate in group.candidates]}
