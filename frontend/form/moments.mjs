// Days, date-times and times as people type them and as the server keeps them (office time, +08:00).
const two = (number) => String(number).padStart(2, '0');

function day(text) {
  const found = /^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))$/.exec(text);
  if (!found) return null;
  const [ year, month, date ] = [ found[1], found[2] ?? found[4], found[3] ?? found[5] ].map(Number);
  const real = new Date(Date.UTC(year, month - 1, date));
  return real.getUTCMonth() === month - 1 && real.getUTCDate() === date && year >= 1900 && year <= 2200
    ? `${year}-${two(month)}-${two(date)}`
    : null;
}

function time(text) {
  const found = /^(\d{1,2})[:：时](\d{2})分?$/.exec(text);
  return found && Number(found[1]) < 24 && Number(found[2]) < 60 ? `${two(found[1])}:${found[2]}` : null;
}

/** What somebody typed, as it is kept; null when it is no such moment. */
export function read(text, subtype) {
  const typed = text.normalize('NFKC').trim(); // a Chinese input method also types full-width digits
  if (subtype === 'time') return time(typed);
  if (subtype !== 'datetime') return day(typed);
  const [ date, clock, ...rest ] = typed.split(/[\sT]+/);
  const parts = [ day(date ?? ''), time(clock ?? '') ];
  return parts[0] && parts[1] && !rest.length ? `${parts[0]}T${parts[1]}:00+08:00` : null;
}

/** A kept value as it stands in its input. Text that is no moment stays as it was typed. */
export function show(value, subtype) {
  if (typeof value !== 'string') return '';
  if (subtype !== 'datetime' || !isMoment(value)) return value;
  const office = new Date(Date.parse(value) + 8 * 3600_000).toISOString();
  return `${office.slice(0, 10)} ${office.slice(11, 16)}`;
}

export const isDay = (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && day(value) === value;
export const isTime = (value) => typeof value === 'string' && time(value) === value;
export const isMoment = (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value) && isDay(value.slice(0, 10)) && !Number.isNaN(Date.parse(value));
