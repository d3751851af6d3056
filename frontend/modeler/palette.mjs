// Only what the engine runs is offered: a shape that would be refused at publication is not in the menus.
const REFUSED = [
  /^replace-with-(signal|conditional|link|compensation|cancel|complex|transaction|ad-hoc|collapsed-ad-hoc|event-subprocess)/,
  /(signal|conditional|link|compensation|cancel|transaction|ad-hoc|complex)/,
  /data-(object|store|input|output)/,
  /event-sub-?process|non-interrupting-(signal|conditional)|escalation-start/,
];
const refused = (id) => REFUSED.some((pattern) => pattern.test(id)) && !/^(replace-with-)?(non-interrupting-)?(message|timer|error)/.test(id);

class Offered {
  constructor(palette, popupMenu) {
    palette.registerProvider(500, { getPaletteEntries: () => (entries) => without(entries, [ 'create.data-object', 'create.data-store', 'create.group' ]) });
    for (const name of [ 'bpmn-replace', 'bpmn-append', 'bpmn-create' ]) {
      popupMenu.registerProvider(name, 500, {
        getPopupMenuEntries: () => (entries) => without(entries, Object.keys(entries).filter(refused)),
        getPopupMenuHeaderEntries: () => (entries) => without(entries, [ 'toggle-loop', 'toggle-ad-hoc', 'toggle-compensation' ]),
      });
    }
  }
}
Offered.$inject = [ 'palette', 'popupMenu' ];

const without = (entries, names) => {
  if (Array.isArray(entries)) return entries.filter(({ id }) => !names.includes(id));
  return Object.fromEntries(Object.entries(entries).filter(([ name ]) => !names.includes(name)));
};

export default { __init__: [ 'wenzeOffered' ], wenzeOffered: [ 'type', Offered ] };
