// What the panel offers for each kind of element, and where an answer goes in the file.
import { isAny } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../studio/words.mjs';
import * as check from './checks.mjs';
import { choices, DAYS, EFFECTS, HUMAN, KINDS, listed, SOURCES } from './choices.mjs';
import { Collections } from './collections.mjs';
import { propertyOf } from './edits.mjs';

/** Groups of the panel for an element: `{ id, label, fields }`, or `items` where a group is a list. */
export function groupsOf(element, tools) {
  if (element.type === 'label') return groupsOf(element.labelTarget, tools);
  if (Array.isArray(element)) return [];
  const desk = new Panel(element, tools);
  return [
    desk.told(), desk.general(), desk.form(), desk.performer(), desk.deadline(), desk.law(), desk.letter(), desk.decision(), desk.called(), desk.operation(),
    desk.condition(), desk.timer(), desk.message(), desk.outcome(), desk.instances(), desk.scripts(), desk.variables(), desk.names(), desk.documentation(),
  ].filter(Boolean);
}

class Panel extends Collections {
  told() {
    const findings = this.tools.findings(this.object.id);
    return findings.length ? { id: 'told', label: t('需要改正'), fields: [ { id: 'told', kind: 'told', findings } ] } : null;
  }

  general() {
    const fields = [];
    if (this.is('bpmn:TextAnnotation')) {
      fields.push(this.attribute('text', t('文字'), { kind: 'area' }));
    } else {
      const named = this.is('bpmn:Collaboration') && this.process ? this.process : this.object;
      fields.push({
        id: 'name',
        kind: this.is('bpmn:Process', 'bpmn:Collaboration') ? 'text' : 'area',
        label: this.is('bpmn:Collaboration') ? t('流程名称') : t('名称'),
        get: () => named.get('name') ?? '',
        set: (value) => (named === this.object ? this.edit().named(value || undefined) : this.edit().set(named, { name: value || undefined })).done(),
        hint: this.is('bpmn:UserTask') ? t('办理人在待办里看到的名称，写成动宾短语。') : undefined,
      });
    }
    if (!this.is('bpmn:Collaboration', 'bpmn:Process')) {
      fields.push({
        id: 'id',
        kind: 'text',
        label: t('标识'),
        mono: true,
        strict: true,
        get: () => this.object.get('id') ?? '',
        validate: (value) => check.id(this.element, value, this.tools.elementRegistry),
        set: (value) => this.tools.modeling.updateProperties(this.element, { id: value }),
        hint: this.is('bpmn:FlowNode') ? t('案件发布后按标识记录环节，改标识等于换一个环节。') : undefined,
      });
    }
    const process = this.is('bpmn:Participant', 'bpmn:Collaboration', 'bpmn:Process') ? this.process : null;
    if (process) {
      fields.push({ id: 'process-id', kind: 'text', label: t('流程标识'), mono: true, disabled: true, get: () => process.get('id'), set: () => {}, hint: t('与文件名相同；要换标识，请在内容页复制文件。') });
      fields.push({ id: 'executable', kind: 'check', label: t('可以执行'), get: () => process.get('isExecutable') === true, set: (value) => this.edit().set(process, { isExecutable: value }).done() });
    }
    return { id: 'general', label: t('常规'), fields };
  }


  documentation() {
    if (this.is('bpmn:TextAnnotation', 'bpmn:Group')) return null;
    const target = this.is('bpmn:Collaboration') && this.process ? this.process : this.object;
    const first = () => target.get('documentation')?.[0];
    return {
      id: 'documentation',
      label: t('说明'),
      open: Boolean(first()),
      fields: [ {
        id: 'text',
        kind: 'area',
        label: t('给流程管理者看的说明'),
        get: () => first()?.get('text') ?? '',
        set: (value) => {
          const edit = this.edit();
          if (first() && value) edit.set(first(), { text: value });
          else edit.set(target, { documentation: value ? [ edit.make('bpmn:Documentation', target, { text: value }) ] : [] });
          edit.done();
        },
      } ],
    };
  }

