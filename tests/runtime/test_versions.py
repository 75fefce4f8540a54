import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.data import Recording
from distride.errors import BundleError, DataError
from distride.runtime import Student, Versions, athletes_in, fingerprint, live_in

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
DATA = "d" * 64


@pytest.fixture(scope="module")
def student(tiny):
    return Student.open(tiny.path)


@pytest.fixture(scope="module")
def heads(student):
    """A head that the guard let live, and one that it did not."""
    body, shared = student.bundle.body_sha256, student.bundle.heads["label"]
    live = personal("anna", body, {"label": replace(shared, bias=shared.bias + 1)})
    return live, personal("anna", body, {})


def personal(athlete, body, heads):
    from distride.bundle import PersonalHead

    return PersonalHead(
        athlete=athlete,
        body_sha256=body,
        created=WHEN.isoformat(),
        heads=heads,
        shots={"label": {"slow": 3}},
        scores={"label": {"shared_score": 0.5, "personal_score": 0.75}},
        reasons={"label": "The personal head is better."},
    )


def test_an_athlete_without_versions_uses_the_shared_head(tmp_path, student):
    versions = Versions(tmp_path, "anna")
    assert versions.live(student.bundle) is None
    assert versions.history.versions == ()


def test_a_version_goes_live_with_all_that_is_known_of_it(tmp_path, student, heads):
    live, _ = heads
    made = Versions(tmp_path, "anna").add(live, DATA, "new watch")
    assert (made.number, made.parent, made.reason) == (1, 0, "new watch")
    assert made.body_sha256 == student.bundle.body_sha256
    again = Versions(tmp_path, "anna")
    assert again.history.versions == (made,)
    read = again.live(student.bundle)
    np.testing.assert_array_equal(read.heads["label"].bias, live.heads["label"].bias)
    assert live_in(tmp_path / "anna", student.bundle).created == live.created
    assert made.scores == live.scores
    assert athletes_in(tmp_path) == ("anna",)


def test_what_the_guard_refused_is_recorded_and_the_earlier_version_stays(tmp_path, heads):
    live, refused = heads
    versions = Versions(tmp_path, "anna")
    versions.add(live, DATA)
    second = versions.add(refused, DATA)
    assert (second.number, second.tasks) == (2, ())
    assert versions.history.live == 1
    with pytest.raises(BundleError, match=r"\[0, 1\] can"):
        versions.rollback(2)


def test_rollback_goes_to_what_was_live_before(tmp_path, student, heads):
    live, refused = heads
    versions = Versions(tmp_path, "anna")
    for head in (live, refused, live):
        versions.add(head, DATA)
    assert versions.history.live == 3
    assert versions.rollback() == 1
    assert versions.rollback() == 0
    assert versions.live(student.bundle) is None
    with pytest.raises(BundleError, match="nothing before"):
        versions.rollback()
    assert versions.rollback(3) == 3
    with pytest.raises(BundleError, match="Version 9"):
        versions.rollback(9)
    assert len(versions.history.versions) == 3


def test_a_crash_while_a_version_is_written_leaves_the_live_one(tmp_path, student, heads):
    live, _ = heads
    versions = Versions(tmp_path, "anna")
    versions.add(live, DATA)
    with pytest.MonkeyPatch.context() as patch:

        def fails(path, data):
            raise BundleError("no space")

        patch.setattr("distride.runtime.history.write_atomically", fails)
        with pytest.raises(BundleError, match="no space"):
            versions.add(live, DATA)
    assert versions.history.live == 1
    assert versions.live(student.bundle) is not None
    assert versions.add(live, DATA).number == 2


def damaged(change):
    def of(folder):
        index = folder / "versions.json"
        index.write_text(json.dumps(change(json.loads(index.read_text()))))

    return of


