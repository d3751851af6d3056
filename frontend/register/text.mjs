// The text of a register or option file: line numbers, colours, a mark at each line that the check complains of.
import { defaultKeymap, history, historyKeymap, indentWithTab, redo, undo } from '@codemirror/commands';
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from '@codemirror/search';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const PHRASES = {
  'Find': '查找', 'Replace': '替换为', 'next': '下一个', 'previous': '上一个', 'all': '全部', 'match case': '区分大小写', 'regexp': '正则表达式', 'by word': '整词',
  'replace': '替换', 'replace all': '全部替换', 'close': '关闭', 'current match': '当前', 'on line': '在第', 'replaced match on line $': '已替换第 $ 行', 'replaced $ matches': '已替换 $ 处', 'Go to line': '转到行', 'go': '转到',
};

const yaml = StreamLanguage.define({
  token(stream) {
    if (stream.match(/^#.*/)) return 'comment';
    if (stream.match(/^"(?:[^"\\]|\\.)*"/) || stream.match(/^'[^']*'/)) return 'string';
    if (stream.match(/^[^\s:#,[\]{}"'-][^\s:#,[\]{}]*(?=:(\s|$))/)) return 'propertyName';
    if (stream.match(/^(true|false|null|\d[\d.-]*)(?=[\s,}\]]|$)/)) return 'atom';
    if (!stream.match(/^[^\s#"',[\]{}]+/)) stream.next();
    return null;
  },
});
const colours = HighlightStyle.define([
  { tag: tags.comment, color: '#5f6c79' },
  { tag: tags.string, color: '#1f6346' },
  { tag: tags.propertyName, color: '#0d4a63', fontWeight: '600' },
  { tag: tags.atom, color: '#855000' },
]);
const wrongLines = StateEffect.define();
const marks = StateField.define({
  create: () => Decoration.none,
  update(kept, change) {
    let next = kept.map(change.changes);
    for (const effect of change.effects) {
      if (effect.is(wrongLines)) next = Decoration.set(effect.value.map(({ from, sentence }) => Decoration.line({ class: 'wz-wrong-line', attributes: { title: sentence } }).range(from)), true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** `changed` hears every edit by a person and every `set`. */
export function textEditor(parent, { changed, editable, english }) {
  const state = (doc) => EditorState.create({
    doc,
    extensions: [
      lineNumbers(), history(), drawSelection(), highlightActiveLine(), highlightSelectionMatches(), yaml, syntaxHighlighting(colours), search({ top: true }), marks,
      keymap.of([ ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'), ...historyKeymap, ...searchKeymap, indentWithTab ]),
      EditorView.lineWrapping, EditorState.readOnly.of(!editable), english ? [] : EditorState.phrases.of(PHRASES),
      EditorView.contentAttributes.of({ 'aria-label': parent.dataset.label ?? '' }),
      EditorView.updateListener.of((update) => { if (update.docChanged) changed(); }),
    ],
  });
  const view = new EditorView({ state: state(''), parent });
  return {
    view,
    get text() { return view.state.doc.toString(); },
    /** Another file: the history of edits begins anew. */
    load: (text) => view.setState(state(text)),
    /** An edit of the whole that can be undone; only what differs is replaced. */
    set(text) {
      const old = view.state.doc.toString();
      let from = 0;
      while (from < old.length && from < text.length && old[from] === text[from]) from++;
      let [ a, b ] = [ old.length, text.length ];
      while (a > from && b > from && old[a - 1] === text[b - 1]) { a--; b--; }
      view.dispatch({ changes: { from, to: a, insert: text.slice(from, b) } });
    },
    go(at) {
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
    },
    line: (number) => view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines)),
    lineAt: (at) => view.state.doc.lineAt(at),
    wrong: (found) => view.dispatch({ effects: wrongLines.of(found) }),
    undo: () => undo(view),
    redo: () => redo(view),
    find: () => openSearchPanel(view),
  };
}
