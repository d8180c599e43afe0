"""Published romanisation systems, from original letters, for tests of `romanise`.

All are without diacritics and signs for ь and ъ, which folding drops.
"""

from __future__ import annotations

from collections.abc import Callable

System = Callable[[str], str]
"""Writes a word, or a syllable of pinyin, in a romanisation system."""
_LATIN = "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch".split()
RUSSIAN = dict(zip("абвгдежзийклмнопрстуфхцчшщ", _LATIN, strict=True)) | {
    **dict.fromkeys("ъь", ""),
    "ы": "y",
    "э": "e",
    "ю": "yu",
    "я": "ya",
    "ё": "yo",
}
"""What BGN/PCGN, ALA-LC and passports share. ё as the press writes it."""
UKRAINIAN = RUSSIAN | {
    "г": "h",
    "ґ": "g",
    "и": "y",
    "і": "i",
    "й": "i",
    "є": "ie",
    "ї": "i",
    "ю": "iu",
    "я": "ia",
}
"""The national system of 2010, within a word."""
_INITIAL = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}


def _of(letters: dict[str, str], **changed: str) -> System:
    table = letters | changed
    return lambda word: "".join(table[letter] for letter in word)


def _bgn_1947(word: str) -> str:
    """е is ye at the beginning, after vowels, й, ь and ъ; ё is yë or ë."""
    written = ""
    for before, letter in zip(" " + word, word, strict=False):
        is_iotated = letter in "её" and before in " аеёиоуыэюяйьъ"
        written += "ye" if is_iotated else RUSSIAN["е" if letter == "ё" else letter]
    return written


def _national_2010(word: str) -> str:
    written = [UKRAINIAN[letter] for letter in word]
    return _INITIAL.get(word[0], written[0]) + "".join(written[1:])


RUSSIAN_SYSTEMS: dict[str, System] = {
    "BGN/PCGN 1947": _bgn_1947,
    "passports (ICAO 9303)": _of(RUSSIAN, й="i", ё="e", ю="iu", я="ia"),
    "GOST 7.79 B, with kh for х": _of(RUSSIAN, й="j", щ="shh"),
    "GOST 16876": _of(RUSSIAN, й="jj", ё="jo", ю="ju", я="ja"),
    "ALA-LC": _of(RUSSIAN, й="i", ё="e", ю="iu", я="ia"),
    "press": _of(RUSSIAN),
    "with h for х": _of(RUSSIAN, й="j", ё="e", ю="ju", я="ja", х="h"),
}
UKRAINIAN_SYSTEMS: dict[str, System] = {
    "national 2010": _national_2010,
    "BGN/PCGN 1965": _of(UKRAINIAN, й="y", є="ye", ї="yi", ю="yu", я="ya"),
    "ALA-LC": _of(UKRAINIAN),
    "scholarly j": _of(UKRAINIAN, й="j", є="je", ї="ji", ю="ju", я="ja"),
    "as Russian": _of(UKRAINIAN, г="g", и="i", й="y", є="e", ї="i", ю="yu", я="ya"),
}
RUSSIAN_NAMES = """
    юрий сергей андрей дмитрий евгений елена екатерина федор петр семен артем алексей михаил николай
    геннадий кирилл григорий василий анатолий юлия ирина марина татьяна наталья анна жанна любовь ольга
    игорь олег глеб вячеслав ярослав медведев шойгу лавров песков захарова хрущев горбачев щербаков
    щеглов ходорковский ахметов рахимов михеев чехов цветаева чайковский достоевский толстой пушкин
    соловьев королев ковалев жириновский ельцин зюганов явлинский кириенко патрушев пригожин кадыров
    навальный яшин дмитриев сергеев андреев алексеев афанасьев григорьев прокофьев васильев юрьев громов
    глебов чернышевский черных долгих седых подъячев объедков мышкин сычев быков крылов рыжков ежов
    ежиков шишов харитонов хабаров гагарин голодец улюкаев набиуллина мишустин володин матвиенко собянин
    воробьев беглов чубайс кузнецов иванцов борисов исаев зайцев майоров лужков йоффе эйзенштейн
    эренбург эрмитаж воронеж нижний челябинск хабаровск саратов ростов грозный махачкала якутск
""".split()
"""Without Хромов, which is Громов for the rules if it is written Hromov."""
UKRAINIAN_NAMES = """
    олег денис гришко марина дмитро зеленський галина ганна гліб гончаренко герасименко грищенко богдан
    сергій андрій олексій юрій євген ігор ольга наталія марія софія василь вадим максим борис тимошенко
    порошенко яценюк кличко гройсман шмигаль єрмак данілов залужний сирський буданов резніков кулеба
    подоляк арестович драгоманов шевченко франко українка коцюбинський грушевський хмельницький
    гордієнко сергієнко запоріжжя чернігів миколаїв луганськ херсон харків ізюм їжакевич щербань рудь
""".split()
"""Names of people and places."""
PINYIN = """
    a o e ai ei ao ou an en ang eng er yi ya yo ye yao you yan yin yang ying yong wu wa wo wai wei wan
    wen wang weng yu yue yuan yun ba bo bai bei bao ban ben bang beng bi bie biao bian bin bing bu pa po
    pai pei pao pou pan pen pang peng pi pie piao pian pin ping pu ma mo me mai mei mao mou man men mang
    meng mi mie miao miu mian min ming mu fa fo fei fou fan fen fang feng fu da de dai dei dao dou dan
    den dang deng dong di die diao diu dian ding du duo dui duan dun ta te tai tao tou tan tang teng
    tong ti tie tiao tian ting tu tuo tui tuan tun na ne nai nei nao nou nan nen nang neng nong ni nie
    niao niu nian nin niang ning nu nuo nuan nue la le lai lei lao lou lan lang leng long li lia lie
    liao liu lian lin liang ling lu luo luan lun lue ga ge gai gei gao gou gan gen gang geng gong gu gua
    guo guai gui guan gun guang ka ke kai kei kao kou kan ken kang keng kong ku kua kuo kuai kui kuan
    kun kuang ha he hai hei hao hou han hen hang heng hong hu hua huo huai hui huan hun huang ji jia jie
    jiao jiu jian jin jiang jing jiong ju jue juan jun qi qia qie qiao qiu qian qin qiang qing qiong qu
    que quan qun xi xia xie xiao xiu xian xin xiang xing xiong xu xue xuan xun zhi zha zhe zhai zhei
    zhao zhou zhan zhen zhang zheng zhong zhu zhua zhuo zhuai zhui zhuan zhun zhuang chi cha che chai
    chao chou chan chen chang cheng chong chu chua chuo chuai chui chuan chun chuang shi sha she shai
    shei shao shou shan shen shang sheng shu shua shuo shuai shui shuan shun shuang ri re rao rou ran
    ren rang reng rong ru ruo rui ruan run zi za ze zai zei zao zou zan zen zang zeng zong zu zuo zui
    zuan zun ci ca ce cai cao cou can cen cang ceng cong cu cuo cui cuan cun si sa se sai sao sou san
    sen sang seng song su suo sui suan sun
""".split()
"""The syllables of Mandarin, with u for ü."""


