// Sentences while somebody types. The server's findings say the same and more after each save; nothing is withheld from it.
import { parser, trackVariables } from '@bpmn-io/lezer-feel';

import { t } from '../studio/words.mjs';

const SPAN = /^-?P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/;
const VARIABLE = /^[a-z][a-z0-9_]{0,59}$/;
const ID = /^[A-Za-z_][\w-]{0,99}$/;
const RESERVED = new Set([ 'Start', 'End', 'Root' ]);

export const span = (value) => (value && !SPAN.test(value) ? t('应为时长，如 P10D（十日）、P2M（两个月）；到期日之前写 -P3D。') : null);
export const variable = (value) => (value && !VARIABLE.test(value) ? t('应为小写字母开头的小写字母、数字和下划线。') : null);
export const required = (value) => (value ? null : t('此项必填。'));

export function id(element, value, registry) {
  if (!value) return t('标识不能为空。');
  if (RESERVED.has(value)) return t('标识 {id} 是引擎保留字，请改名。', { id: value });
  if (!ID.test(value)) return t('标识只能用英文字母、数字、下划线和短横线，以字母开头。');
  const other = registry.get(value);
  return other && other !== element ? t('标识 {id} 已经使用。', { id: value }) : null;
}

/** Whether a text is FEEL, and whether the names it reads of the case are facts that a form states. */
export function feel(value, { facts = {}, names = [] } = {}) {
  if (!value) return null;
  const scope = Object.fromEntries([ 'case', 'meeting', 'procedure', 'task', ...names ].map((name) => [ name, null ]));
  let wrong = null;
  parser.configure({ top: 'Expression', contextTracker: trackVariables(scope) }).parse(value).iterate({
    enter(node) {
      if (node.type.isError && !wrong) wrong = value.slice(Math.max(0, node.from - 6), node.to + 6).trim() || value.trim().slice(-12);
    },
  });
  if (wrong) return t('表达式写错了，问题在“{text}”附近。', { text: wrong });
  for (const [ , group, name ] of value.matchAll(/\b(case|meeting|procedure)\.([A-Za-z_]\w*)/g)) {
    const known = Object.keys(facts[group] ?? {});
    if (!known.length || known.includes(name)) continue;
    const meant = nearest(name, known);
    return meant
      ? t('`{name}` 不存在，是否为 `{meant}`？', { name: `${group}.${name}`, meant: `${group}.${meant}` })
      : t('`{name}` 不存在。', { name: `${group}.${name}` });
  }
  return null;
}

/** Lines of `name = FEEL`; semicolons inside of an expression are none of ours. */
export function lines(value, options) {
  for (const line of (value ?? '').split('\n').filter((one) => one.trim())) {
    const [ , name, expression ] = /^\s*([^=]*?)\s*=\s*([^]*)$/.exec(line) ?? [];
    if (name === undefined || !VARIABLE.test(name)) return t('每行写“变量名 = 表达式”。');
    const wrong = feel(expression, options) ?? (expression ? null : t('“{name}”没有写表达式。', { name }));
    if (wrong) return wrong;
  }
  return null;
}

function nearest(name, known) {
  const ranked = known.map((one) => [ distance(name, one), one ]).sort(([ a ], [ b ]) => a - b)[0];
  return ranked && ranked[0] <= Math.max(2, name.length / 3) ? ranked[1] : null;
}

function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, place) => place);
  for (let i = 1; i <= a.length; i++) {
    const next = [ i ];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}
