// htmx under a strict content security policy: nothing evaluated, no style element injected.
import htmx from 'htmx.org/dist/htmx.esm.js';

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  selfRequestsOnly: true,
});
window.htmx = htmx;
