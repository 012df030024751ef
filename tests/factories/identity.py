"""An OpenID Connect issuer for tests: a real key set over HTTP, and tokens signed with its key."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class TestIssuer:
    """Serves `/keys` on a loopback port while the `with` block lasts."""

    __test__ = False
    audience = "maillage"

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        key_set = json.dumps({"keys": [{**public, "kid": "test", "use": "sig", "alg": "RS256"}]}).encode()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(key_set)

            def log_message(self, format: str, *args: Any) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.keys_url = f"{self.url}/keys"

    def __enter__(self) -> TestIssuer:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def token(self, subject: str, **claims: Any) -> str:
        """A token for the subject, valid for an hour; `claims` replace or add (None removes)."""
        values = {"iss": self.url, "aud": self.audience, "sub": subject, "exp": time.time() + 3600, **claims}
        kept = {name: value for name, value in values.items() if value is not None}
        return jwt.encode(kept, self._key, algorithm="RS256", headers={"kid": "test"})
