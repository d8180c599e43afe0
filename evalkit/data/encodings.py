"""From bytes to text: UTF-8, or what a byte order mark says. Nothing is guessed, except in messages.

A file in another encoding is refused with the encoding that it most likely has, a word that shows whether
this is right, and the command that converts it.
"""

from __future__ import annotations

import codecs
import re
import shlex
import unicodedata
from collections import Counter
from pathlib import Path
from typing import BinaryIO, NoReturn

from evalkit.errors import DataError, EvalkitError, quote

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # begins with the mark of UTF-16
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CENTRAL = ("áčďéěíňóřšťúůýž", "ąćęłńóśźż", "čćđšž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ")
_ALPHABETS = {
    "cp1252": ("äöüß", "àâæçéèêëîïôùûœ", "áéíñóúü", "àáâãçéêíóôõúü", "àèéìîòóù", "áéíóúýþæöð", "æøå", "åäö"),
    "cp1250": _CENTRAL,
    "iso8859_2": _CENTRAL,
    "cp1254": ("çğıöşü",),
    "cp1257": ("āčēģīķļņšūž", "ąčęėįšųūž", "äõöüšž"),
}
"""Encodings of Latin script, with the letters beyond ASCII of one language each."""
_NAMES = {
    "cp1252": "WINDOWS-1252",
    "cp1250": "WINDOWS-1250",
    "iso8859_2": "ISO-8859-2",
    "cp1254": "WINDOWS-1254",
    "cp1257": "WINDOWS-1257",
}
_OTHER_SCRIPTS = {
    "cp1251": "WINDOWS-1251",
    "koi8_r": "KOI8-R",
    "cp1253": "WINDOWS-1253",
    "cp1255": "WINDOWS-1255",
    "cp1256": "WINDOWS-1256",
    "shift_jis": "SHIFT_JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB18030",
    "big5": "BIG5",
    "euc_kr": "EUC-KR",
}
"""Encodings of other scripts, with the names that iconv knows."""
_SAMPLE = 1 << 16
_WORD = re.compile(r"\w*[^\W\d_\x00-\x7f]\w*|[^\x00-\x7f]+")


def find_mark(content: bytes) -> str | None:
    """Python's name of the encoding that a byte order mark says; None without a mark."""
    return next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)


def decode(content: bytes, path: Path) -> str:
    """Decode a whole file, without its byte order mark.

    Raises:
        DataError: the content is not UTF-8, and not what its byte order mark says; gives the first wrong byte
            and the encoding that the file most likely has.
    """
    encoding = find_mark(content)
    if encoding in (None, "utf-8-sig"):
        return decode_utf8(content, path).removeprefix("\ufeff")
    assert encoding is not None
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise DataError(explain_mark(path, encoding, problem)) from problem


def explain_mark(path: Path, encoding: str, problem: UnicodeDecodeError) -> str:
    """The message for a file whose content is not what its byte order mark says."""
    return (
        f"{path}: the byte order mark says {encoding.upper()}, but the content is not ({problem.reason}); "
        "save the file again, as UTF-8"
    )


