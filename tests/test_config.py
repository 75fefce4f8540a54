import math
from dataclasses import FrozenInstanceError, fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distride.config import Recipe, read_recipe, recipe_from
from distride.errors import RecipeError
from distride.tables import changed, toml_of


def test_nothing_given_is_the_default():
    assert recipe_from({}) == Recipe()


def test_what_is_given_is_kept_and_the_rest_stays(tmp_path):
    file = tmp_path / "swim.toml"
    file.write_text(
        'seed = 3\n[signals]\nchannels = ["w_acc_x"]\nrate_hz = 25\n[student]\nsize = "large"\n'
    )
    recipe = read_recipe(file)
    assert recipe.seed == 3
    assert recipe.signals.channels == ("w_acc_x",)
    assert recipe.signals.rate_hz == 25.0
    assert isinstance(recipe.signals.rate_hz, float)
    assert recipe.student.size == "large"
    assert recipe.teacher == Recipe().teacher


def test_a_recipe_cannot_be_changed_by_accident():
    with pytest.raises(FrozenInstanceError):
        Recipe().seed = 1
    hash(Recipe())  # it is part of a run's key


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"sed": 1}, "unknown key 'sed': did you mean 'seed'"),
        ({"student": {"windows_sen": 1}}, "did you mean 'student.windows_seen'"),
        ({"augmentation": {"rotation": 5.0}}, "did you mean 'augmentation.rotation_deg'"),
        ({"qqq": 1}, "unknown key 'qqq': known: seed, device, signals"),
    ],
)
def test_an_unknown_key_names_the_nearest_known_one(table, message):
    with pytest.raises(RecipeError, match=message):
        recipe_from(table)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"seed": "1"}, "'seed' is '1': it must be of type int"),
        ({"seed": True}, "'seed' is True"),
        ({"seed": 1.5}, "'seed' is 1.5"),
        ({"student": 1}, r"it must be a table, \[student\]"),
        ({"student": {"size": "huge"}}, "allowed are small, medium, large"),
        ({"teacher": {"members": ["oracle"]}}, "allowed are conv_lstm, wide_cnn"),
        ({"signals": {"channels": "w_acc_x"}}, "it must be a list"),
        ({"signals": {"tasks": [1]}}, "'signals.tasks' is 1: it must be of type str"),
        ({"distillation": {"alphas": ["0.5"]}}, "must be of type float"),
    ],
)
def test_a_value_of_another_kind_is_refused(table, message):
    with pytest.raises(RecipeError, match=message):
        recipe_from(table)


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [
        ("signals", "rate_hz", -1.0),
        ("signals", "window_s", 0.0),
        ("signals", "hop_s", -0.5),
        ("signals", "purity", 0.4),
        ("signals", "tasks", []),
        ("teacher", "width", 2),
        ("teacher", "windows_seen", 0),
        ("teacher", "learning_rate", 0.0),
        ("teacher", "members", []),
        ("student", "windows_seen", 0),
        ("student", "learning_rate", 2.0),
        ("student", "batch_size", 1),
        ("distillation", "alphas", [0.5, 1.1]),
        ("distillation", "alphas", []),
        ("distillation", "temperatures", [0.0]),
        ("distillation", "temperatures", []),
        ("distillation", "windows_asked", 0),
        ("distillation", "labelled_athletes", -1),
        ("augmentation", "rotation_deg", 181.0),
        ("augmentation", "channel_drop", 1.5),
        ("augmentation", "mixup", -0.1),
        ("augmentation", "amplitude", math.nan),
        ("augmentation", "mirror", "sometimes"),
        ("personalization", "weight", 0.0),
        ("personalization", "finetune_steps", 0),
        ("personalization", "shots", []),
        ("personalization", "shots", [1, 3]),
        ("personalization", "shots", [0, 3, 1]),
        ("transfer", "placements", ["thigh"]),
        ("transfer", "placements", ["=wrist"]),
        ("transfer", "windows_seen", 0),
        ("transfer", "learning_rate", 5.0),
        ("transfer", "thaw_layers", 0),
        ("transfer", "layer_factor", 0.5),
        ("transfer", "continued_windows", -1),
    ],
)
def test_a_value_out_of_range_is_named_with_its_table(table, key, value):
    with pytest.raises(RecipeError, match=rf"{table}\.{key}"):
        recipe_from({table: {key: value}})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"seed = ", "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_file_that_is_no_recipe_is_one_sentence(tmp_path, content, message):
    file = tmp_path / "recipe.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(RecipeError, match=message):
        read_recipe(file)


def test_a_folder_is_no_recipe(tmp_path):
    with pytest.raises(RecipeError, match="cannot be read"):
        read_recipe(tmp_path)


TABLES = [one.name for one in fields(Recipe) if is_dataclass(getattr(Recipe(), one.name))]
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5))


@given(table=st.sampled_from(TABLES), key=st.data(), value=st.one_of(VALUES, st.lists(VALUES)))
def test_whatever_a_table_holds_ends_in_a_recipe_or_a_recipe_error(table, key, value):
    names = [one.name for one in fields(getattr(Recipe(), table))]
    chosen = key.draw(st.sampled_from(names))
    try:
        recipe = recipe_from({table: {chosen: value}})
    except RecipeError:
        return
    assert isinstance(recipe, Recipe)


def test_units_are_of_tasks_and_tasks_are_named_once():
    signals = recipe_from({"signals": {"tasks": ["vo2"], "units": ["vo2=mL/min"]}}).signals
    assert (signals.unit("vo2"), signals.unit("label")) == ("mL/min", "")
    for wrong in ({"units": ["vo2"]}, {"units": ["vo2=W"]}, {"tasks": ["label", "label"]}):
        with pytest.raises(RecipeError, match=r"signals\.(units|tasks)"):
            recipe_from({"signals": wrong})


def test_a_seed_counts_from_zero_and_a_member_is_named_once():
    with pytest.raises(RecipeError, match="seed is -1"):
        recipe_from({"seed": -1})
    with pytest.raises(RecipeError, match=r"teacher\.members is .* each once"):
        recipe_from({"teacher": {"members": ["conv_lstm", "conv_lstm"]}})


def test_names_of_any_script_come_back_from_a_written_recipe(tmp_path):
    given = {"student": {"base": "runs/🏊 基础"}}
    (tmp_path / "r.toml").write_text(toml_of(changed(recipe_from(given))), encoding="utf-8")
    assert read_recipe(tmp_path / "r.toml") == recipe_from(given)


def test_a_switch_is_true_or_false():
    assert recipe_from({"student": {"one_task": True}}).student.one_task
    with pytest.raises(RecipeError, match="must be of type bool"):
        recipe_from({"student": {"one_task": 1}})


RECIPES = sorted((Path(__file__).parents[1] / "benchmarks" / "recipes").rglob("*.toml"))


@pytest.mark.parametrize("file", RECIPES, ids=lambda file: file.stem)
def test_every_committed_recipe_is_read_and_written(file, tmp_path):
    recipe = read_recipe(file)
    (tmp_path / "again.toml").write_text(toml_of(changed(recipe)), encoding="utf-8")
    assert read_recipe(tmp_path / "again.toml") == recipe


def test_of_the_defaults_nothing_is_written():
    assert toml_of(changed(Recipe())) == ""
