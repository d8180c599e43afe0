"""Word lists that the matching of names uses, and which languages they are for.

The lists are English, apart from particles and surnames. In other languages, matching relies on exact forms,
listed aliases, similarity and endings (`evalkit.entities.inflection`).
"""

from __future__ import annotations

from evalkit.languages.registry import find_language, has_spaces

FUNCTION_WORDS = frozenset("the a an of and for in on at to de la le el al bin von der".split())
"""English articles and prepositions, and particles. A name may contain them; its initials skip them."""
LINKS = frozenset(
    "of for the de da do dos das del della di du la le los las el al bin ibn von van der den y e".split()
)
"""Lower-case words that join the words of a name: Bank of Korea, Rio de Janeiro."""
AFTER_SUBJECT = frozenset(
    "said says told was were is are has had will would also could may might can did does and with".split()
)
"""English words that often follow the name at the beginning of a sentence."""
PLACE_NOUNS = frozenset(
    """
    lake mount mountain mountains river gulf bay sea ocean strait cape peninsula island islands valley desert
    province region state republic kingdom county district oblast city town port airport park square street
    avenue bridge north south east west northern southern eastern western
    """.split()
)
"""English words for kinds of places, found before or after the name: Lake Victoria, Kherson Province."""
ACTING = frozenset(
    """
    accus blame alleg charg condem critic warn urg demand threat attack told tell asked asks invit defend sued
    sues arrest replac succee defeat beat beats insult mock prais thank
    """.split()
)
"""Beginnings of English verbs whose subject and object cannot be exchanged: accused, blames."""
SAYING = frozenset("said says wrote writes added adds replied told according by from".split())
"""English words that come before the name of somebody who speaks or acts."""
PARTICLES = frozenset(
    """
    al el as ash an ar bin ibn bint abu ben bar von van der den de del della da di du dos das do la le af av y
    e ul ter zu
    """.split()
)
"""Small words within the name of a person, in lower case or not."""
ARABIC_ARTICLES = frozenset("al el as ash an ar ad at az".split())
"""Arabic articles, which may be left out before a surname: al-Sudani, Sudani."""
ABBREVIATIONS = frozenset(
    "st ste dr mr mrs ms prof gen col capt lt maj sgt gov sen rep rev hon mt ft jr sr no vs".split()
)
"""Abbreviations: a full stop after them does not end the sentence."""
GENERATIONS = frozenset("jr sr junior senior ii iii iv".split())
"""Words after the surname of a person."""
NUMBERED = frozenset("ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi".split())
"""Numbers that distinguish persons of one name: Charles III."""
TITLES = frozenset(
    """
    mr mrs ms miss dr sir lord lady dame prof professor president minister premier chancellor king queen
    prince princess emir sultan pope sheikh imam ayatollah rabbi bishop archbishop cardinal reverend general
    colonel captain lieutenant major sergeant admiral marshal commander corporal private senator governor
    mayor ambassador secretary deputy vice prime foreign defence defense interior finance justice energy
    health director chairman chairwoman chair chief head leader judge justice attorney counsel prosecutor
    spokesman spokeswoman spokesperson envoy commissioner coach manager doctor father mother brother sister
    saint st representative congressman congresswoman congressmember mp former ex late acting then new first
    second hon honourable crown speaker lawmaker analyst economist striker midfielder defender goalkeeper
    forward captain author writer singer actor actress and
    """.split()
)
"""Words before a name that do not belong to it."""
CALENDAR = frozenset(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december christmas easter ramadan eid
    """.split()
)
"""Capitalised words that name no person, place or organisation."""
NEVER_GIVEN = TITLES | CALENDAR
"""Capitalised words next to a name that do not belong to it."""
COMMON_WORDS = frozenset(
    """
    the a an this that these those it he she they we you i his her their its our my your him them us me there
    here then now when while after before as at in on of for from to by with and but or nor if so yet however
    meanwhile according both each every all some any many most one two three four five six seven eight nine
    ten first second third next last also only not no yes what who whom whose which where why how during since
    until till under over between among without within about into onto through against across along around
    behind beside besides beyond despite except like near off out outside inside past per than toward towards
    up upon via such other another earlier later today yesterday tomorrow tonight already soon recently
    finally eventually perhaps maybe indeed apparently reportedly lately often sometimes usually generally
    initially previously formerly originally unlike following regarding concerning neither either well
    together along plus alongside still even just although though because whereas whether unless once again
    more less much few several nearly almost afterwards instead moreover furthermore thus hence therefore
    nevertheless nonetheless additionally separately is are was were be been being has have had do does did
    will would can could may might shall should must said says told let never ever nobody somebody anybody
    everybody someone anyone everyone none nothing something anything everything himself herself itself
    themselves im ive id ill youre youve hes shes theyre weve dont doesnt didnt isnt wasnt cant couldnt wont
    wouldnt thats theres officials sources observers analysts critics experts reporters residents police
    authorities people government parliament
    """.split()
)
"""English words that begin or join sentences."""
OPENERS = COMMON_WORDS | FUNCTION_WORDS | CALENDAR
"""Words at the beginning of a sentence that are not names although capitalised."""
GENERAL_NOUNS = frozenset(
    """
    man woman men women people person official officials politician politicians leader leaders minister
    ministers president presidents country countries nation nations state states city cities capital town
    village region regions province area island islands place site body organisation organization agency
    company companies firm firms group groups party parties team teams side club bank ministry government
    parliament court council committee commission union alliance bloc army forces force police authorities
    institution institute university school hospital newspaper paper channel former latter incumbent successor
    predecessor colleague counterpart rival opponent husband wife son daughter brother sister father mother
    family relatives candidate spokesman spokeswoman spokesperson envoy ambassador governor mayor senator
    lawmaker diplomat general commander chief head director chairman chairwoman chair secretary premier king
    queen prince coach player captain striker doctor professor scientist expert analyst economist lawyer judge
    prosecutor writer author singer actor artist neighbour neighbor neighbours neighbors kingdom republic sea
    river lake ocean border territory district
    """.split()
)
"""English words for a person, place or organisation that are not names."""

SURNAME_FIRST = frozenset(
    """
    xi li wang zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie
    han tang feng yu dong xiao cheng cao yuan deng fu shen zeng peng lu su jiang cai jia ding wei xue ye yan
    pan du dai xia zhong tian fan fang shi yao tan liao zou xiong jin hao kong bai cui kang mao qiu qin gu hou
    shao meng long wan duan qian tsai kim lee rhee yi park pak choi choe jung chung jeong jeon kang cho jo
    yoon yun jang chang lim im shin sin seo suh kwon hwang ahn an ban hong moon mun nam noh roh ryu ri nguyen
    tran le pham phan vu vo dang bui do ho ngo duong ly
    """.split()
)
"""Chinese, Korean and Vietnamese surnames, which come before the given name."""
_NOUNS_CAPITALISED = frozenset({"de", "lb"})
"""Languages that capitalise all nouns."""


def is_english(language: str) -> bool:
    """Whether the rules for English apply to a language code."""
    return find_language(language).code == "en"


def capitals_mark_names(language: str) -> bool:
    """Whether a capitalised word within a sentence is a name.

    It is not in German, which capitalises all nouns, nor in scripts without spaces.
    """
    return has_spaces(language) and find_language(language).code not in _NOUNS_CAPITALISED
