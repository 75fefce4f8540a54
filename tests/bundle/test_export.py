from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
import torch

from distride.bundle import Bundle
from distride.bundle.export import apart, export_body, write_bundle
from distride.bundle.quantise import Agreement, Compared
from distride.bundle.session import BodyRunner
from distride.errors import BundleError


def test_the_exported_body_is_the_trained_one_at_any_batch(tiny):
    bundle = Bundle.open(tiny.path)
    run = BodyRunner(bundle.body_onnx)
    scaled = bundle.manifest.scaling(tiny.x)
    with torch.inference_mode():
        trained = tiny.module(torch.from_numpy(scaled)).numpy()
    for count in (0, 1, 2, 7, len(scaled)):
        assert run(scaled[:count]).shape == (count, 16)
        np.testing.assert_allclose(run(scaled[:count]), trained[:count], atol=1e-5)


def test_many_windows_are_the_same_as_few(tiny, monkeypatch):
    bundle = Bundle.open(tiny.path)
    scaled = bundle.manifest.scaling(tiny.x)
    whole = BodyRunner(bundle.body_onnx)(scaled)
    monkeypatch.setattr("distride.bundle.session.WINDOWS_AT_ONCE", 7)
    np.testing.assert_allclose(BodyRunner(bundle.body_onnx)(scaled), whole, atol=1e-6)


def test_the_report_says_what_was_measured(tiny):
    bundle = Bundle.open(tiny.path)
    assert tiny.report.bytes == len(bundle.body_onnx)
    assert tiny.report.bytes_int8 == len(bundle.body_int8)
    assert tiny.report.params == bundle.manifest.body.params + 3 * 16 + 3
    assert 0 < tiny.report.latency_us_p50 <= tiny.report.latency_us_p99
    assert tiny.report.parity_max_abs_error < 1e-4
    assert tiny.report.parity_windows == 200
    told = bundle.manifest.training.protocol["quantised"]
    assert told == {
        "how": tiny.report.quantised,
        "windows": 200,
        "same_answers": tiny.report.int8_agreement,
        "same_values": None,
        "f1_points": tiny.report.int8_f1_points,
    }
    assert f"the same answers in {100 * told['same_answers']:.1f} %" in bundle.card


def test_the_quantised_body_takes_and_gives_floats(tiny):
    session = onnxruntime.InferenceSession(Bundle.open(tiny.path).body_int8)
    assert session.get_inputs()[0].type == session.get_outputs()[0].type == "tensor(float)"


def test_the_batch_norm_is_folded_and_no_path_of_the_machine_is_told(tiny):
    import onnx

    bundle = Bundle.open(tiny.path)
    kinds = {node.op_type for node in onnx.load_from_string(bundle.body_onnx).graph.node}
    assert "BatchNormalization" not in kinds
    for body in (bundle.body_onnx, bundle.body_int8):
        assert b".py" not in body
        assert b"site-packages" not in body


class TwoFaced(torch.nn.Module):
    """Does one thing when it is exported and another when it is used."""

    def forward(self, x):
        shift = 0.0 if torch.compiler.is_exporting() else 0.001
        return x.mean(dim=2).repeat(1, 6)[:, :16] + shift


def test_a_body_that_changed_on_the_way_is_refused(tiny, tmp_path):
    with pytest.raises(BundleError, match="differs from the trained one"):
        write_bundle(
            tmp_path / "a.distride",
            tiny.manifest,
            TwoFaced(),
            {"label": tiny.head},
            tiny.x,
            Compared(tiny.x, {"label": tiny.truth}),
        )
    assert not list(tmp_path.iterdir())


def test_what_float32_cannot_tell_apart_is_the_same():
    assert apart(np.array([13.0, 0.00768]), np.array([13.0, 0.00779])) < 1  # measured on a thigh
    assert apart(np.array([0.5, 0.1]), np.array([0.5, 0.1002])) > 1
    assert not apart(np.array([0.5]), np.array([np.nan])) <= 1


def test_where_nothing_quantised_will_do_bundle_card_and_report_say_so(tiny, tmp_path, monkeypatch):
    body = Bundle.open(tiny.path).body_onnx
    agreement = Agreement("none", 200, 1.0, None, 0.0)
    monkeypatch.setattr("distride.bundle.export.export_body", lambda *_: body)
    monkeypatch.setattr("distride.bundle.export.smallest_body", lambda *_: (body, agreement))
    compared = Compared(tiny.x, {"label": tiny.truth})
    heads = {"label": tiny.head}
    path = tmp_path / "a.distride"
    report = write_bundle(path, tiny.manifest, tiny.module, heads, tiny.x, compared)
    bundle = Bundle.open(path)
    assert bundle.body_int8 == bundle.body_onnx
    assert report.quantised == bundle.manifest.training.protocol["quantised"]["how"] == "none"
    assert "not at all, because quantised it answered otherwise" in bundle.card


def test_exporting_is_silent_and_repeatable(tiny, capfd, recwarn):
    bundle = Bundle.open(tiny.path)
    assert export_body(tiny.module, tiny.manifest.spec) == bundle.body_onnx
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list


def test_a_body_that_is_none_is_one_error(tiny):
    with pytest.raises(BundleError, match="no usable ONNX"):
        BodyRunner(b"not onnx")
    with pytest.raises(BundleError, match="cannot take windows"):
        BodyRunner(Bundle.open(tiny.path).body_onnx)(np.zeros((1, 9, 9), np.float32))
    broken = replace(Bundle.open(tiny.path), body_onnx=b"not onnx")
    assert Bundle.from_bytes(broken.to_bytes()).body_onnx == b"not onnx"
