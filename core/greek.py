"""Greek as people type it: capitals, no accents, misspelt, abbreviated, in Latin letters.

One analyser for everything that compares words: similar questions, word clouds, blocklists, search.

    fold("ΚΟΙΝΩΝΙΚΉΣ")               "κοινωνικησ"
    tokens("Κοιν.Σ.Επ. & Ο.Τ.Α.")    ["κοινσεπ", "οτα"]
    transliterate("xorhgos")         ("χορηγοσ", "ξορηγοσ", …): likeliest first
    stem("συνεταιρισμών")            a key that the forms of a word share, as it is spelt
    sound("συνεταιρισμών")           how it sounds: "sineterismon"; spelling mistakes sound alike
    keys("synetairismwn")            what the forms of a word share, however it is spelt or typed
    terms("Πώς εγγράφεται …;")       the words that carry meaning, each with its keys
    places("Κοιν.Σ.Επ. και δήμος")   where each word stands, for marking it
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, product
from typing import Any, NamedTuple

import snowballstemmer

from core.text import fold

__all__ = [
    "ABBREVIATIONS",
    "STOP",
    "Term",
    "fold",
    "keys",
    "phrase",
    "places",
    "root",
    "sound",
    "stem",
    "terms",
    "tokens",
    "transliterate",
]

STOP = frozenset(
    fold(
        "ο η το οι τα του της τη των τον την τους τις στο στη στην στον στα στους στις ένας ένα μια ενός μιας εγώ "
        "εσύ εμείς εσείς εμάς εσάς μου σου μας σας αυτός αυτή αυτό αυτοί αυτές αυτά αυτού αυτόν αυτήν αυτών εκείνο "
        "εκείνη κάποιος κάποια κάποιο κάτι κάθε όλα όλοι όλες όλους και κι ή είτε ούτε αλλά όμως ωστόσο αν εάν ότι "
        "πως που πού πώς τι ποιος ποια ποιο ποιοι ποιες ποιους ποιον ποιανού πόσο πόσα πόσοι πόσες πόσους πότε όταν "
        "όπως όπου όποιος όποια ώστε γιατί διότι επειδή να θα ας δεν δε μη μην με σε για από προς κατά μετά πριν "
        "χωρίς έως ως εξ εκ επί ανά αντί παρά μέχρι είμαι είσαι είναι είμαστε είστε ήταν ήμουν έχω έχεις έχει "
        "έχουμε έχετε έχουν είχε είχα είχαμε μπορώ μπορείς μπορεί μπορούμε μπορείτε μπορούν πρέπει γίνεται γίνει "
        "γίνονται γίνουν κάνω κάνει κάνουμε κάνετε κάνουν λοιπόν απλώς πολύ πιο τόσο μόνο ακόμα ακόμη επίσης πάλι "
        "ήδη τώρα εδώ εκεί έτσι δηλαδή βέβαια περίπου ναι όχι παρακαλώ ευχαριστώ καλησπέρα γεια ερώτηση ήθελα θέλω "
        "θέλει θέλουμε ρωτήσω the a an of to in for and or is are on with by we it be do does how what"
    ).split()
)

# Abbreviations of the field as people write them once the dots are out, and the words they stand for.
ABBREVIATIONS = {
    fold(short): fold(long)
    for short, long in {
        "ΚοινΣΕπ": "κοινωνική συνεταιριστική επιχείρηση",
        "ΚοιΣΠΕ": "κοινωνικός συνεταιρισμός περιορισμένης ευθύνης",
        "ΚΑΛΟ": "κοινωνική αλληλέγγυα οικονομία",
        "ΟΤΑ": "οργανισμός τοπικής αυτοδιοίκησης",
        "ΤΑ": "τοπική αυτοδιοίκηση",
        "ΑΦΜ": "αριθμός φορολογικού μητρώου",
        "ΓΕΜΗ": "γενικό εμπορικό μητρώο",
        "ΦΠΑ": "φόρος προστιθέμενης αξίας",
        "ΕΝΦΙΑ": "ενιαίος φόρος ιδιοκτησίας ακινήτων",
        "ΕΦΚΑ": "ενιαίος φορέας κοινωνικής ασφάλισης",
        "ΔΥΠΑ": "δημόσια υπηρεσία απασχόλησης",
        "ΑΜΚΕ": "αστική μη κερδοσκοπική εταιρεία",
        "ΜΚΟ": "μη κυβερνητική οργάνωση",
        "ΙΚΕ": "ιδιωτική κεφαλαιουχική εταιρεία",
        "ΕΣΠΑ": "εταιρικό σύμφωνο πλαίσιο ανάπτυξης",
        "ΠΟΠ": "προστατευόμενη ονομασία προέλευσης",
        "ΠΓΕ": "προστατευόμενη γεωγραφική ένδειξη",
        "ΦΕΚ": "φύλλο εφημερίδας κυβερνήσεως",
        "ΚΕΠ": "κέντρο εξυπηρέτησης πολιτών",
        "ΑμεΑ": "άτομα με αναπηρία",
        "ΓΣ": "γενική συνέλευση",
        "ΔΣ": "διοικητικό συμβούλιο",
        "ΕΕ": "ευρωπαϊκή ένωση",
    }.items()
}

# Latin letters inside a Greek word, and Greek ones inside a Latin word
_LOOKALIKES = str.maketrans("ABEZHIKMNOPTYXaeiopxvu", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαειορχνυ")
_LATIN_LOOKALIKES = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεικορχνυ", "ABEZHIKMNOPTYXaeikopxvu")
_DOTTED = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]{1,5}\.)+[^\W\d_]{1,5}\.?(?![^\W\d_])")
_WORD = re.compile(r"[^\W_]+")
_PIECE_OF_TEXT = re.compile(f"{_DOTTED.pattern}|{_WORD.pattern}")
_GREEK = re.compile("[\u0370-\u03ff]")
_LATIN = re.compile("[a-z]")
_LATIN_LETTER = re.compile("[A-Za-z]")
_GREEK_LETTER = re.compile("[α-ω]")


# Words


def tokens(text: str) -> list[str]:
    """The words of TEXT, folded: dotted abbreviations joined, Latin look-alikes in Greek words made Greek."""
    # Accents go before words are cut: a capital with dialytika and tonos has no sign of its own.
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = _DOTTED.sub(lambda found: found.group().replace(".", "") + " ", text)
    return [fold(_one_script(word)) for word in _WORD.findall(text)]


def places(text: str) -> Iterator[tuple[int, str]]:
    """(where in TEXT, as it stands there) of each word or dotted abbreviation; `tokens` says what each one is."""
    return ((found.start(), found.group()) for found in _PIECE_OF_TEXT.finditer(text))


def _one_script(word: str) -> str:
    """WORD in the script that all its letters can be of; a stray key of the other one is common."""
    if not _GREEK.search(word) or not _LATIN_LETTER.search(word):
        return word
    greek = word.translate(_LOOKALIKES)
    return word.translate(_LATIN_LOOKALIKES) if _LATIN_LETTER.search(greek) else greek


# Latin letters

# What a Latin letter or pair stands for, the likeliest first. Pairs before letters.
_READINGS: dict[str, tuple[str, ...]] = {
    "th": ("θ", "τη"), "ph": ("φ", "πη"), "kh": ("χ", "κη"), "ch": ("χ",), "gh": ("γ", "γη"),
    "ps": ("ψ",), "ks": ("ξ",), "ou": ("ου",), "oy": ("ου",), "mp": ("μπ",), "nt": ("ντ",), "nd": ("ντ",),
    "gk": ("γκ",), "gg": ("γγ",), "ng": ("γγ",), "nk": ("γκ",), "ck": ("κ",), "sh": ("ση", "σ"),
    "a": ("α",), "b": ("β",), "c": ("κ", "σ"), "d": ("δ",), "e": ("ε",), "f": ("φ",), "g": ("γ",), "h": ("η", "χ"),
    "i": ("ι",), "j": ("ξ", "τζ"), "k": ("κ",), "l": ("λ",), "m": ("μ",), "n": ("ν",), "o": ("ο",), "p": ("π",),
    "q": ("κ", "θ"), "r": ("ρ",), "s": ("σ",), "t": ("τ",), "u": ("υ", "ου"), "v": ("β",), "w": ("ω",),
    "x": ("χ", "ξ"), "y": ("υ",), "z": ("ζ",), "8": ("θ",), "9": ("θ",), "3": ("ξ", "ε"), "0": ("ο",), "4": ("ψ",),
}  # fmt: skip
_PIECE = re.compile("|".join(sorted(_READINGS, key=len, reverse=True)) + "|.")
_CANDIDATES = 8


def _readings(piece: str, after: str) -> tuple[str, ...]:
    """The readings of one piece: h is rather χ before a vowel, rather η before a consonant and at the end."""
    readings = _READINGS.get(piece, (piece,))
    if (piece == "h" and after in "aeiouwy") or (piece in {"th", "ph", "kh"} and after == " "):
        return readings[::-1]
    return readings


@lru_cache(maxsize=20_000)
def transliterate(word: str) -> tuple[str, ...]:
    """Greek spellings that a folded WORD in Latin letters may mean, the likeliest first; a Greek word is itself."""
    if not _LATIN.search(word):
        return (word,)
    pieces = [(found.group(), word[found.end() : found.end() + 1] or " ") for found in _PIECE.finditer(word)]
    options = [_readings(piece, after) for piece, after in pieces]
    return tuple(dict.fromkeys("".join(spelling) for spelling in _likeliest(options)))


def _likeliest(options: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Combinations with few unlikely readings first, at most _CANDIDATES."""
    doubtful = [place for place, readings in enumerate(options) if len(readings) > 1]
    given = 0
    for unlikely in range(len(doubtful) + 1):
        for places in combinations(doubtful, unlikely):
            others = [options[place][1:] for place in places]
            for chosen in product(*others):
                spelt = dict(zip(places, chosen, strict=True))
                yield tuple(spelt.get(place, readings[0]) for place, readings in enumerate(options))
                given += 1
                if given == _CANDIDATES:
                    return


