// console (https://console.spec.whatwg.org/).
(weir) => {
  'use strict';

  const { host, idl, inspect } = weir;
  const { append, create, define, uncurry } = idl;
  const { ownKeys } = Reflect;
  const OriginalError = Error;
  const OriginalMap = Map;
  const has = uncurry(Map.prototype.has);
  const get = uncurry(Map.prototype.get);
  const set = uncurry(Map.prototype.set);
  const remove = uncurry(Map.prototype.delete);
  const indexOf = uncurry(String.prototype.indexOf);
  const join = uncurry(Array.prototype.join);
  const padEnd = uncurry(String.prototype.padEnd);
  const repeat = uncurry(String.prototype.repeat);
  const replaceAll = uncurry(String.prototype.replaceAll);
  const slice = uncurry(String.prototype.slice);
  const toFixed = uncurry(Number.prototype.toFixed);
  const toInt = parseInt;
  const toFloat = parseFloat;

  const DEEPEST_OF_DIR = 100;
  const INDENT = '  ';

  let indent = '';
  const counts = new OriginalMap();
  const times = new OriginalMap();

  const asText = (value) => (typeof value === 'string' ? value : inspect(value));

  const number = (value, parse) =>
    typeof value === 'bigint'
      ? `${value}n`
      : typeof value === 'symbol' || (typeof value === 'object' && value !== null)
        ? 'NaN'
        : inspect(parse(value));

  /** What stands for each format specifier. */
  const specifiers = {
    __proto__: null,
    s: (value) =>
      typeof value === 'string' || typeof value === 'object' || typeof value === 'function'
        ? asText(value)
        : inspect(value),
    d: (value) => number(value, Number),
    i: (value) => number(value, toInt),
    f: (value) => number(value, toFloat),
    o: (value) => inspect(value, 4),
    O: (value) => inspect(value),
    j: (value) => `${JSON.stringify(value)}`,
    c: () => '',
  };

  /** "Formatter": what a text with specifiers and its values make together. */
  const format = (values) => {
    if (values.length === 0) {
      return '';
    }
    let next = 1;
    let text;
    if (typeof values[0] === 'string' && values.length > 1) {
      const template = values[0];
      text = '';
      let from = 0;
      for (let at = indexOf(template, '%'); at >= 0; at = indexOf(template, '%', from)) {
        text += slice(template, from, at);
        const letter = template[at + 1];
        from = at + 2;
        if (letter === '%') {
          text += '%';
        } else if (letter in specifiers && next < values.length) {
          text += specifiers[letter](values[next++]);
        } else {
          text += '%';
          from = at + 1;
        }
      }
      text += slice(template, from);
    } else {
      text = asText(values[0]);
    }
    for (; next < values.length; next++) {
      text += ` ${asText(values[next])}`;
    }
    return text;
  };

  const print = (text, isError) => {
    host.print(indent === '' ? text : indent + replaceAll(text, '\n', `\n${indent}`), isError);
  };
  const labelOf = (label) => `${label}`;

  /** The frames below the console's own, which are not shown. */
  const framesOfCaller = () => {
    const stack = new OriginalError().stack;
    const from = indexOf(stack, '\n');
    return from < 0 ? '' : slice(stack, from);
  };

  const elapsed = (label) => `${label}: ${toFixed(host.now() - get(times, label), 3)} ms`;

  const begins = (label, name) => {
    if (!has(times, label)) {
      print(`Warning: there is no label '${label}' for console.${name}()`, true);
      return false;
    }
    return true;
  };

  const group = (data) => {
    if (data.length > 0) {
      print(format(data), false);
    }
    indent += INDENT;
  };

  /** A table as plain text: an index, the columns, and a column of values that are no objects. */
  const table = (data, columns) => {
    const isTable = (value) => typeof value === 'object' && value !== null;
    const header = ['(index)'];
    const lines = [];
    let hasValues = false;
    const rows = ownKeys(data);
    const columnOf = create(null);
    const column = (key) => {
      if (!(key in columnOf)) {
        columnOf[key] = header.length;
        append(header, key);
      }
      return columnOf[key];
    };
    for (let i = 0; columns !== undefined && i < columns.length; i++) {
      column(`${columns[i]}`);
    }
    for (let i = 0; i < rows.length; i++) {
      const key = rows[i];
      if (typeof key !== 'string' || (key === 'length' && idl.isObject(data) && Array.isArray(data))) {
        continue;
      }
      const cells = [key];
      const row = data[key];
      if (isTable(row)) {
        const keys = columns ?? Object.keys(row);
        for (let k = 0; k < keys.length; k++) {
          cells[column(`${keys[k]}`)] = keys[k] in row ? inspect(row[keys[k]], 0) : '';
        }
      } else {
        hasValues = true;
        cells.value = inspect(row);
      }
      append(lines, cells);
    }
    if (hasValues) {
      append(header, 'Values');
    }
    const widths = [];
    for (let c = 0; c < header.length; c++) {
      let width = header[c].length;
      for (let i = 0; i < lines.length; i++) {
        const text = cellOf(lines[i], c, hasValues ? header.length - 1 : -1);
        width = text.length > width ? text.length : width;
      }
      append(widths, width);
    }
    const line = (cells) => {
      const padded = [];
      for (let c = 0; c < header.length; c++) {
        append(padded, padEnd(cellOf(cells, c, hasValues ? header.length - 1 : -1), widths[c]));
      }
      return `│ ${join(padded, ' │ ')} │`;
    };
    const rule = (left, middle, right) => {
      const bars = [];
      for (let c = 0; c < header.length; c++) {
        append(bars, repeat('─', widths[c] + 2));
      }
      return left + join(bars, middle) + right;
    };
    const text = [rule('┌', '┬', '┐'), line(header), rule('├', '┼', '┤')];
    for (let i = 0; i < lines.length; i++) {
      append(text, line(lines[i]));
    }
    append(text, rule('└', '┴', '┘'));
    return join(text, '\n');
  };

  const cellOf = (cells, column, valueColumn) =>
    (column === valueColumn && 'value' in cells ? cells.value : cells[column]) ?? '';

  const console = {
    __proto__: {},
    log(...data) {
      print(format(data), false);
    },
    info(...data) {
      print(format(data), false);
    },
    debug(...data) {
      print(format(data), false);
    },
    warn(...data) {
      print(format(data), true);
    },
    error(...data) {
      print(format(data), true);
    },
    trace(...data) {
      const text = format(data);
      print(`Trace${text === '' ? '' : `: ${text}`}${framesOfCaller()}`, true);
    },
    assert(condition = false, ...data) {
      if (!condition) {
        const text = format(data);
        print(`Assertion failed${text === '' ? '' : `: ${text}`}`, true);
      }
    },
    dir(item = undefined) {
      print(inspect(item, DEEPEST_OF_DIR), false);
    },
    dirxml(...data) {
      print(format(data), false);
    },
    table(tabularData = undefined, properties = undefined) {
      const isTable = typeof tabularData === 'object' && tabularData !== null;
      print(isTable ? table(tabularData, properties) : format([tabularData]), false);
    },
    count(label = 'default') {
      const name = labelOf(label);
      const count = (get(counts, name) ?? 0) + 1;
      set(counts, name, count);
      print(`${name}: ${count}`, false);
    },
    countReset(label = 'default') {
      remove(counts, labelOf(label));
    },
    group(...data) {
      group(data);
    },
    groupCollapsed(...data) {
      group(data);
    },
    groupEnd() {
      indent = slice(indent, INDENT.length);
    },
    time(label = 'default') {
      set(times, labelOf(label), host.now());
    },
    timeLog(label = 'default', ...data) {
      const name = labelOf(label);
      if (begins(name, 'timeLog')) {
        const rest = data.length > 0 ? ` ${format(data)}` : '';
        print(elapsed(name) + rest, false);
      }
    },
    timeEnd(label = 'default') {
      const name = labelOf(label);
      if (begins(name, 'timeEnd')) {
        print(elapsed(name), false);
        remove(times, name);
      }
    },
    clear() {
      indent = '';
    },
  };
  define(console, Symbol.toStringTag, 'console', false, false, true);
  define(weir.global, 'console', console, true, false, true);
}
