package dev.weir.graaljs;

import dev.weir.websocket.WebSocketClient;
import java.io.PrintStream;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What scripts are given besides the language. Immutable: each method returns a changed copy.
 *
 * @param baseUrl what {@code location} says and relative URLs are resolved against; its origin is
 *     sent as Origin with each opening handshake. Without one {@code location} is {@code
 *     about:blank} and no Origin is sent
 * @param client opens the connections; null for one that the scripts have for themselves
 * @param clientSettings makes the settings of that one, where no client is given
 * @param out where {@code console.log} prints, and its like
 * @param err where {@code console.error}, {@code warn} and {@code trace} print
 * @param failures is told the errors that no script caught, on the context's thread; null to print
 *     them to {@code err}
 */
public record ScriptOptions(
    @Nullable String baseUrl,
    @Nullable WebSocketClient client,
    UnaryOperator<WebSocketClient.Builder> clientSettings,
    PrintStream out,
    PrintStream err,
    @Nullable Consumer<ScriptFailure> failures) {

  public ScriptOptions {
    Objects.requireNonNull(clientSettings, "clientSettings");
    Objects.requireNonNull(out, "out");
    Objects.requireNonNull(err, "err");
  }

  /** No base URL, a client of their own, standard output and standard error. */
  public static ScriptOptions defaults() {
    return new ScriptOptions(null, null, UnaryOperator.identity(), System.out, System.err, null);
  }

  /** Gives the scripts a place on the web. */
  public ScriptOptions withBaseUrl(String url) {
    return new ScriptOptions(
        Objects.requireNonNull(url, "url"), client, clientSettings, out, err, failures);
  }

  /** Opens connections by this client, which stays open: only the scripts' own are closed. */
  public ScriptOptions withClient(WebSocketClient given) {
    return new ScriptOptions(
        baseUrl, Objects.requireNonNull(given, "given"), clientSettings, out, err, failures);
  }

  /** Changes the settings of the scripts' own client: TLS, limits, timeouts. */
  public ScriptOptions withClientSettings(UnaryOperator<WebSocketClient.Builder> settings) {
    return new ScriptOptions(baseUrl, client, settings, out, err, failures);
  }

  /** Prints what {@code console} prints to these. */
  public ScriptOptions withOutput(PrintStream output, PrintStream errors) {
    return new ScriptOptions(baseUrl, client, clientSettings, output, errors, failures);
  }

  /** Hands errors that no script caught to this. */
  public ScriptOptions withFailures(Consumer<ScriptFailure> handler) {
    return new ScriptOptions(
        baseUrl, client, clientSettings, out, err, Objects.requireNonNull(handler, "handler"));
  }
}
