// What is drawn is called as the offices' own diagrams call things: T_ for a person's step, G_ for a gateway. Cases are recorded
// under these ids, so one that was saved is never changed here; only what was drawn just now follows when its kind is changed.
import CommandInterceptor from 'diagram-js/lib/command/CommandInterceptor';
import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

import { processOf } from './edits.mjs';

const PREFIXES = [
  [ 'bpmn:SequenceFlow', 'Flow' ], [ 'bpmn:UserTask', 'T' ], [ 'bpmn:ManualTask', 'T' ], [ 'bpmn:ServiceTask', 'S' ], [ 'bpmn:ScriptTask', 'S' ],
  [ 'bpmn:SendTask', 'S' ], [ 'bpmn:BusinessRuleTask', 'R' ], [ 'bpmn:ReceiveTask', 'W' ], [ 'bpmn:CallActivity', 'C' ], [ 'bpmn:SubProcess', 'P' ],
  [ 'bpmn:Task', 'T' ], [ 'bpmn:Gateway', 'G' ], [ 'bpmn:StartEvent', 'Start' ], [ 'bpmn:EndEvent', 'End' ], [ 'bpmn:BoundaryEvent', 'B' ],
  [ 'bpmn:IntermediateThrowEvent', 'S' ], [ 'bpmn:Event', 'W' ], [ 'bpmn:Lane', 'Lane' ],
];
const INVENTED = /^(Activity|Gateway|Event|Flow|Lane)_[0-9a-z]{7}$/;
/** Above what bpmn-js does when a shape comes in, so that everything that follows already sees the id. */
const FIRST = 3000;
/** Below its own rule that a replaced shape keeps the id of the one before. */
const LAST = 100;

class Ids extends CommandInterceptor {
  constructor(eventBus, elementRegistry, moddle, canvas, modeling) {
    super(eventBus);
    Object.assign(this, { elementRegistry, moddle, canvas, modeling });
    this.fresh = new Set();
    eventBus.on('import.done', () => this.fresh.clear());
    this.preExecute([ 'shape.create', 'connection.create' ], FIRST, ({ shape, connection, parent }) => this.call(shape ?? connection, parent), true);
    this.postExecuted('shape.replace', LAST, ({ oldShape, newShape }) => this.follow(oldShape, newShape), true);
  }

  /** Give a new element its id, before anything knows it under another one. */
  call(element, parent) {
    const object = getBusinessObject(element);
    const prefix = prefixOf(element);
    if (!prefix || !INVENTED.test(object.id) || element.labelTarget) return;
    const id = this.free(prefix, parent);
    this.moddle.ids.unclaim(object.id);
    this.moddle.ids.claim(id, object);
    object.set('id', id);
    element.id = id;
    if (element.di) element.di.set('id', `${id}_di`);
    this.fresh.add(object);
  }

  /** What was drawn just now and becomes another kind of step. */
  follow(before, after) {
    const object = getBusinessObject(after);
    const prefix = prefixOf(after);
    if (!this.fresh.has(getBusinessObject(before)) || !prefix) {
      this.fresh.delete(object); // it has the id of the one before, which cases may know
      return;
    }
    this.fresh.add(object);
    if (!object.id.startsWith(`${prefix}_`)) this.modeling.updateProperties(after, { id: this.free(prefix, after.parent) });
  }

  /** T_filing_1: the diagram is part of it, because an id is used once in a procedure, called diagrams included. */
  free(prefix, parent) {
    const process = (processOf(parent ?? this.canvas.getRootElement())?.id ?? '').replace(/[^0-9A-Za-z]+/g, '_');
    for (let number = 1; ; number++) {
      const id = [ prefix, process, number ].filter(Boolean).join('_');
      if (!this.elementRegistry.get(id) && !this.moddle.ids.assigned(id)) return id;
    }
  }
}
Ids.$inject = [ 'eventBus', 'elementRegistry', 'moddle', 'canvas', 'modeling' ];

const prefixOf = (element) => PREFIXES.find(([ type ]) => is(element, type))?.[1];

export default { __init__: [ 'wenzeIds' ], wenzeIds: [ 'type', Ids ] };
