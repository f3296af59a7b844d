package dev.weir.graaljs;

import dev.weir.protocol.close.CloseCode;
import dev.weir.streams.InvalidStateError;
import dev.weir.streams.ReadResult;
import dev.weir.streams.ReadableStreamDefaultReader;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketStream;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a script's {@code WebSocketStream}. Its functions are called on the context's
 * thread; what the connection tells is posted there, each as a task of its own.
 *
 * <p>Nothing is read ahead of the script: one of its reads takes one message from the connection's
 * own readable, whose bound so is the bound on what waits (S8).
 */
final class ScriptStream {
  private final HostConnections.Registration registration;
  private final ScriptTasks tasks;
  private final HostBytes bytes;
  private final WebSocketStream stream;

  // The script's callbacks.
  private final Value opened;
  private final Value readableEnded;
  private final Value closed;
  private final Value failed;

  /** Completes once the script's callback for the end has been posted. */
  private final CompletionStage<Void> endPosted;

  // The context's thread's.
  private boolean openedTold;
  private boolean closedEarly;
  private boolean closing;
  private boolean readableOver;
  private @Nullable Runnable end;

  // Set when the connection is open, before the script is told.
  private volatile @Nullable WebSocketConnection connection;
  private volatile @Nullable ReadableStreamDefaultReader<Message> reader;

  ScriptStream(
      HostConnections.Registration registration,
      HostBytes bytes,
      WebSocketStream stream,
      Value events) {
    this.registration = registration;
    this.tasks = registration.tasks();
    this.bytes = bytes;
    this.stream = stream;
    this.opened = events.getMember("opened");
    this.readableEnded = events.getMember("readableEnded");
    this.closed = events.getMember("closed");
    this.failed = events.getMember("failed");
    stream.opened().thenAccept(this::opened);
    this.endPosted = stream.closed().handle(this::ended);
  }

  ProxyObject asProxy(HostFunctions host) {
    return ProxyObject.fromMap(
        Map.of(
            "url", stream.url(),
            "close", host.executable(this::close),
            "abort", host.executable(this::abort),
            "isClosing", host.executable(this::isClosing),
            "read", host.executable(this::read),
            "cancel", host.executable(this::cancel),
            "sendText", host.executable(this::sendText),
            "sendBytes", host.executable(this::sendBytes)));
  }

  // On the connection's event loop.

  private void opened(WebSocketConnection open) {
    var messages = open.readable().getReader();
    reader = messages;
    connection = open;
    tasks.post(
        () -> {
          if (!closedEarly) {
            openedTold = true;
            opened.executeVoid(open.protocol(), open.extensions());
          }
        });
    // Not before the messages that came are read.
    messages
        .closed()
        .whenComplete(
            (nothing, error) ->
                tasks.post(
                    () -> {
                      readableOver = true;
                      if (error == null) {
                        readableEnded.executeVoid();
                      } else {
                        readableEnded.executeVoid(code(error), reason(error), message(error));
                      }
                      tellEnd();
                    }));
  }

  private @Nullable Void ended(@Nullable WebSocketCloseInfo info, @Nullable Throwable error) {
    tasks.post(
        () -> {
          registration.release();
          end =
              () -> {
                if (closedEarly) {
                  failed.executeVoid(
                      CloseCode.ABNORMAL, "", "close() was called before the connection was open");
                } else if (info != null) {
                  closed.executeVoid(info.closeCode(), info.reason());
                } else if (error != null) {
                  failed.executeVoid(code(error), reason(error), message(error));
                }
              };
          if (!isReadableEnding()) {
            tellEnd();
          }
        });
    return null;
  }

  /** All has been read, and that task is posted: {@code closed} must not overtake it. */
  private boolean isReadableEnding() {
    ReadableStreamDefaultReader<Message> messages = reader;
    return messages != null && messages.closed().isDone() && !readableOver;
  }

  private void tellEnd() {
    Runnable told = end;
    if (told != null) {
      end = null;
      told.run();
    }
  }

