import json
import re
from copy import deepcopy
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.errors import DataError
from distride.report import render, write_report
from distride.report.formatting import pretty, score3

VOID = {"meta", "br", "line", "circle", "rect", "path", "polyline", "link", "img", "input"}
ABSURD = [None, [], {}, "text", float("nan"), -1.0, True, 10**12, "<b>"]


class Page(HTMLParser):
    """Balance, identifiers and references of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open, self.ids, self.references, self.links, self.tags = [], [], [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.references += given.get("aria-labelledby", "").split()
        self.links += [given[name] for name in ("href", "src", "action", "data") if name in given]

    def handle_startendtag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open = self.open[:-2]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="session", params=["swimming", "daily", "speed_run"])
def rendered(request, examples):
    results = examples[request.param]()
    return results, render(results)


def test_everything_of_the_results_is_on_the_page(rendered):
    results, page = rendered
    shown = [
        *(results[key] for key in ("cohort", "citation", "licence", "command", "created")),
        *results["warnings"],
        *results["protocol"]["held_out"],
        *results["protocol"]["channels"],
        *(pretty(label) for label in results["detail"]["labels"]),
        *(f"{name} {version}" for name, version in results["versions"].items()),
        *(score3(model["macro_f1"]) for model in results["models"].values() if model),
        *(score3(f1) for m in results["models"].values() if m for f1 in m["per_athlete"].values()),
        *(score3(value) for value in results["personalization"]["guarded"]),
        *(score3(value) for value in results["personalization"]["placebo"]),
        *(score3(one["accuracy"]) for one in results["detail"]["reliability"]),
        results["bundle"]["path"],
        "312.5 kB",
        "152 µs",
        "242 µs",
        "3.1e-06",
        "7 min 2 s",
        results["distillation"]["reason"],
    ]
    text = page.replace("&#39;", "'").replace("&#x27;", "'").replace("&#34;", '"')
    assert [item for item in shown if item not in text] == []


def test_a_page_is_well_formed_and_refers_only_to_itself(rendered):
    page = Page(rendered[1])
    assert len(set(page.ids)) == len(page.ids)
    assert set(page.references) <= set(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    outside = [link for link in page.links if not link.startswith(("#", "data:"))]
    assert outside == []
    assert not re.search(r"@import|url\(|<link|<iframe|fetch\(|https?:", rendered[1])


def test_a_page_is_accessible(rendered):
    page = Page(rendered[1])
    tags = [tag for tag, _ in page.tags]
    for landmark in ("header", "main", "nav", "footer"):
        assert tags.count(landmark) == 1
    assert tags.count("h1") == 1
    images = [given for tag, given in page.tags if tag == "svg"]
    named = [given for given in images if given.get("role") == "img"]
    assert named
    assert all("aria-labelledby" in given for given in named)
    assert all(given.get("aria-hidden") == "true" for given in images if given not in named)
    assert all("scope" in given for tag, given in page.tags if tag == "th")


def test_english_shows_without_javascript(rendered):
    page = rendered[1]
    assert '<html lang="en">' in page
    assert 'html[lang="en"] .zh, html[lang="zh-CN"] .en { display: none; }' in page
    assert page.count('class="en" lang="en"') == page.count('class="zh" lang="zh-CN"') > 100


def test_a_page_stays_small(examples):
    results = examples["swimming"]()
    points = 60_000
    results["detail"]["embedding"] = {
        "x": [index % 97 / 7 for index in range(points)],
        "y": [index % 89 / 7 for index in range(points)],
        "label": ["turn"] * points,
    }
    page = render(results)
    assert len(page.encode()) < 1_500_000
    assert "2,000 of 60,000 windows" in page


def test_names_are_escaped(examples):
    evil = "<script>alert('x')</script>"
    written = json.dumps(examples["swimming"]())
    for plain in ("swimmer_00", "swimming_watch", "butterfly", "wrist_acc_x", "CC BY 4.0"):
        written = written.replace(plain, evil)
    page = render(json.loads(written))
    assert page.count("<script") == 1
    assert "&lt;script&gt;alert(" in page


def test_a_speed_run_says_so(examples):
    page = render(examples["speed_run"]())
    assert "A run on 1 of 8 folds (<code>--folds 1</code>): for speed, not for claims." in page
    assert "只运行了 8 折中的 1 折" in page
    assert "Only 1 athlete was held out, so there are no intervals" in page
    assert "for speed, not for claims" not in render(examples["swimming"]())


def test_what_was_not_run_is_named(examples):
    page = render(examples["speed_run"]())
    assert "Not run, so not compared: Student, label smoothing, MiniRocket + ridge, Extra" in page
    assert "No embedding was kept in this run." in page
    assert "Not run: own windows, full fine-tuning." in page


def test_intervals_with_zero_are_no_clear_difference(examples):
    page = render(examples["swimming"]())
    assert "distillation made no clear difference" in page
    assert "知识蒸馏无明确差异" in page


def test_results_of_nothing_still_give_a_page():
    page = render({"schema": 1})
    Page(page)
    assert "This run holds no score for the model it ships." in page


def _paths(tree, path=()):
    keys = tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in list(keys)[:12]:
        yield (*path, key)
        yield from _paths(tree[key], (*path, key))


def _replace(tree, path, value):
    *inner, last = path
    for key in inner:
        if not isinstance(tree, list if isinstance(key, int) else dict) or not _holds(tree, key):
            return
        tree = tree[key]
    if isinstance(tree, list if isinstance(last, int) else dict) and _holds(tree, last):
        tree[last] = value


def _holds(tree, key):
    return key < len(tree) if isinstance(key, int) else key in tree


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_nulls_and_absurd_values_never_break_the_page(examples, data):
    results = deepcopy(examples[data.draw(st.sampled_from(["daily", "speed_run", "effort"]))]())
    paths = [path for path in _paths(results) if path != ("schema",)]
    for path in data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=15)):
        _replace(results, path, data.draw(st.sampled_from(ABSURD)))
    Page(render(results))


def test_a_report_is_written_whole(tmp_path, examples):
    source = tmp_path / "results.json"
    source.write_text(json.dumps(examples["daily"]()), encoding="utf-8")
    page = write_report(source, tmp_path / "deep" / "report.html")
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [file.name for file in page.parent.iterdir()] == ["report.html"]


@pytest.mark.parametrize("written", ["", "[1]", '{"schema": 2}', "{", '{"no": 1}'])
def test_what_is_no_result_is_refused(tmp_path, written):
    source = tmp_path / "results.json"
    source.write_text(written)
    with pytest.raises(DataError):
        write_report(source, tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()


def test_a_page_that_cannot_be_written_is_one_error(tmp_path):
    source = tmp_path / "results.json"
    source.write_text('{"schema": 1}')
    with pytest.raises(DataError, match="Could not write"):
        write_report(source, source / "report.html")
    with pytest.raises(DataError, match="cannot be read as results: No such file"):
        write_report(tmp_path / "absent.json", tmp_path / "report.html")


def test_what_a_base_was_worth_is_told_in_the_unit_of_the_score(examples):
    base = {"name": "general", "gain": 0.012, "interval": [0.001, 0.02]}
    assert "general; worth +1.2 points without a teacher" in render(
        examples["swimming"]() | {"base": base}
    )
    page = render(examples["effort"]() | {"base": base | {"gain": 1.25}})
    assert "general; worth +1.25 mL/min/kg without a teacher" in page
