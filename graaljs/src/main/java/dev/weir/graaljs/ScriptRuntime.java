package dev.weir.graaljs;

import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.spi.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.io.FileSystem;
import org.graalvm.polyglot.io.IOAccess;

/**
 * A JavaScript context of its own with the platform's globals, and the thread that it runs on.
 * Thread-safe.
 *
 * <pre>{@code
 * try (ScriptRuntime runtime = ScriptRuntime.create(ScriptOptions.defaults())) {
 *   runtime.run(Duration.ofMinutes(1), Source.newBuilder("js", new File("feed.js")).build());
 * }
 * }</pre>
 *
 * <p>Scripts may read files, which is how modules import others; they reach nothing else of the
 * machine, and no Java class. All runtimes share one engine, so that a source is parsed once.
 */
public final class ScriptRuntime implements AutoCloseable {
  /** Why {@link #run} came back. */
  public enum End {
    /** Nothing is pending: no task, no timer, no connection that is not closed. */
    IDLE,
    /** A script called {@code close()}, or the host {@link ScriptRuntime#close}. */
    CLOSED,
    /** The time was over. */
    TIMED_OUT
  }

  /** How long {@link #close} waits for a script to be cut off. */
  private static final Duration CUT_OFF_TIME = Duration.ofSeconds(1);

  private final Context context;
  private final EventLoop loop;
  private final WebPlatform platform;

  private ScriptRuntime(ScriptOptions options, EventLoop loop) {
    CompletableFuture<WebSocketClient> client = WebPlatform.beginClient(options);
    this.context = newContext();
    this.loop = loop;
    try {
      this.platform = WebPlatform.install(context, loop, options, client);
    } catch (RuntimeException e) {
      closeContext();
      throw e;
    }
    context.getBindings("js").removeMember("Graal");
  }

  /**
   * Makes a context, which waits for its first script.
   *
   * @throws IllegalArgumentException if no client can be made of the settings, as {@link
   *     WebSocketClient.Builder#build} says
   */
  public static ScriptRuntime create(ScriptOptions options) {
    return new ScriptRuntime(options, ScriptLoop.start());
  }

  /** For tests that move the clock. */
  static ScriptRuntime create(ScriptOptions options, EventLoop loop) {
    return new ScriptRuntime(options, loop);
  }

  private static Context newContext() {
    FileSystem files = FileSystem.newReadOnlyFileSystem(FileSystem.newDefaultFileSystem());
    return Context.newBuilder("js")
        .engine(Shared.ENGINE)
        .allowHostAccess(HostAccess.newBuilder().allowBufferAccess(true).build())
        .allowIO(IOAccess.newBuilder().fileSystem(files).build())
        .allowExperimentalOptions(true)
        .option("js.unhandled-rejections", "handler")
        // What a browser does not have either.
        .option("js.console", "false")
        .option("js.load", "false")
        .option("js.print", "false")
        .option("js.global-arguments", "false")
        .build();
  }

  private static final class Shared {
    // Nobody can switch to another Java just to run a script: the warning would be in the way.
    static final Engine ENGINE =
        Engine.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();
  }

  /**
   * Evaluates a script or module as a task of its own, as {@link WebPlatform#evaluate}.
   *
   * @return completes when the script has been evaluated, however that went
   */
  public CompletableFuture<Void> evaluate(Source source) {
    return platform.evaluate(source);
  }

  /**
   * Evaluates the scripts in order, each as a task of its own, and waits until nothing is pending.
   * What they do not catch goes to {@link ScriptOptions#failures}, and the next one goes on.
   *
   * @param timeout bounds all of it; what runs then goes on until {@link #close}
   */
  public End run(Duration timeout, Source... sources) throws InterruptedException {
    for (Source source : sources) {
      platform.evaluate(source);
    }
    try {
      platform.idle().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return End.TIMED_OUT;
    } catch (ExecutionException e) {
      throw new IllegalStateException("expected the scripts to end but waiting failed", e);
    }
    return platform.isClosed() ? End.CLOSED : End.IDLE;
  }

  /** The globals, with their futures for idleness and close, and with {@code post}. */
  public WebPlatform platform() {
    return platform;
  }

  /** The context. It is used by tasks of {@link WebPlatform#post} alone. */
  public Context context() {
    return context;
  }

  /**
   * Ends the connections with 1001 and the context, also if a script runs: that is cut off where it
   * stands. Any thread.
   *
   * <p>Waits for that for a second at most. A script that is inside a call of the host's, such as a
   * write to a pipe that nobody reads, is cut off when that call returns, and the context is closed
   * then; its thread is a daemon.
   */
  @Override
  public void close() {
    platform.close();
    if (loop.inEventLoop()) {
      // A context is not closed from inside itself: after this task.
      loop.execute(this::closeContext);
    } else {
      closeContext();
    }
  }

  private void closeContext() {
    try {
      if (loop.inEventLoop()) {
        context.close(true);
      } else {
        cutOff();
      }
    } finally {
      if (loop instanceof ScriptLoop own) {
        own.close();
      }
    }
  }

  /** From a thread of its own: the context waits without a bound until the script has stopped. */
  private void cutOff() {
    var done = new CompletableFuture<Void>();
    Thread.ofPlatform()
        .daemon()
        .name("weir-script-close")
        .start(
            () -> {
              try {
                context.close(true);
                done.complete(null);
              } catch (RuntimeException e) {
                done.completeExceptionally(e);
              }
            });
    try {
      done.get(CUT_OFF_TIME.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // The script is in the host's hands, and ends when they let go of it.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
    }
  }
}
