import json

import pytest
import typer
from typer.testing import CliRunner

from distride.cli import athletes, sessions, streaming
from distride.errors import DataError, GuidanceError
from distride.runtime import Advice, Drift, Heart, Quality, SetEnded, State, to_json


def run(module, *arguments, typed=None):
    app = module.command
    if not isinstance(app, typer.Typer):
        app = typer.Typer()
        app.command()(module.command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)


@pytest.fixture
def log(tmp_path):
    """Three minutes of squats with a heart rate, and one set."""
    events = [
        event
        for t in range(180)
        for event in (State(t + 0.5, "label", "squat", 0.9), Heart(float(t), 130.0 + t % 7))
    ]
    events.append(SetEnded(170.0, 2.0, 165.0, 1, "squat", 12, 3.1, 64.0, 0.9, 0.9))
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join(map(to_json, events)) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "anna.toml"
    path.write_text('birth_year = 1994\nsex = "female"\nmax_bpm = 192\nresting_bpm = 52\n')
    return path


AT = ("--athlete", "anna", "--start", "2026-05-01T18:00+02:00", "--rpe", "6")


def test_a_session_is_summed_up_in_both_languages(log, profile):
    told = run(sessions, "show", log, *AT, "--profile", profile)
    assert told.exit_code == 0
    assert "anna  2026-05-01 18:00  2:59" in told.output
    assert "squat" in told.output
    assert "64°" in told.output
    assert "effort × minutes: 18 AU" in told.output
    assert "too little yet: 1 of 28 days" in told.output
    chinese = run(sessions, "show", log, *AT, "--profile", profile, "--language", "zh")
    assert "数据质量" in chinese.output
    assert "Quality" not in chinese.output


@pytest.fixture
def troubled(log):
    """The same with a lost sensor, two drifts, and four kinds of advice."""
    events = [
        Quality(20.0, "missing", ("wrist_acc_x",), "lost"),
        *(Drift(30.0, cause, "label", 0.9, 10.0, "drifted") for cause in ("inputs", "gravity")),
        *(
            Advice(40.0, key, "said", "said", "hint", "why", {}, None, "what", "rules")
            for key in ("range_shrinks", "range_shrinks", "stop_sign", "easy_day", "advice.rest")
        ),
    ]
    with log.open("a", encoding="utf-8") as file:
        file.write("\n".join(map(to_json, events)))
    return log


def test_no_key_of_a_program_is_told_to_people_in_either_language(troubled, profile, tmp_path):
    rules = tmp_path / "rules.toml"
    words = 'words = { en = "Easy day", zh = "轻松日" }'
    rules.write_text(f'[rules.easy_day]\nmeasure = "heart_share"\nabove = 80.0\n{words}\n')
    shown = (*AT, "--profile", profile, "--rules", rules)
    told = run(sessions, "show", troubled, *shown).output
    for line in (
        "signal: sensor without samples × 1; 0 s of gaps",
        "no longer as at the calibration: the movements, the sensor's scale",
        "minutes in zones (reserve): 0:",
        "2 × Range shrinks. Full range, or rest.",
        "1 × Stop now. Ask a doctor.",
        "1 × Easy day",
        "1 × rest",
    ):
        assert line in told
    chinese = run(sessions, "show", troubled, *shown, "--language", "zh").output
    for line in (
        "信号：传感器没有数据 × 1；中断共 0 秒",
        "与校准时不同：动作，传感器量程",
        "各区间分钟数（储备心率）: 0:",
        "心率，平均: 133 次/分",
        "2 × 幅度变小，做足或休息",
        "1 × 立即停止，请咨询医生",
        "1 × 轻松日",
    ):
        assert line in chinese


def test_sessions_are_listed_in_words_of_both_languages(log, profile, tmp_path):
    run(sessions, "keep", log, *AT, "--profile", profile, "--history", tmp_path)
    told = run(sessions, "list", tmp_path, "anna").output
    assert told.startswith("2026-05-01T18:00:00+02:00  2:59, 1 sets, 12 repetitions, effort × min")
    assert "TRIMP: " in told
    chinese = run(sessions, "list", tmp_path, "anna", "--language", "zh").output
    assert "2:59，1 组，12 次，主观用力 × 分钟: 18 AU" in chinese


