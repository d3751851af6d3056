// FEEL in the form as the server evaluates it: an empty answer is null, a condition hides only when it is true.
import { ConditionChecker, FeelExpressionLanguage } from '@bpmn-io/form-js-viewer';

import { keepOfficeTime } from '../feel/office-time.mjs';
import { plain } from '../feel/plain.mjs';

keepOfficeTime();

const isEmpty = (value) => value === '' || value === undefined || (Array.isArray(value) && !value.length);
const known = (data) => Object.fromEntries(Object.entries(data).map(([ name, value ]) => [ name, isEmpty(value) ? null : value ]));

export class OfficeFeel extends FeelExpressionLanguage {
  evaluate(expression, data = {}) {
    try {
      return plain(super.evaluate(expression, known(data)));
    } catch {
      return null;
    }
  }

  // form-js reads conditions as unary tests; the server reads them as expressions.
  evaluateUnaryTest(expression, data = {}) {
    return this.evaluate(expression, data) === true;
  }
}
OfficeFeel.$inject = FeelExpressionLanguage.$inject;

const ROUNDS = 10;

/** A hidden answer reads as null for the conditions of other fields, however long the chain. */
export class SettledConditions extends ConditionChecker {
  applyConditions(data, context = {}, options = {}) {
    let settled = this.emptied(data, context, options);
    for (let round = 1; round < ROUNDS; round++) {
      const next = this.emptied(data, { ...context, ...settled }, options);
      if (JSON.stringify(next) === JSON.stringify(settled)) break;
      settled = next;
    }
    return settled;
  }

  // null, not missing: form-js puts the initial answer in the place of a missing one
  emptied(data, context, options) {
    const kept = super.applyConditions(data, context, options);
    return Object.fromEntries(Object.keys(data).map((name) => [ name, kept[name] ?? null ]));
  }
}
SettledConditions.$inject = ConditionChecker.$inject;
