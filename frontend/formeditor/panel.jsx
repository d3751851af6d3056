// The panel beside the form that is being edited. The editor's own panel is left out: it has no words but English and fails over
// fields that form-js does not know.
import { panelIn } from '../studio/entries.jsx';
import { t } from '../studio/words.mjs';
import { groupsOf } from './fields.mjs';

/** In the place of the editor's own panel: whoever asks for it finds something that draws nothing. */
export const noPanel = { propertiesPanel: [ 'value', { attachTo() {}, detach() {}, registerProvider() {} } ] };

/** Draws the panel for what is chosen, and again after every change. */
export function panelBeside(container, editor, desk) {
  const modeling = editor.get('modeling');
  const edit = (field, name, value) => modeling.editFormField(field, name, value);
  const show = panelIn(container, { eventBus: editor.get('eventBus'), empty: t('选中字段后编辑属性。'), several: t('选中了多个字段，请只选一个。') });
  const draw = () => {
    const chosen = editor.get('selection').get() ?? editor._getState().schema;
    const field = chosen?.id ? editor.get('formFieldRegistry').get(chosen.id) ?? chosen : chosen;
    show(field, groupsOf(field, edit, desk));
  };
  // a listener that returns anything would end the event for all that come after it
  for (const event of [ 'selection.changed', 'commandStack.changed', 'import.done' ]) editor.on(event, () => { setTimeout(draw); });
  return draw;
}
