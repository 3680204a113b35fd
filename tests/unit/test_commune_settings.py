"""What an officer types is kept as it should be, or refused with a hint."""

from datetime import UTC, date, datetime

import pytest

from content.i18n import speaking
from content.pack_loader import load_pack, pack_ids
from content.texts.errors import field_hint
from domain.commune_settings import (
    LONGEST_CODE,
    SETTINGS,
    commune_of,
    commune_set,
    explained,
    hamlet_kind,
    read_code,
    read_day,
    read_hamlet,
    read_holiday,
    read_setting,
    slug,
)
from domain.errors import FieldInvalid
from domain.ids import new_id
from domain.people import Commune

HOME = Commune("loc-tan", "xã Lộc Tấn", "xã", "LT", "loc-tan", "ấp")


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("address", "  Ấp 1,\n cạnh   chợ ", "Ấp 1, cạnh chợ"),
        ("address", "A\u0302\u0301p 1", "Ấp 1"),
        ("address", "Ấp\u200b 1\ufeff", "Ấp 1"),
        ("hours", "7:30–11:30", "7:30–11:30"),
        ("phone", "0271 123.456", "0271 123.456"),
        ("phone", "+84 271 3123 456", "+84 271 3123 456"),
        ("police_phone", "113", "113"),
        ("police_address", "-", None),
        ("phone", "", None),
        ("period_choice", "decree", "decree"),
        ("period_choice", "calendar-before", "calendar-before"),
        ("period_choice", "assumed", None),
        ("team_tier", "yes", True),
        ("team_tier", "no", False),
    ],
)
def test_settings_are_kept(key: str, typed: str, kept: object) -> None:
    assert read_setting(key, typed) == kept


@pytest.mark.parametrize(
    ("key", "typed", "hint"),
    [
        ("address", "x", "short"),
        ("address", "x" * 201, "long"),
        ("phone", "không có", "phone"),
        ("phone", "12", "phone"),
        ("phone", "079 123 456 789", "phone"),  # an identity number
        ("phone", "0271 123 456 / 457", "phone"),
        ("phone", "٠١٢٣٤٥", "phone"),
        ("phone", "027+1123456", "phone"),
        ("police_phone", "+84 1", "phone"),
        ("period_choice", "whatever", ""),
        ("team_tier", "có", ""),
        ("name", "xã Khác", ""),
    ],
)
def test_what_cannot_be_kept_is_refused(key: str, typed: str, hint: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        read_setting(key, typed)
    assert (refused.value.field, refused.value.hint) == (key, hint)
    assert key in explained(refused.value)
    with speaking("vi"):
        assert bool(field_hint(hint)) == bool(hint)


def test_every_setting_is_a_field_of_the_commune() -> None:
    assert all(hasattr(HOME, key) for key in SETTINGS)


@pytest.mark.parametrize(
    ("typed", "day"),
    [("24/11/2026", date(2026, 11, 24)), ("2026-11-24", date(2026, 11, 24))]
    + [(f"1{sign}2{sign}2027", date(2027, 2, 1)) for sign in "/.-"],
)
def test_days(typed: str, day: date) -> None:
    assert read_day("day", typed) == day


@pytest.mark.parametrize(
    "typed", ["", "24/11", "24/11/26", "31/2/2026", "2026-13-01", "1/1/1999", "1/1/2100", "mai"]
)
def test_what_is_no_day(typed: str) -> None:
    with pytest.raises(FieldInvalid) as refused:
        read_day("day", typed)
    assert refused.value.hint == "date"


def test_holidays() -> None:
    day = date(2026, 11, 23)
    assert read_holiday("23/11/2026 nghỉ theo công văn") == (day, True, "nghỉ theo công văn")
    assert read_holiday("23/11/2026 LÀM bù") == (day, False, "LÀM bù")
    for wrong in ("23/11/2026", "23/11/2026 vui", "nghỉ 23/11/2026", "23/11/2026 !"):
        with pytest.raises(FieldInvalid):
            read_holiday(wrong)


def test_hamlets_by_name_and_phone() -> None:
    hamlet = read_hamlet(HOME, " Ấp  5 , 0912 000 000")
    assert (hamlet.code, hamlet.name, hamlet.kind) == ("ap-5", "Ấp 5", "ấp")
    assert hamlet.phone == "0912 000 000"
    assert read_hamlet(HOME, "Ấp 6,").phone is None
    for wrong in ("", "!!", "Ấp 5, gọi sau"):
        with pytest.raises(FieldInvalid):
            read_hamlet(HOME, wrong)


def test_codes_fit_on_a_button() -> None:
    assert read_code("code", "ẤP 1") == "ap-1"
    assert slug("Khu phố Phước Bình 1") == "khu-pho-phuoc-binh-1"
    assert slug("Tổ công nghệ số cộng đồng ấp 12") == "t-c-n-s-c-dong-ap-12"
    long = [slug(f"Thôn Nguyễn Thị Minh Khai số {n}") for n in range(1, 30)]
    assert len(set(long)) == 29
    assert max(map(len, long)) <= LONGEST_CODE
    for wrong in ("", "---", "x" * 21):
        with pytest.raises(FieldInvalid):
            read_code("code", wrong)


def test_the_kind_of_a_hamlet_is_the_word_its_name_begins_with() -> None:
    term = "thôn, bon, tổ dân phố"
    assert hamlet_kind(term, "Tổ dân phố 3") == "tổ dân phố"
    assert hamlet_kind(term, "BON Bu Mẫu") == "bon"
    assert hamlet_kind(term, "Bonn") == "thôn"
    assert hamlet_kind("ấp", "Suối Mẫu") == "ấp"


@pytest.mark.parametrize("pack_id", pack_ids())
def test_a_commune_of_a_pack_has_its_units_but_no_unit_for_hamlets(pack_id: str) -> None:
    pack = load_pack(pack_id)
    commune, units = commune_of(pack, date(2026, 11, 1))
    assert (commune.id, commune.short, commune.pack_id) == (pack.id, pack.short, pack.id)
    assert all(getattr(commune, key) is None for key in SETTINGS)
    assert [u.code for u in units] == [u.code for u in pack.units if u.kind != "hamlet"]
    assert all(len(unit.code) <= LONGEST_CODE for unit in units)


def test_a_change_is_an_event_with_before_and_after() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    event = commune_set("loc-tan", "phone", None, "113", event_id=new_id(), at=at, reason="x")
    assert (event.kind, event.subject, event.reason) == ("commune.set", "loc-tan", "x")
    assert event.payload == {"field": "phone", "before": None, "after": "113"}
    assert event.personal is None
