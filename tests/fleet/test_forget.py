import pytest

from distride.errors import DataError
from distride.fleet import forget
from distride.fleet.ledger import LEDGER, Entry, Header, Ledger

HEADER = Header("0" * 64, "squad", 100.0, "0", "2026-01-02T03:04:05+00:00")


@pytest.fixture
def fleet(tmp_path):
    """Anna failed before she had a head; Anna-Lena has one."""
    ledger = Ledger(tmp_path, HEADER)
    ledger.add([Entry("anna", "failed", "no label"), Entry("anna-lena", "ok")])
    ledger.add([Entry("anna", "ok")])
    for name in ("anna", "anna-lena"):
        (tmp_path / f"{name}.head.safetensors").write_bytes(name.encode())
    (tmp_path / ".anna.head.safetensors.partial-x").write_bytes(b"left by a crash")
    return tmp_path


def test_a_forgotten_athlete_has_neither_head_nor_line(fleet):
    forget(fleet, "anna")
    assert {file.name for file in fleet.iterdir()} == {LEDGER, "anna-lena.head.safetensors"}
    assert '"anna"' not in (fleet / LEDGER).read_text()
    again = Ledger(fleet, HEADER)
    assert (again.live, again.failed) == ({"anna-lena": False}, {})


def test_what_is_not_there_cannot_be_forgotten(fleet, tmp_path_factory):
    before = (fleet / LEDGER).read_bytes()
    with pytest.raises(DataError, match="knows nothing of an athlete 'bert'"):
        forget(fleet, "bert")
    with pytest.raises(DataError, match="no fleet"):
        forget(tmp_path_factory.mktemp("none"), "anna")
    assert (fleet / LEDGER).read_bytes() == before
    (fleet / LEDGER).write_text("{}\n[1]\n")
    with pytest.raises(DataError, match="damaged"):
        forget(fleet, "anna")
