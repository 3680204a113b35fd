"""Coming in by invitation, one account on two devices, inviting others."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.people import Role
from handlers.invitations import new_invitation
from storage.unit_of_work import UnitOfWork
from tests.support.commune import Cast
from tests.support.talk import Stage, Talker


async def invitation(stage: Stage, role: Role = Role.MEMBER, place: str = "to-1") -> str:
    made = new_invitation("loc-tan", role, place, stage.clock(), uses=1)
    async with UnitOfWork(stage.app.db) as uow:
        await uow.invitations.add(made)
        await uow.commit()
    return made.code


async def role_of(stage: Stage, talker: Talker) -> str | None:
    async with UnitOfWork(stage.app.db) as uow:
        account = await uow.accounts.of_chat(talker.chat_id)
    return str(account.person_id) if account and account.person_id else None


async def test_opening_an_invitation_changes_nothing(stage: Stage, cast: Cast, door: str) -> None:
    code = await invitation(stage)
    mai = await stage.talker(door)
    await mai.says(f"/start i-{code}")
    assert "thành viên tổ" in mai.last.text
    assert "Tổ mẫu 1" in mai.last.text
    assert await role_of(stage, mai) is None


async def test_an_accepted_invitation_lets_its_member_log(
    stage: Stage, cast: Cast, door: str
) -> None:
    code = await invitation(stage)
    mai = await stage.talker(door)
    await mai.says(f"/start i-{code}")
    await mai.presses("Nhận lời mời")
    await mai.says("Người mẫu Mai")
    assert "Người mẫu Mai đã vào xã Lộc Tấn với vai thành viên tổ" in mai.heard[-1].text
    await mai.says("/menu")
    await mai.presses("Ghi một lượt hỗ trợ")
    assert "Ấp mẫu 1" in mai.last.text


async def test_an_invitation_is_counted(stage: Stage, cast: Cast) -> None:
    code = await invitation(stage)
    first, second = await stage.talker(), await stage.talker()
    for each in (first, second):
        await each.says(f"/start i-{code}")
    await first.presses("Nhận lời mời")
    await first.says("Người mẫu Một")
    await second.presses("Nhận lời mời")
    assert "đã có đủ người nhận" in second.last.text


async def test_an_expired_and_a_revoked_invitation_say_so(stage: Stage, cast: Cast) -> None:
    expired, revoked = await invitation(stage), await invitation(stage)
    async with UnitOfWork(stage.app.db) as uow:
        found = await uow.invitations.by_code(revoked)
        assert found is not None
        await uow.invitations.revoke(found.id, stage.clock())
        await uow.commit()
    mai = await stage.talker()
    assert "bị thu lại" in (await mai.says(f"/start i-{revoked}")).text
    stage.clock.forward(days=15)
    assert "quá hạn" in (await mai.says(f"/start i-{expired}")).text


async def test_wrong_codes_are_rate_limited(stage: Stage, cast: Cast) -> None:
    code = await invitation(stage)
    mai = await stage.talker()
    for _ in range(5):
        assert "không có" in (await mai.says("/start i-WRONG222")).text
    assert "Sai mã nhiều lần" in (await mai.says(f"/start i-{code}")).text
    stage.clock.forward(minutes=16)
    assert "Lời mời vào" in (await mai.says(f"/start i-{code}")).text


async def test_a_typed_code_works_without_a_link(stage: Stage, cast: Cast, door: str) -> None:
    code = await invitation(stage)
    mai = await stage.talker(door)
    await mai.says("/ma")
    await mai.says(f"{code[:4]} {code[4:].lower()}")
    assert "Lời mời vào" in mai.last.text


async def test_a_second_device_joins_by_a_one_time_code(
    stage: Stage, cast: Cast, door: str
) -> None:
    phone = await cast.signs_in(await stage.talker(), "member")
    await phone.says("/toi")
    await phone.presses("Dùng thêm máy khác")
    code = phone.last.text.split("/noi ")[1].split(".")[0]
    tablet = await stage.talker(door)
    await tablet.says(f"/noi {code}")
    await tablet.presses("Dùng chung tài khoản")
    assert "đã dùng chung tài khoản Người mẫu member" in tablet.last.text
    thief = await stage.talker(door)
    await thief.says(f"/noi {code}")
    assert "không đúng" in (await thief.presses("Dùng chung tài khoản")).text


async def test_signing_out_elsewhere_keeps_this_device(stage: Stage, cast: Cast) -> None:
    phone = await cast.signs_in(await stage.talker(), "member")
    tablet = await cast.signs_in(await stage.talker(), "member")
    await phone.says("/toi")
    await phone.presses("Máy đang đăng nhập")
    assert "2 nơi" in phone.last.text
    await phone.presses("Đăng xuất mọi máy khác")
    assert await role_of(stage, phone) is not None
    assert await role_of(stage, tablet) is None


async def test_an_officer_invites_and_takes_back(stage: Stage, cast: Cast) -> None:
    minh = await cast.signs_in(await stage.talker(), "officer")
    await minh.says("/menu")
    await minh.presses("Mời người")
    await minh.presses("tổ trưởng")
    await minh.presses("Tổ mẫu 2")
    assert "/i/" in minh.last.text
    code = minh.last.text.split("Mã: ")[1].split("\n")[0].replace(" ", "")
    await minh.presses("Thu lại")
    assert "Đã thu lại" in minh.last.text
    mai = await stage.talker()
    assert "bị thu lại" in (await mai.says(f"/start i-{code}")).text


@pytest.mark.parametrize("who", ["member", "head", "focal", "leader", "auditor"])
async def test_others_cannot_invite(stage: Stage, cast: Cast, who: str) -> None:
    lan = await cast.signs_in(await stage.talker(), who)
    await lan.says("/menu")
    assert not any("Mời người" in label for label in lan.last.buttons)
    assert "chưa được giao việc này" in (await lan.says("/moi")).text


async def test_english_is_a_button_away(stage: Stage, cast: Cast) -> None:
    lan = await cast.signs_in(await stage.talker(), "member")
    await lan.says("/toi")
    await lan.presses("English")
    await lan.says("/menu")
    assert "What" in lan.last.text or "today" in lan.last.text


async def test_a_membership_that_ended_signs_nobody_in(stage: Stage, cast: Cast) -> None:
    lan = await cast.signs_in(await stage.talker(), "member")
    async with UnitOfWork(stage.app.db) as uow:
        yesterday = (stage.clock() - timedelta(days=1)).date()
        await uow.people.end_membership(cast.memberships["member"].id, yesterday)
        await uow.commit()
    await lan.says("/menu")
    assert not any("Ghi một lượt" in label for label in lan.last.buttons)


async def test_a_device_never_becomes_somebody_else_by_one_tap(
    stage: Stage, cast: Cast, door: str
) -> None:
    lan = await cast.signs_in(await stage.talker(door), "member")
    made = replace(
        new_invitation("loc-tan", Role.HEAD, "to-1", stage.clock(), uses=1),
        person_id=cast.people["head"],
    )
    async with UnitOfWork(stage.app.db) as uow:
        await uow.invitations.add(made)
        await uow.commit()
    await lan.says(f"/start i-{made.code}")
    assert "đang đăng nhập là Người mẫu member" in lan.last.text
    await lan.presses_data(f"in:accept:{made.code}", 1)
    assert await role_of(stage, lan) == str(cast.people["member"])
    await lan.says(f"/start i-{made.code}")
    await lan.presses("Đăng xuất rồi nhận")
    assert await role_of(stage, lan) == str(cast.people["head"])


async def test_a_second_role_leaves_the_first_in_use(stage: Stage, cast: Cast) -> None:
    minh = await cast.signs_in(await stage.talker(), "officer")
    code = await invitation(stage)
    await minh.says(f"/start i-{code}")
    assert "có thêm vai này" in minh.last.text
    await minh.presses("Nhận lời mời")
    await minh.says("/menu")
    assert any("Cài đặt xã" in label for label in minh.last.buttons)


async def test_accepting_twice_welcomes_twice_and_takes_one_use(stage: Stage, cast: Cast) -> None:
    code = await invitation(stage)
    mai = await stage.talker()
    await mai.says(f"/start i-{code}")
    offer = mai.last
    await mai.presses("Nhận lời mời")
    await mai.says("Người mẫu Mai")
    await mai.presses_data(offer.buttons["Nhận lời mời"].data or "", offer.id)
    assert "đã vào" in mai.last.text


async def test_after_a_wrong_code_another_may_be_typed(stage: Stage, cast: Cast, door: str) -> None:
    code = await invitation(stage)
    mai = await stage.talker(door)
    await mai.says("/ma")
    assert "không có" in (await mai.says("WRONG234")).text
    assert "Lời mời vào" in (await mai.says(code)).text


async def test_undo_ends_with_the_membership(stage: Stage, cast: Cast) -> None:
    lan = await cast.signs_in(await stage.talker(), "member")
    await lan.says("/menu")
    for tap in ("Ghi một lượt hỗ trợ", "VNeID mức 2", "Xong, tiếp", "Xong", "Lưu"):
        await lan.presses(tap)
    saved = lan.last
    async with UnitOfWork(stage.app.db) as uow:
        yesterday = (stage.clock() - timedelta(days=1)).date()
        await uow.people.end_membership(cast.memberships["member"].id, yesterday)
        await uow.commit()
    data = (saved.buttons["Xóa lượt này"].data or "").replace("u:ask", "u:yes")
    assert "chưa được giao việc này" in (await lan.presses_data(data, saved.id)).text
