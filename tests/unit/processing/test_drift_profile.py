from __future__ import annotations

from include.processing.drift_profile import Profile
from tests.unit.processing.drift_months import profiled, same_counts


def test_a_profile_comes_back_from_its_table() -> None:
    profile = profiled("2019-05")
    again = Profile.from_table(profile.to_table(), profile.meta(), "yellow", "2019-05")
    assert same_counts(profile, again)
    assert again.common == profile.common
    assert (again.days == profile.days).all()
