// The read-only diagram: what is marked in it, where it starts, called diagrams on double click.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import spiff from '../spiff-moddle.json';

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './viewer.css';

const READABLE = 0.8;
const PADDING = 40;
const LOGO = 24;
const PAPER = 660; // pixels between the margins of an upright A4 page
const PAPER_HIGH = 900;

const CHINESE = {
  current: '当前环节',
  next: '下一步',
  late: '超期',
  held: '受阻',
  whole: '查看全图',
  back: '返回当前环节',
  path: '流程图位置',
  failed: '流程图未能显示，请刷新页面。',
  enter: '打开“{name}”',
  law: '依据',
  lawless: '本环节没有登记条款',
  close: '关闭',
  picked: '所选环节',
  nothing: '现在没有停在这里的件',
};
const ENGLISH = {
  current: 'Current step',
  next: 'May be next',
  late: 'Overdue',
  held: 'Held',
  whole: 'Whole diagram',
  back: 'Back to the current step',
  path: 'Place in the process',
  failed: 'The diagram could not be shown; reload the page.',
  enter: 'Open “{name}”',
  law: 'Legal basis',
  lawless: 'No clause is registered for this step',
  close: 'Close',
  picked: 'Chosen step',
  nothing: 'Nothing stands here now',
};

/** Words in the language of the page; `data-*-label` on the host replaces single ones. */
export const words = (host) => {
  const known = document.documentElement.lang === 'en' ? ENGLISH : CHINESE;
  return Object.fromEntries(Object.entries(known).map(([ name, word ]) => [ name, host.dataset[`${name}Label`] ?? word ]));
};

export class Diagram {
  constructor(host, source) {
    this.host = host;
    this.words = words(host);
    this.source = source;
    this.path = source.path?.length ? [ ...source.path ] : [ source.main ]; // a called diagram may be shown first
    this.bar = host.appendChild(Object.assign(document.createElement('nav'), { className: 'wz-path' }));
    this.bar.setAttribute('aria-label', this.words.path);
    this.canvas = host.appendChild(Object.assign(document.createElement('div'), { className: 'wz-canvas' }));
    const font = getComputedStyle(host).getPropertyValue('--wz-font').trim() || 'sans-serif';
    this.viewer = new NavigatedViewer({
      container: this.canvas,
      moddleExtensions: { spiffworkflow: spiff },
      textRenderer: { defaultStyle: { fontFamily: font, fontSize: 13 }, externalStyle: { fontSize: 12 } },
    });
    // bpmn-js moves the picture with the wheel; inside of a page only with Ctrl, so that the page can be scrolled over it
    addEventListener('beforeprint', () => this.host.dataset.shown && this.onPaper());
    this.viewer.on('element.dblclick', 1500, ({ element }) => this.enter(element));
    this.viewer.on('element.click', ({ element }) => this.pick(element));
    this.canvas.addEventListener('wheel', (event) => { if (!event.ctrlKey && !('full' in host.dataset)) event.stopPropagation(); }, { capture: true });
  }

  /** On paper the whole drawing, as wide as the page; on the screen afterwards what was seen before. */
  onPaper() {
    const canvas = this.viewer.get('canvas');
    const seen = canvas.viewbox();
    const [ x, y ] = [ seen.inner.x - PADDING, seen.inner.y - PADDING ];
    const [ width, height ] = [ seen.inner.width + 2 * PADDING, seen.inner.height + 2 * PADDING ];
    const high = this.bar.offsetHeight + PAPER * height / width;
    Object.assign(this.host.style, { width: `${PAPER}px`, height: `${Math.min(PAPER_HIGH, high)}px` });
    canvas.resized();
    canvas.viewbox({ x, y, width, height });
    addEventListener('afterprint', () => {
      Object.assign(this.host.style, { width: '', height: '' });
      canvas.resized();
      canvas.viewbox(seen);
    }, { once: true });
  }

