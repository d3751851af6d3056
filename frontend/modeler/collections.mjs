// Fields of a step that is done once for every element of a collection, and of the variables of a process.
import { is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../studio/words.mjs';
import * as check from './checks.mjs';
import { choices, REPEATED, TYPES } from './choices.mjs';
import { collection, itemId, propertyOf } from './edits.mjs';
import { Outcomes } from './outcomes.mjs';

export class Collections extends Outcomes {
  instances() {
    if (!this.is(...REPEATED)) return null;
    const loop = this.object.get('loopCharacteristics');
    const repeated = is(loop, 'bpmn:MultiInstanceLoopCharacteristics');
    const fields = [ {
      id: 'repeated',
      kind: 'check',
      label: t('对集合里的每一项各办一次'),
      get: () => repeated,
      set: (value) => { const edit = this.edit(); edit.set(this.object, { loopCharacteristics: value ? edit.make('bpmn:MultiInstanceLoopCharacteristics', this.object) : undefined }).done(); },
    } ];
    if (repeated) {
      fields.push({ id: 'sequential', kind: 'check', label: t('逐项依次办理'), get: () => loop.get('isSequential') === true, set: (value) => this.edit().set(loop, { isSequential: value || undefined }).done() });
      fields.push(this.listField(loop, 'loopDataInputRef', t('集合'), t('逐项办理的列表变量；没有声明的会自动声明。')));
      fields.push(this.itemField(loop, 'inputDataItem', 'bpmn:DataInput', t('每一项的名称'), t('表达式里这样称呼这一项，如 subject。')));
      fields.push(this.listField(loop, 'loopDataOutputRef', t('结果集合'), t('各项结果存入的列表变量。')));
      fields.push(this.itemField(loop, 'outputDataItem', 'bpmn:DataOutput', t('每项结果的变量')));
      fields.push({ id: 'completion', kind: 'area', mono: true, label: t('提前结束的条件（表达式）'), validate: (value) => this.expression(value), get: () => loop.get('completionCondition')?.get('body') ?? '', set: (value) => this.edit().expression(loop, 'completionCondition', value).done() });
    }
    return { id: 'instances', label: t('多项办理'), open: repeated, fields };
  }

  listField(loop, name, label, hint) {
    return {
      id: name,
      kind: 'text',
      mono: true,
      label,
      hint,
      validate: (value) => check.required(value) ?? check.variable(value),
      get: () => loop.get(name)?.get('name') ?? loop.get(name)?.get('id') ?? '',
      strict: true,
      set: (value) => {
        const edit = this.edit();
        edit.set(loop, { [name]: value ? collection(edit, this.process, value) : undefined }).done();
      },
    };
  }

  itemField(loop, name, type, label, hint) {
    return {
      id: name,
      kind: 'text',
      mono: true,
      label,
      hint,
      strict: true,
      validate: (value) => check.required(value) ?? (value === 'item' ? t('item 是表达式的保留字，请换一个名称。') : check.variable(value)),
      get: () => loop.get(name)?.get('name') ?? '',
      set: (value) => {
        const edit = this.edit();
        const kept = loop.get(name);
        const named = { id: itemId(this.process, value, kept), name: value };
        if (kept && value) edit.set(kept, named);
        else edit.set(loop, { [name]: value ? edit.make(type, loop, named) : undefined });
        edit.done();
      },
    };
  }

  variables() {
    if (!this.is('bpmn:Process', 'bpmn:Participant', 'bpmn:Collaboration') || !this.process) return null;
    const process = this.process;
    return {
      id: 'variables',
      label: t('流程变量'),
      items: this.declared.map(({ name, type, moddle }, place) => ({
        id: `variable-${place}`,
        label: `${name} · ${t(TYPES[type] ?? type)}`,
        remove: () => this.edit().property(process, `variable.${name}`, '').done(),
        fields: [
          { id: 'name', kind: 'text', mono: true, strict: true, label: t('变量名'), get: () => name, validate: (value) => check.required(value) ?? check.variable(value) ?? (value !== name && this.declared.some((one) => one.name === value) ? t('变量 `{name}` 已经声明。', { name: value }) : null), set: (value) => this.edit().set(moddle, { name: `variable.${value}` }).done() },
          { id: 'type', kind: 'select', whole: true, label: t('类型'), options: choices(TYPES), get: () => type, set: (value) => this.edit().set(moddle, { value }).done() },
        ],
      })),
      add: () => {
        let serial = 1;
        while (this.declared.some(({ name }) => name === `variable_${serial}`)) serial++;
        this.edit().variable(process, `variable_${serial}`, 'string').done();
      },
    };
  }

  /** What an expression may name here. */
  names() {
    if (!this.process || this.is('bpmn:Process', 'bpmn:Collaboration', 'bpmn:Participant', 'bpmn:Lane', 'bpmn:TextAnnotation')) return null;
    const form = this.catalogue.forms.find(({ key }) => key === propertyOf(this.object, 'formKey'));
    const facts = this.catalogue.facts ?? {};
    return {
      id: 'names',
      label: t('表达式里可用的名称'),
      open: false,
      fields: [ {
        id: 'names',
        kind: 'names',
        label: t('展开名称'),
        lists: [
          [ t('流程变量'), this.declared.map(({ name }) => name) ],
          ...(form ? [ [ t('本环节填写内容'), form.fields.map(({ key }) => `task.${key}`) ] ] : []),
          [ t('案件'), Object.keys(facts.case ?? {}).map((name) => `case.${name}`) ],
          [ t('会议'), Object.keys(facts.meeting ?? {}).slice(0, 40).map((name) => `meeting.${name}`) ],
        ],
      } ],
    };
  }
}
