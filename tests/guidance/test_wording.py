from string import Formatter
from typing import get_args

import pytest

from distride.guidance import Reason, Symptom, measures
from distride.guidance.changes import Quantity
from distride.guidance.measure import Measure
from distride.guidance.measures import LIVE
from distride.guidance.rule import Direction
from distride.guidance.rules_file import default_rules
from distride.guidance.wording import texts, too_long, unfit
from distride.runtime.events import DriftCause, QualityKind

ALL = [
    (kind, key, language, said)
    for kind, keys in texts().items()
    for key, languages in keys.items()
    for language, said in languages.items()
]
NAMES = [f"{kind}.{key}.{language}" for kind, key, language, _ in ALL]
SILENT = ("stop_sign", "clearance", "illness", "pregnancy", "minor")


@pytest.mark.parametrize(("kind", "key", "language", "said"), ALL, ids=NAMES)
def test_no_text_names_a_disease_calls_a_load_safe_or_gives_odds_of_injury(
    kind, key, language, said
):
    assert unfit(said) == ""


@pytest.mark.parametrize(
    "said",
    [
        "This is a safe load.",
        "Your injury risk is 12 %.",
        "You are overtrained.",
        "Diagnosis: arrhythmia",
        "You have a heart problem",
        "that prevents injuries",
        "Atrial fibrillation, slow down",
        "This looks like a heart attack",
        "可能是房颤",
        "像心脏病",
        "这是安全的负荷",
        "受伤风险为 12%",
        "你过度训练了",
        "诊断为心律失常",
    ],
)
def test_what_may_never_be_said_is_found(said):
    assert unfit(said)


def test_no_measure_says_of_itself_what_may_never_be_said():
    known = [one for one in vars(measures).values() if isinstance(one, Measure)]
    assert [one.key for one in known if unfit(one.protocol)] == []
    assert len(known) > 20


@pytest.mark.parametrize("said", ["Hypertrophy set next", "Breathe, then go", "下一组，保持节奏"])
def test_what_a_coach_says_every_day_is_let_through(said):
    assert unfit(said) == ""


@pytest.mark.parametrize(("kind", "key"), sorted({(kind, key) for kind, key, *_ in ALL}))
def test_every_text_is_in_both_languages_and_fills_the_same_places(kind, key):
    languages = texts()[kind][key]
    assert {"en", "zh"} <= set(languages) <= {"en", "zh", "en_spoken", "zh_spoken"}
    assert ("en_spoken" in languages) == ("zh_spoken" in languages)
    places = {
        language: {name for _, name, *_ in Formatter().parse(said) if name}
        for language, said in languages.items()
    }
    assert places["en"] == places["zh"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (language.removesuffix("_spoken"), said)
        for _, _, language, said in ALL
        if "_spoken" in language
    ],
)
def test_what_is_spoken_fits_an_ear_piece(language, said):
    assert not too_long(language, said)


@pytest.mark.parametrize(
    ("language", "said", "is_too_long"),
    [
        ("en", "one two three four five six seven eight", False),
        ("en", "one two three four five six seven eight nine", True),
        ("en", "", True),
        ("zh", "一二三四五六七八九十一二三四五六", False),
        ("zh", "一二三四五六七八九十一二三四五六七", True),
    ],
)
def test_the_limits_of_an_ear_piece(language, said, is_too_long):
    assert too_long(language, said) == is_too_long


def test_there_are_words_for_all_that_is_spoken_of():
    assert set(texts()["symptom"]) == set(get_args(Symptom))
    assert set(texts()["silence"]) == set(texts()["silence_over"]) == set(SILENT)
    assert set(SILENT) <= set(get_args(Reason))
    assert set(texts()["measure"]) == set(LIVE)
    assert set(texts()["rule"]) >= set(default_rules().rules)
    assert set(texts()["abstained"]) == set(get_args(Reason))
    assert set(texts()["next"]) == set(texts()["next_change"]) == set(get_args(Direction))
    assert set(texts()["session"]) >= set(get_args(Quantity))
    assert set(texts()["trouble"]) == set(get_args(QualityKind)) - {"back"}
    assert set(texts()["drifted"]) == set(get_args(DriftCause))
    for kind in ("rule", "silence", "next"):
        assert all("en_spoken" in one for one in texts()[kind].values())
