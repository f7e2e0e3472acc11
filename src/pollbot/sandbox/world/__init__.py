"""The world, pretended: its people, its clock, the stand-ins and the program that they use."""

from pollbot.sandbox.world.world import World, demo, opened, settings_for

__all__ = ["World", "demo", "opened", "settings_for"]
