"""The Mentoring Tool held to its reference document and its specification, item by item: see `inventory.py`."""

import pytest

holds = pytest.mark.holds  # names the items of the inventory that a test stands for
