"""Text in UTF-8, in UTF-16, and in other encodings, which are named."""

from __future__ import annotations

import re

import pytest

from evalkit.data.encodings import guess_encoding
from evalkit.data.text import iterate_lines, read_lines, read_text
from evalkit.errors import DataError, ResultsError

TEXT = "Zürich\r\n\u2028東京 😀\r\nend"
SENTENCES = {
    "cp1252": "Der Bürgermeister von Köln eröffnete die größte Brücke.",
    "cp1250": "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "iso8859_2": "W niedzielę Święty Mikołaj przyniósł gęś i książkę.",
    "cp1254": "İstanbul'da güneşli bir gün, şöyle bir gezdiğimiz çarşı.",
    "cp1257": "Rīgā šodien līst, bet rīt būs saulains un silts laiks, sacīja meteorologs.",
    "cp1251": "Пётр приехал в Москву вчера вечером.",
    "koi8_r": "Пётр приехал в Москву вчера вечером.",
    "cp1253": "Ο πρωθυπουργός επισκέφθηκε χθες την Αθήνα.",
    "cp1256": "زار رئيس الوزراء القاهرة أمس.",
    "shift_jis": "日本の首相は昨日、東京で会談した。",
    "euc_jp": "日本の首相は昨日、東京で会談した。",
    "gb18030": "中国国家主席习近平昨天在北京会见了总统。",
    "big5": "中國國家主席習近平昨天在北京會見了總統。",
    "euc_kr": "대통령은 어제 서울에서 회담을 가졌다.",
}


def list_lines(path):
    return [line for _, line in iterate_lines(path)]


@pytest.fixture
def refused(tmp_path):
    """Gives the message with which both ways of reading refuse a content."""

    def read(content):
        path = tmp_path / "ref of.de"
        path.write_bytes(content)
        messages = set()
        for function in (read_text, list_lines):
            with pytest.raises(DataError) as error:
                function(path)
            messages.add(str(error.value).removeprefix(f"{path}: "))
        (message,) = messages
        return message

    return read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_how_a_text_is_encoded(tmp_path, encoding):
    path = tmp_path / "text"
    path.write_bytes(TEXT.encode(encoding))
    assert read_lines(path) == list_lines(path) == TEXT.split("\r\n")


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"], ids=["little", "big"])
def test_both_byte_orders_are_read(tmp_path, mark):
    path = tmp_path / "text"
    path.write_bytes(mark + TEXT.encode("utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"))
    assert read_lines(path) == list_lines(path) == TEXT.split("\r\n")


def test_utf16_that_is_cut_off_is_refused(refused):
    message = refused("ab".encode("utf-16")[:-1])
    assert message.startswith("the byte order mark says UTF-16, but the content is not (truncated data)")


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("deu", "cp1252"),
        ("fra", "cp1252"),
        ("ces", "cp1250"),
        ("pol", "iso8859_2"),
        ("tur", "cp1254"),
        ("rus", "cp1251"),
        ("jpn", "shift_jis"),
        ("zho-CN", "gb18030"),
    ],
)
def test_the_encoding_of_a_real_text_is_named(shared, language, encoding):
    (path,) = (shared / "ntrex").rglob(f"reference.{language}.txt")
    content = path.read_text(encoding="utf-8").encode(encoding, "ignore")
    start = next(place for place, byte in enumerate(content) if byte > 127)
    for size in (50_000, 50_001, 3_000, 3_001):
        assert guess_encoding(content[start : start + size])[0] == encoding


@pytest.mark.parametrize("encoding", SENTENCES)
def test_the_message_names_the_encoding_and_the_command_that_converts_it(refused, encoding):
    text = SENTENCES[encoding]
    message = refused(f"A plain line.\n{text}\n".encode(encoding))
    name, word, command = re.fullmatch(
        r"not UTF-8 at byte \d+ \(0x..\); in (\S+), the text there is '(.+)'; if that is right, convert the "
        r"file to UTF-8: (.*)",
        message,
    ).groups()
    assert word in text
    assert f"A plain line.\n{text}".encode(name).decode(encoding) == f"A plain line.\n{text}"
    assert command == f"iconv -f {name} -t UTF-8 'ref of.de' > NEW"


def test_a_guess_is_never_utf8():
    assert guess_encoding(b"\xfc") != ("utf-8", "UTF-8")


def test_a_damaged_place_in_utf8_is_not_taken_for_another_encoding(refused):
    text = "Die größten Brücken überspannen Flüsse.\n".encode()
    assert refused(text + b"\xfc" + text) == (
        f"not UTF-8 at byte {len(text)} (0xfc); the text around it is UTF-8, so "
        "this place is damaged; correct it"
    )
    assert "this place is damaged" in refused("Київ, Львів".encode()[:-1] + b"\xd0")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", ["Hello there.\nAnd you?\n", "中国国家主席 a b\n昨天在北京\n会见\n"], ids=["en", "zh"]
)
def test_utf16_without_a_byte_order_mark_is_recognised(refused, encoding, text):
    name = encoding.upper().replace("16-", "16")
    assert (
        f"most likely {name} without a byte order mark; convert the file to UTF-8: iconv -f {name} "
        in refused(text.encode(encoding))
    )


def test_what_is_not_text_is_refused(refused):
    assert refused(b"a line\n" + bytes(100)) == (
        "NUL at byte 7, which no text has: the file is damaged, or it is not a text"
    )


def test_the_class_of_the_error_can_be_chosen(tmp_path):
    for content in (b"\xfc\n", b"\xff\xfea", b"a\0"):
        (tmp_path / "text").write_bytes(content)
        with pytest.raises(ResultsError):
            list(iterate_lines(tmp_path / "text", ResultsError))


@pytest.mark.parametrize("text", ["länger – séntence", "“x”", "Fuß und déjà vu"])
def test_of_encodings_with_the_same_text_the_common_one_is_named(text):
    assert guess_encoding(text.encode("cp1252"))[1] == "WINDOWS-1252"


def test_the_encoding_of_the_last_word_is_guessed_by_the_whole_word(refused):
    assert "in WINDOWS-1252, the text there is 'Kitö'" in refused("aliases: Kitö]\n".encode("cp1252"))
