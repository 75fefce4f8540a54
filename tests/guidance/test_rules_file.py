import pytest
from hypothesis import given
from hypothesis import strategies as st

from distride.errors import GuidanceError
from distride.guidance.rule import Rule, Words
from distride.guidance.rules import Rules, check_labels
from distride.guidance.rules_file import check_rules, default_rules, default_text, read_rules

OWN = """
every_s = 30.0

[rules.mine]
measure = "heart_share"
above = 80.0
words = { en = "Easy now", zh = "放松" }
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "rules.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_defaults_are_right_and_ask_for_nothing_more(written):
    assert check_rules(written(default_text())) == []
    rules = default_rules()
    assert read_rules(written(default_text())) == rules
    assert not rules.athlete_agreed_to_more
    assert {rule.asks for rule in rules.rules.values()} == {"less"}
    assert rules.model.says == ()
    assert rules.next_session.more_by == 0


def test_a_coachs_file_replaces_the_defaults(written):
    rules = read_rules(written(OWN))
    words = Words("Easy now", "放松")
    assert rules == Rules({"mine": Rule("heart_share", above=80.0, words=words)}, 30.0)
    assert read_rules(written("")) == Rules()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("every_s", "evry_s", 2, "unknown key 'evry_s': did you mean 'every_s'"),
        ("every_s = 30.0", "every_s = -1.0", 2, "'every_s' is -1.0: it must be 0 to 3600"),
        ("above", "abov", 6, "unknown key 'rules.mine.abov': did you mean 'rules.mine.above'"),
        ("80.0", '"80"', 6, "'rules.mine.above' is '80': it must be of type float"),
        ("above = 80.0", "", 4, "neither of 'above' and 'below'"),
        ("heart_share", "heart_shar", 5, "did you mean 'heart_share'"),
        ("Easy now", "a b c d e f g h i", 7, "1 to 8 words"),
        ("Easy now", "No risk", 7, "holds 'risk'"),
        ("words", "# words", 4, "no text for a rule named 'mine'"),
        ('measure = "heart_share"', "", 4, "no 'rules.mine.measure'"),
        ("80.0\n", '80.0\nasks = "more"\n', 7, "only less is advised unasked"),
        ("80.0\n", '80.0\nseverity = "stop"\n', 7, "for safety alone"),
        ("above = 80.0", "above = ", 6, "no TOML"),
        ("[rules.mine]", "[rules]\nmine = 1\n[other]", 5, "it must be a table"),
    ],
)
def test_each_fault_is_told_with_its_line(written, old, new, line, message):
    path = written(OWN.replace(old, new))
    faults = check_rules(path)
    (told,) = [fault for fault in faults if message in fault.sentence]
    assert told.line == line
    with pytest.raises(GuidanceError, match=rf"rules.toml, line {faults[0].line}: "):
        read_rules(path)


def test_every_fault_is_told_at_once_in_the_order_of_lines(written):
    faults = check_rules(written(OWN.replace("every_s", "evry_s").replace("80.0", '"80"')))
    assert [fault.line for fault in faults] == [2, 6]


def test_a_fault_in_one_table_hides_none_in_another(written):
    text = (
        OWN.replace("every_s = ", "every_s = -") + "[next_session]\nmore_by = 50.0\n[model]\nx = 1"
    )
    sentences = [fault.sentence for fault in check_rules(written(text))]
    assert [name for name in ("every_s", "more_by", "model.x") if name in str(sentences)] == [
        *("every_s", "more_by", "model.x")
    ]
    assert len(sentences) == 3


def test_a_fault_hides_none_in_the_same_table(written):
    text = """
every_s = -1.0

[rules.first]
measure = "heart_shar"
above = 80.0
for_s = -1.0
severity = "stop"
margn = 1.0
words = { en = "a b c d e f g h i", zh = "没有风险" }

[rules.second]
measure = "heart_share"
above = 95.0
below = 20.0
asks = "more"

[rules.third]
cool_down_s = "long"

