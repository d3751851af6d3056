// The editor of decision tables: dmn-js in the language of the page, on the desk that keeps the file.
import DmnModeler from 'dmn-js/lib/Modeler';

import { seat, unreadable } from '../studio/desk.mjs';
import { localise, t, translator } from '../studio/words.mjs';
import { DRAWN, WORDS } from './words.mjs';

import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';
import './dmn.css';

/** Rows cite their clause in entries of their own; the table shows and edits both as one annotation. */
const CITED = /^((?:[A-Z]{1,6}-[^\s，。；、]+(?:\s\([^)]*\))?[\s、,，]*)+)([^]*)$/;

const TYPED = 350;

class Table {
  constructor(host) {
    this.host = host;
    this.clauses = [];
    this.edited = new Set();
    const canvas = document.getElementById('desk-canvas');
    const module = { translate: [ 'value', translator(WORDS) ] };
    const view = { additionalModules: [ module ] };
    this.modeler = new DmnModeler({ container: canvas, common: view, drd: view, decisionTable: view, literalExpression: view, boxedExpression: view });
    localise(canvas, DRAWN, { except: 'textarea,[contenteditable],td.cell.input,td.cell.output,td.annotation,.djs-visual' });
    this.modeler.on('views.changed', () => this.listen());
    document.addEventListener('keydown', (event) => this.takeBack(event));
    host.wenzeTable = this;
  }

  async show(content, { first }) {
    if (first) this.clauses = (await this.desk.asked(this.host.dataset.catalogue)).clauses.map(({ id }) => id);
    this.loading = true;
    let warnings;
    try {
      ({ warnings } = await this.modeler.importXML(content));
      const view = this.modeler.getViews().find(({ type }) => type === 'decisionTable');
      if (view) await this.modeler.open(view);
    } catch (problem) {
      console.warn(problem);
      throw new Error(t('编辑器打不开这个决策表，文件没有改动。请按检查结果改正文件后重新导入。'));
    } finally {
      this.loading = false;
    }
    const unread = unreadable(warnings.filter(({ message }) => !message.includes('DMNStyle'))); // a colour, which no table shows
    if (unread) {
      this.modeler.detach();
      throw new Error(unread);
    }
    this.edited.clear();
    this.spell();
    this.listen();
    this.mark(this.found ?? []);
    const wanted = new URLSearchParams(location.search).get('element');
    if (first && wanted) this.select(wanted);
    this.desk.findings.name = (id) => this.rowName(id);
  }

  /** Undo and redo from a header too, or with nothing chosen: dmn-js hears them from its cells only. */
  takeBack(event) {
    if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.target.closest?.('input, textarea, select')) return;
    const act = { z: event.shiftKey ? 'redo' : 'undo', y: 'redo' }[event.key.toLowerCase()];
    const commands = act && this.modeler.getActiveViewer()?.get('commandStack');
    if (!commands) return;
    event.preventDefault();
    commands[act]();
  }

  listen() {
    const viewer = this.modeler.getActiveViewer();
    if (!viewer || viewer.wenzeHeard) return;
    viewer.wenzeHeard = true;
    viewer.on('commandStack.changed', () => { if (!this.loading) this.desk.changed(); });
    viewer.on('elements.changed', ({ elements }) => {
      for (const one of elements) this.touch(one.businessObject ?? one);
      setTimeout(() => this.mark(this.found ?? []));
    });
  }

  /** Rows and columns that somebody edited: only such may lose a clause, a type or a list of values. */
  touch(object) {
    for (const one of [ object, object?.inputExpression, /Rule$/.test(object?.$parent?.$type) && object.$parent ]) if (one?.id) this.edited.add(one.id);
  }

  touched() { return this.edited; }

  saved() { this.edited.clear(); }

  /** A row that another tool wrote without a description shows what its annotations say; it would be saved without them. */
  spell() {
    for (const rule of this.rules) {
      const said = (rule.get('annotationEntry') ?? []).map((entry) => entry.get('text') ?? '').join(' ').trim();
      if (said && !rule.get('description')) rule.set('description', said);
    }
  }

  async taken() { await new Promise((settled) => setTimeout(settled, TYPED)); } // dmn-js takes a cell over once somebody pauses

  async read() {
    await this.taken();
    this.cite();
    const { xml } = await this.modeler.saveXML({ format: true });
    return xml;
  }

  get rules() {
    const decision = this.modeler.getDefinitions()?.get('drgElement').find((one) => one.$type === 'dmn:Decision');
    return decision?.decisionLogic?.get('rule') ?? [];
  }

  /** The clause and the reading of each row, from the annotation that was typed. */
  cite() {
    for (const rule of this.rules) {
      const said = (rule.get('description') ?? '').trim();
      const entries = rule.get('annotationEntry') ?? [];
      const kept = entries.map((entry) => entry.get('text') ?? '').join(' ').trim();
      if (said === kept || !said && !entries.length) continue;
      const [ clauses, reading ] = this.cited(said);
      this.edited.add(rule.id);
      rule.set('annotationEntry', [ clauses, reading ].map((text) => {
        const made = rule.$model.create('dmn:RuleAnnotation', { text });
        made.$parent = rule;
        return made;
      }));
    }
  }

  cited(said) {
    const known = this.clauses.filter((id) => said.startsWith(id)).sort((a, b) => b.length - a.length)[0];
    if (known) {
      const rest = said.slice(known.length).trim();
      const [ more, reading ] = /^[A-Z]{1,6}-/.test(rest) ? this.cited(rest) : [ '', rest ];
      return [ `${known} ${more}`.trim(), reading ];
    }
    const [ , clauses, reading ] = CITED.exec(said) ?? [];
    return clauses ? [ clauses.trim(), reading.trim() ] : [ '', said ];
  }

  rowOf(id) {
    return this.rules.findIndex((rule) => rule.id === id || [ ...rule.get('inputEntry'), ...rule.get('outputEntry') ].some((entry) => entry.id === id));
  }

  rowName(id) {
    const row = this.rowOf(id);
    return row < 0 ? id : t('第 {row} 行', { row: row + 1 });
  }

  mark(findings) {
    this.found = findings;
    for (const cell of document.querySelectorAll('#desk-canvas .wz-wrong')) cell.classList.remove('wz-wrong');
    for (const { element, sentence } of findings) for (const cell of this.cells(element)) { cell.classList.add('wz-wrong'); cell.title = sentence; }
  }

  cells(id) {
    if (!id) return [];
    const cell = document.querySelector(`#desk-canvas [data-element-id="${CSS.escape(id)}"]`);
    if (cell) return [ cell ];
    const row = this.rowOf(id);
    return row < 0 ? [] : [ ...document.querySelectorAll(`#desk-canvas tbody tr:nth-child(${row + 1}) .rule-index`) ];
  }

  select(id) {
    const [ cell ] = this.cells(id);
    cell?.scrollIntoView({ block: 'center', inline: 'center' });
    cell?.click();
    cell?.querySelector('[contenteditable]')?.focus();
  }
}

const host = document.querySelector('#desk[data-kind="TABLE"]');
if (host) seat(host, new Table(host));
