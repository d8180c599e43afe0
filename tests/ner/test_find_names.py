"""From spans to the mentions of a test set: cached, cleaned, completed, linked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import pytest
from miniature import in_memory

from evalkit.errors import ConfigError
from evalkit.ner.base import NameSpan, Ner
from evalkit.ner.completion import find_surname
from evalkit.ner.names import find_names, find_well_known
from evalkit.runtime.cache import Cache, hash_parts
from evalkit.types import Alias, EntityFile, Mention

AFTER = "He said that "


@dataclass(frozen=True, kw_only=True)
class Listed(Ner):
    """Finds the first occurrence of listed names in every text, or of those that `only` lists for a text.

    It remembers what it was asked.
    """

    model: str = "list"
    names: dict[str, str] = field(default_factory=dict)
    only: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    own: str | None = None

    def signature(self):
        return f"list/{self.model}"

    def language(self):
        return self.own

    def find(self, texts, language):
        """The second reading of a text, after a few words, finds what the first one did."""
        self.asked.extend(text for text in texts if not text.startswith(AFTER))
        return [
            [
                NameSpan(start + len(text) - len(bare), end + len(text) - len(bare), type_)
                for start, end, type_ in self.find_in(bare)
            ]
            for text in texts
            for bare in [text.removeprefix(AFTER)]
        ]

    def find_in(self, text):
        return [
            NameSpan(text.index(name), text.index(name) + len(name), type_)
            for name, type_ in self.names.items()
            if name in text and name in self.only.get(text, list(self.names))
        ]


def found(texts, ner, documents="one", aliases=(), language="en", cache=None):
    ids = ["d"] * len(texts) if documents == "one" else documents
    test_set = in_memory([texts], documents=ids, target_language=language)
    if aliases:
        test_set = replace(
            test_set, entities=EntityFile((), {alias.entity: alias for alias in aliases}, "none", "abc")
        )
    result = find_names(test_set, ner, cache)
    for mention in result.entities.mentions:
        assert texts[mention.segment][mention.start : mention.end] == mention.text
    return result.entities


def shown(entities):
    return [(mention.segment, mention.text, mention.type) for mention in entities.mentions]


@pytest.fixture(autouse=True)
def _nothing_but_the_model(tmp_path, monkeypatch):
    """No results of other tests, and no well-known names but where a test is about them."""
    monkeypatch.setenv("EVALKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("evalkit.ner.names.find_well_known", lambda text, language: iter(()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Earlier, the Bangladesh team was all out.", [("Bangladesh", "LOC")]),
        ("The US and United Kingdom met.", [("US", "LOC"), ("United Kingdom", "LOC")]),
        ("Brazil won; Brazilian fans sang.", [("Brazil", "LOC"), ("Brazilian", "NORP")]),
        (
            "The World Health Organization (WHO) spoke.",
            [("World Health Organization", "ORG"), ("WHO", "ORG")],
        ),
        ("Jordan Pickford went to Georgia State University.", []),
        ("Who told us about turkey? Us.", []),
        ("Zelensky came.", []),
    ],
)
def test_well_known_places_and_organisations_are_names(text, expected):
    assert [(text[start:end], type_) for start, end, type_ in find_well_known(text, "en")] == expected
    assert list(find_well_known(text, "fi")) == []


def test_the_first_word_of_a_sentence_is_read_after_a_few_words():
    class Timid(Listed):
        """Sees a name only where its capital says something, and takes any capitalised word for one."""

        def find(self, texts, language):
            return [
                [
                    NameSpan(match.start(), match.end(), "PER")
                    for match in re.finditer(r"[A-Z]\w+", text)
                    if match.start()
                ]
                for text in texts
            ]

    assert shown(found(["Cuomo met Moore."], Timid())) == [(0, "Cuomo", "PER"), (0, "Moore", "PER")]
    assert shown(found(["Money met Moore."], Timid())) == [(0, "Moore", "PER")], "the dictionary has it"
    assert shown(found(["Cuomo met Moore."], Timid(), language="de")) == [(0, "Moore", "PER")]


def test_mentions_are_of_the_primary_reference_and_have_an_origin():
    ner = Listed(names={"President Biden": "PER", "Kyiv": "LOC"})
    test_set = find_names(
        in_memory([["President Biden came to Kyiv.", "Kyiv!"], ["Joe Biden came.", "Yes."]]), ner
    )
    assert test_set.entities.mentions == (
        Mention(0, 10, 15, "Biden", "PER", "biden"),
        Mention(0, 24, 28, "Kyiv", "LOC", "kyiv"),
        Mention(1, 0, 4, "Kyiv", "LOC", "kyiv"),
    )
    assert test_set.entities.mentions_origin == "ner:list/list/rules-1"
    assert (test_set.entities.aliases, test_set.entities.aliases_origin) == ({}, "none")
    assert ner.asked == ["President Biden came to Kyiv.", "Kyiv!"]
    assert test_set.has_names


def test_each_distinct_text_is_read_once_and_never_again(tmp_path):
    texts, cache = ["Kyiv is quiet.", "Kyiv is quiet.", "Nobody came."], Cache(tmp_path)
    first, second, other = (
        Listed(names={"Kyiv": "LOC"}),
        Listed(names={"Kyiv": "LOC"}),
        Listed(model="other", names={"Kyiv": "LOC"}),
    )
    entities = found(texts, first, cache=cache)
    assert first.asked == ["Kyiv is quiet.", "Nobody came."]
    assert found(texts, second, cache=cache) == entities
    assert second.asked == [], "all from the cache, also that there was nothing"
    found([*texts, "Moscow."], second, cache=cache)
    assert second.asked == ["Moscow."]
    found(texts, other, cache=cache)
    assert len(other.asked) == 2, "another model reads the texts again"
    found(texts, second, cache=cache, language="de")
    assert len(second.asked) == 3, "and so are texts in another language"


@pytest.mark.parametrize(
    "value", [b"", b"{", b'[[0, 99, "LOC"]]', b'[[0, 4, "CITY"]]', b"[[0, 4]]", b"[1]", b"null", b"\xff"]
)
def test_cached_spans_that_do_not_fit_the_text_are_ignored(tmp_path, value):
    cache, ner = Cache(tmp_path), Listed(names={"Kyiv": "LOC"})
    cache.put({hash_parts("ner", ner.signature(), "en", "Kyiv."): value})
    assert shown(found(["Kyiv."], ner, cache=cache)) == [(0, "Kyiv", "LOC")]


def test_an_unusable_cache_costs_time_only(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    ner = Listed(names={"Kyiv": "LOC"})
    for _ in range(2):
        assert shown(found(["Kyiv."], ner, cache=Cache(tmp_path / "file"))) == [(0, "Kyiv", "LOC")]
    assert len(ner.asked) == 1, "kept for this process"


def test_texts_in_capitals_have_no_names():
    assert shown(found(["KYIV IS QUIET", "Kyiv is quiet"], Listed(names={"KYIV": "LOC", "Kyiv": "LOC"}))) == [
        (1, "Kyiv", "LOC")
    ]


def test_of_overlapping_spans_the_longer_is_the_name():
    ner = Listed(names={"Kyiv": "LOC", "Kyiv School of Economics": "ORG"})
    assert shown(found(["The Kyiv School of Economics said so."], ner)) == [
        (0, "Kyiv School of Economics", "ORG")
    ]


def test_a_name_found_at_one_place_is_one_at_all_places_of_its_document():
    texts = [
        "Kursk is quiet.",
        "He left Kursk and went to Kursk again.",
        "The Kurskaya line; kursk.",
        "Kursk-like towns; KURSK",
    ]
    ner = Listed(names={"Kursk": "LOC"}, only={text: [] for text in texts[1:]})
    assert shown(found(texts, ner)) == [(0, "Kursk", "LOC")], (
        "the document has the word in lower case as well"
    )
    texts[2] = "The Kurskaya line."
    ner = Listed(model="2", names={"Kursk": "LOC"}, only={text: [] for text in texts[1:]})
    assert shown(found(texts, ner)) == [
        (0, "Kursk", "LOC"),
        (1, "Kursk", "LOC"),
        (1, "Kursk", "LOC"),
        (3, "Kursk", "LOC"),
    ]
    assert shown(found(texts, ner, documents=["a", "b", "b", "b"])) == [(0, "Kursk", "LOC")]
    assert shown(found(texts, ner, documents=None)) == [(0, "Kursk", "LOC")], (
        "without documents nothing is completed"
    )


def test_a_word_beside_other_capitalised_words_is_not_completed():
    texts = [
        "He lives in Washington.",
        "He reads the Washington Post.",
        "In Washington Mayor Bowser spoke.",
        "Mary Washington left.",
        "Washington DC",
    ]
    ner = Listed(names={"Washington": "LOC"}, only={text: [] for text in texts[1:]})
    assert shown(found(texts, ner)) == [(0, "Washington", "LOC"), (2, "Washington", "LOC")]


def test_a_longer_name_takes_the_place_of_its_parts():
    texts = ["Steve Witkoff came.", "They met Steve Witkoff."]
    ner = Listed(
        names={"Steve Witkoff": "PER", "Witkoff": "PER"},
        only={texts[0]: ["Steve Witkoff"], texts[1]: ["Witkoff"]},
    )
    assert shown(found(texts, ner)) == [(0, "Steve Witkoff", "PER"), (1, "Steve Witkoff", "PER")]


def test_surnames_of_persons_are_names():
    texts = [
        "Steve Witkoff came.",
        "Later Mr. Witkoff left.",
        "Witkoff's plan failed.",
        "The Witkoff Group sold.",
        "Anna Witkoff sang.",
    ]
    ner = Listed(names={"Steve Witkoff": "PER"})
    assert shown(found(texts, ner)) == [
        (0, "Steve Witkoff", "PER"),
        (1, "Witkoff", "PER"),
        (2, "Witkoff", "PER"),
    ]
    assert {mention.entity for mention in found(texts, ner).mentions} == {"steve-witkoff"}
    assert shown(found(["Theresa May left in May.", "May came."], Listed(names={"Theresa May": "PER"}))) == [
        (0, "Theresa May", "PER")
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Joe Biden", "Biden"),
        ("Martin Luther King Jr.", "King"),
        ("Charles III", None),
        ("Biden", None),
        ("Ahmed al-Sharaa", "Sharaa"),
        ("习近平", None),
    ],
)
def test_what_the_surname_is(name, expected):
    assert find_surname(name, "zh" if name == "习近平" else "en") == expected


def test_a_name_has_its_most_frequent_type_within_a_document():
    texts = ["Witkoff came.", "Steve Witkoff left.", "Then Witkoff ate.", "Again Witkoff slept."]

    class Wavering(Listed):
        def find_in(self, text):
            if text == texts[1]:
                return [NameSpan(0, 13, "PER")]
            start = text.index("Witkoff")
            return [NameSpan(start, start + 7, {"W": "ORG", "T": "PER", "A": "LOC"}[text[0]])]

    assert [type_ for _, _, type_ in shown(found(texts, Wavering()))] == ["PER"] * 4
    assert [type_ for _, _, type_ in shown(found(texts, Wavering(), documents=list("abcd")))] == [
        "ORG",
        "PER",
        "PER",
        "LOC",
    ]


def test_ids_are_the_words_of_the_name_over_the_whole_test_set():
    texts = ["Kraków and N'Djamena.", "Krakow.", "World Health Organization"]
    ner = Listed(
        names={"Kraków": "LOC", "Krakow": "LOC", "N'Djamena": "LOC", "World Health Organization": "ORG"}
    )
    entities = found(texts, ner, documents=["a", "b", "c"])
    assert [mention.entity for mention in entities.mentions] == [
        "krakow",
        "ndjamena",
        "krakow",
        "world-health-organization",
    ]


def test_a_surname_is_the_one_person_of_the_document_who_has_it():
    names = {"Kirill Dmitriev": "PER", "Andrei Dmitriev": "PER", "Dmitriev": "PER"}
    one, other = "Kirill Dmitriev came.", "Andrei Dmitriev came."
    ner = Listed(names=names, only={one: ["Kirill Dmitriev"], other: ["Andrei Dmitriev"]})
    texts = ["Dmitriev spoke.", one, "Dmitriev slept.", other]
    ids = lambda documents: [mention.entity for mention in found(texts, ner, documents=documents).mentions]
    assert ids(["a", "a", "b", "b"]) == [
        "kirill-dmitriev",
        "kirill-dmitriev",
        "andrei-dmitriev",
        "andrei-dmitriev",
    ]
    assert ids(["a"] * 4) == ["dmitriev", "kirill-dmitriev", "dmitriev", "andrei-dmitriev"]
    assert ids(None) == ["dmitriev", "kirill-dmitriev", "dmitriev", "andrei-dmitriev"]


def test_alias_items_link_mentions_by_their_forms():
    aliases = [
        Alias("zel", ("Volodymyr Zelenskyy", "Zelensky"), ("Zelinsky",)),
        Alias("kyiv", ("Kyiv", "Kiev")),
        Alias("muz1", ("Anna Muzychuk", "Muzychuk")),
        Alias("muz2", ("Mariya Muzychuk", "Muzychuk")),
    ]
    text = (
        "Volodymyr Zelenskyy met Zelenskyy, Zelensky and Zelinsky in KIEV and Kyiv with Anna Muzychuk; "
        "Muzychuk won."
    )
    names = dict.fromkeys(("Volodymyr Zelenskyy", "Zelensky ", "Zelinsky", "Anna Muzychuk"), "PER") | {
        "KIEV": "LOC",
        "Kyiv": "LOC",
    }
    entities = found([text], Listed(names=names), aliases=aliases)
    assert [(mention.text, mention.entity) for mention in entities.mentions] == [
        ("Volodymyr Zelenskyy", "zel"),
        ("Zelenskyy", "zel"),
        ("Zelensky", "zel"),
        ("Zelinsky", "zelinsky"),
        ("KIEV", "kyiv"),
        ("Kyiv", "kyiv"),
        ("Anna Muzychuk", "muz1"),
        ("Muzychuk", "muz1"),
    ]
    assert (entities.aliases_origin, set(entities.aliases)) == ("abc", {"zel", "kyiv", "muz1", "muz2"})


def test_languages_without_spaces():
    texts = ["北京很大。", "他在北京。"]
    entities = found(texts, Listed(names={"北京": "LOC"}, only={texts[1]: []}), language="zh")
    assert [(mention.segment, mention.text, mention.entity) for mention in entities.mentions] == [
        (0, "北京", "北京"),
        (1, "北京", "北京"),
    ]


def test_a_model_for_another_language_is_refused():
    with pytest.raises(
        ConfigError, match=re.escape("ner.model=list: the model is for 'de', but the references are in 'en'")
    ):
        find_names(in_memory([["Kyiv."]]), Listed(own="de"))
    for target, own in (("no", "nb"), ("nob", "nb"), ("en_GB", "en"), ("eng_Latn", "en"), ("zho_Hant", "zh")):
        test_set = in_memory([["Oslo."]], target_language=target)
        assert find_names(test_set, Listed(own=own)).entities.mentions == ()
