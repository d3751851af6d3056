// What the panel offers for each kind of element, and where an answer goes in the file.
import { is, isAny } from 'bpmn-js/lib/util/ModelUtil';

import { t } from '../studio/words.mjs';
import * as check from './checks.mjs';
import {
  bodyOf, collection, correlate, definitionsOf, Edit, eventOf, extensionOf, keyOf, messageNamed, messenger, objectOf, processOf,
  propertyOf, variablesOf,
} from './edits.mjs';

const HUMAN = [ 'bpmn:UserTask', 'bpmn:ManualTask' ];
const REPEATED = [ ...HUMAN, 'bpmn:CallActivity', 'bpmn:SubProcess', 'bpmn:ServiceTask', 'bpmn:BusinessRuleTask' ];
const SCRIPTED = [ ...HUMAN, 'bpmn:ServiceTask', 'bpmn:BusinessRuleTask', 'bpmn:CallActivity' ];
const KINDS = { regulation: '办法规定的期限', statute: '法律规定的期限', internal: '内部时限' };
const DAYS = { CALENDAR: '自然日', WORKING: '工作日' };
const SOURCES = { regulation: '本办法', higher_law: '上位法' };
const EFFECTS = { decision: '作出决定', service: '送达', notice: '告知', transfer: '移送' };
const TYPES = { string: '文字', number: '数字', boolean: '是否', date: '日期', list: '列表', context: '结构' };
const TIMERS = { timeDate: '到某一日期', timeDuration: '经过一段时间', timeCycle: '每隔一段时间' };

const choices = (words) => () => Object.entries(words).map(([ value, label ]) => ({ value, label: t(label) }));
const listed = (entries, key = 'id') => () => (entries ?? []).map((one) => ({ value: one[key], label: one.label && one.label !== one[key] ? `${one.label}（${one[key]}）` : one[key] }));

/** Groups of the panel for an element: `{ id, label, fields }`, or `items` where a group is a list. */
export function groupsOf(element, tools) {
  if (element.type === 'label') return groupsOf(element.labelTarget, tools);
  if (Array.isArray(element)) return [];
  const desk = new Fields(element, tools);
  return [
    desk.told(), desk.general(), desk.form(), desk.performer(), desk.deadline(), desk.law(), desk.letter(), desk.decision(), desk.called(), desk.operation(),
    desk.condition(), desk.timer(), desk.message(), desk.instances(), desk.scripts(), desk.variables(), desk.names(), desk.documentation(),
  ].filter(Boolean);
}

class Fields {
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

  // ---- for every element

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

