"""Work that a page must not be able to break off: it runs in a thread of its own, and no Streamlit call is made in it.

Streamlit ends a running script at its next call when the visitor clicks again. The thread goes on; the next run finds it under the same key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any


class Job:
    """One piece of work under way, or done. `result()` waits for it and raises what it raised."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._value: Any = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), name="service-quality-job")
        self._thread.start()

    def _run(self, work: Callable[[], Any]) -> None:
        try:
            self._value = work()
        except BaseException as error:  # handed to whoever asks for the result
            self._error = error

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return not self._thread.is_alive()

    def result(self) -> Any:
        """Wait for the end and give the answer."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._value


class Steps:
    """Several pieces of work one after another in one thread; the answers so far can be looked at meanwhile. The pieces must not raise."""

    def __init__(self, works: Sequence[Callable[[], Any]]) -> None:
        self.total = len(works)
        self.answers: list[Any] = []
        self._job = Job(lambda: [self.answers.append(work()) for work in works])

    @property
    def done(self) -> bool:
        """Whether all of it has ended; raises what a piece raised after all."""
        if self._job.done:
            self._job.result()
        return self._job.done


class Desk:
    """The jobs of one visitor by key: asked twice for the same, it starts once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[Any, Job] = {}

    def run(self, key: Any, work: Callable[[], Any]) -> Any:
        """Do the work, or wait for the same that is under way, and give its answer; once answered it is forgotten."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = Job(work)
        try:
            return job.result()
        finally:
            with self._lock:
                self._jobs.pop(key, None)
