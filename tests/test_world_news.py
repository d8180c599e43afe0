"""The article set that comes with evalkit: it is complete, and it shows what it is there to show."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict

import pytest

from evalkit.data.articles import Articles
from evalkit.data.outputs import read_outputs
from evalkit.entities.matching import ACCEPTED, match
from evalkit.metrics.entity_accuracy import EntityAccuracy
from evalkit.metrics.lexical import Bleu
from evalkit.types import NAME_TYPES

SYSTEMS = ["clumsy", "fluent", "pivot", "strong"]


@pytest.fixture(scope="module")
def reader(world_news):
    return Articles(path=str(world_news))


@pytest.fixture(scope="module")
def test_set(reader):
    return reader.read()


@pytest.fixture(scope="module")
def outputs(reader, test_set):
    return {output.system: output for output in read_outputs(reader, test_set, None)}


@pytest.fixture(scope="module")
def verdicts(test_set, outputs):
    """By system: document and verdict."""
    return {
        system: [
            (test_set.segments[verdict.mention.segment].document, verdict)
            for verdict in match(test_set, output.hypotheses).verdicts
        ]
        for system, output in outputs.items()
    }


@pytest.fixture(scope="module")
def wrong(world_news):
    """By system: document, reference form and hypothesis form of the names that were put wrong on purpose."""
    found = defaultdict(list)
    with (world_news / "damage.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["outcome"] != "variant":
                found[row["system"]].append((row["document"], row["reference"], row["hypothesis"]))
    return found


def articles(folder):
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))}


def test_articles_have_250_to_400_words(world_news):
    lengths = {name: len(text.split()) for name, text in articles(world_news / "reference.en").items()}
    assert len(lengths) == 10
    assert {name: length for name, length in lengths.items() if not 250 <= length <= 400} == {}


def test_every_document_has_one_source_and_there_are_several_languages(world_news, test_set):
    languages = {
        folder.name.removeprefix("source."): articles(folder)
        for folder in sorted(world_news.glob("source.*"))
    }
    assert len(languages) >= 2
    assert test_set.source_language == "+".join(languages)
    assert sorted(name for texts in languages.values() for name in texts) == sorted(test_set.documents)
    assert test_set.has_sources
    assert all(segment.source for segment in test_set.segments)


def test_every_system_has_every_document(world_news, reader, test_set):
    assert reader.bundled() == SYSTEMS
    for system in SYSTEMS:
        texts = articles(world_news / "systems" / system)
        assert sorted(texts) == sorted(test_set.documents)
        assert all(text.strip() for text in texts.values())


def test_every_mention_stands_at_its_offsets_and_is_a_known_entity(world_news, test_set):
    texts = articles(world_news / "reference.en")
    for mention in test_set.entities.mentions:
        segment = test_set.segments[mention.segment]
        assert segment.references[0][mention.start : mention.end] == mention.text
        assert (
            texts[segment.document][segment.start + mention.start : segment.start + mention.end]
            == mention.text
        )
        assert mention.entity in test_set.entities.aliases
    assert {mention.type for mention in test_set.entities.mentions} == set(NAME_TYPES)


def test_aliases_accept_no_form_that_another_entity_of_the_document_has(test_set):
    present = defaultdict(set)
    for mention in test_set.entities.mentions:
        present[test_set.segments[mention.segment].document].add((mention.entity, mention.text))
    taken = [
        (document, entity, text)
        for document, names in present.items()
        for entity, _ in names
        for other, text in names
        if other != entity and text in test_set.entities.aliases[entity].forms
    ]
    assert taken == []


def test_checksums(world_news):
    listing = world_news / "checksums.sha256"
    if not listing.exists():
        pytest.skip("no checksums.sha256")
    listed = dict(line.split("  ", 1)[::-1] for line in listing.read_text(encoding="utf-8").splitlines())
    found = {
        path.relative_to(world_news).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in world_news.rglob("*")
        if path.is_file() and path != listing
    }
    assert {name: found.get(name) for name in listed} == listed
    assert set(found) - set(listed) <= {"README.md"}


def test_damage_speaks_of_names_that_are_there(test_set, wrong):
    mentions = {
        (test_set.segments[mention.segment].document, mention.text) for mention in test_set.entities.mentions
    }
    assert set(wrong) == {"fluent", "pivot"}
    assert {row[:2] for rows in wrong.values() for row in rows} - mentions == set()


@pytest.mark.parametrize("system", ["strong", "clumsy"])
def test_every_name_of_a_careful_system_is_accepted(verdicts, system):
    refused = [
        (document, v.mention.text, v.outcome, v.hypothesis)
        for document, v in verdicts[system]
        if v.outcome not in ACCEPTED
    ]
    assert refused == []


@pytest.mark.parametrize("system", ["strong", "clumsy"])
def test_a_careful_system_has_no_names_of_its_own(test_set, outputs, system):
    assert match(test_set, outputs[system].hypotheses).spurious == ()


def test_the_reference_has_every_name_in_its_place_and_no_other(test_set):
    found = match(test_set, [segment.references[0] for segment in test_set.segments])
    assert [(v.mention, v.outcome, v.hypothesis) for v in found.verdicts] == [
        (m, "exact", m.text) for m in test_set.entities.mentions
    ]
    assert found.spurious == ()


@pytest.mark.parametrize("system", ["pivot", "fluent"])
def test_no_accepted_span_is_one_that_was_put_wrong(verdicts, wrong, system):
    accepted = {
        (document, v.mention.text, v.hypothesis) for document, v in verdicts[system] if v.outcome in ACCEPTED
    }
    assert accepted & set(wrong[system]) == set()


def test_names_that_were_put_wrong_are_found(verdicts, wrong):
    missed = []
    for system, rows in wrong.items():
        refused = {
            (document, v.mention.text) for document, v in verdicts[system] if v.outcome not in ACCEPTED
        }
        missed += [(system, *row) for row in rows if row[:2] not in refused]
    share = 1 - len(missed) / sum(map(len, wrong.values()))
    assert share >= 0.97, f"{share:.3f} found; missed: {missed}"


def test_bleu_prefers_the_fluent_system_and_entity_accuracy_the_right_one(test_set, outputs):
    def scores(metric):
        return {
            name: float(metric.aggregate(metric.statistics(test_set, output).values.sum(axis=0)))
            for name, output in outputs.items()
        }

    bleu, accuracy = scores(Bleu()), scores(EntityAccuracy())
    assert bleu["fluent"] > bleu["strong"] > bleu["pivot"]
    assert accuracy["fluent"] <= accuracy["strong"] - 0.3
    assert bleu["clumsy"] < bleu["strong"]
    assert accuracy["clumsy"] == 1
