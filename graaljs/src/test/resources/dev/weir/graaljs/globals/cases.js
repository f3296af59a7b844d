// Collects cases: check(name, run, expected). Run in any engine, `runCase(i)` gives the promise of
// what `run` returns, resolves with or throws, as text, to be compared with the text of `expected`.
const cases = [];

const check = (name, run, expected) => {
  cases.push({ name, run, expected });
};

const isError = (value) => value instanceof Error;

/** JSON with undefined, NaN, -0, bytes and errors in it. */
const show = (value) => {
  if (value === null || value === undefined || typeof value === 'boolean') {
    return String(value);
  }
  if (typeof value === 'string') {
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    return Object.is(value, -0) ? '-0' : String(value);
  }
  if (typeof value === 'bigint') {
    return `${value}n`;
  }
  if (typeof value !== 'object') {
    return typeof value;
  }
  if (isError(value)) {
    return value instanceof DOMException ? `DOMException ${value.name}` : value.constructor.name;
  }
  if (value instanceof ArrayBuffer) {
    return `buffer(${Array.from(new Uint8Array(value)).join(' ')})`;
  }
  if (value instanceof Uint8Array) {
    return `bytes(${Array.from(value).join(' ')})`;
  }
  if (Array.isArray(value)) {
    return `[${value.map(show).join(', ')}]`;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    return Object.prototype.toString.call(value);
  }
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${key}: ${show(value[key])}`)
    .join(', ')}}`;
};

/** What is expected of a run that throws or rejects: 'TypeError', or 'DOMException' and its name. */
const throws = (name) => ({ throws: name });

const expectedText = (expected) =>
  typeof expected === 'object' && expected !== null && 'throws' in expected
    ? `throws ${expected.throws}`
    : show(expected);

const runCase = async (index) => {
  const { run } = cases[index];
  try {
    return show(await run());
  } catch (error) {
    return `throws ${show(error)}`;
  }
};

globalThis.caseNames = () => cases.map(({ name }) => name);
globalThis.expectedOf = (index) => expectedText(cases[index].expected);
globalThis.startCase = (index, done) => {
  runCase(index).then(done);
};
