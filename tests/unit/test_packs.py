"""The five plans as data: complete, in their place, composed letters, nobody's signature."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import content.pack_loader
from content.pack_loader import load_pack, pack_ids
from domain.plan import Cutoff

FOLDER = Path(content.pack_loader.__file__).parent / "packs"

#: Rows of the annexes: issue 2, item 5.
COUNTS = {
    "cam-my": (41, 36),
    "xuan-thanh": (17, 0),
    "phuoc-binh": (24, 32),
    "loc-tan": (34, 23),
    "duc-an": (23, 13),
}
SIGNERS = ("Nguyễn Sĩ Quân", "Nguyễn Thị Thùy Linh", "Lê Hoàng Vinh", "Nguyễn Văn Dũng")

every_pack = pytest.mark.parametrize("pack_id", COUNTS)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from strings(key)
            yield from strings(child)
    elif isinstance(value, list):
        for child in value:
            yield from strings(child)


def cutoffs(pack_id: str) -> dict[str, Cutoff]:
    return {each.id: each for each in load_pack(pack_id).cutoffs}


def test_there_are_five() -> None:
    assert set(pack_ids()) == set(COUNTS)


@every_pack
def test_every_row_of_the_annexes_is_there(pack_id: str) -> None:
    pack = load_pack(pack_id)
    assert (len(pack.indicators), len(pack.tasks)) == COUNTS[pack_id]


@every_pack
def test_ids_are_unique_over_the_whole_pack(pack_id: str) -> None:
    pack = load_pack(pack_id)
    for group in (pack.indicators, pack.other_goals, pack.cutoffs, pack.tasks):
        ids = [each.id for each in group]
        assert len(set(ids)) == len(ids)
    codes = [unit.code for unit in pack.units]
    assert len(set(codes)) == len(codes)


@every_pack
def test_every_item_says_where_it_stands_and_every_rule_quotes_the_plan(pack_id: str) -> None:
    pack = load_pack(pack_id)
    dumped = pack.model_dump(mode="json")
    groups = ("units", "silences", "indicators", "other_goals", "cutoffs", "tasks")
    assert all(item["where"].strip() for group in groups for item in dumped[group])
    assert all(len(rule.quote.split()) > 5 for rule in pack.cutoffs)
    assert all(rule.name.strip() for rule in pack.cutoffs)


@every_pack
def test_a_quote_says_the_day_its_rule_has(pack_id: str) -> None:
    for rule in load_pack(pack_id).cutoffs:
        printed = re.findall(r"ngày \**(\d+)", rule.quote)
        if rule.day is not None:
            assert str(rule.day) in printed
            assert rule.inclusive == ("trước ngày" not in rule.quote)


@every_pack
def test_letters_are_composed_and_nobody_is_named(pack_id: str) -> None:
    text = (FOLDER / f"{pack_id}.yaml").read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    folded = " ".join(text.split()).casefold()
    assert not any(name.casefold() in folded for name in SIGNERS)
    for value in strings(load_pack(pack_id).model_dump(mode="json")):
        assert value == value.strip()
        assert unicodedata.is_normalized("NFC", value)
        assert "�" not in value


@every_pack
def test_targets_are_bare(pack_id: str) -> None:
    """No percent sign, no space around a number, no leading zero."""
    pack = load_pack(pack_id)
    for targets in (*(i.targets for i in pack.indicators), *(g.targets for g in pack.other_goals)):
        for target in targets.values():
            assert "%" not in target
            assert not re.search(r"(?<![\d.,])0\d", target)
            assert not (re.search(r"\d", target) and " " in target)


@every_pack
def test_the_office_is_one_of_the_units(pack_id: str) -> None:
    pack = load_pack(pack_id)
    assert pack.office in {unit.name for unit in pack.units}


@every_pack
def test_what_the_plan_leaves_open_is_recorded(pack_id: str) -> None:
    assert load_pack(pack_id).silences


def test_the_cut_offs_of_the_plans() -> None:
    """reference/evidence-and-reports.md, section 1.1."""
    quarter = cutoffs("cam-my")["units-quarter"]
    assert (quarter.day, quarter.inclusive, quarter.months) == (25, False, (3, 6, 9, 12))
    an = cutoffs("duc-an")
    assert [
        (an[f"units-{kind}"].day, len(an[f"units-{kind}"].months))
        for kind in ("month", "quarter", "year")
    ] == [(10, 12), (10, 4), (10, 1)]
    assert an["units-year"].months == (11,)
    tan = cutoffs("loc-tan")
    assert [(tan[f"{who}-month"].day, tan[f"{who}-month"].tier) for who in ("units", "office")] == [
        (20, 1),
        (25, 2),
    ]
    assert tan["units-plan-once"].date == date(2026, 3, 20)
    thanh = cutoffs("xuan-thanh")["units-half-year"]
    assert (thanh.day, thanh.inclusive, thanh.months) == (10, True, (6, 12))


def test_phuoc_binh_gives_no_day() -> None:
    assert {each.period for each in load_pack("phuoc-binh").cutoffs} == {"month", "quarter", "year"}
    assert all(each.day is None for each in load_pack("phuoc-binh").cutoffs)


def test_number_six_occurs_twice_in_phuoc_binh_and_is_told_apart() -> None:
    six = [each for each in load_pack("phuoc-binh").indicators if each.number == "6"]
    assert len(six) == len({each.id for each in six})


def test_the_empty_goal_of_loc_tan_is_left_empty() -> None:
    """Row 1 of section V prints "≥" and nothing after it."""
    pack = load_pack("loc-tan")
    row = next(each for each in pack.indicators if each.section == "V" and each.number == "1")
    assert row.targets == {}
