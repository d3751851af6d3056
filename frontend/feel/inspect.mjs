// What an expression reads and what it gives, from its syntax tree alone: names, types, and what is wrong with them.
import { parser, trackVariables } from '@bpmn-io/lezer-feel';

import { RESULTS } from './builtins.mjs';

const MAX_DEPTH = 60;
const TEMPORAL = new Set([ 'date', 'date time', 'time', 'duration' ]);
const SCALAR = new Set([ 'string', 'number', 'boolean' ]);

export function inspect(expression, scope, { unary = false, input = 'any' } = {}) {
  const names = Object.fromEntries(Object.keys(scope).map((name) => [ name, null ]));
  const tree = parser
    .configure({ top: unary ? 'UnaryTests' : 'Expression', contextTracker: trackVariables(names) })
    .parse(expression);
  const reader = new Reader(expression, input);
  const syntax = firstError(tree, expression);
  if (syntax) return { type: 'any', names: [], problems: [ syntax ], fields: null, values: null };
  const type = reader.read(tree.topNode, scope, 0);
  const fields = type?.fields ? Object.fromEntries(Object.entries(type.fields).map(([ name, entry ]) => [ name, typeName(entry) ])) : null;
  const values = type?.values ? [ ...type.values ] : null;
  return { type: typeName(type), names: [ ...reader.names ].sort(), problems: reader.problems, fields, values };
}

function firstError(tree, expression) {
  let found = null;
  let depth = 0;
  let deepest = 0;
  tree.iterate({
    enter(node) {
      deepest = Math.max(deepest, ++depth);
      if (node.type.isError && !found) found = { rule: 'syntax', name: expression.slice(Math.max(0, node.from - 6), node.to + 6).trim(), from: node.from };
    },
    leave() { depth--; },
  });
  if (found) return found;
  return deepest > MAX_DEPTH ? { rule: 'nesting', name: '', from: 0 } : null;
}

// A type is its name, { fields } of a context, { list } of what, or { values } that a text may have: written out as
// `literal`, or from the lists of options of whoever states it.
const typeName = (type) => typeof type === 'string' ? type : type?.fields ? 'context' : type?.values ? 'string' : 'list';

class Reader {
  constructor(text, input) {
    this.text = text;
    this.input = input;
    this.names = new Set();
    this.problems = [];
  }

