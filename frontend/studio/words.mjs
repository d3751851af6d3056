// Our own words in the editors: Chinese sentences are the ids, English is looked up.
import { ENGLISH } from './english.mjs';

export const english = document.documentElement.lang === 'en';

export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export const t = (sentence, values = {}) => fill(english ? ENGLISH[sentence] ?? sentence : sentence, values);

/** The `translate` service of the bpmn.io libraries, from their English to the language of the page. */
export function translator(dictionary) {
  return (template, values = {}) => {
    const known = english ? undefined : dictionary[template];
    if (known === undefined && !english && /[A-Za-z]{2}/.test(template ?? '')) untranslated.add(template);
    return fill(known ?? template ?? '', values ?? {});
  };
}

/** What a library asked for and no dictionary had; a test wants none. */
export const untranslated = new Set();
window.wenzeUntranslated = untranslated;

/**
 * For texts without a translate hook: exact texts, titles, placeholders and labels are replaced as they appear. What a
 * person wrote lies in fields, in the drawing, or below `except`, and stays.
 */
export function localise(root, dictionary, { except = 'textarea,[contenteditable],.djs-visual', patterns = [] } = {}) {
  if (english) return;
  const known = (said) => {
    if (dictionary[said]) return dictionary[said];
    const [ pattern, words ] = patterns.find(([ one ]) => one.test(said)) ?? [];
    return pattern && said.replace(pattern, words);
  };
  const fix = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const said = node.nodeValue.trim();
      if (known(said) && !node.parentElement?.closest(except)) node.nodeValue = node.nodeValue.replace(said, known(said));
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(except)) return;
    for (const name of [ 'title', 'placeholder', 'aria-label' ]) {
      const said = node.getAttribute(name);
      if (said && known(said)) node.setAttribute(name, known(said));
    }
    node.childNodes.forEach(fix);
  };
  fix(root);
  new MutationObserver((seen) => {
    for (const change of seen) {
      if (change.type === 'childList') change.addedNodes.forEach((node) => { if (!node.parentElement?.closest(except)) fix(node); });
      else fix(change.target);
    }
  }).observe(root, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: [ 'title', 'placeholder', 'aria-label' ] });
}
