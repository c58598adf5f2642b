"""Taper for agents in Python, through the keeper of the user that runs them: docs/keeper.md.

One file on the standard library alone, for Python 3.9 and later. It has no key, and needs none.
"""

import base64
import http.client
import json
import os
import socket
import urllib.parse

__all__ = ["Keeper", "KeeperError", "keeper_socket"]

_MAX_ANSWER = 1 << 20


class KeeperError(Exception):
    """What the keeper, or what stands in its place, refuses; programs decide by ``code``."""

    def __init__(self, status, code, detail):
        super().__init__(f"{code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail


def keeper_socket(environment=os.environ):
    """Where the keeper listens, unless the agent's configuration says so itself."""
    if environment.get("TAPER_KEEPER"):
        return environment["TAPER_KEEPER"]
    if environment.get("XDG_RUNTIME_DIR"):
        return os.path.join(environment["XDG_RUNTIME_DIR"], "taper", "keeper.sock")
    return os.path.join(os.path.expanduser("~"), ".taper", "keeper.sock")


class _Connection(http.client.HTTPConnection):
    """HTTP over a Unix domain socket."""

    def __init__(self, path, timeout):
        super().__init__("keeper", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Keeper:
    """Talks to a keeper. A token is named by the keeper's name of it, or given as it is."""

    def __init__(self, path=None, timeout=130):
        self.path = path or keeper_socket()
        self.timeout = timeout

    def status(self):
        return self.send("GET", "/v1/status")

    def keys(self):
        return self.send("GET", "/v1/keys")["keys"]

    def tokens(self):
        return self.send("GET", "/v1/tokens")["tokens"]

    def token(self, name):
        return self.send("GET", "/v1/tokens/" + urllib.parse.quote(name, safe=""))

    def names(self):
        """The agents that a token can be handed on to by name, each with its keys."""
        return self.send("GET", "/v1/names")["agents"]

    def new_key(self, name, **options):
        """Has the keeper make a key: ``algorithm``, ``confirm``, ``lifetime`` in seconds."""
        return self.send("POST", "/v1/keys", {"name": name, **options})

    def add_token(self, name, token, **options):
        """Has the keeper keep a token: ``audiences``, ``lifetime``, ``replace``, ``renew``."""
        return self.send("POST", "/v1/tokens", {"name": name, "token": token, **options})

    def headers(
        self,
        token,
        method,
        url,
        content=None,
        content_type=None,
        content_encoding=None,
        fields=None,
        audience=None,
        approvals=None,
        own_field=None,
    ):
        """Proves one HTTP request, and gives the header fields to send with it, once and at once.

        ``fields`` are the header fields that the service's catalog declares; ``audience`` is needed
        unless the keeper keeps the token for one service alone.
        """
        sent = _http(method, url, content, content_type, content_encoding, fields)
        return self._prove(token, audience, approvals, http=sent, own_field=own_field)["headers"]

    def request(
        self,
        token,
        method,
        url,
        body=None,
        headers=None,
        fields=(),
        timeout=30,
        context=None,
        **options,
    ):
        """Proves one HTTP request and sends it; gives ``(status, headers, content)``.

        It follows no redirect: what is proved for one origin goes to no other.
        """
        parts = urllib.parse.urlsplit(url)
        target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        content = body.encode("utf-8") if isinstance(body, str) else body
        _require_one_spelling([*(headers or {})], fields)
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        ours = self.headers(
            token,
            method,
            f"{parts.scheme}://{parts.netloc}{target}",
            content=content,
            content_type=sent.get("content-type"),
            content_encoding=sent.get("content-encoding"),
            fields={name: sent[name.lower()] for name in fields if name.lower() in sent},
            **options,
        )
        if parts.scheme == "https":
            connection = http.client.HTTPSConnection(parts.netloc, timeout=timeout, context=context)
        else:
            connection = http.client.HTTPConnection(parts.netloc, timeout=timeout)
        try:
            ours = {name.lower(): value for name, value in ours.items()}
            connection.request(method, target, body=content, headers={**sent, **ours})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def mcp(self, token, method, params=None, audience=None, approvals=None):
        """Proves one message of the Model Context Protocol.

        Gives the ``params`` to send in place of these, once and at once.
        """
        message = {"method": method, "params": params or {}}
        return self._prove(token, audience, approvals, mcp=message)["params"]

    def tool(self, token, name, arguments=None, audience=None, approvals=None):
        """Proves a call of a tool that goes over another wire: token, proof and approvals."""
        call = {"name": name, "arguments": arguments or {}}
        return self._prove(token, audience, approvals, tool=call)

    def delegate(self, token, to, **terms):
        """Hands a token on, to a name of the keeper's file of names, or to a dict of name and key.

        ``terms`` say what is left: ``grants``, ``budgets``, ``expires_in`` in seconds,
        ``audiences``, ``max_depth``.
        """
        return self.send("POST", "/v1/delegate", {"token": token, "to": to, **terms})

    def ask(
        self,
        token,
        method,
        url,
        reason,
        content=None,
        content_type=None,
        audience=None,
        wait=None,
    ):
        """Asks the service for the approval of a request refused with ``approval_required``.

        What comes back has a ``state``: ``answered`` with ``approvals`` for the next try,
        ``refused``, ``open`` with an ``ask`` to wait for, ``ended``, or ``not_taken`` with a
        ``reason``.
        """
        sent = _http(method, url, content, content_type, None, None)
        return self.send(
            "POST",
            "/v1/ask",
            {"token": token, "audience": audience, "http": sent, "reason": reason, "wait": wait},
        )

    def await_ask(self, ask, wait=30):
        """Waits, some seconds at most, for the answer to an ask that is open."""
        return self.send("POST", "/v1/ask/await", {"ask": ask, "wait": wait})

    def request_approval(self, token, tool, reason, audience=None):
        """Makes a request for the approval of a call, which its user gives to an approver.

        ``tool`` has ``name``, ``operation``, ``resource`` and ``arguments``.
        """
        content = {"token": token, "audience": audience, "tool": tool, "reason": reason}
        return self.send("POST", "/v1/ask", content)["request"]

    def renew(self, token):
        """Has the keeper get a later end for a token from its issuer."""
        return self.send("POST", "/v1/renew", {"token": token})

    def _prove(self, token, audience, approvals, **asked):
        return self.send(
            "POST",
            "/v1/prove",
            {"token": token, "audience": audience, "approvals": approvals, **asked},
        )

    def send(self, method, target, content=None):
        """Sends one request of docs/keeper.md, and gives the members of the answer."""
        body = None
        headers = {}
        if content is not None:
            body = json.dumps(_given(content), allow_nan=False).encode("utf-8")
            headers["Content-Type"] = "application/json"
        connection = _Connection(self.path, self.timeout)
        try:
            connection.request(method, target, body=body, headers=headers)
            answer = connection.getresponse()
            text = answer.read(_MAX_ANSWER + 1)
        except (OSError, http.client.HTTPException) as problem:
            why = str(problem) or type(problem).__name__
            detail = f"there is no keeper at {self.path}: {why}; start one with taper keeper"
            raise KeeperError(0, "no_keeper", detail) from problem
        finally:
            connection.close()
        try:
            members = json.loads(text) if len(text) <= _MAX_ANSWER else None
        except ValueError:
            members = None
        if not isinstance(members, dict):
            raise KeeperError(answer.status, "malformed_answer", "what answers there is no keeper")
        if 200 <= answer.status < 300:
            return members
        raise KeeperError(answer.status, str(members.get("code")), str(members.get("detail")))


def _require_one_spelling(names, fields):
    """Refuses what servers could take for another field: to many, ``_`` and ``-`` are one."""
    taken = {"taper-token": "", "taper-proof": "", "taper-approval": ""}
    taken.update((name.lower().replace("_", "-"), name.lower()) for name in fields)
    seen = set()
    for name in names:
        folded = name.lower().replace("_", "-")
        if folded in seen or taken.get(folded, name.lower()) != name.lower():
            raise ValueError(f"the field {name} is given in two spellings, or is the keeper's")
        seen.add(folded)


def _given(content):
    """Leaves out what is not given; what stands inside of ``params`` and ``arguments`` stays."""
    return {name: value for name, value in content.items() if value is not None}


def _http(method, url, content, content_type, content_encoding, fields):
    if isinstance(content, str):
        content = content.encode("utf-8")
    return _given(
        {
            "method": method,
            "url": url,
            "content_type": content_type,
            "content_encoding": content_encoding,
            "content": base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
            if content
            else None,
            "fields": fields or None,
        }
    )
