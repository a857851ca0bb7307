"""How many processes a user has, and that limits only fall."""

import os
import resource
import threading

from actfn.sandbox import limits


def test_a_limit_is_never_raised():
    infinite = resource.RLIM_INFINITY
    cases = [(5, 7), (7, 5), (5, infinite), (infinite, 5), (infinite, infinite)]
    assert [limits._at_most(*case) for case in cases] == [5, 5, 5, 5, infinite]  # noqa: SLF001


def test_the_tasks_of_a_user_are_counted_with_their_threads():
    held = threading.Event()
    user = os.stat("/proc/self").st_uid  # noqa: PTH116 - as a process has it
    one = limits._tasks_of(user)  # noqa: SLF001
    assert one >= 1
    threads = [threading.Thread(target=held.wait) for _ in range(200)]
    for thread in threads:
        thread.start()
    try:
        assert limits._tasks_of(user) > one  # noqa: SLF001
    finally:
        held.set()
    assert limits._tasks_of(61183) == 0  # noqa: SLF001
