package dev.weir.websocket;

/**
 * The URL by which a client has reached this server, with its origin. Immutable.
 *
 * @param href all of it
 * @param origin scheme, host and port
 */
record ServedUrl(String href, String origin) {
  static ServedUrl of(String href) {
    return new ServedUrl(href, href.substring(0, href.indexOf('/', href.indexOf("//") + 2)));
  }

  /** This, or the other if that is the same: of very many connections most have the same URL. */
  ServedUrl sharedWith(ServedUrl other) {
    if (equals(other)) {
      return other;
    }
    return origin.equals(other.origin) ? new ServedUrl(href, other.origin) : this;
  }
}
