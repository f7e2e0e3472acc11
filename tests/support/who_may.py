"""Who may what: a rule for each listener, and what each rule means for each kind of person."""

KINDS = (
    *("who did it", "an admin", "a co-owner", "a member", "a barred one"),
    *("a newcomer", "a guest", "a stranger", "who has left"),
)


def _all(most: str, **others: str) -> dict[str, str]:
    """Return what most may, and what these of them; nobody obeys a bot."""
    kinds = (*KINDS, "a bot")
    spelled = {kind.replace("-", "_").replace(" ", "_"): kind for kind in kinds}
    named = {spelled[name]: what for name, what in others.items()}
    return dict.fromkeys(KINDS, most) | {"a bot": "nothing"} | named


def _managers(most: str, **others: str) -> dict[str, str]:
    return _all(most, who_did_it="may", an_admin="may", **others)


RULES: dict[str, dict[str, str]] = {
    # Whoever sees a card or types a command. A stranger is somebody of a channel that is shared;
    # who has left can send nothing more, and what Slack brought of them before that counts.
    "everybody": _all("may"),
    "with an account": _all("may", a_newcomer="connects"),
    "who has an account": _all("may", a_newcomer="nothing"),
    "makers": _all("may", a_barred_one="MayNotMake"),
    "makers, with an account": _all("may", a_barred_one="MayNotMake", a_newcomer="connects"),
    # Team Voice's polls are for whoever may edit the issue in Jira: here, all who connected.
    "editors in Jira": _all("may", a_newcomer="connects"),
    "managers of the poll": _managers("OwnersOnly", a_co_owner="may"),
    "posters": _managers("PostersOnly", a_co_owner="may"),
    "managers of the schedule": _managers("OwnerOrAdminsOnly"),
    "managers of the word": _managers("ManagersOnly"),
    "owner of the word": _all("MakersOnly", who_did_it="may"),
    "owner of the template": _all("TemplateGone", who_did_it="may"),
    "admins": _managers("AdminsOnly"),
    # What is about whoever sends it: nothing of another's changes by it.
    "their own": _all("nothing", who_did_it="may"),
    "their own reminders": _all("their own", who_did_it="may"),
    # Of a co-owner there is a poll to be changed, too, as of whoever made it.
    "forgets themselves": _all(
        "their own", who_did_it="may", a_co_owner="may", a_newcomer="nothing"
    ),
    "withdraws": _all("nothing", who_did_it="may", a_newcomer="connects"),
    "is told what is missing": _all("FewOptions"),
    # Nobody sends it.
    "Slack itself": _all("may"),
    # What is written to pollbot.
    "votes by words": _all("may", a_newcomer="connects"),
    "looks by words": _all("may", a_bot="may"),  # a look that is refused changes as little
    "makes by words": _all("may", a_barred_one="MayNotMake"),
}
"""By rule: what becomes of it, by who sends it; see test_each_may_what_the_table_says."""

_ROWS: dict[str, str] = {
    "Slack itself": """
        installs.removed
        installs.revoked
        installs.taken_in
        installs.taken_out
        workflows.execute end
        workflows.execute in Team Voice
        workflows.execute poll
        workflows.execute refused
        workflows.execute unknown
        workflows.execute votes
    """,
    "admins": """
        polls.saved.take_over
        previews.switch
        setup.choose_language
        setup.needs_jira
        setup.open_defaults
        setup.open_retention
        setup.open_rights
        setup.remove_source
        setup.save
        setup.save_defaults
        setup.save_retention
        setup.save_rights
        setup.show_audit
    """,
    "editors in Jira": """
        commands.pollbot macro
        polls.ends.reopen in Team Voice
        polls.forms.delete in Team Voice
        polls.forms.edit in Team Voice
    """,
    "everybody": """
        accounts.connect
        accounts.press_connect
        accounts.press_sign_in
        commands.pollbot link
        commands.pollbot reminders
        commands.pollbot unlink
        commands.show_help
        home.invite
        home.open_invite
        home.opened
        home.turn_page
        issue_lists.vote_on_mentioned one
        picks.suggest
        polls.additions.add
        polls.additions.add in Team Voice
        polls.additions.open_form
        polls.channels.open_share
        polls.choose_option
        polls.ends.see_card
        polls.forms.comment
        polls.forms.comment anonymous
        polls.forms.comment closed since
        polls.forms.duplicate
        polls.forms.open_comment
        polls.forms.open_more
        polls.forms.redraw_form
        polls.forms.save_template
        polls.forms.show_names
        polls.forms.touch_preview
        polls.my_answer
        polls.post_poll
        polls.press_option
        polls.saved.save
        polls.saved.turn_page
        polls.searches.find
        polls.searches.open_search
        polls.searches.search
        polls.searches.turn_found
        polls.searches.turn_in_window
        polls.show_results
        previews.choose
        previews.link_shared
        previews.open_pane
        schedules.new_schedule
        schedules.redraw_form
        schedules.save new
        schedules.schedule_issue
        schedules.schedule_poll
        schedules.turn_page
        thresholds.new_threshold
        thresholds.submit new
        thresholds.tell_of_issue
        thresholds.turn_page
        votes.open_form
        votes.open_list
        votes.press_new_vote
        votes.shipped.press_mute
        votes.show_votes
        written.press votes
    """,
    "forgets themselves": """
        forgetting.forget
    """,
    "is told what is missing": """
        polls.forms.preview
    """,
    "looks by words": """
        written.mentioned votes
    """,
    "makers": """
        polls.ends.copy
        polls.forms.create later
        polls.forms.create now
        polls.make_poll
        polls.new_poll
        polls.poll
    """,
    "makers, with an account": """
        polls.poll in Team Voice
    """,
    "makes by words": """
        written.written poll
    """,
    "managers of the poll": """
        polls.channels.hang
        polls.ends.nudge
        polls.ends.open_reopen
        polls.ends.reopen
        polls.ends.show_missing
        polls.exports.export
        polls.exports.open_export
        polls.forms.close
        polls.forms.delete
        polls.forms.edit
        polls.forms.open_edit
        polls.forms.open_owners
        polls.forms.share
        records.record
    """,
    "managers of the schedule": """
        schedules.delete
        schedules.edit_schedule
        schedules.pause
        schedules.resume
        schedules.run_now
        schedules.run_now deleted since
        schedules.save change
    """,
    "managers of the word": """
        thresholds.delete
        thresholds.pause
        thresholds.resume
    """,
    "owner of the template": """
        polls.saved.change
        polls.saved.delete
        polls.saved.open_template
        polls.saved.use
    """,
    "owner of the word": """
        thresholds.edit_threshold
        thresholds.submit change
    """,
    "posters": """
        polls.channels.take_down
    """,
    "their own": """
        polls.drop_poll
        polls.set_answer
        votes.shipped.press_unmute
    """,
    "their own reminders": """
        polls.ends.remind
    """,
    "votes by words": """
        written.mentioned vote
        written.written vote
    """,
    "who has an account": """
        commands.pollbot disconnect
        issue_lists.vote_on_mentioned several
        votes.post_list
    """,
    "with an account": """
        polls.turn_page
        previews.vote_in_pane
        votes.press_vote
        votes.submit
        votes.vote
        votes.watches.press_watch
        votes.watches.press_watch not any more
    """,
    "withdraws": """
        previews.withdraw_in_pane
        votes.press_withdraw
        votes.press_withdraw_all
        votes.unvote
    """,
}
"""By rule: the rows of tests/door/test_every_delivery.py and tests/support/looks.py."""

MAY = {name.strip(): rule for rule, rows in _ROWS.items() for name in rows.strip().splitlines()}
