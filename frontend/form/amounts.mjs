// Money is whole fen; people read and type yuan.
export function yuan(fen) {
  if (typeof fen !== 'number') return '';
  const [ whole, part ] = [ Math.trunc(Math.abs(fen) / 100), Math.abs(fen) % 100 ];
  const grouped = String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fen < 0 ? '-' : ''}${grouped}${part ? `.${String(part).padStart(2, '0')}` : ''}`;
}

/** Typed yuan in fen; null when empty, undefined when it is no amount. */
export function fen(text) {
  const typed = text.replace(/[,，\s元¥￥]/g, '').replace(/．/g, '.');
  if (!typed) return null;
  const found = /^(-?)(\d{1,13})(?:\.(\d{0,2}))?$/.exec(typed);
  return found ? (found[1] ? -1 : 1) * (Number(found[2]) * 100 + Number((found[3] ?? '').padEnd(2, '0'))) : undefined;
}

const DIGITS = '零壹贰叁肆伍陆柒捌玖';
const UNITS = [ '', '拾', '佰', '仟' ];
const GROUPS = [ '', '万', '亿', '万亿' ];

/** The amount in the capital figures of Chinese documents: 805 -> 捌元零伍分. */
export function capitals(amount) {
  if (typeof amount !== 'number' || amount < 0) return '';
  const [ whole, jiao, cent ] = [ Math.trunc(amount / 100), Math.trunc(amount / 10) % 10, amount % 10 ];
  const text = whole ? `${integer(whole)}元` : '';
  if (!jiao && !cent) return `${text || '零元'}整`;
  const tail = `${jiao ? `${DIGITS[jiao]}角` : whole ? '零' : ''}${cent ? `${DIGITS[cent]}分` : ''}`;
  return text + tail;
}

function integer(number) {
  const groups = String(number).replace(/\B(?=(\d{4})+$)/g, ',').split(',');
  let text = '';
  let gap = false;
  groups.forEach((group, position) => {
    const value = Number(group);
    if (!value) { gap = Boolean(text); return; }
    if (text && (gap || value < 1000)) text += '零';
    gap = false;
    text += thousands(value) + GROUPS[groups.length - 1 - position];
  });
  return text;
}

function thousands(value) {
  let text = '';
  let gap = false;
  [ ...String(value) ].forEach((digit, position, all) => {
    if (digit === '0') { gap = true; return; }
    if (gap && text) text += '零';
    gap = false;
    text += DIGITS[digit] + UNITS[all.length - 1 - position];
  });
  return text;
}
