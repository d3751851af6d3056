// What the panel of the form editor offers for each component, and where an answer goes in the file.
import { t } from '../studio/words.mjs';
import * as check from '../modeler/checks.mjs';
import { NAMES } from './components.jsx';

const PATTERNS = {
  '^[^\\n]{0,30}[0-9]{4}[^\\n]{1,40}号$': '文号', '^1[0-9]{10}$': '手机号', '^[0-9A-Z]{18}$': '统一社会信用代码',
  '^[0-9]{6}$': '邮政编码', '^[0-9]{4}$': '年份', '^[0-9]+$': '数字串',
};
const SOURCES = {
  organs: '本县单位', own_organs: '本人所在单位', other_organs: '本人所在单位以外的单位', members: '成员单位', persons: '本县人员', investigators: '可参加调查的人员', case_subjects: '本案责任对象', pool_cases: '待议案件', cases: '可查看的案件',
};
const COLUMNS = {
  text: '单行文字', longtext: '多行文字', select: '下拉选择', 'multi-select': '多选', date: '日期', datetime: '日期和时间', number: '数字', organ: '单位', person: '人员', 'case-ref': '案件', money: '金额', checkbox: '勾选', 'identity-number': '身份证号码',
};
const MOMENTS = { date: '日期', datetime: '日期和时间', time: '时间' };
const OPINIONS = { HANDLING: '承办意见', REVIEW: '审核意见', INSTRUCTION: '领导批示', COUNTERSIGN: '会签意见' };
const FILLED = { case_file: '案卷里的文书和材料' };
const KEY = /^[a-z][a-z0-9_]{0,59}$/;
const CHOSEN = [ 'radio', 'select', 'checklist', 'computed' ];
const PICKED = [ 'person', 'multi-person', 'organ', 'multi-organ', 'case-ref', 'multi-case-ref' ];
const WRITTEN = [ 'textfield', 'textarea' ];
const PLAIN = [ 'group', 'text', 'separator', 'spacer', 'default' ];
/** Properties with a field of their own; all others stand in the list of further ones. */
const OWN = new Set([
  'label_en', 'description_en', 'text_en', 'title', 'title_en', 'options', 'source', 'fact', 'opinion', 'phrases', 'proposal', 'proposal_from', 'required_if', 'pattern_error_en', 'time_label_en', 'proposal_asked', 'proposal_range', 'served_by_notice', 'filled_from', 'held_roles',
]);

const choices = (words) => () => Object.entries(words).map(([ value, label ]) => ({ value, label: t(label) }));
const key = (value) => (value && !KEY.test(value) ? t('应为小写字母开头的小写字母、数字和下划线。') : null);

export function groupsOf(field, edit, desk) {
  if (!field || Array.isArray(field)) return [];
  const panel = new Panel(field, edit, desk);
  return [ panel.told(), panel.general(), panel.english(), panel.choices(), panel.moment(), panel.columns(), panel.computed(), panel.validation(), panel.condition(), panel.checks(), panel.record(), panel.further() ].filter(Boolean);
}

class Panel {
  constructor(field, edit, desk) {
    Object.assign(this, { field, edit: (name, value) => edit(field, name, value), desk });
    this.catalogue = desk.catalogue();
  }

  is(...types) { return types.includes(this.field.type); }

  plain(name, label, more = {}) {
    return { id: name, kind: 'text', label, get: () => this.field[name] ?? '', set: (value) => this.edit(name, value === '' ? undefined : value), ...more };
  }

  property(name, label, more = {}) {
    return {
      id: name,
      kind: 'text',
      label,
      get: () => this.field.properties?.[name] ?? '',
      set: (value) => {
        const rest = { ...this.field.properties };
        if (value) rest[name] = String(value); else delete rest[name];
        this.edit('properties', rest);
      },
      ...more,
    };
  }

  /** A property that is either "true" or missing. */
  ticked(name, label) {
    const kept = this.property(name, label);
    return { ...kept, kind: 'check', get: () => this.field.properties?.[name] === 'true', set: (value) => kept.set(value ? 'true' : '') };
  }