def head_exchanged(folder):
    file = folder / "0001.head.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"\x00")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (damaged(lambda index: index | {"format": 2}), "format number 2"),
        (damaged(lambda index: index | {"athlete": "bert"}), "not of 'anna'"),
        (damaged(lambda index: index | {"live": 7}), "number 7 is live"),
        (damaged(lambda index: index | {"extra": 1}), "unknown keys"),
        (damaged(lambda index: index | {"live": "1"}), "type int"),
        (lambda folder: (folder / "versions.json").write_bytes(b"{"), "not usable JSON"),
        (lambda folder: (folder / "versions.json").unlink(), "cannot be read"),
        (head_exchanged, "is not the file"),
        (lambda folder: (folder / "0001.head.safetensors").unlink(), "cannot be read"),
    ],
)
def test_what_is_damaged_or_foreign_is_one_error(tmp_path, student, heads, spoil, message):
    versions = Versions(tmp_path, "anna")
    versions.add(heads[0], DATA)
    spoil(versions.folder)
    with pytest.raises(BundleError, match=message):
        versions.live(student.bundle)


def test_heads_of_another_athlete_or_body_are_refused(tmp_path, student, heads):
    versions = Versions(tmp_path, "bert")
    with pytest.raises(BundleError, match="'anna'"):
        versions.add(heads[0], DATA)
    assert versions.history.versions == ()
    other = personal("bert", "0" * 64, heads[0].heads)
    versions.add(other, DATA)
    with pytest.raises(BundleError, match="another body"):
        versions.live(student.bundle)
    with pytest.raises(BundleError, match="without a name"):
        Versions(tmp_path, "")
    with pytest.raises(DataError, match="no folder"):
        athletes_in(tmp_path / "nowhere")


def everything_in(folder):
    return b"\n".join(
        str(file.relative_to(folder)).encode() + (file.read_bytes() if file.is_file() else b"")
        for file in sorted(folder.rglob("*"))
    )


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=3, max_size=15).filter(lambda name: name.isprintable()))
def test_nothing_is_left_of_an_athlete_who_is_forgotten(tmp_path_factory, student, heads, name):
    root = tmp_path_factory.mktemp("heads")
    folder = root / "squad"
    others = Versions(folder, "anna")
    others.add(heads[0], DATA)
    before = everything_in(folder)
    theirs = Versions(folder, f"zoë {name}")
    for _ in range(2):
        theirs.add(replace(heads[0], athlete=f"zoë {name}"), DATA)
    assert sorted(folder.iterdir()) == sorted([others.folder, theirs.folder])  # none got out
    tensors = theirs.folder / "0001.head.safetensors"
    assert tensors.exists()
    (theirs.folder / ".versions.json.partial-x").write_text("left by a crash")
    (theirs.folder / "versions.json").write_text("damaged")
    theirs.forget()
    assert everything_in(folder) == before
    assert list(root.iterdir()) == [folder]


def test_a_folder_that_is_not_ours_is_never_removed(tmp_path, heads):
    (tmp_path / "anna").mkdir()
    (tmp_path / "anna" / "photo.jpg").write_bytes(b"x")
    with pytest.raises(BundleError, match=r"photo\.jpg"):
        Versions(tmp_path, "anna").forget()
    assert (tmp_path / "anna" / "photo.jpg").exists()
    with pytest.raises(BundleError, match="no folder"):
        Versions(tmp_path, "bert").forget()


def recorded(label="slow", scale=1.0):
    t = np.arange(200) / 20.0
    channels = {f"wrist_acc_{axis}": (scale * np.sin(t)).astype(np.float32) for axis in "xyz"}
    return Recording("anna", Path("r").name, t, channels, {"label": np.full(200, label, object)})


def test_the_fingerprint_is_of_windows_and_labels_alone(student):
    one = fingerprint(student.predictor, [recorded()])
    assert one == fingerprint(student.predictor, [replace(recorded(), name="other")])
    assert one != fingerprint(student.predictor, [recorded("fast")])
    assert one != fingerprint(student.predictor, [recorded(scale=2.0)])
    assert len(one) == 64
