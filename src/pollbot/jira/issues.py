"""Issue keys, links to issues, and an issue as somebody saw it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pollbot.jira.refusals import NotAnIssue, OtherAlphabet, OtherSite, SeveralIssues
from pollbot.text.dashes import DASHES, FOLDS, LONG_DASHES
from pollbot.text.writing import in_sight, unescaped

# Jira Cloud: a letter, then letters or digits, at most 10; older servers allow "_".
# No leading zero in the number.
_KEY = r"[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,9}"
_KEY_IN_TEXT = re.compile(rf"(?<![A-Z0-9]){_KEY}(?![A-Z0-9])", re.IGNORECASE | re.ASCII)
_WHOLE_KEY = re.compile(_KEY, re.IGNORECASE | re.ASCII)
# Slack writes a pasted link as <address|text>; people also paste bare ones, or leave https away.
_SLACK_LINK = re.compile(r"<(https?://[^<>|\s]+)(?:\|[^<>]*)?>", re.IGNORECASE)
_BARE_LINK = re.compile(
    r"(?:https?://|(?<![^\W_]|[@/.-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?::[0-9]+)?/)"
    r"(?:(?!&[lg]t;|(?<=[^\w/?=&%#])https?://)[^\s<>|])+",
    re.IGNORECASE,
)
# Pages of Confluence, Jira's API and files: their addresses may end as an issue's do.
_NO_ISSUE = re.compile(r"/(?:wiki|rest|secure/attachment)(?:/|$)", re.IGNORECASE)
# No longer than keys are: to look for the end of a word from each of its letters takes ever longer.
_PLACE = re.compile(r"[^\W\d_]\w{0,20}-[0-9]|/")
_WORD = re.compile(r"(?<!\w)[^\W\d_]\w{0,20}-[0-9]+")

_HYPHEN = re.compile(r"(?<=[A-Za-z_\uff21-\uff5a])[\u00ad\u30fc\uff70](?=[0-9\uff10-\uff19])")
_OVERRIDE = "\u202e"  # whoever sees what follows it reads it the other way round
_A_LINK = "\ufffc"

_OPENING, _CLOSING = tuple("[({<（［｛【〔〈《「『"), tuple("])}>）］｝】〕〉》」』")
_MARKS = "*_~`'\"“”‘’„‚«»‹› "
_CASED = re.compile(r"LATIN|CYRILLIC|GREEK|MODIFIER LETTER|INDICATOR")
# A mark right before a digit goes on with a number, as in 12.5, 12/13 and 12:30.
_GOES_ON = re.compile(r"[.,:/+&~'’·，．：／][0-9]|@\w")

# What is written like a key and hardly ever is one; where nothing else is named, it may be.
_LOOK_ALIKES = re.compile(
    r"AES|ARM|ASCII|BASE|CET|COVID|CP|CVE|CWE|DDR|EC|ECMA|FIPS|GMT|GPT|HTML|HTTPS?|IEC|IEEE|IPV?|"
    r"ISO|LATIN|MD|MP|NIST|PEP|PHP|PST|RFC|RSA|SARS|SHA[123]?|SSL|TCP|TLS|UCS|USB|UTC|UTF|WIN|X86"
)
_JOINING = re.compile(
    r"also|and|auch|bitte|dann|et|maybe|oder|or|ou|please|plus|then|too|und|vote|vs|[eoy]"
)
_SIMILAR = str.maketrans(
    "АВЕЅІЈКМНОРСТУХҮԚԜаеѕіјкмнорстухүԛԝѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυ",
    "ABESIJKMHOPCTYXYQWaesijkmhopctyxyqwvABEZHIKMNOPTYXaikvoptu",
)


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as one person saw it at one moment.

    ``voters`` is None where Jira does not show them to that person; it never
    means "nobody". ``voted`` is that person's own vote. ``is_idea``: it is one of Jira Product
    Discovery.
    """

    key: str
    summary: str
    status: str
    type: str
    votes: int
    voted: bool = False
    voters: tuple[str, ...] | None = None
    resolution: str | None = None
    reporter_id: str | None = None
    is_idea: bool = False


