"""What becomes of each mention: one row per outcome and reason, and what may never be accepted."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from names_in_text import make, verdict, verdicts

from evalkit.data.articles import Articles
from evalkit.entities.matching import ACCEPTED, match
from evalkit.types import ENTITY_TYPES, Alias, EntityFile, Mention, Segment, TestSet

CARRIERS = ("{} spoke in the town on Monday.", "On Monday the delegation met {} there.", "Officials said that {} would be next.")


MET = "He met {} in the town."
TABLE = [
    # reference with the name in {}, name, type, accepted forms, hypothesis, outcome, reason, span
    ("He flew to {}.", "Kursk", "LOC", [], "To Kursk he flew.", "exact", "", "Kursk"),
    ("{}'s plane landed.", "Putin", "PER", [], "The plane of Putin landed.", "exact", "", "Putin"),
    ("The plane of {} landed.", "Putin", "PER", [], "Putin’s plane landed.", "exact", "", "Putin"),
    (MET, "Kassym-Jomart Tokayev", "PER", [], MET.format("Kassym Jomart Tokayev"), "variant", "spacing", "Kassym Jomart Tokayev"),
    (MET, "Witkoff", "PER", [], MET.format("Steve Witkoff"), "exact", "", "Witkoff"),
    ("Talks with {} began.", "NATO", "ORG", [], "Talks with Nato began.", "variant", "case", "Nato"),
    ("Talks with {} began.", "Putin", "PER", [], "PUTIN'S TALKS BEGAN", "variant", "case", "PUTIN"),
    (MET, "Erdogan", "PER", [], MET.format("Erdoğan"), "variant", "diacritic", "Erdoğan"),
    ("He flew to {}.", "Kyiv", "LOC", ["Kiev"], "He flew to Kiev.", "variant", "alias", "Kiev"),
    (MET, "Sergey Lavrov", "PER", [], MET.format("Sergei Lavrov"), "variant", "translit", "Sergei Lavrov"),
    ("He left {}.", "Hong Kong", "LOC", [], "He left Hongkong.", "variant", "spacing", "Hongkong"),
    ("He left {}.", "Hongkong", "LOC", [], "He left Hong Kong.", "variant", "spacing", "Hong Kong"),
    ("The {} spoke.", "World Health Organization", "ORG", [], "The WHO spoke.", "variant", "acronym", "WHO"),
    ("The {} spoke.", "WHO", "ORG", [], "The World Health Organization spoke.", "variant", "acronym", "World Health Organization"),
    ("Ask the {}.", "Committee of the Red Cross", "ORG", [], "Ask the CRC.", "variant", "acronym", "CRC"),
    ("Ask the {}.", "CRC", "ORG", [], "Ask the Committee of the Red Cross.", "variant", "acronym", "Committee of the Red Cross"),
    ("The {} spoke.", "Ministry of Defence", "ORG", [], "The Defence Ministry spoke.", "variant", "reorder", "Defence Ministry"),
    (MET, "John Fitzgerald Kennedy", "PER", [], MET.format("JFK"), "variant", "acronym", "JFK"),
    (MET, "Steve Witkoff", "PER", [], MET.format("Witkoff"), "variant", "short", "Witkoff"),
    (MET, "Joe Biden", "PER", [], MET.format("President Biden"), "variant", "short", "Biden"),
    (MET, "Steve Witkoff", "PER", [], MET.format("Steve Whitcom"), "misspelled", "spelling", "Steve Whitcom"),
    ("The {} pays.", "Direct Investment Fund", "ORG", [], "The Investment Fund pays.", "misspelled", "truncated", "Investment Fund"),
    ("He flew to {}.", "Kursk", "LOC", [], "He flew to Belgorod.", "replaced", "other", "Belgorod"),
    (MET, "Ruslan Stefanchuk", "PER", [], MET.format("Mykola Stefanchuk"), "replaced", "partial", "Mykola Stefanchuk"),
    (MET, "Putin", "PER", [], MET.format("nobody"), "missing", "", ""),
    (MET, "Putin", "PER", [], "", "missing", "", ""),
    # lower-case words are no names
    ("Shares of {} fell.", "Apple", "ORG", [], "Shares of an apple fell.", "replaced", "word", "apple"),
    ("Troops of the {} left.", "US", "LOC", [], "They told us about it.", "missing", "", ""),
]


@pytest.mark.parametrize(
    ("template", "name", "kind", "forms", "hypothesis", "outcome", "reason", "span"), TABLE, ids=lambda value: str(value)[:40]
)
def test_outcomes_and_reasons(template, name, kind, forms, hypothesis, outcome, reason, span):
    assert verdict(template.format(name), name, kind, hypothesis, forms=forms) == (outcome, reason, span)


@pytest.mark.parametrize("name", ["Steve Witkoff", "World Bank", "Kyiv"])
@pytest.mark.parametrize("kind", ENTITY_TYPES)
def test_similarity_is_that_of_the_words_judged(name, kind):
    test_set = make([MET.format(name)], [(name, kind, 0)])
    assert match(test_set, [MET.format(name)]).verdicts[0].similarity == 1
    assert match(test_set, ["nothing happened"]).verdicts[0].similarity is None


@pytest.mark.parametrize("kind", ["LOC", "ORG"])
def test_the_last_word_alone_is_short_for_persons_only(kind):
    assert verdict(MET.format("Costa Rica"), "Costa Rica", kind, MET.format("Rica"))[0] not in ACCEPTED


@pytest.mark.parametrize(("name", "hypothesis"), [("Xi Jinping", "Jinping Xi"), ("Abiy Ahmed", "Ahmed Abiy"), ("Joe Biden", "JB")])
def test_reordering_and_two_initials_are_not_for_persons(name, hypothesis):
    assert verdict(MET.format(name), name, "PER", MET.format(hypothesis))[0] not in ACCEPTED


@pytest.mark.parametrize(
    ("name", "refused"),
    [("Sergey", "Sergei"), ("Hong Kong", "Hongkong"), ("Erdogan", "Erdoğan"), ("Steve Witkoff", "Witkoff"), ("WHO", "Who")],
)
def test_reject_overrules_every_rule(name, refused):
    assert verdict(MET.format(name), name, "PER", MET.format(refused))[0] in ACCEPTED
    assert verdict(MET.format(name), name, "PER", MET.format(refused), reject=[refused])[0] not in ACCEPTED


def test_an_alias_is_for_its_own_entity_alone():
    aliases = [Alias("kyiv", ("Kyiv", "Kiev"))]
    names = [("Kursk", "LOC", 0, "kursk")]
    assert verdicts(["He is in Kursk."], names, ["He is in Kiev."], aliases) == [("replaced", "other", "Kiev")]


@pytest.mark.parametrize(
    ("name", "hypothesis"),
    [
        ("Joe Biden", "Then Hunter Biden spoke."),
        ("Joe Biden", "Hunter Biden spoke."),
        ("Joe Biden", "It was late. Hunter Biden spoke."),
        ("Salma bin Talal", "Then Hassan bin Talal spoke."),
        ("Mohammed Al Thani", "Then Tamim Al Thani spoke."),
    ],
)
def test_the_given_name_of_somebody_else_refuses_a_surname(name, hypothesis):
    assert verdict(f"Then {name} spoke.", name, "PER", hypothesis)[0] not in ACCEPTED


@pytest.mark.parametrize(
    "hypothesis",
    [
        "Then he left. Yesterday Biden spoke.",
        "On Friday Biden spoke.",
        "Then J. Biden spoke.",
        "Then, in London, Biden spoke.",
        "Why Biden spoke",
    ],
)
def test_other_words_before_a_surname_do_not_refuse_it(hypothesis):
    assert verdict("Then Biden spoke.", "Biden", "PER", hypothesis, forms=["Joe Biden"]) == ("exact", "", "Biden")


ANNA, MARIYA = "Anna Muzychuk", "Mariya Muzychuk"


@pytest.mark.parametrize("documents", [["d", "d"], ["a", "b"], [None, None]], ids=["neighbours", "documents", "lines"])
@pytest.mark.parametrize("carriers", [("{} won the game.", "{} lost the other."), ("Then {} won the game.", "Soon {} lost the other.")])
def test_two_persons_with_one_surname_who_change_places_are_both_wrong(carriers, documents):
    references = [carrier.format(name) for carrier, name in zip(carriers, (ANNA, MARIYA), strict=True)]
    hypotheses = [carrier.format(name) for carrier, name in zip(carriers, (MARIYA, ANNA), strict=True)]
    found = verdicts(references, [(ANNA, "PER", 0), (MARIYA, "PER", 1)], hypotheses, documents=documents)
    assert not {outcome for outcome, _, _ in found} & set(ACCEPTED)


def test_one_of_two_persons_with_one_surname_does_not_stand_for_both():
    found = verdicts([f"{ANNA} beat {MARIYA}."], [(ANNA, "PER", 0), (MARIYA, "PER", 0)], [f"{ANNA} beat {ANNA}."])
    assert found == [("exact", "", ANNA), ("replaced", "other", ANNA)]


def test_a_hypothesis_span_is_used_once():
    found = verdicts(["Biden said that Biden won."], [("Biden", "PER", 0)] * 2, ["Biden said that he won."])
    assert sorted(outcome for outcome, _, _ in found) == ["exact", "missing"]


def test_the_longer_name_goes_first():
    names = [("World Bank", "ORG", 0), ("World", "ORG", 0)]
    assert verdicts(["The World Bank bought The World."], names, ["The World was bought by the World Bank."]) == [
        ("exact", "", "World Bank"),
        ("exact", "", "World"),
    ]


def test_neighbours_are_searched_within_a_document():
    references, hypotheses = ["Trump spoke.", "Then Putin came and Xi listened."], ["Trump spoke, then Putin came", "and Xi listened."]
    names = [("Trump", "PER", 0), ("Putin", "PER", 1), ("Xi", "PER", 1)]
    assert [outcome for outcome, _, _ in verdicts(references, names, hypotheses)] == ["exact"] * 3
    assert [outcome for outcome, _, _ in verdicts(references, names, hypotheses, documents=["a", "b"])] == ["exact", "missing", "exact"]


def test_segments_further_away_are_not_searched():
    assert verdicts(["Trump spoke.", "Yes.", "No."], [("Trump", "PER", 0)], ["He spoke.", "Yes.", "No, Trump."]) == [("missing", "", "")]


@pytest.mark.parametrize(("name", "other"), [("Putin", "Путин"), ("Cairo", "القاهرة"), ("Beijing", "北京"), ("Kursk", "Κουρσκ")])
@pytest.mark.parametrize("kind", ENTITY_TYPES)
def test_a_name_in_another_script_is_not_accepted(name, other, kind):
    assert verdict(MET.format(name), name, kind, MET.format(other))[0] not in ACCEPTED


def test_chinese():
    reference, names = "普京访问了北京。", [("普京", "PER", 0), ("北京", "LOC", 0)]
    assert verdicts([reference], names, ["普京到北平去了。"], [Alias("北京", ("北平",))], "zh_TW") == [
        ("exact", "", "普京"),
        ("variant", "alias", "北平"),
    ]
    assert {outcome for outcome, _, _ in verdicts([reference], names, ["川普到莫斯科去了。"], language="zh")}.isdisjoint(ACCEPTED)


@pytest.mark.parametrize("kind", ENTITY_TYPES)
@pytest.mark.parametrize("carrier", CARRIERS)
def test_pairs_that_must_fail_are_never_accepted(shared, carrier, kind):
    with (shared / "name-pairs" / "must-fail.tsv").open(encoding="utf-8") as file:
        pairs = [tuple(row.values()) for row in csv.DictReader(file, delimiter="\t")]
    both_ways = [*pairs, *(pair[::-1] for pair in pairs)]
    accepted = [pair for pair in both_ways if verdict(carrier.format(pair[0]), pair[0], kind, carrier.format(pair[1]))[0] in ACCEPTED]
    assert accepted == []


@pytest.fixture(scope="module")
def news(world_news):
    return Articles(path=str(world_news)).read()


def with_mentions(test_set, mentions):
    return replace(test_set, entities=replace(test_set.entities, mentions=tuple(mentions)))


@given(st.data())
def test_the_reference_as_hypothesis_is_exact_whichever_names_are_listed(news, data):
    document = data.draw(st.sampled_from(news.documents))
    own = [m for m in news.entities.mentions if news.segments[m.segment].document == document]
    chosen = data.draw(st.lists(st.sampled_from(own), unique=True))
    found = match(with_mentions(news, chosen), [segment.references[0] for segment in news.segments]).verdicts
    assert [(verdict.mention, verdict.outcome, verdict.hypothesis) for verdict in found] == [(m, "exact", m.text) for m in chosen]


def test_empty_hypotheses_miss_every_name(news):
    assert {verdict.outcome for verdict in match(news, [""] * len(news.segments)).verdicts} == {"missing"}


def test_a_news_without_names_has_no_verdicts(news):
    assert match(replace(news, entities=None), [""] * len(news.segments)).verdicts == ()


def test_the_order_of_documents_changes_nothing(news):
    # something is wrong in every document: each segment with a third of its words gone
    hypotheses = [" ".join(word for i, word in enumerate(s.references[0].split()) if (i + len(s.id)) % 3) for s in news.segments]
    order = [index for document in reversed(news.documents) for index in news.segments_of[document]]
    place = {old: new for new, old in enumerate(order)}
    turned = replace(news, segments=tuple(news.segments[index] for index in order))
    turned = with_mentions(turned, [replace(mention, segment=place[mention.segment]) for mention in news.entities.mentions])
    before, after = match(news, hypotheses).verdicts, match(turned, [hypotheses[index] for index in order]).verdicts
    assert len({verdict.outcome for verdict in before}) == 5
    assert [replace(verdict, mention=None) for verdict in before] == [replace(verdict, mention=None) for verdict in after]


ZH = "习近平在上海会见了客人。中国科学院发布了公告。"


@pytest.mark.parametrize(
    ("language", "reference", "mentions", "hypothesis"),
    [
        ("zh", ZH, [("习近平", "PER"), ("上海", "LOC"), ("中国科学院", "ORG")], "客人在海上谈论和平。院学科国中没有发布公告。"),
        ("ja", "岸田文雄首相は東京で演説した。", [("岸田文雄", "PER"), ("東京", "LOC")], "彼は英雄のように京東で演説した。"),
    ],
)
def test_characters_of_a_name_are_no_names_where_there_are_no_spaces(language, reference, mentions, hypothesis):
    found = [Mention(0, reference.index(text), reference.index(text) + len(text), text, kind, text) for text, kind in mentions]
    test_set = TestSet(
        name="mini",
        source_language=None,
        target_language=language,
        references=("A",),
        segments=(Segment("1", "a", None, (reference,)),),
        entities=EntityFile(tuple(found), {}, "x", "none"),
    )
    assert {verdict.outcome for verdict in match(test_set, [reference]).verdicts} == {"exact"}
    assert not {verdict.outcome for verdict in match(test_set, [hypothesis]).verdicts} & {"exact", "variant"}
    aliases = {found[0].entity: Alias(found[0].entity, (), ("X" + found[0].text,))}
    refusing = replace(test_set, entities=EntityFile(tuple(found), aliases, "x", "y"))
    assert match(refusing, ["X" + reference]).verdicts[0].outcome not in {"exact", "variant"}, "it lies within a refused form"


def test_a_refused_form_that_is_unlike_the_name_is_another_name():
    aliases = {"a": Alias("a", ("PEN",), ("Foam",))}
    segment = Segment("1", "a", None, ("The award of PEN was given.",))
    test_set = TestSet(
        name="mini",
        source_language=None,
        target_language="en",
        references=("A",),
        segments=(segment,),
        entities=EntityFile((Mention(0, 13, 16, "PEN", "ORG", "a"),), aliases, "x", "y"),
    )
    (verdict,) = match(test_set, ["The award of Foam was given."]).verdicts
    assert (verdict.outcome, verdict.reason, verdict.hypothesis) == ("replaced", "other", "Foam")
