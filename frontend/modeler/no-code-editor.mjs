// Stands in for the code editors that the properties panel's package brings along (see build.mjs): the fields of our panel
// are plain text areas, and nothing of theirs is ever drawn. Without them the modeler is a third smaller.
const none = () => null;

export const Annotation = { define: () => ({ of: none }) };
export {
  none as bracketMatching, none as closeBrackets, none as closeBracketsKeymap, none as defaultHighlightStyle, none as defaultKeymap, none as drawSelection,
  none as EditorState, none as EditorView, none as FeelersEditor, none as foldGutter, none as foldKeymap, none as highlightSpecialChars, none as history,
  none as historyKeymap, none as json, none as jsonParseLinter, none as keymap, none as linter, none as lineNumbers, none as placeholder, none as syntaxHighlighting,
};
export default none;
