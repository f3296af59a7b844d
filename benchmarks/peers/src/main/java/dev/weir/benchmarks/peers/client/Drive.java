package dev.weir.benchmarks.peers.client;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * One client under test in a process of its own, which does what its standard input says:
 *
 * <pre>
 * open URL MODE KIND SIZE   answers: opened
 * close                     answers: closed PEAK, the most bytes of heap that were in use since open
 * </pre>
 */
public final class Drive {
  private static final Map<String, Callable<DrivenClient>> CLIENTS = new LinkedHashMap<>();

  static {
    CLIENTS.put("weir-event", WeirEventClient::new);
    CLIENTS.put("weir-stream", WeirStreamClient::new);
    CLIENTS.put("weir-blocking", WeirBlockingClient::new);
    CLIENTS.put("jdk", JdkClient::new);
    CLIENTS.put("okhttp", OkHttpDriven::new);
    CLIENTS.put("netty", NettyClient::new);
    CLIENTS.put("vertx", VertxClient::new);
    CLIENTS.put("jetty", JettyClient::new);
    CLIENTS.put("nv", NvClient::new);
    CLIENTS.put("java-websocket", JavaWebSocketClient::new);
    CLIENTS.put("tyrus", TyrusClient::new);
  }

  private Drive() {}

  /** The client's name is the only argument. */
  public static void main(String[] arguments) throws Exception {
    Callable<DrivenClient> named = arguments.length == 1 ? CLIENTS.get(arguments[0]) : null;
    if (named == null) {
      System.err.println("expected one of " + CLIENTS.keySet());
      System.exit(2);
      return;
    }
    DrivenClient client = named.call();
    say("ready");
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("open")) {
        System.gc();
        heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
        client.open(URI.create(words[1]), Task.parse(words[2], words[3], words[4]));
        say("opened");
      } else {
        long peak = heapPools().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        client.close();
        say("closed " + peak);
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static Stream<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP);
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
