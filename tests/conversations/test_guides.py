"""Guidance on both doors: by menu, by question, step by step, stuck, resumed."""

import pytest

from bot.channels.fallback import to_plain
from content.library import Library
from domain.guides import Card
from storage.unit_of_work import UnitOfWork
from tests.support.commune import Cast
from tests.support.talk import Stage, Talker


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("làm định danh mức 2 ở đâu vậy con", "Đăng ký tài khoản định danh điện tử mức 2"),
        ("lam dinh danh muc 2 o dau vay con", "Đăng ký tài khoản định danh điện tử mức 2"),
        ("quen mat khau vneid", "Quên mật khẩu"),
        ("tui muốn đổi số điện thoại vneid", "Đổi số điện thoại"),
        ("kiem tra ho so toi dau roi", "Tra cứu tình trạng hồ sơ"),
        ("chữ ký số là cái chi rứa", "Chữ ký số cá nhân là gì"),
    ],
)
async def test_a_question_finds_its_card(
    stage: Stage, cast: Cast, door: str, question: str, title: str
) -> None:
    ba = await stage.talker(door)
    heard = await ba.says(question)
    assert title in heard.text
    assert "Xem lại ngày" in heard.text


async def test_a_guide_is_walked_step_by_step_and_resumed(
    stage: Stage, cast: Cast, door: str
) -> None:
    ba = await stage.talker(door)
    await ba.says("làm vneid mức 2 ở đâu")
    await ba.presses("Chỉ từng bước")
    assert "Bước 1/" in _shown(ba)
    await ba.presses("Tiếp")
    assert "Bước 2/" in _shown(ba)
    stage.clock.forward(days=30)
    await ba.says("/menu")
    await ba.presses("Tiếp tục")
    assert "Bước 2/" in _shown(ba)


async def test_stuck_leads_to_an_obstacle_and_a_person(stage: Stage, cast: Cast, door: str) -> None:
    ba = await stage.talker(door)
    await ba.says("làm vneid mức 2 ở đâu")
    await ba.presses("Mình bị vướng")
    card = Library.load("vi").card("vneid-register-level2")
    assert card is not None
    await ba.presses(card.obstacles[0].label)
    assert to_plain(card.obstacles[0].text.html)[:40] in ba.last.text
    await ba.presses("Vẫn vướng, hỏi người thật")
    assert "Gặp người thật" in ba.last.text


async def test_every_step_of_every_card_is_told(stage: Stage, door: str) -> None:
    ba = await stage.talker(door)
    for card in Library.load("vi").cards:
        await tell_all(ba, card)


async def tell_all(ba: Talker, card: Card) -> None:
    topic = card.topic
    await ba.presses_data(f"g:{topic}:", 1)
    for shown in ("Theo", "hiệu lực", "Xem lại ngày 21/11/2026"):
        assert shown in ba.last.text
    for number in range(1, len(card.steps) + 1):
        await ba.presses_data(f"~g:{topic}:{number}", ba.last.id)
        assert to_plain(card.steps[number - 1].html) in " ".join(_shown(ba).split("\n"))
    before = (await ba.presses_data(f"g:{topic}:before", 1)).text
    assert all(to_plain(each.html) in before for each in card.preparations)
    await ba.presses_data(f"g:{topic}:done", 1)
    for n, obstacle in enumerate(card.obstacles):
        await ba.presses_data(f"g:{topic}:stuck{n}", 1)
        assert obstacle.label in ba.last.text
    await ba.presses_data(f"g:{topic}:sources", 1)
    assert any("Nguồn của" in heard.text for heard in ba.heard[-3:])


async def test_a_card_past_its_review_warns_then_is_withheld(stage: Stage, door: str) -> None:
    ba = await stage.talker(door)
    stage.clock.forward(days=120)
    assert "đáng lẽ được xem lại" in (await ba.presses_data("g:vneid-activate:", 1)).text
    stage.clock.forward(days=300)
    assert "tạm cất" in (await ba.presses_data("g:vneid-activate:", 1)).text
    assert "tạm cất" in (await ba.presses_data("~g:vneid-activate:1", 1)).text


async def test_the_communes_own_facts_stand_under_the_card(
    stage: Stage, cast: Cast, door: str
) -> None:
    async with UnitOfWork(stage.app.db) as uow:
        await uow.communes.update("loc-tan", police_address="Ấp mẫu 2, trụ sở mẫu")
        await uow.commit()
    ba = await stage.talker(door)
    await ba.says("/start c-loc-tan")
    assert "Ấp mẫu 2, trụ sở mẫu" in (await ba.says("làm vneid mức 2 ở đâu")).text


def _shown(talker: Talker) -> str:
    """The newest screen; a rich door changes it in place, a plain one says it anew."""
    return talker.last.text


async def test_english_readers_get_english_cards(stage: Stage, cast: Cast, door: str) -> None:
    lan = await cast.signs_in(await stage.talker(door), "member")
    await lan.says("/toi")
    await lan.presses("English")
    await lan.presses_data("g:vneid-activate:", 1)
    card = Library.load("en").card("vneid-activate")
    assert card is not None
    assert card.title in lan.last.text
    await lan.presses_data("g:skills-ai:", 1)
    assert "only in Vietnamese" in lan.last.text
