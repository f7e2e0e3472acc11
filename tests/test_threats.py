"""docs/threats.md says what nobody can do; each test that it names is there."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = (HERE.parent / "docs" / "threats.md").read_text()
NAMED = sorted(set(re.findall(r"`(\w[\w/]*\.py)::(\w+)`", PAGE)))
SENTENCES = re.findall(r"^- (.+?)(?=\n- |\n\n|\Z)", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("file", "test"), NAMED, ids="::".join)
def test_each_test_that_the_page_names_is_there(file: str, test: str) -> None:
    assert re.search(rf"^(async )?def {test}\(", (HERE / file).read_text(), re.MULTILINE)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_names_its_test_or_whose_word_it_is(sentence: str) -> None:
    assert re.search(r"\.py::test_\w+`|\*\(not ours[^)]*\)\*", sentence), sentence


def test_the_page_is_read_as_it_is_written() -> None:
    assert PAGE.count("::") == len(re.findall(r"`\w[\w/]*\.py::\w+`", PAGE)) + 1
    assert len(SENTENCES) == len(re.findall(r"^- ", PAGE, re.MULTILINE)) > 50
