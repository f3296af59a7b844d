package dev.weir.benchmarks.peers.server;

import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One server under test in a process of its own: {@code Serve NAME STYLE} prints {@code port N} and
 * serves until its standard input ends.
 */
public final class Serve {
  /** The most payload that is sent to them. */
  static final int MOST_BYTES = 2 << 20;

  private static final Map<String, Supplier<EchoServer>> SERVERS = new LinkedHashMap<>();

  static {
    SERVERS.put("tcp", TcpEcho::new);
    SERVERS.put("weir-event", WeirEcho::byEvents);
    SERVERS.put("weir-stream", WeirEcho::byFutures);
    SERVERS.put("weir-blocking", WeirEcho::blocking);
    SERVERS.put("weir-no-takeover", WeirEcho::withoutTakeover);
    SERVERS.put("netty", NettyEcho::new);
    SERVERS.put("vertx", VertxEcho::new);
    SERVERS.put("undertow", UndertowEcho::new);
    SERVERS.put("jetty", JettyEcho::new);
    SERVERS.put("helidon", HelidonEcho::new);
    SERVERS.put("java-websocket", JavaWebSocketEcho::new);
  }

  private Serve() {}

  /** The server's name, and its style. */
  public static void main(String[] arguments) throws Exception {
    Supplier<EchoServer> server = arguments.length == 2 ? SERVERS.get(arguments[0]) : null;
    if (server == null) {
      System.err.println(
          "expected one of " + SERVERS.keySet() + " and plain, deflate or broadcast");
      System.exit(2);
      return;
    }
    System.out.println(
        "port " + server.get().start(Style.valueOf(arguments[1].toUpperCase(Locale.ROOT))));
    System.out.flush();
    // Nothing is said to it: the end is what counts.
    System.in.transferTo(OutputStream.nullOutputStream());
    Runtime.getRuntime().halt(0);
  }
}
