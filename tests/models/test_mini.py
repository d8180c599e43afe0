"""evalkit-mini: its packed files, and its scores of good and bad translations."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import time
from statistics import mean

import numpy as np
import pytest
from miniature import BAD, GOOD, REFERENCE, in_memory, output

from evalkit.errors import ModelError
from evalkit.metrics.comet_mini import CometMini
from evalkit.models import mini

TRANSLATIONS = [
    # reference; good; weak; a name swapped
    (
        "The president of Ukraine met the American envoy Steve Witkoff in Kyiv on Monday.",
        "On Monday, Ukraine's president met with US envoy Steve Witkoff in Kyiv.",
        "President Ukraine on Monday the envoy American have meeting at Kyiv city Steve.",
        "On Monday, Ukraine's president met with US envoy Steve Witkoff in Moscow.",
    ),
    (
        "Russian troops withdrew from the border region of Kursk after weeks of fighting.",
        "After weeks of fighting, Russian forces pulled out of the Kursk border region.",
        "Russia soldier go away border of Kursk area when weeks of the fight.",
        "After weeks of fighting, Russian forces pulled out of the Kherson border region.",
    ),
    (
        "The European Commission will present its new budget in Brussels next week.",
        "Next week in Brussels the European Commission is to present its new budget.",
        "Commission of Europe show new the budget one week in Brussels will.",
        "Next week in Geneva the European Commission is to present its new budget.",
    ),
    (
        "At least twelve people were killed when a ferry sank off the coast of Tanzania.",
        "At least 12 people died when a ferry went down off the Tanzanian coast.",
        "Minimum twelve human dead the ferry is sinking outside coast Tanzania.",
        "At least 12 people died when a ferry went down off the Kenyan coast.",
    ),
    (
        "Nobody expected that the talks would end so quickly, the minister said.",
        "The minister said no one had thought the talks would be over so soon.",
        "The minister say nobody is wait what negotiation so fast finish.",
        "The minister said no one had thought the talks would be over so soon.",
    ),
]


def test_a_block_of_four_bits():
    # 32 weights: byte j has weight j in its lower half and weight j + 16 in its upper; (half - 8) x scale
    nibbles = np.zeros((1, 1, 16), np.uint8)
    nibbles[0, 0, 0] = 0x9F  # weight 0: 15, weight 16: 9
    nibbles[0, 0, 15] = 0x80  # weight 15: 0, weight 31: 8
    found = mini.unpack_tensors(
        {"a/nibbles": nibbles, "a/scale": np.array([[0.5]], np.float16), "b": np.array([1.0], np.float32)}
    )
    assert list(found) == ["a", "b"]
    weights = found["a"][0]
    assert (weights[0], weights[16], weights[15], weights[31]) == (3.5, 0.5, -4.0, 0.0)
    assert (weights[1], found["a"].shape) == (-4.0, (1, 32))


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    return mini.unpack(tmp_path_factory.mktemp("mini") / "model")


def test_it_is_small_enough_for_a_repository():
    assert sum(path.stat().st_size for path in mini.PACKED.rglob("*") if path.is_file()) < 60e6


STOCK = """
import socket, sys, json
def refuse(*_): raise OSError("no network in this test")
socket.socket.connect = refuse
from comet import load_from_checkpoint
model = load_from_checkpoint(sys.argv[1] + "/checkpoints/model.ckpt", local_files_only=True)
print(json.dumps(model.predict(json.load(sys.stdin), batch_size=4, gpus=0, progress_bar=False).scores))
"""


@pytest.mark.slow(reason="starts a process that imports comet and loads the model")
def test_unbabel_comet_loads_it_without_a_network_and_gives_the_same_scores(unpacked):
    sources = [
        "Кот сидел на коврике.",
        "Стив Уиткофф прилетел в Курск.",
        "В Киеве весь день шёл дождь.",
        "Никто не пришёл.",
    ]
    rows = [
        {"src": s, "mt": m, "ref": r}
        for s, m, r in zip(sources * 2, [*GOOD, *BAD], REFERENCE * 2, strict=True)
    ]
    stock = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", STOCK, str(unpacked)],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    expected = json.loads(stock.stdout.splitlines()[-1])
    metric, test_set = CometMini(cache="off"), in_memory([REFERENCE], sources)
    ours = [
        score
        for texts in (GOOD, BAD)
        for score in metric.segment_scores(metric.statistics(test_set, output(texts)).values)
    ]
    assert ours == pytest.approx(expected, abs=1e-5)


def scores(metric, hypotheses, references, sources=None):
    test_set = in_memory([references], sources)
    return metric.segment_scores(metric.statistics(test_set, output(hypotheses)).values).tolist()


def test_better_translations_score_higher():
    metric = CometMini()
    references, good, weak, _ = (list(column) for column in zip(*TRANSLATIONS, strict=True))
    shuffled = [" ".join(sorted(text.split(), key=lambda word: word[::-1])) for text in good]
    others = good[1:] + good[:1]
    levels = [
        mean(scores(metric, texts, references))
        for texts in (references, good, weak, shuffled, others, [""] * len(good))
    ]
    assert levels[0] > levels[1] + 0.02, "the reference itself is best"
    assert levels[1] > levels[2] + 0.05, "weak"
    assert levels[2] > levels[4] + 0.1, "another sentence"
    assert levels[1] > levels[3] + 0.1, "shuffled"
    assert levels[3] > levels[4] + 0.05
    assert levels[4] > levels[5]
    assert all(-0.2 < level < 1.2 for level in levels)


def test_another_name_lowers_the_score():
    metric = CometMini()
    named = [(reference, good, swapped) for reference, good, _, swapped in TRANSLATIONS if good != swapped]
    references, good, swapped = (list(column) for column in zip(*named, strict=True))
    better, worse = scores(metric, good, references), scores(metric, swapped, references)
    assert mean(better) > mean(worse) + 0.005
    assert sum(b > w for b, w in zip(better, worse, strict=True)) >= 3


def test_without_a_source_the_reference_takes_its_place():
    metric, test_set = CometMini(), in_memory([REFERENCE])
    assert "model:evalkit-mini|revision:sha256-" in metric.signature(test_set)
    assert "|src:reference|" in metric.signature(test_set)
    assert scores(metric, GOOD, REFERENCE) == scores(metric, GOOD, REFERENCE, REFERENCE)
    assert "|src:given|" in metric.signature(in_memory([REFERENCE], REFERENCE))


def test_its_note_warns_that_its_values_are_not_those_of_other_models():
    assert (
        "not those of wmt22-comet-da (for those, set 'metrics=[bleu,chrf,comet,entity_accuracy]')"
        in CometMini().note()
    )
    assert "not shown to rank translations better than chrF" in CometMini().note()
    assert CometMini().heading() == "COMET-mini"


def test_unpacking_again_does_nothing(unpacked):
    before = (unpacked / "checkpoints" / "model.ckpt").stat().st_mtime_ns
    assert mini.unpack(unpacked) == unpacked
    assert (unpacked / "checkpoints" / "model.ckpt").stat().st_mtime_ns == before
    assert [path.name for path in unpacked.parent.iterdir()] == [unpacked.name], "no other folder is left"


@pytest.fixture
def packed(tmp_path, monkeypatch):
    """A tiny packed model in place of the real one."""
    import lzma

    folder = tmp_path / "packed"
    (folder / "encoder").mkdir(parents=True)
    for name in ("config.json", "special_tokens_map.json", "tokenizer_config.json"):
        (folder / "encoder" / name).write_text("{}", encoding="utf-8")
    (folder / "encoder" / "tokenizer.json.xz").write_bytes(lzma.compress(b"{}"))
    (folder / "hparams.yaml").write_text("class_identifier: regression_metric\n", encoding="utf-8")
    np.savez(folder / "weights.npz", a=np.ones(3, np.float32))
    monkeypatch.setattr(mini, "PACKED", folder)
    mini.revision.cache_clear()
    yield folder
    mini.revision.cache_clear()


def test_the_revision_depends_on_the_content(packed):
    first = mini.revision()
    mini.revision.cache_clear()
    assert mini.revision() == first
    np.savez(packed / "weights.npz", a=np.zeros(3, np.float32))
    mini.revision.cache_clear()
    assert mini.revision() != first


@pytest.mark.parametrize("name", ["weights.npz", "encoder/tokenizer.json.xz", "hparams.yaml"])
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_damaged_files_are_reported(packed, name, damage, tmp_path):
    if damage == "gone":
        (packed / name).unlink()
    else:
        (packed / name).write_bytes((packed / name).read_bytes()[:-5] if name != "hparams.yaml" else b"a: [")
    with pytest.raises(
        ModelError, match=r"the files of evalkit-mini are missing or damaged .*\. Reinstall evalkit"
    ):
        mini.unpack(tmp_path / "there" if mini.revision() else None)
    assert not (tmp_path / "there").exists()


def test_an_unfinished_folder_of_a_dead_process_is_removed_and_never_used(packed, tmp_path):
    target = tmp_path / "models" / "model"
    for name, age in ((".model-old", 7200), (".model-new", 10)):
        (target.parent / name).mkdir(parents=True)
        os.utime(target.parent / name, (time.time() - age,) * 2)
    (target / "checkpoints").mkdir(parents=True)  # the other files were removed
    assert (mini.unpack(target) / "checkpoints" / "model.ckpt").is_file()
    assert sorted(path.name for path in target.parent.iterdir()) == [".model-new", "model"]


def test_a_cache_that_is_not_writable_is_replaced_by_a_temporary_folder(
    packed, tmp_path, monkeypatch, caplog
):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("EVALKIT_CACHE", str(tmp_path / "file" / "cache"))
    with caplog.at_level(logging.WARNING, "evalkit"):
        folder = mini.unpack()
    assert (folder / "encoder" / "tokenizer.json").is_file()
    assert "cannot unpack evalkit-mini" in caplog.text
    assert "Set EVALKIT_CACHE=FOLDER to a folder that is writable." in caplog.text
    shutil.rmtree(folder.parent)
    with pytest.raises(ModelError, match="there: cannot unpack evalkit-mini: "):
        mini.unpack(tmp_path / "file" / "there")


TWICE = """
import sys
from pathlib import Path
from evalkit.models import mini
print(mini.unpack(Path(sys.argv[1])))
"""


@pytest.mark.slow(reason="starts processes that unpack the model")
def test_two_processes_may_unpack_at_once(tmp_path):
    target = tmp_path / "model"
    running = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", TWICE, str(target)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    assert [(*process.communicate(), process.returncode) for process in running] == [
        (f"{target}\n", "", 0)
    ] * 2
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
