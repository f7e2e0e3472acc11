"""An event loop on which nothing is real: time jumps, and a life ends between any two steps."""

import asyncio
import heapq
import inspect
import warnings
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from typing import Any, TypeVar

T = TypeVar("T")

WORLD = 0
LIFE: ContextVar[int] = ContextVar("life", default=WORLD)
"""Whose step this is: the world's, or that of one life of the program, counted from 1."""


class Stuck(Exception):
    """Everybody waits for somebody else, for ever."""


class PretendedLoop(asyncio.BaseEventLoop):
    """asyncio's own loop, in one thread, without sockets, and with time as a number.

    Steps run in the order in which they became ready, as asyncio promises. When
    none is ready, time jumps to the next timer.
    """

    # asyncio's names, which typeshed leaves out.
    _ready: "deque[asyncio.Handle]"
    _scheduled: list[asyncio.TimerHandle]
    _stopping: bool

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._over: set[int] = set()
        self._still: dict[int, list[asyncio.Handle]] = {}
        self._tasks: defaultdict[int, list[tuple[asyncio.Task[Any], Context]]] = defaultdict(list)
        self._steps_left = 0
        self._at_zero: Callable[[], None] = lambda: None
        self.set_task_factory(self._new_task)  # type: ignore[arg-type]  # typeshed's is a protocol

    def time(self) -> float:
        """Return pretended seconds since the loop was made."""
        return self._now

    def after_steps(self, count: int, do: Callable[[], None]) -> None:
        """Have ``do`` called after so many steps of any life, between two of them; 0 is never."""
        self._steps_left, self._at_zero = count, do

    def end(self, life: int) -> None:
        """Drop all that this life is about to do, for good: no ``finally`` runs, as at SIGKILL."""
        self._over.add(life)
        self._still.pop(life, None)
        self._ready = deque(step for step in self._ready if not self._is_dropped(step))
        self._scheduled = [timer for timer in self._scheduled if not self._is_dropped(timer)]
        heapq.heapify(self._scheduled)

    def stand_still(self, life: int) -> None:
        """Let this life take no step, as at SIGSTOP, until it may ``go_on``."""
        self._still[life] = []

    def go_on(self, life: int) -> None:
        """Let it take the steps that it would have taken."""
        self._ready.extend(self._still.pop(life, []))

    def stands_still(self, life: int) -> bool:
        """Return whether it takes no steps just now."""
        return life in self._still

    def is_over(self, life: int) -> bool:
        """Return whether that life was ended."""
        return life in self._over

    def failures(self) -> list[BaseException]:
        """Return what ended tasks of the world that nobody expected to end so."""
        ended = (task for task, _ in self._tasks[WORLD] if task.done() and not task.cancelled())
        return [error for error in (task.exception() for task in ended) if error is not None]

    def bury(self) -> None:
        """Throw away what was cut off, without a word about it.

        Python runs the ``finally`` of a coroutine that is thrown away, and warns of
        tasks and coroutines that nobody finished. Here all of them were cut off on
        purpose, and the loop takes no steps any more, so nothing comes of it.
        """
        for tasks in self._tasks.values():
            for task, context in tasks:
                if not task.done():
                    task._log_destroy_pending = False  # type: ignore[attr-defined]
                    context.run(_close, task.get_coro())
        self._tasks.clear()
        self._ready.clear()
        self._scheduled.clear()
        self.close()

    def call_at(  # type: ignore[override]  # typeshed counts the arguments of callbacks
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        if self._ended(context):
            return asyncio.TimerHandle(when, callback, args, self, context)
        return super().call_at(when, callback, *args, context=context)

    def _call_soon(
        self, callback: Callable[..., object], args: Any, context: Context | None
    ) -> asyncio.Handle:
        # What the world answers to a life that is over reaches nobody.
        step = asyncio.Handle(callback, args, self, context)
        if not self._ended(context):
            self._ready.append(step)
        return step

    def _run_once(self) -> None:
        if not self._ready:
            self._jump()
        while self._scheduled and self._scheduled[0].when() <= self._now:
            self._ready.append(heapq.heappop(self._scheduled))
        if not self._ready:
            return
        step = self._ready.popleft()
        if step.cancelled():
            return
        whose = _life_of(step)
        if whose in self._still:
            self._still[whose].append(step)
            return
        step._run()
        if whose != WORLD and self._steps_left:
            self._steps_left -= 1
            if not self._steps_left:
                self._at_zero()

    def _jump(self) -> None:
        while self._scheduled and self._scheduled[0].cancelled():
            heapq.heappop(self._scheduled)
        if self._scheduled:
            self._now = max(self._now, self._scheduled[0].when())
        elif not self._stopping:
            raise Stuck

    def _new_task(
        self, _: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, T], **given: Any
    ) -> "asyncio.Task[T]":
        # Kept until the end: Python closes a coroutine that nobody holds, in the midst of a run.
        known: Context | None = given.pop("context", None)
        context = copy_context() if known is None else known
        task = asyncio.Task(coro, loop=self, context=context, **given)
        self._tasks[context.get(LIFE, WORLD)].append((task, context))
        return task

    def _ended(self, context: Context | None) -> bool:
        life = LIFE.get() if context is None else context.get(LIFE, WORLD)
        return life in self._over

    def _is_dropped(self, step: asyncio.Handle) -> bool:
        return _life_of(step) in self._over

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Do nothing: cancelled timers are dropped when their time comes."""

    def _write_to_self(self) -> None:
        """Do nothing: nobody calls from another thread."""


def _life_of(step: asyncio.Handle) -> int:
    context: Context = step._context  # type: ignore[attr-defined]
    return context.get(LIFE, WORLD)


def _close(coro: Any) -> None:
    """Close a coroutine, however often it awaits something on its way out.

    What one that never began was given goes with it: since Python 3.13 that would outlive it.
    """
    if inspect.iscoroutine(coro) and inspect.getcoroutinestate(coro) == inspect.CORO_CREATED:
        for given in inspect.getcoroutinelocals(coro).values():
            if inspect.iscoroutine(given):
                _close(given)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
        for _ in range(10):
            try:
                coro.close()
            except BaseException:  # noqa: S112  whatever it still wanted, it is over
                continue
            return
