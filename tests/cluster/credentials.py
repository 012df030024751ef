"""The certificates of a cluster that lives for one test run, and the files by which its parts know each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

CLIENTS = {
    "admin": "system:masters",
    "system:kube-controller-manager": "",
    "system:kube-scheduler": "",
}


class Credentials:
    """Files in a folder; `make` writes all of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._authority_key = ec.generate_private_key(ec.SECP256R1())
        self.authority = folder / "ca.crt"

    def certificate(self, name: str) -> Path:
        return self._folder / f"{name.removeprefix('system:')}.crt"

    def key(self, name: str) -> Path:
        return self._folder / f"{name.removeprefix('system:')}.key"

    def make(self, address: str) -> None:
        """An authority, the server's certificate, one for each client with its kubeconfig, and the accounts' key."""
        self._folder.mkdir(parents=True)
        self._sign("ca", "", self._authority_key)
        self._sign("server", "", ec.generate_private_key(ec.SECP256R1()))
        self._write_key("accounts", ec.generate_private_key(ec.SECP256R1()))
        for name, group in CLIENTS.items():
            self._sign(name, group, ec.generate_private_key(ec.SECP256R1()))
            self.kubeconfig(name).write_text(yaml.safe_dump(self._kubeconfig(name, address)))

    def kubeconfig(self, name: str) -> Path:
        return self._folder / f"{name.removeprefix('system:')}.kubeconfig"

    def _sign(self, name: str, group: str, key: ec.EllipticCurvePrivateKey) -> None:
        now, is_authority = datetime.now(UTC), name == "ca"
        addresses = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("kubernetes.default.svc")]
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_called(name, group))
            .issuer_name(_called("ca", ""))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
            .sign(self._authority_key, hashes.SHA256())
        )
        self.certificate(name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        self._write_key(name, key)

    def _write_key(self, name: str, key: ec.EllipticCurvePrivateKey) -> None:
        form, unencrypted = serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        self.key(name).write_bytes(key.private_bytes(serialization.Encoding.PEM, form, unencrypted))

    def _kubeconfig(self, name: str, address: str) -> dict[str, object]:
        user = {"client-certificate": str(self.certificate(name)), "client-key": str(self.key(name))}
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {"name": "test", "cluster": {"server": address, "certificate-authority": str(self.authority)}}
            ],
            "users": [{"name": name, "user": user}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": name}}],
            "current-context": "test",
        }


def _called(name: str, group: str) -> x509.Name:
    attributes = [x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]
    if group:
        attributes.append(x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, group))
    return x509.Name(attributes)
