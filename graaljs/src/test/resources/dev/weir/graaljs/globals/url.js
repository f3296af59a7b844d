// URL: each case as in Node.js 20; Chromium differs in some for which it does not follow the standard
// (files with a host or drive letter, spaces in hosts, apostrophes in the queries of other schemes).

const parts = (url, base) => {
  const u = new URL(url, base);
  return [u.href, u.origin, u.host, u.pathname, u.search, u.hash];
};

// url, base, [href, origin, host, pathname, search, hash]
for (const [url, base, expected] of [
  [
    'http://example.com',
    undefined,
    ['http://example.com/', 'http://example.com', 'example.com', '/', '', ''],
  ],
  [
    'HTTP://user:pass@EXAMPLE.com:80/a/../b/./c?q=1#f',
    undefined,
    ['http://user:pass@example.com/b/c?q=1#f', 'http://example.com', 'example.com', '/b/c', '?q=1', '#f'],
  ],
  [
    'https://example.com:443/',
    undefined,
    ['https://example.com/', 'https://example.com', 'example.com', '/', '', ''],
  ],
  [
    'https://example.com:8443',
    undefined,
    ['https://example.com:8443/', 'https://example.com:8443', 'example.com:8443', '/', '', ''],
  ],
  [
    'ftp://example.com:21/file',
    undefined,
    ['ftp://example.com/file', 'ftp://example.com', 'example.com', '/file', '', ''],
  ],
  [
    'ws://example.com/chat?x',
    undefined,
    ['ws://example.com/chat?x', 'ws://example.com', 'example.com', '/chat', '?x', ''],
  ],
  [
    'wss://example.com:443/chat',
    undefined,
    ['wss://example.com/chat', 'wss://example.com', 'example.com', '/chat', '', ''],
  ],
  [
    '//other.example/x',
    'https://example.com/',
    ['https://other.example/x', 'https://other.example', 'other.example', '/x', '', ''],
  ],
  [
    '/x/y',
    'https://example.com/a/b?c#d',
    ['https://example.com/x/y', 'https://example.com', 'example.com', '/x/y', '', ''],
  ],
  [
    'x',
    'https://example.com/a/b?c#d',
    ['https://example.com/a/x', 'https://example.com', 'example.com', '/a/x', '', ''],
  ],
  [
    '?x',
    'https://example.com/a/b?c#d',
    ['https://example.com/a/b?x', 'https://example.com', 'example.com', '/a/b', '?x', ''],
  ],
  [
    '#x',
    'https://example.com/a/b?c#d',
    ['https://example.com/a/b?c#x', 'https://example.com', 'example.com', '/a/b', '?c', '#x'],
  ],
  [
    '',
    'https://example.com/a/b?c#d',
    ['https://example.com/a/b?c', 'https://example.com', 'example.com', '/a/b', '?c', ''],
  ],
  [
    '../../../x',
    'https://example.com/a/b/c/d',
    ['https://example.com/x', 'https://example.com', 'example.com', '/x', '', ''],
  ],
  [
    '\\x\\y',
    'https://example.com/a/b',
    ['https://example.com/x/y', 'https://example.com', 'example.com', '/x/y', '', ''],
  ],
  [
    'https:x',
    'https://example.com/a/b',
    ['https://example.com/a/x', 'https://example.com', 'example.com', '/a/x', '', ''],
  ],
  [
    'http:x',
    'https://example.com/a/b',
    ['http://x/', 'http://x', 'x', '/', '', ''],
  ],
  [
    'https:example.com',
    undefined,
    ['https://example.com/', 'https://example.com', 'example.com', '/', '', ''],
  ],
  [
    'https:////example.com///x',
    undefined,
    ['https://example.com///x', 'https://example.com', 'example.com', '///x', '', ''],
  ],
  [
    ' \t https://exa\nmple.com/ \n',
    undefined,
    ['https://example.com/', 'https://example.com', 'example.com', '/', '', ''],
  ],
  [
    'https://example.com/ü?ü#ü',
    undefined,
    ['https://example.com/%C3%BC?%C3%BC#%C3%BC', 'https://example.com', 'example.com', '/%C3%BC', '?%C3%BC', '#%C3%BC'],
  ],
  [
    'https://münchen.example/',
    undefined,
    ['https://xn--mnchen-3ya.example/', 'https://xn--mnchen-3ya.example', 'xn--mnchen-3ya.example', '/', '', ''],
  ],
  [
    'https://xn--mnchen-3ya.example/',
    undefined,
    ['https://xn--mnchen-3ya.example/', 'https://xn--mnchen-3ya.example', 'xn--mnchen-3ya.example', '/', '', ''],
  ],
  [
    'https://EXAMPLE.com./',
    undefined,
    ['https://example.com./', 'https://example.com.', 'example.com.', '/', '', ''],
  ],
  [
    'https://0x7f.1/',
    undefined,
    ['https://127.0.0.1/', 'https://127.0.0.1', '127.0.0.1', '/', '', ''],
  ],
  [
    'https://4294967295/',
    undefined,
    ['https://255.255.255.255/', 'https://255.255.255.255', '255.255.255.255', '/', '', ''],
  ],
  [
    'https://[::1]:8080/',
    undefined,
    ['https://[::1]:8080/', 'https://[::1]:8080', '[::1]:8080', '/', '', ''],
  ],
  [
    'https://[1:0:0:2:0:0:0:3]/',
    undefined,
    ['https://[1:0:0:2::3]/', 'https://[1:0:0:2::3]', '[1:0:0:2::3]', '/', '', ''],
  ],
  [
    'https://[::ffff:1.2.3.4]/',
    undefined,
    ['https://[::ffff:102:304]/', 'https://[::ffff:102:304]', '[::ffff:102:304]', '/', '', ''],
  ],
  [
    "https://example.com/?'\"<>`{}",
    undefined,
    ['https://example.com/?%27%22%3C%3E`{}', 'https://example.com', 'example.com', '/', '?%27%22%3C%3E`{}', ''],
  ],
  [
    "https://example.com/'\"<>`{}|^[]",
    undefined,
    ["https://example.com/'%22%3C%3E%60%7B%7D|%5E[]", 'https://example.com', 'example.com', "/'%22%3C%3E%60%7B%7D|%5E[]", '', ''],
  ],
  [
    "https://example.com/#'\"<>`{}",
    undefined,
    ["https://example.com/#'%22%3C%3E%60{}", 'https://example.com', 'example.com', '/', '', "#'%22%3C%3E%60{}"],
  ],
  [
    "foo://example.com/?'\"<>`{}",
    undefined,
    ["foo://example.com/?'%22%3C%3E`{}", 'null', 'example.com', '/', "?'%22%3C%3E`{}", ''],
  ],
  [
    'https://user:p@ss:w%2Frd@example.com/',
    undefined,
    ['https://user:p%40ss%3Aw%2Frd@example.com/', 'https://example.com', 'example.com', '/', '', ''],
  ],
  [
    'mailto:someone@example.com',
    undefined,
    ['mailto:someone@example.com', 'null', '', 'someone@example.com', '', ''],
  ],
  [
    'data:text/plain,hello world?q#f',
    undefined,
    ['data:text/plain,hello world?q#f', 'null', '', 'text/plain,hello world', '?q', '#f'],
  ],
  [
    'javascript:alert(1)',
    undefined,
    ['javascript:alert(1)', 'null', '', 'alert(1)', '', ''],
  ],
  [
    'about:blank',
    undefined,
    ['about:blank', 'null', '', 'blank', '', ''],
  ],
  [
    'blob:https://example.com/1234',
    undefined,
    ['blob:https://example.com/1234', 'https://example.com', '', 'https://example.com/1234', '', ''],
  ],
  [
    'blob:ws://example.com/1234',
    undefined,
    ['blob:ws://example.com/1234', 'null', '', 'ws://example.com/1234', '', ''],
  ],
  [
    'blob:x',
    undefined,
    ['blob:x', 'null', '', 'x', '', ''],
  ],
  [
    'foo:bar',
    undefined,
    ['foo:bar', 'null', '', 'bar', '', ''],
  ],
  [
    'foo:/bar/../baz',
    undefined,
    ['foo:/baz', 'null', '', '/baz', '', ''],
  ],
  [
    'foo://host:80/bar?q#f',
    undefined,
    ['foo://host:80/bar?q#f', 'null', 'host:80', '/bar', '?q', '#f'],
  ],
  [
    'foo://HOST%41é/bar',
    undefined,
    ['foo://HOST%41%C3%A9/bar', 'null', 'HOST%41%C3%A9', '/bar', '', ''],
  ],
  [
    'foo:///bar',
    undefined,
    ['foo:///bar', 'null', '', '/bar', '', ''],
  ],
  [
    'foo://',
    undefined,
    ['foo://', 'null', '', '', '', ''],
  ],
  [
    'foo:/..//bar',
    undefined,
    ['foo:/.//bar', 'null', '', '//bar', '', ''],
  ],
  [
    'foo:\\bar',
    undefined,
    ['foo:\\bar', 'null', '', '\\bar', '', ''],
  ],
  [
    'x',
    'foo://host/a/b',
    ['foo://host/a/x', 'null', 'host', '/a/x', '', ''],
  ],
  [
    '//x',
    'foo://host/a/b',
    ['foo://x', 'null', 'x', '', '', ''],
  ],
  [
    '#x',
    'mailto:a@b',
    ['mailto:a@b#x', 'null', '', 'a@b', '', '#x'],
  ],
  [
    'file:///a/b',
    undefined,
    ['file:///a/b', 'null', '', '/a/b', '', ''],
  ],
  [
    'file://localhost/a',
    undefined,
    ['file:///a', 'null', '', '/a', '', ''],
  ],
  [
    'file://host/a',
    undefined,
    ['file://host/a', 'null', 'host', '/a', '', ''],
  ],
  [
    'file:a',
    undefined,
    ['file:///a', 'null', '', '/a', '', ''],
  ],
  [
    'file:/C|/x/../..',
    undefined,
    ['file:///C:/', 'null', '', '/C:/', '', ''],
  ],
  [
    'file:///C:/x',
    undefined,
    ['file:///C:/x', 'null', '', '/C:/x', '', ''],
  ],
  [
    'file://C:/x',
    undefined,
    ['file:///C:/x', 'null', '', '/C:/x', '', ''],
  ],
  [
    'x',
    'file:///C:/a/b',
    ['file:///C:/a/x', 'null', '', '/C:/a/x', '', ''],
  ],
  [
    '/x',
    'file:///C:/a/b',
    ['file:///C:/x', 'null', '', '/C:/x', '', ''],
  ],
  [
    '/D:/x',
    'file:///C:/a/b',
    ['file:///D:/x', 'null', '', '/D:/x', '', ''],
  ],
  [
    '..',
    'file:///C:/',
    ['file:///C:/', 'null', '', '/C:/', '', ''],
  ],
  [
    'file:\\\\host\\a',
    undefined,
    ['file://host/a', 'null', 'host', '/a', '', ''],
  ],
  [
    'file:?q',
    'file:///a/b?c',
    ['file:///a/b?q', 'null', '', '/a/b', '?q', ''],
  ],
  [
    'file:#f',
    'file:///a/b?c',
    ['file:///a/b?c#f', 'null', '', '/a/b', '?c', '#f'],
  ],
  [
    'file:',
    undefined,
    ['file:///', 'null', '', '/', '', ''],
  ],
]) {
  check(`parses ${JSON.stringify(url)}${base === undefined ? '' : ` against ${base}`}`, () => parts(url, base), expected);
}

