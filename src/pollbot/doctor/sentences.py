"""What the doctor says of each finding: what is wrong, what that means, and what mends it."""

from dataclasses import dataclass

from pollbot.doctor import findings as found
from pollbot.text.manifest import OPTIONAL, SCOPES


@dataclass(frozen=True, slots=True)
class Said:
    """``what`` is so; where something is wrong, what it ``means`` and how to ``mend`` it."""

    what: str
    means: str = ""
    mend: str = ""


def said(finding: found.Finding) -> Said:
    """Return the words of a finding."""
    parts = (
        *(_settings, _slack, _jira, _team_voice, _machine),
        *(_database, _server, _keys, _commands),
    )
    for part in parts:
        words = part(finding)
        if words is not None:
            return words
    raise TypeError(f"no words for {type(finding).__name__}")


def _settings(finding: found.Finding) -> Said | None:
    match finding:
        case found.SettingsRead(way):
            return Said(f"Every setting can be used. Slack reaches pollbot by {way}.")
        case found.SettingsUnusable(words):
            return Said(
                words,
                "pollbot does not start. What these settings lead to was not looked at.",
                "Set them as said, in the environment or in .env in the folder from which pollbot "
                "is started, and run the doctor again.",
            )
        case found.SiteIsPage(words):
            return Said(f"{words}.")
        case found.EnvOpen(path):
            return Said(
                f"Others on this machine may read {path}.",
                "It holds tokens with which they could act as pollbot.",
                f"chmod 600 {path}",
            )
        case found.PortTaken(port, why):
            return Said(
                f"POLLBOT_PORT: another program listens on port {port} ({why}).",
                "pollbot does not run now, and could not start.",
                "Stop that program, or set POLLBOT_PORT to a port that is free.",
            )
    return None


