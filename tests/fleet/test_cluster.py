"""Pieces of work: in order, done by whoever is there, and again where a worker died."""

import itertools
import os
import signal
import sys
from pathlib import Path

import pytest

from distride.errors import ClusterError, DataError, MissingExtraError
from distride.fleet import Crew, in_order, joined
from distride.fleet.cluster import heard


def test_one_process_works_job_by_job_as_results_are_taken():
    done = []
    results = in_order(lambda job: done.append(job) or job * 2, itertools.count())
    assert list(itertools.islice(results, 3)) == [0, 2, 4]
    assert done == [0, 1, 2]


def test_results_of_many_come_in_the_order_of_their_jobs(two_workers):
    def slow_first(job):
        import time

        time.sleep(0.3 if job == 0 else 0)
        return job, os.getpid()

    found = list(in_order(slow_first, range(12)))
    assert [job for job, _ in found] == list(range(12))
    assert os.getpid() not in {worker for _, worker in found}


def test_endless_jobs_are_taken_as_results_are(two_workers):
    assert list(itertools.islice(in_order(abs, itertools.count()), 3)) == [0, 1, 2]


def test_a_piece_works_where_its_sender_does(two_workers, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert list(in_order(lambda job: Path.cwd(), [0])) == [tmp_path]


def test_what_a_piece_raises_is_raised_here(two_workers):
    def refuses(job):
        raise DataError("This one is broken: mend it.")

    with pytest.raises(DataError, match=r"^This one is broken: mend it\.$"):
        list(in_order(refuses, [0]))


def test_a_piece_whose_worker_died_is_done_again_and_no_other(two_workers, tmp_path):
    def dies_once(job):
        with (tmp_path / str(job)).open("a") as file:
            file.write("x")
        if job == 2 and (tmp_path / "2").stat().st_size == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return job

    assert list(in_order(dies_once, range(5))) == [0, 1, 2, 3, 4]
    assert [(tmp_path / str(job)).read_text() for job in range(5)] == ["x", "x", "xx", "x", "x"]


def test_a_job_that_takes_every_worker_with_it_is_lost_alone(two_workers, monkeypatch):
    monkeypatch.setattr("distride.fleet.cluster.RETRIES", 0)

    def dies(job):
        if job == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return str(job)

    assert list(in_order(dies, range(3), lambda job: "lost")) == ["0", "lost", "2"]
    with pytest.raises(ClusterError, match="lost 1 times with its worker"):
        list(in_order(dies, range(3)))


def test_progress_is_of_pieces_where_others_work(two_workers):
    told = []
    with joined(Crew(2), lambda *one: told.append(one)):
        assert list(in_order(abs, range(4))) == [0, 1, 2, 3]
        assert heard(print) is not print
    assert told[-1] == ("pieces of work", 4, 4)


def test_one_process_tells_its_own_progress():
    assert heard(print) is print


def test_a_crew_is_of_one_kind():
    assert Crew().alone
    assert not Crew(2).alone
    with pytest.raises(ClusterError, match="0 workers"):
        Crew(0)
    with pytest.raises(ClusterError, match="one of the two"):
        Crew(2, "auto")


def test_without_ray_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"distride\[fleet\]"), joined(Crew(2)):
        pass
    assert list(in_order(abs, [-1])) == [1]
