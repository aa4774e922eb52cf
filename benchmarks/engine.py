"""The same through the real CLI: `pulumi policy analyze` on the export of a stack."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from benchmarks.analyzers import Analyzer, environment
from benchmarks.messages import export
from tools import pulumi_cli, stand_ins


def analysis(size: int, folder: Path) -> Callable[[Analyzer], None]:
    """A function that runs the CLI over a stack of so many resources, with a pack.

    :param folder: an empty folder for what the CLI keeps.
    :raises PulumiCliError: there is no CLI and none can be built.
    """
    cli = pulumi_cli.find_or_build()
    plugins = folder / "plugins"
    plugins.mkdir()
    stand_ins.install(plugins, [stand_ins.POLICY_ANALYZER])
    file = folder / "export.json"
    file.write_text(json.dumps(export(size)), encoding="utf-8")
    variables = environment() | {
        "PATH": os.pathsep.join([str(plugins), os.environ.get("PATH", os.defpath)]),
        "PULUMI_BACKEND_URL": folder.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "only-for-measuring",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }

    def analyze(analyzer: Analyzer) -> None:
        command = [str(cli), "--non-interactive", "policy", "analyze"]
        command += ["--policy-pack", str(analyzer.directory), "--file", str(file), "--json"]
        ended = subprocess.run(command, cwd=folder, env=variables, capture_output=True, check=False)
        if ended.returncode != 0:  # every user of the stack is a good one
            raise RuntimeError(f"{analyzer.name}: {(ended.stdout + ended.stderr).decode(errors='replace')[-2000:]}")

    return analyze