def _slack(finding: found.Finding) -> Said | None:
    match finding:
        case found.SlackAway(why):
            return Said(
                f"Slack's Web API does not answer ({why}).",
                "Nothing can be posted; pollbot keeps what it owes and goes on trying.",
                "See that this machine reaches POLLBOT_SLACK_API_URL (https://slack.com/api/ "
                "unless set) over HTTPS: firewall, proxy, DNS. If it does, look at "
                "status.slack.com.",
            )
        case found.SlackBusy(what):
            return Said(f"Slack asks to wait, so {what} was not looked at. Try again in a minute.")
        case found.BotTokenRefused(code):
            return Said(
                f"SLACK_BOT_TOKEN: Slack does not accept it ({code}).",
                "pollbot can post nothing, and stops right after its start.",
                "Copy the Bot User OAuth Token (xoxb-…) again from your app's page on "
                "api.slack.com/apps, under OAuth & Permissions. If the app was removed from the "
                "workspace, install it there again.",
            )
        case found.BotTokenTaken(team):
            return Said(f"Slack takes the bot token; its workspace is {team}.")
        case found.WorkspacesMayInstall(listed):
            return Said(
                "Other workspaces install pollbot at /slack/install; those that POLLBOT_WORKSPACES "
                f"lists may: {listed}."
            )
        case found.NobodyMayInstall():
            return Said(
                "pollbot can be installed at /slack/install, but POLLBOT_WORKSPACES lists no "
                "workspace that may: whoever tries reads the id that is to stand there."
            )
        case found.ScopesMissing(scopes):
            without = "; ".join(f"without {scope}, {SCOPES[scope]}" for scope in scopes)
            return Said(
                f"SLACK_BOT_TOKEN lacks {_scopes(scopes)} of the manifest.",
                f"Not all works: {without}.",
                "On your app's page, under OAuth & Permissions, Bot Token Scopes, add what is "
                "missing (or paste what pollbot manifest prints under App Manifest), then "
                "Reinstall to Workspace.",
            )
        case found.ScopesBeyond(scopes):
            return Said(
                f"The bot token may do more than pollbot needs: {', '.join(scopes)}. You can take "
                "that away on your app's page, under OAuth & Permissions."
            )
        case found.ScopesLeftOut(scopes):
            does = {**SCOPES, **OPTIONAL}
            without = "; ".join(f"without {scope}, {does[scope]}" for scope in scopes)
            return Said(
                f"The bot token does without {_scopes(scopes)}, which may be left out: {without}."
            )
        case found.LinksMayBePreviewed():
            return Said(
                "The bot token may preview links to Jira issues. Of which links Slack tells, it "
                "says to nobody: paste one in a channel to see it."
            )
        case found.LinksUntold(hosts):
            jira = " ".join(f"--jira {host}" for host in hosts)
            return Said(
                f"Slack tells of links to {' and '.join(hosts)} only if the app's manifest names "
                f"{'it' if len(hosts) == 1 else 'them'}. If they get no preview, paste what "
                f"pollbot manifest {jira} prints under App Manifest on your app's page."
            )
        case found.PreviewsOff(channels):
            where = "one channel" if channels == 1 else f"{channels} channels"
            return Said(
                f"In {where} somebody chose that links get no previews; /pollbot previews there "
                "says so and changes it."
            )
        case found.WorkObjectsOff():
            return Said(
                "Previews are drawn as blocks. As Work Objects, which open a pane, admins can have "
                "them by /pollbot previews."
            )
        case found.WorkObjectsOn():
            return Said(
                "An admin has previews as Work Objects, and Slack refused none of late. That they "
                "are switched on in the app's settings Slack tells to nobody."
            )
        case found.WorkObjectsRefused(code, minutes):
            return Said(
                f"An admin has previews as Work Objects, but Slack took none {_ago(minutes)} "
                f"({code}), so they are drawn as blocks; pollbot tries again a day after that. On "
                "your app's page, under Work Object Previews, switch them on with the type Task; "
                "then an admin presses As Work Objects in /pollbot previews again."
            )
        case found.ScopesRight():
            return Said("The bot token has every scope of the manifest.")
        case found.ScopesUntold():
            return Said(
                "Slack did not say which scopes the bot token has, so they could not be compared "
                "with the manifest. A proxy may take the header x-oauth-scopes away."
            )
        case found.AppTokenRefused(code):
            return Said(
                f"SLACK_APP_TOKEN: Slack does not accept it ({code}).",
                "Nothing that people do in Slack reaches pollbot, and it stops right after its "
                "start.",
                "Copy the app-level token (xapp-…) again from your app's page, under Basic "
                "Information, App-Level Tokens, or generate one there with the scope "
                "connections:write.",
            )
        case found.AppTokenLacksScope():
            return Said(
                "SLACK_APP_TOKEN lacks the scope connections:write.",
                "Socket Mode cannot be opened, so nothing that people do reaches pollbot.",
                "On your app's page, under Basic Information, App-Level Tokens, generate a token "
                "with the scope connections:write, and set it.",
            )
        case found.AppTokenOfAnother(app, other):
            return Said(
                f"SLACK_APP_TOKEN is of another app ({other}) than SLACK_BOT_TOKEN ({app}).",
                "pollbot starts, but what people do with its cards and commands is brought to "
                "nobody.",
                "Copy both tokens from the page of one and the same app.",
            )
        case found.SocketBlocked(host, why):
            return Said(
                f"No connection to {host} can be opened ({why}).",
                "Slack takes the app-level token, but Socket Mode needs WebSockets to that host, "
                "so nothing that people do reaches pollbot.",
                "Let this machine connect to *.slack.com on port 443, WebSockets too; or use HTTP: "
                "leave SLACK_APP_TOKEN out and set SLACK_SIGNING_SECRET.",
            )
        case found.SocketsReady():
            return Said("Slack takes the app-level token, and Socket Mode can be opened.")
        case found.SecretCut(length):
            return Said(
                f"SLACK_SIGNING_SECRET has {length} characters; Slack's have 32.",
                "Every request of Slack's is turned away, so people see an error for whatever they "
                "do.",
                "Copy the whole Signing Secret again from your app's page, under Basic "
                "Information, App Credentials.",
            )
        case found.SecretOdd():
            return Said(
                "SLACK_SIGNING_SECRET does not look like Slack's, which are 32 of the characters "
                "0-9 and a-f. Only a request of Slack's can show whether it is right: type "
                "/pollbot help in Slack. If an error is shown, copy the secret again from your "
                "app's page, under Basic Information."
            )
        case found.SecretLikely():
            return Said(
                "The signing secret looks like one. Only a request of Slack's can prove it: type "
                "/pollbot help in Slack."
            )
    return None


def _scopes(scopes: tuple[str, ...]) -> str:
    return f"the scope{'s' if len(scopes) > 1 else ''} {', '.join(scopes)}"


def _ago(minutes: int) -> str:
    if minutes < 120:
        return "one minute ago" if minutes == 1 else f"{minutes} minutes ago"
    return f"{minutes // 60} hours ago"


