// The read-only diagram of a case or meeting: what is done, where it stands, what is late; called diagrams on double click.
import { Diagram, fetched, words } from './diagram.mjs';

async function mount(host) {
  try {
    const inline = document.getElementById(`${host.id}-data`);
    const diagram = new Diagram(host, inline ? JSON.parse(inline.textContent) : await fetched(host.dataset.source));
    await diagram.show();
    host.wenzeDiagram = diagram.viewer;
    host.dataset.ready = 'true';
  } catch (problem) {
    host.replaceChildren(Object.assign(document.createElement('p'), { className: 'note', textContent: words(host).failed }));
    console.error(problem);
  }
}

for (const host of document.querySelectorAll('.viewer[data-source], .viewer[data-inline]')) mount(host);
