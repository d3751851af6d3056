"""核对归档包：只需 Python 3.8 以上，不需要办案系统。

用法：python -I verify.py [目录] [--key 密钥文件] [--head 链头]

核对内容：每个文件的 SHA-256 和 SM3；归档目录是否完整、页号是否相接；日志摘录是否逐条相接，
每份提交的表单和签发的文书是否与日志所记的摘要相符。给出 --key 时，再核对系统对每条日志的签名。
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import io
import json
import os
import sys
from typing import Any, Iterator  # noqa: UP035  (Python 3.8 is enough for the script)

BLOCK = 1 << 20
LISTS = ("checksums.sha256", "checksums.sm3")
MANIFEST, CATALOGUE = "manifest.json", "catalogue.json"


class Sm3:
    """GB/T 32905-2016, for a Python whose OpenSSL has no SM3. Slow, and good enough."""

    block_size, digest_size, name = 64, 32, "sm3"

    def __init__(self, data: bytes = b"") -> None:
        self._state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
        self._rest, self._length = b"", 0
        self.update(data)

    def update(self, data: bytes) -> None:
        self._length += len(data)
        data = self._rest + bytes(data)
        whole = len(data) // 64 * 64
        for place in range(0, whole, 64):
            self._state = _compress(self._state, data[place : place + 64])
        self._rest = data[whole:]

    def copy(self) -> Sm3:
        other = Sm3()
        other._state, other._rest, other._length = list(self._state), self._rest, self._length
        return other

    def digest(self) -> bytes:
        last = self.copy()
        last.update(b"\x80" + bytes((55 - self._length) % 64) + (self._length * 8).to_bytes(8, "big"))
        return b"".join(word.to_bytes(4, "big") for word in last._state)

    def hexdigest(self) -> str:
        return self.digest().hex()


def _turn(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & 0xFFFFFFFF


def _compress(state: list[int], block: bytes) -> list[int]:
    words = [int.from_bytes(block[place : place + 4], "big") for place in range(0, 64, 4)]
    for j in range(16, 68):
        x = words[j - 16] ^ words[j - 9] ^ _turn(words[j - 3], 15)
        words.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = 0x79CC4519 if j < 16 else 0x7A879D8A
        first = _turn((_turn(a, 12) + e + _turn(constant, j)) & 0xFFFFFFFF, 7)
        second = first ^ _turn(a, 12)
        low = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
        high = e ^ f ^ g if j < 16 else (e & f) | (~e & 0xFFFFFFFF & g)
        one = (low + d + second + (words[j] ^ words[j + 4])) & 0xFFFFFFFF
        two = (high + h + first + words[j]) & 0xFFFFFFFF
        a, b, c, d, e, f, g, h = one, a, _turn(b, 9), c, two ^ _turn(two, 9) ^ _turn(two, 17), e, _turn(f, 19), g
    return [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]  # noqa: B905  (not in Python 3.8)


def sm3(data: bytes = b"") -> Any:
    try:
        return hashlib.new("sm3", data)
    except ValueError:
        return Sm3(data)


class Check:
    """Everything that does not fit, each with its place."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.wrong: list[str] = []
        self.said: list[str] = []
        self.digests: dict[str, tuple[str, str]] = {}

    def fault(self, sentence: str) -> None:
        self.wrong.append(sentence)

    def path(self, name: str) -> str:
        return os.path.join(self.folder, *name.split("/"))

    def read_json(self, name: str) -> Any:
        try:
            with open(self.path(name), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, ValueError) as problem:
            self.fault(f"{name}：不能读取（{problem}）")
            return None


def harmless(name: str) -> bool:
    parts = name.split("/")
    return (
        bool(name) and "\\" not in name and ":" not in parts[0] and not any(part in ("", ".", "..") for part in parts)
    )


# ---- files


def files_in(folder: str) -> list[str]:
    """Names of everything below the folder. A link is a name that no list has."""
    found = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        inside = os.path.relpath(root, folder).replace(os.sep, "/")
        found += [name if inside == "." else inside + "/" + name for name in sorted(names)]
    return found


def listed(check: Check, name: str) -> dict[str, str]:
    """Digest by file, as one of the two lists says."""
    found: dict[str, str] = {}
    try:
        with open(check.path(name), encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, ValueError) as problem:
        check.fault(f"{name}：不能读取（{problem}）")
        return found
    for number, line in enumerate(lines, 1):
        digest, _, file_name = line.partition("  ")
        if len(digest) != 64 or set(digest) - set("0123456789abcdef") or not harmless(file_name):
            check.fault(f"{name}：第{number}行格式不对")
        elif file_name in found:
            check.fault(f"{name}：第{number}行重复（{file_name}）")
        else:
            found[file_name] = digest
    return found


