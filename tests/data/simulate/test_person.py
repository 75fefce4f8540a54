import numpy as np
import pytest

from distride.data.simulate.person import MOVEMENTS, Person, draw_person, heart_rate


def heart(drift=0.0, rise_s=30.0, fall_s=60.0):
    habits = np.zeros((len(MOVEMENTS), 3))
    return Person(1.0, 1.0, False, habits, habits, habits, 60.0, 120.0, rise_s, fall_s, drift)


def test_effort_is_answered_in_the_first_order():
    bpm = heart_rate(heart(), np.full(3000, 0.5), 0.1)
    t = 0.1 * np.arange(1, 3001)
    np.testing.assert_allclose(bpm, 120 - 60 * np.exp(-t / 30), rtol=1e-9)
    assert bpm[299] == pytest.approx(60 + 60 * (1 - np.exp(-1)))  # after one time constant


def test_the_heart_falls_more_slowly_than_it_rises():
    bpm = heart_rate(heart(), np.zeros(601), 0.1, start_bpm=160.0)
    t = 0.1 * np.arange(1, 602)
    np.testing.assert_allclose(bpm, 60 + 100 * np.exp(-t / 60), rtol=1e-9)


def test_the_step_does_not_change_the_course():
    coarse, fine = heart_rate(heart(), np.ones(60), 1.0), heart_rate(heart(), np.ones(600), 0.1)
    np.testing.assert_allclose(coarse, fine[9::10], rtol=1e-9)


def test_heat_and_time_raise_it_by_so_much_a_minute():
    still, warm = (heart_rate(heart(drift), np.zeros(601), 1.0) for drift in (0.0, 0.5))
    assert (warm - still)[600] == pytest.approx(5.0)


def test_people_are_possible_and_differ():
    people = [draw_person(np.random.default_rng(seed)) for seed in range(200)]
    assert all(48 <= one.resting_bpm <= 72 for one in people)
    assert all(175 <= one.resting_bpm + one.reserve_bpm <= 200 for one in people)
    assert all(one.rise_s < one.fall_s for one in people)
    assert 0.25 < np.mean([one.left for one in people]) < 0.55
    for trait in ("tempo", "build"):
        values = np.array([getattr(one, trait) for one in people])
        assert 0.4 < values.min() < 0.9
        assert 1.1 < values.max() < 1.8
    assert np.std([one.posture for one in people], axis=0).min() > 0.1


def test_the_same_chances_give_the_same_person():
    one, again = (draw_person(np.random.default_rng(3)) for _ in range(2))
    assert one.tempo == again.tempo
    np.testing.assert_array_equal(one.gain, again.gain)


def test_every_movement_has_its_own_name_and_asks_for_a_share_of_the_reserve():
    assert len({movement.name for movement in MOVEMENTS}) == len(MOVEMENTS)
    assert all(0 < movement.effort < 1 for movement in MOVEMENTS)
    assert all(0.5 < movement.seconds < 5 for movement in MOVEMENTS)
