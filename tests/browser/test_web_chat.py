"""The web chat in a real browser at 360 x 740: guide, visit, reload, restart, offline, axe."""

import gzip
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser
LIGHTEST = 60_000


def press(page: Page, label: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=label).last.click()


def heard(page: Page, words: str) -> None:
    expect(page.get_by_role("log")).to_contain_text(words)


def signed_in(page: Page, site: Site, role: str = "member") -> None:
    page.goto(f"/i/{site.codes[role]}")
    press(page, "Nhận lời mời")
    heard(page, "Lời mời vào xã Lộc Tấn")
    press(page, "Nhận lời mời")
    heard(page, "tên gì")
    say(page, "Người mẫu Lan")
    heard(page, "đã vào xã Lộc Tấn")


def say(page: Page, words: str) -> None:
    box = page.get_by_role("textbox")
    box.fill(words)
    box.press("Enter")


def assert_accessible(page: Page) -> None:
    results = Axe().run(page)
    bad = [v for v in results.response["violations"] if v["impact"] in ("serious", "critical")]
    assert not bad, [(v["id"], [n["target"] for n in v["nodes"]]) for v in bad]


def assert_no_sideways_scroll(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_a_resident_walks_a_guide(page: Page) -> None:
    page.goto("/c/loc-tan/ap-2")
    assert_accessible(page)
    press(page, "Bắt đầu")
    heard(page, "trợ lý số của tổ công nghệ số cộng đồng xã Lộc Tấn")
    say(page, "lam dinh danh muc 2 o dau")
    heard(page, "Đăng ký tài khoản định danh điện tử mức 2")
    press(page, re.compile("Chỉ từng bước"))
    heard(page, "Bước 1/")
    press(page, re.compile("Tiếp"))
    heard(page, "Bước 2/")
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def test_a_member_logs_a_visit(page: Page, site: Site) -> None:
    signed_in(page, site)
    press(page, re.compile("Ghi một lượt hỗ trợ"))
    press(page, re.compile("VNeID mức 2"))
    expect(page.get_by_role("button", name="☑ VNeID mức 2")).to_be_visible()
    press(page, re.compile("Xong, tiếp"))
    heard(page, "Kết quả thế nào")
    page.get_by_role("button", name="Xong", exact=True).last.click()
    heard(page, "Xem lại rồi bấm Lưu")
    assert_accessible(page)
    press(page, re.compile("Lưu"))
    heard(page, "Đã ghi LT-26-00001")


def test_the_talk_survives_reload_and_a_restarted_server(page: Page, site: Site) -> None:
    page.goto("/c/loc-tan")
    press(page, "Bắt đầu")
    heard(page, "xã Lộc Tấn")
    page.reload()
    heard(page, "xã Lộc Tấn")
    site.stop()
    site.start()
    say(page, "quên mật khẩu vneid")
    heard(page, "Quên mật khẩu")
    page.reload()
    heard(page, "Quên mật khẩu")


def test_what_is_typed_without_network_is_sent_once_later(
    page: Page, phone: BrowserContext
) -> None:
    page.goto("/c/loc-tan")
    press(page, "Bắt đầu")
    heard(page, "xã Lộc Tấn")
    phone.set_offline(True)
    say(page, "quên mật khẩu vneid")
    expect(page.get_by_text("Chờ gửi").first).to_be_visible()
    phone.set_offline(False)
    heard(page, "Quên mật khẩu")
    expect(page.get_by_text("quên mật khẩu vneid", exact=True)).to_have_count(1)


def test_a_queue_survives_closing_the_page(page: Page, phone: BrowserContext, site: Site) -> None:
    page.goto("/c/loc-tan")
    press(page, "Bắt đầu")
    heard(page, "xã Lộc Tấn")
    site.stop()
    say(page, "quên mật khẩu vneid")
    expect(page.get_by_text("Chờ gửi").first).to_be_visible()
    page.close()
    site.start()
    again = phone.new_page()
    again.goto("/c/loc-tan")
    heard(again, "Quên mật khẩu")
    expect(again.get_by_text("quên mật khẩu vneid", exact=True)).to_have_count(1)


def test_clearing_a_shared_phone_forgets_everything(page: Page) -> None:
    page.goto("/c/loc-tan")
    press(page, "Bắt đầu")
    say(page, "cccd cua tui 079123456789")
    heard(page, "•••")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#menu-button, [aria-controls=menu], button:has-text('Mục khác')").first.click()
    press(page, re.compile("Xóa cuộc trò chuyện"))
    page.get_by_role("button", name=re.compile("Xóa")).last.click()
    expect(page.get_by_role("button", name="Bắt đầu")).to_be_visible()
    page.reload()
    expect(page.get_by_text("•••")).to_have_count(0)


def test_signing_out_leaves_nothing_on_the_open_page(
    page: Page, phone: BrowserContext, site: Site
) -> None:
    signed_in(page, site)
    tab = phone.new_page()
    tab.goto("/")
    heard(tab, "Người mẫu Lan")
    say(page, "/toi")
    press(page, "Đăng xuất máy này")
    for each in (page, tab):
        heard(each, "Đã đăng xuất máy này")
        expect(each.get_by_role("log")).not_to_contain_text("Người mẫu Lan")


@pytest.mark.parametrize("width", [320, 1280])
def test_narrow_and_wide_screens_hold_the_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto("/c/loc-tan")
    press(page, "Bắt đầu")
    heard(page, "xã Lộc Tấn")
    assert_no_sideways_scroll(page)
    assert_accessible(page)


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.goto("/c/loc-tan")
    expect(page.get_by_role("button", name="Bắt đầu")).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Bắt đầu":
            break
    page.keyboard.press("Enter")
    heard(page, "xã Lộc Tấn")


def test_the_page_is_light(page: Page) -> None:
    loaded: dict[str, int] = {}
    page.on("response", lambda r: loaded.update({r.url: len(gzip.compress(r.body()))}))
    page.goto("/c/loc-tan")
    page.wait_for_load_state("networkidle")
    assert 0 < sum(loaded.values()) <= LIGHTEST
