package dev.weir.interop;

import dev.weir.graaljs.ScriptFailure;
import dev.weir.graaljs.ScriptOptions;
import dev.weir.graaljs.ScriptRuntime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/** Weir's own host for JavaScript on GraalJS, with a context for each run. Thread-safe. */
final class GraalJsEngine implements JavaScriptEngine {
  private static final long RUN_SECONDS = 240;

  @Override
  public String name() {
    return "weir";
  }

  @Override
  public String page() {
    return "http://127.0.0.1:8080/";
  }

  @Override
  public String runCases(List<String> scripts) throws Exception {
    var failures = new CopyOnWriteArrayList<ScriptFailure>();
    ScriptOptions options =
        ScriptOptions.defaults().withBaseUrl(page()).withFailures(failures::add);
    try (ScriptRuntime runtime = ScriptRuntime.create(options)) {
      for (int i = 0; i < scripts.size(); i++) {
        runtime.evaluate(Source.newBuilder("js", scripts.get(i), "script" + i + ".js").build());
      }
      var results = new CompletableFuture<String>();
      runtime
          .platform()
          .post(
              () -> {
                if (!failures.isEmpty()) {
                  results.completeExceptionally(new AssertionError(failures.toString()));
                  return;
                }
                ProxyExecutable gc =
                    nothing -> {
                      System.gc();
                      return null;
                    };
                runtime.context().getBindings("js").putMember("gc", gc);
                Value promise = runtime.context().eval("js", "runCases()");
                ProxyExecutable resolved = values -> results.complete(values[0].asString());
                ProxyExecutable rejected =
                    values ->
                        results.completeExceptionally(new AssertionError(values[0].toString()));
                promise.invokeMember("then", resolved, rejected);
              });
      return results.get(RUN_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    // Each run has ended its own context.
  }
}
