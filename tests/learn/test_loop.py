"""The loop: resumed to the bit, frozen to the bit, and never silent about nonsense."""

import pytest
import torch
from torch import nn

from distride.errors import TrainingError
from distride.learn import loop
from distride.learn.loop import Group, Journal, Schedule, fit

SCHEDULE = Schedule(steps=12, learning_rate=0.05)


class Interrupted(Exception):
    pass


def net_of(seed=0):
    """A frozen part and a moving one, each with running averages."""
    torch.manual_seed(seed)
    return nn.Sequential(
        nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 4), nn.BatchNorm1d(4)
    )


def batch_at(step):
    generator = torch.Generator().manual_seed(step)
    return torch.randn(16, 3, generator=generator)


def loss(net, batch):
    return ((net(batch) - batch.sum(dim=1, keepdim=True)) ** 2).mean()


def state_of(module):
    return {name: value.clone() for name, value in module.state_dict().items()}


def equal(one, other):
    return {name: torch.equal(value, other[name]) for name, value in one.items()}


@pytest.mark.parametrize("interrupted_at", [1, 7])
def test_a_resumed_training_ends_with_the_same_bits(tmp_path, monkeypatch, interrupted_at):
    whole = net_of()
    fit(whole, batch_at, loss, SCHEDULE)

    monkeypatch.setattr(loop, "CHECKPOINT_EVERY_S", -1.0)
    checkpoint = tmp_path / "net.checkpoint"

    def stop(step):
        if step == interrupted_at + 1:  # this step's checkpoint is not written any more
            raise Interrupted

    with pytest.raises(Interrupted):
        fit(net_of(), batch_at, loss, SCHEDULE, journal=Journal(checkpoint, stop))
    told = []
    resumed = net_of(seed=9)
    fit(resumed, batch_at, loss, SCHEDULE, journal=Journal(checkpoint, told.append))
    assert told == list(range(interrupted_at + 1, 13))
    assert all(equal(state_of(resumed), state_of(whole)).values())


def test_what_is_in_no_group_stays_to_the_bit_with_its_running_averages():
    net = net_of()
    before = state_of(net)
    fit(net, batch_at, loss, SCHEDULE, [Group(tuple(net[3:].parameters()))])
    same = equal(before, state_of(net))
    frozen = {name for name, kept in same.items() if kept}
    assert frozen == {name for name in before if name.startswith(("0.", "1."))}
    assert not net.training


def test_thawed_again_everything_moves():
    net = net_of()
    fit(net, batch_at, loss, SCHEDULE, [Group(tuple(net[3:].parameters()))])
    before = state_of(net)
    fit(net, batch_at, loss, SCHEDULE)
    assert not any(equal(before, state_of(net)).values())


def test_a_group_moves_at_its_own_rate():
    def distance(factor):
        net = net_of()
        before = state_of(net)
        lower, upper = tuple(net[:2].parameters()), tuple(net[3:].parameters())
        fit(net, batch_at, loss, Schedule(1, 1e-3), [Group(upper), Group(lower, factor)])
        after = state_of(net)
        return [(after[name] - before[name]).norm().item() for name in ("0.weight", "3.weight")]

    slow, full = distance(0.1), distance(1.0)
    assert slow[0] == pytest.approx(0.1 * full[0], rel=1e-3)
    assert slow[1] == pytest.approx(full[1], rel=1e-6)


def test_the_rate_rises_then_falls():
    rates = [loop.cycle(step, 40) for step in range(40)]
    peak = rates.index(max(rates))
    assert max(rates) == 1.0
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert 0 < rates[-1] < 0.01


def test_a_loss_that_is_no_number_stops_at_its_step():
    def spoilt(net, batch):
        return loss(net, batch) / float(batch is not spoilt_batch)

    batches = [batch_at(step) for step in range(12)]
    spoilt_batch = batches[5] = batches[5] * float("nan")
    with pytest.raises(TrainingError, match="nan at step 5"):
        fit(net_of(), batches.__getitem__, loss, SCHEDULE)


@pytest.mark.parametrize("before", [False, True])
def test_the_smallest_numbers_are_zero_while_a_net_learns(before):
    smallest = torch.tensor(1e-39)
    torch.set_flush_denormal(before)  # the first session of onnxruntime in a process turns it off
    seen = []

    def at_work(step):
        seen.append((smallest * 1).item())
        return batch_at(step)

    fit(net_of(), at_work, loss, Schedule(1, 1e-3))
    after = (smallest * 1).item()
    torch.set_flush_denormal(False)
    assert seen == [0.0]
    assert (after == 0) == before
