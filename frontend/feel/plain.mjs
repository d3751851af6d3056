// FEEL values -> JSON values: dates as YYYY-MM-DD, date-times as ISO 8601 with +08:00, durations as ISO 8601.
import { DateTime, Duration, FixedOffsetZone, SystemZone } from 'luxon';

// What is nested deeper no reader of JSON on the way to the database would follow.
const DEEPEST = 50;

export function plain(value, depth = 0) {
  if (depth > DEEPEST) throw new Error('nested too deep');
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return finite(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (DateTime.isDateTime(value)) return moment(value);
  if (Duration.isDuration(value)) return span(value);
  if (Array.isArray(value)) return value.map((entry) => plain(entry, depth + 1));
  if (Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([ key, entry ]) => [ key, plain(entry, depth + 1) ]));
  }
  throw new Error('not a plain value');
}

// A difference of two dates is counted in days: "a month" of milliseconds is nobody's month.
function span(value) {
  const units = value.years || value.months ? [ 'years', 'months' ] : [];
  return value.shiftTo(...units, 'days', 'hours', 'minutes', 'seconds').normalize().toISO();
}

function finite(number) {
  if (!Number.isFinite(number)) throw new Error('not a finite number');
  return number;
}

function moment(value) {
  if (!value.isValid) throw new Error('not a valid date');
  if (value.year === 1900 && value.month === 1 && value.day === 1) return value.toISOTime({ suppressMilliseconds: true, includeOffset: false });
  const midnight = value.hour + value.minute + value.second + value.millisecond === 0;
  if (midnight && value.zone === FixedOffsetZone.utcInstance) return value.toISODate();
  return value.setZone(SystemZone.instance).toISO({ suppressMilliseconds: true });
}
