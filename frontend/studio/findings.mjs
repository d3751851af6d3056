// 检查结果: what the server's linter says of this file, a click selects the element; how much is left in other files.
import { t } from './words.mjs';

const TONES = { error: [ 'tag tag-late', '错误' ], warning: [ 'tag tag-soon', '提醒' ] };

export class Findings {
  constructor(host, { file, select }) {
    Object.assign(this, { host, file, select, other: [], name: (id) => id });
  }

  show(findings) {
    const mine = findings.filter(({ file }) => file === this.file);
    this.other = findings.filter(({ file }) => file !== this.file);
    const order = (finding) => (finding.severity === 'error' ? 0 : 1);
    mine.sort((a, b) => order(a) - order(b));
    const head = element('div', 'fh');
    head.append(element('h2', '', t('检查结果')));
    for (const severity of [ 'error', 'warning' ]) {
      const count = mine.filter((finding) => finding.severity === severity).length;
      if (count) head.append(element('span', TONES[severity][0], `${t(TONES[severity][1])} ${count}`));
    }
    head.append(element('span', 'muted', mine.some(({ severity }) => severity === 'error') ? t('改正错误后才能送审') : mine.length ? t('没有错误') : t('没有发现问题')));
    if (this.other.length) {
      const link = element('a', 'push small', t('其他文件还有 {count} 处', { count: this.other.length }));
      link.href = this.host.dataset.all;
      head.append(link);
    }
    this.host.replaceChildren(head);
    if (mine.length) this.host.append(this.table(mine));
    this.host.dataset.count = mine.length;
    this.host.dataset.shown = 'true';
  }

  table(findings) {
    const table = element('table', 'grid tight');
    table.setAttribute('aria-label', t('检查结果'));
    const body = table.appendChild(document.createElement('tbody'));
    for (const finding of findings.slice(0, 200)) {
      const row = body.appendChild(document.createElement('tr'));
      row.dataset.rule = finding.rule;
      const [ className, word ] = TONES[finding.severity] ?? TONES.warning;
      row.appendChild(document.createElement('td')).append(element('span', className, t(word)));
      const place = row.appendChild(document.createElement('td'));
      if (finding.element) {
        const go = element('button', 'desk-go', this.name(finding.element));
        go.type = 'button';
        go.dataset.element = finding.element;
        go.addEventListener('click', () => this.select(finding.element, finding));
        place.append(go);
      }
      const said = row.appendChild(document.createElement('td'));
      said.append(finding.sentence);
      if (finding.mend) said.append(' ', element('span', 'muted', finding.mend));
    }
    const scroll = element('div', 'desk-scroll');
    scroll.append(table);
    return scroll;
  }

  unknown() {
    this.host.replaceChildren(element('p', 'muted p-3 mb-0', t('检查结果没有读到，保存后会再检查。')));
  }
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
