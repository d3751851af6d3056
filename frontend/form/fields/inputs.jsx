// Inputs without a frame: the same ones stand in fields and in the cells of tables. All take { value, onChange, attributes }.
import flatpickr from 'flatpickr';
import { useEffect, useRef, useState } from 'preact/hooks';

import { fen, yuan } from '../amounts.mjs';
import { REFERENCE } from '../check.mjs';
import { read, show } from '../moments.mjs';
import { useTranslate } from './frame.jsx';

/** Yuan are typed, fen are kept. What is no amount stays as typed, so that nothing is lost and the rules can say so. */
export function MoneyInput({ value, onChange, attributes }) {
  const translate = useTranslate();
  const [ typed, setTyped ] = useState(null);
  const take = (text) => {
    const amount = fen(text);
    onChange(amount === undefined ? text : amount);
  };
  return (
    <div class="wz-money">
      <input
        {...attributes} class="fjs-input" type="text" inputMode="decimal" autocomplete="off"
        value={typed ?? (typeof value === 'string' ? value : yuan(value))}
        onFocus={(event) => { attributes.onFocus?.(event); }}
        onInput={({ target }) => { setTyped(target.value); take(target.value); }}
        onBlur={(event) => { setTyped(null); attributes.onBlur?.(event); }}
      />
      <span class="wz-unit" aria-hidden="true">{translate('元')}</span>
    </div>
  );
}

const PLACEHOLDERS = { date: '年-月-日', datetime: '年-月-日 时:分', time: '时:分' };

/** A day, date-time or time: typed in any common way, or picked from the calendar with mouse or arrow keys. */
export function DateInput({ value, onChange, subtype = 'date', attributes }) {
  const translate = useTranslate();
  const [ typed, setTyped ] = useState(null);
  const input = useRef();
  const picker = useRef(null);
  const change = useRef(onChange);
  change.current = onChange;
  const locked = attributes.disabled || attributes.readOnly;

  const calendar = () => picker.current ??= flatpickr(input.current, {
    allowInput: true,
    clickOpens: false,
    disableMobile: true,
    enableTime: subtype === 'datetime',
    time_24hr: true,
    dateFormat: subtype === 'datetime' ? 'Y-m-d H:i' : 'Y-m-d',
    errorHandler: () => {},
    onChange: (_days, text) => {
      if (!text) return;
      change.current(read(text, subtype) ?? text);
      setTyped(null);
    },
  });
  useEffect(() => () => { picker.current?.destroy(); picker.current = null; }, []);

  const shown = typed ?? show(value, subtype);
  useEffect(() => { if (input.current.value !== shown) input.current.value = shown; });
  const open = () => {
    if (locked || subtype === 'time' || picker.current?.isOpen) return;
    const made = calendar();
    const kept = show(value, subtype);
    made.setDate(read(kept, subtype) ? kept : null, false);
    input.current.value = shown;
    made.open();
  };
  const settle = (text) => {
    setTyped(null);
    const kept = text.trim() ? read(text, subtype) ?? text.trim() : null;
    if (kept !== (value || null)) onChange(kept);
  };
  return (
    <input
      {...attributes} ref={input} class="fjs-input wz-date" type="text" autocomplete="off" value={shown}
      placeholder={translate(PLACEHOLDERS[subtype])}
      onClick={open}
      onInput={({ target }) => { setTyped(target.value); const kept = read(target.value, subtype); if (kept) onChange(kept); }}
      onKeyDown={(event) => {
        if (event.isComposing) return;
        if (event.key === 'ArrowDown') { event.preventDefault(); open(); (picker.current?.selectedDateElem ?? picker.current?.todayDateElem)?.focus(); }
        if (event.key === 'Escape') picker.current?.close();
        if (event.key === 'Enter') { event.preventDefault(); event.stopPropagation(); settle(event.target.value); picker.current?.close(); }
      }}
      onBlur={(event) => {
        if (picker.current?.calendarContainer?.contains(event.relatedTarget)) return;
        picker.current?.close();
        settle(event.target.value);
        attributes.onBlur?.(event);
      }}
    />
  );
}

/** The browser's own select: codes may be text, numbers or yes and no, so options are told apart by position. */
export function SelectInput({ value, onChange, options = [], attributes }) {
  const translate = useTranslate();
  const chosen = options.findIndex((option) => option.value === value);
  const { readOnly, disabled, ...rest } = attributes;
  return (
    <select
      {...rest} disabled={disabled || readOnly} class="fjs-input wz-select" value={String(chosen)}
      onChange={({ target }) => onChange(target.value === '-1' ? null : options[Number(target.value)].value)}
    >
      <option value="-1">{translate('请选择')}</option>
      {options.map((option, position) => <option key={position} value={String(position)}>{option.label}</option>)}
    </select>
  );
}

export function NumberInput({ value, onChange, attributes }) {
  const [ typed, setTyped ] = useState(null);
  const take = (text) => {
    const number = text.trim() === '' ? null : Number(text.replace(/[,，]/g, ''));
    onChange(number === null || Number.isFinite(number) ? number : text);
  };
  return (
    <input
      {...attributes} class="fjs-input" type="text" inputMode="decimal" autocomplete="off" value={typed ?? value ?? ''}
      onInput={({ target }) => { setTyped(target.value); take(target.value); }}
      onBlur={(event) => { setTyped(null); attributes.onBlur?.(event); }}
    />
  );
}

export function TextInput({ value, onChange, long = false, attributes }) {
  const Tag = long ? 'textarea' : 'input';
  return <Tag {...attributes} class={long ? 'fjs-textarea' : 'fjs-input'} rows={long ? 2 : undefined} type={long ? undefined : 'text'} value={value ?? ''} onInput={({ target }) => onChange(target.value)} />;
}

/** A number that was sealed before stands masked; what is typed over it replaces it as a whole. */
export function IdentityNumberInput({ value, onChange, attributes }) {
  const translate = useTranslate();
  const kept = REFERENCE.exec(value ?? '')?.[1];
  return (
    <div class="wz-identity">
      <input
        {...attributes} class="fjs-input" type="text" autocomplete="off" spellcheck={false} maxLength={24} readOnly={attributes.readOnly || Boolean(kept)}
        value={kept ?? value ?? ''} onInput={({ target }) => onChange(target.value || null)}
      />
      {kept && !attributes.readOnly && !attributes.disabled && (
        <button type="button" class="btn btn-line" aria-label={`${translate('重新填写')} ${attributes['aria-label'] ?? ''}`.trim()} onClick={() => onChange(null)}>{translate('重新填写')}</button>
      )}
    </div>
  );
}

export function TickInput({ value, onChange, attributes }) {
  const { readOnly, disabled, ...rest } = attributes;
  return <input {...rest} disabled={disabled || readOnly} class="fjs-input" type="checkbox" checked={value === true} onChange={({ target }) => onChange(target.checked)} />;
}
