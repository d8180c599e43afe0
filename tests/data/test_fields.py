"""CSV and TSV: what a quotation mark means, and rows with too many or too few fields."""

from __future__ import annotations

import re

import pytest

from evalkit.data.table import Table
from evalkit.errors import ConfigError, DataError


@pytest.fixture
def read(tmp_path):
    """Reads the references of a table with the given name and content."""

    def make(name, content, **settings):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8", newline="")
        settings = {"path": str(path), "source": None, "target_language": "en", **settings}
        return [segment.reference for segment in Table(**settings).read().segments]

    return make


def refused(read, message, *arguments, error=DataError, **settings):
    with pytest.raises(error) as found:
        read(*arguments, **settings)
    assert re.sub(r"^\S*/", "", str(found.value)) == message


TEXTS = [
    '"We will stay',
    'until May," she said.',
    '"Yes" was it.',
    '"',
    '""',
    'a "b" c',
    "a\rb",
    " ",
    'x, "y"',
    '"a, b"',
]


@pytest.mark.parametrize("quoting", [None, "none"])
def test_a_quotation_mark_is_text_in_tsv(read, quoting):
    content = "id\treference\n" + "".join(f"{n}\t{text}\n" for n, text in enumerate(TEXTS))
    assert read("a.tsv", content, quoting=quoting) == TEXTS


def test_every_line_of_a_single_column_is_a_row(read):
    assert read("a.tsv", 'reference\n"one\n\ntwo"\n', id=None) == ['"one', "", 'two"']


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_quoting_is_a_setting(read, name):
    end = "\t" if name == "a.tsv" else ","
    content = f'id{end}reference\n1{end}"a ""b""{end}\nc"\n\n2{end}d\n'
    assert read(name, content, quoting="csv") == [f'a "b"{end}\nc', "d"]
    assert read(name, f'id{end}reference\n1{end}"a ""b"""\n', quoting="none") == ['"a ""b"""']


def test_csv_is_quoted_by_default(read):
    assert read("a.csv", 'id,reference\n1,"a, ""b"""\n') == ['a, "b"']


def test_a_tsv_that_was_written_with_quoting_is_refused(read):
    advice = (
        "looks like a quoted field; set test_set.quoting=csv, or test_set.quoting=none if the quotation "
        "marks are text"
    )
    refused(read, f"""a.tsv:2: '"a ""b"" c"' {advice}""", "a.tsv", 'id\treference\n1\t"a ""b"" c"\n')
    refused(read, f"""a.tsv:1: '"id"' {advice}""", "a.tsv", '"id"\t"reference"\n"1"\t"a"\n')


def test_a_tab_too_many_or_too_few_is_explained(read):
    head = "id\treference\n1\ta\n"
    refused(
        read,
        "a.tsv:3: 3 fields, expected 2 (id, reference); a tab separates fields: replace it in texts by "
        "a space",
        "a.tsv",
        head + "2\tb\tc\n",
    )
    refused(
        read,
        "a.tsv:4: 1 field, expected 2 (id, reference); separate the fields with a tab, and replace line "
        "breaks in texts by a space; if texts are in quotation marks, set test_set.quoting=csv",
        "a.tsv",
        head + '\n2 "b\nc"\n',
    )


def test_a_comma_too_many_or_too_few_is_explained(read):
    refused(
        read,
        "a.csv:2: 3 fields, expected 2 (id, reference); a comma separates fields: put a text with one in "
        "quotation marks",
        "a.csv",
        "id,reference\n1,b,c\n",
    )
    refused(
        read,
        "a.csv:2: 1 field, expected 2 (id, reference); separate the fields with a comma",
        "a.csv",
        "id,reference\n1;b\n",
    )


def test_other_values_of_quoting_are_refused(read):
    message = "test_set.quoting: expected csv, none or null, found 'yes'"
    refused(read, message, "a.tsv", "id\treference\n1\ta\n", quoting="yes", error=ConfigError)


@pytest.mark.parametrize(
    ("name", "header", "expected"),
    [
        ("a.csv", "id;reference", "comma"),
        ("a.tsv", "id,reference", "tab"),
        ("a.csv", "id\treference", "comma"),
    ],
)
def test_another_separator_is_refused(read, name, header, expected):
    message = f"expected names of columns separated by a {expected}, found {header!r}"
    refused(read, f"{name}:1: {message}; save the table with that separator", name, f"{header}\n1;b\n")


def test_space_around_the_name_of_a_column_is_ignored(read):
    assert read("a.tsv", "id \t reference\n1\t b \n") == [" b "]
