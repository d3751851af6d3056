// The diagram editor: bpmn-js with the engine's extension elements, our panel, and the desk that keeps the file.
import Modeler from 'bpmn-js/lib/Modeler';
import colours from 'bpmn-js-color-picker';
import simulation from 'bpmn-js-token-simulation';
import minimap from 'diagram-js-minimap';

import spiff from '../spiff-moddle.json';
import { block, few, seat, unreadable } from '../studio/desk.mjs';
import { flush } from '../studio/entries.jsx';
import { COUNTED, PANEL } from '../studio/panel-words.mjs';
import { localise, t, translator } from '../studio/words.mjs';
import { objectOf, processOf } from './edits.mjs';
import { groupsOf } from './fields.mjs';
import ids from './ids.mjs';
import { Marks } from './marks.mjs';
import palette from './palette.mjs';
import panel from './panel.mjs';
import { DRAWN, WORDS } from './words.mjs';

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import 'bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css';
import 'bpmn-js-color-picker/colors/color-picker.css';
import '../studio/panel.css';
import './modeler.css';

const READABLE = 0.8;
const MARGIN = 60;
const PALETTE = 124;

/** Opens a diagram for editing in `container`; `warnings` are what bpmn-js could not read. */
async function open(container, xml) {
  const modeler = new Modeler({ container, moddleExtensions: { spiffworkflow: spiff } });
  const { warnings } = await modeler.importXML(xml);
  modeler.get('canvas').zoom('fit-viewport');
  return { modeler, warnings: warnings.map(({ message }) => message) };
}

/** The diagram as the modeler writes it. */
async function save(modeler) {
  const { xml } = await modeler.saveXML({ format: true });
  return xml;
}

const idIn = (drawn) => drawn.getAttribute('bpmnElement')?.split(':').at(-1);

class Drawing {
  constructor(host) {
    this.host = host;
    this.catalogue = { forms: [], roles: [], operations: [], decisions: [], processes: [], messages: [], errors: [], escalations: [], clauses: [], facts: {} };
    this.edited = new Set();
    const canvas = document.getElementById('desk-canvas');
    const font = getComputedStyle(host).getPropertyValue('--wz-font').trim() || 'sans-serif';
    this.modeler = new Modeler({
      container: canvas,
      moddleExtensions: { spiffworkflow: spiff },
      textRenderer: { defaultStyle: { fontFamily: font, fontSize: 13 }, externalStyle: { fontSize: 12 } },
      wenze: {
        panel: document.getElementById('desk-panel'),
        catalogue: () => this.catalogue,
        findings: (id) => this.marks?.of(id) ?? [],
        touch: (object) => this.touch(object),
      },
      additionalModules: [ panel, palette, ids, colours, minimap, simulation, { translate: [ 'value', translator(WORDS) ] } ],
    });
    localise(canvas, DRAWN);
    localise(document.getElementById('desk-panel'), PANEL, { patterns: COUNTED, except: 'textarea,option,code' });
    this.marks = new Marks(this.modeler.get('overlays'), this.modeler.get('elementRegistry'), { select: (id) => this.select(id) });
    this.modeler.on('elements.changed', ({ elements }) => elements.forEach(({ businessObject }) => this.touch(businessObject)));
    this.modeler.on('commandStack.changed', () => { if (!this.loading) this.desk.changed(); });
    this.modeler.on('selection.changed', ({ newSelection }) => this.name(newSelection[0]));
    for (const tool of document.querySelectorAll('[data-tool]')) tool.addEventListener('click', () => this.tools()[tool.dataset.tool]?.());
    host.wenzeDrawing = this;
  }

  async show(content, { first }) {
    if (first) await this.choices();
    const kept = first ? null : this.modeler.get('canvas').viewbox();
    this.loading = true;
    let warnings;
    try {
      ({ warnings } = await this.modeler.importXML(content));
    } catch (problem) {
      const why = problem.message === 'no diagram to display' ? t('文件里没有画出任何元素') : problem.message;
      throw new Error(t('流程图无法显示：{problem}', { problem: why }));
    } finally {
      this.loading = false;
    }
    const unread = unreadable(warnings);
    if (unread) this.modeler.clear();
    if (unread) throw new Error(unread);
    this.desk.note('unshown', 'bad', this.unshown(content, warnings));
    this.edited.clear();
    const canvas = this.modeler.get('canvas');
    if (kept) canvas.viewbox({ x: kept.x, y: kept.y, width: kept.width, height: kept.height });
    else this.settle();
    const wanted = new URLSearchParams(location.search).get('element');
    if (first && wanted) this.select(wanted);
    this.desk.findings.name = (id) => this.modeler.get('elementRegistry').get(id)?.businessObject.name || id;
  }

