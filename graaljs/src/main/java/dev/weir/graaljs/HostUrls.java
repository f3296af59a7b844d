package dev.weir.graaljs;

import dev.weir.streams.SyntaxError;
import dev.weir.websocket.url.FormEncoding;
import dev.weir.websocket.url.Url;
import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.jspecify.annotations.Nullable;

/**
 * URLs for scripts: what stands behind the classes URL and URLSearchParams. Stateless; for the
 * context's thread.
 */
final class HostUrls {
  private HostUrls() {}

  static void addTo(HostFunctions host) {
    host.add("urlParse", HostUrls::parse)
        .add("urlGet", arguments -> get(arguments[0].asHostObject(), arguments[1].asString()))
        .add("urlSet", HostUrls::set)
        .add("formParse", HostUrls::formParse)
        .add("formSerialize", HostUrls::formSerialize);
  }

  /** {@code urlParse(url, base)}: what the others take first; null if one does not parse. */
  private static @Nullable Object parse(Value[] arguments) {
    try {
      return Url.parse(
          arguments[0].asString(), arguments[1].isNull() ? null : arguments[1].asString());
    } catch (SyntaxError e) {
      return null;
    }
  }

  /** {@code urlGet(url, name)}. */
  private static @Nullable Object get(Url url, String name) {
    return switch (name) {
      case "href" -> url.href();
      case "origin" -> url.origin();
      case "protocol" -> url.protocol();
      case "username" -> url.username();
      case "password" -> url.password();
      case "host" -> url.host();
      case "hostname" -> url.hostname();
      case "port" -> url.port();
      case "pathname" -> url.pathname();
      case "search" -> url.search();
      case "query" -> url.query();
      case "hash" -> url.hash();
      default -> throw new IllegalStateException("expected a part of a URL but was " + name);
    };
  }

  /** {@code urlSet(url, name, value)}: false if it is an href that does not parse. */
  private static Object set(Value[] arguments) {
    Url url = arguments[0].asHostObject();
    @Nullable String value = arguments[2].isNull() ? null : arguments[2].asString();
    try {
      set(url, arguments[1].asString(), value);
      return true;
    } catch (SyntaxError e) {
      return false;
    }
  }

  private static void set(Url url, String name, @Nullable String value) {
    if (value == null) {
      url.query(null);
      return;
    }
    switch (name) {
      case "href" -> url.href(value);
      case "protocol" -> url.protocol(value);
      case "username" -> url.username(value);
      case "password" -> url.password(value);
      case "host" -> url.host(value);
      case "hostname" -> url.hostname(value);
      case "port" -> url.port(value);
      case "pathname" -> url.pathname(value);
      case "search" -> url.search(value);
      case "query" -> url.query(value);
      case "hash" -> url.hash(value);
      default -> throw new IllegalStateException("expected a part of a URL but was " + name);
    }
  }

  /** {@code formParse(string)}: names and values in turn. */
  private static Object formParse(Value[] arguments) {
    return ProxyArray.fromList(new ArrayList<>(FormEncoding.parse(arguments[0].asString())));
  }

  /** {@code formSerialize(name, value, …)}. */
  private static Object formSerialize(Value[] arguments) {
    return FormEncoding.serialize(List.of(arguments).stream().map(Value::asString).toList());
  }
}
