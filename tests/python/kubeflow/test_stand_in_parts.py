"""The small parts of the stand-in for KFP: its cron and its conditions."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from tests.kfp_server.cel import CelError, holds
from tests.kfp_server.cron import Cron


@pytest.mark.parametrize(
    ("cron", "following"),
    [
        ("0 * * * * *", "2026-11-23T00:01:00"),
        ("*/15 * * * * *", "2026-11-23T00:00:15"),
        ("0 30 6 * * MON-FRI", "2026-11-23T06:30:00"),
        ("0 0 0 1 * ?", "2026-12-01T00:00:00"),
        ("0 0 12 29 2 *", "2028-02-29T12:00:00"),
        ("@daily", "2026-11-24T00:00:00"),
    ],
)
def test_cron_has_six_fields_the_seconds_first(cron, following):
    moment = datetime(2026, 11, 23, tzinfo=timezone.utc).timestamp()
    found = datetime.fromtimestamp(Cron(cron).after(moment), timezone.utc)
    assert found.isoformat().startswith(following)


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ("inputs.parameter_values['a'] == 'x && y'", True),
        ("int(inputs.parameter_values['n']) > 2 && inputs.parameter_values['n'] <= 3.0", True),
        ("!(inputs.parameter_values['yes'] == true) || inputs.parameter_values['a'] != 'z'", True),
        ("!(int(inputs.parameter_values['n']) == 3) && !(inputs.parameter_values['a'] == '')", False),
        ("double(inputs.parameter_values['text']) >= 2.5", True),
    ],
)
def test_a_condition_is_what_it_says(condition, truth):
    values = {"a": "x && y", "n": 3, "yes": True, "text": "2.5"}
    assert holds(condition, values) is truth
    with pytest.raises(CelError, match="no such overload"):
        holds("inputs.parameter_values['n'] == '3'", values)
