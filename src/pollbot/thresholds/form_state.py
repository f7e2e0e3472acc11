"""The form of a threshold while somebody fills it in, and the rule that comes of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from pollbot.errors import BadField, BadInput, StaleForm
from pollbot.polls.forms.state import chosen_in, text_in, value_in
from pollbot.thresholds.rules import Rule, Threshold, number_of, subject_of

SUBJECT_FIELD = "subject"
VOTES_FIELD = "votes"
CHANNEL_FIELD = "channel"
SITE_FIELD = "site"


@dataclass(frozen=True, slots=True)
class ThresholdForm:
    """The form as somebody has filled it in so far, with what stands in its fields.

    ``threshold`` is the id of the one that is edited, empty for a new one; ``to`` a channel that
    was named in a command, which the form cannot know. ``shown`` tells for what it shows what it
    would have done, empty while it shows nothing.
    """

    subject: str = ""
    votes: str = ""
    channel: str = ""
    site: str = ""
    threshold: str = ""
    to: str = ""
    shown: str = ""


def form_of(threshold: Threshold) -> ThresholdForm:
    """Return the form that edits this threshold."""
    rule = threshold.rule
    return ThresholdForm(
        subject=rule.subject,
        votes=str(rule.votes),
        channel=rule.channel_id,
        site=threshold.site,
        threshold=threshold.id,
    )


def rule_of(form: ThresholdForm, sites: Sequence[str]) -> tuple[Rule, str]:
    """Return the rule as it was wished, and on which site. Raises BadField."""
    try:
        what, subject, site = subject_of(form.subject, sites)
    except BadInput as error:
        raise BadField(SUBJECT_FIELD, error) from error
    try:
        votes = number_of(form.votes)
    except BadInput as error:
        raise BadField(VOTES_FIELD, error) from error
    return Rule(what, subject, votes, form.channel), site or form.site


def marked(form: ThresholdForm, rule: Rule, site: str) -> ThresholdForm:
    """Return the form with the mark that it shows what this rule would have done."""
    return replace(form, shown=_mark_of(rule, site))


def is_shown(form: ThresholdForm, rule: Rule, site: str) -> bool:
    """Return whether the form has shown what this rule would have done, wherever it tells."""
    return form.shown == _mark_of(rule, site)


def _mark_of(rule: Rule, site: str) -> str:
    told = f"{site} {rule.what} {rule.votes} {rule.subject}"
    return hashlib.sha256(told.encode()).hexdigest()[:20]


class _Memory(BaseModel):
    """What the form keeps besides its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    v: Literal[1]
    site: str = ""
    threshold: str = ""
    shown: str = ""


def memory_of(form: ThresholdForm) -> str:
    """Return what the form keeps besides its fields."""
    memory = _Memory(v=1, site=form.site, threshold=form.threshold, shown=form.shown)
    return memory.model_dump_json(exclude_defaults=True)


def read_threshold_form(view: Mapping[str, Any]) -> ThresholdForm:
    """Return the form as it was filled in. Raises StaleForm if it is not one of ours."""
    try:
        memory = _Memory.model_validate_json(view["private_metadata"])
    except (KeyError, TypeError, ValidationError) as error:
        raise StaleForm from error
    values = view.get("state", {}).get("values", {})
    return ThresholdForm(
        subject=text_in(values, SUBJECT_FIELD),
        votes=text_in(values, VOTES_FIELD),
        channel=str(value_in(values, CHANNEL_FIELD, "selected_conversation") or ""),
        site=chosen_in(values, SITE_FIELD) or memory.site,
        threshold=memory.threshold,
        shown=memory.shown,
    )
