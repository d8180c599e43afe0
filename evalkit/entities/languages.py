"""What matching of names has to know of languages: word lists of English, and endings of languages that inflect names.

English only: titles, calendar, sentence openers, general nouns, well-known names (`evalkit.entities.known`). In other
languages exact forms, listed aliases, endings and similarity do the work.
"""

from __future__ import annotations

from evalkit.entities.tokens import fold
from evalkit.types import written_with_spaces

FUNCTION_WORDS = frozenset("the a an of and for in on at to de la le el al bin von der".split())
"""English articles and prepositions, and particles of names: lower-case words that a name may hold, and that initials skip."""
LINKS = frozenset(
    "of for the de da do dos das del della di du la le los las el al bin ibn von van der den y e".split()
)
"""Lower-case words over which a name goes on: Bank of Korea, Rio de Janeiro."""
AFTER_SUBJECT = frozenset(
    "said says told was were is are has had will would also could may might can did does and with".split()
)
"""English words that often follow a name at the beginning of a sentence."""
PLACE_NOUNS = frozenset(
    (
        "lake mount mountain mountains river gulf bay sea ocean strait cape peninsula island islands valley desert province region state republic "
        "kingdom county district oblast city town port airport park square street avenue bridge north south east west northern southern eastern western"
    ).split()
)
"""English words for kinds of places, which stand before or after the name: Lake Victoria, Kherson Province."""
ACTING = frozenset(
    (
        "accus blame alleg charg condem critic warn urg demand threat attack told tell asked asks invit defend sued sues arrest replac "
        "succee defeat beat beats insult mock prais thank"
    ).split()
)
"""Beginnings of English verbs whose subject and object cannot change places."""
SAYING = frozenset("said says wrote writes added adds replied told according by from".split())
"""English words after which somebody is named who speaks or acts."""
PARTICLES = frozenset(
    "al el as ash an ar bin ibn bint abu ben bar von van der den de del della da di du dos das do la le af av y e ul ter zu".split()
)
"""Small words within a person's name, in lower case or not."""
ARABIC_ARTICLES = frozenset("al el as ash an ar ad at az".split())
"""The article before Arabic names, which may be left out: al-Sudani, Sudani."""
ABBREVIATIONS = frozenset(
    "st ste dr mr mrs ms prof gen col capt lt maj sgt gov sen rep rev hon mt ft jr sr no vs".split()
)
"""Words after which a full stop ends no sentence."""
GENERATIONS = frozenset("jr sr junior senior ii iii iv".split())
"""Words after a person's family name."""
NUMBERED = frozenset("ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi".split())
"""What tells one person from another of the same name: Charles III."""
TITLES = frozenset(
    (
        "mr mrs ms miss dr sir lord lady dame prof professor president minister premier chancellor king queen prince princess emir sultan pope "
        "sheikh imam ayatollah rabbi bishop archbishop cardinal reverend general colonel captain lieutenant major sergeant admiral marshal "
        "commander corporal private senator governor mayor ambassador secretary deputy vice prime foreign defence defense interior finance "
        "justice energy health director chairman chairwoman chair chief head leader judge justice attorney counsel prosecutor spokesman "
        "spokeswoman spokesperson envoy commissioner coach manager doctor father mother brother sister saint st representative congressman "
        "congresswoman congressmember mp former ex late acting then new first second hon honourable crown speaker lawmaker analyst economist "
        "striker midfielder defender goalkeeper forward captain author writer singer actor actress and"
    ).split()
)
"""Words before a name that are no part of it."""
CALENDAR = frozenset(
    (
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october "
        "november december christmas easter ramadan eid"
    ).split()
)
"""Capitalised words that are no names of persons, places or organisations."""
NEVER_GIVEN = TITLES | CALENDAR
"""Capitalised words beside a name that are no part of it."""
COMMON_WORDS = frozenset(
    (
        "the a an this that these those it he she they we you i his her their its our my your him them us me there here then now when while "
        "after before as at in on of for from to by with and but or nor if so yet however meanwhile according both each every all some any many "
        "most one two three four five six seven eight nine ten first second third next last also only not no yes what who whom whose which where "
        "why how during since until till under over between among without within about into onto through against across along around behind "
        "beside besides beyond despite except like near off out outside inside past per than toward towards up upon via such other another "
        "earlier later today yesterday tomorrow tonight already soon recently finally eventually perhaps maybe indeed apparently reportedly lately "
        "often sometimes usually generally initially previously formerly originally unlike following regarding concerning neither either "
        "well together along plus alongside still even just although though because whereas whether unless once again more less much "
        "few several nearly almost afterwards instead moreover furthermore thus hence therefore nevertheless nonetheless additionally separately "
        "is are was were be been being has have had do does did will would can could may might shall should must said says told let never ever "
        "nobody somebody anybody everybody someone anyone everyone none nothing something anything everything himself herself itself themselves "
        "im ive id ill youre youve hes shes theyre weve dont doesnt didnt isnt wasnt cant couldnt wont wouldnt thats theres "
        "officials sources observers analysts critics experts reporters residents police authorities people government parliament"
    ).split()
)
"""English words that begin sentences or join them."""
OPENERS = COMMON_WORDS | FUNCTION_WORDS | CALENDAR
"""Capitalised words at the beginning of a sentence that are no name."""
GENERAL_NOUNS = frozenset(
    (
        "man woman men women people person official officials politician politicians leader leaders minister ministers president presidents country "
        "countries nation nations state states city cities capital town village region regions province area island islands place site body "
        "organisation organization agency company companies firm firms group groups party parties team teams side club bank ministry government "
        "parliament court council committee commission union alliance bloc army forces force police authorities institution institute university "
        "school hospital newspaper paper channel former latter incumbent successor predecessor colleague counterpart rival opponent husband wife "
        "son daughter brother sister father mother family relatives candidate spokesman spokeswoman spokesperson envoy ambassador governor mayor "
        "senator lawmaker diplomat general commander chief head director chairman chairwoman chair secretary premier king queen prince coach "
        "player captain striker doctor professor scientist expert analyst economist lawyer judge prosecutor writer author singer actor artist "
        "neighbour neighbor neighbours neighbors kingdom republic sea river lake ocean border territory district"
    ).split()
)
"""English words for a person, place or organisation that name nobody."""