for (const [url, base] of [
  ['', undefined],
  ['x', undefined],
  ['//x', undefined],
  ['x', 'mailto:a@b'],
  ['https://', undefined],
  ['https://:80', undefined],
  ['https://user@', undefined],
  ['https://example.com:65536', undefined],
  ['https://example.com:8a', undefined],
  ['https://exa mple.com', undefined],
  ['https://exa%00mple.com', undefined],
  ['https://1.2.3.256', undefined],
  ['https://1.2.3.4.5', undefined],
  ['https://[::1', undefined],
  ['https://[:::1]', undefined],
  ['https://a<b', undefined],
  ['https://%zz', undefined],
  ['foo://a b', undefined],
  ['foo://a^b', undefined],
  ['file://a b/', undefined],
  ['file://host:80/', undefined],
  ['https://xn--/', undefined],
  ['x', 'no base'],
  ['https://us er:p@ss:w/rd@example.com/', undefined],
]) {
  const name = `${JSON.stringify(url)}${base === undefined ? '' : ` against ${base}`}`;
  check(`refuses ${name}`, () => new URL(url, base), throws('TypeError'));
  check(`says that ${name} cannot be parsed`, () => URL.canParse(url, base), false);
}

// url, attribute, value, href
for (const [url, attribute, value, expected] of [
  ['https://example.com/', 'protocol', 'http', 'http://example.com/'],
  ['https://example.com/', 'protocol', 'ws:whatever', 'ws://example.com/'],
  ['https://example.com/', 'protocol', 'foo', 'https://example.com/'],
  ['https://example.com/', 'protocol', 'file', 'file://example.com/'],
  ['https://u@example.com/', 'protocol', 'file', 'https://u@example.com/'],
  ['https://example.com/', 'protocol', '1x', 'https://example.com/'],
  ['https://example.com/', 'protocol', '', 'https://example.com/'],
  ['https://example.com:80/', 'protocol', 'http', 'http://example.com/'],
  ['foo://example.com/', 'protocol', 'bar', 'bar://example.com/'],
  ['foo://example.com/', 'protocol', 'https', 'foo://example.com/'],
  ['file:///x', 'protocol', 'https', 'file:///x'],
  ['https://example.com/', 'username', 'me@:/', 'https://me%40%3A%2F@example.com/'],
  ['https://me@example.com/', 'username', '', 'https://example.com/'],
  ['https://example.com/', 'password', 'p:ß', 'https://:p%3A%C3%9F@example.com/'],
  ['file:///x', 'username', 'me', 'file:///x'],
  ['mailto:x', 'username', 'me', 'mailto:x'],
  ['https://example.com:8080/x', 'host', 'other.example', 'https://other.example:8080/x'],
  ['https://example.com:8080/x', 'host', 'other.example:99', 'https://other.example:99/x'],
  ['https://example.com:8080/x', 'host', 'other.example:443', 'https://other.example/x'],
  ['https://example.com:8080/x', 'host', 'other.example:65536', 'https://other.example:8080/x'],
  ['https://example.com:8080/x', 'host', 'other.example/path?q', 'https://other.example:8080/x'],
  ['https://example.com:8080/x', 'host', 'a b', 'https://example.com:8080/x'],
  ['https://example.com:8080/x', 'host', '', 'https://example.com:8080/x'],
  ['https://example.com:8080/x', 'host', ':99', 'https://example.com:8080/x'],
  ['https://example.com:8080/x', 'host', '[::1]:77', 'https://[::1]:77/x'],
  ['foo://example.com/x', 'host', '', 'foo:///x'],
  ['foo://u@example.com/x', 'host', '', 'foo://u@example.com/x'],
  ['foo:/x', 'host', 'example.com', 'foo://example.com/x'],
  ['mailto:x', 'host', 'example.com', 'mailto:x'],
  ['file:///x', 'host', 'example.com', 'file://example.com/x'],
  ['file:///x', 'host', 'localhost', 'file:///x'],
  ['file://h/x', 'host', '', 'file:///x'],
  ['https://example.com:8080/x', 'hostname', 'other.example', 'https://other.example:8080/x'],
  ['https://example.com:8080/x', 'hostname', 'other.example:99', 'https://example.com:8080/x'],
  ['https://example.com:8080/x', 'hostname', '0x7f000001', 'https://127.0.0.1:8080/x'],
  ['https://example.com:8080/x', 'hostname', '', 'https://example.com:8080/x'],
  ['https://example.com/x', 'port', '8080', 'https://example.com:8080/x'],
  ['https://example.com:8080/x', 'port', '', 'https://example.com/x'],
  ['https://example.com:8080/x', 'port', '443', 'https://example.com/x'],
  ['https://example.com:8080/x', 'port', '99abc', 'https://example.com:99/x'],
  ['https://example.com:8080/x', 'port', 'abc', 'https://example.com:8080/x'],
  ['https://example.com:8080/x', 'port', '65536', 'https://example.com:8080/x'],
  ['https://example.com:8080/x', 'port', '\t9\n0', 'https://example.com:90/x'],
  ['file:///x', 'port', '80', 'file:///x'],
  ['https://example.com/x?q#f', 'pathname', 'a/../b?c#d', 'https://example.com/b%3Fc%23d?q#f'],
  ['https://example.com/x?q#f', 'pathname', '', 'https://example.com/?q#f'],
  ['https://example.com/x?q#f', 'pathname', '\\a\\b', 'https://example.com/a/b?q#f'],
  ['foo://example.com/x', 'pathname', '', 'foo://example.com'],
  ['foo:/x', 'pathname', '', 'foo:/'],
  ['foo:/x', 'pathname', '//y', 'foo:/.//y'],
  ['foo://example.com/x', 'pathname', '\\a b', 'foo://example.com/\\a%20b'],
  ['mailto:x', 'pathname', 'y', 'mailto:x'],
  ['file:///C:/x', 'pathname', '/D|/y', 'file:///D:/y'],
  ['https://example.com/x#f', 'search', 'a=1&b= 2', 'https://example.com/x?a=1&b=%202#f'],
  ['https://example.com/x#f', 'search', "?'#", 'https://example.com/x?%27%23#f'],
  ['foo://example.com/x', 'search', "?'#", "foo://example.com/x?'%23"],
  ['https://example.com/x?q#f', 'search', '', 'https://example.com/x#f'],
  ['https://example.com/x?q#f', 'search', '?', 'https://example.com/x?#f'],
  ['https://example.com/x?q', 'hash', 'a b`', 'https://example.com/x?q#a%20b%60'],
  ['https://example.com/x?q', 'hash', '#', 'https://example.com/x?q#'],
  ['https://example.com/x?q#f', 'hash', '', 'https://example.com/x?q'],
  ['mailto:x', 'hash', 'y', 'mailto:x#y'],
  ['mailto:x', 'search', 'y', 'mailto:x?y'],
  ['https://example.com/x', 'href', 'foo:bar', 'foo:bar'],
]) {
  check(
    `sets ${attribute} of ${url} to ${JSON.stringify(value)}`,
    () => {
      const u = new URL(url);
      u[attribute] = value;
      return u.href;
    },
    expected,
  );
}

