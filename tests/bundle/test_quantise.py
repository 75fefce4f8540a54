from dataclasses import replace

import numpy as np
import onnx
import pytest

from distride.bundle import Bundle, quantise
from distride.bundle.quantise import Agreement, agreement_of, quantise_weights, smallest_body
from distride.bundle.session import BodyRunner


@pytest.fixture(scope="module")
def full(tiny):
    """A body, its heads, and scaled windows."""
    bundle = Bundle.open(tiny.path)
    return bundle.body_onnx, bundle.heads, bundle.manifest.scaling(tiny.x)


def test_what_ships_is_small_and_answers_as_the_full_body(tiny, full):
    body, heads, x = full
    smaller, agreement = smallest_body(body, x, heads, x, {"label": tiny.truth})
    assert agreement.how == "int8"
    assert agreement.holds
    scores = [heads["label"].scores(BodyRunner(one)(x)) for one in (body, smaller)]
    same = (scores[0].argmax(axis=1) == scores[1].argmax(axis=1)).mean()
    assert agreement.same_answers == same


def ruined(body, calibration):
    """A body whose answers have nothing to do with what it sees."""
    model = onnx.load_from_string(body)
    for one in model.graph.initializer:
        values = onnx.numpy_helper.to_array(one)
        if values.dtype == np.float32 and values.ndim == 3:
            one.CopyFrom(onnx.numpy_helper.from_array(-values, one.name))
    return model.SerializeToString()


def test_where_activations_cost_answers_only_weights_are_quantised(tiny, full, monkeypatch):
    monkeypatch.setitem(quantise.LADDER, "int8", ruined)
    body, heads, x = full
    smaller, agreement = smallest_body(body, x, heads, x, {"label": tiny.truth})
    assert agreement.how == "int8 weights"
    assert smaller == quantise_weights(body, x)
    np.testing.assert_allclose(BodyRunner(smaller)(x), BodyRunner(body)(x), atol=0.2)


def test_where_nothing_quantised_will_do_the_full_body_is_in_its_place(tiny, full, monkeypatch):
    for how in quantise.LADDER:
        monkeypatch.setitem(quantise.LADDER, how, ruined)
    body, heads, x = full
    smaller, agreement = smallest_body(body, x, heads, x, {"label": tiny.truth})
    assert smaller == body
    assert agreement == Agreement("none", len(x), 1.0, None, 0.0)


def test_int8_weights_are_stored_in_eight_bits_and_nothing_else_is_left(full):
    body, _, x = full
    graph = onnx.load_from_string(quantise_weights(body, x)).graph
    assert "QuantizeLinear" not in {node.op_type for node in graph.node}
    stored = {one.data_type for one in graph.initializer if len(one.dims) == 3}
    assert stored == {onnx.TensorProto.INT8}
    assert {one.name for one in graph.initializer} <= {n for one in graph.node for n in one.input}


def test_f1_is_compared_where_the_truth_is_known(tiny, full):
    body, heads, x = full
    features = BodyRunner(body)(x)
    unknown = np.full(len(x), -1)
    assert agreement_of("int8", features, features, heads, {"label": unknown}).f1_points is None
    half = np.where(np.arange(len(x)) % 2, tiny.truth, -1)
    assert agreement_of("int8", features, -features, heads, {"label": half}).f1_points < -0.5


def test_the_task_that_lost_most_decides(tiny, full):
    body, heads, x = full
    features = BodyRunner(body)(x)
    one = heads["label"]
    blind = replace(one, task="blind", weight=np.zeros_like(one.weight), bias=np.eye(3)[0])
    scalar = {"weight": one.weight[:1], "bias": one.bias[:1]}
    number = replace(
        one, task="number", labels=(), targets=one.targets[:0, :0], sums=one.sums[:0], **scalar
    )
    truth = {"label": tiny.truth, "blind": tiny.truth}
    both = {"label": one, "blind": blind, "number": number}
    found = agreement_of("int8", features, -features, both, truth)
    alone = agreement_of("int8", features, -features, {"label": one}, truth)
    assert found.same_answers == alone.same_answers < 0.5
    assert alone.same_values is None
    assert found.same_values < 0.5
    assert agreement_of("int8", features, features, both, truth).same_values == 1.0


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({}, True),
        ({"same_answers": 0.989}, False),
        ({"same_values": 0.989}, False),
        ({"f1_points": -0.6}, False),
        ({"f1_points": 0.6}, False),
        ({"same_answers": None, "f1_points": None}, True),
        ({"same_values": None}, True),
    ],
)
def test_what_holds(change, holds):
    assert replace(Agreement("int8", 1000, 0.99, 0.99, -0.5), **change).holds is holds
