"""The published scores of WMT22, reproduced for every system of four language pairs."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from evalkit.data.lines import Lines
from evalkit.data.outputs import read_outputs
from evalkit.data.sacrebleu_sets import SacrebleuSet
from evalkit.data.wmt_xml import WmtXml
from evalkit.metrics.lexical import Bleu, Chrf

TOLERANCE = 1e-9
METRICS = {"bleu": Bleu, "chrf": Chrf}


@cache
def published(shared: Path) -> dict[tuple[str, str, str], float]:
    """Scores by language pair, system and metric; reference B as a system and COMET are left out."""
    with (shared / "wmt22" / "automatic-scores.tsv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {
            (r["pair"], r["system"], r["metric"]): float(r["score"])
            for r in rows
            if r["metric"].startswith(("bleu", "chrf"))
        }


def reader(shared: Path, pair: str, references: list[str] | None):
    """The test set of a language pair, and where its systems are."""
    folder = shared / "wmt22" / pair
    if not folder.is_dir():
        return WmtXml(path=str(shared / "wmt22" / f"wmttest2022.{pair}.all.xml"), references=references), None
    source, target = pair.split("-")
    files = {"B": f"ref.B.{target}", "A": f"ref.A.{target}"}
    lines = Lines(
        path=str(folder),
        reference=files,
        source=f"src.{source}",
        target_language=target,
        references=references,
    )
    return lines, str(folder / "hyp.*")


def test_a_named_test_set_of_sacrebleu_is_read_from_its_own_cache(shared, tmp_path, monkeypatch):
    from sacrebleu.dataset import DATASETS

    dataset = DATASETS["wmt22"]
    monkeypatch.setattr(dataset, "_outdir", str(tmp_path))
    monkeypatch.setattr(dataset, "_rawdir", str(tmp_path / "raw"))
    raw = Path(dataset._get_langpair_path("en-zh"))
    raw.parent.mkdir(parents=True)
    raw.symlink_to(shared / "wmt22" / "wmttest2022.en-zh.all.xml")
    (tmp_path / "raw" / dataset._get_tarball_filename(dataset.data[0])).write_text(
        "already downloaded", encoding="utf-8"
    )
    source = SacrebleuSet(path="wmt22", language_pair="en-zh")
    test_set = source.read()
    assert test_set.references == ("A",), "those that sacrebleu scores against"
    (found,) = read_outputs(source, test_set, "DLUT")
    metric = Bleu()
    value = float(metric.aggregate(metric.statistics(test_set, found).values.sum(axis=0)))
    assert value == pytest.approx(published(shared)["en-zh", "DLUT", "bleu-A"], abs=TOLERANCE)


TWO_REFERENCES = [(pair, which) for pair in ("zh-en", "en-de", "en-zh") for which in ("A", "B", "all")]


@pytest.mark.slow(reason="scores whole test sets of WMT22")
@pytest.mark.parametrize(("pair", "which"), [("ru-en", "A"), ("ru-en", "all"), *TWO_REFERENCES])
def test_published_scores_are_reproduced(shared, pair, which):
    expected = {
        key: value
        for key, value in published(shared).items()
        if key[0] == pair and key[2].endswith(f"-{which}")
    }
    source, systems = reader(shared, pair, None if which == "all" else [which])
    test_set = source.read()
    outputs = {found.system: found for found in read_outputs(source, test_set, systems)}
    metrics = {name: metric() for name, metric in METRICS.items()}
    found = {}
    for _, system, name in expected:
        if system in outputs:
            metric = metrics[name.split("-")[0]]
            values = metric.statistics(test_set, outputs[system]).values
            found[pair, system, name] = float(metric.aggregate(values.sum(axis=0)))
    assert len(found) == len(METRICS) * len(outputs), "a system has no published score, or a score no system"
    assert {key: value for key, value in found.items() if abs(value - expected[key]) > TOLERANCE} == {}
