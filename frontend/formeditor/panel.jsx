/** @jsxImportSource @bpmn-io/properties-panel/preact */
// The panel beside the form that is being edited. The editor's own panel stays out of sight: it has no words but English.
import { PropertiesPanel } from '@bpmn-io/properties-panel';
import { render } from '@bpmn-io/properties-panel/preact';

import { groupOf } from '../studio/entries.jsx';
import { t } from '../studio/words.mjs';
import { NAMES } from './components.jsx';
import { groupsOf } from './fields.mjs';

const header = {
  getElementLabel: (field) => field.label ?? field.properties?.title ?? '',
  getElementIcon: () => () => null,
  getTypeLabel: (field) => t(NAMES[field.type] ?? '表单'),
};
const placeholder = {
  getEmpty: () => ({ text: t('选中字段后编辑属性。') }),
  getMultiple: () => ({ text: t('选中了多个字段，请只选一个。') }),
};

/** Draws the panel for what is chosen, and again after every change. */
export function panelBeside(container, editor, desk) {
  const modeling = editor.get('modeling');
  const edit = (field, name, value) => modeling.editFormField(field, name, value);
  const draw = () => {
    const chosen = editor.get('selection').get() ?? editor._getState().schema;
    const field = chosen?.id ? editor.get('formFieldRegistry').get(chosen.id) ?? chosen : chosen;
    const groups = groupsOf(field, edit, desk).map((group) => groupOf(field, group));
    render(<PropertiesPanel element={ field } groups={ groups } headerProvider={ header } placeholderProvider={ placeholder } eventBus={ editor.get('eventBus') } />, container);
  };
  for (const event of [ 'selection.changed', 'commandStack.changed', 'import.done' ]) editor.on(event, () => setTimeout(draw));
  return draw;
}
