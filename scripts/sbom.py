"""Writes the list of parts (CycloneDX 1.6) of the product from its lock files: `python scripts/sbom.py FILE`.

Names, versions and hashes as they are locked; nothing is fetched and nothing is installed for it.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_PYTHON = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def python_parts(lock: str) -> list[dict[str, Any]]:
    return [
        {
            "type": "library",
            "name": name.lower(),
            "version": version,
            "purl": f"pkg:pypi/{name.lower()}@{version}",
            "bom-ref": f"pkg:pypi/{name.lower()}@{version}",
            "hashes": [{"alg": "SHA-256", "content": hash_} for hash_ in _HASH.findall(rest)],
        }
        for name, version, rest in _PYTHON.findall(lock)
    ]


def script_parts(lock: dict[str, Any]) -> list[dict[str, Any]]:
    """The packages that are bundled into the browser's scripts."""
    found = {}
    for path, package in lock.get("packages", {}).items():
        name = path.rpartition("node_modules/")[2]
        if name and not package.get("dev") and package.get("version"):
            purl = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
            found[purl] = {
                "type": "library",
                "name": name,
                "version": package["version"],
                "purl": purl,
                "bom-ref": purl,
            }
    return list(found.values())


def list_of_parts() -> dict[str, Any]:
    python = python_parts((ROOT / "requirements" / "run.txt").read_text("utf-8"))
    scripts = script_parts(json.loads((ROOT / "frontend" / "package-lock.json").read_text("utf-8")))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "wenze", "bom-ref": "wenze"}},
        "components": sorted(python + scripts, key=lambda part: str(part["purl"])),
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(list_of_parts(), ensure_ascii=False, indent=1) + "\n", "utf-8")
