"""The tree of expected failures: drawn as it is, and each branch somebody's own."""

import importlib
import pkgutil
import re
from calendar import day_abbr, day_name, month_abbr, month_name
from dataclasses import fields, is_dataclass, replace
from datetime import UTC
from typing import Literal, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pollbot
from pollbot import errors
from pollbot.errors import PollbotError
from pollbot.jira.refusals import SeveralIssues
from pollbot.polls.refusals import EditsClash, FewOptions, NotInForm
from pollbot.slack.markup import decoded
from pollbot.text.catalog import speaking
from pollbot.text.refusals import SeveralMoments, ZonedMoment
from tests.support.catalog import APART, forgotten
from tests.support.refusals import sentence


def drawn() -> dict[str, str]:
    """Return each class in the drawing with the class it stands below."""
    parents: dict[str, str] = {}
    above: list[tuple[int, str]] = [(-1, "Exception")]
    for text in (errors.__doc__ or "").splitlines():
        found = re.fullmatch(r"( *)([A-Z][a-z]+[A-Z]\w+)   *\S.*", text)
        if found is None:
            continue
        depth, name = len(found[1]), found[2]
        above = [one for one in above if one[0] < depth] + [(depth, name)]
        parents[name] = above[-2][1]
    return parents


def everywhere() -> list[type[PollbotError]]:
    """Return every class of the tree, wherever it is defined."""
    for module in pkgutil.walk_packages(pollbot.__path__, "pollbot."):
        if "sandbox" not in module.name and "__main__" not in module.name:
            importlib.import_module(module.name)
    found: list[type[PollbotError]] = []
    left: list[type[PollbotError]] = [PollbotError]
    while left:
        found += (below := left.pop().__subclasses__())
        left += below
    return found


def test_the_tree_is_drawn_as_it_is() -> None:
    parents = drawn()

    for name, parent in parents.items():
        cls = getattr(errors, name, None)
        if cls is not None:
            assert cls.__bases__[0].__name__ == parent, name
    kept = {cls.__name__ for cls in everywhere() if cls.__module__ == "pollbot.errors"}
    assert kept <= parents.keys()


def test_no_class_stands_below_two_branches() -> None:
    branches = {cls for cls in everywhere() if cls.__bases__ == (PollbotError,)}
    for cls in everywhere():
        assert len(cls.__bases__) == 1, f"{cls} is caught as several things"
        owners = set(cls.__mro__) & branches
        assert len(owners) == 1, f"{cls} is caught as {owners}"


def test_what_team_voice_says_is_never_taken_for_what_jira_said_to_a_person() -> None:
    from_team_voice = [cls for cls in everywhere() if "Source" in cls.__name__]

    assert from_team_voice
    for cls in from_team_voice:
        assert not issubclass(
            cls, errors.AccountRefused | errors.JiraError | errors.JiraUnavailable
        )


# Below these stands whatever is raised; they never are themselves.
NEVER_RAISED = {"BadInput", "BadPart", "BadOption", "NoNumber", "NotAMoment"}
# What types alone do not say of fields.
FIELDS: dict[type[PollbotError], dict[str, st.SearchStrategy[object]]] = {
    errors.SaidBefore: {"sentence": st.just("") | st.just("It failed.")},
    EditsClash: {"because": st.builds(FewOptions)},
    NotInForm: {"because": st.builds(errors.SlackUnavailable)},
    SeveralIssues: {"keys": st.lists(st.text(min_size=1), min_size=2)},
    SeveralMoments: {
        "readings": st.lists(
            st.tuples(st.builds(ZonedMoment, st.floats(0, 4e9), st.just(UTC)), st.text()),
            min_size=2,
        ).map(tuple)
    },
}
RAISED = sorted(
    (cls for cls in everywhere() if cls.__name__ not in NEVER_RAISED | {"BadField"}),
    key=lambda cls: cls.__name__,
)


@pytest.mark.parametrize("kind", RAISED, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=10)
def test_each_refusal_has_a_sentence(kind: type[PollbotError], data: st.DataObject) -> None:
    refusal = data.draw(st.builds(kind, **FIELDS.get(kind, {})))

    said = sentence(refusal)

    assert re.search(r"[.?!`”]$", said), said
    assert "object at 0x" not in said


DAYS = {"UTC", *day_abbr, *month_abbr, *day_name, *month_name}


def wordless(value: object) -> object:
    """Return it with a digit for each letter in its free texts."""
    match value:
        case PollbotError():
            hints = get_type_hints(type(value).__init__)
            for name, inner in vars(value).items():
                if get_origin(hints.get(name)) is not Literal:
                    vars(value)[name] = wordless(inner)
        case list() | tuple():
            return type(value)(map(wordless, value))
        case _ if is_dataclass(value) and not isinstance(value, type):
            named = {one.name: wordless(getattr(value, one.name)) for one in fields(value)}
            return replace(value, **named)
        case str() if type(value) is str:
            return re.sub(r"[^\W\d_]|`", "7", value)
    return value


@pytest.mark.parametrize("kind", RAISED, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=10)
def test_each_sentence_of_a_refusal_is_in_the_catalog(
    kind: type[PollbotError], data: st.DataObject
) -> None:
    refusal = data.draw(st.builds(kind, **FIELDS.get(kind, {})))
    wordless(refusal)

    with speaking(APART):
        said = sentence(refusal)

    # Without what is typed, and shown as such.
    left = decoded(re.sub(r"`[^`]*`", " ", forgotten(said)))
    assert set(re.findall(r"[^\W\d_]{2,}", left)) <= DAYS, said


def test_each_refusal_has_a_name_of_its_own_by_which_it_may_be_kept() -> None:
    names = [cls.__name__ for cls in everywhere()]

    assert sorted(names) == sorted(set(names))
