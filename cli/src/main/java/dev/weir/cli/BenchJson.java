package dev.weir.cli;

import dev.weir.cli.bench.Load;
import dev.weir.cli.bench.Results;
import dev.weir.cli.bench.Sample;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/** Writes what a run has measured for programs. Stateless. */
final class BenchJson {
  private BenchJson() {}

  static Json of(Results results) {
    Load load = results.load();
    var json = new Json();
    json.put("url", load.url())
        .put("work", lower(load.work()))
        .put("connections", load.connections());
    if (load.work() == Load.Work.ECHO) {
      json.put("inFlight", load.inFlight())
          .put("payload", lower(load.payload()))
          .put("size", load.size());
      if (load.isPaced()) {
        json.put("rate", load.rate());
      }
    }
    json.put("opened", results.opened())
        .put("openingSeconds", results.openingSeconds())
        .put("openingNanos", percentiles(results.opening()))
        .put("seconds", results.seconds())
        .put("interrupted", results.interrupted());
    if (load.work() != Load.Work.IDLE) {
      json.put("messages", results.messages())
          .put("bytes", results.bytes())
          .put("messagesPerSecond", results.messageRate())
          .put("bytesPerSecond", results.byteRate());
    }
    if (load.work() == Load.Work.ECHO) {
      json.put("latencyNanos", percentiles(results.latency()));
    }
    json.put("weir", usage(results, results.weir()));
    Results.Usage server = results.server();
    if (server != null) {
      json.put("server", usage(results, server));
    }
    return json.put("errors", counts(results.errors()))
        .put("closeCodes", counts(results.closeCodes()))
        .put("samples", results.samples().stream().map(BenchJson::sample).toList());
  }

  private static Json percentiles(Histogram histogram) {
    var json = new Json().put("count", histogram.getTotalCount());
    if (histogram.getTotalCount() > 0) {
      json.put("min", histogram.getMinValue());
      for (double percentile : Results.PERCENTILES) {
        String name = Double.toString(percentile).replaceFirst("\\.0$", "");
        json.put("p" + name, histogram.getValueAtPercentile(percentile));
      }
      json.put("max", histogram.getMaxValue()).put("mean", histogram.getMean());
    }
    return json;
  }

  private static Json usage(Results results, Results.Usage usage) {
    var json = new Json();
    usage.cpuNanos().ifPresent(nanos -> json.put("cpuNanos", nanos));
    put(json, "cpuNanosPerMessage", results.cpuPerMessage(usage));
    put(json, "cores", results.cores(usage));
    put(json, "heapBytesPerConnection", results.perConnection(usage.heapGrowth()));
    put(json, "residentBytesPerConnection", results.perConnection(usage.residentGrowth()));
    return json;
  }

  private static void put(Json json, String name, OptionalDouble value) {
    value.ifPresent(number -> json.put(name, number));
  }

  private static Json counts(Map<?, Long> counts) {
    var json = new Json();
    counts.forEach((what, count) -> json.put(what.toString(), count));
    return json;
  }

  private static Json sample(Sample sample) {
    return new Json()
        .put("end", sample.end())
        .put("seconds", sample.seconds())
        .put("messages", sample.messages())
        .put("bytes", sample.bytes())
        .put("p50", sample.p50())
        .put("p99", sample.p99())
        .put("max", sample.max());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
