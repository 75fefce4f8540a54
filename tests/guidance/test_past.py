import datetime as dt
from dataclasses import replace

import pytest

from distride.errors import BundleError, GuidanceError
from distride.guidance import Past, is_past, read_summary, summarize


@pytest.fixture
def summary(session, anna):
    return summarize(session, anna)


@pytest.fixture
def past(tmp_path):
    return Past(tmp_path, "anna/é")


@pytest.fixture
def own(summary):
    return replace(summary, athlete="anna/é")


def later(summary, **passed):
    return replace(summary, start=(summary.began + dt.timedelta(**passed)).isoformat())


def test_a_summary_comes_back_from_its_json(summary):
    assert read_summary(summary.to_json(), "it") == summary
    assert read_summary(summary.to_line(), "it") == summary


def test_sessions_are_kept_in_the_order_of_time_and_none_is_changed(past, own):
    assert past.summaries() == ()
    second, first = past.add(later(own, days=2)), past.add(own)
    written = second.read_bytes()
    assert past.summaries() == (own, later(own, days=2))
    assert past.before(later(own, days=2)) == (own,)
    assert (first.name, second.read_bytes()) == ("20260501T180000Z.session.json", written)


def test_the_same_time_counts_once(past, own):
    past.add(own)
    for again in (own, later(own, minutes=5), later(own, minutes=-5)):
        with pytest.raises(GuidanceError, match="the same time counts once"):
            past.add(again)
    assert len(past.summaries()) == 1
    past.add(later(own, minutes=10))


def test_another_athletes_session_is_refused(past, summary, own):
    with pytest.raises(GuidanceError, match="under its own athlete"):
        past.add(summary)
    path = past.add(own)
    path.write_bytes(summary.to_json())
    with pytest.raises(GuidanceError, match="was a folder renamed"):
        past.summaries()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"{", b"", "is no summary"),
        (b'"format": 1', b'"format": 2', "update distride"),
        (b'"seconds": 599.0', b'"seconds": -1.0', "less than a week"),
        (b"2026-05-01T18:00:00+00:00", b"yesterday", "needs a name, a start"),
        (b'"contradicted"', b'"contradictions"', "unknown keys"),
        (b'"seconds": 599.0', b'"seconds": NaN', "not usable JSON"),
    ],
)
def test_a_damaged_file_is_one_error_and_names_the_file(past, own, old, new, message):
    path = past.add(own)
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    with pytest.raises(GuidanceError, match=message) as caught:
        past.summaries()
    assert path.name in str(caught.value)
    with pytest.raises(GuidanceError):
        past.add(later(own, days=1))


def test_an_athlete_can_be_forgotten_and_only_they(past, own, tmp_path):
    path = past.add(own)
    path.write_bytes(b"damaged")
    Past(tmp_path, "anna").add(replace(own, athlete="anna"))
    assert is_past(tmp_path, "anna/é")
    past.forget()
    assert not is_past(tmp_path, "anna/é")
    assert len(Past(tmp_path, "anna").summaries()) == 1
    with pytest.raises(BundleError, match="nothing was removed"):
        past.forget()


def test_a_full_disk_is_one_sentence(past, own, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr("distride.files.os.fsync", full)
    with pytest.raises(GuidanceError, match="nothing was changed"):
        past.add(own)
    monkeypatch.undo()
    assert past.summaries() == ()


def test_nobody_has_the_folder_of_all(tmp_path):
    with pytest.raises(BundleError, match="without a name"):
        Past(tmp_path, "")