def digests_of(path: str) -> tuple[str, str]:
    first, second = hashlib.sha256(), sm3()
    with open(path, "rb") as file:
        while True:
            block = file.read(BLOCK)
            if not block:
                return first.hexdigest(), second.hexdigest()
            first.update(block)
            second.update(block)


def check_files(check: Check) -> None:
    lists = {name: listed(check, name) for name in LISTS}
    there = [name for name in files_in(check.folder) if name not in LISTS]
    known = set(lists[LISTS[0]]) | set(lists[LISTS[1]])
    for name in sorted(known - set(there)):
        check.fault(f"{name}：清单中有，包内没有")
    for name in sorted(there):
        if name not in known:
            check.fault(f"{name}：包内有，清单中没有")
            continue
        path = check.path(name)
        if os.path.islink(path):
            check.fault(f"{name}：是链接，不是文件")
            continue
        check.digests[name] = digests_of(path)
        fits = [lists[LISTS[i]].get(name) == check.digests[name][i] for i in (0, 1)]
        if not any(fits):
            check.fault(f"{name}：内容与两份校验清单都不符，已被改动")
        for i in (0, 1):
            if not fits[i] and fits[1 - i]:
                check.fault(f"{LISTS[i]}：所记 {name} 的摘要不对（另一份清单相符），清单已被改动")
    check.said.append(f"文件 {len(there)} 个，SHA-256 与 SM3 逐个核对")


# ---- catalogue


def check_catalogue(check: Check, catalogue: Any) -> None:
    """Every file has its line, every line its files; numbers and pages follow each other."""
    number, page = 0, 1
    named: set[str] = set()
    for folder in catalogue["folders"]:
        for item in folder["items"]:
            number += 1
            if item["number"] != number:
                check.fault("{}：目录第{}项的序号是{}".format(CATALOGUE, number, item["number"]))
            if item["pages"] and item["first_page"] != page:
                check.fault("{}：目录第{}项“{}”应从第{}页起".format(CATALOGUE, number, item["title"], page))
            page += item["pages"]
            for name in item["files"]:
                named.add(name)
                if name not in check.digests:
                    check.fault("{}：目录第{}项“{}”所列，包内没有".format(name, number, item["title"]))
    if (catalogue["items"], catalogue["pages"]) != (number, page - 1):
        check.fault(f"{CATALOGUE}：合计与各项不符")
    for name in sorted(set(check.digests) - named - set(catalogue["fixed"])):
        check.fault(f"{name}：没有编入归档目录")
    check.said.append(f"归档目录 {number} 项、{page - 1} 页，序号和页号相接")


# ---- journal


def text_of(line: Any) -> bytes:
    """What the system has signed."""
    parts = [line["scope"], str(line["position"]), line["at"], line["actor"], line["act"], line["object"]]
    return "\n".join([*parts, line["payload_digest"], line["previous"], line["key_id"]]).encode()


def link_of(before: str, line: Any) -> str:
    """The open chain: whoever has the lines can compute it."""
    names = ("scope", "position", "at", "actor", "act", "object", "payload_digest", "previous", "key_id", "digest")
    text = json.dumps([before] + [line[name] for name in names], ensure_ascii=False, separators=(",", ":"))
    return str(sm3(text.encode()).hexdigest())


