package dev.weir.graaljs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.testkit.ManualEventLoop;
import dev.weir.testkit.ScriptedOpening;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import java.util.List;
import org.graalvm.polyglot.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** WebSocketStream and WebSocketError as scripts have them. */
class StreamTest {
  /** A stream, and functions that print how promises settle. */
  private static final String WATCHED =
      """
      const shown = (error) => error instanceof WebSocketError
        ? `${error.name} ${error.closeCode} ${error.reason}`.trimEnd() : String(error?.name ?? error);
      const watch = (name, promise) => promise.then(
        (value) => console.log(name, typeof value === 'object' ? JSON.stringify(value) : value),
        (error) => console.log(name, 'rejected', shown(error)));
      const stream = new WebSocketStream('ws://example.com/chat');
      watch('closed', stream.closed);
      let readable, writable, reader, writer;
      stream.opened.then((connection) => ({ readable, writable } = connection), () => {});
      """;

  private final Page page = new Page();

  @AfterEach
  void close() {
    page.runtime.close();
  }

  private ScriptedPeer open() {
    page.run(WATCHED);
    return page.accept();
  }

  /** The peer answers this Close and ends the connection. */
  private void answerClose(ScriptedPeer server, int code, String reason) {
    server.expectClose(code, reason).sendClose(code, reason).close();
    page.loop.runPending();
  }

  @Test
  @Rule({"S4", "S5", "S7", "S9", "S11", "S14", "S19"})
  void opensWritesReadsAndCloses() {
    page.run(
        """
        const stream = new WebSocketStream('ws://example.com/chat', { protocols: ['a'] });
        (async () => {
          console.log(stream.url, stream.opened === stream.opened, stream.closed === stream.closed);
          const connection = await stream.opened;
          console.log(Object.keys(connection).join());
          const { readable, writable, extensions, protocol } = connection;
          console.log(readable instanceof ReadableStream, writable instanceof WritableStream,
            [extensions, protocol]);
          const writer = writable.getWriter();
          await writer.write('h\\ud800i');
          await writer.write(new Uint8Array([1, 2, 3]).subarray(1));
          await writer.write(new Uint16Array([0x0201]).buffer);
          for await (const chunk of readable) console.log(chunk);
          console.log(await stream.closed);
          await writer.closed.catch((error) => console.log(error instanceof DOMException, error.name));
        })();
        """);
    ScriptedPeer server = page.accept("a");
    server.expectText("h\uFFFDi").expectBinary(new byte[] {2, 3}).expectBinary(new byte[] {1, 2});
    server.sendText("one").sendBinary(new byte[] {1, 2}).sendClose(4000, "bye");
    page.loop.runPending();
    server.expectClose(4000, "bye").close();
    page.loop.runPending();

    assertThat(page.printed())
        .containsExactly(
            "ws://example.com/chat true true",
            "extensions,protocol,readable,writable",
            "true true [ '', 'a' ]",
            "one",
            "Uint8Array(2) [ 1, 2 ]",
            "{ closeCode: 4000, reason: 'bye' }",
            "true InvalidStateError");
    page.assertEnds();
  }

  @Test
  @Rule({"S1", "S2", "S15"})
  void checksItsArguments() {
    page.run(
        """
        for (const [name, make] of Object.entries({
          nothing: () => new WebSocketStream(),
          relative: () => new WebSocketStream('/path'),
          scheme: () => new WebSocketStream('ftp://example.com/'),
          fragment: () => new WebSocketStream('ws://example.com/#'),
          token: () => new WebSocketStream('ws://example.com/', { protocols: ['a b'] }),
          twice: () => new WebSocketStream('ws://example.com/', { protocols: ['a', 'A'] }),
          string: () => new WebSocketStream('ws://example.com/', { protocols: 'a' }),
          signal: () => new WebSocketStream('ws://example.com/', { signal: {} }),
          options: () => new WebSocketStream('ws://example.com/', 5),
          fragmentAndAborted: () =>
            new WebSocketStream('ws://example.com/#', { signal: AbortSignal.abort() }),
          call: () => WebSocketStream('ws://example.com/'),
        })) {
          try {
            make();
          } catch (error) {
            console.log(name, error.name, error instanceof DOMException);
          }
        }
        """);
    assertThat(page.printed())
        .containsExactly(
            "nothing TypeError false",
            "relative SyntaxError true",
            "scheme SyntaxError true",
            "fragment SyntaxError true",
            "token SyntaxError true",
            "twice SyntaxError true",
            "string TypeError false",
            "signal TypeError false",
            "options TypeError false",
            "fragmentAndAborted SyntaxError true",
            "call TypeError false");
    page.assertEnds();
  }

