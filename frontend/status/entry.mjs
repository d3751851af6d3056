// A published diagram with what stands at its steps now. Asks again by itself; only what changed is drawn anew.
import { Diagram, button, fetched, words } from '../viewer/diagram.mjs';

import './status.css';

const EVERY = 20000;
const SVG = 'http://www.w3.org/2000/svg';
const GROUNDS = new Set([ 'bpmn:Participant', 'bpmn:Lane', 'bpmn:SubProcess' ]);
const COOL = [ 243, 201, 139 ];
const HOT = [ 214, 110, 55 ];

class StatusDiagram extends Diagram {
  constructor(host, source, figures) {
    super(host, source);
    this.figures = figures;
    this.took = JSON.parse(document.getElementById('status-took')?.textContent ?? '{}');
    this.heatBy = document.querySelector('[data-heat]')?.value ?? 'open';
  }

  /** Before each drawing: its marks are the figures, not the way of one case. */
  mark() {
    this.drawn = new Map();
    this.layer = undefined;
    for (const pool of this.viewer.get('elementRegistry').filter(({ type }) => GROUNDS.has(type))) {
      this.viewer.get('canvas').addMarker(pool, 'wz-ground'); // its white would cover the heat
    }
    this.refresh();
    for (const element of this.viewer.get('elementRegistry').filter((shape) => this.calledBy(shape))) {
      this.viewer.get('canvas').addMarker(element, 'wz-opens');
    }
  }

  settle() {
    super.settle({ done: [ 'whole' ] });
  }

  here() {
    return this.figures.diagrams[this.path.at(-1)] ?? {};
  }

  /** How long the steps of the diagram take; measured once, when the page was made. */
  tookHere() {
    return this.took[this.path.at(-1)] ?? {};
  }

  told(figures) {
    this.figures = figures;
    this.refresh();
    if (this.chosen) this.pick(this.chosen);
  }

  /** Badges and rings that differ from what is shown; the drawing itself and its place stay. */
  refresh() {
    const registry = this.viewer.get('elementRegistry');
    const overlays = this.viewer.get('overlays');
    const canvas = this.viewer.get('canvas');
    const rows = this.here();
    for (const id of new Set([ ...this.drawn.keys(), ...Object.keys(rows) ])) {
      if (!registry.get(id)) continue;
      const row = rows[id];
      const sign = row?.badge ? JSON.stringify([ row.badge, row.late > 0, row.held > 0 ]) : '';
      const before = this.drawn.get(id);
      if (before?.sign === sign) continue;
      if (before?.overlay) overlays.remove(before.overlay);
      canvas.removeMarker(id, 'tok-now');
      canvas.removeMarker(id, 'tok-late');
      this.drawn.delete(id);
      if (!sign) continue;
      canvas.addMarker(id, row.late ? 'tok-late' : 'tok-now');
      const className = `wz-count${row.late ? ' is-late' : row.held ? ' is-held' : ''}`;
      const html = Object.assign(document.createElement('span'), { className, textContent: row.badge });
      this.drawn.set(id, { sign, overlay: overlays.add(id, 'figures', { position: { top: -12, left: 8 }, html }) });
    }
    this.heat();
  }

  /** Spots below every shape, so that no label is hidden. */
  heat() {
    const registry = this.viewer.get('elementRegistry');
    this.layer ??= this.viewer.get('canvas').getLayer('wz-heat', -10);
    const source = this.heatBy === 'median' ? this.tookHere() : this.here();
    const rows = this.heatBy ? Object.entries(source).filter(([ id, row ]) => row[this.heatBy] > 0 && registry.get(id)) : [];
    const most = Math.max(...rows.map(([ , row ]) => row[this.heatBy]), 0);
    this.layer.replaceChildren(...rows.map(([ id, row ]) => spot(registry.get(id), Math.sqrt(row[this.heatBy] / most))));
  }

