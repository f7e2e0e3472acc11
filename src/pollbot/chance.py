"""Chance is an argument: ids, keys and the jitter of retries all come from one source."""

import random
from base64 import urlsafe_b64encode

Chance = random.Random

_ID_BYTES = 9


def of_the_system() -> Chance:
    """Return the operating system's chance, which nobody can foresee: good enough for keys."""
    return random.SystemRandom()


def new_id(chance: Chance) -> str:
    """Return 12 characters that are safe in a URL, and that nobody else was given."""
    return urlsafe_b64encode(chance.randbytes(_ID_BYTES)).decode()


def jitter(chance: Chance) -> float:
    """Return a factor from 0.7 to 1.3, so that those who failed together do not come back so."""
    return chance.uniform(0.7, 1.3)