  @Test
  void hasTheShapeThatTheStandardGivesIt() {
    page.run(
        """
        console.log(WebSocketStream.length, String(WebSocketStream.prototype),
          Object.keys(WebSocketStream.prototype).join(), WebSocketStream.prototype.close.length);
        try { WebSocketStream.prototype.url } catch (error) { console.log(error.name) }
        WebSocketStream.prototype.opened.catch((error) => console.log('rejected', error.name));
        console.log(WebSocketError.length, Object.prototype.toString.call(WebSocketError.prototype),
          Object.keys(WebSocketError.prototype).join());
        """);
    assertThat(page.printed())
        .containsExactly(
            "1 [object WebSocketStream] url,opened,closed,close 0",
            "TypeError",
            "0 [object WebSocketError] closeCode,reason",
            "rejected TypeError");
    page.assertEnds();
  }

  @Test
  @Rule("S18")
  void errorsHaveACodeAndAReasonThatAreChecked() {
    page.run(
        """
        const show = (...args) => {
          try {
            const error = new WebSocketError(...args);
            console.log(error.message, error.closeCode, error.reason);
          } catch (error) {
            console.log(error.name);
          }
        };
        show();
        show('m', { closeCode: 4000, reason: 'r' });
        show('m', { reason: 'r' });
        show('m', { closeCode: 1001 });
        show('m', { closeCode: null });
        show('m', { reason: 'x'.repeat(124) });
        show('m', 5);
        show(Symbol());
        const error = new WebSocketError('text');
        console.log(error.name, error.code, String(error), error instanceof DOMException,
          error instanceof Error, Object.prototype.toString.call(error));
        class Own extends WebSocketError {}
        console.log(new Own('x', { closeCode: 3000 }).closeCode, new Own() instanceof Own);
        """);
    assertThat(page.printed())
        .containsExactly(
            " null ",
            "m 4000 r",
            "m 1000 r",
            "InvalidAccessError",
            "InvalidAccessError",
            "SyntaxError",
            "TypeError",
            "TypeError",
            "WebSocketError 0 WebSocketError: text true true [object WebSocketError]",
            "3000 true");
    page.assertEnds();
  }

  @Test
  @Rule("S3")
  void anAbortedSignalMakesNoConnection() {
    page.run(
        """
        const reason = { why: 1 };
        const stream = new WebSocketStream('ws://example.com/', { signal: AbortSignal.abort(reason) });
        for (const promise of [stream.opened, stream.closed]) {
          promise.catch((error) => console.log(error === reason));
        }
        """);
    assertThat(page.printed()).containsExactly("true", "true");
    assertThat(page.transport.waitingOpenings()).isZero();
    page.assertEnds();
  }

  @Test
  @Rule("S3")
  void aSignalDropsTheOpeningHandshakeAndDoesNothingLater() {
    page.run(
        """
        const controller = new AbortController();
        const { signal } = controller;
        const stream = new WebSocketStream('ws://example.com/', { signal });
        stream.opened.catch((error) => console.log('opened', error));
        stream.closed.catch((error) => console.log('closed', error));
        """);
    ScriptedOpening opening = page.transport.nextOpening();
    page.run("controller.abort('why'); stream.close()");
    assertThat(page.printed()).containsExactly("opened why", "closed why");
    assertThat(opening.isOver()).isTrue();

    page.run(
        """
        const late = new AbortController();
        const open = new WebSocketStream('ws://example.com/', { signal: late.signal });
        open.opened.then(() => late.abort());
        open.closed.then(() => console.log('closed'));
        """);
    ScriptedPeer server = page.accept();
    server.expectNothingMore().sendClose(1000, "").expectClose(1000, "").close();
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("closed");
    page.assertEnds();
  }

  @Test
  @Rule({"S5", "S6", "C5"})
  void bothPromisesRejectWithOneErrorWhenItCannotBeOpened() {
    page.run(
        """
        const refused = new WebSocketStream('ws://example.com/');
        refused.opened.catch((opened) => refused.closed.catch((closed) => {
          console.log(opened === closed, closed instanceof WebSocketError, closed.closeCode);
        }));
        new WebSocketStream('wss://example.com/');
        """);
    page.transport.nextOpening().refuse(404, "nothing here");
    page.loop.runPending();
    page.transport.nextOpening().fail(Stage.TLS, "no trust");
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("true true 1006");

    page.run(
        WATCHED.replace("ws:", "wss:")
            + "new WebSocket('wss://example.com/').onclose = "
            + "({ code, wasClean }) => console.log(code, wasClean)");
    page.transport.nextOpening().fail(Stage.TLS, "no trust");
    page.loop.runPending();
    page.transport.nextOpening().fail(Stage.TLS, "no trust");
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("closed rejected WebSocketError 1006", "1006 false");
    page.assertEnds();
  }

