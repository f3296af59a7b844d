package dev.weir.cli.bench;

import dev.weir.websocket.opening.OpeningFailure;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What went wrong, by kind, and how connections were closed, by code. Thread-safe. */
final class Mishaps {
  static final String WRONG_ECHO = "echo differs from what was sent";
  static final String OUT_OF_ORDER = "echo out of order";
  static final String UNASKED = "message that answers nothing";
  static final String CLOSED_EARLY = "connection closed by the server";
  static final String LOST = "connection lost";

  private final ConcurrentMap<String, LongAdder> kinds = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, LongAdder> codes = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Throwable> notOpened = new AtomicReference<>();

  /** Why the first connection that did not open did not, or null. */
  @Nullable Throwable notOpened() {
    return notOpened.get();
  }

  void count(String kind) {
    kinds.computeIfAbsent(kind, key -> new LongAdder()).increment();
  }

  void notOpened(Throwable failure) {
    notOpened.compareAndSet(null, failure);
    count("not opened: " + kindOf(failure));
  }

  void closed(int code) {
    codes.computeIfAbsent(code, key -> new LongAdder()).increment();
  }

  private static String kindOf(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    if (cause instanceof OpeningFailure opening) {
      var response = opening.response();
      String stage = opening.stage().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      if (opening.stage() == OpeningFailure.Stage.REFUSED && response != null) {
        return "refused with status " + response.status();
      }
      return stage + (opening.isTimeout() ? " took too long" : " failed");
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  /** How often each kind of error was seen. */
  Map<String, Long> errors() {
    var sums = new TreeMap<String, Long>();
    kinds.forEach((kind, count) -> sums.put(kind, count.sum()));
    return sums;
  }

  /** How many connections were closed with each code, 1006 for those without one. */
  Map<Integer, Long> closeCodes() {
    var sums = new TreeMap<Integer, Long>();
    codes.forEach((code, count) -> sums.put(code, count.sum()));
    return sums;
  }

  long total() {
    return kinds.values().stream().mapToLong(LongAdder::sum).sum();
  }
}
