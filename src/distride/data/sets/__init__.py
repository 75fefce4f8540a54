"""Public data sets in their documented layouts; each reader knows one and no other."""

from distride.data.sets import dsads, hapt, mhealth, pamap2, recgym, uci_har, wisdm, wisdm_phone
from distride.data.source import Source

SOURCES: tuple[Source, ...] = (
    dsads.SOURCE,
    hapt.SOURCE,
    mhealth.SOURCE,
    pamap2.SOURCE,
    recgym.SOURCE,
    uci_har.SOURCE,
    wisdm.SOURCE,
    wisdm_phone.SOURCE,
)

__all__ = ["SOURCES"]
