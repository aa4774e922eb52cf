"""`python -m audit policies`: the catalogue."""

import argparse
import json

from policies.catalogue import CATALOGUE
from rulebook.options import schema_of


def run(arguments: argparse.Namespace) -> int:
    """Print every policy, as a list for people or as JSON."""
    if arguments.json:
        documents = [
            {
                "id": policy.id,
                "level": policy.level.value,
                "severity": policy.severity.value,
                "description": policy.description,
                "fix": policy.fix,
                "tags": [*policy.tags],
                "url": policy.url,
                "options": schema_of(policy.options),
            }
            for policy in CATALOGUE
        ]
        print(json.dumps(documents, indent=2))
    else:
        widest = max(len(policy.id) for policy in CATALOGUE)
        for policy in CATALOGUE:
            print(f"{policy.id:<{widest}}  {policy.level.value:<9}  {policy.description}")
    return 0
