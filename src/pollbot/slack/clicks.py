"""What each button remembers between the message and the click."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pollbot.errors import StaleButton
from pollbot.slack.shapes import read_json

PollId = Annotated[str, Field(min_length=1, max_length=60)]
CardId = Annotated[str, Field(max_length=40)]
IssueKey = Annotated[str, Field(min_length=3, max_length=40)]
SiteUrl = Annotated[str, Field(min_length=1, max_length=300)]
OptionId = Annotated[str, Field(max_length=150, pattern=r"^[^\x00-\x1f]+$")]

MOST_VOTES = 10
"""Votes that one button takes back."""
MOST_WORDS = 600
"""Characters of a message that a button remembers; JSON may make six of one."""

CHOOSE = "choose"
"""The action_id of a select of options; its block_id says which poll and card."""


class Click(BaseModel):
    """Packed into a button's ``value`` and read back when it is pressed.

    Buttons outlive deployments: whoever presses last year's is told so
    (StaleButton). Nothing about other people is ever in here.
    """

    # Of some eighty kinds few are pressed soon after a start: what reads one is made then.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    action_id: ClassVar[str]

    def pack(self) -> str:
        """Return the button's value, far below Slack's 2,000 characters."""
        return self.model_dump_json(exclude_none=True)

    @classmethod
    def unpack(cls, action: Mapping[str, Any]) -> Self:
        """Return what the button remembered. Raises StaleButton if it is not understood."""
        try:
            return cls.model_validate_json(action["value"])
        except (KeyError, TypeError, ValidationError) as error:
            raise StaleButton from error

    @classmethod
    def chosen(cls, action: Mapping[str, Any]) -> Self | None:
        """Return what a menu's choice or a button remembered; None if that is another deed."""
        choice = action.get("selected_option")
        try:
            return cls.unpack(choice if isinstance(choice, Mapping) else action)
        except StaleButton:
            return None

    @classmethod
    def nth(cls, place: int) -> str:
        """Return the action_id of one of several such buttons in a row: Slack wants them unique."""
        return f"{cls.action_id}:{place}"

    @classmethod
    def pattern(cls) -> re.Pattern[str]:
        """Return what matches the action_id of each such button, alone or in a row."""
        return re.compile(rf"\A{re.escape(cls.action_id)}(?::\d+)?\Z")


