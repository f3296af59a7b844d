package dev.weir.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of bytes, such as 100, 64k or 1m. Stateless. */
final class ByteCount implements ITypeConverter<Integer> {
  ByteCount() {}

  @Override
  public Integer convert(String text) {
    int shift = text.endsWith("k") || text.endsWith("K") ? 10 : 0;
    if (text.endsWith("m") || text.endsWith("M")) {
      shift = 20;
    }
    String digits = shift == 0 ? text : text.substring(0, text.length() - 1);
    try {
      return Math.multiplyExact(Integer.parseUnsignedInt(digits), 1 << shift);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new TypeConversionException(
          "expected a number of bytes below 2 GiB, such as 100, 64k or 1m, but was '" + text + "'");
    }
  }
}
