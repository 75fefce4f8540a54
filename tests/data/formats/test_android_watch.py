from distride.data.formats.android_watch import SOURCE


def test_codes_become_names_and_unknown_ones_stay(sample):
    codes = iter([b"0.0", b"1", b"5.0", b"7", b""])

    def coded(data):
        head, *rows = data.splitlines()[:6]
        return b"\n".join([head, *(row.replace(b",4.0,", b",%b," % next(codes)) for row in rows)])

    (one,) = SOURCE.read(sample("android_watch", coded), "ann")
    assert one.recording.labels["label"].tolist() == ["", "freestyle", "turn", "7", ""]


def test_a_file_without_labels_has_none(sample):
    path = sample("android_watch", lambda data: data.replace(b"label", b"other"))
    (one,) = SOURCE.read(path, "ann")
    assert one.recording.labels == {}
    assert "wrist" in SOURCE.placement
