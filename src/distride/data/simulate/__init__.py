"""Simulated athletes: people who differ, for the demo and the tests. No real person is in them."""

from distride.data.simulate.athletes import (
    SIMULATED_META,
    simulate_athlete,
    simulate_cohort,
    write_simulated,
)

__all__ = ["SIMULATED_META", "simulate_athlete", "simulate_cohort", "write_simulated"]
