"""Which letter strings can be a Vietnamese syllable: the yardstick for repairing encodings.

Onsets, rhymes, the spelling rule c/k, g/gh, ng/ngh, the two tones a stopped syllable admits, and
the vowel that carries the tone follow the orthography of Quốc ngữ.  Names from other languages of
the country (Đắk, Krông) are not syllables in this sense.
"""

import re
import unicodedata
from functools import lru_cache

_RHYMES = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oc oi om on ong op ot ooc oong oa oac oach oai oam oan oang oanh oao oap oat oay
    oăc oăm oăn oăng oăt oe oem oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uc ui um un ung up ut uôc uôi uôm uôn uông uôt uân uâng uât uây uê uêch uênh uơ
    uy uya uych uyn uynh uyp uyt uyu uyên uyêt
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu
    """.split()
)
_RHYMES_AFTER_QU = frozenset(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt ân âng ât ây e em en eo et
    ê êch ên ênh êt êu i ich in inh it ơ ơn ơt ôc ông y ych yn ynh yt yên yêt
    """.split()
)
_ONSETS = re.compile("ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx]")
_BEFORE_FRONT_VOWEL = frozenset(("k", "gh", "ngh"))
_BEFORE_OTHER_VOWEL = frozenset(("c", "g", "ng"))
_BEFORE_LONE_Y = frozenset(("", "qu", "h", "k", "l", "m", "s", "t", "v"))
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONES_OF_STOPPED_RHYME = ("\u0301", "\u0323")
_SHAPED = "ăâêôơư"
_TONE_ON_EITHER = frozenset(("oa", "oe", "uy"))


@lru_cache(maxsize=16384)
def is_syllable(word: str) -> bool:
    """Tell whether ``word`` (NFC, one case or capitalised) is spelt like a Vietnamese syllable.

    >>> [is_syllable(word) for word in ("Nghiêng", "hoà", "hòa", "QUỐC", "Giếng")]
    [True, True, True, True, True]
    >>> [is_syllable(word) for word in ("Êp", "Taân", "Bỡnh", "nGang", "cế")]
    [False, False, False, False, False]
    """
    if not (word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower())):
        return False
    letters, tone_index, tone = _split_tone(word.lower())
    if tone_index is None:
        return False
    onset = _ONSETS.match(letters)
    splits = {0} if not onset else {onset.end(), 1 if letters[0] == "g" else onset.end()}
    return any(_fits(letters, split, tone_index, tone) for split in splits)


def _split_tone(word: str) -> tuple[str, int | None, str]:
    """Return the letters without tone, the index of the vowel that bore it, and the tone.

    The index is -1 without a tone and None with more than one.
    """
    letters: list[str] = []
    index, tone = -1, ""
    for letter in word:
        bare = "".join(mark for mark in unicodedata.normalize("NFD", letter) if mark not in _TONES)
        composed = unicodedata.normalize("NFC", bare)
        if composed != letter:
            if tone:
                return word, None, ""
            index = len(letters)
            tone = next(mark for mark in unicodedata.normalize("NFD", letter) if mark in _TONES)
        letters.append(composed)
    return "".join(letters), index, tone


def _fits(letters: str, split: int, tone_index: int, tone: str) -> bool:
    onset, rhyme = letters[:split], letters[split:]
    if rhyme not in (_RHYMES_AFTER_QU if onset == "qu" else _RHYMES):
        return False
    if onset in (_BEFORE_OTHER_VOWEL if rhyme[0] in "eêiy" else _BEFORE_FRONT_VOWEL) and not (
        onset == "g" and rhyme[0] == "i"
    ):
        return False
    if rhyme == "y" and onset not in _BEFORE_LONE_Y:
        return False
    if rhyme.endswith(("c", "ch", "p", "t")) and tone not in _TONES_OF_STOPPED_RHYME:
        return False
    return not tone or tone_index - split in _tone_places(rhyme)


def _tone_places(rhyme: str) -> tuple[int, ...]:
    """Return the indexes in ``rhyme`` where a tone may stand; two for oa, oe and uy."""
    vowels = len(rhyme.rstrip("chmngpt"))
    shaped = [i for i in range(vowels) if rhyme[i] in _SHAPED]
    if shaped:
        return (shaped[-1],)
    if vowels < len(rhyme):
        return (vowels - 1,)
    if rhyme in _TONE_ON_EITHER:
        return (0, 1)
    if rhyme == "uya":
        return ()
    return (1,) if vowels == 3 else (0,)
