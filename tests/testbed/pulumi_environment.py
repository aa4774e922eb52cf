"""The variables of a Pulumi CLI that runs on this machine alone: no account, no cloud, no plugin from elsewhere."""

import os
from pathlib import Path
from typing import Final

_TIED_TO_ACCOUNTS: Final = ("AWS_", "PULUMI_")


def settings(home: Path, backend: str) -> dict[str, str]:
    """The variables that keep a run to itself.

    :param home: where the CLI keeps what it needs; it makes the folder.
    :param backend: the URL of the place where stacks are kept, such as `file:///tmp/backend`.
    """
    return {
        "PULUMI_BACKEND_URL": backend,
        "PULUMI_CONFIG_PASSPHRASE": "nothing-to-protect",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(home),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def isolated(home: Path, backend: str, plugins: Path, *, without: tuple[str, ...] = ()) -> dict[str, str]:
    """This process's variables, without any that would tie a run to an account, and with `settings`.

    :param plugins: a folder that comes first on PATH.
    :param without: beginnings of the names of other variables that are left out.
    """
    left_out = (*_TIED_TO_ACCOUNTS, *without)
    ambient = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    path = os.pathsep.join([str(plugins), os.environ.get("PATH", os.defpath)])
    return ambient | {"PATH": path} | settings(home, backend)
