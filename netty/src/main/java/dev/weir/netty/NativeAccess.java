package dev.weir.netty;

import io.netty.util.NetUtil;
import java.lang.reflect.InvocationTargetException;

/**
 * Whether Netty may load its native libraries without a warning. Thread-safe.
 *
 * <p>From Java 24 on the JVM prints a warning when code loads a native library that was not given
 * native access: {@code --enable-native-access=io.netty.common} on the module path, {@code
 * --enable-native-access=ALL-UNNAMED} on the class path, or {@code Enable-Native-Access:
 * ALL-UNNAMED} in the manifest of an executable jar. Weir uses NIO rather than cause it.
 */
final class NativeAccess {
  private static final int FIRST_WARNING_RELEASE = 24;

  private NativeAccess() {}

  static boolean isQuiet() {
    if (Runtime.version().feature() < FIRST_WARNING_RELEASE) {
      return true;
    }
    try {
      // The module that calls System.load; the method exists from Java 22 on.
      return (Boolean)
          Module.class.getMethod("isNativeAccessEnabled").invoke(NetUtil.class.getModule());
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      return false;
    }
  }
}
