"""Our policies on the stock SDK, without our servicer."""  # noqa: INP001

import sys
from pathlib import Path

from pulumi_policy import PolicyPack

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.support.stock_pack import stock_policies

PolicyPack(name="benchmark-stock", policies=[*stock_policies()])
