"""Every measure: its unit, the range in which it can be right, and where it was validated.

The formulas stand where they are computed, their sources in `docs/guidance.md`.
"""

from distride.guidance.measure import Measure

ANY = 1e9  # no published bound

MAX_HEART_RATE = Measure(
    "max_heart_rate", "bpm", 100, 230, "measured in an all-out effort, or estimated of adults"
)
HEART_RATE = Measure("heart_rate", "bpm", 25, 230, "a chest strap, or an optical sensor at rest")
RESERVE = Measure("heart_rate_reserve", "%", -50, 200, "resting heart rate taken lying, awake")
HEART_RECOVERY = Measure(
    "heart_recovery_60s",
    "bpm",
    0,
    120,
    "compared only after the same effort, posture and cool-down of the same athlete",
)
DECOUPLING = Measure(
    "decoupling", "%", -100, 100, "steady work of 20 min and more after a warm-up, in like weather"
)
RMSSD = Measure("rmssd", "ms", 0, 500, "at rest, same hour and posture, beats from a chest strap")
SDNN = Measure("sdnn", "ms", 0, 500, "at rest, same hour and posture, same duration")
LN_RMSSD = Measure("ln_rmssd", "ln ms", -3, 6.3, "7-day mean against the athlete's own band")

BANISTER = Measure("trimp_banister", "AU", 0, 5000, "steady endurance work, men and women apart")
TRIMP100 = Measure("trimp100", "points", 0, 2000, "100 is an hour at the threshold heart rate")
EDWARDS = Measure("trimp_edwards", "AU", 0, 7200, "minutes in five zones of the maximum")
LUCIA = Measure(
    "trimp_lucia", "AU", 0, 4320, "minutes in three zones, ventilatory thresholds known"
)
ITRIMP = Measure("trimp_individual", "AU", 0, ANY, "the athlete's own lactate curve of a lab test")
SESSION_LOAD = Measure("session_load", "AU", 0, 14400, "CR10, asked about 30 min after the session")
MONOTONY = Measure("monotony", "", 0, 1000, "seven days with their rest days, population SD")
STRAIN = Measure("strain", "AU", 0, ANY, "the same seven days; compared with the athlete's own")
LOAD_CHANGE = Measure(
    "load_change",
    "%",
    -100,
    100_000,
    "7 days against the 21 before; describes what was done",
)
FITNESS = Measure("fitness", "load/day", 0, ANY, "42 days and more of one kind of load")
FATIGUE = Measure("fatigue", "load/day", 0, ANY, "42 days and more of one kind of load")
FORM = Measure("form", "load/day", -ANY, ANY, "the morning after the last day")
PERFORMANCE = Measure(
    "performance", "as tested", -ANY, ANY, "parameters of 10 to 20 tests of this athlete"
)
TRAINING_STRESS = Measure("training_stress", "points", 0, 2000, "100 is an hour at FTP, cycling")
NORMALIZED_POWER = Measure("normalized_power", "W", 0, 2500, "10 min and more, cycling")

CRITICAL_POWER = Measure("critical_power", "W", 20, 700, "all-out efforts of 2 to 30 min")
W_PRIME = Measure("w_prime", "J", 500, 100_000, "all-out efforts of 2 to 30 min")
EXHAUSTION = Measure("time_to_exhaustion", "s", 120, 1800, "constant power, 2 to 30 min")
W_BALANCE = Measure(
    "w_balance", "J", -ANY, 100_000, "descriptive: generic recovery does not predict exhaustion"
)

ONE_REP_MAX = Measure("one_rep_max", "kg", 0, 1000, "2 to 10 repetitions near failure")
LOAD_SHARE = Measure("load_share", "%", 30, 105, "bench press, mean propulsive velocity")
VELOCITY_LOSS = Measure("velocity_loss", "%", 0, 100, "one set of one movement, full effort")
IN_RESERVE = Measure(
    "repetitions_in_reserve", "", 0, 5, "people leave about one more than they say"
)

JUMP_HEIGHT = Measure("jump_height", "m", 0.04, 0.8, "same posture at take-off and landing, 200 Hz")
TAKE_OFF = Measure("take_off_velocity", "m/s", 0.9, 4, "same posture at take-off and landing")
REACTIVE_STRENGTH = Measure("reactive_strength", "m/s", 0, 6, "jump height over contact time")
FLIGHT_CONTACT = Measure("flight_contact_ratio", "", 0, 10, "flight time over contact time")
CADENCE = Measure("cadence", "steps/min", 60, 260, "a small step from the athlete's own cadence")

HEART_SHARE = Measure(
    "heart_share", "%", 0, 200, "share of the maximum; the error is that of maximum and sensor"
)
MODEL_NUMBER = Measure("model_number", "", -ANY, ANY, "what the bundle's card says of this task")

REP_RANGE = Measure(
    "rep_range", "%", 0, 500, "the athlete's own good repetitions of the same session and movement"
)
REP_TEMPO = Measure("rep_tempo", "%", 0, 1000, "the same; a longer repetition is above 100")
REP_SPREAD = Measure("rep_spread", "%", 0, 5000, "the same; variation of the durations")
REP_HEART = Measure(
    "rep_heart", "bpm", -100, 100, "after as many like repetitions in sets before, of this session"
)
USUAL_RANGE = Measure(
    "rep_range_usual", "%", 0, 500, "the athlete's own good repetitions of four sessions before"
)
USUAL_TEMPO = Measure("rep_tempo_usual", "%", 0, 1000, "the same; a longer repetition is above 100")
FAULTY = Measure("faulty_reps", "%", 0, 100, "what the bundle's card says of this task")

REPETITIONS = {
    REP_RANGE: "range",
    REP_TEMPO: "tempo",
    REP_SPREAD: "spread",
    REP_HEART: "bpm",
    FAULTY: "faulty",
    USUAL_RANGE: "usual_range",
    USUAL_TEMPO: "usual_tempo",
}
"""What is told of repetitions: the field of a `technique` event."""

LIVE = {one.key: one for one in (HEART_SHARE, RESERVE, *REPETITIONS)}
"""What rules may look at, by name."""
