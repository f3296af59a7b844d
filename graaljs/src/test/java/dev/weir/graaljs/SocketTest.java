package dev.weir.graaljs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.testkit.ManualEventLoop;
import dev.weir.testkit.ScriptedPeer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.graalvm.polyglot.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SocketTest {
  /** A socket, and a line for each of its events but messages. */
  private static final String LISTENED =
      """
      const socket = new WebSocket('ws://example.com/');
      socket.onopen = () => console.log('open', socket.readyState);
      socket.onerror = (event) => console.log('error', event.constructor.name, event.error);
      socket.onclose = ({ code, reason, wasClean }) =>
        console.log('close', code, reason, wasClean, socket.readyState);
      """;

  private final Page page = new Page();

  @AfterEach
  void close() {
    page.runtime.close();
  }

  @Test
  @Rule({"W1", "W4", "W5"})
  void opensSendsReceivesAndCloses() {
    page.run(
        """
        const socket = new WebSocket('ws://example.com/chat', ['a', 'b']);
        console.log(socket.readyState, socket.url, socket.binaryType, socket.protocol);
        socket.binaryType = 'arraybuffer';
        socket.onopen = (event) => {
          console.log(event.type, socket.readyState, socket.protocol, socket.bufferedAmount);
          socket.send('héllo');
          socket.send(new Uint8Array([1, 2, 3]).subarray(1));
          console.log(socket.bufferedAmount);
          Promise.resolve().then(() => console.log('micro', socket.bufferedAmount));
        };
        socket.addEventListener('message', ({ data, origin }) => {
          console.log('message', typeof data === 'string' ? data : new Uint8Array(data), origin);
        });
        socket.onerror = () => console.log('error');
        socket.onclose = ({ code, reason, wasClean }) =>
          console.log('close', code, reason, wasClean, socket.readyState);
        """);
    ScriptedPeer server = page.accept("b");
    server.expectText("héllo").expectBinary(new byte[] {2, 3});
    server.sendText("one").sendBinary(new byte[] {1, 2}).sendClose(4000, "bye");
    page.loop.runPending();
    server.expectClose(4000, "bye").close();
    page.loop.runPending();

    assertThat(page.printed())
        .containsExactly(
            "0 ws://example.com/chat blob ",
            "open 1 b 0",
            "8",
            "micro 8",
            "message one ws://example.com",
            "message Uint8Array(2) [ 1, 2 ] ws://example.com",
            "close 4000 bye true 3");
    page.assertEnds();
  }

  @Test
  void runsTheReactionsOfEachListenerBeforeTheNext() {
    page.run(
        """
        const socket = new WebSocket('ws://example.com/');
        const listener = (name) => async (event) => {
          console.log(name, event.currentTarget === socket);
          await undefined;
          console.log('after', name, event.currentTarget === socket);
        };
        socket.onmessage = listener('first');
        socket.addEventListener('message', listener('second'));
        socket.addEventListener('message', () => { throw new RangeError('third'); });
        socket.addEventListener('message', (event) => {
          listener('fourth')(event);
          event.stopImmediatePropagation();
        });
        socket.addEventListener('message', listener('never'));
        addEventListener('error', (event) => {
          event.preventDefault();
          Promise.resolve().then(() => console.log('after', event.error.message));
        });
        """);
    ScriptedPeer server = page.accept("");
    server.sendText("x");
    page.loop.runPending();

    assertThat(page.printed())
        .containsExactly(
            "first true",
            "after first true",
            "second true",
            "after second true",
            "after third",
            "fourth true",
            "after fourth true");
    server.sendClose(1000, "");
    page.loop.runPending();
    server.expectClose(1000, "").close();
    page.loop.runPending();
    page.assertEnds();
  }

  @Test
  @Rule("W4")
  void failingToOpenGivesErrorThenClose() {
    page.run(
        LISTENED
            + """
            console.log('made');
            """);
    page.transport.nextOpening().refuse(403, "no");
    page.loop.runPending();
    assertThat(page.printed())
        .containsExactly("made", "error Event undefined", "close 1006  false 3");
    page.assertEnds();
  }

  @Test
  @Rule({"W3", "W4", "S17"})
  void closingWhileConnectingReturnsFirst() {
    page.run(
        LISTENED
            + "socket.close(); console.log('returned', socket.readyState); socket.close(3000)");
    assertThat(page.printed())
        .containsExactly("returned 2", "error Event undefined", "close 1006  false 3");
    assertThat(page.transport.nextOpening().isOver()).isTrue();
    page.assertEnds();
  }

  @Test
  @Rule({"W4", "H4"})
  void noMessageFollowsItsClose() {
    page.run(
        LISTENED
            + "socket.onmessage = ({ data }) => { console.log(data); socket.close(3001, 'enough') }");
    ScriptedPeer server = page.accept();
    server.sendText("one").sendText("two");
    page.loop.runPending();
    server.expectClose(3001, "enough").sendText("three").sendClose(3001, "enough").close();
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("open 1", "one", "close 3001 enough true 3");
    page.assertEnds();
  }

  @Test
  @Rule({"C1", "S15", "W3"})
  void checksCodeAndReasonBeforeItCloses() {
    page.run(
        LISTENED
            + """
            for (const args of [[0], [999], [1001], [1005], [2999], [5000], [70_000], [NaN], [null],
                [1000, 'x'.repeat(124)], [1000, 'é'.repeat(62)], [undefined, 'x'.repeat(124)]]) {
              try {
                socket.close(...args);
                console.log('closed', args);
              } catch (error) {
                console.log(error instanceof DOMException, error.name);
              }
            }
            console.log(socket.readyState);
            """);
    assertThat(page.printed().stream().distinct())
        .containsExactly("true InvalidAccessError", "true SyntaxError", "0");
    ScriptedPeer server = page.accept();
    page.run("socket.close(undefined, 'é'.repeat(61) + 'x')");
    server.expectClose(1000, "é".repeat(61) + "x").sendClose(1000, "").close();
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("open 1", "close 1000  true 3");
    page.assertEnds();
  }

  @Test
  @Rule("S16")
  void aCloseWithoutCodeIsEmpty() {
    page.run(LISTENED);
    ScriptedPeer server = page.accept();
    page.run("socket.close()");
    server.expectClose().sendClose().close();
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("open 1", "close 1005  true 3");
    page.assertEnds();
  }

  @Test
  @Rule("W2")
  void sendingNeedsAnOpenConnectionAndCountsWhatIsDropped() {
    page.run(
        LISTENED
            + """
            const attempt = (...data) => {
              try {
                socket.send(...data);
                console.log(socket.bufferedAmount);
              } catch (error) {
                console.log(error.name);
              }
            };
            attempt('early');
            attempt();
            attempt(Symbol());
            """);
    ScriptedPeer server = page.accept();
    page.run(
        "attempt(); socket.close(); attempt('é'); attempt(new ArrayBuffer(3)); attempt(new Blob(['four']))");
    server.sendClose(1000, "").close();
    page.loop.runPending();
    page.run("attempt('abc')");
    assertThat(page.printed())
        .containsExactly(
            "InvalidStateError",
            "TypeError",
            "TypeError",
            "open 1",
            "TypeError",
            "2",
            "5",
            "9",
            "close 1000  true 3",
            "12");
    page.assertEnds();
  }

  @Test
  @Rule({"W2", "S11"})
  void sendsWhatTheStandardSaysAsTextOrBytes() {
    page.run(LISTENED);
    ScriptedPeer server = page.accept();
    page.run(
        """
        socket.send('a\ud800b');
        socket.send(null);
        socket.send({});
        socket.send(new Blob(['bl', 'ob']));
        socket.send(new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2));
        socket.send(new Uint16Array([0x0201]));
        const bytes = new Uint8Array([7]);
        socket.send(bytes);
        bytes[0] = 8;
        """);
    server
        .expectText("a\uFFFDb")
        .expectText("null")
        .expectText("[object Object]")
        .expectBinary("blob".getBytes(StandardCharsets.US_ASCII))
        .expectBinary(new byte[] {2, 3})
        .expectBinary(new byte[] {1, 2})
        .expectBinary(new byte[] {7});
    page.runtime.close();
  }

  @Test
  @Rule("W2")
  void whatIsBufferedDoesNotFallInsideATask() {
    page.run(LISTENED);
    ScriptedPeer server = page.accept();
    server.stopReading().link().toServer().window(0);
    page.run(
        """
        socket.send(new Uint8Array(1000));
        console.log(socket.bufferedAmount);
        """);
    assertThat(page.printed()).containsExactly("open 1", "1000");
    server.resumeReading().link().toServer().window(1 << 20);
    page.loop.runPending();
    page.run("console.log(socket.bufferedAmount)");
    assertThat(page.printed()).containsExactly("0");
    page.runtime.close();
  }

  @Test
  @Rule("W1")
  void binaryMessagesAreBlobsUnlessAskedFor() {
    page.run(
        """
        const socket = new WebSocket('ws://example.com/');
        socket.onmessage = async ({ data }) => {
          console.log(data instanceof Blob, data instanceof ArrayBuffer, socket.binaryType);
          socket.binaryType = 'arraybuffer';
          socket.binaryType = 'nothing';
          socket.binaryType = 1;
          if (data instanceof Blob) console.log(await data.text());
        };
        """);
    ScriptedPeer server = page.accept();
    server.sendBinary(new byte[] {'h', 'i'}).sendBinary(new byte[] {1});
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("true false blob", "hi", "false true arraybuffer");
    page.runtime.close();
  }

  @Test
  @Rule({"W1", "S1", "S2"})
  void checksUrlAndSubprotocols() {
    page.run(
        """
        const results = {};
        for (const [name, make] of Object.entries({
          nothing: () => new WebSocket(),
          relative: () => new WebSocket('/path'),
          scheme: () => new WebSocket('ftp://example.com/'),
          fragment: () => new WebSocket('ws://example.com/#'),
          token: () => new WebSocket('ws://example.com/', 'a b'),
          empty: () => new WebSocket('ws://example.com/', ['']),
          twice: () => new WebSocket('ws://example.com/', ['a', 'a']),
          call: () => WebSocket('ws://example.com/'),
          symbol: () => new WebSocket(Symbol()),
          iterator: () => new WebSocket('ws://example.com/', { [Symbol.iterator]: 1 }),
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
            "empty SyntaxError true",
            "twice SyntaxError true",
            "call TypeError false",
            "symbol TypeError false",
            "iterator TypeError false");
    page.assertEnds();
  }

  @Test
  @Rule("W1")
  void hasTheShapeThatTheStandardGivesIt() {
    page.run(
        """
        console.log(WebSocket.length, WebSocket.name, String(WebSocket.prototype));
        const of = (o, k) => {
          const d = Object.getOwnPropertyDescriptor(o, k);
          return 'value' in d ? [d.value, d.writable, d.enumerable, d.configurable].join()
            : [d.get?.name, d.set?.name, d.enumerable, d.configurable].join();
        };
        for (const type of [WebSocket, WebSocket.prototype]) {
          console.log(['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'].map((k) => of(type, k)).join(' '));
        }
        console.log(of(WebSocket.prototype, 'readyState'), of(WebSocket.prototype, 'onopen'));
        console.log(Object.keys(WebSocket.prototype).sort().join());
        for (const key of ['url', 'readyState', 'onclose']) {
          try { WebSocket.prototype[key] } catch (error) { console.log(error.name) }
        }
        try { WebSocket.prototype.send.call(new EventTarget(), 'x') } catch (e) { console.log(e.name) }
        console.log(Object.getPrototypeOf(WebSocket) === EventTarget, WebSocket.prototype.send.length,
          WebSocket.prototype.close.length, Object.getOwnPropertyDescriptor(globalThis, 'WebSocket').enumerable);
        """);
    assertThat(page.printed())
        .containsExactly(
            "1 WebSocket [object WebSocket]",
            "0,false,true,false 1,false,true,false 2,false,true,false 3,false,true,false",
            "0,false,true,false 1,false,true,false 2,false,true,false 3,false,true,false",
            "get readyState,,true,true get onopen,set onopen,true,true",
            "CLOSED,CLOSING,CONNECTING,OPEN,binaryType,bufferedAmount,close,extensions,onclose,"
                + "onerror,onmessage,onopen,protocol,readyState,send,url",
            "TypeError",
            "TypeError",
            "TypeError",
            "TypeError",
            "true 1 0 false");
    page.assertEnds();
  }

  @Test
  @Rule("W6")
  void aListenerThatThrowsStopsNeitherTheOthersNorTheConnection() {
    page.run(
        LISTENED
            + """
            socket.addEventListener('message', () => { throw new Error('listener') });
            socket.addEventListener('message', { handleEvent({ data }) { console.log('object', data) } });
            socket.addEventListener('message', ({ data }) => console.log('once', data), { once: true });
            """);
    ScriptedPeer server = page.accept();
    server.sendText("one").sendText("two");
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("open 1", "object one", "once one", "object two");
    assertThat(page.failures).containsExactly("Error: listener", "Error: listener");
    page.failures.clear();
    server.sendClose(1000, "").expectClose(1000, "").close();
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("close 1000  true 3");
    page.assertEnds();
  }

  @Test
  @Rule({"W4", "H1"})
  void anEndWithoutAHandshakeIsAnErrorAnd1006() {
    page.run(LISTENED);
    ScriptedPeer server = page.accept();
    server.close();
    page.loop.runPending();
    assertThat(page.printed())
        .containsExactly("open 1", "error Event undefined", "close 1006  false 3");
    page.assertEnds();
  }

  @Test
  @Rule("W4")
  void promiseReactionsRunBetweenTwoMessages() {
    page.run(
        """
        const socket = new WebSocket('ws://example.com/');
        socket.onmessage = async ({ data }) => {
          console.log(data);
          await null;
          await null;
          console.log('after', data);
        };
        """);
    ScriptedPeer server = page.accept();
    server.sendText("one").sendText("two");
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("one", "after one", "two", "after two");
    page.runtime.close();
  }

  @Test
  void noEventFollowsTheOneThatClosesTheContext() {
    page.run(
        """
        const socket = new WebSocket('ws://example.com/');
        socket.onmessage = ({ data }) => { console.log(data); close(); console.log('rest') };
        """);
    ScriptedPeer server = page.accept();
    server.sendText("one").sendText("two");
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("one", "rest");
    server.expectClose(1001, "").sendClose(1001, "").close();
    page.assertEnds();
  }

  @Test
  @Rule("S8")
  void aScriptThatDoesNotComeToItsMessagesSlowsThePeer() {
    var behind = new ManualEventLoop();
    Page slow = new Page(options -> options, behind);
    slow.runtime.evaluate(
        Source.create(
            "js", "let n = 0; new WebSocket('ws://example.com/').onmessage = () => n++;"));
    behind.runPending();
    ScriptedPeer server = slow.transport.nextOpening().accept();
    slow.loop.runPending();

    int sent = 0;
    byte[] message = new byte[16 * 1024];
    while (server.unsentBytes() == 0 && sent < 1000) {
      server.sendBinary(message);
      sent++;
      slow.loop.runPending();
    }
    assertThat(sent).isLessThan(100);
    slow.runtime.close();
  }

  @Test
  void isKeptWhileItIsOpenThoughNobodyHasAReference() {
    page.run("new WebSocket('ws://example.com/').onmessage = ({ data }) => console.log(data)");
    ScriptedPeer server = page.accept();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    server.sendText("still here");
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("still here");
    page.runtime.close();
  }

  @Test
  void isForgottenOnceItIsClosed() throws Exception {
    page.run(
        """
        globalThis.kept = [];
        (() => {
          const socket = new WebSocket('ws://example.com/');
          kept.push(new WeakRef(socket));
          socket.onclose = () => console.log('closed');
        })();
        """);
    ScriptedPeer server = page.accept();
    server.sendClose(1000, "").expectClose(1000, "").close();
    page.loop.runPending();
    assertThat(page.printed()).containsExactly("closed");
    boolean gone = false;
    for (int i = 0; i < 50 && !gone; i++) {
      System.gc();
      page.run("console.log(kept[0].deref() === undefined)");
      gone = page.printed().equals(List.of("true"));
    }
    assertThat(gone).isTrue();
    page.assertEnds();
  }
}