  async show() {
    const key = this.path.at(-1);
    const drawing = this.source.diagrams[key];
    await this.viewer.importXML(drawing.xml);
    this.mark(drawing);
    this.settle(drawing);
    this.crumbs();
    this.law?.remove();
    this.chosen = undefined;
    const wanted = this.host.dataset.chosen;
    if (wanted && key === this.source.main) this.find(wanted);
    this.host.dataset.shown = key;
  }

  /** A step that the address names: in the middle, marked, its clauses beside it. */
  find(id) {
    const element = this.viewer.get('elementRegistry').get(id);
    if (!element) return;
    const { width, height } = this.viewer.get('canvas').getSize();
    this.centre(element, Math.max(READABLE, this.viewer.get('canvas').zoom()), width, height);
    this.pick(element);
  }

  /** The clauses behind a step. Drawings without clauses (`clauses` absent) have no panel. */
  pick(element) {
    const drawing = this.source.diagrams[this.path.at(-1)];
    const canvas = this.viewer.get('canvas');
    if (this.chosen) canvas.removeMarker(this.chosen, 'wz-chosen');
    this.law?.remove();
    const clauses = drawing.clauses?.[element.id] ?? [];
    const node = element.businessObject;
    this.chosen = undefined;
    if (!drawing.clauses || !(clauses.length || /Task$|^bpmn:CallActivity$/.test(element.type))) return;
    this.chosen = element;
    canvas.addMarker(element, 'wz-chosen');
    this.law = this.canvas.appendChild(Object.assign(document.createElement('section'), { className: 'wz-law' }));
    this.law.setAttribute('aria-label', this.words.picked);
    const head = this.law.appendChild(document.createElement('header'));
    head.append(Object.assign(document.createElement('strong'), { textContent: node.name ?? element.id }));
    head.append(button('×', () => this.pick({ id: '', type: '', businessObject: {} }), this.words.close));
    if (!clauses.length) this.law.append(Object.assign(document.createElement('p'), { textContent: this.words.lawless }));
    for (const { article, reading, href } of clauses) {
      const line = this.law.appendChild(document.createElement('p'));
      line.append(Object.assign(document.createElement('a'), { className: 'clause', href, textContent: article }), ` ${reading}`);
    }
  }

  /** Green ring, accent ring, red ring; words beside colours wherever somebody has to act. */
  mark({ done = [], next = [], current = [], late = [], held = [], way = [], counts = {}, beside = {} }) {
    const canvas = this.viewer.get('canvas');
    const registry = this.viewer.get('elementRegistry');
    const present = (ids) => ids.filter((id) => registry.get(id));
    for (const id of present(way)) canvas.addMarker(id, 'tok-way'); // sequence flows that were taken
    for (const id of present(done)) canvas.addMarker(id, 'tok-done');
    for (const id of present(next)) canvas.addMarker(id, 'tok-next');
    for (const id of present(current)) canvas.addMarker(id, 'tok-now');
    for (const id of present(late)) canvas.addMarker(id, 'tok-late');
    for (const id of present(held)) canvas.addMarker(id, 'tok-held');
    const speaking = new Map();
    for (const id of present(next)) speaking.set(id, { text: this.words.next, className: 'wz-badge wz-badge-next' });
    for (const id of present(current)) speaking.set(id, { text: this.words.current, className: 'wz-badge' });
    for (const id of present(late)) speaking.set(id, { text: `${this.words.late}${counts[id] ? ` ${counts[id]}` : ''}`, className: 'wz-badge wz-badge-late' });
    for (const id of present(held)) speaking.set(id, { text: this.words.held, className: 'wz-badge wz-badge-held' });
    for (const [ id, { text, className } ] of speaking) {
      const html = Object.assign(document.createElement('span'), { className, textContent: text });
      this.viewer.get('overlays').add(id, 'state', { position: { top: -26, left: -2 }, html });
    }
    for (const id of present(Object.keys(beside))) { // 加签, 委派, 催办, 督办: a box below the step, which is not in the drawing
      const html = Object.assign(document.createElement('ul'), { className: 'wz-beside' });
      for (const text of beside[id]) html.append(Object.assign(document.createElement('li'), { textContent: text }));
      this.viewer.get('overlays').add(id, 'beside', { position: { bottom: -4, left: 8 }, html });
    }
    for (const element of registry.filter((shape) => this.calledBy(shape))) canvas.addMarker(element, 'wz-opens');
  }

