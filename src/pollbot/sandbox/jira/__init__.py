"""A pretended Jira, with the pages of a Confluence beside it."""

from pollbot.sandbox.jira.stand_in import JiraStandIn

__all__ = ["JiraStandIn"]
