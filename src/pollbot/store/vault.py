"""Secrets at rest: sealed with the newest key, opened with any."""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from pollbot.errors import StartError
from pollbot.people import Address


class Vault:
    """Seals and opens short texts with Fernet keys, newest first."""

    def __init__(self, keys: list[str]) -> None:
        self._newest = Fernet(keys[0])
        self._any = MultiFernet([Fernet(key) for key in keys])

    def seal(self, secret: str) -> str:
        """Return the secret as text that may lie on disk."""
        return self._newest.encrypt(secret.encode()).decode()

    def seal_any(self, secret: str | None) -> str | None:
        """Return what ``seal`` does; None if there is nothing to seal."""
        return self.seal(secret) if secret else None

    def open(self, sealed: str) -> str:
        """Return the secret. Raises StartError if none of the keys fits."""
        secret = self.opened(sealed)
        if secret is None:
            raise StartError(
                "pollbot did not start.\n  POLLBOT_ENCRYPTION_KEYS: none of the keys opens what "
                "is stored. Add the key that this database was used with (or put its .key file "
                "back); nothing was changed."
            )
        return secret

    def opened(self, sealed: str) -> str | None:
        """Return the secret; None if none of the keys fits."""
        try:
            return self._any.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def resealed(self, sealed: str) -> str | None:
        """Return the secret under the newest key; None if it is already under it."""
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return self.seal(self.open(sealed))
        return None


def address_from(
    vault: Vault,
    channel_id: str,
    sealed: str | None,
    replaces: bool,
    *,
    seen: bool = False,
    thread_ts: str | None = None,
) -> Address:
    """Return the address that lies in a row, its response_url sealed or None."""
    url = None if sealed is None else vault.open(sealed)
    return Address(channel_id, url, replaces, seen=seen, thread_ts=thread_ts)


def write_new(path: Path, text: str) -> None:
    """Make a file that only its owner may read, and have it on disk. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def keys_found(database: Path) -> list[str]:
    """Return the key in ``<database>.key``; none if there is no such file, or no key in it."""
    try:
        key = database.with_name(database.name + ".key").read_text(errors="replace").strip()
        Fernet(key)
    except (OSError, ValueError):
        return []
    return [key]


def key_beside(database: Path) -> str:
    """Return the key in ``<database>.key``; make the file, for its owner only, if it is missing."""
    path = database.with_name(database.name + ".key")
    key = Fernet.generate_key().decode()
    try:
        write_new(path, key)
    except FileExistsError:
        key = path.read_text(errors="replace").strip()
    except OSError as error:
        raise StartError(
            f"pollbot did not start.\n  {path} cannot be made ({error.strerror}). Name a "
            "POLLBOT_DATABASE in a folder that exists and that pollbot may write, or set "
            "POLLBOT_ENCRYPTION_KEYS."
        ) from error
    try:
        Fernet(key)
    except ValueError:
        raise StartError(
            f"pollbot did not start.\n  {path} holds no Fernet key. Put the right file back, or "
            "set POLLBOT_ENCRYPTION_KEYS."
        ) from None
    return key