SURNAME_FIRST = frozenset(
    (
        "xi li wang zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie han tang feng yu dong xiao cheng "
        "cao yuan deng fu shen zeng peng lu su jiang cai jia ding wei xue ye yan pan du dai xia zhong tian fan fang shi yao tan liao zou xiong jin "
        "hao kong bai cui kang mao qiu qin gu hou shao meng long wan duan qian tsai kim lee rhee yi park pak choi choe jung chung jeong jeon kang cho jo yoon "
        "yun jang chang lim im shin sin seo suh kwon hwang ahn an ban hong moon mun nam noh roh ryu ri nguyen tran le pham phan vu vo dang bui do ho ngo duong ly"
    ).split()
)
"""Chinese, Korean and Vietnamese family names, which stand before the given name."""

_SLAVIC_CYRILLIC = (
    "а о у ю я е ё и і ы й ь ом ем ём ым им ой ей ою ею ого его ому ему ая яя ую юю ий ый ое ее ие ые их ых ими ыми ам ям ами ями ах ях "
    "ові еві ою єю єм ів"
).split()
_SLAVIC_LATIN = (
    "a u y i e o ě ů ą ę em om ou ym im iem ie owi ovi owie ów ego iego emu iemu ej iej ou ami iami ach iach ech ích ich om oj ém ému ého "
    "ý á é í ym ymi imi ima ama ih og eg om"
).split()
_SPELT_ENDINGS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "sr"), tuple(_SLAVIC_CYRILLIC)),
    **dict.fromkeys(("pl", "cs", "sk", "sl", "hr", "bs", "sh"), tuple(_SLAVIC_LATIN)),
    "de": ("s", "es", "e", "en", "em"),
    **dict.fromkeys(("nl", "sv", "da", "no", "nb", "nn"), ("s", "es")),
    "is": ("s", "ar", "i", "u", "ur", "inn", "um", "a", "jar", "nni", "num", "nu"),
    "lt": tuple("as is us ys o io a e ai ui iui u iu e yje uje ą į ę ų ei os es ai ius om ams".split()),
    "lv": tuple("s is us a u i am im ā ē ī ū as es e ei ai iem ām".split()),
    "fi": tuple("n in a ä ta tä ssa ssä sta stä on en hin lla llä lta ltä lle na nä ksi ja jä".split()),
    "et": tuple("i a e u t d s st sse le l lt ga ks ni na ta".split()),
    "hu": tuple(
        "t et ot at nak nek ban ben ba be ból ből on en ön ra re ról ről hoz hez höz tól től val vel ig ért a e ja je i".split()
    ),
    **dict.fromkeys(
        ("tr", "az"),
        tuple(
            "ı i u ü yı yi yu yü ın in un ün nın nin nun nün a e ya ye da de ta te dan den tan ten la le yla yle daki deki lı li lu lü".split()
        ),
    ),
    "el": tuple("ς ν υ ου ο α η ας ης ων ους οι ες".split()),
    "hi": ("ओं", "ों"),
    "ko": tuple("은 는 이 가 을 를 의 에 에서 에게 로 으로 와 과 도 만 까지 부터 라고 이라고 측 씨".split()),
    "ka": tuple("ი ის მა ს ში ზე დან თან თვის ით ად".split()),
}
"""Case endings and particles that may differ between two forms of one name, by first subtag of the language."""
_ENDINGS = {
    language: frozenset(fold(ending) for ending in endings) for language, endings in _SPELT_ENDINGS.items()
}
_PREFIXES: dict[str, tuple[str, ...]] = {
    "ar": tuple("و ف ب ل ك ال وال بال فال لل ول وب ولل وبال".split()),
    "fa": ("و",),
    "he": tuple("ו ב ל מ ה ש כ וב ול ומ וה וש שב של".split()),
}
"""Conjunctions, prepositions and articles that are written together with a name."""
_LEAST_STEM = 3
_LEAST_KOREAN_STEM = 2
_NOUNS_CAPITALISED = frozenset({"de", "lb"})


