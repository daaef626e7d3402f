"""The licences that a recording may stand under, by their SPDX code."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

DEFAULT = "CC-BY-SA-4.0"
RESERVED = "all-rights-reserved"
_CREATIVE_COMMONS = "https://creativecommons.org"


@dataclass(frozen=True)
class Licence:
    """NAME as people read it, the ADDRESS of its text ("" when there is none), whether files may be passed on."""

    code: str
    name: str
    address: str
    shared: bool = True


def _all() -> tuple[Licence, ...]:
    deeds = (("BY-SA", "by-sa"), ("BY", "by"), ("BY-NC-SA", "by-nc-sa"), ("BY-NC", "by-nc"), ("BY-ND", "by-nd"),
             ("BY-NC-ND", "by-nc-nd"))
    four = [Licence(f"CC-{code}-4.0", f"CC {code} 4.0", f"{_CREATIVE_COMMONS}/licenses/{path}/4.0/")
            for code, path in deeds]
    none = Licence("CC0-1.0", "CC0 1.0", f"{_CREATIVE_COMMONS}/publicdomain/zero/1.0/")
    return (*four, none, Licence(RESERVED, _l("All rights reserved"), "", shared=False))


LICENCES = {licence.code: licence for licence in _all()}


def licence_of(code: str) -> Licence:
    """The licence CODE; one we don't know is named by its code."""
    return LICENCES.get(code) or Licence(code, code, "")
