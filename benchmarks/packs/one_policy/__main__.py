"""A pack of one policy on the stock SDK: what starting costs at least."""  # noqa: INP001

from pulumi_policy import PolicyPack, ResourceValidationPolicy

PolicyPack(
    name="benchmark-one-policy",
    policies=[ResourceValidationPolicy(name="nothing", description="Nothing.", validate=lambda _args, _report: None)],
)
