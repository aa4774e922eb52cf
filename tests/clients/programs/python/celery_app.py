"""A Celery application with a broker and a result backend."""

from celery import Celery
from where import URL

app = Celery("shop", broker=URL, backend=URL)
app.conf.update(broker_connection_retry_on_startup=False, worker_hijack_root_logger=False, result_expires=60)


@app.task
def add(x: int, y: int) -> int:
    """Add."""
    return x + y


@app.task
def total(numbers: list[int]) -> int:
    """Add up."""
    return sum(numbers)
