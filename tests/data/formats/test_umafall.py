import pytest

from distride.data.formats.umafall import SOURCE


def test_sensors_are_told_apart_and_named_by_their_place(sample):
    def more(data):
        ankle = b"".join(
            b"%d;%d;0;0.5;0;%d;4\n" % (20 * at, at, kind) for at in range(9) for kind in (0, 1)
        )
        return data + ankle

    (one,) = SOURCE.read(sample("umafall", more), "ann")
    assert list(one.recording.channels) == [
        *(f"right_pocket_acc_{axis}" for axis in "xyz"),
        *(f"ankle_{sensor}_{axis}" for sensor in ("acc", "gyr") for axis in "xyz"),
    ]
    assert one.warnings == ()
    assert one.recording.channels["ankle_acc_y"][0] == pytest.approx(9.80665 / 2)
    assert one.recording.channels["ankle_gyr_y"][0] == pytest.approx(0.5 * 3.14159265 / 180)


def test_the_header_tells_who_and_what(sample):
    (one,) = SOURCE.read(sample("umafall"), "ann")
    assert one.recording.athlete == "Subject_07"
    assert set(one.recording.labels["label"]) == {"jogging"}
    assert one.warnings == ("No samples of the sensors at ankle are in it.",)
