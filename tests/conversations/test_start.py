"""The first minute of a resident, and what nobody claimed."""

import pytest

from tests.support.commune import Cast
from tests.support.talk import Stage


async def test_a_resident_by_link_is_greeted_for_their_commune(
    stage: Stage, cast: Cast, door: str
) -> None:
    ba = await stage.talker(door)
    await ba.says("/start c-loc-tan--ap-2")
    assert "xã Lộc Tấn" in ba.last.text
    assert "Đừng gửi mã OTP" in ba.last.text
    await ba.presses("Hỏi người thật")
    assert "xã Lộc Tấn" in ba.last.text


async def test_a_resident_without_a_link_chooses_a_commune_once(
    stage: Stage, cast: Cast, door: str
) -> None:
    ba = await stage.talker(door)
    await ba.says("/start")
    assert "Bà con ở xã" in ba.last.text
    await ba.presses("xã Lộc Tấn")
    await ba.presses("Ấp mẫu 3")
    assert "Ấp mẫu 3, xã Lộc Tấn" in ba.last.text
    await ba.says("/start")
    assert "Bà con ở xã" not in ba.last.text


async def test_an_unknown_commune_in_a_link_is_said(stage: Stage, cast: Cast) -> None:
    ba = await stage.talker()
    assert "chưa biết bà con ở xã nào" in (await ba.says("/start c-no-such")).text


async def test_every_screen_leads_home_and_to_a_person(stage: Stage, cast: Cast) -> None:
    ba = await stage.talker()
    await ba.says("/start c-loc-tan")
    for label in ("Hỏi người thật", "Trang chính", "Tất cả hướng dẫn", "Trang chính"):
        await ba.presses(label)
        assert any("Hỏi người thật" in words for words in ba.last.buttons)


async def test_an_unset_address_is_never_invented(stage: Stage, cast: Cast, door: str) -> None:
    ba = await stage.talker(door)
    await ba.says("/start c-loc-tan")
    await ba.presses("Hỏi người thật")
    assert "mình chưa có. Bà con hỏi Ủy ban xã" in ba.last.text


async def test_commands_of_staff_refuse_residents(stage: Stage, cast: Cast) -> None:
    ba = await stage.talker()
    for command in ("/ghi", "/luot", "/thieu", "/caidat", "/moi", "/hannop", "/toi"):
        assert "chưa được giao việc này" in (await ba.says(command)).text


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("chào em", "Chào bà con!"),
        ("Xin chào bot nha", "Chào bà con!"),
        ("alo", "Chào bà con!"),
        ("cảm ơn con nhiều nghe", "không có chi"),
        ("ok cam on", "không có chi"),
        ("chào em, quên mật khẩu vneid", "Quên mật khẩu"),
    ],
)
async def test_greetings_and_thanks_are_answered_as_such(
    stage: Stage, cast: Cast, said: str, answer: str
) -> None:
    ba = await stage.talker()
    assert answer in (await ba.says(said)).text
