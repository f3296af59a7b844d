package dev.weir.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the kernel of Linux holds of one TCP connection over IPv4 or mapped IPv6, read from the
 * system's table. Immutable.
 *
 * @param unsent bytes that the sender's kernel holds: not yet acknowledged
 * @param unread bytes that the receiver's kernel holds: not yet read by its program
 */
record TcpQueues(long unsent, long unread) {
  static final Path TABLE = Path.of("/proc/net/tcp");
  private static final List<Path> TABLES = List.of(TABLE, Path.of("/proc/net/tcp6"));

  /** The queues in the direction from one end to the other. */
  static TcpQueues between(SocketAddress sender, SocketAddress receiver) throws IOException {
    int from = ((InetSocketAddress) sender).getPort();
    int to = ((InetSocketAddress) receiver).getPort();
    return new TcpQueues(queue(from, to, 0), queue(to, from, 1));
  }

  private static long queue(int localPort, int remotePort, int which) throws IOException {
    for (Path table : TABLES) {
      for (String line : Files.exists(table) ? Files.readAllLines(table) : List.<String>of()) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length > 4
            && fields[1].endsWith(":%04X".formatted(localPort))
            && fields[2].endsWith(":%04X".formatted(remotePort))) {
          return Long.parseLong(fields[4].split(":")[which], 16);
        }
      }
    }
    throw new IOException("expected a connection from " + localPort + " to " + remotePort);
  }

  long total() {
    return unsent + unread;
  }
}
