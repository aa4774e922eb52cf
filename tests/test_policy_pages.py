"""Each policy has its page, whose examples do what it says: this policy alone reports "avoid", and none "prefer"."""

import json
from pathlib import Path
from typing import Any

import pytest

from policies.catalogue import CATALOGUE, RETIRED
from rulebook.options import schema_of
from rulebook.policy import Level, Policy
from rulebook.rulebook import Rulebook
from tests.support.yaml_programs import TODAY, Config, Example, blocks, examples, judge, passwords, resources, sections
from tests.testbed import ROOT
from tools import docs

PAGES = ROOT / docs.PAGES
USERS_IN_GROUPS = "elasticache-stack-users-in-groups"
NEEDED = {"userId", "userName", "accessString", "engine"}
"""The properties that the provider requires of a user."""

EVERY_POLICY = pytest.mark.parametrize("policy", CATALOGUE, ids=lambda policy: policy.id)


def page(policy: Policy[Any, Any]) -> Path:
    return PAGES / f"{policy.id}.md"


def all_examples(section: str) -> list[Any]:
    return [
        pytest.param(policy, example, id=f"{policy.id}-{example.number}")
        for policy in CATALOGUE
        for example in examples(page(policy), section)
    ]


def reported(said: dict[str, list[str]]) -> str:
    return "\n".join(f"{policy}: {message}" for policy, messages in said.items() for message in messages)


@EVERY_POLICY
def test_every_policy_has_its_page(policy: Policy[Any, Any]) -> None:
    assert page(policy).exists(), (
        f"{docs.page_of(policy)} is missing: run python -m tools.docs, which begins it, and write its sections"
    )


def test_every_page_has_its_policy() -> None:
    """The page of a retired policy stays and says what became of it, so that old links still teach."""
    known = {policy.id for policy in CATALOGUE} | {*RETIRED}
    strays = {path.stem for path in PAGES.glob("*.md")} - known - {"index"}

    assert not strays, f"no policy is named {sorted(strays)}: rename or delete the pages in {docs.PAGES}"


def test_what_is_generated_is_current() -> None:
    assert docs.differences(ROOT) == []


@EVERY_POLICY
def test_a_page_has_the_fixed_headings(policy: Policy[Any, Any]) -> None:
    found = sections(page(policy))

    assert page(policy).read_text().startswith(f"# {policy.id}\n"), "the title of a page is the policy's id"
    assert list(found) == [*docs.HEADINGS], f"{docs.page_of(policy)} must have these headings, in this order"


@EVERY_POLICY
@pytest.mark.parametrize("heading", docs.HEADINGS)
def test_every_section_says_something(policy: Policy[Any, Any], heading: str) -> None:
    written = [
        line
        for line in sections(page(policy)).get(heading, "").splitlines()
        if line.strip() and not line.startswith(("<!--", "|"))
    ]

    assert written, f"write the section {heading} of {docs.page_of(policy)}"


@EVERY_POLICY
@pytest.mark.parametrize("section", ["Avoid", "Prefer"])
def test_a_page_has_whole_examples(policy: Policy[Any, Any], section: str) -> None:
    """An example can be copied as it is, so no user lacks what the provider requires."""
    found = examples(page(policy), section)

    assert found, f"write a ```yaml block with resources: in the section {section} of {docs.page_of(policy)}"
    for example in found:
        for name, resource in example.program["resources"].items():
            if resource["type"] == "aws:elasticache:User":
                assert resource["properties"].keys() >= NEEDED, f"{example}: {name} is not a whole user"


@pytest.mark.parametrize(("policy", "example"), all_examples("Avoid"))
def test_avoid_is_reported_by_its_policy_alone(policy: Policy[Any, Any], example: Example) -> None:
    """With the default levels, or those in the block's first line, which readers see."""
    said = judge(example, example.config)

    assert said.keys() == {policy.id}, (
        f"{example} must be reported by {policy.id} alone; where it takes a level or an option, write them in the "
        f"first line of the block, as # --policy-pack-config: {{…}}\n{reported(said)}"
    )


