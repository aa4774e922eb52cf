"""The same through the real CLI: `pulumi policy analyze` on the export of a stack."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from benchmarks.analyzers import Analyzer
from benchmarks.messages import export
from tests.testbed import pulumi_cli, stand_ins
from tests.testbed.pulumi_environment import isolated


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
    # Without the variables that change how Python starts, compiled files are kept, as for users.
    variables = isolated(folder / "home", folder.as_uri(), plugins, without=("PYTHON",))

    def analyze(analyzer: Analyzer) -> None:
        command = [str(cli), "--non-interactive", "policy", "analyze"]
        command += ["--policy-pack", str(analyzer.directory), "--file", str(file), "--json"]
        ended = subprocess.run(command, cwd=folder, env=variables, capture_output=True, check=False)
        if ended.returncode != 0:  # every user of the stack is a good one
            raise RuntimeError(f"{analyzer.name}: {(ended.stdout + ended.stderr).decode(errors='replace')[-2000:]}")

    return analyze