check(
  'keeps its searchParams in step both ways',
  () => {
    const u = new URL('https://example.com/?a=1&b=2#f');
    const p = u.searchParams;
    const seen = [p === u.searchParams, String(p)];
    p.append('c', 'x y&z');
    seen.push(u.href);
    u.search = '?d=4';
    seen.push(String(p));
    p.delete('d');
    seen.push(u.href);
    u.href = 'https://example.com/?e';
    seen.push(String(p));
    return seen;
  },
  [
    true,
    'a=1&b=2',
    'https://example.com/?a=1&b=2&c=x+y%26z#f',
    'd=4',
    'https://example.com/#f',
    'e=',
  ],
);
check('leaves the URL when a new href does not parse', () => {
  const u = new URL('https://example.com/x');
  try {
    u.href = 'nothing';
  } catch (e) {
    return [e instanceof TypeError, u.href];
  }
}, [true, 'https://example.com/x']);
check('has toJSON and toString', () => JSON.stringify([new URL('HTTP://A/'), `${new URL('b', 'ws://c')}`]), '["http://a/","ws://c/b"]');
check('takes a URL as base', () => new URL('x', new URL('https://example.com/y/')).href, 'https://example.com/y/x');
check('takes undefined as no base, but null as text', () => [
  URL.canParse('https://a/', undefined), URL.canParse('https://a/', null), URL.canParse('a', undefined)
], [true, false, false]);
check('gives null where parse cannot', () => [URL.parse('x'), URL.parse('x', 'https://a').href], [null, 'https://a/x']);
check('replaces lone surrogates', () => new URL('https://a/\ud800').href, 'https://a/%EF%BF%BD');
check('wants one argument', () => new URL(), throws('TypeError'));
check('wants new', () => URL('https://a/'), throws('TypeError'));
check('has read-only origin and searchParams', () => {
  const u = new URL('https://a/');
  u.origin;
  return ['origin', 'searchParams'].map((key) => Object.getOwnPropertyDescriptor(URL.prototype, key).set);
}, [undefined, undefined]);

