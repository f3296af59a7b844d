package dev.weir.cli;

import dev.weir.protocol.connection.Limits;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.opening.TlsOptions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir serve}: serves WebSockets. Not thread-safe. */
@Command(
    name = "serve",
    header = "Serves WebSockets.",
    customSynopsis = "weir serve [OPTION]...",
    description = {
      "%nAccepts WebSockets on every path and sends each message back, or runs a program for each"
          + " connection. The address is written to standard error once connections are accepted.",
      "",
      "SIGTERM and Ctrl-C close all connections with 1001, at most within --close-timeout, and end"
          + " weir with status 0.",
      "",
      "With --exec each line that the program writes to its standard output is sent as a text"
          + " message, and each text message that comes is a line on its standard input; a binary"
          + " message closes the connection with 1003. A program that does not read holds the client"
          + " back, and a client that does not read holds the program back. When the program ends"
          + " the connection is closed with 1000 if its status is 0, else with 1011. When the"
          + " connection ends, the program's standard input ends, then after --exec-timeout it"
          + " gets SIGTERM, and after that time again SIGKILL. Its standard error is weir's own.",
      "",
      "The program's environment says who is there: REMOTE_ADDR, REMOTE_PORT, SERVER_ADDR,"
          + " SERVER_PORT, REQUEST_METHOD, REQUEST_URI, PATH_INFO, QUERY_STRING, SERVER_PROTOCOL,"
          + " SERVER_SOFTWARE, GATEWAY_INTERFACE, HTTPS=on with TLS, WEBSOCKET_PROTOCOL, and"
          + " HTTP_NAME for each request header (HTTP_PROXY excepted).%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir serve",
      "      Echoes, on a port that the system chooses.",
      "  weir serve --port 8080 --exec 'grep --line-buffered error'",
      "      Gives back the messages that contain \"error\".",
      "  weir serve --port 8080 --static .",
      "      Echoes, and serves the pages of this folder at http://127.0.0.1:8080/.",
      "  weir serve --host 0.0.0.0 --port 443 --tls-cert chain.pem --tls-key key.pem",
      "      Echoes over wss to the whole network.",
      "",
      "See also: weir connect --help, docs/cli.md",
    },
    exitCodeListHeading = "%nExit status:%n",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class ServeCommand implements Callable<Integer> {
  @ArgGroup(validate = false, heading = "%nWhere:%n")
  private Where where = new Where();

  @ArgGroup(validate = false, heading = "%nTLS:%n")
  private Tls tls = new Tls();

  @ArgGroup(validate = false, heading = "%nWho:%n")
  private Who who = new Who();

  @ArgGroup(validate = false, heading = "%nWhat:%n")
  private What what = new What();

  @ArgGroup(validate = false, heading = "%nTimes:%n")
  private Times times = new Times();

  @ArgGroup(validate = false, heading = "%nWhat is shown:%n")
  private OutputOptions output = new OutputOptions();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  private final Stdio stdio;
  private final Interrupts interrupts;

  ServeCommand(Stdio stdio, Interrupts interrupts) {
    this.stdio = stdio;
    this.interrupts = interrupts;
  }

  static final class Where {
    @Option(
        names = "--host",
        paramLabel = "HOST",
        description = {
          "Listen on this host's address: 0.0.0.0 for all of IPv4, :: for all. 127.0.0.1 unless"
              + " given."
        })
    String host = "127.0.0.1";

    @Option(
        names = {"-p", "--port"},
        paramLabel = "PORT",
        description = "Listen on this port. 0, the default, lets the system choose.")
    int port;
  }

  static final class Tls {
    @Option(
        names = "--tls-cert",
        paramLabel = "FILE",
        description = "Serve wss with the certificate (chain) in this PEM file.")
    @Nullable Path certificate;

    @Option(
        names = "--tls-key",
        paramLabel = "FILE",
        description = {
          "The certificate's private key: PEM, PKCS #8, unencrypted. Without it the key is looked"
              + " for in the file of --tls-cert."
        })
    @Nullable Path key;

    @Option(
        names = "--self-signed",
        description = {
          "Serve wss with a certificate made up now: clients must not verify it (weir connect -k)."
        })
    boolean selfSigned;

    @Nullable TlsOptions options() {
      if (selfSigned) {
        if (certificate != null || key != null) {
          throw new UsageException("--self-signed and --tls-cert exclude each other");
        }
        return TlsOptions.selfSigned();
      }
      if (certificate == null) {
        if (key != null) {
          throw new UsageException("--tls-key needs --tls-cert");
        }
        return null;
      }
      return TlsOptions.defaults().withCertificate(certificate, key == null ? certificate : key);
    }
  }

  static final class Who {
    @Option(
        names = "--origin",
        paramLabel = "ORIGIN",
        split = ",",
        description = {
          "Refuse browsers' pages from any other origin with 403. Any page may connect unless"
              + " given."
        })
    List<String> origins = new ArrayList<>();

    @Option(
        names = "--protocol",
        paramLabel = "NAME",
        split = ",",
        description = "Speak this subprotocol; the first that the client offers is selected.")
    List<String> protocols = new ArrayList<>();

    @Option(
        names = "--max-connections",
        paramLabel = "N",
        description = "Refuse further connections with 503 while N are open.")
    int maxConnections = Integer.MAX_VALUE;

    @Option(names = "--no-compress", description = "Accept no compression (permessage-deflate).")
    boolean noCompress;
  }

  static final class What {
    @Option(
        names = "--exec",
        paramLabel = "COMMAND",
        description = "Run this shell command (sh -c) for each connection instead of the echo.")
    @Nullable String exec;

    @Option(
        names = "--static",
        paramLabel = "DIR",
        description = {
          "Answer browsers' plain requests with the files below DIR, on the same port: a page beside"
              + " its WebSocket. A folder is its index.html; hidden files and links that lead out are"
              + " not found."
        })
    @Nullable Path files;

    @Option(
        names = "--max-message-bytes",
        paramLabel = "BYTES",
        description = "Answer a longer message with 1009. 16777216 (16 MiB) unless given.")
    int maxMessageBytes = Limits.server().maxMessageBytes();
  }

  static final class Times {
    @Option(
        names = "--close-timeout",
        paramLabel = "SECONDS",
        converter = Seconds.class,
        description = "How long the closing handshake may take. 10 unless given.")
    Duration close = Duration.ofSeconds(10);

    @Option(
        names = "--ping-interval",
        paramLabel = "SECONDS",
        converter = Seconds.class,
        description = "Ping a client that has been silent for so long. 20 unless given.")
    Duration pingInterval = Duration.ofSeconds(20);

    @Option(
        names = "--ping-timeout",
        paramLabel = "SECONDS",
        converter = Seconds.class,
        description = {
          "Give up a client that stays silent for so long after a ping. 20 unless given."
        })
    Duration pingTimeout = Duration.ofSeconds(20);

    @Option(
        names = "--exec-timeout",
        paramLabel = "SECONDS",
        converter = Seconds.class,
        description = {
          "How long the program of --exec may go on when its connection has ended. 5 unless given."
        })
    Duration exec = Duration.ofSeconds(5);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var notices = new Notices(stdio, output.quiet);
    var ended = new CountDownLatch(1);
    interrupts.react(code -> ended.countDown());
    try (var programs =
        what.exec == null ? null : new ProgramHandler(what.exec, times.exec, limit(), notices)) {
      Route route = programs == null ? EchoServer.route() : ProgramHandler.route("/**", programs);
      WebSocketServer server = start(route, notices);
      try {
        notices.note("listening on " + server.url("/"));
        if (what.files != null) {
          notices.note("files of " + what.files + " at " + pages(server));
        }
        ended.await();
      } finally {
        server.close();
      }
    }
    return ExitCode.CLEAN.status();
  }

  private static String pages(WebSocketServer server) {
    return server.url("/").replaceFirst("^ws", "http");
  }

  private int limit() {
    return what.maxMessageBytes;
  }

  private WebSocketServer start(Route route, Notices notices) throws IOException {
    WebSocketServer.Builder builder = WebSocketServer.builder();
    try {
      TlsOptions secure = tls.options();
      if (secure != null) {
        builder.tls(secure);
      }
      builder
          .host(where.host)
          .port(where.port)
          .limits(Limits.server().withMaxMessageBytes(limit()))
          .compression(who.noCompress ? CompressionOptions.off() : CompressionOptions.server())
          .maxConnections(who.maxConnections)
          .closeTimeout(times.close)
          .keepAlive(times.pingInterval, times.pingTimeout);
      Route guarded =
          route
              .withOrigins(who.origins.toArray(String[]::new))
              .withProtocols(who.protocols.toArray(String[]::new));
      if (output.verbose) {
        var log = new WireLog(notices::error, true);
        builder.observer(log);
        guarded =
            guarded.withCheck(
                request -> {
                  log.requested(request);
                  return Optional.empty();
                });
      }
      builder.route(guarded);
      if (what.files != null) {
        builder.staticFiles(what.files);
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    try {
      return builder.start();
    } catch (IllegalArgumentException e) {
      // A certificate or a key that can not be used.
      throw new IOException(e.getMessage(), e);
    } catch (UnknownHostException | FileNotFoundException | FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new AddressFailure(where.host, where.port, e);
    }
  }
}
