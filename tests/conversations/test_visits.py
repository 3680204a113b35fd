"""Logging a visit, as a member at a garden gate does it."""

import pytest

from domain.ids import new_id
from domain.visits import Kind, Outcome, Service, Visit, visit_logged
from storage.unit_of_work import UnitOfWork
from tests.support.commune import Cast
from tests.support.talk import Stage


async def visits_of(stage: Stage, cast: Cast) -> list[str]:
    async with UnitOfWork(stage.app.db) as uow:
        found = await uow.visits.of_person("loc-tan", cast.people["member"], since=None, limit=9)
    return [visit.code for visit in found if visit.undone_at is None]


async def test_a_visit_is_saved_in_at_most_six_taps(stage: Stage, cast: Cast, door: str) -> None:
    lan = await cast.signs_in(await stage.talker(door), "member")
    await lan.says("/menu")
    taps = ["Ghi một lượt hỗ trợ", "VNeID mức 2", "Xong, tiếp", "Xong", "Lưu"]
    for tap in taps:
        await lan.presses(tap)
    assert "Đã ghi LT-26-00001" in lan.last.text
    assert "Ấp mẫu 1, 10/11/2026: VNeID mức 2. Xong." in lan.last.text
    assert len(taps) <= 6
    assert await visits_of(stage, cast) == ["LT-26-00001"]


async def test_nothing_is_said_to_be_saved_before_the_last_tap(stage: Stage, cast: Cast) -> None:
    lan = await cast.signs_in(await stage.talker(), "member")
    await lan.says("/menu")
    for tap in ("Ghi một lượt hỗ trợ", "VNeID mức 2", "Xong, tiếp", "Xong"):
        await lan.presses(tap)
        assert "Đã ghi" not in lan.last.text
    assert await visits_of(stage, cast) == []


async def test_saving_twice_makes_one_visit(stage: Stage, cast: Cast, door: str) -> None:
    lan = await cast.signs_in(await stage.talker(), "member")
    await lan.says("/menu")
    for tap in ("Ghi một lượt hỗ trợ", "VNeID mức 2", "Xong, tiếp", "Xong"):
        await lan.presses(tap)
    confirm = lan.last
    await lan.presses("Lưu")
    again = await lan.presses_data(confirm.buttons["💾 Lưu"].data or "", confirm.id)
    assert "đã ghi rồi, mã LT-26-00001" in again.text
    assert await visits_of(stage, cast) == ["LT-26-00001"]


async def test_a_visit_can_be_taken_back_within_a_day(stage: Stage, cast: Cast, door: str) -> None:
    lan = await cast.signs_in(await stage.talker(door), "member")
    await lan.says("/menu")
    for tap in ("Ghi một lượt hỗ trợ", "VNeID mức 2", "Xong, tiếp", "Xong", "Lưu"):
        await lan.presses(tap)
    await lan.presses("Xóa lượt này")
    await lan.presses("Xóa")
    assert "Đã xóa LT-26-00001" in lan.last.text
    assert await visits_of(stage, cast) == []


async def test_not_done_asks_why_and_counts_people(stage: Stage, cast: Cast, door: str) -> None:
    lan = await cast.signs_in(await stage.talker(door), "member")
    await lan.says("/menu")
    for tap in ("Ghi một lượt", "Chữ ký số", "Xong, tiếp", "Chưa làm được", "Vắng nhà"):
        await lan.presses(tap)
    await lan.presses("Thêm số người")
    await lan.says("2")
    await lan.presses("Thêm mã hộ")
    await lan.says("h12")
    assert "Số người: 2" in lan.last.text
    assert "Mã hộ: H12" in lan.last.text
    await lan.presses("Lưu")
    assert "Chưa làm được (Vắng nhà)" in lan.last.text


async def test_a_member_of_two_hamlets_is_asked_where(stage: Stage, cast: Cast, door: str) -> None:
    lan = await cast.signs_in(await stage.talker(door), "member2")
    await lan.says("/menu")
    await lan.presses("Ghi một lượt hỗ trợ")
    assert "ở đâu" in lan.last.text
    for tap in ("Ấp mẫu 3", "Dịch vụ công", "Xong, tiếp", "Xong", "Lưu"):
        await lan.presses(tap)
    assert "Ấp mẫu 3" in lan.last.text


@pytest.mark.parametrize("who", ["head", "officer", "leader", "auditor"])
async def test_a_visit_is_seen_by_those_who_may(stage: Stage, cast: Cast, who: str) -> None:
    lan = await cast.signs_in(await stage.talker(), "member")
    await lan.says("/menu")
    for tap in ("Ghi một lượt hỗ trợ", "VNeID mức 2", "Xong, tiếp", "Xong", "Lưu"):
        await lan.presses(tap)
    other = await cast.signs_in(await stage.talker(), who)
    await other.says("/menu")
    await other.presses("Lượt của tổ, của xã")
    assert "LT-26-00001" in other.last.text
    assert "Người mẫu member" in other.last.text


async def test_the_number_over_a_list_counts_all_visits(stage: Stage, cast: Cast) -> None:
    async with UnitOfWork(stage.app.db) as uow:
        for n in range(205):
            visit = Visit(
                id=new_id(),
                code=f"LT-26-{n:05}",
                commune_id="loc-tan",
                hamlet_code="ap-1",
                team_code="to-1" if n else "to-2",
                person_id=cast.people["member" if n else "member2"],
                kind=Kind.HOUSEHOLD,
                services=(Service.VNEID,),
                outcome=Outcome.DONE,
                reason=None,
                people=None,
                household=None,
                visited_on=stage.clock().date(),
                recorded_at=stage.clock(),
            )
            await uow.record(visit_logged(visit, new_id()))
        await uow.commit()
    seen = {}
    for who in ("officer", "head", "member"):
        talker = await cast.signs_in(await stage.talker(), who)
        await talker.says("/menu")
        await talker.presses("Lượt của tôi" if who == "member" else "Lượt của tổ, của xã")
        seen[who] = talker.last.text.splitlines()
    assert seen["officer"][0].endswith("205 lượt")
    assert seen["head"][0].endswith("204 lượt")
    assert [lines[-1] for lines in seen.values()] == [
        "… và 195 lượt nữa",
        "… và 194 lượt nữa",
        "… và 194 lượt nữa",
    ]
