// Every field type that we add to form-js or put in the place of its own, with what the form editor needs to offer it.
import { Attachment } from './attachment.jsx';
import { Checklist, Computed, Datetime, IdentityNumber, Money, Picker, Radio, Select, Signature } from './plain.jsx';
import { Table } from './table.jsx';

const picker = (type, name) => configured(Picker, { type, name, label: name });

/** The same component under several types. `config` is what form-js and the editor's palette read. */
function configured(Component, { type, name, label = name, emptyValue, ...create }) {
  const Field = (props) => Component(props);
  Field.config = {
    type,
    name,
    group: 'basic-input',
    keyed: true,
    emptyValue: emptyValue ?? (type.startsWith('multi-') || type === 'checklist' || type === 'attachment' ? [] : null),
    sanitizeValue: ({ value }) => value,
    create: (options = {}) => ({ label, ...create, ...options }),
  };
  return Field;
}

export const FIELD_TYPES = [
  picker('person', '人员'),
  picker('multi-person', '多名人员'),
  picker('organ', '单位'),
  picker('multi-organ', '多个单位'),
  picker('case-ref', '案件'),
  picker('multi-case-ref', '多个案件'),
  configured(Money, { type: 'money', name: '金额' }),
  configured(IdentityNumber, { type: 'identity-number', name: '身份证号码' }),
  configured(Signature, { type: 'signature', name: '签字' }),
  configured(Computed, { type: 'computed', name: '计算', expression: '' }),
  configured(Attachment, { type: 'attachment', name: '附件' }),
  configured(Attachment, { type: 'multi-attachment', name: '多个附件' }),
  configured(Datetime, { type: 'datetime', name: '日期', subtype: 'date' }),
  configured(Select, { type: 'select', name: '下拉选择' }),
  configured(Radio, { type: 'radio', name: '单选' }),
  configured(Checklist, { type: 'checklist', name: '多选' }),
  Table,
];
