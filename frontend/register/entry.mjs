// The editor of clause registers and option lists: the text with its comments, and what it says as tables beside it.
import { made, seat } from '../studio/desk.mjs';
import { english, t } from '../studio/words.mjs';
import { Outline } from './outline.mjs';
import { placeOf, put, read } from './splice.mjs';
import { textEditor } from './text.mjs';

import './register.css';

const SETTLED = 400;

class Register {
  constructor(host) {
    this.host = host;
    this.found = [];
    const canvas = document.getElementById('desk-canvas');
    canvas.dataset.label = host.dataset.name;
    const editable = host.dataset.editable === 'true';
    this.text = textEditor(canvas, { editable, english, changed: () => this.edited() });
    this.outline = new Outline(document.getElementById('desk-outline'), { editable, act: (path, value) => this.act(path, value), go: (path) => this.go(path) });
    host.wenzeRegister = this;
  }

  async show(content, { first }) {
    this.loading = true;
    this.text.load(content);
    this.loading = false;
    this.draw();
    const wanted = new URLSearchParams(location.search).get('element');
    if (first && wanted) this.select(wanted);
  }

  edited() {
    if (this.loading) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.draw(), SETTLED);
    this.desk.changed();
  }

  draw() {
    const doc = read(this.text.text);
    const wrong = doc.errors[0];
    this.desk?.note('syntax', 'bad', wrong ? [ t('第 {line} 行附近写法有误，旁边的表格和检查暂停更新：{problem}', { line: this.text.lineAt(wrong.pos[0]).number, problem: wrong.message.split('\n')[0] }) ] : null);
    this.broken = Boolean(wrong);
    this.marks();
    if (wrong) return;
    const data = doc.toJS() ?? {};
    const used = [ ...new Set((data.clauses ?? []).map?.(({ modality }) => modality) ?? []) ];
    this.outline.show(data, { options: this.host.dataset.kind !== 'REGISTER', modalities: used });
    if (this.host.dataset.kind === 'SCENARIO') this.outline.host.replaceChildren(made('p', { className: 'muted p-3', textContent: t('情景按文本编辑；保存后在“情景”里运行。') }));
  }

  read() {
    return this.text.text;
  }

  act(path, value) {
    const changed = put(this.text.text, path, value);
    if (changed === null) {
      this.desk.note('by-hand', '', [ t('这一处请直接在左边的文本里修改。') ]);
      this.go(path);
      return;
    }
    this.desk.note('by-hand');
    this.text.set(changed);
    this.draw();
  }

  go(path) {
    const at = placeOf(this.text.text, path);
    if (at !== null) this.text.go(at);
  }

  mark(findings) {
    this.found = findings;
    this.marks();
  }

  marks() {
    const lines = new Map();
    for (const finding of this.found) {
      const line = this.lineOf(finding);
      if (line) lines.set(line.from, { from: line.from, sentence: finding.sentence });
    }
    this.text.wrong([ ...lines.values() ].sort((a, b) => a.from - b.from));
  }

  /** Where a finding belongs: the line that names its element, or what it speaks of. */
  lineOf({ element, sentence, values = {} }) {
    const text = this.text.text;
    const told = /line (\d+)/.exec(sentence ?? '');
    if (told) return this.text.line(Number(told[1]));
    for (const name of [ ...Object.values(values), element ].filter(Boolean)) {
      const at = text.indexOf(String(name));
      if (at >= 0) return this.text.lineAt(at);
    }
    return null;
  }

  select(id) {
    const line = this.lineOf(this.found.find(({ element }) => element === id) ?? { element: id });
    if (line) { this.text.go(line.from); this.text.view.focus(); }
  }
}

const host = document.querySelector('#desk[data-kind="REGISTER"], #desk[data-kind="OPTIONS"], #desk[data-kind="SCENARIO"]');
if (host) seat(host, new Register(host));
