"""Dramatiq: actors, a result backend, a worker in threads."""

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.results import Results
from dramatiq.results.backends import RedisBackend
from where import PROBE, URL, WORK

broker = RedisBroker(url=URL)
broker.add_middleware(Results(backend=RedisBackend(url=URL)))
dramatiq.set_broker(broker)
broker.client.get(PROBE)


@dramatiq.actor(store_results=True)
def add(x: int, y: int) -> int:
    """Add."""
    return x + y


if WORK:
    message = add.send(1, 2)
    add.send_with_options(args=(3, 4), delay=100)
    worker = dramatiq.Worker(broker, worker_timeout=100, worker_threads=1)
    worker.start()
    assert message.get_result(block=True, timeout=60_000) == 3
    broker.join(add.queue_name)
    worker.stop()
