"""Forget me: what is kept of a person is shown, and forgotten once they say so again."""

from pollbot.forgetting.refusals import NotAPerson
from pollbot.forgetting.rows import ForgetRows, Held
from pollbot.people import Person
from pollbot.slack.users import People
from pollbot.store.worker import Clock
from pollbot.text.words import first_word


class Forgetting:
    """Everybody may be forgotten by themselves; by another one only if that is an admin."""

    def __init__(self, forget_rows: ForgetRows, people: People, clock: Clock) -> None:
        self._forget_rows = forget_rows
        self._people = people
        self._clock = clock

    async def meant(self, me: Person, text: str) -> Person:
        """Return who is meant by what stands behind the word. Raises NotAPerson and AdminsOnly."""
        word, _ = first_word(text)
        if word == "me":
            return me
        user_id = text.strip().removeprefix("<@").partition("|")[0].removesuffix(">").strip()
        if not user_id or user_id[0] not in "UW" or not user_id.isalnum() or not user_id.isascii():
            raise NotAPerson
        return await self._checked(me, Person(me.team_id, user_id))

    async def held(self, me: Person, person: Person) -> Held:
        """Return how much is kept of the person. Raises AdminsOnly."""
        await self._checked(me, person)
        return await self._forget_rows.held(person, self._clock())

    async def forget(self, me: Person, person: Person) -> Held:
        """Forget the person; return what there was. Raises AdminsOnly."""
        await self._checked(me, person)
        return await self._forget_rows.forget(person, me, self._clock())

    async def _checked(self, me: Person, person: Person) -> Person:
        if person != me:
            await self._people.must_be_admin(me)
        return person
