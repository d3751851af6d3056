// Reading and writing what our panel shows. Every edit is one entry of the command stack, so that undo restores the file.
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';

/** Steps carry their properties in this order, as the shipped diagrams do. */
const ORDER = [
  'formKey', 'candidateRole', 'candidateOrgan', 'candidatePerson', 'deadline', 'deadlineFrom', 'deadlineKind', 'deadlineExtension',
  'deadlineSharedWith', 'dayCount', 'clauses', 'excludes', 'source', 'legalEffect', 'letter',
];

export const objectOf = (element) => getBusinessObject(element);
export const extensionOf = (object, type) => object?.get('extensionElements')?.get('values').find((one) => is(one, type));
export const bodyOf = (object, type) => extensionOf(object, type)?.get('value') ?? '';
export const propertyOf = (object, name) =>
  extensionOf(object, 'spiffworkflow:Properties')?.get('values').find((one) => one.get('name') === name)?.get('value') ?? '';

/** The process that an element belongs to; for the canvas of a collaboration the one that it shows. */
export function processOf(element) {
  const object = objectOf(element);
  if (is(object, 'bpmn:Process')) return object;
  if (is(object, 'bpmn:Participant')) return object.get('processRef');
  if (is(object, 'bpmn:Collaboration')) return object.get('participants').map((one) => one.get('processRef')).find(Boolean);
  let at = object;
  while (at && !is(at, 'bpmn:Process')) at = at.$parent;
  return at;
}

export function definitionsOf(element) {
  let at = objectOf(element);
  while (at && !is(at, 'bpmn:Definitions')) at = at.$parent;
  return at;
}

/** Names and types of the variables that a process declares. */
export const variablesOf = (process) =>
  (extensionOf(process, 'spiffworkflow:Properties')?.get('values') ?? [])
    .filter((one) => one.get('name')?.startsWith('variable.'))
    .map((one) => ({ name: one.get('name').slice('variable.'.length), type: one.get('value'), moddle: one }));

/** The event definition of an element, where it has one of the type. */
export const eventOf = (element, type) => objectOf(element).get?.('eventDefinitions')?.find((one) => is(one, type));

/** Where a message is said: the event's definition, or the task itself. */
export const messenger = (element) =>
  eventOf(element, 'bpmn:MessageEventDefinition') ?? (isAny(element, [ 'bpmn:ReceiveTask', 'bpmn:SendTask' ]) ? objectOf(element) : null);

export class Edit {
  constructor(tools, element) {
    this.tools = tools;
    this.element = element;
    this.commands = [];
    this.grown = new Map();
  }

  set(moddleElement, properties) {
    this.tools.touch(moddleElement);
    this.commands.push({ cmd: 'element.updateModdleProperties', context: { element: this.element, moddleElement, properties } });
    return this;
  }

  make(type, parent, properties = {}) {
    const made = this.tools.bpmnFactory.create(type, properties);
    made.$parent = parent;
    for (const value of Object.values(properties)) {
      for (const inner of [ value ].flat()) if (inner?.$type && !inner.$parent) inner.$parent = made;
    }
    return made;
  }

  /** The list `name` of an object with one more; several in one edit follow each other. */
  add(object, name, made, place = null) {
    const key = `${name}`;
    const kept = this.grown.get(object)?.[key] ?? object.get(name) ?? [];
    const list = place === null ? [ ...kept, made ] : [ ...kept.slice(0, place), made, ...kept.slice(place) ];
    this.grown.set(object, { ...this.grown.get(object), [key]: list });
    return this.set(object, { [name]: list });
  }

  drop(object, name, gone) {
    const list = (this.grown.get(object)?.[name] ?? object.get(name)).filter((one) => one !== gone);
    this.grown.set(object, { ...this.grown.get(object), [name]: list });
    return this.set(object, { [name]: list });
  }

  extensions(object) {
    const found = object.get('extensionElements') ?? this.grown.get(object)?.extensionElements;
    if (found) return found;
    const made = this.make('bpmn:ExtensionElements', object, { values: [] });
    this.grown.set(object, { ...this.grown.get(object), extensionElements: made });
    this.set(object, { extensionElements: made });
    return made;
  }

  /** The extension of that type, made where it is missing. */
  holder(object, type, properties = {}) {
    const kept = extensionOf(object, type) ?? this.grown.get(object)?.[type];
    if (kept) return kept;
    const extensions = this.extensions(object);
    const made = this.make(type, extensions, properties);
    this.add(extensions, 'values', made);
    this.grown.set(object, { ...this.grown.get(object), [type]: made });
    return made;
  }

  /** Takes an extension away, and what stays empty around it. */
  strip(object, extension) {
    const extensions = object.get('extensionElements');
    if (extensions.get('values').length === 1) return this.set(object, { extensionElements: undefined });
    return this.drop(extensions, 'values', extension);
  }

  property(object, name, value) {
    const holder = extensionOf(object, 'spiffworkflow:Properties');
    const kept = holder?.get('values').find((one) => one.get('name') === name);
    if (kept && value) return this.set(kept, { value });
    if (kept) return holder.get('values').length === 1 ? this.strip(object, holder) : this.drop(holder, 'values', kept);
    if (!value) return this;
    const target = holder ?? this.holder(object, 'spiffworkflow:Properties', { values: [] });
    const made = this.make('spiffworkflow:Property', target, { name, value });
    const rank = ORDER.indexOf(name);
    const later = target.get('values').findIndex((one) => rank >= 0 && ORDER.indexOf(one.get('name')) > rank);
    return this.add(target, 'values', made, later < 0 ? null : later);
  }

