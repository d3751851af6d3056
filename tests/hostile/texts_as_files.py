"""Forms and YAML that mean harm, for `tests.hostile.files`."""

from tests.hostile.texts import BELL, NOWHERE


def form_files() -> dict[str, bytes]:
    form = '{"type":"default","schemaVersion":19,"id":"x","components":[%s]}'
    field = '{"type":"textfield","id":"a","key":"%s","label":"%s"}'
    return {
        "proto.form": (form % (field % ("__proto__", "x"))).encode(),
        "constructor.form": (form % (field % ("constructor.prototype.x", "x"))).encode(),
        "deep.form": b"[" * 100_000,
        "deep_object.form": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        "nan.form": (form % '{"type":"number","id":"a","key":"a","defaultValue":NaN}').encode(),
        "bignum.form": (form % '{"type":"number","id":"a","key":"a","defaultValue":' + "9" * 50_000 + "}").encode(),
        "infinite.form": (form % '{"type":"number","id":"a","key":"a","defaultValue":1e999}').encode(),
        "doubles.form": (form % '{"type":"textfield","type":"html","id":"a","key":"a"}').encode(),
        "html.form": (form % f'{{"type":"html","id":"a","content":"<img src=x onerror={BELL}=1>"}}').encode(),
        "iframe.form": (form % '{"type":"iframe","id":"a","url":"javascript:alert(1)"}').encode(),
        "image.form": (form % f'{{"type":"image","id":"a","source":"{NOWHERE}"}}').encode(),
        "pattern.form": (form % '{"type":"textfield","id":"a","key":"a","validate":{"pattern":"^(a+)+$"}}').encode(),
        "loop.form": (
            form % '{"type":"textfield","id":"a","key":"a","conditional":{"hide":"=count(1..999999999) > 0"}}'
        ).encode(),
        "many.form": (form % ",".join(field % (f"k{n}", "x") for n in range(10_000))).encode(),
        "half.form": (form % (field % ("a", "\\ud800"))).encode(),
    }


def yaml_files() -> dict[str, bytes]:
    bomb = 'a0: &a0 ["x","x"]\n' + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    return {
        "aliases.yml": bomb.encode(),
        "deep.yml": b"[" * 100_000,
        "deep_blocks.yml": b"- " * 100_000,
        "deep_keys.yml": b"? " * 50_000,
        "objects.yml": b"a: !!python/object/apply:os.system ['touch wenze-marker']\n",
        "sexagesimal.yml": b"a: 1" + b":59" * 200_000 + b"\n",
        "digits.yml": b"a: " + b"9" * 200_000 + b"\n",
        "no_day.yml": b"a: 2026-02-31\n",
        "merge.yml": b"a: &a {b: 1}\nc: {<<: *a}\n",
        "control.yml": b"a: \x01\x00\n",
        "anchors.yml": b"".join(b"- &a%d x\n" % n for n in range(100_000)),
    }
