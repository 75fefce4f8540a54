import typer
from typer.testing import CliRunner

from distride.cli import demo
from distride.data import Cohort


def run(*arguments):
    app = typer.Typer()
    app.command()(demo.command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_it_simulates_athletes_trains_on_them_and_ends_with_the_report(
    trained, tmp_path, monkeypatch
):
    seen = []

    def train(cohort, out, recipe, folds, progress):
        progress("teacher", 1, 2)
        seen.append((cohort, out, recipe, folds))
        return trained

    monkeypatch.setattr("distride.runs.train", train)
    done = run("--out", tmp_path / "demo", "--athletes", 4, "--seed", 3)
    assert done.exit_code == 0, done.stderr
    scores, bundle, report = [
        line for line in done.stdout.splitlines() if ": " in line or "," in line
    ]
    assert "student_alone" in scores
    assert bundle == f"Bundle: {trained.bundle}"
    assert report == f"Report: {trained.report.resolve()}"
    ((cohort, out, recipe, folds),) = seen
    assert out == tmp_path / "demo"
    assert (recipe.seed, folds) == (3, 1)
    assert recipe.student.windows_seen == demo.WINDOWS_SEEN["student"]
    assert cohort == Cohort.open(tmp_path / "demo" / "simulated-4-3")
    assert len(cohort.athletes) == 4
    run("--out", tmp_path / "demo", "--athletes", 4, "--seed", 3)
    assert seen[1][0] == cohort  # it was not simulated again
