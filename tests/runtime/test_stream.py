import time
import tracemalloc
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.bundle import Bundle, PersonalHead
from distride.errors import DataError
from distride.heads import personalize
from distride.runtime import Crowd, Predictor, Quality, Smoothing, State, Stream, smooth
from distride.signals import Windower

SWING = {"still": 0.0, "slow": 1.0, "fast": 3.0}


def session(order, seed=0, seconds=10, rate_hz=20.0):
    """``t`` and samples ``(time, 3)`` of someone who does one movement after the other."""
    rng, parts = np.random.default_rng(seed), []
    for movement in order:
        t = np.arange(int(seconds * rate_hz)) / rate_hz
        swing = np.sin(2 * np.pi * SWING[movement] * t)
        noise = rng.normal(scale=0.3, size=(len(t), 3))
        parts.append(np.outer(swing, [3.0, 1.0, 0.5]) + np.array([0, 0, 9.81]) + noise)
    samples = np.concatenate(parts).astype(np.float32)
    return np.arange(len(samples)) / rate_hz, samples


@pytest.fixture(scope="module")
def predictor(tiny):
    return Predictor(Bundle.open(tiny.path))


def states(events):
    return [event for event in events if isinstance(event, State)]


def test_movements_are_followed(predictor):
    t, samples = session(["still", "fast", "slow"])
    told = states(Stream(predictor).push(t, samples))
    for end, movement in ((9, "still"), (19, "fast"), (29, "slow")):
        assert [one.movement for one in told if one.t_s == pytest.approx(end)] == [movement]
    assert all(0 <= one.confidence <= 1 for one in told)


def test_below_the_threshold_it_says_that_it_does_not_know(predictor, tiny):
    t, samples = session(["still"])
    rng = np.random.default_rng(0)
    strange = rng.normal(scale=30.0, size=samples.shape).astype(np.float32)
    told = states(Stream(predictor, smoothing=Smoothing(slack=0.0)).push(t, strange))
    for one in told:
        assert one.abstained == (one.confidence < 0.4)
        assert bool(one.movement) != one.abstained
        assert ("below 0.40" in one.reason) == one.abstained
        assert one.cause == ("unsure" if one.abstained else "")
    assert states(Stream(predictor).push(t, samples))


def test_a_gap_is_told_and_what_was_before_it_is_forgotten(predictor):
    t, samples = session(["fast", "still"])
    t = np.where(t >= 10.0, t + 5.0, t)
    events = Stream(predictor, smoothing=Smoothing(99.0, 9.0)).push(t, samples)
    (gap,) = [event for event in events if isinstance(event, Quality)]
    assert gap.kind == "gap"
    assert gap.seconds == pytest.approx(5.05)
    after = [one for one in states(events) if one.t_s > 16.0]
    assert after[-1].movement == "still"  # so much memory would have kept "fast"


def test_no_signal_is_no_answer(predictor):
    t, samples = session(["still"])
    events = Stream(predictor).push(t, np.full_like(samples, np.nan))
    assert all(one.abstained and one.reason == "no signal" for one in states(events))
    assert {one.cause for one in states(events)} == {"no_signal"}


@pytest.fixture(scope="module")
def wary(tiny, predictor):
    """The bundle with a threshold under which one in twenty known windows falls."""
    bundle = predictor.bundle
    needed = float(np.quantile(predictor.predict(tiny.x).familiarity["label"], 0.05))
    (task,) = bundle.manifest.tasks
    manifest = replace(bundle.manifest, tasks=(replace(task, unknown_below=needed),))
    return replace(bundle, manifest=manifest)


def strange(t):
    """What nobody was taught: slow in x as no one moves, and fast in z."""
    odd = [25 * np.sign(np.sin(4 * t)), np.sin(t), 25 * np.sin(40 * t)]
    return np.stack(odd, axis=1).astype(np.float32)


def test_a_movement_never_taught_is_none_of_these(wary):
    t, samples = session(["still"])
    told = states(Stream(Predictor(wary)).push(t, strange(t)))
    assert {one.cause for one in told} == {"unknown"}
    assert all(one.abstained and not one.movement for one in told)
    assert all(one.reason.startswith("none of the movements") for one in told)
    known = states(Stream(Predictor(wary)).push(t, samples))
    assert "unknown" not in {one.cause for one in known}


