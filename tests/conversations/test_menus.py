"""Choices that are typed: numbers belong to the newest message, letters to a typed question."""

from datetime import timedelta

import pytest

from bot.middlewares.intake import MENU_LIVES
from tests.support.commune import Cast
from tests.support.talk import Stage, Talker


async def at(stage: Stage, cast: Cast, *taps: str, door: str = "plain") -> Talker:
    """A member who has pressed their way to some question."""
    lan = await cast.signs_in(await stage.talker(door), "member")
    await lan.says("/menu")
    for tap in taps:
        await lan.presses(tap)
    return lan


TO_CONFIRMATION = ("Ghi một lượt hỗ trợ", "VNeID mức 2", "Xong, tiếp", "Xong")


def marks(text: str) -> list[str]:
    """How the choices of a message are marked, in order."""
    lines = (line.partition(". ") for line in text.splitlines())
    return [m for m, dot, _ in lines if dot and (m.isdigit() or (len(m) == 1 and m.isalpha()))]


async def test_what_was_understood_is_said_back(stage: Stage, cast: Cast) -> None:
    lan = await at(stage, cast)
    number = lan._number("Lượt của tôi")
    assert (await lan.says(number)).text.startswith("“📋 Lượt của tôi”") or (
        "Lượt của tôi" in lan.last.text.splitlines()[0]
    )


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}.", "{})"])
async def test_a_number_may_be_written_in_any_way(stage: Stage, cast: Cast, typed: str) -> None:
    lan = await at(stage, cast)
    await lan.says(typed.format(lan._number("Ghi một lượt hỗ trợ")))
    assert "Đã giúp bà con việc gì" in lan.last.text


async def test_the_words_of_a_choice_will_do_without_their_picture(
    stage: Stage, cast: Cast, door: str
) -> None:
    lan = await at(stage, cast, door=door)
    await lan.says("ghi mot luot ho tro")
    assert "Đã giúp bà con việc gì" in lan.last.text


async def test_numbers_belong_to_the_newest_message_only(stage: Stage, cast: Cast) -> None:
    """9 was a service a moment ago; now there are but five choices."""
    lan = await at(stage, cast, *TO_CONFIRMATION[:3])
    assert "Kết quả thế nào" in lan.last.text
    await lan.says("9")
    assert "không có trong các mục đang chọn" in lan.last.text


async def test_a_number_is_forgotten_after_a_day(stage: Stage, cast: Cast, door: str) -> None:
    lan = await at(stage, cast, door=door)
    stage.clock.now += MENU_LIVES + timedelta(seconds=1)
    await lan.says("1")
    assert "không có trong các mục đang chọn" in lan.last.text


async def test_within_the_day_it_holds(stage: Stage, cast: Cast) -> None:
    lan = await at(stage, cast)
    number = lan._number("Ghi một lượt hỗ trợ")
    stage.clock.now += MENU_LIVES - timedelta(minutes=1)
    await lan.says(number)
    assert "Đã giúp bà con việc gì" in lan.last.text


async def test_where_a_number_is_the_answer_choices_have_letters(stage: Stage, cast: Cast) -> None:
    lan = await at(stage, cast, *TO_CONFIRMATION, "Thêm số người")
    assert marks(lan.last.text) == ["a", "b", "c"]
    await lan.says("1")
    assert "Số người: 1" in lan.last.text


async def test_a_letter_leaves_the_typed_question(stage: Stage, cast: Cast) -> None:
    lan = await at(stage, cast, *TO_CONFIRMATION, "Thêm số người")
    await lan.says("A")
    assert "Số người: chưa ghi" in lan.last.text


async def test_a_wrong_answer_leaves_letters_on_the_choices(stage: Stage, cast: Cast) -> None:
    """The question is still open: a number typed now is its answer, so none may be shown."""
    lan = await at(stage, cast, *TO_CONFIRMATION, "Thêm số người")
    await lan.says("99")
    assert "từ 1 đến 30" in lan.last.text
    assert set(marks(lan.last.text)) <= set("abcdef")
    await lan.says("2")
    assert "Số người: 2" in lan.last.text


async def test_a_question_asked_instead_brings_back_numbers(stage: Stage, cast: Cast) -> None:
    """Its card has numbered choices, and they work: 1 is no number of people any more."""
    lan = await at(stage, cast, *TO_CONFIRMATION, "Thêm số người")
    await lan.says("quên mật khẩu vneid")
    assert marks(lan.last.text)[0] == "1"
    await lan.says(lan._number("Chỉ từng bước"))
    assert "Bước 1/" in lan.last.text
    await lan.says("/ghi")
    await lan.presses("Ghi tiếp")
    assert "Số người: chưa ghi" in lan.last.text


async def test_a_stray_number_does_not_lock_the_menu(stage: Stage, cast: Cast) -> None:
    ba = await stage.talker("plain")
    await ba.says("/ma")
    await ba.says("7")
    assert "không có trong các mục đang chọn" in ba.last.text
    await ba.says(ba._number("Hỏi người thật"))
    assert "Gặp người thật" in ba.last.text


async def test_a_number_in_a_sentence_is_part_of_the_sentence(
    stage: Stage, cast: Cast, door: str
) -> None:
    lan = await at(stage, cast, door=door)
    heard = await lan.says("1 người già làm vneid mức 2 sao con")
    assert "định danh điện tử mức 2" in heard.text


async def test_a_screen_changed_by_typing_is_said_below_what_was_typed(
    stage: Stage, cast: Cast, door: str
) -> None:
    lan = await at(stage, cast, "Ghi một lượt hỗ trợ", door=door)
    asked, said = lan.last, len(lan.heard)
    heard = await lan.says("VNeID mức 2")
    assert "Đã giúp bà con việc gì" in heard.text
    assert "☑ VNeID mức 2" in heard.text or "☑ VNeID mức 2" in heard.buttons
    assert len(lan.heard) == said + 1
    assert heard.id != asked.id or door == "plain"


async def test_the_same_number_twice_is_two_answers(stage: Stage, cast: Cast) -> None:
    """1 chooses, and is asked again of the next message: each number has a message of its own."""
    lan = await at(stage, cast, "Ghi một lượt hỗ trợ")
    number = lan._number("VNeID mức 2")
    await lan.says(number)
    assert "☑ VNeID mức 2" in lan.last.text
    await lan.says(lan._number("VNeID mức 2"))
    assert "☐ VNeID mức 2" in lan.last.text


async def test_nothing_is_read_while_an_answer_is_sent(stage: Stage, cast: Cast) -> None:
    """A slow door must not keep connections, nor the database's log from being emptied."""
    ba = await stage.talker("plain")
    real, held = stage.plain.session.transmit, []

    async def transmit(chat_id: int, text: str) -> None:
        held.append(stage.app.db.ro_engine.pool.checkedout())  # type: ignore[attr-defined]
        await real(chat_id, text)

    stage.plain.session.transmit = transmit  # type: ignore[method-assign]
    await ba.says("/menu")
    await ba.says("/nguoithat")
    assert held == [0, 0]
