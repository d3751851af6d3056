// Builds every browser bundle, and the FEEL bundle of the server, into app/static/dist: `node build.mjs [name ...]`.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, '..', 'app', 'static', 'dist');
const entries = {
  feel: 'feel/entry.mjs',
  form: 'form/entry.mjs',
  viewer: 'viewer/entry.mjs',
  compare: 'compare/entry.mjs',
  status: 'status/entry.mjs',
  modeler: 'modeler/entry.mjs',
  dmn: 'dmn/entry.mjs',
  formeditor: 'formeditor/entry.mjs',
  register: 'register/entry.mjs',
  bootstrap: 'bootstrap/entry.css',
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in entries));
if (unknown.length) throw new Error(`no such bundle: ${unknown.join(', ')}`);

// Bootstrap draws its small icons as data: addresses; as files they need no exception in the content security policy.
const dataImages = {
  name: 'data-images',
  setup(builder) {
    builder.onResolve({ filter: /^data:image\/svg\+xml,/ }, ({ path }) => {
      const contents = decodeURIComponent(path.slice('data:image/svg+xml,'.length));
      const name = createHash('sha256').update(contents).digest('hex').slice(0, 8);
      return { path: `icon-${name}.svg`, namespace: 'data-image', pluginData: contents };
    });
    builder.onLoad({ filter: /.*/, namespace: 'data-image' }, ({ pluginData }) => ({ contents: pluginData, loader: 'file' }));
  },
};

const began = performance.now();
if (!wanted.length) rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const chosen = Object.keys(entries).filter((name) => (!wanted.length || wanted.includes(name)) && existsSync(join(here, entries[name])));
const editors = [ '@bpmn-io/feel-editor', '@bpmn-io/feelers-editor', ...[ 'autocomplete', 'commands', 'lang-json', 'language', 'lint', 'state', 'view' ].map((name) => `@codemirror/${name}`) ];
const without = Object.fromEntries(editors.map((name) => [ name, join(here, 'modeler', 'no-code-editor.mjs') ]));

async function bundle(names, alias = {}) {
  if (!names.length) return;
  await build({
    entryPoints: Object.fromEntries(names.map((name) => [ name, join(here, entries[name]) ])),
    outdir: dist,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2021',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    loader: { '.svg': 'text', '.woff': 'file', '.woff2': 'file', '.ttf': 'file', '.eot': 'file' },
    assetNames: 'assets/[name]-[hash]',
    legalComments: 'linked',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [ dataImages ],
    alias,
  });
}

await bundle(chosen.filter((name) => name !== 'modeler'));
await bundle(chosen.filter((name) => name === 'modeler'), without);
console.log(`built ${chosen.join(', ')} in ${Math.round(performance.now() - began)} ms`);
