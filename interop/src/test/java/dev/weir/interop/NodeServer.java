package dev.weir.interop;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * The server of Node's {@code ws}, as {@code interop/node/server.mjs} runs it; the path of the URL
 * chooses how it behaves. Thread-safe.
 */
final class NodeServer implements PeerServer {
  private final ChildProcess process;
  private final String scheme;
  private final int port;
  private final HttpClient control;

  /**
   * Starts it.
   *
   * @param certificate for wss, or null for ws
   */
  NodeServer(TestCertificate certificate) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Part.NODE.program().toString(), Part.NODE_FOLDER.resolve("server.mjs").toString()));
    // HTTP/1.1, since an offer to upgrade to HTTP/2 would look like a WebSocket handshake.
    var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    if (certificate != null) {
      command.add(certificate.certificatePem().toString());
      command.add(certificate.keyPem().toString());
      http.sslContext(certificate.clientContext());
    }
    scheme = certificate == null ? "ws" : "wss";
    control = http.build();
    process = new ChildProcess(command);
    port = JsonParser.parseString(process.readLine()).getAsJsonObject().get("port").getAsInt();
  }

  @Override
  public URI echo() {
    return url("/echo");
  }

  /** A URL with one of the behaviours that the script lists, such as {@code /close?code=4000}. */
  URI url(String pathAndQuery) {
    return URI.create("%s://127.0.0.1:%d%s".formatted(scheme, port, pathAndQuery));
  }

  /** What the connection of that id has done so far. */
  JsonObject stats(String id) throws IOException, InterruptedException {
    return get("/stats?id=" + id);
  }

  /** The same once the connection of that id has closed there, waited for at most 20 s. */
  JsonObject awaitClosed(String id) throws IOException, InterruptedException {
    return get("/closed?id=" + id);
  }

  /** Lets the {@code /unread} connection of that id read on. */
  void resume(String id) throws IOException, InterruptedException {
    get("/resume?id=" + id);
  }

  private JsonObject get(String path) throws IOException, InterruptedException {
    URI url =
        URI.create(
            "%s://127.0.0.1:%d%s".formatted(scheme.equals("ws") ? "http" : "https", port, path));
    var response =
        control.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("expected status 200 but was " + response.statusCode() + ": " + path);
    }
    return JsonParser.parseString(response.body()).getAsJsonObject();
  }

  @Override
  public void close() {
    control.shutdownNow();
    process.close();
  }
}
