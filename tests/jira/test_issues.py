"""Which issue a person means: what is understood, what is refused, and what is repeated back."""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pollbot.errors import BadInput
from pollbot.jira import issues
from pollbot.jira.issues import NamedIssue, host_of, issue_url
from pollbot.jira.refusals import NotAnIssue, OtherAlphabet, OtherSite, SeveralIssues
from pollbot.slack.markup import decoded, unmarked
from pollbot.text.writing import in_sight, undirected
from tests.support.refusals import refuses, sentence

ACME = "https://acme.atlassian.net"
LABS = "https://labs.atlassian.net"
ON_A_PATH = "https://jira.example.com/jira"
ON_A_PORT = "http://127.0.0.1:8080"

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2043\u00ad"


def find_issue(text: str, site: str) -> str | None:
    """Return the key that a text names, where there is one site."""
    found = issues.find_issue(text, (site,))
    assert found is None or found.site in (None, site)
    return None if found is None else found.key


UNDERSTOOD = {
    "a key": ("PLAT-12", ACME, "PLAT-12"),
    "in lower case": ("plat-12", ACME, "PLAT-12"),
    "in mixed case": ("pLaT-12", ACME, "PLAT-12"),
    "white space around it": (" \t plat-12 \n", ACME, "PLAT-12"),
    "among words": ("please vote on plat-12 today", ACME, "PLAT-12"),
    "the same key twice": ("PLAT-12 plat-12", ACME, "PLAT-12"),
    "digits in the project": ("b2b-7", ACME, "B2B-7"),
    "an underscore in the project": ("MY_APP-7", ACME, "MY_APP-7"),
    "the longest project key": ("ABCDEFGHIJ-9999999999", ACME, "ABCDEFGHIJ-9999999999"),
    "what only looks like an issue": ("UTF-8", ACME, "UTF-8"),
    "a full stop": ("It is PLAT-12.", ACME, "PLAT-12"),
    "a question mark": ("PLAT-12?", ACME, "PLAT-12"),
    "a comma": ("plat-12, please", ACME, "PLAT-12"),
    "a colon and a summary": ("PLAT-12: Export everything", ACME, "PLAT-12"),
    "brackets": ("(PLAT-12)", ACME, "PLAT-12"),
    "smart quotes": ("“PLAT-12”", ACME, "PLAT-12"),
    "emoji": ("🔥PLAT-12🔥", ACME, "PLAT-12"),
    "words without spaces": ("課題PLAT-12を見て", ACME, "PLAT-12"),
    "bold": ("*PLAT-12*", ACME, "PLAT-12"),
    "3,000 characters": ("la " * 998 + "PLAT-12", ACME, "PLAT-12"),
    "a link": (f"{ACME}/browse/PLAT-12", ACME, "PLAT-12"),
    "a link in lower case": (f"{ACME}/browse/plat-12", ACME, "PLAT-12"),
    "a link in capitals": ("HTTPS://ACME.ATLASSIAN.NET/BROWSE/PLAT-12", ACME, "PLAT-12"),
    "a link with a slash": (f"{ACME}/browse/PLAT-12/", ACME, "PLAT-12"),
    "a link with a query": (f"{ACME}/browse/PLAT-12?focusedCommentId=7", ACME, "PLAT-12"),
    "a link to a comment": (f"{ACME}/browse/PLAT-12?a=b&c=d#comment-7", ACME, "PLAT-12"),
    "a link over http": ("http://acme.atlassian.net/browse/PLAT-12", ACME, "PLAT-12"),
    "a link in a sentence": (f"See {ACME}/browse/PLAT-12, it is good.", ACME, "PLAT-12"),
    "a link and a full stop": (f"See {ACME}/browse/PLAT-12.", ACME, "PLAT-12"),
    "a link in brackets": (f"({ACME}/browse/PLAT-12)", ACME, "PLAT-12"),
    "a link and its key": (f"PLAT-12 {ACME}/browse/PLAT-12", ACME, "PLAT-12"),
    "a board": (
        f"{ACME}/jira/software/c/projects/PLAT/boards/1?selectedIssue=PLAT-12",
        ACME,
        "PLAT-12",
    ),
    "a board with more in its query": (
        f"{ACME}/secure/RapidBoard.jspa?rapidView=3&selectedIssue=plat-12&quickFilter=9",
        ACME,
        "PLAT-12",
    ),
    "an issue view in a project": (f"{ACME}/projects/PLAT/issues/PLAT-12", ACME, "PLAT-12"),
    "Slack's link": (f"<{ACME}/browse/PLAT-12>", ACME, "PLAT-12"),
    "Slack's link with the key as its text": (f"<{ACME}/browse/PLAT-12|PLAT-12>", ACME, "PLAT-12"),
    "Slack's link with another text": (f"<{ACME}/browse/PLAT-12|this one>", ACME, "PLAT-12"),
    "Slack's link with another key as its text": (
        f"<{ACME}/browse/PLAT-12|PLAT-13>",
        ACME,
        "PLAT-12",
    ),
    "Slack's link in a sentence": (f"vote on <{ACME}/browse/PLAT-12|it>!", ACME, "PLAT-12"),
    "Slack's link with an escaped query": (
        f"<{ACME}/secure/RapidBoard.jspa?rapidView=3&amp;selectedIssue=PLAT-12>",
        ACME,
        "PLAT-12",
    ),
    "full-width letters": ("ＰＬＡＴ－１２", ACME, "PLAT-12"),
    "a full-width letter": ("ＰLAT-12", ACME, "PLAT-12"),
    "a full-width digit": ("PLAT-1２", ACME, "PLAT-12"),
    "a full-width underscore": ("MY＿APP-7", ACME, "MY_APP-7"),
    "the hyphen of a Japanese keyboard": ("ＰＬＡＴー１２", ACME, "PLAT-12"),
    "a soft hyphen": ("PLAT\u00ad12", ACME, "PLAT-12"),
    "a zero-width space in the number": ("PLAT-1\u200b2", ACME, "PLAT-12"),
    "a word joiner after the hyphen": ("PLAT-\u206012", ACME, "PLAT-12"),
    "a dash before it": ("–PLAT-12", ACME, "PLAT-12"),
    "two hyphens before it": ("--PLAT-12", ACME, "PLAT-12"),
    "a long dash and words": ("PLAT-12—the export", ACME, "PLAT-12"),
    "words and a long dash": ("the export—PLAT-12", ACME, "PLAT-12"),
    "slanted": ("_PLAT-12_", ACME, "PLAT-12"),
    "gone": ("~PLAT-12~", ACME, "PLAT-12"),
    "code": ("`PLAT-12`", ACME, "PLAT-12"),
    "a hash": ("#PLAT-12", ACME, "PLAT-12"),
    "an apostrophe": ("PLAT-12’s", ACME, "PLAT-12"),
    "full-width brackets": ("（PLAT-12）", ACME, "PLAT-12"),
    "corner brackets": ("「PLAT-12」", ACME, "PLAT-12"),
    "angle brackets as Slack sends them": ("&lt;PLAT-12&gt;", ACME, "PLAT-12"),
    "words of one case around it": ("課題PLAT-12を", ACME, "PLAT-12"),
    "Hebrew around it": ("הצבעהPLAT-12עכשיו", ACME, "PLAT-12"),
    "a link with another hyphen": (f"{ACME}/browse/PLAT‑12", ACME, "PLAT-12"),
    "a link without https": ("acme.atlassian.net/browse/PLAT-12", ACME, "PLAT-12"),
    "copied from Jira": ("[PLAT-12] Add UTF-8 support", ACME, "PLAT-12"),
    "copied from Jira, with another issue": ("[PLAT-12] Again after PLAT-11", ACME, "PLAT-12"),
    "in brackets among words": ("Re: [PLAT-12] fix the MD-5 sum", ACME, "PLAT-12"),
    "a summary behind it": ("PLAT-12: needs the COVID-19 page", ACME, "PLAT-12"),
    "an unknown look-alike behind it": ("PLAT-12 breaks on the ZX-81", ACME, "PLAT-12"),
    "a look-alike before it": ("Add UTF-8 support to PLAT-12", ACME, "PLAT-12"),
    "a link and a look-alike": (f"{ACME}/browse/PLAT-12 breaks SHA-256", ACME, "PLAT-12"),
    "a look-alike and a link": (f"SHA-256: {ACME}/browse/PLAT-12", ACME, "PLAT-12"),
    "beside a link to elsewhere": ("PLAT-12 https://github.com/acme/a/pull/31", ACME, "PLAT-12"),
    "a link and one to elsewhere": (
        f"<https://github.com/acme/a|PR-7> {ACME}/browse/PLAT-12",
        ACME,
        "PLAT-12",
    ),
    "beside a link to no issue of the site": (f"PLAT-12 {ACME}/jira/your-work", ACME, "PLAT-12"),
    "an issue of a project named so": (f"{ACME}/projects/REST/issues/REST-12", ACME, "REST-12"),
    "an issue in a queue": (
        f"{ACME}/jira/servicedesk/projects/PLAT/queues/custom/7/PLAT-12",
        ACME,
        "PLAT-12",
    ),
    "a link in code": (f"`{ACME}/browse/PLAT-12`", ACME, "PLAT-12"),
    "a link and an ellipsis": (f"{ACME}/browse/PLAT-12…", ACME, "PLAT-12"),
    "a link among words without spaces": (f"{ACME}/browse/PLAT-12を見て", ACME, "PLAT-12"),
    "a link with the port of https": (f"{ACME}:443/browse/PLAT-12", ACME, "PLAT-12"),
    "a link with a full name": ("https://acme.atlassian.net./browse/PLAT-12", ACME, "PLAT-12"),
    "a site on a path": (f"{ON_A_PATH}/browse/PLAT-12", ON_A_PATH, "PLAT-12"),
    "a site on a port": (f"{ON_A_PORT}/browse/PLAT-12", ON_A_PORT, "PLAT-12"),
}

