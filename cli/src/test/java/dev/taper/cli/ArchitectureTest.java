package dev.taper.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.HouseContract;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Holds the directions between the rooms of the command line; docs/architecture.md draws them. */
class ArchitectureTest extends HouseContract {
  private static final String ROOT = "dev.taper.cli";
  private static final String IO = ROOT + ".io";
  private static final String OUTPUT = ROOT + ".output";
  private static final String POLICY = ROOT + ".policy";
  private static final String REVOCATION = ROOT + ".revocation";

  @Override
  protected Class<?> anchor() {
    return TaperCommandLine.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    Map<String, Set<String>> rooms = new HashMap<>();
    rooms.put(IO, Set.of());
    rooms.put(OUTPUT, Set.of(IO));
    for (String room :
        List.of(
            "approval",
            "audit",
            "catalog",
            "conformance",
            "demo",
            "findings",
            "login",
            "names",
            "token")) {
      rooms.put(ROOT + "." + room, Set.of(IO, OUTPUT));
    }
    rooms.put(POLICY, Set.of(IO, OUTPUT));
    rooms.put(REVOCATION, Set.of(IO, OUTPUT));
    rooms.put(ROOT + ".key", Set.of(IO, OUTPUT, REVOCATION));
    rooms.put(ROOT + ".call", Set.of(IO, OUTPUT, POLICY));
    rooms.put(ROOT + ".config", Set.of(IO, OUTPUT, POLICY));
    rooms.put(ROOT + ".doctor", Set.of(IO, OUTPUT, POLICY));
    rooms.put(ROOT + ".registry", Set.of(IO, OUTPUT, REVOCATION));
    rooms.put(ROOT, Set.copyOf(rooms.keySet()));
    return rooms;
  }

  /** Servers and integrations are started, never linked. */
  @Test
  void commands_linkNoServer() throws URISyntaxException {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.taper.server..", "dev.taper.integrations..")
        .check(classes());
  }

  /** A command starts fast and its jar stays small: none of these is on the class path. */
  @Test
  void classPath_hasNoServerFramework() {
    for (String type :
        List.of(
            "io/netty/channel/Channel",
            "io/netty/buffer/ByteBuf",
            "org/eclipse/jetty/util/Callback",
            "io/grpc/Channel",
            "org/springframework/core/SpringVersion",
            "reactor/core/publisher/Flux",
            "io/lettuce/core/RedisClient")) {
      assertThat(ClassLoader.getSystemResource(type + ".class")).as(type).isNull();
    }
  }
}