@dataclass(frozen=True, slots=True)
class IssueAt:
    """An issue's key, and the site on which it is: several may have the same keys."""

    site: str
    key: str


@dataclass(frozen=True, slots=True)
class NamedIssue:
    """An issue as a text names it; only a link tells its site."""

    key: str
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """An issue that somebody may mean; its summary is empty where it is not known."""

    site: str
    key: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Which issues an answer of Jira told of: the id of each, with its key of now.

    ``asked``: an earlier key of the one issue, for which Jira was asked. ``number`` grows with
    each question. ``may_lag``: it may be older than what Jira says to who asks for an issue.
    """

    site: str
    keys: tuple[tuple[str, str], ...]
    number: int
    asked: str | None = None
    may_lag: bool = False


def issue_url(site: str, key: str) -> str:
    """Return the address where people read the issue."""
    return f"{site}/browse/{key}"


def host_of(site: str) -> str:
    """Return the host (and port, where one is given) of an address, in lower case."""
    return urlsplit(site).netloc.lower()


def site_of(host: str, sites: Sequence[str]) -> str:
    """Return the site to which links with that host lead. Raises OtherSite."""
    for site in sites:
        if _plain_host(host) == _plain_host(host_of(site)):
            return site
    raise OtherSite(host, ", ".join(map(host_of, sites)))


def _plain_host(host: str) -> str:
    """Return a host without the port that https has anyway, and the dot that ends a full name."""
    return host.lower().removesuffix(":443").removesuffix(".")


def is_key(text: str) -> bool:
    """Return whether the text is an issue's key, and nothing else."""
    return re.fullmatch(_KEY, text, re.ASCII) is not None


# A key without its hyphen, or with more than that between its parts: said, and never acted on.
_NEAR = re.compile(
    r"\s*([a-z][a-z0-9]{0,8}[a-z])[\s_.:]*-?\s*0*([1-9][0-9]{0,8})[\s.]*", re.ASCII | re.IGNORECASE
)
_LIKE_A_POLL = re.compile(r"^\s*/?poll\b|[\"“”„«»]", re.IGNORECASE)


def find_issue(text: str, sites: Sequence[str]) -> NamedIssue | None:
    """Return the one issue that ``text`` names, its key in upper case; None for blank text.

    Keys may be in any case, stand among other words, or be links to one of ``sites``:
    /browse/KEY, a board with ?selectedIssue=KEY, or an issue view, bare or in
    Slack's <address|text> form; no page of Confluence, and none of Jira's API.
    Full-width letters and every kind of dash are read as the plain ones; part of a word
    is no key. A link to a site, a key in brackets and one at the start count for more
    than what only looks like a key; links to elsewhere count for nothing beside an
    issue. Raises NotAnIssue, OtherAlphabet, SeveralIssues or OtherSite.
    """
    if _WHOLE_KEY.fullmatch(text):
        return NamedIssue(text.upper())  # what buttons remember
    seen = in_sight(_HYPHEN.sub("-", text))
    if not seen.strip():
        return None
    if _OVERRIDE in text:
        raise NotAnIssue(unescaped(text))
    linked, wrong, rest = _without_links(seen, sites)
    keys = _meant([*_at_links(linked, rest), *_typed(rest)], rest)
    if len(keys) == 1:
        on = [site for site in sites if NamedIssue(keys[0], site) in linked]
        if len(on) > 1:
            raise SeveralIssues([f"{keys[0]} on {host_of(site)}" for site in on])
        return NamedIssue(keys[0], *on)
    if keys:
        raise SeveralIssues(keys[:5])
    if other := _other_alphabet(rest):
        raise OtherAlphabet(unescaped(text), other)
    if wrong:
        raise wrong[0]
    perhaps = _NEAR.fullmatch(rest.translate(FOLDS))
    key = f"{perhaps[1]}-{perhaps[2]}".upper() if perhaps else ""
    raise NotAnIssue(unescaped(text), key, is_poll=bool(_LIKE_A_POLL.search(rest)))


