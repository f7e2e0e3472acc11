"""Put a database aside as a version wrote it: python -m tests.store.released.make [COMMIT]."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SETTINGS = """[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
addopts = --import-mode=importlib
pythonpath = . src
"""


def main(commit: str = "HEAD") -> int:
    """Run the story by the program and the tests of a commit; keep what is not kept yet."""
    with tempfile.TemporaryDirectory() as name:
        there, made = Path(name), Path(name) / "made.sql"
        archive = there / "archive.tar"
        subprocess.run(
            ["git", "archive", "-o", str(archive), commit, "src", "tests"],  # noqa: S607
            cwd=ROOT,
            check=True,
        )
        shutil.unpack_archive(archive, there)
        (there / "pytest.ini").write_text(SETTINGS)
        shutil.copy(HERE / "story.py", there / "tests" / "test_story.py")
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-s", "tests/test_story.py"],
            cwd=there,
            env=os.environ | {"PYTHONPATH": f"{there / 'src'}:{there}", "KEEP_IN": str(made)},
            check=True,
        )
        with closing(sqlite3.connect(":memory:")) as db:
            db.executescript(made.read_text())
            steps = [
                row[0] for row in db.execute("SELECT name FROM _sqlite_migrations ORDER BY id")
            ]
        to = HERE / f"{len(steps):02}_{steps[-1]}.sql"
        if to.exists():
            print(f"{to.name} is there already, and stays as it is")
            return 1
        shutil.copy(made, to)
        print(to.relative_to(ROOT))
        return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
