"""One clear sentence for each, and nothing lost."""

import asyncio
from datetime import timedelta

import pytest

from domain.messages import Direction
from storage.unit_of_work import UnitOfWork
from tests.support.commune import Cast
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


async def test_a_clock_set_back_records_today_as_it_is_now(stage: Stage, cast: Cast) -> None:
    lan = await to_confirmation(stage, cast)
    stage.clock.forward(days=-1)
    await lan.presses("Lưu")
    assert "09/11/2026" in lan.last.text


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
