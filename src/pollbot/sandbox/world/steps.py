"""The steps that pollbot offers in Workflow Builder, as `pollbot manifest --steps` has them."""

from typing import Any

STEPS: dict[str, dict[str, Any]] = {
    "create_poll": {
        "title": "Create a poll",
        "description": "Ask a question in a channel, as whoever used the workflow",
        "input_parameters": {
            "properties": {
                "person": {
                    "type": "slack#/types/user_context",
                    "title": "Person",
                    "description": "Whoever used the workflow",
                },
                "channel": {
                    "type": "slack#/types/channel_id",
                    "title": "Channel",
                    "description": "Where the poll is posted",
                },
                "question": {"type": "string", "title": "Question", "description": "What is asked"},
                "options": {
                    "type": "string",
                    "title": "Options",
                    "description": "What can be chosen",
                    "hint": "One on each line, or with commas between them",
                },
                "about": {
                    "type": "string",
                    "title": "Jira issue or Confluence page",
                    "description": "What the poll is on",
                    "hint": "A key such as "
                    "PLAT-12, or a "
                    "link; without it "
                    "that of the "
                    "channel, if any",
                },
                "settings": {
                    "type": "string",
                    "title": "Settings",
                    "description": "The words of /poll",
                    "hint": "Such as: multi anonymous hidden; or yesno for a ready-made poll",
                },
                "end": {
                    "type": "string",
                    "title": "Closes at",
                    "description": "When the poll closes by itself",
                    "hint": "Such as: fri 17:00, 2h, 30 Nov",
                },
            },
            "required": ["person", "channel", "question"],
        },
        "output_parameters": {
            "properties": {
                "poll": {
                    "type": "string",
                    "title": "Poll",
                    "description": "For the step When a poll closed",
                },
                "question": {"type": "string", "title": "Question", "description": "What is asked"},
                "link": {
                    "type": "string",
                    "title": "Link",
                    "description": "Leads to the poll in Slack",
                },
            },
            "required": ["poll", "question"],
        },
    },
    "votes_of_issue": {
        "title": "Votes of an issue",
        "description": "Count the votes of a Jira issue",
        "input_parameters": {
            "properties": {
                "issue": {
                    "type": "string",
                    "title": "Issue",
                    "description": "Whose votes are counted",
                    "hint": "A key or a link to it",
                },
                "person": {
                    "type": "slack#/types/user_context",
                    "title": "Person",
                    "description": "Whoever "
                    "used "
                    "the "
                    "workflow, "
                    "with "
                    "whose "
                    "Jira "
                    "account "
                    "the "
                    "issue "
                    "is "
                    "read",
                },
            },
            "required": ["issue"],
        },
        "output_parameters": {
            "properties": {
                "key": {"type": "string", "title": "Key", "description": "The issue's key"},
                "votes": {
                    "type": "number",
                    "title": "Votes",
                    "description": "How many votes it has",
                },
                "summary": {
                    "type": "string",
                    "title": "Summary",
                    "description": "What the issue is called",
                },
                "status": {
                    "type": "string",
                    "title": "Status",
                    "description": "Its status in Jira",
                },
                "link": {
                    "type": "string",
                    "title": "Link",
                    "description": "Leads to the issue in Jira",
                },
            },
            "required": ["key", "votes", "summary", "status", "link"],
        },
    },
    "poll_closed": {
        "title": "When a poll closed",
        "description": "Wait until a poll closes, and tell its result",
        "input_parameters": {
            "properties": {
                "poll": {
                    "type": "string",
                    "title": "Poll",
                    "description": "Which poll",
                    "hint": "From the step Create a poll, or the link to a message with the poll",
                }
            },
            "required": ["poll"],
        },
        "output_parameters": {
            "properties": {
                "question": {
                    "type": "string",
                    "title": "Question",
                    "description": "What was asked",
                },
                "result": {
                    "type": "string",
                    "title": "Result",
                    "description": "The whole result in words",
                },
                "reason": {
                    "type": "string",
                    "title": "Closed",
                    "description": "By hand or by its deadline",
                },
                "winner": {
                    "type": "string",
                    "title": "Most answers",
                    "description": "What most chose",
                },
                "counts": {
                    "type": "string",
                    "title": "Counts",
                    "description": "Each option on a line",
                },
                "answers": {
                    "type": "number",
                    "title": "Participants",
                    "description": "How many answered",
                },
            },
            "required": ["question", "result", "reason"],
        },
    },
}
