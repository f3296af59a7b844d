// URL and URLSearchParams (https://url.spec.whatwg.org/#api). The parser is Java's.
(weir) => {
  'use strict';

  const { idl, host } = weir;
  const { append, apply, defineInterface, isObject, requireArguments, USVString } = idl;
  const { record, sequence, token } = idl;
  const startsWith = idl.uncurry(String.prototype.startsWith);
  const slice = idl.uncurry(String.prototype.slice);
  const sort = idl.uncurry(Array.prototype.sort);
  const splice = idl.uncurry(Array.prototype.splice);

  const parsePairs = (string) => {
    const flat = host.formParse(string);
    const pairs = [];
    for (let i = 0; i < flat.length; i += 2) {
      append(pairs, [flat[i], flat[i + 1]]);
    }
    return pairs;
  };

  const serializePairs = (pairs) => {
    const flat = [];
    for (let i = 0; i < pairs.length; i++) {
      append(flat, pairs[i][0]);
      append(flat, pairs[i][1]);
    }
    return apply(host.formSerialize, undefined, flat);
  };

  const recordOfStrings = record(USVString, USVString);

  /** The union of a sequence of pairs, a record and a string. */
  const initialPairs = (init, where) => {
    if (!isObject(init)) {
      const string = USVString(init);
      return parsePairs(startsWith(string, '?') ? slice(string, 1) : string);
    }
    const method = init[Symbol.iterator];
    if (method === undefined || method === null) {
      return recordOfStrings(init, where);
    }
    if (typeof method !== 'function') {
      throw new TypeError(`${where} has an iterator method that is not a function.`);
    }
    const pairs = idl.sequenceFrom(init, method, sequence(USVString), where);
    for (let i = 0; i < pairs.length; i++) {
      if (pairs[i].length !== 2) {
        throw new TypeError(
          `${where}: expected pairs of name and value but one has ${pairs[i].length} parts.`,
        );
      }
    }
    return pairs;
  };

  let pairsOf;
  let setPairs;
  let setUpdate;
  const executing = (name) => `Failed to execute '${name}' on 'URLSearchParams'`;

  class URLSearchParams {
    #pairs;
    #update = null;

    static {
      pairsOf = (params) => params.#pairs;
      setPairs = (params, pairs) => {
        params.#pairs = pairs;
      };
      setUpdate = (params, update) => {
        params.#update = update;
      };
    }

    constructor(init = '') {
      this.#pairs = initialPairs(init, "Failed to construct 'URLSearchParams': parameter 1");
    }

    #changed() {
      if (this.#update !== null) {
        this.#update(serializePairs(this.#pairs));
      }
    }

    get size() {
      return this.#pairs.length;
    }

    append(name, value) {
      const pairs = this.#pairs;
      requireArguments(2, arguments.length, executing('append'));
      append(pairs, [USVString(name), USVString(value)]);
      this.#changed();
    }

    delete(name, value = undefined) {
      const pairs = this.#pairs;
      requireArguments(1, arguments.length, executing('delete'));
      const key = USVString(name);
      const wanted = value === undefined ? undefined : USVString(value);
      removeFrom(pairs, 0, key, wanted);
      this.#changed();
    }

    get(name) {
      const pairs = this.#pairs;
      requireArguments(1, arguments.length, executing('get'));
      const index = indexOf(pairs, 0, USVString(name), undefined);
      return index < 0 ? null : pairs[index][1];
    }

    getAll(name) {
      const pairs = this.#pairs;
      requireArguments(1, arguments.length, executing('getAll'));
      const key = USVString(name);
      const values = [];
      for (let i = indexOf(pairs, 0, key); i >= 0; i = indexOf(pairs, i + 1, key)) {
        append(values, pairs[i][1]);
      }
      return values;
    }

    has(name, value = undefined) {
      const pairs = this.#pairs;
      requireArguments(1, arguments.length, executing('has'));
      const key = USVString(name);
      return indexOf(pairs, 0, key, value === undefined ? undefined : USVString(value)) >= 0;
    }

    set(name, value) {
      const pairs = this.#pairs;
      requireArguments(2, arguments.length, executing('set'));
      const key = USVString(name);
      const text = USVString(value);
      const index = indexOf(pairs, 0, key);
      if (index < 0) {
        append(pairs, [key, text]);
      } else {
        pairs[index][1] = text;
        removeFrom(pairs, index + 1, key, undefined);
      }
      this.#changed();
    }

    sort() {
      sort(this.#pairs, (a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
      this.#changed();
    }

    toString() {
      return serializePairs(this.#pairs);
    }
  }
  idl.definePairIterable(URLSearchParams, (params) => pairsOf(params));
  defineInterface(URLSearchParams);

  const indexOf = (pairs, from, name, value) => {
    for (let i = from; i < pairs.length; i++) {
      if (pairs[i][0] === name && (value === undefined || pairs[i][1] === value)) {
        return i;
      }
    }
    return -1;
  };

  const removeFrom = (pairs, from, name, value) => {
    for (let i = indexOf(pairs, from, name, value); i >= 0; i = indexOf(pairs, i, name, value)) {
      splice(pairs, i, 1);
    }
  };

  // URL

  const optionalString = (value) => (value === undefined ? null : USVString(value));

  class URL {
    #url;
    #searchParams;

    constructor(url, base = undefined) {
      if (url === token) {
        this.#url = base;
      } else {
        const where = "Failed to construct 'URL'";
        requireArguments(1, arguments.length, where);
        const text = USVString(url);
        this.#url = host.urlParse(text, optionalString(base));
        if (this.#url === null) {
          throw new TypeError(`${where}: Invalid URL`);
        }
      }
      this.#searchParams = new URLSearchParams();
      this.#readQuery();
      setUpdate(this.#searchParams, (query) => {
        host.urlSet(this.#url, 'query', query === '' ? null : query);
      });
    }

    #readQuery() {
      const query = host.urlGet(this.#url, 'query');
      setPairs(this.#searchParams, query === null ? [] : parsePairs(query));
    }

    static parse(url, base = undefined) {
      requireArguments(1, arguments.length, "Failed to execute 'parse' on 'URL'");
      const text = USVString(url);
      const parsed = host.urlParse(text, optionalString(base));
      return parsed === null ? null : new URL(token, parsed);
    }

    static canParse(url, base = undefined) {
      requireArguments(1, arguments.length, "Failed to execute 'canParse' on 'URL'");
      const text = USVString(url);
      return host.urlParse(text, optionalString(base)) !== null;
    }

    get href() {
      return host.urlGet(this.#url, 'href');
    }

    set href(value) {
      const url = this.#url;
      if (!host.urlSet(url, 'href', USVString(value))) {
        throw new TypeError("Failed to set the 'href' property on 'URL': Invalid URL");
      }
      this.#readQuery();
    }

    get origin() {
      return host.urlGet(this.#url, 'origin');
    }

    get protocol() {
      return host.urlGet(this.#url, 'protocol');
    }

    set protocol(value) {
      const url = this.#url;
      host.urlSet(url, 'protocol', USVString(value));
    }

    get username() {
      return host.urlGet(this.#url, 'username');
    }

    set username(value) {
      const url = this.#url;
      host.urlSet(url, 'username', USVString(value));
    }

    get password() {
      return host.urlGet(this.#url, 'password');
    }

    set password(value) {
      const url = this.#url;
      host.urlSet(url, 'password', USVString(value));
    }

    get host() {
      return host.urlGet(this.#url, 'host');
    }

    set host(value) {
      const url = this.#url;
      host.urlSet(url, 'host', USVString(value));
    }

    get hostname() {
      return host.urlGet(this.#url, 'hostname');
    }

    set hostname(value) {
      const url = this.#url;
      host.urlSet(url, 'hostname', USVString(value));
    }

    get port() {
      return host.urlGet(this.#url, 'port');
    }

    set port(value) {
      const url = this.#url;
      host.urlSet(url, 'port', USVString(value));
    }

    get pathname() {
      return host.urlGet(this.#url, 'pathname');
    }

    set pathname(value) {
      const url = this.#url;
      host.urlSet(url, 'pathname', USVString(value));
    }

    get search() {
      return host.urlGet(this.#url, 'search');
    }

    set search(value) {
      const url = this.#url;
      host.urlSet(url, 'search', USVString(value));
      this.#readQuery();
    }

    get searchParams() {
      return this.#searchParams;
    }

    get hash() {
      return host.urlGet(this.#url, 'hash');
    }

    set hash(value) {
      const url = this.#url;
      host.urlSet(url, 'hash', USVString(value));
    }

    toJSON() {
      return host.urlGet(this.#url, 'href');
    }

    toString() {
      return host.urlGet(this.#url, 'href');
    }
  }
  defineInterface(URL);

  weir.URL = URL;
  weir.URLSearchParams = URLSearchParams;
}
