"""The style sheet is read as a coach's eye would: is there enough contrast, in light and dark?"""

import re
from importlib.resources import files

import pytest

CSS = files("distride.report").joinpath("page.css").read_text(encoding="utf-8")
ROOTS = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("root", ROOTS, ids=["light", "dark", "print"])
def test_text_can_be_read(root):
    colours = dict(re.findall(r"--([\w-]+): (#\w+);", root))
    for ink in ("ink", "quiet", "accent", "good", "harm", "caution"):
        for paper in ("paper", "raised"):
            assert contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)
    assert contrast(colours["ink"], colours["caution-paper"]) >= 4.5
    for series in range(8):
        assert contrast(colours[f"c{series}"], colours["paper"]) >= 3, series
