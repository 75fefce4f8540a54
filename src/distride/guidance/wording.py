"""Sentences in both languages, and what none of them may say."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Language = Literal["en", "zh"]

SPOKEN_LIMIT = {"en": "8 words", "zh": "16 characters"}
MOST_WORDS, MOST_CHARACTERS = 8, 16
UNFIT = re.compile(
    r"diagnos\w*|\bdisease of\b|\byou (?:have|suffer)\b|\bsafe(?:ly|r|st)?\b|\brisk\w*|\bodds\b|"
    r"\binjur\w*|\bovertrain\w*|\bprevent\w*|\bcure\w*|\bheal(?:s|ed|ing)?\b|\bharmless\b|"
    r"\barr?h?ythmia\w*|\bfibrillat\w*|\bhypertens\w*|\b(?:tachy|brady)card\w*|\binfarct\w*|"
    r"\bheart (?:attack|failure|disease)\b|\bischa?emi\w*|\basthma\w*|\bana?emi\w*|\bdiabet\w*|"
    r"诊断|安全|风险|受伤|伤病|损伤|过度训练|预防|治疗|治愈|无害|患有|"
    r"心律失常|房颤|高血压|心动过[速缓]|心梗|心肌|心衰|心脏病|哮喘|贫血|糖尿病",
    re.IGNORECASE,
)
"""Diagnoses, diseases, promises that a load is safe, and odds of injury."""


@cache
def texts() -> dict[str, dict[str, dict[str, str]]]:
    """Every text: kind, key, then language, or language with ``_spoken``."""
    source = files("distride.guidance").joinpath("texts.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


def text(kind: str, key: str, language: str, **values: Any) -> str:
    """One sentence with its values.

    >>> text("silence", "illness", "en_spoken")
    'No training advice while you are ill'
    """
    return texts()[kind][key][language].format(**values)


def has_text(kind: str, key: str) -> bool:
    """Whether there is such a sentence."""
    return key in texts().get(kind, {})


def too_long(language: str, said: str) -> bool:
    """Whether an ear-piece would have to say too much, or nothing.

    >>> too_long("en", "Ease off"), too_long("zh", "放慢一点"), too_long("en", " ")
    (False, False, True)
    """
    if language == "en":
        return not 1 <= len(said.split()) <= MOST_WORDS
    return not 1 <= len(said.strip()) <= MOST_CHARACTERS


def unfit(said: str) -> str:
    """The first words that guidance never says; empty where there are none.

    >>> unfit("This is a safe load.")
    'safe'
    """
    found = UNFIT.search(said)
    return found[0] if found else ""
