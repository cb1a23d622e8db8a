"""The doctor names the package of a library that is missing."""

from agentflow_editor.process.doctor import missing_packages


def test_a_library_that_is_not_there_is_named_by_its_package():
    libraries = {"libc.so.6": "libc6", "libnowhere.so.1": "libnowhere1"}

    assert missing_packages(libraries) == ["libnowhere1"]
