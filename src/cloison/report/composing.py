"""What does a report consist of: which sections, in which order, with which blocks, for whom?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from cloison.report import activity, heat, sheets, telling
from cloison.report.bars import ledger_bar
from cloison.report.document import (
    NOTHING,
    Answers,
    Block,
    Count,
    Counts,
    Document,
    Item,
    Listing,
    Mark,
    Paragraph,
    Picture,
    Queries,
    Query,
    Safe,
    Section,
    Terms,
)
from cloison.report.dossier import Dossier, Moment, Reach
from cloison.report.funnel import funnel
from cloison.report.questions import answers, proven
from cloison.report.steps import Step, aside, of_incident, pauses, steps
from cloison.report.story import story
from cloison.report.swimlane import LEGEND, key, swimlane, systems_of
from cloison.report.teller import Teller
from cloison.report.tongues import TONGUES
from cloison.report.words import Voice, voice_of

FIRST_ACTS = 10
"""So many next acts are open to the eye; the others are behind a line that says how many."""
_WORDS = ("skip", "contents", "query", "figure", "table", "legend", "reference", "page", "in_words", "answers", "of")


@dataclass(frozen=True)
class Wish:
    """In which language and for whom a report is, and the command that writes it again.

    `known` are the systems and sources that the product itself names: the public hears of no others by their names.
    """

    lang: str = "en"
    public: bool = False
    command: str = "cloison report CASE"
    known: frozenset[str] = frozenset()


def compose(dossier: Dossier, wish: Wish) -> Document:
    """The report of a dossier as a document."""
    whole = _Report(dossier, wish, _teller(dossier, wish))
    sections = tuple(whole.sections())
    teller = whole.teller
    return Document(
        title=whole.title,
        brand=teller.say("brand"),
        intro=tuple(whole.intro()),
        sections=sections,
        footer=teller.say("footer"),
        lang=wish.lang,
        as_of=max((one.last_at for one in dossier.coverage), default=_NEVER),
        words={word: Safe(teller.tongue.phrase(word)) for word in _WORDS},
        references={one.name: number for number, one in enumerate(dossier.asked, start=1)},
    )


def _teller(dossier: Dossier, wish: Wish) -> Teller:
    voice = Voice() if wish.public else voice_of(dossier)
    teller = Teller(TONGUES[wish.lang], voice, wish.public, wish.known | {"network"})
    for held in proven(dossier) if wish.public else ():
        teller.of_kind(held.kind, held.uid)  # so that a name which is later met elsewhere is called by what it is
    return teller


@dataclass(frozen=True)
class _Report:
    """A dossier on its way to a document."""

    dossier: Dossier
    wish: Wish
    teller: Teller

    @cached_property
    def title(self) -> Safe:
        """What the report is called."""
        if self.teller.public:
            return self.teller.say("title.public")
        return self.teller.say("title", title=self.teller.text(self.dossier.title))

    @cached_property
    def told(self) -> tuple[Moment, ...]:
        """The moments of the incident."""
        return of_incident(self.dossier)

    @cached_property
    def taken(self) -> tuple[Step, ...]:
        """The steps of its path."""
        return steps(self.told, {one.event_uid for one in self.dossier.promoted})

    def intro(self) -> Iterator[Safe]:
        """Over how many events, of which time, and how it is written."""
        found = self.dossier.coverage
        if found:
            yield self.teller.say(
                "intro",
                records=self.dossier.account.stored,
                events=self.dossier.events,
                sources=self.teller.counted(len(found), "source"),
                first=min(one.first_at for one in found),
                last=max(one.last_at for one in found),
            )
        else:
            yield self.teller.say("intro.none")
        yield self.teller.say("intro.public" if self.teller.public else "intro.times")

    def sections(self) -> Iterator[Section]:
        """Every section in its order."""
        yield Section("answers", NOTHING, (Answers(answers(self.dossier, self.teller)),))
        for uid, blocks in (
            ("story", self.story()),
            ("next", self.next()),
            ("path", self.path()),
            ("activity", self.activity()),
            ("scope", self.scope()),
            ("compromised", self.compromised()),
            ("credentials", self.credentials()),
            ("denied", self.denied()),
            ("detections", self.detections()),
            ("absences", self.absences()),
            ("indicators", self.indicators()),
            ("unknown", self.unknown()),
            ("timeline", self.timeline()),
            ("coverage", self.coverage()),
            ("verify", self.verify()),
            ("queries", self.queries()),
        ):
            found = tuple(blocks)
            if found:
                yield Section(uid, self.teller.say(uid), found, self._short(uid))

    def _short(self, uid: str) -> Safe:
        return self.teller.say(f"{uid}.short" if f"{uid}.short" in self.teller.tongue.phrases else uid)

    def story(self) -> Iterator[Block]:
        """What happened, in a few sentences."""
        yield from (Paragraph(says, "story", ref) for says, ref in story(self.dossier, self.told, self.teller))

    def next(self) -> Iterator[Block]:
        """What to do next."""
        acts = tuple(dict.fromkeys(Item(telling.todo(self.teller, one)) for one in self.dossier.todo))
        if not acts:
            yield Paragraph(self.teller.say("next.none"))
            return
        more = self.teller.say("next.more", count=len(acts) - FIRST_ACTS)
        yield Listing("acts", acts, FIRST_ACTS, more if len(acts) > FIRST_ACTS else NOTHING, "compromised")

    def path(self) -> Iterator[Block]:
        """The attack path and the curated timeline."""
        teller = self.teller
        if not self.taken:
            yield Paragraph(teller.say("path.none"))
            return
        yield Paragraph(teller.say("path.note"), "note")
        found = tuple(pauses(self.told))
        yield Picture(
            "path",
            swimlane(self.taken, found, teller),
            teller.say("path.caption", systems=teller.counted(len(systems_of(self.taken)), "system")),
            self._path_in_words(),
            "timeline",
            (*self._legend(), *([Mark(teller.say("path.pause"), swatch="pause")] if found else [])),
        )
        items = tuple(self._item(step) for step in self.taken if step.number)
        yield Listing("steps", items, len(items), NOTHING, "timeline")

    def _legend(self) -> Iterator[Mark]:
        for act in LEGEND:
            if any(step.act == act for step in self.taken):
                yield Mark(self.teller.say(f"legend.{act}"), key(act))

    def _path_in_words(self) -> Safe:
        numbered = [step for step in self.taken if step.number]
        lanes = self.teller.listed([self.teller.system(lane) for lane in systems_of(self.taken)])
        ends = {"first": numbered[0].moment.time, "last": numbered[-1].moment.time} if numbered else {}
        return self.teller.say("path.words", lanes=lanes, steps=len(numbered), **ends) if ends else NOTHING

    def _item(self, step: Step) -> Item:
        one, teller = step.moment, self.teller
        says = telling.moment(teller, one)
        hand = next((by for by in self.dossier.promoted if by.event_uid == one.event_uid), None)
        if hand and not teller.public:
            by_hand = teller.say("path.by_hand", by=teller.text(hand.by), says=teller.text(hand.says))
            says = Safe(f"{says} · {by_hand}")
        uid = NOTHING if teller.public else Safe(teller.voice(one.event_uid or ""))
        return Item(says, teller.value(one.time), teller.system(one.system), sheets.doer(teller, one), uid, step.act)

    def activity(self) -> Iterator[Block]:
        """The histogram of acts."""
        beats, teller = self.dossier.activity, self.teller
        if not beats:
            yield Paragraph(teller.say("activity.none"))
            return
        yield Paragraph(teller.say("activity.note"), "note")
        legend = tuple(Mark(teller.say(f"activity.{one}"), swatch=kind) for one, kind in _ACTED)
        said = (activity.caption(beats, teller), activity.in_words(beats, teller))
        yield Picture("activity", activity.histogram(beats, teller), *said, "activity", legend)

    def scope(self) -> Iterator[Block]:
        """How far they got: the funnel, a bar and a sentence for each whole, and what has none."""
        known = [one for one in self.dossier.reach if one.total is not None]
        teller = self.teller
        if not known:
            yield Paragraph(teller.say("scope.none"))
        drawn = funnel(known, teller)
        if drawn:
            in_words = Safe(" · ".join(self._scope_line(one) for one in known))
            yield Picture("funnel", drawn, teller.say("scope.caption"), in_words, "scope", self._bounds())
        if known:
            yield sheets.scope(teller, known)
        rest = sheets.uncounted(teller, self.dossier.reach)
        if rest.rows:
            yield rest

    def _scope_line(self, one: Reach) -> Safe:
        teller = self.teller
        return teller.say(
            "scope.line",
            read=one.read,
            total=one.total or 0,
            kind=teller.nouns(one.total or 0, one.resource_kind),
            system=teller.system(one.system),
            taken=teller.say("scope.taken", taken=one.taken) if one.taken else NOTHING,
            attempted=one.attempted,
            most=teller.say("scope.most", most=one.at_most) if one.at_most > one.read else NOTHING,
        )

    def _bounds(self) -> tuple[Mark, ...]:
        return tuple(Mark(self.teller.say(f"legend.{name}"), swatch=swatch) for name, swatch in _BARS)

    def compromised(self) -> Iterator[Block]:
        """What is compromised and whether it is closed."""
        proven = [one for one in self.dossier.held if one.standing == "proven"]
        other = [one for one in self.dossier.held if one.standing != "proven"]
        yield sheets.entries(self.teller, self.dossier.entries)
        yield sheets.compromised(self.teller, proven, "compromised")
        if other:
            yield sheets.compromised(self.teller, other, "suspected", folded=True)

    def credentials(self) -> Iterator[Block]:
        """The ledger of exposed credentials."""
        ledger, teller = self.dossier.ledger, self.teller
        if not ledger.total:
            yield Paragraph(teller.say("credentials.none"))
            return
        counts = (
            (ledger.proven, "dead", "good"),
            (ledger.refuted, "alive", "bad"),
            (ledger.unknown, "unknown", "unsure"),
            (ledger.misused, "misused", ""),
            (ledger.total, "exposed", "whole"),
        )
        told = tuple(Count(teller.value(n), teller.say(f"credentials.{name}"), tone) for n, name, tone in counts)
        yield Counts("counts", teller.say("credentials"), told, "ledger")
        said = teller.say("credentials.bar", dead=ledger.proven, alive=ledger.refuted, unknown=ledger.unknown)
        yield Picture("bar", ledger_bar(ledger, teller), said, said, "ledger", small=True)
        yield sheets.ledger_rows(teller, ledger.open_rows)
        if not teller.public:
            yield Paragraph(teller.say("credentials.all"), "note")

    def denied(self) -> Iterator[Block]:
        """What held."""
        yield sheets.moments(self.teller, self.dossier.denied, "denied", "touched", "denied.none")

    def detections(self) -> Iterator[Block]:
        """What rules say, by rule and by technique."""
        ran, teller = self.dossier.ran, self.teller
        if ran is None:
            yield Paragraph(teller.say("detections.not_run"), "note")
        else:
            firing = [one for one in ran.found if one.detections]
            counts = {"firing": len(firing), "theirs": sum(bool(one.theirs) for one in firing)}
            says = teller.say(
                "detections.ran", rules=ran.rules, refused=ran.refused, events=self.dossier.events, **counts
            )
            yield Paragraph(says, ref="rules")
            yield sheets.detections(teller, ran, theirs=True)
            others = sheets.detections(teller, ran, theirs=False)
            if others.rows:
                yield others
        yield sheets.techniques(teller, self.dossier)

    def absences(self) -> Iterator[Block]:
        """What did not happen."""
        yield Paragraph(self.teller.say("absences.note"), "note")
        yield sheets.absences(self.teller, self.dossier.absences)

    def indicators(self) -> Iterator[Block]:
        """What was looked for."""
        yield sheets.indicators(self.teller, self.dossier)
        yield Paragraph(self.teller.say("indicators.note"), "note")

    def unknown(self) -> Iterator[Block]:
        """What is not known."""
        yield sheets.unknowns(self.teller, self.dossier)

    def timeline(self) -> Iterator[Block]:
        """The whole timeline; the public has the curated one."""
        if self.teller.public:
            return
        yield sheets.moments(self.teller, self.told, "timeline", empty="timeline.none")
        rest = sheets.moments(self.teller, aside(self.dossier), "aside", folded=True)
        if rest.rows:
            yield rest

    def coverage(self) -> Iterator[Block]:
        """The hours of each source."""
        found, teller = self.dossier.coverage, self.teller
        if found:
            legend = tuple(Mark(teller.say(f"legend.{name}"), swatch=swatch) for name, swatch in _COVERED)
            said = (teller.say("coverage.caption", grain=heat.grain(found, teller)), heat.in_words(found, teller))
            yield Picture("coverage", heat.coverage_heat(found, teller), *said, "coverage", legend)
        yield sheets.coverage(teller, found)
        yield Paragraph(teller.say("coverage.note"), "note")

    def verify(self) -> Iterator[Block]:
        """The account of records, and how anyone checks it all."""
        account, teller = self.dossier.account, self.teller
        accounted = account.stored + account.duplicate + account.rejected
        equal = "=" if accounted == account.received else "≠"
        parts = (("received", ""), ("stored", equal), ("duplicate", "+"), ("rejected", "+"))
        counts = tuple(
            Count(teller.value(getattr(account, name)), teller.say(f"verify.{name}"), sign=sign) for name, sign in parts
        )
        yield Counts("sum", teller.say("verify.account"), counts, "account")
        if accounted != account.received:
            yield Paragraph(teller.say("verify.alarm", accounted=accounted), "alarm")
        files = teller.say("verify.files", files=account.evidence, unrecognised=account.unrecognised)
        yield Paragraph(files, "note", "account")
        if not teller.public:
            command = {"command": Safe(self.wish.command)}
            items = (teller.say(f"verify.{step}", **command) for step in ("explain", "show", "again"))
            yield Listing("verify", tuple(map(Item, items)), 3, NOTHING, "")
        yield Terms(tuple((teller.say(name), teller.say(f"term.{term}")) for name, term in _TERMS))

    def queries(self) -> Iterator[Block]:
        """Every query, as it was run."""
        if not self.dossier.asked:
            return
        yield Paragraph(self.teller.say("queries.note"), "note")
        told = []
        for number, one in enumerate(self.dossier.asked, start=1):
            rows = self.teller.counted(one.rows, "row")
            told.append(Query(one.name, number, self.teller.say(f"query.{one.name}"), one.sql, rows))
        yield Queries(tuple(told))


_NEVER = datetime(1980, 1, 1)  # noqa: DTZ001  # times of a case are UTC, and naive
_ACTED = (("proven", "acted"), ("suspected", "suspected"))
_BARS = (("taken_away", "taken"), ("was_read", "read"), ("at_most", "most"), ("all", "track"))
_COVERED = (("covered", "h4"), ("partly", "h2"), ("uncovered", "h0"), ("hole", "hole"))
_TERMS = (
    ("verdict.proven", "proven"),
    ("verdict.refuted", "refuted"),
    ("verdict.unknown", "unknown"),
    ("standing.suspected", "suspected"),
    ("verdict.no_evidence", "no_evidence"),
)
