import re
import string
from importlib.resources import files

import pytest

from distride.report.languages import LANGUAGES, Count, names, say, speak, texts

FAMILIES = (
    *("about_", "key_", "member_", "model_", "seconds_"),
    *("section_", "sensor_", "series_", "ships_"),
)
NO_CHINESE_NEEDED = {"range", "list", "and_last", "column_ece", "column_movement_f1"}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", texts())
def test_a_text_says_the_same_in_both_languages(key):
    assert set(texts()[key]) == set(LANGUAGES)
    english, chinese = (texts()[key][language] for language in ("en", "zh"))
    assert english.strip() == english != ""
    assert chinese.strip() == chinese != ""
    assert fields(english) == fields(chinese)
    assert key in NO_CHINESE_NEEDED or re.search("[\u4e00-\u9fff]", chinese)
    assert not re.search("[\u4e00-\u9fff]", english)


def test_every_text_is_used():
    sources = [file for file in files("distride.report").iterdir() if file.name != "texts.toml"]
    used = "".join(
        file.read_text(encoding="utf-8") for file in sources if file.name.endswith(("py", "html"))
    )
    unused = [key for key in texts() if f'"{key}"' not in used and not key.startswith(FAMILIES)]
    assert unused == []


def test_values_are_escaped_and_counts_choose_their_noun():
    sentence = say("banner_few", n=Count(2))
    assert "Only 2 athletes were held out" in speak("en", sentence)
    assert "Only 1 athlete was held out" in speak("en", say("banner_few", n=Count(1)))
    assert speak("zh", say("list", parts=("<a>", "b"))) == "&lt;a&gt;、b"
    assert speak("en", "<a>", "b") == "&lt;a&gt; b"


def test_long_lists_of_names_are_cut():
    few, many = ("a", "b", "c"), tuple("abcdefghij")
    assert speak("en", say("list", parts=names(few))) == "a, b and c"
    assert speak("en", say("list", parts=names(many, 3))) == "a, b, c and 7 more"
    assert speak("zh", say("list", parts=names(many, 3))) == "a、b、c 等（另有 7 个未列出）"
    assert speak("en", say("list", parts=names(("a",)))) == "a"
