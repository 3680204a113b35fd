"""The digest of who has not reported, for officer and leader."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from content.i18n import Html, t, tn
from content.texts import words
from domain.duties import Debtor, OwingUnit, Standing, open_now
from domain.visits import LOCAL, local_day

#: Product section 1: a leader's digest has at most twelve lines.
DIGEST_LINES = 12
#: Longer before its target day a report that is still missing is no news. As rung T-3.
DIGEST_AHEAD = timedelta(days=3)
#: More names than this in one line and nobody reads them.
_NAMES_SHOWN = 4
#: So many lines are left to the people to call, however many reports are missing.
_CALLS_SHOWN = 4


def pressing(standings: Sequence[Standing], at: datetime) -> list[Standing]:
    """What a digest tells of: reports that are late, or missing within three days of their day."""
    until = local_day(at) + DIGEST_AHEAD
    return [s for s in open_now(standings, at) if s.is_overdue or s.deadline.target_day <= until]


def missing_digest(
    standings: Sequence[Standing], at: datetime, calls: Sequence[Debtor] = ()
) -> str | None:
    """Who has not reported, for officer and leader: exceptions first, at most twelve lines.

    Late reports, then upper reports that wait for lower ones, then what is due within three days;
    then the people to call. None when there is nothing to say.
    """
    near = pressing(standings, at)
    return missing_list(near, at, calls) if near else None


def missing_list(standings: Sequence[Standing], at: datetime, calls: Sequence[Debtor] = ()) -> str:
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
    lines = _at_most(room - min(len(calls), _CALLS_SHOWN) - bool(calls), lines, _more_reports)
    if calls:
        people = [_call_line(each) for each in calls]
        lines.append(t("<b>Gọi giúp mình</b>, tin nhắn chưa tới được:"))
        lines += _at_most(room - len(lines), people, _more_people)
    now = at.astimezone(LOCAL)
    title = t(
        "<b>Báo cáo còn thiếu</b>, lúc {time} {day}",
        time=f"{now:%H:%M}",
        day=words.weekday(now.date()),
    )
    return "\n".join((title, *lines))


def _at_most(room: int, lines: list[str], more: Callable[[int], str]) -> list[str]:
    """The lines, or the first of them and how many are left out."""
    if len(lines) <= room:
        return lines
    return [*lines[: room - 1], more(len(lines) - room + 1)]


def _more_reports(left: int) -> str:
    return tn("Và {n} việc nữa, xem danh sách.", "Và {n} việc nữa, xem danh sách.", left)


def _more_people(left: int) -> str:
    return tn("Và {n} người nữa.", "Và {n} người nữa.", left)


def _call_line(debtor: Debtor) -> str:
    """Whom to call, and the number where it is known."""
    if debtor.phone is None:
        return t("☎ {name}, {unit}", name=debtor.name, unit=debtor.unit_name)
    return t(
        "☎ {name}, {unit}: {phone}", name=debtor.name, unit=debtor.unit_name, phone=debtor.phone
    )


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
