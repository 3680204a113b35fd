"""The right people are reminded before the real cut-offs of xã Lộc Tấn, until the report is in."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.ids import new_id
from domain.outbox import State
from domain.people import Account
from domain.reports import Way, report_received
from storage.unit_of_work import UnitOfWork
from tests.support.commune import Cast, found_commune
from tests.support.talk import Stage

VN = ZoneInfo("Asia/Ho_Chi_Minh")


def at(stage: Stage, text: str) -> None:
    stage.clock.now = datetime.fromisoformat(text).replace(tzinfo=VN)


async def states(stage: Stage) -> dict[State, int]:
    async with UnitOfWork(stage.app.db) as uow:
        return {k: v for k, v in (await uow.outbox.counts_by_state("loc-tan")).items() if v}


async def test_a_focal_is_reminded_a_week_before_and_once(stage: Stage, cast: Cast) -> None:
    at(stage, "2026-12-11T08:01")  # the target day is Friday 18/12; the 19th is a Saturday
    focal = await cast.signs_in(await stage.talker("plain"), "focal")
    await focal.says("/menu")
    before = len(focal.heard)
    for _ in range(3):
        await stage.app.clockwork.tick()
    new = (await focal.listen()) and focal.heard[before:]
    assert len(new) == 1
    assert "Thứ Sáu 18/12/2026" in new[0].text
    assert "19/12/2026" in new[0].text
    assert "15/11" in new[0].text
    assert "14/12/2026" in new[0].text


async def test_nobody_is_rung_outside_the_window(stage: Stage, cast: Cast) -> None:
    focal = await cast.signs_in(await stage.talker("plain"), "focal")
    await focal.says("/menu")
    before = len(focal.heard)
    for time in ("2026-12-11T05:00", "2026-12-11T06:00", "2026-12-11T21:00", "2026-12-11T23:30"):
        at(stage, time)
        await stage.app.clockwork.tick()
    assert (await focal.listen()) == []
    assert len(focal.heard) == before


async def test_without_a_ringing_door_the_reminder_waits_and_is_shown_at_the_next_visit(
    stage: Stage, cast: Cast
) -> None:
    at(stage, "2026-12-11T08:01")
    focal = await cast.signs_in(await stage.talker("web"), "focal")
    await stage.app.clockwork.tick()
    assert State.WAITING in await states(stage)
    assert State.SENT not in await states(stage)
    from bot.channels.webchat.waiting import show_waiting

    assert await show_waiting(stage.app.db, focal.chat_id, stage.clock()) == 1
    assert await show_waiting(stage.app.db, focal.chat_id, stage.clock()) == 0
    await focal.listen()
    assert "18/12/2026" in focal.last.text


async def test_the_officer_marks_a_report_and_the_reminding_stops(stage: Stage, cast: Cast) -> None:
    at(stage, "2026-12-15T08:01")
    minh = await cast.signs_in(await stage.talker("web"), "officer")
    focal = await cast.signs_in(await stage.talker("plain"), "focal")
    await focal.says("/menu")
    await minh.says("/menu")
    await minh.presses("Ai chưa báo cáo")
    assert "Phòng Kinh tế" in minh.last.text
    await minh.presses("19/12")
    await minh.presses("Phòng Kinh tế")
    await minh.presses("Bản giấy")
    assert "Đã ghi nhận" in minh.last.text
    before = len(focal.heard)
    for day in ("15", "17", "18", "19", "21"):
        at(stage, f"2026-12-{day}T09:00")
        await stage.app.clockwork.tick()
    await focal.listen()
    mine = [heard.text for heard in focal.heard[before:]]
    assert not [text for text in mine if "19/12/2026" in text]
    assert "thiếu" in (await minh.says("/thieu")).text.lower()


async def test_a_queued_reminder_falls_silent_when_the_report_comes_in(
    stage: Stage, cast: Cast
) -> None:
    at(stage, "2026-12-18T08:01")  # planned, and waiting for a door
    await stage.app.clockwork.tick()
    assert State.WAITING in await states(stage)
    async with UnitOfWork(stage.app.db) as uow:
        await uow.outbox.silence(
            "loc-tan",
            "kinh-te",
            "units-month",
            datetime(2026, 12, 19).date(),  # noqa: DTZ001
        )
        await uow.commit()
    async with UnitOfWork(stage.app.db) as uow:
        await uow.accounts.put(Account("plain", 77, person_id=cast.people["focal"]))
        await uow.commit()
    at(stage, "2026-12-18T08:05")
    await stage.app.clockwork.deliver()
    assert not [text for chat, text in stage.plain.session.sent if chat == 77]


async def test_a_focal_sees_what_is_owed_and_when(stage: Stage, cast: Cast, door: str) -> None:
    at(stage, "2026-12-01T10:00")
    focal = await cast.signs_in(await stage.talker(door), "focal")
    await focal.says("/menu")
    await focal.presses("Tôi phải nộp gì, khi nào")
    assert "Nên nộp Thứ Sáu 18/12/2026" in focal.last.text


async def test_officer_and_leader_get_a_digest_of_who_is_missing(stage: Stage, cast: Cast) -> None:
    at(stage, "2026-12-18T08:01")
    for who in ("officer", "leader"):
        talker = await cast.signs_in(await stage.talker("plain"), who)
        await talker.says("/menu")
    stage.plain.session.sent.clear()
    await stage.app.clockwork.tick()
    digests = [text for _, text in stage.plain.session.sent if "Báo cáo còn thiếu" in text]
    assert len(digests) == 2
    assert all(len(text.splitlines()) <= 12 for text in digests)
    assert all("Phòng Kinh tế" in text for text in digests)


@pytest.mark.parametrize("pack", ["phuoc-binh"])
async def test_a_plan_without_days_rings_nobody(stage: Stage, pack: str) -> None:
    await found_commune(stage.app.db, pack)
    at(stage, "2026-12-18T08:01")
    await stage.app.clockwork.tick()
    async with UnitOfWork(stage.app.db) as uow:
        assert sum((await uow.outbox.counts_by_state(pack)).values()) == 0


async def test_a_pause_of_three_days_brings_one_message_each(stage: Stage, cast: Cast) -> None:
    focal = await cast.signs_in(await stage.talker("plain"), "focal")
    await focal.says("/menu")
    before = len(focal.heard)
    at(stage, "2026-12-11T08:01")
    await stage.app.clockwork.tick()
    at(stage, "2026-12-17T10:00")  # T-3 (15/12) was missed, today is T-1
    for _ in range(2):
        await stage.app.clockwork.tick()
    await focal.listen()
    assert len(focal.heard) - before == 2


async def test_what_waited_rings_once_a_door_opens(stage: Stage, cast: Cast) -> None:
    at(stage, "2026-12-11T08:01")
    stage.plain.rings = False
    focal = await cast.signs_in(await stage.talker("plain"), "focal")
    await focal.says("/menu")
    before = len(focal.heard)
    await stage.app.clockwork.tick()
    assert await focal.listen() == []
    stage.plain.rings = True
    for _ in range(2):
        await stage.app.clockwork.deliver()
    await focal.listen()
    assert len(focal.heard) - before == 1


async def test_what_is_late_comes_first_in_ones_own_list(
    stage: Stage, cast: Cast, door: str
) -> None:
    await goes_live(stage, date(2026, 12, 1))
    at(stage, "2026-12-22T09:00")
    focal = await cast.signs_in(await stage.talker(door), "focal")
    text = (await focal.says("/hannop")).text
    assert text.index("quá hạn") < text.index("chưa nhận\nNên nộp")
    assert "Hạn cuối đã qua lúc 24:00 Thứ Bảy 19/12/2026" in text
    await receive(stage, cast, "2026-12-19")
    text = (await focal.says("/hannop")).text
    assert "19/12/2026" not in text
    assert "quá hạn" not in text


async def goes_live(stage: Stage, since: date) -> None:
    async with UnitOfWork(stage.app.db) as uow:
        await uow.communes.update("loc-tan", live_since=since)
        await uow.commit()


async def receive(stage: Stage, cast: Cast, day: str, unit: str = "kinh-te") -> None:
    async with UnitOfWork(stage.app.db) as uow:
        await uow.record(
            report_received(
                "loc-tan",
                unit,
                "units-month",
                date.fromisoformat(day),
                by=cast.people["officer"],
                at=stage.clock(),
                event_id=new_id(),
                how=Way.PAPER,
            )
        )
        await uow.commit()


async def test_a_day_months_ahead_is_told(stage: Stage) -> None:
    cast = await found_commune(stage.app.db, "xuan-thanh")
    at(stage, "2026-08-12T09:00")
    async with UnitOfWork(stage.app.db) as uow:
        await uow.communes.update("xuan-thanh", live_since=date(2026, 1, 1))
        unit = next(u for u in await uow.communes.units("xuan-thanh") if u.code != "van-hoa")
        moved = replace(cast.memberships["focal"], id=new_id(), unit_code=unit.code)
        await uow.people.add_membership(moved)
        await uow.commit()
    focal = await cast.signs_in(await stage.talker(), "focal")
    minh = await cast.signs_in(await stage.talker(), "officer")
    assert "hạn cuối 24:00" in (await focal.says("/hannop")).text
    assert "không ghi ngày" not in (await minh.says("/thieu")).text


async def test_a_plan_without_days_is_said_to_have_none(stage: Stage) -> None:
    cast = await found_commune(stage.app.db, "phuoc-binh")
    minh = await cast.signs_in(await stage.talker(), "officer")
    assert "chưa định ngày" in (await minh.says("/hannop")).text
    assert "không ghi ngày" in (await minh.says("/thieu")).text


async def test_who_owes_nothing_is_told_so(stage: Stage, cast: Cast) -> None:
    head = await cast.signs_in(await stage.talker(), "head")  # teams are not asked here
    assert "không có báo cáo nào" in (await head.says("/hannop")).text


@pytest.mark.parametrize("day", ["2026-12-12", "2026-12-18", "2026-12-22"])
async def test_words_and_buttons_of_who_is_missing_agree(
    stage: Stage, cast: Cast, day: str
) -> None:
    await goes_live(stage, date(2026, 12, 1))
    at(stage, f"{day}T09:00")
    minh = await cast.signs_in(await stage.talker(), "officer")
    heard = await minh.says("/thieu")
    lines = [line for line in heard.text.splitlines() if line.startswith("•")]
    assert len(lines) == len([label for label in heard.buttons if "thiếu" in label]) > 0


async def test_a_mark_is_taken_off_and_the_reminding_goes_on(
    stage: Stage, cast: Cast, door: str
) -> None:
    at(stage, "2026-12-15T08:01")
    minh = await cast.signs_in(await stage.talker(door), "officer")
    focal = await cast.signs_in(await stage.talker("plain"), "focal")
    await focal.says("/menu")
    await minh.says("/thieu")
    for tap in ("19/12", "Phòng Kinh tế", "Bản giấy"):
        await minh.presses(tap)
    assert "Đã ghi nhận" in minh.last.text
    for tap in ("Gỡ đánh dấu", "Bấm nhầm"):
        await minh.presses(tap)
    assert "lại là chưa nhận" in minh.last.text
    before = len(focal.heard)
    at(stage, "2026-12-17T09:00")
    await stage.app.clockwork.tick()
    await focal.listen()
    assert [heard for heard in focal.heard[before:] if "19/12/2026" in heard.text]
    async with UnitOfWork(stage.app.db) as uow:
        events = await uow.events.after("loc-tan", 0, 99)
    assert [(e.kind, e.reason) for e in events if e.kind.startswith("report")] == [
        ("report.received", None),
        ("report.reopened", "slip"),
    ]


async def test_a_report_that_went_back_is_owed_again(stage: Stage, cast: Cast) -> None:
    at(stage, "2026-12-15T08:01")
    await receive(stage, cast, "2026-12-19")
    minh = await cast.signs_in(await stage.talker(), "officer")
    await minh.says("/thieu")
    await minh.presses("19/12")
    assert "Phòng Kinh tế" not in str(minh.last.buttons)
    for tap in ("Gỡ đánh dấu", "Phòng Kinh tế", "Báo cáo trả lại"):
        await minh.presses(tap)
    assert "Phòng Kinh tế" in str(minh.last.buttons)


async def test_a_made_up_mark_is_no_evidence(stage: Stage, cast: Cast) -> None:
    at(stage, "2026-12-15T08:01")
    minh = await cast.signs_in(await stage.talker(), "officer")
    for data in ("dm:units-month:261219:kinh-te:zzz", "dr:units-month:261219:kinh-te:zzz"):
        assert "nút này cũ" in (await minh.presses_data(data, 1)).text.lower()
    async with UnitOfWork(stage.app.db) as uow:
        assert await uow.reports.received("loc-tan", date(2026, 1, 1)) == set()
