// What a register says, as tables beside its text: clauses and what carries them, stages, switches, numbers; option lists.
import { button, made } from '../studio/desk.mjs';
import { t } from '../studio/words.mjs';

const MODALITIES = [ 'DUTY', 'PROHIBITION', 'PERMISSION', 'POWER', 'DECLARATION', 'DEFINITION', 'PROCEDURE', 'CONSEQUENCE', 'RIGHT' ];
const HEAD = { title: '名称', title_en: '英文名称', short_title: '简称', document_no: '文号', issuer: '制定机关', issued_on: '印发日期', in_force_from: '施行日期', in_force_to: '失效日期', number_prefix: '编号前缀', number_format: '案件编号格式', case_process: '案件流程', meeting_process: '会议流程' };

/** `act(path, value)` changes the text; `go(path)` leads to the place in it. */
export class Outline {
  constructor(host, { act, go, editable }) {
    Object.assign(this, { host, act, go, editable, open: null, wanted: '' });
  }

  show(data, { options, modalities }) {
    this.modalities = modalities?.length ? modalities : MODALITIES;
    this.sections = options ? this.lists(data) : this.register(data);
    if (!this.sections.some(({ id }) => id === this.open)) this.open = this.sections[0]?.id;
    this.draw();
  }

  draw() {
    const top = this.host.querySelector('.outline-body')?.scrollTop ?? 0;
    const tabs = made('div', { className: 'outline-tabs' });
    tabs.setAttribute('role', 'tablist');
    for (const { id, label, count } of this.sections) {
      const tab = button(count === undefined ? label : `${label} ${count}`, () => { this.open = id; this.draw(); this.host.querySelector('[aria-selected=true]').focus(); }, '');
      tab.setAttribute('role', 'tab');
      tab.setAttribute('aria-selected', String(id === this.open));
      tabs.append(tab);
    }
    const body = made('div', { className: 'outline-body', tabIndex: 0 });
    body.setAttribute('role', 'tabpanel');
    body.append(...(this.sections.find(({ id }) => id === this.open)?.body() ?? []));
    this.host.replaceChildren(tabs, body);
    body.scrollTop = top;
    for (const line of body.querySelectorAll('[data-said]')) line.hidden = !line.dataset.said.includes(this.wanted.toLowerCase());
  }

  register(data) {
    const list = (name) => (Array.isArray(data[name]) ? data[name] : []);
    return [
      { id: 'clauses', label: t('条款'), count: list('clauses').length, body: () => [ this.search(), ...list('clauses').map((clause, place) => this.clause(clause, [ 'clauses', place ])), this.more(t('添加条款'), [ 'clauses', list('clauses').length ], { id: `NEW-${list('clauses').length + 1}`, article: '', modality: 'DUTY', actor: '', reading: '', in_force_from: String(data.in_force_from ?? ''), declaratory: t('待补充') }) ] },
      { id: 'stages', label: t('阶段'), count: list('stages').length, body: () => [ ...list('stages').map((stage, place) => this.card(`${stage.zh}`, [ 'stages', place ], [ this.line([ 'stages', place, 'zh' ], t('名称'), stage.zh), this.line([ 'stages', place, 'en' ], t('英文名称'), stage.en), this.words([ 'stages', place, 'steps' ], t('环节（流程/环节）'), stage.steps ?? []) ])), this.more(t('添加阶段'), [ 'stages', list('stages').length ], { key: `STAGE_${list('stages').length + 1}`, zh: t('新阶段'), en: 'New stage', steps: [] }) ] },
      { id: 'switches', label: t('规则设置'), count: Object.keys(data.switches ?? {}).length, body: () => Object.entries(data.switches ?? {}).map(([ name, one ]) => this.change(name, one)) },
      { id: 'numbers', label: t('编号'), body: () => [ this.line([ 'number_format' ], t('案件'), data.number_format), ...Object.entries(data.number_formats ?? {}).map(([ name, format ]) => this.line([ 'number_formats', name ], name, format)) ] },
      { id: 'head', label: t('基本信息'), body: () => Object.entries(HEAD).filter(([ name ]) => data[name] !== undefined).map(([ name, label ]) => this.line([ name ], t(label), data[name] === null ? '' : data[name])) },
    ];
  }

  clause(clause, path) {
    const carried = clause.carried_by ?? [];
    const at = (name) => [ ...path, name ];
    const body = [
      this.line(at('article'), t('条文'), clause.article), this.pick(at('modality'), t('性质'), clause.modality, this.modalities.map((value) => [ value, value ])),
      this.line(at('actor'), t('谁'), clause.actor), this.line(at('trigger'), t('什么时候'), clause.trigger ?? ''), this.line(at('reading'), t('我们的理解'), clause.reading, { long: true }),
      this.words(at('carried_by'), t('由什么落实'), carried), this.line(at('declaratory'), t('只是宣示的，写明理由'), clause.declaratory ?? ''),
    ];
    const card = this.card(`${clause.id} ${clause.article ?? ''}`, path, body, carried.length || clause.declaratory ? clause.reading : t('还没有写明由什么落实'));
    card.dataset.said = `${clause.id} ${clause.article} ${clause.reading} ${carried.join(' ')}`.toLowerCase();
    return card;
  }

