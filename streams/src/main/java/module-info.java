/** WHATWG Streams and AbortSignal for Java. */
module dev.weir.streams {
  requires static org.jspecify;

  exports dev.weir.streams;
}
