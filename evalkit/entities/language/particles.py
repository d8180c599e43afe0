"""Korean particles and titles, which are written as one word with a name: 서울에서는, 푸틴은, 푸틴 대통령이."""

from __future__ import annotations

import re

from evalkit.entities.language.suffixes import count_common_letters

_FIRST_SYLLABLE = 0xAC00
_FINALS = 28
"""Each initial and vowel has so many syllables, the first of which has no final consonant."""
_FINAL_L = 8

_TITLE = re.compile(
    "(?:전?대통령|부통령|전?총리|총통|주석|장관|의원|대표|회장|의장|감독|선수|교수|대사|총재|시장|지사|위원장|총장|후보|박사"
    "|기자|국왕|여왕|교황|왕세자|씨|님|측|들)+"
)
_ALWAYS = "의|에|에서|에서의|에의|에게의|에게|에게서|께|께서|한테|한테서|도|만|까지|부터|마다|조차|마저|처럼|보다|뿐|하고|대로|밖에|뿐이었|뿐이다|만은|만이|조차도|까지도|마저도|같은|같이"
_AFTER_CONSONANT = "은|이|을|과|아|이나|이야말로|이라고|이라는|이라|이란|이며|이든|이야|이다|이고|이라도|이랑"
_AFTER_VOWEL = "는|가|를|와|나|야말로|라고|라는|라|란|며|든|야|여|다|고|라도|랑"
_TOWARDS = "로|로부터|로서|로써|로까지"
_SECOND = "은|는|도|만|의|까지|까지도|부터|을|를|이|가|조차|조차도|마저도|만은|만이|뿐|뿐이|마저|라도|이라도|나|이나|보다|서|써"
_ONCE = f"(?:{_SECOND})?"
_WITH_FINAL = re.compile(f"(?:{_ALWAYS}|{_AFTER_CONSONANT}|으(?:{_TOWARDS})){_ONCE}")
_WITH_FINAL_L = re.compile(f"(?:{_ALWAYS}|{_AFTER_CONSONANT}|{_TOWARDS}){_ONCE}")
_WITHOUT_FINAL = re.compile(f"(?:{_ALWAYS}|{_AFTER_VOWEL}|{_TOWARDS}){_ONCE}")

_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류전홍유고문양손배백허남심노하곽성차주우구민나진엄원천방공현함변염여추도소"
)
_GIVEN_ENDS = frozenset("은이도만의로나란")
"""Particles of one syllable that also end given names: 김정은."""
_NOT_PERSONS = frozenset(
    """
    이란 이집 이탈 한국 한강 한양 한미 한일 한중 조선 조국 강남 강북 강원 강릉 서울 서방 서독 서해 홍콩 정부 정읍 오산 송파
    황해 유럽 유엔 유로 전남 전북 전주 안산 안양 안동 고양 고성 고려 성남 성주 하마 구글 구미 진주 진도 천안 현대 도쿄 도요
    김포 김해 김천 김제 남한 남미 남극 남해 북한 나토 나주 나라 노원 노동 문경 민주 백제 심양 신한 신라 신안 여수 여당 우간
    원주 임실 장성 주한 차드 추석 하원 하버 소련 소니 공주 방콕 배터 양주 양산 주미 정의 대만 경찰 오만 오슬 노키 이베 고베
    """.split()
)
"""Places and organisations of two syllables that begin like a surname."""
_LONE_SYLLABLE = _GIVEN_ENDS - {"은", "이", "의"}


def split_particles(a: str, b: str) -> tuple[str, str] | None:
    """Find the particles of two forms of one name; nothing if they are two names: 김정, 김정은."""
    for size in range(count_common_letters(a, b), 0, -1):
        stem, rest_a, rest_b = a[:size], a[size:], b[size:]
        if size < 2 and rest_a and rest_b:
            continue
        if _fits(stem, rest_a) and _fits(stem, rest_b):
            return rest_a, rest_b
    return None


def _fits(stem: str, rest: str) -> bool:
    """Whether titles and particles may follow a name."""
    if not rest:
        return True
    title = _TITLE.match(rest)
    if title and takes_particles(stem + title.group(), rest[title.end() :]):
        return True
    return not _may_end_given_name(stem, rest) and takes_particles(stem, rest)


def _may_end_given_name(stem: str, rest: str) -> bool:
    """Whether the particle is rather the last syllable of a person's name."""
    if rest not in _GIVEN_ENDS:
        return False
    if len(stem) == 1:
        return rest in _LONE_SYLLABLE
    return len(stem) == 2 and stem[0] in _SURNAMES and stem not in _NOT_PERSONS


def takes_particles(stem: str, rest: str) -> bool:
    """Whether the form of the particles suits the last sound: 은 after a consonant, 는 after a vowel."""
    if not rest:
        return True
    if not "가" <= stem[-1] <= "힣":  # NATO는: how it is read is not known
        return any(pattern.fullmatch(rest) for pattern in (_WITH_FINAL, _WITHOUT_FINAL))
    final = (ord(stem[-1]) - _FIRST_SYLLABLE) % _FINALS
    pattern = _WITHOUT_FINAL if final == 0 else _WITH_FINAL_L if final == _FINAL_L else _WITH_FINAL
    return pattern.fullmatch(rest) is not None