def base(language: str) -> str:
    """First subtag of a language code, in lower case: ``pt`` of ``pt_BR``."""
    return language.replace("_", "-").split("-")[0].lower()


def is_english(language: str) -> bool:
    """Whether the rules for English apply."""
    return base(language) == "en"


def capitals_mark_names(language: str) -> bool:
    """Whether a capitalised word within a sentence is a name: not in German, which capitalises nouns, nor without spaces."""
    return written_with_spaces(language) and base(language) not in _NOUNS_CAPITALISED


def inflects(language: str) -> bool:
    """Whether names take endings or prefixes in this language that `same_inflected` knows."""
    code = base(language)
    return code in _ENDINGS or code in _PREFIXES


def same_inflected(a: str, b: str, language: str) -> bool:
    """Whether two folded words are forms of one name: one stem of at least three letters, each with a listed ending or none.

    Путин, Путина, Путиным; Ankara, Ankara'da; Putin, Putins; بوتين, وبوتين. Stems that differ in a letter are two names.
    """
    code = base(language)
    if code in _PREFIXES:
        return bool(_without_prefix(a, code) & _without_prefix(b, code))
    endings = _ENDINGS.get(code)
    if endings is None:
        return a == b
    common = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        common += 1
    least = _LEAST_KOREAN_STEM if code == "ko" else _LEAST_STEM
    allowed = endings | {""}
    return any(a[stem:] in allowed and b[stem:] in allowed for stem in range(common, least - 1, -1))


def _without_prefix(word: str, code: str) -> set[str]:
    return {word} | {
        word[len(p) :] for p in _PREFIXES[code] if word.startswith(p) and len(word) - len(p) >= _LEAST_STEM
    }
