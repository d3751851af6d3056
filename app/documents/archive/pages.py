"""Pages of a package as HTML that needs nothing else: no script, no address, nothing to load."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any

from app.documents.archive.parts import Answer, Form, Told
from app.domain.deadlines import OFFICE_ZONE

_STYLE = (
    "body{font:16px/1.7 'Noto Serif CJK SC','Source Han Serif SC',SimSun,serif;color:#17222d;margin:0 auto;"
    "max-width:56rem;padding:2rem}h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.1rem;margin:1.5rem 0 .5rem}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #9aa5b1;padding:.35rem .6rem;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}th{background:#eef1f4;font-weight:600}td.r,th.r{text-align:right}"
    "td.t{white-space:pre-wrap}th.f{width:12rem}.n{white-space:nowrap}.m{color:#52606d;font-size:.9rem}"
    ".s{table-layout:fixed}.s col:nth-child(1){width:6rem}.s col:nth-child(3){width:4.5rem}"
    ".s col:nth-child(5){width:11rem}"
    "@page{size:A4;margin:22mm 20mm}@media print{body{padding:0;max-width:none}a{color:inherit}}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def moment(at: datetime) -> str:
    """In the offices' time."""
    return at.astimezone(OFFICE_ZONE).strftime("%Y-%m-%d %H:%M")


def page(title: str, body: Iterable[str]) -> bytes:
    parts = (
        '<!doctype html>\n<html lang="zh-Hans"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n",
        *body,
        "</body></html>\n",
    )
    return "".join(parts).encode()


def form_page(case: str, form: Form, answers: Iterable[Answer]) -> bytes:
    """A submitted form as people read it."""
    return page(form.step, _form(case, form, answers))


def _form(case: str, form: Form, answers: Iterable[Answer]) -> Iterator[str]:
    yield f"<h1><bdi>{escape(form.step)}</bdi></h1>\n<p class=m><bdi>{escape(case)}</bdi></p>\n"
    yield "<table>" + "".join(
        f"<tr><th class=f>{name}</th><td><bdi>{escape(text)}</bdi></td></tr>\n"
        for name, text in (("提交人", form.person), ("机关", form.organ), ("提交时间", moment(form.at)))
        if text
    )
    yield "</table>\n"
    section, opened = None, False
    for answer in answers:
        if answer.section != section or not opened:
            yield "</table>\n" if opened else ""
            yield f"<h2>{escape(answer.section)}</h2>\n" if answer.section else "<h2>填写内容</h2>\n"
            yield "<table>\n"
            section, opened = answer.section, True
        yield f"<tr><th class=f>{escape(answer.label)}</th><td class=t><bdi>{_value(answer)}</bdi></td></tr>\n"
    yield "</table>\n" if opened else "<p>没有填写内容。</p>\n"
    which = f"编号 {form.id}　表单 {form.form_key}　表单版本 {form.form_hash[:16]}"
    yield f"<p class=m>{escape(which)}</p>\n"


def _value(answer: Answer) -> str:
    if not answer.rows:
        return escape(answer.text)
    return f"<table>{_row(answer.headings, 'th')}{''.join(_row(row, 'td') for row in answer.rows)}</table>"


def _row(cells: Iterable[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def erased_page(case: str, form: Form) -> bytes:
    """In the place of a form whose content was erased lawfully."""
    return page(form.step, (f"<h1>{escape(form.step)}</h1><p>{escape(case)}</p><p>内容已依法删除，只留摘要。</p>",))


def story_page(head: Mapping[str, Any], chapters: Iterable[tuple[str, Iterable[Told]]]) -> bytes:
    """办理经过: every line of the history."""
    return page("办理经过", _story(head, chapters))


def _story(head: Mapping[str, Any], chapters: Iterable[tuple[str, Iterable[Told]]]) -> Iterator[str]:
    yield f"<h1>办理经过</h1><p class=m><bdi>{escape(head['number'])}　{escape(head['title'])}</bdi></p>\n"
    for name, lines in chapters:
        yield f"<h2><bdi>{escape(name)}</bdi></h2>\n<table class=s><colgroup>{'<col>' * 6}</colgroup>"
        yield _row(("时间", "事项", "动作", "办理人", "说明", "依据"), "th")
        for line in lines:
            who = f"{line.person} {line.organ}".strip()
            yield _row((moment(line.at), line.step, line.act, who, line.note, "、".join(line.clauses)), "td") + "\n"
        yield "</table>\n"


def catalogue_page(head: Mapping[str, Any], catalogue: Mapping[str, Any]) -> bytes:
    """归档目录, with the page on which each paper begins."""
    return page("归档目录", _catalogue(head, catalogue))


def _catalogue(head: Mapping[str, Any], catalogue: Mapping[str, Any]) -> Iterator[str]:
    yield "<h1>归档目录</h1>\n<table>"
    facts = (
        *(("案号", head["number"]), ("案由", head["title"]), ("单位", head["organ"])),
        ("制度", f"{head['regulation']}（{head['document_no']}）"),
        ("立卷", head["opened_at"][:10]),
        ("办结", head["closed_at"][:10]),
        ("合计", f"{catalogue['items']} 件，{catalogue['pages']} 页"),
        ("版次", f"第{head['version']}版" + (f"（{head['reason']}）" if head["reason"] else "")),
    )
    yield "".join(f"<tr><th class=f>{name}</th><td><bdi>{escape(str(text))}</bdi></td></tr>\n" for name, text in facts)
    yield "</table>\n"
    for folder in catalogue["folders"]:
        yield f"<h2><bdi>{escape(folder['title'])}</bdi></h2>\n<table><tr><th class=r>序号</th>"
        yield "<th>题名</th><th>文号</th><th>责任者</th><th>日期</th><th class=r>页号</th><th class=r>页数</th></tr>\n"
        yield from map(_item, folder["items"])
        yield "</table>\n"
    yield "<p class=m>标“约”的页数按打印版面估算。日志摘录为电子文件，不编页。核对办法见 README.txt。</p>\n"


def _item(item: Mapping[str, Any]) -> str:
    links = " ".join(
        f'<a href="{escape(address_of(name))}">{escape(label)}</a>'
        for name, label in zip(item["files"], _labels(item), strict=True)
    )
    last = item["first_page"] + item["pages"] - 1
    where = str(item["first_page"]) if item["pages"] else ""
    where += f"–{last}" if item["pages"] > 1 else ""
    pages = f"约{item['pages']}" if item["estimated"] else str(item["pages"] or "")
    note = "（内容已依法删除）" if item["erased"] else ""
    return (
        f"<tr><td class=r>{item['number']}</td><td><bdi>{links or escape(item['title'])}</bdi>{note}</td>"
        f"<td><bdi>{escape(item['paper_number'])}</bdi></td>"
        f"<td><bdi>{escape(item['person'])}</bdi> <bdi class=m>{escape(item['organ'])}</bdi></td>"
        f"<td class=n>{item['date']}</td><td class='r n'>{where}</td><td class='r n'>{pages}</td></tr>\n"
    )


def _labels(item: Mapping[str, Any]) -> list[str]:
    kinds = {"json": "数据", "pdf": "PDF"}
    return [item["title"], *(kinds.get(name.rpartition(".")[2], "文件") for name in item["files"][1:])]


def address_of(name: str) -> str:
    """A file of the package as a link: names are ours, but hold signs that an address may not."""
    return name.replace("%", "%25").replace("#", "%23").replace("?", "%3F")
