// Fields of lines and events: conditions, timers, messages and how they find their case.
import { is, isAny } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../studio/words.mjs';
import { Automatic } from './automatic.mjs';
import * as check from './checks.mjs';
import { choices, listed, TIMERS } from './choices.mjs';
import { bodyOf, correlate, definitionsOf, eventOf, extensionOf, keyOf, messageNamed, messenger } from './edits.mjs';

export class Events extends Automatic {
  condition() {
    if (!this.is('bpmn:SequenceFlow') || !is(this.object.sourceRef, 'bpmn:Gateway') || !isAny(this.object.sourceRef, [ 'bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway' ])) return null;
    const gateway = this.object.sourceRef;
    return {
      id: 'condition',
      label: t('走这条线的条件'),
      fields: [
        {
          id: 'default',
          kind: 'check',
          label: t('其他条件都不满足时走这条线'),
          get: () => gateway.get('default') === this.object,
          set: (value) => {
            const edit = this.edit().set(gateway, { default: value ? this.object : undefined });
            if (value && this.object.get('conditionExpression')) edit.set(this.object, { conditionExpression: undefined });
            edit.done();
          },
        },
        ...(gateway.get('default') === this.object ? [] : [ {
          id: 'expression',
          kind: 'area',
          mono: true,
          label: t('条件（表达式）'),
          validate: (value) => check.required(value) ?? this.expression(value),
          get: () => this.object.get('conditionExpression')?.get('body') ?? '',
          set: (value) => this.edit().expression(this.object, 'conditionExpression', value).done(),
          hint: t('结果须为是或否，如 resolution = "PURSUE"。'),
        } ]),
      ],
    };
  }

  timer() {
    const event = eventOf(this.element, 'bpmn:TimerEventDefinition');
    if (!event) return null;
    const kind = Object.keys(TIMERS).find((name) => event.get(name)) ?? '';
    const repeats = is(this.element, 'bpmn:BoundaryEvent') && this.object.get('cancelActivity') === false;
    return {
      id: 'timer',
      label: t('定时'),
      fields: [
        {
          id: 'kind',
          kind: 'select',
          label: t('定时方式'),
          options: () => choices(TIMERS)().filter(({ value }) => value !== 'timeCycle' || repeats || kind === value),
          get: () => kind,
          set: (value) => {
            const edit = this.edit();
            const text = event.get(kind)?.get('body') ?? '';
            const cleared = Object.fromEntries(Object.keys(TIMERS).map((name) => [ name, undefined ]));
            edit.set(event, { ...cleared, ...(value ? { [value]: edit.make('bpmn:FormalExpression', event, { body: text }) } : {}) }).done();
          },
        },
        ...(kind ? [ {
          id: 'value',
          kind: 'area',
          mono: true,
          label: { timeDate: t('日期（表达式）'), timeDuration: t('时长（表达式）'), timeCycle: t('周期（表达式）') }[kind],
          hint: { timeDate: t('如 case.effective_date 或 date and time(...)。'), timeDuration: t('带引号的时长，如 "P7D"。'), timeCycle: t('带引号的周期，如 "R/P60D"。') }[kind],
          validate: (value) => check.required(value) ?? this.expression(value),
          get: () => event.get(kind).get('body') ?? '',
          set: (value) => this.edit().set(event.get(kind), { body: value ?? '' }).done(),
        } ] : []),
      ],
    };
  }

  message() {
    const place = messenger(this.element);
    if (!place) return null;
    const definitions = definitionsOf(this.element);
    const message = place.get('messageRef');
    const throws = this.is('bpmn:EndEvent', 'bpmn:IntermediateThrowEvent', 'bpmn:SendTask');
    const starts = this.is('bpmn:StartEvent');
    const fields = [
      { id: 'message', kind: 'select', label: t('消息'), options: listed(this.messages(definitions)), get: () => message?.get('name') ?? '', set: (value) => this.chooseMessage(place, definitions, value) },
      { id: 'new', kind: 'text', label: t('新消息的名称'), mono: true, get: () => '', set: (value) => { if (value && /^[A-Za-z]\w*$/.test(value)) this.chooseMessage(place, definitions, value); }, validate: (value) => (value && !/^[A-Za-z]\w{0,59}$/.test(value) ? t('应为英文字母开头的字母和数字。') : null), hint: t('列表里没有时填写，回车后选中。') },
    ];
    if (message && !throws) fields.push(this.bodyField('messageVariable', t('内容存入变量'), place, 'spiffworkflow:MessageVariable', { validate: check.variable }));
    if (message && throws) fields.push(this.bodyField('messagePayload', t('消息内容（表达式）'), place, 'spiffworkflow:MessagePayload', { kind: 'area', validate: (value) => check.required(value) ?? this.expression(value), hint: t('如 {case_no: case_no, resolution: resolution}。') }));
    if (message && !starts) fields.push(...this.correlation(place, definitions, message, throws));
    return { id: 'message', label: t('消息'), fields };
  }

  messages(definitions) {
    const own = definitions.get('rootElements').filter((one) => is(one, 'bpmn:Message')).map((one) => ({ id: one.get('name'), label: one.get('name') }));
    return [ ...own, ...this.catalogue.messages.filter(({ id }) => !own.some((one) => one.id === id)) ];
  }

  chooseMessage(place, definitions, name) {
    const edit = this.edit();
    if (!name) { edit.set(place, { messageRef: undefined }).done(); return; }
    const message = messageNamed(edit, definitions, name);
    edit.set(place, { messageRef: message });
    correlate(edit, definitions, message, this.catalogue.messages.find(({ id }) => id === name)?.keys[0]);
    edit.done();
  }

  bodyField(id, label, place, type, more = {}) {
    return { id, kind: 'text', mono: true, label, get: () => bodyOf(place, type), set: (value) => this.edit().body(place, type, value).done(), ...more };
  }

  correlation(place, definitions, message, throws) {
    const type = 'spiffworkflow:ProcessVariableCorrelation';
    const kept = extensionOf(place, type);
    const key = {
      id: 'key',
      kind: 'text',
      mono: true,
      label: t('按什么找到案件（关联属性）'),
      validate: check.variable,
      get: () => kept?.get('propertyId')?.get('value') ?? keyOf(definitions, message),
      set: (value) => {
        const edit = this.edit();
        if (!throws) {
          if (kept && !value) edit.strip(place, kept);
          else if (kept) edit.set(kept.get('propertyId'), { value });
          else if (value) this.correlates(edit, place, value, value);
        }
        correlate(edit, definitions, message, value);
        edit.done();
      },
      hint: t('如 case_no、decision_no。'),
    };
    if (throws) return [ key ];
    return [ key, {
      id: 'correlation',
      kind: 'text',
      mono: true,
      label: t('本流程里的值（表达式）'),
      validate: (value) => check.required(value) ?? this.expression(value),
      get: () => kept?.get('expression')?.get('value') ?? '',
      set: (value) => {
        const edit = this.edit();
        if (kept?.get('expression')) edit.set(kept.get('expression'), { value: value ?? '' });
        else if (value) this.correlates(edit, place, keyOf(definitions, message) || value, value);
        edit.done();
      },
    } ];
  }

  correlates(edit, place, key, value) {
    const holder = edit.holder(place, 'spiffworkflow:ProcessVariableCorrelation', {});
    holder.set('propertyId', edit.make('spiffworkflow:PropertyId', holder, { value: key }));
    holder.set('expression', edit.make('spiffworkflow:Expression', holder, { value }));
  }
}