REFUSED = {
    "a page of Confluence": (f"{ACME}/wiki/spaces/PLAT/pages/1/PLAT-12", NotAnIssue),
    "a page of Confluence of that name": (f"<{ACME}/wiki/spaces/PLAT/PLAT-12|Plan>", NotAnIssue),
    "Jira's API": (f"{ACME}/rest/api/3/issue/PLAT-12", NotAnIssue),
    "a file": (f"{ACME}/secure/attachment/10001/PLAT-12", NotAnIssue),
    "a word": ("hello", NotAnIssue),
    "a number": ("12", NotAnIssue),
    "emoji alone": ("🔥🔥🔥", NotAnIssue),
    "3,000 characters": ("x" * 3000, NotAnIssue),
    "a one-letter project": ("X-1", NotAnIssue),
    "a project too long": ("ABCDEFGHIJK-1", NotAnIssue),
    "a leading zero": ("PLAT-012", NotAnIssue),
    "number zero": ("PLAT-0", NotAnIssue),
    "a project without a number": ("PLAT-", NotAnIssue),
    "a digit first": ("2FA-1", NotAnIssue),
    "part of a longer word": ("PLAT-12-final", NotAnIssue),
    "part of a German word": ("Prüfung-12", NotAnIssue),
    "part of a German word, its dots apart": ("Pru\u0308fung-12", NotAnIssue),
    "behind a Cyrillic letter": ("жPLAT-12", NotAnIssue),
    "before a Greek letter": ("PLAT-12λ", NotAnIssue),
    "behind a letter in a circle": ("ⓅLAT-12", NotAnIssue),
    "behind a letter in a square": ("🅿LAT-12", NotAnIssue),
    "behind a letter of mathematics": ("𝐏LAT-12", NotAnIssue),
    "before a superscript": ("PLAT-12²", NotAnIssue),
    "before a fraction": ("PLAT-12½", NotAnIssue),
    "before an Arabic digit": ("PLAT-1٢", NotAnIssue),
    "with dots on its last digit": ("PLAT-12\u0308", NotAnIssue),
    "behind an ordinal": ("ªPLAT-12", NotAnIssue),
    "part of a branch": ("feature-PLAT-12", NotAnIssue),
    "part of a name": ("my_old_fix_PLAT-12", NotAnIssue),
    "part of an address": ("plat-12@acme.example", NotAnIssue),
    "a decimal number": ("PLAT-12.5", NotAnIssue),
    "two numbers": ("PLAT-12,13", NotAnIssue),
    "a range": ("PLAT-12–14", NotAnIssue),
    "turned around on the screen": ("\u202e21-TALP PLAT-12", NotAnIssue),
    "a link to the site, not to an issue": (f"{ACME}/jira/your-work", NotAnIssue),
    "a link to the site alone": (ACME, NotAnIssue),
    "a link that is none": ("https://[/browse/PLAT-12", BadInput),
    "a host that is none": ("https://acme℀.net/browse/PLAT-12", BadInput),
    "a link without a host": ("https:///browse/PLAT-12", BadInput),
    "two keys": ("PLAT-12 PLAT-13", SeveralIssues),
    "a key and a link": (f"PLAT-13 {ACME}/browse/PLAT-12", SeveralIssues),
    "a key and what looks like one at the start": ("UTF-8 in PLAT-12", SeveralIssues),
    "two keys and a word": ("PLAT-12 and OTHER-1", SeveralIssues),
    "two keys and a comma": ("PLAT-12, PLAT-13", SeveralIssues),
    "two keys of a project and words": ("PLAT-12 is like PLAT-13", SeveralIssues),
    "two keys among words": ("first PLAT-12 and then OTHER-1", SeveralIssues),
    "two in brackets": ("[PLAT-12] and later [PLAT-13]", SeveralIssues),
    "two links": (f"{ACME}/browse/PLAT-12 {ACME}/browse/OTHER-1", SeveralIssues),
    "many keys": (" ".join(f"PLAT-{n}" for n in range(1, 400)), SeveralIssues),
    "another site": ("https://other.atlassian.net/browse/PLAT-12", OtherSite),
    "another site in Slack's form": (
        "<https://other.atlassian.net/browse/PLAT-12|PLAT-12>",
        OtherSite,
    ),
    "another site without https": ("other.atlassian.net/browse/PLAT-12", OtherSite),
    "a site that begins like ours": (
        "https://acme.atlassian.net.evil.example/browse/PLAT-12",
        OtherSite,
    ),
    "a site that ends like ours": ("https://evilacme.atlassian.net/browse/PLAT-12", OtherSite),
    "our site as a user name": ("https://acme.atlassian.net@evil.example/browse/A-1", OtherSite),
    "our site as a user name with a password": (
        "https://acme.atlassian.net:x@evil.example/browse/PLAT-12",
        OtherSite,
    ),
    "our site behind a backslash": (
        "https://evil.example\\@acme.atlassian.net/browse/PLAT-12",
        OtherSite,
    ),
    "our site in the path": ("https://evil.example/acme.atlassian.net/PLAT-12", OtherSite),
    "our site on another port": (f"{ACME}:8443/browse/PLAT-12", OtherSite),
}


