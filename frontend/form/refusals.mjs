// The one place that reaches into form-js: our rules instead of its own, and the server's sentences at their fields.
import { check } from './check.mjs';

const rootOf = (path) => path.split('[')[0];
const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * Replace form-js's validation by ours and keep `errors` ({ path: [sentences] }) at their fields until the refused
 * answer changes. Call after the schema was imported. Returns `{ cellErrors(key, value) }` for tables.
 */
export function adopt(form, { errors, data, translate }) {
  const registry = form.get('formFieldRegistry');
  const feel = form.get('expressionLanguage');
  const validator = form.get('validator');
  const refused = new Map();
  for (const [ path, sentences ] of Object.entries(errors)) {
    const entry = refused.get(rootOf(path)) ?? { value: data[rootOf(path)], sentences: [], cells: {} };
    entry.sentences.push(...sentences);
    entry.cells[path] = sentences;
    refused.set(rootOf(path), entry);
  }
  const standing = (key, value) => {
    const entry = refused.get(key);
    return entry && same(entry.value, value) ? entry : null;
  };

  validator.validateFieldInstance = ({ id }, value) => {
    const field = registry.get(id);
    if (!field?.key) return [];
    const condition = field.properties?.required_if;
    const required = field.validate?.required === true
      || Boolean(condition && feel.evaluate(condition.startsWith('=') ? condition : `=${condition}`, form._getState().data) === true);
    const own = check(field, value, translate, { required });
    return own.length ? own : standing(field.key, value)?.sentences ?? [];
  };

  judgeWhatWasTyped(form);
  waitForThePointer(form);
  return {
    cellErrors: (key, value) => standing(key, value)?.cells ?? {},
  };
}

/** Answers as they stand, without validation: every field of the form, hidden ones too. */
export function answersIn(form) {
  const { data } = form._getState();
  const keys = form.get('formFieldRegistry').getAll().map(({ key }) => key).filter(Boolean);
  return Object.fromEntries(keys.filter((key) => data[key] !== undefined).map((key) => [ key, data[key] ]));
}

/** What a field begins with was not typed by the reader: it is judged when the reader changes it or submits. */
function judgeWhatWasTyped(form) {
  const commands = form.get('viewerCommands');
  const validate = commands.updateFieldInstanceValidation.bind(commands);
  commands.updateFieldInstanceValidation = (instance, value) => {
    const begun = at(form._getState().initialData, instance.valuePath);
    return begun && same(value, begun) ? undefined : validate(instance, value);
  };
}

/**
 * A field that is left empty is told so at once, and the sentence moves what is below it. While the mouse button is down
 * that would take the button, box or line away under the click, so the sentence waits until the click is done.
 */
function waitForThePointer(form) {
  const commands = form.get('viewerCommands');
  const validate = commands.updateFieldInstanceValidation.bind(commands);
  const instances = form.get('formFieldInstanceRegistry');
  const waiting = new Map();
  let down = false;
  const release = () => setTimeout(() => {
    down = false;
    for (const instance of waiting.values()) {
      const now = instances.get(instance.instanceId);
      if (now) validate(now, at(form._getState().data, now.valuePath));
    }
    waiting.clear();
  });
  window.addEventListener('pointerdown', () => { down = true; }, true);
  for (const name of [ 'pointerup', 'pointercancel', 'blur' ]) window.addEventListener(name, (event) => (name !== 'blur' || event.target === window) && release(), true);
  commands.updateFieldInstanceValidation = (instance, value) => (down ? waiting.set(instance.instanceId, instance) : validate(instance, value));
}

const at = (data, path) => path.reduce((inner, name) => inner?.[name], data);
