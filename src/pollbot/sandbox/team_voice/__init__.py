"""A pretended Team Voice."""

from pollbot.sandbox.team_voice.stand_in import TeamVoiceStandIn

__all__ = ["TeamVoiceStandIn"]
