"""What compose.yaml and the .env that docs/scale.md shows give a pollbot is all that it needs."""

import re
from pathlib import Path

import yaml
from cryptography.fernet import Fernet

from tests.e2e.process import ROOT, start
from tests.support.cluster import Cluster, Databases
from tests.support.house import ADA, House
from tests.support.pages import block, read


async def test_both_pollbots_of_compose_start_and_one_goes_on_for_both(
    house: House, cluster: Cluster, databases: Databases
) -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    shown = block(read("scale.md"), "With Docker Compose", "SLACK_BOT_TOKEN")
    values = {
        "SLACK_BOT_TOKEN": house.slack.bot_token,
        "SLACK_APP_TOKEN": house.slack.app_token,
        "POLLBOT_JIRA_URL": house.jira.site_url,
        "POLLBOT_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "PGPASSWORD": "s3cret",
    }
    assert [line.partition("=")[0] for line in shown.splitlines()] == list(values)
    here = databases.at(Path("pollbot")).address.partition("@")[2]
    running = []
    try:
        for name in ("pollbot-1", "pollbot-2"):
            given = {
                setting: re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: values[found[1]], value)
                for setting, value in services[name]["environment"].items()
            }
            given["POLLBOT_DATABASE"] = given["POLLBOT_DATABASE"].replace("database/pollbot", here)
            where = {"POLLBOT_ATLASSIAN_API_URL": house.jira.gateway_url}
            ours = {**values, **given, **where, "POLLBOT_ALLOW_PRIVATE_ADDRESSES": "true"}
            running.append(await start(house, socket=True, **ours))

        await house.connect(ADA)
        running[0].kill()
        await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", 8)
    finally:
        for process in running:
            await process.end()
