package dev.weir.graaljs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ConsoleTest {
  private final Page page = new Page();

  @AfterEach
  void close() {
    page.runtime.close();
  }

  @TestFactory
  Stream<DynamicTest> printsValues() {
    return Stream.of(
            new String[] {"", ""},
            new String[] {
              "'a', 1, -0, 1n, undefined, null, true, Symbol('x')",
              "a 1 -0 1n undefined null true Symbol(x)"
            },
            new String[] {
              "{ a: 1, 'b-c': 'd', [Symbol('e')]: [] }", "{ a: 1, 'b-c': 'd', [Symbol(e)]: [] }"
            },
            new String[] {"{ a: { b: { c: { d: 1 } } } }", "{ a: { b: { c: [Object] } } }"},
            new String[] {"[[[[1]]]]", "[ [ [ [Array] ] ] ]"},
            new String[] {"[1, , 2, , ,]", "[ 1, <1 empty item>, 2, <2 empty items> ]"},
            new String[] {
              "[\"it's\", 'say \"hi\"', 'line\\nbreak']",
              "[ \"it's\", 'say \"hi\"', 'line\\nbreak' ]"
            },
            new String[] {
              "new Map([['k', { v: 1 }]]), new Set([1, 'a'])",
              "Map(1) { 'k' => { v: 1 } } Set(2) { 1, 'a' }"
            },
            new String[] {
              "new Uint8Array([1, 2]), new ArrayBuffer(2)",
              "Uint8Array(2) [ 1, 2 ] ArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 }"
            },
            new String[] {
              "function f() {}, () => {}, class A {}, class extends Array {}",
              "[Function: f] [Function (anonymous)] [class A] [class (anonymous) extends Array]"
            },
            new String[] {
              "new (class Point { x = 1; #y = 2; get z() { throw 1 } })", "Point { x: 1 }"
            },
            new String[] {
              "{ get a() { return 1 }, set a(v) {}, get b() { return 1 }, set c(v) {} }",
              "{ a: [Getter/Setter], b: [Getter], c: [Setter] }"
            },
            new String[] {
              "Object.create(null), Object.create({})", "[Object: null prototype] {} {}"
            },
            new String[] {
              "new Date(0), new Date(NaN), /a+/g, new Number(1), new String('s'), new Boolean(false)",
              "1970-01-01T00:00:00.000Z Invalid Date /a+/g [Number: 1] [String: 's'] [Boolean: false]"
            },
            new String[] {"new ReadableStream()", "ReadableStream { locked: false }"},
            new String[] {"new WeakMap(), Promise.resolve(1)", "WeakMap {} Promise {}"},
            new String[] {"new Proxy({}, { ownKeys() { throw 1 } })", "[object]"},
            new String[] {
              "(() => { const a = { b: [] }; a.b.push(a); return a })()",
              "<ref *1> { b: [ [Circular *1] ] }"
            },
            new String[] {
              "'%s is %d, %i, %f%% %o %O %c.', 'x', '4.5', 4.5, '1.5', {a: 1}, [2], 'css', 'rest'",
              "x is 4.5, 4, 1.5% { a: 1 } [ 2 ] . rest"
            },
            new String[] {"'%s', 5, '%s'", "5 %s"},
            new String[] {"'%d %i', Symbol('x'), {}", "NaN NaN"},
            new String[] {"'100%', '%x %'", "100% %x %"},
            new String[] {
              "new AbortController()",
              "AbortController {\n  signal: AbortSignal { aborted: false, reason: undefined }\n}"
            },
            new String[] {
              "new Array(103).fill(0).length, Array.from({ length: 102 }, () => 7).at(-1)", "103 7"
            })
        .map(
            row ->
                DynamicTest.dynamicTest(
                    "console.log(" + row[0] + ")",
                    () -> {
                      page.run("console.log(" + row[0] + ")");
                      assertThat(String.join("\n", page.printed())).isEqualTo(row[1]);
                      assertThat(page.failures).isEmpty();
                    }));
  }

  @Test
  void breaksLongObjectsIntoLinesAndLeavesOutMostOfLongArrays() {
    page.run(
        """
        console.log({ first: 'x'.repeat(40), second: 'y'.repeat(40), third: { fourth: 1 } });
        console.log(new Array(102).fill(0));
        """);
    assertThat(page.printed())
        .startsWith(
            "{",
            "  first: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',",
            "  second: 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy',",
            "  third: { fourth: 1 }",
            "}",
            "[",
            "  0,")
        .endsWith("  0,", "  ... 2 more items", "]")
        .hasSize(5 + 103);
  }

  @Test
  void showsErrorsWithStackCauseAndOtherProperties() {
    page.run(
        """
        function thrower() {
          return new TypeError('bad', { cause: 'why' });
        }
        console.log(thrower());
        console.log(Object.assign(new RangeError('worse'), { code: 7 }));
        console.log(new DOMException('gone', 'AbortError'));
        """);
    assertThat(page.printed())
        .containsExactly(
            "TypeError: bad",
            "    at thrower (page.js:2:10)",
            "    at page.js:4:13 {",
            "  [cause]: 'why'",
            "}",
            "RangeError: worse",
            "    at page.js:5:27 {",
            "  code: 7",
            "}",
            "AbortError: gone",
            "    at page.js:6:13");
  }

  @Test
  void printsErrorsAndWarningsToTheOtherStream() {
    page.run(
        """
        console.info('info'); console.debug('debug');
        console.error('error'); console.warn('warn'); console.trace('trace');
        console.assert(true, 'never'); console.assert(false, 'false %d', 1); console.assert();
        """);
    assertThat(page.printed()).containsExactly("info", "debug");
    assertThat(page.printedErrors())
        .containsExactly(
            "error",
            "warn",
            "Trace: trace",
            "    at page.js:2:55",
            "Assertion failed: false 1",
            "Assertion failed");
  }

  @Test
  void groupsCountsAndMeasures() {
    page.run(
        """
        console.group('group');
        console.log('two\\nlines');
        console.groupEnd();
        console.groupEnd();
        console.count(); console.count('x'); console.count(); console.countReset(); console.count();
        console.time('t');
        setTimeout(() => { console.timeLog('t', 'more'); console.timeEnd('t'); console.timeEnd('t') }, 5);
        console.dir({ a: { b: { c: { d: {} } } } });
        """);
    page.advance(5);
    assertThat(page.printed())
        .containsExactly(
            "group",
            "  two",
            "  lines",
            "default: 1",
            "x: 1",
            "default: 2",
            "default: 1",
            "{ a: { b: { c: { d: {} } } } }",
            "t: 5.000 ms more",
            "t: 5.000 ms");
    assertThat(page.printedErrors())
        .containsExactly("Warning: there is no label 't' for console.timeEnd()");
  }

  @Test
  void showsTables() {
    page.run("console.table([{ a: 1, b: 'x' }, { a: 2, c: 3 }, 4]); console.table('text')");
    assertThat(page.printed())
        .containsExactly(
            "┌─────────┬───┬─────┬───┬────────┐",
            "│ (index) │ a │ b   │ c │ Values │",
            "├─────────┼───┼─────┼───┼────────┤",
            "│ 0       │ 1 │ 'x' │   │        │",
            "│ 1       │ 2 │     │ 3 │        │",
            "│ 2       │   │     │   │ 4      │",
            "└─────────┴───┴─────┴───┴────────┘",
            "text");
  }

  @Test
  void survivesScriptsThatReplaceWhatItStandsOn() {
    page.run(
        """
        Array.prototype.push = String.prototype.replaceAll = Map.prototype.get = JSON.stringify =
          Array.prototype.join = () => { throw new Error('not mine') };
        Object.defineProperty(Array.prototype, '0', { set() { throw new Error('nor this') } });
        console.log({ a: ['it'] }, '%s');
        console.count();
        """);
    assertThat(page.printed()).containsExactly("{ a: [ 'it' ] } %s", "default: 1");
    assertThat(page.failures).isEmpty();
  }
}
