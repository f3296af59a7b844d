/**
 * Weir against parts that others wrote. The peers here are small drivers over {@code
 * java.net.http}, OkHttp, Jetty, Undertow, Node.js and Chromium that all look alike.
 */
package dev.weir.interop;