  @Test
  @Rule("S17")
  void closingDuringTheHandshakeFailsIt() {
    page.run(
        WATCHED
            + """
            watch('opened', stream.opened);
            stream.close();
            stream.close({ closeCode: 4000 });
            console.log('returned');
            """);
    assertThat(page.printed())
        .containsExactly(
            "returned",
            "opened rejected WebSocketError 1006",
            "closed rejected WebSocketError 1006");
    page.assertEnds();
  }

  @Test
  @Rule({"S15", "S16"})
  void closesWithWhatItIsGiven() {
    ScriptedPeer server = open();
    page.run(
        """
        for (const info of [{ closeCode: 1001 }, { closeCode: null }, { closeCode: 'x' }, 5,
            { closeCode: 70_000 }, { reason: 'x'.repeat(124) }]) {
          try {
            stream.close(info);
          } catch (error) {
            console.log(error.name);
          }
        }
        """);
    server.expectNothingMore();
    page.run("stream.close({ reason: 'done' }); stream.close({ closeCode: 4001 })");
    answerClose(server, 1000, "done");
    assertThat(page.printed())
        .containsExactly(
            "InvalidAccessError",
            "InvalidAccessError",
            "InvalidAccessError",
            "TypeError",
            "InvalidAccessError",
            "SyntaxError",
            "closed {\"closeCode\":1000,\"reason\":\"done\"}");
    page.run("stream.close(); stream.close({ closeCode: 4001 })");
    page.assertEnds();
  }

  @Test
  @Rule({"S13", "S16", "S19"})
  void closingTheWritableClosesTheConnection() {
    ScriptedPeer server = open();
    page.run(
        "writer = writable.getWriter(); writer.write('last'); watch('writer', writer.close())");
    server.expectText("last").expectClose();
    page.loop.runPending();
    assertThat(page.printed()).isEmpty();
    server.sendClose().close();
    page.loop.runPending();
    assertThat(page.printed())
        .containsExactlyInAnyOrder(
            "writer undefined", "closed {\"closeCode\":1005,\"reason\":\"\"}");
    page.assertEnds();
  }

  @Test
  @Rule({"S13", "S14", "S9"})
  void closingTheWritableFailsWithTheErrorOfAnUncleanEnd() {
    ScriptedPeer server = open();
    page.run("watch('writer', writable.close()); watch('read', readable.getReader().read())");
    server.expectClose().reset();
    page.loop.runPending();
    assertThat(page.printed())
        .containsExactlyInAnyOrder(
            "writer rejected WebSocketError 1006",
            "closed rejected WebSocketError 1006",
            "read rejected WebSocketError 1006");
    page.assertEnds();
  }

  @Test
  @Rule({"S9", "S14"})
  void oneErrorObjectEndsReadableWritableAndClosed() {
    ScriptedPeer server = open();
    page.run(
        """
        reader = readable.getReader();
        writer = writable.getWriter();
        const caught = (promise) => promise.then(() => 'none', (error) => error);
        Promise.all([stream.closed, reader.closed, reader.read(), writer.closed].map(caught))
          .then((all) => console.log(all.every((error) => error === all[0]), shown(all[0])));
        """);
    server.reset();
    page.loop.runPending();
    assertThat(page.printed())
        .containsExactly("closed rejected WebSocketError 1006", "true WebSocketError 1006");
    page.assertEnds();
  }

  @Test
  @Rule({"S10", "S13"})
  void cancelAndAbortCloseWithTheirReason() {
    record Case(String call, int code, String reason) {}
    for (Case one :
        List.of(
            new Case(
                "readable.cancel(new WebSocketError('', { closeCode: 4001, reason: 'r' }))",
                4001,
                "r"),
            new Case("readable.cancel(new WebSocketError('', { reason: 'only' }))", 1000, "only"),
            new Case("readable.cancel('other')", 1005, ""),
            new Case("readable.cancel(new WebSocketError('no code'))", 1005, ""),
            new Case("readable.cancel(new DOMException('', 'AbortError'))", 1005, ""),
            new Case("writable.abort(new WebSocketError('', { closeCode: 4002 }))", 4002, ""),
            new Case("writable.abort()", 1005, ""))) {
      Page each = new Page();
      each.run(WATCHED);
      ScriptedPeer server = each.accept();
      each.run("watch('settled', " + one.call + ")");
      assertThat(each.printed()).as(one.call).containsExactly("settled undefined");
      if (one.code == 1005) {
        server.expectClose().sendClose();
      } else {
        server.expectClose(one.code, one.reason).sendClose(one.code, one.reason);
      }
      server.close();
      each.loop.runPending();
      assertThat(each.printed())
          .as(one.call)
          .containsExactly(
              "closed {\"closeCode\":" + one.code + ",\"reason\":\"" + one.reason + "\"}");
      each.assertEnds();
    }
  }

