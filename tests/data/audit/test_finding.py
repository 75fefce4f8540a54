from pathlib import Path

from distride.data.audit import KINDS

DOCS = Path(__file__).parents[3] / "docs" / "audit.md"


def test_the_documentation_explains_every_kind_of_finding_in_its_order():
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    assert [line[4:] for line in lines if line.startswith("### ")] == list(KINDS)
