/** Metrics and traces of Taper's decisions. */
// The jars have automatic names, which their manifests fix.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.taper.integrations.telemetry {
  requires transitive dev.taper.engine;
  requires static transitive org.jspecify;
  requires static transitive micrometer.core;
  requires static transitive io.opentelemetry.api;
  requires static io.opentelemetry.context;

  exports dev.taper.integrations.telemetry;
}
