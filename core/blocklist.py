"""Words that don't pass, found however they are spelt, typed or disguised; whole words, never parts of others."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.greek import fold, sound, tokens, transliterate

_SIGNS = str.maketrans("@$€", "ase")
_DIGITS = str.maketrans("14570", "iasto")
# Letters one by one, with blanks, dots or dashes between them.
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][\s.\-_*]{1,2}){2,}[^\W\d_](?!\w)")
_SIGN_IN_A_WORD = re.compile(r"(?<=\w)[@$€]|[@$€](?=\w)")


class Blocklist:
    """Words to hold back. `word*` means every word that begins so; ALLOWED ones pass although they sound alike.

    A word is blocked in all spellings that sound the same, in Greek and in Latin letters.
    """

    def __init__(self, blocked: Iterable[str], allowed: Iterable[str] = ()) -> None:
        entries = [fold(word.strip()) for word in blocked if word.strip(" *")]
        self._whole = {form for word in entries if not word.endswith("*") for form in _forms(word)}
        self._begins = tuple({form for word in entries if word.endswith("*") for form in _forms(word.rstrip("*"))})
        self._allowed = {fold(word.strip()) for word in allowed}

    def found_in(self, text: str) -> list[str]:
        """The words of TEXT that don't pass, folded, in order."""
        return [word for word in _undisguised(text) if self._blocks(word)]

    def _blocks(self, word: str) -> bool:
        if word in self._allowed or any(spelt in self._allowed for spelt in transliterate(word)):
            return False
        forms = _forms(word)
        return bool(forms & self._whole) or any(form.startswith(self._begins) for form in forms)


def _forms(word: str) -> frozenset[str]:
    return frozenset(sound(spelt) for spelt in transliterate(word))


def _undisguised(text: str) -> list[str]:
    """The words of TEXT, and those behind blanks between letters, or digits and signs in the place of letters."""
    joined = _SPACED.sub(lambda found: "".join(filter(str.isalpha, found.group())), text)
    masked = tokens(_SIGN_IN_A_WORD.sub(lambda found: found.group().translate(_SIGNS), joined))
    spelt = [word.translate(_DIGITS) for word in masked if not word.isdigit()]
    return list(dict.fromkeys([*tokens(joined), *masked, *spelt]))