  rule(name, label, more = {}) {
    return {
      id: name,
      kind: 'number',
      label,
      get: () => this.field.validate?.[name] ?? '',
      set: (value) => {
        const rest = { ...this.field.validate };
        if (value === '' || value === undefined || value === false) delete rest[name]; else rest[name] = value;
        this.edit('validate', Object.keys(rest).length ? rest : undefined);
      },
      ...more,
    };
  }

  told() {
    const findings = this.desk.findings(this.field.id);
    return findings.length ? { id: 'told', label: t('需要改正'), fields: [ { id: 'told', kind: 'told', findings } ] } : null;
  }

  general() {
    const { field } = this;
    if (this.is('default')) return { id: 'general', label: t('表单'), fields: [ this.property('title', t('名称')), this.property('title_en', t('英文名称')), { id: 'id', kind: 'text', mono: true, disabled: true, label: t('标识'), get: () => field.id, set: () => {}, hint: t('与文件名相同。') } ] };
    if (this.is('text')) return { id: 'general', label: t('说明文字'), fields: [ this.plain('text', t('文字'), { kind: 'area' }) ] };
    if (this.is('separator', 'spacer')) return null;
    const fields = [ {
      id: 'label',
      kind: 'area',
      label: t('名称'),
      get: () => field.label ?? field.dateLabel ?? '',
      set: (value) => { if (this.is('datetime')) this.edit('dateLabel', value); if (!this.is('datetime') || field.label !== undefined) this.edit('label', value); },
    } ];
    if (this.is('group')) fields.push({ id: 'outline', kind: 'check', label: t('画出边框'), get: () => field.showOutline === true, set: (value) => this.edit('showOutline', value || undefined) });
    else {
      fields.push(this.plain('key', t('字段名'), { mono: true, strict: true, validate: (value) => check.required(value) ?? key(value), hint: t('表达式和决策表用这个名称；同名字段在全县含义相同。') }));
      fields.push(this.plain('description', t('填写说明'), { kind: 'area' }));
    }
    return { id: 'general', label: t(NAMES[field.type] ?? '常规'), fields };
  }

  english() {
    if (this.is('default', 'separator', 'spacer')) return null;
    if (this.is('text')) return { id: 'english', label: t('英文'), fields: [ this.property('text_en', t('英文文字'), { kind: 'area' }) ] };
    const fields = [ this.property('label_en', t('英文名称'), { kind: 'area' }) ];
    if (!this.is('group')) fields.push(this.property('description_en', t('英文填写说明'), { kind: 'area' }));
    return { id: 'english', label: t('英文'), open: false, fields };
  }

  choices() {
    if (this.is(...CHOSEN)) {
      const options = () => this.catalogue.options.map(({ id, values }) => ({ value: id, label: `${id}（${values.slice(0, 3).map(({ label }) => label).join(t('、'))}${values.length > 3 ? '…' : ''}）` }));
      return { id: 'options', label: t('选项'), open: !this.is('computed'), fields: [ this.property('options', t('选项表'), { kind: 'select', options, hint: t('选项在“选项表”文件里维护。') }) ] };
    }
    if (this.is(...PICKED)) {
      const fields = [ this.property('source', t('从哪里选'), { kind: 'select', options: choices(SOURCES) }) ];
      if (this.is('organ', 'multi-organ')) fields.push(this.property('held_roles', t('所选单位须有人担任的岗位（表达式）'), { kind: 'area', mono: true, validate: (value) => this.feel(value) }));
      return { id: 'options', label: t('可选范围'), fields };
    }
    return null;
  }

  moment() {
    if (!this.is('datetime')) return null;
    const fields = [ this.plain('subtype', t('填写什么'), { kind: 'select', whole: true, options: choices(MOMENTS), set: (value) => { this.edit('subtype', value); if (value !== 'date' && !this.field.timeLabel) this.edit('timeLabel', t('时间')); } }) ];
    if (this.field.subtype && this.field.subtype !== 'date') fields.push(this.plain('timeLabel', t('时间一栏的名称')), this.property('time_label_en', t('时间一栏的英文名称')));
    return { id: 'moment', label: t('日期和时间'), fields };
  }

