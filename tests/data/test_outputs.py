"""The meaning of `systems=…`."""

from __future__ import annotations

import re

import pytest
from miniature import in_folder

from evalkit.data.articles import Articles
from evalkit.data.lines import Lines
from evalkit.data.outputs import read_outputs, system_name
from evalkit.errors import ConfigError, DataError


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def lines(tmp_path):
    """A test set of two lines without systems, and a folder with three systems."""
    write(tmp_path, {"ref": "One.\nTwo.\n"})
    write(
        tmp_path / "out",
        {
            "hyp.good.en": "One.\nTwo.\n",
            "bad.txt": "Won.\nToo.\n",
            "mid.en.txt": "One.\nToo.\n",
            ".hidden": "x\n",
        },
    )
    return Lines(path=str(tmp_path), reference={"A": "ref"}, target_language="en")


@pytest.fixture
def articles(tmp_path):
    """A test set of two documents with two systems, and a folder with two more."""
    documents = {"x.txt": "One came.\n", "y.txt": "Two left.\n"}
    for folder in (
        "set/reference.en",
        "set/systems/own",
        "set/systems/other",
        "more/third",
        "more/fourth.v1.5",
    ):
        write(tmp_path / folder, documents)
    write(tmp_path, {"set/systems/notes.md": "no system"})
    return Articles(path=str(tmp_path / "set"))


def names(reader, systems=None):
    return [output.system for output in read_outputs(reader, reader.read(), systems)]


def filled(systems, folder):
    """`systems` with every ``{}`` replaced by a folder."""
    if isinstance(systems, str):
        return systems.replace("{}", str(folder))
    if isinstance(systems, list):
        return [item.replace("{}", str(folder)) for item in systems]
    return {name: path and path.replace("{}", str(folder)) for name, path in systems.items()}


def refused(reader, systems, error, message):
    with pytest.raises(error, match=re.escape(message)):
        read_outputs(reader, reader.read(), systems)


def test_by_default_the_systems_of_the_test_set_are_read(articles):
    assert names(articles) == ["other", "own"]


@pytest.mark.parametrize(
    ("systems", "expected"),
    [
        ("own", ["own"]),
        (["own", "other"], ["own", "other"]),
        ({"own": None}, ["own"]),
        ("{}/more", ["fourth.v1.5", "third"]),
        ("{}/more/third", ["third"]),
        ("{}/more/f*", ["fourth.v1.5"]),
        (["own", "{}/more"], ["own", "fourth.v1.5", "third"]),
        ({"mine": "{}/more/third", "own": None}, ["mine", "own"]),
    ],
    ids=str,
)
def test_articles_by_name_folder_folder_of_folders_glob_list_and_mapping(
    articles, tmp_path, systems, expected
):
    assert names(articles, filled(systems, tmp_path)) == expected


@pytest.mark.parametrize(
    ("systems", "expected"),
    [
        ("{}/out", ["bad", "good", "mid"]),
        ("{}/out/bad.txt", ["bad"]),
        ("{}/out/*.en", ["good"]),
        ("{}/out/[bm]*", ["bad", "mid"]),
        (["{}/out/mid.en.txt", "{}/out/bad.txt"], ["mid", "bad"]),
        ({"mine": "{}/out/bad.txt"}, ["mine"]),
    ],
    ids=str,
)
def test_lines_by_folder_file_glob_list_and_mapping(lines, tmp_path, systems, expected):
    assert names(lines, filled(systems, tmp_path)) == expected


def test_a_path_object_is_a_path(lines, tmp_path):
    assert names(lines, tmp_path / "out" / "bad.txt") == ["bad"]


def test_a_file_with_a_glob_character_in_its_name_is_a_path(lines, tmp_path):
    write(tmp_path, {"a[1].txt": "One.\nTwo.\n"})
    assert names(lines, str(tmp_path / "a[1].txt")) == ["a[1]"]


def test_where_an_output_was_read_is_recorded(articles, tmp_path):
    origins = [
        output.origin
        for output in read_outputs(articles, articles.read(), ["own", str(tmp_path / "more/third")])
    ]
    assert origins == [f"{tmp_path / 'set'}: own", str(tmp_path / "more/third")]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("hyp.Online-A.de", "Online-A"),
        ("Online-A.txt", "Online-A"),
        ("hyp.Online-A.de.txt", "Online-A"),
        ("Online-A.de", "Online-A"),
        ("Online-A.jsonl", "Online-A"),
        ("hyp.Online-A.de.gz", "Online-A"),
        ("Online-A.de.jsonl.zst", "Online-A"),
        ("Online-A.txt.xz", "Online-A"),
        ("Online-A.v1.5.txt", "Online-A.v1.5"),
        ("Online-A.en", "Online-A.en"),
        ("Online-A", "Online-A"),
    ],
)
def test_a_system_is_named_after_its_file(tmp_path, file, name):
    (tmp_path / file).touch()
    assert system_name(tmp_path / file, "de") == name


