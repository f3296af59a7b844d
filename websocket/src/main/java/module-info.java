import org.jspecify.annotations.NullMarked;

/**
 * WebSocketStream and WebSocket, client and server: the public API, and the interface behind which
 * a transport stands.
 */
@NullMarked
module dev.weir.websocket {
  requires transitive dev.weir.protocol;
  requires transitive dev.weir.streams;
  requires static transitive org.jspecify;

  exports dev.weir.websocket;
  exports dev.weir.websocket.events;
  exports dev.weir.websocket.opening;
  exports dev.weir.websocket.spi;
  exports dev.weir.websocket.url;

  uses dev.weir.websocket.spi.TransportProvider;
}
