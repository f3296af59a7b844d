package dev.weir.interop;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.util.List;

/** The client of Node's {@code ws}, as {@code interop/node/client.mjs} runs it. Stateless. */
final class NodeClient {
  private NodeClient() {}

  /**
   * Runs a task to its end.
   *
   * @param url where it connects
   * @param task JSON as the script describes it
   * @return what it saw, as the script describes it
   */
  static JsonObject run(URI url, String task) {
    List<String> command =
        List.of(
            Part.NODE.program().toString(),
            Part.NODE_FOLDER.resolve("client.mjs").toString(),
            url.toString(),
            task);
    try (var process = new ChildProcess(command)) {
      return JsonParser.parseString(process.readLine()).getAsJsonObject();
    }
  }
}
