"""Texts without spaces between words, by hand."""

from __future__ import annotations

import pytest

from evalkit.languages.spacing import HAN, JAPANESE, share_without_spaces

THAI = "วันนี้อากาศดีมากเราจึงไปเดินเล่นที่สวนสาธารณะ"


@pytest.mark.parametrize(
    ("text", "cut", "expected"),
    [
        (THAI, frozenset(), 1),
        (THAI, JAPANESE, 1),
        ("ဒီနေ့ရာသီဥတုသိပ်ကောင်းတယ်", frozenset(), 1),
        ("ថ្ងៃនេះអាកាសធាតុល្អណាស់", frozenset(), 1),
        ("བོད་ཀྱི་སྐད་ཡིག་ནི།", frozenset(), 1),
        ("今天的天气非常好，我们去公园散步。", frozenset(), 1),
        ("今天的天气非常好，我们去公园散步。", HAN, 0),
        ("晴れた日に公園を散歩する", HAN, 6 / 12),  # れたにをする
        ("晴れた日に公園を散歩する", JAPANESE, 0),
        ("วันนี้ อากาศ ดี มาก เรา จึง ไป", frozenset(), 0),  # cut into words
        ("今天 的 天气 非常 好", frozenset(), 0),
        ("The weather is fine. 오늘은 날씨가 좋다. شمس", frozenset(), 0),
        ("abcdefghi 今天的天气非常好呀", frozenset(), 9 / 18),
        ("", frozenset(), 0),
    ],
)
def test_the_share_of_letters_without_spaces(text, cut, expected):
    assert share_without_spaces([text], cut) == pytest.approx(expected)
