// Two versions of a diagram side by side: what came, went, changed and moved is marked in both, and they move together.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import spiff from '../spiff-moddle.json';

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './compare.css';

const READABLE = 0.8;
const LEGIBLE = 0.6;

const button = (text, run) => {
  const made = Object.assign(document.createElement('button'), { type: 'button', className: 'btn btn-line btn-sm2', textContent: text });
  made.addEventListener('click', run);
  return made;
};

class Half {
  constructor(host, name) {
    this.canvas = host.querySelector(`[data-half="${name}"]`);
    this.name = name;
    const font = getComputedStyle(host).getPropertyValue('--wz-font').trim() || 'sans-serif';
    this.viewer = new NavigatedViewer({
      container: this.canvas,
      moddleExtensions: { spiffworkflow: spiff },
      textRenderer: { defaultStyle: { fontFamily: font, fontSize: 13 }, externalStyle: { fontSize: 12 } },
    });
    this.canvas.addEventListener('wheel', (event) => { if (!event.ctrlKey) event.stopPropagation(); }, { capture: true });
  }

  async show(xml, marks, words) {
    await this.viewer.importXML(xml);
    const canvas = this.viewer.get('canvas');
    const registry = this.viewer.get('elementRegistry');
    for (const [ id, mark ] of Object.entries(marks)) {
      const element = registry.get(id);
      if (!element) continue;
      canvas.addMarker(id, `cmp-${mark}`);
      if (element.waypoints || /Participant$|Lane$/.test(element.type)) continue;
      const html = Object.assign(document.createElement('span'), { className: `cmp-word cmp-word-${mark}`, textContent: words[mark] });
      this.viewer.get('overlays').add(id, 'compare', { position: { top: -12, left: -4 }, html });
    }
    canvas.zoom('fit-viewport', 'auto');
  }

  /** The element in the middle; false where this version has none. */
  find(id) {
    const element = this.viewer.get('elementRegistry').get(id);
    const canvas = this.viewer.get('canvas');
    if (this.chosen) canvas.removeMarker(this.chosen, 'cmp-chosen');
    this.chosen = element;
    if (!element) return false;
    canvas.addMarker(element, 'cmp-chosen');
    const points = element.waypoints;
    const x = points ? (points[0].x + points.at(-1).x) / 2 : element.x + element.width / 2;
    const y = points ? (points[0].y + points.at(-1).y) / 2 : element.y + element.height / 2;
    const scale = Math.max(READABLE, canvas.zoom());
    const { width, height } = canvas.getSize();
    canvas.viewbox({ x: x - width / 2 / scale, y: y - height / 2 / scale, width: width / scale, height: height / scale });
    return true;
  }
}

/** What one shows the other shows too; whoever was moved last leads. */
const together = (halves) => {
  let leading = false;
  for (const half of halves) {
    half.viewer.on('canvas.viewbox.changed', ({ viewbox }) => {
      if (leading) return;
      leading = true;
      for (const other of halves.filter((one) => one !== half)) {
        const { outer: { width, height } } = other.viewer.get('canvas').viewbox();
        const { x, y, scale } = viewbox;
        other.viewer.get('canvas').viewbox({ x, y, width: width / scale, height: height / scale });
      }
      leading = false;
    });
  }
};

const start = async (host) => {
  const answer = await fetch(host.dataset.source, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(answer.statusText);
  const { old, new: now, marks } = await answer.json();
  const words = { added: host.dataset.added, removed: host.dataset.removed, changed: host.dataset.changed, moved: host.dataset.moved };
  const halves = [];
  for (const [ name, xml ] of [ [ 'old', old ], [ 'new', now ] ]) {
    if (!xml) continue;
    const half = new Half(host, name);
    await half.show(xml, marks, words);
    halves.push(half);
  }
  together(halves);
  const find = (id) => { const found = halves.filter((half) => half.viewer.get('elementRegistry').get(id)); found.at(-1)?.find(id); for (const half of halves) if (half !== found.at(-1)) half.find(id); };
  const tools = host.querySelector('[data-tools]');
  tools?.append(button(host.dataset.whole, () => halves.forEach((half) => half.viewer.get('canvas').zoom('fit-viewport', 'auto'))));
  for (const line of document.querySelectorAll('button[data-element]')) {
    line.disabled = !halves.some((half) => half.viewer.get('elementRegistry').get(line.dataset.element));
    line.addEventListener('click', () => { find(line.dataset.element); host.scrollIntoView({ block: 'nearest' }); });
  }
  // a large drawing begins at its first change, in a size that can be read
  const first = document.querySelector('button[data-element]:not(:disabled)');
  if (first && halves.length && halves[0].viewer.get('canvas').zoom() < LEGIBLE) find(first.dataset.element);
  host.dataset.shown = 'yes';
  window.wenzeCompare = { halves, find };
};

for (const host of document.querySelectorAll('.compare-view')) {
  start(host).catch(() => { host.querySelector('[data-failed]').hidden = false; });
}
