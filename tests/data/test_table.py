"""Tables: the same content in every format, kept as text, and what is refused."""

from __future__ import annotations

import csv
import gzip
import json
import lzma
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import datasets
import huggingface_hub
import pyarrow as pa
import pyarrow.parquet
import pytest

from evalkit.data.outputs import read_outputs
from evalkit.data.selection import select
from evalkit.data.table import Table
from evalkit.errors import ConfigError, DataError

TRICKY = [
    "NA",
    "null",
    "",
    "007",
    "2024-01-01",
    "two\nlines",
    'He said, "go".\tThen left',
    "a\u2028b\u0085c",
    " 1e5 ",
    "None",
]
ROWS = [{"id": f"0{n}", "source": f"Текст {n}", "reference": text} for n, text in enumerate(TRICKY)]
FORMATS = ["jsonl", "json", "csv", "tsv", "parquet"]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Keeps `datasets` out of the home folder and off the network. It reads its settings on import."""
    for name in (
        "HF_DATASETS_CACHE",
        "HF_MODULES_CACHE",
        "DOWNLOADED_DATASETS_PATH",
        "EXTRACTED_DATASETS_PATH",
    ):
        monkeypatch.setattr(datasets.config, name, str(tmp_path / "cache" / name))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)


@pytest.fixture
def write(tmp_path):
    """Writes rows to a file in the format of its ending, or a text as it is; returns the path."""

    def make(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, list):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        elif path.suffix == ".parquet":
            pa.parquet.write_table(pa.Table.from_pylist(content), path)
        elif path.suffix in (".csv", ".tsv"):
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(
                    file, content[0], delimiter="\t" if path.suffix == ".tsv" else ",", lineterminator="\n"
                )
                writer.writeheader()
                writer.writerows(content)
        else:
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in content)
            path.write_text(lines if path.suffix == ".jsonl" else json.dumps(content), encoding="utf-8")
        return str(path)

    return make


def table(path, **settings):
    quoting = "csv" if path.endswith(".tsv") else None  # `write` uses Python's csv module
    return Table(**{"path": path, "target_language": "en", "quoting": quoting, **settings})


def plain(path, **settings):
    """A table with nothing but ids and references."""
    return table(path, **{"source": None, **settings})


def column(test_set, attribute):
    return [getattr(segment, attribute) for segment in test_set.segments]


def refused(reader, message, error=DataError):
    with pytest.raises(error, match=re.escape(message)):
        reader.read()


def hypotheses(reader, path):
    return read_outputs(reader, reader.read(), path)[0].hypotheses


@pytest.mark.parametrize("ending", FORMATS)
def test_every_text_is_kept_exactly(write, ending):
    test_set = table(write(f"mini.{ending}", ROWS), source_language="uk").read()
    assert column(test_set, "references") == [(text,) for text in TRICKY]
    assert column(test_set, "id") == [row["id"] for row in ROWS]
    assert column(test_set, "source") == [row["source"] for row in ROWS]
    assert (test_set.name, test_set.references, test_set.source_language) == ("mini", ("reference",), "uk")


def test_every_format_gives_the_same_fingerprint(write):
    assert len({table(write(f"mini.{ending}", ROWS)).read().fingerprint for ending in FORMATS}) == 1


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize(
    "values",
    [["2024-01-01", "2024-01-02"], ["007", "008"], ["NA", "null"], ["True", "False"], ["1.0", "1e5"]],
    ids=str,
)
def test_a_column_is_not_converted_to_dates_numbers_or_missing_values(write, ending, values):
    rows = [{"id": value, "reference": value} for value in values]
    test_set = plain(write(f"mini.{ending}", rows)).read()
    assert (column(test_set, "id"), column(test_set, "references")) == (
        values,
        [(value,) for value in values],
    )


def test_whole_numbers_are_ids(write):
    assert column(
        plain(write("mini.jsonl", [{"id": n, "reference": "x"} for n in (7, 2**70)])).read(), "id"
    ) == ["7", str(2**70)]


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_byte_order_mark_and_crlf_are_ignored(write, ending):
    path = write(f"mini.{ending}", ROWS)
    before = table(path).read().fingerprint
    write(f"mini.{ending}", "\ufeff".encode() + Path(path).read_bytes().replace(b"\n", b"\r\n"))
    assert table(path).read().fingerprint == before


def test_a_lone_carriage_return_does_not_split_a_quoted_field(write):
    assert column(plain(write("mini.csv", 'id,reference\n1,"a\rb"\n2,c\n')).read(), "references") == [
        ("a\rb",),
        ("c",),
    ]


def test_blank_lines_of_a_jsonl_file_are_ignored(write):
    assert (
        len(
            plain(write("mini.jsonl", '\n{"id": 1, "reference": "a"}\n\n{"id": 2, "reference": "b"}\n\n'))
            .read()
            .segments
        )
        == 2
    )


def test_documents_are_read(write):
    rows = [{"id": n, "reference": "x", "doc": doc} for n, doc in enumerate("aba")]
    test_set = plain(write("mini.jsonl", rows), document="doc").read()
    assert (test_set.segments_of, column(test_set, "start")) == ({"a": [0, 2], "b": [1]}, [0, 0, 2])


TWO = [{"id": n, "a": f"a{n}", "b": f"b{n}", "both": [f"a{n}", f"b{n}"]} for n in (1, 2)]


@pytest.mark.parametrize(
    ("settings", "names", "first"),
    [
        ({"reference": ["a", "b"]}, ("a", "b"), ("a1", "b1")),
        ({"reference": ["a", "b"], "references": ["b", "a"]}, ("b", "a"), ("b1", "a1")),
        ({"reference": ["both"]}, ("1", "2"), ("a1", "b1")),
        ({"reference": ["both"], "references": ["2"]}, ("2",), ("b1",)),
    ],
    ids=["columns", "columns in other order", "lists", "one of a list"],
)
@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_several_references_are_in_columns_or_in_lists(write, ending, settings, names, first):
    test_set = plain(write(f"mini.{ending}", TWO), **settings).read()
    assert (test_set.references, test_set.segments[0].references) == (names, first)


@pytest.mark.parametrize(("second", "found"), [(["x", 1], "['x', 1]"), ("x", "x")], ids=str)
def test_lists_of_references_contain_texts(write, second, found):
    rows = [{"id": 1, "reference": ["a", "b"]}, {"id": 2, "reference": second}]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    refused(
        plain(write("mini.jsonl", text)),
        f"mini.jsonl, row 2: column 'reference': expected a list of texts, found {found!r}",
    )


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (["x"], ("x", None)),
        ([], (None, None)),
        (None, (None, None)),
        (["x", None], ("x", None)),
        ([None, "y"], (None, "y")),
        (["x", ""], ("x", "")),
    ],
    ids=str,
)
def test_a_list_can_lack_references(write, second, expected):
    rows = [{"id": 1, "reference": second}, {"id": 2, "reference": ["a", "b"]}]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    assert plain(write("mini.jsonl", text)).read().segments[0].references == expected


@pytest.mark.parametrize("row", [{"id": 2, "B": None}, {"id": 2}], ids=["null", "no key"])
def test_a_reference_that_is_null_or_absent_is_missing(write, row):
    rows = [{"id": 1, "A": "a", "B": "b"}, {"A": "c", **row}]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    test_set = plain(write("mini.jsonl", text), reference=["A", "B"]).read()
    assert column(test_set, "references") == [("a", "b"), ("c", None)]


def test_a_column_of_references_that_no_row_has_is_refused(write):
    path = write("mini.jsonl", [{"id": 1, "A": "a"}, {"id": 2, "A": "c"}])
    refused(plain(path, reference=["A", "B"]), "mini.jsonl, row 1: no column 'B'; the table has id, A")


@pytest.mark.parametrize("rule", ["empty", "missing", None])
def test_the_setting_says_what_an_empty_cell_is(write, rule):
    rows = [{"id": 1, "A": "a", "B": ""}, {"id": 2, "A": "", "B": " "}]
    reader = plain(write("mini.csv", rows), reference=["A", "B"], blank_reference=rule)
    assert (
        column(reader.read(), "references")
        == {
            "empty": [("a", ""), ("", " ")],
            "missing": [("a", None), (None, None)],
            None: [("a", None), ("", " ")],
        }[rule]
    )
    with pytest.raises(ConfigError, match=r"blank_reference: expected empty, missing or null"):
        replace(reader, blank_reference="blank").read()


def test_columns_can_be_groups(write):
    rows = [{"id": 1, "reference": "a", "domain": "news", "year": 2022}, {"id": 2, "reference": "b"}]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    reader = plain(write("mini.jsonl", text), groups=["domain", "year"])
    assert column(reader.read(), "groups") == [{"domain": "news", "year": "2022"}, {}]
    refused(replace(reader, groups=["genre"]), "no column 'genre'")


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_a_column_can_be_a_field_of_a_column_with_objects(write, ending):
    rows = [{"id": 1, "translation": {"de": "Haus", "en": "house"}, "meta": {"domain": "news"}}]
    path = write(f"mini.{ending}", rows)
    reader = table(path, source="translation.de", reference="translation.en", groups="meta.domain")
    (segment,) = reader.read().segments
    assert (segment.source, segment.references) == ("Haus", ("house",))
    assert segment.groups == {"meta.domain": "news"}
    names = "id, translation.de, translation.en, meta.domain"
    refused(replace(reader, reference="translation.fr"), f"no column 'translation.fr'; the table has {names}")
    refused(replace(reader, reference="translation"), "name a field: translation.de")


def test_a_column_with_a_dot_in_its_name_comes_first(write):
    text = json.dumps({"id": 1, "a.b": "flat", "a": {"b": "nested"}})
    assert plain(write("mini.jsonl", text), reference="a.b").read().segments[0].references == ("flat",)


def test_an_absent_field_is_a_missing_reference(write):
    rows = [{"id": 1, "t": {"a": "x", "b": "y"}}, {"id": 2, "t": {"a": "z"}}, {"id": 3, "t": None}]
    test_set = plain(write("mini.jsonl", rows), reference=["t.a", "t.b"]).read()
    assert column(test_set, "references") == [("x", "y"), ("z", None), (None, None)]


@pytest.mark.parametrize("setting", ["reference", "groups"])
def test_columns_are_one_name_or_a_list(write, setting):
    path = write("mini.jsonl", [{"id": 1, "reference": "a", "other": "b"}])
    assert plain(path, **{setting: "other"}).read() == plain(path, **{setting: ["other"]}).read()
    message = f"test_set.{setting}: expected a column, or a list of columns such as [a,b], found 3"
    refused(plain(path, **{setting: 3}), message, ConfigError)


def test_systems_may_be_in_the_same_table(write):
    rows = [{"id": n, "reference": "x", "sys-a": f"a{n}", "sys-b": f"b{n}"} for n in (1, 2)]
    reader = plain(write("mini.jsonl", rows), hypotheses={"A": "sys-a", "B": "sys-b"})
    outputs = read_outputs(reader, reader.read())
    assert {output.system: output.hypotheses for output in outputs} == {"A": ("a1", "a2"), "B": ("b1", "b2")}


@pytest.fixture
def reader(write):
    return plain(write("mini.jsonl", [{"id": n, "reference": f"r{n}"} for n in (1, 2, 3)]))


def output_of(*ids):
    return [{"id": str(n), "hypothesis": f"h{n}"} for n in ids]


@pytest.mark.parametrize("ending", FORMATS)
def test_a_systems_own_table_pairs_by_id_whatever_its_order(reader, write, ending):
    assert hypotheses(reader, write(f"sys.{ending}", output_of(3, 1, 2))) == ("h1", "h2", "h3")


def test_a_systems_output_may_be_a_text_file(reader, write):
    assert hypotheses(reader, write("sys.txt", "h1\n\nh3\n")) == ("h1", "", "h3")


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ((1, 3), "sys.jsonl: missing ids: 2; 2 hypotheses, expected 3 (as in mini)"),
        ((1, 2, 3, 4), "sys.jsonl: unknown ids: 4; 4 hypotheses, expected 3 (as in mini)"),
        ((1, 2, 2), "sys.jsonl: duplicate id '2' in rows 2 and 3"),
    ],
    ids=["missing", "unknown", "duplicate"],
)
def test_ids_of_a_system_must_be_those_of_the_test_set(reader, write, ids, message):
    with pytest.raises(DataError, match=re.escape(message)):
        hypotheses(reader, write("sys.jsonl", output_of(*ids)))


def test_without_ids_rows_pair_up_by_their_order(write):
    rows = [{"doc": doc, "reference": doc} for doc in "aab"]
    reader = plain(write("mini.jsonl", rows), id=None, document="doc")
    assert hypotheses(reader, write("sys.jsonl", [{"hypothesis": text} for text in "xyz"])) == ("x", "y", "z")


@pytest.mark.parametrize("count", [1, 2, 4])
def test_without_ids_there_must_be_as_many_rows(write, count):
    reader = plain(
        write("mini.jsonl", [{"doc": doc, "reference": doc} for doc in "aab"]), id=None, document="doc"
    )
    with pytest.raises(DataError, match=rf"sys.jsonl: {count} hypothes[ie]s, expected 3 \(as in mini\)"):
        hypotheses(reader, write("sys.jsonl", [{"hypothesis": "x"}] * count))


@pytest.mark.parametrize("value", [None, 7, ["x"], {"x": "y"}, True], ids=repr)
def test_a_hypothesis_that_is_not_a_text_is_refused(reader, write, value):
    rows = [*output_of(1, 2), {"id": "3", "hypothesis": value}]
    found = 'null; an empty text is ""' if value is None else repr(str(value))[:-1]
    with pytest.raises(
        DataError, match=re.escape(f"sys.jsonl, row 3: column 'hypothesis': expected text, found {found}")
    ):
        hypotheses(reader, write("sys.jsonl", rows))


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({"reference": ["ref"]}, "ref"),
        ({"source": "src"}, "src"),
        ({"id": "key"}, "key"),
        ({"document": "doc"}, "doc"),
    ],
    ids=["reference", "source", "id", "document"],
)
def test_a_missing_column_names_those_there_are(write, ending, settings, missing):
    refused(
        table(write(f"mini.{ending}", ROWS), **settings),
        f"mini.{ending}, row 1: no column '{missing}'; the table has id, source, reference",
    )


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"id": 1, "reference": "b"}, "mini.jsonl: duplicate id '1' in rows 1 and 2; remove one of them"),
        ({"id": None, "reference": "b"}, "mini.jsonl, row 2: missing id. Add one, or set test_set.id=null"),
        ({"id": 1.5, "reference": "b"}, "mini.jsonl, row 2: column 'id': expected an id, found 1.5"),
    ],
    ids=["duplicate id", "null id", "fraction as id"],
)
def test_an_invalid_row_is_refused(write, second, message):
    refused(plain(write("mini.jsonl", [{"id": 1, "reference": "a"}, second])), message)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "bad.jsonl",
            '{"id": 1, "reference": "a"}\n\n{"id": 2, "reference": "b"\n',
            "bad.jsonl:3: not valid JSON: ",
        ),
        ("bad.json", '[{"id": 1},\n{"id": 2}\n', "bad.json:"),
        ("list.jsonl", "[1]\n", "list.jsonl"),
        ("number.jsonl", "1\n2\n", "number.jsonl"),
        ("empty.jsonl", "", "empty.jsonl: the table has no rows"),
        ("blank.jsonl", "\n\n", "blank.jsonl: the table has no rows"),
        ("empty.csv", "", "empty.csv:1: the file is empty; expected a line of column names"),
        ("header.csv", "id,reference\n", "header.csv: the table has no rows; expected one per segment"),
        (
            "twice.csv",
            "id,reference,id\n1,a,2\n",
            "twice.csv:1: duplicate column 'id'; rename one of the two",
        ),
        ("more.csv", "id,reference\n1,a,b\n2,c,d\n", "more.csv:2: 3 fields, expected 2"),
        ("once.csv", "id,reference\n1,a\n2,c,d\n", "once.csv"),
        ("fewer.tsv", "id\treference\n1\ta\n2\n", "fewer.tsv:3: 1 field, expected 2"),
        ("quote.tsv", 'id\treference\n1\t"Go" he said\n', "quote.tsv"),
        ("open.csv", 'id,reference\n1,"a\n', "open.csv"),
        ("return.csv", "id,reference\n1,a\rb\n2,c\n", "return.csv"),
        ("returns.csv", "id,reference\n1,a\r2,b\n", "returns.csv"),
        ("latin.jsonl", b'{"id": "\xe9"}\n', "latin.jsonl: not UTF-8 at byte 8 (0xe9)"),
        ("latin.csv", b"id,reference\n1,\xe9\n", "latin.csv: not UTF-8 at byte 15 (0xe9)"),
        ("bad.parquet", b"no parquet", "bad.parquet: cannot be read as a data set: ArrowInvalid: "),
    ],
)
def test_a_file_that_cannot_be_read_exactly_is_refused(write, name, content, message):
    refused(plain(write(name, content)), message)


def test_an_unknown_ending_and_a_missing_file_are_refused(write, tmp_path):
    refused(
        table(write("mini.xlsx", "x")),
        "mini.xlsx: expected a file ending in .jsonl, .json, .csv, .tsv, .parquet, .arrow",
        ConfigError,
    )
    refused(table(str(tmp_path / "gone.csv")), "gone.csv: table not found; ")


@pytest.mark.parametrize("setting", ["target_language", "source_language"])
def test_a_language_must_be_a_code(write, setting):
    refused(
        plain(write("mini.jsonl", ROWS), **{setting: False}),
        f"test_set.{setting}: expected a language code",
        ConfigError,
    )


@pytest.mark.parametrize(
    "file", ["data/test-00000-of-00001.parquet", "test.jsonl", "test.csv", "data/test.parquet"]
)
def test_a_folder_is_read_as_a_data_set_on_the_hub_would_be(write, tmp_path, file):
    write(f"hub/{file}", ROWS)
    write(f"hub/{file.replace('test', 'train')}", ROWS[:2])
    folder = str(tmp_path / "hub")
    assert table(folder).read().fingerprint == table(write("mini.jsonl", ROWS)).read().fingerprint
    assert len(table(folder, split="train").read().segments) == 2


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_nothing_is_converted_in_a_folder_either(write, tmp_path, ending):
    write(
        f"hub/test.{ending}",
        [{"id": "007", "reference": "2024-01-01"}, {"id": "008", "reference": "2024-01-02"}],
    )
    test_set = plain(str(tmp_path / "hub")).read()
    assert (column(test_set, "id"), column(test_set, "references")) == (
        ["007", "008"],
        [("2024-01-01",), ("2024-01-02",)],
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"split": "validation"}, "no split 'validation'; set test_set.split to one of test"),
        ({"subset": "de-en"}, "cannot be read as a data set: "),
    ],
    ids=str,
)
def test_an_unknown_split_or_subset_of_a_folder_is_refused(write, tmp_path, settings, message):
    write("hub/test.jsonl", ROWS)
    refused(table(str(tmp_path / "hub"), **settings), f"{tmp_path / 'hub'}: {message}")


def test_a_data_set_on_the_hub_is_loaded_with_its_split_subset_and_revision(monkeypatch):
    calls = []
    monkeypatch.setattr(
        datasets, "load_dataset", lambda *args, **kwargs: calls.append((args, kwargs)) or ROWS
    )
    test_set = table("who/what", split="dev", subset="uk-en", revision="v1").read()
    assert calls == [(("who/what", "uk-en"), {"split": "dev", "revision": "v1"})]
    assert (test_set.name, len(test_set.segments)) == ("what", len(ROWS))


def test_without_a_network_the_error_says_what_to_do(monkeypatch):
    message = (
        "who/what: no such file or folder, and no such data set on the hub, or the hub cannot be reached "
        "(ConnectionError: "
    )
    refused(table("who/what"), message)

    def fail(*args, **kwargs):
        raise ConnectionError("no route\nto host")

    monkeypatch.setattr(datasets, "load_dataset", fail)
    refused(
        table("who/what"),
        message + "no route); give a local path, or download the data set on a machine with a network",
    )


@pytest.mark.parametrize("ending", ["jsonl", "json", "csv", "tsv"])
def test_a_compressed_table_is_read_as_the_table_itself(write, ending):
    path = write(f"mini.{ending}", ROWS)
    settings = {"quoting": "csv" if ending == "tsv" else None}
    expected = table(path, **settings).read()
    packed = write(f"mini.{ending}.gz", gzip.compress(Path(path).read_bytes()))
    test_set = table(packed, **settings).read()
    assert (test_set.name, test_set.fingerprint) == ("mini", expected.fingerprint)


def test_the_compressed_table_of_a_system_is_read(write):
    rows = [{"id": row["id"], "hypothesis": row["reference"]} for row in ROWS]
    path = write("hyp.Online-A.jsonl", rows)
    packed = write("hyp.Online-A.en.jsonl.xz", lzma.compress(Path(path).read_bytes()))
    reader = table(write("mini.jsonl", ROWS))
    (output,) = read_outputs(reader, reader.read(), packed)
    assert (output.system, output.hypotheses) == ("Online-A", tuple(TRICKY))


@pytest.mark.parametrize("saved", ["dictionary", "data set"])
def test_a_folder_of_save_to_disk_is_read_unconverted(write, tmp_path, saved):
    data_set = datasets.Dataset.from_list(ROWS)
    folder = tmp_path / "mini"
    if saved == "dictionary":
        datasets.DatasetDict(test=data_set, dev=data_set.select([0])).save_to_disk(str(folder))
    else:
        data_set.with_format("numpy").save_to_disk(str(folder))
    test_set = table(str(folder)).read()
    assert (test_set.name, test_set.fingerprint) == ("mini", table(write("m.jsonl", ROWS)).read().fingerprint)
    if saved == "dictionary":
        assert len(table(str(folder), split="dev").read().segments) == 1
        refused(
            table(str(folder), split="train"),
            "mini: no split 'train'; set test_set.split to one of test, dev",
        )
        assert len(table(str(folder / "dev")).read().segments) == 1


def test_the_rows_that_were_selected_before_saving_are_read_in_their_order(tmp_path):
    data_set = datasets.Dataset.from_list(ROWS).select([3, 1])
    data_set.save_to_disk(str(tmp_path / "mini"), num_shards=2)
    assert column(table(str(tmp_path / "mini")).read(), "id") == ["03", "01"]


def test_a_damaged_folder_of_save_to_disk_is_refused(tmp_path):
    datasets.Dataset.from_list(ROWS).save_to_disk(str(tmp_path / "mini"))
    for file in (tmp_path / "mini").glob("*.arrow"):
        file.write_bytes(file.read_bytes()[:40])
    refused(table(str(tmp_path / "mini")), "mini: cannot be read as a data set: ")


@pytest.mark.parametrize("make", [pa.ipc.new_stream, pa.ipc.new_file], ids=["stream", "file"])
def test_an_arrow_file_is_read(write, tmp_path, make):
    content = pa.Table.from_pylist(ROWS)
    with make(str(tmp_path / "mini.arrow"), content.schema) as writer:
        writer.write_table(content)
    fingerprint = table(write("m.jsonl", ROWS)).read().fingerprint
    assert table(str(tmp_path / "mini.arrow")).read().fingerprint == fingerprint
    refused(table(write("bad.arrow", b"not arrow")), "bad.arrow: cannot be read as a data set: ")


def test_ids_are_compared_in_one_normal_form(write):
    composed, decomposed = (unicodedata.normalize(form, "Tromsö") for form in ("NFC", "NFD"))
    reader = plain(write("mini.jsonl", [{"id": decomposed, "reference": "a"}]))
    assert column(reader.read(), "id") == [composed]
    assert hypotheses(reader, write("sys.jsonl", [{"id": composed, "hypothesis": "b"}])) == ("b",)
    both = [{"id": id_, "reference": "a"} for id_ in (composed, decomposed)]
    refused(plain(write("both.jsonl", both)), f"both.jsonl: duplicate id '{composed}' in rows 1 and 2")


def test_a_folder_of_save_to_disk_is_the_output_of_one_system(write, tmp_path):
    rows = [{"id": row["id"], "hypothesis": row["reference"]} for row in ROWS]
    datasets.Dataset.from_list(rows).save_to_disk(str(tmp_path / "mine"))
    reader = table(write("mini.jsonl", ROWS))
    for systems in (str(tmp_path / "mine"), {"mine": str(tmp_path / "mine")}):
        (output,) = read_outputs(reader, reader.read(), systems)
        assert (output.system, output.hypotheses) == ("mine", tuple(TRICKY))


@pytest.mark.parametrize("kept", [[1, 2, 3, 4], [1, 3, 4], [3, 4], [3, 1, 4]], ids=str)
@pytest.mark.parametrize("by_id", [True, False])
def test_an_output_needs_only_the_rows_that_are_scored(write, kept, by_id):
    domains = {1: "news", 2: "news", 3: "social", 4: "social"}
    rows = [
        {"id": n, "reference": None if n == 2 else f"text {n}", "domain": domain}
        for n, domain in domains.items()
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    reader = plain(write("mini.jsonl", text), groups=["domain"], id="id" if by_id else None)
    test_set = select(reader.read(), {"domain": "social"})
    kept = kept if by_id else sorted(kept)
    path = write("sys.jsonl", [{"id": n, "hypothesis": f"row {n}"} for n in kept])
    assert read_outputs(reader, test_set, path)[0].hypotheses == ("row 3", "row 4")


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (
            [1, 2, 4],
            "missing ids: 3; 3 hypotheses, expected 2 (one per segment that is scored) or 4 (one per",
        ),
        ([1, 2, 3, 4, 5], "unknown ids: 5; 5 hypotheses, expected 2 (one per segment that is scored) or 4"),
    ],
)
def test_an_output_that_lacks_a_row_that_is_scored_is_refused(write, ids, message):
    rows = [{"id": n, "reference": f"text {n}", "domain": "a" if n > 2 else "b"} for n in range(1, 5)]
    reader = plain(write("mini.jsonl", rows), groups=["domain"])
    path = write("sys.jsonl", [{"id": n, "hypothesis": "x"} for n in ids])
    with pytest.raises(DataError, match=re.escape(message)):
        read_outputs(reader, select(reader.read(), {"domain": "a"}), path)
