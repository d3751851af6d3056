// The server's rules and sentences, told while somebody types. The server checks again; what it alone knows stays there.
import { isDay, isMoment, isTime } from './moments.mjs';
import { yuan } from './amounts.mjs';

const CHOSEN = new Set([ 'select', 'radio', 'datetime', 'date', 'checklist', 'person', 'multi-person', 'organ', 'multi-organ', 'case-ref', 'multi-case-ref', 'multi-select' ]);
const REQUIRED = {
  attachment: '请上传“{label}”。',
  'multi-attachment': '请上传“{label}”。',
  checkbox: '请勾选“{label}”。',
  signature: '请本人签字确认“{label}”。',
};

export const isAnswered = (type, value) =>
  type === 'checkbox' || type === 'signature'
    ? value === true
    : !(value === null || value === undefined || (typeof value === 'string' && !value.trim()) || (Array.isArray(value) && !value.length));

const isBlankRow = (row) => Object.values(row ?? {}).every((value) => !value || (Array.isArray(value) && !value.length));

/** Sentences for one answer; [] when it fits. `required` overrides the field's own rule (conditions). */
export function check(field, value, translate, { required = field.validate?.required === true } = {}) {
  const { type, validate = {} } = field;
  const label = field.label ?? field.dateLabel ?? '';
  const say = (sentence, values) => [ translate(sentence, { label, ...values }) ];
  const rows = type === 'table' ? (value ?? []).filter((row) => !isBlankRow(row)) : value;
  if (!isAnswered(type, rows)) {
    return required ? say(REQUIRED[type] ?? (CHOSEN.has(type) ? '请选择“{label}”。' : '请填写“{label}”。')) : [];
  }
  if (typeof value === 'string' && [ 'textfield', 'textarea', 'text', 'longtext' ].includes(type)) return text(value.trim(), validate, say);
  if (type === 'number') return number(value, field, say);
  if (type === 'money') return money(value, validate, say);
  if (type === 'identity-number') return isIdentityNumber(value) ? [] : say('“{label}”不是有效的18位公民身份号码，请核对出生日期和最后一位校验码。');
  if (type === 'datetime' || type === 'date') return moment(value, field.subtype ?? type, say);
  if (type === 'table') return table(field, value, rows, say, translate);
  return [];
}

function text(value, validate, say) {
  const count = [ ...value ].length;
  if (validate.maxLength && count > validate.maxLength) return say('“{label}”最多 {most} 个字，现有 {count} 个字。', { most: validate.maxLength, count });
  if (validate.minLength && count < validate.minLength) return say('“{label}”至少 {least} 个字。', { least: validate.minLength });
  if (validate.pattern && !new RegExp(validate.pattern).test(value)) {
    return validate.patternErrorMessage ? [ validate.patternErrorMessage ] : say('“{label}”的格式不正确，应如 {example}。', { example: validate.patternExample ?? '' });
  }
  return [];
}

const WEIGHTS = [ 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 ];
/** What stands for a number that was sealed before: masked, and where it lies. */
export const REFERENCE = /^([1-9]\d{5}\*{8}\d{3}[\dX])#[0-9a-f]{32}$/;

/** GB 11643: eighteen characters, a date of birth that exists, the check digit; or a number that was sealed before. */
export function isIdentityNumber(value) {
  if (REFERENCE.test(value)) return true;
  const number = String(value).replace(/[\s-]/g, '').toUpperCase();
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return false;
  const born = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!isDay(born)) return false;
  return '10X98765432'[WEIGHTS.reduce((sum, weight, place) => sum + weight * Number(number[place]), 0) % 11] === number[17];
}

function number(value, { decimalDigits, validate = {} }, say) {
  if (typeof value !== 'number' || !Number.isFinite(value)) return say('“{label}”应为数字，如 12 或者 3.5。');
  const digits = (String(value).split('.')[1] ?? '').length;
  if (decimalDigits === 0 && digits) return say('“{label}”应为整数，如 12。');
  if (digits > (decimalDigits ?? 6)) return say('“{label}”最多 {digits} 位小数。', { digits: decimalDigits ?? 6 });
  return bounds(value, validate, say, String);
}

function money(value, validate, say) {
  if (typeof value !== 'number' || !Number.isInteger(value)) return say('“{label}”应为金额，如 8000 或者 8000.50。');
  return bounds(value, { min: 0, ...validate }, say, yuan);
}

function bounds(value, { min, max }, say, shown) {
  if (typeof min === 'number' && value < min) return say('“{label}”不能小于{least}。', { least: shown(min) });
  if (typeof max === 'number' && value > max) return say('“{label}”不能大于{most}。', { most: shown(max) });
  return [];
}

function moment(value, subtype, say) {
  if (subtype === 'datetime') return isMoment(value) ? [] : say('“{label}”应为有效的日期和时间，如 2026-11-23 09:30。');
  if (subtype === 'time') return isTime(value) ? [] : say('“{label}”应为有效的时间，如 09:30。');
  return isDay(value) ? [] : say('“{label}”应为有效的日期，如 2026-11-23。');
}

function table(field, value, rows, say, translate) {
  if (field.maxRows && rows.length > field.maxRows) return say('“{label}”最多 {most} 行。', { most: field.maxRows });
  if (field.minRows && rows.length < field.minRows) return say('“{label}”至少 {least} 行。', { least: field.minRows });
  return cells(field, value, translate).map(({ row, sentence }) => translate('第 {row} 行：{sentence}', { row: row + 1, sentence }));
}

/** Wrong cells of a table: [{ row, key, sentence }], rows counted from 0. Blank rows are not asked. */
export function cells(field, value, translate) {
  return (value ?? []).flatMap((given, row) =>
    isBlankRow(given)
      ? []
      : (field.columns ?? []).flatMap((column) =>
        check({ ...column, validate: { ...column.validate, required: column.required === true } }, given[column.key], translate)
          .map((sentence) => ({ row, key: column.key, sentence }))));
}
