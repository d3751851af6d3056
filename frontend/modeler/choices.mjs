// Words for what may be chosen in the panel.
import { t } from '../studio/words.mjs';

export const HUMAN = [ 'bpmn:UserTask', 'bpmn:ManualTask' ];
export const REPEATED = [ ...HUMAN, 'bpmn:CallActivity', 'bpmn:SubProcess', 'bpmn:ServiceTask', 'bpmn:BusinessRuleTask' ];
export const SCRIPTED = [ ...HUMAN, 'bpmn:ServiceTask', 'bpmn:BusinessRuleTask', 'bpmn:CallActivity' ];
export const KINDS = { regulation: '办法规定的期限', statute: '法律规定的期限', internal: '内部时限' };
export const DAYS = { CALENDAR: '自然日', WORKING: '工作日' };
export const SOURCES = { regulation: '本办法', higher_law: '上位法' };
export const EFFECTS = { decision: '作出决定', service: '送达', notice: '告知', transfer: '移送' };
export const TYPES = { string: '文字', number: '数字', boolean: '是否', date: '日期', list: '列表', context: '结构' };
export const TIMERS = { timeDate: '到某一日期', timeDuration: '经过一段时间', timeCycle: '每隔一段时间' };

export const choices = (words) => () => Object.entries(words).map(([ value, label ]) => ({ value, label: t(label) }));
export const listed = (entries, key = 'id') => () => (entries ?? []).map((one) => ({ value: one[key], label: one.label && one.label !== one[key] ? `${one.label}（${one[key]}）` : one[key] }));