  body(object, type, value) {
    const kept = extensionOf(object, type);
    if (kept && value) return this.set(kept, { value });
    if (kept) return this.strip(object, kept);
    if (value) this.holder(object, type, { value });
    return this;
  }

  variable(process, name, type) {
    if (variablesOf(process).some((one) => one.name === name)) return this;
    const holder = this.holder(process, 'spiffworkflow:Properties', { values: [] });
    return this.add(holder, 'values', this.make('spiffworkflow:Property', holder, { name: `variable.${name}`, value: type }));
  }

  expression(object, name, text, parent = object) {
    if (!text) return this.set(object, { [name]: undefined });
    const kept = object.get(name);
    if (kept && is(kept, 'bpmn:FormalExpression')) return this.set(kept, { body: text });
    return this.set(object, { [name]: this.make('bpmn:FormalExpression', parent, { body: text }) });
  }

  /** The name of the element itself, so that its drawing follows. */
  named(name) {
    this.tools.touch(objectOf(this.element));
    this.commands.push({ cmd: 'element.updateProperties', context: { element: this.element, properties: { name } } });
    return this;
  }

  done() {
    if (this.commands.length) this.tools.commandStack.execute('wenze.together', this.commands);
  }
}

/** A collection must be declared as a property of the process, or the modeler drops the reference when it saves. */
export function collection(edit, process, name) {
  const kept = process.get('properties').find((one) => one.get('name') === name);
  edit.variable(process, name, 'list');
  if (kept) return kept;
  const made = edit.make('bpmn:Property', process, { id: name, name });
  edit.add(process, 'properties', made);
  return made;
}

const itemsOf = (container) =>
  container.get('flowElements').flatMap((node) => [
    ...(is(node, 'bpmn:SubProcess') ? itemsOf(node) : []),
    ...[ 'inputDataItem', 'outputDataItem' ].map((name) => node.loopCharacteristics?.get?.(name)).filter(Boolean),
  ]);

/** An id for the element of a multi-instance: its name, counted on where another step calls its element the same. */
export function itemId(process, name, kept) {
  const taken = itemsOf(process).filter((one) => one !== kept).map((one) => one.get('id'));
  for (let serial = 1; ; serial++) {
    const id = serial === 1 ? name : `${name}_${serial}`;
    if (!taken.includes(id)) return id;
  }
}

/** The message of that name in this file, made where it is missing; everywhere it has the same id. */
export function messageNamed(edit, definitions, name) {
  const roots = definitions.get('rootElements');
  const kept = roots.find((one) => is(one, 'bpmn:Message') && one.get('name') === name);
  if (kept) return kept;
  const made = edit.make('bpmn:Message', definitions, { id: `M_${name}`, name });
  edit.add(definitions, 'rootElements', made, roots.findIndex((one) => is(one, 'bpmn:Process')));
  return made;
}

/** The error or escalation (`kind`) of that code in this file, made where it is missing. */
export function outcomeNamed(edit, definitions, kind, { code, name }) {
  const roots = definitions.get('rootElements');
  const attribute = `${kind.toLowerCase()}Code`;
  const kept = roots.find((one) => is(one, `bpmn:${kind}`) && one.get(attribute) === code);
  if (kept) return kept;
  let serial = 1;
  while (edit.tools.elementRegistry.get(`${kind}_${serial}`) || roots.some((one) => one.id === `${kind}_${serial}`)) serial++;
  const made = edit.make(`bpmn:${kind}`, definitions, { id: `${kind}_${serial}`, name: name || code, [attribute]: code });
  edit.add(definitions, 'rootElements', made, roots.findIndex((one) => is(one, 'bpmn:Process')));
  return made;
}

/** By which property of the file a message finds its case. */
export const keyOf = (definitions, message) =>
  definitions?.get('rootElements').find((one) => is(one, 'bpmn:CorrelationProperty')
    && one.get('correlationPropertyRetrievalExpression').some((inner) => inner.get('messageRef') === message))?.get('id') ?? '';

/** Says in the file that a message carries `key`, which cases are found by. */
export function correlate(edit, definitions, message, key) {
  if (!message || !key || keyOf(definitions, message) === key) return;
  const roots = definitions.get('rootElements');
  let property = roots.find((one) => is(one, 'bpmn:CorrelationProperty') && one.get('id') === key);
  if (!property) {
    property = edit.make('bpmn:CorrelationProperty', definitions, { id: key, name: key, correlationPropertyRetrievalExpression: [] });
    edit.add(definitions, 'rootElements', property, roots.findIndex((one) => is(one, 'bpmn:Message') || is(one, 'bpmn:Process')));
    const group = roots.find((one) => is(one, 'bpmn:Collaboration'));
    if (group) {
      const known = group.get('correlationKeys')[0];
      if (known) edit.add(known, 'correlationPropertyRef', property);
      else edit.add(group, 'correlationKeys', edit.make('bpmn:CorrelationKey', group, { id: `Key_${key}`, name: key, correlationPropertyRef: [ property ] }));
    }
  }
  const path = edit.make('bpmn:FormalExpression', property, { body: key });
  edit.add(property, 'correlationPropertyRetrievalExpression', edit.make('bpmn:CorrelationPropertyRetrievalExpression', property, { messageRef: message, messagePath: path }));
}
