/** @jsxImportSource preact */
// The product's field types in the form editor: a place in the palette, and how they look on the sheet being edited.
// The editor has its own copies of form-js and preact (it is one version behind), so these are drawn for it alone;
// the preview shows the real ones.
import { t } from '../studio/words.mjs';

const symbol = (text) => () => (
  <svg xmlns="http://www.w3.org/2000/svg" width="54" height="54" viewBox="0 0 54 54" aria-hidden="true">
    <rect x="8" y="15" width="38" height="24" rx="3" fill="none" stroke="currentColor" stroke-width="1.5" />
    <text x="27" y="32" text-anchor="middle" font-size="13" fill="currentColor">{ text }</text>
  </svg>
);

const OFFERED = [
  [ 'textfield', '单行文字', '文' ], [ 'textarea', '多行文字', '段' ], [ 'number', '数字', '12' ], [ 'money', '金额', '¥' ], [ 'identity-number', '身份证号码', '证' ],
  [ 'datetime', '日期', '日' ], [ 'radio', '单选', '◉' ], [ 'select', '下拉选择', '▾' ], [ 'checklist', '多选', '☑' ], [ 'checkbox', '勾选', '✓' ],
  [ 'person', '人员', '人' ], [ 'multi-person', '多名人员', '人+' ], [ 'organ', '单位', '单' ], [ 'multi-organ', '多个单位', '单+' ],
  [ 'case-ref', '案件', '案' ], [ 'multi-case-ref', '多个案件', '案+' ], [ 'attachment', '附件', '附' ], [ 'multi-attachment', '多个附件', '附+' ],
  [ 'signature', '签字', '签' ], [ 'computed', '计算', '=' ], [ 'table', '表格', '表' ],
];
const SHOWN = [ [ 'group', '分组', '[ ]' ], [ 'text', '说明文字', 'T' ], [ 'separator', '分隔线', '—' ], [ 'spacer', '空白', '␣' ] ];

export const NAMES = Object.fromEntries([ ...OFFERED, ...SHOWN ].map(([ type, name ]) => [ type, name ]));

const CREATED = {
  datetime: { subtype: 'date', dateLabel: '日期' },
  checklist: { properties: { options: '' } },
  radio: { properties: { options: '' } },
  select: { properties: { options: '' } },
  computed: { expression: '' },
  table: { columns: [ { key: 'name', label: '名称', type: 'text', required: true } ], minRows: 1, maxRows: 30 },
};

function Sketch({ field, strange = false }) {
  const { type, label, description, validate, properties = {}, columns, dateLabel } = field;
  return (
    <div class="fjs-form-field wz-sketch">
      { strange && <p class="wz-sketch-strange">{ t('这里没有“{type}”这种字段，请删除，或者换成左边的字段。', { type }) }</p> }
      <div class="wz-sketch-label">{ label || dateLabel || t(NAMES[type] ?? type) }{ validate?.required && <b aria-hidden="true">*</b> }<small>{ t(NAMES[type] ?? type) }{ properties.options ? ` · ${properties.options}` : '' }{ properties.source ? ` · ${properties.source}` : '' }</small></div>
      { type === 'table'
        ? <table><thead><tr>{ (columns ?? []).map((column) => <th key={ column.key }>{ column.label }</th>) }</tr></thead></table>
        : type === 'signature' || type === 'checkbox'
          ? <div class="wz-sketch-tick">☐ { type === 'signature' ? t('本人签字确认') : label }</div>
          : <div class={ type === 'textarea' ? 'wz-sketch-box tall' : 'wz-sketch-box' } /> }
      { description && <div class="fjs-form-field-description">{ description }</div> }
    </div>
  );
}

/** Stands for fields of other tools, so that their form opens and they can be seen, moved and deleted. */
function stranger({ type, ...part }) {
  const Field = (props) => <Sketch { ...props } strange />;
  Field.config = {
    type,
    keyed: 'key' in part,
    pathed: 'path' in part,
    emptyValue: null,
    sanitizeValue: ({ value }) => value,
    icon: symbol('?'),
    create: (options = {}) => options,
  };
  return Field;
}

/** Registers what the server knows, and takes the rest out of the palette. */
export class OfficeFields {
  constructor(formFields) {
    const known = formFields._formFields;
    for (const type of Object.keys(known)) {
      if (type !== 'default' && !(type in NAMES)) delete known[type];
    }
    for (const [ type, name, sign ] of OFFERED) {
      const Field = (props) => <Sketch { ...props } />;
      Field.config = {
        type,
        name: t(name),
        group: [ 'person', 'multi-person', 'organ', 'multi-organ', 'case-ref', 'multi-case-ref', 'attachment', 'multi-attachment', 'signature', 'table' ].includes(type) ? 'action' : type === 'computed' ? 'presentation' : [ 'radio', 'select', 'checklist', 'checkbox' ].includes(type) ? 'selection' : 'basic-input',
        keyed: true,
        emptyValue: null,
        sanitizeValue: ({ value }) => value,
        icon: symbol(sign),
        create: (options = {}) => ({ label: t(name), ...CREATED[type], ...options }),
      };
      formFields.register(type, Field);
    }
    for (const [ type, name, sign ] of SHOWN) {
      const kept = known[type];
      if (!kept) continue;
      kept.config = { ...kept.config, name: t(name), icon: symbol(sign) };
    }
    this.formFields = formFields;
  }

  /** Makes a place for the types of a form that nobody here knows. */
  welcome({ components = [] }) {
    for (const part of components) {
      if (typeof part.type === 'string' && !this.formFields.get(part.type)) {
        Object.defineProperty(this.formFields._formFields, part.type, { value: stranger(part), configurable: true }); // not enumerable: the palette lists what is
      }
      this.welcome(part);
    }
  }
}
OfficeFields.$inject = [ 'formFields' ];