def _at(site: str) -> str:
    return f" at {site}" if site else ""


def _jira(finding: found.Finding) -> Said | None:
    match finding:
        case found.JiraAway(site, why):
            return Said(
                f"POLLBOT_JIRA_URL: {site} does not answer ({why}).",
                "No vote can be cast or read; pollbot keeps the votes and goes on trying.",
                "Open that address in a browser. If it opens there, let this machine reach it: "
                "firewall, proxy, DNS. If not, set POLLBOT_JIRA_URL to the address that does.",
            )
        case found.JiraMoved(site, to):
            return Said(
                f"POLLBOT_JIRA_URL: {site} leads to {to} now.",
                "The site was renamed. pollbot sends nobody's token to another address, so no vote "
                "is cast.",
                f"Set POLLBOT_JIRA_URL={to} and start pollbot again. People connect anew, since an "
                "account belongs to an address.",
            )
        case found.NoJira(site, status):
            return Said(
                f"POLLBOT_JIRA_URL: at {site} is no Jira (HTTP {status}).",
                "No vote can be cast or read.",
                "Set POLLBOT_JIRA_URL to the address at which people open Jira, up to the first "
                "slash, such as https://acme.atlassian.net.",
            )
        case found.JiraThere(site):
            return Said(f"Jira answers at {site}.")
        case found.VotingOff(site):
            return Said(
                f"Voting is switched off in Jira{_at(site)}.",
                "Jira refuses every vote, whoever casts it. Polls work.",
                "A Jira admin opens Settings, System, General configuration, Edit settings, and "
                "switches on “Allow users to vote on issues”.",
            )
        case found.VotingOn(site):
            return Said(f"Voting is switched on in Jira{_at(site)}.")
        case found.VotingUnknown(0, site):
            return Said(
                f"Whether voting is switched on{_at(site)}, Jira tells only to people, and nobody "
                "has connected an account yet. Run /pollbot connect in Slack, then the doctor "
                "again."
            )
        case found.VotingUnknown(_, site):
            return Said(
                f"Whether voting is switched on{_at(site)}, Jira tells only to people, and told it "
                "to none of the connected accounts that were tried."
            )
        case found.AccountsRefused(count):
            whose = "one person" if count == 1 else f"{count} people"
            return Said(
                f"Jira does not accept the token of {whose} any more. They were told, and connect "
                "again by themselves."
            )
        case found.GatewayAway(why):
            return Said(
                f"POLLBOT_ATLASSIAN_API_URL: Atlassian's gateway does not answer ({why}).",
                "Whoever connected with an API token with scopes cannot vote; nobody can connect "
                "with one.",
                "Let this machine reach api.atlassian.com over HTTPS.",
            )
        case found.SignInAway(why):
            return Said(
                f"POLLBOT_ATLASSIAN_AUTH_URL: Atlassian's sign-in does not answer ({why}).",
                "Nobody can connect by signing in, and the votes of those who did wait.",
                "Let this machine reach auth.atlassian.com over HTTPS.",
            )
    return None


def _team_voice(finding: found.Finding) -> Said | None:
    match finding:
        case found.NoSources():
            return Said("No Team Voice is set up; polls live in pollbot itself.")
        case found.SourceTaken(workspace):
            return Said(f"Team Voice answers{_of(workspace)}.")
        case found.SourceRefusesToken(workspace):
            return Said(
                f"Team Voice does not accept the token{_of(workspace)}.",
                "Polls there can neither be made nor read; their cards stay as they are.",
                _new_token(workspace),
            )
        case found.SourceAway(workspace, why):
            return Said(
                f"Team Voice does not answer{_of(workspace)} ({why}).",
                "Polls there can neither be made nor read until it does.",
                f"See that this machine reaches its address, and that it is the right one: "
                f"{_where(workspace)}.",
            )
        case found.SourceNowhere(workspace):
            return Said(
                f"There is no Team Voice at the address{_of(workspace)}.",
                "Polls there can neither be made nor read.",
                f"Copy the address of the REST API from Team Voice's settings in Jira or "
                f"Confluence into {_where(workspace)}.",
            )
        case found.SourcePrivate(workspace):
            return Said(
                f"The address of Team Voice{_of(workspace)} leads into a private network.",
                "pollbot does not call such an address if it was typed in Slack, so polls there "
                "can neither be made nor read.",
                "If it is meant, set POLLBOT_ALLOW_PRIVATE_ADDRESSES=true; else enter the public "
                "address in /pollbot setup.",
            )
        case found.SourcePlain(workspace):
            return Said(
                f"The address of Team Voice{_of(workspace)} begins with http://.",
                "The token could be read on its way, so pollbot does not call such an address if "
                "it was typed in Slack, and polls there can neither be made nor read.",
                "Enter it with https:// in /pollbot setup; if http:// is meant, set "
                "POLLBOT_ALLOW_PRIVATE_ADDRESSES=true.",
            )
        case found.SourceOdd(workspace, why):
            return Said(
                f"What answers as Team Voice{_of(workspace)} is something else ({why}).",
                "Often it is a page to log in. Polls there can neither be made nor read.",
                f"Copy the address of the REST API from Team Voice's settings in Jira or "
                f"Confluence into {_where(workspace)}.",
            )
    return None


