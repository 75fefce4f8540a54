import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest

from distride.bundle import Bundle
from distride.bundle.c_header import c_header
from distride.errors import BundleError
from distride.runtime import Predictor

from .conftest import windows_of

MAIN = """
#include <stdio.h>
#include "student.h"

int main(void)
{
    static distride_memory memory;
    static float window[DISTRIDE_CHANNELS * DISTRIDE_SAMPLES], scores[DISTRIDE_OUTPUTS];
    fprintf(stderr, "%lu %s", (unsigned long)sizeof memory, distride_labels[1]);
    while (fread(window, sizeof window, 1, stdin) == 1) {
        distride_scores(window, &memory, scores);
        fwrite(scores, sizeof scores, 1, stdout);
    }
    return 0;
}
"""
STRICT = ("-std=c99", "-O2", "-pedantic", "-Wall", "-Wextra", "-Wdouble-promotion", "-Werror")


@pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no gcc")
def test_c_gives_the_bundles_scores(student_bundle, tmp_path):
    header = c_header(student_bundle)
    (tmp_path / "student.h").write_text(header.text)
    (tmp_path / "main.c").write_text(MAIN)
    program = tmp_path / "main"
    subprocess.run(["gcc", *STRICT, "-o", program, tmp_path / "main.c", "-lm"], check=True)
    x = windows_of(student_bundle.manifest.spec)
    done = subprocess.run([program], input=x.tobytes(), capture_output=True, check=True)
    features = Predictor(student_bundle).features(x)
    expected = np.concatenate(
        [one.scores(features) for one in student_bundle.heads.values()], axis=1
    )
    found = np.frombuffer(done.stdout, np.float32).reshape(expected.shape)
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert done.stderr.decode() == f"{header.ram_bytes} 深蹲"


def test_an_athletes_own_head_is_built_in(student_bundle):
    own = replace(student_bundle.heads["label"], bias=student_bundle.heads["label"].bias + 1)
    assert c_header(student_bundle, {"label": own}).text != c_header(student_bundle).text
    assert c_header(student_bundle, dict(student_bundle.heads)) == c_header(student_bundle)


def test_another_body_than_a_students_is_refused(tiny):
    with pytest.raises(BundleError, match="only a student"):
        c_header(Bundle.open(tiny.path))
