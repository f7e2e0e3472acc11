"""The world, pretended: its people, its clock, the stand-ins and the program that they use."""

from pollbot.sandbox.world.demo import demo, opened, settings_for
from pollbot.sandbox.world.with_replicas import opened_with_replicas
from pollbot.sandbox.world.world import World

__all__ = ["World", "demo", "opened", "opened_with_replicas", "settings_for"]
