// Fields of errors and escalations: what an event raises, or which of those that its step raises it catches.
import { is } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../studio/words.mjs';
import { listed } from './choices.mjs';
import { definitionsOf, eventOf, outcomeNamed } from './edits.mjs';
import { Events } from './events.mjs';

const KINDS = { Error: '错误', Escalation: '升级' };

export class Outcomes extends Events {
  outcome() {
    const kind = Object.keys(KINDS).find((name) => eventOf(this.element, `bpmn:${name}EventDefinition`));
    if (!kind) return null;
    const event = eventOf(this.element, `bpmn:${kind}EventDefinition`);
    const reference = `${kind.toLowerCase()}Ref`;
    const attribute = `${kind.toLowerCase()}Code`;
    const kept = event.get(reference);
    const caught = this.is('bpmn:BoundaryEvent');
    const known = caught ? this.raisedBy(this.object.get('attachedToRef'), kind) : this.outcomes(kind);
    const choose = (code) => {
      const edit = this.edit();
      const name = known.find(({ id }) => id === code)?.label ?? '';
      edit.set(event, { [reference]: code ? outcomeNamed(edit, definitionsOf(this.element), kind, { code, name }) : undefined }).done();
    };
    const fields = [ {
      id: 'code',
      kind: 'select',
      label: caught ? t('接住哪一种') : t('代码'),
      options: listed(known),
      get: () => kept?.get(attribute) ?? '',
      set: choose,
      hint: caught ? (known.length ? t('这里列出所附着的环节会发出的。') : t('所附着的环节什么也不发出；先在调用的流程或子流程里画出发出它的结束事件。')) : undefined,
    } ];
    if (!caught) {
      fields.push({ id: 'new', kind: 'text', mono: true, label: t('新代码'), get: () => '', validate: (value) => (value && !CODE.test(value) ? t('应为英文字母开头的字母、数字和下划线。') : null), set: (value) => { if (value && CODE.test(value)) choose(value); }, hint: t('列表里没有时填写，回车后选中。') });
      if (kept) fields.push({ id: 'called', kind: 'text', label: t('名称'), get: () => kept.get('name') ?? '', set: (value) => this.edit().set(kept, { name: value || undefined }).done() });
    }
    return { id: 'outcome', label: t(KINDS[kind]), fields };
  }

  /** All that this file declares and other diagrams raise. */
  outcomes(kind) {
    const own = (definitionsOf(this.element)?.get('rootElements') ?? []).filter((one) => is(one, `bpmn:${kind}`)).map((one) => told(one, kind));
    return merged([ ...own, ...this.raised(kind) ]);
  }

  raised(kind) { return this.catalogue[`${kind.toLowerCase()}s`] ?? []; }

  /** What may come out of a step: of what it calls as saved, of what is drawn inside of it as it stands. */
  raisedBy(host, kind) {
    if (is(host, 'bpmn:CallActivity')) return this.raised(kind).filter(({ raised_by: by }) => by.includes(host.get('calledElement')));
    if (!is(host, 'bpmn:SubProcess')) return [];
    return merged(host.get('flowElements').filter((one) => !is(one, 'bpmn:BoundaryEvent')).flatMap((one) => [
      ...(one.get('eventDefinitions') ?? []).filter((inner) => is(inner, `bpmn:${kind}EventDefinition`)).map((inner) => inner.get(`${kind.toLowerCase()}Ref`)).filter(Boolean).map((thrown) => told(thrown, kind)),
      ...this.raisedBy(one, kind),
    ]));
  }
}

const CODE = /^[A-Za-z]\w{0,59}$/;
const told = (outcome, kind) => ({ id: outcome.get(`${kind.toLowerCase()}Code`) ?? '', label: outcome.get('name') || outcome.get(`${kind.toLowerCase()}Code`) });
const merged = (entries) => [ ...new Map(entries.filter(({ id }) => id).reverse().map((one) => [ one.id, one ])).values() ].reverse();
