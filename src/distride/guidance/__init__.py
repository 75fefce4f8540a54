"""Guidance (plain Python and numpy): what was done and how hard, with a reason where it is silent.

Every measure answers with a number, its unit and its error, or with why there is none.
"""

from distride.guidance.changes import Change, changes
from distride.guidance.coach import Coach
from distride.guidance.fit_export import write_fit
from distride.guidance.form import Form, ImpulseResponse, exponential, form, inverse
from distride.guidance.guide import Guide
from distride.guidance.heart import decoupling, heart_recovery
from distride.guidance.live_heart import HeartWatch
from distride.guidance.load import load_change, monotony, session_load, strain
from distride.guidance.measure import Abstained, Answer, Measure, Measured, Reason
from distride.guidance.movement import (
    changed_cadence,
    flight_contact_ratio,
    jump_height,
    reactive_strength,
    take_off_velocity,
)
from distride.guidance.next_session import Suggestion, suggest
from distride.guidance.past import Past, athletes_with_sessions, is_past
from distride.guidance.power import (
    CriticalPower,
    critical_power,
    normalized_power,
    time_to_exhaustion,
    training_stress,
    w_balance,
    w_balance_integral,
)
from distride.guidance.profile import Condition, Day, Profile, Sex, Symptom, read_profile
from distride.guidance.pulse import HeartRate, believed, current_bpm, hard_motion, heart_rate
from distride.guidance.review import Review, review
from distride.guidance.rule import Rule, Words
from distride.guidance.rules import ModelVoice, NextSession, Rules, check_labels
from distride.guidance.rules_file import (
    Fault,
    check_rules,
    default_rules,
    default_text,
    read_rules,
)
from distride.guidance.safety import why_heart_is_unread, why_silent
from distride.guidance.session import Session, summarize
from distride.guidance.sets import SetCounter
from distride.guidance.strength import (
    LoadVelocity,
    load_share,
    load_velocity,
    one_rep_max,
    repetitions_in_reserve,
    velocity_loss,
)
from distride.guidance.summary import Summary, own_before, read_summary
from distride.guidance.template import Template, read_templates, write_templates
from distride.guidance.trimp import (
    LactateCurve,
    banister_trimp,
    edwards_trimp,
    lactate_curve,
    lucia_trimp,
    session_trimp,
    trimp100,
)
from distride.guidance.variability import Band, Beats, beats, usual_band, weekly_ln_rmssd
from distride.guidance.watched import exercises
from distride.guidance.weeks import Weeks, weeks
from distride.guidance.zones import (
    HeartLimits,
    Zones,
    best_zones,
    estimated_max,
    heart_limits,
    max_heart_rate,
    reserve_share,
    zones_of_max,
    zones_of_reserve,
    zones_of_threshold,
)

__all__ = [
    "Abstained",
    "Answer",
    "Band",
    "Beats",
    "Change",
    "Coach",
    "Condition",
    "CriticalPower",
    "Day",
    "Fault",
    "Form",
    "Guide",
    "HeartLimits",
    "HeartRate",
    "HeartWatch",
    "ImpulseResponse",
    "LactateCurve",
    "LoadVelocity",
    "Measure",
    "Measured",
    "ModelVoice",
    "NextSession",
    "Past",
    "Profile",
    "Reason",
    "Review",
    "Rule",
    "Rules",
    "Session",
    "SetCounter",
    "Sex",
    "Suggestion",
    "Summary",
    "Symptom",
    "Template",
    "Weeks",
    "Words",
    "Zones",
    "athletes_with_sessions",
    "banister_trimp",
    "beats",
    "believed",
    "best_zones",
    "changed_cadence",
    "changes",
    "check_labels",
    "check_rules",
    "critical_power",
    "current_bpm",
    "decoupling",
    "default_rules",
    "default_text",
    "edwards_trimp",
    "estimated_max",
    "exercises",
    "exponential",
    "flight_contact_ratio",
    "form",
    "hard_motion",
    "heart_limits",
    "heart_rate",
    "heart_recovery",
    "inverse",
    "is_past",
    "jump_height",
    "lactate_curve",
    "load_change",
    "load_share",
    "load_velocity",
    "lucia_trimp",
    "max_heart_rate",
    "monotony",
    "normalized_power",
    "one_rep_max",
    "own_before",
    "reactive_strength",
    "read_profile",
    "read_rules",
    "read_summary",
    "read_templates",
    "repetitions_in_reserve",
    "reserve_share",
    "review",
    "session_load",
    "session_trimp",
    "strain",
    "suggest",
    "summarize",
    "take_off_velocity",
    "time_to_exhaustion",
    "training_stress",
    "trimp100",
    "usual_band",
    "velocity_loss",
    "w_balance",
    "w_balance_integral",
    "weekly_ln_rmssd",
    "weeks",
    "why_heart_is_unread",
    "why_silent",
    "write_fit",
    "write_templates",
    "zones_of_max",
    "zones_of_reserve",
    "zones_of_threshold",
]
