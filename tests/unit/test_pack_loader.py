"""A mistake in a pack names file, key and line; a good pack is read once."""

import unicodedata
from pathlib import Path

import pytest

from content.pack_loader import PackError, PackUnknown, load_pack, pack_ids, read_pack

GOOD = """\
id: thu
name: xã Thử
kind: xã
code: "26341"
short: TH
province: Đồng Nai
hamlet_term: ấp
hamlets: null
members_per_hamlet: null
plan_title: Kế hoạch thử
plan_number: null
plan_date: null
years: [2026, 2026]
office: Phòng Thử
units:
  - {code: vhxh, name: Phòng Thử, kind: office, where: Mục V}
indicators:
  - id: I.1
    section: I
    number: "1"
    name: Tỷ lệ
    unit: "%"
    targets: {"2026": ">=80"}
    owner: Công an xã
    where: Phụ lục
cutoffs:
  - id: units-month
    period: month
    tier: 1
    audience: units
    day: 20
    months: [1, 2, 3]
    inclusive: false
    name: Báo cáo tháng
    quote: trước ngày 20
    where: Mục V
"""


def broken(tmp_path: Path, old: str, new: str, name: str = "thu.yaml") -> PackError:
    assert old in GOOD
    path = tmp_path / name
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        read_pack(path)
    return caught.value


def test_a_good_pack(tmp_path: Path) -> None:
    path = tmp_path / "thu.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert read_pack(path).cutoffs[0].day == 20


@pytest.mark.parametrize(
    ("old", "new", "key", "line", "problem"),
    [
        ("    perio", "    kỳ: month\n    perio", "cutoffs[0].kỳ", 28, "Extra inputs"),
        ("province:", "provinse:", "province", 1, "Field required (and 1 more)"),
        ("day: 20", "day: hai mươi", "cutoffs[0].day", 31, "valid integer"),
        ("day: 20", "day: 32", "cutoffs[0].day", 31, "less than or equal to 31"),
        ("period: month", "period: monthly", "cutoffs[0].period", 28, "'month'"),
        ('number: "1"', "number: 1", "indicators[0].number", 20, "valid string"),
        ('">=80"', "≥ 80 %", "indicators[0].targets.2026", 23, "match pattern"),
        ('"2026": ">=80"', '"26": ">=80"', "indicators[0].targets.26", 23, "match pattern"),
        ("months: [1, 2, 3]", "months: []", "cutoffs[0]", 27, "needs `months`"),
        (
            "where: Mục V}",
            "where: Mục V}\n  - {code: vhxh, name: B, kind: office, where: C}",
            "units[1].code",
            17,
            "'vhxh' occurs twice",
        ),
        ("    day: 20", "    day: 20\n    day: 21", "cutoffs[0].day", 32, "key occurs twice"),
        ("years: [2026, 2026]", "years: [2027, 2026]", "", 1, "the first year is after the last"),
        ("id: thu", "id: loc-tan", "id", 1, "must be thu, as the file"),
        (
            "  - id: units-month",
            "  - chỉ là chữ\n  - id: units-month",
            "cutoffs[0]",
            27,
            "dictionary",
        ),
        ("id: I.1", "mã: I.1", "indicators[0].id", 18, "Field required"),
    ],
)
def test_a_mistake_names_file_key_and_line(
    tmp_path: Path, old: str, new: str, key: str, line: int, problem: str
) -> None:
    error = broken(tmp_path, old, new)
    assert (error.file, error.key, error.line) == ("thu.yaml", key, line)
    assert problem in error.problem
    assert str(error).startswith(f"thu.yaml, line {line}: {key}")
    assert "\n" not in str(error)


@pytest.mark.parametrize("group", ["indicators", "cutoffs"])
def test_an_id_given_twice(tmp_path: Path, group: str) -> None:
    rows = GOOD.split(f"{group}:\n")[1].split("\ncutoffs:")[0].rstrip("\n")
    path = tmp_path / "thu.yaml"
    path.write_text(GOOD.replace(rows, f"{rows}\n{rows}", 1), encoding="utf-8")
    with pytest.raises(PackError, match="occurs twice") as caught:
        read_pack(path)
    assert caught.value.key == f"{group}[1].id"
    text = path.read_text(encoding="utf-8").splitlines()
    assert caught.value.line is not None
    assert text[caught.value.line - 1] in rows


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("id: [thu\nname: x", 2, "expected"),
        ("- just\n- a list", 1, "mapping"),
        ("", 1, "mapping"),
        ("id: thu\n\tname: x", 2, "tab|token"),
        (unicodedata.normalize("NFD", GOOD), 2, "NFC"),
    ],
)
def test_what_is_no_pack_at_all(tmp_path: Path, text: str, line: int, problem: str) -> None:
    path = tmp_path / "thu.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match=problem) as caught:
        read_pack(path)
    assert (caught.value.file, caught.value.line) == ("thu.yaml", line)


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "thu.yaml"
    path.write_bytes(b"id: \xff\xfe")
    with pytest.raises(PackError, match="cannot be read"):
        read_pack(path)


def test_an_unknown_pack_names_the_known_ones() -> None:
    with pytest.raises(PackUnknown, match=r"'loc_tan': no such pack; there are cam-my, .*loc-tan"):
        load_pack("loc_tan")
    with pytest.raises(PackUnknown):
        load_pack("../packs/loc-tan")


def test_packs_are_read_once() -> None:
    assert pack_ids() == ("cam-my", "duc-an", "loc-tan", "phuoc-binh", "xuan-thanh")
    assert load_pack("loc-tan") is load_pack("loc-tan")