const pairs = (init) => [...new URLSearchParams(init)];
check('parses a query', () => pairs('?a=1&b=2&a=3&&c&=d&e=f=g'), [['a', '1'], ['b', '2'], ['a', '3'], ['c', ''], ['', 'd'], ['e', 'f=g']]);
check('decodes a query', () => pairs('a+b=%41%zz%c3%bc%ff&%26=%3d'), [['a b', 'A%zzü\ufffd'], ['&', '=']]);
check('takes a list of pairs', () => pairs([['a', 1], new Set(['b', 2])]), [['a', '1'], ['b', '2']]);
check('takes a record', () => pairs({ b: 2, a: [1, 2] }), [['b', '2'], ['a', '1,2']]);
check('takes itself', () => pairs(new URLSearchParams('a=1&a=2')), [['a', '1'], ['a', '2']]);
check('takes null as text, undefined as nothing', () => [pairs(null), pairs(undefined)], [[['null', '']], []]);
check('joins keys of a record that become one', () => pairs({ '\ud800': 1, x: 2, '\ufffd': 3 }), [['\ufffd', '3'], ['x', '2']]);
check('refuses pairs of three', () => new URLSearchParams([['a', 'b', 'c']]), throws('TypeError'));
check('refuses pairs that are none', () => new URLSearchParams([1]), throws('TypeError'));
check('refuses an iterator that is no function', () => new URLSearchParams({ [Symbol.iterator]: 1 }), throws('TypeError'));
check('refuses symbols', () => new URLSearchParams({ [Symbol('x')]: 1 }), throws('TypeError'));
check('serializes', () => String(new URLSearchParams([['a b', 'ü~*-._+&=%'], ['', "'"]])), "a+b=%C3%BC%7E*-._%2B%26%3D%25&=%27");
check('gets, has and sets', () => {
  const p = new URLSearchParams('a=1&b=2&a=3');
  const seen = [p.size, p.get('a'), p.get('z'), p.getAll('a'), p.has('b'), p.has('b', 3), p.has('a', '3')];
  p.set('a', 9);
  p.set('z', 0);
  return [...seen, String(p)];
}, [3, '1', null, ['1', '3'], true, false, true, 'a=9&b=2&z=0']);
check('deletes by name, or by name and value', () => {
  const p = new URLSearchParams('a=1&b=2&a=3&a=1');
  p.delete('a', 1);
  const first = String(p);
  p.delete('a', undefined);
  return [first, String(p)];
}, ['b=2&a=3', 'b=2']);
check('sorts by code units and keeps the order of equal names', () => {
  const p = new URLSearchParams('z=1&\ud83c\udf08=2&\ufb03=3&a=1&z=0');
  p.sort();
  return [...p.keys()];
}, ['a', 'z', 'z', '\ud83c\udf08', '\ufb03']);
check('iterates live', () => {
  const p = new URLSearchParams('a=1&b=2');
  const seen = [];
  for (const [name] of p) {
    seen.push(name);
    if (p.size < 4) {
      p.append(name + name, '');
    }
  }
  return seen;
}, ['a', 'b', 'aa', 'bb']);
check('calls forEach with value, name and itself', () => {
  const p = new URLSearchParams('a=1');
  const seen = [];
  p.forEach(function (value, name, all) {
    seen.push(this.x, value, name, all === p);
  }, { x: 7 });
  return seen;
}, [7, '1', 'a', true]);
check('has iterators of Web IDL', () => {
  const p = new URLSearchParams('a=1');
  const iterator = p.keys();
  const prototype = Object.getPrototypeOf(iterator);
  return [
    URLSearchParams.prototype[Symbol.iterator] === URLSearchParams.prototype.entries,
    Object.prototype.toString.call(iterator),
    Object.getPrototypeOf(prototype) === Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())),
    Object.keys(prototype),
    iterator[Symbol.iterator]() === iterator,
    iterator.next(),
    iterator.next(),
  ];
}, [true, '[object URLSearchParams Iterator]', true, ['next'], true, { value: 'a', done: false }, { value: undefined, done: true }]);
check('counts arguments', () => ['append', 'delete', 'get', 'getAll', 'has', 'set', 'forEach'].map((name) => {
  try {
    new URLSearchParams()[name]();
  } catch (e) {
    return e instanceof TypeError;
  }
}), [true, true, true, true, true, true, true]);
