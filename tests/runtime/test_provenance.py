"""What a run says of the machine and of the commit it was made with."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from importlib.metadata import version

import pytest

from evalkit.runtime.provenance import describe_environment, now


def git(folder, *arguments):
    """What git prints."""
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with one commit, which is the current folder."""
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    git(folder, "init", "--quiet")
    (folder / "file").write_text("one\n", encoding="utf-8")
    git(folder, "add", "file")
    git(folder, "commit", "--quiet", "--message", "First")
    monkeypatch.chdir(folder)
    return folder


def test_the_commit_is_that_of_the_current_folder(repository):
    state = describe_environment().git
    assert (state.commit, state.dirty) == (git(repository, "rev-parse", "HEAD"), False)
    assert re.fullmatch("[0-9a-f]{40}", state.commit)


def test_a_changed_file_makes_it_dirty_and_a_new_one_does_not(repository):
    """Outputs are new files, and lie in the repository as a rule."""
    (repository / "outputs").mkdir()
    (repository / "outputs" / "run.json").write_text("{}", encoding="utf-8")
    assert not describe_environment().git.dirty
    (repository / "file").write_text("two\n", encoding="utf-8")
    assert describe_environment().git.dirty


def test_outside_a_repository_and_without_git_there_is_no_commit(repository, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert describe_environment().git is None
    monkeypatch.chdir(repository)
    monkeypatch.setenv("PATH", "")
    assert describe_environment().git is None


def test_versions_are_those_of_what_is_installed_and_was_used(monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", sys)
    monkeypatch.delitem(sys.modules, "gliner", raising=False)
    found = describe_environment()
    assert found.python == platform.python_version()
    assert found.packages["sacrebleu"] == version("sacrebleu")
    assert found.packages["spacy"] == version("spacy")
    assert "gliner" not in found.packages


def test_a_package_that_is_imported_and_not_installed_has_no_version(monkeypatch):
    monkeypatch.setitem(sys.modules, "gliner", sys)
    monkeypatch.setattr(sys, "path", [])
    sys.path_importer_cache.clear()
    assert describe_environment().packages["gliner"] is None


def test_the_time_is_in_utc_to_the_second_wherever_the_machine_is(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        made = now()
    finally:
        monkeypatch.undo()
        time.tzset()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", made)
    assert abs(datetime.now(timezone.utc) - datetime.fromisoformat(made)) < timedelta(hours=1)
