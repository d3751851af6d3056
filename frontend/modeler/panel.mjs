// The panel beside the canvas: groups and fields of `fields.mjs` as entries of the properties panel.
import { groupOf } from '../studio/entries.jsx';
import { groupsOf } from './fields.mjs';

class Provider {
  constructor(panel, injector, config) {
    this.tools = {
      bpmnFactory: injector.get('bpmnFactory'),
      commandStack: injector.get('commandStack'),
      elementRegistry: injector.get('elementRegistry'),
      modeling: injector.get('modeling'),
      ...config,
    };
    panel.registerProvider(500, this);
  }

  getGroups(element) {
    return () => groupsOf(element, this.tools).map((group) => groupOf(element, group));
  }
}
Provider.$inject = [ 'propertiesPanel', 'injector', 'config.wenze' ];

export default { __init__: [ 'wenzePanel' ], wenzePanel: [ 'type', Provider ] };
