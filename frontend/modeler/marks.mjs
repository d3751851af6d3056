// What the check found, at the shapes: a mark with the number of findings in the corner, words in its label.
import { t } from '../studio/words.mjs';

export class Marks {
  constructor(overlays, registry, { select }) {
    Object.assign(this, { overlays, registry, select, findings: [] });
  }

  of(id) { return this.findings.filter(({ element }) => element === id); }

  show(findings) {
    this.findings = findings;
    this.overlays.remove({ type: 'wenze-lint' });
    const found = new Map();
    for (const finding of findings) if (finding.element) found.set(finding.element, [ ...(found.get(finding.element) ?? []), finding ]);
    for (const [ id, list ] of found) {
      const element = this.registry.get(id);
      if (!element || element.type === 'bpmn:Participant' || !element.parent) continue;
      this.overlays.add(id, 'wenze-lint', { position: element.waypoints ? { top: 0, left: 0 } : { top: -10, right: 14 }, html: this.mark(id, list) });
    }
  }

  mark(id, list) {
    const bad = list.some(({ severity }) => severity === 'error');
    const mark = Object.assign(document.createElement('button'), { type: 'button', className: `wz-lint ${bad ? 'bad' : 'soft'}`, textContent: String(list.length) });
    mark.title = list.map(({ sentence }) => sentence).join('\n');
    mark.dataset.rules = list.map(({ rule }) => rule).join(' ');
    mark.setAttribute('aria-label', t(bad ? '{count} 处问题' : '{count} 处提醒', { count: list.length }));
    mark.addEventListener('click', () => this.select(id));
    return mark;
  }
}
