"""Celery: a worker in a process of its own, tasks with results, a group, a chord, and an inspection of the worker."""

import signal
import subprocess
import sys

from celery import chord, group
from celery_app import add, app, total
from where import PROBE, WORK

app.backend.client.get(PROBE)
with app.connection_for_read() as connection:
    connection.ensure_connection(max_retries=1)
    connection.default_channel.client.get(PROBE)
if WORK:
    command = [sys.executable, "-m", "celery", "-A", "celery_app", "worker", "--pool", "solo", "--loglevel", "error"]
    worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        assert add.delay(1, 2).get(timeout=300) == 3
        assert group(add.s(number, 1) for number in range(3))().get(timeout=300) == [1, 2, 3]
        assert chord([add.s(1, 1), add.s(2, 2)])(total.s()).get(timeout=300) == 6
        assert app.control.inspect(timeout=20).ping()
        add.apply_async((1, 1), countdown=1).get(timeout=300)
        add.delay(1, 1).forget()
    finally:
        worker.send_signal(signal.SIGTERM)
        _, told = worker.communicate(timeout=300)
        sys.stderr.write(told.decode(errors="replace")[-500:])
