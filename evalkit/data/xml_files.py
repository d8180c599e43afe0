"""Parsing XML files, encoded as a byte order mark or the declaration says. The bytes must agree."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from lxml import etree

from evalkit.data.encodings import decode, decode_utf8, find_mark, find_word, guess_encoding
from evalkit.data.text import read_content
from evalkit.errors import DataError, quote

_DECLARATION = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]+)["']""")
_WITHOUT_MARK = {b"<\0?\0": "utf-16-le", b"\0<\0?": "utf-16-be"}
"""How UTF-16 without a byte order mark begins, by which XML recognises it."""
_CONTROL = re.compile("[\x80-\x84\x86-\x9f]")
"""The control characters of ISO-8859, at the places where windows-125x has quotation marks and dashes."""


def parse_xml(path: Path) -> etree._Element:
    """Parse an XML file, which may be compressed. Nothing is read from a network or another file.

    Raises:
        DataError: the file cannot be read, its bytes are not in the encoding that it declares, or it is not
            well-formed; names the byte or line.
    """
    text = _decode(read_content(path), path)
    # the text is UTF-8 now, whatever its declaration says
    parser = etree.XMLParser(encoding="utf-8", resolve_entities="internal", no_network=True)
    try:
        return etree.fromstring(text.encode("utf-8", "surrogatepass"), parser)
    except etree.XMLSyntaxError as error:
        raise DataError(f"{path}:{error.lineno}: not well-formed XML: {error.msg}") from error


def _decode(content: bytes, path: Path) -> str:
    if find_mark(content):  # it outranks the declaration, which many tools do not adapt
        return decode(content, path)
    if content[:4] in _WITHOUT_MARK:
        return _decode_declared(content, path, "UTF-16", _WITHOUT_MARK[content[:4]])
    match = _DECLARATION.match(content)
    declared = match[1].decode("ascii", "replace") if match else "UTF-8"
    encoding = _find_encoding(declared, path)
    if not encoding.startswith("utf-8") and _is_utf8(content):
        raise DataError(
            f"{path}: the XML declaration says {declared}, but the bytes are UTF-8 "
            f'({quote(find_word(content.decode()))}); write encoding="UTF-8" in the declaration'
        )
    # a declaration that can be read byte by byte is not in UTF-16
    if encoding.startswith(("utf-8", "utf-16", "utf-32")):
        return decode_utf8(content, path)
    return _decode_declared(content, path, declared, encoding)


def _is_utf8(content: bytes) -> bool:
    """Whether bytes are UTF-8, with characters beyond ASCII. Text in another encoding hardly ever is."""
    try:
        return not content.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False


def _find_encoding(declared: str, path: Path) -> str:
    """Python's name of an encoding."""
    try:
        " ".encode(declared)  # refuses Python's codecs that are not text encodings
        return codecs.lookup(declared).name
    except (LookupError, UnicodeError) as error:
        raise DataError(
            f"{path}: the XML declaration says {declared!r}, which is not a known encoding; convert the file "
            'to UTF-8 and write encoding="UTF-8" in the declaration'
        ) from error


def _decode_declared(content: bytes, path: Path, declared: str, encoding: str) -> str:
    try:
        text = content.decode(encoding)
        wrong = _CONTROL.search(text) if encoding.startswith("iso8859") else None
        place = None if wrong is None else wrong.start()
    except UnicodeError as problem:
        place = int(getattr(problem, "start", 0))
    if place is None:
        return text
    sample = content[place : place + (1 << 16)]
    likely, name = guess_encoding(sample)
    word = find_word(sample.decode(likely, "replace"))
    raise DataError(
        f"{path}: the XML declaration says {declared}, in which byte {place} (0x{content[place]:02x}) "
        f"is not a character; in {name}, the text there is {quote(word)}; correct the declaration"
    )
