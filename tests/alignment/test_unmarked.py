"""Sentences of Thai, Lao, Khmer, Burmese and Tibetan; most texts are lines of translated news."""

from __future__ import annotations

import pytest

from evalkit.alignment.sentences import split_sentences


@pytest.mark.parametrize(
    ("language", "glue", "expected"),
    [
        ("km", "", ["គាត់គឺជាប្រធានក្រុម។", "យើងបានបោះបង់ចោល។", "មានផ្លែឈើ ។ល។ នៅទីនេះ។"]),
        ("khm", " ", ["គាត់គឺជាប្រធានក្រុម។", "តើអ្នកណា?", "យើងបានបោះបង់ចោល។”"]),
        ("my", "", ["သူသည် မြို့၊ ရွာသို့ သွားသည်။", "သူမ ပြန်လာသည်။"]),
        ("bo", " ", ["ང་ཚོ་ཁ་འཐོར་སོང་།", "ཁྲ་རྡོག་རྙེད་ཐུབ་མོད། གཟའ་འཁོར་ཅུང་ཉུང་བ་འདུག །"]),
        ("bo", " ", ["ཁོ་ནི་རུ་དཔོན་ཞིག་རེད། །", "ང་ཚོ་ཕམ་སོང་།"]),
        ("th", " ", ["มันเป็นปีที่ยากเย็น", "ดังนั้นขอบคุณสำหรับโทมัสที่เลือกผมและเชื่อในตัวผม"]),
        ("th", " ", ["รัฐบาลยังคงฟื้นฟูพื้นที่ที่ถูกทำลาย", "สภาพทั้งหมดในขณะนี้มีปรากฎ", "คุณต้องยอมรับ"]),
        ("lo", " ", ["ຂ້ອຍຮັກ 12 ຄົນນີ້ ແລະ ຂ້ອຍພາກພູມໃຈ.", "ພວກເຮົາຫຼິ້ນໄດ້ດີຫຼາຍ."]),
        ("lo", " ", ["ລາວເປັນກຳຕັນທີມທີ່ຍິ່ງໃຫ່ຍ", "ພວກເຮົາຫຼິ້ນໄດ້ດີຫຼາຍ"]),
    ],
)
def test_sentences(language, glue, expected):
    text = glue.join(expected)
    assert [span.of(text) for span in split_sentences(text, language)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "ไทเกอร์ วูดส์ ชนะ 2 ต่อ 1",
        "ชาวเดนมาร์ก โธมัส บียอร์น ได้คะแนนถึง 14.5 คะแนน",
        "ยุโรปได้ครองมงกุฎอีกครั้งหนึ่งแล้ว ขณะที่ทีมของกัปตันได้คะแนน",
        "“มันไม่ใช่การตัดสินใจที่ถูกคิดมาอย่างดี” เธอกล่าวกับฉันด้วยเสียงหัวเราะ",
        "ผู้เล่นอันดับต้น ๆ ของโลก",
    ],
)
def test_thai_names_numbers_conjunctions_and_speakers_end_no_sentence(text):
    assert len(split_sentences(text, "th")) == 1
