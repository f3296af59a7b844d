package dev.weir.interop;

import java.util.List;

/** Runs plain scripts in a fresh global scope of its own. Used by one thread. */
interface JavaScriptEngine extends AutoCloseable {
  /** The engine's name in the list of differences. */
  String name();

  /** The URL that relative URLs resolve against. */
  String page();

  /**
   * Runs the scripts in order, then calls {@code runCases()} and returns the text that its promise
   * resolves to.
   */
  String runCases(List<String> scripts) throws Exception;

  @Override
  void close();
}
