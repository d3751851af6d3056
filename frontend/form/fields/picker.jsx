// Picking people, organs and cases from the lists that the page brought along: search as you type, all by keyboard.
import { Fragment } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { usePaper, useTranslate } from './frame.jsx';

const MOST_SHOWN = 50;
const FEW = 12;
const ENOUGH = 2;

export const SOURCES = { person: 'persons', 'multi-person': 'persons', organ: 'organs', 'multi-organ': 'organs', 'case-ref': 'cases', 'multi-case-ref': 'cases' };

export function useChoices(source) {
  return usePaper().options[source] ?? [];
}

const textOf = (choice) => (choice.organ ? `${choice.label}（${choice.organ}）` : choice.label);

/** "第五条第（二）项 超越职权" belongs under 第五条, "Art. 5 (2) Excess of power" under Art. 5; other labels under nothing. */
const headingOf = (choice) => choice.label.match(/^(?:第[〇零一二三四五六七八九十百]+条(?:之[一二三四五六七八九十]+)?|Art\. \d+)/)?.[0] ?? '';

/** Of organs the nearest name first, so that 民政 finds 民政局 before 人民政府; other lists keep their order. */
const nearest = (choices, query, source) => {
  if (source !== SOURCES.organ) return choices;
  const far = ({ label }) => (label.toLowerCase().startsWith(query) ? 0 : label.length);
  return [ ...choices ].sort((one, other) => far(one) - far(other)); // stable: equals keep the order of the list
};

/**
 * A combobox. `value` is an id or, with `multiple`, a list of ids shown as chips. The choices come from a list of the
 * page (`source`) or with the field (`given`), then under headings where their labels name articles.
 */
export function PickerInput({ value, onChange, source, given, hint, multiple = false, attributes }) {
  const translate = useTranslate();
  const listed = useChoices(source);
  const choices = given ?? listed;
  const [ typed, setTyped ] = useState(null);
  const [ open, setOpen ] = useState(false);
  const [ active, setActive ] = useState(0);
  const input = useRef();
  const list = useRef();
  const { id, disabled, readOnly, onFocus, onBlur, ...rest } = attributes;
  const locked = disabled || readOnly;
  const picked = multiple ? (Array.isArray(value) ? value : []) : [];
  const nameOf = (wanted) => { const found = choices.find((choice) => choice.value === wanted); return found ? textOf(found) : String(wanted); };
  const shown = typed ?? (!multiple && value ? nameOf(value) : '');

  const query = (typed ?? '').trim().toLowerCase();
  const free = choices.filter((choice) => !picked.includes(choice.value));
  const few = free.length <= FEW;
  const words = query.split(/\s+/);
  const fitting = (choice) => words.every((word) => textOf(choice).toLowerCase().includes(word));
  const found = query.length >= ENOUGH || (few && query) ? nearest(free.filter(fitting), query, source) : query ? [] : free;
  const visible = found.slice(0, MOST_SHOWN);
  const tooShort = Boolean(query) && query.length < ENOUGH && !few;

  useEffect(() => { list.current?.querySelectorAll('[role=option]')[active]?.scrollIntoView?.({ block: 'nearest' }); }, [ active, open ]);

  // A long name takes a second line; browsers without `field-sizing` are told how high that is.
  useEffect(() => {
    if (CSS.supports('field-sizing', 'content')) return;
    input.current.style.height = 'auto';
    input.current.style.height = `${input.current.scrollHeight + 2}px`;
  }, [ shown ]);

  const pick = (choice) => {
    onChange(multiple ? [ ...picked, choice.value ] : choice.value);
    setTyped(multiple ? '' : null);
    setActive(0);
    setOpen(false);
  };
  const remove = (gone) => { onChange(picked.filter((kept) => kept !== gone)); input.current?.focus(); };
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) { setOpen(true); setActive(0); return; }
      setActive((was) => Math.max(0, Math.min(visible.length - 1, was + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (open && visible[active]) pick(visible[active]);
    } else if (event.key === 'Escape') {
      setOpen(false);
      setTyped(null);
    } else if (event.key === 'Backspace' && multiple && !shown && picked.length) {
      remove(picked.at(-1));
    }
  };
  const leave = (event) => {
    setOpen(false);
    if (!multiple && typed !== null && !typed.trim() && value) onChange(null);
    setTyped(null);
    onBlur?.(event);
  };
  const told = tooShort ? translate('再输入一个字开始查找')
    : !choices.length ? translate('没有可选的对象')
      : !visible.length ? translate('没有符合的选项')
        : translate('共 {count} 项，用上下键选择', { count: found.length });

  return (
    <div class="wz-picker">
      {multiple && picked.length > 0 && (
        <ul class="wz-chips">
          {picked.map((chosen) => (
            <li key={chosen} class="wz-chip">
              <span>{nameOf(chosen)}</span>
              {!locked && <button type="button" aria-label={translate('移除“{name}”', { name: nameOf(chosen) })} onClick={() => remove(chosen)}>×</button>}
            </li>
          ))}
        </ul>
      )}
      <textarea
        data-no-phrases
        {...rest} id={id} ref={input} class="fjs-input wz-pick" rows={1} autocomplete="off" role="combobox"
        aria-autocomplete="list" aria-expanded={open} aria-controls={`${id}-list`}
        aria-activedescendant={open && visible[active] ? `${id}-option-${active}` : undefined}
        disabled={disabled} readOnly={readOnly} value={shown}
        placeholder={few ? translate('请选择') : translate(hint ?? '输入两个字查找，例如姓名或单位')}
        onFocus={(event) => onFocus?.(event)}
        onClick={() => !locked && setOpen(true)}
        onInput={({ target }) => { setTyped(target.value); setActive(0); setOpen(true); }}
        onKeyDown={locked ? undefined : onKeyDown}
        onBlur={leave}
      />
      {open && !locked && (
        <div class="wz-pop" onMouseDown={(event) => event.preventDefault()}>
          <p class="wz-told" role="status">{told}</p>
          <ul id={`${id}-list`} ref={list} role="listbox">
            {visible.map((choice, position) => {
              const heading = given ? headingOf(choice) : '';
              const starts = heading && (position === 0 || heading !== headingOf(visible[position - 1]));
              return (
                <Fragment key={choice.value}>
                  {starts && <li class="wz-heading" role="presentation">{heading}</li>}
                  <li
                    id={`${id}-option-${position}`} role="option" aria-selected={position === active}
                    onMouseMove={() => setActive(position)} onClick={() => pick(choice)}
                  >
                    {textOf(choice)}
                  </li>
                </Fragment>
              );
            })}
          </ul>
        </div>
      )}
    </div>
  );
}