@pytest.mark.parametrize(("text", "site", "key"), UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_an_issue_is_understood(text: str, site: str, key: str) -> None:
    assert find_issue(text, site) == key


@pytest.mark.parametrize(("text", "error"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_issue_of_this_site_is_refused(text: str, error: type[BadInput]) -> None:
    with pytest.raises(error) as refused:
        find_issue(text, ACME)

    assert "Nothing was changed." in sentence(refused.value)
    assert len(sentence(refused.value)) < 300


@pytest.mark.parametrize("dash", DASHES, ids=[f"U+{ord(dash):04X}" for dash in DASHES])
def test_every_dash_is_a_hyphen(dash: str) -> None:
    assert find_issue(f"PLAT{dash}12", ACME) == "PLAT-12"


@pytest.mark.parametrize(
    ("text", "letter"),
    [("РLAT-12", "Р"), ("plаt-12", "а"), ("ΡLAT-12", "Ρ"), ("МОСТ-12", "М"), ("OТHER-1!", "Т")],
)
def test_letters_that_only_look_like_latin_are_named_in_the_refusal(text: str, letter: str) -> None:
    with refuses(OtherAlphabet, says=f"“{letter}” in it only looks like a Latin letter"):
        find_issue(text, ACME)


@pytest.mark.parametrize(
    ("typed", "echo"),
    [
        ("*bold* _x_ ~y~ `z`", "*bold* _x_ ~y~ `z`"),
        ("&lt;!channel&gt; &amp; @here", "<!channel> & @here"),
        ("Ｗhat‑ever", "Ｗhat‑ever"),
        ("two\nlines", "two lines"),
        ("x" * 100, "x" * 59 + "…"),
    ],
)
def test_the_refusal_repeats_what_was_typed(typed: str, echo: str) -> None:
    with pytest.raises(NotAnIssue) as refused:
        find_issue(typed, ACME)

    assert f"I found no issue in “{echo}”." in unmarked(sentence(refused.value))


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\N{NO-BREAK SPACE}", "\u200b"])
def test_nothing_means_the_channels_own_issue(text: str) -> None:
    assert find_issue(text, ACME) is None


def test_several_issues_are_named_in_the_refusal() -> None:
    with refuses(SeveralIssues, says="I found PLAT-1, PLAT-2 and PLAT-3"):
        find_issue("plat-1 plat-2 plat-3", ACME)


def test_the_refusal_of_a_link_says_where_it_leads_and_where_ours_are() -> None:
    with refuses(OtherSite, says=r"leads to evil\.example, .* votes on acme\.atlassian\.net"):
        find_issue("https://EVIL.example/browse/PLAT-12".lower(), ACME)


def test_an_address_is_made_of_the_site_and_the_key() -> None:
    assert issue_url(ON_A_PATH, "PLAT-12") == "https://jira.example.com/jira/browse/PLAT-12"
    assert host_of("https://Acme.Atlassian.net:8443/x") == "acme.atlassian.net:8443"


LETTERS = "abcdefghijklmnopqrstuvwxyz"
keys = st.from_regex(r"[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,9}", fullmatch=True)
sites = st.sampled_from([ACME, ON_A_PATH, ON_A_PORT])


@st.composite
def in_some_case(draw: st.DrawFn, words: st.SearchStrategy[str]) -> tuple[str, str]:
    """Return a word, and the same with each letter in either case."""
    word = draw(words)
    ups = draw(st.lists(st.booleans(), min_size=len(word), max_size=len(word)))
    return word, "".join(c.upper() if up else c.lower() for c, up in zip(word, ups, strict=True))


# Text in which nothing can be a key or a link, and which cannot become part of one.
harmless = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cs", "Pd", "Cf", "Sm", "Mn"),
        exclude_characters="-<>|:/@⁃➖˗ーｰ",
    )
)
apart = st.sampled_from([" ", "\n", "(", ")", ",", "“", "🔥", "#"])


@given(in_some_case(keys), harmless, apart, apart, harmless, sites)
def test_a_key_in_any_case_and_company_is_found(
    key: tuple[str, str], before: str, left: str, right: str, after: str, site: str
) -> None:
    meant, typed = key
    # "PLAT-12,5" goes on as a number does, so it is no key.
    assume(right != "," or not re.match("[0-9\uff10-\uff19]", after))

    assert find_issue(f"{before}{left}{typed}{right}{after}", site) == meant


@given(in_some_case(keys), sites, st.sampled_from(["{}", "<{}>", "<{}|{}>", "see {} now"]))
def test_the_address_of_an_issue_leads_back_to_it(
    key: tuple[str, str], site: str, form: str
) -> None:
    meant, typed = key

    assert find_issue(form.format(issue_url(site, typed), meant), site) == meant


def test_the_api_of_a_site_on_a_path_names_no_issue() -> None:
    with pytest.raises(NotAnIssue):
        find_issue(f"{ON_A_PATH}/rest/agile/1.0/issue/PLAT-12", ON_A_PATH)


bits = st.sampled_from(
    [
        "PLAT-12",
        "https://",
        "http://[",
        "]",
        "@",
        "℀",
        ACME,
        "/browse/",
        "?selectedIssue=",
        "<",
        ">",
        "|",
        "&amp;",
        "`",
        "%",
        "%2F",
        "\\",
        "<!channel>",
        ":99999999",
        " ",
        "\x00",
    ]
)


@given(st.one_of(st.text(), st.lists(st.one_of(bits, st.text(max_size=5))).map("".join)))
@example("http://[")
@example("ſAM-1")
@example("\N{KELVIN SIGN}AT-1")
@example("https://\N{KELVIN SIGN}.example/browse/PLAT-12")
@example("<https://<!channel>&`@here`/PLAT-12>")
@example("x" * 3000)
def test_any_text_gives_a_key_or_nothing_or_a_short_harmless_refusal(text: str) -> None:
    try:
        key = find_issue(text, ACME)
    except BadInput as error:
        echoes = re.findall(
            "“(.*)”|leads to (.*), but this|I found (.*)\\. No", sentence(error), re.S
        )
        assert len(echoes) == 1
        echo = "".join(echoes[0])
        assert len(undirected(decoded(echo))) <= 130
        assert not set("<>*_~`") & set(echo)
        assert len(echo.splitlines()) <= 1
    else:
        assert key is None or re.fullmatch(r"[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,9}", key)
        assert (key is None) == (not in_sight(text).strip())


LETTERS_AND_DIGITS = st.characters(categories=("Lu", "Ll", "Lt", "Nd"))


@given(keys, LETTERS_AND_DIGITS, st.booleans())
def test_a_key_that_touches_a_letter_or_digit_is_never_acted_on(
    key: str, mark: str, before: bool
) -> None:
    """But as part of another key, if that is what it makes."""
    text = f"{mark}{key}" if before else f"{key}{mark}"

    try:
        found = find_issue(text, ACME)
    except BadInput:
        found = None

    folded = text.translate({code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B)})
    assert found in (None, folded.upper())