@pytest.mark.parametrize(("policy", "example"), all_examples("Prefer"))
def test_prefer_is_reported_by_no_policy(policy: Policy[Any, Any], example: Example) -> None:
    """With every policy enabled, whatever its default; but examples of users show no group, except on its own page."""
    config: Config = {"all": "mandatory", **example.config}
    if policy.id != USERS_IN_GROUPS:
        config = {USERS_IN_GROUPS: "disabled", **config}

    said = judge(example, config)

    assert not said, f"{example} must pass every policy\n{reported(said)}"


@EVERY_POLICY
def test_the_example_of_a_configuration_is_accepted(policy: Policy[Any, Any]) -> None:
    """It names the policy and, between its blocks, every option that there is."""
    configs = [json.loads(block) for block in blocks(sections(page(policy))["Options"], "json")]
    shown: set[str] = set()
    for config in configs:
        entries = {name: entry_of(entry) for name, entry in config.items()}
        assert policy.id in entries
        assert not Rulebook.of(CATALOGUE, entries, retired=RETIRED, clock=lambda: TODAY).notices
        shown |= entries[policy.id][1].keys()

    assert configs, f"write a ```json block for --policy-pack-config in the section Options of {docs.page_of(policy)}"
    assert shown == schema_of(policy.options).keys()


def entry_of(entry: object) -> tuple[Level | None, dict[str, object]]:
    if not isinstance(entry, dict):
        return Level(entry), {}
    options = dict(entry)
    level = options.pop("enforcementLevel", None)
    return None if level is None else Level(level), options


@EVERY_POLICY
def test_the_references_hold_the_policys_own_link(policy: Policy[Any, Any]) -> None:
    """Messages end in it, so that it must be the page that helps."""
    assert policy.url in sections(page(policy))["References"]


def test_programs_are_read_as_the_engine_reads_them() -> None:
    """The reader of examples marks passwords, and knows a value from one that a preview does not know yet."""
    made = resources(
        {
            "config": {"written": {"secret": True}},
            "resources": {
                "generated": {"type": "random:RandomPassword", "properties": {"length": 32}},
                "a": {"type": "aws:elasticache:User", "properties": {"userId": "a", "passwords": ["${written}"]}},
                "b": {"type": "aws:elasticache:User", "properties": {"passwords": ["x" * 16, "${generated.result}"]}},
                "c": {"type": "aws:elasticache:UserGroup", "properties": {"userIds": ["${a.userId}", "${b.userId}"]}},
            },
        }
    )

    assert [resource.type for resource in made] == [
        "random:index/randomPassword:RandomPassword",
        "aws:elasticache/user:User",
        "aws:elasticache/user:User",
        "aws:elasticache/userGroup:UserGroup",
    ]
    assert [*passwords(made)] == ["MARKER-pa55word-do-not-print-written"]
    assert made[2].dependencies == {"passwords": {"generated"}}
    assert made[3].properties["userIds"][0] == "a"
    assert made[3].dependencies == {"userIds": {"a", "b"}}


def test_a_page_is_begun_where_there_is_none(tmp_path: Path) -> None:
    """What is begun has the title, the headings and the generated parts, and nothing that passes for a page."""
    texts = dict(docs.wanted(tmp_path))
    policy = CATALOGUE[0]
    begun = tmp_path / "begun.md"
    begun.write_text(texts[docs.page_of(policy)])

    assert [*sections(begun)] == [*docs.HEADINGS]
    assert policy.description in begun.read_text()
    assert examples(begun, "Avoid") == []
    assert f"{docs.page_of(policy)} is missing" in docs.differences(tmp_path)[1]


def test_what_is_written_by_hand_is_kept(tmp_path: Path) -> None:
    """Only what stands between the marks is replaced."""
    readme = tmp_path / "README.md"
    parts = ("policies", "explain", "languages")
    readme.write_text("before\n" + "between\n".join("\n".join((*docs.marks(part), "")) for part in parts) + "\nafter\n")

    text = dict(docs.wanted(tmp_path))["README.md"]

    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert text.count("between\n") == len(parts) - 1
    assert docs.policy_table() in text


def test_a_file_without_marks_is_reported(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("nothing\n")

    with pytest.raises(docs.DocsError, match=r"README\.md has no place for what is generated"):
        list(docs.wanted(tmp_path))