# Stems, as spelt

_snowball: Any = snowballstemmer.stemmer("greek")
_english: Any = snowballstemmer.stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A key that the forms of WORD (folded) share. Snowball's, and four endings it leaves (measured: 0.77 → 0.99)."""
    if not _GREEK_LETTER.search(word):
        return str(_english.stemWord(word))
    short = str(_snowball.stemWord(word))
    if len(short) > 5 and short.endswith("ικ"):
        short = short[:-2]
    if len(short) > 4 and short.endswith("ι"):
        short = short[:-1]
    if len(short) > 5 and short.endswith("ντ"):
        short = short[:-1]
    if len(short) > 3 and short.endswith("ε"):
        short = short[:-1]
    return short


# Sounds

_HARD = "(?=[θκξπστφχψ]|$)"
_SOUNDS = {
    "αυ": "av", "ευ": "ev", "ηυ": "iv", "ου": "u", "αι": "e", "ει": "i", "οι": "i", "υι": "i",
    "μπ": "v", "ντ": "d", "γγ": "g", "γκ": "g", "γχ": "h",
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "8", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "τ": "t", "υ": "i", "φ": "f", "χ": "h",
    "ψ": "ps", "ω": "o",
}  # fmt: skip
_LETTERS = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_DOUBLE = re.compile(r"([^\d])\1+")
_UNVOICED = re.compile("v(?=[8kxpstfh]|$)")


