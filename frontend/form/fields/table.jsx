// Rows of typed cells. Narrow tables are tables; wide ones, and all of them on a phone, show each row as a card, so that
// every cell stays readable.
import { useEffect, useRef, useState } from 'preact/hooks';

import { cells } from '../check.mjs';
import { describedBy, GroupFrame, leaving, usePaper, useTranslate } from './frame.jsx';
import { DateInput, IdentityNumberInput, MoneyInput, NumberInput, SelectInput, TextInput, TickInput } from './inputs.jsx';
import { PickerInput, SOURCES } from './picker.jsx';

const WIDTHS = { organ: 2, person: 2, 'case-ref': 2, datetime: 2, longtext: 3, text: 1.5, 'identity-number': 2, date: 1.3, select: 1.3, checkbox: 0.8 };
const WIDEST = 7.5; // units of WIDTHS that a form column on a small screen has room for
const PHONE = matchMedia('(max-width: 560px)');
const MOST_ROWS = 200;

function usePhone() {
  const [ phone, setPhone ] = useState(PHONE.matches);
  useEffect(() => {
    const turned = () => setPhone(PHONE.matches);
    PHONE.addEventListener('change', turned);
    return () => PHONE.removeEventListener('change', turned);
  }, []);
  return phone;
}

const CELLS = {
  text: (props) => <TextInput {...props} />,
  longtext: (props) => <TextInput long {...props} />,
  select: (props) => <SelectInput options={props.column.values} {...props} />,
  date: (props) => <DateInput subtype="date" {...props} />,
  datetime: (props) => <DateInput subtype="datetime" {...props} />,
  number: (props) => <NumberInput {...props} />,
  money: (props) => <MoneyInput {...props} />,
  'identity-number': (props) => <IdentityNumberInput {...props} />,
  checkbox: (props) => <TickInput {...props} />,
  organ: (props) => <PickerInput source={props.column.source ?? SOURCES.organ} hint="输入两个字查找" {...props} />,
  person: (props) => <PickerInput source={props.column.source ?? SOURCES.person} hint="输入两个字查找" {...props} />,
  'case-ref': (props) => <PickerInput source={props.column.source ?? SOURCES['case-ref']} hint="输入两个字查找" {...props} />,
};

export function Table(props) {
  const { field, value, domId, errors = [], onChange, onFocus, disabled, readonly } = props;
  const onBlur = leaving(props.onBlur);
  const translate = useTranslate();
  const { cellErrors } = usePaper();
  const place = useRef();
  const columns = field.columns ?? [];
  const given = Array.isArray(value) ? value : [];
  const least = field.minRows ?? 0;
  const most = field.maxRows ?? MOST_ROWS;
  const rows = given.length >= least ? given : [ ...given, ...Array.from({ length: least - given.length }, () => ({})) ];
  const locked = disabled || readonly;
  const phone = usePhone();
  const cards = phone || columns.reduce((sum, { type }) => sum + (WIDTHS[type] ?? 1.2), 0) > WIDEST;

  const wrong = new Map();
  if (errors.length) {
    for (const { row, key, sentence } of cells(field, given, translate)) wrong.set(`${row} ${key}`, sentence);
    for (const [ path, sentences ] of Object.entries(cellErrors(field.key, value))) {
      const [ , row, key ] = /\[(\d+)\]\.(.+)$/.exec(path) ?? [];
      if (key) wrong.set(`${row} ${key}`, sentences[0]);
    }
  }

  const set = (row, key, answer) => onChange({ field, value: rows.map((kept, number) => (number === row ? { ...kept, [key]: answer } : kept)) });
  const focusLater = (selector) => setTimeout(() => place.current?.querySelector(selector)?.focus());
  const add = () => {
    onChange({ field, value: [ ...rows, {} ] });
    focusLater(`[id="${domId}-${rows.length}-${columns[0]?.key}"]`);
  };
  const remove = (row) => {
    onChange({ field, value: rows.filter((_, number) => number !== row) });
    focusLater('.wz-add');
  };
  const cell = (row, column) => {
    const Cell = CELLS[column.type] ?? CELLS.text;
    const sentence = wrong.get(`${row} ${column.key}`);
    const attributes = {
      id: `${domId}-${row}-${column.key}`,
      'aria-label': `${translate('第 {row} 行', { row: row + 1 })} ${column.label}`,
      'aria-invalid': sentence ? true : undefined,
      'aria-describedby': describedBy(domId),
      'aria-required': column.required || undefined,
      title: sentence,
      disabled,
      readOnly: readonly,
      onBlur,
      onFocus,
    };
    return <Cell column={column} attributes={attributes} value={rows[row][column.key] ?? null} onChange={(answer) => set(row, column.key, answer)} />;
  };
  const remover = (row) => (
    <button type="button" class="wz-remove" aria-label={translate('删除第 {row} 行', { row: row + 1 })} onClick={() => remove(row)}>{translate('删除')}</button>
  );
  const title = (column) => <>{column.label}{column.required && <span class="fjs-asterix" aria-hidden="true">*</span>}</>;

  return (
    <GroupFrame type="table" {...props}>
      <div class={cards ? 'wz-cards' : 'wz-rows'} ref={place}>
        {cards
          ? rows.map((_, row) => (
            <div class="wz-card" key={row} role="group" aria-label={translate('第 {row} 行', { row: row + 1 })}>
              <div class="wz-card-head"><b>{translate('第 {row} 行', { row: row + 1 })}</b>{!locked && remover(row)}</div>
              <div class="wz-card-cells">
                {columns.map((column) => (
                  <div key={column.key} class={`wz-cell wz-cell-${column.type}`}><span class="wz-cell-label" aria-hidden="true">{title(column)}</span>{cell(row, column)}</div>
                ))}
              </div>
            </div>
          ))
          : rows.length > 0 && (
            <table class="wz-grid">
              <thead><tr>{columns.map((column) => <th key={column.key} scope="col" class={`wz-cell-${column.type}`}>{title(column)}</th>)}{!locked && <th scope="col"><span class="visually-hidden">{translate('操作')}</span></th>}</tr></thead>
              <tbody>
                {rows.map((_, row) => (
                  <tr key={row}>{columns.map((column) => <td key={column.key} class={`wz-cell-${column.type}`}>{cell(row, column)}</td>)}{!locked && <td class="wz-last">{remover(row)}</td>}</tr>
                ))}
              </tbody>
            </table>
          )}
        {!locked && (
          <div class="wz-table-foot">
            <button type="button" id={rows.length ? undefined : domId} class="btn btn-line wz-add" disabled={rows.length >= most} onClick={add}>{translate('添加一行')}</button>
            {rows.length >= most && <span class="muted small">{translate('最多 {most} 行', { most })}</span>}
          </div>
        )}
      </div>
    </GroupFrame>
  );
}

Table.config = {
  type: 'table',
  name: '表格',
  group: 'basic-input',
  keyed: true,
  emptyValue: [],
  sanitizeValue: ({ value }) => (Array.isArray(value) ? value.filter((row) => row && typeof row === 'object') : []),
  create: (options = {}) => ({ label: '表格', columns: [ { key: 'name', label: '名称', type: 'text' } ], minRows: 1, maxRows: 30, ...options }),
};