def _of(workspace: str) -> str:
    return f" for {workspace}" if workspace else " (POLLBOT_TEAM_VOICE_URL)"


def _where(workspace: str) -> str:
    return "/pollbot setup" if workspace else "POLLBOT_TEAM_VOICE_URL"


def _new_token(workspace: str) -> str:
    into = "/pollbot setup" if workspace else "POLLBOT_TEAM_VOICE_TOKEN"
    limited = (
        ""
        if workspace
        else (
            " If it is to be limited to some projects, they must be those that people poll about."
        )
    )
    made = f"Make a token in Team Voice's settings in Jira or Confluence, and enter it in {into}."
    return made + limited


def _machine(finding: found.Finding) -> Said | None:
    match finding:
        case found.ClockOff(seconds, whose):
            way = "ahead of" if seconds > 0 else "behind"
            return Said(
                f"This machine's clock is {_span(abs(seconds))} {way} that of "
                f"{' and '.join(whose)}.",
                "Polls close and posts go out at the wrong time, and over HTTP every request that "
                "is more than five minutes off is turned away.",
                "Set the clock right, best by NTP: timedatectl set-ntp true.",
            )
        case found.ClockRight(whose):
            return Said(f"This machine's clock agrees with that of {' and '.join(whose)}.")
        case found.ClockUnknown():
            return Said("Nobody answered who tells the time, so the clock was not compared.")
        case found.FolderMissing(path):
            return Said(
                f"POLLBOT_DATABASE: there is no folder {path}.",
                "pollbot does not start.",
                f"Make it (mkdir -p {path}), for the user who runs pollbot, or name another file.",
            )
        case found.NotWritable(path):
            return Said(
                f"POLLBOT_DATABASE: {path} cannot be written.",
                "pollbot does not start, since it keeps a click before it answers it.",
                "Let the user who runs pollbot write there: chown it, or name a file elsewhere.",
            )
        case found.DiskFull(path, free, needed):
            return Said(
                f"On the disk of {path} {_size(free)} are free; {_size(needed)} are needed.",
                "With a full disk no click can be kept, so people are told that it was not. An "
                "update copies the database before it, and does not start without room for that.",
                "Make room, or move the database to a larger disk while pollbot is stopped.",
            )
        case found.DiskRoom(path, free):
            return Said(f"{path} can be written; {_size(free)} are free.")
    return None


def _database(finding: found.Finding) -> Said | None:
    match finding:
        case found.NoDatabase(path):
            return Said(f"There is no {path} yet; pollbot makes it at its first start.")
        case found.NotADatabase(path, why):
            return Said(
                f"POLLBOT_DATABASE: {path} is no database of pollbot's ({why}).",
                "pollbot does not start, or has nothing to go on with.",
                "Name the right file, or put back a backup: pollbot restore FILE.",
            )
        case found.Damaged(path, why):
            return Said(
                f"{path} is damaged ({why}).",
                "What it holds cannot be relied on, and pollbot may stop at any time.",
                "Stop pollbot, keep the file and those beside it, and put back the newest backup: "
                "pollbot restore FILE. Then look at the disk.",
            )
        case found.NewerDatabase(steps):
            return Said(
                f"A newer pollbot has used this database ({', '.join(steps)}).",
                "This version does not start on it.",
                "Install that newer version again, or put back a backup from before it: "
                "pollbot restore FILE.",
            )
        case found.OlderDatabase(steps):
            return Said(
                f"The database is of an older version; the next start brings it up to date "
                f"({', '.join(steps)}) and keeps a copy."
            )
        case found.DatabaseWhole(step):
            return Said(f"The database is whole, and of this version (its last step: {step}).")
        case found.OpenToOthers(path):
            return Said(
                f"Others on this machine may read {path}.",
                "It holds what people answered in polls.",
                f"chmod 600 {path}",
            )
        case found.Runs(True):
            return Said("pollbot runs on it now.")
        case found.Runs(False):
            return Said("pollbot does not run on it now.")
        case found.RunsUnwell(what, words):
            return Said(
                f"The pollbot that runs here says of its {what}: {words}.",
                "That part of it does not do its work.",
                "Mend it as said; if it does not get well by itself then, start pollbot again.",
            )
    return None