def decode_utf8(
    content: bytes,
    path: Path,
    offset: int = 0,
    error: type[EvalkitError] = DataError,
    file: BinaryIO | None = None,
) -> str:
    """Decode UTF-8.

    Args:
        content: of a file, or a part of it.
        path: the file, for the message.
        offset: where the part begins in the file, in bytes.
        error: the class of error to raise.
        file: gives what follows the part, from which the encoding can be guessed.

    Raises:
        EvalkitError: of the class `error`. The content is not UTF-8, or has bytes that no text has; gives the
            offset of the first one.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        place = f"byte {offset + problem.start} (0x{content[problem.start]:02x})"
        sample = content[: problem.start + _SAMPLE] + (file.read(_SAMPLE) if file else b"")
        if b"\0" in sample:
            _refuse_nul(sample, path, offset, error)
        raise error(f"{path}: not UTF-8 at {place}; {_advise(sample, problem.start, path)}") from problem
    if "\0" in text:
        _refuse_nul(content + (file.read(_SAMPLE) if file else b""), path, offset, error)
    return text


def _advise(content: bytes, place: int, path: Path) -> str:
    """What to do about content that is not UTF-8 at a place."""
    around = content[max(0, place - 200) : place + _SAMPLE].decode("utf-8", "replace")
    if sum(character > "\x7f" for character in around) > 2 * around.count("\ufffd"):
        return "the text around it is UTF-8, so this place is damaged; correct it"
    word_start = max(content.rfind(space, 0, place) for space in (b" ", b"\n", b"\t", b">", b'"')) + 1
    encoding, name = guess_encoding(content[word_start:])
    word = find_word(content[word_start:].decode(encoding, "replace"))
    return (
        f"in {name}, the text there is {quote(word)}; if that is right, convert the file to UTF-8: "
        f"iconv -f {name} -t UTF-8 {shlex.quote(path.name)} > NEW"
    )


def guess_encoding(sample: bytes) -> tuple[str, str]:
    """Guess the encoding of bytes that are not UTF-8: Python's name and that of iconv.

    In Latin script, few letters are beyond ASCII, and nearly all of those are in the alphabet of one language.
    """
    high, ascii_letters = (len(re.findall(pattern, sample)) for pattern in (rb"[\x80-\xff]", rb"[A-Za-z]"))
    if high > ascii_letters:
        import charset_normalizer

        # a sample that is cut within a character would be in none of them
        end = max(sample.rfind(mark) for mark in (b"\n", b">", b" ")) if len(sample) > 1000 else 0
        best = charset_normalizer.from_bytes(
            sample[: end if end > 0 else None], cp_isolation=list(_OTHER_SCRIPTS)
        ).best()
        if best is not None and best.encoding in _OTHER_SCRIPTS:
            return best.encoding, _OTHER_SCRIPTS[best.encoding]
    likely = max(_ALPHABETS, key=lambda encoding: _count_fitting(sample, encoding))
    if sample.decode(likely, "replace") == sample.decode("cp1252", "replace"):
        likely = "cp1252"  # by far the most common one with this text
    return likely, _NAMES[likely]


def _count_fitting(sample: bytes, encoding: str) -> int:
    """How many characters beyond ASCII are in the alphabet of one language, less those that are not."""
    counts = Counter(
        character for character in sample.decode(encoding, "replace").lower() if character > "\x7f"
    )
    letters = {
        letter: count for letter, count in counts.items() if unicodedata.category(letter)[0] not in "PZ"
    }
    fitting = (sum(letters.get(letter, 0) for letter in alphabet) for alphabet in _ALPHABETS[encoding])
    return 2 * max(fitting) - sum(letters.values())


def find_word(text: str) -> str:
    """The first word with a letter beyond ASCII, which shows whether a text was decoded as it should be."""
    match = _WORD.search(text)
    return match[0] if match else ""


def _refuse_nul(content: bytes, path: Path, offset: int, error: type[EvalkitError]) -> NoReturn:
    """Say what a file with NUL bytes most likely is. In UTF-16, they are at odd or at even places."""
    sample = content[:_SAMPLE]
    place = offset + content.index(0)
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    if sample[257:262] == b"ustar":
        raise error(f"{path}: it is a tar archive; extract its files")
    if max(odd, even) > len(sample) / 20 and max(odd, even) > 3 * min(odd, even):
        name = "UTF-16LE" if odd > even else "UTF-16BE"
        raise error(
            f"{path}: NUL at byte {place}: most likely {name} without a byte order mark; convert the file to "
            f"UTF-8: iconv -f {name} -t UTF-8 {shlex.quote(path.name)} > NEW"
        )
    raise error(f"{path}: NUL at byte {place}, which no text has: the file is damaged, or it is not a text")
