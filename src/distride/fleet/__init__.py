"""Much work on several cores or machines, to the same results as on one."""

from distride.fleet.cluster import Crew, in_order, joined
from distride.fleet.forget import forget
from distride.fleet.personalizing import Fleet, personalize

__all__ = ["Crew", "Fleet", "forget", "in_order", "joined", "personalize"]
