from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distride.bundle import Bundle, PersonalHead, write_head
from distride.errors import BundleError
from distride.heads import personalize


@pytest.fixture(scope="module")
def bundle(tiny):
    return Bundle.open(tiny.path)


@pytest.fixture(scope="module")
def anna(bundle):
    rng = np.random.default_rng(0)
    head = personalize(
        bundle.heads["label"], rng.normal(size=(4, 16)), ["slow", "fast", "跳", "跳"]
    )
    return PersonalHead(
        athlete="Anna",
        body_sha256=bundle.body_sha256,
        created="2026-01-02T03:04:05+00:00",
        heads={"label": head},
        shots={"label": {"slow": 1, "fast": 1, "跳": 2}},
        scores={"label": {"shared_score": 0.5, "personal_score": 0.75}},
        reasons={"label": "It is better."},
    )


@pytest.fixture(scope="module")
def file(anna, tmp_path_factory):
    path = tmp_path_factory.mktemp("heads") / "Anna.head.safetensors"
    write_head(path, anna)
    return path


def test_a_personal_head_comes_back_as_it_went(bundle, anna, file):
    back = bundle.personal_head(file)
    assert replace(back, heads={}) == replace(anna, heads={})
    assert back.heads["label"].labels == ("still", "slow", "fast", "跳")
    np.testing.assert_array_equal(back.heads["label"].weight, anna.heads["label"].weight)
    np.testing.assert_array_equal(back.heads["label"].sums, anna.heads["label"].sums)
    np.testing.assert_array_equal(back.heads["label"].evidence, bundle.heads["label"].evidence)


def test_it_is_small(file):
    assert file.stat().st_size < 4000


def test_an_athlete_may_have_no_head_that_went_live(bundle, anna, tmp_path):
    write_head(tmp_path / "a", replace(anna, heads={}))
    assert not bundle.personal_head(tmp_path / "a").heads


def test_a_head_for_another_body_is_refused(bundle, anna, tmp_path):
    write_head(tmp_path / "a", replace(anna, body_sha256="0" * 64))
    with pytest.raises(BundleError, match="another body"):
        bundle.personal_head(tmp_path / "a")


def test_labels_that_do_not_begin_with_the_bundles_are_refused(bundle, anna, tmp_path):
    head = anna.heads["label"]
    write_head(tmp_path / "a", replace(anna, heads={"label": replace(head, labels=(*"abcd",))}))
    with pytest.raises(BundleError, match="must come first"):
        bundle.personal_head(tmp_path / "a")
    write_head(tmp_path / "b", replace(anna, heads={"x": replace(head, task="x")}))
    with pytest.raises(BundleError, match="the bundle has tasks"):
        bundle.personal_head(tmp_path / "b")
    twice = replace(head, labels=(*bundle.heads["label"].labels, "slow"))
    write_head(tmp_path / "c", replace(anna, heads={"label": twice}))
    with pytest.raises(BundleError, match="twice"):
        bundle.personal_head(tmp_path / "c")


def test_a_bundles_heads_are_no_personal_head(bundle, tmp_path):
    from distride.bundle.archive import unpack

    entry = unpack(bundle.to_bytes(), "test")["head.safetensors"]
    (tmp_path / "a").write_bytes(entry)
    with pytest.raises(BundleError, match="no personal head"):
        bundle.personal_head(tmp_path / "a")


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_damage_is_refused_or_changes_nothing(bundle, file, tmp_path, data):
    whole = file.read_bytes()
    place = data.draw(st.integers(0, len(whole) - 1))
    kind = data.draw(st.sampled_from(["flip", "truncate", "insert"]))
    if kind == "flip":
        bit = 1 << data.draw(st.integers(0, 7))
        damaged = whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :]
    elif kind == "truncate":
        damaged = whole[:place]
    else:
        damaged = whole[:place] + data.draw(st.binary(min_size=1, max_size=9)) + whole[place:]
    (tmp_path / "damaged").write_bytes(damaged)
    try:
        back = bundle.personal_head(tmp_path / "damaged")
    except BundleError:
        return
    before = bundle.personal_head(file)
    assert replace(back, heads={}) == replace(before, heads={})
    np.testing.assert_array_equal(back.heads["label"].weight, before.heads["label"].weight)
