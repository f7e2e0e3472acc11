"""Over which transport a story in the browser is told."""

from zlib import crc32

import pytest

from tests.support.torture import TORTURE

_TRANSPORTS = ("HTTP", "Socket Mode")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have each story told over one of them, by its name; over both where there is time.

    To a page it is the same by which one Slack and pollbot speak. That they do the same over both
    is seen without pages, in tests/stories/test_everybody.py.
    """
    if "transport" in metafunc.fixturenames:
        turn = crc32(metafunc.function.__name__.encode()) % len(_TRANSPORTS)
        metafunc.parametrize("transport", _TRANSPORTS if TORTURE else _TRANSPORTS[turn : turn + 1])
