// Fields of one input, and the choices that stand open.
import { LocalExpressionContext, runExpressionEvaluation } from '@bpmn-io/form-js-viewer';
import { useContext, useEffect, useMemo } from 'preact/hooks';

import { capitals, yuan } from '../amounts.mjs';
import { show } from '../moments.mjs';
import { describedBy, Frame, GroupFrame, leaving, tied, usePaper, useService, useTranslate } from './frame.jsx';
import { DateInput, IdentityNumberInput, MoneyInput, SelectInput } from './inputs.jsx';
import { PickerInput, SOURCES } from './picker.jsx';

const taking = ({ field, onChange }) => (value) => onChange({ field, value });

export function Money(props) {
  const words = capitals(props.value);
  return (
    <Frame type="money" {...props}>
      <MoneyInput value={props.value} onChange={taking(props)} attributes={tied(props)} />
      {words && document.documentElement.lang !== 'en' && <div class="wz-capitals">{words}</div>}
    </Frame>
  );
}

export function IdentityNumber(props) {
  return <Frame type="identity-number" {...props}><IdentityNumberInput value={props.value} onChange={taking(props)} attributes={tied(props)} /></Frame>;
}

export function Datetime(props) {
  return <Frame type="datetime" {...props}><DateInput subtype={props.field.subtype ?? 'date'} value={props.value} onChange={taking(props)} attributes={tied(props)} /></Frame>;
}

export function Select(props) {
  return <Frame type="select" {...props}><SelectInput options={props.field.values} value={props.value} onChange={taking(props)} attributes={tied(props)} /></Frame>;
}

export function Picker(props) {
  const { field } = props;
  return (
    <Frame type="picker" {...props}>
      <PickerInput source={field.properties?.source ?? SOURCES[field.type]} multiple={field.type.startsWith('multi-')} value={props.value} onChange={taking(props)} attributes={tied(props)} />
    </Frame>
  );
}

export function Radio(props) {
  const { field, domId, value, onFocus, disabled, readonly } = props;
  const onBlur = leaving(props.onBlur);
  const take = taking(props);
  return (
    <GroupFrame type="radio" role="radiogroup" {...props}>
      <div class={`wz-options${(field.values ?? []).length === 2 ? ' wz-two' : ''}`}>
        {(field.values ?? []).map((option, position) => (
          <label key={position} class={`wz-option${option.value === value ? ' wz-chosen' : ''}`}>
            <input type="radio" id={`${domId}-${position}`} name={domId} checked={option.value === value} disabled={disabled || readonly} onBlur={onBlur} onFocus={onFocus} aria-describedby={describedBy(domId)} onChange={() => take(option.value)} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </GroupFrame>
  );
}

const MOST_TICKS = 12;

/** Boxes to tick; a longer list is searched, its chosen lines stand as chips. */
export function Checklist(props) {
  return (props.field.values ?? []).length > MOST_TICKS ? <LongChecklist {...props} /> : <Ticks {...props} />;
}

function LongChecklist(props) {
  const options = props.field.values;
  const take = taking(props);
  const inOrder = (chosen) => take(options.map(({ value }) => value).filter((value) => chosen.includes(value)));
  return (
    <Frame type="checklist" {...props}>
      <PickerInput given={options} hint="输入条文号或关键词查找" multiple value={props.value} onChange={inOrder} attributes={tied(props)} />
    </Frame>
  );
}

function Ticks(props) {
  const { field, domId, onFocus, disabled, readonly } = props;
  const onBlur = leaving(props.onBlur);
  const take = taking(props);
  const value = Array.isArray(props.value) ? props.value : [];
  const options = field.values ?? [];
  const toggle = (option) => take(options.map((known) => known.value).filter((known) => (known === option) !== value.includes(known)));
  return (
    <GroupFrame type="checklist" {...props}>
      <div class="wz-options">
        {options.map((option, position) => (
          <label key={position} class={`wz-option${value.includes(option.value) ? ' wz-chosen' : ''}`}>
            <input type="checkbox" id={`${domId}-${position}`} checked={value.includes(option.value)} disabled={disabled || readonly} onBlur={onBlur} onFocus={onFocus} aria-describedby={describedBy(domId)} onChange={() => toggle(option.value)} />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </GroupFrame>
  );
}

/** A tick that only the signer gives; name and time are added by the server. */
export function Signature(props) {
  const { field, value, disabled, readonly } = props;
  const translate = useTranslate();
  const { signer } = usePaper();
  return (
    <Frame type="signature" {...props}>
      <label class="wz-sign">
        <input {...tied(props)} type="checkbox" checked={value === true} disabled={disabled || readonly} aria-label={`${field.label} ${translate('本人签字确认')}`} onChange={({ target }) => taking(props)(target.checked)} />
        <span><b>{translate('本人签字确认')}</b>{signer && <span class="wz-signer">{translate('签字人：{name}', { name: signer })}</span>}<small>{translate('提交时记录签字人和时间')}</small></span>
      </label>
    </Frame>
  );
}

/** A value that follows from the other answers. The server computes it again and keeps its own. */
export function Computed(props) {
  const { field, value, domId, onChange } = props;
  const translate = useTranslate();
  const feel = useService('expressionLanguage');
  const context = useContext(LocalExpressionContext);
  const expression = String(field.expression ?? '').replace(/^\s*=/, '');
  const found = useMemo(() => runExpressionEvaluation(feel, `=${expression}`, context), [ feel, expression, context ]);
  const text = JSON.stringify(found ?? null);
  useEffect(() => {
    if (text !== JSON.stringify(value ?? null)) onChange({ field, value: found ?? null });
  }, [ text, JSON.stringify(value ?? null) ]);
  return (
    <Frame type="computed" {...props} errors={[]}>
      <output id={domId} tabIndex={-1} class="wz-computed" title={translate('由系统计算，提交时以服务器计算为准')}>{words(found, field, translate) || <span class="faint">{translate('填写后显示')}</span>}</output>
    </Frame>
  );
}

function words(value, field, translate) {
  if (value === null || value === undefined || value === '') return '';
  if (Array.isArray(value)) return value.map((item) => words(item, field, translate)).join('、');
  const option = field.values?.find((known) => known.value === value);
  if (option) return option.label;
  if (typeof value === 'boolean') return translate(value ? '是' : '否');
  if (field.format === 'money') return `${yuan(value)} ${translate('元')}`;
  if (typeof value === 'object') return JSON.stringify(value);
  return show(String(value), 'datetime');
}
