// What every group of the panel needs: the element, the process around it, a field that keeps a property of a step.
import { isAny } from 'bpmn-js/lib/util/ModelUtil';

import * as check from './checks.mjs';
import { Edit, objectOf, processOf, propertyOf, variablesOf } from './edits.mjs';

export class Base {
  constructor(element, tools) {
    this.element = element;
    this.tools = tools;
    this.catalogue = tools.catalogue();
    this.object = objectOf(element);
    this.process = processOf(element);
    this.declared = this.process ? variablesOf(this.process) : [];
  }

  is(...types) { return isAny(this.element, types); }
  edit() { return new Edit(this.tools, this.element); }

  get feel() {
    const items = [];
    for (let at = this.object; at; at = at.$parent) {
      const name = at.loopCharacteristics?.get?.('inputDataItem')?.get('name');
      if (name) items.push(name);
    }
    return { facts: this.catalogue.facts, names: [ ...this.declared.map(({ name }) => name), ...items ] };
  }

  expression(value) { return check.feel(value, this.feel); }

  /** A field kept as a property of the step. */
  property(name, label, more = {}) {
    return {
      id: name,
      kind: 'text',
      label,
      get: () => propertyOf(this.object, name),
      set: (value) => this.edit().property(this.object, name, value?.trim?.() ?? value).done(),
      ...more,
    };
  }

  attribute(name, label, more = {}) {
    return { id: name, kind: 'text', label, get: () => this.object.get(name) ?? '', set: (value) => this.tools.modeling.updateProperties(this.element, { [name]: value || undefined }), ...more };
  }
}
