"""The clients that can be run, each with the program that does its typical work."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.testbed import ROOT

PROGRAMS: Final = Path(__file__).with_name("programs")
BUILD: Final = ROOT / "build" / "clients"
"""What is installed for the programs."""
_OWN_PYTHON: Final = BUILD / "python" / "bin" / "python"


class ClientMissingError(Exception):
    """What the program needs is not installed; the text says how to get it."""


@dataclass(frozen=True)
class Client:
    """A client, with the program that runs it."""

    name: str
    """As `--client` takes it."""
    title: str
    language: str
    work: str
    """What its program does, as the end of "its typical work: …"."""
    program: str
    """Its path below `programs`."""
    package: str
    """By which its registry knows it."""
    also: tuple[str, ...] = ()
    """Packages of which it takes the version along: the library that it stands on."""
    keys: tuple[bytes, ...] = ()
    """Patterns by hand for keys that are random letters, nothing but a hash, or hold the name of the host."""
    channels: tuple[bytes, ...] = ()
    """Likewise for channels."""

    @property
    def folder(self) -> Path:
        """Where the program runs."""
        return PROGRAMS / self.language.lower().partition(" ")[0].replace("node.js", "node")

    def command(self, mode: str) -> list[str]:
        """The program's command line.

        :param mode: `connect`, or `work`.
        :raises ClientMissingError: what it needs is not installed.
        """
        return [*_LANGUAGES[self.language](self), mode]

    def versions(self) -> dict[str, str]:
        """Package to version, as installed.

        :raises ClientMissingError: what it needs is not installed.
        """
        found = _VERSIONS[self.language]((self.package, *self.also))
        if self.package not in found:
            raise ClientMissingError(f"{self.package} is not installed: python -m tools.clients install")
        return found


def python_with(package: str) -> Path:
    """A Python that has a package: the one that runs, or that of build/clients.

    :raises ClientMissingError: neither has it.
    """
    for python in (Path(sys.executable), _OWN_PYTHON):
        if python.is_file() and package in _python_versions(python):
            return python
    raise ClientMissingError(f"{package} is not installed: python -m tools.clients install")


def _python_versions(python: Path) -> dict[str, str]:
    if python not in _KNOWN:
        program = (
            "import json; from importlib import metadata as m; "
            "print(json.dumps({d.metadata['Name'].lower(): d.version for d in m.distributions()}))"
        )
        printed = subprocess.run([str(python), "-c", program], capture_output=True, check=True).stdout
        _KNOWN[python] = json.loads(printed)
    return _KNOWN[python]


_KNOWN: Final[dict[Path, dict[str, str]]] = {}


def _python(client: Client) -> list[str]:
    return [str(python_with(client.package)), client.program]


def _versions_in_python(packages: Sequence[str]) -> dict[str, str]:
    installed = _python_versions(python_with(packages[0]))
    return {package: installed[package] for package in packages if package in installed}


def _node(client: Client) -> list[str]:
    _there(BUILD / "node" / "node_modules" / client.package)
    # modules are found beside the program that imports them
    return ["node", str(BUILD / "node" / client.program)]


def _there(path: Path) -> Path:
    if not path.exists():
        raise ClientMissingError(f"{path.relative_to(ROOT)} is missing: python -m tools.clients install")
    return path


def _versions_in_node(packages: Sequence[str]) -> dict[str, str]:
    modules = BUILD / "node" / "node_modules"
    return {
        package: json.loads((modules / package / "package.json").read_text())["version"]
        for package in packages
        if (modules / package / "package.json").is_file()
    }


def _java(client: Client) -> list[str]:
    classes = _there(BUILD / "java" / "classes")
    return ["java", "-cp", f"{classes}:{_there(BUILD / 'java' / 'lib')}/*", client.program]


def _versions_in_java(packages: Sequence[str]) -> dict[str, str]:
    found = {}
    for package in packages:
        for jar in sorted((BUILD / "java" / "lib").glob(f"{package}-[0-9]*.jar")):
            found[package] = jar.stem.removeprefix(f"{package}-")
    return found


def _go(client: Client) -> list[str]:
    return [str(_there(BUILD / "go" / client.program))]


def _versions_in_go(packages: Sequence[str]) -> dict[str, str]:
    required = dict(re.findall(r"^\s+(\S+) v(\S+)", (PROGRAMS / "go" / "go.mod").read_text(), re.MULTILINE))
    return {package: required[package] for package in packages if package in required}


def _ruby(client: Client) -> list[str]:
    return ["ruby", client.program]


def _php(client: Client) -> list[str]:
    return ["php", client.program]


def _versions_in_ruby(packages: Sequence[str]) -> dict[str, str]:
    program = 'ARGV.each { |n| s = Gem::Specification.find_by_name(n) rescue next; puts "#{n} #{s.version}" }'
    return _by_program(["ruby", "-e", program, *packages])


def _versions_in_php(packages: Sequence[str]) -> dict[str, str]:
    return _by_program(
        [
            "php",
            "-r",
            'foreach (array_slice($argv, 1) as $n) if (phpversion($n)) echo "$n ", phpversion($n), "\\n";',
            *packages,
        ]
    )


def _by_program(command: Sequence[str]) -> dict[str, str]:
    try:
        printed = subprocess.run(command, capture_output=True, check=False, text=True).stdout
    except FileNotFoundError:
        return {}
    return dict(line.split() for line in printed.splitlines())


_LANGUAGES: Final = {"Python": _python, "Node.js": _node, "Java": _java, "Go": _go, "Ruby": _ruby, "PHP": _php}
_VERSIONS: Final = {
    "Python": _versions_in_python,
    "Node.js": _versions_in_node,
    "Java": _versions_in_java,
    "Go": _versions_in_go,
    "Ruby": _versions_in_ruby,
    "PHP": _versions_in_php,
}

_SIDEKIQ_PROCESS: Final = b"*:[0-9]*:" + b"[0-9a-f]" * 12
"""Host, process and twelve hexadecimal digits."""
_LIBRARY: Final = "values, hashes, lists, a transaction, a script, a subscription"
CLIENTS: Final = (
    Client("redis-py", "redis-py", "Python", f"{_LIBRARY}, a lock", "redis_py.py", "redis"),
    Client("valkey-py", "valkey-py", "Python", f"{_LIBRARY}, a lock", "valkey_py.py", "valkey"),
    Client(
        "valkey-glide-python",
        "Valkey GLIDE for Python",
        "Python",
        "values, hashes, lists, a batch, a script, a message",
        "valkey_glide.py",
        "valkey-glide",
    ),
    Client(
        "celery",
        "Celery",
        "Python",
        "a worker, tasks with results, a group, a chord, an inspection",
        "celery_work.py",
        "celery",
        ("kombu", "redis"),
    ),
    Client(
        "rq",
        "RQ",
        "Python",
        "jobs that succeed, fail, wait and are scheduled, and a worker with a scheduler",
        "rq_work.py",
        "rq",
        ("redis",),
    ),
    Client(
        "django-cache",
        "Django's cache and sessions",
        "Python",
        "values, counters, sessions",
        "django_cache.py",
        "django",
        ("redis",),
    ),
    Client(
        "django-redis",
        "django-redis",
        "Python",
        "values, a lock, times to live, deletion by a pattern",
        "django_redis_cache.py",
        "django-redis",
        ("redis",),
    ),
    Client(
        "fastapi-limiter",
        "fastapi-limiter",
        "Python",
        "a limited route",
        "fastapi_limiter_app.py",
        "fastapi-limiter",
        ("pyrate-limiter", "redis"),
    ),
    Client(
        "huey",
        "Huey",
        "Python",
        "tasks with results, one of them scheduled, a lock",
        "huey_work.py",
        "huey",
        ("redis",),
    ),
    Client(
        "dramatiq",
        "Dramatiq",
        "Python",
        "actors, a result backend, a worker",
        "dramatiq_work.py",
        "dramatiq",
        ("redis",),
        keys=(b"[0-9a-f]" * 32,),
    ),
    Client(
        "limits",
        "limits (Flask-Limiter, slowapi)",
        "Python",
        "fixed, moving and sliding windows",
        "limits_work.py",
        "limits",
        ("redis",),
    ),
    Client(
        "flask-caching",
        "Flask-Caching",
        "Python",
        "cached views and values",
        "flask_caching_app.py",
        "flask-caching",
        ("redis",),
    ),
    Client("node-redis", "node-redis", "Node.js", _LIBRARY, "node_redis.mjs", "redis"),
    Client("ioredis", "ioredis", "Node.js", _LIBRARY, "ioredis.mjs", "ioredis"),
    Client("iovalkey", "iovalkey", "Node.js", _LIBRARY, "iovalkey.mjs", "iovalkey"),
    Client(
        "valkey-glide-node",
        "Valkey GLIDE for Node.js",
        "Node.js",
        "values, hashes, lists, a batch, a script, a message",
        "valkey_glide.mjs",
        "@valkey/valkey-glide",
    ),
    Client(
        "bullmq",
        "BullMQ",
        "Node.js",
        "jobs that succeed, fail, are delayed and repeated, a worker, events",
        "bullmq.mjs",
        "bullmq",
        ("ioredis",),
    ),
    Client(
        "bull", "Bull", "Node.js", "jobs that succeed, fail and are delayed, a worker", "bull.mjs", "bull", ("ioredis",)
    ),
    Client("bee-queue", "Bee-Queue", "Node.js", "jobs and a worker", "bee_queue.mjs", "bee-queue", ("redis",)),
    Client(
        "connect-redis",
        "connect-redis",
        "Node.js",
        "sessions of an Express application",
        "connect_redis.mjs",
        "connect-redis",
        ("redis", "express-session"),
        keys=(b"sess:*",),
    ),
    Client(
        "rate-limiter-flexible",
        "rate-limiter-flexible",
        "Node.js",
        "a rate limit",
        "rate_limiter.mjs",
        "rate-limiter-flexible",
        ("ioredis",),
    ),
    Client(
        "socket.io",
        "Socket.IO's Redis adapter",
        "Node.js",
        "messages between two servers",
        "socket_io.mjs",
        "@socket.io/redis-adapter",
        ("redis",),
        channels=(b"socket.io#/#*", b"socket.io-request#/#*", b"socket.io-response#/#*"),
    ),
    Client("keyv", "Keyv", "Node.js", "values with a namespace", "keyv.mjs", "@keyv/redis", ("keyv",)),
    Client("jedis", "Jedis", "Java", _LIBRARY, "JedisWork", "jedis"),
    Client("lettuce", "Lettuce", "Java", _LIBRARY, "LettuceWork", "lettuce-core"),
    Client("redisson", "Redisson", "Java", "a bucket, a map, a lock, a queue, a topic", "RedissonWork", "redisson"),
    Client(
        "spring-data-redis",
        "Spring Data Redis",
        "Java",
        "values, hashes, a message, a cache",
        "SpringWork",
        "spring-data-redis",
        ("lettuce-core",),
    ),
    Client("go-redis", "go-redis", "Go", _LIBRARY, "goredis", "github.com/redis/go-redis/v9"),
    Client(
        "rueidis",
        "rueidis",
        "Go",
        "values, client-side caching, a transaction, a script",
        "rueidis",
        "github.com/redis/rueidis",
    ),
    Client(
        "valkey-go",
        "valkey-go",
        "Go",
        "values, client-side caching, a transaction, a script",
        "valkeygo",
        "github.com/valkey-io/valkey-go",
    ),
    Client(
        "asynq",
        "Asynq",
        "Go",
        "tasks that succeed, fail and are delayed, a server",
        "asynq",
        "github.com/hibiken/asynq",
        ("github.com/redis/go-redis/v9",),
        keys=(b"asynq:servers:{*}", b"asynq:workers:{*}"),
    ),
    Client("redis-rb", "redis-rb", "Ruby", _LIBRARY, "redis_rb.rb", "redis"),
    Client(
        "sidekiq",
        "Sidekiq",
        "Ruby",
        "jobs, one of them scheduled, and a process that works them off",
        "sidekiq_work.rb",
        "sidekiq",
        ("redis",),
        keys=(_SIDEKIQ_PROCESS, _SIDEKIQ_PROCESS + b":work*", _SIDEKIQ_PROCESS + b"-signals"),
    ),
    Client("phpredis", "phpredis", "PHP", _LIBRARY, "phpredis.php", "redis"),
)
