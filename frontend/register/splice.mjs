// One value of a YAML text is changed where it stands; comments, order and spelling of all the rest stay as they are.
import { isMap, isSeq, parseDocument, stringify } from 'yaml';

export const read = (text) => parseDocument(text, { prettyErrors: false });

const PLAIN = /^[\p{L}\p{N}_〔〕《》（）][\p{L}\p{N}_/.()\-〔〕《》（）、。，；“”！？ ]*$/u;
const WORDS = /^(true|false|null|yes|no|on|off|~|[-+.\d].*)$/i;

/** A scalar as it may stand anywhere, also inside of brackets. */
export function scalar(value, quoted = false) {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
  const text = String(value);
  if (!quoted && /^\d{4}-\d\d-\d\d$/.test(text)) return text;
  return !quoted && PLAIN.test(text) && !WORDS.test(text) && text === text.trim() ? text : JSON.stringify(text);
}

function inline(value) {
  if (Array.isArray(value)) return `[${value.map((one) => inline(one)).join(', ')}]`;
  if (value && typeof value === 'object') return `{${Object.entries(value).map(([ name, one ]) => `${scalar(name)}: ${inline(one)}`).join(', ')}}`;
  return scalar(value);
}

const patch = (text, from, to, put) => text.slice(0, from) + put + text.slice(to);
const margin = (text, at) => at - (text.lastIndexOf('\n', at - 1) + 1);
/** The end of a node without the blank lines and comments that follow it. */
const endOf = (text, node) => {
  const end = node.range[1];
  const said = text.slice(node.range[0], end).trimEnd();
  return node.range[0] + said.length;
};

/** `text` with the value at `path` set (undefined: taken away). Null where the text must be edited by hand. */
export function put(text, path, value) {
  const doc = read(text);
  if (doc.errors.length) return null;
  const changed = value === undefined ? without(text, doc, path) : written(text, doc, path, value);
  return changed !== null && same(changed, doc, path, value) ? changed : null;
}

function written(text, doc, path, value) {
  const node = doc.getIn(path, true);
  if (node?.range) {
    const style = node.type === 'QUOTE_DOUBLE' && typeof value === 'string';
    return patch(text, node.range[0], endOf(text, node), style ? scalar(value, true) : inline(value));
  }
  const parent = doc.getIn(path.slice(0, -1), true);
  const name = path.at(-1);
  if (isMap(parent)) return grown(text, parent, `${scalar(name)}: ${inline(value)}`, parent.items.map(({ key }) => key));
  if (isSeq(parent)) return grown(text, parent, inline(value), parent.items, '- ');
  return null;
}

/** One more entry at the end of a map or list, in its own manner. */
function grown(text, parent, entry, kept, dash = '') {
  if (parent.flow) {
    const close = endOf(text, parent) - 1;
    return patch(text, close, close, `${kept.length ? ', ' : ''}${entry}`);
  }
  if (!kept.length) return null;
  const indent = ' '.repeat(margin(text, kept[0].range[0]) - dash.length);
  const end = endOf(text, parent);
  return patch(text, end, end, `\n${indent}${dash}${entry}`);
}

function without(text, doc, path) {
  const parent = doc.getIn(path.slice(0, -1), true);
  const place = isMap(parent) ? parent.items.findIndex(({ key }) => String(key.value ?? key) === String(path.at(-1))) : path.at(-1);
  const item = parent?.items?.[place];
  if (!item) return null;
  const node = isMap(parent) ? { from: item.key.range[0], to: endOf(text, item.value?.range ? item.value : item.key) } : { from: item.range[0], to: endOf(text, item) };
  if (parent.flow) {
    const next = parent.items[place + 1];
    const begin = (one) => (one.key ?? one).range[0];
    if (next) return patch(text, node.from, begin(next), '');
    const before = parent.items[place - 1];
    if (!before) return patch(text, node.from, node.to, '');
    const last = before.value?.range ? endOf(text, before.value) : endOf(text, before.key ?? before);
    return patch(text, last, node.to, '');
  }
  const start = text.lastIndexOf('\n', node.from - 1) + 1;
  const end = text.indexOf('\n', node.to);
  return patch(text, start, end < 0 ? text.length : end + 1, '');
}

/** Whether the text says what was meant, and nothing else changed. */
function same(text, doc, path, value) {
  const meant = doc.clone();
  if (value === undefined) meant.deleteIn(path); else meant.setIn(path, meant.createNode(value));
  const found = read(text);
  return !found.errors.length && stringify(found.toJS()) === stringify(meant.toJS());
}

/** Where a path stands, for the text editor; null where it does not. */
export const placeOf = (text, path) => read(text).getIn(path, true)?.range?.[0] ?? null;
