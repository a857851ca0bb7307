import pytest

from actfn.cli.demos import stage


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.0, "0 %"), (1.0, "100 %"), (0.5, "50 %"), (0.995, "99.5 %"), (0.9999, "99.99 %"), (0.0004, "0.04 %"),
        (1e-9, "< 0.001 %"), (1 - 1e-9, "> 99.999 %"), (1.07, "107 %"),
    ],
)  # fmt: skip
def test_a_share_is_never_rounded_to_none_or_all(share, shown):
    assert stage.percent(share) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(5569.04, "5569"), (0.012345, "0.0123"), (1e5, "1e+05"), (-128.4, "-128"), (3.0, "3"), (float("nan"), "nan")],
)
def test_brief_numbers(value, shown):
    assert stage.brief(value) == shown


def test_told_takes_numbers_into_a_sentence():
    assert stage.told(" {a} of\n {b:%} in {c.real:g}, {n}", a=1234.5678, b=0.25, c=2.0, n=7) == "1235 of 25 % in 2, 7"
