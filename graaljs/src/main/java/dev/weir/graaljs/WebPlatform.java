package dev.weir.graaljs;

import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.spi.EventLoop;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * The platform's globals in a JavaScript context: {@code WebSocket}, {@code WebSocketStream} and
 * what they stand on. Thread-safe.
 *
 * <pre>{@code
 * Context context = Context.create("js");
 * ScriptLoop loop = ScriptLoop.start();
 * try (WebPlatform platform = WebPlatform.install(context, loop)) {
 *   platform.post(() -> context.eval("js", "new WebSocket('wss://example.com/feed')"));
 *   …
 * }
 * }</pre>
 *
 * <p>A context has one thread. After {@link #install}, which may be called on any thread that the
 * context is free for, it is used by the tasks of the given executor alone: by the platform, which
 * runs each timer, event and settled promise as a task of its own, and by its owner.
 */
public final class WebPlatform implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.weir.graaljs");

  /** The contexts that have the globals: not in them, where a script could reach the mark. */
  private static final Set<Context> TAKEN =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private final Context context;
  private final ScriptTasks tasks;
  private final ScriptOptions options;
  private final HostTimers timers;
  private final CompletableFuture<WebSocketClient> client;
  private final HostConnections connections;
  private final CompletableFuture<Void> closeBegun = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  // The context's thread's.
  private CompletableFuture<Void> idle = new CompletableFuture<>();
  private final Value weir;

  private @Nullable Source evaluating;

  private final AtomicBoolean closing = new AtomicBoolean();

  private WebPlatform(
      Context context,
      EventLoop loop,
      ScriptOptions options,
      CompletableFuture<WebSocketClient> client) {
    this.context = context;
    this.options = options;
    this.tasks = new ScriptTasks(loop, this::failed, this::close, this::idleReached);
    this.timers = new HostTimers(tasks);
    this.client = client;
    this.connections =
        new HostConnections(tasks, BaseUrl.of(options.baseUrl()).forConnections(), this::probe);
    this.weir = context.eval(EMPTY);
  }

  /** Makes the client on another thread, while this one has enough to do with the context. */
  static CompletableFuture<WebSocketClient> beginClient(ScriptOptions options) {
    return CompletableFuture.supplyAsync(() -> newClient(options));
  }

  private static WebSocketClient newClient(ScriptOptions options) {
    String origin = BaseUrl.of(options.baseUrl()).origin();
    if (options.client() != null) {
      return options.client().scope(origin);
    }
    WebSocketClient.Builder builder = WebSocketClient.builder();
    return options
        .clientSettings()
        .apply(origin == null ? builder : builder.origin(origin))
        .build();
  }

  private static final Source ERROR_MAKER =
      Source.newBuilder(
              "js",
              """
              (weir) => (name, message) =>
                name === 'TypeError' ? new TypeError(message) : weir.createDOMException(message, name)
              """,
              "weir:errors.js")
          .internal(true)
          .cached(true)
          .buildLiteral();

  private static final Source EMPTY =
      Source.newBuilder("js", "({ __proto__: null, global: globalThis })", "weir:weir.js")
          .internal(true)
          .cached(true)
          .buildLiteral();

  /** Installs with {@link ScriptOptions#defaults}. */
  public static WebPlatform install(Context context, Executor executor) {
    return install(context, executor, ScriptOptions.defaults());
  }

  /**
   * Gives the context the platform's globals. The context needs neither host access nor any other
   * permission.
   *
   * @param context a context with the language {@code js}, in which nothing runs now
   * @param executor runs one task at a time, in the order given, on whatever thread: a {@link
   *     ScriptLoop}, or any other {@link EventLoop}, which keeps the time too
   * @throws IllegalStateException if a platform was installed in the context before, also one that
   *     is closed: its globals are still there
   */
  public static WebPlatform install(Context context, Executor executor, ScriptOptions options) {
    take(context);
    return installTaken(context, executor, options, beginClient(options));
  }

  static WebPlatform install(
      Context context,
      Executor executor,
      ScriptOptions options,
      CompletableFuture<WebSocketClient> client) {
    take(context);
    return installTaken(context, executor, options, client);
  }

  /** A second platform would replace the classes of which scripts already have objects. */
  private static void take(Context context) {
    if (!TAKEN.add(Objects.requireNonNull(context, "context"))) {
      throw new IllegalStateException(
          "expected a context without the platform's globals but they were installed in it before;"
              + " take a new context for each platform");
    }
  }

  private static WebPlatform installTaken(
      Context context,
      Executor executor,
      ScriptOptions options,
      CompletableFuture<WebSocketClient> client) {
    EventLoop loop = ExecutorLoop.of(executor);
    var platform = new WebPlatform(context, loop, options, client);
    if (loop instanceof ExecutorLoop adapted) {
      adapted.whenEnded(platform::close);
    }
    platform.installGlobals();
    return platform;
  }

  private void installGlobals() {
    var host = new HostFunctions();
    timers.addTo(host);
    new HostConsole(options.out(), options.err()).addTo(host);
    var bytes = new HostBytes();
    bytes.addTo(host);
    new HostStreams(host, bytes, connections).addTo();
    new HostSockets(host, bytes, connections).addTo();
    host.add("evaluateStreams", unused -> context.eval(ScriptFiles.streams()));
    new HostText(bytes).addTo(host);
    HostUrls.addTo(host);
    new HostSystem(bytes, Clock.systemUTC(), new SecureRandom()).addTo(host);
    host.add("evaluateScript", unused -> context.eval(Objects.requireNonNull(evaluating)));
    host.add("reportError", error -> report(ScriptFailure.Kind.UNCAUGHT_ERROR, error[0]));
    host.add("reportRejection", error -> report(ScriptFailure.Kind.UNHANDLED_REJECTION, error[0]));
    host.add("close", unused -> closeRequested());
    weir.putMember("host", host.asProxy());
    weir.putMember("baseUrl", options.baseUrl());
    host.throwWith(context.eval(ERROR_MAKER).execute(weir));
    for (Source file : ScriptFiles.all()) {
      context.eval(file).executeVoid(weir);
    }
    connections.useClient(clientMade());
  }

  private WebSocketClient clientMade() {
    try {
      return client.join();
    } catch (CompletionException e) {
      // Settings that no client can be made of: they are the caller's.
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
  }

  /** Runs the task on the context's thread, and the promise reactions that it leads to. */
  public void post(Runnable task) {
    tasks.post(Objects.requireNonNull(task, "task"));
  }

  /**
   * Evaluates a script or module as a task of its own. What it throws is reported as browsers do:
   * to listeners for {@code error}, and to {@link ScriptOptions#failures}.
   *
   * @return completes when the script has been evaluated, a module with all that it awaits, however
   *     that went; or will not be, since the platform is closed
   */
  public CompletableFuture<Void> evaluate(Source source) {
    var evaluated = new CompletableFuture<Void>();
    post(
        () -> {
          try {
            evaluateNow(source, evaluated);
          } catch (RuntimeException | Error e) {
            // A module's error; or a script was cut off, or the memory is full.
            evaluated.complete(null);
            throw e;
          }
        });
    closeBegun.whenComplete((value, error) -> evaluated.complete(null));
    return evaluated;
  }

  private void evaluateNow(Source source, CompletableFuture<Void> evaluated) {
    if (isModule(source)) {
      ProxyExecutable done =
          unused -> {
            evaluated.complete(null);
            return null;
          };
      weir.getMember("whenSettled").executeVoid(context.eval(source), done);
      return;
    }
    evaluating = source;
    try {
      weir.getMember("evaluateScript").executeVoid();
    } finally {
      evaluating = null;
      evaluated.complete(null);
    }
  }

  private static boolean isModule(Source source) {
    String type = source.getMimeType();
    return type == null
        ? source.getName().endsWith(".mjs")
        : type.equals("application/javascript+module");
  }

  /**
   * Completes when nothing is pending: no task, no timer, no connection that is not closed; or when
   * the platform is closed. A new future for each time of idleness.
   */
  public CompletableFuture<Void> idle() {
    var whenIdle = new CompletableFuture<Void>();
    post(() -> idle.whenComplete((value, error) -> whenIdle.complete(null)));
    closeBegun.whenComplete((value, error) -> whenIdle.complete(null));
    return whenIdle;
  }

  /** Whether {@link #close} was called, here or by a script. */
  public boolean isClosed() {
    return closing.get() || tasks.isClosed();
  }

  /**
   * Completes when the platform was closed, here or by a script, and its connections have ended,
   * which takes at most the client's close timeout.
   */
  public CompletableFuture<Void> closed() {
    return closed.copy();
  }

  /**
   * Ends the connections with 1001, and all timers; no callback runs from now on. The context stays
   * open. Any thread; does not wait.
   */
  @Override
  public void close() {
    if (closing.getAndSet(true)) {
      return;
    }
    tasks.close();
    closeBegun.complete(null);
    client.thenAccept(WebSocketClient::close);
    client
        .thenCompose(WebSocketClient::closed)
        .whenComplete((value, error) -> closed.complete(null));
  }

  private void idleReached() {
    CompletableFuture<Void> reached = idle;
    idle = new CompletableFuture<>();
    reached.complete(null);
  }

  /** {@code close()} of the global object: the task that called it is the last, and is ended. */
  private @Nullable Object closeRequested() {
    tasks.close();
    tasks.loop().execute(this::close);
    return null;
  }

  // Errors

  /** What a task threw, unless that is because its owner has closed the context. */
  private void failed(Throwable failure) {
    if (isContextClosed()) {
      close();
      return;
    }
    try {
      if (failure instanceof PolyglotException thrown && reportToScripts(thrown)) {
        return;
      }
    } catch (PolyglotException cutOff) {
      // Whoever was told of the error has closed the context while this was still at it.
      if (isContextClosed()) {
        close();
        return;
      }
      throw cutOff;
    }
    String message = String.valueOf(failure.getMessage());
    String details = failure.toString();
    if (failure instanceof PolyglotException thrown && !thrown.isInternalError()) {
      message = thrown.isResourceExhausted() ? "out of memory: " + message : message;
      details = message;
    }
    report(new ScriptFailure(ScriptFailure.Kind.UNCAUGHT_ERROR, message, details));
  }

  /** Run now and then while there are connections: a context does not tell when it is closed. */
  private void probe() {
    if (isContextClosed()) {
      close();
    }
  }

  private boolean isContextClosed() {
    try {
      var unused = context.getBindings("js");
      return false;
    } catch (IllegalStateException | PolyglotException e) {
      return true;
    }
  }

  private boolean reportToScripts(PolyglotException failure) {
    Value error = failure.getGuestObject();
    if (error == null || failure.isCancelled() || failure.isExit()) {
      return false;
    }
    weir.getMember("reportException").executeVoid(error);
    return true;
  }

  /** {@code reportError(error)} and {@code reportRejection(reason)}: nobody has caught it. */
  private @Nullable Object report(ScriptFailure.Kind kind, Value error) {
    Value described = weir.getMember("describeError").execute(error);
    report(
        new ScriptFailure(
            kind,
            described.getArrayElement(0).asString(),
            described.getArrayElement(1).asString()));
    return null;
  }

  private void report(ScriptFailure failure) {
    if (options.failures() == null) {
      options.err().println(failure);
      return;
    }
    try {
      options.failures().accept(failure);
    } catch (RuntimeException e) {
      // The script that failed is not to see how its host fails.
      LOG.log(Level.WARNING, "the handler of a script's failure failed: " + failure, e);
    }
  }
}