@pytest.mark.parametrize(
    ("file", "name"), [("hyp.A.zh", "A"), ("hyp.A.zho_Hans", "A"), ("hyp.A.zht", "A.zht"), (".zh", ".zh")]
)
def test_the_ending_of_a_file_may_be_another_code_of_the_language(tmp_path, file, name):
    (tmp_path / file).touch()
    assert system_name(tmp_path / file, "zh-Hans") == name


def test_a_system_is_named_after_its_whole_folder(tmp_path):
    (tmp_path / "hyp.X.de").mkdir()
    assert system_name(tmp_path / "hyp.X.de", "de") == "hyp.X.de"


def test_two_systems_of_one_name_are_refused_with_both_paths(lines, tmp_path):
    paths = [str(tmp_path / "out/bad.txt"), str(tmp_path / "again/bad")]
    write(tmp_path, {"again/bad": "One.\nTwo.\n"})
    refused(
        lines,
        paths,
        ConfigError,
        f"system 'bad' is given twice: {paths[0]} and {paths[1]}; "
        "give them different names: 'systems={NAME: PATH, OTHER: PATH}'",
    )


def test_a_system_of_the_test_set_given_twice_is_refused(articles):
    refused(
        articles,
        ["own", "own"],
        ConfigError,
        "system 'own' is given twice: with the test set and with the test set",
    )


@pytest.mark.parametrize("systems", [None, [], {}], ids=repr)
def test_no_systems_at_all_are_refused(lines, systems):
    reason = "the test set includes none" if systems is None else "the setting systems is empty"
    message = f"no systems to score: {reason}; set systems=FOLDER, a glob, or 'systems={{NAME: PATH}}'"
    refused(lines, systems, ConfigError, message)


@pytest.mark.parametrize("systems", ["", [""]], ids=repr)
def test_an_empty_text_is_refused(lines, systems):
    refused(
        lines,
        systems,
        ConfigError,
        "systems: expected a name, a folder, a file or a glob, found an empty text",
    )


@pytest.mark.parametrize("systems", ["owl", ["own", "owl"]], ids=str)
def test_an_unknown_name_lists_the_known_ones(articles, systems):
    refused(
        articles,
        systems,
        DataError,
        "systems=owl: not found; expected a file, a folder, or a system of the test set: other, own",
    )


def test_the_values_of_a_mapping_are_paths_not_names(articles):
    refused(articles, {"mine": "own"}, DataError, "own: system output not found")


def test_an_unknown_name_without_path_is_refused(articles, lines):
    refused(
        articles,
        {"owl": None},
        ConfigError,
        "systems: 'owl' has no path, and the test set does not include it; the test set includes other, own",
    )
    refused(
        lines,
        {"owl": None},
        ConfigError,
        "systems: 'owl' has no path, and the test set does not include it; the test set includes no systems",
    )


def test_a_missing_path_is_named_if_the_test_set_includes_no_systems(lines, tmp_path):
    refused(
        lines,
        str(tmp_path / "gone"),
        DataError,
        f"{tmp_path / 'gone'}: system output not found; {tmp_path}/ contains out, ref",
    )


def test_a_glob_that_matches_nothing_is_refused(lines, tmp_path):
    refused(lines, f"{tmp_path}/*.xyz", DataError, f"systems={tmp_path}/*.xyz: no file or folder matches")


def test_a_folder_without_outputs_is_refused(lines, tmp_path):
    (tmp_path / "empty").mkdir()
    refused(
        lines,
        str(tmp_path / "empty"),
        DataError,
        f"{tmp_path / 'empty'}: no system outputs in the folder; expected one file or folder per system",
    )


def test_a_folder_is_no_output_where_there_are_no_documents(lines, tmp_path):
    write(tmp_path, {"folders/sys/x.txt": "One.\n"})
    message = (
        f"{tmp_path / 'folders/sys'}: expected a file with one segment per line, found a folder; "
        f"{tmp_path.name} has no documents"
    )
    refused(lines, str(tmp_path / "folders"), DataError, message)


def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    in_folder(tmp_path / "mine")
    reader = Lines(path="~/mine", reference={"A": "ref.en"}, target_language="en")
    for systems in ("~/mine/systems", "~/mine/systems/*.txt"):
        assert [output.system for output in read_outputs(reader, reader.read(), systems)] == ["bad", "good"]
    for folder in ("reference.en", "systems/one"):
        (tmp_path / "news" / folder).mkdir(parents=True)
        (tmp_path / "news" / folder / "a.txt").write_text("Hello there.\n", encoding="utf-8")
    articles = Articles(path="~/news")
    assert [output.system for output in read_outputs(articles, articles.read())] == ["one"]
