"""Sentences in both languages: a key and its values, put into words only on the page."""

import html
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

LANGUAGES = {"en": "en", "zh": "zh-CN"}
BETWEEN = {"en": ", ", "zh": "、"}
BETWEEN_SENTENCES = {"en": " ", "zh": ""}


@dataclass(frozen=True)
class Say:
    """One sentence of the table of texts.

    Attributes:
        key: Its name in `texts.toml`.
        values: What fills its places: texts, counts, further sentences, or tuples of them.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


class Count(int):
    """A count that chooses its English noun.

    >>> "{n:athlete|athletes}".format(n=Count(1)), "{n}".format(n=Count(8252))
    ('1 athlete', '8,252')
    """

    def __format__(self, nouns: str) -> str:
        one, _, many = nouns.partition("|")
        noun = one if self == 1 else many
        return f"{int(self):,} {noun}" if noun else f"{int(self):,}"


def say(key: str, **values: object) -> Say:
    """Shorthand for a sentence with its values."""
    return Say(key, values)


@cache
def texts() -> dict[str, dict[str, str]]:
    """The table of texts: key, language, text. The texts may hold HTML; they are ours."""
    source = files("distride.report").joinpath("texts.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


def speak(language: str, *sentences: Say | str) -> str:
    """Sentences as HTML in one language; values are escaped.

    >>> speak("en", say("and_more", names=("<A>", "B"), n=Count(2)))
    '&lt;A&gt;, B and 2 more'
    """
    return BETWEEN_SENTENCES[language].join(str(_spoken(one, language)) for one in sentences)


def names(given: list[str] | tuple[str | Say, ...], at_most: int = 6) -> object:
    """A list of names as a value: joined as one speaks, and cut where it would tire.

    >>> speak("en", say("list", parts=names(["butterfly", "freestyle", "turn"])))
    'butterfly, freestyle and turn'
    """
    if len(given) > at_most + 1:
        return say("and_more", names=tuple(given[:at_most]), n=Count(len(given) - at_most))
    if len(given) < 2:
        return tuple(given)
    return say("and_last", names=tuple(given[:-1]), last=given[-1])


def _spoken(value: object, language: str) -> object:
    if isinstance(value, Say):
        values = {name: _spoken(part, language) for name, part in value.values.items()}
        return texts()[value.key][language].format(**values)
    if isinstance(value, tuple):
        return BETWEEN[language].join(str(_spoken(part, language)) for part in value)
    return value if isinstance(value, Count) else html.escape(str(value))
