"""Is the tree the one of RFC 6962, and does a path lead to its root and to no other?"""

import hashlib

import pytest
from tests.lake.seal.proofs import led_to, path

from cloison.lake.seal import merkle

# The leaves and roots that certificate-transparency-go tests with.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("count", range(1, 9))
def test_the_root_is_that_of_the_reference(count: int) -> None:
    leaves = [merkle.leaf(bytes.fromhex(one)) for one in LEAVES[:count]]
    assert merkle.root(leaves).hex() == ROOTS[count - 1]


def test_no_leaf_has_the_hash_of_nothing() -> None:
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13])
def test_a_path_leads_each_leaf_to_the_root_and_no_other_leaf(count: int) -> None:
    leaves = [merkle.leaf(b"%d" % number) for number in range(count)]
    for index, one in enumerate(leaves):
        steps = path(leaves, index)
        assert led_to(one, index, count, steps) == merkle.root(leaves)
        assert led_to(merkle.leaf(b"other"), index, count, steps) != merkle.root(leaves)
        assert led_to(one, index, count, [*steps, one]) is None


def test_a_node_cannot_be_passed_off_as_a_leaf() -> None:
    left, right = merkle.leaf(b"a"), merkle.leaf(b"b")
    assert merkle.leaf(left + right) != merkle.node(left, right)
    assert merkle.node(left, right) == hashlib.sha256(b"\1" + left + right).digest()
