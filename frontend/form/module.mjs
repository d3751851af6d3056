// What we change in form-js: words, FEEL as the server has it, and our field types.
import { OfficeFeel, SettledConditions } from './feel.mjs';
import { FIELD_TYPES } from './fields/index.mjs';

function FieldTypes(formFields) {
  for (const type of FIELD_TYPES) formFields.register(type.config.type, type);
}
FieldTypes.$inject = [ 'formFields' ];

/** `paper` is what our fields need of the page: option lists, upload address, signer, errors of cells. */
export const formModule = (translate, paper) => ({
  __init__: [ 'wenzeFieldTypes' ],
  wenzeFieldTypes: [ 'type', FieldTypes ],
  paper: [ 'value', paper ],
  translate: [ 'value', translate ],
  expressionLanguage: [ 'type', OfficeFeel ],
  conditionChecker: [ 'type', SettledConditions ],
});
