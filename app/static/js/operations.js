// A step that is clicked in the diagram is chosen as the target, in the form that is open and offers it.
const host = document.getElementById('diagram');

function choose({ element }) {
  for (const form of document.querySelectorAll('details[open] form[data-picks-step]')) {
    const list = form.elements.to_step;
    if ([ ...list.options ].some((option) => option.value === element.id)) {
      list.value = element.id;
      return;
    }
  }
}

if (host) {
  new MutationObserver((_, watching) => {
    if (host.dataset.ready !== 'true') return;
    watching.disconnect();
    host.wenzeDiagram.on('element.click', choose);
  }).observe(host, { attributes: true, attributeFilter: [ 'data-ready' ] });
}
