package dev.weir.cli;

import dev.weir.websocket.MessageKinds;
import dev.weir.websocket.Route;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.WebSocketHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Runs a program for each connection, its lines being the messages. Thread-safe. */
final class ProgramHandler implements WebSocketHandler, AutoCloseable {
  private final String command;
  private final Duration grace;
  private final int lineLimit;
  private final Notices notices;
  private final Set<ProgramRun> running = ConcurrentHashMap.newKeySet();

  /**
   * A handler.
   *
   * @param command for {@code sh -c}
   * @param grace how long a program may go on without its connection, and again after SIGTERM
   * @param lineLimit of a line of the program, in bytes
   */
  ProgramHandler(String command, Duration grace, int lineLimit, Notices notices) {
    this.command = command;
    this.grace = grace;
    this.lineLimit = lineLimit;
    this.notices = notices;
  }

  static Route route(String path, ProgramHandler handler) {
    return Route.of(path, handler).withMessages(MessageKinds.TEXT);
  }

  @Override
  public void handle(ServerConnection connection) throws IOException, InterruptedException {
    var builder = new ProcessBuilder("sh", "-c", command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    RequestEnvironment.put(builder.environment(), connection);
    ProgramRun run;
    try {
      run = new ProgramRun(builder.start(), connection, grace, lineLimit);
    } catch (IOException e) {
      notices.error("weir: the program can not be run: " + e.getMessage());
      throw e;
    }
    running.add(run);
    try {
      run.carry();
    } finally {
      running.remove(run);
    }
  }

  /** Ends the programs that are still running, each in at most twice its grace. */
  @Override
  public void close() throws InterruptedException {
    for (ProgramRun run : running) {
      run.end();
    }
  }
}