  private static int code(Throwable error) {
    Integer code = error instanceof WebSocketError known ? known.closeCode() : null;
    return code == null ? CloseCode.ABNORMAL : HostConnections.codeForScripts(code);
  }

  private static String reason(Throwable error) {
    return error instanceof WebSocketError known ? known.reason() : "";
  }

  private static String message(Throwable error) {
    return String.valueOf(error.getMessage());
  }

  // On the context's thread.

  /** {@code close(code or null, reason)}. */
  private @Nullable Object close(Value[] arguments) {
    stream.close(arguments[0].isNull() ? null : arguments[0].asInt(), arguments[1].asString());
    closing = true;
    if (!openedTold && !closedEarly) {
      // To the script it is still opening, also where it has opened meanwhile (S17).
      closedEarly = true;
      stream.abort();
    }
    return null;
  }

  /** {@code isClosing()}: whether the closing handshake has begun, here or there. */
  private Object isClosing(Value[] unused) {
    WebSocketConnection open = connection;
    return closing || (open != null && open.closing().isDone());
  }

  private @Nullable Object abort(Value[] unused) {
    stream.abort();
    return null;
  }

  /** {@code read(callback)}: called with a text, or with bytes and true; not if none comes. */
  private @Nullable Object read(Value[] arguments) {
    Value callback = arguments[0];
    read()
        .whenComplete(
            (result, error) -> {
              // What is there already is handed over at once, so that the end, which the event
              // loop may be telling meanwhile, does not overtake it.
              if (tasks.loop().inEventLoop()) {
                deliver(result, callback);
              } else {
                tasks.post(() -> deliver(result, callback));
              }
            });
    return null;
  }

  private CompletableFuture<ReadResult<Message>> read() {
    ReadableStreamDefaultReader<Message> messages = reader;
    if (messages == null) {
      throw new IllegalStateException("expected an open connection but it is not open");
    }
    return messages.read();
  }

  private void deliver(@Nullable ReadResult<Message> result, Value callback) {
    Message message = result == null ? null : result.value();
    switch (message) {
      case null -> {
        // The end of the readable answers whoever reads.
      }
      case Message.Text(String text) -> callback.executeVoid(text);
      case Message.Binary(byte[] received) -> callback.executeVoid(bytes.toScript(received), true);
    }
  }

  /** {@code cancel(code or null, reason)}: gives up reading, and closes (S10). */
  private @Nullable Object cancel(Value[] arguments) {
    ReadableStreamDefaultReader<Message> messages = reader;
    if (messages != null) {
      closing = true;
      messages.cancel(
          arguments[0].isNull()
              ? null
              : new WebSocketError("", arguments[0].asInt(), arguments[1].asString()));
    }
    return null;
  }

  /** {@code sendText(text, callback)}. */
  private Object sendText(Value[] arguments) {
    return send(Message.of(arguments[0].asString()), arguments[1]);
  }

  /** {@code sendBytes(buffer, byteOffset, byteLength, callback)}. */
  private Object sendBytes(Value[] arguments) {
    return send(
        Message.of(HostBytes.fromScript(arguments[0], arguments[1], arguments[2])), arguments[3]);
  }

  /** True if there is room for more; else the callback is called: with a message if it failed. */
  private boolean send(Message message, Value callback) {
    WebSocketConnection open = connection;
    if (open == null) {
      throw new IllegalStateException("expected an open connection but it is not open");
    }
    CompletableFuture<Void> sent = open.sendAsync(message);
    if (sent.isCompletedExceptionally()) {
      // The connection is closing already.
      throw new InvalidStateError(message(sent.exceptionNow()));
    }
    if (sent.isDone()) {
      return true;
    }
    sent.whenComplete(
        (nothing, error) -> {
          if (error == null) {
            tasks.post(callback::executeVoid);
          } else {
            // It fails because the connection ended: the stream's own error comes first (S14).
            endPosted.thenRun(() -> tasks.post(() -> callback.executeVoid(message(error))));
          }
        });
    return false;
  }
}