  @Test
  void aPipeHandsOnAnErrorWhoseCodeMayNotTravel() {
    page.run(
        """
        const from = new WebSocketStream('ws://example.com/from');
        from.closed.catch(() => {});
        """);
    ScriptedPeer source = page.accept();
    page.run(
        """
        const to = new WebSocketStream('ws://example.com/to');
        (async () => {
          const { readable } = await from.opened;
          await readable.pipeTo((await to.opened).writable).catch((e) => console.log(e.closeCode));
          console.log(await to.closed);
        })();
        """);
    ScriptedPeer sink = page.accept();
    source.sendText("passed on");
    page.loop.runPending();
    sink.expectText("passed on");
    source.reset();
    page.loop.runPending();
    sink.expectClose().sendClose().close();
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("1006", "{ closeCode: 1005, reason: '' }");
    page.assertEnds();
  }

  @Test
  @Rule("S13a")
  void aWriteAfterTheClosingHandshakeHasBegunIsRejected() {
    ScriptedPeer server = open();
    page.run(
        """
        writer = writable.getWriter();
        stream.close();
        watch('write', writer.write('too late'));
        """);
    assertThat(page.printed()).containsExactly("write rejected InvalidStateError");
    server.expectClose().sendClose().close();
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("closed {\"closeCode\":1005,\"reason\":\"\"}");
    page.assertEnds();
  }

  @Test
  @Rule("S13a")
  void aWriteAfterTheClosingHandshakeHasBegunIsRejectedAtOnceBehindAStalledOne() {
    ScriptedPeer server = open();
    server.stopReading();
    page.run(
        """
        writer = writable.getWriter();
        watch('stalled', writer.write(new Uint8Array(8 * 1024 * 1024)));
        stream.close();
        watch('late', writer.write('too late'));
        """);
    assertThat(page.printed()).containsExactly("late rejected InvalidStateError");
    page.advance(10_000);
    assertThat(page.printed())
        .containsExactlyInAnyOrder(
            "closed rejected WebSocketError 1006", "stalled rejected InvalidStateError");
    page.assertEnds();
  }

  @Test
  @Rule("S12")
  void aWriteStaysPendingUntilThePeerReads() {
    ScriptedPeer server = open();
    server.stopReading();
    page.run(
        """
        writer = writable.getWriter();
        watch('first', writer.write(new Uint8Array(8 * 1024 * 1024)));
        watch('second', writer.write('behind it'));
        console.log(writer.desiredSize);
        """);
    page.advance(600_000);
    assertThat(page.printed()).containsExactly("-1");

    server.resumeReading();
    page.loop.runPending();
    assertThat(server.nextMessage().payload()).hasSize(8 * 1024 * 1024);
    server.expectText("behind it");
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("first undefined", "second undefined");
    page.runtime.close();
  }

  @Test
  @Rule({"S14", "H2"})
  void aWriteThatNeverGotOutIsRejectedWithInvalidStateError() {
    ScriptedPeer server = open();
    server.stopReading();
    page.run(
        """
        writer = writable.getWriter();
        watch('writer', writer.closed);
        watch('first', writer.write(new Uint8Array(8 * 1024 * 1024)));
        watch('second', writer.write('behind it'));
        """);
    server.reset();
    page.loop.runPending();
    assertThat(page.printed())
        .containsExactlyInAnyOrder(
            "closed rejected WebSocketError 1006",
            "writer rejected WebSocketError 1006",
            "first rejected InvalidStateError",
            "second rejected WebSocketError 1006");
    page.assertEnds();
  }

  @Test
  void otherChunksAreWrittenAsTextOrNotAtAll() {
    ScriptedPeer server = open();
    page.run(
        """
        writer = writable.getWriter();
        writer.write(1.5);
        writer.write(null);
        writer.write({});
        watch('symbol', writer.write(Symbol()));
        watch('writer', writer.closed);
        """);
    server.expectText("1.5").expectText("null").expectText("[object Object]").expectNothingMore();
    page.loop.runPending();
    assertThat(page.printed())
        .containsExactlyInAnyOrder("symbol rejected TypeError", "writer rejected TypeError");
    page.runtime.close();
  }

