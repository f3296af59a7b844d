package dev.weir.graaljs;

import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocket;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.jspecify.annotations.Nullable;

/**
 * The events and functions of one {@code WebSocket} of a script. For the context's thread alone,
 * where the socket delivers its events, in order: those that wait for that are bounded by its
 * receive buffer (S8).
 *
 * <p>Several may come in one task. Each of their listeners is a call into the context from outside,
 * so that its promise reactions run before the next.
 */
final class ScriptSocket {
  private final HostConnections.Registration registration;
  private final HostBytes bytes;
  private final Value open;
  private final Value message;
  private final Value error;
  private final Value close;

  ScriptSocket(HostConnections.Registration registration, HostBytes bytes, Value events) {
    this.registration = registration;
    this.bytes = bytes;
    this.open = events.getMember("open");
    this.message = events.getMember("message");
    this.error = events.getMember("error");
    this.close = events.getMember("close");
  }

  void listen(WebSocket socket) {
    ScriptTasks tasks = registration.tasks();
    socket
        .onOpen(event -> fire(open))
        .onMessage(event -> deliver(event.message()))
        .onError(event -> fire(error))
        .onClose(
            event -> {
              registration.release();
              int code = HostConnections.codeForScripts(event.code());
              fire(close, code, event.reason(), event.wasClean());
              forget(socket);
            })
        // Scripts' own errors do not come out of them.
        .onListenerError((event, failure) -> tasks.failed(failure));
  }

  /** Whoever keeps the closed connection in Java does not keep the script's objects. */
  private static void forget(WebSocket socket) {
    socket.onOpen(null).onMessage(null).onError(null).onClose(null);
  }

  private void deliver(Message received) {
    switch (received) {
      case Message.Text(String text) -> fire(message, text);
      case Message.Binary(byte[] data) -> fire(message, bytes.toScript(data), true);
    }
  }

  /** Fires the event: what a step gives is the next one. */
  private void fire(Value event, Object... arguments) {
    if (registration.tasks().isClosed()) {
      // By a listener of an event before it, in the same task.
      return;
    }
    Value step = event.execute(arguments);
    while (step.canExecute()) {
      step = step.execute();
    }
  }

  ProxyObject asProxy(WebSocket socket, HostFunctions host) {
    return ProxyObject.fromMap(
        Map.of(
            "url", socket.url(),
            "origin", HostConnections.origin(socket.url()),
            "readyState", host.executable(unused -> socket.readyState()),
            "bufferedAmount", host.executable(unused -> socket.bufferedAmount()),
            "protocol", host.executable(unused -> socket.protocol()),
            "extensions", host.executable(unused -> socket.extensions()),
            "sendText", host.executable(arguments -> sendText(socket, arguments)),
            "sendBytes", host.executable(arguments -> sendBytes(socket, arguments)),
            "close", host.executable(arguments -> close(socket, arguments))));
  }

  private static @Nullable Object sendText(WebSocket socket, Value[] arguments) {
    socket.send(arguments[0].asString());
    return null;
  }

  /** {@code sendBytes(buffer, byteOffset, byteLength)}. */
  private static @Nullable Object sendBytes(WebSocket socket, Value[] arguments) {
    socket.send(HostBytes.fromScript(arguments[0], arguments[1], arguments[2]));
    return null;
  }

  /** {@code close(code or null, reason)}. */
  private static @Nullable Object close(WebSocket socket, Value[] arguments) {
    socket.close(arguments[0].isNull() ? null : arguments[0].asInt(), arguments[1].asString());
    return null;
  }
}
