package dev.weir.netty;

import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The system calls {@code send} and {@code recv} on Java's own arrays, without a copy between. Not
 * thread-safe: one for each event loop.
 *
 * <p>They are called by the foreign function interface, as Java has it from release 24 on; Weir is
 * compiled for 21, so its types stand here by name alone. While a call lasts the garbage collector
 * waits, so that callers must not pass more than {@value #MOST_BYTES} bytes of an array at once.
 */
final class ArrayCalls {
  static final int MOST_BYTES = 128 * 1024;

  /** Before it these calls can not tell why they failed. */
  private static final int FIRST_RELEASE = 24;

  // Of Linux, on all processors.
  private static final int DO_NOT_WAIT = 0x40;
  private static final int NO_SIGNAL = 0x4000;
  private static final int MORE_FOLLOWS = 0x8000;
  private static final int INTERRUPTED = 4;
  private static final int WOULD_BLOCK = 11;

  /** Null where there is no such interface, or it may not be used without a warning. */
  private static final @Nullable Handles HANDLES = Handles.find();

  /** Where a call leaves its error number. */
  private final Object state;

  private ArrayCalls(Object state) {
    this.state = state;
  }

  /** New ones, or null where they can not be had. */
  static @Nullable ArrayCalls create() {
    return HANDLES == null ? null : new ArrayCalls(HANDLES.newState());
  }

  /**
   * Sends a part of an array, as far as the socket takes it at once.
   *
   * @param more whether more follows now, so that this need not go in packets of its own
   * @return how many bytes it took
   */
  int send(int socket, byte[] source, int offset, int length, boolean more) throws IOException {
    int flags = DO_NOT_WAIT | NO_SIGNAL | (more ? MORE_FOLLOWS : 0);
    long sent;
    try {
      sent =
          (long)
              Linked.SEND.invokeExact(state, socket, source, (long) offset, (long) length, flags);
    } catch (Throwable e) {
      throw impossible(e);
    }
    return moved("send", sent);
  }

  /**
   * Sends from memory outside the heap, as far as the socket takes it at once, and says that more
   * follows now, so that it need not go in a packet of its own.
   *
   * @return how many bytes it took
   */
  int sendAhead(int socket, long address, int length) throws IOException {
    long sent;
    try {
      sent = (long) Linked.SEND_AHEAD.invokeExact(state, socket, address, (long) length);
    } catch (Throwable e) {
      throw impossible(e);
    }
    return moved("send", sent);
  }

  /**
   * Receives into a part of an array what there is.
   *
   * @return how many bytes came; 0 if none are there, or none will come any more
   */
  int receive(int socket, byte[] target, int offset, int length) throws IOException {
    long received;
    try {
      received =
          (long)
              Linked.RECEIVE.invokeExact(
                  state, socket, target, (long) offset, (long) length, DO_NOT_WAIT);
    } catch (Throwable e) {
      throw impossible(e);
    }
    return moved("recv", received);
  }

  private int moved(String call, long result) throws IOException {
    if (result >= 0) {
      return (int) result;
    }
    int error;
    try {
      error = (int) Linked.ERROR.invokeExact(state);
    } catch (Throwable e) {
      throw impossible(e);
    }
    if (error != WOULD_BLOCK && error != INTERRUPTED) {
      throw Errors.newIOException(call, -error);
    }
    return 0;
  }

  private static Error impossible(Throwable e) {
    return e instanceof Error error ? error : new AssertionError("system calls do not throw", e);
  }

  /** What the compiler sees through, since each is a constant. Used where there are handles. */
  private static final class Linked {
    private static final Handles FOUND = Objects.requireNonNull(HANDLES);
    private static final MethodHandle SEND = FOUND.send;
    private static final MethodHandle SEND_AHEAD = FOUND.sendAhead;
    private static final MethodHandle RECEIVE = FOUND.receive;
    private static final MethodHandle ERROR = FOUND.error;
  }

  /** The calls as handles, in whose types there is nothing that Java 21 does not know. */
  private static final class Handles {
    private static final String FOREIGN = "java.lang.foreign.";

    private final Class<?> memory = named("MemorySegment");
    private final Class<?> linkerType = named("Linker");
    private final Class<?> option = named("Linker$Option");
    private final Class<?> layout = named("MemoryLayout");
    private final Class<?> descriptor = named("FunctionDescriptor");
    private final Object linker = linkerType.getMethod("nativeLinker").invoke(null);
    private final MethodHandle newState;

    final MethodHandle send;
    final MethodHandle sendAhead;
    final MethodHandle receive;
    final MethodHandle error;

    private Handles() throws ReflectiveOperationException {
      Map<?, ?> layouts = (Map<?, ?>) linkerType.getMethod("canonicalLayouts").invoke(linker);
      Object integer = Objects.requireNonNull(layouts.get("int"));
      Object size = Objects.requireNonNull(layouts.get("size_t"));
      Object pointer = named("ValueLayout").getField("ADDRESS").get(null);
      MethodHandle onSegment = call("send", size, integer, pointer, size, integer);
      MethodHandle onAddress = call("send", size, integer, size, size, integer);
      send = onArray(onSegment);
      receive = onArray(call("recv", size, integer, pointer, size, integer));
      sendAhead =
          MethodHandles.insertArguments(onAddress, 4, DO_NOT_WAIT | NO_SIGNAL | MORE_FOLLOWS)
              .asType(type(long.class, Object.class, int.class, long.class, long.class));
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?> integerLayout = named("ValueLayout$OfInt");
      error =
          MethodHandles.insertArguments(
                  lookup.findVirtual(memory, "get", type(int.class, integerLayout, long.class)),
                  1,
                  integer,
                  0L)
              .asType(type(int.class, Object.class));
      Class<?> arena = named("Arena");
      Object stateLayout = option.getMethod("captureStateLayout").invoke(null);
      newState =
          lookup
              .findVirtual(arena, "allocate", type(memory, layout))
              .bindTo(arena.getMethod("ofAuto").invoke(null))
              .bindTo(stateLayout)
              .asType(type(Object.class));
    }

    /** Null where it can not be had without a warning. */
    static @Nullable Handles find() {
      if (Runtime.version().feature() < FIRST_RELEASE
          || !NativeAccess.isGivenTo(ArrayCalls.class.getModule())) {
        return null;
      }
      try {
        return new Handles();
      } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
        // Such as another size of a pointer. Then bytes are copied, as with earlier releases.
        return null;
      }
    }

    Object newState() {
      try {
        return (Object) newState.invokeExact();
      } catch (Throwable e) {
        throw impossible(e);
      }
    }

    /** A function of the C library; its first argument is where it leaves its error number. */
    private MethodHandle call(String name, Object result, Object... arguments)
        throws ReflectiveOperationException {
      Object library = linkerType.getMethod("defaultLookup").invoke(linker);
      Optional<?> symbol =
          (Optional<?>) named("SymbolLookup").getMethod("find", String.class).invoke(library, name);
      Object parameters = Array.newInstance(layout, arguments.length);
      for (int i = 0; i < arguments.length; i++) {
        Array.set(parameters, i, arguments[i]);
      }
      Object signature =
          descriptor
              .getMethod("of", layout, parameters.getClass())
              .invoke(null, result, parameters);
      Object options = Array.newInstance(option, 2);
      Array.set(options, 0, option.getMethod("critical", boolean.class).invoke(null, true));
      Array.set(
          options,
          1,
          option
              .getMethod("captureCallState", String[].class)
              .invoke(null, (Object) new String[] {"errno"}));
      return (MethodHandle)
          linkerType
              .getMethod("downcallHandle", memory, descriptor, options.getClass())
              .invoke(linker, symbol.orElseThrow(), signature, options);
    }

    /** Such a call on {@code (state, socket, array, offset, length, flags)}. */
    private MethodHandle onArray(MethodHandle call) throws ReflectiveOperationException {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      MethodHandle whole = lookup.findStatic(memory, "ofArray", type(memory, byte[].class));
      MethodHandle part =
          MethodHandles.filterArguments(
              lookup.findVirtual(memory, "asSlice", type(memory, long.class, long.class)),
              0,
              whole);
      // (state, socket, array, offset, length of the part, length, flags)
      MethodHandle onParts = MethodHandles.collectArguments(call, 2, part);
      return MethodHandles.permuteArguments(
              onParts,
              type(long.class, memory, int.class, byte[].class, long.class, long.class, int.class),
              0,
              1,
              2,
              3,
              4,
              4,
              5)
          .asType(
              type(
                  long.class,
                  Object.class,
                  int.class,
                  byte[].class,
                  long.class,
                  long.class,
                  int.class));
    }

    private static MethodType type(Class<?> result, Class<?>... parameters) {
      return MethodType.methodType(result, parameters);
    }

    private static Class<?> named(String name) throws ClassNotFoundException {
      return Class.forName(FOREIGN + name);
    }
  }
}