  columns() {
    if (!this.is('table')) return null;
    const columns = this.field.columns ?? [];
    const change = (place, name, value) => this.edit('columns', columns.map((column, at) => {
      if (at !== place) return column;
      const next = { ...column, [name]: value };
      if (value === '' || value === undefined || value === false) delete next[name];
      return next;
    }));
    const cell = (place, name, label, more = {}) => ({ id: name, kind: 'text', label, get: () => columns[place][name] ?? '', set: (value) => change(place, name, value), ...more });
    return {
      id: 'columns',
      label: t('表格的列'),
      add: () => this.edit('columns', [ ...columns, { key: `column_${columns.length + 1}`, label: t('新的一列'), type: 'text' } ]),
      items: columns.map((column, place) => ({
        id: `column-${place}`,
        label: `${column.label} · ${t(COLUMNS[column.type] ?? column.type)}`,
        remove: () => this.edit('columns', columns.filter((_, at) => at !== place)),
        fields: [
          cell(place, 'label', t('列名')), cell(place, 'label_en', t('英文列名')), cell(place, 'key', t('字段名'), { mono: true, strict: true, validate: (value) => check.required(value) ?? key(value) }),
          cell(place, 'type', t('类型'), { kind: 'select', whole: true, options: choices(COLUMNS) }),
          cell(place, 'required', t('必填'), { kind: 'check', get: () => columns[place].required === true }),
          ...([ 'select', 'multi-select' ].includes(column.type) ? [ cell(place, 'options', t('选项表'), { kind: 'select', options: () => this.catalogue.options.map(({ id }) => ({ value: id, label: id })) }) ] : []),
          ...([ 'person', 'organ', 'case-ref' ].includes(column.type) ? [ cell(place, 'source', t('从哪里选'), { kind: 'select', options: choices(SOURCES) }) ] : []),
        ],
      })),
    };
  }

  computed() {
    if (!this.is('computed')) return null;
    return { id: 'computed', label: t('算式'), fields: [ this.plain('expression', t('表达式'), { kind: 'area', mono: true, validate: (value) => check.required(value) ?? this.feel(value) }) ] };
  }

  feel(value) { return check.feel((value ?? '').replace(/^=/, ''), { facts: this.catalogue.facts, names: [ ...this.desk.keys(), 'subject', 'member', 'agenda_item' ] }); }

  validation() {
    if (this.is(...PLAIN, 'computed')) return null;
    const fields = [ this.rule('required', t('必填'), { kind: 'check', get: () => this.field.validate?.required === true }) ];
    fields.push(this.property('required_if', t('什么情况下必填（表达式）'), { kind: 'area', mono: true, validate: (value) => this.feel(value) }));
    if (this.is(...WRITTEN)) {
      fields.push(this.rule('minLength', t('至少几个字')), this.rule('maxLength', t('最多几个字')));
      fields.push(this.rule('pattern', t('格式'), { kind: 'select', options: choices(PATTERNS), set: (value) => {
        const rest = { ...this.field.validate };
        if (value) rest.pattern = value; else { delete rest.pattern; delete rest.patternErrorMessage; }
        this.edit('validate', Object.keys(rest).length ? rest : undefined);
      } }));
      if (this.field.validate?.pattern) fields.push(this.rule('patternErrorMessage', t('格式不对时怎么说'), { kind: 'text' }), this.property('pattern_error_en', t('格式不对时怎么说（英文）')));
    }
    if (this.is('number', 'money')) fields.push(this.rule('min', t('最小')), this.rule('max', t('最大')));
    if (this.is('number')) fields.push(this.plain('decimalDigits', t('小数位数'), { kind: 'number' }));
    if (this.is('table')) fields.push(this.plain('minRows', t('至少几行'), { kind: 'number' }), this.plain('maxRows', t('最多几行'), { kind: 'number' }));
    return { id: 'validation', label: t('填写要求'), fields };
  }

