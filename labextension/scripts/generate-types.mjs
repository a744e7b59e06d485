// Writes src/api/schema.ts from the JSON Schemas in claimed_jlab/schemas/, the
// single source of the Python and the TypeScript types.
//
//   node generate-types.mjs           writes the file
//   node generate-types.mjs --check   fails when the file is not up to date
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';

const here = dirname(fileURLToPath(import.meta.url));
const schemas = join(here, '../../claimed_jlab/schemas');
const target = join(here, '../src/api/schema.ts');

/** A document is written by people, who leave out what has a default. */
const WRITTEN_BY_PEOPLE = new Set(['Pipeline']);

/**
 * Prepares a schema for the compiler: what the server writes is always whole,
 * and a property needs no name of its own.
 */
function prepare(schema, whole) {
  const properties = schema.properties ?? {};
  for (const property of Object.values(properties)) {
    untitled(property);
  }
  if (schema.type === 'object') {
    schema.additionalProperties ??= false;
    schema.required = whole ? Object.keys(properties) : schema.required;
  }
  return schema;
}

/**
 * Makes the compiler write a type where it is used: without a name of its
 * own, `unknown` for any value, and tuples in the way it knows.
 */
function untitled(schema) {
  delete schema.title;
  schema.anyOf?.forEach(untitled);
  if (schema.prefixItems) {
    schema.items = schema.prefixItems;
    delete schema.prefixItems;
  }
  for (const inner of [schema.items, schema.additionalProperties].flat()) {
    if (typeof inner === 'object') {
      untitled(inner);
    }
  }
  if (!['type', 'anyOf', 'enum', 'const', '$ref'].some(key => key in schema)) {
    schema.tsType = 'unknown';
  }
}

/** Reports reach the browser as charts and tables, never as data. */
function isForTheBrowser(name) {
  return name.endsWith('.json') && !name.startsWith('report-');
}

/** All types of all schemas, each once, below one root. */
async function collect() {
  const $defs = {};
  const names = (await readdir(schemas)).filter(isForTheBrowser);
  for (const name of names.sort()) {
    const { $defs: inner = {}, ...root } = JSON.parse(
      await readFile(join(schemas, name), 'utf8')
    );
    const whole = !WRITTEN_BY_PEOPLE.has(root.title);
    for (const [key, schema] of Object.entries(inner)) {
      $defs[key] ??= prepare(schema, whole);
    }
    $defs[root.title] = prepare(root, whole);
  }
  return $defs;
}

async function generate() {
  const $defs = await collect();
  const root = { title: 'Schemas', type: 'object', $defs };
  const text = await compile(root, 'Schemas', {
    additionalProperties: false,
    bannerComment:
      '// Generated from claimed_jlab/schemas by `jlpm generate:types`: do not edit.',
    style: { singleQuote: true, trailingComma: 'none', arrowParens: 'avoid' },
    unreachableDefinitions: true
  });
  return text
    .replace(/export interface Schemas \{\}\n/, '')
    .replace(
      /\/\*\*\n(?: \*[^\n]*\n)*? \* via the `definition`[^\n]*\n(?: \*[^\n]*\n)*? \*\/\n/g,
      ''
    );
}

const text = await generate();
if (process.argv.includes('--check')) {
  const current = await readFile(target, 'utf8').catch(() => '');
  if (current !== text) {
    console.error(
      'src/api/schema.ts is not up to date: run jlpm generate:types'
    );
    process.exit(1);
  }
} else {
  await writeFile(target, text);
}
