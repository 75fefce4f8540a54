from distride.data.sets.wisdm_phone import SOURCE

START_NS, STEP_NS = 49105962326000, 50_000_000


def read(folder, text):
    (folder / "WISDM_ar_v1.1_raw.txt").write_text(text)
    return list(SOURCE.read(folder, ""))


def line(subject, activity, step):
    return f"{subject},{activity},{START_NS + STEP_NS * step},0.5,9.8,-0.5;"


def test_runs_of_one_activity_are_recordings_athlete_after_athlete(tmp_path):
    samples = [
        *[line(33, "Jogging", step) for step in (0, 1, 2)],
        *[line(5, "Walking", step) for step in (0, 1)],
        *[line(33, "Upstairs", step) for step in (9, 10)],
        *[line(33, "Jogging", step) for step in (20, 21)],
    ]
    recordings = [one.recording for one in read(tmp_path, "\n".join(samples))]
    assert [(one.athlete, one.name, len(one.t)) for one in recordings] == [
        ("subject_5", "walking_1", 2),
        ("subject_33", "jogging_1", 3),
        ("subject_33", "upstairs_1", 2),
        ("subject_33", "jogging_2", 2),
    ]


def test_a_clock_that_was_set_back_begins_a_recording_and_gaps_stay(tmp_path):
    samples = [line(1, "Sitting", step) for step in (5, 6, 26, 0, 1)]
    first, second = (one.recording for one in read(tmp_path, "\n".join(samples)))
    assert first.t.tolist() == [0.0, 0.05, 1.05]
    assert second.t.tolist() == [0.0, 0.05]


def test_the_known_damage_of_the_file_is_counted(tmp_path):
    text = (
        f"{line(1, 'Jogging', 0)}{line(1, 'Jogging', 1)}\n"  # two samples in a line
        f"{line(1, 'Jogging', 2).replace(';', ',;')}\n"  # a comma too many
        f"{line(1, 'Jogging', 2)}\n"  # a timestamp twice
        "1,Jogging,0,0,0,0;\n"  # no timestamp
        f"1,Jogging,{START_NS + STEP_NS * 3},0.5,;\n"  # no numbers
        f"\n;\n{line(1, 'Jogging', 4)}\n1,Jogg"
    )
    (loaded,) = read(tmp_path, text)
    assert loaded.recording.t.tolist() == [0.0, 0.05, 0.1, 0.2]
    assert loaded.warnings == (
        "Left out 3 sample(s) of this athlete's file that are damaged or have no timestamp.",
        "Left out 1 sample(s) that repeat a timestamp.",
    )