  attribute(name, label, more = {}) {
    return { id: name, kind: 'text', label, get: () => this.object.get(name) ?? '', set: (value) => this.tools.modeling.updateProperties(this.element, { [name]: value || undefined }), ...more };
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

  // ---- steps that people do

  form() {
    if (!this.is(...HUMAN)) return null;
    return { id: 'form', label: t('表单'), fields: [ this.property('formKey', t('表单'), { kind: 'select', options: listed(this.catalogue.forms, 'key') }) ] };
  }

  performer() {
    if (!this.is(...HUMAN)) return null;
    const steps = () => this.tools.elementRegistry.filter((one) => isAny(one, HUMAN) && one !== this.element && one.type !== 'label').map((one) => ({ value: one.id, label: one.businessObject.name ?? one.id }));
    return {
      id: 'performer',
      label: t('办理人'),
      fields: [
        this.property('candidateRole', t('办理角色'), { kind: 'select', options: listed(this.catalogue.roles) }),
        this.property('candidateOrgan', t('办理单位（表达式）'), { kind: 'area', mono: true, validate: (value) => this.expression(value), hint: t('如 case.lead_organ；不填则角色在本县任何单位都可办理。') }),
        this.property('candidatePerson', t('办理人（表达式）'), { kind: 'area', mono: true, validate: (value) => this.expression(value), hint: t('如 subject.id；填了就只由这一个人办理。') }),
        this.property('excludes', t('不得由其办理（办过这些环节的人）'), { kind: 'chips', options: () => [ ...steps(), ...this.elsewhere(steps()) ], adds: t('添加环节') }),
      ],
    };
  }

  /** Steps of other diagrams that are already excluded here. */
  elsewhere(known) {
    const kept = propertyOf(this.object, 'excludes').split(/\s+/).filter((id) => id && !known.some(({ value }) => value === id));
    return kept.map((value) => ({ value, label: value }));
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

  // ---- steps that the system does

  decision() {
    if (!this.is('bpmn:BusinessRuleTask')) return null;
    const type = 'spiffworkflow:CalledDecisionId';
    return {
      id: 'decision',
      label: t('决策表'),
      fields: [ { id: 'table', kind: 'select', label: t('决策表'), options: listed(this.catalogue.decisions), get: () => bodyOf(this.object, type), set: (value) => this.edit().body(this.object, type, value).done() } ],
    };
  }

  called() {
    if (!this.is('bpmn:CallActivity')) return null;
    return { id: 'called', label: t('调用的流程'), fields: [ this.attribute('calledElement', t('流程'), { kind: 'select', options: listed(this.catalogue.processes, 'key') }) ] };
  }

  operation() {
    if (!this.is('bpmn:ServiceTask')) return null;
    const type = 'spiffworkflow:ServiceTaskOperator';
    const operator = extensionOf(this.object, type);
    const known = this.catalogue.operations.find(({ id }) => id === operator?.get('id'));
    const fields = [ {
      id: 'operator',
      kind: 'select',
      label: t('系统操作'),
      options: listed(this.catalogue.operations),
      get: () => operator?.get('id') ?? '',
      set: (value) => this.chooseOperation(operator, value),
      hint: known ? t('结果类型：{type}', { type: t(TYPES[known.result] ?? known.result) }) : undefined,
    } ];
    if (operator) {
      fields.push({
        id: 'result',
        kind: 'text',
        label: t('结果存入变量'),
        mono: true,
        validate: (value) => check.required(value) ?? check.variable(value) ?? (this.declared.some(({ name }) => name === value) ? null : t('变量 `{name}` 没有在流程中声明。', { name: value })),
        get: () => operator.get('resultVariable') ?? '',
        set: (value) => this.edit().set(operator, { resultVariable: value || undefined }).done(),
      });
      const given = operator.get('parameterList')?.get('parameters') ?? [];
      const wanted = { ...Object.fromEntries(given.map((one) => [ one.get('id'), one.get('type') ])), ...known?.parameters };
      for (const [ name, kind ] of Object.entries(wanted)) fields.push(this.parameter(operator, name, kind, known));
    }
    return { id: 'operation', label: t('系统操作'), fields };
  }

  chooseOperation(operator, value) {
    const type = 'spiffworkflow:ServiceTaskOperator';
    const edit = this.edit();
    if (!value) { if (operator) edit.strip(this.object, operator); edit.done(); return; }
    if (!operator) edit.holder(this.object, type, { id: value });
    else {
      edit.set(operator, { id: value });
      const wanted = this.catalogue.operations.find(({ id }) => id === value)?.parameters ?? {};
      const list = operator.get('parameterList');
      const kept = list?.get('parameters').filter((one) => one.get('id') in wanted) ?? [];
      if (list && kept.length !== list.get('parameters').length) edit.set(operator, { parameterList: kept.length ? edit.make('spiffworkflow:Parameters', operator, { parameters: kept }) : undefined });
    }
    edit.done();
  }

  parameter(operator, name, kind, known) {
    const list = operator.get('parameterList');
    const kept = list?.get('parameters').find((one) => one.get('id') === name);
    return {
      id: `parameter-${name}`,
      kind: 'area',
      mono: true,
      label: t('参数 {name}（{type}）', { name, type: t(TYPES[kind] ?? kind) }),
      hint: known && !(name in known.parameters) ? t('这个操作没有该参数，清空即删除。') : undefined,
      validate: (value) => (known && name in known.parameters ? check.required(value) : null) ?? this.expression(value),
      get: () => kept?.get('value') ?? '',
      set: (value) => {
        const edit = this.edit();
        if (kept && value) edit.set(kept, { value });
        else if (kept) {
          if (list.get('parameters').length === 1) edit.set(operator, { parameterList: undefined });
          else edit.drop(list, 'parameters', kept);
        } else if (value && list) edit.add(list, 'parameters', edit.make('spiffworkflow:Parameter', list, { id: name, type: kind, value }));
        else if (value) edit.set(operator, { parameterList: edit.make('spiffworkflow:Parameters', operator, { parameters: [ edit.make('spiffworkflow:Parameter', null, { id: name, type: kind, value }) ] }) });
        edit.done();
      },
    };
  }

  scripts() {
    const fields = [];
    const options = { mono: true, kind: 'area', validate: (value) => check.lines(value, this.feel) };
    if (this.is('bpmn:ScriptTask')) {
      fields.push({ id: 'script', label: t('算式'), ...options, get: () => this.object.get('script') ?? '', set: (value) => this.edit().set(this.object, { script: value || undefined }).done(), hint: t('每行一个“变量名 = 表达式”。') });
    } else if (this.is(...SCRIPTED)) {
      for (const [ id, type, label ] of [ [ 'pre', 'spiffworkflow:PreScript', t('开始前计算') ], [ 'post', 'spiffworkflow:PostScript', t('办完后计算') ] ]) {
        fields.push({ id, label, ...options, get: () => bodyOf(this.object, type), set: (value) => this.edit().body(this.object, type, value).done(), hint: id === 'post' ? t('每行一个“变量名 = 表达式”；task 是本环节的填写内容。') : undefined });
      }
    }
    return fields.length ? { id: 'scripts', label: t('变量计算'), open: fields.some((field) => field.get()) || this.is('bpmn:ScriptTask'), fields } : null;
  }

  // ---- flows and events

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

  // ---- one step for each element of a collection

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
        if (kept && value) edit.set(kept, { id: value, name: value });
        else edit.set(loop, { [name]: value ? edit.make(type, loop, { id: value, name: value }) : undefined });
        edit.done();
      },
    };
  }

  // ---- the process

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