@given(
    st.lists(
        st.one_of(bits, st.sampled_from("PLATplat-12ＰＬ１‑–ー．_[]（）"), st.text(max_size=3))
    )
)
def test_a_key_that_is_acted_on_stands_in_what_was_typed(parts: list[str]) -> None:
    text = "".join(parts)

    try:
        key = find_issue(text, ACME)
    except BadInput:
        key = None

    seen = unicodedata.normalize("NFKC", in_sight(re.sub("[\u00ad\u30fc\uff70]", "-", text)))
    seen = "".join("-" if unicodedata.category(mark) in ("Pd", "Sm") else mark for mark in seen)
    assert key is None or key in unquote(seen).upper()


@given(st.text(LETTERS + ".@:\\-", min_size=1, max_size=40))
def test_only_the_very_host_of_the_site_is_ours(host: str) -> None:
    link = f"https://{host}/browse/PLAT-12"

    try:
        key = find_issue(link, ACME)
    except BadInput:
        key = None

    assert key is None or urlsplit(link).hostname == urlsplit(ACME).hostname


@pytest.mark.parametrize(
    ("text", "meant"),
    {
        "PLAT-12": NamedIssue("PLAT-12"),
        f"{ACME}/browse/PLAT-12": NamedIssue("PLAT-12", ACME),
        f"{LABS}/browse/PLAT-12": NamedIssue("PLAT-12", LABS),
        f"<{LABS}/browse/PLAT-12|PLAT-12>": NamedIssue("PLAT-12", LABS),
        f"PLAT-12 {LABS}/browse/plat-12": NamedIssue("PLAT-12", LABS),
        "labs.atlassian.net/browse/PLAT-12": NamedIssue("PLAT-12", LABS),
        f"{LABS}/boards/1?selectedIssue=PLAT-12": NamedIssue("PLAT-12", LABS),
    }.items(),
)
def test_of_several_sites_a_link_tells_which_one_is_meant(text: str, meant: NamedIssue) -> None:
    assert issues.find_issue(text, (ACME, LABS)) == meant


def test_the_same_key_on_two_sites_is_two_issues() -> None:
    both = f"{ACME}/browse/PLAT-12 {LABS}/browse/PLAT-12"

    named = [f"PLAT-12 on {host_of(site)}" for site in (ACME, LABS)]
    with refuses(SeveralIssues, " and ".join(named)):
        issues.find_issue(both, (ACME, LABS))


def test_a_link_to_none_of_several_sites_is_refused_and_names_ours() -> None:
    with pytest.raises(OtherSite) as refused:
        issues.find_issue("https://evil.example/browse/PLAT-12", (ACME, LABS))

    assert "this workspace votes on acme.atlassian.net and labs.atlassian.net" in sentence(
        refused.value
    )
