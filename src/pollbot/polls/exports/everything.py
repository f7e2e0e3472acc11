"""All polls are written into one file, for whoever runs pollbot."""

import os
from pathlib import Path

from pollbot.errors import NotDone
from pollbot.place import Place
from pollbot.polls.exports import rules
from pollbot.polls.exports.everything_rows import everything
from pollbot.store.aside import aside
from pollbot.store.copies import finish, is_taken, unfinished, why


def write_everything(database: Place, to: Path, team_id: str | None, now: float) -> int:
    """Write the polls of a workspace, or of all, into a new file; return how many there are.

    Raises NotDone; then there is no such file, or the one that was there before.
    """
    if os.path.lexists(to):
        raise _is_there(to)
    if isinstance(database, Path) and is_taken(to, database.resolve()):
        raise NotDone(
            f"Nothing was exported: {to} is a name that belongs to the database itself. Name "
            "another file."
        )
    with aside(database) as db:
        polls = everything(db, team_id, now)
        try:
            with unfinished(to) as part:
                count = 0
                with part.open("w", encoding="utf-8", errors="replace") as file:
                    file.write(rules.everything_head(now))
                    for seen, answers in polls:
                        file.write(",\n" if count else "")
                        file.write(rules.entry(seen, now, answers))
                        count += 1
                    file.write("\n]}\n")
                if team_id is not None and not count:
                    raise NotDone(f"Nothing was exported: there is no poll of workspace {team_id}.")
                finish(part, to)
        except FileExistsError:
            raise _is_there(to) from None
        except OSError as error:
            raise NotDone(f"Nothing was exported: {why(error)}. There is no {to} now.") from error
    return count


def _is_there(to: Path) -> NotDone:
    return NotDone(
        f"Nothing was exported: {to} is there already, and stays as it is. Name a new file."
    )
