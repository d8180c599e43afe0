"""Names of an entity file are known when texts are split."""

from __future__ import annotations

import json

import pytest

from evalkit.alignment.sentences import split_sentences
from evalkit.data.articles import Articles
from evalkit.data.listed_names import list_names
from evalkit.data.outputs import read_outputs
from evalkit.metrics.entity_accuracy import EntityAccuracy

TEXT = "A banda Agora. Já tocou em Xyz. Martin ontem. Depois saiu do palco."
"""sentencex cuts after each full stop."""
ROWS = {
    "offsets": [
        {"text": "Xyz. Martin", "start": 27, "end": 38},
        {"text": "Agora. Já", "start": 8, "end": 17},
    ],
    "names": [{"text": "Xyz. Martin"}, {"text": "Agora. Já"}],
}
SENTENCES = ["A banda Agora. Já tocou em Xyz. Martin ontem.", "Depois saiu do palco."]


@pytest.fixture
def articles(tmp_path):
    def make(rows):
        for folder in ("reference.pt", "systems/sys"):
            (tmp_path / folder).mkdir(parents=True)
            (tmp_path / folder / "x.txt").write_text(TEXT, encoding="utf-8")
        lines = [json.dumps({"document": "x", "type": "ORG", "entity": row["text"], **row}) for row in rows]
        (tmp_path / "entities.jsonl").write_text("\n".join(lines), encoding="utf-8")
        return Articles(path=str(tmp_path))

    return make


@pytest.mark.parametrize("kind", ROWS)
def test_no_sentence_of_reference_or_hypothesis_is_cut_inside_a_name(articles, kind):
    reader = articles(ROWS[kind])
    test_set = reader.read()
    assert [segment.reference for segment in test_set.segments] == SENTENCES
    (output,) = read_outputs(reader, test_set)
    assert list(output.hypotheses) == SENTENCES


def test_a_system_that_equals_the_reference_has_every_name_right(articles):
    reader = articles(ROWS["offsets"])
    test_set = reader.read()
    (output,) = read_outputs(reader, test_set)
    metric = EntityAccuracy(name="entity_accuracy")
    statistics = metric.statistics(test_set, output)
    assert metric.aggregate(statistics.values.sum(axis=0)) == 1


def test_without_names_the_text_is_cut_there():
    assert len(split_sentences(TEXT, "pt")) == 4


def test_offsets_behind_the_end_protect_no_more_than_the_text(articles, tmp_path):
    articles([{"text": "Xyz. Martin", "start": 27, "end": 10**12}])
    names = list_names(str(tmp_path / "entities.jsonl"))
    assert list(names.locate("x", TEXT)) == [(27, 38), (27, 38)]
