"""One clear sentence for each, and nothing lost."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import StorageBusy
from domain.ids import new_id
from domain.messages import Direction
from domain.people import Membership, Role
from handlers.invitations import new_invitation
from storage.drafts import Drafts
from storage.unit_of_work import UnitOfWork
from tests.support.commune import Cast, found_commune
from tests.support.talk import Stage, Talker


async def to_confirmation(stage: Stage, cast: Cast, door: str = "web") -> Talker:
    lan = await cast.signs_in(await stage.talker(door), "member")
    await lan.says("/menu")
    for tap in ("Ghi một lượt hỗ trợ", "VNeID mức 2", "Xong, tiếp", "Xong"):
        await lan.presses(tap)
    return lan


@pytest.mark.parametrize("text", ["🙂🙂🙂", "zzzz qqqq xxxx", "giá vàng hôm nay bao nhiêu"])
async def test_unknown_words_get_an_answer_never_a_guess(
    stage: Stage, cast: Cast, door: str, text: str
) -> None:
    ba = await stage.talker(door)
    heard = await ba.says(text)
    assert "chưa biết" in heard.text
    assert "Hỏi người thật" in heard.text or any("Hỏi người thật" in b for b in heard.buttons)


async def test_a_number_without_a_menu_is_explained(stage: Stage, cast: Cast, door: str) -> None:
    ba = await stage.talker(door)
    assert "không có trong các mục đang chọn" in (await ba.says("7")).text


async def test_an_old_button_does_nothing_and_says_so(stage: Stage, cast: Cast) -> None:
    ba = await stage.talker()
    await ba.says("/start c-loc-tan")
    assert "Nút này cũ" in (await ba.presses_data("nothing:known", ba.last.id)).text


async def test_a_photo_where_words_are_expected(stage: Stage, cast: Cast, door: str) -> None:
    ba = await stage.talker(door)
    photo = {"file_id": "x", "file_unique_id": "x", "width": 9, "height": 9}
    message = {
        "message_id": 5,
        "date": stage.clock(),
        "chat": {"id": ba.chat_id, "type": "private"},
        "from": {"id": ba.chat_id, "is_bot": False, "first_name": "x"},
        "photo": [photo],
    }
    heard = await ba.feeds({"update_id": 5, "message": message})
    assert "gõ bằng chữ" in heard.text
    assert "Đừng gửi ảnh căn cước" in heard.text


async def test_the_same_message_again_has_one_effect(stage: Stage, cast: Cast, door: str) -> None:
    ba = await stage.talker(door)
    await ba.says("/menu", client_id="11111111-aaaa")
    heard = len(ba.heard)
    await ba.says("/menu", client_id="11111111-aaaa")
    assert len(ba.heard) == heard


async def test_two_devices_at_once_save_one_visit(stage: Stage, cast: Cast) -> None:
    phone = await to_confirmation(stage, cast)
    tablet = await cast.signs_in(await stage.talker(), "member")
    data = phone.last.buttons["💾 Lưu"].data or ""
    await asyncio.gather(
        phone.presses_data(data, phone.last.id), tablet.presses_data(data, phone.last.id)
    )
    said = phone.last.text + tablet.last.text
    assert "Đã ghi LT-26-00001" in said
    assert "đã ghi rồi, mã LT-26-00001" in said
    assert await count_visits(stage) == 1


async def test_fifty_copies_of_one_press_make_one_visit(stage: Stage, cast: Cast) -> None:
    lan = await to_confirmation(stage, cast)
    confirm = lan.last
    data = confirm.buttons["💾 Lưu"].data or ""
    await asyncio.gather(
        *(lan.presses_data(data, confirm.id, client_id="one-and-the-same") for _ in range(50))
    )
    assert await count_visits(stage) == 1
    said = [heard.text for heard in lan.heard if "Đã ghi LT" in heard.text]
    assert len(set(said)) == 1


async def test_somebody_elses_draft_is_closed_to_me(stage: Stage, cast: Cast) -> None:
    lan = await to_confirmation(stage, cast)
    data = lan.last.buttons["💾 Lưu"].data or ""
    other = await cast.signs_in(await stage.talker(), "member2")
    assert "đã bỏ hoặc quá 7 ngày" in (await other.presses_data(data, 1)).text


async def test_a_draft_is_found_again_and_expires(stage: Stage, cast: Cast, door: str) -> None:
    lan = await to_confirmation(stage, cast, door)
    stage.clock.forward(days=2)
    await lan.says("/ghi")
    assert "chưa ghi xong từ 10/11/2026" in lan.last.text
    await lan.presses("Ghi tiếp")
    assert "Xem lại rồi bấm Lưu" in lan.last.text
    stage.clock.forward(days=8)
    await lan.says("/ghi")
    assert "Đã giúp bà con việc gì" in lan.last.text


async def test_a_clock_set_back_asks_for_another_day(stage: Stage, cast: Cast, door: str) -> None:
    lan = await to_confirmation(stage, cast, door)
    stage.clock.forward(days=-1)
    await lan.presses("Lưu")
    assert "Ngày này chưa tới" in lan.last.text
    await lan.says("/ghi")
    await lan.presses("Ghi tiếp")
    await lan.presses("Đổi ngày")
    await lan.presses("09/11/2026")
    await lan.presses("Lưu")
    assert "Đã ghi LT-26-00001" in lan.last.text
    assert "09/11/2026" in lan.last.text


async def test_what_was_confirmed_before_midnight_is_recorded_after(
    stage: Stage, cast: Cast
) -> None:
    stage.clock.now = datetime(2026, 11, 14, 16, 58, tzinfo=UTC)  # 23:58 in Vietnam
    lan = await to_confirmation(stage, cast)
    stage.clock.forward(minutes=4)
    await lan.presses("Lưu")
    assert "14/11/2026" in lan.last.text


async def test_an_expired_draft_is_not_saved(stage: Stage, cast: Cast) -> None:
    lan = await to_confirmation(stage, cast)
    stage.clock.forward(days=8)
    await lan.presses("Lưu")
    assert "quá 7 ngày" in lan.last.text
    assert await count_visits(stage) == 0


async def test_a_command_is_never_taken_for_a_name_or_an_address(stage: Stage, cast: Cast) -> None:
    made = new_invitation("loc-tan", Role.MEMBER, "to-1", stage.clock(), uses=1)
    async with UnitOfWork(stage.app.db) as uow:
        await uow.invitations.add(made)
        await uow.commit()
    mai = await stage.talker()
    await mai.says(f"/start i-{made.code}")
    await mai.presses("Nhận lời mời")
    await mai.says("/menu")
    assert "/menu đã vào" not in mai.last.text
    minh = await cast.signs_in(await stage.talker(), "officer")
    await minh.says("/caidat")
    await minh.presses("Địa chỉ Trung tâm")
    await minh.presses("Hỏi người thật")
    await minh.says("quên mật khẩu vneid thì làm sao")
    async with UnitOfWork(stage.app.db) as uow:
        commune = await uow.communes.get("loc-tan")
    assert commune is not None
    assert commune.address is None


async def test_an_answer_is_asked_again_when_it_could_not_be_kept(
    stage: Stage, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lan = await to_confirmation(stage, cast)
    await lan.presses("Thêm số người")
    with monkeypatch.context() as broken:

        async def busy(*_: object) -> None:
            raise StorageBusy

        broken.setattr(Drafts, "save", busy)
        with pytest.raises(StorageBusy):
            await lan.says("2", client_id="typed-once-0001")
    await lan.says("2", client_id="typed-once-0001")
    assert "Số người: 2" in lan.last.text


async def test_a_draft_of_another_commune_is_closed(stage: Stage, cast: Cast) -> None:
    await found_commune(stage.app.db, "duc-an")
    lan = await to_confirmation(stage, cast)
    async with UnitOfWork(stage.app.db) as uow:
        await uow.people.add_membership(
            Membership(
                id=new_id(),
                person_id=cast.people["member"],
                commune_id="duc-an",
                role=Role.MEMBER,
                team_code="to-1",
            )
        )
        yesterday = stage.clock().date() - timedelta(days=1)
        await uow.people.end_membership(cast.memberships["member"].id, yesterday)
        await uow.commit()
    await lan.presses("Lưu")
    assert "Đã ghi" not in lan.last.text
    assert await count_visits(stage) == 0


async def test_two_devices_ticking_at_once_lose_no_tick(stage: Stage, cast: Cast) -> None:
    phone = await cast.signs_in(await stage.talker(), "member")
    tablet = await cast.signs_in(await stage.talker(), "member")
    await phone.says("/ghi")
    ticks = {label: b.data or "" for label, b in phone.last.buttons.items() if "☐" in label}
    await asyncio.gather(
        phone.presses_data(ticks["☐ VNeID mức 2"], phone.last.id),
        tablet.presses_data(ticks["☐ Chữ ký số"], phone.last.id),
    )
    await phone.says("/ghi")
    assert "VNeID mức 2, Chữ ký số" in phone.last.text


async def test_made_up_buttons_are_refused_quietly(stage: Stage, cast: Cast) -> None:
    lan = await to_confirmation(stage, cast)
    draft = (lan.last.buttons["💾 Lưu"].data or "").split(":")[2]
    for data in (f"v:outcome:{draft}:zzz", f"~v:{draft}:zzz", f"v:day:{draft}:2030-01-01"):
        assert "chưa chọn việc nào" in (await lan.presses_data(data, 1)).text
    await lan.presses_data("me:speak:079123456789", 1)
    assert "Nút này cũ" in lan.last.text


async def test_a_free_question_wins_while_a_code_is_asked(stage: Stage, cast: Cast) -> None:
    lan = await to_confirmation(stage, cast)
    await lan.presses("Thêm mã hộ")
    heard = await lan.says("quên mật khẩu vneid thì làm sao")
    assert "Mã hộ" not in heard.text
    await lan.says("/ghi")
    assert "chưa ghi xong" in lan.last.text


async def test_secrets_are_masked_before_they_are_stored(stage: Stage, cast: Cast) -> None:
    ba = await stage.talker()
    await ba.says("cccd của tôi 079123456789 và mã OTP là 482913")
    async with UnitOfWork(stage.app.db) as uow:
        rows = await uow.messages.latest(ba.chat_id, 20)
    kept = " ".join(row.text for row in rows if row.direction is Direction.IN)
    assert "079123456789" not in kept
    assert "482913" not in kept
    assert "cccd của tôi" in kept


async def count_visits(stage: Stage) -> int:
    today = stage.clock().date()
    first, last = today - timedelta(days=2), today + timedelta(days=2)
    async with UnitOfWork(stage.app.db) as uow:
        return len(await uow.visits.of_commune("loc-tan", first, last, limit=9))


async def test_made_up_sides_of_a_guide_are_old_buttons(stage: Stage, cast: Cast) -> None:
    ba = await stage.talker()
    for part in ("stuckX", "at", "zzz", "stuck999"):
        assert "nút này cũ" in (await ba.presses_data(f"g:vneid-activate:{part}", 1)).text.lower()
    assert "phần nào" in (await ba.presses_data("go:group-zzz", 1)).text


async def test_nobody_is_invited_to_a_team_that_is_not_there(stage: Stage, cast: Cast) -> None:
    minh = await cast.signs_in(await stage.talker(), "officer")
    for data in ("iv:member:to-99", "iv:focal:zzz"):
        await minh.presses_data(data, 1)
    async with UnitOfWork(stage.app.db) as uow:
        assert await uow.invitations.of_commune("loc-tan") == []
