"""The officer enters what the plan does not say; residents read it at once."""

import pytest

from storage.unit_of_work import UnitOfWork
from tests.support.commune import Cast
from tests.support.talk import Stage


async def test_an_address_entered_by_the_officer_is_told_to_residents(
    stage: Stage, cast: Cast, door: str
) -> None:
    minh = await cast.signs_in(await stage.talker(door), "officer")
    await minh.says("/menu")
    await minh.presses("Cài đặt xã")
    await minh.presses("Địa chỉ Trung tâm")
    await minh.says("Ấp mẫu 1, cạnh chợ mẫu")
    assert "Đã ghi" in minh.last.text
    ba = await stage.talker(door)
    await ba.says("/start c-loc-tan")
    await ba.presses("Hỏi người thật")
    assert "Ấp mẫu 1, cạnh chợ mẫu" in ba.last.text


async def test_a_change_is_an_event_with_before_and_after(stage: Stage, cast: Cast) -> None:
    minh = await cast.signs_in(await stage.talker(), "officer")
    await minh.says("/caidat")
    await minh.presses("Điện thoại của Trung tâm")
    await minh.says("0271 000 000")
    async with UnitOfWork(stage.app.db) as uow:
        events = await uow.events.after("loc-tan", 0, 50)
    assert events[-1].kind == "commune.set"
    assert events[-1].payload == {"field": "phone", "before": None, "after": "0271 000 000"}
    assert events[-1].actor_id == cast.people["officer"]


async def test_a_wrong_phone_is_refused_and_asked_again(
    stage: Stage, cast: Cast, door: str
) -> None:
    minh = await cast.signs_in(await stage.talker(door), "officer")
    await minh.says("/caidat")
    await minh.presses("Điện thoại của Trung tâm")
    assert "chỉ gồm chữ số" in (await minh.says("không có")).text
    await minh.says("0271 000 000")
    assert "Đã ghi" in minh.last.text


async def test_hamlets_holidays_and_choices(stage: Stage, cast: Cast, door: str) -> None:
    minh = await cast.signs_in(await stage.talker(door), "officer")
    await minh.says("/caidat")
    await minh.presses("Danh sách ấp")
    await minh.presses("Thêm")
    await minh.says("Ấp mẫu 4, 0912 000 000")
    assert "Đã thêm Ấp mẫu 4" in minh.last.text
    await minh.says("/caidat")
    await minh.presses("Ngày nghỉ")
    await minh.says("18/12/2026 nghỉ theo thông báo mẫu")
    assert "Thứ Sáu 18/12/2026: nghỉ" in minh.last.text
    await minh.says("/caidat")
    await minh.presses("Số liệu tính từ")
    await minh.presses("theo Nghị định")
    assert "đến hết ngày 14" in minh.last.text
    await minh.says("/caidat")
    await minh.presses("Tổ có nộp")
    await minh.presses("Có")
    assert ": có" in minh.last.text


@pytest.mark.parametrize("who", ["member", "head", "focal", "leader", "auditor"])
async def test_others_may_not(stage: Stage, cast: Cast, who: str) -> None:
    lan = await cast.signs_in(await stage.talker(), who)
    assert "chưa được giao việc này" in (await lan.says("/caidat")).text
    assert "chưa được giao việc này" in (await lan.presses_data("st:team_tier:yes", 1)).text
