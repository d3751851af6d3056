// The diagram editor: bpmn-js with the engine's extension elements, so that saving keeps every one of them.
import Modeler from 'bpmn-js/lib/Modeler';

import spiff from '../spiff-moddle.json';

import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';

/** Opens a diagram for editing in `container`; `warnings` are what bpmn-js could not read. */
async function open(container, xml) {
  const modeler = new Modeler({ container, moddleExtensions: { spiffworkflow: spiff } });
  const { warnings } = await modeler.importXML(xml);
  modeler.get('canvas').zoom('fit-viewport');
  return { modeler, warnings: warnings.map(({ message }) => message) };
}

/** The diagram as the modeler writes it. */
async function save(modeler) {
  const { xml } = await modeler.saveXML({ format: true });
  return xml;
}

window.wenzeModeler = { open, save };