  change(name, one) {
    const at = (part) => [ 'switches', name, part ];
    return this.card(`${one.zh ?? name}`, [ 'switches', name ], [
      this.pick(at('default'), t('取值'), one.default, Object.entries(one.values ?? {}).map(([ value, label ]) => [ value, `${label}（${value}）` ]), one.locked === true),
      this.line(at('why'), t('理由'), one.why, { long: true }), this.words(at('clauses'), t('条款'), one.clauses ?? []),
    ], one.locked ? t('文本规定，不得改动') : `${one.values?.[one.default] ?? one.default}`);
  }

  lists(data) {
    return [ { id: 'lists', label: t('选项表'), count: Object.keys(data).length, body: () => [ this.search(), ...Object.entries(data).map(([ name, options ]) => {
      const list = Array.isArray(options) ? options : [];
      const table = made('table', { className: 'grid tight' });
      table.append(head([ t('代码'), t('名称'), t('英文名称'), t('条款') ]));
      const body = table.appendChild(made('tbody'));
      list.forEach((option, place) => {
        const row = body.appendChild(made('tr'));
        for (const part of [ 'value', 'zh', 'en', 'clause' ]) row.appendChild(made('td')).append(this.input([ name, place, part ], `${name} ${place + 1} ${part}`, option?.[part] ?? ''));
      });
      const card = this.card(name, [ name ], [ table, this.more(t('添加选项'), [ name, list.length ], { value: `NEW_${list.length + 1}`, zh: t('新选项'), en: 'New option' }) ], t('{count} 项', { count: list.length }));
      card.dataset.said = `${name} ${list.map((option) => `${option?.value} ${option?.zh}`).join(' ')}`.toLowerCase();
      return card;
    }), ] } ];
  }

  // ---- parts

  search() {
    const field = made('input', { type: 'search', className: 'form-control', value: this.wanted, placeholder: t('查找') });
    field.setAttribute('aria-label', t('查找'));
    field.addEventListener('input', () => {
      this.wanted = field.value;
      for (const line of this.host.querySelectorAll('[data-said]')) line.hidden = !line.dataset.said.includes(this.wanted.toLowerCase());
    });
    return field;
  }

  card(title, path, parts, note = '') {
    const card = made('details', { className: 'outline-card' });
    const kept = JSON.stringify(path);
    card.open = this.opened?.has(kept) ?? false;
    card.addEventListener('toggle', () => { this.opened ??= new Set(); if (card.open) this.opened.add(kept); else this.opened.delete(kept); });
    const summary = card.appendChild(made('summary'));
    summary.append(made('strong', { textContent: title }), made('span', { className: 'muted', textContent: note }));
    const place = button(t('在文本中查看'), () => this.go(path), 'btn btn-quiet btn-sm2');
    card.append(...parts, place);
    if (this.editable && path.length > 1) card.append(button(t('删除'), () => this.act(path, undefined), 'btn btn-quiet btn-sm2'));
    return card;
  }

  line(path, label, value, { long = false } = {}) {
    const row = made('label', { className: 'outline-line' });
    row.append(made('span', { textContent: label }), this.input(path, label, value, long));
    return row;
  }

  input(path, label, value, long = false) {
    const field = made(long ? 'textarea' : 'input', { className: 'form-control', value: value ?? '', rows: 2, disabled: !this.editable });
    field.setAttribute('aria-label', label);
    field.dataset.path = path.join('.');
    field.addEventListener('change', () => {
      const said = typeof value === 'boolean' ? field.value === 'true' : typeof value === 'number' ? Number(field.value) : field.value;
      this.act(path, said === '' && ![ 'article', 'actor', 'reading', 'zh', 'en' ].includes(path.at(-1)) ? (path.length === 1 ? null : undefined) : said);
    });
    return field;
  }

  pick(path, label, value, choices, locked = false) {
    const row = made('label', { className: 'outline-line' });
    const field = made('select', { className: 'form-select', disabled: locked || !this.editable });
    const known = choices.some(([ one ]) => one === value) ? choices : [ [ value, value ], ...choices ];
    for (const [ one, said ] of known) field.append(made('option', { value: one, textContent: said, selected: one === value }));
    field.dataset.path = path.join('.');
    field.addEventListener('change', () => this.act(path, field.value));
    row.append(made('span', { textContent: label }), field);
    return row;
  }

  /** A list of names, each on its own. */
  words(path, label, values) {
    const box = made('div', { className: 'outline-line' });
    const list = made('ul', { className: 'outline-words' });
    values.forEach((value, place) => {
      const item = list.appendChild(made('li', { textContent: value }));
      if (!this.editable) return;
      const gone = button('×', () => this.act(path, values.filter((_, at) => at !== place)), '');
      gone.setAttribute('aria-label', t('去掉 {value}', { value }));
      item.append(gone);
    });
    const field = made('input', { className: 'form-control mono', placeholder: t('填写后回车添加'), disabled: !this.editable });
    field.setAttribute('aria-label', t('{label}：添加', { label }));
    field.dataset.path = path.join('.');
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing || !field.value.trim()) return;
      event.preventDefault();
      this.act(path, [ ...values, field.value.trim() ]);
    });
    box.append(made('span', { textContent: label }), list, field);
    return box;
  }

  more(label, path, value) {
    return button(label, () => { this.opened ??= new Set(); this.opened.add(JSON.stringify(path)); this.act(path, value); }, 'btn btn-line btn-sm2');
  }
}

function head(names) {
  const row = made('tr');
  for (const name of names) { const cell = made('th', { textContent: name }); cell.scope = 'col'; row.append(cell); }
  const top = made('thead');
  top.append(row);
  return top;
}
