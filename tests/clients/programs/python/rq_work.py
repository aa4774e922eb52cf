"""RQ: jobs that succeed, fail, wait for others and are scheduled, and a worker that works them off."""

from datetime import timedelta

from redis import Redis
from rq import Queue, Worker
from rq_jobs import add, fail
from where import PROBE, URL, WORK

connection = Redis.from_url(URL)
connection.get(PROBE)
if WORK:
    queue = Queue("mail", connection=connection)
    job = queue.enqueue(add, 1, 2)
    queue.enqueue(add, 3, 4, depends_on=job)
    broken = queue.enqueue(fail)
    queue.enqueue_in(timedelta(seconds=0), add, 5, 6)
    Worker([queue], connection=connection).work(burst=True, with_scheduler=True, logging_level="ERROR")
    job.refresh()
    assert job.return_value() == 3, job.get_status()
    assert queue.failed_job_registry.get_job_ids() == [broken.id]
    assert Worker.all(connection=connection) == []