  textOf(node) {
    return this.text.slice(node.from, node.to).replace(/`/g, '').replace(/\s+/g, ' ');
  }

  complain(rule, node, details = {}) {
    this.problems.push({ rule, name: this.textOf(node), from: node.from, ...details });
  }

  read(node, scope) {
    const reading = READINGS[node.name];
    return reading ? reading(this, node, scope) : this.readAll(node, scope);
  }

  readAll(node, scope) {
    let type = 'any';
    for (const child of children(node)) type = this.read(child, scope);
    return type;
  }

  expect(type, wanted, node) {
    const name = typeName(type);
    if (name !== 'any' && name !== 'null' && name !== wanted) this.complain('type', node, { wanted, given: name });
  }

  compare(left, right, node) {
    this.compareValues(left, right, node);
    const [ a, b ] = [ typeName(left), typeName(right) ];
    if (a === b || [ a, b ].some((type) => type === 'any' || type === 'null')) return;
    if ([ a, b ].includes('iso')) {
      const other = a === 'iso' ? b : a;
      if (other === 'string') return;
      this.complain(TEMPORAL.has(other) ? 'iso' : 'compare', node, { left: a, right: b });
    } else if (!(TEMPORAL.has(a) && TEMPORAL.has(b))) {
      this.complain('compare', node, { left: a, right: b });
    }
  }

  // A text that no list has is never equal to one of the list.
  compareValues(left, right, node) {
    for (const [ known, given ] of [ [ left, right ], [ right, left ] ]) {
      if (!known?.values || known.literal || !given?.literal) continue;
      for (const value of given.values.filter((one) => !known.values.includes(one))) {
        this.complain('unknown_value', node, { value, candidates: known.values });
      }
    }
  }
}

function children(node) {
  const found = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

const boolean = (reader, node, scope) => { reader.readAll(node, scope); return 'boolean'; };
const constant = (type) => () => type;
const LOCALS = Symbol('names bound by the expression itself');
const extend = (scope, names) => ({ ...scope, ...names, [LOCALS]: new Set([ ...(scope[LOCALS] ?? []), ...Object.keys(names) ]) });
const isLocal = (scope, name) => scope[LOCALS]?.has(name) ?? false;
const lookup = (scope, name) => Object.prototype.hasOwnProperty.call(scope, name) ? scope[name] : undefined;

function elementOf(type) {
  return type?.list ?? 'any';
}

function declared(type) {
  // a declared date travels as ISO text: FEEL sees a string until date(...) is written around it
  return type === 'date' ? 'iso' : type;
}

function variable(reader, node, scope) {
  const name = reader.textOf(node);
  const type = lookup(scope, name);
  if (type !== undefined) {
    if (!isLocal(scope, name)) reader.names.add(name);
    return declared(type);
  }
  if (name in RESULTS) return 'function';
  reader.names.add(name);
  reader.complain('unknown_name', node, { candidates: Object.keys(scope) });
  return 'any';
}

function path(reader, node, scope) {
  const [ target, property ] = children(node);
  const base = reader.read(target, scope);
  const name = reader.textOf(property);
  const text = reader.textOf(node);
  if (/^[\p{L}_][\p{L}\p{N}_. ]*$/u.test(text) && !isLocal(scope, text.split('.')[0])) reader.names.add(text);
  if (base?.list?.fields) return { list: field(reader, node, base.list.fields, property) };
  if (base?.fields) return field(reader, node, base.fields, property);
  if (SCALAR.has(typeName(base))) reader.complain('not_context', node, { property: name });
  return 'any';
}

function field(reader, node, fields, property) {
  const name = reader.textOf(property);
  const type = lookup(fields, name);
  if (type !== undefined) return declared(type);
  reader.complain('unknown_field', node, { property: name, candidates: Object.keys(fields) });
  return 'any';
}

function filter(reader, node, scope) {
  const [ target, , test ] = children(node);
  const base = reader.read(target, scope);
  const element = elementOf(base);
  const inner = extend(scope, { ...(element?.fields ?? {}), item: element });
  const type = reader.read(test, inner);
  if (type === 'number') return element;
  return typeName(base) === 'list' && type === 'boolean' ? base : 'any'; // a position, or a test: nobody can tell
}

function iteration(reader, node, scope) {
  // for x in xs return ..., some/every x in xs satisfies ...: later parts see the names of earlier ones
  let inner = scope;
  let result = 'any';
  for (const child of children(node)) {
    if (child.name === 'InExpressions') {
      for (const clause of children(child).filter(({ name }) => name === 'InExpression')) {
        const [ name ] = children(clause);
        const source = children(clause).at(-1);
        const type = reader.read(source, inner);
        inner = extend(inner, { [reader.textOf(name)]: elementOf(type), partial: 'list' });
      }
    } else {
      result = reader.read(child, inner);
    }
  }
  return node.name === 'ForExpression' ? { list: result } : 'boolean';
}

function context(reader, node, scope) {
  let inner = scope;
  const fields = {};
  for (const entry of children(node).filter(({ name }) => name === 'ContextEntry')) {
    const [ key, value ] = children(entry);
    const name = reader.textOf(key).replace(/^"|"$/g, '');
    fields[name] = reader.read(value, inner);
    inner = extend(inner, { [name]: fields[name] });
  }
  return { fields };
}

function definition(reader, node, scope) {
  let inner = scope;
  for (const part of children(node)) {
    if (part.name === 'FormalParameters') {
      for (const parameter of children(part)) inner = extend(inner, { [reader.textOf(parameter)]: 'any' });
    }
    if (part.name === 'FunctionBody') reader.readAll(part, inner);
  }
  return 'function';
}

function invocation(reader, node, scope) {
  const [ target, ...rest ] = children(node);
  const name = reader.textOf(target);
  const local = lookup(scope, name);
  if (target.name === 'VariableName' && local === undefined && !(name in RESULTS)) {
    reader.complain('unknown_function', target, { candidates: Object.keys(RESULTS) });
  } else if (target.name !== 'VariableName') {
    reader.read(target, scope);
  }
  for (const part of rest) {
    if (part.name === 'PositionalParameters') {
      const given = children(part).filter(({ name: kind }) => kind !== ',').map((one) => reader.read(one, scope));
      if (name === 'list contains') reader.compareValues(elementOf(given[0]), given[1], node);
    }
    if (part.name === 'NamedParameters') {
      for (const parameter of children(part)) reader.read(children(parameter).at(-1), scope);
    }
  }
  return RESULTS[name] ?? 'any';
}

function temporal(reader, node, scope) {
  reader.readAll(node, scope);
  const [ constructor ] = children(node);
  return constructor.name === 'AtLiteral' ? 'any' : RESULTS[reader.textOf(constructor)] ?? 'any';
}

function comparison(reader, node, scope) {
  const parts = children(node);
  const operator = parts.find(({ name }) => name === 'CompareOp');
  if (!operator) {
    const [ left, ...rest ] = parts;
    const type = reader.read(left, scope);
    for (const part of rest) {
      if ([ 'PositiveUnaryTests', 'PositiveUnaryTest' ].includes(part.name)) tests(reader, part, scope, type);
      else if (part.name !== 'in') reader.read(part, scope);
    }
    return 'boolean';
  }
  reader.compare(reader.read(parts[0], scope), reader.read(parts[2], scope), node);
  return 'boolean';
}

function tests(reader, node, scope, input) {
  const before = reader.input;
  reader.input = input;
  reader.readAll(node, scope);
  reader.input = before;
}

function positiveTest(reader, node, scope) {
  const [ inner ] = children(node);
  const type = reader.read(inner, scope);
  const test = inner.name === 'SimplePositiveUnaryTest' || typeName(type) === 'boolean' || typeName(type) === 'list';
  if (typeName(type) === 'list') reader.compareValues(reader.input, elementOf(type), node);
  if (!test) reader.compare(declared(reader.input), type, node);
  return 'boolean';
}

function simpleTest(reader, node, scope) {
  for (const part of children(node)) {
    if (part.name === 'Interval') {
      for (const bound of children(part).slice(1, -1)) reader.compare(declared(reader.input), reader.read(bound, scope), node);
    } else if (part.name !== 'CompareOp') {
      reader.compare(declared(reader.input), reader.read(part, scope), node);
    }
  }
  return 'boolean';
}

function logic(reader, node, scope) {
  for (const part of children(node)) {
    if (part.name !== 'and' && part.name !== 'or') reader.expect(reader.read(part, scope), 'boolean', part);
  }
  return 'boolean';
}

function conditional(reader, node, scope) {
  const [ , test, , then, , otherwise ] = children(node);
  reader.expect(reader.read(test, scope), 'boolean', test);
  const a = reader.read(then, scope);
  const b = otherwise ? reader.read(otherwise, scope) : 'null';
  if (a?.values && b?.values) return { values: [ ...new Set([ ...a.values, ...b.values ]) ] };
  return typeName(a) === typeName(b) ? (a?.values ? typeName(a) : a) : typeName(a) === 'null' ? b : typeName(b) === 'null' ? a : 'any';
}

function arithmetic(reader, node, scope) {
  const types = children(node).filter(({ name }) => name !== 'ArithOp').map((part) => typeName(reader.read(part, scope)));
  if (types.includes('any') || types.includes('null')) return 'any';
  if (types.includes('iso')) {
    reader.complain(types.some((type) => TEMPORAL.has(type)) ? 'iso' : 'arithmetic', node, { left: types[0], right: types[1] ?? '' });
    return 'any';
  }
  const [ a, b = a ] = types;
  if (TEMPORAL.has(a) && TEMPORAL.has(b)) return a === 'duration' ? b : b === 'duration' ? a : 'duration';
  if (a !== b || ![ 'number', 'string' ].includes(a)) reader.complain('arithmetic', node, { left: a, right: b });
  return a === b ? a : 'any';
}

function list(reader, node, scope) {
  const types = children(node).filter(({ name }) => name !== '[' && name !== ']').map((part) => reader.read(part, scope));
  const same = types.length && types.every((type) => typeName(type) === typeName(types[0]));
  if (same && types.every((type) => type?.values)) {
    return { list: { values: types.flatMap((type) => type.values), literal: types.every((type) => type.literal) } };
  }
  return { list: same ? (types[0]?.values ? 'string' : types[0]) : 'any' };
}

function literalText(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(1, -1);
  }
}

function unsupported(reader, node) {
  reader.complain('unsupported', node);
  return 'any';
}

const READINGS = {
  VariableName: variable,
  PathExpression: path,
  FilterExpression: filter,
  ForExpression: iteration,
  QuantifiedExpression: iteration,
  Context: context,
  FunctionDefinition: definition,
  FunctionInvocation: invocation,
  DateTimeLiteral: temporal,
  Comparison: comparison,
  PositiveUnaryTest: positiveTest,
  SimplePositiveUnaryTest: simpleTest,
  Conjunction: logic,
  Disjunction: logic,
  IfExpression: conditional,
  ArithmeticExpression: arithmetic,
  List: list,
  InstanceOfExpression: unsupported,
  ParenthesizedExpression: (reader, node, scope) => reader.read(children(node)[1], scope),
  UnaryTests: boolean,
  PositiveUnaryTests: boolean,
  Interval: boolean,
  StringLiteral: (reader, node) => ({ values: [ literalText(reader.text.slice(node.from, node.to)) ], literal: true }),
  NumericLiteral: constant('number'),
  BooleanLiteral: constant('boolean'),
  null: constant('null'),
  Wildcard: constant('boolean'),
  '?': (reader) => declared(reader.input),
};