  pick(element) {
    const canvas = this.viewer.get('canvas');
    if (this.chosen) canvas.removeMarker(this.chosen, 'wz-chosen');
    this.panel?.remove();
    this.chosen = undefined;
    const row = this.here()[element?.id];
    const name = element?.businessObject?.name;
    if (!row && !/Task$|^bpmn:CallActivity$/.test(element?.type ?? '')) return;
    this.chosen = element;
    canvas.addMarker(element, 'wz-chosen');
    this.panel = this.canvas.appendChild(Object.assign(document.createElement('section'), { className: 'wz-figures' }));
    this.panel.setAttribute('aria-label', this.words.picked);
    const head = this.panel.appendChild(document.createElement('header'));
    head.append(Object.assign(document.createElement('strong'), { textContent: name ?? element.id }));
    head.append(button('×', () => this.pick(undefined), this.words.close));
    const list = this.panel.appendChild(document.createElement('dl'));
    for (const { label, number, href } of row?.lines ?? []) {
      list.append(Object.assign(document.createElement('dt'), { textContent: label }));
      const value = list.appendChild(document.createElement('dd'));
      value.append(href ? Object.assign(document.createElement('a'), { href, textContent: number }) : `${number}`);
    }
    for (const text of row?.days ?? []) this.panel.append(Object.assign(document.createElement('p'), { textContent: text }));
    const took = this.tookHere()[element.id];
    if (took) this.panel.append(Object.assign(document.createElement('p'), { textContent: took.said }));
    if (!row?.badge) this.panel.append(Object.assign(document.createElement('p'), { textContent: this.words.nothing }));
    const called = this.calledBy(element);
    if (called) this.panel.append(button(this.words.enter.replace('{name}', name ?? called), () => this.enter(element)));
  }
}

function spot({ x, y, width, height }, warmth) {
  const colour = COOL.map((from, part) => Math.round(from + (HOT[part] - from) * warmth));
  const round = document.createElementNS(SVG, 'rect');
  const reach = 10 + 14 * warmth;
  const made = { x: x - reach, y: y - reach, width: width + 2 * reach, height: height + 2 * reach, rx: reach + 8, fill: `rgb(${colour})`, 'fill-opacity': 0.35 + 0.4 * warmth };
  for (const [ key, value ] of Object.entries(made)) round.setAttribute(key, value);
  round.setAttribute('class', 'wz-heat-spot');
  return round;
}

/** Asks while somebody looks; an unchanged answer (304) draws nothing. */
function watch(host, diagram) {
  let etag;
  const sums = document.getElementById('status-sums');
  const at = document.getElementById('status-at');
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(host.dataset.figures, { headers: { Accept: 'application/json', ...(etag ? { 'If-None-Match': etag } : {}) }, cache: 'no-store' });
      if (answer.status === 304) return;
      if (!answer.ok) throw new Error(`${answer.status}`);
      etag = answer.headers.get('ETag') ?? undefined;
      const figures = await answer.json();
      diagram.told(figures);
      if (sums) sums.textContent = sums.dataset.words.replace('{running}', figures.running).replace('{late}', figures.late);
      if (at?.dataset.words) at.textContent = at.dataset.words.replace('{at}', new Date().toLocaleTimeString(document.documentElement.lang));
      host.dataset.looked = `${Number(host.dataset.looked ?? 0) + 1}`;
    } catch (problem) {
      if (at?.dataset.failed) at.textContent = at.dataset.failed;
      console.error(problem);
    }
  };
  setInterval(look, Number(host.dataset.every ?? EVERY));
  document.addEventListener('visibilitychange', look);
  host.addEventListener('wenze:look', look);
}

async function mount(host) {
  try {
    const [ source, figures ] = await Promise.all([ fetched(host.dataset.drawings), fetched(host.dataset.figures) ]);
    const diagram = new StatusDiagram(host, source, figures);
    await diagram.show();
    document.querySelector('[data-heat]')?.addEventListener('change', ({ target }) => { diagram.heatBy = target.value; diagram.heat(); });
    host.wenzeDiagram = diagram.viewer;
    host.dataset.ready = 'true';
    watch(host, diagram);
  } catch (problem) {
    host.replaceChildren(Object.assign(document.createElement('p'), { className: 'note', textContent: words(host).failed }));
    console.error(problem);
  }
}

for (const host of document.querySelectorAll('.viewer[data-drawings]')) mount(host);