[model]
sure = 2.0
priority = 200
asks_for_less = ["a"]
asks_for_more = ["a"]
"""
    faults = check_rules(written(text))
    lines = " ".join(str(fault.line) for fault in faults)
    assert lines == "2 5 7 8 9 10 10 12 14 16 18 18 18 19 22 23 24"
    sentences = "\n".join(fault.sentence for fault in faults)
    for message in (
        "did you mean 'heart_share'",
        "for_s is -1.0",
        "for safety alone",
        "did you mean 'rules.first.margin'",
        "1 to 8 words",
        "holds '风险'",
        "both of 'above' and 'below'",
        "'rules.second.asks' asks for more",
        "no text for a rule named 'second'",
        "no text for a rule named 'third'",
        "no 'rules.third.measure'",
        "neither of 'above' and 'below'",
        "'rules.third.cool_down_s' is 'long'",
        "'model.sure' is 2.0",
        "'model.priority' is 200",
        "'a', which 'model.asks_for_more'",
    ):
        assert sentences.count(message) == 1, message


def test_a_key_that_is_only_misspelt_is_one_fault(written):
    for old, new in (("above", "abov"), ("measure", "measur"), ("words", "word"), ("zh", "zhh")):
        (fault,) = check_rules(written(OWN.replace(old, new, 1)))
        assert "did you mean" in fault.sentence


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            '[model]\nasks_for_less = ["a"]\nasks_for_more = ["a"]',
            "'a', which 'model.asks_for_more'",
        ),
        ('[model]\nsays = ["one two three four five six seven eight nine"]', "1 to 8 words"),
        ('[model]\nsays = ["fast"]\nasks_for_more = ["fast"]', "asks for more"),
        ("[next_session]\nmore_by = 5.0", "asks for more"),
        ("[next_session]\nmore_by = 50.0", "0 to 10"),
        ("rules = 1", "must hold tables"),
    ],
)
def test_what_model_and_next_session_may_say_is_checked(written, more, message):
    (fault,) = check_rules(written(more))
    assert message in fault.sentence


def test_what_the_model_may_not_say_may_still_be_known_to_ask_for_more(written):
    text = '[model]\nsays = ["slow"]\nasks_for_more = ["fast"]\nasks_for_less = ["slow"]'
    model = read_rules(written(text)).model
    assert [model.direction(label) for label in ("slow", "fast", "on")] == ["less", "more", "same"]


LABELS = {"label": ("squat", "row"), "advice": ("slower", "good"), "rpe": ()}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('movements = ["sqat"]', "'rules.mine.movements' names 'sqat'.*row, slower, squat"),
        ('[model]\nsays = ["slow"]', "'model.says' names 'slow'.*good, slower"),
        ('[model]\ntask = "rpe"\nsays = ["slow"]', "nothing of the kind"),
        ('[model]\nasks_for_less = ["rest"]', "'model.asks_for_less' names 'rest'"),
    ],
)
def test_what_a_model_does_not_know_is_told_before_it_is_waited_for(written, more, message):
    with pytest.raises(GuidanceError, match=message):
        check_labels(read_rules(written(OWN + more)), LABELS)
    number = OWN.replace('"heart_share"', '"task.vo2"')
    with pytest.raises(GuidanceError, match=r"'task.vo2', which this model does not know"):
        check_labels(read_rules(written(number)), LABELS)
    known = OWN.replace('"heart_share"', '"task.rpe"') + '[model]\nsays = ["slower"]'
    check_labels(read_rules(written(known)), LABELS)
    check_labels(default_rules(), {"label": ("squat", "row")})


def test_more_may_be_advised_once_the_athlete_agreed(written):
    agreed = 'athlete_agreed_to_more = true\n[model]\nsays = ["fast"]\nasks_for_more = ["fast"]'
    assert read_rules(written(agreed)).model.asks_for_more == ("fast",)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    for read in (read_rules, check_rules):
        with pytest.raises(GuidanceError, match="cannot be read: No such file"):
            read(tmp_path / "none.toml")


@given(st.text(max_size=60), st.integers(0, 100))
def test_no_text_whatever_is_more_than_a_fault(tmp_path_factory, noise, at):
    path = tmp_path_factory.mktemp("noise") / "rules.toml"
    path.write_text(OWN[:at] + noise + OWN[at:], encoding="utf-8", errors="replace")
    for fault in check_rules(path):
        assert fault.line >= 1
