"""`/docs/`: the routes as they are."""

import re

from falcon.inspect import inspect_routes

from api.app import create
from tests.house import Client


def test_the_documentation_is_a_page_for_everyone(client: Client) -> None:
    answer = client.get("/docs/", user=None)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert client.get("/docs", user=None).text == answer.text


def test_every_route_and_verb_stands_in_it_with_what_it_does(client: Client) -> None:
    page = client.get("/docs/", user=None).text

    entries = dict(re.findall(r"<h2>(\S+)/ <small>.*?</h2><dl>(.*?)</dl>", page))
    routes = inspect_routes(create())
    assert set(entries) == {route.path for route in routes}
    for route in routes:
        told = dict(re.findall(r"<dt>(\w+)</dt><dd>(.*?)</dd>", entries[route.path]))
        assert set(told) == {method.method for method in route.methods if not method.internal}
        assert all(told.values())
