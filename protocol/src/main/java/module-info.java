import org.jspecify.annotations.NullMarked;

/** RFC 6455 and RFC 7692 with no I/O: bytes in; events and bytes out. */
@NullMarked
module dev.weir.protocol {
  requires static transitive org.jspecify;

  exports dev.weir.protocol.close;
  exports dev.weir.protocol.connection;
  exports dev.weir.protocol.deflate;
  exports dev.weir.protocol.frame to
      dev.weir.websocket;
  exports dev.weir.protocol.handshake;
  exports dev.weir.protocol.message to
      dev.weir.websocket;
}
