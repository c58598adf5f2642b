package dev.taper.integrations.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/** Methods that do a tool, in applications that have no web server. */
class ToolMethodsTest {
  @TempDir Path folder;

  /** What may be annotated. */
  public interface Tickets {
    /** Does a tool. */
    @TaperTool("tickets.read")
    String read();
  }

  /** Has the annotation from its interface. */
  public static class Declared implements Tickets {
    @Override
    public String read() {
      return "read";
    }

    /** Does none. */
    public String free() {
      return "free";
    }
  }

  /** Has one more of its own. */
  public static class Own {
    /** Does a tool. */
    @TaperTool("tickets.read")
    public String read() {
      return "read";
    }
  }

  /** Names what no catalog has. */
  public static class Misnamed {
    /** Does nothing. */
    @TaperTool("tickets.raed")
    public void read() {}
  }

  /** Cannot be guarded. */
  public static class Final {
    /** Does nothing. */
    @TaperTool("tickets.read")
    public final void read() {}
  }

  /** Cannot be guarded. */
  public static class Hidden {
    @TaperTool("tickets.read")
    void read() {}
  }

  /** Cannot be guarded. */
  public static class Static {
    /** Does nothing. */
    @TaperTool("tickets.read")
    public static void read() {}
  }

  /** Cannot be guarded. */
  public record Sealed() {
    /** Does nothing. */
    @TaperTool("tickets.read")
    public void read() {}
  }

  /** Makes a bean before anything can be put around it. */
  @Configuration(proxyBeanMethods = false)
  static class Early {
    private static final class First implements BeanPostProcessor, PriorityOrdered {
      First(Own own) {
        assertThat(own).isNotNull();
      }

      @Override
      public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
      }
    }

    @Bean
    static First first(Own own) {
      return new First(own);
    }

    @Bean
    static Own own() {
      return new Own();
    }
  }

  private ApplicationContextRunner application(String... more) throws IOException {
    Path catalog = folder.resolve("catalog.json");
    Files.writeString(
        catalog,
        "{\"format\": \"taper/1 catalog\", \"audience\": \"svc:tickets\","
            + " \"tools\": {\"tickets.read\": {\"operation\": \"read\"}}}");
    List<String> settings = new ArrayList<>(List.of(more));
    settings.add("taper.audience=svc:tickets");
    settings.add("taper.catalog=" + catalog);
    settings.add("taper.revocations=none");
    settings.add("taper.root-keys=" + PrivateKey.generate(Algorithm.ED25519).publicKey());
    return new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(TaperAutoConfiguration.class))
        .withInitializer(
            context -> context.getEnvironment().getPropertySources().remove("systemProperties"))
        .withPropertyValues(settings.toArray(String[]::new));
  }

  private static void assertRefuses(@Nullable Throwable failure, String message) {
    assertThat(failure).isNotNull().hasStackTraceContaining(message);
  }

  @Test
  void method_outsideARequest_isRefused() throws IOException {
    application("spring.aop.auto=false")
        .withBean(Declared.class)
        .withBean(Own.class)
        .run(
            context -> {
              Declared declared = context.getBean(Declared.class);
              assertThat(declared.free()).isEqualTo("free");
              assertThatThrownBy(declared::read)
                  .isInstanceOf(NotDecidedException.class)
                  .hasMessage("unavailable");
              assertThatThrownBy(context.getBean(Tickets.class)::read)
                  .isInstanceOf(NotDecidedException.class);
              assertThatThrownBy(context.getBean(Own.class)::read)
                  .isInstanceOf(NotDecidedException.class);
            });
  }

  @Test
  void method_thatCannotBeGuarded_endsTheStart() throws IOException {
    for (Class<?> type : List.of(Final.class, Hidden.class, Static.class, Sealed.class)) {
      application()
          .withBean(type)
          .run(context -> assertRefuses(context.getStartupFailure(), "@TaperTool guards public"));
    }
    application()
        .withUserConfiguration(Early.class)
        .run(context -> assertRefuses(context.getStartupFailure(), "made too early"));
    application()
        .withBean(Misnamed.class)
        .run(context -> assertRefuses(context.getStartupFailure(), "which no catalog has"));
  }

  @Test
  void application_withoutSettings_startsOnlyIfItServesNobody() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(TaperAutoConfiguration.class))
        .withInitializer(
            context -> context.getEnvironment().getPropertySources().remove("systemProperties"))
        .run(context -> assertThat(context).hasNotFailed());
    new WebApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(TaperAutoConfiguration.class))
        .run(context -> assertRefuses(context.getStartupFailure(), "audience"));
    new ReactiveWebApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(TaperAutoConfiguration.class))
        .run(context -> assertRefuses(context.getStartupFailure(), "no reactive ones"));
  }
}
