package dev.weir.interop;

import dev.weir.protocol.handshake.AcceptKey;
import dev.weir.websocket.WebSocketServer;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One end of a TCP connection that writes and reads literal bytes and frames, so that it can also
 * do what no library does. Not thread-safe.
 */
final class RawPeer implements AutoCloseable {
  static final int TEXT = 0x81;
  static final int BINARY = 0x82;
  static final int CLOSE = 0x88;
  static final int PING = 0x89;
  static final int PONG = 0x8A;

  private static final int READ_TIMEOUT_MILLIS = 20_000;
  private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};

  private final Socket socket;
  private final boolean client;

  /** One frame as it came, its payload unmasked. */
  record Frame(int first, boolean masked, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** The code of a Close frame, 1005 if it has none. */
    int closeCode() {
      return payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
    }

    String closeReason() {
      return payload.length < 2
          ? ""
          : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
  }

  private RawPeer(Socket socket, boolean client) throws IOException {
    this.socket = socket;
    this.client = client;
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
  }

  /** Listens on loopback for clients under test. */
  static ServerSocket listen() throws IOException {
    var listener = new ServerSocket();
    listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
    listener.setSoTimeout(READ_TIMEOUT_MILLIS);
    return listener;
  }

  static String url(ServerSocket listener) {
    return "ws://127.0.0.1:" + listener.getLocalPort() + "/";
  }

  /** The server's end of the next connection; nothing is read or written yet. */
  static RawPeer accept(ServerSocket listener) throws IOException {
    return new RawPeer(listener.accept(), false);
  }

  /** A client's end; nothing is read or written yet. */
  static RawPeer connect(WebSocketServer server) throws IOException {
    return connect(server, 0);
  }

  private static RawPeer connect(WebSocketServer server, int receiveBuffer) throws IOException {
    var socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(server.address(), READ_TIMEOUT_MILLIS);
    return new RawPeer(socket, true);
  }

  /** A client's end after a successful opening handshake. */
  static RawPeer open(WebSocketServer server, String path) throws IOException {
    return open(server, path, 0);
  }

  /** The same with a receive buffer of so many bytes in the kernel. */
  static RawPeer open(WebSocketServer server, String path, int receiveBuffer) throws IOException {
    RawPeer peer = connect(server, receiveBuffer);
    String answer = peer.write(request(path)).readHeader();
    if (!answer.startsWith("HTTP/1.1 101 ")) {
      throw new IOException("expected status 101 but was " + answer);
    }
    return peer;
  }

  /** A good opening handshake, and header lines to add, each with its line end. */
  static String request(String path, String... lines) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        + String.join("", lines)
        + "\r\n";
  }

  /** Reads a client's request and answers it with 101. */
  String acceptUpgrade() throws IOException {
    String request = readHeader();
    write(accepting(request));
    return request;
  }

  /** The 101 that fits a request. */
  static String accepting(String request) {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + AcceptKey.acceptFor(field(request, "Sec-WebSocket-Key"))
        + "\r\n\r\n";
  }

  /** A field of a header as {@link #readHeader} returns it. */
  static String field(String header, String name) {
    return header
        .lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("expected " + name + " in " + header));
  }

  Socket socket() {
    return socket;
  }

  RawPeer write(String latin1) throws IOException {
    return write(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawPeer write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Sends a frame, masked if this is the client's end. */
  RawPeer send(int first, byte[] payload) throws IOException {
    return write(frame(first, payload, client));
  }

  RawPeer send(int first, String text) throws IOException {
    return send(first, text.getBytes(StandardCharsets.UTF_8));
  }

  RawPeer sendClose(int code, String reason) throws IOException {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    return send(
        CLOSE, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
  }

  static byte[] frame(int first, byte[] payload, boolean masked) {
    var bytes = ByteBuffer.allocate(14 + payload.length).put((byte) first);
    int maskBit = masked ? 0x80 : 0;
    if (payload.length < 126) {
      bytes.put((byte) (maskBit | payload.length));
    } else if (payload.length < 65_536) {
      bytes.put((byte) (maskBit | 126)).putShort((short) payload.length);
    } else {
      bytes.put((byte) (maskBit | 127)).putLong(payload.length);
    }
    if (masked) {
      bytes.put(MASK);
    }
    for (int i = 0; i < payload.length; i++) {
      bytes.put((byte) (masked ? payload[i] ^ MASK[i & 3] : payload[i]));
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Reads up to the empty line that ends a header. */
  String readHeader() throws IOException {
    var header = new StringBuilder();
    InputStream input = socket.getInputStream();
    while (header.indexOf("\r\n\r\n") < 0) {
      int next = input.read();
      if (next < 0) {
        throw new EOFException("expected a whole header but was: " + header);
      }
      header.append((char) next);
    }
    return header.toString();
  }

  Frame readFrame() throws IOException {
    int first = readByte();
    int second = readByte();
    int length = second & 0x7F;
    if (length == 126) {
      length = ByteBuffer.wrap(read(2)).getShort() & 0xFFFF;
    } else if (length == 127) {
      length = Math.toIntExact(ByteBuffer.wrap(read(8)).getLong());
    }
    boolean masked = (second & 0x80) != 0;
    byte[] mask = masked ? read(4) : new byte[4];
    byte[] payload = read(length);
    for (int i = 0; i < length; i++) {
      payload[i] ^= mask[i & 3];
    }
    return new Frame(first, masked, payload);
  }

  private int readByte() throws IOException {
    int next = socket.getInputStream().read();
    if (next < 0) {
      throw new EOFException("expected a frame but the peer ended its output");
    }
    return next;
  }

  private byte[] read(int count) throws IOException {
    byte[] bytes = socket.getInputStream().readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("expected " + count + " bytes but was " + bytes.length);
    }
    return bytes;
  }

  /** Reads until the peer ends its output. */
  byte[] readAll() throws IOException {
    var all = new ByteArrayOutputStream();
    socket.getInputStream().transferTo(all);
    return all.toByteArray();
  }

  void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Ends the connection with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
