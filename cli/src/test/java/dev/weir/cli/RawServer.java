package dev.weir.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A server of bare sockets that answers one request with whatever a test wants. */
final class RawServer implements AutoCloseable {
  private final ServerSocket listening;
  private final Thread thread;

  /** What to send; "%s" becomes the right Sec-WebSocket-Accept. Null sends nothing at all. */
  RawServer(String head, byte[] then) throws IOException {
    this(head, then, true);
  }

  private RawServer(String head, byte[] then, boolean ends) throws IOException {
    listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    thread = Thread.ofPlatform().start(() -> serve(head, then, ends));
  }

  /** Accepts the handshake, sends this and then nothing more, not even its end. */
  static RawServer silentAfter(byte[] then) throws IOException {
    return new RawServer(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: %s\r\n\r\n",
        then, false);
  }

  static RawServer accepting(byte[] then) throws IOException {
    return new RawServer(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: %s\r\n\r\n",
        then);
  }

  private void serve(String head, byte[] then, boolean ends) {
    try (Socket socket = listening.accept()) {
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      String key = "";
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        if (line.startsWith("Sec-WebSocket-Key: ")) {
          key = line.substring(line.indexOf(' ') + 1);
        }
      }
      if (head != null) {
        OutputStream out = socket.getOutputStream();
        out.write(head.formatted(accept(key)).getBytes(StandardCharsets.ISO_8859_1));
        out.write(then);
        out.flush();
        if (ends) {
          socket.shutdownOutput();
        }
      }
      while (in.read() >= 0) {
        // Until the client goes.
      }
    } catch (IOException e) {
      // The client went without a word, or the test is over.
      return;
    }
  }

  private static String accept(String key) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-1")
                  .digest(
                      (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                          .getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  String url() {
    return "ws://127.0.0.1:" + listening.getLocalPort() + "/";
  }

  @Override
  public void close() throws IOException, InterruptedException {
    listening.close();
    thread.join();
  }
}