def mentioned(text: str, sites: Sequence[str]) -> list[NamedIssue]:
    """Return all issues that a message names, in its order and once each.

    Links to elsewhere name none, and what only looks like a key (UTF-8) is none, either.
    """
    linked, _, rest = _without_links(in_sight(_HYPHEN.sub("-", text)), sites)
    named = [one for one in (*_at_links(linked, rest), *_typed(rest)) if not one.doubtful]
    # "phase-2" is written like a key by people who write keys as Jira does.
    sure = [one for one in named if one.linked or rest[one.start : one.end].isupper()]
    found = sorted(sure or named, key=lambda one: one.start)
    return list(dict.fromkeys(NamedIssue(one.key, one.site) for one in found))


def may_name_issue(word: str) -> bool:
    """Return whether a word before a question is meant as an issue or an address, right or not."""
    return bool(_PLACE.search(_HYPHEN.sub("-", word).translate(FOLDS)))


@dataclass(frozen=True, slots=True)
class _Named:
    """A key that a text has in it, and where. ``first``: nothing but marks stands before it."""

    key: str
    start: int
    end: int
    first: bool
    linked: bool = False
    site: str | None = None
    in_brackets: bool = False

    @property
    def project(self) -> str:
        return self.key.rpartition("-")[0]

    @property
    def doubtful(self) -> bool:
        return bool(_LOOK_ALIKES.fullmatch(self.project)) and not self.linked


def links_in(text: str) -> list[str]:
    """Return the links in a text, in its order, without what Slack makes of them."""
    return _BARE_LINK.findall(_SLACK_LINK.sub(lambda link: f" {link.group(1)} ", text))


def _without_links(
    text: str, sites: Sequence[str]
) -> tuple[list[NamedIssue], list[NotAnIssue | OtherSite], str]:
    """Return the issues of a text's links, why others are none, and the text, unescaped.

    Where a link to an issue stood, it has a mark that no text has.
    """
    linked: list[NamedIssue] = []
    wrong: list[NotAnIssue | OtherSite] = []

    def read(match: re.Match[str]) -> str:
        link = match.group(1) if match.lastindex else match.group()
        try:
            issue, behind = _issue_in_link(link, sites)
        except (NotAnIssue, OtherSite) as error:
            wrong.append(error)
            return " "
        linked.append(issue)
        return _A_LINK + ("" if match.lastindex else behind)

    rest = _BARE_LINK.sub(read, _SLACK_LINK.sub(read, text.replace(_A_LINK, " ")))
    return linked, wrong, unescaped(rest)


def _at_links(linked: list[NamedIssue], text: str) -> Iterator[_Named]:
    places = [place for place, mark in enumerate(text) if mark == _A_LINK]
    for one, place in zip(linked, places, strict=True):
        first = _only_marks(text[:place])
        yield _Named(one.key, place, place + 1, first, linked=True, site=one.site)


def _typed(text: str) -> Iterator[_Named]:
    for match in _KEY_IN_TEXT.finditer(text.translate(FOLDS)):
        start, end = match.span()
        if _touches_before(text[:start]) or touches_after(text[end:]):
            continue
        before, after = text[:start].rstrip(_MARKS), text[end:].lstrip(_MARKS)
        brackets = before[-1:] in _OPENING and after[:1] in _CLOSING
        yield _Named(match.group().upper(), start, end, _only_marks(before), in_brackets=brackets)


def _only_marks(text: str) -> bool:
    return not any(mark.isalnum() or mark == _A_LINK for mark in text)


def _meant(named: list[_Named], text: str) -> list[str]:
    """Return the keys that are meant: one, if the others only look like issues beside it."""
    keys = list(dict.fromkeys(one.key for one in named))
    one = _strongest(named)
    if len(keys) < 2 or one is None:
        return keys
    others = [other for other in named if not _only_looks(other, one, text)]
    meant = {one.key, *(other.key for other in others)}
    return [key for key in keys if key in meant]