  form() {
    if (!this.is(...HUMAN)) return null;
    return { id: 'form', label: t('表单'), fields: [ this.property('formKey', t('表单'), { kind: 'select', options: listed(this.catalogue.forms, 'key') }) ] };
  }

  performer() {
    if (!this.is(...HUMAN)) return null;
    return {
      id: 'performer',
      label: t('办理人'),
      fields: [
        this.property('candidateRole', t('办理角色'), { kind: 'select', options: listed(this.catalogue.roles) }),
        this.property('candidateOrgan', t('办理单位（表达式）'), { kind: 'area', mono: true, validate: (value) => this.expression(value), hint: t('如 case.lead_organ；不填则角色在本县任何单位都可办理。') }),
        this.property('candidatePerson', t('办理人（表达式）'), { kind: 'area', mono: true, validate: (value) => this.expression(value), hint: t('如 subject.id；填了就只由这一个人办理。') }),
        this.property('excludes', t('不得由其办理（办过这些环节的人）'), { kind: 'chips', options: () => this.otherSteps('excludes'), adds: t('添加环节') }),
      ],
    };
  }

  /** The other steps of this diagram, and those of other diagrams that the property already names. */
  otherSteps(property) {
    const shapes = this.tools.elementRegistry.filter((one) => isAny(one, HUMAN) && one !== this.element && one.type !== 'label');
    const steps = shapes.map((one) => ({ value: one.id, label: one.businessObject.name ?? one.id }));
    const kept = propertyOf(this.object, property).split(/\s+/).filter((id) => id && !steps.some(({ value }) => value === id));
    return [ ...steps, ...kept.map((value) => ({ value, label: value })) ];
  }

  deadline() {
    if (!this.is(...HUMAN)) return null;
    return {
      id: 'deadline',
      label: t('时限'),
      fields: [
        this.property('deadline', t('时长'), { mono: true, validate: check.span, hint: t('P10D 是十日，P2M 是两个月，-P3D 是起算日之前三日。') }),
        this.property('deadlineKind', t('期限种类'), { kind: 'select', options: choices(KINDS) }),
        this.property('dayCount', t('怎样计日'), { kind: 'select', options: choices(DAYS) }),
        this.property('deadlineFrom', t('从哪一天起算（表达式）'), { kind: 'area', mono: true, validate: (value) => this.expression(value), hint: t('如 case.filing_anchor；不填则从事项到达之日起算。') }),
        this.property('deadlineExtension', t('最长可延期'), { mono: true, validate: check.span, hint: t('法律允许的最长延期，如 P3M；不允许延期的不填。') }),
        this.property('deadlineSharedWith', t('与这些环节共用期限'), { kind: 'chips', options: () => this.otherSteps('deadlineSharedWith'), adds: t('添加环节'), hint: t('办过其中一个环节的，沿用它的期限（含延期），不另行起算。') }),
      ],
    };
  }

  law() {
    if (!this.is('bpmn:FlowNode')) return null;
    const clauses = () => (this.catalogue.clauses ?? []).map(({ id, article, label }) => ({ value: id, label: `${article ?? ''} ${label ?? ''}`.trim() }));
    const fields = [ this.property('clauses', t('依据条款'), { kind: 'chips', codes: true, options: clauses, adds: t('添加条款') }) ];
    if (this.is(...HUMAN)) fields.push(this.property('source', t('出自'), { kind: 'select', options: choices(SOURCES) }));
    return { id: 'law', label: t('依据'), open: this.is(...HUMAN) || Boolean(propertyOf(this.object, 'clauses')), fields };
  }

  letter() {
    if (!this.is(...HUMAN)) return null;
    return {
      id: 'letter',
      label: t('法律效果与文书'),
      open: Boolean(propertyOf(this.object, 'legalEffect')),
      fields: [
        this.property('legalEffect', t('法律效果'), { kind: 'select', options: choices(EFFECTS), hint: t('有法律效果的环节提交前先核对。') }),
        this.property('letter', t('文书名称'), { hint: t('提交后形成的文书，如“处理决定书”。') }),
      ],
    };
  }
}
