package dev.weir.interop;

import java.io.IOException;
import java.util.List;

/** Chromium, with a page for each run. Belongs to the thread that made it. */
final class ChromiumEngine implements JavaScriptEngine {
  private final Browser browser;

  ChromiumEngine() throws IOException {
    browser = new Browser();
  }

  @Override
  public String name() {
    return "chromium";
  }

  @Override
  public String page() {
    return browser.origin() + "/";
  }

  @Override
  public String runCases(List<String> scripts) {
    return browser.runScripts(scripts, "runCases()");
  }

  @Override
  public void close() {
    browser.close();
  }
}