def _server(finding: found.Finding) -> Said | None:
    match finding:
        case found.DriverMissing(why):
            return Said(
                "POLLBOT_DATABASE names a PostgreSQL server, for which a part of pollbot is not "
                f"installed ({why}).",
                "pollbot does not start.",
                "pip install 'pollbot[postgres]'",
            )
        case found.ServerAway(where, why):
            return Said(
                f"POLLBOT_DATABASE: {where} cannot be used ({why}).",
                "pollbot does not start. One that runs keeps nothing until the server is back, and "
                "says so to whoever clicks.",
                "Look at the address, the name, the password and what the server's pg_hba.conf "
                "allows, and that the server runs and this machine reaches it.",
            )
        case found.ServerForbids(where, why):
            return Said(
                f"POLLBOT_DATABASE: pollbot's user may not read pollbot's tables in {where} "
                f"({why}).",
                "pollbot does not start, or cannot do what it needs those tables for.",
                "Make that user the owner of these tables: they were made or put back by another "
                "one (REASSIGN OWNED).",
            )
        case found.ServerAnswers(where, version):
            return Said(f"{where} answers; it is PostgreSQL {version}.")
        case found.ServerTooOld(version, oldest):
            return Said(
                f"The server is PostgreSQL {version}; pollbot needs {oldest} or newer.",
                "pollbot does not start.",
                "Upgrade the server, or name another one.",
            )
        case found.ServerPooled(where):
            return Said(
                f"{where} is reached through a pooler that gives each transaction another "
                "connection.",
                "pollbot does not start: its lock belongs to its connection.",
                "Name the server itself in POLLBOT_DATABASE, or set the pooler to session mode.",
            )
        case found.ServerEncoding(encoding):
            return Said(
                f"The database's encoding is {encoding}, which cannot keep every text.",
                "What somebody types in another script, or with an emoji, is not kept.",
                "Make a database with createdb --encoding UTF8 --template template0, and bring the "
                "tables there with pg_dump and pg_restore.",
            )
        case found.ServerReadOnly(where):
            return Said(
                f"{where} is a standby, which takes no changes.",
                "pollbot does not start, since it keeps a click before it answers it.",
                "Name the primary, or add target_session_attrs=read-write to the address.",
            )
        case found.ServerForgets():
            return Said(
                "The server's setting fsync is off: what pollbot says is kept may be lost when "
                "that machine loses its power. Switch it on, unless this is a trial."
            )
        case found.ServerClockOff(seconds):
            way = "ahead of" if seconds > 0 else "behind"
            return Said(
                f"The PostgreSQL server's clock is {_span(abs(seconds))} {way} this machine's. "
                "pollbot goes by this machine's; it matters to whoever compares the two logs."
            )
        case found.NoTables():
            return Said("There are no tables yet; pollbot makes them at its first start.")
        case found.MayNotMakeTables():
            return Said(
                "There are no tables yet, and pollbot's user may not make any.",
                "pollbot does not start.",
                "Make that user the owner of the database (createdb --owner), or of a schema in it "
                "that stands first in its search_path.",
            )
        case found.ServerNewer(steps):
            return Said(
                f"A newer pollbot has used this database ({', '.join(steps)}).",
                "This version does not start on it.",
                "Install that newer version again, or put back a dump from before it with "
                "pg_restore, while pollbot is stopped.",
            )
        case found.ServerOlder(steps):
            return Said(
                f"The tables are of an older version; the next start brings them up to date "
                f"({', '.join(steps)}), one by one, while others go on. Make a dump before."
            )
        case found.TablesAhead(steps):
            return Said(
                f"A newer pollbot has added to the tables ({', '.join(steps)}); this version runs "
                "beside it."
            )
        case found.TablesRight(step):
            return Said(f"The tables are of this version (their last step: {step}).")
    return None


