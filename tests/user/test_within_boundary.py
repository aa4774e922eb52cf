"""elasticache-user-within-boundary: a user may do nothing that the boundary of its application does not allow."""

from typing import Any

import pytest

from rulebook.configuration import ConfigurationError
from rulebook.options import Options
from tests.enforce.test_configure import refusal
from tests.support.users import REMOVED, UNKNOWN, Answer, analyze, changed, configured, part, request, secret, sorted_answer

POLICY = "elasticache-user-within-boundary"
EVERYBODY = "urn:pulumi:dev::shop::*"
