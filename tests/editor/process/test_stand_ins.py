"""What is put in the place of heavy modules does what is asked of them."""

import subprocess
import sys

from agentflow_editor.process.stand_ins import Version


def test_versions_are_compared_as_numbers():
    assert Version("6.10.1") > Version("6.9.3")
    assert Version("6.11") >= Version("6.11")


def test_starting_the_editor_loads_none_of_what_was_replaced():
    told = subprocess.run(
        [sys.executable, "-c", "import sys, agentflow_editor.app; print(*sorted(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert "NodeGraphQt.base.graph" in told
    assert not {"setuptools", "distutils.core", "PySide6.QtOpenGL"}.intersection(told)
