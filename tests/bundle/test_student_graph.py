from dataclasses import replace

import pytest

from distride.bundle import Bundle
from distride.bundle.student_graph import StudentGraph
from distride.errors import BundleError


def test_a_student_is_read_out_of_its_onnx(student_bundle):
    spec, graph = student_bundle.manifest.spec, StudentGraph.of(student_bundle.body_onnx)
    assert (graph.dilations, graph.stride) == ((1, 2, 4), 2)
    assert graph.posture == (len(spec.channels) == 4)
    assert graph["stem.weight"].shape == (8, 2 * graph.maps(spec), 1, 5)


def test_what_is_no_students_is_named(student_bundle, tiny):
    with pytest.raises(BundleError, match="only a student"):
        StudentGraph.of(Bundle.open(tiny.path).body_onnx)
    graph = StudentGraph.of(student_bundle.body_onnx)
    with pytest.raises(BundleError, match="has no 'gate': only a student"):
        graph["gate"]
    narrower = replace(student_bundle.manifest.spec, channels=("wrist_acc_x",))
    with pytest.raises(BundleError, match=r"a stem of \d+ inputs for 1 maps"):
        graph.maps(narrower)