  @Test
  @Rule("S8")
  void nobodyReadingStopsThePeer() {
    ScriptedPeer server = open();
    byte[] message = new byte[16 * 1024];
    int sent = 0;
    while (server.unsentBytes() == 0 && sent < 1000) {
      server.sendBinary(message);
      sent++;
      page.loop.runPending();
    }
    assertThat(sent).isLessThan(100);

    page.run(
        "let n = 0; (async () => { for await (const chunk of readable) n += chunk.length })()");
    while (server.unsentBytes() > 0) {
      page.loop.runPending();
    }
    server.sendClose(1000, "").expectClose(1000, "").close();
    page.loop.runPending();
    page.run("console.log(n)");
    assertThat(page.printed())
        .containsExactly("closed {\"closeCode\":1000,\"reason\":\"\"}", "" + sent * message.length);
    page.assertEnds();
  }

  @Test
  @Rule("S9")
  void messagesBeforeTheEndAreReadAfterIt() {
    ScriptedPeer server = open();
    server.sendText("one").sendText("two").sendClose(1000, "").expectClose(1000, "").close();
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("closed {\"closeCode\":1000,\"reason\":\"\"}");
    page.run("(async () => { for await (const chunk of readable) console.log(chunk) })()");
    assertThat(page.printed()).containsExactly("one", "two");
    page.assertEnds();
  }

  @Test
  @Rule("S9")
  void aReaderSeesTheEndWithoutReading() {
    ScriptedPeer server = open();
    page.run("watch('reader', readable.getReader().closed)");
    server.sendClose(1000, "").expectClose(1000, "").close();
    page.loop.runPending();
    assertThat(page.printed())
        .containsExactly("reader undefined", "closed {\"closeCode\":1000,\"reason\":\"\"}");
    page.assertEnds();
  }

  @Test
  @Rule("S6")
  void rejectionsThatNobodyLooksAtAreNotReported() {
    page.run("new WebSocketStream('ws://example.com/')");
    page.transport.nextOpening().refuse(500, "");
    page.loop.runPending();
    page.run("const s = new WebSocketStream('ws://example.com/')");
    page.accept().reset();
    page.loop.runPending();
    page.assertEnds();
  }

  @Test
  void callbacksAreTasksOfTheScriptsLoopAlone() {
    var scripts = new ManualEventLoop();
    Page apart = new Page(options -> options, scripts);
    apart.runtime.evaluate(Source.create("js", WATCHED));
    scripts.runPending();
    ScriptedPeer server = apart.transport.nextOpening().accept();
    apart.loop.runPending();
    server.sendClose(1000, "").expectClose(1000, "").close();
    apart.loop.runPending();
    assertThat(apart.printed()).isEmpty();
    scripts.runPending();
    assertThat(apart.printed()).containsExactly("closed {\"closeCode\":1000,\"reason\":\"\"}");
    apart.runtime.close();
  }

  @Test
  void aPendingWriteSurvivesTheLossOfAllReferences() {
    page.run(
        """
        new WebSocketStream('ws://example.com/').opened.then(({ writable }) => {
          const writer = writable.getWriter();
          writer.write(new Uint8Array(1 << 20)).then(() => console.log('written'));
          writer.write('after it');
        });
        """);
    ScriptedPeer server = page.transport.nextOpening().accept();
    server.stopReading();
    page.loop.runPending();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    server.resumeReading();
    page.loop.runPending();
    assertThat(server.nextMessage().payload()).hasSize(1 << 20);
    page.loop.runPending();
    server.expectText("after it");
    assertThat(page.printed()).containsExactly("written");
    page.runtime.close();
  }

  @Test
  void isForgottenOnceItIsClosed() {
    page.run(
        """
        globalThis.kept = [];
        (() => {
          const stream = new WebSocketStream('ws://example.com/');
          kept.push(new WeakRef(stream));
          stream.opened.then(({ readable }) => kept.push(new WeakRef(readable)));
          stream.closed.then(() => console.log('closed'));
        })();
        """);
    ScriptedPeer server = page.accept();
    server.sendClose(1000, "").expectClose(1000, "").close();
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("closed");
    boolean gone = false;
    for (int i = 0; i < 50 && !gone; i++) {
      System.gc();
      page.run("console.log(kept.length, kept.every((one) => one.deref() === undefined))");
      gone = page.printed().equals(List.of("2 true"));
    }
    assertThat(gone).isTrue();
    page.assertEnds();
  }
}
