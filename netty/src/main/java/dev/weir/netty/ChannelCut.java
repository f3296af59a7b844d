package dev.weir.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;

/** Closes sockets at once, past the TLS handler, which would wait for its close_notify. */
final class ChannelCut {
  private ChannelCut() {}

  /** Closes the socket. For any thread; without effect on a closed one. */
  static void now(Channel channel) {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first == null) {
      channel.close();
    } else {
      // Outbound from the first handler there is only the socket.
      first.close();
    }
  }
}
