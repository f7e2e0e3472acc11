"""The program on a machine whose clock is wrong: JUMPS is the path of a file with the seconds."""

import os
import sys
import time
from pathlib import Path

_JUMPS = Path(os.environ.pop("JUMPS"))
_right = time.time


def _wrong() -> float:
    return _right() + float(_JUMPS.read_text() or 0)


time.time = _wrong
# Only now, since whoever has taken the clock by then keeps the right one.
from pollbot.cli import main  # noqa: E402

sys.exit(main(["serve"]))
