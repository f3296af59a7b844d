package dev.weir.cli;

import dev.weir.streams.InvalidStateError;
import dev.weir.streams.ReadResult;
import dev.weir.streams.ReadableStreamDefaultReader;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.WebSocketStreamOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One client connection between an input and an output, from its opening to its end. Runs once, on
 * the thread that calls {@link #run}; a second thread reads the input.
 */
final class Conversation {
  private final WebSocketClient client;
  private final Plan plan;
  private final Notices notices;
  private final Interrupts interrupts;

  // What the input's thread tells the other one.
  private volatile @Nullable IOException inputFailure;

  /**
   * What is to happen on the connection.
   *
   * @param closeCode of the Close frame that this side starts with
   * @param maxMessages after which this side closes, or null
   * @param staysOpen whether the end of the input leaves the connection open
   * @param linger how long to wait at the end of the input before this side closes
   */
  record Plan(
      String url,
      WebSocketStreamOptions options,
      int closeCode,
      String closeReason,
      @Nullable Long maxMessages,
      boolean staysOpen,
      Duration linger) {}

  /** Makes the two ends once the connection is open, since a prompt is no use before. */
  interface Ends {
    /** Where messages come from. */
    MessageInput input() throws IOException;

    /** Where messages go. */
    MessageOutput output() throws IOException;

    /** There will be no connection, so that a prompt need not be made to say so. */
    void failed(Ending ending) throws IOException;
  }

  Conversation(WebSocketClient client, Plan plan, Notices notices, Interrupts interrupts) {
    this.client = client;
    this.plan = plan;
    this.notices = notices;
    this.interrupts = interrupts;
  }

  ExitCode run(Ends ends) throws IOException, InterruptedException {
    WebSocketStream stream = client.connect(plan.url(), plan.options());
    interrupts.react(code -> stream.close());
    WebSocketConnection connection;
    try {
      connection = stream.awaitOpened();
    } catch (WebSocketError error) {
      return orInterrupt(neverOpened(error, ends));
    }
    interrupts.react(code -> end(connection, code));
    notices.note(
        "connected to "
            + Shown.line(stream.url())
            + (connection.protocol().isEmpty()
                ? ""
                : ", subprotocol " + Shown.line(connection.protocol()))
            + tls(connection));
    ExitCode local = null;
    try {
      ends.output().opened(stream.url(), connection.protocol(), connection.extensions());
      send(ends.input(), connection);
      receive(connection, ends.output());
    } catch (IOException e) {
      // Whoever read the output has had enough, or the disk is full: there is no use in more.
      notices.error("weir: the output failed: " + e.getMessage());
      local = ExitCode.LOCAL;
    }
    Ending ending = awaitEnd(connection);
    try {
      ends.output().ended(ending);
    } catch (IOException e) {
      local = ExitCode.LOCAL;
    }
    if (ending.clean()) {
      ending.lines().forEach(notices::note);
    } else {
      notices.error(ending.lines());
    }
    IOException failure = inputFailure;
    if (failure != null) {
      notices.error("weir: the input failed: " + failure.getMessage());
      local = ExitCode.LOCAL;
    }
    return orInterrupt(local != null ? local : ending.exitCode(plan.closeCode()));
  }

  private static String tls(WebSocketConnection connection) {
    SSLSession session = connection.sslSession();
    return session == null ? "" : ", " + session.getProtocol();
  }

  private ExitCode orInterrupt(ExitCode otherwise) {
    ExitCode interrupt = interrupts.raised();
    return interrupt != null ? interrupt : otherwise;
  }

  private ExitCode neverOpened(WebSocketError error, Ends ends) {
    Ending ending = Ending.neverOpened(error);
    if (interrupts.raised() == null) {
      notices.error(ending.lines());
    }
    try {
      ends.failed(ending);
    } catch (IOException e) {
      return ExitCode.LOCAL;
    }
    return ending.exitCode(null);
  }

  /** Ctrl-C is a person's normal end; the other signals mean that this process goes away. */
  private void end(WebSocketConnection connection, ExitCode code) {
    if (code == ExitCode.INTERRUPTED) {
      close(connection);
    } else {
      client.close();
    }
  }

  private void close(WebSocketConnection connection) {
    connection.close(plan.closeCode(), plan.closeReason());
  }

  // Sending, on a thread of its own: reading standard input can not be interrupted.

  private void send(MessageInput input, WebSocketConnection connection) {
    Thread.ofPlatform().daemon().name("weir-input").start(() -> sendAll(input, connection));
  }

  private void sendAll(MessageInput input, WebSocketConnection connection) {
    try {
      for (Message next = input.next(); next != null; next = input.next()) {
        connection.send(next);
      }
      if (!plan.staysOpen()) {
        linger(connection);
        connection.closeOutput(plan.closeCode(), plan.closeReason());
      }
    } catch (InvalidStateError | InterruptedException e) {
      // The connection is ending, which the other thread sees and tells.
      return;
    } catch (IOException e) {
      inputFailure = e;
      close(connection);
    }
  }

  /** Waits, unless the connection begins to end meanwhile. */
  private void linger(WebSocketConnection connection) throws InterruptedException {
    if (!plan.linger().isZero()) {
      try {
        connection.closing().get(plan.linger().toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException | ExecutionException e) {
        // The time is over, or there is nothing left to wait for.
        return;
      }
    }
  }

  // Receiving.

  private void receive(WebSocketConnection connection, MessageOutput output)
      throws IOException, InterruptedException {
    ReadableStreamDefaultReader<Message> reader = connection.readable().getReader();
    Long most = plan.maxMessages();
    try {
      for (long count = 0; most == null || count < most; count++) {
        CompletableFuture<ReadResult<Message>> next = reader.read();
        if (!next.isDone()) {
          output.flush();
        }
        ReadResult<Message> result = next.get();
        Message message = result.value();
        if (message == null) {
          return;
        }
        output.message(message);
      }
    } catch (ExecutionException e) {
      // How it ended is asked for below.
      return;
    } finally {
      try {
        output.flush();
      } finally {
        // Without effect if the connection is what ended the loop.
        close(connection);
      }
    }
  }

  private static Ending awaitEnd(WebSocketConnection connection) throws InterruptedException {
    try {
      return Ending.clean(connection.awaitClosed());
    } catch (WebSocketError error) {
      return Ending.unclean(error);
    }
  }
}
