"""Builds and closes everything; the only part that knows all others."""

from pollbot.wiring.ground import Ground
from pollbot.wiring.program import GRACE, Pollbot
from pollbot.wiring.running import running, working

__all__ = ["GRACE", "Ground", "Pollbot", "running", "working"]
