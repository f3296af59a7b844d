package dev.weir.netty;

import io.netty.util.NetUtil;
import java.lang.reflect.InvocationTargetException;

/**
 * Whether Netty may load its native libraries without a warning. Thread-safe.
 *
 * <p>From Java 24 on the JVM prints a warning when code loads a native library that was not given
 * native access: {@code --enable-native-access=io.netty.common} on the module path, {@code
 * --enable-native-access=ALL-UNNAMED} on the class path, or {@code Enable-Native-Access:
 * ALL-UNNAMED} in the manifest of an executable jar. Weir uses NIO rather than cause it. With
 * {@code dev.weir.netty} named beside it on the module path, large messages go to the socket
 * without a copy ({@link ArrayCalls}).
 */
final class NativeAccess {
  private static final int FIRST_WARNING_RELEASE = 24;

  private NativeAccess() {}

  static boolean isQuiet() {
    // The module that calls System.load.
    return Runtime.version().feature() < FIRST_WARNING_RELEASE
        || isGivenTo(NetUtil.class.getModule());
  }

  /** Whether a module may call native code itself without a warning; never before Java 22. */
  static boolean isGivenTo(Module caller) {
    try {
      return (Boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(caller);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      return false;
    }
  }
}
