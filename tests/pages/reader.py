"""A reader of the pages without a browser: keeps cookies, finds forms, sends them."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import falcon.testing

from tests.house import MENTOR, PASSWORD, the_application

HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"  # as browsers ask


class Reader:
    """One browser, as far as HTTP goes."""

    def __init__(self, app: Any = None, scheme: str = "http") -> None:
        self._client = falcon.testing.TestClient(app or the_application())
        self._scheme = scheme
        self.cookies: dict[str, str] = {}

    def ask(
        self, verb: str, path: str, form: Mapping[str, Any] | bytes | None = None, **headers: str
    ) -> falcon.testing.Result:
        """One request; the cookies of the answer are kept."""
        sent = {"Accept": HTML, **{name.replace("_", "-"): value for name, value in headers.items()}}
        body: str | bytes | None = None
        if isinstance(form, bytes):
            body = form
        elif form is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
            body = urlencode(form)
        path, _, query = path.partition("?")
        answer = self._client.simulate_request(
            verb,
            path,
            query_string=query,
            headers=sent,
            body=body,
            cookies=self.cookies,
            protocol=self._scheme,
        )
        for name, cookie in answer.cookies.items():
            if cookie.value and cookie.max_age != 0:
                self.cookies[name] = cookie.value
            else:
                self.cookies.pop(name, None)
        return answer

    def get(self, path: str, **headers: str) -> falcon.testing.Result:
        return self.ask("GET", path, **headers)

    def post(self, path: str, form: Mapping[str, Any] | None = None, **headers: str) -> falcon.testing.Result:
        """Send a form as it is."""
        return self.ask("POST", path, form or {}, **headers)

    def post_parts(self, path: str, form: Mapping[str, str], file: bytes) -> falcon.testing.Result:
        """Send a form with a file, as browsers do: what was typed first, then the audio file."""
        parts = [
            f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'.encode()
            for name, text in form.items()
        ]
        head = 'Content-Disposition: form-data; name="audio_file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n'
        body = (
            b"".join(b"--cut\r\n" + part + b"\r\n" for part in [*parts, head.encode() + file])
            + b"--cut--\r\n"
        )
        return self.ask("POST", path, body, Content_Type="multipart/form-data; boundary=cut")

    def log_in(self, user: str = MENTOR, password: str = PASSWORD, **more: str) -> falcon.testing.Result:
        """Through the login page, as people do."""
        return self.fill("/login", "/login", username=user, password=password, **more)

    def fill(self, page: str, action: str, **values: str) -> falcon.testing.Result:
        """Open a page, fill in its form that goes to `action`, and send it with all that stands in it."""
        form = self.form(page, action)
        return self.post(action, {**form, **values})

    def form(self, page: str, action: str) -> dict[str, str]:
        """What stands in the form of a page that goes to `action`."""
        text = self.get(page).text
        forms = forms_of(text)
        assert action in forms, f"no form to {action} on {page}, only to {sorted(forms)}"
        return forms[action]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._form: dict[str, str] | None = None
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = {}
            self.found.append((facts.get("action", ""), self._form))
        if self._form is None or (tag != "option" and not facts.get("name")):
            return
        if tag == "input" and (facts.get("type") not in ("checkbox", "radio") or "checked" in facts):
            self._form[facts["name"]] = facts.get("value", "")
        elif tag == "textarea":
            self._area = facts["name"]
            self._form[self._area] = ""
        elif tag == "select":
            self._select = facts["name"]
        elif tag == "option" and self._select and ("selected" in facts or self._select not in self._form):
            self._form[self._select] = facts.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._form is not None:
            self._form[self._area] = self._form[self._area].removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._select = ""


def forms_of(text: str, by: str = "") -> dict[str, dict[str, str]]:
    """Every form of a page, by where it goes, or by what stands in one of its fields: its fields and what they hold."""
    parser = _Forms()
    parser.feed(text)
    found: dict[str, dict[str, str]] = {}
    for action, fields in parser.found:
        found.setdefault(fields.get(by, "") if by else action, {}).update(fields)
    return found