def _keys(finding: found.Finding) -> Said | None:
    match finding:
        case found.KeyFileMissing(path):
            return Said(
                f"{path} is missing, and POLLBOT_ENCRYPTION_KEYS is not set.",
                "Without the key that it was sealed with, nothing opens people's Jira tokens. A "
                "start would make a new key, which does not fit, and stop.",
                f"Put {path} back from where you keep it apart from backups.",
            )
        case found.KeyFileBroken(path):
            return Said(
                f"{path} holds no Fernet key; it may be cut off.",
                "pollbot does not start, and nothing opens people's Jira tokens.",
                "Put the right file back from where you keep it apart from backups; it has 44 "
                "characters. Delete it only if there is no database yet.",
            )
        case found.KeyFileOpen(path):
            return Said(
                f"Others on this machine may read {path}.",
                "With it and the database they have people's Jira tokens.",
                f"chmod 600 {path}",
            )
        case found.KeysOpenNothing(from_file):
            where = (
                "the key file's key does not open"
                if from_file
                else ("none of POLLBOT_ENCRYPTION_KEYS opens")
            )
            return Said(
                f"What is stored was sealed with another key: {where} it.",
                "pollbot does not start, and nothing opens people's Jira tokens.",
                "Put the right .key file back, or add the key that this database was used with at "
                "the end of POLLBOT_ENCRYPTION_KEYS.",
            )
        case found.PollKeysLost(path, count):
            return Said(
                f"{path} is missing or does not fit: the keys of {count} open anonymous "
                f"poll{'s' if count != 1 else ''} cannot be opened.",
                "They take no more answers; all else works.",
                f"Put {path} back if it is still somewhere (no backup holds it); else close these "
                "polls and post copies of them, by More on their cards.",
            )
        case found.KeysUnset():
            return Said(
                "POLLBOT_ENCRYPTION_KEYS is not set, and the database is on a server.",
                "pollbot does not start: there is no folder in which a key could lie for all who "
                "need it.",
                "Set it to what this database was used with; after pollbot migrate-to, to what "
                "lies in the .key file beside the old one.",
            )
        case found.SealLost(count):
            return Said(
                "What the table poll_key_seal holds is missing or does not fit: the keys of "
                f"{count} open anonymous poll{'s' if count != 1 else ''} cannot be opened.",
                "They take no more answers; all else works. It is so after a dump was put back.",
                "Close these polls and post copies of them, by More on their cards.",
            )
        case found.KeysRight(True):
            return Said("The key in the key file opens what is stored.")
        case found.KeysRight(False):
            return Said("POLLBOT_ENCRYPTION_KEYS opens what is stored.")
        case found.KeyToCome(path):
            return Said(f"There is no {path} yet; pollbot makes it, for its owner only.")
    return None


def _commands(finding: found.Finding) -> Said | None:
    match finding:
        case found.CommandsHeard(names):
            return Said(f"Slack brought these commands here: {', '.join(names)}.")
        case found.CommandsUnheard(names):
            return Said(
                f"Nobody has used {', '.join(names)} yet, so it is not known under which names "
                "they are installed. Of two apps with the same command, Slack asks the one that "
                "was installed last: if /poll opens another app, install this one with what "
                "pollbot manifest --prefix jira- prints, or type /pollbot poll."
            )
        case found.StepsHeard(names):
            return Said(f"Slack's Workflow Builder came to these steps here: {', '.join(names)}.")
        case found.StepUnknown(name):
            return Said(
                f"Slack's Workflow Builder came to the step {name}, which is none of pollbot's.",
                "Workflows with it fail there, and say so.",
                "On your app's page, under App Manifest, paste what pollbot manifest --steps "
                "prints, and install the app again.",
            )
        case found.CommandUnknown(name):
            return Said(
                f"Slack brought the command {name}, which is none of pollbot's.",
                "Whoever types it gets the help instead of what they meant.",
                "On your app's page, under App Manifest, paste what pollbot manifest prints (with "
                "--prefix, where another app has those names), and install the app again.",
            )
    return None


def _span(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{round(minutes / 60)} hours"


def _size(number: int) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000 or unit == "GB":
            return f"{number:,.0f} {unit}"
        number = round(number / 1000)
    return ""
