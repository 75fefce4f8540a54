from distride.report import tables


def test_models_keep_their_order_and_name_the_missing(examples):
    found = tables.models(examples["daily"]())
    assert [row.name for row in found.rows] == [
        "teacher",
        "student",
        "student_alone",
        "student_hard_labels",
        "minirocket_ridge",
        "extra_trees",
    ]
    assert found.missing == ("student_label_smoothing",)
    assert [row.ships for row in found.rows] == [False, False, True, False, False, False]


def test_a_model_of_one_s_own_is_shown_too(examples):
    results = examples["daily"]()
    results["models"]["my_teacher"] = {"macro_f1": 0.5}
    assert tables.models(results).rows[-1].name == "my_teacher"


def test_members_stand_by_what_they_add_to_the_others(examples):
    first, second = tables.members(examples["daily"]())
    assert (first.name, first.adds.mean, first.adds.sign) == ("conv_lstm", 0.012, 1)
    assert (second.name, second.macro_f1, second.adds.interval) == ("minirocket", 0.89, None)
    older = {"teacher_members": {"wide_cnn": {"macro_f1": 0.8}, "minirocket": None}}
    assert [(row.name, row.adds) for row in tables.members(older)] == [("wide_cnn", None)]
    assert tables.members({}) == ()


def test_the_harmed_are_drawn_first_of_very_many(examples):
    results = examples["swimming"]()
    calm = {"student": [0.5, 0.5, 0.5], "guarded": [0.5, 0.5, 0.5]}
    harmed = {"student": [0.9, 0.9, 0.8], "guarded": [0.9, 0.9, 0.8]}
    people = {f"a{index:03}": calm for index in range(99)} | {"z": harmed}
    results["personalization"]["per_athlete"] = people
    found = tables.athletes(results)
    assert (len(found.rows), found.of) == (40, 100)
    assert found.rows[-1].athlete == "z"


def test_the_gain_s_axis_holds_zero(examples):
    axis = tables.gain(examples["daily"]()).axis
    assert axis.low < -0.019
    assert axis.high >= 0
    assert tables.gain({}) is None
