"""How the doctor's report looks: by part, calm where all is well, three lines where it is not."""

import textwrap
from collections.abc import Iterable, Iterator

from pollbot.doctor.findings import PARTS, Finding, Weight
from pollbot.doctor.sentences import said

_WIDTH = 96
_MARKS: dict[Weight, str] = {"well": "ok", "note": "note", "wrong": "WRONG"}
_COLUMN = 9


def report(version: str, findings: Iterable[Finding]) -> str:
    """Return the whole report; the last line says how many things are wrong."""
    known = list(findings)
    lines = [f"pollbot {version}"]
    for part in PARTS:
        of_part = [one for one in known if one.part == part]
        if of_part:
            lines += ["", part]
            for one in of_part:
                lines += _drawn(one)
    return "\n".join([*lines, "", _sum(known)]) + "\n"


def _drawn(finding: Finding) -> Iterator[str]:
    words = said(finding)
    first, *rest = words.what.splitlines() or [""]
    yield from _wrapped(_MARKS[finding.weight], first)
    for line in rest:
        yield from _wrapped("", line.strip())
    if words.means:
        yield from _wrapped("", f"That means: {words.means}")
    if words.mend:
        yield from _wrapped("", f"To mend it: {words.mend}")


def _wrapped(mark: str, text: str) -> list[str]:
    indent = " " * _COLUMN
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=f"  {mark:<{_COLUMN - 2}}",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _sum(findings: list[Finding]) -> str:
    wrong = sum(one.weight == "wrong" for one in findings)
    if not wrong:
        return "Nothing is wrong."
    return "1 thing is wrong." if wrong == 1 else f"{wrong} things are wrong."
