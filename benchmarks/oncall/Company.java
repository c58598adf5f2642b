import dev.taper.agent.delegation.Agent;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.decision.DecisionEvent;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.names.NamesFile;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.call.ToolCall;
import dev.taper.audit.AuditEvent;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.trust.RootKeySet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes the company that 'drill' works in, in this folder: {@code DELEGATIONS RECORDS}. An eighth
 * as many agents as delegations, 100 at most, work for four people; a helper works for the last of
 * the agents; another issuer has an agent, too. Of each agent with each person there is a token as
 * a file, and a service's log has calls with them in turns. A thief has a token that the issuer's
 * log and the registry do not know.
 */
final class Company {
  static final String AUDIENCE = "svc:jira";

  /** By which tokens name their root key. */
  private static final int ACME = 0;

  private static final int PARTNER = 1;

  private static final List<String> PEOPLE = List.of("alice", "bob", "carol", "dave");
  private static final Duration LASTING = Duration.ofHours(8);

  private final PrivateKey root = saved("root");
  private final PrivateKey partner = saved("partner");
  private final PrivateKey alice = saved("alice");
  private final List<PrivateKey> agents;
  private final List<AgentToken> tokens;

  private Company(int delegations) {
    int count = Math.min(100, delegations / 8);
    this.agents = IntStream.range(0, count).mapToObj(i -> saved("a" + i)).toList();
    this.tokens =
        IntStream.range(0, delegations)
            .parallel()
            .mapToObj(i -> mint(i % count, PEOPLE.get(i / count % PEOPLE.size()), "T-" + i))
            .toList();
  }

  public static void main(String[] args) throws Exception {
    Company company = new Company(Integer.parseInt(args[0]));
    company.trust();
    company.handOut();
    company.record(Integer.parseInt(args[1]));
  }

  private static PrivateKey saved(String name) {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    try {
      key.save(Path.of(name + ".key"));
      Files.writeString(Path.of(name + ".pub"), key.publicKey() + "\n");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return key;
  }

  private AgentToken mint(int agent, String person, String task) {
    return mint(root, ACME, "agent:a" + agent, agents.get(agent), "user:" + person + "@acme.com", task);
  }

  private AgentToken mint(
      PrivateKey issuer, int id, String agent, PrivateKey key, String person, String task) {
    return Issuer.of(issuer)
        .keyId(id)
        .mint(
            Delegation.by(person)
                .to(Agent.of(agent, key.publicKey()))
                .task(task)
                .grant("jira.search read on jira:project/*")
                .grant("jira.delete delete on jira:issue/* if approved by " + alice.publicKey())
                .expiresIn(LASTING));
  }

  /** Whom the service trusts, and who is who. */
  private void trust() throws IOException {
    Files.writeString(
        Path.of("keys.json"),
        RootKeySet.of(
                Clock.systemUTC(),
                List.of(
                    new RootKeySet.RootKey(root.publicKey(), ACME, "issuer:acme", null),
                    new RootKeySet.RootKey(partner.publicKey(), PARTNER, "issuer:partner", null)))
            .write());
    NamesFile.Builder names =
        NamesFile.builder()
            .number(1)
            .approver("user:alice@acme.com", alice.publicKey())
            .issuer("issuer:acme", root.publicKey())
            .issuer("issuer:partner", partner.publicKey());
    for (int i = 0; i < agents.size(); i++) {
      names.agent("agent:a" + i, agents.get(i).publicKey());
    }
    Files.writeString(Path.of("signed.json"), names.build().sign(saved("registrar")));
  }

  /** Tokens as files, and all that is known of them in the registry and the issuer's log. */
  private void handOut() throws Exception {
    int kept = Math.min(tokens.size(), agents.size() * PEOPLE.size());
    for (int i = 0; i < kept; i++) {
      write("a" + i % agents.size() + "-" + PEOPLE.get(i / agents.size()), tokens.get(i));
    }
    int last = agents.size() - 1;
    AgentToken helped = tokens.get(agents.size() + last); // bob's
    AgentToken helper =
        helped.delegate(
            agents.get(last),
            Hop.to(Agent.of("agent:helper", saved("helper").publicKey())).grant("jira.search"));
    write("helper", helper);
    AgentToken elsewhere =
        mint(partner, PARTNER, "agent:visitor", saved("visitor"), "user:zoe@partner.com", "P-1");
    write("visitor", elsewhere);
    write("thief", mint(root, ACME, "agent:thief", saved("thief"), "user:ceo@acme.com", "T-0"));

    World.register(root, tokens);
    World.register(root, List.of(helper));
    World.register(partner, List.of(elsewhere));
    Instant now = Instant.now();
    List<AgentToken> minted = new ArrayList<>(tokens);
    minted.add(elsewhere);
    Records.write(
        Path.of("issuer.jsonl"),
        saved("issuer-log"),
        minted.size(),
        i -> AuditEvent.minted(minted.get(i), now));
  }

  private static void write(String name, AgentToken token) throws IOException {
    Files.writeString(Path.of(name + ".token"), token.encodeBase64());
  }

  /** What the service decided before today's incident. */
  private void record(int records) throws Exception {
    List<DecisionEvent> told = new ArrayList<>();
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience(AUDIENCE)
            .withoutRevocation()
            .listener(told::add)
            .build();
    int calls = Math.min(tokens.size(), agents.size() * PEOPLE.size());
    for (int i = 0; i < calls; i++) {
      AgentToken token = tokens.get(i);
      ToolCall call = ToolCall.of("jira.search").operation("read").on("jira:project/ACME");
      var unused =
          verifier.decide(Credentials.of(token.encodeBase64(), token.prove(agents.get(i % agents.size()), call, AUDIENCE).encodeBase64()), call);
    }
    Records.write(Path.of("service.jsonl"), saved("service-log"), records, Records.inTurns(told));
  }
}
