"""Where a database is: a file's path, or an address of a PostgreSQL server."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

SCHEMES = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class Server:
    """A database on a PostgreSQL server. ``address`` is libpq's, and may hold a password."""

    address: str = field(repr=False)

    def __str__(self) -> str:
        """Return where it is, without who uses it and what opens it."""
        try:
            parts = urlsplit(self.address)
            host = parts.netloc.rpartition("@")[2]
        except ValueError:
            return "the PostgreSQL server"
        return f"PostgreSQL at {host or 'this machine'}, database {parts.path[1:] or '(default)'}"

    @property
    def without_passwords(self) -> str:
        """The address as it may be shown; "" if it cannot be read."""
        try:
            parts = urlsplit(self.address)
        except ValueError:
            return ""
        who, at, host = parts.netloc.rpartition("@")
        kept = [
            one
            for one in parts.query.split("&")
            if one.partition("=")[0].lower() not in ("password", "sslpassword")
        ]
        user = who.partition(":")[0]
        return urlunsplit((parts.scheme, user + at + host, parts.path, "&".join(kept), ""))


Place = Path | Server


def place(named: str) -> Place:
    """Return where a database is that a setting names."""
    return Server(named) if named.startswith(SCHEMES) else Path(named)
