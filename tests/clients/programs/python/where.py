"""Where the programs beside this one connect to, and what they are asked to do: `connect` alone, or typical `work`."""

import os
import sys

HOST = os.environ["CACHE_HOST"]
PORT = int(os.environ["CACHE_PORT"])
USER = os.environ["CACHE_USER"]
PASSWORD = os.environ["CACHE_PASSWORD"]
URL = f"redis://{USER}:{PASSWORD}@{HOST}:{PORT}/0"
WORK = sys.argv[1:] == ["work"]
PROBE = "probe"
"""The key that every program reads, so that it is seen to be connected."""
