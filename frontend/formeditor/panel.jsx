// The panel beside the form that is being edited. The editor's own panel stays out of sight: it has no words but English.
import { panelIn } from '../studio/entries.jsx';
import { t } from '../studio/words.mjs';
import { groupsOf } from './fields.mjs';

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
  for (const event of [ 'selection.changed', 'commandStack.changed', 'import.done' ]) editor.on(event, () => setTimeout(draw));
  return draw;
}