def _split(syllable: str) -> tuple[str, str]:
    length = 2 if syllable[:2] in ("zh", "ch", "sh") else int(syllable[0] in "bpmfdtnlgkhjqxrzcs")
    return syllable[:length], syllable[length:]


_WADE_GILES = dict(
    pair.split("=")
    for pair in (
        "er=erh yi=i ye=yeh yan=yen you=yu yong=yung yue=yueh e=o zi=tzu ci=tzu si=ssu zhi=chih chi=chih shi=shih "
        "ri=jih ge=ko ke=ko he=ho gui=kuei kui=kuei"
    ).split()
)
"""Syllables that are not spelled by their initial and final."""
_WADE_GILES_INITIALS = dict(
    pair.split("=") for pair in "b=p d=t g=k j=ch q=ch x=hs zh=ch r=j z=ts c=ts".split()
)
_WADE_GILES_FINALS = {"ie": "ieh", "ian": "ien", "ong": "ung", "iong": "iung", "ue": "ueh"}


def wade_giles(syllable: str) -> str:
    """Write a syllable in Wade-Giles, without apostrophes."""
    if syllable in _WADE_GILES:
        return _WADE_GILES[syllable]
    initial, final = _split(syllable)
    final = _WADE_GILES_FINALS.get(final, final)
    if final == "uo" and initial not in ("g", "k", "h", "sh", ""):
        final = "o"
    return _WADE_GILES_INITIALS.get(initial, initial) + final


_TONGYONG = dict(
    pair.split("=")
    for pair in (
        "zhi=jhih chi=chih shi=shih ri=rih zi=zih ci=cih si=sih feng=fong wen=wun liu=liou niu=niou jiu=jiou qiu=ciou "
        "xiu=siou miu=miou diu=diou gui=guei kui=kuei hui=huei sui=suei zhui=jhuei dui=duei tui=tuei rui=ruei "
        "shui=shuei chui=chuei cui=cuei zui=zuei"
    ).split()
)


def tongyong(syllable: str) -> str:
    """Write a syllable in Tongyong pinyin."""
    if syllable in _TONGYONG:
        return _TONGYONG[syllable]
    initial, final = _split(syllable)
    if initial in ("j", "q", "x"):
        final = "y" + final if final[0] == "u" else final.replace("iong", "yong")
    return {"zh": "jh", "q": "c", "x": "s"}.get(initial, initial) + final
