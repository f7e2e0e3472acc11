"""What a token has to be good for, per operation of the pretended Jira and Confluence."""

from __future__ import annotations

CLASSIC_SCOPES = frozenset({"read:jira-user", "read:jira-work", "write:jira-work"})

_READ_USER = frozenset(
    {
        "read:application-role:jira",
        "read:avatar:jira",
        "read:group:jira",
        "read:user:jira",
    }
)
_READ_FOUND = frozenset(
    {
        "read:audit-log:jira",
        "read:avatar:jira",
        "read:field-configuration:jira",
        "read:issue-details:jira",
        "read:issue-meta:jira",
    }
)
_READ_COMMENTS = frozenset(
    {
        "read:avatar:jira",
        "read:comment.property:jira",
        "read:comment:jira",
        "read:group:jira",
        "read:project-role:jira",
        "read:project:jira",
        "read:user:jira",
    }
)
_WRITE_COMMENTS = _READ_COMMENTS | {"write:comment:jira"}

# What each operation needs: one of these sets, wholly. The first is the classic scope, the second
# the granular ones. Source: the Jira Cloud REST v3 description, "OAuth 2.0 scopes required".
SCOPES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "GET myself": (frozenset({"read:jira-user"}), _READ_USER),
    "GET issue": (
        frozenset({"read:jira-work"}),
        frozenset(
            {
                "read:avatar:jira",
                "read:field-configuration:jira",
                "read:issue-meta:jira",
                "read:issue-security-level:jira",
                "read:issue.changelog:jira",
                "read:issue.vote:jira",
                "read:issue:jira",
                "read:status:jira",
                "read:user:jira",
            }
        ),
    ),
    "GET votes": (frozenset({"read:jira-work"}), _READ_USER | {"read:issue.vote:jira"}),
    "POST votes": (frozenset({"write:jira-work"}), frozenset({"write:issue.vote:jira"})),
    "DELETE votes": (frozenset({"write:jira-work"}), frozenset({"write:issue.vote:jira"})),
    "POST watchers": (frozenset({"write:jira-work"}), frozenset({"write:issue.watcher:jira"})),
    "DELETE watchers": (frozenset({"write:jira-work"}), frozenset({"write:issue.watcher:jira"})),
    "GET mypermissions": (frozenset({"read:jira-work"}), frozenset({"read:permission:jira"})),
    "GET search": (frozenset({"read:jira-work"}), _READ_FOUND),
    "POST search": (frozenset({"read:jira-work"}), _READ_FOUND),
    "GET picker": (
        frozenset({"read:jira-work"}),
        frozenset({"read:issue-details:jira"}),
    ),
    "POST count": (frozenset({"read:jira-work"}), _READ_FOUND),
    "GET serverInfo": (frozenset({"read:jira-work"}), frozenset()),
    "GET configuration": (
        frozenset({"read:jira-user"}),
        frozenset({"read:instance-configuration:jira"}),
    ),
    "GET field": (
        frozenset({"read:jira-work"}),
        frozenset(
            {
                "read:avatar:jira",
                "read:field-configuration:jira",
                "read:field:jira",
                "read:project-category:jira",
                "read:project:jira",
            }
        ),
    ),
    "GET comments": (frozenset({"read:jira-work"}), _READ_COMMENTS),
    "POST comment": (frozenset({"write:jira-work"}), _WRITE_COMMENTS),
    "PUT comment": (frozenset({"write:jira-work"}), _WRITE_COMMENTS),
    "GET page": (
        frozenset({"read:confluence-content.all"}),
        frozenset({"read:page:confluence"}),
    ),
    "GET space": (
        frozenset({"read:confluence-space.summary"}),
        frozenset({"read:space:confluence"}),
    ),
    "POST permission": (
        frozenset({"read:confluence-content.permission"}),
        frozenset({"read:content.permission:confluence"}),
    ),
}
