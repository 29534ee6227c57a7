"""One visitor's run: its lanes one after the other, each judged here by what its worker says."""

from __future__ import annotations

import math
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.benchmark.beyond import lanes as beyond_lanes
from app.benchmark.beyond import said
from models.convert.setup import prepared
from models.convert.setup.prepared import Prepared
from models.errors import DigitParityError, InputError, ModelError, escaped, shown
from models.formats import store
from models.lanes import Lane
from models.parity import judgement
from models.runtimes.browser import answers
from models.runtimes.browser.message import Message
from models.verify.alternatives import judging, running
from models.verify.alternatives.judging import Alternatives, Measured

MOST = 64  # runs that are kept: the oldest goes
PATIENCE = 90.0  # seconds without a word of a lane: a slow network has megabytes to bring
LONGEST_TICK = 2.0  # seconds that count at once: a tab in the background is not late
_ROWS = 128  # single answers that a lane gives beside those to all inputs
_WORDS = 16  # times as many bytes of words as one message may have


@dataclass(eq=False)
class Run:
    """The lanes of a model that a visitor's browser runs, in order, and what was measured so far.

    ``no_card`` says why WebGPU is not asked, and is None until the browser has told.
    """

    model: str
    version: str
    made: Prepared
    lanes: list[Lane]
    no_card: str | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    measured: list[Measured] = field(default_factory=list)
    _messages: list[Message] = field(default_factory=list)
    _bytes: int = 0
    _waited: float = 0.0
    _ticked: float | None = None
    _has_told: bool = False
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def lane(self) -> Lane | None:
        """The lane that the browser runs now; None once all are done."""
        at = len(self.measured)
        return self.lanes[at] if at < len(self.lanes) else None

    @property
    def is_running(self) -> bool:
        """Whether anything is still to come."""
        return self.lane is not None or not self._has_told

    @property
    def head(self) -> int:
        """The most bytes of a message's words."""
        return said.HEAD

    def largest(self, lane: Lane) -> int:
        """The most bytes of one of the lane's messages."""
        return said.HEAD + 4 + self._numbers(self.images(lane))

    def told(self, no_card: str | None) -> None:
        """The browser says why it has no WebGPU, or None where it does."""
        with self._lock:
            if self._has_told:
                return
            self._has_told = True
            self.no_card = no_card
            if no_card is None:
                self.lanes += beyond_lanes.offered(self.model, webgpu=True)
            self.skip()

    def heard(self, lane: Lane, message: Message, size: int) -> None:
        """Keep a message of ``size`` bytes of the lane that is running; its last ends the lane.

        Raises InputError for one that no page sends.
        """
        try:
            message = said.checked(message, self.images(lane))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise InputError(f"A message cannot be read: {str(error)[:200]}") from error
        with self._lock:
            if lane != self.lane:
                return  # it was given up
            if message.said["kind"] == "here":
                self._messages, self._bytes = [], 0  # its page was opened again
            self._waited = 0.0
            self._bytes += size
            if self._bytes > _WORDS * said.HEAD + self._numbers(self.images(lane) + _ROWS):
                self._give_up("It says more than it was asked for.")
            elif message.said["kind"] == "fault":
                self._give_up(message.said["error"])
            elif message.said["kind"] == "end":
                self._finish()
            else:
                self._messages.append(message)

    def failed(self, lane: int, why: str) -> None:
        """The worker of a lane, by its place, could not be started, or broke off."""
        with self._lock:
            if lane == len(self.measured) and self.lane is not None:
                self._give_up(why)

    def tick(self) -> None:
        """Give up a lane that says nothing for too long, while the visitor's page is there."""
        with self._lock:
            now = time.monotonic()
            if self._ticked is not None:
                self._waited += min(LONGEST_TICK, now - self._ticked)
            self._ticked = now
            if self._waited > PATIENCE:
                if self.lane is not None:
                    self._give_up(f"The browser gave no answer within {PATIENCE:g} s.")
                else:
                    self.told("This browser does not say whether it has WebGPU.")

    def alternatives(self) -> Alternatives:
        """All that was measured."""
        measured = tuple(self.measured)
        return Alternatives(
            store.manifest(self.model), self.made.images, self.made.reference, measured
        )

    def images(self, lane: Lane) -> int:
        """How many inputs a lane gets."""
        most = running.ON_CARD if beyond_lanes.on_card(lane) else self.made.images
        return min(most, self.made.images)

    def _numbers(self, rows: int) -> int:
        """The bytes of so many rows of all outputs."""
        return 4 * rows * sum(math.prod(each.shape[1:]) for each in self.made.reference.answers)

    def _give_up(self, why: str) -> None:
        assert self.lane is not None
        self._add(Measured(judgement.cannot_run(self.lane, escaped(why))))

    def _finish(self) -> None:
        lane = self.lane
        assert lane is not None
        try:
            self._add(self._judged(lane))
        except (DigitParityError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            self._give_up(f"Its answers cannot be read: {shown(error)[:200]}")

    def _judged(self, lane: Lane) -> Measured:
        (found,) = answers.collect(iter(self._messages), [lane], self.images(lane))
        size = running.size_of(
            beyond_lanes.own_files(self.model, lane), list(_fetched(self._messages))
        )
        return judging.measured(self.made.reference, found, size)

    def _add(self, found: Measured) -> None:
        self.measured.append(found)
        self._messages, self._bytes, self._waited = [], 0, 0.0
        self.skip()

    def skip(self) -> None:
        """Go on to the next lane that has its files; the others get their reasons."""
        while (lane := self.lane) is not None:
            try:
                beyond_lanes.files(self.model, lane)
                return
            except ModelError as error:
                self.measured.append(Measured(judgement.cannot_run(lane, shown(error))))


def _fetched(messages: Sequence[Message]) -> Iterator[str]:
    for each in messages:
        if each.said["kind"] == "about":
            yield from each.said["about"]["fetched"]


_runs: OrderedDict[str, Run] = OrderedDict()
_runs_lock = threading.Lock()


def begin(model: str) -> Run:
    """Start a run of a model. Raises ModelError, with the reason, where it has no files."""
    made = prepared.find(model)
    lanes = beyond_lanes.offered(model, webgpu=False)
    run = Run(model, beyond_lanes.version(model), made, lanes)
    run.skip()
    with _runs_lock:
        _runs[run.token] = run
        while len(_runs) > MOST:
            _runs.popitem(last=False)
    return run


def find(token: str) -> Run | None:
    """The run of a token; None for an unknown one."""
    return _runs.get(token)


def end(run: Run) -> None:
    """Forget a run: what still comes of it is refused."""
    with _runs_lock:
        _runs.pop(run.token, None)
