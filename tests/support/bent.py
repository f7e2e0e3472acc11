"""Payloads as nobody should send them: valid ones, bent in a place or a few, by a seed."""

import copy
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any, Literal
from urllib.parse import quote_plus, urlencode

from pollbot.sandbox.slack.delivery import Kind

Body = dict[str, Any]

# Names that mean something to pollbot, wherever they stand in a payload.
NAMES = (
    *("action_id", "block_id", "callback_id", "private_metadata", "value", "values", "state"),
    *("user", "user_id", "team", "team_id", "channel", "channel_id", "container", "message"),
    *("id", "type", "text", "command", "actions", "view", "event", "inputs", "function", "links"),
    *("selected_option", "selected_users", "selected_conversation", "selected_date_time", "ts"),
    *("response_url", "trigger_id", "authorizations", "enterprise", "is_enterprise_install"),
)
_IN_JSON = ("private_metadata", "value", "block_id", "action_id")


def places(part: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place in a payload, as what it is in and its name there."""
    if isinstance(part, dict | list):
        for name in list(part) if isinstance(part, dict) else range(len(part)):
            yield part, name
            yield from places(part[name])


def other(chance: random.Random, part: Any, addresses: Sequence[str] = ()) -> Any:
    """Return something that is hardly what stood there; nobody is to call the ``addresses``."""
    deep: Any = []
    for _ in range(chance.choice([3, 400])):
        deep = [deep] if chance.random() < 0.5 else {"a": deep}
    return chance.choice(
        [
            *(None, True, False, 0, -1, 1.5, 10**18, 10**40, float("nan"), float("inf")),
            *("", "x", " ", "\x00", "\ud800", "0", "=", "null", "NaN", "-1", "undefined"),
            *([], {}, [[]], [None], ["x"], [{}], {"id": None}, {"id": []}, {"value": 7}, {"": ""}),
            *("x" * 5000, "\u202e*_~`<!channel>&", "\U0001f600" * 80, "a\u0300" * 300, "İıſß"),
            *('{"v":1}', '{"v":1,"poll":[]}', "[1]", "[" * 2000, '{"a":' * 500, "{", '"'),
            *("2026-02-30", "99:99", "1e999", "2031-01-01T25:00", "PLAT-0", "plat-99999999999999"),
            *("U0CLEO", "U0NOBODY", "T0OTHER", "E0OTHER", "C0LEADS", "C0NOWHERE", "D0TWO"),
            *("vote", "choose:-1", "choose:9999", "close_poll", "forget", "setup", "create_poll"),
            *addresses,
            deep,
            [part],
            {"value": part},
            str(part),
            [part] * 50,
        ]
    )


def bent(
    chance: random.Random, body: Body, others: Sequence[Body], addresses: Sequence[str]
) -> Body:
    """Return the payload as a new one, with one part or a few of it not as Slack sends them.

    A part is left out, put twice, of another type, too long or too deep, broken where it is JSON
    in a text, or what stands by the same name in one of ``others``.
    """
    body = as_new(chance, body)
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        # Parts of the top count as much as all that lies within them, and as those with a name.
        within = list(places(body))
        by_name = [(holder, name) for holder, name in within if name in NAMES]
        of_top = [(body, name) for name in body]
        inside, name = chance.choice(chance.choice([within, by_name, of_top]) or [(body, "type")])
        was = inside[name] if isinstance(inside, list) else inside.get(name)
        match chance.choices(_WAYS, _WEIGHTS)[0]:
            case "gone":
                inside.pop(name) if isinstance(inside, list) else inside.pop(name, None)
            case "twice":
                if isinstance(inside, list):
                    inside.append(copy.deepcopy(was))
                else:
                    inside[name] = [was, was]
            case "grafted":
                inside[name] = _graft(chance, name, others)
            case "memory":
                inside[name] = _remembered(chance, body, was, addresses)
            case _:
                inside[name] = other(chance, was, addresses)
        _in_memory(chance, body, addresses)
    return body


def bent_so(
    chance: random.Random, number: int, body: Body, addresses: Sequence[str]
) -> Body | None:
    """Return the payload bent in a way of which each story is to have one; None past the last."""
    body = as_new(chance, body)
    match number:
        case 0:
            body.pop("user", None)
            body.pop("user_id", None)
        case 1 | 2 | 3:
            # What is remembered is JSON in a text, which the door does not read.
            _remember(body, ("\ud800", "\x00", chance.choice(addresses))[number - 1])
        case _:
            return None
    return body


def _remember(body: Body, text: str) -> None:
    """Have forms and buttons remember this in place of each text."""
    for holder, name in list(places(body)):
        try:
            memory = json.loads(holder[name]) if name in _IN_JSON else None
        except (ValueError, TypeError, RecursionError):
            continue
        for inside, part in list(places(memory)):
            if isinstance(inside[part], str):
                inside[part] = text
        if isinstance(memory, dict | list):
            holder[name] = json.dumps(memory)


_WAYS = ("other", "gone", "twice", "grafted", "memory")
_WEIGHTS = (50, 15, 5, 25, 5)


def as_new(chance: random.Random, body: Body) -> Body:
    """Return it as another delivery, which was not taken before, as far as it is made as such."""
    body = copy.deepcopy(body)
    for name in ("trigger_id", "event_id"):
        if isinstance(body.get(name), str):
            body[name] = chance.randbytes(6).hex()
    actions = body.get("actions")
    for action in actions if isinstance(actions, list) else []:
        if isinstance(action, dict):
            at = f"{chance.randrange(10**9, 2 * 10**9)}.{chance.randrange(10**6):06}"
            action["action_ts"] = at
    return body


def _graft(chance: random.Random, name: Any, others: Sequence[Body]) -> Any:
    """Return what stands by that name in another payload."""
    body = chance.choice(others)
    found = [inside[one] for inside, one in places(body) if one == name]
    return copy.deepcopy(chance.choice(found)) if found else copy.deepcopy(body)


def _remembered(chance: random.Random, body: Body, was: Any, addresses: Sequence[str]) -> Any:
    """Return a text that is nearly what a form or a button remembers."""
    text = was if isinstance(was, str) else json.dumps(was)
    cut = chance.randrange(len(text) + 1)
    return chance.choice([text[:cut], text + text, text[cut:], f"{text[:cut]}\x00{text[cut:]}"])


def _in_memory(chance: random.Random, body: Body, addresses: Sequence[str]) -> None:
    """Now and then bend what a form or button remembers, which is JSON in a text."""
    for holder, name in list(places(body)):
        if name not in _IN_JSON or not isinstance(holder, dict) or chance.random() > 0.2:
            continue
        text = holder.get(name)
        if not isinstance(text, str):
            continue
        head, colon, rest = text.partition(":")
        for prefix, memory_text in (("", text), (head + colon, rest)):
            try:
                memory = json.loads(memory_text)
                inside, part = chance.choice(list(places(memory)))
            except (ValueError, TypeError, IndexError, RecursionError):
                continue
            inside[part] = other(chance, inside[part], addresses)
            holder[name] = prefix + json.dumps(memory)
            break


def as_form(body: Body) -> dict[str, str]:
    """Return the fields as a form can hold them: texts, and no halves of characters."""
    return {
        name: str(value).encode("utf-8", "replace").decode()
        for name, value in body.items()
        if value is not None
    }


Sent = tuple[bytes, str]
"""A request's body and its content type."""

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"


def encoded(body: Body, kind: Kind) -> Sent:
    """Return the payload as Slack sends it over HTTP."""
    if kind == "slash_commands":
        return urlencode(as_form(body)).encode(), _FORM
    if kind == "interactive":
        return urlencode({"payload": json.dumps(body)}).encode(), _FORM
    return json.dumps(body).encode(), _JSON


def miswritten(chance: random.Random, body: Body, kind: Kind) -> Sent:
    """Return the payload in a request that is written in another way than Slack does."""
    raw, written = encoded(body, kind)
    text, plain = json.dumps(body), urlencode(as_form(body)).encode()
    cut = chance.randrange(len(raw) + 1)
    ways: list[Sent] = [
        (raw, chance.choice([_JSON, _FORM, "text/plain", "multipart/form-data; boundary=x", ""])),
        (raw, f"{written}; charset=" + chance.choice(["latin-1", "utf-16", "no-such", '"'])),
        (raw[:cut], written),
        (raw + raw, written),
        (raw[:cut] + chance.randbytes(3) + raw[cut:], written),
        (raw + b"&payload=%7B%7D", _FORM),
        (b"payload=&" + raw, _FORM),
        (b"payload=%7B%7D&" + raw, _FORM),
        (raw + b"&payload=" + b"%", _FORM),
        (b"payload=" + quote_plus(json.dumps([body])).encode(), _FORM),
        (b"payload=" + quote_plus(json.dumps(text)).encode(), _FORM),
        (b"payload=" + text.encode("utf-16"), _FORM),
        (b"payload=" + quote_plus(text.encode("utf-8-sig")).encode(), _FORM),
        (b"payload=" + quote_plus(text + "x").encode(), _FORM),
        (b"payload=" + quote_plus(_doubled(chance, text)).encode(), _FORM),
        (b"payload=" + quote_plus(text.replace('"', "'")).encode(), _FORM),
        (b"payload=" + b"[" * 100_000, _FORM),
        (b"payload=" + b"9" * 5_000, _FORM),
        (_doubled(chance, text).encode(), _JSON),
        (text.encode("utf-16"), _JSON),
        (text.encode("utf-8-sig"), _JSON),
        (b"\x00" + raw, written),
        (plain, _FORM),
        (plain.replace(b"=", b"[]="), _FORM),
        (plain.replace(b"&", b";"), _FORM),
        (b"a=" * 3_000 + raw, _FORM),
        (b"x" * 2**20 + raw, written),
        (b"", written),
    ]
    return chance.choice(ways)


def _doubled(chance: random.Random, text: str) -> str:
    """Return an object's text with each of its names once more, before or after the first."""
    again = chance.choice(['"type":null', '"type":"shortcut"', '"actions":[]', '"user":"U0CLEO"'])
    return chance.choice([f"{{{again},{text[1:]}", f"{text[:-1]},{again}}}"])


def misenveloped(chance: random.Random, body: Body, kind: Kind, id_: str) -> str:
    """Return an envelope of Socket Mode's around the payload that is none of Slack's."""
    envelope: Body = {"envelope_id": id_, "type": kind, "payload": body}
    envelope |= {"accepts_response_payload": True, "retry_attempt": 0, "retry_reason": ""}
    way: Literal["gone", "other", "twice", "cut", "odd"]
    way = chance.choice(["gone", "other", "twice", "cut", "odd"])
    name = chance.choice(list(envelope))
    text = json.dumps(envelope)
    match way:
        case "gone":
            del envelope[name]
            return json.dumps(envelope)
        case "other":
            return json.dumps(envelope | {name: other(chance, envelope[name])})
        case "twice":
            return f'{text[:-1]},"{name}":{json.dumps(other(chance, envelope[name]))}}}'
        case "cut":
            return text[: chance.randrange(len(text))]
    return chance.choice(["", "null", "[]", "7", "\x00", f"[{text}]", json.dumps(text), "[" * 9999])