@lru_cache(maxsize=50_000)
def sound(word: str) -> str:
    """How a folded WORD sounds, in Latin letters (θ is 8, ξ is x, χ is h). Latin words by their likeliest reading."""
    spelt = transliterate(word)[0]
    heard = _LETTERS.sub(lambda found: _SOUNDS[found.group()], spelt)
    return _UNVOICED.sub("f", _DOUBLE.sub(r"\1", heard))


# Endings of nouns, adjectives and verbs as they sound, the longest first.
_ENDINGS = re.compile(
    "(?:omaste|osaste|iomaste|umaste|usame|usate|usane|odusan|modusan|omastan|otan|odan|iotan|iodan"
    "|ume|une|ome|ese|ete|ode|ude|ite|ate|ame|ane|iete|iode|iese|iome|usan|use|usa|usi"
    "|atos|aton|ata|eos|eon|eis|ios|iu|io|ion|ius|ia|ias|ies|ie"
    "|os|us|as|es|is|on|an|un|en|in|a|e|i|o|u)$"
)
# What derivation adds before the ending: οικονομ-ικ-ός, χρηματοδότ-ησ-η, πληρ-ών-ω, πληρ-ώσ-ω.
_SUFFIXES = re.compile("(?:istik|ik|iak|imen|omen|umen|men|is|iz|as|az|os|on|8ik|8)$")
_KEPT = 3  # letters of a root, at least


@lru_cache(maxsize=50_000)
def root(heard: str) -> str:
    """What the forms of a word share of its sound: the ending off, then what derivation put before it."""
    bare = _cut(_cut(heard, _ENDINGS), _SUFFIXES)
    return bare.rstrip("aeiou") if len(bare.rstrip("aeiou")) >= _KEPT else bare


def _cut(word: str, endings: re.Pattern[str]) -> str:
    """WORD without the longest ending that leaves enough of it."""
    found = endings.search(word, min(_KEPT, len(word)))
    return word[: found.start()] if found else word


@lru_cache(maxsize=50_000)
def keys(word: str) -> tuple[str, ...]:
    """What a folded WORD shares with its other forms and spellings; several when Latin letters leave it open."""
    return tuple(dict.fromkeys(root(sound(spelt)) for spelt in transliterate(word)))


# Meaning


class Term(NamedTuple):
    """A word that carries meaning, folded, with its keys."""

    word: str
    keys: tuple[str, ...]


_STOP_SOUNDS = frozenset(sound(word) for word in STOP)
_PHRASES = {
    tuple(keys(word)[0] for word in long.split() if word not in STOP): short for short, long in ABBREVIATIONS.items()
}
_LONGEST = max(map(len, _PHRASES))


def _says_nothing(word: str) -> bool:
    if word in STOP or (len(word) == 1 and not word.isdigit()):
        return True
    return bool(_LATIN.search(word)) and any(sound(spelt) in _STOP_SOUNDS for spelt in transliterate(word)[:4])


def terms(text: str) -> list[Term]:
    """The words of TEXT that carry meaning, in order. A phrase that has an abbreviation becomes it."""
    found = [Term(word, keys(word)) for word in tokens(text) if not _says_nothing(word)]
    shortened: list[Term] = []
    at = 0
    while at < len(found):
        short, taken = phrase(found[at : at + _LONGEST])
        shortened.append(Term(short, keys(short)) if short else found[at])
        at += taken
    return shortened


def phrase(following: list[Term]) -> tuple[str, int]:
    """The abbreviation of the phrase that FOLLOWING begins with and its length in words; ("", 1) without one."""
    for length in range(min(_LONGEST, len(following)), 1, -1):
        for long, short in _PHRASES.items():
            if len(long) == length and all(key in term.keys for key, term in zip(long, following, strict=False)):
                return short, length
    return "", 1
