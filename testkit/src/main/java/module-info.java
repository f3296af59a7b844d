import org.jspecify.annotations.NullMarked;

/**
 * For tests of programs that speak WebSocket: an event loop whose clock the test moves, a transport
 * in memory, a peer that follows a script, and faults to inject.
 */
@NullMarked
module dev.weir.testkit {
  requires transitive dev.weir.protocol;
  requires transitive dev.weir.websocket;
  requires static transitive org.jspecify;

  exports dev.weir.testkit;
  exports dev.weir.testkit.net;
}
