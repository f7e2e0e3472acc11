"""pollbot: vote on Jira issues from Slack, as yourself."""