def test_what_an_athlete_taught_is_not_unknown_to_their_own_stream(wary):
    t, _ = session(["still"])
    shared = Predictor(wary)
    windows = np.stack([strange(t[at : at + 40]).T for at in range(0, 160, 20)])
    head = personalize(wary.heads["label"], shared.features(windows), ["whirl"] * len(windows))
    own = PersonalHead("anna", wary.body_sha256, "2026-01-01T00:00:00+00:00", {"label": head})
    told = states(Stream(shared.with_head(own)).push(t, strange(t)))
    assert {one.movement for one in told} == {"whirl"}


def test_a_window_without_one_of_its_sensors_is_not_called_unknown(wary):
    t, samples = session(["still"])
    samples[:, 0] = np.nan
    told = states(Stream(Predictor(wary)).push(t, samples))
    assert told
    assert "unknown" not in {one.cause for one in told}


@pytest.mark.parametrize("off", [(0, 99), (20, 40)])
def test_without_its_gyroscope_it_goes_on_and_says_so(trained, simulated, off):
    predictor = Predictor(Bundle.open(trained.bundle))
    (one,) = simulated.read("a")
    rows = one.t < 60.0
    t, samples = one.t[rows], one.samples(predictor.bundle.manifest.spec.channels)[rows]
    samples[(t >= off[0]) & (t < off[1]), 3:6] = np.nan
    events = Stream(predictor, 50.0).push(t, samples)
    told = [one for one in events if isinstance(one, Quality)]
    assert [one.kind for one in told] == (["missing", "back"] if off[1] < 60 else ["missing"])
    assert told[0].t_s == pytest.approx(off[0] + 0.5, abs=0.1)
    assert told[0].channels == tuple(f"wrist_gyr_{axis}" for axis in "xyz")
    assert "gyroscope (wrist)" in told[0].text
    during = [one for one in states(events) if off[0] + 3 <= one.t_s < off[1]]
    assert len(during) > 10
    needed = predictor.bundle.manifest.task("label").abstain_below
    for one in during:
        assert one.abstained or one.confidence >= 0.9 * needed


def test_where_every_sensor_is_lost_that_is_told_too(predictor):
    t, samples = session(["slow", "still"])
    samples[t >= 10.0] = np.nan
    events = Stream(predictor).push(t, samples)
    assert [one.kind for one in events if isinstance(one, Quality)] == ["missing"]
    assert states(events)[-1].reason == "no signal"


def test_samples_of_another_shape_are_refused(predictor):
    with pytest.raises(DataError, match="wrist_acc_x"):
        Stream(predictor).push(np.zeros(3), np.zeros((3, 2)))
    with pytest.raises(DataError, match="shape"):
        Stream(predictor).push(np.zeros(3), np.zeros((2, 3)))
    for t, samples in ((["now"], [[0, 0, 0]]), ([0.0, 1.0], [[0, 0, 0], [0]])):
        with pytest.raises(DataError, match="no arrays of numbers"):
            Stream(predictor).push(t, samples)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e13, 1e300])
def test_what_no_sensor_measures_counts_as_absent(predictor, value):
    t, samples = session(["fast", "fast"])
    samples = samples.astype(float)
    samples[:, 1] = value
    events = Stream(predictor).push(t, samples)
    (missing,) = qualities(events)
    assert (missing.kind, missing.channels) == ("missing", ("wrist_acc_y",))
    samples[:, 1] = np.nan
    same(events, Stream(predictor).push(t, samples))


@pytest.mark.parametrize("source_hz", [0.0, -50.0, np.nan, 1e9])
def test_a_rate_that_no_sensor_has_is_refused(predictor, source_hz):
    with pytest.raises(DataError, match="are the times in seconds"):
        Stream(predictor, source_hz)


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([20.0, 50.0]),
    st.sampled_from([Smoothing(), Smoothing(0.0), Smoothing(3.0, 2.5)]),
    st.integers(1, 99),
)
def test_a_stream_answers_as_windows_predictions_and_smoothing_do_in_batch(
    predictor, source_hz, smoothing, size
):
    t, samples = session(["still", "fast", "slow"], rate_hz=source_hz)
    spec = predictor.bundle.manifest.spec
    windower = Windower(spec, source_hz)
    windows = windower.push(t, samples) + windower.flush()
    prediction = predictor.predict(np.stack([window.samples for window in windows]))
    held, averages = smooth(prediction.probabilities["label"], smoothing, spec.hop_s)
    stream = Stream(predictor, source_hz, smoothing)
    told = states(pushed(stream, t, samples, range(size, len(t), size)))
    for one, window, answer, average in zip(told, windows, held, averages, strict=True):
        assert one.t_s == pytest.approx(window.start_s + spec.window_s)
        assert one.confidence == pytest.approx(average[answer], abs=1e-5)
        assert one.abstained or one.movement == prediction.labels["label"][answer]


