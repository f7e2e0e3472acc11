"""What is looked at on this machine: the folder, the disk, the database, the keys, the port."""

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pollbot.doctor import findings as found
from pollbot.doctor.kept_rows import Asked, Kept, UnreadableError, read_kept
from pollbot.place import Server
from pollbot.settings import ENV_FILE, is_open_to_others, split_keys
from pollbot.settings import StorageSettings as Storage
from pollbot.store.aside import is_locked
from pollbot.store.copies import BESIDE
from pollbot.store.vault import keys_found
from pollbot.text import workflow_steps
from pollbot.text.command_words import COMMANDS, POLLBOT, heard_in, own_name

_SPARE = 100_000_000
"""Bytes that are wanted beside what a copy of the database takes."""

_DATA = ("", "-wal", "-shm")
_KEYS = (".key", ".poll-key", ".poll-key.new")


@dataclass(frozen=True, slots=True)
class Files:
    """What was found here, and what is stored as far as it could be read.

    ``runs``: whether a pollbot does; where the database is ``on_server``, on whatever machine.
    """

    findings: tuple[found.Finding, ...]
    kept: Kept
    runs: bool
    on_server: bool = False


def look_at_files(storage: Storage, asked: Asked) -> Files:
    """Look at everything that lies on this machine or on the server; nothing is changed."""
    if not isinstance(storage.database, Path):
        return _on_server(storage.database, split_keys(storage.encryption_keys), asked)
    path = storage.database.resolve()
    runs = is_locked(path)
    findings = [*_env(), *_folder(path), found.Runs(runs)]
    kept = Kept()
    if not path.exists():
        findings.append(found.NoDatabase(str(storage.database)))
        findings += _key_file(path, storage, kept, there=False)
    else:
        keys = split_keys(storage.encryption_keys) or keys_found(path)
        findings += _open_to_others(path, _DATA)
        try:
            kept = read_kept(path, keys, asked, runs=runs)
        except UnreadableError as error:
            findings.append(found.NotADatabase(str(storage.database), str(error)))
        else:
            findings += _stored(storage.database, kept)
        findings += _key_file(path, storage, kept, there=True)
        findings += _commands(kept)
    return Files(tuple(findings), kept, runs)


def _on_server(server: Server, keys: list[str], asked: Asked) -> Files:
    unset: list[found.Finding] = [] if keys else [found.KeysUnset()]
    try:
        from pollbot.doctor.of_server import look_at_server
    except ImportError as error:
        missing = found.DriverMissing(str(error))
        return Files((*_env(), missing, *unset), Kept(), runs=False, on_server=True)
    findings, there = look_at_server(server, keys, asked)
    if there is None:
        return Files((*_env(), *findings, *unset), Kept(), runs=False, on_server=True)
    kept = there.kept
    of_keys = unset or [*_keys_for(kept)]
    every = (*_env(), *findings, *of_keys, *_commands(kept))
    return Files(every, kept, there.runs, on_server=True)


def _keys_for(kept: Kept) -> Iterator[found.Finding]:
    if not kept.opened:
        yield found.KeysOpenNothing(from_file=False)
    elif kept.lost_polls:
        yield found.SealLost(kept.lost_polls)
    elif kept.steps:
        yield found.KeysRight(from_file=False)


def port_is_taken(host: str, port: int) -> found.PortTaken | None:
    """Return what stands in the way of listening there; None if nothing does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trying:
        # As asyncio's servers do: what was closed a moment ago does not count.
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((host, port))
        except OSError as error:
            return found.PortTaken(port, error.strerror or type(error).__name__)
    return None


def _env() -> Iterator[found.Finding]:
    path = Path(ENV_FILE)
    if path.exists() and is_open_to_others(path):
        yield found.EnvOpen(str(path.absolute()))


def _folder(path: Path) -> Iterator[found.Finding]:
    folder = path.parent
    if not folder.is_dir():
        yield found.FolderMissing(str(folder))
        return
    ours = [folder, *(path.with_name(path.name + end) for end in BESIDE)]
    for one in ours:
        if one.exists() and (not os.access(one, os.W_OK) or (one != folder and not one.is_file())):
            yield found.NotWritable(str(one))
            return
    takes = sum(part.stat().st_size for part in ours[1:] if part.exists())
    free = shutil.disk_usage(folder).free
    # An update copies the database first; then the log may grow beside it.
    needed = takes + _SPARE
    if free < needed:
        yield found.DiskFull(str(folder), free, needed)
    else:
        yield found.DiskRoom(str(folder), free)


def _open_to_others(path: Path, ends: tuple[str, ...]) -> Iterator[found.Finding]:
    for end in ends:
        one = path.with_name(path.name + end)
        if one.exists() and is_open_to_others(one):
            yield found.OpenToOthers(str(one)) if ends is _DATA else found.KeyFileOpen(str(one))


def _stored(path: Path, kept: Kept) -> Iterator[found.Finding]:
    if kept.damage:
        yield found.Damaged(str(path), kept.damage)
    elif not kept.steps:
        yield found.NotADatabase(str(path), "there are no tables of pollbot's in it")
    elif kept.newer:
        yield found.NewerDatabase(kept.newer)
    elif kept.older:
        yield found.OlderDatabase(kept.older)
    else:
        yield found.DatabaseWhole(kept.steps[-1])


def _key_file(path: Path, storage: Storage, kept: Kept, *, there: bool) -> Iterator[found.Finding]:
    """Say what is to be said of the keys, in a form that names the first thing to mend."""
    key_file = path.with_name(path.name + ".key")
    from_file = not split_keys(storage.encryption_keys)
    yield from _open_to_others(path, _KEYS)
    if from_file and not key_file.exists():
        yield found.KeyFileMissing(str(key_file)) if kept.seals else found.KeyToCome(str(key_file))
    elif from_file and not keys_found(path):
        yield found.KeyFileBroken(str(key_file))
    elif not kept.opened:
        yield found.KeysOpenNothing(from_file)
    elif kept.lost_polls:
        yield found.PollKeysLost(str(path.with_name(path.name + ".poll-key")), kept.lost_polls)
    elif there:
        yield found.KeysRight(from_file)


def _commands(kept: Kept) -> Iterator[found.Finding]:
    brought = heard_in(kept.beats)
    known = [name for name in brought if own_name(name) is not None]
    if known:
        yield found.CommandsHeard(tuple(known))
    heard = {own_name(name) for name in known}
    unheard = tuple(
        name for name in (*(one.name for one in COMMANDS), POLLBOT) if name not in heard
    )
    if unheard:
        yield found.CommandsUnheard(unheard)
    yield from (found.CommandUnknown(name) for name in brought if own_name(name) is None)
    steps = workflow_steps.heard_in(kept.beats)
    offered = {one.callback_id: one.title for one in workflow_steps.STEPS}
    if told := tuple(offered[name] for name in steps if name in offered):
        yield found.StepsHeard(told)
    yield from (found.StepUnknown(name) for name in steps if name not in offered)
