"""XML in the encoding that it declares, and in one that it does not declare."""

from __future__ import annotations

import gzip
import re

import pytest

from evalkit.data.xml_files import parse_xml
from evalkit.errors import DataError


@pytest.fixture
def write(tmp_path):
    """Writes XML with a declaration and a text, in an encoding; returns the path."""

    def make(declared, encoding, text, mark=b""):
        path = tmp_path / "mini.xml"
        declaration = "" if declared is None else f'<?xml version="1.0" encoding="{declared}"?>\n'
        path.write_bytes(mark + f"{declaration}<a>{text}</a>\n".encode(encoding))
        return path

    return make


def refused(path):
    with pytest.raises(DataError) as error:
        parse_xml(path)
    return str(error.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("ISO-8859-1", "latin-1", "Köln größer"),
        ("iso-8859-2", "iso-8859-2", "Příliš žluťoučký"),
        ("ISO-8859-15", "iso-8859-15", "Œuvre 5 €"),
        ("windows-1252", "cp1252", "“Köln” – größer"),
        ("windows-1251", "cp1251", "Привет, мир"),
        ("koi8-r", "koi8-r", "Привет, мир"),
        ("GB18030", "gb18030", "中国国家主席"),
        ("Shift_JIS", "shift_jis", "日本の首相"),
        ("ISO-2022-JP", "iso-2022-jp", "日本の首相"),
        ("EUC-KR", "euc-kr", "대통령은"),
        ("UTF-16", "utf-16", "Köln 東京 😀"),
        ("UTF-16", "utf-16-le", "Köln 東京 😀"),
        ("UTF-16", "utf-16-be", "Köln 東京 😀"),
        ("UTF-8", "utf-8", "Köln 東京 😀"),
        ("utf8", "utf-8-sig", "Köln 東京 😀"),
        (None, "utf-8", "Köln 東京 😀"),
        (None, "utf-16", "Köln 東京 😀"),
        ("US-ASCII", "ascii", "plain"),
    ],
)
def test_xml_is_read_as_it_declares(write, declared, encoding, text):
    assert parse_xml(write(declared, encoding, text)).text == text


@pytest.mark.parametrize(
    ("declared", "encoding"), [("UTF-8", "utf-16"), ("ISO-8859-1", "utf-8-sig"), ("ISO-8859-1", "utf-16")]
)
def test_a_byte_order_mark_outranks_the_declaration(write, declared, encoding):
    assert parse_xml(write(declared, encoding, "Köln")).text == "Köln"


@pytest.mark.parametrize("declared", ["ISO-8859-1", "windows-1251", "US-ASCII", "UTF-16", "Shift_JIS"])
def test_a_file_that_was_converted_but_declares_its_old_encoding_is_refused(write, declared):
    assert refused(write(declared, "utf-8", "in Köln gehört")) == (
        f"the XML declaration says {declared}, but the bytes are UTF-8 ('Köln'); "
        'write encoding="UTF-8" in the declaration'
    )
    assert parse_xml(write(declared, "utf-8", "plain")).text == "plain"


def test_windows_quotation_marks_in_declared_latin1_are_refused(write):
    assert refused(write("ISO-8859-1", "cp1252", "Er sagte “ja”.")) == (
        "the XML declaration says ISO-8859-1, in which byte 56 (0x93) is not a character; in WINDOWS-1252, "
        "the text there is '“'; correct the declaration"
    )


def test_bytes_that_the_declared_encoding_does_not_have_are_refused(write):
    assert refused(write("Shift_JIS", "cp1252", "Köln größer")).startswith(
        "the XML declaration says Shift_JIS, in which byte "
    )


@pytest.mark.parametrize("declared", ["UTF-8", None])
def test_latin1_that_declares_nothing_or_utf8_is_refused_with_the_command(write, declared):
    assert re.fullmatch(
        r"not UTF-8 at byte \d+ \(0xf6\); in WINDOWS-1252, the text there is 'Köln'; if that is right, "
        r"convert the file to UTF-8: iconv -f WINDOWS-1252 -t UTF-8 mini\.xml > NEW",
        refused(write(declared, "latin-1", "in Köln")),
    )


@pytest.mark.parametrize("declared", ["nonsense", "base64", "rot13"])
def test_an_unknown_encoding_is_refused(write, declared):
    assert refused(write(declared, "utf-8", "plain")) == (
        f"the XML declaration says {declared!r}, which is not a known encoding; "
        'convert the file to UTF-8 and write encoding="UTF-8" in the declaration'
    )


def test_an_encoding_is_not_taken_for_utf8_by_the_beginning_of_its_name(tmp_path):
    path = tmp_path / "text.xml"
    path.write_bytes('<?xml version="1.0" encoding="utf-7"?><a>Köln</a>'.encode("utf-7"))
    assert parse_xml(path).text == "Köln"


def test_compressed_xml_is_read_and_errors_name_the_line(write):
    path = write("ISO-8859-1", "latin-1", "Köln")
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert parse_xml(path).text == "Köln"
    path = write("UTF-16", "utf-16", "Köln\n<b>")
    assert re.fullmatch(rf"{path}:3: not well-formed XML: .*", refused(path))


def test_nothing_else_is_read(write, tmp_path):
    (tmp_path / "other.txt").write_text("secret")
    path = tmp_path / "mini.xml"
    path.write_text('<!DOCTYPE a [<!ENTITY x SYSTEM "other.txt"><!ENTITY y "yes">]><a>&y;</a>')
    assert parse_xml(path).text == "yes"
    path.write_text('<!DOCTYPE a [<!ENTITY x SYSTEM "other.txt">]><a>&x;</a>')
    assert "secret" not in refused(path)
