// Marks on the shapes: a class for the ring, a word for whoever cannot tell the colours apart.
const badge = (text, className) => {
  const node = document.createElement('div');
  node.className = `wz-badge ${className}`;
  node.textContent = text;
  return node;
};

/** drawing: {done, current, late, held} as element ids; words: {current, late} in the page's language. */
export function paint(viewer, drawing, words) {
  const canvas = viewer.get('canvas');
  const overlays = viewer.get('overlays');
  const registry = viewer.get('elementRegistry');
  const mark = (ids, name) => ids.filter((id) => registry.get(id)).forEach((id) => canvas.addMarker(id, name));
  mark(drawing.done, 'wz-done');
  mark(drawing.current, 'wz-current');
  mark(drawing.late, 'wz-late');
  mark(drawing.held, 'wz-held');
  const late = new Set([...drawing.late, ...drawing.held]);
  for (const id of drawing.current.filter((step) => registry.get(step))) {
    const html = late.has(id) ? badge(words.late, 'late') : badge(words.current, 'current');
    overlays.add(id, 'wz', { position: { top: -24, left: 0 }, html });
  }
  for (const element of registry.filter((shape) => shape.businessObject?.calledElement)) {
    canvas.addMarker(element.id, 'wz-callable');
  }
}
