"""Paths with a tilde."""

from __future__ import annotations

from pathlib import Path

from evalkit.runtime.paths import expand_home


def test_a_tilde_is_the_home_folder_or_a_part_of_a_name(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    assert expand_home("~/out.en") == Path("/home/me/out.en")
    assert expand_home("~draft.en") == Path("~draft.en"), "pathlib raises RuntimeError"
