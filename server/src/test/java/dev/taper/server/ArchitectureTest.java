package dev.taper.server;

import dev.taper.testing.HouseContract;
import java.util.Map;
import java.util.Set;

/** Holds the directions between the rooms; docs/architecture.md has them. */
class ArchitectureTest extends HouseContract {
  private static final String ROOT = "dev.taper.server";
  private static final String PROCESS = ROOT + ".process";
  private static final String LISTENER = ROOT + ".listener";
  private static final String MCP = ROOT + ".mcp";
  private static final String GUARD = ROOT + ".guard";
  private static final String CONNECT = ROOT + ".connect";
  private static final String KEEPER = ROOT + ".keeper";
  private static final String SIGNIN = ROOT + ".signin";
  private static final String SERVE = ROOT + ".serve";
  private static final String DECIDE = SERVE + ".decide";
  private static final String LISTS = SERVE + ".lists";
  private static final String ASKS = SERVE + ".asks";
  private static final String AUDIT = SERVE + ".audit";
  private static final String CONSOLE = ROOT + ".console";
  private static final String VIEW = CONSOLE + ".view";
  private static final String RELAY = CONSOLE + ".relay";
  private static final String PAGE = CONSOLE + ".page";
  private static final String PEOPLE = CONSOLE + ".people";
  private static final String OIDC = ROOT + ".oidc";
  private static final String ISSUER = ROOT + ".issuer";
  private static final String ENROL = ISSUER + ".enrol";
  private static final String CONFIRM = ISSUER + ".confirm";
  private static final String ISSUING = SERVE + ".issuer";

  @Override
  protected Class<?> anchor() {
    return Main.class;
  }

  @Override
  protected Map<String, Set<String>> rooms() {
    return Map.ofEntries(
        Map.entry(ROOT, Set.of(PROCESS, GUARD, CONNECT, KEEPER, SERVE, CONSOLE)),
        Map.entry(PROCESS, Set.of()),
        Map.entry(LISTENER, Set.of(PROCESS)),
        Map.entry(MCP, Set.of(PROCESS, LISTENER)),
        Map.entry(GUARD, Set.of(PROCESS, LISTENER, MCP)),
        Map.entry(CONNECT, Set.of(PROCESS, LISTENER, MCP)),
        Map.entry(KEEPER, Set.of(PROCESS, LISTENER)),
        Map.entry(OIDC, Set.of()),
        Map.entry(SIGNIN, Set.of(PROCESS, LISTENER, OIDC)),
        Map.entry(ENROL, Set.of(PROCESS, LISTENER, OIDC, SIGNIN, ISSUER)),
        Map.entry(CONFIRM, Set.of(LISTENER, OIDC, SIGNIN, ISSUER, ENROL)),
        Map.entry(ISSUER, Set.of(OIDC)),
        Map.entry(
            SERVE,
            Set.of(
                PROCESS, LISTENER, DECIDE, LISTS, ASKS, AUDIT, ISSUER, ISSUING, SIGNIN, ENROL,
                CONFIRM, RELAY, PEOPLE)),
        Map.entry(ISSUING, Set.of(PROCESS, LISTENER, ISSUER, OIDC)),
        Map.entry(DECIDE, Set.of(PROCESS, LISTENER)),
        Map.entry(LISTS, Set.of(LISTENER)),
        Map.entry(ASKS, Set.of(LISTENER)),
        Map.entry(AUDIT, Set.of(PROCESS, LISTENER)),
        Map.entry(CONSOLE, Set.of(PROCESS, LISTENER, VIEW, RELAY, PAGE)),
        Map.entry(VIEW, Set.of(PROCESS, LISTENER)),
        Map.entry(PAGE, Set.of()),
        Map.entry(PEOPLE, Set.of(PROCESS, LISTENER, VIEW, PAGE, SIGNIN)),
        Map.entry(RELAY, Set.of(PROCESS, LISTENER, VIEW, PEOPLE)));
  }
}
