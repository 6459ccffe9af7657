"""Kernels that most of these tests begin with."""

import pytest

from tests.conftest import StartKernel
from tests.harness.kernel import Kernel


@pytest.fixture
def shell(kernel: StartKernel) -> Kernel:
    """A kernel with the extension, in a run without a browser."""
    one = kernel()
    one.check("%load_ext nbstream")
    return one


@pytest.fixture
def live(kernel: StartKernel) -> Kernel:
    """A kernel with the extension, which assumes a browser."""
    one = kernel(env={"NBSTREAM_DISPLAY": "live"})
    one.check("%load_ext nbstream")
    return one
