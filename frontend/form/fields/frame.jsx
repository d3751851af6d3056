// What every field of ours has around its input: label, hint, errors, and the wiring a screen reader needs.
import { Description, Errors, FormContext, Label } from '@bpmn-io/form-js-viewer';
import { useContext } from 'preact/hooks';

export const useService = (name) => useContext(FormContext).getService(name, false);
export const useTranslate = () => useService('translate');
export const usePaper = () => useService('paper');

export const describedBy = (domId) => `${domId}-description ${domId}-error-message`;

/** One input with its label. */
export function Frame({ type, field, domId, errors = [], disabled, readonly, children }) {
  return (
    <div class={classes(type, { errors, disabled, readonly })}>
      <Label htmlFor={domId} label={field.label ?? field.dateLabel} required={field.validate?.required} />
      {children}
      <Description id={`${domId}-description`} description={field.description} />
      <Errors id={`${domId}-error-message`} errors={errors} />
    </div>
  );
}

/** Going from one input of a group to the next does not leave the field. */
export const leaving = (onBlur) => (event) => {
  if (!event.currentTarget?.closest('fieldset')?.contains(event.relatedTarget)) onBlur?.(event);
};

/** Several inputs that together are one answer. */
export function GroupFrame({ type, field, domId, errors = [], disabled, readonly, role, children }) {
  return (
    <fieldset class={classes(type, { errors, disabled, readonly })} role={role} aria-describedby={describedBy(domId)} aria-invalid={errors.length > 0 || undefined}>
      <legend class="fjs-form-field-label"><span class="fjs-label-content">{field.label}{field.validate?.required && <span class="fjs-asterix" aria-hidden="true">*</span>}</span></legend>
      {children}
      <Description id={`${domId}-description`} description={field.description} />
      <Errors id={`${domId}-error-message`} errors={errors} />
    </fieldset>
  );
}

const classes = (type, { errors, disabled, readonly }) =>
  [ 'fjs-form-field', `fjs-form-field-${type}`, 'wz-field', errors.length && 'fjs-has-errors', disabled && 'fjs-disabled', readonly && 'fjs-readonly' ].filter(Boolean).join(' ');

/** The attributes that tie an input to its label, hint and errors. */
export const tied = ({ domId, field, errors = [], disabled, readonly, onFocus, onBlur }) => ({
  id: domId,
  disabled,
  readOnly: readonly,
  onFocus,
  onBlur,
  'aria-describedby': describedBy(domId),
  'aria-invalid': errors.length > 0 || undefined,
  'aria-required': field.validate?.required || undefined,
});
