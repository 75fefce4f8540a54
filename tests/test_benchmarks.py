"""The scripts of `benchmarks/`, on as little as will do."""

import json
import runpy
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distride.bundle import Bundle, PersonalHead, write_head
from distride.config import Recipe, read_recipe
from distride.data.progress import silent
from distride.heads import personalize
from distride.models.student import BUDGETS
from distride.runs.bench import Entry
from distride.runtime import Student

SCRIPTS = Path(__file__).parents[1] / "benchmarks"
sys.path.append(str(SCRIPTS))  # as Python does for a script, which may import its neighbours


@pytest.fixture(scope="module")
def shifted(simulated, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shifts")
    trial = runpy.run_path(str(SCRIPTS / "shifts.py"))["Trial"](folder, 64, folds=1, each=False)
    return trial, trial(Entry("five", simulated.path), silent)


def test_every_model_is_judged_under_the_same_shifts(shifted):
    (fold,) = shifted[1]["found"]
    assert list(fold["f1"]) == ["augmented", "plain", "minirocket_ridge", "extra_trees"]
    names = {tuple(by_shift) for by_shift in fold["f1"].values()}
    assert len(names) == 1
    assert {"none", "other side", "without gyroscope"} <= set(*names)
    assert all(0 <= f1 <= 1 for by_shift in fold["f1"].values() for f1 in by_shift.values())
    assert fold["windows"] > 0
    assert len(fold["held_out"]) == 1


def test_what_was_found_before_is_not_looked_for_again(shifted, simulated):
    trial, found = shifted
    (file,) = trial.work.glob("five/*/plain.json")
    kept = dict.fromkeys(json.loads(file.read_text(encoding="utf-8")), 0.5)
    file.write_text(json.dumps(kept), encoding="utf-8")
    again = trial(Entry("five", simulated.path), silent)
    assert again["found"][0]["f1"] == {**found["found"][0]["f1"], "plain": kept}


def test_a_shifts_cost_is_measured_where_it_may_be_met():
    script = runpy.run_path(str(SCRIPTS / "shift_tables.py"))
    f1 = {"none": 0.9, "turned": 0.8, "without unit a": 0.5, "without unit b": 0.7}
    one = {"held_out": ["anna"], "windows": 10, "f1": dict.fromkeys(script["MODELS"], f1)}
    two = {**one, "f1": {key: {"none": 0.5, "turned": 0.5} for key in script["MODELS"]}}
    scores = {name: script["mean_f1"]([fold]) for name, fold in (("x", one), ("y", two))}
    costs = {shift: (cohorts, told) for shift, cohorts, told, *_ in script["costs"](scores)}
    assert costs["none"] == ("2", "0.700")
    assert costs["turned"] == ("2", "−5.0")
    assert costs["without one of several units, mean"] == ("1", "−30.0")


RECIPES = SCRIPTS / "recipes"


@pytest.mark.parametrize("file", sorted((RECIPES / "small").glob("*.toml")), ids=lambda f: f.stem)
def test_small_students_differ_from_the_others_in_their_size_alone(file):
    base = RECIPES / file.name
    medium = read_recipe(base) if base.exists() else Recipe()
    student = replace(medium.student, size="small")
    assert read_recipe(file) == replace(medium, student=student)


@pytest.mark.parametrize("file", sorted((RECIPES / "sensors").glob("*.toml")), ids=lambda f: f.stem)
def test_where_sensors_are_missing_the_teacher_has_all_of_the_students_and_more(file):
    recipe = read_recipe(file)
    assert set(recipe.signals.channels) < set(recipe.teacher.channels)


@pytest.fixture(scope="module")
def untaught(simulated, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unknown")
    script = runpy.run_path(str(SCRIPTS / "unknown.py"))
    trial = script["Trial"](folder, 64, movements=3, folds=1)
    return trial, trial(Entry("five", simulated.path), silent)


def test_every_movement_left_out_is_judged_by_its_own_windows(untaught):
    _, found = untaught
    left_out = [name for row in found["found"] for name in row["left_out"]]
    assert len(set(left_out)) == len(left_out) == 3
    by_movement = {n: one for row in found["found"] for n, one in row["by_movement"].items()}
    assert set(by_movement) <= set(left_out)
    for score in ("familiarity", "max_softmax"):
        each = [one[score] for one in by_movement.values()]
        assert all(0 <= one <= 1 for one in each)
        assert found[score]["mean"] == pytest.approx(sum(each) / len(each), abs=1e-3)
        assert found[score]["worst"][1] == min(each)
    assert not {one["read_as"] for one in by_movement.values()} & {""}
    assert all(
        one["read_as"] not in row["left_out"]
        for row in found["found"]
        for one in row["by_movement"].values()
    )


def test_a_group_that_was_found_before_is_not_trained_again(untaught, simulated):
    trial, found = untaught
    file = sorted(trial.work.glob("five/*/found.json"))[0]
    kept = json.loads(file.read_text(encoding="utf-8")) | {"taught_called_unknown": 1.0}
    file.write_text(json.dumps(kept), encoding="utf-8")
    again = trial(Entry("five", simulated.path), silent)
    assert kept in again["found"]
    assert again["familiarity"] == found["familiarity"]


@pytest.fixture
def table_script():
    return runpy.run_path(str(SCRIPTS / "tables.py"))


def test_each_mode_has_its_table_once_it_has_results(table_script, trained, tmp_path):
    begin, end = runpy.run_path(str(SCRIPTS / "pages.py"))["marks"]("tables.py")
    page = f"above\n{begin}\nstale\n{end}\nbelow"
    few = tmp_path / "labelled3"
    few.mkdir()
    older = dict(trained.results["models"])
    del older["student_hard_labels"]
    for name, models in (("swim", trained.results["models"]), ("row", older)):
        text = json.dumps({**trained.results, "models": models})
        (few / f"{name}.json").write_text(text, encoding="utf-8")
    made = table_script["with_tables"](page, "en", tmp_path)
    assert made.startswith("above\n")
    assert made.endswith("\nbelow")
    assert "stale" not in made
    assert made.count("| cohort |") == 1
    row, swim = (line.split(" | ") for line in made.splitlines() if "1 of 5 folds" in line)
    assert (row[0], swim[0]) == ("| row", "| swim")
    f1 = trained.results["models"]["student_hard_labels"]["macro_f1"]
    assert (row[8], swim[8]) == ("–", f"{f1:.3f}")
    assert len(row) == len(swim)


def test_a_difference_is_told_in_points_with_its_interval(table_script):
    points = table_script["points"]
    assert points(-0.204, (-0.274, 0.138)) == "−20.4 (−27.4 … +13.8)"
    assert points(0.066, None) == "+6.6"


@pytest.fixture(scope="module")
def timed(simulated, tmp_path_factory):
    script = runpy.run_path(str(SCRIPTS / "throughput.py"))
    desk = script["desk_for"](simulated, tmp_path_factory.mktemp("throughput"))
    return script, script["Bench"](desk, script["nets_for"](desk), steps=2)


def test_a_plain_data_loader_gives_windows_as_ours_are(timed):
    script, bench = timed
    ours = bench.batches(0)
    x, y = next(iter(script["Samples"].loader(bench.batches, steps=1, workers=0)))
    assert x.shape == ours.x.shape
    assert x.isfinite().all()
    assert set(y.tolist()) <= set(range(len(bench.desk.task.labels)))


def test_every_net_is_timed_in_training_and_stage_by_stage(timed):
    _, bench = timed
    fits = bench.fits()
    assert {"student", "student, one a core", "student, DataLoader, 0 workers"} <= set(fits)
    assert {"minirocket_ridge", "extra_trees"} <= set(fits)
    assert all(fits[name]() > 0 for name in fits if name.startswith("student") and "2" not in name)
    stages = runpy.run_path(str(SCRIPTS / "speed_tables.py"))["STAGES"]
    assert all(bench.stages("student")[name] > 0 for name in stages)


def test_the_median_round_counts_and_the_first_does_not(timed):
    seconds = iter([90.0, 1.0, 3.0, 2.0])
    assert timed[0]["in_turns"]({"job": lambda: next(seconds)}, rounds=3) == {"job": 2.0}


@pytest.fixture(scope="module")
def weighed(simulated, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sizes")
    trial = runpy.run_path(str(SCRIPTS / "sizes.py"))["Trial"](folder, 64, folds=1)
    return trial, trial(Entry("five", simulated.path), silent)


def test_students_of_each_size_are_judged_and_weighed_beside_the_peers(weighed):
    (fold,) = weighed[1]["found"]
    students = fold["students"]
    assert list(students) == ["small", "medium", "large"]
    for cost in ("params", "flops_per_window", "bytes", "bytes_int8"):
        small, medium, large = (one[cost] for one in students.values())
        assert 0 < small < medium < large
    assert all(students[size]["params"] <= BUDGETS[size] for size in students)
    assert all(one["bytes_int8"] < one["bytes"] for one in students.values())
    assert list(fold["peers"]) == ["minirocket_ridge", "extra_trees"]
    for one in (*students.values(), *fold["peers"].values()):
        assert 0 <= one["f1"] <= 1
        assert min(one["bytes"], one["latency_us"]) > 0


def test_a_student_that_was_weighed_before_is_not_weighed_again(weighed, simulated):
    trial, found = weighed
    (file,) = trial.work.glob("five/*/small/found.json")
    kept = json.loads(file.read_text(encoding="utf-8")) | {"f1": 0.5}
    file.write_text(json.dumps(kept), encoding="utf-8")
    again = trial(Entry("five", simulated.path), silent)["found"][0]
    assert again["students"] == {**found["found"][0]["students"], "small": kept}


def test_every_size_and_peer_is_in_the_tables_and_the_plot(weighed):
    script = runpy.run_path(str(SCRIPTS / "size_tables.py"))
    results = {"five": weighed[1], "six & more": weighed[1]}
    told = script["tables"](results)
    students = weighed[1]["found"][0]["students"].values()
    assert all(f"{one['f1']:.3f} / {one['f1_int8']:.3f}" in told for one in students)
    assert all(f"{one['params']:,}" in told for one in students)
    drawing = ElementTree.fromstring(script["plot"](script["costs_of"](results)))
    words = {one.text for one in drawing.findall(".//{*}text")}
    assert {"five", "six & more", "MiniRocket + ridge", "extra trees"} <= words
    marks = [one for one in drawing.findall(".//{*}path") if one.get("transform")]
    panels, keys = 2, 3
    assert len(marks) == panels * len(results) * 5 + keys


def test_a_cohorts_numbers_are_means_over_its_folds():
    mean_of = runpy.run_path(str(SCRIPTS / "size_tables.py"))["mean_of"]
    folds = [{"students": {"small": {"f1": f1}}, "peers": {}} for f1 in (0.5, 0.7)]
    assert mean_of(folds)["small"]["f1"] == pytest.approx(0.6)


def test_a_base_is_measured_beside_none_at_every_number_of_labelled(based, simulated, tmp_path):
    script = runpy.run_path(str(SCRIPTS / "base.py"))
    found = script["Bench"](based.weights, tmp_path, 1, 64, silent)(simulated.path)
    assert found["folds"] == "1 of 5"
    for count, one in found["labelled"].items():
        assert len(one["athletes"][0]) == {"1": 1, "3": 3, "all": 4}[count]
        assert set(one["gains"]) == set(script["COMPARED"])
        models = one["models"]
        gain = models["base"]["macro_f1"] - models["scratch"]["macro_f1"]
        assert one["gains"]["base"]["gain"] == pytest.approx(gain)


@pytest.fixture(scope="module")
def led_over(simulated, lifters, tmp_path_factory):
    folder = tmp_path_factory.mktemp("transfer")
    for cohort in (simulated, lifters):
        (folder / cohort.name).symlink_to(cohort.path)
    script = runpy.run_path(str(SCRIPTS / "transfer.py"))
    domains = (
        script["Domain"](simulated.name, ("wrist",)),
        script["Domain"]("lifters", ("thigh",)),
    )
    bench = script["Bench"](folder, folder / "work", 64, 2, silent, (1, 3), taught=64)
    pair = script["Pair"](*domains)
    return bench, pair, bench(pair)


def test_every_way_of_transfer_is_judged_on_each_athlete_of_the_target(led_over):
    script = runpy.run_path(str(SCRIPTS / "transfer_tables.py"))
    _, pair, found = led_over
    assert (found["athletes"], found["classes"]) == (4, 3)
    for count, one in found["labelled"].items():
        assert set(one["models"]) == set(script["ARMS"])
        assert [len(athletes) for athletes in one["athletes"]] == [min(2, int(count))] * 2
        for model in one["models"].values():
            assert sorted(model["per_athlete"]) == ["p", "q", "r", "s"]
            scratch = one["models"]["scratch"]["macro_f1"]
            assert model["gain"] == pytest.approx(model["macro_f1"] - scratch)
            assert 0 <= model["worse"] <= 4
    few, more = (found["labelled"][count]["athletes"] for count in ("1", "3"))
    assert all(set(one) < set(other) for one, other in zip(few, more, strict=True))
    results = {"taught": 64, "windows_seen": 64, "pairs": {pair.name: found}}
    assert script["told"](results).count(f"| {pair.source.name} |") == 3


def test_an_arm_that_was_judged_is_not_trained_again(led_over):
    bench, pair, found = led_over
    files = sorted(bench.work.glob(f"{pair.name}/*/*/*.json"))
    assert len(files) == 2 * 2 * 6
    before = {file: file.stat().st_mtime_ns for file in files}
    files[0].unlink()
    again = bench(pair)
    assert [file for file in files if file.stat().st_mtime_ns != before[file]] == files[:1]
    for count, one in found["labelled"].items():
        for name, model in one["models"].items():
            assert again["labelled"][count]["models"][name]["per_athlete"] == model["per_athlete"]


def test_transfer_hurts_where_its_gain_lies_below_chance():
    script = runpy.run_path(str(SCRIPTS / "transfer_tables.py"))

    def model(gain, interval):
        return {
            "gain": gain,
            "gain_interval": interval,
            "worse": 2,
            "per_athlete": {"ann": 0.5, "cy": 0.4},
        }

    models = {"scratch": model(0.0, [0.0, 0.0]), "full": model(-0.1, [-0.2, -0.05])}
    models |= {"frozen": model(-0.1, [-0.2, 0.1]), "gradual": model(-0.1, None)}
    labelled = {"1": {"athletes": [["bo"]], "models": models}}
    text = script["hurt"]({"pair": {"source": "a", "target": "b", "labelled": labelled}})
    assert text.splitlines()[2:] == [
        "- a to b, 1 athlete(s), full: −10.0 (−20.0 … −5.0) points, 2 of 2 athletes worse"
    ]


def test_an_own_body_is_measured_beside_the_head_of_its_athlete(lifters, tmp_path):
    script = runpy.run_path(str(SCRIPTS / "deeper.py"))
    trial, entry = script["Trial"](tmp_path, 64, 2, 64), Entry("lifters", lifters.path)
    found = trial(entry, silent)
    assert sorted(found["athletes"]) == ["p", "q", "r", "s"]
    tables = runpy.run_path(str(SCRIPTS / "deeper_tables.py"))
    measured = [one for athlete in found["athletes"].values() for one in athlete.values()]
    assert measured
    for one in measured:
        assert set(one["f1"]) == set(tables["ARMS"])
        assert all(0 <= f1 <= 1 for f1 in one["f1"].values())
        for way, live in one["live"].items():
            stands_for = way if live else {"head": "shared"}.get(way, "head_guarded")
            assert one["f1"][f"{way}_guarded"] == one["f1"][stands_for]
    assert "| lifters | 3 | 4 |" in tables["told"]({"lifters": found})
    (file,) = tmp_path.glob("lifters/*/p.json")
    file.write_text(json.dumps({}), encoding="utf-8")
    assert trial(entry, silent)["athletes"] == {**found["athletes"], "p": {}}


def test_a_body_pays_from_where_it_is_better_at_every_larger_number():
    script = runpy.run_path(str(SCRIPTS / "deeper_tables.py"))

    def cohort(**gains):
        ways = ("gradual", "full")

        def one(gain):
            f1 = {f"{way}_guarded": 0.5 + gain for way in ways} | dict.fromkeys(ways, 0.5)
            return {"f1": f1 | {"head_guarded": 0.5}}

        athletes = {name: {k[1:]: one(gain) for k, gain in gains.items()} for name in "abc"}
        return {"x": {"athletes": athletes}}

    assert script["pays_from"](cohort(k3=0.1, k10=0.0, k30=0.1, k100=0.1), "full") == 30
    assert script["pays_from"](cohort(k3=0.1, k10=0.1), "full") == 3
    assert script["pays_from"](cohort(k3=0.1, k10=-0.1), "full") is None


@pytest.fixture(scope="module")
def personal(simulated, tmp_path_factory):
    folder = tmp_path_factory.mktemp("personal")
    script = runpy.run_path(str(SCRIPTS / "personal.py"))
    trial = script["Trial"](folder, 64, folds=1)
    return trial, trial(Entry("five", simulated.path), silent), list(script["ARMS"])


def test_every_arm_is_judged_on_the_same_athletes_by_number_of_windows(personal):
    _, found, arms = personal
    assert found["athletes"] == 1
    assert found["shots"] == [0, 1, 3, 5, 10]
    assert list(found["f1"]) == arms
    assert len({f1[0] for f1 in found["f1"].values()}) == 1  # without windows there is one model
    for key in ("f1", "harmed", "milliseconds"):
        assert {len(values) for values in found[key].values()} == {5}
    assert found["milliseconds"]["closed_form"][2] < found["milliseconds"]["full_finetune"][2]
    assert all(harmed[0] == 0 for harmed in found["harmed"].values())
    new = found["new_movements"]
    assert new["cases"] > 0
    assert new["forgotten"] == pytest.approx(new["old_before"] - new["old_after"], abs=2e-4)


def test_curves_that_were_found_before_are_not_looked_for_again(personal, simulated):
    trial, found, _ = personal
    for file in trial.work.rglob("*.safetensors"):
        file.unlink()
    assert trial(Entry("five", simulated.path), silent) == found


def test_the_tables_of_personal_heads_tell_every_arm_and_whom_they_harmed(personal):
    script = runpy.run_path(str(SCRIPTS / "personal_tables.py"))
    _, found, arms = personal
    assert list(script["ARMS"]) == arms
    curves, harm, costs, new = script["tables"]({"five": found}).split("\n\n")
    assert curves.count("| five |") == len(arms)
    assert "| closed form |" in harm
    assert costs.splitlines()[2].startswith("| five |")
    assert f"{found['new_movements']['new']:.3f}" in new


@pytest.fixture
def finished(trained, tmp_path):
    """A run as the bench leaves it."""
    shutil.copytree(trained.folder, tmp_path / "five")
    return tmp_path


def test_drift_is_measured_on_those_whom_a_bundle_never_saw(finished, simulated, trained):
    trial = runpy.run_path(str(SCRIPTS / "drift.py"))["Trial"](finished, starts=2)
    found = trial(Entry("five", simulated.path), silent)
    assert list(found["people"]) == trained.results["protocol"]["held_out"]
    assert (found["folds"], found["athletes"]) == (1, 1)
    assert found["hours"] > 0
    light = found["noticed"]["half the gain"]
    assert (light["starts"], light["within_a_minute"]) == (2, 1.0)  # gravity tells
    (file,) = finished.glob("five/folds/*/drift-2.json")
    file.write_text(file.read_text().replace('"hours": ', '"hours": 1'))
    assert trial(Entry("five", simulated.path), silent)["hours"] > found["hours"]


def test_asking_is_measured_beside_the_fixed_protocol_on_the_same_windows(finished, simulated):
    script = runpy.run_path(str(SCRIPTS / "active.py"))
    trial = script["Trial"](finished, shots=2, draws=1)
    found = trial(Entry("five", simulated.path), silent)
    (person,) = found["people"].values()
    ours, theirs, drawn = (person[name][0]["f1"] for name in script["POLICIES"])
    assert len(ours) == len(theirs) == len(drawn) == 2 * found["movements"] + 1
    assert ours[0] == theirs[0]
    assert ours[-1] == pytest.approx(theirs[-1], abs=1e-3)  # the same windows in the end
    assert 0 <= found["stop"]["windows"] <= len(ours) - 1
    assert set(found["windows_to"]) == {"1 in turn", "2 in turn"}


@pytest.fixture(scope="module")
def fuzzed(tiny, tmp_path_factory):
    from fuzz_targets import TARGETS, Ground

    bundle = Bundle.open(tiny.path)
    own = personalize(bundle.heads["label"], np.eye(16)[:4], ["slow", "fast", "new", "new"])
    anna = PersonalHead("anna", bundle.body_sha256, "2026-01-01T00:00:00+00:00", {"label": own})
    path = tmp_path_factory.mktemp("heads") / "anna.head.safetensors"
    write_head(path, anna)
    return TARGETS, Ground.of(tiny.path, path)


@pytest.mark.parametrize("target", ["bundle", "head", "stream"])
def test_what_is_fuzzed_is_read_whole_and_refused_otherwise(fuzzed, target):
    targets, ground = fuzzed
    run = targets[target]

    @settings(max_examples=25, deadline=None)
    @given(st.binary(max_size=120))
    def never_raises(data):
        run(data, ground)

    never_raises()
    whole = {"bundle": b"\x40", "head": b"\x40", "stream": bytes([2, 9, 9, 9, *[0xF0, 1] * 9])}
    assert run(whole[target], ground)
    assert not run(b"", ground)


def test_a_soaked_stream_meets_every_trouble_and_keeps_nothing(tiny, monkeypatch):
    import soak

    monkeypatch.setattr(soak, "TROUBLES_S", 150)
    parts = soak.soak(Student.open(tiny.path), 0.03, part_s=864)
    assert [round(part["until_h"], 2) for part in parts] == [0.24, 0.48, 0.72]
    assert parts[-1]["peak_mb"] <= parts[0]["peak_mb"] + 2
    kinds = {"late", "gap", "clock", "rate", "missing", "back", "flat", "state, answered"}
    assert kinds <= set().union(*(part["told"] for part in parts))


def test_what_live_athletes_sent_is_all_read_back():
    import live

    found = live.measured(athletes=3, seconds=1.0)
    assert found["lost"] == {"events": 0, "samples": 0}
    assert found["batches"] == 3 * 2
    assert 0 < found["acknowledged_ms"]["p50"] <= found["acknowledged_ms"]["p99"]
    assert found["coaches"] == 3


def test_the_counters_constants_are_chosen_without_the_athlete_who_is_left_out():
    script = runpy.run_path(str(SCRIPTS / "rep_constants.py"))
    first, second, *others = script["CANDIDATES"]
    right, wrong = [[9, 9]], [[8, 9]]
    own = {second: {"anna": wrong, "bo": right, "cy": right}}
    own |= {name: {"anna": right, "bo": wrong, "cy": wrong} for name in (first, *others)}
    told = script["nested"]({"pt_exercises": own})["pt_exercises"]
    assert told["choices"] == {second: 1, first: 2}
    assert told["chosen"]["exact"] == 0.0  # each choice is wrong for whom it was kept from
    helped = {"pt_exercises": own, "simulated": {name: {"a": right} for name in own}}
    assert script["nested"](helped)["pt_exercises"] == told  # whoever is scored helps nobody


def test_a_set_is_counted_within_its_borders_and_dressing_is_no_training():
    script = runpy.run_path(str(SCRIPTS / "reps.py"))
    case = next(script["simulated"]())
    heard = script["told"](case.recording)
    (count, *_) = script["set_counts"](case, heard)
    assert abs(count - case.sets[0].count) <= 2
    dressing = script["_dressing"](np.random.default_rng(0))
    assert dressing.seconds == pytest.approx(script["DRESSING_S"], abs=0.1)
