"""What a reminder and a digest say: names, days, what to do; nothing promised, nothing long."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from content.i18n import LOCALES, speaking
from content.pack_loader import load_pack, pack_ids
from content.texts import digests
from content.texts import reminders as texts
from content.texts.samples import sample_names
from domain.deadlines import deadlines
from domain.duties import Debtor, OwingUnit, standings
from domain.holidays import WorkCalendar
from domain.ladder import REACH
from domain.people import Role
from domain.periods import DataPeriod, PeriodChoice
from domain.reminders import Agenda, Reminder, agenda_of, plan_day, rehearse
from domain.sample import sample_roster, sample_units
from domain.visits import LOCAL

CALENDAR = WorkCalendar()
POLICE = Debtor(UUID(int=1), "Lan", Role.FOCAL, "cong-an", "Công an xã <A>", "units")
OFFICER = Debtor(UUID(int=4), "Tuấn", Role.OFFICER, "vhxh", "Phòng VH-XH", "office")
OFFICE = "Phòng Văn hóa - Xã hội"
TAGS = re.compile(r"</?b>")


def agenda(pack_id: str, *people: Debtor, choice: PeriodChoice | None = None) -> Agenda:
    first, last = date(2025, 12, 1) - REACH, date(2027, 4, 30) + REACH
    due = deadlines(load_pack(pack_id), CALENDAR, first, last, choice)
    return agenda_of(due, people, CALENDAR)


def said(pack_id: str, day: date, who: Debtor = POLICE, kind: str = "xã") -> str:
    (message,) = rehearse(day, 1, agenda(pack_id, who))
    with speaking("vi"):
        return texts.reminder(message, OFFICE, kind)


def test_a_week_before() -> None:
    assert said("loc-tan", date(2026, 12, 11)) == (
        "<b>Báo cáo tháng của cơ quan, đơn vị</b>, số liệu từ 15/11 đến 14/12/2026\n"
        "Còn 7 ngày là tới ngày nên nộp. Anh/chị bắt đầu gom số liệu là vừa.\n"
        "Nên nộp trong Thứ Sáu 18/12/2026. Hạn cuối: 24:00 Thứ Bảy 19/12/2026.\n\n"
        "Nộp xong báo cho Phòng Văn hóa - Xã hội để ngừng nhắc."
    )


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2026, 12, 15), "Còn 3 ngày là tới ngày nên nộp. Anh/chị xem số liệu đủ chưa"),
        (date(2026, 12, 17), "Ngày mai là ngày nên nộp."),
        (date(2026, 12, 18), "<b>Hôm nay, Thứ Sáu 18/12/2026, là ngày nên nộp</b>: từ mai đến hạn"),
        (date(2026, 12, 19), "<b>Còn hạn đến 24:00 hôm nay</b>, Thứ Bảy 19/12/2026."),
        (date(2026, 12, 21), "<b>Đã quá hạn</b> từ 24:00 Thứ Bảy 19/12/2026"),
        (date(2026, 12, 23), "<b>Vẫn chưa thấy báo cáo</b>, đã quá hạn từ 24:00 Thứ Bảy 19/12"),
        (date(2026, 11, 19), "<b>Hôm nay là hạn cuối</b>: 24:00 Thứ Năm 19/11/2026."),
    ],
)
def test_each_rung_has_its_own_sentence(day: date, says: str) -> None:
    assert says in said("loc-tan", day)


def test_a_rung_moved_before_a_weekend_counts_the_days_that_are_left() -> None:
    text = said("loc-tan", date(2026, 11, 20), OFFICER)
    assert "Còn 3 ngày là tới ngày nên nộp, ở giữa là ngày nghỉ." in text
    assert "Nên nộp trong Thứ Hai 23/11/2026. Hạn cuối: 24:00 Thứ Ba 24/11/2026." in text
    assert "đánh dấu đã gửi để mình ngừng nhắc" in text


def test_a_late_first_notice_counts_from_the_day_it_goes() -> None:
    late = replace(agenda("loc-tan", POLICE), since=date(2026, 12, 11))
    (message,) = plan_day(date(2026, 12, 14), late)
    with speaking("vi"):
        assert "Còn 4 ngày là tới ngày nên nộp." in texts.reminder(message, OFFICE)


def test_what_is_assumed_is_said_to_be() -> None:
    text = said("xuan-thanh", date(2026, 12, 3))
    assert "số liệu từ 01/06 đến 30/11/2026 (tạm tính, chờ xã xác nhận)" in text
    assert "Kế hoạch không nói" not in text
    assert "chờ phường xác nhận" in said("xuan-thanh", date(2026, 12, 3), kind="phường")
    past_the_plan = said("loc-tan", date(2027, 1, 12))
    assert "Kế hoạch không nói về năm này: hạn tạm tính, chờ xã xác nhận." in past_the_plan
    assert "số liệu từ 15/12/2026 đến 14/01/2027\n" in past_the_plan


def test_a_target_before_the_end_of_the_period_asks_for_estimates() -> None:
    """19/2/2026 lies in Tết: to be done by Friday 13/2, while the figures run to the 14th."""
    assert "số liệu mấy ngày cuối ghi là số ước" in said("loc-tan", date(2026, 2, 10))
    assert "số ước" not in said("loc-tan", date(2026, 2, 19))
    assert "số ước" not in said("loc-tan", date(2026, 12, 11))


def test_reports_due_alike_are_said_in_one_breath() -> None:
    text = said("duc-an", date(2026, 12, 2))
    assert text.count("Còn 7 ngày") == 1
    assert "Báo cáo tháng" in text
    assert "Báo cáo quý" in text
    assert "Có 2 báo cáo" not in text


def test_reports_due_differently_are_counted_and_told_apart() -> None:
    other = Debtor(POLICE.person_id, "Lan", Role.OFFICER, "vhxh", "Phòng VH-XH", "office")
    both = rehearse(date(2026, 12, 17), 1, agenda("loc-tan", POLICE, other))
    with speaking("vi"):
        text = texts.reminder(both[0], OFFICE)
    assert text.startswith("Có 2 báo cáo cần để ý.\n\n<b>Báo cáo tháng của cơ quan, đơn vị</b>")
    assert "(Công an xã &lt;A&gt;)" in text
    assert "Ngày mai" in text
    assert "Còn 7 ngày" in text


def everything(pack_id: str) -> list[Reminder]:
    with speaking("vi"):
        people = sample_roster(load_pack(pack_id), sample_names())
    return rehearse(date(2026, 1, 1), 450, agenda(pack_id, *people))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("pack_id", pack_ids())
def test_every_message_of_15_months(pack_id: str, locale: str) -> None:
    pack = load_pack(pack_id)
    with speaking(locale):
        for message in everything(pack_id):
            text = texts.reminder(message, pack.office, pack.kind)
            plain = TAGS.sub("", text)
            assert "<" not in plain
            assert "{" not in plain
            assert len(plain.split()) <= 60 + 60 * len(message.items)
            for item in message.items:
                assert item.deadline.name in plain
                assert f"{item.deadline.last_valid_day:%d/%m/%Y}" in plain
                if item.deadline.data:
                    assert f"{item.deadline.data.last:%d/%m/%Y}" in plain
            for promise in ("gia hạn", "lùi hạn", "kéo dài", "extend"):
                assert promise not in plain.casefold()


def test_outside_a_language_no_text_is_made() -> None:
    (message,) = rehearse(date(2026, 12, 11), 1, agenda("loc-tan", POLICE))
    with pytest.raises(LookupError):
        texts.reminder(message, OFFICE)


def test_a_period_over_new_year_names_both_years() -> None:
    with speaking("vi"):
        over = texts.period(DataPeriod("month", date(2026, 12, 15), date(2027, 1, 14)))
    assert over == "số liệu từ 15/12/2026 đến 14/01/2027"


# --- the digest -----------------------------------------------------------------------------

UNITS = [OwingUnit(f"u{n}", f"Đơn vị {n}") for n in range(1, 8)]
PHONG = OwingUnit("vhxh", OFFICE, "office")


def digest(at: datetime, received: set[tuple[str, str]] | None = None) -> str | None:
    day = at.date()
    due = deadlines(load_pack("loc-tan"), CALENDAR, day - timedelta(days=20), day + REACH)
    with speaking("vi"):
        return digests.missing_digest(standings(due, [PHONG, *UNITS], received or set(), at), at)


def test_the_digest_puts_exceptions_first() -> None:
    at = datetime(2026, 12, 21, 8, tzinfo=LOCAL)
    received = {(f"u{n}", "units-month:2026-12-19") for n in (1, 2)}
    assert digest(at, received) == (
        "<b>Báo cáo còn thiếu</b>, lúc 08:00 Thứ Hai 21/12/2026\n"
        "• <b>Quá hạn</b> từ 24:00 19/12/2026: Báo cáo tháng của cơ quan, đơn vị thiếu 5/7:"
        " Đơn vị 3, Đơn vị 4, Đơn vị 5, Đơn vị 6 và 1 đơn vị nữa\n"
        "• <b>Đang chờ</b> Đơn vị 3, Đơn vị 4, Đơn vị 5, Đơn vị 6 và 1 đơn vị nữa:"
        " Báo cáo tháng của Phòng Văn hoá – Xã hội gửi UBND xã, nên nộp Thứ Năm 24/12/2026"
    )


def test_what_is_due_soon_is_named() -> None:
    text = digest(datetime(2026, 12, 16, 8, tzinfo=LOCAL), {("u7", "units-month:2026-12-19")})
    assert text is not None
    assert text.splitlines()[1:] == [
        "• Nên nộp Thứ Sáu 18/12/2026: Báo cáo tháng của cơ quan, đơn vị thiếu 6/7:"
        " Đơn vị 1, Đơn vị 2, Đơn vị 3, Đơn vị 4 và 2 đơn vị nữa"
    ]
    lower_in = {(unit.code, "units-month:2026-12-19") for unit in UNITS}
    office = digest(datetime(2026, 12, 22, 8, tzinfo=LOCAL), lower_in)
    assert office is not None
    assert office.endswith("Báo cáo tháng của Phòng Văn hoá – Xã hội gửi UBND xã chưa gửi")


def test_nothing_to_say_is_nothing() -> None:
    assert digest(datetime(2026, 12, 5, 8, tzinfo=LOCAL)) is not None  # November is overdue
    november = {(unit.code, "units-month:2026-11-19") for unit in UNITS}
    november |= {("vhxh", "office-month:2026-11-24")}
    assert digest(datetime(2026, 12, 5, 8, tzinfo=LOCAL), november) is None


@pytest.mark.parametrize("pack_id", pack_ids())
def test_the_digest_of_every_hour_is_short(pack_id: str) -> None:
    pack = load_pack(pack_id)
    due = deadlines(pack, CALENDAR, date(2025, 6, 1), date(2027, 2, 28))
    start = datetime(2026, 11, 20, tzinfo=LOCAL)
    with speaking("vi"):
        units = sample_units(pack, sample_names())
        found = [
            digests.missing_digest(standings(due, units, set(), at), at)
            for at in (start + n * timedelta(hours=7) for n in range(90))
        ]
    assert all(text is None or len(text.splitlines()) <= digests.DIGEST_LINES for text in found)
    full = [text for text in found if text and len(text.splitlines()) == digests.DIGEST_LINES]
    assert all("việc nữa, xem danh sách" in text.splitlines()[-1] for text in full)


def test_the_oldest_debt_comes_first() -> None:
    due = deadlines(load_pack("loc-tan"), CALENDAR, date(2026, 8, 1), date(2026, 12, 31))
    at = datetime(2026, 12, 10, 8, tzinfo=LOCAL)
    with speaking("vi"):
        text = digests.missing_digest(standings(due, UNITS, set(), at), at)
    assert text is not None
    days = [line.split("24:00 ")[1][:10] for line in text.splitlines()[1:]]
    dates = [datetime.strptime(day, "%d/%m/%Y").astimezone(LOCAL) for day in days]
    assert all(before < after for before, after in pairwise(dates))


@pytest.mark.parametrize("reports", [1, 20])
@pytest.mark.parametrize("people", [1, 4, 30])
def test_the_people_to_call_fit_into_the_twelve_lines(reports: int, people: int) -> None:
    at = datetime(2026, 12, 21, 8, tzinfo=LOCAL)
    due = deadlines(load_pack("loc-tan"), CALENDAR, date(2026, 12, 19), date(2026, 12, 19))
    found = standings(due * reports, UNITS, set(), at)
    calls = [
        replace(POLICE, name=f"Lan {n}", phone="0900 000 001" if n else None) for n in range(people)
    ]
    with speaking("vi"):
        lines = (digests.missing_digest(found, at, calls) or "").splitlines()
    assert len(lines) <= digests.DIGEST_LINES
    head = lines.index("<b>Gọi giúp mình</b>, tin nhắn chưa tới được:")
    assert lines[head + 1] == "☎ Lan 0, Công an xã &lt;A&gt;"
    assert len(lines) - head - 1 >= min(people, 4)
    if people == 4:
        assert lines[-1] == "☎ Lan 3, Công an xã &lt;A&gt;: 0900 000 001"
    if people == 30:
        assert lines[-1].startswith("Và ")
    assert any("việc nữa" in line for line in lines) == (reports == 20)
