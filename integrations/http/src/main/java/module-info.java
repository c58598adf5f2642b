/** Guards HTTP services, and signs the requests of agents. */
module dev.taper.integrations.http {
  requires com.fasterxml.jackson.core;
  requires transitive dev.taper.engine;
  requires static transitive jakarta.servlet;
  requires static transitive java.net.http;
  requires static transitive jdk.httpserver;
  requires static transitive org.jspecify;

  exports dev.taper.integrations.http;
  exports dev.taper.integrations.http.client;
  exports dev.taper.integrations.http.jdk;
  exports dev.taper.integrations.http.servlet;
}
