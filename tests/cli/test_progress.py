from distride.cli.progress import watched


def test_bars_stand_on_the_error_stream_and_a_stage_may_come_again(capsys):
    with watched() as progress:
        for _ in range(2):
            for step in range(3):
                progress("student", step + 1, 3)
        progress("teacher", 1, 9)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("student") >= 2
    assert "3/3" in err
    assert "1/9" in err


def test_a_program_hears_nothing(capsys):
    with watched(quiet=True) as progress:
        progress("student", 1, 3)
    assert capsys.readouterr() == ("", "")
