"""Huey: tasks with results, one of them scheduled, worked off."""

from huey import RedisHuey
from where import PROBE, URL, WORK

huey = RedisHuey("shop", url=URL)
huey.storage.conn.get(PROBE)


@huey.task()
def add(x: int, y: int) -> int:
    """Add."""
    return x + y


if WORK:
    result = add(1, 2)
    add.schedule((3, 4), delay=60)
    for _ in range(2):
        task = huey.dequeue()
        if task is not None:
            huey.execute(task)
    assert result(blocking=True, timeout=60) == 3
    with huey.lock_task("nightly"):
        huey.pending_count()
    huey.read_schedule()
