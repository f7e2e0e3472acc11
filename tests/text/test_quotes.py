"""Quotation marks of all keyboards: what stands in them is what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.text.quotes import in_quotes, readable, split
from tests.support.refusals import sentence

# As phones, keyboards and languages pair them.
PAIRS = {
    "straight": '""',
    "curly": "“”",
    "German, Czech": "„“",
    "Polish, Dutch": "„”",
    "Swedish, Finnish": "””",
    "curly the wrong way round": "““",
    "reversed": "‟”",
    "French": "«»",
    "Danish, and German in books": "»«",
    "Finnish in books": "»»",
    "full-width": "＂＂",
    "double primes": "″″",
    "reversed double prime": "‶″",
    "Chinese primes": "〝〞",
    "Japanese primes": "〝〟",
    "ornaments": "❝❞",
    "a low reversed one": "⹂”",
    "Japanese, Chinese": "「」",
    "Japanese inside others": "『』",
    "half-width": "｢｣",
    "upright": "﹁﹂",
    "upright inside others": "﹃﹄",
    "single": "''",
    "curly single": "‘’",
    "German single": "‚‘",
    "Polish single": "‚’",
    "Swedish single": "’’",
    "reversed single": "‛’",
    "French single": "‹›",
    "French single, turned around": "›‹",
    "full-width single": "＇＇",
    "backticks": "``",
    "TeX": "`'",
    "backtick and accent": "`´",
    "accents": "´´",
    "primes": "′′",
    "single ornaments": "❛❜",
    "straight, then curly": '"”',
    "curly, then straight": '“"',
    "low, then straight": '„"',
    "straight, then double prime": '"″',
}
DOUBLE, SINGLE = '"“”„‟«»＂″‶〝〞〟❝❞⹂', "'‘’‚‛‹›＇`´′‵❛❜"
BRACKETS = "「」『』｢｣﹁﹂﹃﹄"


def quoted(text: str) -> list[str]:
    line = split(text)
    assert line.open is None, line.open
    assert all(part.quoted for part in line.parts), line
    return [readable(part.text) for part in line.parts]


@pytest.mark.parametrize("between", [" ", "\n", ", ", "\N{NO-BREAK SPACE}", " / ", "\n- ", "、"])
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_any_pair_of_marks_is_a_pair_of_quotes(pair: str, between: str) -> None:
    parts = [f"{pair[0]}{text}{pair[1]}" for text in ("Lunch?", "Don't know", "Soup")]

    assert quoted(between.join(parts)) == ["Lunch?", "Don't know", "Soup"]


@pytest.mark.parametrize("space", ["\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", " ", ""])
@pytest.mark.parametrize("pair", ["«»", "‹›", '""', "「」"])
def test_spaces_right_inside_the_marks_belong_to_the_marks(pair: str, space: str) -> None:
    parts = [f"{pair[0]}{space}{text}{space}{pair[1]}" for text in ("On mange quoi ?", "Soupe")]

    assert quoted(" ".join(parts)) == ["On mange quoi ?", "Soupe"]


TEXTS = {
    "an apostrophe": ('"Who\'s in?"', ["Who's in?"]),
    "a curly apostrophe": ("„Who’s in?“", ["Who’s in?"]),
    "an accent for an apostrophe": ('"Don´t know"', ["Don´t know"]),
    "an accent for one in accents": ("´Don´t know´", ["Don´t know"]),
    "an apostrophe in single quotes": ("'Who's in?' 'Don't know'", ["Who's in?", "Don't know"]),
    "an apostrophe in curly single quotes": ("‘Who’s in?’ ‘Me’", ["Who’s in?", "Me"]),
    "inches": ('"5″ screen" "7″ screen"', ["5″ screen", "7″ screen"]),
    "inches at the end": ('"27″" "32″"', ["27″", "32″"]),
    "inches in curly quotes": ("“5″ screen” „32″“", ["5″ screen", "32″"]),
    "inches in inches": ("″A 5″ screen?″ ″Room 5″ ″Room 6″", ["A 5″ screen?", "Room 5", "Room 6"]),
    "feet and inches": ('"6′ 2″ tall"', ["6′ 2″ tall"]),
    "feet in single quotes": ("'6′ tall'", ["6′ tall"]),
    "backticks inside": ('"Is `main` green?"', ["Is `main` green?"]),
    "German quotes in straight ones": ('"Heißt es „Soße“?"', ["Heißt es „Soße“?"]),
    "curly quotes in German ones": ("„Is it “soup”?“ „No“", ["Is it “soup”?", "No"]),
    "French quotes in French ones": ("«Est-ce «Le Plat»?» «Oui»", ["Est-ce «Le Plat»?", "Oui"]),
    "quotes in Japanese ones": ("「『雪国』を?」「" + '"はい"」', ["『雪国』を?", '"はい"']),
    "Japanese, without spaces": ("「昼食？」「ピザ」「スープ」", ["昼食？", "ピザ", "スープ"]),
    "two apostrophes for one mark": ("''Lunch?'' ''It's soup''", ["Lunch?", "It's soup"]),
    "TeX's double ones": ("``Lunch?'' ``Soup''", ["Lunch?", "Soup"]),
    "two commas below": (',,Lunch?" ,,Soup”', ["Lunch?", "Soup"]),
    "a list": ('"Lunch?"\n1. "Pizza"\n2) "Soup"', ["Lunch?", "Pizza", "Soup"]),
    "single ones with commas": ("'Lunch?','Pizza','Soup'", ["Lunch?", "Pizza", "Soup"]),
    "a dot at the end": ('"Lunch?" "Pizza" "Soup".', ["Lunch?", "Pizza", "Soup"]),
}


@pytest.mark.parametrize(("text", "parts"), TEXTS.values(), ids=TEXTS)
def test_what_stands_inside_stays_as_it_is(text: str, parts: list[str]) -> None:
    assert quoted(text) == parts


def spoken(excluded: str) -> st.SearchStrategy[str]:
    """Return texts on one line without these marks, as somebody may write them in quotes."""
    return (
        st.text(
            st.characters(exclude_categories=("Cc", "Cs", "Cf"), exclude_characters=excluded)
            | st.sampled_from([mark for mark in "'’´`5x?! /" if mark not in excluded]),
            min_size=1,
        )
        .map(lambda text: " ".join(text.split()))
        .filter(lambda text: bool(text) and readable(text) == text)
    )


@given(st.sampled_from(list(PAIRS.values())), st.data())
def test_any_text_in_any_pair_reads_as_that_text(pair: str, data: st.DataObject) -> None:
    family = next(marks for marks in (DOUBLE, SINGLE, BRACKETS) if pair[0] in marks)
    # A prime right behind a digit is an inch, where something else has opened the quotes.
    inches = pair[1] in "′″‵‶" and pair[0] != pair[1]
    spoken_there = spoken(family + "\\<").filter(lambda text: not (inches and text[-1].isdigit()))
    texts = data.draw(st.lists(spoken_there, min_size=1, max_size=4))

    assert quoted(" ".join(f"{pair[0]}{text}{pair[1]}" for text in texts)) == texts


@given(st.lists(spoken("").filter(lambda text: "&" not in text and "<" not in text), min_size=1))
def test_what_is_put_in_quotes_is_read_out_of_them(texts: list[str]) -> None:
    assert quoted(" ".join(map(in_quotes, texts))) == texts


@pytest.mark.parametrize("mark", DOUBLE + SINGLE + BRACKETS)
def test_quotes_that_never_end_are_told_apart_from_an_apostrophe(mark: str) -> None:
    line = split(f"{mark}tis the season? Yes No")
    if mark in BRACKETS[1::2]:
        assert line.open is None
        return
    assert line.open is not None
    assert "begin with “tis the season? Yes No” never end" in sentence(line.open)
    assert line.apostrophe == (mark in SINGLE)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('"Say ""hi""" "A"', ['Say "hi"', "A"]),
        ('"""Hi"" he said" "A" "B"', ['"Hi" he said', "A", "B"]),
        ('"a ""b"" c ""d e"" f" "A"', ['a "b" c "d e" f', "A"]),
        ('"Size ""XL""?" "yes" "no"', ['Size "XL"?', "yes", "no"]),
        ('"Q" "a ""b""" "c"', ["Q", 'a "b"', "c"]),
        ('"Q" "a ""b"", then" "c"', ["Q", 'a "b", then', "c"]),
        # Not those: quotes without a space between them, and empty ones.
        ('"Q""A""B"', ["Q", "A", "B"]),
        ('"Lunch? ""A""B"', ["Lunch?", "A", "B"]),
        ('"Q" "" "A"', ["Q", "", "A"]),
        ('"Q ""A" "B"', ["Q", "A", "B"]),
    ],
)
def test_quotes_may_be_doubled_as_in_a_spreadsheet(text: str, parts: list[str]) -> None:
    assert quoted(text) == parts
