"""A pretended Slack: workspace, people, Web API and the delivery of what they do."""

from pollbot.sandbox.slack.stand_in import SlackStandIn
from pollbot.sandbox.slack.things import Answer, Message, View

__all__ = ["Answer", "Message", "SlackStandIn", "View"]
