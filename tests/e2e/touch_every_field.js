async (xml) => {
  // Every field of the panel, at one element of each kind: set, cleared, undone. The file must be as it was, to the byte.
  const drawing = document.querySelector('#desk').wenzeDrawing;
  await drawing.show(xml, { first: false });
  const before = await drawing.read();
  const stack = drawing.modeler.get('commandStack');
  const touched = {};
  const seen = new Set();
  const sample = (field) => {
    if (field.kind === 'check') return !field.get();
    if (field.kind === 'select') return field.options().map(({ value }) => value).find((value) => value !== field.get()) ?? '';
    if (field.kind === 'chips') return field.options()[0]?.value ?? '';
    return { deadline: 'P9D', new: '' }[field.id] ?? 'sample_value';
  };
  const touch = (group, id) => { touched[`${group}/${id}`] = (touched[`${group}/${id}`] ?? 0) + 1; };
  const elements = drawing.modeler.get('elementRegistry').filter((one) => one.type !== 'label');
  for (const { id, type, businessObject } of elements) {
    const kind = [ type, ...(businessObject.eventDefinitions ?? []).map(({ $type }) => $type), businessObject.loopCharacteristics?.$type, businessObject.conditionExpression && 'condition' ].join();
    if (seen.has(kind)) continue;
    seen.add(kind);
    for (const group of drawing.fields(id)) {
      for (const { id: name } of group.fields ?? []) {
        const again = () => drawing.fields(id).find((one) => one.id === group.id)?.fields.find((one) => one.id === name);
        const field = again();
        // bpmn-js itself notes that a name has been drawn, and keeps the note when the change is undone
        if (name === 'name' || name === 'text' && /Annotation/.test(type)) continue;
        if (!field?.set || field.disabled || [ 'told', 'names' ].includes(field.kind) || field.id === 'id') continue;
        field.set(sample(field));
        again()?.set(field.kind === 'check' ? !again().get() : '');
        touch(group.id, name);
        while (stack.canUndo()) stack.undo();
      }
      if (group.add) { group.add(); touch(group.id, 'add'); }
      for (const item of (group.items ?? []).slice(0, 1)) {
        for (const field of item.fields) { field.set(field.kind === 'select' ? 'list' : 'renamed'); touch(group.id, field.id); }
        if (item.remove) { drawing.fields(id).find((one) => one.id === group.id).items[0].remove(); touch(group.id, 'remove'); }
      }
    }
  }
  const changed = await drawing.read();
  while (stack.canUndo()) stack.undo();
  const after = await drawing.read();
  await drawing.show(changed, { first: false });
  const stable = changed === await drawing.read();
  const [ a, b ] = [ before.split('\n'), after.split('\n') ];
  return { restored: before === after, stable, touched, difference: [ a.filter((line) => !b.includes(line)).slice(0, 4), b.filter((line) => !a.includes(line)).slice(0, 4) ] };
}
