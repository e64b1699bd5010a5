"""How does a message look: as a line, as JSON, to Slack, to Teams, as a mail, to syslog?"""

import msgspec
import orjson

from cloison.model.inert import inert
from cloison.watch.message import Level, Message, Place

_SIGNS: dict[Level, str] = {
    "critical": "CRITICAL",
    "high": "HIGH",
    "medium": "MEDIUM",
    "low": "low",
    "informational": "info",
}
_COLOURS: dict[Level, str] = {
    "critical": "#8b0000",
    "high": "#d93025",
    "medium": "#f29900",
    "low": "#5f6368",
    "informational": "#5f6368",
}
_SEVERITIES: dict[Level, int] = {"critical": 2, "high": 3, "medium": 4, "low": 5, "informational": 6}
"""Of RFC 5424: critical, error, warning, notice, informational."""
_LONG, _VERY_LONG = 200, 2_000
_FACTS, _STEPS = 3, 2
"""So many stand on a line; the other forms hold all."""


def as_line(message: Message) -> str:
    """One line, safe for a terminal: when, how grave, what, who, what else is known, what to do, where it stands."""
    parts = [headline(message)]
    parts += [_cut(fact) for fact in message.facts[:_FACTS]]
    parts += [f"{len(message.facts) - _FACTS} more facts"] if len(message.facts) > _FACTS else []
    steps = [_cut(step) for step in message.next if "`" not in step][:_STEPS]
    parts += [f"next: {'; '.join(steps)}"] if steps else []
    if message.records:
        parts.append(_placed(message.records[-1]))
    return f"{message.last_at or message.told_at} {_SIGNS[message.level]:<8} {' · '.join(parts)} · {message.id}"


def headline(message: Message) -> str:
    """What happened to whom, and how often."""
    who = " ".join(part for part in (message.system, message.principal) if part)
    target = f" → {message.target}" if message.target and message.target != message.principal else ""
    origin = f" from {message.address}" if message.address else ""
    often = f" ({message.count:,} times since {message.first_at})" if message.count > 1 else ""
    return _cut(f"{message.title}: {who}{target}{origin}{often}" if who else f"{message.title}{often}", _VERY_LONG)


def as_json(message: Message) -> bytes:
    """One line of JSON; control characters are escaped as JSON does."""
    return orjson.dumps(msgspec.to_builtins(message))


def as_slack(message: Message) -> bytes:
    """The body of an incoming webhook; text is plain, so that nothing out of a log becomes a link or a mention."""
    blocks: list[dict[str, object]] = [_plain(f"{_SIGNS[message.level]}: {headline(message)}")]
    blocks += [_plain("\n".join(part)) for part in (_about(message), _steps(message)) if part]
    attached = {"color": _COLOURS[message.level], "blocks": blocks}
    quoted = headline(message).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return orjson.dumps({"text": f"{_SIGNS[message.level]}: {quoted}", "attachments": [attached]})


def _plain(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "plain_text", "text": text[:3000], "emoji": False}}


def as_teams(message: Message) -> bytes:
    """The body of a Teams workflow's webhook: an adaptive card. Text goes in text runs, which know no Markdown."""
    body = [_runs(f"{_SIGNS[message.level]}: {headline(message)}", weight="Bolder")]
    body += [_runs(line) for line in (*_about(message), *_steps(message))]
    card = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.4",
        "body": body,
    }
    content = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return orjson.dumps({"type": "message", "attachments": [content]})


def _runs(text: str, **more: str) -> dict[str, object]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text[:3000], **more}]}


def as_subject(messages: list[Message]) -> str:
    """The subject of a mail that tells these; the gravest says what it is about."""
    first = min(messages, key=lambda one: _SEVERITIES[one.level])
    more = f" and {len(messages) - 1} more" if len(messages) > 1 else ""
    return _cut(f"[cloison] {_SIGNS[first.level]}: {headline(first)}", 180) + more


def as_text(message: Message) -> str:
    """Several lines, for a mail."""
    lines = [f"{_SIGNS[message.level]}: {headline(message)}", *_about(message), *_steps(message), f"id {message.id}"]
    return "\n".join(lines)


def _about(message: Message) -> list[str]:
    """What is known, line by line."""
    by = f"{inert(message.source) or 'the watch'}: {inert(message.rule)}"
    lines = [f"at {message.last_at}, told {message.told_at}, by {by}"]
    lines += [_cut(fact, _VERY_LONG) for fact in message.facts]
    lines += [f"ATT&CK {', '.join(map(inert, message.techniques))}"] if message.techniques else []
    return lines + [f"record: {_placed(one)}" for one in message.records]


def _steps(message: Message) -> list[str]:
    return [f"next: {_cut(one, _VERY_LONG)}" for one in message.next]


def as_syslog(message: Message, host: str, process: int) -> bytes:
    """A message of RFC 5424, of the facility for security."""
    priority = 10 * 8 + _SEVERITIES[message.level]
    told = {"id": message.id, "fold": message.fold, "rule": message.rule, "principal": message.principal}
    data = " ".join(f'{name}="{_parameter(value)}"' for name, value in told.items())
    head = f"<{priority}>1 {message.told_at} {host} cloison {process} {message.kind} [cloison@32473 {data}]"
    return f"{head} \ufeff{as_line(message)}".encode()


def _parameter(value: str) -> str:
    return inert(value).replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")


def _placed(record: Place) -> str:
    where = f"{inert(record.evidence)} @{record.offset}+{record.length}" if record.length else inert(record.evidence)
    return f"{where} event {record.event_uid}" if record.event_uid else where


def _cut(text: str, most: int = _LONG) -> str:
    shown = inert(text)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
