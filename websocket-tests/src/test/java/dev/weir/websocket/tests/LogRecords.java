package dev.weir.websocket.tests;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What Weir logs at INFO and above while it is open. Thread-safe. */
final class LogRecords extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("dev.weir");
  private final List<LogRecord> records = new CopyOnWriteArrayList<>();

  private LogRecords() {
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  static LogRecords record() {
    return new LogRecords();
  }

  List<LogRecord> all() {
    return records;
  }

  @Override
  public void publish(LogRecord logged) {
    if (logged.getLevel().intValue() >= Level.INFO.intValue()) {
      records.add(logged);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setUseParentHandlers(true);
  }
}
