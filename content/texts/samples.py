"""What the people of a sample roster are called: nobody may take them for real."""

from content.i18n import Html, t
from domain.sample import SampleNames


def sample_names() -> SampleNames:
    """Names for `domain.sample`; plain text, as names are escaped where they are said."""
    return SampleNames(
        focal=lambda unit: t("Đầu mối mẫu – {unit}", unit=Html(unit)),
        head=lambda hamlet: t("Tổ trưởng mẫu – {hamlet}", hamlet=Html(hamlet)),
        # A plan may use several words at once: "thôn, bon, tổ dân phố".
        hamlet=lambda term, n: t("{term} mẫu {n}", term=Html(term.split(",")[0]), n=n),
        officer=t("Công chức mẫu"),
        leader=t("Lãnh đạo mẫu"),
    )
