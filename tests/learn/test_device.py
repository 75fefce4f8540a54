import pytest
import torch

from distride.config import Recipe
from distride.errors import RecipeError, TrainingError
from distride.learn.device import HOST, Device, device_of, devices, settled


@pytest.fixture
def machine(monkeypatch):
    """A machine that has these kinds of device beside its CPU."""

    def have(*kinds):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: "cuda" in kinds)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: "mps" in kinds)

    return have


@pytest.mark.parametrize(
    ("there", "chosen"),
    [((), "cpu"), (("mps",), "mps"), (("cuda",), "cuda"), (("mps", "cuda"), "cuda")],
)
def test_auto_takes_cuda_then_mps_then_the_cpu(machine, there, chosen):
    machine(*there)
    assert device_of("auto") == Device(chosen)
    assert settled(Recipe()).device == chosen
    assert set(devices()) == {*there, "cpu"}


def test_the_cpu_may_be_chosen_where_there_is_something_faster(machine):
    machine("cuda")
    assert settled(Recipe(device="cpu")).device == "cpu"


def test_a_device_that_is_not_there_is_one_error_that_lists_what_is(machine):
    machine("mps")
    with pytest.raises(TrainingError, match=r"'cuda' is not there: .* mps, cpu; choose one of"):
        settled(Recipe(device="cuda"))


def test_a_kind_that_nobody_knows_is_an_error_of_the_recipe():
    with pytest.raises(RecipeError, match="'device' is 'tpu': allowed are auto, cuda, mps, cpu"):
        Recipe().with_device("tpu")


def test_only_cuda_mixes_precisions():
    matrix = torch.ones(2, 2)
    for kind in ("cpu", "mps"):
        with Device(kind).mixed():
            assert (matrix @ matrix).dtype == torch.float32


def test_what_torch_makes_lies_on_the_device():
    with Device("meta").making():
        assert torch.zeros(2).device.type == "meta"
    with HOST.making():
        assert torch.zeros(2).device.type == "cpu"


def test_a_net_visits_its_device_and_comes_back_whatever_happens():
    net = torch.nn.Linear(2, 1)
    before = net.weight.detach().clone()
    moved = []
    net._apply = lambda convert, recurse=True: moved.append(convert(torch.zeros(1)).device.type)
    with pytest.raises(ValueError, match="stop"), Device("meta").holding(net):
        raise ValueError("stop")
    assert moved == ["meta", "cpu"]
    assert torch.equal(net.weight, before)
