"""docs/threats.md says what nobody can do, and of each sentence which test holds it."""

import re

import pytest

from tests.support.pages import read

PAGE = read("threats.md")
SENTENCES = re.findall(r"^- (.+?)(?=\n- |\n\n|\Z)", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_names_its_test_or_whose_word_it_is(sentence: str) -> None:
    assert re.search(r"\.py::test_\w+`|\*\(not ours[^)]*\)\*", sentence), sentence


def test_the_page_is_read_as_it_is_written() -> None:
    assert len(SENTENCES) == len(re.findall(r"^- ", PAGE, re.MULTILINE)) > 50