def lines_of(check: Check, name: str) -> Iterator[tuple[int, Any]]:
    try:
        with open(check.path(name), encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                yield number, json.loads(text)
    except (OSError, ValueError) as problem:
        check.fault(f"{name}：不能读取（{problem}）")


def check_journal(check: Check, proceeding: Any, erased: set[str], keys: dict[str, bytes] | None) -> list[str]:
    """One chain. Returns the files whose content its lines name."""
    name, of_paper = proceeding["journal"], {digest for digest, _ in check.digests.values()}
    position, previous, link = proceeding["from"] - 1, proceeding["first_previous"], ""
    named: list[str] = []
    signed = 0
    for number, line in lines_of(check, name):
        place = f"{name} 第{number}行"
        if line["scope"] != proceeding["id"]:
            check.fault(f"{place}：不属于本件")
        if line["position"] != position + 1:
            check.fault("{}：应为第{}条，实为第{}条（缺少或调换）".format(place, position + 1, line["position"]))
        if line["previous"] != previous:
            check.fault(f"{place}：与前一条不相接（缺少、调换或改动）")
        link = link_of(link, line)
        if line["link"] != link:
            check.fault(f"{place}：内容与公开链不符，此条或之前被改动")
        if keys is not None:
            key = keys.get(line["key_id"])
            made = hmac.new(key, text_of(line), sm3).hexdigest() if key else None
            signed += 1
            if made != line["digest"]:
                check.fault("{}：签名不符{}".format(place, "" if key else "（没有密钥 {}）".format(line["key_id"])))
        named += check_content(check, line, place, erased, of_paper)
        position, previous, link = line["position"], line["digest"], line["link"]
    if (position, previous) != (proceeding["until"], proceeding["head"]):
        check.fault("{}：末尾与清单不符，应到第{}条".format(name, proceeding["until"]))
    if link != proceeding["chain"]:
        check.fault(f"{name}：公开链的链头与清单不符")
    count = position - proceeding["from"] + 1
    check.said.append(
        "{} {}：日志 {} 条相接{}".format(
            proceeding["kind"], proceeding["number"], count, f"，签名 {signed} 条核对" if signed else ""
        )
    )
    check.said.append(f"　链头 {link}")
    return named


def check_content(check: Check, line: Any, place: str, erased: set[str], of_paper: set[str]) -> list[str]:
    """What a line signed by its digest: the form that was submitted, the paper that was issued."""
    if "payload" in line:
        name = line["payload"]
        found = check.digests.get(name)
        if found is None:
            check.fault(f"{place}：所记的 {name} 不在包内")
        elif found[0] != line["payload_digest"]:
            check.fault(f"{name}：与日志所记的摘要不符（{place}）")
        return [name]
    if "content" in line:
        if hashlib.sha256(line["content"].encode()).hexdigest() != line["payload_digest"]:
            check.fault(f"{place}：所附内容与日志所记的摘要不符")
        said = json.loads(line["content"])
        if said.get("sha256") not in of_paper and said.get("sha256") not in erased:
            check.fault("{}：所签发的文书“{}”不在包内，或已被改动".format(place, said.get("name")))
    elif line["act"] == "complete" and line["payload_digest"] not in erased:
        check.fault(f"{place}：所提交的表单不在包内")
    return []


def keys_in(path: str) -> dict[str, bytes]:
    """Lines of an id, a blank and 64 hexadecimal digits."""
    with open(path, encoding="ascii") as file:
        pairs = (line.split() for line in file if line.strip())
        return {pair[0]: bytes.fromhex(pair[1]) for pair in pairs}


def check_all(check: Check, keys: dict[str, bytes] | None, heads: list[str]) -> None:
    check_files(check)
    manifest, catalogue = check.read_json(MANIFEST), check.read_json(CATALOGUE)
    if manifest is None or catalogue is None:
        return
    check.said.insert(0, "{}　{}　第{}版".format(manifest["number"], manifest["title"], manifest["version"]))
    check_catalogue(check, catalogue)
    erased = {found["digest"] for found in manifest["erased"]}
    named: list[str] = []
    for proceeding in manifest["proceedings"]:
        named += check_journal(check, proceeding, erased, keys)
    once: set[str] = set()
    for name in named:
        if name in once:
            check.fault(f"{name}：日志中有两条")
        once.add(name)
    forms = [name for name in check.digests if name.startswith("submissions/") and name.endswith(".json")]
    for name in sorted(set(forms) - once):
        check.fault(f"{name}：日志中没有这份提交")
    check.said.append(f"表单 {len(forms)} 份、已签发文书与日志所记的摘要相符")
    if erased:
        check.said.append(f"依法删除的内容 {len(erased)} 件，只留摘要")
    there = {proceeding["chain"] for proceeding in manifest["proceedings"]}
    for head in heads:
        if head not in there:
            check.fault(f"{MANIFEST}：链头与单位所存的 {head} 不符，整包可能被重做")


def say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description="核对归档包")
    parser.add_argument("folder", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--key", help="办案单位的日志密钥文件：再核对每条日志的签名")
    parser.add_argument("--head", action="append", default=[], help="办案系统页面上显示的链头")
    given = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    if os.path.isfile(given.folder):
        say("请先解开归档包，再核对解开后的文件夹。 / Unpack the package first.")
        return 2
    check = Check(given.folder)
    try:
        check_all(check, keys_in(given.key) if given.key else None, given.head)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as problem:
        check.fault(f"{MANIFEST}、{CATALOGUE} 或日志的格式不对（{problem}）")
    for sentence in check.wrong or check.said:
        say(("不符：" if check.wrong else "") + sentence)
    if check.wrong:
        say(f"核对未通过，共 {len(check.wrong)} 处不符。 / FAILED")
        return 1
    say("核对通过。%s / OK" % ("" if given.key else "（没有密钥，未核对系统签名）"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
