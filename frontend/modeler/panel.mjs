// The panel beside the canvas: groups and fields of `fields.mjs` for whatever is chosen, else for the diagram.
import { isRedo, isUndo } from 'diagram-js/lib/features/keyboard/KeyboardUtil';

import { flush, panelIn } from '../studio/entries.jsx';
import { t } from '../studio/words.mjs';
import { groupsOf } from './fields.mjs';

/** Several commands as one entry of the command stack. */
class Together {
  constructor(commandStack) { this.commandStack = commandStack; }

  preExecute(commands) {
    for (const { cmd, context } of commands) this.commandStack.execute(cmd, context);
  }
}
Together.$inject = [ 'commandStack' ];

const CHANGES = [ 'import.done', 'root.set', 'selection.changed', 'elements.changed' ];

class Beside {
  constructor(injector, eventBus, config) {
    this.tools = {
      bpmnFactory: injector.get('bpmnFactory'),
      commandStack: injector.get('commandStack'),
      elementRegistry: injector.get('elementRegistry'),
      modeling: injector.get('modeling'),
      ...config,
    };
    this.selection = injector.get('selection');
    this.canvas = injector.get('canvas');
    this.show = panelIn(config.panel, { eventBus, empty: t('选中元素后编辑属性。'), several: t('选中了多个元素，请只选一个来编辑属性。') });
    this.tools.commandStack.registerHandler('wenze.together', Together);
    eventBus.on(CHANGES, () => this.draw());
    config.panel.addEventListener('keydown', (event) => this.takeBack(event));
  }

  /** Undo and redo while a field has the keyboard: of the diagram, what was just typed included. */
  takeBack(event) {
    const act = isUndo(event) ? 'undo' : isRedo(event) ? 'redo' : null;
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    flush();
    this.tools.commandStack[act]();
  }

  draw() {
    const chosen = this.selection.get();
    const element = chosen.length > 1 ? chosen : chosen[0]?.labelTarget ?? chosen[0] ?? this.canvas.getRootElement();
    if (!element.isImplicit) this.show(element, groupsOf(element, this.tools));
  }
}
Beside.$inject = [ 'injector', 'eventBus', 'config.wenze' ];

export default { __init__: [ 'wenzePanel' ], wenzePanel: [ 'type', Beside ] };
