from distride.data.sets.layout import Layout, numbered

LAYOUT = Layout("a set", ("data/one*.txt", "two.csv"))


def touch(file):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


def test_any_sign_is_enough(tmp_path):
    touch(tmp_path / "two.csv")
    assert LAYOUT.detects(tmp_path)
    assert LAYOUT.home(tmp_path) == tmp_path


def test_the_folder_inside_is_found_only_if_it_is_the_single_one(tmp_path):
    inner = tmp_path / "archive" / "again"
    touch(inner / "data" / "one1.txt")
    touch(tmp_path / ".hidden" / "file")
    assert LAYOUT.home(tmp_path) == inner
    touch(tmp_path / "other" / "file")
    assert not LAYOUT.detects(tmp_path)


def test_it_does_not_search_a_whole_disk(tmp_path):
    touch(tmp_path / "1" / "2" / "3" / "two.csv")
    assert not LAYOUT.detects(tmp_path)


def test_numbers_rise_and_names_without_one_are_passed_over(tmp_path):
    for name in ("s10.txt", "s2.txt", "sx.txt"):
        touch(tmp_path / name)
    assert list(numbered(tmp_path, "s*.txt").items()) == [
        (2, tmp_path / "s2.txt"),
        (10, tmp_path / "s10.txt"),
    ]
