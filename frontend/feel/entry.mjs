// FEEL for the server: the same interpreter as the modeler, the table editor and the form viewer use in the browser.
// One global, `wenze(payload)`: JSON text in, JSON text out, so that nothing but plain values crosses into Python.
import { evaluate, unaryTest } from '@bpmn-io/feelin';
import { DateTime, Settings } from 'luxon';

import { inspect } from './inspect.mjs';
import { plain } from './plain.mjs';
import { keepOfficeTime } from './office-time.mjs';

keepOfficeTime();

class Refusal extends Error {
  constructor(kind, details = {}) {
    super(kind);
    this.kind = kind;
    this.details = details;
  }
}

function scopeOf(context, now) {
  const instant = () => DateTime.fromISO(now, { setZone: true }).toLocal();
  return {
    ...context,
    now: () => instant(),
    // a FEEL date is midnight UTC of the office's calendar day, as date("...") makes it
    today: () => {
      const day = instant();
      return DateTime.utc(day.year, day.month, day.day);
    },
  };
}

function refuseWarnings(warnings) {
  if (!warnings.length) return;
  const { type, message, details } = warnings[0];
  throw new Refusal('warning', { type, message, name: nameIn(details.template) });
}

const nameIn = (template) => /'([^']+)' not found/.exec(template)?.[1] ?? null;

function calculate(expression, scope) {
  const { value, warnings } = evaluate(expression, scope);
  refuseWarnings(warnings);
  return value;
}

function matches(test, scope) {
  const { value, warnings } = unaryTest(test, scope);
  refuseWarnings(warnings);
  return value === true;
}

/** Runs `work`; a refusal leaves with the place (column, row) where it happened. */
function at(place, work) {
  try {
    return work();
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal('failure', describe(error));
    refusal.details = { ...refusal.details, ...place };
    throw refusal;
  }
}

function typeFits(value, type) {
  if (value === null || value === undefined || !type) return true;
  return { string: 'string', number: 'number', boolean: 'boolean' }[type] === undefined || typeof value === type;
}

function inputsOf(table, scope) {
  return table.inputs.map(({ expression, type }, column) => at({ column }, () => {
    const value = calculate(expression, scope);
    if (!typeFits(value, type)) throw new Refusal('input_type', { type, value: String(value) });
    return value;
  }));
}

function decide({ table, context, now, first }) {
  const scope = scopeOf(context, now);
  const inputs = inputsOf(table, scope);
  const hits = [];
  for (const [ row, { tests } ] of table.rows.entries()) {
    const hit = tests.every((test, column) =>
      test === '-' || test === '' || at({ row, column }, () => matches(test, { ...scope, '?': inputs[column] })));
    if (hit) hits.push(row);
    if (hit && first) break;
  }
  const outputs = hits.map((row) => table.rows[row].outputs.map((expression, output) =>
    expression === '' ? null : at({ row, output }, () => plain(calculate(expression, scope)))));
  return { inputs: inputs.map((value) => plain(value)), hits, outputs };
}

const verbs = {
  evaluate: ({ expression, context, now }) => plain(calculate(expression, scopeOf(context, now))),
  unary: ({ test, value, context, now }) => matches(test, { ...scopeOf(context, now), '?': value }),
  table: decide,
  inspect: ({ expression, scope, unary, input }) => inspect(expression, scope, { unary, input }),
};

// Neither V8's clock nor a forgotten one: without the caller's "now" an expression that asks for the time fails.
function setClock(now) {
  const instant = now ? Date.parse(now) : NaN;
  Settings.now = () => instant;
}

function describe(error) {
  if (error instanceof Refusal) return { kind: error.kind, ...error.details };
  const kind = error?.position && error?.input !== undefined ? 'syntax' : 'failure';
  return { kind, message: String(error?.message ?? error), position: error?.position };
}

globalThis.wenze = (payload) => {
  const { verb, ...request } = JSON.parse(payload);
  setClock(request.now);
  try {
    return JSON.stringify({ value: verbs[verb](request) ?? null });
  } catch (error) {
    return JSON.stringify({ error: describe(error) });
  }
};
