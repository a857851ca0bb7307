from actfn.output import listing


def test_names_in_a_sentence():
    assert [listing.listed(list(names)) for names in ("a", "ab", "abc")] == ["a", "a and b", "a, b and c"]
    assert listing.listed(["x", "y"], "or") == "x or y"


def test_parameters_with_their_values():
    assert listing.assignments({"alpha": 1.0, "beta": 0.25}) == "alpha=1, beta=0.25"
    assert listing.assignments({"a": 2 / 3, "b": 1e300, "c": float("nan")}) == "a=0.6666666666666666, b=1e+300, c=nan"
    assert listing.assignments({}) == ""