def test_nothing_pushed_is_nothing_told(predictor):
    assert Stream(predictor).push(np.zeros(0), np.zeros((0, 3))) == []


KINDS = {"gap", "late", "clock", "rate", "missing", "back", "flat"}
JUMPS = {"late": -1.0, "back": -50.0, "leap": 500.0, "gap": 4.0}  # s, of one step
PACES = {"slow": 3.0, "fast": 0.4}  # of all steps from there on
REPEATS = {"twice": 0.0, "again": 1e-12}  # s, of three steps
VALUES = {"lost": np.nan, "flat": 1.0, "dead": 1.0, "huge": 3e38, "infinite": np.inf}
WRONG = [*JUMPS, *PACES, *REPEATS, *VALUES, "jitter", "timeless"]


def wronged(t, samples, wrongs):
    """A session to which things happen, one after the other, from a sample on."""
    steps, samples = np.diff(t, prepend=t[0]), samples.copy()
    timeless = np.zeros(len(t), bool)
    for what, at in wrongs:
        rows = slice(at, at + 90)
        if what in JUMPS:
            steps[at] = JUMPS[what]
        elif what in PACES:
            steps[at:] *= PACES[what]
        elif what in REPEATS:
            steps[at : at + 3] = REPEATS[what]
        elif what in VALUES:
            samples[rows, : 3 if what == "flat" else 1] = VALUES[what]
        elif what == "jitter":
            steps[rows] *= np.random.default_rng(at).uniform(0.1, 1.9, len(steps[rows]))
        else:
            timeless[at : at + 2] = True
    return np.where(timeless, np.nan, t[0] + np.cumsum(steps)), samples


def pushed(stream, t, samples, cuts=()):
    parts = np.split(np.arange(len(t)), cuts)
    events = [event for rows in parts for event in stream.push(t[rows], samples[rows])]
    return events + stream.flush()


def same(ours, theirs):
    """Whether events are the same; each push tells its own in the order of time."""

    def in_time(events):
        return sorted(events, key=lambda one: (one.t_s, one.event, getattr(one, "kind", "")))

    assert len(ours) == len(theirs)
    for one, other in zip(in_time(ours), in_time(theirs), strict=True):
        told = {
            name: value for name, value in vars(other).items() if name not in ("reason", "text")
        }
        for name, value in told.items():
            near = pytest.approx(value, abs=1e-5) if isinstance(value, float) else value
            assert getattr(one, name) == near


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(WRONG), st.integers(1, 700)), max_size=5),
    st.lists(st.integers(0, 800), max_size=10).map(sorted),
    st.sampled_from([0.0, 1.7e9]),
    st.sampled_from([7.0, 20.0, 50.0]),
)
def test_whatever_goes_wrong_cuts_change_nothing_and_no_nonsense_is_told(
    predictor, wrongs, cuts, start_s, source_hz
):
    t, samples = wronged(*session(["still", "fast", "slow", "fast"]), wrongs)
    t = t + start_s
    whole = pushed(Stream(predictor, source_hz), t, samples)
    same(pushed(Stream(predictor, source_hz), t, samples, cuts), whole)
    for one in states(whole):
        assert np.isfinite(one.t_s)
        assert 0 <= one.confidence <= 1
        assert bool(one.movement) != one.abstained == bool(one.cause) == bool(one.reason)
    assert {one.kind for one in whole if isinstance(one, Quality)} <= KINDS


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(WRONG), st.integers(1, 700)), max_size=3),
    st.lists(st.integers(0, 800), max_size=30).map(sorted),
    st.sampled_from([20.0, 50.0]),
)
def test_who_is_in_a_crowd_is_told_the_same_whatever_goes_wrong(predictor, wrongs, cuts, source_hz):
    order = ["still", "fast", "slow", "fast"]
    sessions = {str(seed): session(order, seed, rate_hz=source_hz) for seed in range(4)}
    sessions["3"] = wronged(*sessions["3"], wrongs)
    crowd, told = Crowd(predictor), {who: [] for who in sessions}
    for who in sessions:
        crowd.join(who, source_hz=source_hz)
    count = len(sessions["3"][0])
    for rows in np.split(np.arange(count), [cut for cut in cuts if cut < count]):
        given = {who: (t[rows], samples[rows]) for who, (t, samples) in sessions.items()}
        for who, events in crowd.push(given).items():
            told[who] += events
    for who, (t, samples) in sessions.items():
        same(told[who], Stream(predictor, source_hz).push(t, samples))


