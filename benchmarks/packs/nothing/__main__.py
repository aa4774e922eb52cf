"""An analyzer that does nothing: the SDK's own server, whose answers are empty. The floor of any Python pack."""  # noqa: INP001

from typing import Any

from pulumi.runtime import proto
from pulumi_policy import PolicyPack, ResourceValidationPolicy
from pulumi_policy import policy as sdk


class Nothing(sdk._PolicyAnalyzerServicer):  # noqa: SLF001 - what it does is what is left out
    """Takes a request, as every analyzer must, and answers at once."""

    def Analyze(self, _request: Any, _context: Any) -> proto.AnalyzeResponse:  # noqa: ANN401, N802
        """Answer nothing."""
        return proto.AnalyzeResponse()

    def AnalyzeStack(self, _request: Any, _context: Any) -> proto.AnalyzeResponse:  # noqa: ANN401, N802
        """Answer nothing."""
        return proto.AnalyzeResponse()

    def Remediate(self, _request: Any, _context: Any) -> proto.RemediateResponse:  # noqa: ANN401, N802
        """Answer nothing."""
        return proto.RemediateResponse()


sdk._PolicyAnalyzerServicer = Nothing  # type: ignore[misc] # noqa: SLF001
PolicyPack(
    name="benchmark-nothing",
    policies=[ResourceValidationPolicy(name="nothing", description="Nothing.", validate=lambda _args, _report: None)],
)
