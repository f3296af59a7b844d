package dev.weir.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/**
 * What the kernel knows of a TCP peer before its bytes are read. Thread-safe.
 *
 * <p>A connection whose reading is paused does not come to the end of its input, so the kernel is
 * asked for it (B4). NIO has no way to ask.
 */
enum PeerState {
  /** The peer may still send, or there is no way to know. */
  OPEN,
  /** The peer has sent its FIN. */
  ENDED,
  /** The connection is gone: reset, timed out, or ended by both. */
  GONE;

  // The states of /usr/include/netinet/tcp.h.
  private static final int TCP_CLOSE = 7;
  private static final int TCP_CLOSE_WAIT = 8;
  private static final int TCP_LAST_ACK = 9;
  private static final int TCP_CLOSING = 11;

  static PeerState of(Channel channel) {
    try {
      if (channel instanceof EpollSocketChannel epoll) {
        return of(epoll.tcpInfo().state());
      }
      if (channel instanceof IoUringSocketChannel uring) {
        return of(uring.tcpInfo().state());
      }
    } catch (ChannelException alreadyClosed) {
      return OPEN;
    }
    return OPEN;
  }

  private static PeerState of(int tcpState) {
    return switch (tcpState) {
      case TCP_CLOSE -> GONE;
      case TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_CLOSING -> ENDED;
      default -> OPEN;
    };
  }
}