  /** What a save from here would leave out of the file: drawings that have no place on the canvas, references to nothing. */
  unshown(content, warnings) {
    const registry = this.modeler.get('elementRegistry');
    const file = new DOMParser().parseFromString(content, 'text/xml');
    const opened = this.modeler.get('canvas').getRootElements().map(({ id }) => id.replace(/_plane$/, ''));
    const planes = [ ...file.querySelectorAll('BPMNPlane') ].filter((one) => opened.includes(idIn(one)));
    const drawn = planes.flatMap((one) => [ ...one.querySelectorAll('BPMNShape, BPMNEdge') ]).map(idIn);
    const named = new Map([ ...file.querySelectorAll('[id]') ].map((one) => [ one.id, one.getAttribute('name') ]));
    const hidden = [ ...new Set(drawn) ].filter((id) => named.has(id) && !registry.get(id)).map((id) => named.get(id)?.trim() || id);
    const loose = [ ...new Set(warnings.filter(({ message }) => message.startsWith('unresolved reference')).map(({ value }) => value)) ];
    const told = [];
    if (hidden.length) told.push(t('这个文件有 {count} 个元素编辑器画不出来（{names}）：保存后它们留在文件里，但不再画在图上。', { count: hidden.length, names: few(hidden) }));
    if (loose.length) told.push(t('文件里引用了没有的内容（{names}），保存后这些引用不再保留。', { names: few(loose) }));
    return told.length ? told : null;
  }

  async choices() {
    this.catalogue = { ...this.catalogue, ...await this.desk.asked(this.host.dataset.catalogue) };
  }

  taken() {
    flush();
    if (this.modeler.get('directEditing').isActive()) this.modeler.get('directEditing').complete();
  }

  async read() {
    this.taken();
    return save(this.modeler);
  }

  touched() { return this.edited; }

  saved() { this.edited.clear(); }

  /** An element of the file that was edited on purpose: only such may lose an extension. */
  touch(object) {
    for (let at = object; at; at = at.$parent) {
      if (!at.id) continue;
      this.edited.add(at.id);
      for (const inner of [ at.loopCharacteristics, ...(at.eventDefinitions ?? []) ]) if (inner?.id) this.edited.add(inner.id);
      if (at.processRef?.id) this.edited.add(at.processRef.id);
      break;
    }
  }

  mark(findings) {
    this.marks.show(findings);
    this.modeler.get('wenzePanel').draw();
  }

  /** From the findings list: the shape in the middle, chosen. */
  select(id) {
    const registry = this.modeler.get('elementRegistry');
    const element = registry.get(id) ?? registry.find((one) => one.businessObject?.processRef?.id === id || processOf(one)?.id === id && !one.parent?.parent);
    if (!element) return;
    this.modeler.get('canvas').scrollToElement(element, 120);
    this.modeler.get('selection').select(element.parent ? element : null);
  }

  name(element) {
    const title = document.getElementById('desk-element');
    const shown = element ?? this.modeler.get('canvas').getRootElement();
    const object = objectOf(shown);
    title.querySelector('strong').textContent = object.name || processOf(shown)?.name || object.text || object.id;
    title.querySelector('.mono').textContent = element ? object.id : processOf(shown)?.id ?? '';
  }

  /** The groups of the panel for an element, as it would show them now. */
  fields(id) { return groupsOf(this.modeler.get('elementRegistry').get(id), this.modeler.get('wenzePanel').tools); }

  /** Small diagrams whole, wide ones from their beginning at a size that can be read; the bpmn.io mark keeps its corner. */
  settle() {
    const canvas = this.modeler.get('canvas');
    canvas.resized();
    canvas.zoom('fit-viewport', 'auto');
    const { inner, outer } = canvas.viewbox();
    const scale = Math.max(READABLE, Math.min(1, canvas.zoom() * 0.92));
    canvas.viewbox({ x: inner.x - PALETTE / scale, y: Math.min(inner.y - MARGIN, inner.y + inner.height / 2 - outer.height / scale / 2), width: outer.width / scale, height: outer.height / scale });
  }

  tools() {
    const canvas = this.modeler.get('canvas');
    const step = (by) => canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * by)));
    return {
      undo: () => this.modeler.get('commandStack').undo(),
      redo: () => this.modeler.get('commandStack').redo(),
      find: () => setTimeout(() => this.modeler.get('searchPad').open()), // once this click, which closes it, is over
      in: () => step(1.2),
      out: () => step(1 / 1.2),
      fit: () => canvas.zoom('fit-viewport', 'auto'),
      minimap: () => this.modeler.get('minimap').toggle(),
      simulate: () => this.modeler.get('toggleMode').toggleMode(),
      keys: () => document.getElementById('desk-keys').showModal(),
    };
  }
}

window.wenzeModeler = { open, save };
const host = document.querySelector('#desk[data-kind="DIAGRAM"]');
if (host) seat(host, new Drawing(host));
