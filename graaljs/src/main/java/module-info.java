import org.jspecify.annotations.NullMarked;

/**
 * WebSocket, WebSocketStream and what they stand on, as browsers have them, for JavaScript on
 * GraalJS.
 */
@NullMarked
module dev.weir.graaljs {
  requires transitive dev.weir.websocket;
  requires transitive org.graalvm.polyglot;
  requires static transitive org.jspecify;

  exports dev.weir.graaljs;
}