def test_on_a_narrow_terminal_nothing_is_cut_off(log, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    told = run(sessions, "show", log, *AT, "--language", "zh").output
    assert "…" not in told
    assert "各组次数: 12" in told


def test_what_there_is_no_number_for_is_told_a_reason_a_line(log):
    told = run(sessions, "show", log, *AT).output
    assert "TRIMP; Edwards; fall in 60 s after the last set: – (not in the profile" in told


def test_a_session_comes_through_a_pipe_and_goes_on_as_json(log):
    told = run(sessions, "show", "-", *AT, "--json", typed=log.read_text(encoding="utf-8"))
    table = json.loads(told.output)
    assert table["summary"]["movements"][0]["repetitions"] == 12
    assert table["next_session"]["reason"] == "not_in_profile"


def test_what_is_unlike_the_athlete_and_what_is_next_is_shown(log, profile, tmp_path):
    history = tmp_path / "history"
    for day in (*range(1, 30, 2), 30):
        at = ("--athlete", "anna", "--start", f"2026-04-{day:02d}T18:00+02:00", "--rpe", 3)
        kept = run(sessions, "keep", log, *at, "--history", history)
        assert kept.exit_code == 0
    harder = ("--athlete", "anna", "--start", "2026-05-01T18:00+02:00", "--rpe", 10)
    shown = ("--history", history, "--profile", profile)
    told = run(sessions, "show", log, *harder, *shown).output
    assert "effort × minutes: 29.9, usually 8.97" in told
    assert "Next session: less than usual, 7 AU" in told
    assert "what would change it: over once" in told
    usual = run(sessions, "show", log, *harder[:-1], 3, *shown).output
    assert "nothing unlike your last 16 sessions" in usual
    unwell = run(sessions, "show", log, *harder, *shown, "--symptom", "palpitations").output
    assert "Stop now and ask a doctor" in unwell
    assert len(run(sessions, "list", history, "anna").output.splitlines()) == 16
    first = run(sessions, "list", history, "anna", "--json").output.splitlines()[0]
    assert json.loads(first)["start"] == "2026-04-01T18:00:00+02:00"
    with pytest.raises(GuidanceError, match="the same time counts once"):
        raise run(sessions, "keep", log, *at, "--history", history).exception


@pytest.mark.parametrize("rpe", [11, -3, "nan"])
def test_an_effort_beyond_its_scale_keeps_nothing(log, tmp_path, rpe):
    kept = run(sessions, "keep", log, "--athlete", "anna", "--rpe", rpe, "--history", tmp_path)
    with pytest.raises(GuidanceError, match=f"effort is {rpe}: it must be 0 to 10"):
        raise kept.exception
    assert list(tmp_path.glob("anna")) == []


def test_who_has_no_sessions_is_told_who_has(log, tmp_path):
    history = tmp_path / "history"
    with pytest.raises(GuidanceError, match="history' is no folder of sessions: keep one there"):
        raise run(sessions, "list", history, "anna").exception
    with pytest.raises(GuidanceError, match="is no folder of sessions"):
        raise run(sessions, "list", log, "anna").exception
    run(sessions, "keep", log, *AT, "--history", history)
    run(sessions, "keep", log, "--athlete", "b/ert", "--history", history)
    with pytest.raises(
        GuidanceError, match=r"no sessions of 'nobody': it has those of anna, b/ert"
    ):
        raise run(sessions, "list", history, "nobody").exception


def test_a_history_is_a_folder_or_is_told_not_to_be_there_yet(log, tmp_path):
    with pytest.raises(GuidanceError, match="is no folder of sessions"):
        raise run(sessions, "show", log, *AT, "--history", log).exception
    first = run(sessions, "show", log, *AT, "--history", tmp_path / "history", "--json")
    assert first.exit_code == 0
    assert "history' yet: the session is compared with none" in first.stderr
    assert json.loads(first.stdout)["event"] == "summary"


def test_an_athletes_sessions_are_forgotten(log, tmp_path):
    run(sessions, "keep", log, *AT, "--history", tmp_path / "history")
    told = run(athletes, "forget", tmp_path / "history", "anna")
    assert "Nothing of anna is left" in told.output
    assert list((tmp_path / "history").iterdir()) == []


def test_a_session_is_written_for_other_tools(log, profile, tmp_path):
    pytest.importorskip("fit_tool", reason="the extra 'formats' is not installed")
    for name in ("anna.fit", "anna.json"):
        told = run(sessions, "export", log, tmp_path / name, *AT, "--profile", profile)
        assert "Written to" in told.output
    assert (tmp_path / "anna.fit").read_bytes()[8:12] == b".FIT"
    assert json.loads((tmp_path / "anna.json").read_bytes())["sets"][0]["repetitions"] == 12
    with pytest.raises(GuidanceError, match="must end in"):
        raise run(sessions, "export", log, tmp_path / "anna.txt", *AT).exception


def test_what_cannot_be_summed_up_is_one_sentence(log, tmp_path):
    (tmp_path / "bad.jsonl").write_text('{"event": "dance"}\n')
    with pytest.raises(DataError, match="Line 1 of"):
        raise run(sessions, "show", tmp_path / "bad.jsonl", *AT).exception
    with pytest.raises(GuidanceError, match="such as 2026"):
        raise run(sessions, "show", log, "--athlete", "a", "--start", "today").exception
    with pytest.raises(DataError, match="cannot be read: No such file"):
        raise run(sessions, "show", tmp_path / "none.jsonl", *AT).exception


def test_a_stream_ends_with_what_the_session_was(tiny, tmp_path, swings):
    file = swings(tmp_path / "anna.csv", ["still", "fast"])
    told = run(streaming, tiny.path, file, "--summary").output
    assert "anna" in told
    assert "a movement named for" in told
    lines = run(streaming, tiny.path, file, "--summary", "--json").output.splitlines()
    assert json.loads(lines[-1])["event"] == "summary"
    again = run(sessions, "show", "-", "--athlete", "anna", typed="\n".join(lines))
    assert again.exit_code == 0
