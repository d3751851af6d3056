/** @jsxImportSource @bpmn-io/properties-panel/preact */
// Groups and fields, as `fields.mjs` of an editor gives them, become entries of the properties panel.
import {
  CheckboxEntry, isCheckboxEntryEdited, isSelectEntryEdited, isTextAreaEntryEdited, isTextFieldEntryEdited, ListGroup, NumberFieldEntry,
  isNumberFieldEntryEdited, PropertiesPanel, SelectEntry, TextAreaEntry, TextFieldEntry,
} from '@bpmn-io/properties-panel';
import { render } from '@bpmn-io/properties-panel/preact';

import { t } from './words.mjs';

const KINDS = {
  text: [ TextFieldEntry, isTextFieldEntryEdited ],
  area: [ TextAreaEntry, isTextAreaEntryEdited ],
  select: [ SelectEntry, isSelectEntryEdited ],
  check: [ CheckboxEntry, isCheckboxEntryEdited ],
  number: [ NumberFieldEntry, isNumberFieldEntryEdited ],
};

const PAUSE = 300;
const pending = new Set();

/** Takes over what was typed and is not in the file yet; before every save. */
export const flush = () => [ ...pending ].forEach((taken) => taken.flush());

/** What is typed is one change once somebody pauses, not one for every letter. */
function hurried(act) {
  let waiting = null;
  let last = [];
  const taken = (...values) => {
    last = values;
    clearTimeout(waiting);
    waiting = setTimeout(taken.flush, PAUSE);
    pending.add(taken);
  };
  taken.flush = () => {
    if (!pending.delete(taken)) return;
    clearTimeout(waiting);
    act(...last);
  };
  taken.cancel = () => { clearTimeout(waiting); pending.delete(taken); };
  return taken;
}

function Entry({ id, element, field }) {
  const [ Component ] = KINDS[field.kind];
  return (
    <Component
      element={ element } id={ id } debounce={ hurried } label={ field.label } description={ field.hint }
      monospace={ field.mono ?? false } rows={ 2 } autoResize={ field.kind === 'area' } disabled={ field.disabled ?? false }
      validate={ field.validate } getValue={ () => field.get() } getOptions={ field.options && (() => offered(field)) }
      setValue={ (value, wrong) => { if (!(wrong && field.strict)) field.set(value); } }
    />
  );
}

/** What may be chosen; a value that is not among it stays visible, and says so. */
function offered(field) {
  const options = field.options();
  const value = field.get();
  const known = !value || options.some((one) => one.value === value);
  return [ ...(field.whole ? [] : [ { value: '', label: '—' } ]), ...options, ...(known ? [] : [ { value, label: t('{value}（不存在）', { value } ) } ]) ];
}

/** Several of a list: each chosen one with its own button to take it away, and a list to add from. */
function Chips({ id, element, field }) {
  const chosen = field.get().split(/\s+/).filter(Boolean);
  const options = field.options();
  const label = (value) => options.find((one) => one.value === value)?.label;
  return (
    <div class="bio-properties-panel-entry wz-chips" data-entry-id={ id }>
      <label class="bio-properties-panel-label" for={ `${id}-add` }>{ field.label }</label>
      <ul>
        { chosen.map((value) => (
          <li key={ value } class={ label(value) === undefined ? 'unknown' : '' } title={ label(value) ?? t('{value}（不存在）', { value }) }>
            <span>{ field.codes ? value : label(value) ?? value }</span>
            <button type="button" aria-label={ t('去掉 {value}', { value }) } onClick={ () => field.set(chosen.filter((one) => one !== value).join(' ')) }>×</button>
          </li>
        )) }
      </ul>
      <select
        id={ `${id}-add` } class="bio-properties-panel-input" value=""
        onChange={ ({ target }) => { if (target.value) field.set([ ...chosen, target.value ].join(' ')); target.value = ''; } }
      >
        <option value="">{ field.adds }</option>
        { options.filter(({ value }) => !chosen.includes(value)).map(({ value, label: said }) => <option key={ value } value={ value }>{ field.codes ? `${value} ${said}` : said }</option>) }
      </select>
      { field.hint && <div class="bio-properties-panel-description">{ field.hint }</div> }
    </div>
  );
}

/** What the check says of the chosen element, above its fields. */
function Told({ id, field }) {
  return (
    <ul class="bio-properties-panel-entry wz-told" data-entry-id={ id }>
      { field.findings.map((finding, place) => <li key={ place } class={ finding.severity }>{ finding.sentence }{ finding.mend && <small>{ finding.mend }</small> }</li>) }
    </ul>
  );
}

/** Names for whoever writes an expression. */
function Names({ id, field }) {
  return (
    <details class="bio-properties-panel-entry wz-names" data-entry-id={ id }>
      <summary>{ field.label }</summary>
      { field.lists.map(([ title, names ]) => <p key={ title }><strong>{ title }</strong> { names.length ? names.map((name) => <code key={ name }>{ name }</code>) : t('没有') }</p>) }
    </details>
  );
}

const OWN = { chips: Chips, told: Told, names: Names };

const entryOf = (element, group, field) => ({
  id: `${group}-${field.id}`,
  element,
  field,
  component: OWN[field.kind] ?? Entry,
  isEdited: OWN[field.kind] ? () => false : KINDS[field.kind][1],
});

const groupOf = (element, group) => {
  if (!group.items) return { id: group.id, label: group.label, shouldOpen: group.open ?? true, entries: group.fields.map((field) => entryOf(element, group.id, field)) };
  return {
    id: group.id,
    label: group.label,
    component: ListGroup,
    element,
    add: group.add && ((event) => { event.stopPropagation(); group.add(); }),
    items: group.items.map((item) => ({
      id: `${group.id}-${item.id}`,
      label: item.label,
      remove: item.remove && ((event) => { event.stopPropagation(); item.remove(); }),
      entries: item.fields.map((field) => entryOf(element, `${group.id}-${item.id}`, field)),
    })),
  };
};

/** A panel in `container`; what is given back draws the groups of an element, `words` says what stands there without one. */
export function panelIn(container, { eventBus, ...words }) {
  const placeholder = { getEmpty: () => ({ text: words.empty }), getMultiple: () => ({ text: words.several }) };
  return (element, groups) => render(
    <PropertiesPanel element={ element } groups={ groups.map((group) => groupOf(element, group)) } placeholderProvider={ placeholder } eventBus={ eventBus } />, container,
  );
}
