package dev.taper.integrations.http;

import dev.taper.integrations.spring.Jira;
import dev.taper.testing.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;

/** On Spring Boot. */
final class BootService extends TestService {
  private final int port;
  private final ConfigurableApplicationContext context;
  private boolean closes;

  private BootService(
      World world, ClassLoader loader, Map<String, String> more, Class<?>... sources) {
    this.port = FreePort.next();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      SpringApplication application =
          new SpringApplication(new DefaultResourceLoader(loader), sources);
      application.addListeners(
          (ApplicationListener<ApplicationEnvironmentPreparedEvent>)
              // The build has settings of its own there.
              e -> e.getEnvironment().getPropertySources().remove("systemProperties"));
      application.addInitializers(
          starting ->
              starting
                  .getBeanFactory()
                  .registerSingleton(
                      "recorder",
                      (Jira.Recorder) (call, content) -> reached.add(new Reached(call, content))));
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("server.port", String.valueOf(port));
      settings.put("taper.audience", World.AUDIENCE);
      settings.put("taper.root-keys", world.root.publicKey().toString());
      settings.put("taper.revocations", "none");
      settings.put("taper.catalog", catalog(origin()));
      settings.put("server.max-http-request-header-size", "128KB");
      settings.put("spring.servlet.multipart.enabled", "false");
      settings.putAll(more);
      application.setDefaultProperties(settings);
      this.context = application.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  static BootService start(World world, Map<String, String> more, Class<?>... sources) {
    Class<?>[] all = Arrays.copyOf(sources, sources.length + 1);
    all[sources.length] = Jira.class;
    return new BootService(world, BootService.class.getClassLoader(), more, all);
  }

  static BootService start(World world, ClassLoader loader) {
    return new BootService(world, loader, Map.of(), Jira.class);
  }

  static String catalog(String origin) {
    try {
      Path file = Files.createTempFile("catalog", ".json");
      file.toFile().deleteOnExit();
      Files.writeString(file, World.catalog(origin).toJson());
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  @Override
  int port() {
    return port;
  }

  /** Lets {@link #close} end the service, which otherwise serves all tests of a class. */
  BootService closing() {
    closes = true;
    return this;
  }

  @Override
  public void close() {
    reached.clear();
    if (closes) {
      stop();
    }
  }

  void stop() {
    context.close();
  }
}
