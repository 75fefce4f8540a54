import numpy as np
import pytest

from distride.errors import TrainingError
from distride.heads import softmax
from distride.learn.batches import Pool
from distride.learn.teach import asked, ensemble_scores

from .conftest import ATHLETES, CHANNELS


@pytest.fixture
def pool(windows):
    return Pool(windows, ATHLETES, CHANNELS)


def test_members_agree_by_the_mean_of_their_probabilities(ground):
    one = {"label": np.log([[0.8, 0.1, 0.1]]), "speed": np.array([[1.0]])}
    other = {"label": np.log([[0.2, 0.4, 0.4]]) + 7, "speed": np.array([[3.0]])}
    agreed = ensemble_scores([one, other], ground.tasks)
    np.testing.assert_allclose(softmax(agreed["label"]), [[0.5, 0.25, 0.25]], rtol=1e-6)
    assert agreed["speed"].tolist() == [[2.0]]


def own_teacher(**scores):
    return lambda x: {name: np.full((len(x), width), 0.5) for name, width in scores.items()}


def test_somebodys_own_teacher_sees_raw_windows_a_part_at_a_time(ground, pool):
    seen = []

    def teacher(x):
        seen.append(x)
        return own_teacher(label=3, speed=1)(x)

    soft = asked(ground.tasks, teacher, pool.gathered(np.arange(len(pool)), 50))
    assert max(map(len, seen)) == 50
    np.testing.assert_array_equal(np.concatenate(seen), pool.gather(np.arange(len(pool))))
    assert {name: scores.shape for name, scores in soft.items()} == {
        "label": (len(pool), 3),
        "speed": (len(pool), 1),
    }


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ({"label": 4, "speed": 1}, "shape .* is needed"),
        ({"label": 3, "speed": 2}, "shape .* is needed"),
        ({"label": 3}, "no scores for the task 'speed'"),
    ],
)
def test_a_teacher_that_does_not_fit_is_refused(ground, pool, scores, message):
    with pytest.raises(TrainingError, match=message):
        asked(ground.tasks, own_teacher(**scores), [pool.gather(np.arange(3))])


def test_ones_own_teacher_speaks_in_the_unit_of_the_task(ground, pool):
    def teacher(x):
        return {"label": np.zeros((len(x), 3)), "speed": np.full((len(x), 1), 1.5)}

    told = asked(ground.tasks, teacher, [pool.gather(np.arange(3))])
    assert (told["speed"] == 1.0).all()  # (1.5 - mean) / scale
