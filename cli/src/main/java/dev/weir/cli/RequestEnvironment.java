package dev.weir.cli;

import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.UpgradeRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Locale;
import java.util.Map;

/** Tells a program about its request as CGI does (RFC 3875 §4.1). Stateless. */
final class RequestEnvironment {
  private RequestEnvironment() {}

  static void put(Map<String, String> environment, ServerConnection connection) {
    UpgradeRequest request = connection.request();
    address(environment, "REMOTE", request.remoteAddress());
    address(environment, "SERVER", request.localAddress());
    environment.put("GATEWAY_INTERFACE", "CGI/1.1");
    environment.put("SERVER_SOFTWARE", "weir");
    environment.put("SERVER_PROTOCOL", "HTTP/1.1");
    environment.put("REQUEST_METHOD", "GET");
    environment.put("REQUEST_URI", request.target());
    environment.put("SCRIPT_NAME", "");
    environment.put("PATH_INFO", request.path());
    environment.put("QUERY_STRING", request.query());
    environment.put("WEBSOCKET_PROTOCOL", connection.protocol());
    if (request.sslSession() != null) {
      environment.put("HTTPS", "on");
    }
    Headers headers = request.headers();
    for (String name : headers.names()) {
      String variable = "HTTP_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
      // Programs take it for the proxy that they are to use (CVE-2016-5385).
      if (!variable.equals("HTTP_PROXY") && variable.matches("[A-Z0-9_]+")) {
        environment.put(variable, String.join(", ", headers.all(name)));
      }
    }
  }

  private static void address(
      Map<String, String> environment, String prefix, SocketAddress address) {
    if (address instanceof InetSocketAddress inet) {
      environment.put(prefix + "_ADDR", Addresses.host(inet));
      environment.put(prefix + "_PORT", Integer.toString(inet.getPort()));
    }
  }
}