class _OnSite(Click):
    """Version 1 knows no site: it is that of when there was but one."""

    v: Literal[1, 2] = 1
    site: SiteUrl | None = None

    @model_validator(mode="before")
    @classmethod
    def _versioned(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        version = 1 if given.get("site") is None else 2
        if given.get("v", version) != version:
            raise ValueError("not what that version remembers")
        return {"v": version} | given


class _OnIssue(_OnSite):
    issue: IssueKey
    card: str | None = Field(default=None, max_length=40)


class VoteClick(_OnIssue):
    """My vote on this issue stands."""

    action_id = "vote"


class WithdrawClick(_OnIssue):
    """I have no vote on this issue."""

    action_id = "withdraw"


class WithdrawAllClick(_OnSite):
    """I have no vote on any of these issues."""

    action_id = "withdraw_all"
    issues: tuple[IssueKey, ...] = Field(min_length=1, max_length=MOST_VOTES)


class PaneVoteClick(_OnIssue):
    """My vote on this issue stands; I see what becomes of it in the pane where I click."""

    action_id = "pane_vote"


class PaneWithdrawClick(_OnIssue):
    """I have no vote on this issue; I see what becomes of it in the pane where I click."""

    action_id = "pane_withdraw"


class WatchClick(_OnIssue):
    """I watch this issue."""

    action_id = "watch"


class UnwatchClick(_OnIssue):
    """I do not watch this issue. ``deed`` tells it from the other in a menu that has both."""

    action_id = "unwatch"
    deed: Literal["unwatch"]


class ConnectClick(_OnSite):
    """Open the form that connects my Jira account; on this site, where one is meant."""

    action_id = "connect_jira"


FORGET_ME = "forget me"
"""The words behind /pollbot that show what is kept of somebody."""


class WordsClick(Click):
    """Do what I wrote in a message, which needs a form."""

    action_id = "words"
    v: Literal[1] = 1
    typed: str = Field(max_length=MOST_WORDS)
    thread: str | None = Field(default=None, max_length=40)


class HomePageClick(Click):
    """Show these pages of what is listed on my Home."""

    action_id = "home_page"
    v: Literal[1] = 1
    waiting: int = Field(default=0, ge=0, le=1000)
    polls: int = Field(default=0, ge=0, le=1000)
    votes: int = Field(default=0, ge=0, le=1000)
    schedules: int = Field(default=0, ge=0, le=1000)


class NewVoteClick(Click):
    """Open the form that asks which issue to vote on."""

    action_id = "new_vote"
    v: Literal[1] = 1


class InviteClick(Click):
    """Open the form that asks whom to invite to connect their Jira account."""

    action_id = "invite"
    v: Literal[1] = 1


class PreviewsClick(Click):
    """This is what this channel shows below links to issues from now on."""

    action_id = "previews"
    v: Literal[1] = 1
    shown: Literal["off", "public", "poster"]


class _OnProject(Click):
    v: Literal[1] = 1
    site: str = Field(default="", max_length=300)
    project: str = Field(default="", max_length=20)


class MuteClick(_OnProject):
    """Do not tell me when issues are resolved that I voted for; of all projects without one."""

    action_id = "mute_shipped"


class UnmuteClick(_OnProject):
    """Tell me that again."""

    action_id = "unmute_shipped"


class WorkObjectsClick(Click):
    """Previews in this workspace are Work Objects from now on, or blocks."""

    action_id = "work_objects"
    v: Literal[1] = 1
    on: bool


class SignInClick(Click):
    """Go to where I sign in; Slack opens the address by itself, and tells of it."""

    action_id = "sign_in"
    v: Literal[1] = 1


class RemindersClick(Click):
    """Polls remind me from now on, or do not."""

    action_id = "reminders"
    v: Literal[1] = 1
    wanted: bool


class SeeCardClick(Click):
    """Go to where a card hangs; Slack opens the address by itself, and tells of it."""

    action_id = "see_card"
    v: Literal[1] = 1


class _OnPoll(Click):
    v: Literal[1] = 1
    poll: PollId


class AnswerClick(_OnPoll):
    """This option is my answer; where several are allowed, one of them, or no longer."""

    action_id = "answer"
    option: OptionId
    card: CardId | None = None


class SetAnswerClick(_OnPoll):
    """Exactly these options are my answer; none of them withdraws it."""

    action_id = "set_answer"
    options: tuple[OptionId, ...] = Field(max_length=4)


class MyAnswerClick(_OnPoll):
    """Show me, and only me, what my answer is."""

    action_id = "my_answer"
    card: CardId | None = None


class CommentClick(_OnPoll):
    """Open the form for a comment on my answer."""

    action_id = "comment"


class AddOptionClick(_OnPoll):
    """Open the form in which I add an option to this poll."""

    action_id = "add_poll_option"


class NotAnsweredClick(_OnPoll):
    """Show me who has not answered this poll."""

    action_id = "not_answered"


class NudgeClick(_OnPoll):
    """Remind those who have not answered this poll, once."""

    action_id = "nudge"


class MoreClick(_OnPoll):
    """Open what else can be done with this poll."""

    action_id = "more"
    card: CardId | None = None


class ShowResultsClick(_OnPoll):
    """Show me the results, in this view; in a window, this page of them."""

    action_id = "show_results"
    view: str = Field(max_length=20)
    page: int | None = Field(default=None, ge=0)


class NamesClick(_OnPoll):
    """Show me everybody who answered, this page of them."""

    action_id = "names"
    page: int = Field(default=0, ge=0)


class PostPollClick(_OnPoll):
    """Post this poll's card here."""

    action_id = "post_poll"


class PollsPageClick(_OnSite):
    """Show this page of the list of polls on an issue or page, or of the plain ones here."""

    action_id = "polls_page"
    kind: Literal["plain", "issue", "page"]
    subject: str = Field(max_length=40)
    page: int = Field(ge=0, le=100_000)


class SearchClick(_OnSite):
    """Look for polls in a window that begins with these wishes."""

    action_id = "search_polls"
    text: str = Field(default="", max_length=150)
    state: Literal["all", "open", "closed"] = "all"
    days: int | None = Field(default=None, ge=1, le=36_500)
    mine: bool = False
    channel: str = Field(default="", max_length=40)
    kind: Literal["plain", "issue", "page"] = "plain"
    subject: str = Field(default="", max_length=40)


class FoundPageClick(SearchClick):
    """Show this page of the polls that were found by these wishes."""

    action_id = "found_page"
    page: int = Field(ge=0, le=100_000)


class TurnFoundClick(Click):
    """Show this page of the polls that are found by what stands in the window."""

    action_id = "turn_found"
    v: Literal[1] = 1
    page: int = Field(ge=0, le=100_000)


class DropPollClick(Click):
    """This poll of mine, which waits to be made, is not to be made."""

    action_id = "drop_poll"
    v: Literal[1] = 1
    waiting: str = Field(min_length=1, max_length=40)


class EditClick(_OnPoll):
    """Open the form that edits this poll."""

    action_id = "edit_poll"


class CloseClick(_OnPoll):
    """This poll takes no more answers."""

    action_id = "close_poll"


class OwnersClick(_OnPoll):
    """Open the form that says who may manage this poll."""

    action_id = "poll_owners"


class DeleteClick(_OnPoll):
    """This poll is no more."""

    action_id = "delete_poll"


class ReopenClick(_OnPoll):
    """This poll takes answers again."""

    action_id = "reopen_poll"


class CopyClick(_OnPoll):
    """Make the same poll anew, without its answers, and post it where this one hangs."""

    action_id = "copy_poll"
    card: CardId | None = None


class DuplicateClick(_OnPoll):
    """Open the form of a new poll, filled in with all of this one."""

    action_id = "duplicate_poll"
    card: CardId | None = None


class ShareClick(_OnPoll):
    """Show me where this poll hangs, and let me hang it up elsewhere."""

    action_id = "share_poll_in"


class TakeDownClick(_OnPoll):
    """Take this card of the poll down."""

    action_id = "take_down"
    card: CardId


class SaveTemplateClick(_OnPoll):
    """Keep what this poll asks as a template of mine."""

    action_id = "save_as_template"


class _OnTemplate(Click):
    v: Literal[1] = 1
    template: str = Field(min_length=1, max_length=40)


class UseTemplateClick(_OnTemplate):
    """Open the form of a new poll, for this channel, with what the template asks."""

    action_id = "use_template"
    channel: str = Field(max_length=40)


class EditTemplateClick(_OnTemplate):
    """Open the form that names this template, and shares it."""

    action_id = "edit_template"


class DeleteTemplateClick(_OnTemplate):
    """This template is no more."""

    action_id = "delete_template"
    channel: str = Field(max_length=40)


class TakeTemplateClick(_OnTemplate):
    """This shared template is mine from now on."""

    action_id = "take_template"
    channel: str = Field(max_length=40)


class TemplatesPageClick(Click):
    """Show this page of the templates that I may use."""

    action_id = "templates_page"
    v: Literal[1] = 1
    channel: str = Field(max_length=40)
    page: int = Field(ge=0, le=100_000)


class ExportClick(_OnPoll):
    """Ask me as which files I want to have this poll."""

    action_id = "export_poll"


class ExportAsClick(_OnPoll):
    """Send me, and only me, this poll as files of that kind."""

    action_id = "export_poll_as"
    kind: Literal["csv", "json"]


class RecordClick(_OnPoll):
    """Write this poll's result on its issue."""

    action_id = "record_result"


class ScheduleClick(_OnPoll):
    """Open the form that posts this poll's results by itself."""

    action_id = "schedule_poll"


class ScheduleIssueClick(_OnIssue):
    """Open the form that posts this issue's votes by itself."""

    action_id = "schedule_issue"


class NewListClick(Click):
    """Open the form that posts an issue, or a list of issues, to vote on now."""

    action_id = "new_list"
    v: Literal[1] = 1


class NewScheduleClick(Click):
    """Open the form for a schedule of issues that JQL finds."""

    action_id = "new_schedule"
    v: Literal[1] = 1
    what: Literal["top", "ballot"]


class SchedulesPageClick(Click):
    """Show this page of the list of schedules."""

    action_id = "schedules_page"
    v: Literal[1] = 1
    page: int = Field(ge=0, le=1000)


class _OnSchedule(Click):
    v: Literal[1] = 1
    schedule: str = Field(min_length=1, max_length=40)


class RunNowClick(_OnSchedule):
    """Post it now; its next due time stays. Once per press, whoever delivers it twice."""

    action_id = "run_schedule"


class PauseClick(_OnSchedule):
    """Nothing of this schedule is posted until it is resumed."""

    action_id = "pause_schedule"


class ResumeClick(_OnSchedule):
    """This schedule goes on with its next due time."""

    action_id = "resume_schedule"


class EditScheduleClick(_OnSchedule):
    """Open the form that edits this schedule."""

    action_id = "edit_schedule"


class DeleteScheduleClick(_OnSchedule):
    """This schedule is no more."""

    action_id = "delete_schedule"


class TellClick(_OnIssue):
    """Open the form that tells once this issue has so many votes; ``deed`` as for a menu's."""

    action_id = "tell"
    deed: Literal["tell"]


class NewThresholdClick(Click):
    """Open the form for a threshold."""

    action_id = "new_threshold"
    v: Literal[1] = 1


class ThresholdsPageClick(Click):
    """Show this page of the list of thresholds."""

    action_id = "thresholds_page"
    v: Literal[1] = 1
    page: int = Field(ge=0, le=1000)


class _OnThreshold(Click):
    v: Literal[1] = 1
    threshold: str = Field(min_length=1, max_length=40)


class PauseThresholdClick(_OnThreshold):
    """This threshold tells nothing until it is resumed."""

    action_id = "pause_threshold"


class ResumeThresholdClick(_OnThreshold):
    """This threshold goes on."""

    action_id = "resume_threshold"


class EditThresholdClick(_OnThreshold):
    """Open the form that edits this threshold."""

    action_id = "edit_threshold"


class DeleteThresholdClick(_OnThreshold):
    """This threshold is no more."""

    action_id = "delete_threshold"


class ChooseClick(BaseModel):
    """A choice in a select, which has no value of its own for the poll and the card.

    ``several``: the select holds the whole answer, not one more option.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    poll: PollId
    card: CardId
    options: tuple[OptionId, ...]
    several: bool

    @classmethod
    def unpack(cls, action: Mapping[str, Any]) -> Self:
        """Return what was chosen. Raises StaleButton if it is not understood."""
        poll, card = read_poll_block_id(str(action.get("block_id")))
        several = "selected_options" in action
        try:
            chosen = action["selected_options"] if several else [action["selected_option"]]
            options = tuple(option["value"] for option in chosen)
            return cls(poll=poll, card=card, options=options, several=several)
        except (KeyError, TypeError, ValidationError) as error:
            raise StaleButton from error


_OF_VOTERS = frozenset(
    click.action_id
    for click in (AnswerClick, SetAnswerClick, MyAnswerClick, CommentClick, ShowResultsClick)
)


def read_voter_of(action: object) -> str | None:
    """Return the poll of a control for those who answer it; None if it is no such control.

    Empty if it does not tell of which poll. Never raises.
    """
    if not isinstance(action, Mapping):
        return None
    name = str(action.get("action_id"))
    if name == CHOOSE:
        return _read_select(action)[1] or ""
    if name.partition(":")[0] not in _OF_VOTERS:
        return None
    poll = _remembered(action.get("value")).get("poll")
    return poll if isinstance(poll, str) else ""


@dataclass(frozen=True, slots=True)
class OnCard:
    """What the buttons of a card remember: which card it is, and the options of its poll.

    ``site``: where its issue is; None where the button does not tell.
    """

    card: str
    poll: str | None
    issue: str | None
    site: str | None
    options: frozenset[str]


_Told = tuple[str | None, str | None, str | None, str | None, str | None]
"""The card, its poll, its issue and that one's site, and an option."""
_NOTHING: _Told = (None, None, None, None, None)


def read_card(blocks: object) -> OnCard | None:
    """Return what card a message's blocks are; None if they are none. Never raises."""
    found: list[tuple[str | None, str | None, str | None, str | None]] = []
    options: set[str] = set()
    for block, element in _elements(blocks):
        value = element.get("value")
        card, poll, issue, site, option = _told(value) if isinstance(value, str) else _NOTHING
        found.append((card, poll, issue, site))
        if option is not None:
            options.add(option)
        if element.get("action_id") == CHOOSE:
            found.append((*_read_select(block), None, None))
            options |= set(_values(element.get("options")))
    for card, poll, issue, site in found:
        if card is not None and (poll is not None or issue is not None):
            return OnCard(card, poll, issue if poll is None else None, site, frozenset(options))
    return None


def issues_on(blocks: object) -> list[str]:
    """Return what the buttons of a card vote on, once each: links, or keys of old buttons."""
    values = [_remembered(element.get("value")) for _, element in _elements(blocks)]
    named = [(value.get("issue"), value.get("site")) for value in values if "poll" not in value]
    return list(
        dict.fromkeys(
            f"{site}/browse/{key}" if isinstance(site, str) and site else key
            for key, site in named
            if isinstance(key, str)
        )
    )


def _elements(blocks: object) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each control of a message with the block that it stands in."""
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, dict):
            inside = block.get("elements")
            for element in inside if isinstance(inside, list) else [block.get("accessory")]:
                if isinstance(element, dict):
                    yield block, element


def _remembered(value: object) -> dict[str, Any]:
    """Return what a button remembers; empty if that is nothing of ours."""
    found = _json(value) if isinstance(value, str) and value.startswith("{") else None
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=4096)
def _told(value: str) -> _Told:
    """Return what a button tells of its card. A crowd presses the same card, so it is kept."""
    remembered = _remembered(value)
    card, poll, issue, site, option = (
        text if isinstance(text := remembered.get(name), str) and text else None
        for name in ("card", "poll", "issue", "site", "option")
    )
    return card, poll, issue, site, option


def _json(text: str) -> Any:
    try:
        return read_json(text)
    except (ValueError, RecursionError):
        return None


def _read_select(block: Mapping[str, Any]) -> tuple[str | None, str | None]:
    try:
        poll, card = read_poll_block_id(str(block.get("block_id")))
    except StaleButton:
        return None, None
    return card or None, poll or None


def _values(options: object) -> Iterator[str]:
    for option in options if isinstance(options, list) else []:
        if isinstance(option, Mapping) and isinstance(option.get("value"), str):
            yield option["value"]


def poll_block_id(poll_id: str, card_id: str) -> str:
    """Return the block_id of a select of this poll on this card."""
    return json.dumps([CHOOSE, poll_id, card_id], ensure_ascii=False)


def read_poll_block_id(block_id: str) -> tuple[str, str]:
    """Return the poll's and the card's id. Raises StaleButton if they are not understood."""
    try:
        kind, poll_id, card_id = _json(block_id)
    except (ValueError, TypeError) as error:
        raise StaleButton from error
    if kind != CHOOSE or not isinstance(poll_id, str) or not isinstance(card_id, str):
        raise StaleButton
    return poll_id, card_id
