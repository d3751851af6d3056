// The form editor: form-js-editor with the product's field types and our panel, beside the form as staff will see it.
import { FormEditor } from '@bpmn-io/form-js-editor';

import { seat } from '../studio/desk.mjs';
import { flush } from '../studio/entries.jsx';
import { COUNTED, PANEL } from '../studio/panel-words.mjs';
import { english, localise, t } from '../studio/words.mjs';
import { OfficeFields } from './components.jsx';
import { noPanel, panelBeside } from './panel.jsx';
import { DRAWN, PATTERNS } from './words.mjs';

// the editor's own, older copy of form-js draws the sheet: its styles, not those of the form bundle
import '../node_modules/@bpmn-io/form-js-editor/node_modules/@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import '../studio/panel.css';
import './formeditor.css';

class Sheet {
  constructor(host) {
    this.host = host;
    this.catalogue = { options: [], facts: {} };
    this.found = [];
    this.edited = new Set();
    const asked = { catalogue: () => this.catalogue, findings: (id) => this.found.filter(({ element }) => element === id), keys: () => this.keys() };
    this.editor = new FormEditor({
      container: document.getElementById('desk-canvas'),
      palette: { parent: document.getElementById('desk-palette') },
      propertiesPanel: { parent: document.createElement('div') }, // or it makes room for its own on the sheet
      additionalModules: [ noPanel, { __init__: [ 'officeFields' ], officeFields: [ 'type', OfficeFields ] } ],
    });
    localise(document.getElementById('desk-panel'), PANEL, { patterns: COUNTED, except: 'textarea,option,code' });
    this.drawPanel = panelBeside(document.getElementById('desk-panel'), this.editor, asked);
    for (const id of [ 'desk-canvas', 'desk-palette' ]) localise(document.getElementById(id), DRAWN, { patterns: PATTERNS, except: 'textarea,[contenteditable],.wz-sketch,.fjs-form-field-text,.fjs-form-field-grouplike>label' });
    this.editor.on('commandStack.changed', () => { if (!this.loading) this.desk.changed(); });
    for (const told of [ 'executed', 'reverted' ]) this.editor.on(`commandStack.${told}`, ({ context }) => this.touch(context));
    this.editor.on('commandStack.formField.add.postExecuted', 500, ({ context }) => { setTimeout(() => this.editor.get('selection').set(context.formField)); });
    this.frame = document.getElementById('desk-preview');
    this.language = english ? 'en' : 'zh';
    for (const choice of document.querySelectorAll('[data-language]')) {
      choice.addEventListener('click', () => { this.language = choice.dataset.language; this.preview(); });
    }
    host.addEventListener('wenze:saved', () => this.preview());
    host.wenzeSheet = this;
  }

  async show(content, { first }) {
    if (first) this.catalogue = { ...this.catalogue, ...await this.desk.asked(this.host.dataset.catalogue) };
    this.loading = true;
    try {
      const schema = JSON.parse(content);
      this.orders = ordersIn(schema);
      this.editor.get('selection').clear();
      this.editor.get('officeFields').welcome(schema);
      await this.editor.importSchema({ ...schema, type: 'default' });
    } catch (problem) {
      console.warn(problem);
      throw new Error(t('编辑器打不开这个表单，文件没有改动。请按检查结果改正文件后重新导入。'));
    } finally {
      this.loading = false;
    }
    this.edited.clear();
    this.preview();
    this.desk.findings.name = (id) => this.component(id)?.label || id;
    const wanted = new URLSearchParams(location.search).get('element');
    if (first && wanted) this.select(wanted);
  }

  taken() { flush(); }

  async read() {
    this.taken();
    return `${JSON.stringify(inOrder(this.editor.saveSchema(), this.orders), null, 2)}\n`;
  }

  /** Fields that somebody edited: only such may lose what is kept in them. */
  touch({ formField }) { if (formField?.id) this.edited.add(formField.id); }

  touched() { return this.edited; }

  saved() { this.edited.clear(); }

  component(id) { return this.editor.get('formFieldRegistry').get(id); }

  keys() { return this.editor.get('formFieldRegistry').getAll().map(({ key }) => key).filter(Boolean); }

  mark(findings) {
    this.found = findings;
    const wrong = new Set(findings.map(({ element }) => element));
    for (const element of document.querySelectorAll('#desk-canvas [data-id]')) element.classList.toggle('wz-wrong', wrong.has(element.dataset.id));
    this.drawPanel();
  }

  select(id) {
    const field = this.component(id);
    if (!field) return;
    this.editor.get('selection').set(field);
    document.querySelector(`#desk-canvas [data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'center' });
  }

  /** The form that staff will see, as it was last saved. */
  preview() {
    for (const choice of document.querySelectorAll('[data-language]')) choice.setAttribute('aria-pressed', String(choice.dataset.language === this.language));
    this.frame.src = `${this.host.dataset.preview}?language=${this.language}&revision=${this.desk?.base ?? 0}`;
  }
}

const USUAL = [ 'type', 'id', 'key', 'label', 'text', 'description' ];

/** The keys of every component in the order that the file had them, so that a save changes only what was edited. */
function inOrder(part, orders) {
  const order = orders[part.id] ?? USUAL;
  const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
  const sorted = Object.entries(part).sort(([ a ], [ b ]) => rank(a) - rank(b));
  return Object.fromEntries(sorted.map(([ name, value ]) => [ name, name === 'components' ? value.map((one) => inOrder(one, orders)) : value ]));
}

const ordersIn = (part) => Object.assign({ [part.id]: Object.keys(part) }, ...(part.components ?? []).map(ordersIn));

const host = document.querySelector('#desk[data-kind="FORM"]');
if (host) seat(host, new Sheet(host));
