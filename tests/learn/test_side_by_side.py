import threading
from functools import partial

import pytest
import torch

from distride.learn.side_by_side import side_by_side, together


def test_results_come_in_the_order_of_the_jobs():
    assert side_by_side([partial(pow, 2, power) for power in range(5)]) == [1, 2, 4, 8, 16]
    assert together({"a": partial(int, 1), "b": partial(int, 2)}) == {"a": 1, "b": 2}
    assert side_by_side([]) == []


def test_jobs_run_at_once_with_one_thread_of_torch_each():
    meet, before = threading.Barrier(2, timeout=20), torch.get_num_threads()

    def job():
        meet.wait()  # passes only if the other is running too
        return torch.get_num_threads()

    assert side_by_side([job, job]) == [1, 1]
    assert torch.get_num_threads() == before


def test_a_failure_is_told_and_the_threads_are_given_back():
    def fails():
        raise ValueError("no")

    before = torch.get_num_threads()
    with pytest.raises(ValueError, match="no"):
        side_by_side([fails, partial(int, 1)])
    assert torch.get_num_threads() == before
