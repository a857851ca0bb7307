import gc

from actfn.expression.parser import parse
from actfn.expression.tree import _nodes, apply, depends, fold, number, postorder, substitute, variable, variables


def test_equal_trees_are_the_same_object():
    assert parse("x*sigmoid(1.702*x)") is parse(" x * sigmoid( 1.702 * x ) ")
    assert number(0.0) is not number(-0.0)
    assert number(float("nan")) is number(-float("nan"))


def test_trees_that_nobody_holds_are_forgotten():
    tree = parse("x + 123.456")
    assert number(123.456) in list(_nodes.values())
    del tree
    gc.collect()
    assert (123.456).hex() not in _nodes


def test_postorder_gives_each_node_once_arguments_first():
    tree = parse("(x + 1)*(x + 1)")
    order = postorder(tree)
    assert len(order) == 4
    assert order[-1] is tree


def test_a_tree_of_shared_parts_is_walked_in_the_number_of_its_nodes():
    tree = variable("x")
    row = parse("a + b").row
    for _ in range(1000):
        tree = apply(row, tree, tree)
    assert fold(tree, lambda node, sizes: 1 + max(sizes, default=0)) == 1001


def test_variables_substitute_depends():
    tree = parse("a*x + b")
    assert variables(tree) == ["a", "x", "b"]
    assert substitute(tree, {"a": variable("x"), "x": variable("a")}) is parse("x*a + b")
    assert depends(tree, ["b"]) == {parse("b"), tree}


def test_very_deep_trees_are_built_walked_and_freed():
    tree = variable("x")
    row = parse("-x").row
    for _ in range(100_000):
        tree = apply(row, tree)
    assert len(postorder(tree)) == 100_001
    del tree
    gc.collect()
