// The read-only diagram: done, current and late steps marked on the released drawing, called diagrams by double click.
// <div class="viewer" id="diagram" data-source data-current-label data-late-label [data-full]>
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './viewer.css';

import Viewer from 'bpmn-js/lib/NavigatedViewer';

import spiff from '../spiff-moddle.json';
import { paint } from './marks.mjs';
import { trail } from './trail.mjs';

const READABLE = 0.8;
const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",sans-serif';

const make = (container) =>
  new Viewer({
    container,
    textRenderer: { defaultStyle: { fontFamily: FONT, fontSize: 12 }, externalStyle: { fontSize: 11 } },
    moddleExtensions: { spiffworkflow: spiff },
  });

/** Show the part that matters: the first current step in the middle at a size that can be read, else the whole. */
function look(viewer, drawing, whole) {
  const canvas = viewer.get('canvas');
  canvas.resized();
  canvas.zoom('fit-viewport', 'auto');
  const step = [...drawing.current, ...drawing.done].map((id) => viewer.get('elementRegistry').get(id)).find(Boolean);
  if (whole || !step || canvas.zoom() >= READABLE) return;
  canvas.zoom(READABLE, { x: step.x + step.width / 2, y: step.y + step.height / 2 });
  canvas.scrollToElement(step, { top: 90, right: 260, bottom: 90, left: 260 });
}

async function mount(host) {
  const answer = await fetch(host.dataset.source, { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
  if (!answer.ok) throw new Error(String(answer.status));
  const { main, diagrams } = await answer.json();
  const sheet = document.createElement('div');
  sheet.className = 'viewer-sheet';
  const crumbs = trail(host, (key) => show(key));
  host.append(sheet);
  const viewer = make(sheet);
  const path = [];

  async function show(key) {
    const known = path.findIndex((step) => step.key === key);
    if (known >= 0) path.length = known;
    const drawing = diagrams[key];
    await viewer.importXML(drawing.xml);
    const root = viewer.get('canvas').getRootElement().businessObject;
    path.push({ key, name: (root.participants?.[0] ?? root).name || key });
    crumbs(path);
    paint(viewer, drawing, { current: host.dataset.currentLabel, late: host.dataset.lateLabel });
    look(viewer, drawing, 'full' in host.dataset);
  }

  viewer.on('element.dblclick', 1500, ({ element }) => {
    const called = element.businessObject.calledElement;
    if (!called || !(called in diagrams)) return undefined;
    show(called);
    return false;
  });
  await show(main);
  host.dataset.ready = 'true';
  return viewer;
}

for (const host of document.querySelectorAll('#diagram[data-source]')) {
  mount(host).catch((error) => {
    host.dataset.failed = String(error.message || error);
    host.classList.add('viewer-failed');
  });
}
