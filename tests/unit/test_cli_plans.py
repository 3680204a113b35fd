"""`packs`, `deadlines`, `rehearse`: the JSON contract, one readable line on errors, exit code 2."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.__main__ import main
from content.pack_loader import pack_ids

#: Issue 2, item 11: these keys, in this order, and more after or between them.
PACK = (
    "id name province hamlet_term hamlets members_per_hamlet indicators other_goals cutoffs tasks"
)
INDICATOR = "id section number name unit targets owner lead partners kpi where"
CUTOFF = "id period tier audience day date months inclusive data_period where"
TASK = "id section number name owner partners result time target kpi where"


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(list(args))
    out, err = capsys.readouterr()
    return code, out, err


def read(capsys: pytest.CaptureFixture[str], *args: str) -> Any:
    code, out, err = run(capsys, *args)
    assert (code, err) == (0, "")
    return json.loads(out)


def in_order(wanted: str, found: dict[str, Any]) -> bool:
    keys = [key for key in found if key in wanted.split()]
    return keys == wanted.split()


@pytest.mark.parametrize("pack_id", pack_ids())
def test_packs_show(capsys: pytest.CaptureFixture[str], pack_id: str) -> None:
    pack = read(capsys, "packs", "show", pack_id)
    assert in_order(PACK, pack)
    assert all(in_order(INDICATOR, each) for each in pack["indicators"])
    assert all(in_order(CUTOFF, each) for each in pack["cutoffs"])
    assert all(in_order(TASK, each) for each in pack["tasks"])


def test_packs_list_and_check(capsys: pytest.CaptureFixture[str]) -> None:
    listed = read(capsys, "packs", "list", "--json")
    assert [each["id"] for each in listed] == list(pack_ids())
    assert "phường Phước Bình" in run(capsys, "packs", "list")[1]
    code, out, _ = run(capsys, "packs", "check")
    assert (code, out.count(" ok: ")) == (0, 5)


def test_deadlines(capsys: pytest.CaptureFixture[str]) -> None:
    rows = read(
        capsys, "deadlines", "loc-tan", "--from", "2026-11-20", "--to", "2026-12-19", "--json"
    )
    assert rows == [
        {
            "cutoff": "office-month",
            "period": "month",
            "tier": 2,
            "audience": "office",
            "data_from": "2026-10-15",
            "data_to": "2026-11-14",
            "assumed": False,
            "last_valid_day": "2026-11-24",
            "target_day": "2026-11-23",
        },
        {
            "cutoff": "units-month",
            "period": "month",
            "tier": 1,
            "audience": "units",
            "data_from": "2026-11-15",
            "data_to": "2026-12-14",
            "assumed": False,
            "last_valid_day": "2026-12-19",
            "target_day": "2026-12-18",
        },
    ]


def test_a_plan_without_days_has_no_deadlines(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        read(capsys, "deadlines", "phuoc-binh", "--from", "2026-01-01", "--to", "2026-12-31") == []
    )
    table = run(
        capsys, "deadlines", "phuoc-binh", "--from", "2026-01-01", "--to", "2026-12-31", "--table"
    )
    assert "nothing falls due" in table[1]


def test_a_report_without_a_period_has_null_days(capsys: pytest.CaptureFixture[str]) -> None:
    args = ("deadlines", "loc-tan", "--from", "2026-03-19", "--to", "2026-03-19")
    once = read(capsys, *args)[1]
    assert (once["cutoff"], once["data_from"], once["data_to"]) == ("units-plan-once", None, None)
    table = run(capsys, *args, "--table")[1].splitlines()
    assert table[0].startswith("cutoff")
    assert len(table) == 3


def test_rehearse(capsys: pytest.CaptureFixture[str]) -> None:
    rows = read(capsys, "rehearse", "--pack", "loc-tan", "--from", "2026-11-21", "--days", "35")
    assert list(rows[0]) == ["at", "to_role", "to", "rung", "cutoffs", "channel", "text"]
    assert rows[0]["at"] == "2026-11-23T08:00:00+07:00"
    assert (rows[0]["to"], rows[0]["rung"]) == ("Công chức mẫu", "day")
    assert {row["channel"] for row in rows} == {"waiting"}
    assert {row["to_role"] for row in rows} == {"focal", "officer"}
    assert {row["rung"] for row in rows} <= {"T-7", "T-3", "T-1", "day", "still-open", "overdue"}
    first = datetime.fromisoformat("2026-11-21T00:00:00+07:00")
    assert all(
        first <= datetime.fromisoformat(row["at"]) < first + timedelta(days=35) for row in rows
    )
    table = run(
        capsys, "rehearse", "--pack", "loc-tan", "--from", "2026-11-21", "--days", "4", "--table"
    )
    assert "still-open" in table[1]


def test_nobody_to_remind(capsys: pytest.CaptureFixture[str]) -> None:
    args = ("rehearse", "--pack", "phuoc-binh", "--from", "2026-01-01", "--days", "30")
    assert read(capsys, *args) == []
    assert "nobody" in run(capsys, *args, "--table")[1]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["packs", "show", "loctan"], "'loctan': no such pack; there are cam-my"),
        (["deadlines", "x", "--from", "2026-01-01", "--to", "2026-02-01"], "no such pack"),
        (["deadlines", "loc-tan", "--from", "1/1/2026", "--to", "2026-02-01"], "--from '1/1/2026'"),
        (["deadlines", "loc-tan", "--from", "2026-01-01", "--to", "2026-02-30"], "--to"),
        (["deadlines", "loc-tan", "--from", "2026-02-01", "--to", "2026-01-01"], "is before"),
        (["deadlines", "loc-tan", "--from", "0001-01-01", "--to", "2026-01-01"], "outside 2000"),
        (["deadlines", "loc-tan"], "--from"),
        (["rehearse", "--pack", "loc-tan", "--from", "2026-01-01", "--days", "0"], "--days"),
        (["rehearse", "--pack", "no", "--from", "2026-01-01"], "no such pack"),
        (["nonsense"], "nonsense"),
    ],
)
def test_a_mistake_is_one_line(
    capsys: pytest.CaptureFixture[str], args: list[str], says: str
) -> None:
    code, out, err = run(capsys, *args)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1
