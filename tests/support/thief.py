"""Somebody who has every byte that lies in the folder, and copies from before."""

import base64
import hmac
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from pollbot.people import Person

_SEALED = re.compile(rb"gAAAA[A-Za-z0-9_-]{50,}={0,2}")
_HEX = re.compile(rb"[0-9a-f]{64,}")
_BASE64 = re.compile(rb"[A-Za-z0-9_-]{43}=")
_DATABASE = ("", "-wal", "-shm", "-journal")

Copy = Mapping[str, bytes]
"""What lay in a folder at a moment: bytes by name."""


def all_in(folder: Path) -> Copy:
    """Return every byte that lies in the folder."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def database_in(folder: Path) -> Copy:
    """Return what a backup of the database holds, with what SQLite keeps beside it."""
    path = folder / "pollbot.db"
    names = {path.name + end for end in _DATABASE}
    return {name: content for name, content in all_in(folder).items() if name in names}


def named(copies: Iterable[Copy], people: Iterable[Person], keys: Iterable[str] = ()) -> set[str]:
    """Return who can be tied to an answer by all this, with every key that is given or found.

    Whatever looks sealed is opened with every key, and every 32 bytes in a row are
    tried as the key of a poll.
    """
    heap, fernets = _everything(copies, keys)
    known = {text for content in heap for text in _hex_in(content)}
    candidates = {bytes.fromhex(text.decode()) for text in known}
    for content in heap:
        candidates |= {content[at : at + 32] for at in range(len(content) - 31)}
    for key in fernets:
        candidates.add(base64.urlsafe_b64decode(key))
    digests = {bytes.fromhex(text.decode()) for text in known}
    found = set()
    for person in people:
        who = _who(person)
        if any(hmac.digest(key, who, "sha256") in digests for key in candidates):
            found.add(person.user_id)
    return found


def pseudonym(key: bytes, person: Person) -> str:
    """Return what stands for the person in an anonymous poll that has this key."""
    return hmac.digest(key, _who(person), "sha256").hex()


def _who(person: Person) -> bytes:
    return f"{person.team_id} {person.user_id}".encode()


def poll_keys(copies: Iterable[Copy], keys: Iterable[str] = ()) -> set[bytes]:
    """Return every secret of 32 bytes that can be opened with what is in there."""
    heap, _ = _everything(copies, keys)
    return {bytes.fromhex(one.decode()) for one in heap if re.fullmatch(rb"[0-9a-f]{64}", one)}


def readable(copies: Iterable[Copy], keys: Iterable[str] = ()) -> set[bytes]:
    """Return every byte that is there, and what can be opened of it with what is in there."""
    heap, _ = _everything(copies, keys)
    return heap


def _everything(copies: Iterable[Copy], keys: Iterable[str]) -> tuple[set[bytes], set[bytes]]:
    """Return all that is there or sealed in there, and all keys that were used to open it."""
    heap = {content for copy in copies for content in copy.values()}
    fernets = {key.encode() for key in keys}
    while True:
        fernets |= {one for content in heap for one in _BASE64.findall(content)}
        sealed = {one for content in heap for one in _sealed_in(content)}
        found = {secret for key in fernets for one in sealed for secret in _opened(key, one)}
        if found <= heap:
            return heap, fernets
        heap |= found


def _opened(key: bytes, sealed: bytes) -> list[bytes]:
    try:
        return [Fernet(key).decrypt(sealed)]
    except (InvalidToken, ValueError):
        return []


def _sealed_in(content: bytes) -> Iterable[bytes]:
    """Yield all that may have been sealed; in a row of SQLite's the next column may follow at once.

    Source: the Fernet spec: 57 bytes and a multiple of 16, in Base64.
    """
    for run in _SEALED.findall(content):
        for size in range(57 + 16, len(run), 16):
            yield run[: (size + 2) // 3 * 4]


def _hex_in(content: bytes) -> Iterable[bytes]:
    for run in _HEX.findall(content):
        for at in range(len(run) - 63):
            yield run[at : at + 64]
