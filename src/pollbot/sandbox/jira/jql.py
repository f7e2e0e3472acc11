"""JQL, as far as lists of issues need it: AND, OR, NOT, brackets, a few fields, ORDER BY.

Source: support.atlassian.com, "JQL fields" and "JQL operators"; the errors are worded like Jira's.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from pollbot.sandbox.jira.jql_fields import (
    FIELDS,
    KNOWN,
    SORTS,
    JqlError,
    Sorted,
    Test,
    created,
    folded,
    is_empty,
    of_votes,
    says,
)
from pollbot.sandbox.jira.people import Issue, JiraPerson

MOST_ORDERS = 7
_DEEPEST = 50
_ERROR = "Error in the JQL Query: "
_TOKEN = re.compile(
    r"""\s+ | (?P<string>"(?:\\.|[^"\\])*(?P<end1>")?|'(?:\\.|[^'\\])*(?P<end2>')?)
    | (?P<mark>!=|!~|<=|>=|[=<>~(),]) | (?P<word>[^\s=<>~(),"'!]+) | (?P<odd>.)""",
    re.VERBOSE | re.DOTALL,
)
_OPERATORS = ("=", "!=", "<", ">", "<=", ">=", "~", "!~")
_EMPTY = ("empty", "null")
_RESERVED = ("and", "or", "not", "in", "is", "order", "by", "asc", "desc", *_EMPTY)
_ALIASES = {"type": "issuetype", "issuekey": "key", "id": "key", "issue": "key"}


@dataclass(frozen=True)
class Query:
    """A query, understood: which issues it means, and in which order."""

    test: Test
    orders: tuple[Sorted, ...]

    def run(self, issues: Collection[Issue]) -> list[Issue]:
        """Return those of the issues that are meant, in order; the newest first without one."""
        found = sorted(filter(self.test, issues), key=created, reverse=True)
        for key, descending in reversed(self.orders):
            found.sort(key=key, reverse=descending)  # type: ignore[arg-type]  # of one sort each
        return found


def understood(jql: str, person: JiraPerson | None, seen: Collection[Issue]) -> Query:
    """Return the query as this person means it among the issues they see. Raises JqlError."""
    return _Parser(jql, person, seen).query()


@dataclass(frozen=True)
class _Token:
    text: str
    place: int
    is_string: bool = False

    def means(self, *words: str) -> bool:
        return not self.is_string and self.text.lower() in words


class _Parser:
    def __init__(self, jql: str, person: JiraPerson | None, seen: Collection[Issue]) -> None:
        self._jql = jql
        self._person = person
        self._seen = seen
        self._tokens = list(self._read())
        self._at = 0
        self._deep = 0

    def query(self) -> Query:
        if self._is_bare():
            wanted = [token.text for token in self._tokens]
            return Query(lambda issue: says(issue, " ".join(wanted)), ())
        if self._next().means("order", ""):
            self._orders()
            raise JqlError(
                "Unbounded JQL queries are not allowed here. "
                "Please add a search restriction to your query."
            )
        test = self._either()
        orders = self._orders()
        if self._next().text:
            raise self._expecting("either 'OR' or 'AND'", self._next())
        return Query(test, orders)

    def _is_bare(self) -> bool:
        """Return whether there is nothing but words: that is a search for text."""
        return len(self._tokens) > 0 and all(
            token.text[0].isalnum() and not token.is_string and not token.means(*_EMPTY, "order")
            for token in self._tokens
        )

    def _read(self) -> list[_Token]:
        tokens = []
        for found in _TOKEN.finditer(self._jql):
            text, place = found.group(), found.start()
            if found["odd"] is not None:
                raise JqlError(
                    f"{_ERROR}The character '{text}' is a reserved JQL character. You must "
                    f"enclose it in a string or use the escape '\\\\{text}' instead. "
                    f"(line 1, character {place + 1})"
                )
            if found["string"] is not None:
                if not (found["end1"] or found["end2"]):
                    raise JqlError(
                        f"{_ERROR}The quoted string '{text[1:]}' has not been completed. "
                        f"(line 1, character {place + 1})"
                    )
                tokens.append(_Token(re.sub(r"\\(.)", r"\1", text[1:-1]), place, is_string=True))
            elif text.strip():
                tokens.append(_Token(text, place))
        return tokens

    def _next(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _Token("", -1)

    def _take(self) -> _Token:
        token = self._next()
        self._at += 1
        return token

    def _took(self, *words: str) -> bool:
        if self._next().means(*words):
            self._at += 1
            return True
        return False

    def _expecting(self, what: str, token: _Token) -> JqlError:
        if token.place < 0:
            return JqlError(f"{_ERROR}Expecting {what} before the end of the query.")
        return JqlError(
            f"{_ERROR}Expecting {what} but got '{token.text}'. "
            f"(line 1, character {token.place + 1})"
        )

    def _either(self) -> Test:
        tests = [self._all()]
        while self._took("or"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda issue: any(test(issue) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._took("and"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda issue: all(test(issue) for test in tests)

    def _one(self) -> Test:
        self._deep += 1
        if self._deep > _DEEPEST:
            raise JqlError(f"{_ERROR}The query is too complex.")
        test = self._inner()
        self._deep -= 1
        return test

    def _inner(self) -> Test:
        if self._took("not"):
            other = self._one()
            return lambda issue: not other(issue)
        if self._took("("):
            test = self._either()
            if not self._took(")"):
                raise self._expecting("')'", self._next())
            return test
        return self._clause()

    def _clause(self) -> Test:
        field = self._take()
        if not field.text or (not field.is_string and not field.text[0].isalnum()):
            raise self._expecting("a field name", field)
        if field.means(*_RESERVED):
            raise self._expecting("a field name", field)
        operator = self._operator()
        name = _ALIASES.get(field.text.lower(), field.text.lower())
        if name not in FIELDS:
            raise JqlError(
                f"Field '{field.text}' does not exist or you do not have permission to view it."
            )
        values = self._values(operator)
        test = self._test(name, operator, values)
        if operator in ("=", "in", "is", "~", "<", ">", "<=", ">="):
            return test
        # What is empty is unequal to nothing, as in Jira.
        return lambda issue: not is_empty(name, issue) and not test(issue)

    def _operator(self) -> str:
        token = self._take()
        if not token.is_string and token.text in _OPERATORS:
            return token.text
        if token.means("in"):
            return "in"
        if token.means("is"):
            return "is not" if self._took("not") else "is"
        if token.means("not") and self._took("in"):
            return "not in"
        known = ", ".join(f"'{one}'" for one in (*_OPERATORS, "IN", "NOT IN", "IS"))
        raise JqlError(
            f"{_ERROR}Expecting operator but got '{token.text}'. The valid operators are "
            f"{known} and 'IS NOT'. (line 1, character {token.place + 1})"
        )

    def _values(self, operator: str) -> list[str | None]:
        """Return the values after an operator; None stands for EMPTY."""
        if operator not in ("in", "not in"):
            return [self._value(operator)]
        if not self._took("("):
            raise self._expecting("'('", self._next())
        values = [self._value(operator)]
        while self._took(","):
            values.append(self._value(operator))
        if not self._took(")"):
            raise self._expecting("')' or ','", self._next())
        return values

    def _value(self, operator: str) -> str | None:
        token = self._take()
        if token.means(*_EMPTY):
            return None
        if operator in ("is", "is not"):
            raise self._expecting("either 'EMPTY' or 'NULL'", token)
        if not token.is_string and (token.means(*_RESERVED, "") or not token.text[0].isalnum()):
            raise self._expecting("either a value, list or function", token)
        if not token.is_string and self._took("("):
            if not self._took(")"):
                raise self._expecting("')'", self._next())
            if token.text.lower() != "currentuser":
                raise JqlError(f"Unable to find JQL function '{token.text}()'.")
            return self._person.account_id if self._person else ""
        return token.text

    def _test(self, name: str, operator: str, values: list[str | None]) -> Test:
        if operator not in FIELDS[name]:
            raise JqlError(f"The operator '{operator}' is not supported by the '{name}' field.")
        if name == "votes":
            return of_votes(operator, values)
        if name in ("text", "summary"):
            wanted = values[0] or ""
            return lambda issue: says(issue, wanted)
        if name == "voter":
            return self._voted(values)
        chosen = {None if value is None else value.lower() for value in values}
        if name == "resolution":
            chosen = {None if value == "unresolved" else value for value in chosen}
        known = {folded(name, issue) for issue in self._seen}
        for value in values:
            low = None if value is None else value.lower()
            if low is None or low in known or low in KNOWN.get(name, ()):
                continue
            if name == "key":
                raise JqlError(f"An issue with key '{value}' does not exist for field 'key'.")
            raise JqlError(f"The value '{value}' does not exist for the field '{name}'.")
        return lambda issue: folded(name, issue) in chosen

    def _voted(self, values: list[str | None]) -> Test:
        me = self._person
        asked = {value for value in values if value}
        # Somebody else's votes show only where one may see who voted.
        if me is None or not me.sees_voters:
            asked &= {me.account_id} if me else set()
        return lambda issue: bool(issue.voters & asked)

    def _orders(self) -> tuple[Sorted, ...]:
        if not self._took("order"):
            return ()
        if not self._took("by"):
            raise self._expecting("'BY'", self._next())
        orders = [self._order()]
        while self._took(","):
            orders.append(self._order())
        if len(orders) > MOST_ORDERS:
            raise JqlError(f"The maximum number of ORDER BY fields is {MOST_ORDERS}.")
        return tuple(orders)

    def _order(self) -> Sorted:
        token = self._take()
        if not token.text or token.text in ",()":
            raise self._expecting("a field name", token)
        name = _ALIASES.get(token.text.lower(), token.text.lower())
        if name not in SORTS:
            raise JqlError(
                f"Field '{token.text}' does not exist or you do not have permission to view it."
            )
        descending = self._took("desc")
        if not descending:
            self._took("asc")
        return SORTS[name], descending
