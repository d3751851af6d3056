// Fields of the steps that the system does: tables, called processes, operations, lines of a script.
import { t } from '../studio/words.mjs';
import { Base } from './base.mjs';
import * as check from './checks.mjs';
import { listed, SCRIPTED, TYPES } from './choices.mjs';
import { bodyOf, extensionOf } from './edits.mjs';

export class Automatic extends Base {
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
}
