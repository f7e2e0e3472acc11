"""Which issues a message names."""

import pytest

from pollbot.jira.issues import mentioned

SITE = "https://acme.atlassian.net"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", []),
        ("nothing", []),
        ("PLAT-12", ["PLAT-12"]),
        ("plat-12", ["PLAT-12"]),
        ("PLAT-12 and plat-12", ["PLAT-12"]),
        ("PLAT-13, PLAT-12; OPS-1", ["PLAT-13", "PLAT-12", "OPS-1"]),
        ("In phase-2 we do PLAT-12", ["PLAT-12"]),
        ("UTF-8 and ISO-8859 and SHA-1", []),
        (f"<{SITE}/browse/plat-12?focusedId=1&amp;x=2|the export>", ["PLAT-12"]),
        (f"{SITE}/browse/PLAT-12, OPS-3", ["PLAT-12", "OPS-3"]),
        (f"{SITE}/jira/software/projects/PLAT/boards/1?selectedIssue=PLAT-14", ["PLAT-14"]),
        ("<https://elsewhere.example/browse/ABC-1> PLAT-12", ["PLAT-12"]),
        ("see XPLAT-12x and PLAT-12.5", []),
        ("<@U0ADA> asks: *PLAT-12*?\n> PLAT-13\n```OPS-1```", ["PLAT-12", "PLAT-13", "OPS-1"]),
        ("ＰＬＡＴ－12", ["PLAT-12"]),
    ],
)
def test_a_message_names_issues(text: str, keys: list[str]) -> None:
    assert [one.key for one in mentioned(text, (SITE,))] == keys


def test_forty_are_all_found_in_their_order() -> None:
    keys = [f"PLAT-{number}" for number in range(40, 0, -1)]

    assert [one.key for one in mentioned(" ".join(keys), (SITE,))] == keys
