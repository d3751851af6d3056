// Two versions of one file beside each other, line by line, for somebody who has to choose.
import { t } from './words.mjs';

const MOST = 80;

const only = (lines, others) => {
  const left = new Map();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    if (count) left.set(line, count - 1);
    return !count && line.trim();
  });
};

/** A folded box with what only `mine` has and what only `theirs` has. */
export function differences(mine, theirs, who) {
  const [ a, b ] = [ mine.split('\n'), theirs.split('\n') ];
  const box = document.createElement('details');
  box.className = 'desk-differences';
  box.append(Object.assign(document.createElement('summary'), { textContent: t('比较两个版本') }));
  const columns = box.appendChild(Object.assign(document.createElement('div'), { className: 'desk-columns' }));
  for (const [ title, lines ] of [ [ t('只在我的版本里'), only(a, b) ], [ t('只在{who}的版本里', { who }), only(b, a) ] ]) {
    const column = columns.appendChild(document.createElement('section'));
    column.append(Object.assign(document.createElement('h3'), { textContent: t('{title}（{count} 行）', { title, count: lines.length }) }));
    const text = lines.slice(0, MOST).map((line) => line.trim()).join('\n') + (lines.length > MOST ? '\n…' : '');
    const shown = column.appendChild(Object.assign(document.createElement('pre'), { textContent: text || t('没有') }));
    shown.tabIndex = 0;
  }
  return box;
}
