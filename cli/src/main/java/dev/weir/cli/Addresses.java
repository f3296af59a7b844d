package dev.weir.cli;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Addresses as people write them. Stateless. */
final class Addresses {
  private Addresses() {}

  /** "127.0.0.1:8080" or "[::1]:8080". */
  static String text(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? (inet.getAddress() instanceof Inet6Address ? "[" + host(inet) + "]" : host(inet))
            + ":"
            + inet.getPort()
        : address.toString();
  }

  /** The host part alone, without a name look-up. */
  static String host(InetSocketAddress address) {
    return address.getAddress() == null
        ? address.getHostString()
        : address.getAddress().getHostAddress();
  }
}