def _strongest(named: list[_Named]) -> _Named | None:
    """Return the key that counts for more than others that may stand beside it, if one does."""
    real = [one for one in named if not one.doubtful]
    by_strength = (
        [one for one in real if one.linked],
        [one for one in real if one.first],
        [one for one in real if one.in_brackets],
        real if len({one.key for one in real}) == 1 else [],
    )
    return next((strong[0] for strong in by_strength if strong), None)


def _only_looks(other: _Named, one: _Named, text: str) -> bool:
    """Return whether ``other`` only looks like an issue beside ``one``."""
    if other.doubtful:
        # At the start it was meant, unless a link says what else was.
        return not other.first or one.linked
    if other.linked or other.in_brackets or other.start < one.start:
        return False
    between = re.findall(r"[^\W\d_]+", text[one.end : other.start])
    if all(_JOINING.fullmatch(word.casefold()) for word in between):
        return False
    # Copied from Jira, "[PLAT-12] Again after PLAT-11" is one issue and its summary.
    return (one.first and one.in_brackets) or other.project != one.project


def _touches_before(text: str) -> bool:
    """Return whether the end of ``text`` makes one word with a key right behind it."""
    before = text.rstrip(f"_@{DASHES}")
    if text[-1:] in tuple(LONG_DASHES):
        return False
    while before and unicodedata.category(before[-1])[0] == "M":
        before = before[:-1]
    return bool(before) and _makes_words(before[-1])


def touches_after(text: str) -> bool:
    """Return whether the beginning of ``text`` makes one word with a key right before it."""
    if not text:
        return False
    if _GOES_ON.match(text.translate(FOLDS)) or unicodedata.category(text[0])[0] == "M":
        return True
    after = text.lstrip(f"_{DASHES}")
    if not after or (text[0] in LONG_DASHES and not after[0].isnumeric()):
        return False
    return _makes_words(after[0])


def _makes_words(mark: str) -> bool:
    """Return whether the mark is a digit, or a letter of a script that has two cases.

    Such scripts part their words, so a key beside one is part of a word. Letters in
    circles and the like count as what they stand for.
    """
    meant = mark + unicodedata.normalize("NFKC", mark)
    cased = any(each.isnumeric() or each.lower() != each.upper() for each in meant)
    return cased or bool(_CASED.search(unicodedata.name(mark, "")))


def _other_alphabet(text: str) -> str:
    """Return the letter that keeps a word from being a key, though it looks like a Latin one."""
    for match in _WORD.finditer(text.translate(FOLDS)):
        word = match.group()
        if not word.isascii() and _WHOLE_KEY.fullmatch(word.translate(_SIMILAR)):
            return next(mark for mark in word if not mark.isascii())
    return ""


def _issue_in_link(link: str, sites: Sequence[str]) -> tuple[NamedIssue, str]:
    """Return the issue to which a link leads, and what was written right behind it."""
    # Slack escapes the "&" of a query inside its <address|text> form.
    link = link.rstrip(".,;:!?)]}'\"”’」』").replace("&amp;", "&")
    parts = split_link(link)
    if parts is None:
        raise NotAnIssue(link)
    site = site_of(parts.netloc, sites)
    if _NO_ISSUE.match(parts.path.removeprefix(urlsplit(site).path)):
        raise NotAnIssue(link)
    for candidate in (
        *parse_qs(parts.query).get("selectedIssue", []),
        *reversed(unquote(parts.path).split("/")),
    ):
        found = _KEY_IN_TEXT.match(candidate.translate(FOLDS))
        behind = candidate[found.end() :] if found else ""
        # "PLAT-12.png" is a file.
        if found and not touches_after(behind) and not re.match(r"\.\w", behind):
            named = NamedIssue(found.group().upper(), site)
            return named, behind if link.endswith(candidate) else ""
    raise NotAnIssue(link)


def split_link(link: str) -> SplitResult | None:
    """Return the parts of a link, which may lack its scheme; None if it is none."""
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
    except ValueError:
        return None
    netloc = parts.netloc.translate(FOLDS)
    return parts._replace(netloc=netloc) if netloc else None
