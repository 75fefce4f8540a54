import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
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
from distride.runtime.folders import alone_in

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


def test_nothing_is_made_for_who_has_no_versions(tmp_path):
    assert Versions(tmp_path, "ana").rollback(0) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_crash_while_a_version_is_written_leaves_the_live_one(tmp_path, student, heads):
    live, _ = heads
    versions = Versions(tmp_path, "anna")
    versions.add(live, DATA)
    with pytest.MonkeyPatch.context() as patch:

        def fails(path, data, kind):
            raise BundleError("no space")

        patch.setattr("distride.runtime.history.write_whole", fails)
        with pytest.raises(BundleError, match="no space"):
            versions.add(live, DATA)
    assert versions.history.live == 1
    assert versions.live(student.bundle) is not None
    assert versions.add(live, DATA).number == 2


def test_a_process_that_ends_before_the_first_index_leaves_an_athlete_without_versions(
    tmp_path, student, heads
):
    live, _ = heads
    versions = Versions(tmp_path, "anna")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("distride.runtime.versions.write_history", lambda path, history: exit())
        with pytest.raises(SystemExit):
            versions.add(live, DATA)
    orphan = versions.folder / "0001.head.safetensors"
    before = orphan.read_bytes()
    assert versions.history.versions == ()
    assert versions.live(student.bundle) is None
    other = replace(live, heads={"label": student.bundle.heads["label"]})
    assert versions.add(other, DATA).number == 1
    assert orphan.read_bytes() != before
    assert versions.live(student.bundle) is not None


HOLDS = """
import sys
from pathlib import Path
from distride.runtime.folders import alone_in
with alone_in(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def held(tmp_path):
    """Another process has Anna's folder, until it is let go."""
    pytest.importorskip("fcntl", reason="folders cannot be locked")
    line = [sys.executable, "-c", HOLDS, str(tmp_path / "anna")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(line, **pipes) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


@pytest.mark.parametrize(
    "change",
    [
        lambda versions, head: versions.add(head, DATA),
        lambda versions, head: versions.add_once(head, "e" * 64),
        lambda versions, head: versions.rollback(),
        lambda versions, head: versions.forget(),
    ],
)
def test_changes_wait_for_those_of_another_process(tmp_path, heads, request, change):
    live, _ = heads
    versions = Versions(tmp_path, "anna")
    versions.add(live, DATA)
    other = request.getfixturevalue("held")
    before = everything_in(tmp_path)
    with ThreadPoolExecutor(1) as aside:
        changed = aside.submit(change, versions, live)
        assert not wait([changed], 0.3).done
        assert everything_in(tmp_path) == before
        other.stdin.close()
        changed.result(30)
    assert everything_in(tmp_path) != before
    assert sorted(one.name for one in tmp_path.iterdir()) in ([], ["anna"])


def test_who_waits_for_another_athlete_does_not_wait(tmp_path, heads, held):
    versions = Versions(tmp_path, "bert")
    assert versions.add(replace(heads[0], athlete="bert"), DATA).number == 1
    assert held.poll() is None


def test_none_is_lost_of_many_that_are_added_at_once(tmp_path, heads):
    live, _ = heads
    with ThreadPoolExecutor(8) as side_by_side:
        made = side_by_side.map(lambda _: Versions(tmp_path, "anna").add(live, DATA), range(24))
        assert sorted(one.number for one in made) == list(range(1, 25))
    assert len(Versions(tmp_path, "anna").history.versions) == 24


def test_none_is_lost_where_folders_cannot_be_locked(tmp_path, heads, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def fails(handle, how):
        raise OSError("no locks here")

    monkeypatch.setattr(fcntl, "flock", fails)
    test_none_is_lost_of_many_that_are_added_at_once(tmp_path, heads)
    monkeypatch.setitem(sys.modules, "fcntl", None)
    assert Versions(tmp_path, "anna").add(heads[0], DATA).number == 25


def test_a_head_that_comes_twice_is_kept_once(tmp_path, heads):
    live, _ = heads
    with ThreadPoolExecutor(8) as side_by_side:
        told = side_by_side.map(
            lambda _: Versions(tmp_path, "anna").add_once(live, DATA), range(16)
        )
        found = [(version.number, is_new) for version, is_new in told]
    assert sorted(found) == [(1, False)] * 15 + [(1, True)]
    version, is_new = Versions(tmp_path, "anna").add_once(live, "e" * 64)
    assert (version.number, is_new) == (2, True)


def test_a_version_that_waited_for_a_removal_is_the_first_of_a_new_folder(tmp_path, heads):
    pytest.importorskip("fcntl", reason="folders cannot be locked")
    live, _ = heads
    versions = Versions(tmp_path, "anna")
    versions.add(live, DATA)
    with ThreadPoolExecutor(1) as aside:
        with alone_in(versions.folder):
            added = aside.submit(versions.add, live, DATA)
            assert not wait([added], 0.3).done
            shutil.rmtree(versions.folder)
        assert added.result(30).number == 1
    assert len(versions.history.versions) == 1


def test_nothing_is_made_for_an_athlete_who_has_nothing_to_change(tmp_path, heads):
    versions = Versions(tmp_path / "heads", "bert")
    for change in (
        lambda: versions.rollback(),
        lambda: versions.rollback(3),
        versions.forget,
        lambda: versions.add(heads[0], DATA),
    ):
        with pytest.raises(BundleError):
            change()
    assert list(tmp_path.iterdir()) == []


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
        (damaged(lambda index: index | {"extra": 1}), "unknown keys.*athlete forget .* anna`"),
        (damaged(lambda index: index | {"live": "1"}), "type int"),
        (lambda folder: (folder / "versions.json").write_bytes(b"{"), "not usable JSON"),
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