def test_a_push_a_sample_tells_what_one_push_tells(predictor):
    t, samples = wronged(*session(["still", "fast"]), [("late", 50), ("gap", 150), ("lost", 250)])
    whole = pushed(Stream(predictor), t, samples)
    same(pushed(Stream(predictor), t, samples, range(1, len(t))), whole)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-5, 60) | st.floats(), *[st.floats()] * 3), max_size=60),
    st.integers(0, 60),
)
def test_whatever_numbers_come_nothing_raises_and_cuts_change_nothing(predictor, rows, cut):
    table = np.array(rows, float).reshape(-1, 4)
    whole = pushed(Stream(predictor), table[:, 0], table[:, 1:])
    same(pushed(Stream(predictor), table[:, 0], table[:, 1:], [cut]), whole)


def qualities(events):
    return [event for event in events if isinstance(event, Quality)]


def test_after_a_clock_was_set_back_it_goes_on_at_once(predictor):
    t, samples = session(["still", "fast"])
    t[200:] -= 5.0
    events = Stream(predictor).push(t, samples)
    assert [one.kind for one in qualities(events)] == ["clock"]
    after = states(events)[-9:]
    assert after[0].t_s == pytest.approx(t[200] + 2.0)
    assert {one.movement for one in after} == {"fast"}


def test_a_wrong_time_far_ahead_stops_nothing_and_fills_no_memory(predictor):
    t, samples = session(["still", "fast"])
    t[200] = 1e10
    events = Stream(predictor).push(t, samples)
    assert [one.kind for one in qualities(events)] == ["gap", "clock"]
    assert states(events)[-1].movement == "fast"
    assert len(states(events)) < 20


def test_a_rate_that_was_not_told_is_found(predictor):
    t, samples = session(["fast"], seconds=60, rate_hz=80.0)
    events = Stream(predictor).push(t, samples)
    (rate,) = qualities(events)
    assert rate.text == "Samples come at 80.0 Hz instead of 20.0 Hz."
    assert {one.movement for one in states(events) if one.t_s > 13} == {"fast"}


def test_samples_too_slow_for_the_bundle_are_not_read(predictor):
    t, samples = session(["fast"], seconds=60, rate_hz=6.0)
    told = states(Stream(predictor).push(t, samples))
    after = [one for one in told if one.t_s > 30]
    assert {one.cause for one in after} == {"no_signal"}
    assert {one.reason for one in after} == {"samples come at 6.0 Hz, 10.0 Hz are needed"}


def test_a_dead_axis_counts_as_lost_and_a_sensor_that_hangs_as_no_signal(predictor):
    t, samples = session(["fast", "fast"])
    samples[:, 1] = 0.5
    samples[t >= 10.0] = samples[200]
    events = Stream(predictor).push(t, samples)
    axis, sensor = qualities(events)
    assert (axis.kind, axis.channels) == ("flat", ("wrist_acc_y",))
    assert sensor.channels == ("wrist_acc_x", "wrist_acc_z")
    without = samples.copy()
    without[:, 1] = np.nan
    expected = {one.t_s: one.movement for one in states(Stream(predictor).push(t, without))}
    for one in states(events):
        if one.t_s <= 10:
            assert one.movement == expected[one.t_s]
        if one.t_s >= 12:
            assert one.reason == "no signal"


def test_an_answer_that_stands_does_not_come_and_go(predictor, tiny):
    t, samples = session(["fast"] * 3)
    confidence = np.median([one.confidence for one in states(Stream(predictor).push(t, samples))])
    (task,) = predictor.bundle.manifest.tasks
    bundle = predictor.bundle
    tasks = (replace(task, abstain_below=float(confidence)),)
    doubtful = Predictor(replace(bundle, manifest=replace(bundle.manifest, tasks=tasks)))

    def turns(slack):
        told = states(Stream(doubtful, smoothing=Smoothing(slack=slack)).push(t, samples))
        doubts = [one.abstained for one in told]
        return sum(one != other for one, other in pairwise(doubts))

    assert turns(0.1) < turns(0.0)


@pytest.mark.slow
def test_hours_cost_no_more_memory_or_time_than_minutes(predictor):
    t, samples = session(["still", "fast", "slow", "fast"], seconds=15)
    stream, size, length_s = Stream(predictor), [], []
    tracemalloc.start()
    for minute in range(120):
        started = time.process_time()
        for rows in np.array_split(np.arange(len(t)), 15):
            stream.push(1.7e9 + 60.0 * minute + t[rows], samples[rows])
        length_s.append(time.process_time() - started)
        size.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert size[-1] < size[5] + 20_000
    assert np.median(length_s[-30:]) < 2 * np.median(length_s[:30])
