"""The commands of the shell: serve, demo, doctor, manifest, backup, restore, export and others."""

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Literal

from pollbot.errors import NotDone, StartError
from pollbot.logs import say

log = logging.getLogger(__name__)

_PATIENCE = 5.0
"""Seconds after which a start says why it is not done."""
_BETWEEN_COLLECTIONS = 20_000
"""Objects that are made, and not gone, before Python looks for those that hold each other."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code. What cannot start says why on stderr."""
    options = _parser().parse_args(arguments)
    try:
        match options.command:
            case "backup":
                _back_up(options.file)
            case "restore":
                _restore(options.file)
            case "audit":
                _audit(options)
            case "export":
                _export(options.file, options.team)
            case "migrate-to":
                _move(options.address)
            case "doctor":
                return _examine(options.bundle)
            case "manifest":
                _print_manifest(options)
            case "demo":
                asyncio.run(_demo(options))
            case _:
                asyncio.run(serve())
    except NotDone as error:
        say(str(error), logging.ERROR)
        return 1
    except StartError as error:
        say(str(error), logging.ERROR)
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


async def serve() -> None:
    """Run until SIGTERM or SIGINT; then finish what was accepted. A second one hurries."""
    # What is imported stays for good: to look through it meanwhile is a seventh of a start.
    gc.disable()
    from pollbot.logs import set_up_logs
    from pollbot.settings import read_settings
    from pollbot.wiring import running

    gc.freeze()
    gc.enable()
    settings = read_settings()
    set_up_logs(settings.log_level, settings.log_format)
    for remark in settings.remarks:
        log.warning("%s", remark)
    stop, hurry = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, lambda: (hurry if stop.is_set() else stop).set())
    async with running(settings) as pollbot:
        # What is loaded now stays for good; looking through it again and again costs every click.
        gc.collect()
        gc.freeze()
        # Python's own 700 is reached every few clicks, while all that are under way are alive.
        gc.set_threshold(_BETWEEN_COLLECTIONS)
        way = "Socket Mode" if settings.socket_mode else "HTTP"
        pollbot.broken.add_done_callback(lambda _: stop.set())
        stopping = asyncio.create_task(stop.wait())
        up = asyncio.create_task(pollbot.up())
        await asyncio.wait({stopping, up}, timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if not up.done() and not stopping.done():
            say(
                f"pollbot is not up yet: {pollbot.not_up}. It goes on trying "
                f"({way}, port {pollbot.port})",
                logging.WARNING,
            )
            await asyncio.wait({stopping, up}, return_when=asyncio.FIRST_COMPLETED)
        if up.done():
            say(f"pollbot is up ({way}, port {pollbot.port})")
        up.cancel()
        await stopping
        if pollbot.broken.done():
            raise pollbot.broken.result()
        hurrying = asyncio.create_task(hurry.wait())
        leaving = asyncio.create_task(pollbot.leave())
        await asyncio.wait({hurrying, leaving}, return_when=asyncio.FIRST_COMPLETED)
        hurrying.cancel()
        if leaving.done():
            await leaving
        leaving.cancel()


async def _demo(options: argparse.Namespace) -> None:
    from pollbot.sandbox.world import demo

    await demo(
        port=options.port,
        http=options.http,
        database=options.database,
        replicas=options.replicas,
    )


def _examine(bundled: Path | None) -> int:
    from pollbot.doctor.bundle import bundle
    from pollbot.doctor.report import report
    from pollbot.doctor.service import look
    from pollbot.store.vault import write_new

    if bundled is not None and os.path.lexists(bundled):
        raise NotDone(f"Nothing was looked at: {bundled} is there already. Name a new file.")
    # What goes on inside is told by the report.
    logging.disable(logging.CRITICAL)
    try:
        looked = asyncio.run(look())
    finally:
        logging.disable(logging.NOTSET)
    print(report(_version(), looked.findings), end="")
    if bundled is not None:
        try:
            write_new(bundled, bundle(_version(), looked))
        except OSError as error:
            raise NotDone(f"{bundled} was not written ({error.strerror}).") from error
        print(f"{bundled} can be sent to others: it names nobody and holds no token and no text.")
    return looked.code


def _print_manifest(options: argparse.Namespace) -> None:
    from pollbot.text.manifest import NoManifestError, as_yaml, manifest

    try:
        print(
            as_yaml(
                manifest(
                    options.url,
                    options.prefix,
                    options.jira,
                    steps=options.steps,
                    install=options.install,
                    org=options.org,
                )
            ),
            end="",
        )
    except NoManifestError as error:
        raise StartError(f"There is no such manifest. {error}.") from None


def _version() -> str:
    try:
        return metadata.version("pollbot")
    except metadata.PackageNotFoundError:
        return "(not installed as a package)"


def _file(command: str) -> Path:
    """Return the database's path. Raises NotDone if it is on a server."""
    from pollbot.settings import read_storage

    database = read_storage().database
    if isinstance(database, Path):
        return database
    raise NotDone(
        f"Nothing was done: the database is {database}, and `pollbot {command}` knows files only. "
        "Use the server's own pg_dump and pg_restore, as docs/scale.md says."
    )


def _back_up(to: Path) -> None:
    from pollbot.store.copies import back_up

    database = _file("backup")
    size = back_up(database, to)
    print(
        f"{to} holds all of {database} as it is now ({size:,} bytes), and passed SQLite's check. "
        "Keep the encryption key too, and elsewhere; without it no token in there can be opened."
    )


def _restore(copied: Path) -> None:
    from pollbot.database import opens
    from pollbot.settings import read_storage, split_keys
    from pollbot.store.restore import restore
    from pollbot.store.vault import keys_found

    settings, database = read_storage(), _file("restore")
    keys = split_keys(settings.encryption_keys) or keys_found(database)
    kept = restore(database, copied, lambda db: opens(db, keys), time.time())
    was = f" The one that was there is now {kept}: delete it when you miss nothing." if kept else ""
    print(
        f"{database} is now what {copied} holds.{was} Start pollbot: what was still to be done in "
        "it is left out, since it may have been done, and its people are told."
    )


def _audit(options: argparse.Namespace) -> None:
    from pollbot.settings import read_storage
    from pollbot.setup.audit_shell import printed, since
    from pollbot.store.aside import aside
    from pollbot.store.audit import entries_since

    form: Literal["lines", "json", "csv"] = "lines"
    if options.json or options.csv:
        form = "json" if options.json else "csv"
    begin = since(options.since, time.time())
    with aside(read_storage().database) as db:
        for piece in printed(entries_since(db, options.team, begin), form):
            sys.stdout.write(piece)
    sys.stdout.flush()


def _export(to: Path, workspace: str | None) -> None:
    from pollbot.polls.exports.everything import write_everything
    from pollbot.settings import read_storage

    count = write_everything(read_storage().database, to, workspace, time.time())
    print(
        f"{to} holds {count:,} {'poll' if count == 1 else 'polls'} with what each shows to "
        "everybody, as JSON. Where a poll keeps names it says who chose what: pass it on to nobody "
        "who may not know that."
    )


def _move(address: str) -> None:
    from pollbot.database import opens
    from pollbot.place import place
    from pollbot.polls.answers.seal_rows import carry_over, forget_beside
    from pollbot.settings import read_storage, split_keys
    from pollbot.store.vault import Vault, keys_found

    settings, server = read_storage(), place(address)
    if isinstance(server, Path):
        raise StartError(
            "Nothing was moved: what is to be named is the address of a PostgreSQL server, "
            "postgresql://USER@HOST/DATABASE."
        )
    if not isinstance(settings.database, Path):
        raise StartError(
            f"Nothing was moved: POLLBOT_DATABASE is {settings.database}. What moves is a file, so "
            "set POLLBOT_DATABASE to that while this command runs."
        )
    try:
        from pollbot.store.move import move
    except ImportError as error:
        raise StartError(
            f"Nothing was moved: for a database on a server a part of pollbot is not installed "
            f"({error}): pip install 'pollbot[postgres]'."
        ) from None
    database = settings.database.resolve()
    given = split_keys(settings.encryption_keys)
    keys = given or keys_found(database)
    vault = Vault(keys) if keys else None
    counted = move(
        database,
        server,
        lambda db: opens(db, keys),
        lambda db: carry_over(database, vault, db),
    )
    width = max(len(one.table) for one in counted)
    print(f"{'table':{width}} {'here':>9} {'there':>9}")
    for one in counted:
        print(f"{one.table:{width}} {one.here:>9,} {one.there:>9,}")
    print(
        f"\nAll of {database} is in {server} now, every row counted. To go on there, set:\n"
        f"  POLLBOT_DATABASE={server.without_passwords or 'the address that you have just named'}\n"
        "    (this shows no password: libpq takes it from PGPASSWORD or PGPASSFILE, too)\n"
        + (
            "  POLLBOT_ENCRYPTION_KEYS as it is, for every pollbot there."
            if given
            else f"  POLLBOT_ENCRYPTION_KEYS to what {database}.key holds; keep it elsewhere, too."
            if keys
            else "  POLLBOT_ENCRYPTION_KEYS to a new Fernet key: nothing was sealed yet."
        )
    )
    print(
        f"{database} stays where it is, and holds what it held, but is worth an older copy now: a "
        "pollbot that is started on it leaves out what was due and tells its people, and polls "
        "that were open and anonymous take no more answers there. Delete it once you miss nothing."
    )
    try:
        forget_beside(database)
    except OSError as error:
        say(
            f"Delete {database}.poll-key, which this could not do ({error.strerror}): with it, the "
            "file and the encryption key, answers that were anonymous can be told.",
            logging.WARNING,
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pollbot", description="Vote on Jira issues from Slack, as yourself."
    )
    parser.add_argument("--version", action="version", version=f"pollbot {_version()}")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="run pollbot, as the environment or .env says")
    doctor = commands.add_parser(
        "doctor", help="look at everything pollbot stands on, and say what mends what is wrong"
    )
    doctor.add_argument(
        "--bundle", type=Path, metavar="FILE", help="write a report that may be sent to others, too"
    )
    manifest = commands.add_parser(
        "manifest", help="print the manifest of the Slack app, to be pasted"
    )
    manifest.add_argument(
        "--url",
        default="",
        help="where Slack reaches pollbot over HTTP, https://…; without it: Socket Mode",
    )
    manifest.add_argument(
        "--prefix",
        default="",
        help="what to put before /vote, /unvote, /votes and /poll, where another app has them",
    )
    manifest.add_argument(
        "--jira",
        action="append",
        default=[],
        help="the address of a Jira site outside atlassian.net, whose links get previews, too; "
        "once for each",
    )
    manifest.add_argument(
        "--steps",
        action="store_true",
        help="with steps for Slack's Workflow Builder, which need a paid plan of Slack's",
    )
    manifest.add_argument(
        "--install",
        default="",
        help="where browsers find pollbot, https://…, so that other workspaces can install it",
    )
    manifest.add_argument(
        "--org", action="store_true", help="so that it can be installed in a whole organisation"
    )
    backup = commands.add_parser(
        "backup", help="copy the database into a new file, whether pollbot runs or not"
    )
    restore = commands.add_parser(
        "restore", help="put such a copy in the database's place, while pollbot is stopped"
    )
    for command in (backup, restore):
        command.add_argument("file", type=Path, metavar="FILE", help="the copy")
    audit = commands.add_parser(
        "audit", help="print who changed what, the oldest first, whether pollbot runs or not"
    )
    audit.add_argument(
        "--since", default="", help="from when: 2026-11-27, 2026-11-27T09:00Z, 7d or 12h ago"
    )
    audit.add_argument("--team", help="only of this Slack workspace, T0123ABCD")
    kind = audit.add_mutually_exclusive_group()
    kind.add_argument("--json", action="store_true", help="one JSON object on each line")
    kind.add_argument("--csv", action="store_true", help="a table, safe to open in a spreadsheet")
    export = commands.add_parser(
        "export", help="write all polls with their answers into a new file, as JSON"
    )
    export.add_argument("file", type=Path, metavar="FILE", help="the file")
    export.add_argument(
        "--team", metavar="ID", help="only those of this Slack workspace, T…; else of all"
    )
    moving = commands.add_parser(
        "migrate-to",
        help="copy the database to an empty one on a PostgreSQL server, while pollbot is stopped",
    )
    moving.add_argument("address", metavar="URL", help="postgresql://USER@HOST/DATABASE")
    demo = commands.add_parser(
        "demo", help="try pollbot in a browser: no Slack, no Jira, no account"
    )
    demo.add_argument("--port", type=int, help="the page's port (default: a free one from 8765)")
    demo.add_argument("--http", action="store_true", help="signed HTTP instead of Socket Mode")
    demo.add_argument("--database", type=Path, help="keep the database here (default: nowhere)")
    demo.add_argument(
        "--replicas",
        type=int,
        default=0,
        choices=range(2, 6),
        help="several pollbots on one PostgreSQL server that is installed here, each to be killed",
    )
    return parser
