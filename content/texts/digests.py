"""The digest of who has not reported, for officer and leader."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from content.i18n import Html, t, tn
from content.texts import words
from domain.duties import OwingUnit, Standing, open_now
from domain.visits import LOCAL, local_day

#: Product section 1: a leader's digest has at most twelve lines.
DIGEST_LINES = 12
#: Longer before its target day a report that is still missing is no news. As rung T-3.
DIGEST_AHEAD = timedelta(days=3)
#: More names than this in one line and nobody reads them.
_NAMES_SHOWN = 4


def missing_digest(standings: Sequence[Standing], at: datetime) -> str | None:
    """Who has not reported, for officer and leader: exceptions first, at most twelve lines.

    Late reports, then upper reports that wait for lower ones, then what is due within three days.
    None when there is nothing to say.
    """
    until = local_day(at) + DIGEST_AHEAD
    near = [s for s in open_now(standings, at) if s.is_overdue or s.deadline.target_day <= until]
    return missing_list(near, at) if near else None


def missing_list(standings: Sequence[Standing], at: datetime) -> str:
    """These reports, each of which lacks something: exceptions first, at most twelve lines."""
    late = [each for each in standings if each.is_overdue]
    soon = [each for each in standings if not each.is_overdue]
    blocked = [each for each in soon if each.blocked_by]
    free = [each for each in soon if not each.blocked_by]
    lines = [
        *(_late_line(each) for each in sorted(late, key=_by_day)),
        *(_blocked_line(each) for each in sorted(blocked, key=_by_day)),
        *(_soon_line(each) for each in sorted(free, key=_by_day)),
    ]
    room = DIGEST_LINES - 1
    if len(lines) > room:
        left = len(lines) - room + 1
        more = tn("Và {n} việc nữa, xem danh sách.", "Và {n} việc nữa, xem danh sách.", left)
        lines = [*lines[: room - 1], more]
    now = at.astimezone(LOCAL)
    title = t(
        "<b>Báo cáo còn thiếu</b>, lúc {time} {day}",
        time=f"{now:%H:%M}",
        day=words.weekday(now.date()),
    )
    return "\n".join((title, *lines))


def _by_day(standing: Standing) -> tuple[date, int, str]:
    """Oldest first, lower tier first."""
    due = standing.deadline
    return due.last_valid_day, due.tier, due.cutoff_id


def _late_line(standing: Standing) -> str:
    """Overdue: since when, and who."""
    return t(
        "• <b>Quá hạn</b> từ 24:00 {last}: {what}",
        last=words.day(standing.deadline.last_valid_day),
        what=Html(_what_is_missing(standing)),
    )


def _blocked_line(standing: Standing) -> str:
    """An upper report that cannot be complete yet, and because of whom."""
    return t(
        "• <b>Đang chờ</b> {names}: {name}, nên nộp {target}",
        names=_names(standing.blocked_by),
        name=standing.deadline.name,
        target=words.weekday(standing.deadline.target_day),
    )


def _soon_line(standing: Standing) -> str:
    """Due in these days."""
    return t(
        "• Nên nộp {target}: {what}",
        target=words.weekday(standing.deadline.target_day),
        what=Html(_what_is_missing(standing)),
    )


def _what_is_missing(standing: Standing) -> str:
    """The report and who has not sent it; the office's own report needs no name."""
    if standing.deadline.audience == "office":
        return t("{name} chưa gửi", name=standing.deadline.name)
    return t(
        "{name} thiếu {n}/{of}: {names}",
        name=standing.deadline.name,
        n=len(standing.missing),
        of=len(standing.expected),
        names=_names(standing.missing),
    )


def _names(units: Sequence[OwingUnit]) -> str:
    """A few names and how many more."""
    shown = ", ".join(unit.name for unit in units[:_NAMES_SHOWN])
    rest = len(units) - _NAMES_SHOWN
    if rest <= 0:
        return shown
    return tn("{names} và {n} đơn vị nữa", "{names} và {n} đơn vị nữa", rest, names=Html(shown))
