package dev.weir.graaljs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.ScriptedPeer;
import org.junit.jupiter.api.Test;

class SocketTest {
  private final Page page = new Page();

  @Test
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
}
