"""The product held to its specifications and the documents they rest on, item by item: `python -m tests.conformance`.

One inventory for each surface: `mentoring.py`, `callrequests.py`, `appointments.py`; and `people.py`. A test names the
items it stands for by `@holds`.
"""

import pytest

holds = pytest.mark.holds  # names the items of the inventories that a test stands for