  /** Start where the case stands, at a size that can be read; small diagrams and closed cases are shown whole. */
  settle({ current = [], late = [], held = [], done = [] }) {
    const canvas = this.viewer.get('canvas');
    const registry = this.viewer.get('elementRegistry');
    canvas.resized();
    canvas.zoom('fit-viewport', 'auto');
    const fitting = canvas.zoom();
    const target = [ ...late, ...current, ...held ].map((id) => registry.get(id)).find(Boolean);
    const { width, height } = canvas.getSize();
    if (!target && done.length) { // closed: where it went is told by the whole
      this.centre(canvas.viewbox().inner, Math.min(1, fitting * 0.94), width, height);
      return;
    }
    if (fitting >= READABLE || !target) {
      const scale = Math.min(1, Math.max(fitting * 0.94, target ? 0 : READABLE));
      const { inner } = canvas.viewbox();
      if (fitting >= READABLE) this.centre(inner, scale, width, height);
      else canvas.viewbox({ x: inner.x - PADDING, y: inner.y - PADDING, width: width / scale, height: height / scale });
      return;
    }
    this.centre(target, Math.max(READABLE, fitting), width, height);
  }

  centre(box, scale, width, height) {
    const free = height - LOGO; // the bpmn.io mark keeps its corner
    this.viewer.get('canvas').viewbox({
      x: box.x + box.width / 2 - width / scale / 2,
      y: box.y + box.height / 2 - free / scale / 2,
      width: width / scale,
      height: height / scale,
    });
  }

  calledBy(element) {
    const key = element.businessObject?.calledElement;
    return key && this.source.diagrams[key] ? key : null;
  }

  enter(element) {
    const key = this.calledBy(element);
    if (!key) return undefined;
    this.path.push(key);
    this.show();
    return false; // nothing else happens on this double click
  }

  crumbs() {
    const title = (key) => nameIn(this.source.diagrams[key].xml) ?? key;
    const list = document.createElement('ol');
    this.path.forEach((key, position) => {
      const item = list.appendChild(document.createElement('li'));
      if (position === this.path.length - 1) {
        item.appendChild(Object.assign(document.createElement('span'), { textContent: title(key) })).setAttribute('aria-current', 'location');
      } else {
        item.appendChild(button(title(key), () => { this.path.length = position + 1; this.show(); }));
      }
    });
    const inner = this.viewer.get('elementRegistry').filter((element) => this.calledBy(element));
    const tools = Object.assign(document.createElement('span'), { className: 'wz-tools' });
    for (const element of inner) {
      const name = element.businessObject.name ?? element.id;
      tools.appendChild(button(name, () => this.enter(element), this.words.enter.replace('{name}', name)));
    }
    tools.appendChild(button(this.words.whole, () => this.viewer.get('canvas').zoom('fit-viewport', 'auto')));
    const drawing = this.source.diagrams[this.path.at(-1)];
    if (drawing.current?.length) tools.appendChild(button(this.words.back, () => this.settle(drawing)));
    this.bar.replaceChildren(list, tools);
  }
}

export const button = (text, act, said = text) => {
  const made = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
  if (said !== text) made.setAttribute('aria-label', said);
  made.addEventListener('click', act);
  return made;
};

/** The name of the process that a file draws. */
function nameIn(xml) {
  const parsed = new DOMParser().parseFromString(xml, 'application/xml');
  const process = [ ...parsed.getElementsByTagNameNS('*', 'process') ].find((element) => element.getAttribute('isExecutable') !== 'false');
  return process?.getAttribute('name');
}

export async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}
