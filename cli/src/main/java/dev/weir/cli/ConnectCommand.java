package dev.weir.cli;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.connection.Limits;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.WebSocketStreamOptions;
import java.io.IOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir connect}: talks to a WebSocket server. Not thread-safe. */
@Command(
    name = "connect",
    header = "Talks to a WebSocket server.",
    customSynopsis = "weir connect [OPTION]... [URL]",
    description = {
      "%nOpens a WebSocket to URL, sends each line of standard input as a text message, and writes"
          + " each text message that comes to standard output as a line. Standard output carries"
          + " payload and nothing else; everything else goes to standard error.",
      "",
      "On a terminal there is a prompt with line editing and history, and messages appear above"
          + " it: Ctrl-D closes with 1000 and shows what still comes, Ctrl-C closes and exits with"
          + " 130, a second Ctrl-C exits at once. Control characters that the peer sends are"
          + " written out (\\x1b) and not obeyed.",
      "",
      "In a pipe, standard input is read once the connection is open, and no faster than the peer"
          + " takes the messages. At its end weir sends Close with 1000, writes out the messages that"
          + " still come before the peer's own Close, and exits.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  printf 'ping\\n' | weir connect -1",
      "      Sends a line to the built-in echo server and prints its answer.",
      "  weir connect wss://example.com/chat",
      "      Talks to a server from the terminal.",
      "  weir connect -n --json wss://example.com/feed < /dev/null | jq -r .data",
      "      Follows a feed until the server closes.",
      "  weir connect --header-env Authorization=API_AUTH --protocol v2.chat wss://example.com/",
      "      Sends a secret that no other user of the machine sees in the list of processes.",
      "  weir connect --binary ws://localhost:8080/upload < picture.png > answer.bin",
      "      Sends and receives bytes.",
      "",
      "See also: weir serve --help, docs/cli.md",
    },
    exitCodeListHeading = "%nExit status:%n",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class ConnectCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      description = {
        "ws://, wss://, http:// or https://, ws:// if there is none. Without a URL weir talks to an"
            + " echo server of its own in the same process."
      })
  private @Nullable String url;

  @ArgGroup(validate = false, heading = "%nOpening handshake:%n")
  private Opening opening = new Opening();

  @ArgGroup(validate = false, heading = "%nTLS:%n")
  private ClientTlsOptions tls = new ClientTlsOptions();

  @ArgGroup(validate = false, heading = "%nMessages:%n")
  private Messages messages = new Messages();

  @ArgGroup(validate = false, heading = "%nClosing:%n")
  private Closing closing = new Closing();

  @ArgGroup(validate = false, heading = "%nTimes:%n")
  private Times times = new Times();

  @ArgGroup(validate = false, heading = "%nWhat is shown:%n")
  private Showing showing = new Showing();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  private final Stdio stdio;
  private final Interrupts interrupts;

  ConnectCommand(Stdio stdio, Interrupts interrupts) {
    this.stdio = stdio;
    this.interrupts = interrupts;
  }

  static final class Opening {
    @ArgGroup(validate = false, multiplicity = "0..1")
    HeaderOptions headers = new HeaderOptions();

    @Option(
        names = "--origin",
        paramLabel = "ORIGIN",
        description = "Send this Origin, as a browser's page from there would.")
    @Nullable String origin;

    @Option(
        names = "--no-compress",
        description = "Do not offer compression (permessage-deflate), which is offered otherwise.")
    boolean noCompress;

    @Option(
        names = "--protocol",
        paramLabel = "NAME",
        split = ",",
        description = {
          "Ask for this subprotocol. Several are asked for in this order, and the server has to"
              + " select one."
        })
    List<String> protocols = new ArrayList<>();

    @Option(
        names = "--max-redirects",
        paramLabel = "N",
        description = "Follow up to N redirects; none unless given.")
    int maxRedirects;
  }

  static final class Messages {
    @Option(
        names = {"-b", "--binary"},
        description = {
          "Send standard input as binary messages: one for whatever each read brings, at most 64"
              + " KiB. Received binary messages are written as they are into a pipe, and as a"
              + " summary on a terminal, with or without this option."
        })
    boolean binary;

    @Option(
        names = "--whole",
        description = "Send all of standard input as one message: binary with -b, else text.")
    boolean whole;

    @Option(
        names = {"-0", "--null"},
        description = "Messages end with NUL instead of a line end, in and out.")
    boolean nul;

    @Option(
        names = "--max-messages",
        paramLabel = "N",
        description = {
          "Close after N messages have come. The end of standard input then sends no Close: weir"
              + " waits for them."
        })
    @Nullable Long maxMessages;

    @Option(names = "-1", description = "The same as --max-messages 1.")
    boolean one;

    @Option(
        names = "--max-message-bytes",
        paramLabel = "BYTES",
        description = {
          "Take and send no longer message; the connection ends with 1009. 67108864 (64 MiB) unless"
              + " given."
        })
    int maxMessageBytes = Limits.client().maxMessageBytes();
  }

  static final class Closing {
    @Option(
        names = {"-n", "--no-close"},
        description = "Send no Close at the end of standard input: stay until the server closes.")
    boolean staysOpen;

    @Option(
        names = "--linger",
        paramLabel = "SECONDS",
        converter = Seconds.class,
        description = {
          "Wait so long between the end of standard input and the Close, for servers that drop what"
              + " they have not answered yet when they see one. Not at all unless given."
        })
    Duration linger = Duration.ZERO;

    @Option(
        names = "--close-code",
        paramLabel = "CODE",
        description = "Close with this code: 1000, or 3000 to 4999. 1000 unless given.")
    int code = CloseCode.NORMAL;

    @Option(
        names = "--close-reason",
        paramLabel = "TEXT",
        description = "Close with this reason, at most 123 bytes.")
    String reason = "";
  }

  static final class Times {
    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        converter = Seconds.class,
        description = {
          "How long name resolution with TCP, TLS and the opening handshake may take, each. 10"
              + " unless given."
        })
    @Nullable Duration opening;

    @Option(
        names = "--close-timeout",
        paramLabel = "SECONDS",
        converter = Seconds.class,
        description = {
          "How long the closing handshake may take; while messages still come at the end of"
              + " standard input it begins anew. 10 unless given."
        })
    @Nullable Duration close;

    @Option(
        names = "--ping-interval",
        paramLabel = "SECONDS",
        converter = Seconds.class,
        description = "Ping a server that has been silent for so long. Never unless given.")
    @Nullable Duration pingInterval;

    @Option(
        names = "--ping-timeout",
        paramLabel = "SECONDS",
        converter = Seconds.class,
        description = {
          "Give up a server that stays silent for so long after a ping. 20 unless given."
        })
    Duration pingTimeout = Duration.ofSeconds(20);
  }

  static final class Showing {
    @Option(
        names = "--json",
        description = {
          "Write one JSON object per event to standard output: open, message (type text or binary,"
              + " data as text or base64), close (code, reason, clean, cause) and error."
        })
    boolean json;

    @Option(names = "--no-prompt", description = "Read and write plainly also on a terminal.")
    boolean noPrompt;

    @Option(
        names = "--history",
        paramLabel = "FILE",
        description = "Keep the prompt's lines in this file. Only for this run unless given.")
    @Nullable Path history;

    @ArgGroup(validate = false, multiplicity = "0..1")
    OutputOptions output = new OutputOptions();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var notices = new Notices(stdio, showing.output.quiet || showing.json);
    Long maxMessages = maxMessages();
    WebSocketClient client = client(notices);
    try (WebSocketServer echo = url == null ? echo(notices) : null;
        Ends ends = new Ends(notices)) {
      String target = echo != null ? echo.url("/") : withScheme(url == null ? "" : url);
      var plan =
          new Conversation.Plan(
              target,
              WebSocketStreamOptions.DEFAULT.withProtocols(
                  opening.protocols.toArray(String[]::new)),
              closing.code,
              closing.reason,
              maxMessages,
              closing.staysOpen || maxMessages != null,
              closing.linger);
      return new Conversation(client, plan, notices, interrupts).run(ends).status();
    } finally {
      client.close();
    }
  }

  private @Nullable Long maxMessages() {
    if (messages.one) {
      return 1L;
    }
    if (messages.maxMessages != null && messages.maxMessages < 1) {
      throw new UsageException(
          "--max-messages: expected 1 or more but was " + messages.maxMessages);
    }
    return messages.maxMessages;
  }

  private static String withScheme(String given) {
    return given.contains("://") ? given : "ws://" + given;
  }

  private WebSocketServer echo(Notices notices) throws IOException {
    WebSocketServer server =
        WebSocketServer.builder()
            .route(EchoServer.route())
            .limits(Limits.server().withMaxMessageBytes(messages.maxMessageBytes))
            .start();
    notices.note("no URL: talking to an echo server of my own");
    return server;
  }

  private WebSocketClient client(Notices notices) throws IOException {
    if (!CloseCode.isForApplications(closing.code)) {
      throw new UsageException(
          "--close-code: expected 1000 or 3000 to 4999 but was " + closing.code);
    }
    int reasonBytes = closing.reason.getBytes(StandardCharsets.UTF_8).length;
    if (reasonBytes > 123) {
      throw new UsageException(
          "--close-reason: " + reasonBytes + " bytes of UTF-8, the limit is 123");
    }
    try {
      return builder(notices).build();
    } catch (UsageException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      // A certificate or a key that can not be used.
      throw new IOException(e.getMessage(), e);
    }
  }

  private WebSocketClient.Builder builder(Notices notices) throws IOException {
    WebSocketClient.Builder builder =
        WebSocketClient.builder().tls(tls.tls()).allowBlockedPorts().allowParallelOpenings();
    for (HeaderOptions.Field field : opening.headers.fields(stdio.environment())) {
      try {
        builder.header(field.name(), field.value());
      } catch (IllegalArgumentException e) {
        throw new UsageException(
            "the header " + field.name() + " can not be sent: " + e.getMessage());
      }
    }
    if (opening.origin != null) {
      builder.origin(opening.origin);
    }
    if (opening.noCompress) {
      builder.compression(CompressionOptions.off());
    }
    if (opening.maxRedirects > 0) {
      builder.maxRedirects(opening.maxRedirects);
    }
    if (times.opening != null) {
      builder
          .connectTimeout(times.opening)
          .tlsTimeout(times.opening)
          .handshakeTimeout(times.opening);
    }
    if (times.close != null) {
      builder.closeTimeout(times.close);
    }
    if (times.pingInterval != null) {
      builder.keepAlive(times.pingInterval, times.pingTimeout);
    }
    try {
      builder.limits(Limits.client().withMaxMessageBytes(messages.maxMessageBytes));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--max-message-bytes: " + e.getMessage());
    }
    if (showing.output.verbose) {
      builder.observer(new WireLog(notices::error, false));
    }
    return builder;
  }

  /** Makes a prompt, or the two ends of a pipe, once the connection is open. */
  private final class Ends implements Conversation.Ends, AutoCloseable {
    private final Notices notices;
    private final boolean prompts =
        stdio.isInteractive()
            && !showing.noPrompt
            && !showing.json
            && !messages.binary
            && !messages.whole;
    private @Nullable Prompt prompt;
    private @Nullable MessageOutput output;

    Ends(Notices notices) {
      this.notices = notices;
    }

    @Override
    public MessageInput input() throws IOException {
      if (prompts) {
        return prompt();
      }
      int limit = messages.maxMessageBytes;
      if (messages.binary) {
        return new BinaryInput(stdio.in(), messages.whole, limit);
      }
      return messages.whole
          ? new TextInput(stdio.in(), limit)
          : new LineInput(stdio.in(), delimiter(), limit, CodingErrorAction.REPORT);
    }

    @Override
    public MessageOutput output() throws IOException {
      if (prompts) {
        return prompt();
      }
      if (output == null) {
        output =
            showing.json
                ? new JsonOutput(stdio.out())
                : new StreamOutput(stdio.out(), delimiter(), stdio.outIsTerminal());
      }
      return output;
    }

    @Override
    public void failed(Ending ending) throws IOException {
      if (!prompts) {
        output().ended(ending);
      }
    }

    private char delimiter() {
      return messages.nul ? '\0' : '\n';
    }

    private Prompt prompt() throws IOException {
      if (prompt == null) {
        Prompt opened = Prompt.open(interrupts, showing.history);
        prompt = opened;
        notices.goTo(opened::print);
      }
      return prompt;
    }

    @Override
    public void close() throws IOException {
      if (prompt != null) {
        notices.goTo(stdio.err()::println);
        prompt.close();
      }
    }
  }
}
