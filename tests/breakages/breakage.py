"""A breakage: one place of pollbot, and how it would be wrong there."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
_HERE = Path(__file__).parent


class Misfit(Exception):
    """The program no longer reads as the breakage expects."""


@dataclass(frozen=True, slots=True)
class Breakage:
    """``before`` stands once in ``file``; with ``after`` in its place, ``harm`` is what happens.

    ``tests`` are those that are likely to notice.
    """

    name: str
    harm: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]

    def broken(self, project: Path) -> str:
        """Return the text of the file as it is broken. Raises Misfit."""
        path = project / self.file
        if not path.is_file():
            raise Misfit(f"{self.name}: there is no {self.file}. Say where that is now")
        text = path.read_text()
        if (found := text.count(self.before)) != 1:
            raise Misfit(
                f"{self.name}: its text stands {found} times in {self.file}, not once. "
                "Write down anew how that place reads, and how it reads when it is broken"
            )
        return text.replace(self.before, self.after)

    def apply(self, project: Path) -> None:
        """Break the project in that folder. Raises Misfit."""
        broken = self.broken(project)
        (project / self.file).write_text(broken)


def breakages() -> list[Breakage]:
    """Return each that lies in this folder, by name."""
    return [_read(path) for path in sorted(_HERE.glob("*.toml"))]


def _read(path: Path) -> Breakage:
    said = tomllib.loads(path.read_text())
    return Breakage(name=path.stem, **{**said, "tests": tuple(said["tests"])})
