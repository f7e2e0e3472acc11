"""The ways in which SQL may be changed, in the text that a program holds of it."""

import re
from collections.abc import Callable, Iterator

Found = Iterator[tuple[str, int, int, str]]

_IS_SQL = re.compile(
    r"\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|ORDER BY|ON CONFLICT|IS NULL|IS NOT NULL"
    r"|EXISTS)\b|(?<!\w)[\w§.]+ (?:=|<|>|<=|>=|<>) (?:\?|:\w|'|\d)"
)
_NAME = r"[A-Za-z_§][\w§.]*"
# A call holds its brackets once more at most.
_VALUE = rf"(?:\?|:\w+|'[^']*'|\d+|NULL|{_NAME}(?:\((?:[^()]|\([^()]*\))*\))?)"
_CONDITION = re.compile(
    rf"(?<![\w§.'])({_VALUE}) (=|<>|<=|>=|<|>|IS NOT|IS|NOT IN|IN) (\([^()]*\)|{_VALUE})(?![\w§.(])"
)
_CLAUSE = re.compile(
    r"\b(SELECT|FROM|WHERE|SET|VALUES|ON CONFLICT|ON|AND|OR|NOT|WHEN|THEN|ELSE|HAVING|ORDER BY"
    r"|GROUP BY|RETURNING|LIMIT|JOIN|CASE)\b"
)
_ASKS = {"WHERE", "ON", "AND", "OR", "NOT", "WHEN", "HAVING", ""}
_OTHER = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "=": "<>",
    "<>": "=",
    "IS": "IS NOT",
    "IS NOT": "IS",
    "IN": "NOT IN",
    "NOT IN": "IN",
}
_WORDS: list[tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]]] = [
    ("joined otherwise", re.compile(r"(?<!\w)AND(?!\w)"), lambda _: "OR"),
    ("joined otherwise", re.compile(r"(?<!\w)OR(?!\w)"), lambda _: "AND"),
    ("the other order", re.compile(r"\bDESC\b"), lambda _: "ASC"),
    (
        "the other order",
        re.compile(rf"\bORDER BY {_VALUE}(?! DESC)(?![\w§.(])"),
        lambda found: f"{found[0]} DESC",
    ),
    ("the other end", re.compile(r"\bmin\("), lambda _: "max("),
    ("the other end", re.compile(r"\bmax\("), lambda _: "min("),
    ("one more", re.compile(r"\bLIMIT (\d+)"), lambda found: f"LIMIT {int(found[1]) + 1}"),
    ("one more", re.compile(r"\bLIMIT \?"), lambda _: "LIMIT 1 + ?"),
    ("denied", re.compile(r"(?<!NOT )\bEXISTS\b"), lambda _: "NOT EXISTS"),
    ("not denied", re.compile(r"\bNOT EXISTS\b"), lambda _: "EXISTS"),
    ("several alike", re.compile(r"\bDISTINCT "), lambda _: ""),
    ("counted otherwise", re.compile(r"(?<= )\+(?= )"), lambda _: "-"),
    ("counted otherwise", re.compile(r"(?<= )-(?= )"), lambda _: "+"),
]


def changes_of_sql(text: str, *, is_format: bool) -> Found:
    """Yield what may be changed in a text of a program if it is SQL, with its place in it."""
    seen = _without_values(text) if is_format else text
    if not _IS_SQL.search(seen):
        return
    for found in _CONDITION.finditer(seen):
        left, sign, right = (text[slice(*found.span(part))] for part in (1, 2, 3))
        clause = _clause(seen[: found.start()])
        if clause in _ASKS and not _is_assigned(seen, found.start()):
            yield "compared otherwise", *found.span(2), _OTHER[sign]
            yield "held always", *found.span(), f"({text[found.start() : found.end()]} OR 1 = 1)"
        elif sign == "=" and found[1].replace(".", "").isidentifier():
            kept = f"{left} = CASE WHEN 1 = 1 THEN {left} ELSE {right} END"
            yield "not changed", *found.span(), kept
    for what, pattern, other in _WORDS:
        for found in pattern.finditer(seen):
            if found[0] == "AND" and re.search(r"BETWEEN [^ ]+ $", seen[: found.start()]):
                continue
            # What a format holds is put in again as it was.
            after = other(found)
            head = text[found.start() : found.end()]
            yield what, *found.span(), head + " DESC" if after.endswith(" DESC") else after


def _without_values(text: str) -> str:
    """Return a format with § for what is put into it, every place where it was."""
    return re.sub(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}", lambda found: "§" * len(found[0]), text)


def _clause(before: str) -> str:
    words = _CLAUSE.findall(before)
    return words[-1] if words else ""


def _is_assigned(seen: str, at: int) -> bool:
    """Return whether what stands there is an assignment, of which there may be several."""
    return bool(re.search(r"\bSET\b(?:(?!\bWHERE\b|\bWHEN\b).)*$", seen[:at], re.DOTALL))