  condition() {
    if (this.is('default')) return null;
    return {
      id: 'condition',
      label: t('什么情况下不问'),
      open: Boolean(this.field.conditional?.hide),
      fields: [ {
        id: 'hide',
        kind: 'area',
        mono: true,
        label: t('隐藏条件（表达式）'),
        hint: t('如 =kind != "EXEMPT"；隐藏的字段不提交。'),
        validate: (value) => this.feel(value),
        get: () => this.field.conditional?.hide ?? '',
        set: (value) => this.edit('conditional', value ? { ...this.field.conditional, hide: value.startsWith('=') ? value : `=${value}` } : undefined),
      } ],
    };
  }

  /** Further checks of a form, each with its sentence: check, check2, ... */
  checks() {
    const properties = this.field.properties ?? {};
    const names = Object.keys(properties).filter((name) => /^check\d*$/.test(name)).sort((a, b) => (Number(a.slice(5)) || 1) - (Number(b.slice(5)) || 1));
    if (this.is(...PLAIN.filter((type) => type !== 'default' && type !== 'group'))) return null;
    return {
      id: 'checks',
      label: t('提交时核对'),
      add: () => {
        let serial = 1;
        const named = () => (serial === 1 ? 'check' : `check${serial}`);
        while (properties[named()] !== undefined) serial++;
        this.edit('properties', { ...properties, [named()]: 'true', [`${named()}_message`]: t('请核对。') });
      },
      items: names.map((name) => ({
        id: name,
        label: properties[`${name}_message`] ?? name,
        remove: () => this.edit('properties', Object.fromEntries(Object.entries(properties).filter(([ one ]) => one !== name && one !== `${name}_message` && one !== `${name}_message_en`))),
        fields: [
          this.property(name, t('须成立的条件（表达式）'), { kind: 'area', mono: true, validate: (value) => check.required(value) ?? this.feel(value) }),
          this.property(`${name}_message`, t('不成立时怎么说'), { kind: 'area', validate: check.required }),
          this.property(`${name}_message_en`, t('不成立时怎么说（英文）'), { kind: 'area' }),
        ],
      })),
    };
  }

  record() {
    if (this.is(...PLAIN)) return null;
    const fields = [ {
      ...this.property('fact', t('不记入案件信息')),
      kind: 'check',
      get: () => this.field.properties?.fact === 'false',
      set: (value) => this.property('fact').set(value ? 'false' : ''),
      hint: t('只在本环节使用，其他环节和表达式读不到。'),
    } ];
    if (this.is('textarea')) fields.push(this.property('opinion', t('记入意见栏'), { kind: 'select', options: choices(OPINIONS) }), this.property('phrases', t('常用语（用｜分隔）'), { kind: 'area' }));
    fields.push(this.property('proposal', t('显示哪一项建议'), { mono: true, hint: t('决策表结论的名称；表单须有说明不采纳理由的字段。') }), this.property('proposal_from', t('建议取自字段'), { mono: true }));
    if (this.field.properties?.proposal) fields.push(this.ticked('proposal_range', t('建议是可选范围，在其中选择即为采纳')), this.ticked('proposal_asked', t('建议列出的事项都须作出决定')));
    if (this.is('table')) fields.push(this.property('filled_from', t('打开时先填入'), { kind: 'select', options: choices(FILLED), hint: t('须有一列字段名为 name；另有 kind、pages 两列的一并填入。') }));
    if (this.is('datetime')) fields.push(this.property('served_by_notice', t('公告送达的，公告日期取自字段'), { mono: true }));
    return { id: 'record', label: t('记录与建议'), open: false, fields };
  }

  further() {
    const properties = this.field.properties ?? {};
    const names = Object.keys(properties).filter((name) => !OWN.has(name) && !/^check\d*(_message(_en)?)?$/.test(name));
    if (!names.length) return null;
    return { id: 'further', label: t('其他属性'), open: false, fields: names.map((name) => this.property(name, name, { mono: true })) };
  }
}
