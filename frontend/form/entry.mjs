// The task form: mounts the schema of the page, keeps the hidden input of the surrounding form up to date, validates on
// submission, and leads from the error summary to the fields.
import { Form } from '@bpmn-io/form-js-viewer';
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/l10n/zh.js';

import { formModule } from './module.mjs';
import { adopt, answersIn } from './refusals.mjs';
import { translator } from './words.mjs';

import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import 'flatpickr/dist/flatpickr.css';
import './form.css';

const block = (id, otherwise) => {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) ?? otherwise : otherwise;
};

const fieldsIn = (components) => components.flatMap((part) => [ part, ...fieldsIn(part.components ?? []) ]).filter(({ key }) => key);

/** Puts the form of the page into `container`, inside of the ordinary form `page`. */
async function mount(page, container) {
  const locale = page.dataset.locale === 'en' ? 'en' : 'zh';
  const translate = translator(locale);
  if (locale === 'zh') flatpickr.localize(Mandarin);
  const schema = block('form-schema', { components: [] });
  const data = block('form-data', {});
  const errors = block('form-errors', {});
  const fields = fieldsIn(schema.components);
  const facts = without(block('form-context', {}), fields.map(({ key }) => key));
  const paper = {
    options: block('form-options', {}),
    upload: page.dataset.upload ?? '/attachments',
    token: page.dataset.token ?? '',
    signer: page.dataset.signer ?? '',
    cellErrors: () => ({}),
  };
  // With the usual delay a text under way is overwritten when something else redraws the form, such as a finished upload.
  const form = new Form({ debounce: false, additionalModules: [ formModule(translate, paper) ], properties: { readOnly: page.dataset.readonly === 'true' } });
  try {
    await form.importSchema(schema, { ...facts, ...data });
  } catch (problem) { // only a draft's form can be like this: what has findings is not published
    console.warn(problem);
    container.textContent = translate('表单里有不能显示的字段，改正检查列出的问题后才能预览。');
    return;
  }
  Object.assign(paper, adopt(form, { errors, data, translate }));
  form.attachTo(container);
  await painted();

  const collect = () => { page.elements.data.value = JSON.stringify(answersIn(form)); };
  collect();
  form.on('changed', () => {
    collect();
    page.dispatchEvent(new CustomEvent('wenze:change', { bubbles: true }));
  });
  page.addEventListener('wenze:collect', collect); // an autosave must not leave the field that somebody is typing in
  page.addEventListener('submit', (event) => submit(event, { page, form, fields, container }));
  document.addEventListener('click', (event) => {
    const path = pathOf(event.target.closest?.('a'));
    if (path && focus(container, fields, path)) event.preventDefault();
  });
  if (Object.keys(errors).length) form.validate();
  if (location.hash.startsWith('#f-')) focus(container, fields, decodeURIComponent(location.hash.slice(3)));

  page.dataset.ready = 'true';
  window.wenzeForm = {
    /** Answers as they stand, not validated. */
    data: () => { flush(container); return answersIn(form); },
    /** Sentences by field name; {} when everything fits. */
    validate: () => { flush(container); return byKey(fields, form.validate()); },
    focus: (path) => focus(container, fields, path),
  };
  page.dispatchEvent(new CustomEvent('wenze:ready', { bubbles: true }));
}

const without = (object, names) => Object.fromEntries(Object.entries(object).filter(([ name ]) => !names.includes(name)));
const painted = () => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); });
const byKey = (fields, errors) =>
  Object.fromEntries(fields.filter(({ id }) => errors[id]?.length).map(({ id, key }) => [ key, errors[id] ]));

// Texts are taken over when their field loses the focus; whoever submits by key is still in one.
function flush(container) {
  if (container.contains(document.activeElement)) {
    document.activeElement.dispatchEvent(new FocusEvent('blur'));
    document.activeElement.dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
  }
}

function submit(event, { page, form, fields, container }) {
  if (event.target !== page) return; // Enter in a line of the inner form submits nothing
  flush(container);
  const { errors } = form.submit();
  page.elements.data.value = JSON.stringify(answersIn(form));
  const wrong = byKey(fields, errors);
  const first = fields.find(({ key }) => wrong[key]);
  if (!first) return;
  event.preventDefault();
  page.dispatchEvent(new CustomEvent('wenze:refused', { bubbles: true, detail: wrong }));
  setTimeout(() => focus(container, fields, first.key));
}

function pathOf(link) {
  if (!link) return null;
  return link.dataset.field ?? (link.getAttribute('href')?.startsWith('#f-') ? decodeURIComponent(link.getAttribute('href').slice(3)) : null);
}

/** Focus the field (or the cell `table[0].column`) of a path; false when it is not shown. */
function focus(container, fields, path) {
  const [ , key, row, column ] = /^([^[]+)(?:\[(\d+)\]\.(.+))?$/.exec(path) ?? [];
  const field = fields.find((candidate) => candidate.key === key);
  if (!field) return false;
  const inputs = [ ...container.querySelectorAll('input, select, textarea, button, [tabindex]') ];
  const cell = row === undefined ? null : inputs.find(({ id }) => id.endsWith(`-${field.id}-${row}-${column}`));
  const input = cell
    ?? inputs.find(({ id, ariaInvalid }) => id.includes(`-${field.id}-`) && ariaInvalid === 'true')
    ?? inputs.find(({ id }) => id.endsWith(`-${field.id}`))
    ?? inputs.find(({ id }) => id.includes(`-${field.id}-`) || id.includes(`-${field.id}_`));
  if (!input) return false;
  input.scrollIntoView({ block: 'center' });
  input.focus();
  return true;
}

const page = document.querySelector('form#task-form') ?? document.querySelector('#task-form')?.closest('form');
const container = document.querySelector('#form-root') ?? document.querySelector('div#task-form');
if (page && container) mount(page, container);
