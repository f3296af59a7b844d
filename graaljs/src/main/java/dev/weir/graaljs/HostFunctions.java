package dev.weir.graaljs;

import dev.weir.streams.DomException;
import java.util.HashMap;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.jspecify.annotations.Nullable;

/**
 * The functions that this module's JavaScript calls as {@code weir.host.NAME(…)}. Not thread-safe:
 * they are added and called on the context's thread. They need no host access.
 */
final class HostFunctions {
  /** What stands behind one name. */
  @FunctionalInterface
  interface Function {
    /**
     * Called on the context's thread. What it throws reaches the script: a {@link DomException} as
     * a DOMException of its name, another {@link IllegalArgumentException} as a TypeError.
     *
     * @return null for undefined, a number, string, boolean, {@link Value} or proxy
     */
    @Nullable Object call(Value[] arguments);
  }

  private final Map<String, Object> functions = new HashMap<>();
  private @Nullable Value errorMaker;

  HostFunctions add(String name, Function function) {
    ProxyExecutable executable = arguments -> call(function, arguments);
    if (functions.put(name, executable) != null) {
      throw new IllegalStateException("expected one host function " + name + " but there are two");
    }
    return this;
  }

  /** {@code (name, message) => error}: a DOMException, or a TypeError for that name. */
  void throwWith(Value maker) {
    errorMaker = maker;
  }

  ProxyObject asProxy() {
    return ProxyObject.fromMap(functions);
  }

  /** For functions of objects that host functions return: their errors are scripts' errors too. */
  ProxyExecutable executable(Function function) {
    return arguments -> call(function, arguments);
  }

  private @Nullable Object call(Function function, Value[] arguments) {
    try {
      return function.call(arguments);
    } catch (RuntimeException e) {
      String name =
          e instanceof DomException known
              ? known.name()
              : e instanceof IllegalArgumentException ? "TypeError" : null;
      if (name == null || errorMaker == null) {
        throw e;
      }
      throw errorMaker.execute(name, String.valueOf(e.getMessage())).throwException();
    }
  }
}
