"""The tree of expected failures: drawn as it is, and each branch somebody's own."""

import importlib
import pkgutil
import re

import pollbot
from pollbot import errors
from pollbot.errors import PollbotError


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
